package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// CreateRenderer is Fyne's.
func (g *Grid) CreateRenderer() fyne.WidgetRenderer {
	r := &gridRenderer{g: g}
	r.build()
	r.update()
	return r
}

// gridRegion is one of the two halves of the grid: the columns that stay and those that
// scroll sideways. Its sheets move inside the panes that clip them.
type gridRegion struct {
	head, body           *pane
	headSheet, bodySheet *pane
	texts, heads         pool[*canvas.Text]
	lines, headLines     pool[*canvas.Rectangle]
	current              *canvas.Rectangle
}

// pool keeps objects from frame to frame.
type pool[T fyne.CanvasObject] struct {
	all  []T
	used int
}

func (p *pool[T]) next(make func() T) T {
	if p.used == len(p.all) {
		p.all = append(p.all, make())
	}
	p.used++
	return p.all[p.used-1]
}

func newCellText() *canvas.Text { return &canvas.Text{} }

func newFlat() *canvas.Rectangle { return canvas.NewRectangle(color.Transparent) }

type gridRenderer struct {
	g    *Grid
	objs []fyne.CanvasObject

	back, headBack, strip, headLine, freeze    *canvas.Rectangle
	rowsPane, rowsSheet                        *pane
	rects                                      pool[*canvas.Rectangle] // selected rows, lines, tints
	stay, scroll                               gridRegion
	trackV, trackH, thumbV, thumbH, drop, ring *canvas.Rectangle
	message                                    *canvas.Text
	chip                                       *canvas.Rectangle
	chipText                                   *canvas.Text

	colors gridColors
}

// gridColors are looked up once a frame.
type gridColors struct {
	text, null, selected, line, accent color.Color
}

func (r *gridRenderer) build() {
	r.back, r.headBack, r.strip, r.headLine, r.freeze = newFlat(), newFlat(), newFlat(), newFlat(), newFlat()
	r.trackV, r.trackH, r.thumbV, r.thumbH, r.drop, r.ring = newFlat(), newFlat(), newFlat(), newFlat(), newFlat(), newFlat()
	r.rowsSheet = newPane(false)
	r.rowsPane = newPane(true, r.rowsSheet)
	r.message, r.chip, r.chipText = newCellText(), newFlat(), newCellText()
	for _, reg := range []*gridRegion{&r.stay, &r.scroll} {
		reg.headSheet, reg.bodySheet = newPane(false), newPane(false)
		reg.head, reg.body = newPane(true, reg.headSheet), newPane(true, reg.bodySheet)
		reg.current = newFlat()
	}
	r.objs = []fyne.CanvasObject{
		r.back, r.rowsPane, r.scroll.body, r.stay.body, r.headBack, r.scroll.head, r.stay.head, r.headLine, r.freeze, r.strip,
		r.trackV, r.trackH, r.thumbV, r.thumbH, r.drop, r.message, r.chip, r.chipText, r.ring,
	}
}

func (r *gridRenderer) Destroy()                     {}
func (r *gridRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *gridRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, 90) }
func (r *gridRenderer) Layout(fyne.Size)             { r.update() }

func (r *gridRenderer) Refresh() {
	r.update()
	canvas.Refresh(r.back) // a part: the grid itself may be embedded in another widget
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(0, w), max(0, h)))
}

func fill(rect *canvas.Rectangle, c color.Color) { rect.FillColor = c }

func (r *gridRenderer) update() {
	g := r.g
	size := g.Size()
	geo := g.geometry()
	g.clampScroll(&geo)
	r.colors = gridColors{
		text: colorOf(g, theme.ColorNameForeground), null: colorOf(g, ColorNameNullText),
		selected: colorOf(g, ColorNameAccentSoft), line: colorOf(g, ColorNameGridLine), accent: colorOf(g, theme.ColorNamePrimary),
	}
	place(r.back, 0, 0, size.Width, size.Height)
	fill(r.back, colorOf(g, ColorNamePanel))
	place(r.headBack, 0, geo.strip, size.Width, geo.headH)
	fill(r.headBack, colorOf(g, ColorNameGridHeader))
	show(r.headLine, geo.headH > 0)
	place(r.headLine, 0, geo.bodyTop-1, size.Width, 1)
	fill(r.headLine, colorOf(g, theme.ColorNameSeparator))
	r.updateStrip(&geo, size)

	last := min(g.rows, g.topRow+int(geo.bodyH/geo.rowH)+2)
	r.updateRows(&geo, last)
	first, x := r.firstColumn(&geo)
	r.updateRegion(&r.stay, &geo, regionSpan{from: 0, to: geo.frozen, lastRow: last})
	r.updateRegion(&r.scroll, &geo, regionSpan{from: first, to: len(g.visible), x: x, lastRow: last})
	place(r.freeze, geo.frozenW-1, geo.strip, 1, geo.headH+geo.bodyH)
	fill(r.freeze, colorOf(g, ColorNameBorder))
	show(r.freeze, geo.frozen > 0)
	r.updateBars(&geo)
	r.updateDrop(&geo)
	r.updateMessage(&geo)
	place(r.ring, 0, 0, size.Width, size.Height)
	r.ring.StrokeColor, r.ring.StrokeWidth = r.colors.accent, 1
	show(r.ring, g.focused)
}

// show hides or shows without the repaint that Hide asks for each time.
func show(o fyne.CanvasObject, visible bool) {
	if o.Visible() == visible {
		return
	}
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

func (r *gridRenderer) updateStrip(geo *gridGeometry, size fyne.Size) {
	show(r.strip, geo.strip > 0)
	if p, ok := r.g.source.(GridProvenance); ok && geo.strip > 0 {
		_, tint := p.Provenance()
		fill(r.strip, tint)
		place(r.strip, 0, 0, size.Width, geo.strip)
	}
}

// firstColumn is the first scrolling column in sight, and where it begins on its sheet.
func (r *gridRenderer) firstColumn(geo *gridGeometry) (v int, x float32) {
	g := r.g
	v = geo.frozen
	for v < len(g.visible) {
		w := g.cols[g.visible[v]].Width
		if x+w > g.left {
			break
		}
		x += w
		v++
	}
	return v, x
}

// updateRows draws what goes over the whole width: selection, lines, tints.
func (r *gridRenderer) updateRows(geo *gridGeometry, last int) {
	g := r.g
	place(r.rowsPane, 0, geo.bodyTop, geo.bodyW, geo.bodyH)
	r.rowsSheet.Move(fyne.NewPos(0, -g.topOff))
	r.rects.used = 0
	objs := r.rowsSheet.objs[:0]
	add := func(c color.Color, x, y, w, h float32) {
		rect := r.rects.next(newFlat)
		fill(rect, c)
		place(rect, x, y, w, h)
		objs = append(objs, rect)
	}
	width := geo.bodyW
	for row := g.topRow; row < last; row++ {
		y := float32(row-g.topRow) * geo.rowH
		if g.sel.has(row) {
			add(r.colors.selected, 0, y, width, geo.rowH)
		}
		add(r.colors.line, 0, y+geo.rowH-1, width, 1)
		if g.tinter != nil {
			if tint := g.tinter.RowTint(row); tint != nil {
				add(tint, 0, y, gridStrip, geo.rowH-1)
			}
		}
	}
	r.rowsSheet.objs = objs
}

// regionSpan is what a region shows: visible columns from..to-1, the first at x.
type regionSpan struct {
	from, to int
	x        float32
	lastRow  int
}

func (r *gridRenderer) updateRegion(reg *gridRegion, geo *gridGeometry, span regionSpan) {
	g := r.g
	var x0, width, shift float32
	if reg == &r.scroll {
		x0, width, shift = geo.frozenW, geo.bodyW-geo.frozenW, g.left
	} else {
		width = geo.frozenW
	}
	place(reg.head, x0, geo.strip, width, geo.headH)
	place(reg.body, x0, geo.bodyTop, width, geo.bodyH)
	reg.headSheet.Move(fyne.NewPos(-shift, 0))
	reg.bodySheet.Move(fyne.NewPos(-shift, -g.topOff))
	reg.texts.used, reg.heads.used, reg.lines.used, reg.headLines.used = 0, 0, 0, 0
	heads, body := reg.headSheet.objs[:0], reg.bodySheet.objs[:0]
	show(reg.current, false)
	body = append(body, reg.current)

	x := span.x
	for v := span.from; v < span.to && x < shift+width; v++ {
		col := g.cols[g.visible[v]]
		w := col.Width
		heads = append(heads, r.heading(reg, geo, col, x))
		if reg == &r.scroll || v < span.to-1 {
			edge := reg.headLines.next(newFlat)
			fill(edge, r.colors.line)
			place(edge, x+w-1, 0, 1, geo.headH)
			heads = append(heads, edge)
			line := reg.lines.next(newFlat)
			fill(line, r.colors.line)
			place(line, x+w-1, 0, 1, float32(span.lastRow-g.topRow)*geo.rowH)
			body = append(body, line)
		}
		body = r.columnCells(reg, geo, cellRun{col: col, x: x, lastRow: span.lastRow}, body)
		x += w
	}
	reg.headSheet.objs, reg.bodySheet.objs = heads, body
}

// cellRun is a column's cells in sight.
type cellRun struct {
	col     gridColumn
	x       float32
	lastRow int
}

func (r *gridRenderer) columnCells(reg *gridRegion, geo *gridGeometry, run cellRun, body []fyne.CanvasObject) []fyne.CanvasObject {
	g := r.g
	m := &g.metrics
	lineH := m.cell.lineHeight()
	room := run.col.Width - 2*cellPad
	align := g.align(run.col.Source)
	empty := tr("empty")
	for row := g.topRow; row < run.lastRow; row++ {
		text, null := empty, g.nuller != nil && g.nuller.IsNull(row, run.col.Source)
		if !null {
			if text = g.source.Cell(row, run.col.Source); text == "" {
				continue
			}
			text = m.cell.cut(display(clipLong(text)), room)
		}
		t := reg.texts.next(newCellText)
		t.Text, t.Color, t.TextSize, t.TextStyle, t.Alignment = text, r.colors.text, m.textSize, fyne.TextStyle{}, align
		if null {
			t.Color, t.TextStyle = r.colors.null, fyne.TextStyle{Italic: true}
			if align == fyne.TextAlignTrailing {
				t.Alignment = fyne.TextAlignLeading
			}
		}
		y := float32(row-g.topRow) * geo.rowH
		place(t, run.x+cellPad, y+(geo.rowH-1-lineH)/2, room, lineH)
		body = append(body, t)
	}
	if g.focused && run.col.Source == g.curCol && g.curRow >= g.topRow && g.curRow < run.lastRow {
		place(reg.current, run.x, float32(g.curRow-g.topRow)*geo.rowH, run.col.Width-1, geo.rowH-1)
		reg.current.StrokeColor, reg.current.StrokeWidth = r.colors.accent, 1.5
		show(reg.current, true)
	}
	return body
}

// clipLong spares the ruler a text of megabytes of which a line can show little.
func clipLong(s string) string {
	const most = 2000
	if len(s) <= most {
		return s
	}
	n := most
	for n > most-4 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n] + ellipsis
}

func (g *Grid) align(col int) fyne.TextAlign {
	if g.aligner == nil {
		return fyne.TextAlignLeading
	}
	return g.aligner.Align(col)
}

func (r *gridRenderer) heading(reg *gridRegion, geo *gridGeometry, col gridColumn, x float32) fyne.CanvasObject {
	g := r.g
	m := &g.metrics
	arrow := ""
	if g.sortCol == col.Source {
		switch g.sortOrder {
		case Ascending:
			arrow = " ↑"
		case Descending:
			arrow = " ↓"
		}
	}
	room := col.Width - 2*cellPad
	text := m.bold.cut(display(g.headers[col.Source]), room-m.bold.width(arrow)) + arrow
	t := reg.heads.next(newCellText)
	t.Text, t.Color, t.TextSize, t.TextStyle, t.Alignment = text, r.colors.text, m.textSize, fyne.TextStyle{Bold: true}, g.align(col.Source)
	lineH := m.bold.lineHeight()
	place(t, x+cellPad, (geo.headH-1-lineH)/2, room, lineH)
	return t
}

func (r *gridRenderer) updateBars(geo *gridGeometry) {
	g := r.g
	track, thumbColor := colorOf(g, theme.ColorNameScrollBarBackground), colorOf(g, theme.ColorNameScrollBar)
	show(r.trackV, geo.vertical)
	show(r.thumbV, geo.vertical)
	show(r.trackH, geo.side)
	show(r.thumbH, geo.side)
	if geo.vertical {
		at, length := g.verticalThumb(geo)
		place(r.trackV, geo.bodyW, geo.bodyTop, gridBar, geo.bodyH)
		place(r.thumbV, geo.bodyW+3, geo.bodyTop+at+1, gridBar-6, length-2)
	}
	if geo.side {
		at, length := g.sideThumb(geo)
		place(r.trackH, 0, geo.bodyTop+geo.bodyH, geo.bodyW, gridBar)
		place(r.thumbH, at+1, geo.bodyTop+geo.bodyH+3, length-2, gridBar-6)
	}
	for _, t := range []*canvas.Rectangle{r.trackV, r.trackH} {
		fill(t, track)
	}
	for _, t := range []*canvas.Rectangle{r.thumbV, r.thumbH} {
		fill(t, thumbColor)
		t.CornerRadius = 3
	}
}

// updateDrop shows where a dragged heading would go.
func (r *gridRenderer) updateDrop(geo *gridGeometry) {
	g := r.g
	dragging := g.drag.kind == dragHeading && g.drag.moved && g.drag.column < len(g.visible)
	show(r.drop, dragging)
	if !dragging {
		return
	}
	to := g.dropPlace(geo, g.drag)
	v := to
	if to > g.drag.column {
		v++
	}
	x := g.widthOf(0, min(v, geo.frozen))
	if v > geo.frozen {
		x = geo.frozenW + g.widthOf(geo.frozen, v) - g.left
	}
	fill(r.drop, r.colors.accent)
	place(r.drop, max(0, x-2), geo.strip, 3, geo.headH+geo.bodyH)
}

func (r *gridRenderer) updateMessage(geo *gridGeometry) {
	g := r.g
	show(r.message, g.rows == 0)
	if g.rows == 0 {
		text := g.emptyText
		if text == "" && g.source != nil {
			text = tr("No rows")
		}
		r.message.Text, r.message.Color, r.message.TextSize = text, colorOf(g, ColorNameMuted), g.metrics.textSize
		r.message.Alignment = fyne.TextAlignCenter
		h := g.metrics.cell.lineHeight()
		place(r.message, 0, geo.bodyTop+max(0, min(geo.bodyH/2-h, 120)), geo.bodyW, h)
	}
	show(r.chip, g.finding)
	show(r.chipText, g.finding)
	if !g.finding {
		return
	}
	text := tr("Find: {{.text}}", "text", g.findText)
	r.chipText.Color = colorOf(g, ColorNameAccentText)
	if g.findMiss {
		text = tr("Find: {{.text}} - not found", "text", g.findText)
		r.chipText.Color = colorOf(g, ColorNameErrorText)
	}
	r.chipText.Text, r.chipText.TextSize = text, g.metrics.textSize
	w, h := g.metrics.cell.width(text), g.metrics.cell.lineHeight()
	fill(r.chip, colorOf(g, ColorNameAccentSoft))
	r.chip.CornerRadius = 4
	r.chip.StrokeColor, r.chip.StrokeWidth = r.colors.accent, 1
	place(r.chip, 8, geo.bodyTop+geo.bodyH-h-16, w+16, h+8)
	place(r.chipText, 16, geo.bodyTop+geo.bodyH-h-12, w, h)
}
