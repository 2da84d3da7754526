package connect

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"postroom/widgets"
)

// tapSign is a sign that the mouse can press and that the Tab key passes by:
// the keyboard has a way of its own to what it does.
type tapSign struct {
	widget.BaseWidget
	sign   *widgets.Sign
	tapped func()
}

func newTapSign(icon widgets.Icon, name string, tapped func()) *tapSign {
	t := &tapSign{sign: widgets.NewSign(icon, widgets.MutedText, name), tapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

// Tapped does what the sign stands for.
func (t *tapSign) Tapped(*fyne.PointEvent) { t.tapped() }

// CreateRenderer is Fyne's.
func (t *tapSign) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(layout.NewCustomPaddedLayout(0, 0, 4, 6), t.sign))
}
