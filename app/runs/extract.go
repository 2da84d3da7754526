package runs

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// Extract is what can be taken out of a tab: some of its rows, some of their columns.
type Extract struct {
	// Shown are the rows that the filters leave, as they are sorted; Selected those that are
	// selected, nil when none are; All those of the run, in the server's order. Each has all
	// columns, those on screen first.
	Shown, Selected, All *result.View
	// Visible is how many of the columns are on screen.
	Visible int
	// Filtered says in words what takes rows away; "" when nothing does.
	Filtered string
	// Whole says that the run gave all rows that there are.
	Whole bool
	// OfSelected proposes the selected rows, not the shown ones.
	OfSelected bool
}

// extracting takes rows out of a tab: to files and to the clipboard.
type extracting struct {
	rows     *onScreen
	export   func(Extract)
	filtered func() string // in words, what takes rows away
}

// extract is what can be taken out of the rows now, but for the selected ones; false before
// there are any.
func (v extracting) extract() (e Extract, ok bool) {
	shown := v.rows.shown()
	if shown == nil {
		return Extract{}, false
	}
	_, e.Visible = shown.Size()
	order := v.columnOrder()
	e.Whole, e.Filtered = v.rows.run.whole(), v.filtered()
	e.Shown, e.All = v.rows.now.view.WithColumns(order...), v.rows.now.view.WithColumns(order...)
	if all, same := v.rows.now.whole.WithColumnNames(v.rows.now.view.Headers()...); len(same) == 0 { // else a line has made other rows of them
		e.All = all.WithColumns(order...)
	}
	return e, true
}

// take calls took with what can be taken out of the rows now, the selected ones too; never
// before there are rows.
func (v extracting) take(took func(Extract)) {
	e, ok := v.extract()
	if !ok {
		return
	}
	listed := v.rows.selection()
	v.rows.aside(func() {
		if selected := listed(); len(selected) > 0 {
			e.Selected = e.Shown.WithRows(selected...)
		}
	}, func() { took(e) })
}

// columnOrder are all columns of the view, those on screen first.
func (v extracting) columnOrder() []int {
	_, cols := v.rows.now.view.Size()
	order := make([]int, 0, cols)
	seen := make([]bool, cols)
	take := func(col int) {
		if col < cols && !seen[col] {
			seen[col] = true
			order = append(order, col)
		}
	}
	// What a report says of a row in the person's language goes into files in
	// English: they are compared, and read by programs.
	marks, file := v.marksColumns()
	for _, col := range v.rows.grid.VisibleColumns() {
		if col == marks {
			col = file
		}
		take(col)
	}
	if marks >= 0 {
		seen[marks] = true
	}
	for _, col := range v.rows.grid.Columns() {
		take(col.Source)
	}
	for col := range cols {
		take(col)
	}
	return order
}

// marksColumns are the columns of a report's marks: in the person's language, and
// in that of files; -1 where the first is not there.
func (v extracting) marksColumns() (shown, file int) {
	title := report.MarksTitle(lang.L("en"))
	if title == report.MarksColumn {
		return -1, -1
	}
	shown, there := v.rows.now.view.Column(title)
	file, both := v.rows.now.view.Column(report.MarksColumn)
	if !there || !both {
		return -1, -1
	}
	return shown, file
}

// exportShown offers the rows and columns as they are on screen.
func (v extracting) exportShown() { v.take(v.export) }

// exportSelected offers the selected rows.
func (v extracting) exportSelected() {
	v.take(func(e Extract) {
		e.OfSelected = e.Selected != nil
		v.export(e)
	})
}

// FormatTitle is what people call a format.
func FormatTitle(f result.Format) string {
	switch f {
	case result.XLSX:
		return "Excel"
	case result.Markdown:
		return "Markdown"
	}
	return strings.ToUpper(f.String())
}

// copyAs puts the selected rows, else the shown ones, on the clipboard as a file of a format
// would have them.
func (v extracting) copyAs(f result.Format) {
	v.take(func(e Extract) {
		view := e.Shown
		if e.Selected != nil {
			view = e.Selected
		}
		cols := make([]int, e.Visible)
		for i := range cols {
			cols[i] = i
		}
		v.copyView(f, view.WithColumns(cols...))
	})
}

// copyView puts a view on the clipboard as a file of a format would have it. The text is made
// by a worker.
func (v extracting) copyView(f result.Format, view *result.View) {
	rows, cols := view.Size()
	if tooMany(v.rows.desk, rows, cols) {
		return
	}
	options := result.Options{Format: f, Indent: true, CSV: result.LocaleCSV(lang.SystemLocale().String())}
	options.CSV.NoBOM = true
	v.rows.desk.Spawn(func() { // ends with the text
		var text bytes.Buffer
		_, err := result.Write(context.Background(), &text, view, options)
		v.rows.desk.Post(func() {
			if err != nil {
				v.rows.desk.Problem(err)
				return
			}
			v.rows.desk.Copy(text.String())
			v.rows.desk.Note(widgets.Success, fmt.Sprintf(lang.L("%s copied"), words.Rows(rows)))
		})
	})
}

// clipboardCells is how many cells are copied at most: what is more takes the
// memory of this program and of the one that is pasted into; a file is for it.
const clipboardCells = 4_000_000

// tooMany says that rows are too many for the clipboard, if they are.
func tooMany(d *desk.Desk, rows, cols int) bool {
	if rows*cols <= clipboardCells {
		return false
	}
	d.Note(widgets.Warning, fmt.Sprintf(lang.L("%s are too many for the clipboard. Export them to a file."), words.Rows(rows)))
	return true
}

// CoverWords are the words of a file's cover in the person's language.
func CoverWords() result.CoverWords {
	return result.CoverWords{
		Report: lang.L("Report"), Command: lang.L("Command"), Tenant: lang.L("Tenant"), Endpoint: lang.L("Endpoint"), Account: lang.L("Account"),
		Started: lang.L("Started"), Filter: lang.L("Filter"), Rows: lang.L("Rows"), Complete: lang.L("Complete"),
		Yes: lang.L("Yes"), No: lang.L("No: the run stopped before all rows arrived"), Part: lang.L("No: only some of the rows were exported"),
		Of: lang.L("%d of %d"), Sheet: lang.L("About this file"),
	}
}
