package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"postroom/widgets"
)

// tapText is a sign that the mouse can press and that the Tab key passes by:
// the keyboard has a way of its own to what it does.
type tapText struct {
	widget.BaseWidget
	text   *widgets.Text
	tapped func()
}

func newTapText(text string, tapped func()) *tapText {
	t := &tapText{text: widgets.NewText(" "+text+"  ", widgets.MutedText), tapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

// Tapped does what the sign stands for.
func (t *tapText) Tapped(*fyne.PointEvent) { t.tapped() }

// CreateRenderer is Fyne's.
func (t *tapText) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewCenter(t.text))
}
