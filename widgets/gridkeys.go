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
		{"Left, Right, Home, End", "Move between columns"},
		{"Ctrl+Home, Ctrl+End", "First and last row"},
		{"Shift with these", "Extend the selection"},
		{"Ctrl+Up, Ctrl+Down", "Move without selecting"},
		{"Ctrl+Space", "Select the row or take it out"},
		{"Ctrl+A", "Select all rows"},
		{"Ctrl+C, Ctrl+Shift+C, Ctrl+Alt+C", "Copy rows, rows with headings, the cell"},
		{"Enter", "Details of the row"},
		{"Shift+F10", "Menu of the row"},
		{"Alt+M", "Menu of the column"},
		{"Alt+Up, Alt+Down", "Sort rising, falling; again for the server's order"},
		{"Alt+Left, Alt+Right", "Make the column narrower or wider"},
		{"Alt+A", "Fit the column to its content"},
		{"Alt+Shift+Left, Alt+Shift+Right", "Move the column"},
		{"Alt+H", "Hide the column"},
		{"Alt+F", "Freeze the columns up to this one, or none"},
		{"Letters", "Find in the current column"},
		{"F3, Shift+F3", "Next and previous find"},
		{"Escape", "Leave find"},
	}
}

// KeyDown notes which modifiers are held.
func (g *Grid) KeyDown(e *fyne.KeyEvent) { g.mods |= modifierOf(e.Name) }

// KeyUp notes which modifiers were let go.
func (g *Grid) KeyUp(e *fyne.KeyEvent) { g.mods &^= modifierOf(e.Name) }

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
func (g *Grid) TypedKey(e *fyne.KeyEvent) {
	extend := g.mods&fyne.KeyModifierShift != 0
	if g.finding && g.findKey(e.Name) {
		return
	}
	if g.moveKey(e.Name, extend) {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if g.curRow >= 0 && g.OnDetails != nil {
			g.OnDetails(g.curRow, g.curCol)
		}
	case fyne.KeySpace:
		if g.curRow >= 0 {
			g.selectOne(g.curRow)
		}
	case fyne.KeyF3:
		g.findAgain(extend)
	case fyne.KeyF10:
		if extend {
			g.openMenu()
		}
	case desktop.KeyMenu:
		g.openMenu()
	case fyne.KeyLeft:
		g.moveColumn(-1)
	case fyne.KeyRight:
		g.moveColumn(1)
	case fyne.KeyHome:
		g.moveColumn(-len(g.visible))
	case fyne.KeyEnd:
		g.moveColumn(len(g.visible))
	default:
		passKey(g, e)
	}
}

// moveKey handles the keys that change the row.
func (g *Grid) moveKey(k fyne.KeyName, extend bool) bool {
	switch k {
	case fyne.KeyUp:
		g.moveRow(-1, extend)
	case fyne.KeyDown:
		g.moveRow(1, extend)
	case fyne.KeyPageUp:
		g.moveRow(-g.pageRows(), extend)
	case fyne.KeyPageDown:
		g.moveRow(g.pageRows(), extend)
	default:
		return false
	}
	return true
}

// TypedShortcut handles what comes with Ctrl or Alt; the rest goes on to the window.
func (g *Grid) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		g.Copy()
		return
	case *fyne.ShortcutSelectAll:
		g.SelectAll()
		g.selectionChanged()
		return
	case *desktop.CustomShortcut:
		if g.customShortcut(s) {
			return
		}
	}
	passShortcut(g, s, g.OnShortcut)
}

func (g *Grid) customShortcut(s *desktop.CustomShortcut) bool {
	ctrl := fyne.KeyModifierShortcutDefault
	switch s.Modifier {
	case ctrl:
		return g.ctrlKey(s.KeyName, false)
	case ctrl | fyne.KeyModifierShift:
		return g.ctrlKey(s.KeyName, true)
	case ctrl | fyne.KeyModifierAlt:
		if s.KeyName == fyne.KeyC {
			g.CopyCell()
			return true
		}
	case fyne.KeyModifierAlt:
		return g.altKey(s.KeyName)
	case fyne.KeyModifierAlt | fyne.KeyModifierShift:
		switch s.KeyName {
		case fyne.KeyLeft:
			g.MoveColumn(g.curCol, -1)
		case fyne.KeyRight:
			g.MoveColumn(g.curCol, 1)
		default:
			return false
		}
		g.revealColumn(g.visibleIndex(g.curCol))
		g.columnsChanged()
		return true
	}
	return false
}

func (g *Grid) ctrlKey(k fyne.KeyName, shift bool) bool {
	switch k {
	case fyne.KeyHome:
		g.moveRow(-g.rows, shift)
	case fyne.KeyEnd:
		g.moveRow(g.rows, shift)
	case fyne.KeyUp:
		g.moveOnly(-1)
	case fyne.KeyDown:
		g.moveOnly(1)
	case fyne.KeySpace:
		g.toggleCurrent()
	case fyne.KeyC:
		if !shift {
			return false
		}
		g.CopyWithHeadings()
	default:
		return false
	}
	return true
}

func (g *Grid) altKey(k fyne.KeyName) bool {
	g.ensureCurrentColumn()
	i := g.indexOf(g.curCol)
	if i < 0 {
		return false
	}
	switch k {
	case fyne.KeyUp:
		g.toggleSort(Ascending)
	case fyne.KeyDown:
		g.toggleSort(Descending)
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

func (g *Grid) toggleSort(order SortOrder) {
	if g.sortCol == g.curCol && g.sortOrder == order {
		order = Unsorted
	}
	g.askSort(g.curCol, order)
}

// moveRow moves the current cell by rows and selects.
func (g *Grid) moveRow(by int, extend bool) {
	if g.rows == 0 {
		return
	}
	g.ensureCurrentColumn()
	row := max(0, min(g.rows-1, max(g.curRow, 0)+by))
	if g.curRow < 0 {
		row = 0
	}
	if extend {
		g.sel = rowSet{}.with(RowRange{max(0, min(g.anchor, g.rows-1)), row})
		g.curRow = row
		g.afterMove(true)
		return
	}
	g.selectOne(row)
}

func (g *Grid) selectOne(row int) {
	g.sel, g.anchor, g.curRow = rowSet{{row, row}}, row, row
	g.afterMove(true)
}

func (g *Grid) moveOnly(by int) {
	if g.rows == 0 {
		return
	}
	g.curRow = max(0, min(g.rows-1, g.curRow+by))
	g.afterMove(false)
}

func (g *Grid) toggleCurrent() {
	if g.curRow < 0 {
		return
	}
	if g.sel.has(g.curRow) {
		g.sel = g.sel.without(g.curRow)
	} else {
		g.sel = g.sel.with(RowRange{g.curRow, g.curRow})
	}
	g.anchor = g.curRow
	g.afterMove(true)
}

func (g *Grid) afterMove(selected bool) {
	g.reveal()
	g.Refresh()
	if selected {
		g.selectionChanged()
	}
	g.currentChanged()
}

func (g *Grid) moveColumn(by int) {
	if len(g.visible) == 0 {
		return
	}
	v := max(0, min(len(g.visible)-1, max(0, g.visibleIndex(g.curCol))+by))
	g.curCol = g.cols[g.visible[v]].Source
	if g.curRow < 0 && g.rows > 0 {
		g.curRow = g.topRow
	}
	g.afterMove(false)
}

// openMenu asks for the menu of the current row, at its cell.
func (g *Grid) openMenu() {
	if g.curRow < 0 || g.OnMenu == nil {
		return
	}
	g.reveal()
	geo := g.geometry()
	y := geo.bodyTop + float32(g.curRow-g.topRow+1)*geo.rowH - g.topOff
	g.OnMenu(g.curRow, g.curCol, g.onCanvas(fyne.NewPos(g.columnX(&geo)+cellPad, y)))
}

func (g *Grid) headingPosition() fyne.Position {
	geo := g.geometry()
	return g.onCanvas(fyne.NewPos(g.columnX(&geo), geo.bodyTop))
}

// columnX is where the current column begins.
func (g *Grid) columnX(geo *gridGeometry) float32 {
	v := g.visibleIndex(g.curCol)
	if v < 0 {
		return 0
	}
	if v < geo.frozen {
		return g.widthOf(0, v)
	}
	return geo.frozenW + g.widthOf(geo.frozen, v) - g.left
}

func (g *Grid) onCanvas(p fyne.Position) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(g).Add(p)
}
