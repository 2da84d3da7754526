package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// formLabel names a field. A dot tells that the field will be sent, a star that it has to
// be filled in. While the field will be sent the label takes the keyboard: Delete takes the
// value back, and so does its cross. A click elsewhere goes to the field.
type formLabel struct {
	widget.BaseWidget
	inSight
	text     string
	needed   bool
	touched  bool
	focused  bool
	onTap    func()
	takeBack func()
	onKey    func(*fyne.KeyEvent) bool
	known    *ruler // of the style that the text had last
}

var (
	_ fyne.Tappable      = (*formLabel)(nil)
	_ fyne.Focusable     = (*formLabel)(nil)
	_ fyne.Disableable   = (*formLabel)(nil)
	_ fyne.Accessible    = (*formLabel)(nil)
	_ desktop.Cursorable = (*formLabel)(nil)
)

func newFormLabel(text string) *formLabel {
	l := &formLabel{text: text}
	l.ExtendBaseWidget(l)
	return l
}

func (l *formLabel) set(needed, touched bool) {
	if l.needed != needed || l.touched != touched {
		l.needed, l.touched = needed, touched
		l.Refresh()
	}
}

// Disabled tells that Tab passes the label by: nothing is there to take back.
func (l *formLabel) Disabled() bool { return !l.touched }

// Disable does nothing: a label follows its field.
func (l *formLabel) Disable() {}

// Enable does nothing: a label follows its field.
func (l *formLabel) Enable() {}

// Tapped goes to the field, or takes its value back when the cross was hit.
func (l *formLabel) Tapped(e *fyne.PointEvent) {
	if l.touched && e.Position.X >= l.Size().Width-labelCross {
		l.takeBack()
		return
	}
	l.onTap()
}

// TypedKey takes the value back with Delete.
func (l *formLabel) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDelete, fyne.KeyBackspace:
		l.takeBack()
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		spend(e)
		l.onTap()
	default:
		if !l.onKey(e) {
			passKey(l, e)
		}
	}
}

// TypedRune does nothing.
func (l *formLabel) TypedRune(rune) {}

// FocusGained shows the focus ring.
func (l *formLabel) FocusGained() { l.focused = true; l.Refresh(); l.bring(l) }

// FocusLost hides it.
func (l *formLabel) FocusLost() { l.focused = false; l.Refresh() }

// Cursor is the hand where the label does something.
func (l *formLabel) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel names the field and says whether it is needed and sent.
func (l *formLabel) AccessibilityLabel() string {
	label := l.text
	if l.needed {
		label += ", " + tr("required")
	}
	if l.touched {
		label += ", " + tr("will be sent")
	}
	return label
}

// AccessibilityRole says that it can be pressed.
func (l *formLabel) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

const (
	labelDot   = 14 // room of the dot before the text
	labelCross = 20 // room of the cross behind it
)

// HeightFor returns the height that the text needs at a width.
func (l *formLabel) HeightFor(width float32) float32 {
	ru := l.ruler()
	return float32(len(wrapLines(ru, l.shown(), width-labelDot-labelCross)))*ru.lineHeight() + 10
}

func (l *formLabel) ruler() *ruler {
	l.known = l.known.in(textStyle{size: l.Theme().Size(theme.SizeNameText)})
	return l.known
}

func (l *formLabel) shown() string {
	if l.needed {
		return l.text + " *"
	}
	return l.text
}

// CreateRenderer is Fyne's.
func (l *formLabel) CreateRenderer() fyne.WidgetRenderer {
	r := &formLabelRenderer{l: l, dot: newPicture(), cross: newPicture(), ring: newFlat()}
	r.Refresh()
	return r
}

type formLabelRenderer struct {
	l          *formLabel
	dot, cross *picture
	ring       *canvas.Rectangle
	texts      pool[*canvas.Text]
	objs       []fyne.CanvasObject
}

func (r *formLabelRenderer) Destroy()                     {}
func (r *formLabelRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *formLabelRenderer) MinSize() fyne.Size {
	return fyne.NewSize(100, r.l.HeightFor(r.l.Size().Width))
}
func (r *formLabelRenderer) Layout(fyne.Size) { r.update() }

func (r *formLabelRenderer) Refresh() {
	r.update()
	canvas.Refresh(r.l)
}

func (r *formLabelRenderer) update() {
	l := r.l
	size := l.Size()
	ru := l.ruler()
	r.texts.used = 0
	r.objs = append(r.objs[:0], r.dot.img, r.cross.img)
	show(r.dot.img, l.touched)
	show(r.cross.img, l.touched)
	first := ru.lineHeight() + 10
	if l.touched {
		r.dot.set(IconDot, colorOf(l, theme.ColorNamePrimary))
		r.dot.place(-3, 0, iconSize, first)
		r.cross.set(IconCross, colorOf(l, ColorNameMuted))
		r.cross.place(size.Width-labelCross, 0, labelCross, first)
	}
	y := float32(5)
	lines := wrapLines(ru, l.shown(), size.Width-labelDot-labelCross)
	for i, line := range lines {
		star := l.needed && i == len(lines)-1 && len(line) > 0
		if star {
			line = line[:len(line)-1]
		}
		w := r.write(line, colorOf(l, theme.ColorNameForeground), ru, labelDot, y)
		if star {
			r.write("*", colorOf(l, ColorNameErrorText), ru, labelDot+w, y)
		}
		y += ru.lineHeight()
	}
	r.ring.CornerRadius, r.ring.StrokeWidth, r.ring.StrokeColor = 4, 1.5, colorOf(l, theme.ColorNamePrimary)
	place(r.ring, 0, 1, size.Width, y+3)
	show(r.ring, l.focused)
	r.objs = append(r.objs, r.ring)
}

func (r *formLabelRenderer) write(s string, c color.Color, ru *ruler, x, y float32) float32 {
	t := r.texts.next(newCellText)
	t.Text, t.Color, t.TextSize = s, c, ru.st.size
	place(t, x, y, ru.width(s), ru.lineHeight())
	r.objs = append(r.objs, t)
	return ru.width(s)
}
