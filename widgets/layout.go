package widgets

import "fyne.io/fyne/v2"

// A layout here knows the height that it needs at a width, so that text can wrap inside
// cards and sheets: Fyne itself asks for a smallest size before it says how wide a thing
// will be. A layout of the program's own takes part when it has HeightFor too.

type heightForWidth interface{ HeightFor(width float32) float32 }

type layoutHeight interface {
	HeightFor(objects []fyne.CanvasObject, width float32) float32
}

// HeightFor returns the height that an object needs at a width, in device-independent
// pixels: what it, or the layout of the container, says itself, else its smallest height.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	if h, ok := o.(heightForWidth); ok {
		return h.HeightFor(width)
	}
	if c, ok := o.(*fyne.Container); ok {
		if h, ok := c.Layout.(layoutHeight); ok {
			return h.HeightFor(c.Objects, width)
		}
	}
	return o.MinSize().Height
}

// SetVisible shows or hides an object.
func SetVisible(o fyne.CanvasObject, visible bool) {
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

// column puts objects under each other, each as wide as there is room.
type column struct {
	gap   float32
	width float32 // of the last layout; what MinSize counts with
}

// columnAssumed is the width that a column counts with before it was laid out.
const columnAssumed = 320

// NewColumn returns a container whose objects stand under each other over its whole width.
func NewColumn(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap: gap}, Objects: objects}
}

// HeightFor is the height of the objects that are visible, at a width.
func (c *column) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	n := 0
	for _, o := range objects {
		if o.Visible() {
			h += HeightFor(o, width)
			n++
		}
	}
	return h + float32(max(0, n-1))*c.gap
}

// MinSize is Fyne's.
func (c *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := widest(objects)
	at := c.width
	if at <= 0 {
		at = columnAssumed
	}
	return fyne.NewSize(w, c.HeightFor(objects, max(w, at)))
}

// Layout is Fyne's.
func (c *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	var y float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := HeightFor(o, size.Width)
		place(o, 0, y, size.Width, h)
		y += h + c.gap
	}
}

// widest is the width that the visible objects need under each other.
func widest(objects []fyne.CanvasObject) (width float32) {
	for _, o := range objects {
		if o.Visible() {
			width = max(width, o.MinSize().Width)
		}
	}
	return width
}

// line puts objects beside each other, centred, each at its own width; the one at grow
// gets what is left over. grow -1: nobody.
type line struct {
	gap  float32
	grow int
	top  bool // aligned at the top instead of the middle
}

func hline(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &line{gap: gap, grow: grow}, Objects: objects}
}

func (l *line) widths(objects []fyne.CanvasObject, width float32) []float32 {
	out := make([]float32, len(objects))
	left := width
	n := 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		n++
		if i != l.grow {
			out[i] = o.MinSize().Width
			left -= out[i]
		}
	}
	left -= float32(max(0, n-1)) * l.gap
	if l.grow >= 0 && l.grow < len(objects) && objects[l.grow].Visible() {
		out[l.grow] = max(0, left)
	}
	return out
}

// HeightFor is the height of the tallest object, at a width.
func (l *line) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	widths := l.widths(objects, width)
	for i, o := range objects {
		if o.Visible() {
			h = max(h, HeightFor(o, widths[i]))
		}
	}
	return h
}

func (l *line) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width += m.Width
		s.Height = max(s.Height, m.Height)
		n++
	}
	s.Width += float32(max(0, n-1)) * l.gap
	return s
}

func (l *line) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	widths := l.widths(objects, size.Width)
	var x float32
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		h := min(size.Height, HeightFor(o, widths[i]))
		y := (size.Height - h) / 2
		if l.top {
			y = 0
		}
		place(o, x, y, widths[i], h)
		x += widths[i] + l.gap
	}
}

// squeeze takes from one object of a line what the others lack of a width, after the line
// was laid out.
func squeeze(line *fyne.Container, i int, width float32) {
	over := line.MinSize().Width - width
	if over <= 0 {
		return
	}
	o := line.Objects[i]
	over = min(over, max(0, o.Size().Width-40))
	o.Resize(o.Size().SubtractWidthHeight(over, 0))
	for _, after := range line.Objects[i+1:] {
		after.Move(after.Position().SubtractXY(over, 0))
	}
}

// inset puts room around one object.
type inset struct{ left, top, right, bottom float32 }

func padded(o fyne.CanvasObject, horizontal, vertical float32) *fyne.Container {
	return &fyne.Container{Layout: &inset{horizontal, vertical, horizontal, vertical}, Objects: []fyne.CanvasObject{o}}
}

// HeightFor is the height of the object with the room around it.
func (p *inset) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[0], width-p.left-p.right) + p.top + p.bottom
}

func (p *inset) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(p.left+p.right, p.top+p.bottom)
}

func (p *inset) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], p.left, p.top, size.Width-p.left-p.right, size.Height-p.top-p.bottom)
}

// fixed gives one object a size of its own.
type fixed struct{ size fyne.Size }

func sized(o fyne.CanvasObject, w, h float32) *fyne.Container {
	return &fyne.Container{Layout: &fixed{fyne.NewSize(w, h)}, Objects: []fyne.CanvasObject{o}}
}

func (f *fixed) MinSize([]fyne.CanvasObject) fyne.Size { return f.size }

func (f *fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

// tall gives one object a height of its own.
type tall struct{ height float32 }

func heightBox(o fyne.CanvasObject, h float32) *fyne.Container {
	return &fyne.Container{Layout: &tall{h}, Objects: []fyne.CanvasObject{o}}
}

// NewTall gives an object a height of its own, such as a list in a sheet.
func NewTall(height float32, o fyne.CanvasObject) *fyne.Container { return heightBox(o, height) }

func (t *tall) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width, t.height)
}

func (t *tall) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place(objects[0], 0, 0, size.Width, size.Height)
}

// gap is empty room in a line.
func gap() fyne.CanvasObject { return newPane(false) }

// Tallest is the height that objects beside each other need.
func Tallest(objects []fyne.CanvasObject) (height float32) {
	for _, o := range objects {
		height = max(height, o.MinSize().Height)
	}
	return height
}

// evenly puts objects beside each other, all of one width.
type evenly struct{ gap float32 }

func (l *evenly) width(objects []fyne.CanvasObject, width float32) float32 {
	n := float32(max(1, len(objects)))
	return (width - (n-1)*l.gap) / n
}

// HeightFor is the height of the tallest at a width.
func (l *evenly) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	for _, o := range objects {
		h = max(h, HeightFor(o, l.width(objects, width)))
	}
	return h
}

func (l *evenly) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	n := float32(len(objects))
	return fyne.NewSize(s.Width*n+max(0, n-1)*l.gap, s.Height)
}

func (l *evenly) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := l.width(objects, size.Width)
	for i, o := range objects {
		place(o, float32(i)*(w+l.gap), 0, w, size.Height)
	}
}
