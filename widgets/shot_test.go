package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2/container"

	"fyne.io/fyne/v2"

	"postroom/widgets"
)

func TestPictures_grid(t *testing.T) {
	both(t, func(t *testing.T, mode string) {
		g := widgets.NewGrid()
		w := window(t, g, 860, 520)
		g.SetSource(mailboxes{})
		g.SetSelected([]widgets.RowRange{{First: 2, Last: 3}})
		g.SetSort(widgets.SortKey{Col: 0, Order: widgets.Ascending})
		shoot(t, w, "grid-"+mode)
		g.SetSource(mailboxes{extra: 200})
		g.SetFrozen(1)
		w.Resize(fyne.NewSize(500, 400))
		g.SetCurrent(150, 3)
		w.Canvas().Focus(g)
		g.TypedRune('z')
		shoot(t, w, "grid-narrow-"+mode)
		g.SetSource(nil)
		g.SetEmptyText("Run the report to see its rows here.")
		shoot(t, w, "grid-empty-"+mode)
	})
}

func TestPictures_rows(t *testing.T) {
	both(t, func(t *testing.T, mode string) {
		g := widgets.NewGrid()
		g.SetTicks(true)
		bar := widgets.NewFilterBar()
		bar.SetChips([]widgets.FilterChip{{Text: "Kind: User, Shared", OnTapped: func() {}, OnClosed: func() {}}, {Text: "Changed: last 365 days", OnTapped: func() {}, OnClosed: func() {}}})
		w := window(t, container.NewBorder(bar, nil, nil, nil, g), 760, 420)
		g.SetSource(mailboxes{})
		g.SetSelected([]widgets.RowRange{{First: 2, Last: 3}})
		g.SetSort(widgets.SortKey{Col: 2, Order: widgets.Ascending}, widgets.SortKey{Col: 0, Order: widgets.Descending})
		g.SetFiltered(2, 5)
		shoot(t, w, "rows-"+mode)
		g.SetSource(newOffices())
		g.SetColumns([]widgets.GridColumn{{Source: 0, Width: 300}, {Source: 1, Width: 200}})
		shoot(t, w, "rows-groups-"+mode)
		filter := widgets.ColumnFilter{Op: widgets.FilterOneOf, Values: []string{"User"}}
		w.SetContent(container.NewPadded(widgets.NewFilterEditor(kinds{widgets.FilterText}, &filter)))
		w.Resize(fyne.NewSize(420, 380))
		shoot(t, w, "rows-filter-"+mode)
		g.SetSource(mailboxes{})
		w.SetContent(container.NewPadded(widgets.NewColumnList(g, &keptSets{}, func(col int) bool { return col != 5 })))
		w.Resize(fyne.NewSize(520, 430))
		shoot(t, w, "rows-columns-"+mode)
		w.SetContent(container.NewPadded(widgets.NewRowDetails(people3{}, 0)))
		w.Resize(fyne.NewSize(760, 480))
		shoot(t, w, "rows-details-"+mode)
	})
}
