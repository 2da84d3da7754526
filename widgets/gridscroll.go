package widgets

import (
	"math"

	"fyne.io/fyne/v2"
)

const (
	gridBar      = 12 // thickness of a scroll bar
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
	frozenW        float32
	totalW         float32 // of the columns that scroll
	vertical, side bool    // scroll bars
}

func (g *Grid) geometry() gridGeometry {
	m := g.measure()
	size := g.Size()
	geo := gridGeometry{rowH: m.rowH, headH: m.headH}
	if len(g.visible) == 0 {
		geo.headH = 0 // no band over nothing
	}
	if p, ok := g.source.(GridProvenance); ok {
		if _, tint := p.Provenance(); tint != nil {
			geo.strip = gridStrip
		}
	}
	geo.bodyTop = geo.strip + geo.headH
	geo.bodyW, geo.bodyH = size.Width, max(0, size.Height-geo.bodyTop)
	total := g.widthOf(0, len(g.visible))
	need := float64(g.rows) * float64(m.rowH)
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
	for geo.frozen < g.frozen {
		w := g.cols[g.visible[geo.frozen]].Width
		if geo.frozenW+w > geo.bodyW*2/3 {
			break
		}
		geo.frozenW += w
		geo.frozen++
	}
	geo.totalW = total - geo.frozenW
	return geo
}

func (g *Grid) widthOf(from, to int) float32 {
	var w float32
	for _, i := range g.visible[from:to] {
		w += g.cols[i].Width
	}
	return w
}

// clampScroll keeps the scroll position inside the content.
func (g *Grid) clampScroll(geo *gridGeometry) {
	last := max(0, float64(g.rows)*float64(geo.rowH)-float64(geo.bodyH))
	if g.position(geo) >= last {
		g.setPosition(geo, last)
	}
	g.left = max(0, min(g.left, geo.totalW-(geo.bodyW-geo.frozenW)))
}

// position is how far the content is scrolled down, in pixels. Only a float64 can hold it.
func (g *Grid) position(geo *gridGeometry) float64 {
	return float64(g.topRow)*float64(geo.rowH) + float64(g.topOff)
}

func (g *Grid) setPosition(geo *gridGeometry, pos float64) {
	last := max(0, float64(g.rows)*float64(geo.rowH)-float64(geo.bodyH))
	pos = max(0, min(pos, last))
	row := math.Floor(pos / float64(geo.rowH))
	g.topRow = int(row)
	g.topOff = float32(pos - row*float64(geo.rowH))
}

// Scrolled scrolls by the mouse wheel; with Shift sideways.
func (g *Grid) Scrolled(e *fyne.ScrollEvent) {
	dx, dy := e.Scrolled.DX, e.Scrolled.DY
	if g.mods&fyne.KeyModifierShift != 0 && dx == 0 {
		dx, dy = dy, 0
	}
	geo := g.geometry()
	if dy != 0 {
		g.setPosition(&geo, g.position(&geo)-float64(dy))
	}
	g.left -= dx
	g.clampScroll(&geo)
	g.Refresh()
}

// reveal scrolls as little as needed to see the current cell.
func (g *Grid) reveal() {
	if g.curRow >= 0 {
		g.revealRow(g.curRow)
	}
	g.revealColumn(g.visibleIndex(g.curCol))
}

func (g *Grid) revealRow(row int) {
	geo := g.geometry()
	if row < g.topRow || (row == g.topRow && g.topOff > 0) {
		g.topRow, g.topOff = row, 0
	} else if bottom := float64(row+1) * float64(geo.rowH); bottom > g.position(&geo)+float64(geo.bodyH) {
		g.setPosition(&geo, bottom-float64(geo.bodyH))
	}
}

func (g *Grid) revealColumn(v int) {
	geo := g.geometry()
	if v < geo.frozen {
		return
	}
	x := g.widthOf(geo.frozen, v)
	w := g.cols[g.visible[v]].Width
	room := geo.bodyW - geo.frozenW
	if x+w > g.left+room {
		g.left = x + w - room
	}
	if x < g.left {
		g.left = x
	}
}

// pageRows is how many whole rows are in sight.
func (g *Grid) pageRows() int {
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

func (g *Grid) verticalThumb(geo *gridGeometry) (at, length float32) {
	return thumb(geo.bodyH, g.position(geo), float64(g.rows)*float64(geo.rowH), float64(geo.bodyH))
}

func (g *Grid) sideThumb(geo *gridGeometry) (at, length float32) {
	return thumb(geo.bodyW, float64(g.left), float64(geo.totalW), float64(geo.bodyW-geo.frozenW))
}

// columnAt finds the visible column at x, and the one whose trailing edge is at x.
func (g *Grid) columnAt(geo *gridGeometry, x float32) (column, edge int) {
	column, edge = -1, -1
	at := float32(0)
	for v, i := range g.visible {
		if v == geo.frozen {
			at = geo.frozenW - g.left
		}
		end := at + g.cols[i].Width
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
func (g *Grid) rowAt(geo *gridGeometry, y float32) int {
	row := g.topRow + int(math.Floor(float64((y-geo.bodyTop+g.topOff)/geo.rowH)))
	if row < 0 || row >= g.rows {
		return -1
	}
	return row
}
