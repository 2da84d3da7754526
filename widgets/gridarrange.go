package widgets

import "slices"

// Columns returns the columns in the order on screen, hidden ones included.
func (g *Grid) Columns() []GridColumn { return g.columns.list() }

// VisibleColumns returns the columns of the source that are not hidden, in the order on screen.
func (g *Grid) VisibleColumns() []int { return g.columns.inSight() }

// SetColumns sets order, widths and hidden columns. Columns of the source that are not
// named come behind the others; a column that the source does not have is left out.
func (g *Grid) SetColumns(cols []GridColumn) {
	g.columns.set(cols, g.view.topRow)
	g.Refresh()
}

// SetFrozen keeps the first n visible columns in sight when the others scroll sideways.
func (g *Grid) SetFrozen(n int) {
	g.columns.freeze(n)
	g.Refresh()
}

// Frozen returns how many columns do not scroll.
func (g *Grid) Frozen() int { return g.columns.frozen }

// AutoFit makes a column as wide as its heading and the rows in sight need.
func (g *Grid) AutoFit(col int) {
	g.columns.autoFit(col, g.view.topRow)
	g.Refresh()
}

// HideColumn hides a column; the last one in sight stays.
func (g *Grid) HideColumn(col int) {
	beside, ok := g.columns.hide(col)
	if ok && g.selection.curCol == col {
		g.selection.curCol = beside
	}
	g.Refresh()
}

// ShowColumn shows a hidden column again, at the place that it had.
func (g *Grid) ShowColumn(col int) {
	g.columns.unhide(col)
	g.Refresh()
}

// MoveColumn moves a column by a number of visible places, negative to the left.
func (g *Grid) MoveColumn(col, places int) {
	g.columns.shift(col, places)
	g.Refresh()
}

// SetFiltered puts a funnel on the headings of these columns of the source, and on no
// others.
func (g *Grid) SetFiltered(cols ...int) {
	g.columns.filtered = slices.Clone(cols)
	g.Refresh()
}
