package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"postroom/session/result"
)

// rowDetails shows one row whole: every column, lists with a line for each item.
func (w *mainWindow) rowDetails(v *result.View, row int) {
	form := container.New(layout.NewFormLayout())
	_, cols := v.Size()
	for col := range cols {
		value := v.Value(row, col)
		text := widget.NewLabel(detailText(v, value, row, col))
		text.Selectable = true
		text.Wrapping = fyne.TextWrapWord
		if value.Kind == result.KindNull || value.Kind == result.KindAbsent {
			text.Text = lang.L("empty")
			text.TextStyle.Italic = true
			text.Importance = widget.LowImportance
		}
		name := widget.NewLabelWithStyle(v.Header(col), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		form.Add(name)
		form.Add(text)
	}
	d := dialog.NewCustom(v.Cell(row, 0), lang.L("Close"), container.NewVScroll(form), w.window)
	d.Show()
	d.Resize(fyne.NewSize(760, 620))
}

func detailText(v *result.View, value result.Value, row, col int) string {
	if value.Kind != result.KindList {
		return v.Cell(row, col)
	}
	text := ""
	for i, item := range value.Items {
		if i > 0 {
			text += "\n"
		}
		text += item
	}
	return text
}
