package widgets_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

// keptSets is ColumnSets in memory.
type keptSets struct {
	names []string
	used  []string
}

func (k *keptSets) Names() []string { return k.names }
func (k *keptSets) Save(n string)   { k.names = append(k.names, n) }
func (k *keptSets) Use(n string)    { k.used = append(k.used, n) }
func (k *keptSets) Remove(n string) {
	k.names = slices.DeleteFunc(k.names, func(o string) bool { return o == n })
}

func columnList(t *testing.T) (*widgets.ColumnList, *widgets.Grid, *keptSets, fyne.Window) {
	t.Helper()
	themedApp(t)
	g := widgets.NewGrid()
	g.SetSource(mailboxes{})
	sets := &keptSets{}
	c := widgets.NewColumnList(g, sets, func(col int) bool { return col != 5 })
	w := window(t, c, 520, 480)
	w.Canvas().Focus(c.First())
	return c, g, sets, w
}

func TestColumnList_finds_ticks_and_moves(t *testing.T) {
	c, g, _, w := columnList(t)
	changed := 0
	g.OnColumns = func() { changed++ }
	height := c.HeightFor(500)
	typed(w, "item")
	if readable(c, "DisplayName") || c.HeightFor(500) != height {
		t.Errorf("the search shows %q, the height goes from %v to %v", texts(c), height, c.HeightFor(500))
	}
	press(w, fyne.KeyDown, fyne.KeySpace)
	if got := order(g); slices.Contains(got, 3) {
		t.Errorf("the columns are %v", got)
	}
	w.Canvas().Focus(c.First())
	for range "item" {
		press(w, fyne.KeyBackspace)
	}
	press(w, fyne.KeyDown)
	press(w, fyne.KeyDown)
	list, _ := w.Canvas().Focused().(fyne.Shortcutable)
	shortcut(list, fyne.KeyUp, alt)
	if got := order(g); !slices.Equal(got, []int{1, 0, 2, 4, 5}) {
		t.Errorf("after Alt+Up the columns are %v", got)
	}
	test.Tap(button(t, c, "Move down"))
	test.Tap(button(t, c, "Tick all"))
	if got := order(g); !slices.Equal(got, []int{0, 1, 2, 3, 4, 5}) {
		t.Errorf("with all ticked the columns are %v", got)
	}
	test.Tap(button(t, c, "Tick none"))
	if got := order(g); !slices.Equal(got, []int{0}) {
		t.Errorf("with none ticked %v are left", got)
	}
	if changed != 5 {
		t.Errorf("OnColumns was called %d times", changed)
	}
}

func TestColumnList_leaves_out_what_is_empty(t *testing.T) {
	c, _, _, w := columnList(t)
	mustRead(t, c, "ForwardingSmtpAddress", "empty")
	w.Canvas().FocusNext()
	press(w, fyne.KeySpace)
	if readable(c, "ForwardingSmtpAddress") || !readable(c, "DisplayName") {
		t.Errorf("it lists %q", texts(c))
	}
}

func TestColumnList_keeps_sets(t *testing.T) {
	c, _, sets, w := columnList(t)
	var name *widgets.Entry
	var picker *widgets.Picker
	walk(c, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widgets.Entry:
			name = o // the last one
		case *widgets.Picker:
			picker = o
		}
	})
	w.Canvas().Focus(name)
	typed(w, "sizes")
	press(w, fyne.KeyReturn)
	w.Canvas().Focus(picker)
	press(w, fyne.KeyReturn, fyne.KeyReturn)
	if !slices.Equal(sets.names, []string{"sizes"}) || !slices.Equal(sets.used, []string{"sizes"}) {
		t.Errorf("kept %q, used %q", sets.names, sets.used)
	}
	test.Tap(button(t, c, "Remove the set"))
	if len(sets.names) != 0 {
		t.Errorf("%q are left", sets.names)
	}
}

// TestSheet_with_columns_closes_with_Escape: whichever part of it has the keyboard.
func TestSheet_with_columns_closes_with_Escape(t *testing.T) {
	themedApp(t)
	g := widgets.NewGrid()
	g.SetSource(mailboxes{})
	w := window(t, g, 800, 700)
	sheets := widgets.NewSheets(w.Canvas())
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { sheets.Typed(k) })
	for i := range 9 {
		c := widgets.NewColumnList(g, &keptSets{}, func(int) bool { return true })
		done := widgets.NewButton("Close", nil)
		s := sheets.New(widgets.SheetSpec{Title: "Columns", Width: 500, Foot: widgets.NewFoot(nil, done)}, c)
		s.Show(c.First())
		for range i {
			w.Canvas().FocusNext()
		}
		press(w, fyne.KeyEscape)
		if s.Shown() {
			t.Errorf("with the focus on %T Escape does not close", w.Canvas().Focused())
			s.Hide()
		}
	}
}

// TestSheet_scrolls_by_keyboard: what does not fit into the window is reached without a mouse,
// whatever button of the foot has the keyboard.
func TestSheet_scrolls_by_keyboard(t *testing.T) {
	themedApp(t)
	w := window(t, widgets.NewButton("below", nil), 400, 300)
	sheets := widgets.NewSheets(w.Canvas())
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { sheets.Typed(k) })
	done := widgets.NewButton("Close", nil)
	first, last := widgets.NewText("line 1", widgets.BodyText), widgets.NewText("line 60", widgets.BodyText)
	s := sheets.New(widgets.SheetSpec{Title: "Keys", Width: 300, Foot: widgets.NewFoot(nil, done)}, first)
	for i := range 58 {
		s.Add(widgets.NewText(fmt.Sprint("line ", i+2), widgets.BodyText))
	}
	s.Add(last)
	s.Show(done)
	top, end := where(first).Y, where(last).Y
	moved := func(keys ...fyne.KeyName) float32 {
		press(w, keys...)
		return top - where(first).Y
	}
	line, page := moved(fyne.KeyDown), moved(fyne.KeyUp, fyne.KeyPageDown)
	if line <= 0 || page <= line {
		t.Errorf("an arrow scrolls by %g, a page by %g", line, page)
	}
	if at := moved(fyne.KeyPageUp, fyne.KeyUp); at != 0 {
		t.Errorf("back at the beginning it stands at %g", at)
	}
	whole := moved(fyne.KeyEnd)
	if at := where(last).Y; at >= end || at > where(done).Y {
		t.Errorf("End does not show the end: it stands at %g, the button at %g", at, where(done).Y)
	}
	if at := moved(fyne.KeyPageDown, fyne.KeyDown); at != whole {
		t.Errorf("it scrolls past its end: %g, want %g", at, whole)
	}
	if at := moved(fyne.KeyHome); at != 0 {
		t.Errorf("Home shows %g", at)
	}
}
