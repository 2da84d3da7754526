package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

// TestGrid_structure holds what the grid is made of, in one small case: a change here is
// to be looked at, not feared.
func TestGrid_structure(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	w := window(t, g, 240, 120)
	g.SetSource(plain{rows: 2, cols: 2})
	g.SetSelected([]widgets.RowRange{{First: 1, Last: 1}})
	g.SetSort(widgets.SortKey{Col: 0, Order: widgets.Ascending})
	test.AssertRendersToMarkup(t, "grid/structure.xml", w.Canvas())
}
