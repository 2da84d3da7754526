package app

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/session/reference"
	"postroom/widgets"
)

// ranTab is a tab whose cmdlet has run.
func ranTab(t *testing.T, cmdlet string) (*mainWindow, *runs.Tab, *desktest.Queue) {
	t.Helper()
	a, q := connected(t)
	w := a.window
	w.opening.cmdlet(cmdlet)
	tab := w.middle.open[0]
	tab.Form().Run()
	q.Until(t, "the run", func() bool { return tab.Ran() })
	if tab.Err() != nil {
		t.Fatal(tab.Err())
	}
	return w, tab, q
}

// TestRunningAgainKeepsTheColumns: who has arranged the columns and the order
// finds them again after F5.
func TestRunningAgainKeepsTheColumns(t *testing.T) {
	w, tab, q := ranTab(t, "Get-TransportRule")
	tab.Grid().MoveColumn(2, -2)
	tab.Grid().HideColumn(1)
	const name = "Priority"
	order := widgets.SortKey{Order: widgets.Descending}
	for tab.Grid().Source().Header(order.Col) != name {
		order.Col++
	}
	tab.Sort(order)
	q.Until(t, "the order", func() bool {
		col, _ := tab.Shown().Column(name)
		return tab.Shown().Value(0, col).Int > 0
	})
	columns := tab.Grid().VisibleColumns()
	first := tab.Shown().Cell(0, 0)

	w.commands.typedKey(&fyne.KeyEvent{Name: fyne.KeyF5})
	if !tab.Running() {
		t.Fatal("F5 does not run")
	}
	q.Until(t, "the second run", func() bool { return !tab.Running() })
	if got := tab.Grid().VisibleColumns(); !slices.Equal(got, columns) {
		t.Errorf("the columns are %v, were %v", got, columns)
	}
	if got := tab.Shown().Cell(0, 0); got != first {
		t.Errorf("the first row is %q, was %q", got, first)
	}
	if keys := tab.Grid().Sort(); !slices.Equal(keys, []widgets.SortKey{order}) {
		t.Errorf("the headings show the order %v", keys)
	}
	if _, cols := tab.Shown().Size(); cols != len(columns) {
		t.Errorf("%d columns would be exported, want %d", cols, len(columns))
	}
}

// TestRowsBeginWithWhatTheyAreAbout: a mailbox's first property on the wire is
// its database. Who has arranged the columns otherwise finds them so again.
func TestRowsBeginWithWhatTheyAreAbout(t *testing.T) {
	w, tab, q := ranTab(t, "Get-Mailbox")
	headings := func() (names []string) {
		for _, col := range tab.Grid().VisibleColumns()[:4] {
			names = append(names, tab.Grid().Source().Header(col))
		}
		return names
	}
	if got, want := headings(), []string{"DisplayName", "PrimarySmtpAddress", "UserPrincipalName", "RecipientTypeDetails"}; !slices.Equal(got, want) {
		t.Errorf("the columns begin with %v, want %v", got, want)
	}
	for _, col := range tab.Grid().VisibleColumns() {
		if name := tab.Grid().Source().Header(col); reference.Incidental(name) {
			t.Errorf("the column %s is shown unasked", name)
		}
	}
	tab.Grid().MoveColumn(tab.Grid().VisibleColumns()[2], -2)
	w.commands.typedKey(&fyne.KeyEvent{Name: fyne.KeyF5})
	q.Until(t, "the second run", func() bool { return !tab.Running() })
	if got, want := headings(), []string{"UserPrincipalName", "DisplayName", "PrimarySmtpAddress", "RecipientTypeDetails"}; !slices.Equal(got, want) {
		t.Errorf("after another run the columns begin with %v, want %v", got, want)
	}
}

// menuBar is the height of the menus, which a real window has and the test's has not.
const menuBar = 25

// TestTheRowsGetTheRoom: after a run the form is one line, and so are a warning and a
// notice.
func TestTheRowsGetTheRoom(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.opening.cmdlet("Get-Mailbox")
	tab := w.middle.open[0]
	tab.Form().SetValues(map[string]string{"ResultSize": "30"})
	tab.Form().Run()
	q.Until(t, "the run", func() bool { return tab.Ran() })
	q.Drain()
	if tab.Summary().Warnings == 0 || !strings.Contains(desktest.Text(w.desk), "1 warning") {
		t.Fatal("the run was to give a warning")
	}
	if !tab.Form().OnPaste("Get-User -ResultSize 9") || !strings.Contains(desktest.Text(w.desk), "That line is for Get-User") {
		t.Fatal("a line of another cmdlet was to be told over the rows")
	}
	for _, c := range []struct {
		size fyne.Size
		rows int
	}{{fyne.NewSize(1366, 768), 18}, {fyne.NewSize(800, 600), 8}} {
		w.window.Resize(c.size.SubtractWidthHeight(0, menuBar))
		tab.Grid().SetCurrent(0, 0)
		tab.Grid().TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown}) // to the last row in sight
		if row, _ := tab.Grid().Current(); row+1 < c.rows {
			t.Errorf("%v: %d rows are in sight, want %d", c.size, row+1, c.rows)
		}
		desktest.Shot(t, w.desk, fmt.Sprintf("rows at %.0f", c.size.Width))
	}
	if !tab.Form().Folded() {
		t.Error("the form is not folded")
	}
}

// TestAClosedTabLetsGoOfItsRows: a tab may have held a million.
func TestAClosedTabLetsGoOfItsRows(t *testing.T) {
	w, tab, _ := ranTab(t, "Get-TransportRule")
	w.middle.close(tab.Strip)
	if tab.Running() || tab.Ran() || tab.Grid().Source() != nil {
		t.Error("a closed tab keeps its rows")
	}
	if len(w.middle.open) != 0 || w.middle.tabs.Selected() != nil || !w.middle.reports.Visible() {
		t.Error("the tab is still there")
	}
}

// TestMenusAndColumns: what a grid can do is found by the mouse, and hidden
// columns come back.
func TestMenusAndColumns(t *testing.T) {
	w, tab, q := ranTab(t, "Get-TransportRule")
	canvas := w.window.Canvas()
	tab.Grid().SetCurrent(0, 0)
	tab.Grid().OnMenu(0, 0, fyne.NewPos(300, 400))
	desktest.Shot(t, w.desk, "menu of a row")
	canvas.Overlays().Top().Hide()
	tab.Grid().OnHeaderMenu(1, fyne.NewPos(300, 300))
	desktest.Shot(t, w.desk, "menu of a column")
	canvas.Overlays().Top().Hide()

	before := len(tab.Grid().VisibleColumns())
	desktest.Press(t, w.desk, "Columns")
	desktest.Shot(t, w.desk, "columns")
	if w.desk.Sheets.Count() != 1 {
		t.Fatal("no sheet of columns")
	}
	desktest.Press(t, w.desk, "Tick none")
	if after := len(tab.Grid().VisibleColumns()); after != 1 {
		t.Errorf("%d columns in sight, one stays", after)
	}
	desktest.Press(t, w.desk, "Tick all")
	if after := len(tab.Grid().VisibleColumns()); after < before {
		t.Errorf("%d columns in sight, were %d", after, before)
	}
	w.commands.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.desk.Sheets.Count() != 0 {
		t.Error("Escape leaves the sheet open")
	}

	tab.Grid().SelectAll()
	tab.Grid().CopyWithHeadings()
	q.Until(t, "the copy", func() bool { return w.desk.Pasted() != "" })
	tab.Grid().OnDetails(0, 0)
	desktest.Shot(t, w.desk, "details")
	test.TapCanvas(canvas, fyne.NewPos(2, 2))
	w.commands.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
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
