package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ButtonStyle says how much a button asks for attention.
type ButtonStyle int

// The styles of a button.
const (
	PlainButton   ButtonStyle = iota // outlined
	PrimaryButton                    // the one thing to do here
	DangerButton                     // takes something away
	LinkButton                       // text in the accent colour
	QuietButton                      // muted text without an edge
	titleButton                      // bold text without an edge: the name of a card
)

// Button is a button with a text. Space and Enter press it when it has the focus.
type Button struct {
	widget.DisableableWidget
	inSight

	Text     string
	Icon     Icon   // before the text
	Name     string // for screen readers, where the text does not say what it does
	Style    ButtonStyle
	Small    bool // caption size, for cards
	OnTapped func()

	hovered, focused, pressed bool
	cut                       bool // takes less than its text needs, and cuts it
	leading                   bool // text at the leading edge
}

var (
	_ fyne.Focusable     = (*Button)(nil)
	_ fyne.Tappable      = (*Button)(nil)
	_ fyne.Accessible    = (*Button)(nil)
	_ desktop.Hoverable  = (*Button)(nil)
	_ desktop.Cursorable = (*Button)(nil)
	_ desktop.Mouseable  = (*Button)(nil)
)

// NewButton returns an outlined button.
func NewButton(text string, tapped func()) *Button {
	b := &Button{Text: text, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// NewPrimaryButton returns the one button of a place that is filled with the accent colour.
func NewPrimaryButton(text string, tapped func()) *Button { return styled(text, PrimaryButton, tapped) }

// NewDangerButton returns a button for what cannot be undone.
func NewDangerButton(text string, tapped func()) *Button { return styled(text, DangerButton, tapped) }

// NewLink returns a button that looks like a link.
func NewLink(text string, tapped func()) *Button { return styled(text, LinkButton, tapped) }

// NewIconButton returns a button without an edge that shows an icon alone; name says what it
// does.
func NewIconButton(i Icon, name string, tapped func()) *Button {
	b := styled("", QuietButton, tapped)
	b.Icon, b.Name = i, name
	return b
}

func styled(text string, s ButtonStyle, tapped func()) *Button {
	b := NewButton(text, tapped)
	b.Style = s
	return b
}

// SetText replaces the text of the button.
func (b *Button) SetText(text string) {
	if b.Text != text {
		b.Text = text
		b.Refresh()
	}
}

// SetStyle changes how the button looks.
func (b *Button) SetStyle(s ButtonStyle) {
	if b.Style != s {
		b.Style = s
		b.Refresh()
	}
}

// SetIcon replaces the icon of the button.
func (b *Button) SetIcon(i Icon) {
	if b.Icon != i {
		b.Icon = i
		b.Refresh()
	}
}

// AccessibilityLabel returns the name of the button, else its text.
func (b *Button) AccessibilityLabel() string {
	if b.Name != "" {
		return b.Name
	}
	return b.Text
}

// AccessibilityRole says that this is a button.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// Tapped presses the button.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// TypedKey presses the button with Space or Enter.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		spend(e)
		b.Tapped(nil)
	default:
		passKey(b, e)
	}
}

// TypedRune does nothing.
func (b *Button) TypedRune(rune) {}

// FocusGained shows the focus ring.
func (b *Button) FocusGained() { b.focused = true; b.Refresh(); b.bring(b) }

// FocusLost hides the focus ring.
func (b *Button) FocusLost() { b.focused, b.pressed = false, false; b.Refresh() }

// MouseIn lightens the button.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved does nothing.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut undoes MouseIn.
func (b *Button) MouseOut() { b.hovered, b.pressed = false, false; b.Refresh() }

// MouseDown shows the button as held down.
func (b *Button) MouseDown(e *desktop.MouseEvent) {
	if e.Button == desktop.MouseButtonPrimary {
		b.pressed = true
		b.Refresh()
	}
}

// MouseUp undoes MouseDown.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.pressed = false; b.Refresh() }

// Cursor is the hand over links.
func (b *Button) Cursor() desktop.Cursor {
	if b.Style == LinkButton && !b.Disabled() {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// CreateRenderer is Fyne's.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b: b, face: &canvas.Rectangle{FillColor: color.Transparent}, veil: &canvas.Rectangle{FillColor: color.Transparent}, label: &canvas.Text{}, pic: newPicture()}
	r.objs = []fyne.CanvasObject{r.face, r.veil, r.label, r.pic.img}
	r.Refresh()
	return r
}

type buttonRenderer struct {
	b          *Button
	face, veil *canvas.Rectangle
	label      *canvas.Text
	pic        *picture
	objs       []fyne.CanvasObject
	known      *ruler // of the style that the label had last
}

func (r *buttonRenderer) Destroy()                     {}
func (r *buttonRenderer) Objects() []fyne.CanvasObject { return r.objs }

func (r *buttonRenderer) padding() fyne.Size {
	p := r.b.Theme().Size(theme.SizeNameInnerPadding)
	switch {
	case r.b.leading:
		return fyne.NewSize(0, 2)
	case r.b.Style == LinkButton, r.b.Style == titleButton:
		return fyne.NewSize(2, 2)
	case r.b.Text == "":
		return fyne.NewSize(4, 2)
	case r.b.Small:
		return fyne.NewSize(p, 2)
	default:
		return fyne.NewSize(2*p, p)
	}
}

// lead is the room of the icon before the text.
func (r *buttonRenderer) lead() float32 {
	switch {
	case r.b.Icon == "":
		return 0
	case r.b.Text == "":
		return iconSize
	}
	return iconSize + 4
}

func (r *buttonRenderer) ruler() *ruler {
	r.known = r.known.in(textStyle{size: r.label.TextSize, style: r.label.TextStyle})
	return r.known
}

func (r *buttonRenderer) MinSize() fyne.Size {
	s := fyne.MeasureText(r.b.Text, r.label.TextSize, r.label.TextStyle)
	s.Width = max(s.Width, r.ruler().width(r.b.Text)) // by which it is cut
	p := r.padding()
	if r.b.cut {
		s.Width = min(s.Width, 40)
	}
	return fyne.NewSize(s.Width+r.lead()+2*p.Width, s.Height+2*p.Height)
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.face.Resize(size)
	r.veil.Resize(size)
	r.label.Text = r.b.Text
	ru := r.ruler()
	pad, lead := r.padding().Width, r.lead()
	room := size.Width - 2*pad - lead
	if r.b.cut || ru.width(r.b.Text) > room+1 { // a row may give less than it asks for
		r.label.Text = ru.cut(r.b.Text, room)
	}
	x := pad
	if w := ru.width(r.label.Text); !r.b.leading {
		x = max(pad, (size.Width-w-lead)/2)
	}
	h := ru.lineHeight()
	r.pic.place(x, 0, iconSize, size.Height)
	r.label.Alignment = fyne.TextAlignLeading
	r.label.Resize(fyne.NewSize(size.Width-x-lead, h))
	r.label.Move(fyne.NewPos(x+lead, (size.Height-h)/2))
}

func (r *buttonRenderer) Refresh() {
	b, th := r.b, r.b.Theme()
	r.label.TextSize = th.Size(theme.SizeNameText)
	if b.Small {
		r.label.TextSize = th.Size(theme.SizeNameCaptionText)
	}
	r.label.TextStyle = fyne.TextStyle{Bold: b.Style == titleButton}
	radius := th.Size(theme.SizeNameButtonRadius)
	r.face.CornerRadius, r.veil.CornerRadius = radius, radius
	fill, edge, text := b.colors()
	r.face.FillColor, r.face.StrokeColor, r.face.StrokeWidth = fill, edge, 1
	r.label.Color = text
	r.pic.set(b.Icon, text)
	show(r.pic.img, b.Icon != "")
	r.veil.FillColor, r.veil.StrokeColor, r.veil.StrokeWidth = color.Transparent, color.Transparent, 0
	switch {
	case b.Disabled():
	case b.pressed:
		r.veil.FillColor = colorOf(b, theme.ColorNamePressed)
	case b.hovered:
		r.veil.FillColor = colorOf(b, theme.ColorNameHover)
	}
	if b.focused {
		r.veil.StrokeColor, r.veil.StrokeWidth = ringColor(b, b.Style == PrimaryButton), 2
	}
	r.Layout(b.Size())
	canvas.Refresh(r.face) // a part: the button itself may be embedded in another widget
}

// ringColor is the colour of the focus ring, on the accent colour or elsewhere.
func ringColor(w themed, onAccent bool) color.Color {
	if onAccent {
		return colorOf(w, theme.ColorNameForeground)
	}
	return colorOf(w, theme.ColorNamePrimary)
}

func (b *Button) colors() (fill, edge, text color.Color) {
	none := color.Color(color.Transparent)
	if b.Disabled() {
		if b.Style >= LinkButton {
			return none, none, colorOf(b, theme.ColorNameDisabled)
		}
		return colorOf(b, theme.ColorNameDisabledButton), colorOf(b, theme.ColorNameSeparator), colorOf(b, theme.ColorNameDisabled)
	}
	switch b.Style {
	case PrimaryButton:
		c := colorOf(b, theme.ColorNamePrimary)
		return c, c, colorOf(b, theme.ColorNameForegroundOnPrimary)
	case DangerButton:
		c := colorOf(b, theme.ColorNameError)
		return c, c, colorOf(b, theme.ColorNameForegroundOnError)
	case LinkButton:
		return none, none, colorOf(b, ColorNameAccentText)
	case QuietButton:
		return none, none, colorOf(b, ColorNameMuted)
	case titleButton:
		return none, none, colorOf(b, theme.ColorNameForeground)
	default:
		return colorOf(b, theme.ColorNameButton), colorOf(b, ColorNameBorder), colorOf(b, theme.ColorNameForeground)
	}
}
