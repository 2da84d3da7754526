package app

import (
	"fmt"

	"fyne.io/fyne/v2/lang"

	"postroom/session/result"
	"postroom/widgets"
)

// The part of a runTab that is about its rows: which are shown, in which order
// and columns, and what can be taken away from them.

// showRows shows a view that a worker made.
func (t *runTab) showRows(r *activeRun, v *result.View, all int) {
	if t.run != r {
		return // a newer run has the tab
	}
	r.view, r.total = v, all
	t.grid.SetSource(viewSource{View: v, title: r.title(), tint: tenantColor(r.target.Tenant)})
	t.showCount()
	t.showMessages(r)
	if r.running {
		t.showProgress(r)
	}
}

func (t *runTab) showCount() {
	if t.run == nil || t.run.view == nil {
		t.setCount("")
		return
	}
	rows, _ := t.run.view.Size()
	text := fmt.Sprintf(lang.L("%s rows"), number(rows))
	if rows != t.run.total {
		text = fmt.Sprintf(lang.L("%s of %s rows"), number(rows), number(t.run.total))
	}
	if n := t.grid.SelectedCount(); n > 0 {
		text += " · " + fmt.Sprintf(lang.L("%s selected"), number(n))
	}
	t.setCount(text)
}

// setCount makes room for the text too: its neighbours give way.
func (t *runTab) setCount(text string) {
	if t.count.Text != text {
		t.count.SetText(text)
		t.bar.Refresh()
	}
}

// change makes a new view of the rows by another wish.
func (t *runTab) change(wish func(*look)) {
	if t.run != nil {
		t.run.look.set(wish)
	}
}

func (t *runTab) sort(col int, order widgets.SortOrder) {
	if t.run == nil || t.run.view == nil {
		return
	}
	name := t.run.view.Header(col)
	t.change(func(l *look) {
		l.column, l.sorted = name, order != widgets.Unsorted
		l.order = result.Ascending
		if order == widgets.Descending {
			l.order = result.Descending
		}
	})
}

func (t *runTab) details(row, _ int) {
	if t.run != nil && t.run.view != nil {
		t.host.rowDetails(t.run.view, row)
	}
}

// exportShown exports the rows and columns as they are on screen.
func (t *runTab) exportShown() {
	if v := t.shown(); v != nil {
		t.host.exportView(v, !t.run.running && t.run.err == nil)
	}
}

// shown is what the grid shows: rows of the view, columns as the user has them.
func (t *runTab) shown() *result.View {
	if t.run == nil || t.run.view == nil {
		return nil
	}
	var cols []int
	for _, c := range t.grid.Columns() {
		if !c.Hidden {
			cols = append(cols, c.Source)
		}
	}
	return t.run.view.WithColumns(cols...)
}
