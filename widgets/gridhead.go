package widgets

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
)

// heading draws the name of a column, its arrow and its funnel.
func (r *gridRenderer) heading(reg *gridRegion, geo *gridGeometry, col gridColumn, x float32) {
	g := r.g
	m := &g.look
	end := x + col.Width - cellPad
	room := col.Width - 2*cellPad
	if slices.Contains(g.columns.filtered, col.Source) {
		end -= funnelRoom
		room -= funnelRoom
		r.headSign(reg, geo, IconFunnel, end)
	}
	nth, order := g.sorting.of(col.Source)
	number := ""
	if order != Unsorted {
		if len(g.sorting.keys) > 1 {
			number = strconv.Itoa(nth + 1)
		}
		room -= sortRoom + m.cell.width(number)
	}
	text := m.bold.cut(display(g.data.headers[col.Source]), room)
	w := m.bold.width(text)
	at := x + cellPad
	if g.data.align(col.Source) == fyne.TextAlignTrailing {
		at = max(at, at+room-w)
	}
	r.headText(reg, geo, m.bold, text, at)
	if order == Unsorted {
		return
	}
	icon := IconArrowUp
	if order == Descending {
		icon = IconArrowDown
	}
	r.headSign(reg, geo, icon, at+w+1)
	if number != "" {
		r.headText(reg, geo, m.cell, number, at+w+sortRoom)
	}
}

func (r *gridRenderer) headText(reg *gridRegion, geo *gridGeometry, ru *ruler, text string, x float32) {
	t := reg.heads.next(newCellText)
	t.Text, t.Color, t.TextSize, t.TextStyle = text, r.colors.text, ru.st.size, ru.st.style
	place(t, x, (geo.headH-1-ru.lineHeight())/2, ru.width(text), ru.lineHeight())
	reg.headSheet.objs = append(reg.headSheet.objs, t)
}

func (r *gridRenderer) headSign(reg *gridRegion, geo *gridGeometry, i Icon, x float32) {
	sign := reg.signs.next(newPicture)
	sign.set(i, r.colors.accent)
	sign.place(x, 0, iconSize, geo.headH-1)
	reg.headSheet.objs = append(reg.headSheet.objs, sign.img)
}
