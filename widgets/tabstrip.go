package widgets

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	tabHeight   = 38
	tabTop      = 6 // room over the tabs
	tabPad      = 12
	tabCross    = 18
	tabGap      = 2
	tabBusyRoom = 14

	tabTitleMost   = 260
	tabDetailMost  = 200
	tabNeededMost  = 420 // of a part that tells a tab from another
	tabTitleLeast  = 44  // a few letters of the title stand before any detail
	tabDetailLeast = 44
)

// tabStrip is the row of tabs.
type tabStrip struct {
	widget.BaseWidget
	tabs    *Tabs
	left    float32 // how far the row is scrolled
	hover   int
	focused bool
}

var (
	_ fyne.Tappable     = (*tabStrip)(nil)
	_ fyne.Focusable    = (*tabStrip)(nil)
	_ fyne.Scrollable   = (*tabStrip)(nil)
	_ desktop.Hoverable = (*tabStrip)(nil)
	_ desktop.Mouseable = (*tabStrip)(nil)
	_ fyne.Accessible   = (*tabStrip)(nil)
)

// AccessibilityLabel names the selected tab.
func (s *tabStrip) AccessibilityLabel() string {
	if tab := s.tabs.Selected(); tab != nil {
		return tab.Name()
	}
	return ""
}

// AccessibilityRole says that this holds things.
func (s *tabStrip) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

func (s *tabStrip) ruler() *ruler {
	return newRuler(textStyle{size: s.Theme().Size(theme.SizeNameText), style: fyne.TextStyle{Bold: true}})
}

// detail is what stands behind the title, with what keeps the two apart.
func (t *Tab) detail() string {
	if t.Detail == "" {
		return ""
	}
	return " · " + t.Detail
}

// Name is the title with its detail.
func (t *Tab) Name() string { return t.Title + t.detail() }

// tabParts are what is written of a tab, and which of it another tab has not: that is not
// cut away, since it tells them apart.
type tabParts struct {
	title, detail           string
	titleTells, detailTells bool
}

// parts are those of the tab at i. Of tabs with one name the later ones have a number.
func (s *tabStrip) parts(i int) tabParts {
	tab := s.tabs.items[i]
	p := tabParts{title: tab.Title, detail: tab.detail()}
	same := 1
	for n, other := range s.tabs.items {
		switch {
		case n == i:
		case other.Name() == tab.Name():
			if p.titleTells = true; n < i {
				same++
			}
		case other.Detail == tab.Detail:
			p.titleTells = true
		case other.Title == tab.Title:
			p.detailTells = true
		}
	}
	if same > 1 {
		p.title += " (" + strconv.Itoa(same) + ")"
	}
	return p
}

// wide gives how much room the two parts take, and how little they can do with. What tells
// tabs apart keeps its room; else the title gives way, down to a few letters.
func (p tabParts) wide(ru *ruler) (most, least tabRoom) {
	part := func(text string, bound float32, needed bool, few float32) (float32, float32) {
		width := ru.width(text)
		if needed {
			width = min(width, tabNeededMost)
			return width, width
		}
		width = min(width, bound)
		return width, min(width, few)
	}
	most.title, least.title = part(p.title, tabTitleMost, p.titleTells, tabTitleLeast)
	few := float32(tabDetailMost)
	if p.titleTells {
		few = tabDetailLeast
	}
	most.detail, least.detail = part(p.detail, tabDetailMost, p.detailTells, few)
	return most, least
}

// tabRoom is that of a tab's two parts.
type tabRoom struct{ title, detail float32 }

func (r tabRoom) both() float32 { return r.title + r.detail }

// widths are those of the tabs: what the titles need. Where there is no room, that gives
// way which does not tell a tab from the others; when that is not enough, the row scrolls.
func (s *tabStrip) widths(ru *ruler) []float32 {
	out, least := make([]float32, len(s.tabs.items)), make([]float32, len(s.tabs.items))
	var total float32
	for i, tab := range s.tabs.items {
		rest := float32(2*tabPad + tabCross)
		if tab.Busy {
			rest += tabBusyRoom
		}
		most, few := s.parts(i).wide(ru)
		out[i], least[i] = most.both()+rest, few.both()+rest
		total += out[i] + tabGap
	}
	if room := s.Size().Width - 2*tabPad; total > room && total > 0 {
		for i := range out {
			out[i] = max(least[i], out[i]*room/total-tabGap)
		}
	}
	return out
}

// at finds the tab at x, and whether x is on its cross.
func (s *tabStrip) at(x float32) (i int, cross bool) {
	pos := tabPad - s.left
	for i, w := range s.widths(s.ruler()) {
		if x >= pos && x < pos+w {
			return i, x > pos+w-tabCross-4
		}
		pos += w + tabGap
	}
	return -1, false
}

// Tapped selects a tab or closes it.
func (s *tabStrip) Tapped(e *fyne.PointEvent) {
	i, cross := s.at(e.Position.X)
	focus(s)
	if cross {
		s.tabs.close(i)
		return
	}
	s.tabs.choose(i)
}

// MouseDown closes with the middle button.
func (s *tabStrip) MouseDown(e *desktop.MouseEvent) {
	if e.Button == desktop.MouseButtonTertiary {
		i, _ := s.at(e.Position.X)
		s.tabs.close(i)
	}
}

// MouseUp does nothing.
func (s *tabStrip) MouseUp(*desktop.MouseEvent) {}

// TypedKey selects and closes.
func (s *tabStrip) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		s.tabs.choose(s.tabs.selected - 1)
	case fyne.KeyRight:
		s.tabs.choose(s.tabs.selected + 1)
	case fyne.KeyHome:
		s.tabs.choose(0)
	case fyne.KeyEnd:
		s.tabs.choose(len(s.tabs.items) - 1)
	case fyne.KeyDelete:
		s.tabs.close(s.tabs.selected)
	default:
		passKey(s, e)
	}
}

// TypedRune does nothing.
func (s *tabStrip) TypedRune(rune) {}

// FocusGained shows the focus ring.
func (s *tabStrip) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost hides it.
func (s *tabStrip) FocusLost() { s.focused = false; s.Refresh() }

// Scrolled moves the row when it is longer than the window.
func (s *tabStrip) Scrolled(e *fyne.ScrollEvent) {
	s.left -= e.Scrolled.DX + e.Scrolled.DY
	s.Refresh()
}

// MouseIn lights the tab under the mouse.
func (s *tabStrip) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved lights the tab under the mouse.
func (s *tabStrip) MouseMoved(e *desktop.MouseEvent) {
	if i, _ := s.at(e.Position.X); i != s.hover {
		s.hover = i
		s.Refresh()
	}
}

// MouseOut takes the light away.
func (s *tabStrip) MouseOut() { s.hover = -1; s.Refresh() }

// CreateRenderer is Fyne's.
func (s *tabStrip) CreateRenderer() fyne.WidgetRenderer {
	r := &stripRenderer{s: s, back: newFlat(), line: newFlat(), sheet: newPane(true)}
	r.objs = []fyne.CanvasObject{r.back, r.line, r.sheet}
	r.Refresh()
	return r
}

type stripRenderer struct {
	s          *tabStrip
	back, line *canvas.Rectangle
	sheet      *pane
	rects      pool[*canvas.Rectangle]
	texts      pool[*canvas.Text]
	signs      pool[*picture]
	objs       []fyne.CanvasObject
	shown      int // the tab that was last brought into sight
}

func (r *stripRenderer) Destroy()                     {}
func (r *stripRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *stripRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, tabHeight) }
func (r *stripRenderer) Layout(fyne.Size)             { r.update() }

func (r *stripRenderer) Refresh() {
	r.update()
	canvas.Refresh(r.s)
}

func (r *stripRenderer) update() {
	s := r.s
	size := s.Size()
	r.back.FillColor = colorOf(s, ColorNameBackdrop)
	r.line.FillColor = colorOf(s, theme.ColorNameSeparator)
	place(r.back, 0, 0, size.Width, size.Height)
	place(r.line, 0, size.Height-1, size.Width, 1)
	place(r.sheet, 0, 0, size.Width, size.Height)
	r.rects.used, r.texts.used, r.signs.used = 0, 0, 0
	r.sheet.objs = r.sheet.objs[:0]
	ru := s.ruler()
	widths := s.widths(ru)
	r.clamp(widths)
	x := tabPad - s.left
	for i := range s.tabs.items {
		r.drawTab(i, x, widths[i], ru)
		x += widths[i] + tabGap
	}
}

// clamp keeps the row inside the window, and brings a newly selected tab into sight.
func (r *stripRenderer) clamp(widths []float32) {
	s := r.s
	var total, start float32
	for i, w := range widths {
		if i == s.tabs.selected {
			start = total
		}
		total += w + tabGap
	}
	room := s.Size().Width - 2*tabPad
	if s.tabs.selected != r.shown && s.tabs.selected < len(widths) {
		r.shown = s.tabs.selected
		s.left = min(s.left, start)
		s.left = max(s.left, start+widths[s.tabs.selected]-room)
	}
	s.left = max(0, min(s.left, total-room))
}

func (r *stripRenderer) rect(c color.Color, x, y, w, h float32) *canvas.Rectangle {
	o := r.rects.next(newFlat)
	*o = canvas.Rectangle{FillColor: c}
	place(o, x, y, w, h)
	r.sheet.objs = append(r.sheet.objs, o)
	return o
}

func (r *stripRenderer) write(text string, c color.Color, ru *ruler, x float32) float32 {
	t := r.texts.next(newCellText)
	t.Text, t.Color, t.TextSize, t.TextStyle = text, c, ru.st.size, ru.st.style
	h := ru.lineHeight()
	place(t, x, tabTop+(tabHeight-tabTop-h)/2, ru.width(text), h)
	r.sheet.objs = append(r.sheet.objs, t)
	return ru.width(text)
}

// sign puts an icon at x.
func (r *stripRenderer) sign(i Icon, c color.Color, x float32) {
	p := r.signs.next(newPicture)
	p.set(i, c)
	p.place(x, tabTop, iconSize, tabHeight-tabTop)
	r.sheet.objs = append(r.sheet.objs, p.img)
}

func (r *stripRenderer) drawTab(i int, x, w float32, bold *ruler) {
	s, tab := r.s, r.s.tabs.items[i]
	h := float32(tabHeight - tabTop)
	text, ru := colorOf(s, ColorNameMuted), newRuler(textStyle{size: bold.st.size})
	ground := colorOf(s, ColorNameGridHeader)
	if i == s.tabs.selected {
		text, ru, ground = colorOf(s, theme.ColorNameForeground), bold, colorOf(s, ColorNamePanel)
	}
	edge := r.rect(colorOf(s, theme.ColorNameSeparator), x, tabTop, w, h)
	edge.TopLeftCornerRadius, edge.TopRightCornerRadius = 6, 6
	below := float32(1)
	if i == s.tabs.selected {
		below = 0 // open to what it shows
	}
	face := r.rect(ground, x+1, tabTop+1, w-2, h-1-below)
	face.TopLeftCornerRadius, face.TopRightCornerRadius = 5, 5
	if i == s.hover && i != s.tabs.selected {
		r.rect(colorOf(s, theme.ColorNameHover), x+1, tabTop+1, w-2, h-2)
	}
	if tab.Color != nil {
		r.rect(tab.Color, x+6, tabTop+1, w-12, 3)
	}
	if s.focused && i == s.tabs.selected {
		ring := r.rect(color.Transparent, x+3, tabTop+5, w-6, h-8)
		ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = colorOf(s, theme.ColorNamePrimary), 1.5, 4
	}
	at := x + tabPad
	if tab.Busy {
		r.sign(IconDot, colorOf(s, ColorNameAccentText), at-3)
		at += tabBusyRoom
	}
	room := x + w - tabPad - tabCross - at + 4
	parts := s.parts(i)
	most, few := parts.wide(bold)
	title, detail := display(parts.title), display(parts.detail)
	title = ru.cut(title, min(room, max(room-most.detail, few.title)))
	at += r.write(title, text, ru, at)
	r.write(ru.cut(detail, max(0, room-ru.width(title))), text, ru, at)
	r.sign(IconCross, colorOf(s, ColorNameMuted), x+w-tabCross-3)
}
