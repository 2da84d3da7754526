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
	base    rowSet           // selection that the rows under the mouse are added to
	held    fyne.KeyModifier // when it went down
}

const dragThreshold = 5

// gridMouse is what the mouse does in a grid: it scrolls, selects, and moves and widens columns.
// What else a click asks for is asked of the grid.
type gridMouse struct {
	data      *gridData
	columns   *gridColumns
	selection *gridSelection
	view      *gridViewport
	events    *GridEvents
	asks      gridAsks

	drag    gridDrag
	hover   fyne.Position
	presses [2]fyne.Position // the last but one, and the last
}

// gridAsks is what the mouse asks of a grid.
type gridAsks struct {
	sort     func(col int, adds bool) // the next order of a column of the source
	filter   func(col int)            // of a column of the source
	selected func()                   // other rows are selected
	moved    func()                   // another cell is the current one
	arranged func()                   // the columns are others
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

// press selects, or takes hold of a heading, a divider or a scroll bar.
func (m *gridMouse) press(e *desktop.MouseEvent) {
	geo := m.view.geometry()
	p := e.Position
	m.presses = [2]fyne.Position{m.presses[1], p}
	m.drag = gridDrag{start: p, pointer: p, column: -1, held: e.Modifier}
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
}

func (m *gridMouse) pressVertical(geo *gridGeometry, p fyne.Position) {
	v := m.view
	at, length := v.verticalThumb(geo)
	y := p.Y - geo.bodyTop
	page := float64(geo.bodyH - geo.rowH)
	switch {
	case y < at:
		v.setPosition(geo, v.position(geo)-page)
	case y > at+length:
		v.setPosition(geo, v.position(geo)+page)
	default:
		m.drag.kind, m.drag.from = dragVertical, v.position(geo)
	}
}

func (m *gridMouse) pressSide(geo *gridGeometry, p fyne.Position) {
	v := m.view
	at, length := v.sideThumb(geo)
	page := (geo.bodyW - geo.frozenW) * 0.8
	switch {
	case p.X < at:
		v.left -= page
	case p.X > at+length:
		v.left += page
	default:
		m.drag.kind, m.drag.from = dragSide, float64(v.left)
	}
	v.clampScroll(geo)
}

func (m *gridMouse) pressHeading(geo *gridGeometry, p fyne.Position) {
	if p.X < geo.tickW {
		m.tickAll()
		return
	}
	column, edge := m.view.columnAt(geo, p.X)
	switch {
	case edge >= 0:
		m.drag.kind, m.drag.column, m.drag.width = dragDivider, edge, m.columns.widthAt(edge)
	case column >= 0:
		m.drag.kind, m.drag.column = dragHeading, column
	}
}

// tickAll selects every row of the source, or none when all are selected.
func (m *gridMouse) tickAll() {
	if m.selection.all() == tickOn {
		m.selection.begin(nil)
	} else {
		m.selection.selectAll()
	}
	m.asks.selected()
}

func (m *gridMouse) pressRow(geo *gridGeometry, e *desktop.MouseEvent) {
	s := m.selection
	row := m.view.rowAt(geo, e.Position.Y)
	if row < 0 {
		if e.Button == desktop.MouseButtonPrimary && len(s.rows) > 0 && e.Modifier == 0 {
			s.begin(nil)
			m.asks.selected()
		}
		return
	}
	if column, _ := m.view.columnAt(geo, e.Position.X); column >= 0 {
		s.curCol = m.columns.sourceOf(column)
	}
	switch {
	case m.data.isHeading(row):
		s.curRow = row
		m.asks.moved()
		if e.Button == desktop.MouseButtonPrimary && m.events.OnFold != nil {
			m.events.OnFold(row)
		}
	case e.Button == desktop.MouseButtonSecondary:
		if !s.rows.has(row) {
			s.only(row)
			m.asks.selected()
		}
		s.curRow = row
		m.asks.moved()
	default:
		m.pressToSelect(row, e.Modifier, e.Position.X < geo.tickW)
	}
}

// pressToSelect begins a selection at a row, or adds the row to it; a box always adds.
func (m *gridMouse) pressToSelect(row int, held fyne.KeyModifier, box bool) {
	s := m.selection
	m.drag.kind = dragRows
	adds := box || held&fyne.KeyModifierShortcutDefault != 0
	extends := held&fyne.KeyModifierShift != 0
	switch {
	case extends:
		if !adds {
			s.begin(nil)
		}
		m.drag.base = s.rows
		s.extend(s.rows, row)
	case adds:
		if s.rows.has(row) {
			m.drag.kind = dragNothing
		}
		m.drag.base = s.rows
		s.flip(row)
	default:
		s.only(row)
	}
	s.curRow = row
	m.asks.selected()
	m.asks.moved()
}

// move moves what press took hold of. It tells whether that changes what is to be seen.
func (m *gridMouse) move(to fyne.Position) bool {
	m.drag.pointer = to
	geo := m.view.geometry()
	dx, dy := to.X-m.drag.start.X, to.Y-m.drag.start.Y
	switch m.drag.kind {
	case dragVertical:
		_, length := m.view.verticalThumb(&geo)
		if room := geo.bodyH - length; room > 0 {
			span := float64(m.data.rows)*float64(geo.rowH) - float64(geo.bodyH)
			m.view.setPosition(&geo, m.drag.from+float64(dy/room)*span)
		}
	case dragSide:
		_, length := m.view.sideThumb(&geo)
		if room := geo.bodyW - length; room > 0 {
			m.view.left = float32(m.drag.from) + dx/room*(geo.totalW-(geo.bodyW-geo.frozenW))
			m.view.clampScroll(&geo)
		}
	case dragDivider:
		m.drag.moved = true
		m.columns.setWidth(m.columns.visible[m.drag.column], m.drag.width+dx)
	case dragHeading:
		if dx*dx > dragThreshold*dragThreshold {
			m.drag.moved = true
		}
	case dragRows:
		return m.moveOverRows(&geo, to)
	case dragNothing:
		return false
	}
	return true
}

func (m *gridMouse) moveOverRows(geo *gridGeometry, p fyne.Position) bool {
	s, v := m.selection, m.view
	switch {
	case p.Y < geo.bodyTop:
		v.setPosition(geo, v.position(geo)-float64(geo.rowH))
	case p.Y > geo.bodyTop+geo.bodyH:
		v.setPosition(geo, v.position(geo)+float64(geo.rowH))
	}
	y := max(geo.bodyTop, min(p.Y, geo.bodyTop+geo.bodyH-1))
	row := v.rowAt(geo, y)
	if row < 0 {
		row = m.data.rows - 1
	}
	if row == s.curRow || row < 0 {
		return true // it may have scrolled
	}
	m.drag.moved = true
	s.extend(m.drag.base, row)
	m.asks.selected()
	m.asks.moved()
	return true
}

// release runs once per press, whichever of MouseUp and DragEnd comes first: it ends a drag,
// and a heading that was only clicked sorts. It tells whether what was held is still to be
// drawn anew: what the grid was asked for it draws itself.
func (m *gridMouse) release() bool {
	d := m.drag
	m.drag = gridDrag{}
	if d.column >= len(m.columns.visible) {
		return false // the columns changed under the mouse
	}
	switch {
	case d.kind == dragDivider && d.moved:
		m.asks.arranged()
		return false
	case d.kind == dragHeading && !d.moved:
		m.clickHeading(d)
		return false
	case d.kind == dragHeading:
		geo := m.view.geometry()
		if to := m.dropPlace(&geo, d); to != d.column {
			m.columns.shift(m.columns.sourceOf(d.column), to-d.column)
			m.asks.arranged()
			return false
		}
	}
	return d.kind != dragNothing
}

// clickHeading sorts by the column, with Shift besides the others; its funnel opens the
// filter.
func (m *gridMouse) clickHeading(d gridDrag) {
	geo := m.view.geometry()
	col := m.columns.sourceOf(d.column)
	end := m.view.columnX(&geo, d.column) + m.columns.widthAt(d.column)
	if slices.Contains(m.columns.filtered, col) && d.pointer.X > end-cellPad-funnelRoom {
		m.selection.curCol = col
		m.asks.filter(col)
		return
	}
	m.asks.sort(col, d.held&fyne.KeyModifierShift != 0)
}

// dropPlace is the visible index that a dragged heading would get.
func (m *gridMouse) dropPlace(geo *gridGeometry, d gridDrag) int {
	column, _ := m.view.columnAt(geo, d.pointer.X)
	if column >= 0 {
		return column
	}
	if d.pointer.X < d.start.X {
		return 0
	}
	return len(m.columns.visible) - 1
}

// tapTwice opens the details of a row, or fits the column whose divider was hit.
func (m *gridMouse) tapTwice(at fyne.Position) {
	geo := m.view.geometry()
	if at.Y < geo.bodyTop {
		if _, edge := m.view.columnAt(&geo, at.X); edge >= 0 {
			m.columns.autoFit(m.columns.sourceOf(edge), m.view.topRow)
			m.asks.arranged()
		}
		return
	}
	if !m.twiceThere() || at.X < geo.tickW || at.X >= geo.bodyW || at.Y >= geo.bodyTop+geo.bodyH {
		return
	}
	if row := m.view.rowAt(&geo, at.Y); row >= 0 && !m.data.isHeading(row) && m.events.OnDetails != nil {
		m.events.OnDetails(row, m.selection.curCol)
	}
}

// tapForMenu asks for the menu of a heading or a row.
func (m *gridMouse) tapForMenu(e *fyne.PointEvent) {
	geo := m.view.geometry()
	column, _ := m.view.columnAt(&geo, e.Position.X)
	if column < 0 {
		return
	}
	col := m.columns.sourceOf(column)
	if e.Position.Y < geo.bodyTop {
		if m.events.OnHeaderMenu != nil {
			m.events.OnHeaderMenu(col, e.AbsolutePosition)
		}
		return
	}
	if row := m.view.rowAt(&geo, e.Position.Y); row >= 0 && !m.data.isHeading(row) && m.events.OnMenu != nil {
		m.events.OnMenu(row, col, e.AbsolutePosition)
	}
}

// cursor shows where a column can be resized.
func (m *gridMouse) cursor() desktop.Cursor {
	if m.drag.kind == dragDivider {
		return desktop.HResizeCursor
	}
	geo := m.view.geometry()
	if m.hover.Y >= geo.strip && m.hover.Y < geo.bodyTop {
		if _, edge := m.view.columnAt(&geo, m.hover.X); edge >= 0 {
			return desktop.HResizeCursor
		}
	}
	return desktop.DefaultCursor
}
