package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Sheets are the dialogs over a window. The one shown last has the keyboard: the window
// asks Top before it does what a key stands for.
type Sheets struct {
	canvas fyne.Canvas
	shown  []*Sheet // the topmost last
}

// NewSheets returns the sheets over a canvas, none of them shown.
func NewSheets(over fyne.Canvas) *Sheets { return &Sheets{canvas: over} }

// Top returns the sheet that has the keyboard, nil when none is shown.
func (s *Sheets) Top() *Sheet {
	if len(s.shown) == 0 {
		return nil
	}
	return s.shown[len(s.shown)-1]
}

// Count returns how many sheets are shown over each other.
func (s *Sheets) Count() int { return len(s.shown) }

// Arrange gives the sheets a size that fits into the window after that has changed.
func (s *Sheets) Arrange() {
	for _, sheet := range s.shown {
		sheet.Arrange()
	}
}

// Typed gives a key that no widget has used to the sheet that has the keyboard: Escape
// leaves it, and the keys of movement scroll what does not fit into the window. It tells
// whether there is one: the key is not for the window then.
func (s *Sheets) Typed(k *fyne.KeyEvent) bool {
	top := s.Top()
	switch {
	case top == nil:
		return false
	case k.Name == fyne.KeyEscape:
		top.Leave()
	default:
		top.move(k.Name)
	}
	return true
}

// SheetSpec is what a sheet has beside its content.
type SheetSpec struct {
	Title       string
	Explanation string            // a line below the title; may be empty
	Width       float32           // as far as the window has room
	Foot        fyne.CanvasObject // the buttons, see NewFoot
}

// Sheet is a dialog over the window: a heading, a line of explanation, what it is about,
// and its buttons. It is as tall as its content needs at its width; what does not fit
// into the window scrolls, and the buttons stay in sight.
type Sheet struct {
	// Leave is what Escape does: Hide, or what its owner sets.
	Leave func()

	sheets *Sheets
	spec   SheetSpec
	head   *fyne.Container
	body   *fyne.Container // a column
	scroll *container.Scroll
	frame  *fyne.Container
	popup  *widget.PopUp
	before fyne.Focusable // had the keyboard
}

const (
	sheetPad    = 22 // round the content
	sheetMargin = 16 // kept free round the sheet
	sheetGap    = 14 // between heading, content and buttons
)

// New returns a sheet that is not shown yet.
func (s *Sheets) New(spec SheetSpec, content ...fyne.CanvasObject) *Sheet {
	sheet := &Sheet{sheets: s, spec: spec, head: NewColumn(4, NewParagraph(spec.Title, HeadingText))}
	if spec.Explanation != "" {
		sheet.head.Add(NewParagraph(spec.Explanation, MutedText))
	}
	sheet.body = NewColumn(10, content...)
	sheet.scroll = container.NewVScroll(&fyne.Container{Layout: &ringRoom{sheet}, Objects: []fyne.CanvasObject{sheet.body}})
	sheet.frame = &fyne.Container{Layout: &sheetLayout{sheet}, Objects: []fyne.CanvasObject{sheet.head, sheet.scroll, spec.Foot}}
	sheet.popup = widget.NewModalPopUp(sheet.frame, s.canvas)
	sheet.Leave = sheet.Hide
	return sheet
}

// Add adds content at the end.
func (s *Sheet) Add(content fyne.CanvasObject) { s.body.Add(content) }

// Title returns the heading.
func (s *Sheet) Title() string { return s.spec.Title }

// SetTitle replaces the heading.
func (s *Sheet) SetTitle(title string) {
	s.spec.Title = title
	if t, ok := s.head.Objects[0].(*Text); ok {
		t.SetText(title)
	}
}

// Shown tells whether the sheet is shown, on top or below others.
func (s *Sheet) Shown() bool { return slices.Contains(s.sheets.shown, s) }

// Show shows the sheet over all others and gives it the keyboard: focus says to which of
// its widgets.
func (s *Sheet) Show(focus fyne.Focusable) {
	if !s.Shown() {
		if s.sheets.canvas.Overlays().Top() == nil { // inside another sheet it goes with that one
			s.before = s.sheets.canvas.Focused()
		}
		s.sheets.shown = append(s.sheets.shown, s)
	}
	s.popup.Show()
	s.Arrange()
	s.sheets.canvas.Focus(focus)
}

// Hide closes the sheet and gives the keyboard back to who had it.
func (s *Sheet) Hide() {
	if !s.Shown() {
		return
	}
	s.sheets.shown = slices.DeleteFunc(s.sheets.shown, func(o *Sheet) bool { return o == s })
	s.popup.Hide()
	if s.before != nil && s.sheets.Top() == nil {
		s.sheets.canvas.Focus(s.before)
	}
	s.before = nil
}

// ScrollToEnd shows the end of what does not fit into the window.
func (s *Sheet) ScrollToEnd() { s.scroll.ScrollToBottom() }

// sheetStep is how far an arrow scrolls: about a line.
const sheetStep = 36

// move scrolls what does not fit into the window.
func (s *Sheet) move(k fyne.KeyName) {
	room := s.scroll.Size().Height
	most := max(0, s.scroll.Content.Size().Height-room)
	page := max(sheetStep, room-sheetStep)
	to := s.scroll.Offset
	switch k {
	case fyne.KeyUp:
		to.Y -= sheetStep
	case fyne.KeyDown:
		to.Y += sheetStep
	case fyne.KeyPageUp:
		to.Y -= page
	case fyne.KeyPageDown:
		to.Y += page
	case fyne.KeyHome:
		to.Y = 0
	case fyne.KeyEnd:
		to.Y = most
	default:
		return
	}
	to.Y = min(max(0, to.Y), most)
	s.scroll.ScrollToOffset(to)
}

// Arrange gives the sheet the size of what is in it, after that has changed.
func (s *Sheet) Arrange() {
	FollowKeyboard(s.scroll)
	s.body.Refresh()
	s.frame.Refresh()
	s.spec.Foot.Refresh() // the texts of its buttons may have changed
	size := s.frame.MinSize()
	s.popup.Resize(size)
	s.scroll.Content.Refresh() // whether it scrolls is known only now
	room := s.sheets.canvas.Size()
	s.popup.Move(fyne.NewPos((room.Width-size.Width)/2, (room.Height-size.Height)/2))
}

// sheetLayout puts the heading on top, the buttons at the foot and gives the
// rest to the content.
type sheetLayout struct{ s *Sheet }

func (l *sheetLayout) size() fyne.Size {
	room := l.s.sheets.canvas.Size().SubtractWidthHeight(2*sheetMargin, 2*sheetMargin)
	width := max(240, min(l.s.spec.Width, room.Width))
	inner := width - 2*sheetPad
	height := HeightFor(l.s.head, inner) + HeightFor(l.s.body, inner) + 2*ringWidth + HeightFor(l.s.spec.Foot, inner) + 2*sheetPad + 2*sheetGap
	return fyne.NewSize(width, max(160, min(height, room.Height)))
}

// MinSize is Fyne's.
func (l *sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.size() }

// Layout is Fyne's.
func (l *sheetLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	inner := size.Width - 2*sheetPad
	head, foot := HeightFor(l.s.head, inner), HeightFor(l.s.spec.Foot, inner)
	place(l.s.head, sheetPad, sheetPad, inner, head)
	if c, ok := l.s.body.Layout.(*column); ok {
		c.width = inner // its height follows from it
	}
	top := sheetPad + head + sheetGap
	l.s.scroll.Move(fyne.NewPos(sheetPad-ringWidth, top))
	l.s.scroll.Resize(fyne.NewSize(inner+2*ringWidth, size.Height-top-foot-sheetPad-sheetGap))
	place(l.s.spec.Foot, sheetPad, size.Height-sheetPad-foot, inner, foot)
}

// ringWidth is the room round what scrolls, so that the focus ring of a field
// at the edge is not cut off.
const ringWidth = 3

// ringRoom keeps ringWidth free on all sides.
type ringRoom struct{ s *Sheet }

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
