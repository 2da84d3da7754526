package widgets

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// cellFor returns the cell of a field, made when it is needed, and nil for an unknown one.
func (f *ParameterForm) cellFor(name string) *formCell {
	if c := f.cells[name]; c != nil {
		return c
	}
	for i := range f.spec.Fields {
		if f.spec.Fields[i].Name == name {
			c := newFormCell(f, &f.spec.Fields[i])
			c.editor.setText(f.values[name])
			f.cells[name] = c
			return c
		}
	}
	return nil
}

// order lists the fields of the set: required, filled in at first, others, common ones.
func (f *ParameterForm) order() []*Field {
	var ranks [4][]*Field
	for i := range f.spec.Fields {
		field := &f.spec.Fields[i]
		if !field.in(f.set) {
			continue
		}
		rank := 2
		switch {
		case field.Mandatory:
			rank = 0
		case f.filled[field.Name]:
			rank = 1
		case field.Common:
			rank = 3
		}
		ranks[rank] = append(ranks[rank], field)
	}
	return slices.Concat(ranks[0], ranks[1], ranks[2], ranks[3])
}

// keep remembers the values: a field with one is always shown.
func (f *ParameterForm) keep() {
	for name, c := range f.cells {
		f.values[name] = c.editor.text()
	}
}

// rebuild shows the fields that belong to the set, the search and 'More parameters'.
func (f *ParameterForm) rebuild() {
	f.keep()
	all := f.order()
	needle := []rune(strings.ToLower(strings.TrimSpace(f.search.Text)))
	var shown []*Field
	hidden := 0
	if len(needle) > 0 {
		shown = slices.DeleteFunc(slices.Clone(all), func(field *Field) bool { return !field.found(needle) })
	} else {
		shown, hidden = f.inSight(all)
	}
	f.fields.Objects = nil
	for _, field := range shown {
		f.fields.Objects = append(f.fields.Objects, f.cellFor(field.Name))
	}
	if len(shown) == 0 && len(needle) > 0 {
		f.fields.Objects = []fyne.CanvasObject{NewText(tr("No parameter matches."), MutedText)}
	}
	show(f.sets, len(f.spec.Sets) > 1)
	show(f.search, len(all) >= searchFrom)
	show(f.tools.Objects[0], len(f.spec.Sets) > 1)
	show(f.tools.Objects[1], len(all) >= searchFrom)
	show(f.moreLink, len(needle) == 0 && (hidden > 0 || f.more))
	f.moreLink.SetText(tr("More parameters ({{.count}})", "count", strconv.Itoa(hidden)))
	if f.more {
		f.moreLink.SetText(tr("Fewer parameters"))
	}
	for _, s := range f.spec.Sets {
		if s.Name == f.set {
			f.sets.SetItem(Item{ID: s.Name, Title: s.title()})
		}
	}
	f.relayout()
}

// inSight picks the fields that are shown without a search, and counts the others.
func (f *ParameterForm) inSight(all []*Field) (shown []*Field, hidden int) {
	optional := 0
	for _, field := range all {
		needed := field.Mandatory || f.values[field.Name] != "" || f.isWrong(field.Name)
		if !needed {
			optional++
		}
		if needed || f.more || optional <= shownOptional && !field.Common {
			shown = append(shown, field)
		} else {
			hidden++
		}
	}
	return shown, hidden
}

func (f *ParameterForm) isWrong(name string) bool {
	c := f.cells[name]
	return c != nil && c.err != ""
}

// relayout fits the form to what is in it now.
func (f *ParameterForm) relayout() {
	f.fields.Refresh()
	f.actions.Refresh() // Run may have another text
	f.scroller.Refresh()
	f.Refresh()
}

func (f *ParameterForm) bringIntoSight(c *formCell) {
	top, bottom := c.Position().Y, c.Position().Y+c.Size().Height+20
	view := f.scroller.Size().Height
	switch {
	case top < f.scroller.Offset.Y:
		f.scroller.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > f.scroller.Offset.Y+view:
		f.scroller.ScrollToOffset(fyne.NewPos(0, bottom-view))
	}
}

// hasTools tells whether the row above the fields has something in it.
func (f *ParameterForm) hasTools() bool {
	for i, o := range f.tools.Objects {
		if i != 2 && o.Visible() {
			return true
		}
	}
	return false
}

// HeightFor returns the height that the form takes at a width.
func (f *ParameterForm) HeightFor(width float32) float32 {
	h := f.run.MinSize().Height + 18
	if f.hasTools() {
		h += 30 + 10
	}
	if len(f.fields.Objects) > 0 {
		h += min(formHeight, HeightFor(f.fields, width-28)+20)
	}
	return h
}

// CreateRenderer is Fyne's.
func (f *ParameterForm) CreateRenderer() fyne.WidgetRenderer {
	r := &formRenderer{f: f, back: newFlat(), line: newFlat(), under: newFlat()}
	r.objs = []fyne.CanvasObject{r.back, f.tools, f.scroller, r.line, f.actions, r.under}
	r.Refresh()
	return r
}

type formRenderer struct {
	f                 *ParameterForm
	back, line, under *canvas.Rectangle
	objs              []fyne.CanvasObject
}

func (r *formRenderer) Destroy()                     {}
func (r *formRenderer) Objects() []fyne.CanvasObject { return r.objs }

func (r *formRenderer) MinSize() fyne.Size {
	w := min(r.f.actions.MinSize().Width, leastActions) + 28 // a long name on Run is cut
	at := r.f.Size().Width
	if at <= 0 {
		at = 800
	}
	return fyne.NewSize(w, r.f.HeightFor(at))
}

// leastActions is the width that Run and what follows it need at least.
const leastActions = 280

func (r *formRenderer) Layout(s fyne.Size) {
	f := r.f
	place(r.back, 0, 0, s.Width, s.Height)
	var y float32
	show(f.tools, f.hasTools())
	if f.hasTools() {
		place(f.tools, 14, 10, s.Width-28, 30)
		f.tools.Layout.Layout(f.tools.Objects, f.tools.Size())
		squeeze(f.tools, 1, s.Width-28)
		y = 40
	}
	foot := f.run.MinSize().Height + 18
	place(f.scroller, 0, y, s.Width, s.Height-y-foot)
	place(r.line, 0, s.Height-foot, s.Width, 1)
	place(f.actions, 14, s.Height-foot+9, s.Width-28, foot-18)
	f.actions.Layout.Layout(f.actions.Objects, f.actions.Size())
	squeeze(f.actions, 0, s.Width-28)
	place(r.under, 0, s.Height-1, s.Width, 1)
}

func (r *formRenderer) Refresh() {
	r.back.FillColor = colorOf(r.f, ColorNamePanel)
	r.line.FillColor = colorOf(r.f, theme.ColorNameSeparator)
	r.under.FillColor = colorOf(r.f, theme.ColorNameSeparator)
	r.Layout(r.f.Size())
	canvas.Refresh(r.f)
}
