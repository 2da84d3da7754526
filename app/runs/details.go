package runs

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/result"
	"postroom/widgets"
)

// nameWidth is the room for a column's name beside its value.
const nameWidth = 230

// rowDetails shows one row whole: every column, lists with a line for each item.
func rowDetails(d *desk.Desk, v *result.View, row int) {
	_, cols := v.Size()
	search := widgets.NewEntry()
	search.SetPlaceHolder(lang.L("Find a column"))
	values := widgets.NewColumn(0)
	var all strings.Builder
	for col := range cols {
		value := v.Value(row, col)
		text := widget.NewLabel(detailText(v, value, row, col))
		text.Selectable = true
		text.Wrapping = fyne.TextWrapWord
		all.WriteString(v.Header(col) + "\t" + strings.ReplaceAll(text.Text, "\n", "; ") + "\n")
		if value.Kind == result.KindNull || value.Kind == result.KindAbsent {
			text.Text = lang.L("empty")
			text.TextStyle.Italic = true
			text.Importance = widget.LowImportance
		}
		name := widgets.NewCutText(v.Header(col), widgets.StrongText)
		values.Add(widgets.NewFormRowWith(nameWidth, name, text))
	}
	var s *widgets.Sheet
	copyAll := widgets.NewButton(lang.L("Copy"), func() { d.Copy(all.String()) })
	done := widgets.NewPrimaryButton(lang.L("Close"), func() { s.Hide() })
	s = d.Sheets.New(widgets.SheetSpec{
		Title:       v.Cell(row, 0),
		Explanation: v.Provenance().Command,
		Width:       760, Foot: widgets.NewFoot(copyAll, done),
	},
		search,
		values,
	)
	search.OnChanged = func(wanted string) {
		for col, o := range values.Objects {
			widgets.SetVisible(o, words.Contains(v.Header(col), wanted))
		}
		s.Arrange()
	}
	search.OnSubmitted = func(string) { s.Hide() }
	s.Show(search)
	s.Arrange() // the values know now how wide they are, and so how high
}

func detailText(v *result.View, value result.Value, row, col int) string {
	if value.Kind != result.KindList {
		return v.Cell(row, col)
	}
	return strings.Join(value.Items, "\n")
}
