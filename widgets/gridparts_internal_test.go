package widgets

import (
	"slices"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// numbers is a table of so many rows and columns whose cells say where they stand.
type numbers struct{ rows, cols int }

func (n numbers) Size() (rows, cols int)   { return n.rows, n.cols }
func (n numbers) Header(col int) string    { return "H" + strconv.Itoa(col) }
func (n numbers) Cell(row, col int) string { return strconv.Itoa(row) + "." + strconv.Itoa(col) }

// gridParts are the parts of a grid without one: 300 x 220 pixels over these rows.
func gridParts(t *testing.T, source GridSource) (*gridData, *gridColumns, *gridSelection, *gridViewport) {
	t.Helper()
	test.NewTempApp(t)
	data := newGridData(source)
	look := &gridLook{themeSize: func() float32 { return 14 }}
	columns := &gridColumns{data: &data, look: look}
	columns.adopt(nil, nil, 0)
	columns.fitColumns(0)
	selection := &gridSelection{data: &data, columns: columns, curRow: -1, curCol: -1}
	view := &gridViewport{data: &data, columns: columns, look: look, size: func() fyne.Size { return fyne.NewSize(300, 220) }}
	return &data, columns, selection, view
}

func TestGridSorting_goes_round(t *testing.T) {
	var s gridSorting
	for _, want := range []SortOrder{Ascending, Descending, Unsorted, Ascending} {
		s.cycle(3, false)
		if _, order := s.of(3); order != want {
			t.Fatalf("order %v, want %v", order, want)
		}
	}
	s.toggle(SortKey{1, Descending}, true)
	if want := []SortKey{{3, Ascending}, {1, Descending}}; !slices.Equal(s.keys, want) {
		t.Errorf("keys %v, want %v", s.keys, want)
	}
	s.follow([]int{0, 5, 1, -1})
	if want := []SortKey{{5, Descending}}; !slices.Equal(s.keys, want) {
		t.Errorf("after column 3 has gone and 1 is 5: keys %v, want %v", s.keys, want)
	}
	s.toggle(SortKey{5, Descending}, false)
	if len(s.keys) != 0 {
		t.Errorf("keys %v are left", s.keys)
	}
}

func TestGridFinder_heeds_the_last_answer_alone(t *testing.T) {
	data := newGridData(numbers{foundAtOnce + 1, 1})
	var answers []func(int, bool)
	events := &GridEvents{OnFind: func(_ FindRequest, answer func(int, bool)) { answers = append(answers, answer) }}
	var went []int
	f := gridFinder{data: &data, events: events, at: func() (int, int) { return 7, 0 }, found: func(row int) { went = append(went, row) }, changed: func() {}}
	f.add('1')
	f.add('2')
	answers[1](12, true)
	answers[0](1, true)
	if !slices.Equal(went, []int{12}) {
		t.Errorf("went to %v, want 12 alone", went)
	}
	f.again(true)
	answers[2](0, false)
	if !f.miss {
		t.Error("nothing says that no row was found")
	}
	f.stop()
	f.again(false)
	if len(answers) != 3 {
		t.Error("what was left is looked for again")
	}
}

func TestGridColumns_move_hide_and_freeze(t *testing.T) {
	_, columns, _, _ := gridParts(t, numbers{5, 4})
	columns.freezeUpTo(1)
	columns.shift(3, -3)
	if got := columns.inSight(); !slices.Equal(got, []int{3, 0, 1, 2}) {
		t.Fatalf("columns %v", got)
	}
	beside, ok := columns.hide(3)
	if !ok || beside != 0 || columns.frozen != 1 {
		t.Errorf("column %d (%v) takes the place of a hidden one, %d stay; want 0 and 1", beside, ok, columns.frozen)
	}
	columns.unhide(3)
	columns.set([]GridColumn{{Source: 2, Width: 90}, {Source: 9}, {Source: 2, Width: 10}}, 0)
	if got := columns.inSight(); !slices.Equal(got, []int{2, 3, 0, 1}) || columns.widthAt(0) != 90 {
		t.Errorf("columns %v, the first %v wide; want 2 3 0 1 and 90", got, columns.widthAt(0))
	}
}

func TestGridSelection_steps(t *testing.T) {
	_, _, s, _ := gridParts(t, numbers{10, 2})
	steps := []struct {
		news gridNews
		want gridNews
	}{
		{s.moveRow(1, false), newSelection},
		{s.moveRow(3, true), newSelection},
		{s.moveOnly(-1), newPlace},
		{s.moveColumn(1, 0), newPlace},
		{s.flipCurrent(), newSelection},
	}
	for i, step := range steps {
		if step.news != step.want {
			t.Errorf("step %d gave %v, want %v", i, step.news, step.want)
		}
	}
	if s.curRow != 2 || s.curCol != 1 || !slices.Equal(s.ranges(), []RowRange{{0, 1}, {3, 3}}) {
		t.Errorf("cell %d, %d is current and %v selected", s.curRow, s.curCol, s.ranges())
	}
	_, _, none, _ := gridParts(t, numbers{0, 0})
	if none.moveRow(1, true) != nothingNew || none.moveColumn(1, 0) != nothingNew || none.flipCurrent() != nothingNew {
		t.Error("there are steps where there are no rows")
	}
}

func TestGridViewport_reveals_and_hits(t *testing.T) {
	data, columns, _, view := gridParts(t, numbers{1_000_000, 40})
	view.reveal(999_999, 39)
	geo := view.geometry()
	if row := view.rowAt(&geo, geo.bodyTop+geo.bodyH-1); row != data.rows-1 {
		t.Errorf("the last row in sight is %d", row)
	}
	x := view.columnX(&geo, columns.placeOf(39))
	if column, edge := view.columnAt(&geo, x+20); column != 39 || edge != -1 {
		t.Errorf("column %d and edge %d are at %v", column, edge, x+20)
	}
	if _, edge := view.columnAt(&geo, x+columns.widthAt(39)-1); edge != 39 {
		t.Errorf("edge %d is at the end of the last column", edge)
	}
	view.scroll(0, -1e9)
	if view.topRow != 0 || view.topOff != 0 {
		t.Errorf("row %d is the first after all", view.topRow)
	}
}

func TestGridKeyboard_knows_what_is_held(t *testing.T) {
	var did []string
	does := func(what string) func() { return func() { did = append(did, what) } }
	k := gridKeyboard{
		keys:      map[gridKey]func(){{0, fyne.KeyUp}: does("up"), {fyne.KeyModifierShift, fyne.KeyUp}: does("extend"), {0, fyne.KeyHome}: does("home")},
		shortcuts: map[gridKey]func() bool{{fyne.KeyModifierAlt, fyne.KeyA}: func() bool { does("fit")(); return true }},
	}
	shift := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	k.press(fyne.KeyUp)
	k.down(shift)
	k.press(fyne.KeyUp)
	k.press(fyne.KeyHome)
	k.up(shift)
	k.press(fyne.KeyUp)
	fits := k.shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyA, Modifier: fyne.KeyModifierAlt})
	if want := []string{"up", "extend", "home", "up", "fit"}; !slices.Equal(did, want) || !fits {
		t.Errorf("did %v, want %v", did, want)
	}
	if k.press(fyne.KeyF5) || k.shortcut(&fyne.ShortcutPaste{}) {
		t.Error("a key without a deed is taken from the window")
	}
}
