package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// FollowKeyboard has a scroll bring into sight whatever of its content gets the keyboard:
// Fyne's Tab goes on to fields that are scrolled away, and whoever types there does not see
// it. Call it again when there is more in it.
func FollowKeyboard(s *container.Scroll) { follow(s, s.Content) }

func follow(s *container.Scroll, o fyne.CanvasObject) {
	if o == nil {
		return
	}
	if f, takes := o.(interface{ within(*container.Scroll) }); takes {
		f.within(s)
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, inside := range o.Objects {
			follow(s, inside)
		}
	case *container.Scroll:
		follow(s, o.Content)
	case interface{ inside() []fyne.CanvasObject }:
		for _, inside := range o.inside() {
			follow(s, inside)
		}
	}
}

// inSight is part of each widget that takes the keyboard and may stand in a scroll.
type inSight struct{ scrolls []*container.Scroll } // the inner ones first

// broughtInSight is a widget that inSight is part of.
type broughtInSight interface {
	fyne.CanvasObject
	bring(self fyne.CanvasObject)
}

// within tells the widget that it stands in a scroll.
func (i *inSight) within(s *container.Scroll) {
	if !slices.Contains(i.scrolls, s) {
		i.scrolls = append(i.scrolls, s)
	}
}

// bring scrolls so far that the widget is in sight.
func (i *inSight) bring(self fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	on := d.CanvasForObject(self)
	for _, s := range i.scrolls {
		if on == nil || d.CanvasForObject(s) != on { // not drawn yet, or moved elsewhere
			continue
		}
		at := d.AbsolutePositionForObject(self).Y - d.AbsolutePositionForObject(s.Content).Y
		scrollTo(s, at-sightRoom, at+self.Size().Height+sightRoom)
	}
}

// sightRoom is kept free over and under what is brought into sight.
const sightRoom = 12

// scrollTo scrolls, if need be, until what lies between top and bottom is in sight; of what
// is taller than the scroll, the top.
func scrollTo(s *container.Scroll, top, bottom float32) {
	view := s.Size().Height
	switch {
	case top < s.Offset.Y || bottom-top > view:
		s.ScrollToOffset(fyne.NewPos(0, max(0, top)))
	case bottom > s.Offset.Y+view:
		s.ScrollToOffset(fyne.NewPos(0, bottom-view))
	}
}
