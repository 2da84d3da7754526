package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

const (
	minColumnWidth  = 28
	maxFittedWidth  = 360
	fitSample       = 200 // rows that are measured to fit a column
	resizeStep      = 12
	cellPad         = 9
	defaultColWidth = 140
)

// gridMetrics are the sizes that follow from the theme.
type gridMetrics struct {
	textSize           float32
	cell, italic, bold *ruler
	rowH, headH        float32
}

// measure brings the metrics up to date with the theme.
func (g *Grid) measure() *gridMetrics {
	size := g.Theme().Size(theme.SizeNameText)
	m := &g.metrics
	if m.textSize != size {
		m.textSize = size
		m.cell = newRuler(textStyle{size: size})
		m.italic = newRuler(textStyle{size: size, style: fyne.TextStyle{Italic: true}})
		m.bold = newRuler(textStyle{size: size, style: fyne.TextStyle{Bold: true}})
		m.rowH = float32(int(m.cell.lineHeight()+0.5)) + 10
		m.headH = m.rowH + 2
	}
	return m
}

// adoptColumns makes room for the columns of a new source.
func (g *Grid) adoptColumns(headers []string, same bool) {
	known := map[string]gridColumn{}
	if !same {
		for _, c := range g.cols {
			known[g.headers[c.Source]] = c
		}
		g.cols, g.frozen = nil, 0
	}
	for i := len(g.cols); i < len(headers); i++ {
		c := gridColumn{GridColumn: GridColumn{Source: i, Width: defaultColWidth}, fit: true}
		if k, ok := known[headers[i]]; ok && !k.fit {
			c.Width, c.Hidden, c.fit = k.Width, k.Hidden, false
		}
		g.cols = append(g.cols, c)
		if same && g.rows > 0 {
			g.headers = headers[:i+1]
			g.fitColumn(len(g.cols) - 1)
		}
	}
	g.headers = headers
	g.listVisible()
}

func (g *Grid) listVisible() {
	g.visible = g.visible[:0]
	for i, c := range g.cols {
		if !c.Hidden {
			g.visible = append(g.visible, i)
		}
	}
	g.frozen = min(g.frozen, len(g.visible))
}

// Columns returns the columns in the order on screen, hidden ones included.
func (g *Grid) Columns() []GridColumn {
	out := make([]GridColumn, len(g.cols))
	for i, c := range g.cols {
		out[i] = c.GridColumn
	}
	return out
}

// SetColumns sets order, widths and hidden columns. Columns of the source that are not
// named come behind the others; a column that the source does not have is left out.
func (g *Grid) SetColumns(cols []GridColumn) {
	var out []gridColumn
	seen := map[int]bool{}
	for _, c := range cols {
		if c.Source < 0 || c.Source >= len(g.headers) || seen[c.Source] {
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
	g.Refresh()
}

// SetFrozen keeps the first n visible columns in sight when the others scroll sideways.
func (g *Grid) SetFrozen(n int) {
	g.frozen = max(0, min(n, len(g.visible)))
	g.Refresh()
}

// Frozen returns how many columns do not scroll.
func (g *Grid) Frozen() int { return g.frozen }

// AutoFit makes a column as wide as its heading and the rows in sight need.
func (g *Grid) AutoFit(col int) {
	if i := g.indexOf(col); i >= 0 {
		g.fitColumn(i)
		g.cols[i].fit = false
		g.Refresh()
	}
}

// AutoFitAll fits every column.
func (g *Grid) AutoFitAll() {
	for i := range g.cols {
		g.fitColumn(i)
	}
	g.Refresh()
}

// HideColumn hides a column; the last one in sight stays.
func (g *Grid) HideColumn(col int) {
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
	if g.curCol == col {
		g.curCol = g.cols[g.visible[min(v, len(g.visible)-1)]].Source
	}
	g.Refresh()
}

// ShowColumn shows a hidden column again, at the place that it had.
func (g *Grid) ShowColumn(col int) {
	if i := g.indexOf(col); i >= 0 && g.cols[i].Hidden {
		g.cols[i].Hidden = false
		g.listVisible()
		g.Refresh()
	}
}

// VisibleColumns returns the columns of the source that are not hidden, in the order on screen.
func (g *Grid) VisibleColumns() []int {
	out := make([]int, len(g.visible))
	for v, i := range g.visible {
		out[v] = g.cols[i].Source
	}
	return out
}

// ShowAllColumns shows the hidden columns again.
func (g *Grid) ShowAllColumns() {
	for i := range g.cols {
		g.cols[i].Hidden = false
	}
	g.listVisible()
	g.Refresh()
}

// MoveColumn moves a column by a number of visible places, negative to the left.
func (g *Grid) MoveColumn(col, places int) {
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
	g.Refresh()
}

// ResizeColumn makes a column wider or, with a negative number, narrower.
func (g *Grid) ResizeColumn(col int, by float32) {
	if i := g.indexOf(col); i >= 0 {
		g.setWidth(i, g.cols[i].Width+by)
		g.Refresh()
	}
}

func (g *Grid) setWidth(i int, w float32) {
	g.cols[i].Width = max(minColumnWidth, min(w, 4000))
	g.cols[i].fit = false
}

// indexOf finds a source column in cols, -1 when there is none.
func (g *Grid) indexOf(col int) int {
	return slices.IndexFunc(g.cols, func(c gridColumn) bool { return c.Source == col })
}

// visibleIndex finds a source column on screen, -1 when it is hidden.
func (g *Grid) visibleIndex(col int) int {
	return slices.IndexFunc(g.visible, func(i int) bool { return g.cols[i].Source == col })
}

func (g *Grid) fitColumns() {
	for i := range g.cols {
		if g.cols[i].fit {
			g.fitColumn(i)
		}
	}
}

// fitColumn measures the heading and a sample of rows from the first in sight on.
func (g *Grid) fitColumn(i int) {
	m := g.measure()
	col := g.cols[i].Source
	w := m.bold.width(g.headers[col]) + m.bold.width(" ↑")
	from := max(0, min(g.topRow, g.rows-fitSample))
	for row := from; row < min(g.rows, from+fitSample) && w < maxFittedWidth; row++ {
		text, r := g.cellText(row, col)
		if len(text) > 400 {
			w = maxFittedWidth
			break
		}
		w = max(w, r.width(text))
	}
	g.cols[i].Width = max(56, min(w+2*cellPad+2, maxFittedWidth))
}

// cellText returns what a cell shows and the ruler of its style.
func (g *Grid) cellText(row, col int) (string, *ruler) {
	if g.nuller != nil && g.nuller.IsNull(row, col) {
		return tr("empty"), g.metrics.italic
	}
	return display(g.source.Cell(row, col)), g.metrics.cell
}

func (g *Grid) ensureCurrentColumn() {
	if g.visibleIndex(g.curCol) < 0 && len(g.visible) > 0 {
		g.curCol = g.cols[g.visible[0]].Source
	}
}
