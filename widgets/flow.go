package widgets

import "fyne.io/fyne/v2"

// flow puts objects beside each other and goes on below where they do not fit,
// as long words in other languages may not.
type flow struct {
	gap   float32
	width float32
	end   bool // lines end at the trailing edge
}

// NewFlow puts objects beside each other, and goes on below where they do not fit.
func NewFlow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &flow{gap: gap}, Objects: objects}
}

// newFlowAtEnd is NewFlow with lines that end at the trailing edge.
func newFlowAtEnd(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &flow{gap: gap, end: true}, Objects: objects}
}

// lines breaks the objects into lines of a width.
func (f *flow) lines(objects []fyne.CanvasObject, width float32) [][]fyne.CanvasObject {
	var lines [][]fyne.CanvasObject
	x := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		w := o.MinSize().Width
		if len(lines) == 0 || x+w > width {
			lines, x = append(lines, nil), 0
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], o)
		x += w + f.gap
	}
	return lines
}

// HeightFor is the height of all lines, at a width.
func (f *flow) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	lines := f.lines(objects, width)
	height := float32(max(0, len(lines)-1)) * f.gap
	for _, line := range lines {
		height += Tallest(line)
	}
	return height
}

// MinSize is Fyne's.
func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := widest(objects)
	if f.width <= 0 {
		f.width = 10000 // not laid out yet: one line
	}
	return fyne.NewSize(width, f.HeightFor(objects, max(width, f.width)))
}

// Layout is Fyne's.
func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	y := float32(0)
	for _, line := range f.lines(objects, size.Width) {
		x, height := float32(0), Tallest(line)
		if f.end {
			x = size.Width + f.gap
			for _, o := range line {
				x -= o.MinSize().Width + f.gap
			}
		}
		for _, o := range line {
			s := o.MinSize()
			o.Move(fyne.NewPos(x, y+(height-s.Height)/2))
			o.Resize(s)
			x += s.Width + f.gap
		}
		y += height + f.gap
	}
}
