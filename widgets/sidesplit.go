package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// SideSplit puts a panel of a width beside what takes the rest. The line between them can
// be dragged. When the window grows, the rest grows.
type SideSplit struct {
	widget.BaseWidget

	OnResized func(width float32) // a person dragged the line

	side, rest fyne.CanvasObject
	width      float32
	grip       *splitGrip
}

const (
	sideLeast = 150 // width of the panel
	gripWidth = 7   // of what the mouse can take hold of; the line is thinner
)

// NewSideSplit returns a panel at the leading edge of the rest.
func NewSideSplit(side, rest fyne.CanvasObject, width float32) *SideSplit {
	s := &SideSplit{side: side, rest: rest, width: width}
	s.grip = &splitGrip{split: s}
	s.grip.ExtendBaseWidget(s.grip)
	s.ExtendBaseWidget(s)
	return s
}

// Width returns the width of the panel that was asked for, in device-independent pixels.
func (s *SideSplit) Width() float32 { return s.width }

// SetWidth makes the panel wider or narrower, as far as there is room.
func (s *SideSplit) SetWidth(width float32) {
	s.width = max(sideLeast, width)
	s.Refresh()
}

// shown is the width that there is room for: the rest keeps what it needs, and at least
// half of all.
func (s *SideSplit) shown(size fyne.Size) float32 {
	room := min(size.Width-s.rest.MinSize().Width-1, size.Width/2)
	return max(sideLeast, min(s.width, room))
}

// CreateRenderer is Fyne's.
func (s *SideSplit) CreateRenderer() fyne.WidgetRenderer { return &splitRenderer{s: s} }

type splitRenderer struct{ s *SideSplit }

func (r *splitRenderer) Destroy() {}

func (r *splitRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.s.side, r.s.rest, r.s.grip}
}

func (r *splitRenderer) MinSize() fyne.Size {
	side, rest := r.s.side.MinSize(), r.s.rest.MinSize()
	return fyne.NewSize(sideLeast+1+rest.Width, max(side.Height, rest.Height))
}

func (r *splitRenderer) Layout(size fyne.Size) {
	w := r.s.shown(size)
	place(r.s.side, 0, 0, w, size.Height)
	place(r.s.rest, w+1, 0, size.Width-w-1, size.Height)
	place(r.s.grip, w-gripWidth/2, 0, gripWidth, size.Height)
}

func (r *splitRenderer) Refresh() {
	r.Layout(r.s.Size())
	r.s.grip.Refresh()
	canvas.Refresh(r.s)
}

// splitGrip is the line, and the room round it that can be dragged.
type splitGrip struct {
	widget.BaseWidget
	split *SideSplit
	hover bool
}

var (
	_ fyne.Draggable     = (*splitGrip)(nil)
	_ desktop.Hoverable  = (*splitGrip)(nil)
	_ desktop.Cursorable = (*splitGrip)(nil)
)

// Dragged makes the panel wider or narrower.
func (g *splitGrip) Dragged(e *fyne.DragEvent) {
	g.split.SetWidth(g.split.shown(g.split.Size()) + e.Dragged.DX)
}

// DragEnd tells the new width.
func (g *splitGrip) DragEnd() {
	if g.split.OnResized != nil {
		g.split.OnResized(g.split.width)
	}
}

// MouseIn makes the line easier to see.
func (g *splitGrip) MouseIn(*desktop.MouseEvent) { g.hover = true; g.Refresh() }

// MouseMoved does nothing.
func (g *splitGrip) MouseMoved(*desktop.MouseEvent) {}

// MouseOut undoes MouseIn.
func (g *splitGrip) MouseOut() { g.hover = false; g.Refresh() }

// Cursor says that the line can be dragged.
func (g *splitGrip) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// CreateRenderer is Fyne's.
func (g *splitGrip) CreateRenderer() fyne.WidgetRenderer {
	r := &gripRenderer{g: g, line: newFlat()}
	r.Refresh()
	return r
}

type gripRenderer struct {
	g    *splitGrip
	line *canvas.Rectangle
}

func (r *gripRenderer) Destroy()                     {}
func (r *gripRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *gripRenderer) MinSize() fyne.Size           { return fyne.NewSize(gripWidth, 1) }

func (r *gripRenderer) Layout(size fyne.Size) {
	w := float32(1)
	if r.g.hover {
		w = 3
	}
	place(r.line, float32(int((size.Width-w)/2)), 0, w, size.Height)
}

func (r *gripRenderer) Refresh() {
	var c color.Color = colorOf(r.g, theme.ColorNameSeparator)
	if r.g.hover {
		c = colorOf(r.g, theme.ColorNamePrimary)
	}
	r.line.FillColor = c
	r.Layout(r.g.Size())
	canvas.Refresh(r.g)
}
