package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// StatusItem is a piece of the status bar.
type StatusItem struct {
	Text string
	// Least is how much of the text must stay readable, where it is the last of the left:
	// what stands beside it gives way.
	Least string
}

// StatusBar is the line at the foot of the window.
type StatusBar struct {
	composite
	left, right []StatusItem
	strip       *fyne.Container
}

// NewStatusBar returns an empty bar.
func NewStatusBar() *StatusBar {
	b := &StatusBar{strip: hline(statusGap, -1)}
	b.body = NewColumn(0, NewPanelWith(PanelLook{Fill: ColorNamePanel, Edge: theme.ColorNameSeparator, Top: true, PadX: 12, PadY: 4}, b.strip))
	b.ExtendBaseWidget(b)
	b.SetItems(nil, nil)
	return b
}

// SetItems replaces what stands at the left and at the right. Where there is too little room the
// last of the left is cut, so the longest belongs there; down to its Least, then those before
// it are cut in their order.
func (b *StatusBar) SetItems(left, right []StatusItem) {
	if b.strip.Objects != nil && slices.Equal(left, b.left) && slices.Equal(right, b.right) {
		return
	}
	b.left, b.right = slices.Clone(left), slices.Clone(right)
	var objs []fyne.CanvasObject
	add := func(items ...StatusItem) {
		for _, i := range items {
			objs = append(objs, NewCutText(i.Text, CaptionText))
		}
	}
	rest := StatusItem{} // of the left the last one has what room there is, and is cut where that is too little
	if n := len(left) - 1; n >= 0 {
		left, rest = left[:n], left[n]
	}
	add(left...)
	grow := len(objs)
	add(rest)
	add(right...)
	b.strip.Objects = objs
	b.strip.Layout = &statusRow{line: line{gap: statusGap, grow: grow}, least: NewText(rest.Least+" …", CaptionText).WholeWidth()}
	b.strip.Refresh()
	b.Refresh()
}

const (
	statusGap  = 18
	statusStub = 14 // of an item that had to give way: its ellipsis
)

// statusRow is a line whose growing object has at least so much: those before it, then those
// behind it, give way.
type statusRow struct {
	line
	least float32
}

// MinSize is of one line: what stands in it can be cut.
func (r *statusRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(r.least+float32(max(0, len(objects)-1))*(statusStub+r.gap), r.line.MinSize(objects).Height)
}

// Layout places the items.
func (r *statusRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	widths := make([]float32, len(objects))
	left := size.Width - float32(max(0, len(objects)-1))*r.gap
	for i, o := range objects {
		if i != r.grow {
			widths[i] = o.(*Text).WholeWidth()
			left -= widths[i]
		}
	}
	for i := range widths {
		if less := min(widths[i]-statusStub, r.least-left); less > 0 && i != r.grow {
			widths[i] -= less
			left += less
		}
	}
	widths[r.grow] = max(0, left)
	x := float32(0)
	for i, o := range objects {
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(widths[i], h))
		o.Move(fyne.NewPos(x, (size.Height-h)/2))
		x += widths[i] + r.gap
	}
}
