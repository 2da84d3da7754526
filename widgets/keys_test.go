package widgets_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"postroom/widgets"
)

// TestGridKeys_are_true: each line of the page of keys, pressed.
func TestGridKeys_are_true(t *testing.T) {
	themedApp(t)
	var g *widgets.Grid
	var w fyne.Window
	var said []string
	say := func(what string) func() { return func() { said = append(said, what) } }
	key := func(names ...fyne.KeyName) func() { return func() { press(w, names...) } }
	short := func(m fyne.KeyModifier, names ...fyne.KeyName) func() {
		return func() {
			for _, n := range names {
				shortcut(g, n, m)
			}
		}
	}
	rowIs := func(want int) func() bool { return func() bool { row, _ := g.Current(); return row == want } }
	colIs := func(want int) func() bool { return func() bool { _, col := g.Current(); return col == want } }
	selected := func(want int) func() bool { return func() bool { return g.SelectedCount() == want } }
	heard := func(want string) func() bool { return func() bool { return slices.Contains(said, want) } }
	sorted := func(want ...widgets.SortKey) func() bool { return func() bool { return slices.Equal(g.Sort(), want) } }
	copied := func(want string) func() bool {
		return func() bool { return fyne.CurrentApp().Clipboard().Content() == want }
	}
	shifted := func(do func()) func() {
		return func() {
			g.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
			do()
			g.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		}
	}
	for keys, c := range map[string]struct {
		does  func()
		holds func() bool
	}{
		"Up, Down, Page Up, Page Down":     {key(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp), rowIs(1)},
		"Left, Right, Home, End":           {key(fyne.KeyEnd, fyne.KeyHome, fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft), colIs(1)},
		"Ctrl+Home, Ctrl+End":              {short(ctrl, fyne.KeyHome, fyne.KeyEnd), rowIs(49)},
		"Shift with these":                 {shifted(key(fyne.KeyDown, fyne.KeyDown)), selected(3)},
		"Ctrl+Up, Ctrl+Down":               {short(ctrl, fyne.KeyDown), selected(0)},
		"Ctrl+Space":                       {short(ctrl, fyne.KeySpace, fyne.KeyDown, fyne.KeySpace), selected(2)},
		"Ctrl+A":                           {func() { g.TypedShortcut(&fyne.ShortcutSelectAll{}) }, selected(50)},
		"Ctrl+C, Ctrl+Shift+C, Ctrl+Alt+C": {short(ctrl|alt, fyne.KeyC), copied("r0c0")},
		"Enter":                            {key(fyne.KeyReturn), heard("details")},
		"Left, Right on a group":           {func() { g.SetSource(newOffices()); g.SetCurrent(0, 0); press(w, fyne.KeyLeft) }, heard("fold")},
		"Shift+F10":                        {shifted(key(fyne.KeyF10)), heard("menu")},
		"Alt+M":                            {short(alt, fyne.KeyM), heard("heading")},
		"Alt+Up, Alt+Down":                 {short(alt, fyne.KeyDown), sorted(widgets.SortKey{Order: widgets.Descending})},
		"Alt+Shift+Up, Alt+Shift+Down":     {short(alt|shift, fyne.KeyUp), sorted(widgets.SortKey{Order: widgets.Ascending})},
		"Alt+Left, Alt+Right":              {short(alt, fyne.KeyRight), func() bool { return g.Columns()[0].Width == 112 }},
		"Alt+A":                            {short(alt, fyne.KeyA), func() bool { return g.Columns()[0].Width != 100 }},
		"Alt+Shift+Left, Alt+Shift+Right":  {short(alt|shift, fyne.KeyRight), func() bool { return order(g)[0] == 1 }},
		"Alt+H":                            {short(alt, fyne.KeyH), func() bool { return len(order(g)) == 2 }},
		"Alt+Shift+F":                      {short(alt|shift, fyne.KeyF), heard("filter")},
		"Alt+F":                            {short(alt, fyne.KeyF), func() bool { return g.Frozen() == 1 }},
		"Letters":                          {func() { typed(w, "r7") }, rowIs(7)},
		"F3, Shift+F3":                     {func() { typed(w, "r1"); press(w, fyne.KeyF3) }, rowIs(10)},
		"Escape":                           {func() { typed(w, "r7"); press(w, fyne.KeyEscape) }, func() bool { return !readable(g, "Find:") }},
	} {
		said = nil
		g = widgets.NewGrid()
		w = window(t, g, 600, 400)
		g.SetSource(plain{rows: 50, cols: 3})
		g.SetColumns([]widgets.GridColumn{{Source: 0, Width: 100}, {Source: 1, Width: 100}, {Source: 2, Width: 100}})
		w.Canvas().Focus(g)
		g.SetCurrent(0, 0)
		g.OnDetails = func(int, int) { say("details")() }
		g.OnMenu = func(int, int, fyne.Position) { say("menu")() }
		g.OnHeaderMenu = func(int, fyne.Position) { say("heading")() }
		g.OnFilter = func(int, fyne.Position) { say("filter")() }
		g.OnFold = func(int) { say("fold")() }
		c.does()
		if !c.holds() {
			t.Errorf("%s does not do what the page says", keys)
		}
		if !slices.ContainsFunc(widgets.GridKeys(), func(k widgets.KeyHelp) bool { return k.Keys == keys }) {
			t.Errorf("the page does not have %s", keys)
		}
	}
	if n := len(widgets.GridKeys()); n != 23 {
		t.Errorf("the page has %d lines, 23 are tried", n)
	}
}
