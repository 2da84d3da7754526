package widgets

import "fyne.io/fyne/v2"

// sideBySide puts a list at the leading edge of a form, or above it where there
// is no room.
type sideBySide struct{ width float32 }

// NewSideBySide puts a list at the leading edge of a form, or above it where there is no
// room.
func NewSideBySide(list, form fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &sideBySide{}, Objects: []fyne.CanvasObject{list, form}}
}

const (
	listWidth  = 270
	listHeight = 420
	listShort  = 190 // above a form
	listGap    = 22
	listAt     = 620 // what is narrower has the list above the form
)

// HeightFor is the height of the taller of the two, or of both where the list is above.
func (l *sideBySide) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	if width < listAt {
		return listShort + listGap + HeightFor(objects[1], width)
	}
	return max(listHeight, HeightFor(objects[1], width-listWidth-listGap))
}

// MinSize is Fyne's.
func (l *sideBySide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, l.HeightFor(objects, l.width))
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
	objects[1].Resize(fyne.NewSize(size.Width-form.X, HeightFor(objects[1], size.Width-form.X)))
}
