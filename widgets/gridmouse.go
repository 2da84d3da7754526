package widgets

import (
	"slices"

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

// gridMouse is what the mouse does in a grid.
type gridMouse struct {
	grid    *Grid
	drag    gridDrag
	hover   fyne.Position
	presses [2]fyne.Position // the last but one, and the last
}

// apart is how far from each other, in device-independent pixels, two clicks are that mean
// different things.
const apart = 12

// twiceThere says that the last two presses were at one place: to Fyne, quick clicks on a row
// and then on a heading are a double click on the row, as both are on one object.
func (m *gridMouse) twiceThere() bool {
	away := m.presses[1].Subtract(m.presses[0])
	return m.presses[0].IsZero() || max(away.X, -away.X, away.Y, -away.Y) <= apart
}

// MouseDown selects, or takes hold of a heading, a divider or a scroll bar.
func (m *gridMouse) MouseDown(e *desktop.MouseEvent) {
	g := m.grid
	g.requestFocus()
	g.mods = e.Modifier
	g.stopFinding()
	geo := g.geometry()
	p := e.Position
	m.presses = [2]fyne.Position{m.presses[1], p}
	m.drag = gridDrag{start: p, pointer: p, column: -1}
	primary := e.Button == desktop.MouseButtonPrimary
	switch {
	case primary && geo.vertical && p.X >= geo.bodyW && p.Y >= geo.bodyTop:
		m.pressVertical(&geo, p)
	case primary && geo.side && p.Y >= geo.bodyTop+geo.bodyH:
		m.pressSide(&geo, p)
	case p.Y < geo.bodyTop:
		if primary {
			m.pressHeading(&geo, p)
		}
	default:
		m.pressRow(&geo, e)
	}
	g.Refresh()
}

func (m *gridMouse) pressVertical(geo *gridGeometry, p fyne.Position) {
	g := m.grid
	at, length := g.verticalThumb(geo)
	y := p.Y - geo.bodyTop
	page := float64(geo.bodyH - geo.rowH)
	switch {
	case y < at:
		g.setPosition(geo, g.position(geo)-page)
	case y > at+length:
		g.setPosition(geo, g.position(geo)+page)
	default:
		m.drag.kind, m.drag.from = dragVertical, g.position(geo)
	}
}

func (m *gridMouse) pressSide(geo *gridGeometry, p fyne.Position) {
	g := m.grid
	at, length := g.sideThumb(geo)
	page := (geo.bodyW - geo.frozenW) * 0.8
	switch {
	case p.X < at:
		g.left -= page
	case p.X > at+length:
		g.left += page
	default:
		m.drag.kind, m.drag.from = dragSide, float64(g.left)
	}
	g.clampScroll(geo)
}

func (m *gridMouse) pressHeading(geo *gridGeometry, p fyne.Position) {
	g := m.grid
	if p.X < geo.tickW {
		m.tickAll()
		return
	}
	column, edge := g.columnAt(geo, p.X)
	switch {
	case edge >= 0:
		m.drag.kind, m.drag.column, m.drag.width = dragDivider, edge, g.cols[g.visible[edge]].Width
	case column >= 0:
		m.drag.kind, m.drag.column = dragHeading, column
	}
}

// tickAll selects every row of the source, or none when all are selected.
func (m *gridMouse) tickAll() {
	g := m.grid
	if g.allSelected() == tickOn {
		g.ClearSelection()
	} else {
		g.SelectAll()
	}
	g.selectionChanged()
}

func (m *gridMouse) pressRow(geo *gridGeometry, e *desktop.MouseEvent) {
	g := m.grid
	row := g.rowAt(geo, e.Position.Y)
	if row < 0 {
		if e.Button == desktop.MouseButtonPrimary && len(g.rows) > 0 && e.Modifier == 0 {
			g.begin(nil)
			g.selectionChanged()
		}
		return
	}
	if column, _ := g.columnAt(geo, e.Position.X); column >= 0 {
		g.curCol = g.sourceOf(column)
	}
	_, heading := g.data.group(row)
	switch {
	case heading:
		g.curRow = row
		g.currentChanged()
		if e.Button == desktop.MouseButtonPrimary {
			g.fold(row)
		}
	case e.Button == desktop.MouseButtonSecondary:
		if !g.rows.has(row) {
			g.only(row)
			g.selectionChanged()
		}
		g.curRow = row
		g.currentChanged()
	default:
		m.pressToSelect(row, e.Modifier, e.Position.X < geo.tickW)
	}
}

// pressToSelect begins a selection at a row, or adds the row to it; a box always adds.
func (m *gridMouse) pressToSelect(row int, held fyne.KeyModifier, box bool) {
	g := m.grid
	m.drag.kind = dragRows
	adds := box || held&fyne.KeyModifierShortcutDefault != 0
	extends := held&fyne.KeyModifierShift != 0
	switch {
	case extends:
		if !adds {
			g.begin(nil)
		}
		m.drag.base = g.rows
		g.rows = g.rows.with(RowRange{g.anchor, row})
	case adds:
		if g.rows.has(row) {
			m.drag.kind = dragNothing
		}
		m.drag.base = g.rows
		g.flip(row)
	default:
		g.only(row)
	}
	g.curRow = row
	g.selectionChanged()
	g.currentChanged()
}

// Dragged moves what MouseDown took hold of.
func (m *gridMouse) Dragged(e *fyne.DragEvent) {
	g := m.grid
	m.drag.pointer = e.Position
	geo := g.geometry()
	dx, dy := e.Position.X-m.drag.start.X, e.Position.Y-m.drag.start.Y
	switch m.drag.kind {
	case dragVertical:
		_, length := g.verticalThumb(&geo)
		if room := geo.bodyH - length; room > 0 {
			span := float64(g.data.rows)*float64(geo.rowH) - float64(geo.bodyH)
			g.setPosition(&geo, m.drag.from+float64(dy/room)*span)
		}
	case dragSide:
		_, length := g.sideThumb(&geo)
		if room := geo.bodyW - length; room > 0 {
			g.left = float32(m.drag.from) + dx/room*(geo.totalW-(geo.bodyW-geo.frozenW))
			g.clampScroll(&geo)
		}
	case dragDivider:
		m.drag.moved = true
		g.setWidth(g.visible[m.drag.column], m.drag.width+dx)
	case dragHeading:
		if dx*dx > dragThreshold*dragThreshold {
			m.drag.moved = true
		}
	case dragRows:
		m.dragOverRows(&geo, e.Position)
	case dragNothing:
		return
	}
	g.Refresh()
}

func (m *gridMouse) dragOverRows(geo *gridGeometry, p fyne.Position) {
	g := m.grid
	switch {
	case p.Y < geo.bodyTop:
		g.setPosition(geo, g.position(geo)-float64(geo.rowH))
	case p.Y > geo.bodyTop+geo.bodyH:
		g.setPosition(geo, g.position(geo)+float64(geo.rowH))
	}
	y := max(geo.bodyTop, min(p.Y, geo.bodyTop+geo.bodyH-1))
	row := g.rowAt(geo, y)
	if row < 0 {
		row = g.data.rows - 1
	}
	if row == g.curRow || row < 0 {
		return
	}
	m.drag.moved = true
	g.curRow = row
	g.rows = m.drag.base.with(RowRange{g.anchor, row})
	g.selectionChanged()
	g.currentChanged()
}

// DragEnd ends what Dragged does.
func (m *gridMouse) DragEnd() { m.finishDrag() }

// MouseUp ends a drag; a heading that was only clicked sorts.
func (m *gridMouse) MouseUp(e *desktop.MouseEvent) {
	if e.Button == desktop.MouseButtonPrimary {
		m.drag.pointer = e.Position
		m.finishDrag()
	}
}

// finishDrag runs once per press, whichever of MouseUp and DragEnd comes first.
func (m *gridMouse) finishDrag() {
	g := m.grid
	d := m.drag
	m.drag = gridDrag{}
	if d.column >= len(g.visible) {
		return // the columns changed under the mouse
	}
	switch {
	case d.kind == dragDivider && d.moved:
		g.columnsChanged()
	case d.kind == dragHeading && !d.moved:
		m.clickHeading(d)
	case d.kind == dragHeading:
		geo := g.geometry()
		col := g.sourceOf(d.column)
		to := m.dropPlace(&geo, d)
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

// clickHeading sorts by the column, with Shift besides the others; its funnel opens the
// filter.
func (m *gridMouse) clickHeading(d gridDrag) {
	g := m.grid
	geo := g.geometry()
	col := g.sourceOf(d.column)
	end := g.columnX(&geo, d.column) + g.cols[g.visible[d.column]].Width
	if slices.Contains(g.filtered, col) && d.pointer.X > end-cellPad-funnelRoom {
		g.curCol = col
		g.askFilter()
		return
	}
	g.cycle(col, g.mods&fyne.KeyModifierShift != 0)
}

// dropPlace is the visible index that a dragged heading would get.
func (m *gridMouse) dropPlace(geo *gridGeometry, d gridDrag) int {
	column, _ := m.grid.columnAt(geo, d.pointer.X)
	if column >= 0 {
		return column
	}
	if d.pointer.X < d.start.X {
		return 0
	}
	return len(m.grid.visible) - 1
}

// DoubleTapped opens the details of a row, or fits the column whose divider was hit.
func (m *gridMouse) DoubleTapped(e *fyne.PointEvent) {
	g := m.grid
	geo := g.geometry()
	if e.Position.Y < geo.bodyTop {
		if _, edge := g.columnAt(&geo, e.Position.X); edge >= 0 {
			g.AutoFit(g.sourceOf(edge))
			g.columnsChanged()
		}
		return
	}
	if !m.twiceThere() || e.Position.X < geo.tickW || e.Position.X >= geo.bodyW || e.Position.Y >= geo.bodyTop+geo.bodyH {
		return
	}
	row := g.rowAt(&geo, e.Position.Y)
	if _, heading := g.data.group(row); row >= 0 && !heading && g.OnDetails != nil {
		g.OnDetails(row, g.curCol)
	}
}

// TappedSecondary asks for a menu.
func (m *gridMouse) TappedSecondary(e *fyne.PointEvent) {
	g := m.grid
	geo := g.geometry()
	column, _ := g.columnAt(&geo, e.Position.X)
	if column < 0 {
		return
	}
	col := g.sourceOf(column)
	if e.Position.Y < geo.bodyTop {
		if g.OnHeaderMenu != nil {
			g.OnHeaderMenu(col, e.AbsolutePosition)
		}
		return
	}
	row := g.rowAt(&geo, e.Position.Y)
	if _, heading := g.data.group(row); row >= 0 && !heading && g.OnMenu != nil {
		g.OnMenu(row, col, e.AbsolutePosition)
	}
}

// MouseIn notes where the mouse is, for its cursor.
func (m *gridMouse) MouseIn(e *desktop.MouseEvent) { m.hover = e.Position }

// MouseMoved notes where the mouse is, for its cursor.
func (m *gridMouse) MouseMoved(e *desktop.MouseEvent) { m.hover = e.Position }

// MouseOut forgets where the mouse is.
func (m *gridMouse) MouseOut() { m.hover = fyne.Position{X: -1, Y: -1} }

// Cursor shows where a column can be resized.
func (m *gridMouse) Cursor() desktop.Cursor {
	if m.drag.kind == dragDivider {
		return desktop.HResizeCursor
	}
	geo := m.grid.geometry()
	if m.hover.Y >= geo.strip && m.hover.Y < geo.bodyTop {
		if _, edge := m.grid.columnAt(&geo, m.hover.X); edge >= 0 {
			return desktop.HResizeCursor
		}
	}
	return desktop.DefaultCursor
}
