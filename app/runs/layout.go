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
// origin goes first, then the filter gets narrower, then the count is cut.
type rowsBar struct {
	origin, count *widgets.Text
}

const (
	barGap      = 8
	filterMost  = 240
	filterLeast = 110
	countLeast  = 60
)

func newRowsBar(filter, scope fyne.CanvasObject, origin, count *widgets.Text, buttons ...fyne.CanvasObject) *fyne.Container {
	objects := append([]fyne.CanvasObject{filter, scope, origin, count}, buttons...)
	return &fyne.Container{Layout: &rowsBar{origin: origin, count: count}, Objects: objects}
}

// fixed is the width of what is never cut, and of the gaps around it.
func (*rowsBar) fixed(objects []fyne.CanvasObject) (width float32) {
	for _, o := range append([]fyne.CanvasObject{objects[1]}, objects[4:]...) {
		width += o.MinSize().Width + barGap
	}
	return width
}

// MinSize is Fyne's.
func (b *rowsBar) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(filterLeast+countLeast+barGap+b.fixed(objects)+2*tabPad, widgets.Tallest(objects)+2*barDrop)
}

// Layout is Fyne's.
func (b *rowsBar) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(tabPad)
	place := func(o fyne.CanvasObject, width float32) {
		height := o.MinSize().Height
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		o.Resize(fyne.NewSize(max(0, width), height))
		x += width + barGap
	}
	room := size.Width - 2*tabPad - b.fixed(objects)
	scope := objects[1].MinSize().Width
	narrow := room < filterLeast+countLeast+barGap // then the scope goes: its place holder says what is searched
	widgets.SetVisible(objects[1], !narrow)
	if narrow {
		room += scope + barGap
	}
	count := b.count.WholeWidth() + 1
	filter := max(filterLeast, min(filterMost, room-count-barGap))
	count = max(0, min(count, room-filter-barGap))
	origin := room - filter - count - 2*barGap
	place(objects[0], filter)
	if !narrow {
		place(objects[1], scope)
	}
	widgets.SetVisible(b.origin, origin > countLeast)
	place(objects[2], max(0, origin))
	x = size.Width - tabPad - count
	for _, o := range objects[4:] {
		x -= o.MinSize().Width + barGap
	}
	place(objects[3], count)
	for _, o := range objects[4:] {
		place(o, o.MinSize().Width)
	}
}
