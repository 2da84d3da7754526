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
	search *Entry
	list   *focusList
	values []ValueCount
	ticked []string
	asked  int  // number of the last question to the model
	late   bool // its answer has not come yet
	wanted bool // Enter was pressed meanwhile: the first value of the answer is meant
}

// valuesHeight is that of the list of values: the editor keeps its size while one searches.
const valuesHeight = 9 * listRow

// NewFilterEditor returns an editor that shows a filter. Without one it begins with the
// most used comparison of the column's kind.
func NewFilterEditor(m FilterModel, now *ColumnFilter) *FilterEditor {
	e := &FilterEditor{model: m, ops: comparisons(m.Kind()), first: NewEntry(), second: NewEntry(), search: NewEntry()}
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
	e.search.SetPlaceHolder(tr("Search the values"))
	e.search.OnChanged = func(string) { e.ask() }
	e.search.OnKey = e.searchKey
	e.list = newFocusList(e.row)
	e.list.onTap = e.tick
	holder := &fyne.Container{Layout: &tall{valuesHeight}, Objects: []fyne.CanvasObject{e.list}}
	e.body = NewColumn(8, e.op, e.first, e.second, e.search, holder)
	e.ExtendBaseWidget(e)
	if now != nil {
		e.show(*now)
	}
	e.arrange()
	e.ask()
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
		e.ticked = slices.Clone(f.Values)
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
	show(e.search, list)
	show(e.body.Objects[4], list)
	e.body.Refresh()
}

// HeightFor keeps the height, whatever is shown: a sheet that changes its size moves under
// the mouse.
func (e *FilterEditor) HeightFor(float32) float32 {
	return e.op.MinSize().Height + e.search.MinSize().Height + valuesHeight + 16
}

// First is the part that takes the keyboard first.
func (e *FilterEditor) First() fyne.Focusable {
	switch e.ops[e.at].Op {
	case FilterOneOf:
		return e.search
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
		f.Values = slices.Clone(e.ticked)
	case FilterBetween:
		f.Values = []string{strings.TrimSpace(e.first.Text), strings.TrimSpace(e.second.Text)}
	default:
		f.Values = []string{strings.TrimSpace(e.first.Text)}
	}
	return f, f.Complete()
}

// ask asks the model for the values that have the text; an older answer is not shown.
func (e *FilterEditor) ask() {
	e.asked++
	number := e.asked
	e.late, e.wanted = true, false
	e.model.Values(e.search.Text, func(values []ValueCount) {
		if number != e.asked {
			return
		}
		e.late, e.values = false, values
		e.list.setCount(max(1, len(values)), -1)
		if e.wanted {
			e.takeFirst()
		}
	})
}

func (e *FilterEditor) row(i int) row {
	if i >= len(e.values) {
		return row{Title: tr("Nothing found"), Note: true}
	}
	v := e.values[i]
	r := row{Title: v.Value, Hint: grouped(v.Count), Mark: IconBox, MarkRole: MutedText}
	if v.Value == "" {
		r.Title, r.Role = tr("empty"), MutedText
	}
	if slices.Contains(e.ticked, v.Value) {
		r.Mark, r.MarkRole = IconBoxOn, AccentText
	}
	return r
}

func (e *FilterEditor) tick(i int) {
	if i >= len(e.values) {
		return
	}
	v := e.values[i].Value
	if at := slices.Index(e.ticked, v); at >= 0 {
		e.ticked = slices.Delete(e.ticked, at, at+1)
	} else {
		e.ticked = append(e.ticked, v)
	}
	e.list.choose(i)
}

// searchKey goes from the search into the values; Enter takes the first one.
func (e *FilterEditor) searchKey(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyDown:
		focus(e.list)
	case fyne.KeyReturn, fyne.KeyEnter:
		if e.search.Text == "" {
			if e.OnSubmit != nil {
				e.OnSubmit()
			}
			return true
		}
		if e.wanted = e.late; !e.late {
			e.takeFirst()
		}
	default:
		return false
	}
	return true
}

// takeFirst ticks the first value that the search found, and searches no longer.
func (e *FilterEditor) takeFirst() {
	e.tick(0)
	e.search.SetText("")
}
