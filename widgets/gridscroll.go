package widgets

import (
	"math"

	"fyne.io/fyne/v2"
)

const (
	gridBar      = 12 // thickness of a scroll bar
	tickWidth    = 34 // of the boxes before the first column
	gridStrip    = 3  // height of the provenance strip
	minThumb     = 28
	dividerReach = 4 // how far from the edge of a heading the mouse takes hold of it
)

// gridGeometry says where the parts of a grid are; all of it in the grid's coordinates.
type gridGeometry struct {
	rowH, headH    float32
	strip          float32
	bodyTop        float32
	bodyW, bodyH   float32 // without the scroll bars
	frozen         int     // columns that really stay; all that fit in two thirds
	tickW          float32 // of the boxes before the first column
	frozenW        float32 // of the boxes and the columns that stay
	totalW         float32 // of the columns that scroll
	vertical, side bool    // scroll bars
}

// gridViewport is which part of the rows and columns is in sight. It knows how many rows there
// are, how wide the columns, and how large the grid is.
type gridViewport struct {
	data    *gridData
	columns *gridColumns
	look    *gridLook
	size    func() fyne.Size // of the grid

	ticks  bool // boxes before the first column
	topRow int
	topOff float32 // pixels of topRow that are above the edge, 0 <= topOff < row height
	left   float32
}

func (g *gridViewport) geometry() gridGeometry {
	m, c, rows := g.look.measured(), g.columns, g.data.rows
	size := g.size()
	geo := gridGeometry{rowH: m.rowH, headH: m.headH}
	if len(c.visible) == 0 {
		geo.headH = 0 // no band over nothing
	} else if g.ticks {
		geo.tickW = tickWidth
	}
	if _, tint := g.data.provenance(); tint != nil {
		geo.strip = gridStrip
	}
	geo.bodyTop = geo.strip + geo.headH
	geo.bodyW, geo.bodyH = size.Width, max(0, size.Height-geo.bodyTop)
	geo.frozenW = geo.tickW
	total := geo.tickW + c.widthOf(0, len(c.visible))
	need := float64(rows) * float64(m.rowH)
	geo.vertical = need > float64(geo.bodyH)
	if geo.vertical {
		geo.bodyW -= gridBar
	}
	geo.side = total > geo.bodyW
	if geo.side {
		geo.bodyH = max(0, geo.bodyH-gridBar)
		if !geo.vertical && need > float64(geo.bodyH) {
			geo.vertical = true
			geo.bodyW -= gridBar
		}
	}
	geo.bodyW = max(0, geo.bodyW)
	for geo.frozen < c.frozen {
		w := c.widthAt(geo.frozen)
		if geo.frozenW+w > geo.bodyW*2/3 {
			break
		}
		geo.frozenW += w
		geo.frozen++
	}
	geo.totalW = total - geo.frozenW
	return geo
}

// begin goes to the first row and column.
func (g *gridViewport) begin() { g.topRow, g.topOff, g.left = 0, 0, 0 }

// clampScroll keeps the scroll position inside the content.
func (g *gridViewport) clampScroll(geo *gridGeometry) {
	last := max(0, float64(g.data.rows)*float64(geo.rowH)-float64(geo.bodyH))
	if g.position(geo) >= last {
		g.setPosition(geo, last)
	}
	g.left = max(0, min(g.left, geo.totalW-(geo.bodyW-geo.frozenW)))
}

// position is how far the content is scrolled down, in pixels. Only a float64 can hold it.
func (g *gridViewport) position(geo *gridGeometry) float64 {
	return float64(g.topRow)*float64(geo.rowH) + float64(g.topOff)
}

func (g *gridViewport) setPosition(geo *gridGeometry, pos float64) {
	last := max(0, float64(g.data.rows)*float64(geo.rowH)-float64(geo.bodyH))
	pos = max(0, min(pos, last))
	row := math.Floor(pos / float64(geo.rowH))
	g.topRow = int(row)
	g.topOff = float32(pos - row*float64(geo.rowH))
}

// scroll moves what is in sight by pixels.
func (g *gridViewport) scroll(dx, dy float32) {
	geo := g.geometry()
	if dy != 0 {
		g.setPosition(&geo, g.position(&geo)+float64(dy))
	}
	g.left += dx
	g.clampScroll(&geo)
}

// reveal scrolls as little as needed to see a cell, of a row and of a column of the source;
// -1 is none.
func (g *gridViewport) reveal(row, col int) {
	if row >= 0 {
		g.revealRow(row)
	}
	g.revealColumn(g.columns.placeOf(col))
}

func (g *gridViewport) revealRow(row int) {
	geo := g.geometry()
	if row < g.topRow || (row == g.topRow && g.topOff > 0) {
		g.topRow, g.topOff = row, 0
	} else if bottom := float64(row+1) * float64(geo.rowH); bottom > g.position(&geo)+float64(geo.bodyH) {
		g.setPosition(&geo, bottom-float64(geo.bodyH))
	}
}

func (g *gridViewport) revealColumn(v int) {
	geo := g.geometry()
	if v < geo.frozen {
		return
	}
	x := g.columns.widthOf(geo.frozen, v)
	w := g.columns.widthAt(v)
	room := geo.bodyW - geo.frozenW
	if x+w > g.left+room {
		g.left = x + w - room
	}
	if x < g.left {
		g.left = x
	}
}

// pageRows is how many whole rows are in sight.
func (g *gridViewport) pageRows() int {
	geo := g.geometry()
	return max(1, int(geo.bodyH/geo.rowH)-1)
}

// thumb returns where the thumb of a bar is and how long, on a track of a length.
func thumb(track float32, pos, content, view float64) (at, length float32) {
	if content <= view || content <= 0 {
		return 0, track
	}
	length = max(minThumb, float32(float64(track)*view/content))
	length = min(length, track)
	at = float32(pos / (content - view) * float64(track-length))
	return at, length
}

func (g *gridViewport) verticalThumb(geo *gridGeometry) (at, length float32) {
	return thumb(geo.bodyH, g.position(geo), float64(g.data.rows)*float64(geo.rowH), float64(geo.bodyH))
}

func (g *gridViewport) sideThumb(geo *gridGeometry) (at, length float32) {
	return thumb(geo.bodyW, float64(g.left), float64(geo.totalW), float64(geo.bodyW-geo.frozenW))
}

// columnAt finds the visible column at x, and the one whose trailing edge is at x.
func (g *gridViewport) columnAt(geo *gridGeometry, x float32) (column, edge int) {
	column, edge = -1, -1
	at := geo.tickW
	for v, i := range g.columns.visible {
		if v == geo.frozen {
			at = geo.frozenW - g.left
		}
		end := at + g.columns.cols[i].Width
		if v >= geo.frozen && end <= geo.frozenW-dividerReach {
			at = end
			continue
		}
		if x >= at && x < end && (v < geo.frozen || x >= geo.frozenW) {
			column = v
		}
		if x > end-dividerReach-1 && x <= end+dividerReach && edge < 0 {
			edge = v
		}
		at = end
	}
	return column, edge
}

// rowAt returns the row at y, -1 when there is none.
func (g *gridViewport) rowAt(geo *gridGeometry, y float32) int {
	row := g.topRow + int(math.Floor(float64((y-geo.bodyTop+g.topOff)/geo.rowH)))
	if row < 0 || row >= g.data.rows {
		return -1
	}
	return row
}

// columnX is where a visible column begins in the grid.
func (g *gridViewport) columnX(geo *gridGeometry, v int) float32 {
	switch {
	case v < 0:
		return 0
	case v < geo.frozen:
		return geo.tickW + g.columns.widthOf(0, v)
	}
	return geo.frozenW + g.columns.widthOf(geo.frozen, v) - g.left
}

// underCell is where what belongs to a cell opens in the grid.
func (g *gridViewport) underCell(row, col int) fyne.Position {
	geo := g.geometry()
	y := geo.bodyTop + float32(row-g.topRow+1)*geo.rowH - g.topOff
	return fyne.NewPos(g.columnX(&geo, g.columns.placeOf(col))+cellPad, y)
}

// underHeading is where what belongs to a column's heading opens in the grid.
func (g *gridViewport) underHeading(col int) fyne.Position {
	geo := g.geometry()
	return fyne.NewPos(g.columnX(&geo, g.columns.placeOf(col)), geo.bodyTop)
}

// firstColumn is the first scrolling column in sight, and where it begins among those that
// scroll.
func (g *gridViewport) firstColumn(geo *gridGeometry) (v int, x float32) {
	v = geo.frozen
	for v < len(g.columns.visible) {
		w := g.columns.widthAt(v)
		if x+w > g.left {
			break
		}
		x += w
		v++
	}
	return v, x
}
