package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
)

// ValueModel gives the values that a ValueList lists.
type ValueModel interface {
	// Values gives the values that have a text, the most frequent first, and a number of them
	// that a person can look through. It may call took later, on the UI thread.
	Values(text string, took func([]ValueCount))
}

// ValueCount is a value and how many rows have it; the empty value is no value. A count of 0
// is not shown.
type ValueCount struct {
	Value string
	Count int
}

// ValueList lists values with their counts, to search in and to tick. It keeps its size
// while one searches.
type ValueList struct {
	composite

	OnSubmit func() // Enter in the empty search, or on a value
	Single   bool   // ticking one takes the tick off the other

	model  ValueModel
	search *Entry
	list   *focusList
	values []ValueCount
	ticked []string
	asked  int  // number of the last question to the model
	late   bool // its answer has not come yet
	wanted bool // Enter was pressed meanwhile: the first value of the answer is meant
	ready  bool // and once more: what is ticked then is submitted
}

// valuesHeight is that of the list.
const valuesHeight = 9 * listRow

// NewValueList returns a list of the model's values, none of them ticked.
func NewValueList(m ValueModel) *ValueList {
	l := &ValueList{model: m, search: NewEntry()}
	l.search.SetPlaceHolder(tr("Search the values"))
	l.search.OnChanged = func(string) { l.ask() }
	l.search.OnKey = l.searchKey
	l.list = newFocusList(l.row)
	l.list.onTap, l.list.onKey = l.tick, l.listKey
	holder := &fyne.Container{Layout: &tall{valuesHeight}, Objects: []fyne.CanvasObject{l.list}}
	l.body = NewColumn(8, l.search, holder)
	l.ExtendBaseWidget(l)
	l.ask()
	return l
}

// First is the part that takes the keyboard first.
func (l *ValueList) First() fyne.Focusable { return l.search }

// Ticked returns the values that are ticked, in the order in which they were.
func (l *ValueList) Ticked() []string { return slices.Clone(l.ticked) }

// setTicked ticks these values and no others.
func (l *ValueList) setTicked(values []string) {
	l.ticked = slices.Clone(values)
	l.list.Refresh()
}

// SetModel lists the values of another model, none of them ticked.
func (l *ValueList) SetModel(m ValueModel) {
	l.model, l.ticked = m, nil
	l.search.setSilently("")
	l.ask()
}

// Search looks for a text, as if a person had typed it.
func (l *ValueList) Search(text string) {
	l.search.setSilently(text)
	l.ask()
}

// ask asks the model for the values that have the text; an older answer is not shown.
func (l *ValueList) ask() {
	l.asked++
	number := l.asked
	l.late, l.wanted, l.ready = true, false, false
	l.model.Values(l.search.Text, func(values []ValueCount) {
		if number != l.asked {
			return
		}
		l.late, l.values = false, values
		l.list.setCount(max(1, len(values)), -1)
		if l.wanted {
			ready := l.ready
			if l.takeFirst(); ready {
				l.submit()
			}
		}
	})
}

func (l *ValueList) row(i int) row {
	if i >= len(l.values) && l.late {
		return row{Title: "\u2026", Note: true} // the answer has not come yet
	}
	if i >= len(l.values) {
		return row{Title: tr("Nothing found"), Note: true}
	}
	v := l.values[i]
	r := row{Title: v.Value, Mark: IconBox, MarkRole: MutedText}
	if v.Count > 0 {
		r.Hint = grouped(v.Count)
	}
	if v.Value == "" {
		r.Title, r.Role = tr("empty"), MutedText
	}
	if slices.Contains(l.ticked, v.Value) {
		r.Mark, r.MarkRole = IconBoxOn, AccentText
	}
	return r
}

func (l *ValueList) tick(i int) {
	if i >= len(l.values) {
		return
	}
	v := l.values[i].Value
	if l.Single && !slices.Contains(l.ticked, v) {
		l.ticked = nil
	}
	if at := slices.Index(l.ticked, v); at >= 0 {
		l.ticked = slices.Delete(l.ticked, at, at+1)
	} else {
		l.ticked = append(l.ticked, v)
	}
	l.list.choose(i)
}

// searchKey goes from the search into the values; Enter takes the first one.
func (l *ValueList) searchKey(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyDown:
		focus(l.list)
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.search.Text == "" {
			l.submit()
			return true
		}
		switch {
		case !l.late:
			l.takeFirst()
		case l.wanted:
			l.ready = true
		default:
			l.wanted = true
		}
	default:
		return false
	}
	return true
}

// listKey submits with Enter what is ticked; where that is nothing, or one alone is wanted, it
// is the value on which Enter was pressed. Space ticks.
func (l *ValueList) listKey(k *fyne.KeyEvent) bool {
	if k.Name != fyne.KeyReturn && k.Name != fyne.KeyEnter {
		return false
	}
	at := l.list.current
	if there := at >= 0 && at < len(l.values); there && (l.Single || len(l.ticked) == 0) && !slices.Contains(l.ticked, l.values[at].Value) {
		l.tick(at)
	}
	l.submit()
	return true
}

func (l *ValueList) submit() {
	if l.OnSubmit != nil {
		l.OnSubmit()
	}
}

// takeFirst ticks the first value that the search found, and searches no longer.
func (l *ValueList) takeFirst() {
	l.tick(0)
	l.search.SetText("")
}
