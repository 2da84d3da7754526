package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// PanelLook is the face of a Panel. A zero name is nothing drawn.
type PanelLook struct {
	Fill, Edge        fyne.ThemeColorName
	Radius            float32
	PadX, PadY        float32
	Accent            color.Color // a bar at the leading edge; nil for none
	Top, Bottom       bool        // only these edges are drawn, as lines
	Leading, Trailing bool
}

// Panel is content on a coloured ground: a card, a bar, a side of the window.
type Panel struct {
	widget.BaseWidget
	look    PanelLook
	content fyne.CanvasObject
}

// NewCard returns content on a card with an edge and room around it.
func NewCard(content fyne.CanvasObject) *Panel {
	return NewPanelWith(PanelLook{Fill: ColorNamePanel, Edge: theme.ColorNameSeparator, Radius: 6, PadX: 12, PadY: 10}, content)
}

// NewPanelWith returns content on a ground of any look.
func NewPanelWith(l PanelLook, content fyne.CanvasObject) *Panel {
	p := &Panel{look: l, content: content}
	p.ExtendBaseWidget(p)
	return p
}

// SetLook changes the face.
func (p *Panel) SetLook(l PanelLook) {
	p.look = l
	p.Refresh()
}

// SetContent changes what is on the panel.
func (p *Panel) SetContent(o fyne.CanvasObject) {
	p.content = o
	p.Refresh()
}

// inside is what is on the panel.
func (p *Panel) inside() []fyne.CanvasObject { return []fyne.CanvasObject{p.content} }

// HeightFor returns the height that the panel needs at a width.
func (p *Panel) HeightFor(width float32) float32 {
	l := p.look
	return HeightFor(p.content, width-2*l.PadX-p.bar()) + 2*l.PadY
}

func (p *Panel) bar() float32 {
	if p.look.Accent == nil {
		return 0
	}
	return 4
}

// CreateRenderer is Fyne's.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	r := &panelRenderer{p: p, back: newFlat(), bar: newFlat(), cover: newFlat()}
	for range 4 {
		r.edges = append(r.edges, newFlat())
	}
	r.Refresh()
	return r
}

type panelRenderer struct {
	p                *Panel
	back, bar, cover *canvas.Rectangle
	edges            []*canvas.Rectangle // top, bottom, leading, trailing
	objs             []fyne.CanvasObject
}

func (r *panelRenderer) Destroy()                     {}
func (r *panelRenderer) Objects() []fyne.CanvasObject { return r.objs }

func (r *panelRenderer) MinSize() fyne.Size {
	l := r.p.look
	m := r.p.content.MinSize().AddWidthHeight(2*l.PadX+r.p.bar(), 2*l.PadY)
	if w := r.p.Size().Width; w > 0 {
		m.Height = r.p.HeightFor(max(w, m.Width))
	}
	return m
}

func (r *panelRenderer) Layout(size fyne.Size) {
	l := r.p.look
	bar := r.p.bar()
	place(r.back, 0, 0, size.Width, size.Height)
	place(r.bar, 0, 0, bar, size.Height)
	place(r.content(), l.PadX+bar, l.PadY, size.Width-2*l.PadX-bar, size.Height-2*l.PadY)
	place(r.edges[0], 0, 0, size.Width, 1)
	place(r.edges[1], 0, size.Height-1, size.Width, 1)
	place(r.edges[2], 0, 0, 1, size.Height)
	place(r.edges[3], size.Width-1, 0, 1, size.Height)
}

func (r *panelRenderer) content() fyne.CanvasObject { return r.p.content }

func (r *panelRenderer) Refresh() {
	p, l := r.p, r.p.look
	named := func(n fyne.ThemeColorName) color.Color {
		if n == "" {
			return color.Transparent
		}
		return colorOf(p, n)
	}
	lines := l.Top || l.Bottom || l.Leading || l.Trailing
	r.back.FillColor, r.back.CornerRadius = named(l.Fill), l.Radius
	r.back.StrokeWidth, r.back.StrokeColor = 0, color.Transparent
	if !lines && l.Edge != "" {
		r.back.StrokeWidth, r.back.StrokeColor = 1, named(l.Edge)
	}
	r.bar.FillColor = color.Transparent
	if l.Accent != nil {
		r.bar.FillColor = l.Accent
		r.bar.TopLeftCornerRadius, r.bar.BottomLeftCornerRadius = l.Radius, l.Radius
	}
	for i, on := range []bool{l.Top, l.Bottom, l.Leading, l.Trailing} {
		r.edges[i].FillColor = named(l.Edge)
		show(r.edges[i], on)
	}
	r.objs = []fyne.CanvasObject{r.back, r.bar, p.content, r.edges[0], r.edges[1], r.edges[2], r.edges[3]}
	r.Layout(p.Size())
	p.content.Refresh()
	canvas.Refresh(r.back) // a part: the panel itself may be embedded in another widget
}

// composite is a widget that shows a container it can rebuild, the base of the composite
// widgets here.
type composite struct {
	widget.BaseWidget
	body *fyne.Container
}

// HeightFor returns the height that the widget needs at a width.
func (c *composite) HeightFor(width float32) float32 { return HeightFor(c.body, width) }

// inside are the parts.
func (c *composite) inside() []fyne.CanvasObject { return c.body.Objects }

// CreateRenderer is Fyne's.
func (c *composite) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }

// set replaces the parts and lays them out.
func (c *composite) set(objects ...fyne.CanvasObject) {
	c.body.Objects = objects
	c.body.Refresh()
	if s := c.body.Size(); s.Width > 0 && c.body.Layout != nil {
		c.body.Layout.Layout(objects, s)
	}
}
