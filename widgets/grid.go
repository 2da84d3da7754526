package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Grid shows a GridSource of any size. Only the cells in sight exist, and the scroll
// position is a row number and a few pixels, so that a million rows stay as crisp as ten.
//
// Columns in callbacks and methods are columns of the source, wherever they stand on
// screen. See GridKeys for the keyboard. Use it on the UI thread only.
//
// Its parts are embedded, each a subject of its own: columns, selection, viewport, sort,
// keyboard, mouse, find and copy.
type Grid struct {
	widget.BaseWidget
	GridEvents

	gridColumns
	gridSelection
	gridViewport
	gridSorting
	gridKeyboard
	gridMouse
	gridFinder
	gridCopier

	data      gridData
	shows     int // how often the data was replaced
	look      gridLook
	emptyText string
	focused   bool
}

// GridEvents are what a grid tells about a person's doing. Each may be nil.
type GridEvents struct {
	OnSort       func(keys []SortKey)                 // another order is wanted; the grid shows the arrows at once
	OnSelect     func(rows int)                       // the selection changed
	OnCurrent    func(row, col int)                   // the current cell moved
	OnDetails    func(row, col int)                   // double click or Enter
	OnFold       func(row int)                        // the heading of a group is to open or fold
	OnMenu       func(row, col int, at fyne.Position) // right click or Shift+F10; position on the canvas
	OnHeaderMenu func(col int, at fyne.Position)      // right click on a heading or Alt+M
	OnFilter     func(col int, at fyne.Position)      // the funnel of a heading or Alt+Shift+F
	OnColumns    func()                               // widths, order, hidden or frozen columns changed
	OnCopy       func(CopyRequest)                    // nil: the grid writes to the clipboard itself
	OnFind       func(FindRequest, func(int, bool))   // looks through many rows and calls back on the UI thread, once; nil: the grid looks itself
	OnShortcut   func(fyne.Shortcut)                  // gets the shortcuts that are not the grid's; nil: the window's canvas
}

var (
	_ fyne.Widget            = (*Grid)(nil)
	_ fyne.Focusable         = (*Grid)(nil)
	_ fyne.Scrollable        = (*Grid)(nil)
	_ fyne.Draggable         = (*Grid)(nil)
	_ fyne.DoubleTappable    = (*Grid)(nil)
	_ fyne.SecondaryTappable = (*Grid)(nil)
	_ fyne.Shortcutable      = (*Grid)(nil)
	_ fyne.Accessible        = (*Grid)(nil)
	_ desktop.Mouseable      = (*Grid)(nil)
	_ desktop.Keyable        = (*Grid)(nil)
	_ desktop.Hoverable      = (*Grid)(nil)
	_ desktop.Cursorable     = (*Grid)(nil)
)

// NewGrid returns a grid that shows nothing yet.
func NewGrid() *Grid {
	g := &Grid{}
	g.gridColumns = gridColumns{grid: g}
	g.gridSelection = newGridSelection(g)
	g.gridViewport = gridViewport{grid: g}
	g.gridSorting = gridSorting{grid: g}
	g.gridKeyboard = gridKeyboard{grid: g}
	g.gridMouse = gridMouse{grid: g}
	g.gridFinder = gridFinder{grid: g}
	g.gridCopier = gridCopier{grid: g}
	g.ExtendBaseWidget(g)
	return g
}

// SetSource replaces what is shown. When the headings are the same as before, with others
// among them or without some of them, then columns, scroll position and selection stay;
// otherwise the grid starts afresh, but columns keep the width that their name had. kept says
// which it was. It calls no callback.
func (g *Grid) SetSource(s GridSource) (kept bool) {
	c := g.Change(s)
	c.Find()
	return g.Apply(c)
}

// Apply shows the source of a change, as SetSource does. One that the grid no longer takes is
// made anew.
func (g *Grid) Apply(c *GridChange) (kept bool) {
	if !g.Takes(c) {
		c = g.Change(c.to.source)
	}
	c.Find()
	old := g.data
	g.data = c.to
	g.shows++
	g.adopt(old.headers, c.columns)
	if c.kept {
		g.followColumns(c.columns)
		if g.curCol >= 0 {
			g.curCol = c.columns[g.curCol]
		}
		g.follow(c)
	} else {
		g.gridSelection = newGridSelection(g)
		g.topRow, g.topOff, g.left = 0, 0, 0
		g.keys = nil
		g.stopFinding()
	}
	if g.data.rows > 0 && (old.rows == 0 || !c.kept) {
		g.fitColumns()
	}
	g.Refresh()
	return c.kept
}

// Source returns what is shown.
func (g *Grid) Source() GridSource { return g.data.source }

// SetEmptyText sets what stands in the middle when there are no rows.
func (g *Grid) SetEmptyText(text string) {
	g.emptyText = text
	g.Refresh()
}

// SetCurrent moves the current cell and scrolls to it. It selects nothing.
func (g *Grid) SetCurrent(row, col int) {
	if !g.data.has(row) {
		return
	}
	g.curRow, g.curCol, g.anchor = row, col, row
	g.reveal()
	g.Refresh()
}

// MinSize is small: the grid takes what it is given.
func (g *Grid) MinSize() fyne.Size {
	g.ExtendBaseWidget(g)
	return fyne.NewSize(120, 90)
}

// AccessibilityLabel names the content, its origin and the current cell.
func (g *Grid) AccessibilityLabel() string {
	label := grouped(g.data.rows)
	if text, _ := g.data.provenance(); text != "" {
		label += " " + text
	}
	if heading, ok := g.data.group(g.curRow); ok {
		return label + ": " + heading.text()
	}
	if g.data.has(g.curRow) && g.curCol >= 0 && g.curCol < len(g.data.headers) {
		label += ": " + g.data.headers[g.curCol] + " " + oneLine(g.data.source.Cell(g.curRow, g.curCol))
	}
	return label
}

// AccessibilityRole says that this holds things.
func (g *Grid) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// FocusGained shows the current cell.
func (g *Grid) FocusGained() {
	g.focused = true
	if g.curRow < 0 && g.data.rows > 0 {
		g.curRow = g.topRow
	}
	g.ensureCurrentColumn()
	g.Refresh()
}

// FocusLost hides the current cell.
func (g *Grid) FocusLost() {
	g.focused, g.mods = false, 0
	g.Refresh()
}

func (g *Grid) requestFocus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil && !g.focused {
		c.Focus(g)
	}
}

func (g *Grid) selectionChanged() {
	if g.OnSelect != nil {
		g.OnSelect(g.SelectedCount())
	}
}

func (g *Grid) currentChanged() {
	if g.OnCurrent != nil {
		g.OnCurrent(g.curRow, g.curCol)
	}
}

func (g *Grid) columnsChanged() {
	g.Refresh()
	if g.OnColumns != nil {
		g.OnColumns()
	}
}

// afterMove shows the current cell where it is now, and tells of it.
func (g *Grid) afterMove(selected bool) {
	g.reveal()
	g.Refresh()
	if selected {
		g.selectionChanged()
	}
	g.currentChanged()
}

// fold opens or folds the group whose heading is in a row; false when there is none.
func (g *Grid) fold(row int) bool {
	if _, ok := g.data.group(row); !ok {
		return false
	}
	if g.OnFold != nil {
		g.OnFold(row)
	}
	return true
}

// gridSorting is by what the rows are sorted. It sorts nothing itself.
type gridSorting struct {
	grid *Grid
	keys []SortKey
}

// followColumns carries the keys over to where their columns are now.
func (s *gridSorting) followColumns(now []int) {
	s.keys = slices.DeleteFunc(s.keys, func(k SortKey) bool { return now[k.Col] < 0 })
	for i, k := range s.keys {
		s.keys[i].Col = now[k.Col]
	}
}

// SetSort shows the arrows of the sorted columns, the first key first.
func (s *gridSorting) SetSort(keys ...SortKey) {
	s.keys = slices.Clone(keys)
	s.grid.Refresh()
}

// Sort returns the columns that carry an arrow, the first key first.
func (s *gridSorting) Sort() []SortKey { return slices.Clone(s.keys) }

// orderOf returns the place of a column among the keys, from 0, and its order.
func (s *gridSorting) orderOf(col int) (place int, order SortOrder) {
	for i, k := range s.keys {
		if k.Col == col {
			return i, k.Order
		}
	}
	return -1, Unsorted
}

// cycle goes from the server's order to ascending to descending and back. adds keeps the
// other keys.
func (s *gridSorting) cycle(col int, adds bool) {
	_, order := s.orderOf(col)
	s.ask(SortKey{col, (order + 1) % 3}, adds)
}

// toggle sorts by a column, or no longer when it is sorted that way.
func (s *gridSorting) toggle(key SortKey, adds bool) {
	if _, order := s.orderOf(key.Col); order == key.Order {
		key.Order = Unsorted
	}
	s.ask(key, adds)
}

func (s *gridSorting) ask(key SortKey, adds bool) {
	keys := slices.Clone(s.keys)
	if !adds {
		keys = slices.DeleteFunc(keys, func(k SortKey) bool { return k.Col != key.Col })
	}
	place := slices.IndexFunc(keys, func(k SortKey) bool { return k.Col == key.Col })
	switch {
	case key.Order == Unsorted && place >= 0:
		keys = slices.Delete(keys, place, place+1)
	case place >= 0:
		keys[place] = key
	case key.Order != Unsorted:
		keys = append(keys, key)
	}
	s.keys = keys
	s.grid.Refresh()
	if s.grid.OnSort != nil {
		s.grid.OnSort(slices.Clone(keys))
	}
}
