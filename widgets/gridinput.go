package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// What Fyne tells a grid of the keyboard and the mouse goes to the parts here.

// FocusGained shows the current cell.
func (g *Grid) FocusGained() {
	g.focused = true
	g.selection.ensureRow(g.view.topRow)
	g.selection.ensureColumn()
	g.Refresh()
}

// FocusLost hides the current cell.
func (g *Grid) FocusLost() {
	g.focused, g.keyboard.held = false, 0
	g.Refresh()
}

// KeyDown notes which modifiers are held.
func (g *Grid) KeyDown(e *fyne.KeyEvent) { g.keyboard.down(e) }

// KeyUp notes which modifiers were let go.
func (g *Grid) KeyUp(e *fyne.KeyEvent) { g.keyboard.up(e) }

// TypedRune finds: what is typed is looked for in the current column.
func (g *Grid) TypedRune(c rune) { g.finder.add(c) }

// TypedKey moves, opens and finds; the rest goes on to the window.
func (g *Grid) TypedKey(e *fyne.KeyEvent) {
	if g.finder.finding && g.finder.key(e.Name) {
		return
	}
	if !g.keyboard.press(e.Name) {
		passKey(g, e)
	}
}

// TypedShortcut handles what comes with Ctrl or Alt; the rest goes on to the window.
func (g *Grid) TypedShortcut(s fyne.Shortcut) {
	if !g.keyboard.shortcut(s) {
		passShortcut(g, s, g.OnShortcut)
	}
}

// Scrolled scrolls by the mouse wheel; with Shift sideways.
func (g *Grid) Scrolled(e *fyne.ScrollEvent) {
	dx, dy := e.Scrolled.DX, e.Scrolled.DY
	if g.keyboard.shift() && dx == 0 {
		dx, dy = dy, 0
	}
	g.view.scroll(-dx, -dy)
	g.Refresh()
}

// MouseDown selects, or takes hold of a heading, a divider or a scroll bar.
func (g *Grid) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil && !g.focused {
		c.Focus(g)
	}
	g.keyboard.held = e.Modifier
	g.finder.stop()
	g.mouse.press(e)
	g.Refresh()
}

// MouseUp ends a drag; a heading that was only clicked sorts.
func (g *Grid) MouseUp(e *desktop.MouseEvent) {
	if e.Button == desktop.MouseButtonPrimary {
		g.mouse.drag.pointer = e.Position
		g.DragEnd()
	}
}

// Dragged moves what MouseDown took hold of.
func (g *Grid) Dragged(e *fyne.DragEvent) {
	if g.mouse.move(e.Position) {
		g.Refresh()
	}
}

// DragEnd ends what Dragged does.
func (g *Grid) DragEnd() {
	if g.mouse.release() {
		g.Refresh()
	}
}

// DoubleTapped opens the details of a row, or fits the column whose divider was hit.
func (g *Grid) DoubleTapped(e *fyne.PointEvent) { g.mouse.tapTwice(e.Position) }

// TappedSecondary asks for a menu.
func (g *Grid) TappedSecondary(e *fyne.PointEvent) { g.mouse.tapForMenu(e) }

// MouseIn notes where the mouse is, for its cursor.
func (g *Grid) MouseIn(e *desktop.MouseEvent) { g.mouse.hover = e.Position }

// MouseMoved notes where the mouse is, for its cursor.
func (g *Grid) MouseMoved(e *desktop.MouseEvent) { g.mouse.hover = e.Position }

// MouseOut forgets where the mouse is.
func (g *Grid) MouseOut() { g.mouse.hover = fyne.Position{X: -1, Y: -1} }

// Cursor shows where a column can be resized.
func (g *Grid) Cursor() desktop.Cursor { return g.mouse.cursor() }

// askDetails asks for the details of the current row.
func (g *Grid) askDetails() {
	if row, col := g.Current(); row >= 0 && g.OnDetails != nil {
		g.OnDetails(row, col)
	}
}

// askMenu asks for the menu of the current row, at its cell.
func (g *Grid) askMenu() {
	row, col := g.Current()
	if row < 0 || g.data.isHeading(row) || g.OnMenu == nil {
		return
	}
	g.view.reveal(row, col)
	g.OnMenu(row, col, g.onCanvas(g.view.underCell(row, col)))
}

// askHeaderMenu asks for the menu of a column, at its heading.
func (g *Grid) askHeaderMenu(col int) {
	if g.OnHeaderMenu != nil {
		g.OnHeaderMenu(col, g.onCanvas(g.view.underHeading(col)))
	}
}

// askFilter asks for the filter of a column, at its heading.
func (g *Grid) askFilter(col int) {
	if g.OnFilter != nil {
		g.OnFilter(col, g.onCanvas(g.view.underHeading(col)))
	}
}

// onCanvas is where a place in the grid is on its canvas.
func (g *Grid) onCanvas(p fyne.Position) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(g).Add(p)
}
