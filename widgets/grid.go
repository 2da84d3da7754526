package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Grid shows a GridSource of any size. Only the cells in sight exist, and the scroll
// position is a row number and a few pixels, so that a million rows stay as crisp as ten.
//
// Columns in callbacks and methods are columns of the source, wherever they stand on
// screen. See GridKeys for the keyboard. Use it on the UI thread only.
//
// Its parts each know a little: the columns and the selection know the rows, what is in sight
// knows the columns too, the mouse all of these, the keyboard, the order and what is being
// found none of it. The grid joins them; none of them knows it. It has so many
// methods because Fyne asks 22 by name of the one object that has the keyboard and the mouse,
// and 28 are what the window does with a table; each is a line or a few.
type Grid struct {
	widget.BaseWidget
	GridEvents

	data      gridData
	look      gridLook
	columns   gridColumns
	selection gridSelection
	view      gridViewport
	sorting   gridSorting
	finder    gridFinder
	copier    gridCopier
	keyboard  gridKeyboard
	mouse     gridMouse
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
	g.look.themeSize = func() float32 { return g.Theme().Size(theme.SizeNameText) }
	g.columns = gridColumns{data: &g.data, look: &g.look}
	g.selection = gridSelection{data: &g.data, columns: &g.columns, curRow: -1, curCol: -1}
	g.view = gridViewport{data: &g.data, columns: &g.columns, look: &g.look, size: g.Size}
	g.copier = gridCopier{data: &g.data, columns: &g.columns, selection: &g.selection, events: &g.GridEvents}
	g.finder = gridFinder{
		data: &g.data, events: &g.GridEvents, changed: g.Refresh,
		at:    func() (row, col int) { g.selection.ensureColumn(); return g.selection.curRow, g.selection.curCol },
		found: func(row int) { g.tell(g.selection.goTo(row)) },
	}
	g.keyboard = gridKeyboard{keys: keysOf(g), shortcuts: shortcutsOf(g)}
	g.mouse = gridMouse{
		data: &g.data, columns: &g.columns, selection: &g.selection, view: &g.view, events: &g.GridEvents,
		asks: gridAsks{
			sort:   func(col int, adds bool) { g.sorting.cycle(col, adds); g.sorted() },
			filter: g.askFilter, selected: g.selectionChanged, moved: g.currentChanged, arranged: g.columnsChanged,
		},
	}
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
	g.columns.adopt(old.headers, c.columns, g.view.topRow)
	if c.kept {
		g.sorting.follow(c.columns)
		g.selection.follow(c)
	} else {
		g.selection.forget()
		g.view.begin()
		g.sorting.keys = nil
		g.finder.stop()
	}
	if g.data.rows > 0 && (old.rows == 0 || !c.kept) {
		g.columns.fitColumns(g.view.topRow)
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

// SetSort shows the arrows of the sorted columns, the first key first.
func (g *Grid) SetSort(keys ...SortKey) {
	g.sorting.keys = slices.Clone(keys)
	g.Refresh()
}

// Sort returns the columns that carry an arrow, the first key first.
func (g *Grid) Sort() []SortKey { return slices.Clone(g.sorting.keys) }

// SetTicks shows boxes before the first column, to select rows one by one, and one in the
// heading that selects all rows of the source or none.
func (g *Grid) SetTicks(on bool) {
	g.view.ticks = on
	g.Refresh()
}

// Copy copies the selected rows, or the current one, without headings.
func (g *Grid) Copy() { g.copier.lines(false) }

// CopyWithHeadings copies the selected rows, or the current one, under their headings.
func (g *Grid) CopyWithHeadings() { g.copier.lines(true) }

// CopyCell copies the current cell as it is, line breaks included.
func (g *Grid) CopyCell() { g.copier.cell() }

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
	row, col := g.Current()
	if heading, ok := g.data.group(row); ok {
		return label + ": " + heading.text()
	}
	if g.data.has(row) && col >= 0 && col < len(g.data.headers) {
		label += ": " + g.data.headers[col] + " " + oneLine(g.data.source.Cell(row, col))
	}
	return label
}

// AccessibilityRole says that this holds things.
func (g *Grid) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

func (g *Grid) selectionChanged() {
	if g.OnSelect != nil {
		g.OnSelect(g.SelectedCount())
	}
}

func (g *Grid) currentChanged() {
	if g.OnCurrent != nil {
		g.OnCurrent(g.Current())
	}
}

func (g *Grid) columnsChanged() {
	g.Refresh()
	if g.OnColumns != nil {
		g.OnColumns()
	}
}

// sorted shows the arrows, and asks for the rows in that order.
func (g *Grid) sorted() {
	g.Refresh()
	if g.OnSort != nil {
		g.OnSort(g.Sort())
	}
}

// tell shows the current cell where it is after a step, and tells of it.
func (g *Grid) tell(n gridNews) {
	if n == nothingNew {
		return
	}
	g.view.reveal(g.Current())
	g.Refresh()
	if n == newSelection {
		g.selectionChanged()
	}
	g.currentChanged()
}
