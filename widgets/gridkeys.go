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
		{"Escape", "Leave find"},
	}
}

// gridKeyboard is what keys do in a grid.
type gridKeyboard struct {
	grid *Grid
	mods fyne.KeyModifier // held now
}

// KeyDown notes which modifiers are held.
func (k *gridKeyboard) KeyDown(e *fyne.KeyEvent) { k.mods |= modifierOf(e.Name) }

// KeyUp notes which modifiers were let go.
func (k *gridKeyboard) KeyUp(e *fyne.KeyEvent) { k.mods &^= modifierOf(e.Name) }

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

// TypedKey moves, opens and finds.
func (k *gridKeyboard) TypedKey(e *fyne.KeyEvent) {
	g := k.grid
	extend := k.mods&fyne.KeyModifierShift != 0
	if g.finding && g.findKey(e.Name) {
		return
	}
	if k.moveKey(e.Name, extend) || k.groupKey(e.Name) {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if g.curRow >= 0 && g.OnDetails != nil {
			g.OnDetails(g.curRow, g.curCol)
		}
	case fyne.KeySpace:
		if g.curRow >= 0 {
			k.selectOne(g.curRow)
		}
	case fyne.KeyF3:
		g.findAgain(extend)
	case desktop.KeyMenu:
		k.openMenu()
	case fyne.KeyLeft:
		k.moveColumn(-1)
	case fyne.KeyRight:
		k.moveColumn(1)
	case fyne.KeyHome:
		k.moveColumn(-len(g.visible))
	case fyne.KeyEnd:
		k.moveColumn(len(g.visible))
	case fyne.KeyF10:
		if extend {
			k.openMenu()
			return
		}
		passKey(g, e)
	default:
		passKey(g, e)
	}
}

// moveKey handles the keys that change the row.
func (k *gridKeyboard) moveKey(key fyne.KeyName, extend bool) bool {
	switch key {
	case fyne.KeyUp:
		k.moveRow(-1, extend)
	case fyne.KeyDown:
		k.moveRow(1, extend)
	case fyne.KeyPageUp:
		k.moveRow(-k.grid.pageRows(), extend)
	case fyne.KeyPageDown:
		k.moveRow(k.grid.pageRows(), extend)
	default:
		return false
	}
	return true
}

// groupKey handles the keys that open and fold the group whose heading is current.
func (k *gridKeyboard) groupKey(key fyne.KeyName) bool {
	heading, ok := k.grid.data.group(k.grid.curRow)
	if !ok {
		return false
	}
	switch key {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		k.grid.fold(k.grid.curRow)
	case fyne.KeyLeft, fyne.KeyRight:
		if heading.Open == (key == fyne.KeyLeft) {
			k.grid.fold(k.grid.curRow)
		}
	default:
		return false
	}
	return true
}

// TypedShortcut handles what comes with Ctrl or Alt; the rest goes on to the window.
func (k *gridKeyboard) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		k.grid.Copy()
		return
	case *fyne.ShortcutSelectAll:
		k.grid.SelectAll()
		k.grid.selectionChanged()
		return
	case *desktop.CustomShortcut:
		if k.customShortcut(s) {
			return
		}
	}
	passShortcut(k.grid, s, k.grid.OnShortcut)
}

func (k *gridKeyboard) customShortcut(s *desktop.CustomShortcut) bool {
	ctrl := fyne.KeyModifierShortcutDefault
	switch s.Modifier {
	case ctrl:
		return k.ctrlKey(s.KeyName, false)
	case ctrl | fyne.KeyModifierShift:
		return k.ctrlKey(s.KeyName, true)
	case ctrl | fyne.KeyModifierAlt:
		if s.KeyName == fyne.KeyC {
			k.grid.CopyCell()
			return true
		}
	case fyne.KeyModifierAlt:
		return k.altKey(s.KeyName)
	case fyne.KeyModifierAlt | fyne.KeyModifierShift:
		return k.altShiftKey(s.KeyName)
	}
	return false
}

func (k *gridKeyboard) ctrlKey(key fyne.KeyName, shift bool) bool {
	switch {
	case key == fyne.KeyHome:
		k.moveRow(-k.grid.data.rows, shift)
	case key == fyne.KeyEnd:
		k.moveRow(k.grid.data.rows, shift)
	case key == fyne.KeyC && shift:
		k.grid.CopyWithHeadings()
	case shift:
		return false
	case key == fyne.KeyUp:
		k.moveOnly(-1)
	case key == fyne.KeyDown:
		k.moveOnly(1)
	case key == fyne.KeySpace:
		k.flipCurrent()
	default:
		return false
	}
	return true
}

func (k *gridKeyboard) altKey(key fyne.KeyName) bool {
	g := k.grid
	g.ensureCurrentColumn()
	if g.indexOf(g.curCol) < 0 {
		return false
	}
	switch key {
	case fyne.KeyUp:
		g.toggle(SortKey{g.curCol, Ascending}, false)
	case fyne.KeyDown:
		g.toggle(SortKey{g.curCol, Descending}, false)
	case fyne.KeyLeft:
		g.ResizeColumn(g.curCol, -resizeStep)
		g.columnsChanged()
	case fyne.KeyRight:
		g.ResizeColumn(g.curCol, resizeStep)
		g.columnsChanged()
	case fyne.KeyA:
		g.AutoFit(g.curCol)
		g.columnsChanged()
	case fyne.KeyH:
		g.HideColumn(g.curCol)
		g.columnsChanged()
	case fyne.KeyF:
		n := g.visibleIndex(g.curCol) + 1
		if n == g.frozen {
			n = 0
		}
		g.SetFrozen(n)
		g.columnsChanged()
	case fyne.KeyM:
		if g.OnHeaderMenu != nil {
			g.OnHeaderMenu(g.curCol, g.headingPosition())
		}
	default:
		return false
	}
	return true
}

func (k *gridKeyboard) altShiftKey(key fyne.KeyName) bool {
	g := k.grid
	g.ensureCurrentColumn()
	if g.indexOf(g.curCol) < 0 {
		return false
	}
	switch key {
	case fyne.KeyLeft, fyne.KeyRight:
		by := 1
		if key == fyne.KeyLeft {
			by = -1
		}
		g.MoveColumn(g.curCol, by)
		g.revealColumn(g.visibleIndex(g.curCol))
		g.columnsChanged()
	case fyne.KeyUp:
		g.toggle(SortKey{g.curCol, Ascending}, true)
	case fyne.KeyDown:
		g.toggle(SortKey{g.curCol, Descending}, true)
	case fyne.KeyF:
		g.askFilter()
	default:
		return false
	}
	return true
}

// moveRow moves the current cell by rows and selects.
func (k *gridKeyboard) moveRow(by int, extend bool) {
	g := k.grid
	if g.data.rows == 0 {
		return
	}
	g.ensureCurrentColumn()
	row := max(0, min(g.data.rows-1, max(g.curRow, 0)+by))
	if g.curRow < 0 {
		row = 0
	}
	if extend {
		g.extend(row)
		g.afterMove(true)
		return
	}
	k.selectOne(row)
}

// selectOne goes to a row and selects it; a heading of a group is only gone to.
func (k *gridKeyboard) selectOne(row int) {
	_, heading := k.grid.data.group(row)
	if heading {
		k.grid.curRow = row
	} else {
		k.grid.only(row)
	}
	k.grid.afterMove(!heading)
}

func (k *gridKeyboard) moveOnly(by int) {
	g := k.grid
	if g.data.rows == 0 {
		return
	}
	g.curRow = max(0, min(g.data.rows-1, g.curRow+by))
	g.afterMove(false)
}

func (k *gridKeyboard) flipCurrent() {
	g := k.grid
	if _, heading := g.data.group(g.curRow); heading || g.curRow < 0 {
		return
	}
	g.flip(g.curRow)
	g.afterMove(true)
}

func (k *gridKeyboard) moveColumn(by int) {
	g := k.grid
	if len(g.visible) == 0 {
		return
	}
	g.curCol = g.sourceOf(max(0, min(len(g.visible)-1, max(0, g.visibleIndex(g.curCol))+by)))
	if g.curRow < 0 && g.data.rows > 0 {
		g.curRow = g.topRow
	}
	g.afterMove(false)
}

// openMenu asks for the menu of the current row, at its cell.
func (k *gridKeyboard) openMenu() {
	g := k.grid
	if _, heading := g.data.group(g.curRow); heading || g.curRow < 0 || g.OnMenu == nil {
		return
	}
	g.reveal()
	geo := g.geometry()
	y := geo.bodyTop + float32(g.curRow-g.topRow+1)*geo.rowH - g.topOff
	x := g.columnX(&geo, g.visibleIndex(g.curCol)) + cellPad
	g.OnMenu(g.curRow, g.curCol, g.onCanvas(fyne.NewPos(x, y)))
}

// askFilter asks for the filter of the current column, at its heading.
func (k *gridKeyboard) askFilter() {
	if k.grid.OnFilter != nil {
		k.grid.OnFilter(k.grid.curCol, k.grid.headingPosition())
	}
}
