package widgets

import (
	"image/color"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// TenantBadge shows a tenant: its first letter on its colour, its name and, muted, its domain.
type TenantBadge struct {
	composite
}

// NewTenantBadge returns a badge. The detail may be empty.
func NewTenantBadge(name, detail string, c color.Color) *TenantBadge {
	b, square := &TenantBadge{}, newBadge(name, c)
	show(square, c != nil) // the own organization has no colour
	b.body = hline(8, 2, square, NewText(name, StrongText), NewCutText(detail, MutedText))
	b.ExtendBaseWidget(b)
	return b
}

// badge is a letter on a colour.
type badge struct {
	widget.BaseWidget
	letter string
	color  color.Color
}

func newBadge(name string, c color.Color) *badge {
	b := &badge{}
	b.ExtendBaseWidget(b)
	b.letter, b.color = initial(name), c
	return b
}

func (b *badge) set(name string, c color.Color) {
	b.letter, b.color = initial(name), c
	b.Refresh()
}

func initial(name string) string {
	for _, c := range name {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return string(unicode.ToUpper(c))
		}
	}
	if c, n := utf8.DecodeRuneInString(name); n > 0 {
		return string(c)
	}
	return ""
}

const badgeSize = 22

func (b *badge) CreateRenderer() fyne.WidgetRenderer {
	r := &badgeRenderer{b: b, back: newFlat(), text: &canvas.Text{Alignment: fyne.TextAlignCenter}}
	r.Refresh()
	return r
}

type badgeRenderer struct {
	b    *badge
	back *canvas.Rectangle
	text *canvas.Text
}

func (r *badgeRenderer) Destroy()                     {}
func (r *badgeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.back, r.text} }
func (r *badgeRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(badgeSize) }

func (r *badgeRenderer) Layout(size fyne.Size) {
	side := min(size.Width, size.Height, badgeSize)
	x, y := (size.Width-side)/2, (size.Height-side)/2
	place(r.back, x, y, side, side)
	h := r.text.MinSize().Height
	place(r.text, x, y+(side-h)/2, side, h)
}

func (r *badgeRenderer) Refresh() {
	b := r.b
	c := b.color
	if c == nil {
		c = colorOf(b, ColorNameTrack)
	}
	r.back.FillColor, r.back.CornerRadius = c, 4
	r.text.Text, r.text.Color = b.letter, TextOn(c)
	r.text.TextSize = b.Theme().Size(theme.SizeNameCaptionText)
	r.Layout(b.Size())
	canvas.Refresh(b)
}

// dot is a small filled circle.
type dot struct {
	widget.BaseWidget
	color color.Color
}

func newDot(c color.Color) *dot {
	d := &dot{color: c}
	d.ExtendBaseWidget(d)
	return d
}

func (d *dot) CreateRenderer() fyne.WidgetRenderer {
	return &dotRenderer{d: d, circle: &canvas.Circle{FillColor: d.color}}
}

type dotRenderer struct {
	d      *dot
	circle *canvas.Circle
}

func (r *dotRenderer) Destroy()                     {}
func (r *dotRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.circle} }
func (r *dotRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(9) }
func (r *dotRenderer) Layout(s fyne.Size) {
	r.circle.Move(fyne.NewPos((s.Width-9)/2, (s.Height-9)/2))
	r.circle.Resize(fyne.NewSquareSize(9))
}

func (r *dotRenderer) Refresh() {
	r.circle.FillColor = r.d.color
	canvas.Refresh(r.circle)
}
