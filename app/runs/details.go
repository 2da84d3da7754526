package runs

import (
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/session/result"
	"postroom/widgets"
)

// emptyWord stands for a value that is not there.
func emptyWord() string { return lang.L("empty") }

// rowModel shows the rows of a view whole.
type rowModel struct {
	view *result.View
	name int // column that names a row
}

var _ widgets.DetailModel = rowModel{}

// Rows returns the number of rows.
func (m rowModel) Rows() int {
	rows, _ := m.view.Size()
	return rows
}

// Title names a row.
func (m rowModel) Title(row int) string { return m.view.Cell(row, m.name) }

// Properties returns all columns of a row.
func (m rowModel) Properties(row int) []widgets.Detail {
	_, cols := m.view.Size()
	out := make([]widgets.Detail, cols)
	shown := viewSource{View: m.view}
	for col := range cols {
		out[col] = unfolded(m.view.Value(row, col))
		out[col].Name, out[col].Text = m.view.Header(col), shown.Cell(row, col)
	}
	return out
}

// rowDetails shows a row of a view whole; name is the column that names rows.
func rowDetails(d *desk.Desk, v *result.View, row, name int) {
	details := widgets.NewRowDetails(rowModel{v, name}, row)
	var s *widgets.Sheet
	copyAll := widgets.NewButton(lang.L("Copy"), func() { d.Copy(details.Text()) })
	done := widgets.NewPrimaryButton(lang.L("Close"), func() { s.Hide() })
	s = d.Sheets.New(widgets.SheetSpec{
		Title: v.Cell(row, name), Explanation: v.Provenance().Command, Width: 900, Foot: widgets.NewFoot(copyAll, done),
	}, details)
	details.OnRow = func(row int) { s.SetTitle(v.Cell(row, name)) }
	s.Show(details.First())
}
