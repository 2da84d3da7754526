package runs_test

import (
	"context"
	"slices"
	"testing"

	"postroom/app/settings"
	"postroom/session"
	"postroom/widgets"
)

// TestAColumnThatComesLateKeepsTheSelection: it comes before the computed ones; what is
// selected, sorted and current stays.
func TestAColumnThatComesLateKeepsTheSelection(t *testing.T) {
	b := newBench(t)
	b.columns["Get-Something"] = settings.Columns{Computed: []settings.Computed{{Name: "Twice", Value: "Items * 2"}}}
	first, late := make(chan struct{}), make(chan struct{})
	b.usual = func(ctx context.Context, sink session.Sink) error {
		if err := mailboxRows(10)(ctx, sink); err != nil {
			return err
		}
		close(first)
		<-late
		sink.BeginRow()
		sink.Text([]byte("Name"), []byte("zlast"))
		sink.Int([]byte("Items"), 99)
		sink.Text([]byte("Late"), []byte("here"))
		return sink.EndRow()
	}
	tab := b.tab("Get-Something", "Identity")
	tab.Form().Run()
	<-first
	b.until("the rows", func() bool { return len(cells(tab, "Twice")) == 10 })
	grid := tab.Grid()
	tab.Sort(widgets.SortKey{Col: column(t, tab, "Items"), Order: widgets.Descending})
	b.until("the order", func() bool { return cells(tab, "Name")[0] == "user09" })
	grid.SetSelected([]widgets.RowRange{{First: 1, Last: 2}})
	grid.SetCurrent(2, column(t, tab, "Twice"))
	close(late)
	b.until("the late column", func() bool { return slices.Contains(cells(tab, "Late"), "here") })
	b.settle()
	if got := grid.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 2, Last: 3}}) {
		t.Errorf("selected are %v, want the same rows one further down", got)
	}
	if row, col := grid.Current(); row != 3 || grid.Source().Header(col) != "Twice" {
		t.Errorf("the current cell is row %d of %s", row, grid.Source().Header(max(0, col)))
	}
	if keys := grid.Sort(); len(keys) != 1 || grid.Source().Header(keys[0].Col) != "Items" {
		t.Errorf("sorted by %v", keys)
	}
}
