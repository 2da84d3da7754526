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
	textSize           float32
	cell, italic, bold *ruler
	rowH, headH        float32
}

// measure brings the sizes up to date with the theme.
func (m *gridLook) measure(size float32) {
	if m.textSize == size {
		return
	}
	m.textSize = size
	m.cell = newRuler(textStyle{size: size})
	m.italic = newRuler(textStyle{size: size, style: fyne.TextStyle{Italic: true}})
	m.bold = newRuler(textStyle{size: size, style: fyne.TextStyle{Bold: true}})
	m.rowH = float32(int(m.cell.lineHeight()+0.5)) + 6
	m.headH = m.rowH + 6
}

// gridColumn is a column and whether its width still follows the content.
type gridColumn struct {
	GridColumn
	fit bool
}

// gridColumns are order, widths, hidden, frozen and filtered columns.
type gridColumns struct {
	grid     *Grid
	cols     []gridColumn
	visible  []int // indexes into cols
	frozen   int   // how many visible columns do not scroll sideways
	filtered []int // columns of the source whose heading carries a funnel
}

// adopt makes room for the columns of a new source. before are the headings until now; now is
// where each of these is, nil when the grid starts afresh.
func (g *gridColumns) adopt(before []string, now []int) {
	headers := g.grid.data.headers
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
		if now != nil && g.grid.data.rows > 0 {
			g.fitColumn(len(g.cols) - 1)
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

// Columns returns the columns in the order on screen, hidden ones included.
func (g *gridColumns) Columns() []GridColumn {
	out := make([]GridColumn, len(g.cols))
	for i, c := range g.cols {
		out[i] = c.GridColumn
	}
	return out
}

// SetColumns sets order, widths and hidden columns. Columns of the source that are not
// named come behind the others; a column that the source does not have is left out.
func (g *gridColumns) SetColumns(cols []GridColumn) {
	var out []gridColumn
	seen := map[int]bool{}
	for _, c := range cols {
		if c.Source < 0 || c.Source >= len(g.grid.data.headers) || seen[c.Source] {
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
	g.fitColumns()
	g.listVisible()
	g.grid.Refresh()
}

// SetFrozen keeps the first n visible columns in sight when the others scroll sideways.
func (g *gridColumns) SetFrozen(n int) {
	g.frozen = max(0, min(n, len(g.visible)))
	g.grid.Refresh()
}

// Frozen returns how many columns do not scroll.
func (g *gridColumns) Frozen() int { return g.frozen }

// AutoFit makes a column as wide as its heading and the rows in sight need.
func (g *gridColumns) AutoFit(col int) {
	if i := g.indexOf(col); i >= 0 {
		g.fitColumn(i)
		g.cols[i].fit = false
		g.grid.Refresh()
	}
}

// HideColumn hides a column; the last one in sight stays.
func (g *gridColumns) HideColumn(col int) {
	i := g.indexOf(col)
	if i < 0 || g.cols[i].Hidden || len(g.visible) == 1 {
		return
	}
	v := slices.Index(g.visible, i)
	g.cols[i].Hidden = true
	if v < g.frozen {
		g.frozen--
	}
	g.listVisible()
	if g.grid.curCol == col {
		g.grid.curCol = g.sourceOf(min(v, len(g.visible)-1))
	}
	g.grid.Refresh()
}

// ShowColumn shows a hidden column again, at the place that it had.
func (g *gridColumns) ShowColumn(col int) {
	if i := g.indexOf(col); i >= 0 && g.cols[i].Hidden {
		g.cols[i].Hidden = false
		g.listVisible()
		g.grid.Refresh()
	}
}

// VisibleColumns returns the columns of the source that are not hidden, in the order on screen.
func (g *gridColumns) VisibleColumns() []int {
	out := make([]int, len(g.visible))
	for v, i := range g.visible {
		out[v] = g.cols[i].Source
	}
	return out
}

// MoveColumn moves a column by a number of visible places, negative to the left.
func (g *gridColumns) MoveColumn(col, places int) {
	v := g.visibleIndex(col)
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
	g.grid.Refresh()
}

// ResizeColumn makes a column wider or, with a negative number, narrower.
func (g *gridColumns) ResizeColumn(col int, by float32) {
	if i := g.indexOf(col); i >= 0 {
		g.setWidth(i, g.cols[i].Width+by)
		g.grid.Refresh()
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

// visibleIndex finds a source column on screen, -1 when it is hidden.
func (g *gridColumns) visibleIndex(col int) int {
	return slices.IndexFunc(g.visible, func(i int) bool { return g.cols[i].Source == col })
}

func (g *gridColumns) fitColumns() {
	for i := range g.cols {
		if g.cols[i].fit {
			g.fitColumn(i)
		}
	}
}

// fitColumn measures the heading and a sample of rows from the first in sight on.
func (g *gridColumns) fitColumn(i int) {
	m, d := g.grid.measured(), &g.grid.data
	col := g.cols[i].Source
	w := m.bold.width(d.headers[col]) + sortRoom + m.cell.width("2")
	from := max(0, min(g.grid.topRow, d.rows-fitSample))
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

// SetFiltered puts a funnel on the headings of these columns of the source, and on no
// others.
func (g *gridColumns) SetFiltered(cols ...int) {
	g.filtered = slices.Clone(cols)
	g.grid.Refresh()
}
