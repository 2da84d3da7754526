package gallery

import (
	"fyne.io/fyne/v2"

	"postroom/widgets"
)

const (
	pad       = 14
	sideLeast = 640 // width from which the preview stands beside the list
	listMost  = 460
	listLeast = 150 // of its height where it stands over the preview
)

// arrangement puts the preview beside the list, or below it where there is little
// room; the buttons are always in sight.
type arrangement struct{}

// MinSize is Fyne's.
func (*arrangement) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(240, listLeast+60+objects[2].MinSize().Height+2*pad)
}

// Layout is Fyne's.
func (*arrangement) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list, preview, foot := objects[0], objects[1], objects[2]
	at, width := fyne.NewPos(0, 0), size.Width
	if size.Width >= sideLeast {
		side := min(listMost, size.Width*0.45)
		list.Move(at)
		list.Resize(fyne.NewSize(side, size.Height))
		at.X, width = side, size.Width-side
	} else {
		height := max(listLeast, size.Height*0.42)
		list.Move(at)
		list.Resize(fyne.NewSize(size.Width, height))
		at.Y = height
	}
	feet := widgets.HeightFor(foot, width-2*pad)
	preview.Move(at.AddXY(pad, pad))
	preview.Resize(fyne.NewSize(width-2*pad, max(0, size.Height-at.Y-feet-3*pad)))
	foot.Move(fyne.NewPos(at.X+pad, size.Height-feet-pad))
	foot.Resize(fyne.NewSize(width-2*pad, feet))
}
