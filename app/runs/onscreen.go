package runs

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/result"
	"postroom/widgets"
)

// onScreen is what is on screen of a tab's rows, which all that is done with rows goes by:
// the run that they came from, the view that is shown of them, and the grid. UI thread only.
type onScreen struct {
	desk  *desk.Desk
	grid  *widgets.Grid
	count *rowCount

	run  *run // whose rows are shown; nil before the first
	look *look
	now  looking // what is shown
	// seen hears which view is shown.
	seen func(*result.View)
}

// rowCount says how many rows there are.
type rowCount struct {
	text *widgets.Text
	bar  *fyne.Container // that it stands in
}

// set makes room for the text too: its neighbours give way.
func (c *rowCount) set(text string) {
	c.text.SetText(text)
	c.bar.Refresh()
}

// table is whose rows are shown; nil before the first run.
func (v *onScreen) table() *result.Table { return v.look.watched() }

// several tells that the rows are of a run on several tenants.
func (v *onScreen) several() bool { return v.run != nil && v.run.several() }

func (v *onScreen) showCount() {
	if v.now.view == nil || v.now.all == 0 { // what stands in place of the rows says more
		v.count.set("")
		return
	}
	rows, _ := v.now.view.Size()
	text := words.Rows(rows)
	if rows != v.now.all {
		text = fmt.Sprintf(lang.L("%s of %s"), words.Number(rows), words.Rows(v.now.all))
	}
	if n := v.grid.SelectedCount(); n > 0 {
		text += " · " + fmt.Sprintf(lang.L("%s selected"), words.Number(n))
	}
	if n := v.grid.SelectedAway(); n > 0 {
		text += " · " + fmt.Sprintf(lang.L("%s selected, not shown"), words.Number(n))
	}
	v.count.set(text)
}

// manyRows take long enough to look through that it is told.
const manyRows = 50_000

// change makes a new view of the rows by another wish.
func (v *onScreen) change(wish func(*look)) {
	if v.now.all >= manyRows {
		v.count.set(lang.L("One moment ..."))
	}
	v.look.set(wish)
}

// columnsChanged looks again where the filter goes by the columns on screen.
func (v *onScreen) columnsChanged() {
	v.seen(v.shown())
	if columns := v.shownColumns(); !v.look.everywhere() {
		v.change(func(l *look) { l.columns = columns })
	}
}

// shownColumns are the names of the columns on screen.
func (v *onScreen) shownColumns() []string {
	source := v.grid.Source()
	if source == nil {
		return nil
	}
	var names []string
	for _, col := range v.grid.VisibleColumns() {
		names = append(names, source.Header(col))
	}
	return names
}

func (v *onScreen) details(row, _ int) {
	at, ok := v.viewRow(row)
	if !ok { // a menu may be older than the view
		return
	}
	rowDetails(v.desk, v.now.view, at, v.nameColumn())
}

// nameColumn is the column that tells a person which object a row is: by its name, else
// what stands first.
func (v *onScreen) nameColumn() int {
	for _, name := range []string{"DisplayName", "Name", "Subject", "PrimarySmtpAddress", "Identity"} {
		if col, ok := v.now.view.Column(name); ok && v.now.view.Kind(col) != result.KindNull {
			return col
		}
	}
	if cols := v.grid.VisibleColumns(); len(cols) > 0 {
		return cols[0]
	}
	return 0
}

// shown is what the grid shows: rows of the view, columns as the user has them.
func (v *onScreen) shown() *result.View {
	if v.now.view == nil {
		return nil
	}
	if v.now.all == 0 {
		return v.now.view // the grid may still show the columns of the run before
	}
	return v.now.view.WithColumns(v.grid.VisibleColumns()...)
}

// viewRow is the row of the view that a row of the grid shows; false for a heading, and for
// a row of a view that is no longer there.
func (v *onScreen) viewRow(row int) (int, bool) { return viewRowIn(v.grid.Source(), v.now.view, row) }

func viewRowIn(shown widgets.GridSource, view *result.View, row int) (int, bool) {
	if view == nil {
		return 0, false
	}
	rows, _ := view.Size()
	source, isGrouped := shown.(*groupSource)
	if !isGrouped {
		return row, row >= 0 && row < rows
	}
	if row < 0 || row >= source.size {
		return 0, false
	}
	_, at, ok := source.locate(row)
	return at, ok && at < rows
}

// manySelected rows take longer to work through than the UI thread has.
const manySelected = 2000

// aside does some work with the selected rows, and what follows from it on the UI thread: at
// once, but where many are selected on a worker.
func (v *onScreen) aside(work, then func()) {
	if v.grid.SelectedCount() <= manySelected {
		work()
		then()
		return
	}
	v.desk.Spawn(func() { // ends with the work
		work()
		v.desk.Post(then)
	})
}

// selection gives a function that lists the rows of the view that are selected now. It may be
// called on a worker: they may be a million.
func (v *onScreen) selection() func() []int {
	shown, view, spans := v.grid.Source(), v.now.view, v.grid.Selected()
	return func() []int {
		var rows []int
		for _, span := range spans {
			for row := span.First; row <= span.Last; row++ {
				if at, ok := viewRowIn(shown, view, row); ok {
					rows = append(rows, at)
				}
			}
		}
		return rows
	}
}
