package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// HeightFor returns the height that the whole form takes at a width; its fields scroll where
// it gets less.
func (f *ParameterForm) HeightFor(width float32) float32 {
	if f.fold.folded {
		_, buttons := f.foldedWidths(width)
		return HeightFor(f.foot.box, buttons) + 12
	}
	h := f.footHeight(width) + f.strip.heightFor(width-2*formPad)
	if f.head.visible() {
		h += f.head.box.MinSize().Height + 14
	}
	if len(f.fields.box.Objects) > 0 {
		h += HeightFor(f.fields.box, width-2*formPad) + 12
	}
	return h
}

// footHeight is the height of Run and what follows it, in a form of a width.
func (f *ParameterForm) footHeight(width float32) float32 {
	return HeightFor(f.foot.box, width-2*formPad) + 14
}

// foldedWidths are those of what was asked and of the buttons beside it.
func (f *ParameterForm) foldedWidths(width float32) (asked, buttons float32) {
	inner := width - 2*formPad
	asked = min(max(width*0.35, inner-f.foot.box.MinSize().Width-12), inner)
	return asked, inner - asked - 12
}

// CreateRenderer is Fyne's.
func (f *ParameterForm) CreateRenderer() fyne.WidgetRenderer {
	r := &formRenderer{f: f, back: newFlat(), line: newFlat(), under: newFlat(), strip: newFlat()}
	r.objs = []fyne.CanvasObject{r.back, f.fold.box, f.head.box, f.scroll, r.strip, f.strip.box, r.line, f.foot.box, r.under}
	r.Refresh()
	return r
}

type formRenderer struct {
	f                        *ParameterForm
	back, line, under, strip *canvas.Rectangle
	objs                     []fyne.CanvasObject
}

func (r *formRenderer) Destroy()                     {}
func (r *formRenderer) Objects() []fyne.CanvasObject { return r.objs }

func (r *formRenderer) MinSize() fyne.Size {
	least := r.f.footHeight(leastActions) + 40
	if r.f.fold.folded {
		least = r.f.HeightFor(leastActions)
	}
	return fyne.NewSize(leastActions, least)
}

// leastActions is the width that Run and what follows it need at least.
const leastActions = 300

func (r *formRenderer) Layout(s fyne.Size) {
	f := r.f
	folded := f.fold.folded
	inner := s.Width - 2*formPad
	place(r.back, 0, 0, s.Width, s.Height)
	place(r.under, 0, s.Height-1, s.Width, 1)
	show(f.fold.box, folded)
	show(f.head.box, !folded && f.head.visible())
	show(f.scroll, !folded)
	show(r.line, !folded)
	if folded {
		r.layoutFolded(s)
		return
	}
	var y float32
	if f.head.visible() {
		f.head.fit(inner)
		h := f.head.box.MinSize().Height
		layLine(f.head.box, fyne.NewPos(formPad, 8), fyne.NewSize(inner, h), 2)
		y = h + 12
	}
	foot, strip := f.footHeight(s.Width), f.strip.heightFor(inner)
	place(f.scroll, 0, y, s.Width, s.Height-y-foot-strip)
	show(r.strip, strip > 0)
	show(f.strip.box, strip > 0)
	f.strip.show()
	place(r.strip, 0, s.Height-foot-strip, s.Width, strip)
	place(f.strip.box, formPad, s.Height-foot-strip+5, inner, max(0, strip-10))
	place(r.line, 0, s.Height-foot, s.Width, 1)
	lay(f.foot.box, fyne.NewPos(formPad, s.Height-foot+7), fyne.NewSize(inner, foot-14))
}

// layoutFolded puts what was asked and the buttons beside each other.
func (r *formRenderer) layoutFolded(s fyne.Size) {
	f := r.f
	show(r.strip, false)
	show(f.strip.box, false)
	asked, buttons := f.foldedWidths(s.Width)
	layLine(f.fold.box, fyne.NewPos(formPad, 6), fyne.NewSize(asked, f.foot.run.MinSize().Height), 2)
	lay(f.foot.box, fyne.NewPos(formPad+asked+12, 6), fyne.NewSize(buttons, s.Height-12))
}

// lay places a container and lays it out, also where it has that size already: its words may
// be others.
func lay(c *fyne.Container, at fyne.Position, size fyne.Size) {
	place(c, at.X, at.Y, size.Width, size.Height)
	c.Layout.Layout(c.Objects, c.Size())
}

// layLine lays a row out and takes from one of its objects what the others lack.
func layLine(row *fyne.Container, at fyne.Position, size fyne.Size, gives int) {
	lay(row, at, size)
	squeeze(row, gives, size.Width)
}

func (r *formRenderer) Refresh() {
	r.back.FillColor = colorOf(r.f, ColorNamePanel)
	r.strip.FillColor = colorOf(r.f, ColorNameGridHeader)
	r.line.FillColor = colorOf(r.f, theme.ColorNameSeparator)
	r.under.FillColor = colorOf(r.f, theme.ColorNameSeparator)
	r.Layout(r.f.Size())
	canvas.Refresh(r.f)
}
