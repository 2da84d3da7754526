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
	wrong  *Text // what is missing, or cannot be compared with; hidden until it is asked for
}

// NewFilterEditor returns an editor that shows a filter. Without one it begins with the
// most used comparison of the column's kind.
func NewFilterEditor(m FilterModel, now *ColumnFilter) *FilterEditor {
	e := &FilterEditor{model: m, ops: comparisons(m.Kind()), first: NewEntry(), second: NewEntry(), values: NewValueList(m), wrong: NewParagraph("", ErrorText)}
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
	e.op.OnKey = func(k *fyne.KeyEvent) bool { // with no value to type the keyboard stays here
		done := e.ops[e.at].Op == FilterEmpty && (k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter)
		if done {
			submit("")
		}
		return done
	}
	for _, entry := range []*Entry{e.first, e.second} {
		entry.OnSubmitted = submit
		entry.OnChanged = func(string) { e.say("") }
	}
	e.wrong.Hide()
	e.first.Name, e.second.Name = tr("Value"), tr("Value")
	e.values.OnSubmit = func() { submit("") }
	e.body = NewColumn(8, e.op, e.first, e.second, e.values, e.wrong)
	e.ExtendBaseWidget(e)
	if now != nil {
		e.show(*now)
	}
	e.arrange()
	return e
}

// valueHint is an example of a value.
func valueHint(k FilterKind, op FilterOp) string {
	if op == FilterLastDays || op == FilterOlderDays {
		return "30"
	}
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
		e.values.setTicked(f.Values)
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
	e.first.SetPlaceHolder(valueHint(e.model.Kind(), c.Op))
	e.second.SetPlaceHolder(valueHint(e.model.Kind(), c.Op))
	e.say("")
	e.body.Refresh()
}

// say says what is missing or wrong; nothing with an empty text.
func (e *FilterEditor) say(text string) {
	if e.wrong.Value() == text {
		return
	}
	e.wrong.SetText(text)
	show(e.wrong, text != "")
	e.body.Refresh()
}

// Check tells whether the filter can be used, and says in the editor what is missing or
// cannot be compared with.
func (e *FilterEditor) Check() bool {
	text := ""
	f, complete := e.Filter()
	if !complete {
		text = missing(f.Op)
	} else if f.Op != FilterOneOf {
		for _, v := range f.Values {
			if text = e.model.Problem(f.Op, v); text != "" {
				break
			}
		}
	}
	e.say(text)
	return text == ""
}

// missing asks for what a comparison needs.
func missing(op FilterOp) string {
	switch op {
	case FilterOneOf:
		return tr("Tick at least one value.")
	case FilterBetween:
		return tr("Enter both values.")
	}
	return tr("Enter a value.")
}

// HeightFor keeps the height, whatever is shown: a sheet that changes its size moves under
// the mouse.
func (e *FilterEditor) HeightFor(float32) float32 {
	const line = 20 // of what is wrong
	return e.op.MinSize().Height + e.values.HeightFor(0) + 8 + line
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
