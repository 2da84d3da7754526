package widgets_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

const (
	ctrl  = fyne.KeyModifierControl
	shift = fyne.KeyModifierShift
	alt   = fyne.KeyModifierAlt

	headY = 15 // inside the headings
)

// rowY is a place inside a row in sight, counted from the first.
func rowY(n int) float32 { return 33 + 12 + 24*float32(n) } // strip 3, heading 30

// plain is a table without provenance: its first row begins 3 higher.
type plain struct {
	rows, cols int
	note       string
}

func (p plain) Size() (int, int)     { return p.rows, p.cols }
func (p plain) Header(c int) string  { return "H" + strconv.Itoa(c) }
func (p plain) Cell(r, c int) string { return fmt.Sprintf("%sr%dc%d", p.note, r, c) }

// topRow is the first row in sight, by the texts of a column that has each of them once.
func topRow(t *testing.T, g *widgets.Grid, col int) int {
	t.Helper()
	source, seen := g.Source(), texts(g)
	rows, _ := source.Size()
	for row := range rows {
		if slices.Contains(seen, source.Cell(row, col)) {
			return row
		}
	}
	t.Fatal("no row is in sight")
	return 0
}

func mailGrid(t *testing.T, extra int) (*widgets.Grid, fyne.Window) {
	t.Helper()
	themedApp(t)
	g := widgets.NewGrid()
	w := window(t, g, 860, 520)
	g.SetSource(mailboxes{extra: extra})
	return g, w
}

func TestGrid_shows_headings_rows_and_what_is_empty(t *testing.T) {
	g, _ := mailGrid(t, 0)
	mustRead(t, g, "DisplayName", "ForwardingSmtpAddress", "Ada Brandt", "Svenja Thomsen", "7919")
	empty := textObject(t, g, "empty")
	if !empty.TextStyle.Italic {
		t.Error("a cell without a value is not set in italics")
	}
}

func TestGrid_a_million_rows_stand_still(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	w := window(t, g, 800, 500)
	g.SetSource(million{})
	for _, row := range []int{0, 1, 12_345, 523_457, 999_999} {
		g.SetCurrent(row, 0)
		text := textObject(t, g, fmt.Sprintf("r%d c0", row))
		if y := where(text).Y; y < 30 || y > 488 {
			t.Errorf("row %d is out of sight at %v", row, y)
		}
	}
	last, before := textObject(t, g, "r999999 c0"), textObject(t, g, "r999998 c0")
	if d := where(last).Y - where(before).Y; d != 24 {
		t.Errorf("the last rows are %v apart, want 24", d)
	}
	y := where(last).Y
	test.Scroll(w.Canvas(), fyne.NewPos(100, 100), 0, 1) // one pixel up
	if d := where(textObject(t, g, "r999999 c0")).Y - y; d != 1 {
		t.Errorf("a scroll of one pixel moved the last row by %v", d)
	}
	if n := len(texts(g)); n > 40*20 {
		t.Errorf("%d texts exist for a window of 16 rows", n)
	}
}

func TestGrid_setters_call_nothing_back(t *testing.T) {
	g, _ := mailGrid(t, 100)
	bad := func(what string) { t.Error(what + " was called by a setter") }
	g.OnSort = func([]widgets.SortKey) { bad("OnSort") }
	g.OnSelect = func(int) { bad("OnSelect") }
	g.OnCurrent = func(int, int) { bad("OnCurrent") }
	g.OnColumns = func() { bad("OnColumns") }
	g.OnDetails = func(int, int) { bad("OnDetails") }
	g.SetSort(widgets.SortKey{Col: 1, Order: widgets.Descending})
	g.SetSelected([]widgets.RowRange{{First: 1, Last: 3}})
	g.SetCurrent(5, 1)
	g.SelectAll()
	g.SetSelected(nil)
	g.SetColumns([]widgets.GridColumn{{Source: 3, Width: 80}, {Source: 0}})
	g.SetFrozen(1)
	g.HideColumn(2)
	g.ShowColumn(2)
	g.MoveColumn(3, 1)
	g.AutoFit(3)
	g.SetCurrent(90, 3)
	g.SetSource(plain{rows: 3, cols: 2})
}

func TestGrid_selects_rows_with_the_mouse(t *testing.T) {
	g, _ := mailGrid(t, 0)
	calls := 0
	g.OnSelect = func(int) { calls++ }
	click(g, 50, rowY(2), 0)
	click(g, 50, rowY(5), shift)
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 2, Last: 5}}) {
		t.Errorf("Shift selected %v", got)
	}
	click(g, 50, rowY(4), ctrl)
	click(g, 50, rowY(9), ctrl)
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 2, Last: 3}, {First: 5, Last: 5}, {First: 9, Last: 9}}) {
		t.Errorf("Ctrl selected %v", got)
	}
	click(g, 50, rowY(1), 0)
	if got := g.SelectedCount(); got != 1 || calls != 5 {
		t.Errorf("%d rows selected after a click, %d calls", got, calls)
	}
	dragMouse(g, 50, rowY(3), 50, rowY(7))
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 3, Last: 7}}) {
		t.Errorf("dragging selected %v", got)
	}
	g.MouseDown(mouse(50, rowY(11), desktop.MouseButtonSecondary, 0))
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 11, Last: 11}}) {
		t.Errorf("a right click outside the selection selected %v", got)
	}
}

func TestGrid_moves_and_selects_with_the_keyboard(t *testing.T) {
	g, w := mailGrid(t, 200)
	w.Canvas().Focus(g)
	at := func(want int) {
		t.Helper()
		if row, _ := g.Current(); row != want {
			t.Errorf("current row %d, want %d", row, want)
		}
	}
	press(w, fyne.KeyDown, fyne.KeyDown)
	at(2)
	press(w, fyne.KeyPageDown)
	row, _ := g.Current()
	if row < 10 || row > 24 {
		t.Errorf("Page Down went to %d", row)
	}
	press(w, fyne.KeyPageUp)
	at(2)
	shortcut(g, fyne.KeyEnd, ctrl)
	at(215)
	if !readable(g, people[215%16]) {
		t.Error("the last row is out of sight")
	}
	shortcut(g, fyne.KeyHome, ctrl)
	at(0)
	g.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	press(w, fyne.KeyDown, fyne.KeyDown)
	g.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 0, Last: 2}}) {
		t.Errorf("Shift+Down selected %v", got)
	}
	shortcut(g, fyne.KeyDown, ctrl)
	shortcut(g, fyne.KeyDown, ctrl)
	shortcut(g, fyne.KeySpace, ctrl)
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 0, Last: 2}, {First: 4, Last: 4}}) {
		t.Errorf("Ctrl+Space selected %v", got)
	}
	g.TypedShortcut(&fyne.ShortcutSelectAll{})
	if g.SelectedCount() != 216 {
		t.Errorf("Ctrl+A selected %d", g.SelectedCount())
	}
	press(w, fyne.KeyEnd)
	if _, col := g.Current(); col != 5 {
		t.Errorf("End went to column %d", col)
	}
	press(w, fyne.KeyLeft, fyne.KeyHome)
	if _, col := g.Current(); col != 0 {
		t.Errorf("Home went to column %d", col)
	}
}

func TestGrid_heading_sorts_and_shows_the_arrow(t *testing.T) {
	g, w := mailGrid(t, 0)
	var got []string
	g.OnSort = func(keys []widgets.SortKey) { got = append(got, fmt.Sprint(keys)) }
	for range 3 {
		click(g, 50, headY, 0)
	}
	if want := []string{"[{0 1}]", "[{0 2}]", "[]"}; !slices.Equal(got, want) {
		t.Errorf("clicks asked for %v, want %v", got, want)
	}
	g.SetSort(widgets.SortKey{Col: 0, Order: widgets.Descending})
	mustShow(t, g, widgets.IconArrowDown)
	w.Canvas().Focus(g)
	press(w, fyne.KeyRight)
	shortcut(g, fyne.KeyUp, alt)
	mustShow(t, g, widgets.IconArrowUp)
	if keys := g.Sort(); !slices.Equal(keys, []widgets.SortKey{{Col: 1, Order: widgets.Ascending}}) {
		t.Errorf("sorted by %v", keys)
	}
	shortcut(g, fyne.KeyUp, alt)
	if keys := g.Sort(); len(keys) != 0 {
		t.Errorf("Alt+Up twice leaves %v sorted", keys)
	}
}

func order(g *widgets.Grid) (names []int) {
	for _, c := range g.Columns() {
		if !c.Hidden {
			names = append(names, c.Source)
		}
	}
	return names
}

func TestGrid_columns_by_mouse(t *testing.T) {
	g, _ := mailGrid(t, 0)
	g.SetColumns([]widgets.GridColumn{{Source: 0, Width: 100}, {Source: 1, Width: 100}, {Source: 2, Width: 100}, {Source: 3, Width: 100}, {Source: 4, Width: 100}, {Source: 5, Width: 100}})
	changed := 0
	g.OnColumns = func() { changed++ }
	g.OnSort = func([]widgets.SortKey) { t.Error("dragging sorted") }
	dragMouse(g, 100, headY, 150, headY)
	if w := g.Columns()[0].Width; w != 150 {
		t.Errorf("the divider was dragged to %v, want 150", w)
	}
	dragMouse(g, 60, headY, 320, headY) // the first heading over the third
	if got := order(g); !slices.Equal(got, []int{1, 2, 0, 3, 4, 5}) {
		t.Errorf("after dragging a heading the order is %v", got)
	}
	g.DoubleTapped(&fyne.PointEvent{Position: fyne.NewPos(100, headY)}) // the divider of the first
	if w := g.Columns()[0].Width; w <= 120 {
		t.Errorf("a double click on the divider fitted to %v", w)
	}
	if changed != 3 {
		t.Errorf("OnColumns was called %d times", changed)
	}
	dragMouse(g, 100, headY, -500, headY)
	if w := g.Columns()[0].Width; w < 20 {
		t.Errorf("a column can be %v wide", w)
	}
	g.MouseMoved(mouse(g.Columns()[0].Width, headY, 0, 0))
	if g.Cursor() != desktop.HResizeCursor {
		t.Error("no resize cursor over a divider")
	}
}

func TestGrid_columns_by_keyboard(t *testing.T) {
	g, w := mailGrid(t, 0)
	w.Canvas().Focus(g)
	before := g.Columns()[0].Width
	shortcut(g, fyne.KeyRight, alt)
	shortcut(g, fyne.KeyRight, alt)
	shortcut(g, fyne.KeyLeft, alt)
	if d := g.Columns()[0].Width - before; d != 12 {
		t.Errorf("Alt+Right twice and Alt+Left once changed the width by %v", d)
	}
	shortcut(g, fyne.KeyRight, alt|shift)
	if got := order(g); !slices.Equal(got, []int{1, 0, 2, 3, 4, 5}) {
		t.Errorf("Alt+Shift+Right gives %v", got)
	}
	shortcut(g, fyne.KeyF, alt)
	if g.Frozen() != 2 {
		t.Errorf("Alt+F froze %d columns", g.Frozen())
	}
	shortcut(g, fyne.KeyH, alt)
	if got := order(g); !slices.Equal(got, []int{1, 2, 3, 4, 5}) || g.Frozen() != 1 {
		t.Errorf("Alt+H leaves %v, %d frozen", got, g.Frozen())
	}
	g.ShowColumn(0)
	if got := order(g); len(got) != 6 {
		t.Errorf("all columns are %v", got)
	}
	for c := range 6 {
		g.HideColumn(c)
	}
	if got := order(g); len(got) != 1 {
		t.Errorf("hiding every column leaves %v", got)
	}
}

// TestGrid_keys_of_a_column_show_it: what the keyboard does with the current column is done
// where one sees it, and its menu and filter open at its heading; after Home the columns begin
// beside the frozen ones.
func TestGrid_keys_of_a_column_show_it(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	w := window(t, g, 500, 300)
	g.SetSource(million{})
	var opened fyne.Position
	g.OnHeaderMenu = func(_ int, at fyne.Position) { opened = at }
	g.OnFilter = func(_ int, at fyne.Position) { opened = at }
	w.Canvas().Focus(g)
	for name, does := range map[string]func(){
		"menu":   func() { shortcut(g, fyne.KeyM, alt) },
		"filter": func() { shortcut(g, fyne.KeyF, alt|fyne.KeyModifierShift) },
		"wider":  func() { shortcut(g, fyne.KeyRight, alt) },
		"sort":   func() { shortcut(g, fyne.KeyUp, alt) },
	} {
		press(w, fyne.KeyHome)
		opened = fyne.Position{}
		test.Scroll(w.Canvas(), fyne.NewPos(100, 100), -2000, 0)
		if readable(g, "Column0") {
			t.Fatal("not scrolled")
		}
		does()
		if !readable(g, "Column0") || opened.X < 0 || opened.X > 100 {
			t.Errorf("%s: the column is not in sight, or it opened at %v", name, opened)
		}
	}
	g.SetFrozen(1)
	press(w, fyne.KeyEnd, fyne.KeyHome)
	if !readable(g, "Column1") {
		t.Error("after Home the columns beside the frozen one do not begin")
	}
}

func TestGrid_frozen_columns_stay_in_sight(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	w := window(t, g, 500, 300)
	g.SetSource(million{})
	g.SetFrozen(1)
	x := where(textObject(t, g, "Column0")).X
	test.Scroll(w.Canvas(), fyne.NewPos(100, 100), -2000, 0)
	if got := where(textObject(t, g, "Column0")).X; got != x {
		t.Errorf("the frozen heading moved from %v to %v", x, got)
	}
	if readable(g, "Column1\n") || !readable(g, "r3 c0") {
		t.Error("after scrolling sideways the wrong columns are in sight")
	}
	w.Canvas().Focus(g)
	press(w, fyne.KeyEnd)
	mustRead(t, g, "Column39", "r0 c0")
}

func TestGrid_copies_tab_separated_lines(t *testing.T) {
	g, _ := mailGrid(t, 0)
	g.SetSelected([]widgets.RowRange{{First: 0, Last: 1}})
	g.SetColumns([]widgets.GridColumn{{Source: 5}, {Source: 0}, {Source: 1, Hidden: true}, {Source: 2, Hidden: true}, {Source: 3}, {Source: 4, Hidden: true}})
	clipboard := fyne.CurrentApp().Clipboard()
	g.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clipboard})
	if got, want := clipboard.Content(), "\tAda Brandt\t0\nforward.clausen@gmail.example\tBjörn Clausen\t7919\n"; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
	shortcut(g, fyne.KeyC, ctrl|shift)
	if got := clipboard.Content(); !strings.HasPrefix(got, "ForwardingSmtpAddress\tDisplayName\tItems\n\tAda") {
		t.Errorf("copied with headings %q", got)
	}
	g.SetSelected(nil)
	g.SetCurrent(2, 0)
	shortcut(g, fyne.KeyC, ctrl|alt)
	if got := clipboard.Content(); got != "Chloë Dierks" {
		t.Errorf("copied the cell %q", got)
	}
	var asked widgets.CopyRequest
	g.OnCopy = func(r widgets.CopyRequest) { asked = r }
	g.Copy()
	if asked.Count() != 1 || asked.Rows[0].First != 2 || clipboard.Content() != "Chloë Dierks" {
		t.Errorf("OnCopy got %v", asked)
	}
}

type lines struct{}

func (lines) Size() (int, int)     { return 1, 1 }
func (lines) Header(int) string    { return "A\tB" }
func (lines) Cell(int, int) string { return "one\r\ntwo\tthree" }

func TestGrid_line_breaks_stay_in_one_line(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	window(t, g, 400, 200)
	g.SetSource(lines{})
	mustRead(t, g, "one two three")
	r := widgets.CopyRequest{Source: lines{}, Rows: []widgets.RowRange{{}}, Columns: []int{0}, Headings: true}
	if got := r.TSV(); got != "A B\none two three\n" {
		t.Errorf("TSV is %q", got)
	}
}

func TestGrid_details_and_menus(t *testing.T) {
	g, w := mailGrid(t, 0)
	var got []string
	g.OnDetails = func(row, col int) { got = append(got, fmt.Sprint("details ", row)) }
	g.OnMenu = func(row, col int, at fyne.Position) { got = append(got, fmt.Sprint("menu ", row, " ", col, at.Y > 30)) }
	g.OnHeaderMenu = func(col int, at fyne.Position) { got = append(got, fmt.Sprint("heading ", col)) }
	click(g, 50, rowY(3), 0)
	g.DoubleTapped(&fyne.PointEvent{Position: fyne.NewPos(50, rowY(3))})
	w.Canvas().Focus(g)
	press(w, fyne.KeyDown, fyne.KeyReturn)
	g.MouseDown(mouse(160, rowY(6), desktop.MouseButtonSecondary, 0))
	g.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(160, rowY(6)), AbsolutePosition: fyne.NewPos(160, rowY(6))})
	g.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftRight})
	press(w, fyne.KeyF10)
	g.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftRight})
	press(w, desktop.KeyMenu)
	g.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(50, headY)})
	shortcut(g, fyne.KeyM, alt)
	want := []string{"details 3", "details 4", "menu 6 1 true", "menu 6 1 true", "menu 6 1 true", "heading 0", "heading 1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestGrid_finds_what_is_typed(t *testing.T) {
	g, w := mailGrid(t, 0)
	w.Canvas().Focus(g)
	at := func(want string) {
		t.Helper()
		if row, _ := g.Current(); people[row] != want {
			t.Errorf("found %q, want %q", people[row], want)
		}
	}
	typed(w, "ÖR")
	at("Björn Clausen")
	mustRead(t, g, "Find: ÖR")
	press(w, fyne.KeyBackspace, fyne.KeyBackspace)
	typed(w, "sen")
	at("Björn Clausen")
	press(w, fyne.KeyF3)
	at("Émile Feddersen")
	press(w, fyne.KeyF3, fyne.KeyF3, fyne.KeyF3, fyne.KeyF3, fyne.KeyF3, fyne.KeyF3, fyne.KeyF3)
	at("Svenja Thomsen")
	press(w, fyne.KeyF3) // round the end
	at("Björn Clausen")
	g.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	press(w, fyne.KeyF3)
	g.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	at("Svenja Thomsen")
	typed(w, "zz")
	mustRead(t, g, "Find: senzz - not found")
	press(w, fyne.KeyEscape)
	if readable(g, "Find:") {
		t.Error("Escape leaves find open")
	}
	escaped := 0
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyEscape {
			escaped++
		}
	})
	press(w, fyne.KeyEscape)
	if escaped != 1 {
		t.Error("Escape is lost in the grid")
	}
	typed(w, "ada") // round the end
	at("Ada Brandt")
}

// keyed is a table whose rows keep their number through a new order.
type keyed struct{ rows []int }

func (k keyed) Size() (int, int)     { return len(k.rows), 1 }
func (k keyed) Header(int) string    { return "N" }
func (k keyed) Cell(r, _ int) string { return strconv.Itoa(k.rows[r]) }
func (k keyed) RowKey(r int) int     { return k.rows[r] }
func (k keyed) RowOfKey(key int) (int, bool) {
	i := slices.Index(k.rows, key)
	return i, i >= 0
}

func TestGrid_selection_follows_its_rows(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	window(t, g, 300, 300)
	g.SetSource(keyed{[]int{10, 11, 12, 13, 14}})
	g.SetSelected([]widgets.RowRange{{First: 1, Last: 2}, {First: 4, Last: 4}})
	g.SetCurrent(2, 0)
	g.SetSource(keyed{[]int{14, 13, 12, 11, 10}})
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 0, Last: 0}, {First: 2, Last: 3}}) {
		t.Errorf("after a new order %v is selected", got)
	}
	if row, _ := g.Current(); row != 2 {
		t.Errorf("the current row is %d", row)
	}
	g.SetSource(keyed{[]int{14, 11}})
	if got := g.Selected(); !slices.Equal(got, []widgets.RowRange{{First: 0, Last: 1}}) {
		t.Errorf("after a filter %v is selected", got)
	}
}

func TestGrid_rows_that_arrive_disturb_nothing(t *testing.T) {
	g, w := mailGrid(t, 300)
	g.SetSelected([]widgets.RowRange{{First: 100, Last: 101}})
	g.SetCurrent(150, 0)
	top := topRow(t, g, 3)
	g.SetSort(widgets.SortKey{Col: 0, Order: widgets.Ascending})
	g.SetSource(mailboxes{extra: 400})
	if now := topRow(t, g, 3); now != top || g.SelectedCount() != 2 {
		t.Errorf("top row %d, want %d; %d selected", now, top, g.SelectedCount())
	}
	if keys := g.Sort(); len(keys) != 1 || keys[0].Col != 0 {
		t.Error("the arrow is gone")
	}
	g.SetSource(mailboxes{}) // fewer rows than the scroll position
	mustRead(t, g, "Svenja Thomsen")
	g.SetSource(plain{rows: 500, cols: 3}) // another table
	if topRow(t, g, 0) != 0 || g.SelectedCount() != 0 {
		t.Error("another table does not begin at its top")
	}
	mustRead(t, g, "r0c0")
	w.Resize(fyne.NewSize(860, 100))
	mustRead(t, g, "r0c0")
}

func TestGrid_scroll_bars(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	window(t, g, 400, 330)
	g.SetSource(million{})
	click(g, 395, 300, 0) // below the thumb
	page := topRow(t, g, 0)
	if page < 5 || page > 11 {
		t.Errorf("a click on the track went to row %d", page)
	}
	dragMouse(g, 395, 40, 395, 700)
	mustRead(t, g, "r999999 c0")
	dragMouse(g, 395, 310, 395, -400)
	mustRead(t, g, "r0 c0")
	dragMouse(g, 20, 325, 900, 325)
	mustRead(t, g, "Column39")
}

func TestGrid_leaves_other_shortcuts_to_the_window(t *testing.T) {
	g, w := mailGrid(t, 0)
	var got []string
	g.OnShortcut = func(s fyne.Shortcut) { got = append(got, s.ShortcutName()) }
	w.Canvas().Focus(g)
	shortcut(g, fyne.KeyK, ctrl)
	shortcut(g, fyne.KeyA, alt) // the grid's own
	if !slices.Equal(got, []string{"CustomDesktop:Control+K"}) {
		t.Errorf("the window gets %q", got)
	}
}

func TestGrid_says_that_it_is_empty(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	w := window(t, g, 400, 300)
	g.SetEmptyText("Run the report to see its rows here.")
	mustRead(t, g, "Run the report")
	g.SetSource(plain{rows: 0, cols: 2})
	mustRead(t, g, "Run the report", "H0")
	w.Canvas().Focus(g)
	press(w, fyne.KeyDown, fyne.KeyPageDown, fyne.KeyReturn, fyne.KeyRight, fyne.KeySpace, fyne.KeyF10)
	typed(w, "x")
	shortcut(g, fyne.KeyEnd, ctrl)
	g.Copy()
	g.CopyCell()
}

func TestGrid_names_its_place_for_screen_readers(t *testing.T) {
	g, _ := mailGrid(t, 0)
	g.SetCurrent(1, 0)
	if got, want := g.AccessibilityLabel(), "16 Nordsee Logistik, Get-Mailbox: DisplayName Björn Clausen"; got != want {
		t.Errorf("label %q, want %q", got, want)
	}
}

// TestGrid_selects_no_row_that_is_gone: after a shorter answer Shift begins at a row that
// there is.
func TestGrid_selects_no_row_that_is_gone(t *testing.T) {
	g, w := mailGrid(t, 100)
	w.Canvas().Focus(g)
	g.SetCurrent(90, 0)
	g.SetSource(mailboxes{})
	g.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	press(w, fyne.KeyUp)
	for _, r := range g.Selected() {
		if r.Last >= 16 {
			t.Errorf("rows %v are selected of 16", r)
		}
	}
	g.Copy()
	clickRow := fyne.NewPos(40, 60)
	g.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: clickRow}, Button: desktop.MouseButtonPrimary, Modifier: fyne.KeyModifierShift})
	for _, r := range g.Selected() {
		if r.Last >= 16 {
			t.Errorf("rows %v are selected of 16", r)
		}
	}
}

// Quick clicks on a row and on a heading are no double click on the row.
func TestGrid_clicks_in_two_places_are_no_double_click(t *testing.T) {
	g, _ := mailGrid(t, 0)
	opened := 0
	g.OnDetails = func(int, int) { opened++ }
	twice := &fyne.PointEvent{Position: fyne.NewPos(50, rowY(3))}
	click(g, 50, rowY(3), 0)
	click(g, 50, headY, 0)
	g.DoubleTapped(twice)
	if opened != 0 {
		t.Error("a click on a heading opened the row that was clicked before")
	}
	click(g, 50, rowY(3), 0)
	click(g, 50, rowY(3), 0)
	g.DoubleTapped(twice)
	if opened != 1 {
		t.Errorf("a double click opened %d rows", opened)
	}
}
