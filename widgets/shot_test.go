package widgets_test

import (
	"testing"

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
		g.ScrollToRow(150)
		g.SetCurrent(150, 3)
		w.Canvas().Focus(g)
		g.TypedRune('z')
		shoot(t, w, "grid-narrow-"+mode)
		g.SetSource(nil)
		g.SetEmptyText("Run the report to see its rows here.")
		shoot(t, w, "grid-empty-"+mode)
	})
}
