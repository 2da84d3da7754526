package widgets

import (
	"image/color"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// row is what one line of a rowList shows.
type row struct {
	Title, Detail, Hint string
	Heading             bool // a section's heading: not chosen, upper case
	Note                bool // muted words: not chosen
	Strong              bool
	Role                TextRole // of the title
	Badge               color.Color
	Mark                Icon // before the title
	MarkRole            TextRole
	Star                starState
	Indent              float32
}

func (r row) choosable() bool { return !r.Heading && !r.Note }

type starState int

const (
	noStar starState = iota
	starOff
	starOn
)

// rowList draws lines of one height from a function, those in sight only. It is the base
// of the choosers, the side list and the message list.
type rowList struct {
	widget.BaseWidget

	count   int
	at      func(i int) row
	onTap   func(i int)
	onStar  func(i int)
	onMenu  func(i int, at fyne.Position)
	current int // shown as chosen; -1 none

	top     int
	off     float32
	hover   int
	focused bool
	drag    bool
	radius  float32
	self    fyne.Widget // this list, or the widget that embeds it: the one that Fyne knows
}

var (
	_ fyne.Tappable          = (*rowList)(nil)
	_ fyne.SecondaryTappable = (*rowList)(nil)
	_ fyne.Scrollable        = (*rowList)(nil)
	_ fyne.Draggable         = (*rowList)(nil)
	_ desktop.Hoverable      = (*rowList)(nil)
)

const (
	listRow  = 28
	listBar  = 8
	listPad  = 8
	starRoom = 20
	// titleRoom is how much of a title that is longer stays before its hint is shown beside it.
	titleRoom = 110
)

func newRowList(at func(i int) row) *rowList {
	l := &rowList{at: at, current: -1, hover: -1, radius: 4}
	l.ExtendBaseWidget(l)
	return l
}

// ExtendBaseWidget is Fyne's: it is told which widget embeds this one.
func (l *rowList) ExtendBaseWidget(w fyne.Widget) {
	l.self = w
	l.BaseWidget.ExtendBaseWidget(w)
}

// setCount tells how many lines there are now, and where the chosen one is.
func (l *rowList) setCount(n, current int) {
	l.count, l.current = n, current
	l.clamp()
	l.Refresh()
}

func (l *rowList) clamp() {
	last := max(0, float64(l.count)*listRow-float64(l.Size().Height))
	pos := max(0, min(float64(l.top)*listRow+float64(l.off), last))
	l.top = int(math.Floor(pos / listRow))
	l.off = float32(pos - float64(l.top)*listRow)
}

func (l *rowList) scrollTo(i int) {
	if i < 0 || l.Size().Height <= 0 {
		return
	}
	if i < l.top || (i == l.top && l.off > 0) {
		l.top, l.off = i, 0
	} else if bottom := float64(i+1)*listRow - float64(l.Size().Height); bottom > float64(l.top)*listRow+float64(l.off) {
		l.top = int(math.Floor(bottom / listRow))
		l.off = float32(bottom - float64(l.top)*listRow)
	}
	l.clamp()
}

// choose makes a line the current one.
func (l *rowList) choose(i int) {
	l.current = i
	l.scrollTo(i)
	l.Refresh()
}

// step moves by lines over those that can be chosen.
func (l *rowList) step(by int) {
	if l.count == 0 {
		return
	}
	dir := 1
	if by < 0 {
		dir = -1
	}
	i := max(0, min(l.count-1, l.current+by))
	if l.current < 0 && by > 0 {
		i = min(l.count-1, by-1)
	}
	for j := i; j >= 0 && j < l.count; j += dir {
		if l.at(j).choosable() {
			l.choose(j)
			if dir < 0 && j > 0 && l.at(j-1).Heading {
				l.scrollTo(j - 1)
				l.Refresh()
			}
			return
		}
	}
	for j := i; j >= 0 && j < l.count; j -= dir {
		if l.at(j).choosable() {
			l.choose(j)
			return
		}
	}
}

// key moves; it tells whether the key was one of movement.
func (l *rowList) key(k fyne.KeyName) bool {
	page := max(1, int(l.Size().Height/listRow)-1)
	switch k {
	case fyne.KeyUp:
		l.step(-1)
	case fyne.KeyDown:
		l.step(1)
	case fyne.KeyPageUp:
		l.step(-page)
	case fyne.KeyPageDown:
		l.step(page)
	default:
		return false
	}
	return true
}

func (l *rowList) rowAt(y float32) int {
	i := l.top + int(math.Floor(float64((y+l.off)/listRow)))
	if i < 0 || i >= l.count {
		return -1
	}
	return i
}

// Tapped chooses a line, or turns its star.
func (l *rowList) Tapped(e *fyne.PointEvent) {
	i := l.rowAt(e.Position.Y)
	if i < 0 {
		return
	}
	r := l.at(i)
	if r.Star != noStar && e.Position.X > l.Size().Width-listBar-starRoom && l.onStar != nil {
		l.onStar(i)
		return
	}
	if l.onTap != nil {
		l.onTap(i)
	}
}

// TappedSecondary asks for a menu.
func (l *rowList) TappedSecondary(e *fyne.PointEvent) {
	if i := l.rowAt(e.Position.Y); i >= 0 && l.onMenu != nil && l.at(i).choosable() {
		l.onMenu(i, e.AbsolutePosition)
	}
}

// Scrolled scrolls.
func (l *rowList) Scrolled(e *fyne.ScrollEvent) {
	l.off -= e.Scrolled.DY
	l.clampMoved()
}

func (l *rowList) clampMoved() {
	n := int(math.Floor(float64(l.off / listRow)))
	l.top, l.off = l.top+n, l.off-float32(n)*listRow
	if l.top < 0 {
		l.top, l.off = 0, 0
	}
	l.clamp()
	l.Refresh()
}

// Dragged moves the scroll bar.
func (l *rowList) Dragged(e *fyne.DragEvent) {
	if !l.drag && e.Position.X-e.Dragged.DX < l.Size().Width-listBar-4 {
		return
	}
	l.drag = true
	h := l.Size().Height
	content := float64(l.count) * listRow
	_, length := thumb(h, 0, content, float64(h))
	if room := h - length; room > 0 {
		pos := float64(l.top)*listRow + float64(l.off) + float64(e.Dragged.DY/room)*(content-float64(h))
		pos = max(0, pos)
		l.top = int(math.Floor(pos / listRow))
		l.off = float32(pos - float64(l.top)*listRow)
		l.clampMoved()
	}
}

// DragEnd lets go of the scroll bar.
func (l *rowList) DragEnd() { l.drag = false }

// MouseIn lights the line under the mouse.
func (l *rowList) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

// MouseMoved lights the line under the mouse.
func (l *rowList) MouseMoved(e *desktop.MouseEvent) {
	if i := l.rowAt(e.Position.Y); i != l.hover {
		l.hover = i
		l.Refresh()
	}
}

// MouseOut takes the light away.
func (l *rowList) MouseOut() { l.hover = -1; l.Refresh() }

// CreateRenderer is Fyne's.
func (l *rowList) CreateRenderer() fyne.WidgetRenderer {
	r := &rowListRenderer{l: l, thumb: newFlat(), sheet: newPane(false)}
	r.clip = newPane(true, r.sheet)
	r.objs = []fyne.CanvasObject{r.clip, r.thumb}
	r.update()
	return r
}

// rowListRenderer draws the rows that can be seen. It has a field for each pool of
// objects and for each ruler that are used again from one frame to the next.
type rowListRenderer struct {
	l                 *rowList
	thumb             *canvas.Rectangle
	clip, sheet       *pane
	rects             pool[*canvas.Rectangle]
	signs             pool[*picture]
	texts             pool[*canvas.Text]
	objs              []fyne.CanvasObject
	body, bold, small *ruler
	section           *ruler
	size              float32
	list              []fyne.CanvasObject
}

func (r *rowListRenderer) Destroy()                     {}
func (r *rowListRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *rowListRenderer) MinSize() fyne.Size           { return fyne.NewSize(80, listRow) }
func (r *rowListRenderer) Layout(fyne.Size)             { r.l.clamp(); r.update() }

func (r *rowListRenderer) Refresh() {
	r.update()
	canvas.Refresh(r.l.self)
}

func (r *rowListRenderer) update() {
	l := r.l
	th := l.Theme()
	if size := th.Size(theme.SizeNameText); r.size != size {
		r.size = size
		caption := th.Size(theme.SizeNameCaptionText)
		r.body, r.bold = newRuler(textStyle{size: size}), newRuler(textStyle{size: size, style: fyne.TextStyle{Bold: true}})
		r.small = newRuler(textStyle{size: caption})
		r.section = newRuler(textStyle{size: caption - 1, style: fyne.TextStyle{Bold: true}})
	}
	size := l.Size()
	place(r.clip, 0, 0, size.Width, size.Height)
	r.sheet.Move(fyne.NewPos(0, -l.off))
	r.rects.used, r.texts.used, r.signs.used = 0, 0, 0
	r.list = r.sheet.objs[:0]
	content := float64(l.count) * listRow
	bar := content > float64(size.Height)
	width := size.Width
	if bar {
		width -= listBar
	}
	for i := l.top; i < min(l.count, l.top+int(size.Height/listRow)+2); i++ {
		r.drawRow(i, float32(i-l.top)*listRow, width)
	}
	r.sheet.objs = r.list
	show(r.thumb, bar)
	if bar {
		at, length := thumb(size.Height, float64(l.top)*listRow+float64(l.off), content, float64(size.Height))
		place(r.thumb, size.Width-listBar+2, at+1, listBar-3, length-2)
		r.thumb.FillColor, r.thumb.CornerRadius = colorOf(l, theme.ColorNameScrollBar), 2.5
	}
}

func (r *rowListRenderer) rect(c color.Color, x, y, w, h float32) *canvas.Rectangle {
	o := r.rects.next(newFlat)
	o.FillColor, o.CornerRadius, o.StrokeWidth, o.StrokeColor = c, 0, 0, color.Transparent
	place(o, x, y, w, h)
	r.list = append(r.list, o)
	return o
}

// write puts a text at x, cut to the room, and returns its width.
func (r *rowListRenderer) write(s string, c color.Color, ru *ruler, x, y, room float32) float32 {
	if s = ru.cut(display(clipLong(s)), room); s == "" || room <= 0 {
		return 0
	}
	t := r.texts.next(newCellText)
	t.Text, t.Color, t.TextSize, t.TextStyle, t.Alignment = s, c, ru.st.size, ru.st.style, fyne.TextAlignLeading
	w := ru.width(s)
	place(t, x, y+(listRow-ru.lineHeight())/2, w, ru.lineHeight())
	r.list = append(r.list, t)
	return w
}

// sign puts an icon at x.
func (r *rowListRenderer) sign(i Icon, c color.Color, x, y float32) {
	p := r.signs.next(newPicture)
	p.set(i, c)
	p.place(x, y, iconSize, listRow)
	r.list = append(r.list, p.img)
}

func (r *rowListRenderer) drawRow(i int, y, width float32) {
	l := r.l
	line := l.at(i)
	if line.Heading {
		hint := r.small.width(line.Hint)
		r.write(upper(line.Title), colorOf(l, ColorNameMuted), r.section, 2, y+3, width-8-hint)
		r.write(line.Hint, colorOf(l, ColorNameMuted), r.small, width-hint-4, y+3, hint+2)
		return
	}
	text := roleColor(l, line.Role)
	if line.Note {
		text = colorOf(l, ColorNameMuted)
	}
	ru := r.body
	switch i {
	case l.current:
		r.rect(colorOf(l, ColorNameAccentSoft), 0, y, width, listRow-1).CornerRadius = l.radius
		if line.Role == BodyText {
			text = colorOf(l, ColorNameAccentText)
		}
		ru = r.bold
		if l.focused {
			o := r.rect(color.Transparent, 2, y+2, width-4, listRow-5)
			o.CornerRadius, o.StrokeColor, o.StrokeWidth = l.radius, colorOf(l, theme.ColorNamePrimary), 1.5
		}
	case l.hover:
		r.rect(colorOf(l, theme.ColorNameHover), 0, y, width, listRow-1).CornerRadius = l.radius
	}
	if line.Strong {
		ru = r.bold
	}
	x := float32(listPad) + line.Indent
	if line.Badge != nil {
		o := r.rect(line.Badge, x, y+4, listRow-9, listRow-9)
		o.CornerRadius = 4
		letter := initial(line.Title)
		w := r.small.width(letter)
		r.write(letter, TextOn(line.Badge), r.small, x+(listRow-9-w)/2, y-0.5, w+8)
		x += listRow - 1
	}
	if line.Mark != "" {
		r.sign(line.Mark, roleColor(l, line.MarkRole), x, y)
		x += 22
	}
	right := width - listPad
	if line.Star != noStar {
		sign, c := IconStar, colorOf(l, ColorNameMuted)
		if line.Star == starOn {
			sign, c = IconStarFull, colorOf(l, ColorNameAccentText)
		}
		r.sign(sign, c, right-iconSize+2, y)
		right -= starRoom
	}
	if line.Hint != "" {
		w := min(r.small.width(line.Hint), (right-x)/2)
		// A title such as New-... is nothing to choose by: it goes before the hint.
		if left := right - w - 8 - x; left >= titleRoom || left >= ru.width(line.Title) {
			r.write(line.Hint, colorOf(l, ColorNameMuted), r.small, right-w, y, w+1)
			right = x + left
		}
	}
	x += r.write(line.Title, text, ru, x, y, right-x) + 8
	r.write(line.Detail, colorOf(l, ColorNameMuted), r.body, x, y, right-x)
}

// roleColor is the colour of a role in a widget's theme.
func roleColor(w themed, role TextRole) color.Color { return colorOf(w, role.colorName()) }

// focusList is a rowList that takes the keyboard.
type focusList struct {
	rowList
	inSight
	onMove func(i int) // another line is the current one, by a key
	onKey  func(*fyne.KeyEvent) bool
	onRune func(rune)
	onCut  func(fyne.Shortcut) bool
}

var (
	_ fyne.Focusable    = (*focusList)(nil)
	_ fyne.Shortcutable = (*focusList)(nil)
	_ fyne.Accessible   = (*focusList)(nil)
)

func newFocusList(at func(i int) row) *focusList {
	l := &focusList{rowList: rowList{at: at, current: -1, hover: -1, radius: 4}}
	l.ExtendBaseWidget(l)
	return l
}

// AccessibilityLabel says how many lines there are, and what stands in the current one.
func (l *focusList) AccessibilityLabel() string {
	label := grouped(l.count)
	if l.current >= 0 && l.current < l.count {
		line := l.at(l.current)
		label += ": " + strings.Join(slices.DeleteFunc([]string{line.Title, line.Detail, line.Hint}, func(s string) bool { return s == "" }), ", ")
	}
	return label
}

// AccessibilityRole says that this holds things.
func (l *focusList) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// FocusGained shows which line is current.
func (l *focusList) FocusGained() {
	l.focused = true
	l.bring(l)
	if l.current < 0 {
		l.step(1)
		l.moved()
	}
	l.Refresh()
}

// moved tells which line is the current one now.
func (l *focusList) moved() {
	if l.onMove != nil && l.current >= 0 && l.current < l.count {
		l.onMove(l.current)
	}
}

// FocusLost takes the ring away.
func (l *focusList) FocusLost() { l.focused = false; l.Refresh() }

// TypedRune goes to the owner, that may search with it.
func (l *focusList) TypedRune(c rune) {
	if l.onRune != nil {
		l.onRune(c)
	}
}

// TypedKey moves and chooses.
func (l *focusList) TypedKey(e *fyne.KeyEvent) {
	before := l.current
	defer func() {
		if l.current != before {
			l.moved()
		}
	}()
	switch {
	case l.onKey != nil && l.onKey(e):
	case l.key(e.Name):
	case e.Name == fyne.KeyHome:
		l.current = -1
		l.step(1)
	case e.Name == fyne.KeyEnd:
		l.current = l.count
		l.step(-1)
	case e.Name == fyne.KeyReturn, e.Name == fyne.KeyEnter, e.Name == fyne.KeySpace:
		if l.current >= 0 && l.onTap != nil {
			spend(e)
			l.onTap(l.current)
		}
	default:
		passKey(l, e)
	}
}

// TypedShortcut goes to the owner and then to the window.
func (l *focusList) TypedShortcut(s fyne.Shortcut) {
	if l.onCut == nil || !l.onCut(s) {
		passShortcut(l, s, nil)
	}
}

// Tapped takes the focus and chooses.
func (l *focusList) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l)
	}
	l.rowList.Tapped(e)
}
