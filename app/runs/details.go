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

// Title names a row: by the column for it, else by the first value that it has. A row of
// which nothing came but whose it is and why has no name.
func (m rowModel) Title(row int) string {
	title := m.view.Cell(row, m.name)
	_, cols := m.view.Size()
	for col := 0; title == "" && col < cols; col++ {
		title = m.view.Cell(row, col)
	}
	return title
}

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
	model := rowModel{v, name}
	details := widgets.NewRowDetails(model, row)
	var s *widgets.Sheet
	copyAll := widgets.NewButton(lang.L("Copy"), func() { d.Copy(details.Text()) })
	done := widgets.NewPrimaryButton(lang.L("Close"), func() { s.Hide() })
	s = d.Sheets.New(widgets.SheetSpec{
		Title: model.Title(row), Explanation: v.Provenance().Command, Width: 900, Foot: widgets.NewFoot(copyAll, done),
	}, details)
	details.OnRow = func(row int) { s.SetTitle(model.Title(row)) }
	s.Show(details.First())
}
