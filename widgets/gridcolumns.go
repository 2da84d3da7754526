package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
)

const (
	minColumnWidth  = 28
	maxFittedWidth  = 360
	fitSample       = 60 // rows that are measured to fit a column: a screen of them; of 72 columns 200 took 6 ms
	resizeStep      = 12
	sortRoom        = 16 // of the arrow in a heading
	funnelRoom      = 16 // of the funnel in a heading
	cellPad         = 9
	defaultColWidth = 140
)

// gridLook are the sizes that follow from the theme.
type gridLook struct {
	themeSize          func() float32 // of text, in the theme of now
	textSize           float32
	cell, italic, bold *ruler
	rowH, headH        float32
}

// measured brings the sizes up to date with the theme.
func (m *gridLook) measured() *gridLook {
	size := m.themeSize()
	if m.textSize == size {
		return m
	}
	m.textSize = size
	m.cell = newRuler(textStyle{size: size})
	m.italic = newRuler(textStyle{size: size, style: fyne.TextStyle{Italic: true}})
	m.bold = newRuler(textStyle{size: size, style: fyne.TextStyle{Bold: true}})
	m.rowH = float32(int(m.cell.lineHeight()+0.5)) + 6
	m.headH = m.rowH + 6
	return m
}

// gridColumn is a column and whether its width still follows the content.
type gridColumn struct {
	GridColumn
	fit bool
}

// gridColumns are order, widths, hidden, frozen and filtered columns. They know what stands in
// them and how wide a text is, and nothing of where a person is.
type gridColumns struct {
	data *gridData
	look *gridLook

	cols     []gridColumn
	visible  []int // indexes into cols
	frozen   int   // how many visible columns do not scroll sideways
	filtered []int // columns of the source whose heading carries a funnel
}

// adopt makes room for the columns of a new source. before are the headings until now; now is
// where each of these is, nil when the grid starts afresh. Columns that came among them fit
// the rows from first on.
func (g *gridColumns) adopt(before []string, now []int, first int) {
	headers := g.data.headers
	known := map[string]gridColumn{}
	there := make([]bool, len(headers))
	if now == nil {
		for _, c := range g.cols {
			known[before[c.Source]] = c
		}
		g.cols, g.frozen, g.filtered = nil, 0, nil
	} else {
		g.move(now)
		for _, c := range g.cols {
			there[c.Source] = true
		}
	}
	for i, has := range there {
		if has {
			continue
		}
		c := gridColumn{GridColumn: GridColumn{Source: i, Width: defaultColWidth}, fit: true}
		if k, ok := known[headers[i]]; ok && !k.fit {
			c.Width, c.Hidden, c.fit = k.Width, k.Hidden, false
		}
		g.cols = append(g.cols, c)
		if now != nil && g.data.rows > 0 {
			g.fitColumn(len(g.cols)-1, first)
		}
	}
	g.listVisible()
}

// move carries the columns over to where they are in a new source; some may be gone.
func (g *gridColumns) move(now []int) {
	gone := 0 // of those that do not scroll
	for _, i := range g.visible[:g.frozen] {
		if now[g.cols[i].Source] < 0 {
			gone++
		}
	}
	g.frozen -= gone
	g.cols = slices.DeleteFunc(g.cols, func(c gridColumn) bool { return now[c.Source] < 0 })
	for i := range g.cols {
		g.cols[i].Source = now[g.cols[i].Source]
	}
	g.filtered = slices.DeleteFunc(g.filtered, func(col int) bool { return now[col] < 0 })
	for i, col := range g.filtered {
		g.filtered[i] = now[col]
	}
}

func (g *gridColumns) listVisible() {
	g.visible = g.visible[:0]
	for i, c := range g.cols {
		if !c.Hidden {
			g.visible = append(g.visible, i)
		}
	}
	g.frozen = min(g.frozen, len(g.visible))
}

// list gives the columns in the order on screen, hidden ones included.
func (g *gridColumns) list() []GridColumn {
	out := make([]GridColumn, len(g.cols))
	for i, c := range g.cols {
		out[i] = c.GridColumn
	}
	return out
}

// set sets order, widths and hidden columns. Columns of the source that are not named come
// behind the others; a column that the source does not have is left out. Those without a
// width fit the rows from first on.
func (g *gridColumns) set(cols []GridColumn, first int) {
	var out []gridColumn
	seen := map[int]bool{}
	for _, c := range cols {
		if c.Source < 0 || c.Source >= len(g.data.headers) || seen[c.Source] {
			continue
		}
		seen[c.Source] = true
		out = append(out, gridColumn{GridColumn: c, fit: c.Width <= 0})
	}
	for _, c := range g.cols {
		if !seen[c.Source] {
			out = append(out, c)
		}
	}
	g.cols = out
	g.fitColumns(first)
	g.listVisible()
}

func (g *gridColumns) freeze(n int) { g.frozen = max(0, min(n, len(g.visible))) }

// freezeUpTo keeps the columns up to this one in sight, or none when it is the last of those.
func (g *gridColumns) freezeUpTo(col int) {
	n := g.placeOf(col) + 1
	if n == g.frozen {
		n = 0
	}
	g.freeze(n)
}

// autoFit makes a column as wide as its heading and the rows from first on need, and keeps it
// so.
func (g *gridColumns) autoFit(col, first int) {
	if i := g.indexOf(col); i >= 0 {
		g.fitColumn(i, first)
		g.cols[i].fit = false
	}
}

// hide hides a column; the last one in sight stays. beside is the column of the source that
// takes its place.
func (g *gridColumns) hide(col int) (beside int, ok bool) {
	i := g.indexOf(col)
	if i < 0 || g.cols[i].Hidden || len(g.visible) == 1 {
		return 0, false
	}
	v := slices.Index(g.visible, i)
	g.cols[i].Hidden = true
	if v < g.frozen {
		g.frozen--
	}
	g.listVisible()
	return g.sourceOf(min(v, len(g.visible)-1)), true
}

// unhide shows a hidden column again, at the place that it had.
func (g *gridColumns) unhide(col int) {
	if i := g.indexOf(col); i >= 0 {
		g.cols[i].Hidden = false
		g.listVisible()
	}
}

// inSight gives the columns of the source that are not hidden, in the order on screen.
func (g *gridColumns) inSight() []int {
	out := make([]int, len(g.visible))
	for v, i := range g.visible {
		out[v] = g.cols[i].Source
	}
	return out
}

// shift moves a column by a number of visible places, negative to the left.
func (g *gridColumns) shift(col, places int) {
	v := g.placeOf(col)
	if v < 0 {
		return
	}
	to := max(0, min(len(g.visible)-1, v+places))
	if to == v {
		return
	}
	from, target := g.visible[v], g.visible[to]
	c := g.cols[from]
	g.cols = slices.Delete(g.cols, from, from+1)
	g.cols = slices.Insert(g.cols, target, c)
	g.listVisible()
}

// resize makes a column wider or, with a negative number, narrower.
func (g *gridColumns) resize(col int, by float32) {
	if i := g.indexOf(col); i >= 0 {
		g.setWidth(i, g.cols[i].Width+by)
	}
}

func (g *gridColumns) setWidth(i int, w float32) {
	g.cols[i].Width = max(minColumnWidth, min(w, 4000))
	g.cols[i].fit = false
}

// indexOf finds a source column in cols, -1 when there is none.
func (g *gridColumns) indexOf(col int) int {
	return slices.IndexFunc(g.cols, func(c gridColumn) bool { return c.Source == col })
}

// placeOf finds the place of a source column on screen, -1 when it is hidden.
func (g *gridColumns) placeOf(col int) int {
	return slices.IndexFunc(g.visible, func(i int) bool { return g.cols[i].Source == col })
}

func (g *gridColumns) fitColumns(first int) {
	for i := range g.cols {
		if g.cols[i].fit {
			g.fitColumn(i, first)
		}
	}
}

// fitColumn measures the heading and a sample of rows from first on.
func (g *gridColumns) fitColumn(i, first int) {
	m, d := g.look.measured(), g.data
	col := g.cols[i].Source
	w := m.bold.width(d.headers[col]) + sortRoom + m.cell.width("2")
	from := max(0, min(first, d.rows-fitSample))
	for row := from; row < min(d.rows, from+fitSample) && w < maxFittedWidth; row++ {
		text, r := tr("empty"), m.italic
		if !d.null(row, col) {
			text, r = display(d.source.Cell(row, col)), m.cell
		}
		if len(text) > 400 {
			w = maxFittedWidth
			break
		}
		w = max(w, r.width(text))
	}
	g.cols[i].Width = max(56, min(w+2*cellPad+2, maxFittedWidth))
}

// sourceOf is the source's column at a visible place.
func (g *gridColumns) sourceOf(v int) int { return g.cols[g.visible[v]].Source }

// widthOf is the width of the visible columns from..to-1.
func (g *gridColumns) widthOf(from, to int) float32 {
	var w float32
	for _, i := range g.visible[from:to] {
		w += g.cols[i].Width
	}
	return w
}

// widthAt is the width of the column at a visible place.
func (g *gridColumns) widthAt(v int) float32 { return g.cols[g.visible[v]].Width }
