package app

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"postroom/widgets"
)

// sheet is a dialog over the window: a heading, a line of explanation, what it
// is about, and its buttons. It is as tall as its content needs at its width;
// what does not fit into the window scrolls, and the buttons stay in sight.
type sheet struct {
	window *mainWindow
	head   *fyne.Container
	body   *fyne.Container // a column
	scroll *container.Scroll
	foot   fyne.CanvasObject
	frame  *fyne.Container
	popup  *widget.PopUp
	width  float32
	leave  func() // Escape
}

const (
	sheetPad    = 22 // round the content
	sheetMargin = 16 // kept free round the sheet
	sheetGap    = 14 // between heading, content and buttons
)

// newSheet makes a sheet that is not shown yet. foot holds the buttons.
func newSheet(w *mainWindow, title, explanation string, width float32, foot fyne.CanvasObject, content ...fyne.CanvasObject) *sheet {
	s := &sheet{window: w, width: width, foot: foot, head: newColumn(4, widgets.NewParagraph(title, widgets.HeadingText))}
	if explanation != "" {
		s.head.Add(widgets.NewParagraph(explanation, widgets.MutedText))
	}
	s.body = newColumn(10, content...)
	s.scroll = container.NewVScroll(&fyne.Container{Layout: &ringRoom{s}, Objects: []fyne.CanvasObject{s.body}})
	s.frame = &fyne.Container{Layout: &sheetLayout{s}, Objects: []fyne.CanvasObject{s.head, s.scroll, s.foot}}
	s.popup = widget.NewModalPopUp(s.frame, w.window.Canvas())
	s.leave = s.hide
	return s
}

func (s *sheet) show() {
	if !slices.Contains(s.window.sheets, s) {
		s.window.sheets = append(s.window.sheets, s)
	}
	s.popup.Show()
	s.arrange()
}

func (s *sheet) hide() {
	s.window.sheets = slices.DeleteFunc(s.window.sheets, func(o *sheet) bool { return o == s })
	s.popup.Hide()
}

// arrange gives the sheet the size of what is in it.
func (s *sheet) arrange() {
	s.body.Refresh()
	s.frame.Refresh()
	size := s.frame.MinSize()
	s.popup.Resize(size)
	s.scroll.Content.Refresh() // whether it scrolls is known only now
	room := s.window.window.Canvas().Size()
	s.popup.Move(fyne.NewPos((room.Width-size.Width)/2, (room.Height-size.Height)/2))
}

// escapes makes Escape in entries leave the sheet.
func (s *sheet) escapes(entries ...*widgets.Entry) {
	for _, e := range entries {
		before := e.OnKey
		e.OnKey = func(k *fyne.KeyEvent) bool {
			if k.Name == fyne.KeyEscape {
				s.leave()
				return true
			}
			return before != nil && before(k)
		}
	}
}

// windowLayout gives the whole window to what is in it, and the sheets over it
// a size that fits.
type windowLayout struct{ w *mainWindow }

// MinSize is Fyne's.
func (*windowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// Layout is Fyne's.
func (l *windowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
	for _, s := range l.w.sheets {
		s.arrange()
	}
}

// sheetLayout puts the heading on top, the buttons at the foot and gives the
// rest to the content.
type sheetLayout struct{ s *sheet }

func (l *sheetLayout) size() fyne.Size {
	room := l.s.window.window.Canvas().Size().SubtractWidthHeight(2*sheetMargin, 2*sheetMargin)
	width := max(240, min(l.s.width, room.Width))
	inner := width - 2*sheetPad
	height := heightFor(l.s.head, inner) + heightFor(l.s.body, inner) + 2*ringWidth + heightFor(l.s.foot, inner) + 2*sheetPad + 2*sheetGap
	return fyne.NewSize(width, max(160, min(height, room.Height)))
}

// MinSize is Fyne's.
func (l *sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.size() }

// Layout is Fyne's.
func (l *sheetLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	inner := size.Width - 2*sheetPad
	place := func(o fyne.CanvasObject, y, height float32) {
		o.Move(fyne.NewPos(sheetPad, y))
		o.Resize(fyne.NewSize(inner, height))
	}
	head, foot := heightFor(l.s.head, inner), heightFor(l.s.foot, inner)
	place(l.s.head, sheetPad, head)
	if c, ok := l.s.body.Layout.(*column); ok {
		c.width = inner // its height follows from it
	}
	top := sheetPad + head + sheetGap
	l.s.scroll.Move(fyne.NewPos(sheetPad-ringWidth, top))
	l.s.scroll.Resize(fyne.NewSize(inner+2*ringWidth, size.Height-top-foot-sheetPad-sheetGap))
	place(l.s.foot, size.Height-sheetPad-foot, foot)
}

// ringWidth is the room round what scrolls, so that the focus ring of a field
// at the edge is not cut off.
const ringWidth = 3

// ringRoom keeps ringWidth free on all sides.
type ringRoom struct{ s *sheet }

// scrollBarWidth is kept free at the trailing edge while the content scrolls.
const scrollBarWidth = 12

// MinSize is Fyne's.
func (r *ringRoom) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(2*ringWidth, 2*ringWidth)
}

// Layout is Fyne's.
func (r *ringRoom) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	inner := size.SubtractWidthHeight(2*ringWidth, 2*ringWidth)
	if size.Height > r.s.scroll.Size().Height+1 {
		inner.Width -= scrollBarWidth
	}
	objects[0].Move(fyne.NewPos(ringWidth, ringWidth))
	objects[0].Resize(inner)
}
