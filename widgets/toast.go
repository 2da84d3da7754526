package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Toast is a short piece of news over the window.
type Toast struct {
	Severity Severity
	Text     string
	Actions  []Action  // links below the text
	Until    time.Time // when Expire takes it away; zero: a person closes it
	// Key names what the toast is about, so that Change and Drop find it; "" is nothing.
	Key string
}

// ToastLayer shows toasts over what lies under it. Put it on top of the window's content
// in a container.NewStack: it takes no click outside its toasts. (An overlay of Fyne's
// would take every click of the window.)
type ToastLayer struct {
	widget.BaseWidget
	toasts []Toast
	cards  []*Panel
	// Over is what the toasts stand over while it is shown, no wider than it: something
	// at the left edge where nothing is pressed next, such as a list. Nil is nothing.
	Over fyne.CanvasObject
}

const mostToasts = 4

// leastToast is how wide a toast is at least, to be read; over a narrower list it reaches
// beyond it.
const leastToast = 200

// NewToastLayer returns a layer without toasts.
func NewToastLayer() *ToastLayer {
	l := &ToastLayer{}
	l.ExtendBaseWidget(l)
	return l
}

// Add adds a toast under the others; of more than four the oldest goes.
func (l *ToastLayer) Add(t Toast) {
	l.toasts = append(l.toasts, t)
	if len(l.toasts) > mostToasts {
		l.toasts = l.toasts[1:]
	}
	l.rebuild()
}

// Expire takes away the toasts whose time is over. The application calls it with its clock.
func (l *ToastLayer) Expire(now time.Time) {
	var keep []Toast
	for _, t := range l.toasts {
		if t.Until.IsZero() || t.Until.After(now) {
			keep = append(keep, t)
		}
	}
	if len(keep) != len(l.toasts) {
		l.toasts = keep
		l.rebuild()
	}
}

// Change gives the toast of a key another text, if it is still there.
func (l *ToastLayer) Change(key, text string) {
	for i := range l.toasts {
		if key != "" && l.toasts[i].Key == key && l.toasts[i].Text != text {
			l.toasts[i].Text = text
			l.rebuild()
			return
		}
	}
}

// Drop takes the toast of a key away, if it is still there.
func (l *ToastLayer) Drop(key string) {
	for i := range l.toasts {
		if key != "" && l.toasts[i].Key == key {
			l.remove(i)
			return
		}
	}
}

// Count returns how many toasts are shown.
func (l *ToastLayer) Count() int { return len(l.toasts) }

func (l *ToastLayer) rebuild() {
	l.cards = l.cards[:0]
	for i, t := range l.toasts {
		said := NewColumn(2, NewParagraph(t.Text, BodyText))
		for _, a := range t.Actions { // below the text: beside it there is no room over a list
			said.Add(hline(0, -1, NewLink(a.Label, func() {
				l.remove(i)
				if a.OnTapped != nil {
					a.OnTapped()
				}
			})))
		}
		parts := []fyne.CanvasObject{
			NewSign(severityIcon(t.Severity), severityRole(t.Severity), ""), said,
			NewIconButton(IconCross, tr("Close"), func() { l.remove(i) }),
		}
		look := softLook(t.Severity)
		if t.Severity == Information {
			look.Fill = theme.ColorNameOverlayBackground
		}
		l.cards = append(l.cards, NewPanelWith(look, hline(10, 1, parts...)))
	}
	l.Refresh()
}

func (l *ToastLayer) remove(i int) {
	if i < len(l.toasts) {
		l.toasts = append(append([]Toast{}, l.toasts[:i]...), l.toasts[i+1:]...)
		l.rebuild()
	}
}

// severityIcon is the sign before a text, so that colour alone says nothing.
func severityIcon(s Severity) Icon {
	switch s {
	case Failure:
		return IconFailure
	case Warning:
		return IconWarning
	case Success:
		return IconTick
	default:
		return IconInformation
	}
}

// CreateRenderer is Fyne's.
func (l *ToastLayer) CreateRenderer() fyne.WidgetRenderer { return &toastRenderer{l} }

type toastRenderer struct{ l *ToastLayer }

func (r *toastRenderer) Destroy()           {}
func (r *toastRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *toastRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.l.cards))
	for i, c := range r.l.cards {
		out[i] = c
	}
	return out
}

func (r *toastRenderer) Layout(size fyne.Size) {
	y := size.Height - 44
	w := min(440, size.Width-24)
	if over := r.l.Over; over != nil && over.Visible() && over.Size().Width > 0 {
		w = min(w, max(leastToast, over.Size().Width-24))
	}
	for i := len(r.l.cards) - 1; i >= 0; i-- {
		h := r.l.cards[i].HeightFor(w)
		y -= h
		place(r.l.cards[i], 12, y, w, h)
		y -= 8
	}
}

func (r *toastRenderer) Refresh() {
	r.Layout(r.l.Size())
	for _, c := range r.l.cards {
		c.Refresh()
	}
	canvas.Refresh(r.l)
}

// Banner is a strip across a place that says something until it is hidden.
type Banner struct {
	composite
	actions []Action
}

// NewBanner returns a banner; each action is a button at its end.
func NewBanner(s Severity, text string, actions ...Action) *Banner {
	b := &Banner{actions: actions}
	b.body = NewColumn(0)
	b.ExtendBaseWidget(b)
	b.SetText(s, text)
	return b
}

// SetText changes what the banner says.
func (b *Banner) SetText(s Severity, text string) {
	parts := []fyne.CanvasObject{NewSign(severityIcon(s), severityRole(s), ""), NewParagraph(text, BodyText)}
	for _, a := range b.actions {
		btn := NewButton(a.Label, a.OnTapped)
		btn.Small = true
		parts = append(parts, btn)
	}
	look := softLook(s)
	look.Radius, look.PadY, look.PadX, look.Bottom = 0, 3, 14, true // low: the rows below need the room
	b.set(NewPanelWith(look, hline(10, 1, parts...)))
	b.Refresh()
}
