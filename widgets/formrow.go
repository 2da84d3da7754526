package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
)

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

// NewFormRow puts a label beside its field, or above it where there is no room.
func NewFormRow(label, field fyne.CanvasObject) *fyne.Container {
	return NewFormRowWith(labelWidth, label, field)
}

// NewFormRowWith is NewFormRow with a label of another width.
func NewFormRowWith(width float32, label, field fyne.CanvasObject) *fyne.Container {
	if text, is := label.(*Text); is {
		nameFirst(field, text.Value())
	}
	return &fyne.Container{Layout: &formRow{column: column{gap: 2}, label: width}, Objects: []fyne.CanvasObject{label, field}}
}

// nameFirst gives the first field in an object the name of its label, for screen readers.
func nameFirst(o fyne.CanvasObject, name string) (done bool) {
	switch o := o.(type) {
	case interface{ setName(name string) }:
		o.setName(name)
		return true
	case *fyne.Container:
		return slices.ContainsFunc(o.Objects, func(part fyne.CanvasObject) bool { return nameFirst(part, name) })
	}
	return false
}

// HeightFor is the height of the taller of the two, or of both where there is no room
// beside each other.
func (r *formRow) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	if width < labelBesideAt {
		return r.column.HeightFor(objects, width)
	}
	return max(HeightFor(objects[0], r.label)+labelDrop, HeightFor(objects[1], width-r.label-labelGap))
}

// labelDrop brings a label to the height of the text in the field beside it.
const labelDrop = 7

// MinSize is Fyne's.
func (r *formRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := objects[1].MinSize().Width
	return fyne.NewSize(width, r.HeightFor(objects, max(width, r.width)))
}

// Layout is Fyne's.
func (r *formRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	r.width = size.Width
	if size.Width < labelBesideAt {
		r.column.Layout(objects, size)
		return
	}
	objects[0].Move(fyne.NewPos(0, labelDrop))
	objects[0].Resize(fyne.NewSize(r.label, HeightFor(objects[0], r.label)))
	field := size.Width - r.label - labelGap
	objects[1].Move(fyne.NewPos(r.label+labelGap, 0))
	objects[1].Resize(fyne.NewSize(field, HeightFor(objects[1], field)))
}

// NewTextRow is a form row with a text in place of a field.
func NewTextRow(label string, text fyne.CanvasObject) fyne.CanvasObject {
	return NewFormRow(NewParagraph(label, LabelText), NewDropped(text))
}

// dropped brings a text to the height of the label beside it.
type dropped struct{ column }

// NewDropped puts a text at the height of the label beside it.
func NewDropped(text fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &dropped{}, Objects: []fyne.CanvasObject{text}}
}

// HeightFor is the height of the text and of the drop.
func (d *dropped) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return d.column.HeightFor(objects, width) + labelDrop
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
