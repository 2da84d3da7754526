package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// KeyHelp is a line of a page that lists keys.
type KeyHelp struct{ Keys, Does string }

// GridKeys lists what the keyboard does in a Grid, in English, which is the key of a
// translation.
func GridKeys() []KeyHelp {
	return []KeyHelp{
		{"Up, Down, Page Up, Page Down", "Move, and select the row"},
		{"Ctrl+Home, Ctrl+End", "First and last row"},
		{"Shift with these", "Extend the selection"},
		{"Left, Right, Home, End", "Move between columns"},
		{"Ctrl+Up, Ctrl+Down", "Move without selecting"},
		{"Space", "Select the row alone; open or fold a group"},
		{"Ctrl+Space", "Select or deselect the row"},
		{"Ctrl+A", "Select all rows"},
		{"Ctrl+C, Ctrl+Shift+C, Ctrl+Alt+C", "Copy rows, rows with headings, the cell"},
		{"Enter", "Details of the row; open or fold a group"},
		{"Left, Right on a group", "Fold and open it"},
		{"Shift+F10, Menu", "Menu of the row"},
		{"Alt+M", "Menu of the column"},
		{"Alt+Up, Alt+Down", "Sort ascending, descending; again for the server's order"},
		{"Alt+Shift+Up, Alt+Shift+Down", "Sort by this column too"},
		{"Alt+Left, Alt+Right", "Make the column narrower or wider"},
		{"Alt+A", "Fit the column to its content"},
		{"Alt+Shift+Left, Alt+Shift+Right", "Move the column"},
		{"Alt+H", "Hide the column"},
		{"Alt+Shift+F", "Filter by the column"},
		{"Alt+F", "Freeze the columns up to this one, or none"},
		{"Letters", "Find in the current column"},
		{"F3, Shift+F3", "Next and previous find"},
		{"Backspace", "Shorten what is looked for"},
		{"Escape", "Close find"},
	}
}

// gridKeyboard says what a key does in a grid. It knows the keys, and of the grid only the
// deeds that it was given.
type gridKeyboard struct {
	held      fyne.KeyModifier             // now
	keys      map[gridKey]func()           // without a modifier, or with Shift
	shortcuts map[gridKey]func() (ok bool) // with one; false is not the grid's
}

// gridKey is a key with what is held.
type gridKey struct {
	held fyne.KeyModifier
	name fyne.KeyName
}

// down notes a modifier that is held, up one that was let go.
func (k *gridKeyboard) down(e *fyne.KeyEvent) { k.held |= modifierOf(e.Name) }
func (k *gridKeyboard) up(e *fyne.KeyEvent)   { k.held &^= modifierOf(e.Name) }

func (k *gridKeyboard) shift() bool { return k.held&fyne.KeyModifierShift != 0 }

// press does what a key does, and false where it does nothing. With Shift most keys do what
// they do without.
func (k *gridKeyboard) press(name fyne.KeyName) bool {
	do, ok := k.keys[gridKey{k.held & fyne.KeyModifierShift, name}]
	if !ok {
		do, ok = k.keys[gridKey{0, name}]
	}
	if ok {
		do()
	}
	return ok
}

// shortcut does what a shortcut does, and false where it does nothing.
func (k *gridKeyboard) shortcut(s fyne.Shortcut) bool {
	var key gridKey
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		key = gridKey{fyne.KeyModifierShortcutDefault, fyne.KeyC}
	case *fyne.ShortcutSelectAll:
		key = gridKey{fyne.KeyModifierShortcutDefault, fyne.KeyA}
	case *desktop.CustomShortcut:
		key = gridKey{s.Modifier, s.KeyName}
	}
	do, ok := k.shortcuts[key]
	return ok && do()
}

func modifierOf(k fyne.KeyName) fyne.KeyModifier {
	switch k {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight:
		return fyne.KeyModifierShift
	case desktop.KeyControlLeft, desktop.KeyControlRight:
		return fyne.KeyModifierControl
	case desktop.KeyAltLeft, desktop.KeyAltRight:
		return fyne.KeyModifierAlt
	case desktop.KeySuperLeft, desktop.KeySuperRight:
		return fyne.KeyModifierSuper
	}
	return 0
}

// keysOf gives each key what it does with a grid's parts.
func keysOf(g *Grid) map[gridKey]func() {
	s, v := &g.selection, &g.view
	row := func(by func() int, extend bool) func() { return func() { g.tell(s.moveRow(by(), extend)) } }
	one, back := func() int { return 1 }, func() int { return -1 }
	page, pageBack := v.pageRows, func() int { return -v.pageRows() }
	column := func(by int) func() { return func() { g.tell(s.moveColumn(by, v.topRow)) } }
	heading := func(folds func(GridGroup) bool, otherwise func()) func() {
		return func() {
			switch group, is := g.data.group(s.curRow); {
			case !is:
				otherwise()
			case folds(group) && g.OnFold != nil:
				g.OnFold(s.curRow)
			}
		}
	}
	each := func(GridGroup) bool { return true }
	enter, space := heading(each, g.askDetails), heading(each, func() {
		if s.curRow >= 0 {
			g.tell(s.goTo(s.curRow))
		}
	})
	const shift = fyne.KeyModifierShift
	return map[gridKey]func(){
		{0, fyne.KeyUp}: row(back, false), {shift, fyne.KeyUp}: row(back, true),
		{0, fyne.KeyDown}: row(one, false), {shift, fyne.KeyDown}: row(one, true),
		{0, fyne.KeyPageUp}: row(pageBack, false), {shift, fyne.KeyPageUp}: row(pageBack, true),
		{0, fyne.KeyPageDown}: row(page, false), {shift, fyne.KeyPageDown}: row(page, true),
		{0, fyne.KeyLeft}:  heading(func(h GridGroup) bool { return h.Open }, column(-1)),
		{0, fyne.KeyRight}: heading(func(h GridGroup) bool { return !h.Open }, column(1)),
		// Beside frozen columns, too, Home shows where the columns begin.
		{0, fyne.KeyHome}: func() { v.left = 0; g.tell(s.moveColumn(-len(g.columns.visible), v.topRow)) },
		{0, fyne.KeyEnd}:  func() { g.tell(s.moveColumn(len(g.columns.visible), v.topRow)) },

		{0, fyne.KeyReturn}: enter, {0, fyne.KeyEnter}: enter, {0, fyne.KeySpace}: space,
		{0, desktop.KeyMenu}: g.askMenu, {shift, fyne.KeyF10}: g.askMenu,
		{0, fyne.KeyF3}:     func() { g.finder.again(false) },
		{shift, fyne.KeyF3}: func() { g.finder.again(true) },
	}
}

// shortcutsOf gives each shortcut what it does with a grid's parts.
func shortcutsOf(g *Grid) map[gridKey]func() bool {
	s, c := &g.selection, &g.columns
	does := func(deed func()) func() bool { return func() bool { deed(); return true } }
	row := func(ends int, extend bool) func() bool {
		return does(func() { g.tell(s.moveRow(ends*g.data.rows, extend)) })
	}
	only := func(by int) func() bool { return does(func() { g.tell(s.moveOnly(by)) }) }
	column := func(deed func(col int)) func() bool { // the current one, where one sees it
		return func() bool {
			s.ensureColumn()
			if c.indexOf(s.curCol) < 0 {
				return false
			}
			g.view.revealColumn(c.placeOf(s.curCol))
			g.Refresh()
			deed(s.curCol)
			return true
		}
	}
	arranges := func(deed func(col int)) func() bool {
		return column(func(col int) { deed(col); g.columnsChanged() })
	}
	sorts := func(o SortOrder, adds bool) func() bool {
		return column(func(col int) { g.sorting.toggle(SortKey{col, o}, adds); g.sorted() })
	}
	shifts := func(by int) func() bool {
		return arranges(func(col int) { c.shift(col, by); g.view.revealColumn(c.placeOf(col)) })
	}
	const ctrl, alt, shift = fyne.KeyModifierShortcutDefault, fyne.KeyModifierAlt, fyne.KeyModifierShift
	return map[gridKey]func() bool{
		{ctrl, fyne.KeyHome}: row(-1, false), {ctrl | shift, fyne.KeyHome}: row(-1, true),
		{ctrl, fyne.KeyEnd}: row(1, false), {ctrl | shift, fyne.KeyEnd}: row(1, true),
		{ctrl, fyne.KeyUp}: only(-1), {ctrl, fyne.KeyDown}: only(1),
		{ctrl, fyne.KeySpace}:     does(func() { g.tell(s.flipCurrent()) }),
		{ctrl, fyne.KeyA}:         does(func() { g.SelectAll(); g.selectionChanged() }),
		{ctrl, fyne.KeyC}:         does(g.Copy),
		{ctrl | shift, fyne.KeyC}: does(g.CopyWithHeadings),
		{ctrl | alt, fyne.KeyC}:   does(g.CopyCell),

		{alt, fyne.KeyUp}: sorts(Ascending, false), {alt | shift, fyne.KeyUp}: sorts(Ascending, true),
		{alt, fyne.KeyDown}: sorts(Descending, false), {alt | shift, fyne.KeyDown}: sorts(Descending, true),
		{alt | shift, fyne.KeyLeft}: shifts(-1), {alt | shift, fyne.KeyRight}: shifts(1),
		{alt, fyne.KeyLeft}:      arranges(func(col int) { c.resize(col, -resizeStep) }),
		{alt, fyne.KeyRight}:     arranges(func(col int) { c.resize(col, resizeStep) }),
		{alt, fyne.KeyA}:         arranges(g.AutoFit),
		{alt, fyne.KeyH}:         arranges(g.HideColumn),
		{alt, fyne.KeyF}:         arranges(c.freezeUpTo),
		{alt, fyne.KeyM}:         column(g.askHeaderMenu),
		{alt | shift, fyne.KeyF}: column(g.askFilter),
	}
}
