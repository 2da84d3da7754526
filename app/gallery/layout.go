package gallery

import (
	"fyne.io/fyne/v2"

	"postroom/widgets"
)

const (
	pad       = 14
	sideLeast = 640 // width from which the preview stands beside the list
	listMost  = 460
	listLeast = 110 // of its height where it stands over the preview
	formLeast = 96  // of the questions with Run: they scroll
)

// arrangement puts the preview beside the list, or below it where there is little
// room; the questions and the buttons are always in sight.
type arrangement struct{}

// MinSize is Fyne's.
func (*arrangement) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(max(240, objects[2].MinSize().Width), listLeast+60+formLeast+2*pad)
}

// Layout is Fyne's.
func (*arrangement) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list, preview, form := objects[0], objects[1], objects[2]
	at, width := fyne.NewPos(0, 0), size.Width
	if size.Width >= sideLeast {
		side := min(listMost, size.Width*0.42)
		list.Move(at)
		list.Resize(fyne.NewSize(side, size.Height))
		at.X, width = side, size.Width-side
	} else {
		height := max(listLeast, size.Height*0.28)
		list.Move(at)
		list.Resize(fyne.NewSize(size.Width, height))
		at.Y = height
	}
	asked := float32(0)
	if form.Visible() {
		asked = min(widgets.HeightFor(form, width), max(formLeast, (size.Height-at.Y)*0.6))
	}
	preview.Move(at.AddXY(pad, pad))
	preview.Resize(fyne.NewSize(width-2*pad, max(0, size.Height-at.Y-asked-pad)))
	form.Move(fyne.NewPos(at.X, size.Height-asked))
	form.Resize(fyne.NewSize(width, asked))
}
