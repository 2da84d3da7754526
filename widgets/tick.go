package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tick is a box with words. Space and Enter turn it. Unlike Fyne's it leaves the keys that
// it does not use to the window, so that Escape closes the sheet it stands in.
type Tick struct {
	widget.BaseWidget
	inSight

	OnChanged func(on bool) // a person turned it

	text    string
	on      bool
	focused bool
}

var (
	_ fyne.Tappable   = (*Tick)(nil)
	_ fyne.Focusable  = (*Tick)(nil)
	_ fyne.Accessible = (*Tick)(nil)
)

// NewTick returns a box that is not ticked.
func NewTick(text string, changed func(on bool)) *Tick {
	t := &Tick{text: text, OnChanged: changed}
	t.ExtendBaseWidget(t)
	return t
}

// On tells whether the box is ticked.
func (t *Tick) On() bool { return t.on }

// Set ticks the box, or not.
func (t *Tick) Set(on bool) {
	if t.on != on {
		t.on = on
		t.Refresh()
	}
}

func (t *Tick) turn() {
	t.Set(!t.on)
	if t.OnChanged != nil {
		t.OnChanged(t.on)
	}
}

// Tapped turns the box.
func (t *Tick) Tapped(*fyne.PointEvent) {
	focus(t)
	t.turn()
}

// TypedKey turns the box with Space or Enter.
func (t *Tick) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		t.turn()
	default:
		passKey(t, e)
	}
}

// TypedRune does nothing.
func (t *Tick) TypedRune(rune) {}

// FocusGained shows the focus ring.
func (t *Tick) FocusGained() { t.focused = true; t.Refresh(); t.bring(t) }

// FocusLost hides it.
func (t *Tick) FocusLost() { t.focused = false; t.Refresh() }

// AccessibilityLabel names the box and says whether it is ticked.
func (t *Tick) AccessibilityLabel() string { return onOrOff(t.text, t.on) }

// AccessibilityRole says that it can be pressed.
func (t *Tick) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer is Fyne's.
func (t *Tick) CreateRenderer() fyne.WidgetRenderer {
	r := &tickRenderer{t: t, box: newPicture(), label: newCellText(), ring: newFlat()}
	r.objs = []fyne.CanvasObject{r.box.img, r.label, r.ring}
	r.Refresh()
	return r
}

type tickRenderer struct {
	t     *Tick
	box   *picture
	label *canvas.Text
	ring  *canvas.Rectangle
	objs  []fyne.CanvasObject
}

func (r *tickRenderer) Destroy()                     {}
func (r *tickRenderer) Objects() []fyne.CanvasObject { return r.objs }

func (r *tickRenderer) ruler() *ruler {
	return newRuler(textStyle{size: r.t.Theme().Size(theme.SizeNameText)})
}

func (r *tickRenderer) MinSize() fyne.Size {
	ru := r.ruler()
	return fyne.NewSize(ru.width(r.t.text)+iconSize+12, ru.lineHeight()+8)
}

func (r *tickRenderer) Layout(size fyne.Size) {
	ru := r.ruler()
	r.box.place(3, 0, iconSize, size.Height)
	place(r.label, iconSize+8, (size.Height-ru.lineHeight())/2, size.Width-iconSize-8, ru.lineHeight())
	place(r.ring, 0, 1, min(size.Width, r.MinSize().Width), size.Height-2)
}

func (r *tickRenderer) Refresh() {
	t := r.t
	state, ink := tickOff, colorOf(t, ColorNameMuted)
	if t.on {
		state, ink = tickOn, colorOf(t, theme.ColorNamePrimary)
	}
	r.box.set(state.icon(), ink)
	r.label.Text, r.label.Color, r.label.TextSize = t.text, colorOf(t, theme.ColorNameForeground), r.ruler().st.size
	r.ring.CornerRadius, r.ring.StrokeWidth, r.ring.StrokeColor = 4, 1.5, colorOf(t, theme.ColorNamePrimary)
	show(r.ring, t.focused)
	r.Layout(t.Size())
	canvas.Refresh(t)
}
