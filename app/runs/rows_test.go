package runs_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/session"
	"postroom/session/result"
	"postroom/widgets"
)

// mailboxRows gives mailboxes of three offices, with sizes, dates and lists.
func mailboxRows(n int) func(context.Context, session.Sink) error {
	return func(_ context.Context, sink session.Sink) error {
		for i := range n {
			sink.BeginRow()
			sink.Text([]byte("Name"), fmt.Appendf(nil, "user%02d", i))
			if i%3 == 2 {
				sink.Null([]byte("Office"))
			} else {
				sink.Text([]byte("Office"), []byte([]string{"Hafen", "Bremen"}[i%3]))
			}
			sink.Text([]byte("Size"), fmt.Appendf(nil, "%d MB (%d bytes)", i, i<<20))
			sink.Int([]byte("Items"), int64(i))
			sink.Null([]byte("Manager"))
			sink.List([]byte("Addresses"), [][]byte{fmt.Appendf(nil, "SMTP:u%d@x.example", i), []byte("smtp:info@x.example")}, nil)
			age := time.Duration(i) * 20 * 24 * time.Hour
			sink.Time([]byte("Changed"), result.Time{Ticks: ticks(time.Now().Add(-age)), Kind: result.TimeUTC})
			if err := sink.EndRow(); err != nil {
				return err
			}
		}
		return nil
	}
}

// ticks are those of .NET: 100 ns since the year 1.
func ticks(t time.Time) int64 { return t.UTC().Unix()*10_000_000 + 621_355_968_000_000_000 }

// ranMailboxes is a tab that has run and shows 30 mailboxes.
func ranMailboxes(t *testing.T) (*bench, *runs.Tab) {
	t.Helper()
	b := newBench(t)
	b.usual = mailboxRows(30)
	tab := b.tab("Get-Something", "Identity")
	b.run(tab)
	if got := len(cells(tab, "Name")); got != 30 {
		t.Fatalf("%d rows", got)
	}
	return b, tab
}

// column is the place of a column in the grid's source.
func column(t *testing.T, tab *runs.Tab, name string) int {
	t.Helper()
	source := tab.Grid().Source()
	_, cols := source.Size()
	for col := range cols {
		if source.Header(col) == name {
			return col
		}
	}
	t.Fatalf("no column %s", name)
	return -1
}

// filter opens the filter of a column with the keyboard.
func filter(t *testing.T, b *bench, tab *runs.Tab, name string) {
	t.Helper()
	b.desk.Focus(tab.Grid())
	tab.Grid().SetCurrent(0, column(t, tab, name))
	tab.Grid().TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF, Modifier: fyne.KeyModifierAlt | fyne.KeyModifierShift})
	b.settle()
	b.reads("Rows whose " + name)
}

// keys types text and then keys into what has the keyboard.
func keys(b *bench, text string, names ...fyne.KeyName) {
	canvas := b.desk.Window.Canvas()
	for _, c := range text {
		canvas.Focused().TypedRune(c)
	}
	for _, name := range names {
		canvas.Focused().TypedKey(&fyne.KeyEvent{Name: name})
	}
}

func TestFilterByColumn(t *testing.T) {
	b, tab := ranMailboxes(t)
	filter(t, b, tab, "Name")
	keys(b, "user1", fyne.KeyReturn)
	b.until("ten rows", func() bool { return len(cells(tab, "Name")) == 10 })
	b.settle()
	b.reads("Name: contains user1", "10 of 30 rows")

	filter(t, b, tab, "Size")
	keys(b, "much", fyne.KeyReturn)
	b.reads("much is not a size.")
	b.desk.Window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	keys(b, "15 MB")
	test.Tap(b.button("Filter"))
	b.until("fewer rows", func() bool { return slices.Equal(cells(tab, "Items"), []string{"16", "17", "18", "19"}) })
	b.settle()
	b.reads("Size: is more than 15 MB", "4 of 30 rows")

	test.Tap(namedButton(t, b, "Remove Name: contains user1"))
	b.until("more rows", func() bool { return len(cells(tab, "Name")) == 14 })
	test.Tap(b.button("Clear"))
	b.until("all rows", func() bool { return len(cells(tab, "Name")) == 30 })
	b.settle()
	if strings.Contains(b.text(), "is more than") {
		t.Error("a chip stays")
	}
}

// namedButton finds a button by its name for screen readers.
func namedButton(t *testing.T, b *bench, name string) *widgets.Button {
	t.Helper()
	var found *widgets.Button
	desktest.Walk(desktest.Front(b.desk), func(o fyne.CanvasObject) {
		if w, ok := o.(*widgets.Button); ok && w.AccessibilityLabel() == name {
			found = w
		}
	})
	if found == nil {
		t.Fatalf("no button is called %q", name)
	}
	return found
}

func TestFilterByDateAndByWhatIsEmpty(t *testing.T) {
	b, tab := ranMailboxes(t)
	filter(t, b, tab, "Changed")
	keys(b, "soon", fyne.KeyReturn) // in the last … days
	b.reads("soon is not a number of days.")
	b.desk.Window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	keys(b, "90", fyne.KeyReturn)
	b.until("five rows", func() bool { return len(cells(tab, "Name")) == 5 })
	b.settle()
	b.reads("Changed: last 90 days")
	test.Tap(b.button("Clear"))
	b.until("all rows", func() bool { return len(cells(tab, "Name")) == 30 })

	filter(t, b, tab, "Office")
	b.desk.Window.Canvas().FocusPrevious()
	keys(b, "is not empty", fyne.KeyReturn, fyne.KeyReturn)
	b.until("twenty rows", func() bool { return len(cells(tab, "Name")) == 20 })
}

func TestFilterByTickedValues(t *testing.T) {
	b, tab := ranMailboxes(t)
	filter(t, b, tab, "Office")
	b.desk.Window.Canvas().FocusPrevious()
	keys(b, "is one of", fyne.KeyReturn)
	b.settle()
	b.reads("Hafen", "Bremen", "10")
	keys(b, "brem", fyne.KeyReturn)
	b.settle()
	test.Tap(b.button("Filter"))
	b.until("ten rows", func() bool { return len(cells(tab, "Name")) == 10 })
	b.settle()
	b.reads("Office: Bremen")
}

// menuOf opens the menu of a cell with the keyboard.
func menuOf(t *testing.T, b *bench, tab *runs.Tab, row int, name string) {
	t.Helper()
	b.desk.Focus(tab.Grid())
	tab.Grid().SetCurrent(row, column(t, tab, name))
	tab.Grid().TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
}

func headingMenu(t *testing.T, b *bench, tab *runs.Tab, name string) {
	t.Helper()
	b.desk.Focus(tab.Grid())
	tab.Grid().SetCurrent(0, column(t, tab, name))
	tab.Grid().TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyM, Modifier: fyne.KeyModifierAlt})
}

func TestFilterByCell(t *testing.T) {
	b, tab := ranMailboxes(t)
	menuOf(t, b, tab, 1, "Office")
	b.choose("Only rows with this value")
	b.until("ten rows", func() bool { return len(cells(tab, "Name")) == 10 })
	if got := cells(tab, "Office")[0]; got != "Bremen" {
		t.Errorf("the rows are of %q", got)
	}
	menuOf(t, b, tab, 0, "Name")
	b.choose("All but rows with this value")
	b.until("nine rows", func() bool { return len(cells(tab, "Name")) == 9 })
}

func TestGroupsWithSums(t *testing.T) {
	b, tab := ranMailboxes(t)
	headingMenu(t, b, tab, "Office")
	b.choose("Group by this column")
	grid := tab.Grid()
	b.until("groups", func() bool { rows, _ := grid.Source().Size(); return rows == 33 })
	b.settle()
	b.reads("Bremen  10", "Grouped by Office", "145", "145.0 MB") // of 1, 4, … 28
	grid.SetSelected([]widgets.RowRange{{First: 1, Last: 2}})
	grid.TypedShortcut(&fyne.ShortcutCopy{})
	b.settle()
	if got := b.desk.Pasted(); !strings.HasPrefix(got, "user01") || strings.Count(got, "\n") != 2 {
		t.Errorf("copied %q", got)
	}
	b.desk.Focus(grid)
	grid.SetCurrent(0, 0)
	grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft}) // folds Bremen
	if rows, _ := grid.Source().Size(); rows != 23 {
		t.Errorf("%d rows with one group folded", rows)
	}
	if n := grid.SelectedAway(); n != 2 {
		t.Errorf("%d selected rows are folded away", n)
	}
	b.settle()
	b.reads("2 selected, not shown") // no filter took them
	grid.SetCurrent(2, 0)
	grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.settle()
	b.reads("user00") // the first of Hafen
	test.Tap(b.button("Close"))
	test.Tap(namedButton(t, b, "Remove Grouped by Office"))
	b.until("no groups", func() bool { rows, _ := grid.Source().Size(); return rows == 30 })
}

func TestSortBySeveralColumnsFromTheMenu(t *testing.T) {
	b, tab := ranMailboxes(t)
	headingMenu(t, b, tab, "Office")
	b.choose("Sort descending")
	b.until("the order", func() bool { return cells(tab, "Office")[0] == "Hafen" })
	headingMenu(t, b, tab, "Name")
	b.choose("Sort by this column too")
	b.settle()
	want := []widgets.SortKey{{Col: column(t, tab, "Office"), Order: widgets.Descending}, {Col: column(t, tab, "Name"), Order: widgets.Ascending}}
	if got := tab.Grid().Sort(); !slices.Equal(got, want) || cells(tab, "Name")[0] != "user00" {
		t.Errorf("sorted by %v, first %q", got, cells(tab, "Name")[0])
	}
}

func TestStatisticsOfTheSelection(t *testing.T) {
	b, tab := ranMailboxes(t)
	grid := tab.Grid()
	b.desk.Focus(grid)
	grid.SetCurrent(0, column(t, tab, "Items"))
	grid.TypedShortcut(&fyne.ShortcutSelectAll{})
	b.settle()
	b.reads("Items: 30 rows · 30 different · sum 435 · average 14.50 · median 14.50 · from 0 · to 29")
	grid.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeySpace, Modifier: fyne.KeyModifierControl})
	b.settle()
	b.reads("Items: 29 rows · 29 different")          // of the new selection, not of the one before
	grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown}) // one row: nothing to measure
	b.settle()
	if strings.Contains(b.text(), "average") {
		t.Error("the line stays for one row")
	}
	headingMenu(t, b, tab, "Size")
	b.choose("Statistics of the column")
	b.settle()
	b.reads("Size: 30 rows", "sum 435.0 MB")
}

func TestColumnsComeBack(t *testing.T) {
	b, tab := ranMailboxes(t)
	grid := tab.Grid()
	b.desk.Focus(grid)
	grid.SetCurrent(0, column(t, tab, "Office"))
	alt := func(k fyne.KeyName, m fyne.KeyModifier) {
		grid.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierAlt | m})
	}
	alt(fyne.KeyLeft, fyne.KeyModifierShift) // before Name
	alt(fyne.KeyF, 0)
	grid.SetCurrent(0, column(t, tab, "Items"))
	alt(fyne.KeyH, 0)
	shown := visibleNames(tab)
	again := b.tab("Get-Something", "Identity")
	b.run(again)
	if got := visibleNames(again); !slices.Equal(got, shown) || got[0] != "Office" || slices.Contains(got, "Items") {
		t.Errorf("the columns are %q, were %q", got, shown)
	}
	if again.Grid().Frozen() != 1 {
		t.Errorf("%d columns are frozen", again.Grid().Frozen())
	}
}

// The places of rows of one tenant say nothing of the column of the tenants: it stands first,
// until a person hides it.
func TestTheTenantIsShownWhateverWasArranged(t *testing.T) {
	b, tab := ranMailboxes(t)
	hide := func(tab *runs.Tab, name string) {
		b.desk.Focus(tab.Grid())
		tab.Grid().SetCurrent(0, column(t, tab, name))
		tab.Grid().TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyH, Modifier: fyne.KeyModifierAlt})
	}
	hide(tab, "Items")
	ours := result.TenantColumn.Name()
	several := b.tab("Get-Something", "Identity")
	several.UseTenants(b.tenants)
	b.run(several)
	if got := visibleNames(several); got[0] != ours || slices.Contains(got, "Items") {
		t.Errorf("the columns are %q", got)
	}
	hide(several, ours)
	hide(tab, "Size")
	again := b.tab("Get-Something", "Identity")
	again.UseTenants(b.tenants)
	b.run(again)
	if got := visibleNames(again); slices.Contains(got, ours) || slices.Contains(got, "Size") {
		t.Errorf("the columns are %q, though the tenants' was hidden", got)
	}
}

func visibleNames(tab *runs.Tab) []string {
	var names []string
	for _, col := range tab.Grid().VisibleColumns() {
		names = append(names, tab.Grid().Source().Header(col))
	}
	return names
}

func TestColumnsSheet(t *testing.T) {
	b, _ := ranMailboxes(t)
	test.Tap(b.button("Columns"))
	b.reads("Only columns with something in them", "Manager", "empty")
	foot := func() fyne.Position { return fyne.CurrentApp().Driver().AbsolutePositionForObject(b.button("Close")) }
	before := foot()
	b.desk.Window.Canvas().FocusNext()
	keys(b, "", fyne.KeySpace)
	if strings.Contains(b.text(), "Manager") {
		t.Error("an empty column is listed")
	}
	if after := foot(); after != before {
		t.Errorf("the sheet changes its size under the mouse: its foot was at %v and is at %v", before, after)
	}
}

func TestRowDetails(t *testing.T) {
	b, tab := ranMailboxes(t)
	b.desk.Focus(tab.Grid())
	tab.Grid().SetCurrent(2, 0)
	tab.Grid().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.reads("user02", "3 of 30", "Addresses  2", "SMTP:u2@x.example")
	keys(b, "info@")
	b.reads("smtp:info@x.example")
	test.Tap(namedButton(t, b, "Next row"))
	b.reads("user03", "4 of 30")
}

// TestDetailsAreCalledByTheNameOfTheRow, whatever column stands first.
func TestDetailsAreCalledByTheNameOfTheRow(t *testing.T) {
	b, tab := ranMailboxes(t)
	tab.Grid().MoveColumn(column(t, tab, "Items"), -10)
	b.desk.Focus(tab.Grid())
	tab.Grid().SetCurrent(2, 0)
	tab.Grid().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if text := strings.TrimSpace(b.text()); !strings.HasPrefix(text, "user02") {
		t.Errorf("the sheet begins %.40q", text)
	}
}
