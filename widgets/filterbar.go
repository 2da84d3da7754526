package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
)

// FilterChip is one of the things that take rows away.
type FilterChip struct {
	Text     string // "Kind: User, Shared"
	OnTapped func() // to change it
	OnClosed func() // to take it off
}

// FilterBar says what takes rows away: a chip for each, all off with one click. Where the
// chips have no room it shows their number alone, a click on which unfolds them.
type FilterBar struct {
	composite

	OnClear func() // a person takes all filters off
	OnFold  func() // the bar needs another height now

	count *Button // stands for the chips that have no room
	clear *Button
	open  bool // the chips are shown although they need several lines
}

// NewFilterBar returns a bar without chips.
func NewFilterBar() *FilterBar {
	b := &FilterBar{}
	b.count = NewLink("", func() {
		b.open = !b.open
		b.body.Refresh()
		if b.OnFold != nil {
			b.OnFold()
		}
	})
	b.count.Icon = IconFunnel
	b.clear = NewLink(tr("Clear"), func() {
		if b.OnClear != nil {
			b.OnClear()
		}
	})
	b.body = &fyne.Container{Layout: &chipFlow{flow: flow{gap: 6}, bar: b}}
	b.ExtendBaseWidget(b)
	return b
}

// SetChips replaces the chips; none hides the bar.
func (b *FilterBar) SetChips(chips []FilterChip) {
	b.count.SetText(tr("Filters: {{.n}}", "n", strconv.Itoa(len(chips))))
	objects := []fyne.CanvasObject{b.count}
	for _, c := range chips {
		objects = append(objects, NewChip(c.Text, c.OnTapped, c.OnClosed))
	}
	b.body.Objects = append(objects, b.clear)
	b.open = b.open && len(chips) > 0
	SetVisible(b, len(chips) > 0)
	b.body.Refresh()
}

// chipFlow lays out the bar: what stands for the chips, the chips, and what clears them.
type chipFlow struct {
	flow
	bar *FilterBar
}

// fold decides whether the chips or their number are shown at a width.
func (c *chipFlow) fold(objects []fyne.CanvasObject, width float32) {
	if len(objects) == 0 {
		return
	}
	need := float32(0)
	for _, o := range objects[1:] {
		need += o.MinSize().Width + c.gap
	}
	crowded := need > width
	show(objects[0], crowded)
	for _, o := range objects[1 : len(objects)-1] {
		show(o, !crowded || c.bar.open)
	}
}

// HeightFor is the height of all lines, at a width.
func (c *chipFlow) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	c.fold(objects, width)
	return c.flow.HeightFor(objects, width)
}

// MinSize is Fyne's.
func (c *chipFlow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(60, c.HeightFor(objects, max(60, c.width)))
}

// Layout is Fyne's.
func (c *chipFlow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.fold(objects, size.Width)
	c.flow.Layout(objects, size)
}
