package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// StatusItem is a piece of the status bar.
type StatusItem struct {
	Text string
	Dot  color.Color // before the text; nil for none
}

// StatusBar is the line at the foot of the window.
type StatusBar struct {
	composite
	left, right []StatusItem
	strip       *fyne.Container
}

// NewStatusBar returns an empty bar.
func NewStatusBar() *StatusBar {
	b := &StatusBar{strip: hline(18, -1)}
	b.body = NewColumn(0, NewPanelWith(PanelLook{Fill: ColorNamePanel, Edge: theme.ColorNameSeparator, Top: true, PadX: 12, PadY: 4}, b.strip))
	b.ExtendBaseWidget(b)
	b.SetItems(nil, nil)
	return b
}

// SetItems replaces what stands at the left and at the right. Where there is too little room the
// last of the left is cut, so the longest belongs there.
func (b *StatusBar) SetItems(left, right []StatusItem) {
	if b.strip.Objects != nil && slices.Equal(left, b.left) && slices.Equal(right, b.right) {
		return
	}
	b.left, b.right = slices.Clone(left), slices.Clone(right)
	var objs []fyne.CanvasObject
	add := func(items []StatusItem) {
		for _, i := range items {
			text := NewText(i.Text, CaptionText)
			if i.Dot == nil {
				objs = append(objs, text)
				continue
			}
			objs = append(objs, hline(6, -1, newDot(i.Dot), text))
		}
	}
	rest := StatusItem{} // of the left the last one has what room there is, and is cut where that is too little
	if n := len(left) - 1; n >= 0 && left[n].Dot == nil {
		left, rest = left[:n], left[n]
	}
	add(left)
	grow := len(objs)
	objs = append(objs, NewCutText(rest.Text, CaptionText))
	add(right)
	b.strip.Objects = objs
	b.strip.Layout = &line{gap: 18, grow: grow}
	b.strip.Refresh()
	b.Refresh()
}
