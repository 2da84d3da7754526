package widgets

import "fyne.io/fyne/v2"

// gridCopier copies what is selected, in the columns that are in sight.
type gridCopier struct {
	data      *gridData
	columns   *gridColumns
	selection *gridSelection
	events    *GridEvents
}

// cell copies the current cell as it is, line breaks included.
func (c *gridCopier) cell() {
	row, col := c.selection.curRow, c.selection.curCol
	if !c.data.has(row) || col < 0 {
		return
	}
	text := ""
	if !c.data.null(row, col) {
		text = c.data.source.Cell(row, col)
	}
	fyne.CurrentApp().Clipboard().SetContent(text)
}

// lines copies the selected rows, or the current one where none is.
func (c *gridCopier) lines(headings bool) {
	req := CopyRequest{Source: c.data.source, Rows: c.selection.ranges(), Columns: c.columns.inSight(), Headings: headings}
	if row := c.selection.curRow; len(req.Rows) == 0 && c.data.has(row) {
		req.Rows = []RowRange{{row, row}}
	}
	if req.Source == nil || req.Count() == 0 || len(req.Columns) == 0 {
		return
	}
	if c.events.OnCopy != nil {
		c.events.OnCopy(req)
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(req.TSV())
}
