package app

import (
	"fyne.io/fyne/v2"

	"postroom/widgets"
)

// Texts in dialogs wrap, so what stands in them needs a height that depends on
// the width. Fyne asks for the smallest size first; the layouts here know the
// width and give the height for it, as the widgets' own do.

// heightFor is the height that an object needs at a width.
func heightFor(o fyne.CanvasObject, width float32) float32 {
	if h, ok := o.(interface{ HeightFor(float32) float32 }); ok {
		return h.HeightFor(width)
	}
	if c, ok := o.(*fyne.Container); ok {
		if h, ok := c.Layout.(heightLayout); ok {
			return h.heightFor(c.Objects, width)
		}
	}
	return o.MinSize().Height
}

// heightLayout is a layout that knows the height for a width.
type heightLayout interface {
	heightFor(objects []fyne.CanvasObject, width float32) float32
}

// column puts objects below each other over the whole width.
type column struct {
	gap   float32
	width float32 // of the last layout; what MinSize counts with
}

func newColumn(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &column{gap: gap}, Objects: objects}
}

func (c *column) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	height, shown := float32(0), 0
	for _, o := range objects {
		if o.Visible() {
			height += heightFor(o, width)
			shown++
		}
	}
	return height + float32(max(0, shown-1))*c.gap
}

// MinSize is Fyne's.
func (c *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range objects {
		if o.Visible() {
			width = max(width, o.MinSize().Width)
		}
	}
	return fyne.NewSize(width, c.heightFor(objects, max(width, c.width)))
}

// Layout is Fyne's.
func (c *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		height := heightFor(o, size.Width)
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, height))
		y += height + c.gap
	}
}

const (
	labelWidth    = 132 // of the labels beside the fields of a form
	labelGap      = 12
	labelBesideAt = 440 // a form that is narrower has its labels above the fields
)

// formRow puts a label beside its field, or above it where there is no room.
type formRow struct {
	column
	label float32 // width of the label beside the field
}

func newFormRow(label, field fyne.CanvasObject) *fyne.Container {
	return newFormRowWith(labelWidth, label, field)
}

// newFormRowWith has a label of another width.
func newFormRowWith(width float32, label, field fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &formRow{column: column{gap: 2}, label: width}, Objects: []fyne.CanvasObject{label, field}}
}

func (r *formRow) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	if width < labelBesideAt {
		return r.column.heightFor(objects, width)
	}
	return max(heightFor(objects[0], r.label)+labelDrop, heightFor(objects[1], width-r.label-labelGap))
}

// labelDrop brings a label to the height of the text in the field beside it.
const labelDrop = 7

// MinSize is Fyne's.
func (r *formRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := objects[1].MinSize().Width
	return fyne.NewSize(width, r.heightFor(objects, max(width, r.width)))
}

// Layout is Fyne's.
func (r *formRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	r.width = size.Width
	if size.Width < labelBesideAt {
		r.column.Layout(objects, size)
		return
	}
	objects[0].Move(fyne.NewPos(0, labelDrop))
	objects[0].Resize(fyne.NewSize(r.label, heightFor(objects[0], r.label)))
	field := size.Width - r.label - labelGap
	objects[1].Move(fyne.NewPos(r.label+labelGap, 0))
	objects[1].Resize(fyne.NewSize(field, heightFor(objects[1], field)))
}

// flow puts objects beside each other and goes on below where they do not fit,
// as long words in other languages may not.
type flow struct {
	gap   float32
	width float32
	end   bool // lines end at the trailing edge
}

func newFlow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &flow{gap: gap}, Objects: objects}
}

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

func (f *flow) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	lines := f.lines(objects, width)
	height := float32(max(0, len(lines)-1)) * f.gap
	for _, line := range lines {
		height += lineHeight(line)
	}
	return height
}

func lineHeight(line []fyne.CanvasObject) float32 {
	height := float32(0)
	for _, o := range line {
		height = max(height, o.MinSize().Height)
	}
	return height
}

// MinSize is Fyne's.
func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, o := range objects {
		if o.Visible() {
			width = max(width, o.MinSize().Width)
		}
	}
	if f.width <= 0 {
		f.width = 10000 // not laid out yet: one line
	}
	return fyne.NewSize(width, f.heightFor(objects, max(width, f.width)))
}

// Layout is Fyne's.
func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	y := float32(0)
	for _, line := range f.lines(objects, size.Width) {
		x, height := float32(0), lineHeight(line)
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

// sideBySide puts a list at the leading edge of a form, or above it where there
// is no room.
type sideBySide struct{ width float32 }

func newSideBySide(list, form fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &sideBySide{}, Objects: []fyne.CanvasObject{list, form}}
}

const (
	listWidth  = 270
	listHeight = 420
	listShort  = 190 // above a form
	listGap    = 22
	listAt     = 620 // what is narrower has the list above the form
)

func (l *sideBySide) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	if width < listAt {
		return listShort + listGap + heightFor(objects[1], width)
	}
	return max(listHeight, heightFor(objects[1], width-listWidth-listGap))
}

// MinSize is Fyne's.
func (l *sideBySide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, l.heightFor(objects, l.width))
}

// Layout is Fyne's.
func (l *sideBySide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	list, form := fyne.NewSize(listWidth, size.Height), fyne.NewPos(listWidth+listGap, 0)
	if size.Width < listAt {
		list, form = fyne.NewSize(size.Width, listShort), fyne.NewPos(0, listShort+listGap)
	}
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(list)
	objects[1].Move(form)
	objects[1].Resize(fyne.NewSize(size.Width-form.X, heightFor(objects[1], size.Width-form.X)))
}

// newTextRow is a label with a text in place of a field.
func newTextRow(label string, text fyne.CanvasObject) fyne.CanvasObject {
	return newFormRow(widgets.NewParagraph(label, widgets.LabelText), newDropped(text))
}

// dropped brings a text to the height of the label beside it.
type dropped struct{ column }

func newDropped(text fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &dropped{}, Objects: []fyne.CanvasObject{text}}
}

func (d *dropped) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return d.column.heightFor(objects, width) + labelDrop
}

// MinSize is Fyne's.
func (d *dropped) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return d.column.MinSize(objects).AddWidthHeight(0, labelDrop)
}

// Layout is Fyne's.
func (d *dropped) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	d.column.Layout(objects, size)
	objects[0].Move(fyne.NewPos(0, labelDrop-1))
}

// tallest is the height that objects beside each other need.
func tallest(objects []fyne.CanvasObject) (height float32) {
	for _, o := range objects {
		height = max(height, o.MinSize().Height)
	}
	return height
}
