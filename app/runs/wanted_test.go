package runs_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/session/result"
	"postroom/widgets"
)

// chooseIn takes an item of the menu that stands in another of its items.
func (b *bench) chooseIn(parent, label string) {
	b.t.Helper()
	var found fyne.CanvasObject // the innermost one
	look := func(want string) {
		found = nil
		desktest.Walk(desktest.Front(b.desk), func(item fyne.CanvasObject) {
			_, hovers := item.(desktop.Hoverable)
			_, taps := item.(fyne.Tappable)
			if _, whole := item.(*widget.PopUpMenu); whole || !hovers || !taps {
				return
			}
			desktest.Walk(item, func(part fyne.CanvasObject) {
				if text, is := part.(*canvas.Text); is && text.Text == want {
					found = item
				}
			})
		})
		if found == nil {
			b.t.Fatalf("the menu has no %q; on the screen is:\n%s", want, b.text())
		}
	}
	look(parent)
	found.(desktop.Hoverable).MouseIn(&desktop.MouseEvent{})
	look(label)
	found.(fyne.Tappable).Tapped(&fyne.PointEvent{})
}

// TestComputedColumn: it is made from the menu of a column, says beforehand what it is for
// the current row and what is wrong with it, and is a column as others.
func TestComputedColumn(t *testing.T) {
	b, tab := ranMailboxes(t)
	headingMenu(t, b, tab, "Items")
	b.choose("New computed column ...")
	keys(b, "Half")
	b.desk.Window.Canvas().FocusNext()
	keys(b, "Items / ")
	b.reads("missing at character 8: a value")
	keys(b, "2 + nofunction(1)")
	b.reads("a function from the list")
	for range len("nofunction(1)") {
		keys(b, "", fyne.KeyBackspace)
	}
	keys(b, "Itmes")
	b.reads("These rows have no column Itmes.")
	for range len("Itmes") {
		keys(b, "", fyne.KeyBackspace)
	}
	keys(b, "0.25")
	b.reads("For user00: 0.25")
	keys(b, "", fyne.KeyReturn)
	b.until("the column", func() bool { return slices.Contains(visibleNames(tab), "Half") })
	b.settle()
	if got := cells(tab, "Half"); got[3] != "1.75" {
		t.Errorf("the values are %q", got)
	}
	tab.Sort(widgets.SortKey{Col: column(t, tab, "Half"), Order: widgets.Descending})
	b.until("the order", func() bool { return cells(tab, "Name")[0] == "user29" })
	filter(t, b, tab, "Half")
	keys(b, "14", fyne.KeyReturn) // more than
	b.until("two rows", func() bool { return slices.Equal(cells(tab, "Half"), []string{"14.75", "14.25"}) })
	tab.Export()
	v := b.exported[len(b.exported)-1].Shown
	if col, ok := v.Column("Half"); !ok || v.Cell(0, col) != "14.75" {
		t.Error("it is not exported")
	}

	again := b.tab("Get-Something", "Identity") // all of it comes back
	b.run(again)
	b.until("what was wanted", func() bool { return slices.Equal(cells(again, "Half"), []string{"14.75", "14.25"}) })
	b.settle()
	b.reads("Half: is more than 14", "2 of 30 rows")
	if got := again.Grid().Sort(); len(got) != 1 || again.Grid().Source().Header(got[0].Col) != "Half" || got[0].Order != widgets.Descending {
		t.Errorf("sorted by %v", got)
	}
	headingMenu(t, b, again, "Half")
	b.choose("Edit the formula ...")
	test.Tap(b.button("Remove the column"))
	b.until("no rows", func() bool { return len(cells(again, "Half")) == 0 })
	b.settle()
	if slices.Contains(visibleNames(again), "Half") {
		t.Error("the column stays")
	}
	b.reads("0 of 30 rows", "Half: is more than 14") // the filter waits for its column, and says so
	test.Tap(b.button("Half: is more than 14"))
	b.settle()
	b.reads("have no column Half")
}

// TestWhatIsKeptIsRead: what a file has that this program cannot do is left out, the rest
// comes back.
func TestWhatIsKeptIsRead(t *testing.T) {
	b := newBench(t)
	b.usual = mailboxRows(30)
	b.columns["Get-Something"] = settings.Columns{
		Group: "Office", Total: "max", Sort: []settings.SortKey{{Column: "Gone"}, {Column: "Name", Descending: true}},
		Computed: []settings.Computed{{Name: "Bad", Value: "1 +"}},
		Filters: []settings.Filter{
			{Column: "Name", Op: "starts", Values: []string{"user1"}}, {Column: "Name", Op: "newer than this program"}, {Column: "Name", Op: "contains"},
		},
	}
	tab := b.tab("Get-Something", "Identity")
	b.run(tab)
	b.until("ten rows", func() bool { return len(cells(tab, "Name")) == 10 })
	b.settle()
	b.reads("Name: begins with user1", "Grouped by Office", "max 19", "max 18 MB")
	if got := cells(tab, "Name"); got[0] != "user19" {
		t.Errorf("the first is %q", got[0])
	}
}

// TestHeadingsOfGroupsSayOtherTotals, of dates the first and the last.
func TestHeadingsOfGroupsSayOtherTotals(t *testing.T) {
	b, tab := ranMailboxes(t)
	headingMenu(t, b, tab, "Office")
	b.choose("Group by this column")
	b.until("groups", func() bool { rows, _ := tab.Grid().Source().Size(); return rows == 33 })
	for _, c := range [][2]string{{"Headings: averages", "avg 14.50"}, {"Headings: smallest values", "min 1"}, {"Headings: largest values", "max 28"}} {
		words, want := c[0], c[1]
		headingMenu(t, b, tab, "Office")
		b.chooseIn("Groups", words)
		b.until(want, func() bool { return tab.Grid().Source().Cell(0, column(t, tab, "Items")) == want })
	}
	source := tab.Grid().Source()
	if got, want := source.Cell(0, column(t, tab, "Changed")), "max "+source.Cell(1, column(t, tab, "Changed")); got != want {
		t.Errorf("the last change is said to be %q, want %q", got, want)
	}
}

// TestCopyAs: the clipboard has what a file of the format would have, of the selected rows.
func TestCopyAs(t *testing.T) {
	b, tab := ranMailboxes(t)
	for _, col := range []string{"Office", "Size", "Manager", "Addresses", "Changed"} {
		tab.Grid().HideColumn(column(t, tab, col))
	}
	tab.Grid().SetSelected([]widgets.RowRange{{First: 1, Last: 2}})
	for format, want := range map[string]string{
		"CSV": "Name,Items\r\nuser01,1\r\nuser02,2\r\n", "TSV": "Name\tItems\r\nuser01\t1\r\nuser02\t2\r\n",
		"NDJSON": `{"Name":"user01","Items":1}` + "\n" + `{"Name":"user02","Items":2}` + "\n", "Markdown": "| Name | Items |", "HTML": "<td>user02</td>",
	} {
		menuOf(t, b, tab, 1, "Name")
		tab.Grid().SetSelected([]widgets.RowRange{{First: 1, Last: 2}})
		b.chooseIn("Copy as", format)
		b.until("the text", func() bool { return strings.Contains(b.desk.Pasted(), want) })
		if got := b.desk.Pasted(); format != "Markdown" && format != "HTML" && got != want {
			t.Errorf("%s: %q, want %q", format, got, want)
		}
	}
}

// TestExtract: the rows that can be exported, with the columns on screen before the others.
func TestExtract(t *testing.T) {
	b, tab := ranMailboxes(t)
	tab.Grid().HideColumn(column(t, tab, "Name"))
	tab.FilterBy("Office", widgets.ColumnFilter{Op: widgets.FilterEquals, Values: []string{"Hafen"}})
	b.until("ten rows", func() bool { rows, _ := tab.Shown().Size(); return rows == 10 })
	tab.Grid().SetSelected([]widgets.RowRange{{First: 0, Last: 1}})
	var x runs.Extract
	tab.Extract(func(e runs.Extract) { x = e })
	if x.Shown == nil || x.Visible != 6 || x.Filtered != "Office: is Hafen" || !x.Whole {
		t.Fatalf("%v, %d visible, %q", x.Shown, x.Visible, x.Filtered)
	}
	for _, c := range []struct {
		view *result.View
		rows int
	}{{x.Shown, 10}, {x.Selected, 2}, {x.All, 30}} {
		rows, cols := c.view.Size()
		if rows != c.rows || cols != 7 || c.view.Header(0) != "Office" || c.view.Header(6) != "Name" {
			t.Errorf("%d rows of %q", rows, c.view.Headers())
		}
	}
}

// TestFindInManyRowsIsNoWorkOfTheUIThread: a worker looks, what was typed later counts, and
// the row is found again when the rows have another order by then.
func TestFindInManyRowsIsNoWorkOfTheUIThread(t *testing.T) {
	b := newBench(t)
	b.usual = mailboxRows(5000)
	tab := b.tab("Get-Something", "Identity")
	b.run(tab)
	grid := tab.Grid()
	b.desk.Focus(grid)
	grid.SetCurrent(0, column(t, tab, "Name"))
	keys(b, "user4321")
	if row, _ := grid.Current(); row == 4321 {
		t.Error("it is there before a worker could answer")
	}
	b.until("the row", func() bool { row, _ := grid.Current(); return row == 4321 })
	keys(b, "", fyne.KeyEscape)
	grid.SetCurrent(0, column(t, tab, "Name"))
	tab.Sort(widgets.SortKey{Col: column(t, tab, "Items"), Order: widgets.Descending})
	b.until("the order", func() bool { return cells(tab, "Name")[0] == "user4999" })
	keys(b, "user17")
	b.until("the first from there on", func() bool { row, _ := grid.Current(); return cells(tab, "Name")[max(0, row)] == "user1799" })
	keys(b, "", fyne.KeyF3)
	b.until("the next", func() bool { row, _ := grid.Current(); return cells(tab, "Name")[row] == "user1798" })
}
