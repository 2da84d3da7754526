package widgets

import "fyne.io/fyne/v2"

// gridCopier copies what is selected.
type gridCopier struct{ grid *Grid }

// Copy copies the selected rows, or the current one, without headings.
func (c *gridCopier) Copy() { c.copyRows(false) }

// CopyWithHeadings copies the selected rows, or the current one, under their headings.
func (c *gridCopier) CopyWithHeadings() { c.copyRows(true) }

// CopyCell copies the current cell as it is, line breaks included.
func (c *gridCopier) CopyCell() {
	d, row, col := &c.grid.data, c.grid.curRow, c.grid.curCol
	if !d.has(row) || col < 0 {
		return
	}
	text := ""
	if !d.null(row, col) {
		text = d.source.Cell(row, col)
	}
	fyne.CurrentApp().Clipboard().SetContent(text)
}

func (c *gridCopier) copyRows(headings bool) {
	req := CopyRequest{Source: c.grid.data.source, Rows: c.grid.Selected(), Columns: c.grid.VisibleColumns(), Headings: headings}
	if row := c.grid.curRow; len(req.Rows) == 0 && c.grid.data.has(row) {
		req.Rows = []RowRange{{row, row}}
	}
	if req.Source == nil || req.Count() == 0 || len(req.Columns) == 0 {
		return
	}
	if c.grid.OnCopy != nil {
		c.grid.OnCopy(req)
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(req.TSV())
}
