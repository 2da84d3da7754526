package widgets

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
)

// FilterEditor edits the filter of a column: a comparison, and what to compare with. For
// 'is one of' it lists the values that the column has, with counts, to tick.
type FilterEditor struct {
	composite

	OnSubmit func() // Enter in a value

	model  FilterModel
	ops    []comparison
	at     int // place in ops
	op     *Picker
	first  *Entry
	second *Entry
	values *ValueList
}

// NewFilterEditor returns an editor that shows a filter. Without one it begins with the
// most used comparison of the column's kind.
func NewFilterEditor(m FilterModel, now *ColumnFilter) *FilterEditor {
	e := &FilterEditor{model: m, ops: comparisons(m.Kind()), first: NewEntry(), second: NewEntry(), values: NewValueList(m)}
	e.op = NewPicker(e.findOps, func(i Item) {
		e.at = slices.IndexFunc(e.ops, func(c comparison) bool { return c.Words == i.ID })
		e.arrange()
		focus(e.First())
	})
	submit := func(string) {
		if e.OnSubmit != nil {
			e.OnSubmit()
		}
	}
	e.first.OnSubmitted, e.second.OnSubmitted = submit, submit
	e.first.SetPlaceHolder(valueHint(m.Kind()))
	e.second.SetPlaceHolder(valueHint(m.Kind()))
	e.first.Name, e.second.Name = tr("Value"), tr("Value")
	e.values.OnSubmit = func() { submit("") }
	e.body = NewColumn(8, e.op, e.first, e.second, e.values)
	e.ExtendBaseWidget(e)
	if now != nil {
		e.show(*now)
	}
	e.arrange()
	return e
}

func valueHint(k FilterKind) string {
	switch k {
	case FilterSize:
		return "10 MB"
	case FilterDuration:
		return "1.12:00:00"
	case FilterDate:
		return "2026-12-31"
	default:
		return ""
	}
}

func (e *FilterEditor) findOps(text string) []Item {
	var items []Item
	for _, c := range e.ops {
		if text == "" || containsFold(c.Words, []rune(strings.ToLower(text))) {
			items = append(items, Item{ID: c.Words, Title: c.Words})
		}
	}
	return items
}

// show fills the editor with a filter.
func (e *FilterEditor) show(f ColumnFilter) {
	if i := slices.IndexFunc(e.ops, func(c comparison) bool { return c.Op == f.Op && c.Not == f.Not }); i >= 0 {
		e.at = i
	}
	if f.Op == FilterOneOf {
		e.values.SetTicked(f.Values)
		return
	}
	for i, entry := range []*Entry{e.first, e.second} {
		if i < len(f.Values) {
			entry.setSilently(f.Values[i])
		}
	}
}

// arrange shows what the comparison needs.
func (e *FilterEditor) arrange() {
	c := e.ops[e.at]
	e.op.SetItem(Item{ID: c.Words, Title: c.Words})
	list := c.Op == FilterOneOf
	show(e.first, !list && c.Op != FilterEmpty)
	show(e.second, c.Op == FilterBetween)
	show(e.values, list)
	e.body.Refresh()
}

// HeightFor keeps the height, whatever is shown: a sheet that changes its size moves under
// the mouse.
func (e *FilterEditor) HeightFor(float32) float32 {
	return e.op.MinSize().Height + e.values.HeightFor(0) + 8
}

// First is the part that takes the keyboard first.
func (e *FilterEditor) First() fyne.Focusable {
	switch e.ops[e.at].Op {
	case FilterOneOf:
		return e.values.First()
	case FilterEmpty:
		return e.op
	}
	return e.first
}

// Filter returns what was entered, and false while something is missing.
func (e *FilterEditor) Filter() (ColumnFilter, bool) {
	c := e.ops[e.at]
	f := ColumnFilter{Op: c.Op, Not: c.Not}
	switch c.Op {
	case FilterEmpty:
	case FilterOneOf:
		f.Values = e.values.Ticked()
	case FilterBetween:
		f.Values = []string{strings.TrimSpace(e.first.Text), strings.TrimSpace(e.second.Text)}
	default:
		f.Values = []string{strings.TrimSpace(e.first.Text)}
	}
	return f, f.Complete()
}
