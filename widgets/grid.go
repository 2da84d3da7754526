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
type Grid struct {
	widget.BaseWidget

	OnSort       func(col int, order SortOrder)       // a person asked for an order; the grid shows the arrow at once
	OnSelect     func(rows int)                       // a person changed the selection
	OnCurrent    func(row, col int)                   // a person moved the current cell
	OnDetails    func(row, col int)                   // double click or Enter
	OnMenu       func(row, col int, at fyne.Position) // right click or Shift+F10; position on the canvas
	OnHeaderMenu func(col int, at fyne.Position)      // right click on a heading or Alt+M
	OnColumns    func()                               // a person changed widths, order, hidden or frozen columns
	OnCopy       func(CopyRequest)                    // nil: the grid writes to the clipboard itself

	OnShortcut func(fyne.Shortcut) // gets the shortcuts that are not the grid's; nil: the window's canvas

	source  GridSource
	aligner GridAligner
	nuller  GridNuller
	tinter  GridRowTinter
	rows    int
	headers []string

	cols    []gridColumn
	visible []int // indexes into cols
	frozen  int   // how many visible columns do not scroll sideways

	topRow int
	topOff float32 // pixels of topRow that are above the edge, 0 <= topOff < row height
	left   float32

	sel    rowSet
	anchor int
	curRow int
	curCol int // of the source; -1 none

	sortCol   int
	sortOrder SortOrder

	emptyText string
	finding   bool
	findText  string
	findMiss  bool

	focused bool
	mods    fyne.KeyModifier
	drag    gridDrag
	hover   fyne.Position
	metrics gridMetrics
}

type gridColumn struct {
	GridColumn
	fit bool // the width still follows the content
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
	g := &Grid{curRow: -1, curCol: -1, sortCol: -1}
	g.ExtendBaseWidget(g)
	return g
}

// SetSource replaces what is shown. When the headings are the same as before, or more
// came behind them, then columns, scroll position and selection stay; otherwise the grid
// starts afresh, but columns keep the width that their name had. kept says which it was. It
// calls no callback.
func (g *Grid) SetSource(s GridSource) (kept bool) {
	old, oldRows := g.source, g.rows
	g.source = s
	g.aligner, _ = s.(GridAligner)
	g.nuller, _ = s.(GridNuller)
	g.tinter, _ = s.(GridRowTinter)
	cols := 0
	g.rows = 0
	if s != nil {
		g.rows, cols = s.Size()
	}
	headers := make([]string, cols)
	for i := range headers {
		headers[i] = s.Header(i)
	}
	same := len(headers) >= len(g.headers) && slices.Equal(headers[:len(g.headers)], g.headers) && len(g.headers) > 0
	g.adoptColumns(headers, same)
	if same {
		g.keepRows(old, oldRows)
	} else {
		g.sel, g.anchor, g.curRow, g.curCol = nil, 0, -1, -1
		g.topRow, g.topOff, g.left = 0, 0, 0
		g.sortCol, g.sortOrder = -1, Unsorted
		g.stopFinding()
	}
	if g.rows > 0 && (oldRows == 0 || !same) {
		g.fitColumns()
	}
	g.Refresh()
	return same
}

// keepRows carries selection and current row over to the new source.
func (g *Grid) keepRows(old GridSource, oldRows int) {
	from, okFrom := old.(GridKeyer)
	to, okTo := g.source.(GridKeyer)
	if !okFrom || !okTo || inOrder(old) && inOrder(g.source) {
		g.sel = g.sel.clip(g.rows)
		g.curRow = min(g.curRow, g.rows-1)
		g.anchor = max(0, min(g.anchor, g.rows-1)) // Shift selects from there
		return
	}
	if g.sel.count() == oldRows && g.rows == oldRows {
		return // everything stays selected, whatever the order
	}
	now := func(row int) (int, bool) {
		if row < 0 || row >= oldRows {
			return 0, false
		}
		return to.RowOfKey(from.RowKey(row))
	}
	g.sel = g.sel.mapped(g.rows, now)
	if row, ok := now(g.curRow); ok {
		g.curRow = row
	} else {
		g.curRow = min(g.curRow, g.rows-1)
	}
	if row, ok := now(g.anchor); ok {
		g.anchor = row
	} else {
		g.anchor = max(0, g.curRow)
	}
}

func inOrder(s GridSource) bool {
	o, ok := s.(GridInOrder)
	return ok && o.InOrder()
}

// Source returns what is shown.
func (g *Grid) Source() GridSource { return g.source }

// SetEmptyText sets what stands in the middle when there are no rows.
func (g *Grid) SetEmptyText(text string) {
	g.emptyText = text
	g.Refresh()
}

// SetSort shows the arrow of a sorted column; -1 for none. It sorts nothing itself.
func (g *Grid) SetSort(col int, order SortOrder) {
	g.sortCol, g.sortOrder = col, order
	g.Refresh()
}

// Sort returns the column that carries the arrow, -1 for none.
func (g *Grid) Sort() (col int, order SortOrder) {
	if g.sortOrder == Unsorted {
		return -1, Unsorted
	}
	return g.sortCol, g.sortOrder
}

// Selected returns the selected rows.
func (g *Grid) Selected() []RowRange { return slices.Clone(g.sel) }

// SelectedCount returns how many rows are selected.
func (g *Grid) SelectedCount() int { return g.sel.count() }

// SetSelected selects these rows and no others.
func (g *Grid) SetSelected(rows []RowRange) {
	var s rowSet
	for _, r := range rows {
		s = s.with(r)
	}
	g.sel = s.clip(g.rows)
	g.Refresh()
}

// SelectAll selects every row.
func (g *Grid) SelectAll() {
	g.sel = rowSet{{0, g.rows - 1}}.clip(g.rows)
	g.Refresh()
}

// ClearSelection selects nothing.
func (g *Grid) ClearSelection() {
	g.sel = nil
	g.Refresh()
}

// Current returns the row and the source column that the keyboard works on, -1 for none.
func (g *Grid) Current() (row, col int) { return g.curRow, g.curCol }

// SetCurrent moves the current cell and scrolls to it. It selects nothing.
func (g *Grid) SetCurrent(row, col int) {
	if row < 0 || row >= g.rows {
		return
	}
	g.curRow, g.curCol, g.anchor = row, col, row
	g.reveal()
	g.Refresh()
}

// ScrollToRow scrolls no further than needed to bring a row into sight.
func (g *Grid) ScrollToRow(row int) {
	if row < 0 || row >= g.rows {
		return
	}
	g.revealRow(row)
	g.Refresh()
}

// TopRow returns the first row in sight.
func (g *Grid) TopRow() int { return g.topRow }

// MinSize is small: the grid takes what it is given.
func (g *Grid) MinSize() fyne.Size {
	g.ExtendBaseWidget(g)
	return fyne.NewSize(120, 90)
}

// AccessibilityLabel names the content, its origin and the current cell.
func (g *Grid) AccessibilityLabel() string {
	label := grouped(g.rows)
	if p, ok := g.source.(GridProvenance); ok {
		text, _ := p.Provenance()
		label += " " + text
	}
	if g.source != nil && g.curRow >= 0 && g.curRow < g.rows && g.curCol >= 0 && g.curCol < len(g.headers) {
		label += ": " + g.headers[g.curCol] + " " + oneLine(g.source.Cell(g.curRow, g.curCol))
	}
	return label
}

// AccessibilityRole says that this holds things.
func (g *Grid) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// FocusGained shows the current cell.
func (g *Grid) FocusGained() {
	g.focused = true
	if g.curRow < 0 && g.rows > 0 {
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
		g.OnSelect(g.sel.count())
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
