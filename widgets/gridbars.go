package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// gridBars are the scroll bars and the place where a dragged heading would go.
type gridBars struct{ trackV, trackH, thumbV, thumbH, drop *canvas.Rectangle }

// gridWords are what stands over the rows: that there are none, and what is being found.
type gridWords struct {
	message, found *canvas.Text
	chip           *canvas.Rectangle
}

func (b *gridBars) update(g *Grid, geo *gridGeometry) {
	track, thumbColor := colorOf(g, theme.ColorNameScrollBarBackground), colorOf(g, theme.ColorNameScrollBar)
	show(b.trackV, geo.vertical)
	show(b.thumbV, geo.vertical)
	show(b.trackH, geo.side)
	show(b.thumbH, geo.side)
	if geo.vertical {
		at, length := g.view.verticalThumb(geo)
		place(b.trackV, geo.bodyW, geo.bodyTop, gridBar, geo.bodyH)
		place(b.thumbV, geo.bodyW+3, geo.bodyTop+at+1, gridBar-6, length-2)
	}
	if geo.side {
		at, length := g.view.sideThumb(geo)
		place(b.trackH, 0, geo.bodyTop+geo.bodyH, geo.bodyW, gridBar)
		place(b.thumbH, at+1, geo.bodyTop+geo.bodyH+3, length-2, gridBar-6)
	}
	for _, t := range []*canvas.Rectangle{b.trackV, b.trackH} {
		fill(t, track)
	}
	for _, t := range []*canvas.Rectangle{b.thumbV, b.thumbH} {
		fill(t, thumbColor)
		t.CornerRadius = 3
	}
}

// updateDrop shows where a dragged heading would go.
func (b *gridBars) updateDrop(g *Grid, geo *gridGeometry) {
	dragging := g.mouse.drag.kind == dragHeading && g.mouse.drag.moved && g.mouse.drag.column < len(g.columns.visible)
	show(b.drop, dragging)
	if !dragging {
		return
	}
	v := g.mouse.dropPlace(geo, g.mouse.drag)
	if v > g.mouse.drag.column {
		v++
	}
	x := geo.frozenW
	if v != geo.frozen {
		x = g.view.columnX(geo, v)
	}
	fill(b.drop, colorOf(g, theme.ColorNamePrimary))
	place(b.drop, max(0, x-2), geo.strip, 3, geo.headH+geo.bodyH)
}

func (w *gridWords) update(g *Grid, geo *gridGeometry) {
	show(w.message, g.data.rows == 0)
	ru := g.look.cell
	if g.data.rows == 0 {
		text := g.emptyText
		if text == "" && g.data.source != nil {
			text = tr("No rows")
		}
		w.message.Text, w.message.Color, w.message.TextSize = text, colorOf(g, ColorNameMuted), g.look.textSize
		w.message.Alignment = fyne.TextAlignCenter
		h := ru.lineHeight()
		place(w.message, 0, geo.bodyTop+max(0, min(geo.bodyH/2-h, 120)), geo.bodyW, h)
	}
	show(w.chip, g.finder.finding)
	show(w.found, g.finder.finding)
	if !g.finder.finding {
		return
	}
	text := tr("Find: {{.text}}", "text", g.finder.text)
	w.found.Color = colorOf(g, ColorNameAccentText)
	if g.finder.miss {
		text = tr("Find: {{.text}} - not found", "text", g.finder.text)
		w.found.Color = colorOf(g, ColorNameErrorText)
	}
	w.found.Text, w.found.TextSize = text, g.look.textSize
	width, h := ru.width(text), ru.lineHeight()
	fill(w.chip, colorOf(g, ColorNameAccentSoft))
	w.chip.CornerRadius = 4
	w.chip.StrokeColor, w.chip.StrokeWidth = colorOf(g, theme.ColorNamePrimary), 1
	place(w.chip, 8, geo.bodyTop+geo.bodyH-h-16, width+16, h+8)
	place(w.found, 16, geo.bodyTop+geo.bodyH-h-12, width, h)
}
