package widgets_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
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
		"Space":                            {key(fyne.KeySpace), selected(1)},
		"Backspace":                        {func() { typed(w, "r7x"); press(w, fyne.KeyBackspace) }, func() bool { return readable(g, "Find: r7") && !readable(g, "not found") }},
		"Ctrl+Space":                       {short(ctrl, fyne.KeySpace, fyne.KeyDown, fyne.KeySpace), selected(2)},
		"Ctrl+A":                           {func() { g.TypedShortcut(&fyne.ShortcutSelectAll{}) }, selected(50)},
		"Ctrl+C, Ctrl+Shift+C, Ctrl+Alt+C": {short(ctrl|alt, fyne.KeyC), copied("r0c0")},
		"Enter":                            {key(fyne.KeyReturn), heard("details")},
		"Left, Right on a group":           {func() { g.SetSource(newOffices()); g.SetCurrent(0, 0); press(w, fyne.KeyLeft) }, heard("fold")},
		"Shift+F10, Menu":                  {shifted(key(fyne.KeyF10)), heard("menu")},
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
	if n := len(widgets.GridKeys()); n != 25 {
		t.Errorf("the page has %d lines, 25 are tried", n)
	}
}

// heldKey is a key with those that are held with it.
type heldKey struct {
	key  fyne.KeyName
	held fyne.KeyModifier
}

// keyNames are the keys as the page has them, where Fyne calls them otherwise.
var keyNames = map[string]fyne.KeyName{
	"Page Up": fyne.KeyPageUp, "Page Down": fyne.KeyPageDown, "Enter": fyne.KeyReturn, "Backspace": fyne.KeyBackspace, "Menu": desktop.KeyMenu,
}

// onPage are the keys of the page; of those that hold in a state of the grid alone, "on a
// group" and while finding, the state is the test's.
func onPage(t *testing.T) map[heldKey]bool {
	t.Helper()
	all := map[heldKey]bool{}
	for _, line := range widgets.GridKeys() {
		keys, _ := strings.CutSuffix(line.Keys, " on a group")
		switch keys {
		case "Letters": // are runes, no keys
			continue
		case "Shift with these":
			for k := range maps.Clone(all) {
				all[heldKey{k.key, k.held | shift}] = true
			}
			continue
		}
		for _, text := range strings.Split(keys, ", ") {
			var k heldKey
			for name, modifier := range map[string]fyne.KeyModifier{"Ctrl+": ctrl, "Alt+": alt, "Shift+": shift} {
				if strings.Contains(text, name) {
					k.held |= modifier
					text = strings.Replace(text, name, "", 1)
				}
			}
			if k.key = keyNames[text]; k.key == "" {
				k.key = fyne.KeyName(text)
			}
			all[k] = true
		}
	}
	all[heldKey{fyne.KeyEnter, 0}] = all[heldKey{fyne.KeyReturn, 0}] // of the block of digits
	return all
}

// allKeys are those that a keyboard has.
func allKeys() []fyne.KeyName {
	all := []fyne.KeyName{
		fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyReturn, fyne.KeyEnter,
		fyne.KeySpace, fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyInsert, fyne.KeyEscape, desktop.KeyMenu, fyne.KeyPlus, fyne.KeyMinus, fyne.KeyAsterisk,
	}
	for c := 'A'; c <= 'Z'; c++ {
		all = append(all, fyne.KeyName(c))
	}
	for n := range 12 {
		all = append(all, fyne.KeyName(fmt.Sprintf("F%d", n+1)))
	}
	for c := '0'; c <= '9'; c++ {
		all = append(all, fyne.KeyName(c))
	}
	return all
}

// TestGridKeys_are_all: whatever key is pressed, with whatever is held, it is on the page when
// the grid uses it up, and goes on to the window when it is not on the page.
func TestGridKeys_are_all(t *testing.T) {
	themedApp(t)
	page := onPage(t)
	for _, held := range []fyne.KeyModifier{0, shift, ctrl, ctrl | shift, ctrl | alt, alt, alt | shift} {
		for _, name := range allKeys() {
			key := heldKey{name, held}
			finding := held&^shift == 0 && (name == fyne.KeyEscape || name == fyne.KeyBackspace) // keys of that state
			said := page[key]
			if held == shift && page[heldKey{name, 0}] {
				said = true // what is held is of no account
			}
			if used := usedUp(t, key, finding); used != said {
				t.Errorf("%v: used up by the grid %t, on the page %t", key, used, said)
			}
		}
	}
}

// usedUp presses a key in a new grid, and tells whether the window did not get it.
func usedUp(t *testing.T, k heldKey, finding bool) bool {
	t.Helper()
	g := widgets.NewGrid()
	w := window(t, g, 600, 400)
	g.SetSource(plain{rows: 50, cols: 3})
	w.Canvas().Focus(g)
	g.SetCurrent(3, 1)
	passed := false
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { passed = true })
	g.OnShortcut = func(fyne.Shortcut) { passed = true }
	if finding {
		typed(w, "r7")
	}
	if k.held&^shift == 0 {
		if k.held == shift {
			g.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		}
		press(w, k.key)
		return !passed
	}
	switch k { // as Fyne's driver tells them
	case heldKey{fyne.KeyC, ctrl}:
		g.TypedShortcut(&fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard()})
	case heldKey{fyne.KeyA, ctrl}:
		g.TypedShortcut(&fyne.ShortcutSelectAll{})
	default:
		shortcut(g, k.key, k.held)
	}
	return !passed
}
