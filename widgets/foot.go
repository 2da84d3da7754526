package widgets

import "fyne.io/fyne/v2"

// foot is the row of buttons of a sheet: one at the leading edge, which may be
// nil, and the others at the trailing edge; below each other where there is no
// room.
type foot struct{ column }

// NewFoot is the row of buttons of a sheet. leading, at the leading edge, may be nil.
func NewFoot(leading *Button, trailing ...fyne.CanvasObject) *fyne.Container {
	if leading == nil {
		return NewFootOf(nil, trailing...)
	}
	return NewFootOf([]fyne.CanvasObject{leading}, trailing...)
}

// NewFootOf is NewFoot with several buttons at the beginning.
func NewFootOf(leading []fyne.CanvasObject, trailing ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &foot{column{gap: 8}}, Objects: []fyne.CanvasObject{NewFlow(8, leading...), newFlowAtEnd(8, trailing...)}}
}

func (f *foot) beside(objects []fyne.CanvasObject, width float32) bool {
	need := float32(8)
	for _, part := range objects {
		c, ok := part.(*fyne.Container)
		if !ok {
			return false
		}
		for _, o := range c.Objects {
			need += o.MinSize().Width + 8
		}
	}
	return need <= width
}

// HeightFor is the height of one line of buttons, or of two where there is no room.
func (f *foot) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	if f.beside(objects, width) {
		return max(HeightFor(objects[0], width), HeightFor(objects[1], width))
	}
	return f.column.HeightFor(objects, width)
}

// MinSize is Fyne's.
func (f *foot) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, f.HeightFor(objects, f.width))
}

// Layout is Fyne's.
func (f *foot) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	if !f.beside(objects, size.Width) {
		f.column.Layout(objects, size)
		return
	}
	first := float32(0)
	if c, ok := objects[0].(*fyne.Container); ok {
		for _, o := range c.Objects {
			first += o.MinSize().Width + 8
		}
	}
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(first, size.Height))
	objects[1].Move(fyne.NewPos(first, 0))
	objects[1].Resize(fyne.NewSize(size.Width-first, size.Height))
}
