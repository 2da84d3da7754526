package runs

import (
	"fyne.io/fyne/v2"

	"postroom/widgets"
)

const (
	tabPad    = 14  // room at the sides of the parts of a tab, as the form has it
	barDrop   = 3   // room over and under the bar of the rows
	formLeast = 150 // height of the form where the window is low: it scrolls
)

// tabLayout arranges a tab: the form, what stands over the rows, the rows, and
// the foot. The form and what stands over the rows have the height that they
// need at the width; a form that is open gets what the rows can spare, since it
// folds to a line when it runs.
type tabLayout struct{ width float32 }

// MinSize is Fyne's.
func (l *tabLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	form, top, foot, rows := objects[0], objects[1], objects[2], objects[3]
	size := rows.MinSize()
	for _, o := range objects {
		size.Width = max(size.Width, o.MinSize().Width)
	}
	width := max(size.Width, l.width)
	size.Height += min(formLeast, widgets.HeightFor(form, width)) + widgets.HeightFor(top, width) + widgets.HeightFor(foot, width)
	return size
}

// Layout is Fyne's.
func (l *tabLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	form, top, foot, rows := objects[0], objects[1], objects[2], objects[3]
	topHeight, footHeight := widgets.HeightFor(top, size.Width), widgets.HeightFor(foot, size.Width)
	rest := size.Height - topHeight - footHeight
	formHeight := min(widgets.HeightFor(form, size.Width), max(formLeast, rest-rows.MinSize().Height))
	y := float32(0)
	place := func(o fyne.CanvasObject, height float32) {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, max(0, height)))
		y += height
	}
	place(form, formHeight)
	place(top, topHeight)
	place(rows, rest-formHeight)
	place(foot, footHeight)
}

// rowsBar is the bar over the rows: the filter and what it looks at, where the
// rows came from, how many there are, and buttons. Where there is little room the
// origin goes first, then the filter gets narrower; then the buttons stand in a line
// of their own, and the origin beside them: what the filter looks at is found
// nowhere else, and a count that is cut is none.
type rowsBar struct {
	origin, count *widgets.Text
	width         float32 // of the last layout
}

const (
	barGap      = 8
	filterMost  = 240
	filterLeast = 110
	countRoom   = 110 // of a count of six digits
	originLeast = 60
)

func newRowsBar(filter, scope fyne.CanvasObject, origin, count *widgets.Text, buttons ...fyne.CanvasObject) *fyne.Container {
	objects := append([]fyne.CanvasObject{filter, scope, origin, count}, buttons...)
	return &fyne.Container{Layout: &rowsBar{origin: origin, count: count}, Objects: objects}
}

// least gives the least width of filter, scope and count, and that of the buttons; each
// with the gaps between its parts.
func (*rowsBar) least(objects []fyne.CanvasObject) (found, buttons float32) {
	for _, o := range objects[4:] {
		buttons += o.MinSize().Width + barGap
	}
	return filterLeast + barGap + objects[1].MinSize().Width + barGap + countRoom, buttons - barGap
}

// lines is 2 where not everything has room beside each other.
func (b *rowsBar) lines(objects []fyne.CanvasObject, width float32) float32 {
	if found, buttons := b.least(objects); found+barGap+buttons+2*tabPad > width {
		return 2
	}
	return 1
}

// HeightFor is the height of one line or of two, at a width.
func (b *rowsBar) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return b.lines(objects, width) * (widgets.Tallest(objects) + 2*barDrop)
}

// MinSize is Fyne's.
func (b *rowsBar) MinSize(objects []fyne.CanvasObject) fyne.Size {
	found, buttons := b.least(objects)
	least := max(found, buttons) + 2*tabPad
	return fyne.NewSize(least, b.HeightFor(objects, max(least, b.width)))
}

// Layout is Fyne's.
func (b *rowsBar) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	b.width = size.Width
	lines := b.lines(objects, size.Width)
	height := size.Height / lines
	x, y := float32(tabPad), float32(0)
	place := func(o fyne.CanvasObject, width float32) {
		h := o.MinSize().Height
		o.Move(fyne.NewPos(x, y+(height-h)/2))
		o.Resize(fyne.NewSize(max(0, width), h))
		x += width + barGap
	}
	_, buttons := b.least(objects)
	scope, count := objects[1].MinSize().Width, b.count.WholeWidth()+1
	room := size.Width - 2*tabPad - scope - barGap // of filter, origin and count
	right := size.Width - tabPad                   // where the count ends
	if lines == 1 {
		room -= barGap + buttons
		right -= barGap + buttons
	}
	filter := max(filterLeast, min(filterMost, room-count-barGap))
	count = max(0, min(count, room-filter-barGap))
	origin := room - filter - count - 2*barGap
	place(objects[0], filter)
	place(objects[1], scope)
	if lines == 1 {
		place(b.origin, origin)
	}
	x = right - count
	place(b.count, count)
	if lines == 2 {
		x, y, origin = tabPad, height, size.Width-2*tabPad-barGap-buttons
		place(b.origin, origin)
	}
	widgets.SetVisible(b.origin, origin > originLeast)
	x = size.Width - tabPad - buttons
	for _, o := range objects[4:] {
		place(o, o.MinSize().Width)
	}
}
