package widgets

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// SideItem is one line of a SideList.
type SideItem struct {
	ID        string
	Title     string
	Detail    string // found by the search too
	Hint      string // at the right end
	Favourite bool
	Muted     bool // it is there and cannot be had; the hint says why
	Plain     bool // it can be no favourite
}

// SideGroup is a group that opens and closes. It shows how many items it has.
type SideGroup struct {
	ID    string
	Title string
	Items []SideItem
	Open  bool // at first; a person's choice lasts
}

// SideSection is a part of the list under a heading: items, then groups, then a note.
type SideSection struct {
	Title  string
	Items  []SideItem
	Groups []SideGroup
	Note   string // muted, such as "207 more"
}

// SideList is the list at the side of the window: sections of items and groups, a search
// over all of them, and favourites. Down goes from the search into the list; Right and
// Left open and close a group; Ctrl+D makes the current item a favourite; a letter goes to
// the search. It has a field for each callback, for each part on screen, and for what is
// open.
type SideList struct {
	widget.BaseWidget

	OnOpen      func(id string)
	OnFavourite func(id string, favourite bool)   // nil: no stars
	OnMenu      func(id string, at fyne.Position) // right click or Shift+F10; position on the canvas
	OnSearch    func(text string)                 // after a person changed the search
	OnCurrent   func(id string)                   // another item is the current one, by arrows
	OnEnter     func(id string)                   // Enter on an item; nil: as a click
	OnSearchKey func(*fyne.KeyEvent) bool         // sees each key in the search first; true means that it is used up
	// Find, when it is set, answers a search in place of the list, which else
	// takes the items that have each word of it.
	Find func(text string) []SideSection

	sections []SideSection
	open     map[string]bool // groups that a person opened or closed
	selected string
	search   *Entry
	searched bool // it has a search of its own
	list     *focusList
	lines    []sideLine
}

// sideLine is a flattened line: a heading, a group, an item or a note.
type sideLine struct {
	row   row
	item  *SideItem
	group *SideGroup
}

// NewSideList returns an empty list.
func NewSideList() *SideList {
	l := &SideList{open: map[string]bool{}, search: NewEntry(), searched: true}
	l.search.SetPlaceHolder(tr("Search"))
	l.search.OnChanged = func(text string) {
		l.rebuild()
		if l.OnSearch != nil {
			l.OnSearch(text)
		}
	}
	l.search.OnKey = l.searchKey
	l.list = newFocusList(func(i int) row { return l.lines[i].row })
	l.list.onTap, l.list.onStar = l.tap, l.star
	l.list.onMenu = func(i int, at fyne.Position) {
		if item := l.lines[i].item; item != nil && l.OnMenu != nil {
			l.OnMenu(item.ID, at)
		}
	}
	l.list.onMove = func(i int) {
		if item := l.lines[i].item; item != nil && l.OnCurrent != nil {
			l.OnCurrent(item.ID)
		}
	}
	l.list.onKey, l.list.onRune, l.list.onCut = l.listKey, l.listRune, l.listShortcut
	l.ExtendBaseWidget(l)
	return l
}

// NewFoundList returns an empty list without a search: what is listed was found by another.
func NewFoundList() *SideList {
	l := NewSideList()
	l.searched = false
	l.search.Hide()
	return l
}

// Step makes another item the current one, so many lines further down: the keyboard may be
// elsewhere, as in a search over the list.
func (l *SideList) Step(by int) {
	before := l.list.current
	l.list.step(by)
	if l.list.current != before {
		l.list.moved()
	}
}

// EnterCurrent is Enter on the current item, else on the first.
func (l *SideList) EnterCurrent() {
	i := l.list.current
	if i < 0 || i >= len(l.lines) || l.lines[i].item == nil {
		i = l.firstItem()
	}
	if i >= 0 {
		l.enter(i)
	}
}

// First makes the first item the current one; false when there is none.
func (l *SideList) First() bool {
	i := l.firstItem()
	if i >= 0 {
		l.list.choose(i)
		l.list.moved()
	}
	return i >= 0
}

// firstItem is the first line that is an item; -1 for none.
func (l *SideList) firstItem() int {
	return slices.IndexFunc(l.lines, func(line sideLine) bool { return line.item != nil })
}

// Search returns what stands in the search.
func (l *SideList) Search() string { return l.search.Text }

// SetSections replaces what is listed. The search and opened groups stay.
func (l *SideList) SetSections(s []SideSection) {
	l.sections = s
	l.rebuild()
}

// SetSelected shows an item as the one that is open; it calls no callback.
func (l *SideList) SetSelected(id string) {
	l.selected = id
	l.rebuild()
	if l.list.current >= 0 {
		l.list.scrollTo(l.list.current)
		l.list.Refresh()
	}
}

// Selected returns the item that is shown as open.
func (l *SideList) Selected() string { return l.selected }

// SetSearch replaces the search without a callback.
func (l *SideList) SetSearch(text string) {
	l.search.setSilently(text)
	l.rebuild()
}

// SetPlaceHolder sets what stands in the empty search.
func (l *SideList) SetPlaceHolder(text string) { l.search.SetPlaceHolder(text) }

// FocusSearch gives the keyboard to the search. What stood there is replaced by what is
// typed next.
func (l *SideList) FocusSearch() {
	focus(l.search)
	l.search.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// List returns the part that takes the keyboard below the search.
func (l *SideList) List() fyne.Focusable { return l.list }

func (l *SideList) rebuild() {
	words := strings.Fields(strings.ToLower(l.search.Text))
	l.lines = l.lines[:0]
	sections, filter := l.sections, words
	if l.Find != nil && len(words) > 0 {
		sections, filter = l.Find(l.search.Text), nil
	}
	for s := range sections {
		l.addSection(&sections[s], filter)
	}
	if len(l.lines) == 0 && len(words) > 0 {
		l.lines = append(l.lines, sideLine{row: row{Title: tr("Nothing found"), Note: true}})
	}
	current := -1
	for i, line := range l.lines {
		if line.item != nil && line.item.ID == l.selected && l.selected != "" {
			current = i
			break
		}
	}
	l.list.setCount(len(l.lines), current)
}

func (l *SideList) addSection(s *SideSection, words []string) {
	start := len(l.lines)
	l.lines = append(l.lines, sideLine{row: row{Title: s.Title, Heading: true}})
	l.addItems(s.Items, words, 0)
	for g := range s.Groups {
		l.addGroup(&s.Groups[g], words)
	}
	if s.Note != "" && len(words) == 0 {
		l.lines = append(l.lines, sideLine{row: row{Title: s.Note, Note: true}})
	}
	if len(l.lines) == start+1 {
		l.lines = l.lines[:start] // a heading over nothing
	}
}

func (l *SideList) addItems(items []SideItem, words []string, indent float32) {
	for i := range items {
		item := &items[i]
		if !matches(item, words) {
			continue
		}
		r := row{Title: item.Title, Detail: item.Detail, Hint: item.Hint, Indent: indent}
		if item.Muted {
			r.Role = MutedText
		}
		if l.OnFavourite != nil && !item.Plain {
			r.Star = starOff
			if item.Favourite {
				r.Star = starOn
			}
		}
		l.lines = append(l.lines, sideLine{row: r, item: item})
	}
}

func (l *SideList) addGroup(g *SideGroup, words []string) {
	start := len(l.lines)
	open, chosen := l.open[g.key()]
	if !chosen {
		open = g.Open
	}
	mark := IconChevronRight
	if open || len(words) > 0 {
		mark = IconChevronDown
	}
	n := len(g.Items)
	l.lines = append(l.lines, sideLine{group: g})
	if open || len(words) > 0 {
		l.addItems(g.Items, words, 14)
		if len(words) > 0 {
			n = len(l.lines) - start - 1
			if n == 0 {
				l.lines = l.lines[:start]
				return
			}
		}
	}
	l.lines[start].row = row{Title: g.Title, Mark: mark, MarkRole: MutedText, Hint: strconv.Itoa(n)}
}

func (g *SideGroup) key() string {
	if g.ID != "" {
		return g.ID
	}
	return g.Title
}

// matches tells whether each word is somewhere in the item.
func matches(item *SideItem, words []string) bool {
	for _, w := range words {
		needle := []rune(w)
		if !containsFold(item.Title, needle) && !containsFold(item.Detail, needle) {
			return false
		}
	}
	return true
}

func (l *SideList) tap(i int) {
	switch line := l.lines[i]; {
	case line.item != nil:
		l.list.choose(i)
		if l.OnOpen != nil {
			l.OnOpen(line.item.ID)
		}
	case line.group != nil:
		l.toggleGroup(i)
	}
}

// enter is Enter on an item.
func (l *SideList) enter(i int) {
	if l.OnEnter == nil {
		l.tap(i)
		return
	}
	l.list.choose(i)
	l.OnEnter(l.lines[i].item.ID)
}

func (l *SideList) toggleGroup(i int) {
	g := l.lines[i].group
	open, chosen := l.open[g.key()]
	if !chosen {
		open = g.Open
	}
	l.setGroup(i, !open)
}

func (l *SideList) setGroup(i int, open bool) {
	l.open[l.lines[i].group.key()] = open
	l.rebuild()
	if i < len(l.lines) {
		l.list.choose(i)
	}
}

func (l *SideList) star(i int) {
	if item := l.lines[i].item; item != nil && l.OnFavourite != nil && !item.Plain {
		l.OnFavourite(item.ID, !item.Favourite)
	}
}

func (l *SideList) searchKey(e *fyne.KeyEvent) bool {
	if l.OnSearchKey != nil && l.OnSearchKey(e) {
		return true
	}
	switch e.Name {
	case fyne.KeyDown:
		l.list.current = -1
		focus(l.list)
		l.list.Refresh()
	case fyne.KeyEscape:
		if l.search.Text == "" {
			return false
		}
		l.search.SetText("")
	case fyne.KeyReturn, fyne.KeyEnter:
		l.EnterCurrent()
	default:
		return false
	}
	return true
}

func (l *SideList) listKey(e *fyne.KeyEvent) bool {
	i := l.list.current
	if i < 0 || i >= len(l.lines) {
		return false
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.lines[i].item == nil || l.OnEnter == nil {
			return false
		}
		l.enter(i)
	case fyne.KeyUp:
		if !l.firstLine(i) || !l.searched {
			return false
		}
		focus(l.search)
	case fyne.KeyRight, fyne.KeyLeft:
		if l.lines[i].group != nil {
			l.setGroup(i, e.Name == fyne.KeyRight)
		}
	case desktop.KeyMenu, fyne.KeyF10:
		if item := l.lines[i].item; item != nil && l.OnMenu != nil {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.list)
			l.OnMenu(item.ID, at.AddXY(listPad, float32(i-l.list.top+1)*listRow-l.list.off))
		}
	default:
		return false
	}
	return true
}

// firstLine tells whether nothing above a line can be chosen.
func (l *SideList) firstLine(i int) bool {
	for _, line := range l.lines[:i] {
		if line.row.choosable() {
			return false
		}
	}
	return true
}

func (l *SideList) listRune(c rune) {
	if c == ' ' || !l.searched {
		return
	}
	focus(l.search)
	l.search.TypedRune(c)
}

func (l *SideList) listShortcut(s fyne.Shortcut) bool {
	c, ok := s.(*desktop.CustomShortcut)
	if !ok || c.KeyName != fyne.KeyD || c.Modifier != fyne.KeyModifierShortcutDefault || l.list.current < 0 {
		return false
	}
	l.star(l.list.current)
	return true
}

// CreateRenderer is Fyne's.
func (l *SideList) CreateRenderer() fyne.WidgetRenderer {
	l.rebuild()
	r := &sideRenderer{l: l, back: newFlat()}
	r.Refresh()
	return r
}

type sideRenderer struct {
	l    *SideList
	back *canvas.Rectangle
}

func (r *sideRenderer) Destroy()           {}
func (r *sideRenderer) MinSize() fyne.Size { return fyne.NewSize(160, 120) }

func (r *sideRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.l.search, r.l.list}
}

func (r *sideRenderer) Layout(s fyne.Size) {
	place(r.back, 0, 0, s.Width, s.Height)
	if !r.l.searched {
		place(r.l.list, 10, 6, s.Width-14, s.Height-6)
		return
	}
	h := r.l.search.MinSize().Height
	place(r.l.search, 10, 10, s.Width-20, h)
	place(r.l.list, 10, h+14, s.Width-14, s.Height-h-14)
}

func (r *sideRenderer) Refresh() {
	r.back.FillColor = colorOf(r.l, ColorNamePanel)
	r.Layout(r.l.Size())
	r.l.list.Refresh()
	canvas.Refresh(r.l)
}
