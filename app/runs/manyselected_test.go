package runs_test

import (
	"slices"
	"testing"

	"postroom/widgets"
)

// TestManySelectedRowsAreFoundByAWorker: where they are in another order is no work of the UI
// thread, and what is selected meanwhile is not lost.
func TestManySelectedRowsAreFoundByAWorker(t *testing.T) {
	const rows = 12_000
	b := newBench(t)
	b.usual = mailboxRows(rows)
	tab := b.tab("Get-Something", "Identity")
	b.run(tab)
	grid := tab.Grid()
	items := column(t, tab, "Items")
	grid.SetSelected([]widgets.RowRange{{First: 1, Last: rows - 1}})
	change := grid.Change(grid.Source())
	if !change.Quick() {
		t.Error("rows that stay where they are take long")
	}
	grid.SetSelected([]widgets.RowRange{{First: 1, Last: rows - 1}})
	if grid.Takes(change) {
		t.Error("what was found holds though others were selected since")
	}
	tab.Sort(widgets.SortKey{Col: items, Order: widgets.Descending})
	b.until("the order", func() bool { return cells(tab, "Items")[0] == "11999" })
	if want := []widgets.RowRange{{First: 0, Last: rows - 2}}; !slices.Equal(grid.Selected(), want) {
		t.Errorf("selected are %v, want %v", grid.Selected(), want)
	}
	tab.FilterBy("Items", widgets.ColumnFilter{Op: widgets.FilterLess, Values: []string{"100"}})
	b.until("fewer rows", func() bool { return len(cells(tab, "Items")) == 100 })
	if n, away := grid.SelectedCount(), grid.SelectedAway(); n != 99 || away != rows-100 {
		t.Errorf("%d are selected and %d filtered out", n, away)
	}
	tab.FilterBy("Items", widgets.ColumnFilter{Op: widgets.FilterLess, Values: []string{"20000"}})
	grid.SetSelected([]widgets.RowRange{{First: 3, Last: 3}}) // before the rows are there again
	b.until("all rows", func() bool { return len(cells(tab, "Items")) == rows })
	b.settle()
	if n := grid.SelectedCount(); n != 1 || cells(tab, "Items")[grid.Selected()[0].First] != "96" {
		t.Errorf("%d are selected, want the one that was selected last", n)
	}
}
