package app

import (
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/session/reference"
	"postroom/session/result"
	"postroom/widgets"
)

// ranTab is a tab whose cmdlet has run.
func ranTab(t *testing.T, cmdlet string) (*mainWindow, *runTab, *desktest.Queue) {
	t.Helper()
	a, q := connected(t)
	w := a.window
	w.openCmdlet(cmdlet)
	tab := w.middle.open[0]
	tab.form.Run()
	q.Until(t, "the run", func() bool { return tab.run != nil && !tab.run.running })
	if tab.run.err != nil {
		t.Fatal(tab.run.err)
	}
	return w, tab, q
}

// TestRunningAgainKeepsTheColumns: who has arranged the columns and the order
// finds them again after F5.
func TestRunningAgainKeepsTheColumns(t *testing.T) {
	w, tab, q := ranTab(t, "Get-TransportRule")
	tab.grid.MoveColumn(2, -2)
	tab.grid.HideColumn(1)
	order := widgets.SortKey{Col: 2, Order: widgets.Descending}
	tab.grid.SetSort(order)
	tab.sort([]widgets.SortKey{order})
	q.Until(t, "the order", func() bool { return tab.run.view.Value(0, 2).Int > 0 })
	columns := tab.grid.VisibleColumns()
	first := tab.run.view.Cell(0, 0)

	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyF5})
	if !tab.run.running {
		t.Fatal("F5 does not run")
	}
	q.Until(t, "the second run", func() bool { return !tab.run.running })
	if got := tab.grid.VisibleColumns(); !slices.Equal(got, columns) {
		t.Errorf("the columns are %v, were %v", got, columns)
	}
	if got := tab.run.view.Cell(0, 0); got != first {
		t.Errorf("the first row is %q, was %q", got, first)
	}
	if keys := tab.grid.Sort(); !slices.Equal(keys, []widgets.SortKey{order}) {
		t.Errorf("the headings show the order %v", keys)
	}
	if _, cols := tab.shown().Size(); cols != len(columns) {
		t.Errorf("%d columns would be exported, want %d", cols, len(columns))
	}
}

// TestRowsBeginWithWhatTheyAreAbout: a mailbox's first property on the wire is
// its database. Who has arranged the columns otherwise finds them so again.
func TestRowsBeginWithWhatTheyAreAbout(t *testing.T) {
	w, tab, q := ranTab(t, "Get-Mailbox")
	headings := func() (names []string) {
		for _, col := range tab.grid.VisibleColumns()[:4] {
			names = append(names, tab.grid.Source().Header(col))
		}
		return names
	}
	if got, want := headings(), []string{"DisplayName", "PrimarySmtpAddress", "RecipientTypeDetails", "ProhibitSendReceiveQuota"}; !slices.Equal(got, want) {
		t.Errorf("the columns begin with %v, want %v", got, want)
	}
	for _, col := range tab.grid.VisibleColumns() {
		if name := tab.grid.Source().Header(col); reference.Incidental(name) {
			t.Errorf("the column %s is shown unasked", name)
		}
	}
	tab.grid.MoveColumn(tab.grid.VisibleColumns()[2], -2)
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyF5})
	q.Until(t, "the second run", func() bool { return !tab.run.running })
	if got, want := headings(), []string{"RecipientTypeDetails", "DisplayName", "PrimarySmtpAddress", "ProhibitSendReceiveQuota"}; !slices.Equal(got, want) {
		t.Errorf("after another run the columns begin with %v, want %v", got, want)
	}
}

// TestAClosedTabLetsGoOfItsRows: a tab may have held a million.
func TestAClosedTabLetsGoOfItsRows(t *testing.T) {
	w, tab, _ := ranTab(t, "Get-TransportRule")
	w.middle.close(tab.tab)
	if tab.run != nil || tab.grid.Source() != nil {
		t.Error("a closed tab keeps its rows")
	}
	if len(w.middle.open) != 0 || w.middle.tabs.Selected() != nil || !w.middle.ready.Visible() {
		t.Error("the tab is still there")
	}
}

// TestPlacesAreThoseOfTheView: what the grid is told of where rows are agrees
// with the view, sorted, filtered or neither.
func TestPlacesAreThoseOfTheView(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	for i := range 300 {
		b.BeginRow()
		b.Int([]byte("N"), int64(i*7%50))
		b.Text([]byte("Name"), fmt.Appendf(nil, "name %d", i%9))
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	all := table.Snapshot()
	sorted, err := all.SortedBy(t.Context(), result.SortKey{Direction: result.Descending})
	if err != nil {
		t.Fatal(err)
	}
	filtered, err := sorted.Filter(t.Context(), result.Filter{Text: "name 4"})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]*result.View{"all": all, "sorted": sorted, "filtered": filtered} {
		s := viewSource{View: v, places: placesOf(v, all)}
		for id := range 310 {
			row, ok := s.RowOfKey(id)
			if want, has := v.Find(id); ok != has || ok && row != want {
				t.Errorf("%s: row %d is at %d, %v; want %d, %v", name, id, row, ok, want, has)
			}
		}
	}
	if placesOf(all, all) != nil {
		t.Error("places are kept for rows that did not move")
	}
}

// TestMenusAndColumns: what a grid can do is found by the mouse, and hidden
// columns come back.
func TestMenusAndColumns(t *testing.T) {
	w, tab, q := ranTab(t, "Get-TransportRule")
	canvas := w.window.Canvas()
	tab.grid.SetCurrent(0, 0)
	tab.rowMenu(0, 0, fyne.NewPos(300, 400))
	desktest.Shot(t, w.desk, "menu of a row")
	canvas.Overlays().Top().Hide()
	tab.columnMenu(1, fyne.NewPos(300, 300))
	desktest.Shot(t, w.desk, "menu of a column")
	canvas.Overlays().Top().Hide()

	before := len(tab.grid.VisibleColumns())
	chooseColumns(w.desk, tab.grid)
	desktest.Shot(t, w.desk, "columns")
	if w.desk.Sheets.Count() != 1 {
		t.Fatal("no sheet of columns")
	}
	tab.grid.HideColumn(0)
	tab.grid.ShowColumn(0)
	if after := len(tab.grid.VisibleColumns()); after != before {
		t.Errorf("%d columns in sight, were %d", after, before)
	}
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.desk.Sheets.Count() != 0 {
		t.Error("Escape leaves the sheet open")
	}

	tab.grid.SelectAll()
	tab.grid.CopyWithHeadings()
	q.Until(t, "the copy", func() bool { return w.desk.Pasted() != "" })
	rowDetails(w.desk, tab.run.view, 0)
	desktest.Shot(t, w.desk, "details")
	test.TapCanvas(canvas, fyne.NewPos(2, 2))
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
}

// TestOneColumnStays: ticking none leaves one, and its tick says so.
func TestOneColumnStays(t *testing.T) {
	w, tab, _ := ranTab(t, "Get-TransportRule")
	chooseColumns(w.desk, tab.grid)
	c := columnSheet{grid: tab.grid, sheet: w.desk.Sheets.Top()}
	for _, column := range tab.grid.Columns() {
		c.boxes = append(c.boxes, newColumnBox(&c, tab.grid.Source().Header(column.Source), column))
	}
	c.setAll(false)
	ticked := 0
	for _, b := range c.boxes {
		if b.check.Checked {
			ticked++
		}
	}
	if ticked != 1 || len(tab.grid.VisibleColumns()) != 1 {
		t.Errorf("%d ticks, %d columns in sight, want 1 of each", ticked, len(tab.grid.VisibleColumns()))
	}
	c.setAll(true)
	if len(tab.grid.VisibleColumns()) != len(c.boxes) {
		t.Error("not all columns are back")
	}
}

// TestAProblemStaysUntilItIsClosed: an error that belongs to no tab is not gone
// while somebody looks elsewhere, and gives what support needs.
func TestAProblemStaysUntilItIsClosed(t *testing.T) {
	a, _ := newTestApp(t)
	w := a.window
	w.desk.Problem(fmt.Errorf("export to %s: %w", "/no/such/folder/x.csv", fs.ErrPermission))
	w.desk.Toasts.Expire(time.Now().Add(time.Hour))
	if w.desk.Toasts.Count() != 1 {
		t.Fatal("the problem is gone after an hour")
	}
	desktest.Shot(t, w.desk, "problem")
	w.desk.ProblemSheet(fs.ErrPermission)
	desktest.Shot(t, w.desk, "problem details")
	if w.desk.Sheets.Count() != 1 {
		t.Error("no sheet with the details")
	}
}
