package app

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/result"
	"postroom/widgets"
)

// The part of a runTab that is about its rows: which are shown, in which order
// and columns, and what can be taken away from them.

// showRows shows a view that a worker made.
func (t *runTab) showRows(r *activeRun, l looking) {
	if t.run != r || l.number < r.looked {
		return // a newer run has the tab, or a newer view was shown
	}
	r.looked, r.view, r.total = l.number, l.view, l.all
	if l.all > 0 {
		t.grid.SetEmptyText(lang.L("The filter leaves no row."))
	}
	if l.all > 0 || t.grid.Source() == nil {
		setRows(t.grid, viewSource{View: l.view, places: l.places, title: r.title(), tint: words.TenantColor(r.target.Tenant)}, t.cmdlet.Name)
	}
	t.showCount()
	t.showMessages(r)
	if r.running {
		t.showProgress(r)
	}
}

// noRows empties the grid before a run. The columns stay as the person has
// them: a cmdlet that is run again gives the same ones.
func (t *runTab) noRows() {
	if s := t.grid.Source(); s != nil {
		_, cols := s.Size()
		headings := make(headingSource, cols)
		for i := range headings {
			headings[i] = s.Header(i)
		}
		t.grid.SetSource(headings)
	}
	t.setCount("")
}

func (t *runTab) showCount() {
	if t.run == nil || t.run.view == nil {
		t.setCount("")
		return
	}
	rows, _ := t.run.view.Size()
	text := words.Rows(rows)
	if rows != t.run.total {
		text = fmt.Sprintf(lang.L("%s of %s"), words.Number(rows), words.Rows(t.run.total))
	}
	if n := t.grid.SelectedCount(); n > 0 {
		text += " · " + fmt.Sprintf(lang.L("%s selected"), words.Number(n))
	}
	t.setCount(text)
}

// setCount makes room for the text too: its neighbours give way.
func (t *runTab) setCount(text string) {
	t.count.SetText(text)
	t.bar.Refresh()
}

// change makes a new view of the rows by another wish.
func (t *runTab) change(wish func(*look)) {
	if t.run == nil {
		return
	}
	if t.run.total >= manyRows { // it will be seen that it takes a moment
		t.setCount(lang.L("One moment ..."))
	}
	t.run.look.set(wish)
}

// sort orders the rows by columns of the grid, the first key first.
func (t *runTab) sort(keys []widgets.SortKey) {
	source := t.grid.Source()
	if source == nil {
		return
	}
	wanted := make([]sortKey, len(keys))
	for i, k := range keys {
		wanted[i] = sortKey{column: source.Header(k.Col), order: result.Ascending}
		if k.Order == widgets.Descending {
			wanted[i].order = result.Descending
		}
	}
	t.change(func(l *look) { l.sort = wanted })
}

func (t *runTab) details(row, _ int) {
	if t.run == nil || t.run.view == nil {
		return
	}
	if rows, _ := t.run.view.Size(); row < rows { // a menu may be older than the view
		rowDetails(t.desk, t.run.view, row)
	}
}

// exportShown exports the rows and columns as they are on screen.
func (t *runTab) exportShown() {
	if v := t.shown(); v != nil {
		t.do.export(v, !t.run.running && t.run.err == nil)
	}
}

// shown is what the grid shows: rows of the view, columns as the user has them.
func (t *runTab) shown() *result.View {
	if t.run == nil || t.run.view == nil {
		return nil
	}
	if t.run.total == 0 {
		return t.run.view // the grid may still show the columns of the run before
	}
	var cols []int
	for _, c := range t.grid.Columns() {
		if !c.Hidden {
			cols = append(cols, c.Source)
		}
	}
	return t.run.view.WithColumns(cols...)
}

// filterKey goes from the filter to the rows, and empties it before it is left.
func (t *runTab) filterKey(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		t.desk.Focus(t.grid)
	case fyne.KeyEscape:
		if t.filter.Text == "" {
			t.desk.Focus(t.grid)
			return true
		}
		t.filter.SetText("")
	default:
		return false
	}
	return true
}
