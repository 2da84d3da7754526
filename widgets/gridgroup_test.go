package widgets_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"postroom/widgets"
)

// offices is a table with two groups of two rows; the second is folded.
type offices struct{ keyed }

func newOffices() offices { return offices{keyed{[]int{-1, 7, 8, -2}}} }

func (o offices) Size() (int, int) { return len(o.rows), 2 }

func (o offices) Header(c int) string { return []string{"Name", "Size"}[c] }

func (o offices) Cell(r, c int) string {
	if _, ok := o.Group(r); ok {
		return []string{"", "sum 9 GB"}[c]
	}
	return fmt.Sprintf("row%d c%d", o.rows[r], c)
}

func (o offices) Group(r int) (widgets.GridGroup, bool) {
	switch o.rows[r] {
	case -1:
		return widgets.GridGroup{Title: "Hafen", Count: 2, Open: true}, true
	case -2:
		return widgets.GridGroup{Title: "Bremen", Count: 2}, true
	}
	return widgets.GridGroup{}, false
}

func TestGrid_groups(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	w := window(t, g, 500, 300)
	g.SetSource(newOffices())
	g.SetColumns([]widgets.GridColumn{{Source: 0, Width: 200}, {Source: 1, Width: 200}})
	mustRead(t, g, "Hafen  2", "Bremen  2", "sum 9 GB", "row7 c0")
	mustShow(t, g, widgets.IconChevronDown, widgets.IconChevronRight)
	var folded []int
	g.OnFold = func(row int) { folded = append(folded, row) }
	g.OnDetails = func(int, int) { t.Error("a heading has details") }
	g.OnMenu = func(int, int, fyne.Position) { t.Error("a heading has a row's menu") }
	click(g, 50, rowY(0)-3, 0)
	w.Canvas().Focus(g)
	press(w, fyne.KeyRight, fyne.KeyLeft) // open already, then folds
	press(w, fyne.KeyReturn, fyne.KeyF10)
	if !slices.Equal(folded, []int{0, 0, 0}) {
		t.Errorf("folded %v", folded)
	}
	if n := g.SelectedCount(); n != 0 {
		t.Errorf("%d headings are selected", n)
	}
	g.SelectAll()
	if n := g.SelectedCount(); n != 2 {
		t.Errorf("%d of 2 rows are selected", n)
	}
	var asked widgets.CopyRequest
	g.OnCopy = func(r widgets.CopyRequest) { asked = r }
	g.Copy()
	if got := asked.TSV(); got != "row7 c0\trow7 c1\nrow8 c0\trow8 c1\n" || asked.Count() != 2 {
		t.Errorf("copied %q, %d rows", got, asked.Count())
	}
	typed(w, "sum")
	mustRead(t, g, "Find: sum - not found") // a heading is no row
}

// TestGrid_lines_leave_the_titles_of_groups: the lines between columns, and the one beside
// frozen columns, go down the rows and past the titles of groups, but not through these.
func TestGrid_lines_leave_the_titles_of_groups(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	window(t, g, 500, 300)
	g.SetSource(newOffices())
	g.SetColumns([]widgets.GridColumn{{Source: 0, Width: 50}, {Source: 1, Width: 60}})
	for frozen, want := range map[int]map[float32]int{
		// the line at 50 goes through both titles, the line at 110 through none
		0: {49: 1, 109: 1},
		1: {49: 1, 109: 1},
	} {
		g.SetFrozen(frozen)
		titles := []*canvas.Text{textObject(t, g, "Hafen  2"), textObject(t, g, "Bremen  2")}
		pieces := map[float32]int{}
		walk(g, func(o fyne.CanvasObject) {
			line, is := o.(*canvas.Rectangle)
			if !is || line.Size().Width != 1 || where(line).Y < rowY(0)-12-3 {
				return
			}
			x, y := where(line).X, where(line).Y
			pieces[x]++
			for _, title := range titles {
				at, size := where(title), title.Size()
				if x >= at.X && x < at.X+size.Width && y < at.Y+size.Height && y+line.Size().Height > at.Y {
					t.Errorf("%d frozen: a line at %g goes through %q, from %g to %g", frozen, x, title.Text, y, y+line.Size().Height)
				}
			}
		})
		if !maps.Equal(pieces, want) {
			t.Errorf("%d frozen: pieces of lines by place: %v, want %v", frozen, pieces, want)
		}
	}
}

func TestGrid_tick_boxes(t *testing.T) {
	g, _ := mailGrid(t, 0)
	g.SetTicks(true)
	click(g, 20, rowY(1), 0)
	click(g, 20, rowY(4), 0)
	click(g, 20, rowY(1), 0)
	click(g, 20, rowY(6), 0)
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 4, Last: 4}, {First: 6, Last: 6}}) {
		t.Errorf("the boxes select %v", got)
	}
	mustShow(t, g, widgets.IconBox, widgets.IconBoxOn, widgets.IconBoxSome)
	selected := -1
	g.OnSelect = func(rows int) { selected = rows }
	click(g, 20, headY, 0)
	if selected != 16 || slices.Contains(signs(g), widgets.IconBox) {
		t.Errorf("the box of all selects %d", selected)
	}
	click(g, 20, headY, 0)
	if selected != 0 {
		t.Errorf("the box of all leaves %d selected", selected)
	}
	sorted := false
	g.OnSort = func([]widgets.SortKey) { sorted = true }
	click(g, 60, headY, 0)
	if !sorted {
		t.Error("the first heading is not where it is drawn")
	}
}

// TestGrid_selection_outlasts_a_filter: rows that a filter hides come back selected.
func TestGrid_selection_outlasts_a_filter(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	window(t, g, 300, 300)
	all := keyed{[]int{10, 11, 12, 13, 14}}
	g.SetSource(all)
	g.SetSelected([]widgets.RowRange{{First: 1, Last: 2}, {First: 4, Last: 4}})
	g.SetSource(keyed{[]int{13, 11}})
	if g.SelectedCount() != 1 || g.SelectedAway() != 2 {
		t.Errorf("%d selected, %d away", g.SelectedCount(), g.SelectedAway())
	}
	g.SetSource(keyed{[]int{14, 13, 12, 11, 10}})
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 0, Last: 0}, {First: 2, Last: 3}}) || g.SelectedAway() != 0 {
		t.Errorf("%v selected, %d away", got, g.SelectedAway())
	}
	g.SetSource(keyed{[]int{13, 10}})
	g.SetSelected(nil)
	g.SetSource(all)
	if g.SelectedCount() != 0 {
		t.Errorf("%d selected after the selection was cleared", g.SelectedCount())
	}
}

func TestGrid_sorts_by_several_columns(t *testing.T) {
	g, w := mailGrid(t, 0)
	g.SetColumns([]widgets.GridColumn{{Source: 0, Width: 150}, {Source: 1, Width: 150}, {Source: 2, Width: 150}})
	click(g, 50, headY, 0)
	click(g, 200, headY, shift)
	click(g, 200, headY, shift)
	want := []widgets.SortKey{{Col: 0, Order: widgets.Ascending}, {Col: 1, Order: widgets.Descending}}
	if got := g.Sort(); !slices.Equal(got, want) {
		t.Errorf("sorted by %v, want %v", got, want)
	}
	mustShow(t, g, widgets.IconArrowUp, widgets.IconArrowDown)
	mustRead(t, g, "1", "2")
	w.Canvas().Focus(g)
	press(w, fyne.KeyEnd, fyne.KeyHome, fyne.KeyRight, fyne.KeyRight)
	shortcut(g, fyne.KeyUp, alt|shift)
	if got := g.Sort(); len(got) != 3 || got[2] != (widgets.SortKey{Col: 2, Order: widgets.Ascending}) {
		t.Errorf("Alt+Shift+Up sorts by %v", got)
	}
	click(g, 200, headY, shift) // the third click takes it out
	if got := g.Sort(); len(got) != 2 {
		t.Errorf("after a third click sorted by %v", got)
	}
	click(g, 50, headY, 0)
	if got := g.Sort(); !slices.Equal(got, []widgets.SortKey{{Col: 0, Order: widgets.Descending}}) {
		t.Errorf("a plain click sorts by %v", got)
	}
}

func TestGrid_funnel_opens_the_filter(t *testing.T) {
	g, w := mailGrid(t, 0)
	g.SetColumns([]widgets.GridColumn{{Source: 0, Width: 150}, {Source: 1, Width: 150}})
	g.SetFiltered(0)
	mustShow(t, g, widgets.IconFunnel)
	var asked []int
	g.OnFilter = func(col int, at fyne.Position) { asked = append(asked, col) }
	g.OnSort = func([]widgets.SortKey) { t.Error("the funnel sorts") }
	click(g, 135, headY, 0)
	w.Canvas().Focus(g)
	press(w, fyne.KeyRight)
	shortcut(g, fyne.KeyF, alt|shift)
	if !slices.Equal(asked, []int{0, 1}) {
		t.Errorf("the filter was asked for columns %v", asked)
	}
}
