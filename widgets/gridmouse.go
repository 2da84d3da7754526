package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

type gridDragKind int

const (
	dragNothing gridDragKind = iota
	dragRows
	dragHeading // a click so far; a move once it has gone far enough
	dragDivider
	dragVertical
	dragSide
)

// gridDrag is what the mouse holds between down and up.
type gridDrag struct {
	kind    gridDragKind
	start   fyne.Position
	column  int     // visible index
	width   float32 // of the column at the start
	from    float64 // scroll position at the start
	moved   bool
	pointer fyne.Position
	base    rowSet // selection that the rows under the mouse are added to
}

const dragThreshold = 5

// MouseDown selects, or takes hold of a heading, a divider or a scroll bar.
func (g *Grid) MouseDown(e *desktop.MouseEvent) {
	g.requestFocus()
	g.mods = e.Modifier
	g.stopFinding()
	geo := g.geometry()
	p := e.Position
	g.drag = gridDrag{start: p, pointer: p, column: -1}
	switch {
	case e.Button == desktop.MouseButtonPrimary && geo.vertical && p.X >= geo.bodyW && p.Y >= geo.bodyTop:
		g.pressVertical(&geo, p)
	case e.Button == desktop.MouseButtonPrimary && geo.side && p.Y >= geo.bodyTop+geo.bodyH:
		g.pressSide(&geo, p)
	case p.Y < geo.bodyTop:
		if e.Button == desktop.MouseButtonPrimary {
			g.pressHeading(&geo, p)
		}
	default:
		g.pressRow(&geo, e)
	}
	g.Refresh()
}

func (g *Grid) pressVertical(geo *gridGeometry, p fyne.Position) {
	at, length := g.verticalThumb(geo)
	y := p.Y - geo.bodyTop
	page := float64(geo.bodyH - geo.rowH)
	switch {
	case y < at:
		g.setPosition(geo, g.position(geo)-page)
	case y > at+length:
		g.setPosition(geo, g.position(geo)+page)
	default:
		g.drag.kind, g.drag.from = dragVertical, g.position(geo)
	}
}

func (g *Grid) pressSide(geo *gridGeometry, p fyne.Position) {
	at, length := g.sideThumb(geo)
	page := (geo.bodyW - geo.frozenW) * 0.8
	switch {
	case p.X < at:
		g.left -= page
	case p.X > at+length:
		g.left += page
	default:
		g.drag.kind, g.drag.from = dragSide, float64(g.left)
	}
	g.clampScroll(geo)
}

func (g *Grid) pressHeading(geo *gridGeometry, p fyne.Position) {
	column, edge := g.columnAt(geo, p.X)
	switch {
	case edge >= 0:
		g.drag.kind, g.drag.column, g.drag.width = dragDivider, edge, g.cols[g.visible[edge]].Width
	case column >= 0:
		g.drag.kind, g.drag.column = dragHeading, column
	}
}

func (g *Grid) pressRow(geo *gridGeometry, e *desktop.MouseEvent) {
	row := g.rowAt(geo, e.Position.Y)
	column, _ := g.columnAt(geo, e.Position.X)
	if row < 0 {
		if e.Button == desktop.MouseButtonPrimary && len(g.sel) > 0 && e.Modifier == 0 {
			g.sel = nil
			g.selectionChanged()
		}
		return
	}
	if column >= 0 {
		g.curCol = g.cols[g.visible[column]].Source
	}
	if e.Button == desktop.MouseButtonSecondary {
		if !g.sel.has(row) {
			g.sel, g.anchor = rowSet{{row, row}}, row
			g.selectionChanged()
		}
		g.curRow = row
		g.currentChanged()
		return
	}
	g.drag.kind = dragRows
	adds := e.Modifier&fyne.KeyModifierShortcutDefault != 0
	extends := e.Modifier&fyne.KeyModifierShift != 0
	switch {
	case extends:
		if !adds {
			g.sel = nil
		}
		g.drag.base = g.sel
		g.sel = g.sel.with(RowRange{g.anchor, row})
	case adds && g.sel.has(row):
		g.drag.kind = dragNothing
		g.sel, g.anchor = g.sel.without(row), row
	case adds:
		g.drag.base = g.sel
		g.sel, g.anchor = g.sel.with(RowRange{row, row}), row
	default:
		g.sel, g.anchor = rowSet{{row, row}}, row
	}
	g.curRow = row
	g.selectionChanged()
	g.currentChanged()
}

// Dragged moves what MouseDown took hold of.
func (g *Grid) Dragged(e *fyne.DragEvent) {
	g.drag.pointer = e.Position
	geo := g.geometry()
	dx, dy := e.Position.X-g.drag.start.X, e.Position.Y-g.drag.start.Y
	switch g.drag.kind {
	case dragVertical:
		_, length := g.verticalThumb(&geo)
		if room := geo.bodyH - length; room > 0 {
			span := float64(g.rows)*float64(geo.rowH) - float64(geo.bodyH)
			g.setPosition(&geo, g.drag.from+float64(dy/room)*span)
		}
	case dragSide:
		_, length := g.sideThumb(&geo)
		if room := geo.bodyW - length; room > 0 {
			g.left = float32(g.drag.from) + dx/room*(geo.totalW-(geo.bodyW-geo.frozenW))
			g.clampScroll(&geo)
		}
	case dragDivider:
		g.drag.moved = true
		g.setWidth(g.visible[g.drag.column], g.drag.width+dx)
	case dragHeading:
		if dx*dx > dragThreshold*dragThreshold {
			g.drag.moved = true
		}
	case dragRows:
		g.dragOverRows(&geo, e.Position)
	case dragNothing:
		return
	}
	g.Refresh()
}

func (g *Grid) dragOverRows(geo *gridGeometry, p fyne.Position) {
	switch {
	case p.Y < geo.bodyTop:
		g.setPosition(geo, g.position(geo)-float64(geo.rowH))
	case p.Y > geo.bodyTop+geo.bodyH:
		g.setPosition(geo, g.position(geo)+float64(geo.rowH))
	}
	y := max(geo.bodyTop, min(p.Y, geo.bodyTop+geo.bodyH-1))
	row := g.rowAt(geo, y)
	if row < 0 {
		row = g.rows - 1
	}
	if row == g.curRow || row < 0 {
		return
	}
	g.drag.moved = true
	g.curRow = row
	g.sel = g.drag.base.with(RowRange{g.anchor, row})
	g.selectionChanged()
	g.currentChanged()
}

// DragEnd ends what Dragged does.
func (g *Grid) DragEnd() { g.finishDrag() }

// MouseUp ends a drag; a heading that was only clicked sorts.
func (g *Grid) MouseUp(e *desktop.MouseEvent) {
	if e.Button == desktop.MouseButtonPrimary {
		g.drag.pointer = e.Position
		g.finishDrag()
	}
}

// finishDrag runs once per press, whichever of MouseUp and DragEnd comes first.
func (g *Grid) finishDrag() {
	d := g.drag
	g.drag = gridDrag{}
	if d.column >= len(g.visible) {
		return // the columns changed under the mouse
	}
	switch {
	case d.kind == dragDivider && d.moved:
		g.columnsChanged()
	case d.kind == dragHeading && !d.moved:
		g.cycleSort(g.cols[g.visible[d.column]].Source)
	case d.kind == dragHeading:
		geo := g.geometry()
		col := g.cols[g.visible[d.column]].Source
		to := g.dropPlace(&geo, d)
		if to != d.column {
			g.MoveColumn(col, to-d.column)
			g.columnsChanged()
			return
		}
		g.Refresh()
	case d.kind != dragNothing:
		g.Refresh()
	}
}

// dropPlace is the visible index that a dragged heading would get.
func (g *Grid) dropPlace(geo *gridGeometry, d gridDrag) int {
	column, _ := g.columnAt(geo, d.pointer.X)
	if column >= 0 {
		return column
	}
	if d.pointer.X < d.start.X {
		return 0
	}
	return len(g.visible) - 1
}

// cycleSort goes from the server's order to rising to falling and back.
func (g *Grid) cycleSort(col int) {
	next := Ascending
	if g.sortCol == col {
		next = (g.sortOrder + 1) % 3
	}
	g.askSort(col, next)
}

func (g *Grid) askSort(col int, order SortOrder) {
	g.sortCol, g.sortOrder = col, order
	g.Refresh()
	if g.OnSort != nil {
		g.OnSort(col, order)
	}
}

// DoubleTapped opens the details of a row, or fits the column whose divider was hit.
func (g *Grid) DoubleTapped(e *fyne.PointEvent) {
	geo := g.geometry()
	if e.Position.Y < geo.bodyTop {
		if _, edge := g.columnAt(&geo, e.Position.X); edge >= 0 {
			g.AutoFit(g.cols[g.visible[edge]].Source)
			g.columnsChanged()
		}
		return
	}
	if e.Position.X >= geo.bodyW || e.Position.Y >= geo.bodyTop+geo.bodyH {
		return
	}
	if row := g.rowAt(&geo, e.Position.Y); row >= 0 && g.OnDetails != nil {
		g.OnDetails(row, g.curCol)
	}
}

// TappedSecondary asks for a menu.
func (g *Grid) TappedSecondary(e *fyne.PointEvent) {
	geo := g.geometry()
	column, _ := g.columnAt(&geo, e.Position.X)
	if column < 0 {
		return
	}
	col := g.cols[g.visible[column]].Source
	if e.Position.Y < geo.bodyTop {
		if g.OnHeaderMenu != nil {
			g.OnHeaderMenu(col, e.AbsolutePosition)
		}
		return
	}
	if row := g.rowAt(&geo, e.Position.Y); row >= 0 && g.OnMenu != nil {
		g.OnMenu(row, col, e.AbsolutePosition)
	}
}

// MouseIn notes where the mouse is, for its cursor.
func (g *Grid) MouseIn(e *desktop.MouseEvent) { g.hover = e.Position }

// MouseMoved notes where the mouse is, for its cursor.
func (g *Grid) MouseMoved(e *desktop.MouseEvent) { g.hover = e.Position }

// MouseOut forgets where the mouse is.
func (g *Grid) MouseOut() { g.hover = fyne.Position{X: -1, Y: -1} }

// Cursor shows where a column can be resized.
func (g *Grid) Cursor() desktop.Cursor {
	if g.drag.kind == dragDivider {
		return desktop.HResizeCursor
	}
	geo := g.geometry()
	if g.hover.Y >= geo.strip && g.hover.Y < geo.bodyTop {
		if _, edge := g.columnAt(&geo, g.hover.X); edge >= 0 {
			return desktop.HResizeCursor
		}
	}
	return desktop.DefaultCursor
}
