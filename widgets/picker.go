package widgets

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Picker shows one chosen item and opens a list to search in. With the focus on it, Space,
// Enter or Down opens it, and a letter opens it and searches.
type Picker struct {
	widget.DisableableWidget
	inSight

	Search      SearchFunc
	OnChosen    func(Item)
	OnKey       func(*fyne.KeyEvent) bool // sees each key first; true means that it is used up
	PlaceHolder string                    // shown while nothing is chosen
	Name        string                    // what is to be chosen, for screen readers; none: the choice says it
	Dot         color.Color               // before the title, such as a state; nil for none

	item             Item
	has              bool
	focused, hovered bool
	chooser          *chooser
	outer            pickerSelf
}

var (
	_ fyne.Tappable     = (*Picker)(nil)
	_ fyne.Focusable    = (*Picker)(nil)
	_ fyne.Accessible   = (*Picker)(nil)
	_ desktop.Hoverable = (*Picker)(nil)
)

// NewPicker returns a picker with nothing chosen.
func NewPicker(search SearchFunc, chosen func(Item)) *Picker {
	p := &Picker{Search: search, OnChosen: chosen}
	p.ExtendBaseWidget(p)
	return p
}

// SetItem shows an item as the chosen one.
func (p *Picker) SetItem(i Item) {
	p.item, p.has = i, true
	p.Refresh()
}

// Item returns the chosen item, and false when there is none.
func (p *Picker) Item() (Item, bool) { return p.item, p.has }

// Clear takes the choice away.
func (p *Picker) Clear() {
	p.item, p.has = Item{}, false
	p.Refresh()
}

// Open opens the list.
func (p *Picker) Open() { p.openWith("") }

func (p *Picker) openWith(text string) {
	p.openChooser(text, func(c *chooser) {
		if had, is := p.Item(); is && text == "" {
			c.had = &had
		}
		c.chosen = func(i Item) {
			p.item, p.has = i, true
			p.Close()
			if p.OnChosen != nil {
				p.OnChosen(i)
			}
		}
	})
}

// openChooser opens the list under the picker once it has been prepared.
func (p *Picker) openChooser(text string, prepare func(*chooser)) {
	on := fyne.CurrentApp().Driver().CanvasForObject(p.self())
	if on == nil || p.Disabled() || p.Opened() {
		return
	}
	c := newChooser(p.Search)
	c.entry.SetPlaceHolder(tr("Search"))
	c.leave = p.Close
	c.leap = func() {
		before := shifted()
		p.Close()
		focusBeside(p.self(), before)
	}
	prepare(c)
	p.chooser = c
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.self())
	width := max(p.Size().Width, 380)
	x := max(0, min(at.X, on.Size().Width-width-4))
	c.open(on, chooserPlace{at: fyne.NewPos(x, at.Y+p.Size().Height+2), width: width, rows: 12, text: text, pad: 4})
}

// Opened tells whether the list is open.
func (p *Picker) Opened() bool { return p.chooser != nil && p.chooser.shown() }

// Close closes the list without a choice.
func (p *Picker) Close() {
	if p.chooser == nil {
		return
	}
	p.chooser.close()
	p.chooser = nil
	focus(p.self())
	p.Refresh()
}

// self is the widget that Fyne knows: this one, or the one that embeds it.
func (p *Picker) self() pickerSelf {
	if p.outer != nil {
		return p.outer
	}
	return p
}

type pickerSelf interface {
	fyne.Widget
	fyne.Focusable
}

// Tapped opens the list.
func (p *Picker) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil && !p.Disabled() {
		c.Focus(p)
	}
	p.Open()
}

// TypedRune opens the list and searches.
func (p *Picker) TypedRune(c rune) {
	if c != ' ' {
		p.openWith(string(c))
	}
}

// TypedKey opens the list.
func (p *Picker) TypedKey(e *fyne.KeyEvent) {
	if p.OnKey != nil && p.OnKey(e) {
		return
	}
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		spend(e)
		p.Open()
	default:
		passKey(p.self(), e)
	}
}

// FocusGained shows the focus ring.
func (p *Picker) FocusGained() { p.focused = true; p.Refresh(); p.bring(p.self()) }

// FocusLost hides it.
func (p *Picker) FocusLost() { p.focused = false; p.Refresh() }

// MouseIn lightens the picker.
func (p *Picker) MouseIn(*desktop.MouseEvent) { p.hovered = true; p.Refresh() }

// MouseMoved does nothing.
func (p *Picker) MouseMoved(*desktop.MouseEvent) {}

// MouseOut undoes MouseIn.
func (p *Picker) MouseOut() { p.hovered = false; p.Refresh() }

// AccessibilityLabel names the choice.
func (p *Picker) AccessibilityLabel() string {
	label := p.PlaceHolder
	if p.has {
		label = strings.TrimSpace(p.item.Title + " " + p.item.Detail)
	}
	if p.Name != "" {
		return p.Name + ": " + label
	}
	return label
}

func (p *Picker) setName(name string) { p.Name = name }

// AccessibilityRole says that it can be pressed.
func (p *Picker) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer is Fyne's.
func (p *Picker) CreateRenderer() fyne.WidgetRenderer {
	r := &pickerRenderer{p: p, face: newFlat(), badge: newBadge("", nil), dot: newDot(color.Transparent), title: &canvas.Text{}, detail: &canvas.Text{}, arrow: newPicture()}
	r.objs = []fyne.CanvasObject{r.face, r.dot, r.badge, r.title, r.detail, r.arrow.img}
	r.Refresh()
	return r
}

type pickerRenderer struct {
	p             *Picker
	face          *canvas.Rectangle
	badge         *badge
	dot           *dot
	title, detail *canvas.Text
	arrow         *picture
	objs          []fyne.CanvasObject
}

func (r *pickerRenderer) Destroy()                     {}
func (r *pickerRenderer) Objects() []fyne.CanvasObject { return r.objs }

func (r *pickerRenderer) rulers() (title, detail *ruler) {
	size := r.p.Theme().Size(theme.SizeNameText)
	return newRuler(textStyle{size: size, style: r.titleStyle()}), newRuler(textStyle{size: size})
}

func (r *pickerRenderer) titleStyle() fyne.TextStyle {
	return fyne.TextStyle{Bold: r.p.has && r.p.item.Detail != ""}
}

func (r *pickerRenderer) lead() float32 {
	var w float32
	if r.p.Dot != nil {
		w += 17
	}
	if r.p.has && r.p.item.Color != nil {
		w += badgeSize + 8
	}
	return w
}

func (r *pickerRenderer) texts() (title, detail string) {
	if !r.p.has {
		return r.p.PlaceHolder, ""
	}
	return r.p.item.Title, r.p.item.Detail
}

func (r *pickerRenderer) MinSize() fyne.Size {
	bold, plain := r.rulers()
	title, detail := r.texts()
	w := 18 + r.lead() + bold.width(title) + 24
	if detail != "" {
		w += 8 + plain.width(detail)
	}
	return fyne.NewSize(max(120, min(w, 400)), bold.lineHeight()+2*r.p.Theme().Size(theme.SizeNameInnerPadding))
}

func (r *pickerRenderer) Layout(size fyne.Size) {
	p := r.p
	bold, plain := r.rulers()
	title, detail := r.texts()
	place(r.face, 0, 0, size.Width, size.Height)
	x, h := float32(8), bold.lineHeight()
	y := (size.Height - h) / 2
	if p.Dot != nil {
		place(r.dot, x, 0, 9, size.Height)
		x += 17
	}
	if p.has && p.item.Color != nil {
		place(r.badge, x, (size.Height-badgeSize)/2, badgeSize, badgeSize)
		x += badgeSize + 8
	}
	right := size.Width - 26
	r.title.Text = bold.cut(display(title), right-x)
	place(r.title, x, y, bold.width(r.title.Text), h)
	x += bold.width(r.title.Text) + 8
	r.detail.Text = ""
	if room := right - x; room > 20 {
		r.detail.Text = plain.cut(display(detail), room)
	}
	place(r.detail, x, y, right-x, h)
	r.arrow.place(size.Width-24, 0, iconSize, size.Height)
}

func (r *pickerRenderer) Refresh() {
	p := r.p
	size := p.Theme().Size(theme.SizeNameText)
	radius := p.Theme().Size(theme.SizeNameInputRadius)
	r.face.FillColor, r.face.CornerRadius = colorOf(p, theme.ColorNameInputBackground), radius
	r.face.StrokeColor, r.face.StrokeWidth = colorOf(p, ColorNameBorder), 1
	switch {
	case p.focused:
		r.face.StrokeColor, r.face.StrokeWidth = colorOf(p, theme.ColorNamePrimary), 2
	case p.hovered && !p.Disabled():
		r.face.StrokeColor = colorOf(p, ColorNameMuted)
	}
	text := colorOf(p, theme.ColorNameForeground)
	if p.Disabled() {
		text = colorOf(p, theme.ColorNameDisabled)
	} else if !p.has {
		text = colorOf(p, theme.ColorNamePlaceHolder)
	}
	r.title.Color, r.title.TextSize, r.title.TextStyle = text, size, r.titleStyle()
	r.detail.Color, r.detail.TextSize = colorOf(p, ColorNameMuted), size
	r.arrow.set(IconChevronDown, colorOf(p, ColorNameMuted))
	show(r.dot, p.Dot != nil)
	if p.Dot != nil {
		r.dot.color = p.Dot
		r.dot.Refresh()
	}
	show(r.badge, p.has && p.item.Color != nil)
	if p.has && p.item.Color != nil {
		r.badge.set(p.item.Title, p.item.Color)
	}
	r.Layout(p.Size())
	canvas.Refresh(p.self())
}
