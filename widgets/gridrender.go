package widgets

import (
	"image/color"
	"iter"

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
	signs                pool[*picture] // arrows and funnels
	current              *canvas.Rectangle
}

// pool keeps objects from frame to frame.
type pool[T any] struct {
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

// gridRenderer draws the cells that can be seen. It has a field for each pool of
// objects that are used again from one frame to the next.
type gridRenderer struct {
	g      *Grid
	objs   []fyne.CanvasObject
	colors gridColors

	back, headBack, strip, headLine, freeze, ring *canvas.Rectangle

	rowsPane, rowsSheet *pane
	rects               pool[*canvas.Rectangle] // selected rows, lines, tints
	titles              pool[*canvas.Text]      // of groups
	marks               pool[*picture]          // boxes, chevrons of groups
	boxes               *picture                // the box of all rows
	titleEnds           []float32               // where the title of a group in sight ends on the grid, 0 in other rows
	stay, scroll        gridRegion
	bars                gridBars
	words               gridWords
}

// gridColors are looked up once a frame.
type gridColors struct {
	text, null, muted, selected, line, head, accent color.Color
}

func (r *gridRenderer) build() {
	r.back, r.headBack, r.strip, r.headLine, r.freeze, r.ring = newFlat(), newFlat(), newFlat(), newFlat(), newFlat(), newFlat()
	r.bars = gridBars{newFlat(), newFlat(), newFlat(), newFlat(), newFlat()}
	r.rowsSheet = newPane(false)
	r.rowsPane = newPane(true, r.rowsSheet)
	r.boxes = newPicture()
	r.words = gridWords{newCellText(), newCellText(), newFlat()}
	for _, reg := range []*gridRegion{&r.stay, &r.scroll} {
		reg.headSheet, reg.bodySheet = newPane(false), newPane(false)
		reg.head, reg.body = newPane(true, reg.headSheet), newPane(true, reg.bodySheet)
		reg.current = newFlat()
	}
	b, w := &r.bars, &r.words
	r.objs = []fyne.CanvasObject{
		r.back, r.rowsPane, r.scroll.body, r.stay.body, r.headBack, r.scroll.head, r.stay.head, r.boxes.img, r.headLine, r.freeze, r.strip,
		b.trackV, b.trackH, b.thumbV, b.thumbH, b.drop, w.message, w.chip, w.found, r.ring,
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
	geo := g.view.geometry()
	g.view.clampScroll(&geo)
	r.colors = gridColors{
		text: colorOf(g, theme.ColorNameForeground), null: colorOf(g, ColorNameNullText), muted: colorOf(g, ColorNameMuted),
		selected: colorOf(g, ColorNameAccentSoft), line: colorOf(g, ColorNameGridLine), head: colorOf(g, ColorNameGridHeader),
		accent: colorOf(g, theme.ColorNamePrimary),
	}
	place(r.back, 0, 0, size.Width, size.Height)
	fill(r.back, colorOf(g, ColorNamePanel))
	place(r.headBack, 0, geo.strip, size.Width, geo.headH)
	fill(r.headBack, r.colors.head)
	show(r.headLine, geo.headH > 0)
	place(r.headLine, 0, geo.bodyTop-1, size.Width, 1)
	fill(r.headLine, colorOf(g, theme.ColorNameSeparator))
	r.updateStrip(&geo, size)

	last := min(g.data.rows, g.view.topRow+int(geo.bodyH/geo.rowH)+2)
	r.updateRows(&geo, last)
	r.updateBoxes(&geo)
	first, x := g.view.firstColumn(&geo)
	r.updateRegion(&r.stay, &geo, regionSpan{from: 0, to: geo.frozen, lastRow: last})
	r.updateRegion(&r.scroll, &geo, regionSpan{from: first, to: len(g.columns.visible), x: x, lastRow: last})
	place(r.freeze, geo.frozenW-1, geo.strip, 1, geo.headH)
	fill(r.freeze, colorOf(g, ColorNameBorder))
	show(r.freeze, geo.frozen > 0)
	r.bars.update(g, &geo)
	r.bars.updateDrop(g, &geo)
	r.words.update(g, &geo)
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
	if _, tint := r.g.data.provenance(); tint != nil {
		fill(r.strip, tint)
		place(r.strip, 0, 0, size.Width, geo.strip)
	}
}

// updateBoxes draws the box that selects all rows.
func (r *gridRenderer) updateBoxes(geo *gridGeometry) {
	show(r.boxes.img, geo.tickW > 0)
	if geo.tickW == 0 {
		return
	}
	r.boxes.set(r.g.selection.all().icon(), r.colors.muted)
	r.boxes.place(gridStrip, geo.strip, geo.tickW-gridStrip, geo.headH)
}

func (t tickState) icon() Icon {
	switch t {
	case tickOn:
		return IconBoxOn
	case tickSome:
		return IconBoxSome
	default:
		return IconBox
	}
}

// updateRows draws what goes over the whole width: selection, lines, tints, boxes and the
// headings of groups.
func (r *gridRenderer) updateRows(geo *gridGeometry, last int) {
	g := r.g
	place(r.rowsPane, 0, geo.bodyTop, geo.bodyW, geo.bodyH)
	r.rowsSheet.Move(fyne.NewPos(0, -g.view.topOff))
	r.rects.used, r.titles.used, r.marks.used = 0, 0, 0
	r.rowsSheet.objs = r.rowsSheet.objs[:0]
	r.titleEnds = r.titleEnds[:0]
	for row := g.view.topRow; row < last; row++ {
		y := float32(row-g.view.topRow) * geo.rowH
		end := float32(0)
		if heading, ok := g.data.group(row); ok {
			r.rowRect(r.colors.head, 0, y, geo.bodyW, geo.rowH)
			end = r.groupTitle(geo, heading, y)
		} else {
			if g.selection.rows.has(row) {
				r.rowRect(r.colors.selected, 0, y, geo.bodyW, geo.rowH)
			}
			r.rowBox(geo, row, y)
		}
		r.titleEnds = append(r.titleEnds, end)
		r.rowRect(r.colors.line, 0, y+geo.rowH-1, geo.bodyW, 1)
		if tint := g.data.tint(row); tint != nil {
			r.rowRect(tint, 0, y, gridStrip, geo.rowH-1)
		}
	}
	if geo.frozen > 0 {
		for y, height := range r.between(geo, geo.frozenW-1) {
			r.rowRect(colorOf(g, ColorNameBorder), geo.frozenW-1, y, 1, height)
		}
	}
}

// between gives the pieces of a line down the rows in sight, at x of the grid: where they
// begin on a sheet, and how high they are. It leaves out the titles of groups that it would
// cross.
func (r *gridRenderer) between(geo *gridGeometry, x float32) iter.Seq2[float32, float32] {
	return func(yield func(y, height float32) bool) {
		from := 0
		for row, end := range r.titleEnds {
			if x > end {
				continue
			}
			if row > from && !yield(float32(from)*geo.rowH, float32(row-from)*geo.rowH) {
				return
			}
			from = row + 1
		}
		if rows := len(r.titleEnds); rows > from {
			yield(float32(from)*geo.rowH, float32(rows-from)*geo.rowH)
		}
	}
}

func (r *gridRenderer) rowRect(c color.Color, x, y, w, h float32) {
	rect := r.rects.next(newFlat)
	fill(rect, c)
	place(rect, x, y, w, h)
	r.rowsSheet.objs = append(r.rowsSheet.objs, rect)
}

func (r *gridRenderer) rowMark(i Icon, c color.Color, x, y, w, h float32) {
	mark := r.marks.next(newPicture)
	mark.set(i, c)
	mark.place(x, y, w, h)
	r.rowsSheet.objs = append(r.rowsSheet.objs, mark.img)
}

// rowBox draws the box of a row.
func (r *gridRenderer) rowBox(geo *gridGeometry, row int, y float32) {
	if geo.tickW == 0 {
		return
	}
	state, c := tickOff, r.colors.muted
	if r.g.selection.rows.has(row) {
		state, c = tickOn, r.colors.accent
	}
	r.rowMark(state.icon(), c, gridStrip, y, geo.tickW-gridStrip, geo.rowH)
}

// groupTitle draws the heading of a group from the leading edge on, and gives where it ends.
func (r *gridRenderer) groupTitle(geo *gridGeometry, heading GridGroup, y float32) (end float32) {
	m := &r.g.look
	icon := IconChevronRight
	if heading.Open {
		icon = IconChevronDown
	}
	r.rowMark(icon, r.colors.muted, heading.lead()-groupLead+gridStrip+2, y, iconSize, geo.rowH)
	t := r.titles.next(newCellText)
	t.Text, t.Color, t.TextSize, t.TextStyle = m.bold.cut(heading.text(), geo.bodyW-heading.lead()), r.colors.text, m.textSize, fyne.TextStyle{Bold: true}
	place(t, heading.lead(), y+(geo.rowH-1-m.bold.lineHeight())/2, m.bold.width(t.Text), m.bold.lineHeight())
	r.rowsSheet.objs = append(r.rowsSheet.objs, t)
	return heading.lead() + t.Size().Width
}

const (
	groupLead  = gridStrip + iconSize + 8 // where the title of a group begins
	groupLevel = 16                       // how much further one that stands under another does
)

// lead is where the title begins.
func (h GridGroup) lead() float32 { return groupLead + groupLevel*float32(h.Level) }

// text is what a heading says: what the rows have in common, and how many they are.
func (h GridGroup) text() string { return display(clipLong(h.Title)) + "  " + grouped(h.Count) }

// regionSpan is what a region shows: visible columns from..to-1, the first at x.
type regionSpan struct {
	from, to int
	x        float32
	lastRow  int
}

func (r *gridRenderer) updateRegion(reg *gridRegion, geo *gridGeometry, span regionSpan) {
	g := r.g
	x0, width, shift := geo.tickW, geo.frozenW-geo.tickW, float32(0)
	if reg == &r.scroll {
		x0, width, shift = geo.frozenW, geo.bodyW-geo.frozenW, g.view.left
	}
	place(reg.head, x0, geo.strip, width, geo.headH)
	place(reg.body, x0, geo.bodyTop, width, geo.bodyH)
	reg.headSheet.Move(fyne.NewPos(-shift, 0))
	reg.bodySheet.Move(fyne.NewPos(-shift, -g.view.topOff))
	reg.texts.used, reg.heads.used, reg.lines.used, reg.headLines.used, reg.signs.used = 0, 0, 0, 0, 0
	reg.headSheet.objs = reg.headSheet.objs[:0]
	body := reg.bodySheet.objs[:0]
	show(reg.current, false)
	body = append(body, reg.current)

	x := span.x
	for v := span.from; v < span.to && x < shift+width; v++ {
		col := g.columns.cols[g.columns.visible[v]]
		w := col.Width
		r.heading(reg, geo, col, x)
		if reg == &r.scroll || v < span.to-1 {
			edge := reg.headLines.next(newFlat)
			fill(edge, r.colors.line)
			place(edge, x+w-1, 0, 1, geo.headH)
			reg.headSheet.objs = append(reg.headSheet.objs, edge)
			for y, height := range r.between(geo, x0+x-shift+w-1) {
				line := reg.lines.next(newFlat)
				fill(line, r.colors.line)
				place(line, x+w-1, y, 1, height)
				body = append(body, line)
			}
		}
		body = r.columnCells(reg, geo, cellRun{col: col, x: x, onGrid: x0 + x - shift, lastRow: span.lastRow}, body)
		x += w
	}
	reg.bodySheet.objs = body
}

// cellRun is a column's cells in sight.
type cellRun struct {
	col     gridColumn
	x       float32 // on its sheet
	onGrid  float32 // x in the grid
	lastRow int
}

func (r *gridRenderer) columnCells(reg *gridRegion, geo *gridGeometry, run cellRun, body []fyne.CanvasObject) []fyne.CanvasObject {
	g := r.g
	m := &g.look
	lineH := m.cell.lineHeight()
	room := run.col.Width - 2*cellPad
	align := g.data.align(run.col.Source)
	empty := tr("empty")
	for row := g.view.topRow; row < run.lastRow; row++ {
		if run.onGrid < r.titleEnds[row-g.view.topRow] {
			continue // the title of a group stands there
		}
		_, isGroup := g.data.group(row)
		y := float32(row-g.view.topRow) * geo.rowH
		marked, ruler := !isGroup && g.data.marked(row, run.col.Source), m.cell
		if marked {
			ruler = m.bold
			body = append(body, r.ground(reg, run, y, geo.rowH))
		}
		text, null := empty, !isGroup && g.data.null(row, run.col.Source)
		if !null {
			if text = g.data.source.Cell(row, run.col.Source); text == "" {
				continue
			}
			text = ruler.cut(display(clipLong(text)), room)
		}
		t := reg.texts.next(newCellText)
		t.Text, t.Color, t.TextSize, t.TextStyle, t.Alignment = text, r.colors.text, m.textSize, fyne.TextStyle{}, align
		switch {
		case isGroup:
			t.Color = r.colors.muted
		case null:
			t.Color, t.TextStyle = r.colors.null, fyne.TextStyle{Italic: true}
			if align == fyne.TextAlignTrailing {
				t.Alignment = fyne.TextAlignLeading
			}
		case marked:
			t.TextStyle = fyne.TextStyle{Bold: true}
		}
		place(t, run.x+cellPad, y+(geo.rowH-1-lineH)/2, room, lineH)
		body = append(body, t)
	}
	r.currentCell(reg, geo, run)
	return body
}

// currentCell shows which cell is the current one, where that is in sight.
func (r *gridRenderer) currentCell(reg *gridRegion, geo *gridGeometry, run cellRun) {
	g := r.g
	if g.focused && run.col.Source == g.selection.curCol && g.selection.curRow >= g.view.topRow && g.selection.curRow < run.lastRow {
		place(reg.current, run.x, float32(g.selection.curRow-g.view.topRow)*geo.rowH, run.col.Width-1, geo.rowH-1)
		reg.current.StrokeColor, reg.current.StrokeWidth = r.colors.accent, 1.5
		show(reg.current, true)
	}
}

// ground is what a cell stands on that stands out.
func (r *gridRenderer) ground(reg *gridRegion, run cellRun, y, height float32) fyne.CanvasObject {
	rect := reg.lines.next(newFlat)
	fill(rect, r.colors.selected)
	place(rect, run.x, y, run.col.Width-1, height-1)
	return rect
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
