package widgets

// Selected returns the selected rows.
func (g *Grid) Selected() []RowRange { return g.selection.ranges() }

// SelectedCount returns how many rows in the source are selected; headings of groups are
// none.
func (g *Grid) SelectedCount() int { return g.selection.count().rows }

// SelectedAway returns how many rows are selected that a filter has taken away.
func (g *Grid) SelectedAway() int { return len(g.selection.away) }

// SetSelected selects these rows and no others.
func (g *Grid) SetSelected(rows []RowRange) {
	g.selection.set(rows)
	g.Refresh()
}

// SelectAll selects every row of the source.
func (g *Grid) SelectAll() {
	g.selection.selectAll()
	g.Refresh()
}

// Current returns the row and the source column that the keyboard works on, -1 for none.
func (g *Grid) Current() (row, col int) { return g.selection.curRow, g.selection.curCol }

// SetCurrent moves the current cell and scrolls to it. It selects nothing.
func (g *Grid) SetCurrent(row, col int) {
	if !g.data.has(row) {
		return
	}
	g.selection.curRow, g.selection.curCol, g.selection.anchor = row, col, row
	g.view.reveal(row, col)
	g.Refresh()
}
