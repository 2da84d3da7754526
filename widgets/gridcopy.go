package widgets

import "fyne.io/fyne/v2"

// Copy copies the selected rows, or the current one, without headings.
func (g *Grid) Copy() { g.copyRows(false) }

// CopyWithHeadings copies the selected rows, or the current one, under their headings.
func (g *Grid) CopyWithHeadings() { g.copyRows(true) }

// CopyCell copies the current cell as it is, line breaks included.
func (g *Grid) CopyCell() {
	if g.source == nil || g.curRow < 0 || g.curRow >= g.rows || g.curCol < 0 {
		return
	}
	if g.nuller != nil && g.nuller.IsNull(g.curRow, g.curCol) {
		fyne.CurrentApp().Clipboard().SetContent("")
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(g.source.Cell(g.curRow, g.curCol))
}

func (g *Grid) copyRows(headings bool) {
	req, ok := g.copyRequest(headings)
	if !ok {
		return
	}
	if g.OnCopy != nil {
		g.OnCopy(req)
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(req.TSV())
}

func (g *Grid) copyRequest(headings bool) (CopyRequest, bool) {
	req := CopyRequest{Source: g.source, Rows: g.Selected(), Headings: headings}
	if len(req.Rows) == 0 && g.curRow >= 0 && g.curRow < g.rows {
		req.Rows = []RowRange{{g.curRow, g.curRow}}
	}
	for _, i := range g.visible {
		req.Columns = append(req.Columns, g.cols[i].Source)
	}
	return req, g.source != nil && len(req.Rows) > 0 && len(req.Columns) > 0
}
