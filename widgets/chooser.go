package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// chooser is an entry over a list of what it finds: the inside of the pickers' popups.
// It has many fields, as its owners set it up by them: what they want of it, what was found,
// and where it stands.
type chooser struct {
	search SearchFunc
	chosen func(Item)
	leave  func() // Escape
	leap   func() // Tab, once the current item was taken; nil: Tab is not the chooser's
	submit func(text string)
	mark   func(Item) Icon // a sign before each item; nil for none

	entry *Entry
	list  *rowList
	items []Item
	lines []int // item of each line; -1 for the heading of the next
	first bool  // the first item is chosen without a key
	had   *Item // what was chosen before it opened; nil for nothing
	popup *widget.PopUp
	box   *fixed
	width float32
	most  float32 // height of the list
}

func newChooser(search SearchFunc) *chooser {
	c := &chooser{search: search, entry: NewEntry(), first: true}
	c.list = newRowList(c.row)
	c.list.onTap = c.take
	c.entry.OnChanged = c.refresh
	c.entry.OnKey = c.key
	return c
}

// refresh searches and starts at the top again.
func (c *chooser) refresh(text string) {
	c.items = nil
	if c.search != nil {
		c.items = c.search(text)
	}
	c.lines = c.lines[:0]
	group := ""
	for i, item := range c.items {
		if item.Group != group {
			group = item.Group
			if group != "" {
				c.lines = append(c.lines, -1-i)
			}
		}
		c.lines = append(c.lines, i)
	}
	c.list.top, c.list.off = 0, 0
	n := len(c.lines)
	if n == 0 {
		n = 1
	}
	c.list.setCount(n, -1)
	c.fit()
	if c.first && len(c.items) > 0 {
		c.list.step(1)
	}
}

func (c *chooser) row(i int) row {
	if len(c.lines) == 0 {
		return row{Title: tr("Nothing found"), Note: true}
	}
	n := c.lines[i]
	if n < 0 {
		return row{Title: c.items[-1-n].Group, Heading: true}
	}
	item := c.items[n]
	r := row{Title: item.Title, Detail: item.Detail, Hint: item.Hint, Badge: item.Color}
	if c.mark != nil {
		r.Mark, r.MarkRole = c.mark(item), AccentText
	}
	if item.Pinned {
		r.Star = starOn
	}
	return r
}

func (c *chooser) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyEscape:
		c.leave()
	case fyne.KeyTab:
		c.tab()
	case fyne.KeyReturn, fyne.KeyEnter:
		switch {
		case c.list.current >= 0:
			c.take(c.list.current)
		case c.submit != nil:
			c.submit(c.entry.Text)
		}
	default:
		return c.list.key(e.Name)
	}
	return true
}

// tab takes the item that Enter would take, and goes on. Where items are ticked, that is
// the one that was searched for: without a search all is as it should be.
func (c *chooser) tab() {
	line := c.list.current
	if c.mark != nil && (c.entry.Text == "" || line >= 0 && c.ticked(line)) {
		line = -1
	}
	if line >= 0 {
		c.take(line)
	}
	c.leap()
}

// ticked tells whether an item of a list with ticks has one.
func (c *chooser) ticked(line int) bool {
	return line < len(c.lines) && c.lines[line] >= 0 && c.mark(c.items[c.lines[line]]) == IconBoxOn
}

func (c *chooser) take(line int) {
	if line >= len(c.lines) || c.lines[line] < 0 {
		return
	}
	item := c.items[c.lines[line]]
	c.chosen(item)
}

// chooserPlace says where a chooser opens.
type chooserPlace struct {
	at    fyne.Position
	width float32
	rows  int
	text  string
	pad   float32 // round the entry and the list
}

// open shows the chooser over a canvas and gives it the keyboard.
func (c *chooser) open(on fyne.Canvas, p chooserPlace) {
	c.entry.TakesTab = c.leap != nil
	c.entry.setSilently(p.text)
	c.entry.CursorColumn = len([]rune(p.text))
	c.refresh(p.text)
	h := c.entry.MinSize().Height
	room := on.Size().Height - p.at.Y - h - 24
	c.width = p.width
	c.most = max(2*listRow, min(float32(p.rows)*listRow, room))
	c.box = &fixed{}
	holder := &fyne.Container{Layout: c.box, Objects: []fyne.CanvasObject{c.list}}
	c.popup = widget.NewPopUp(padded(NewColumn(4, c.entry, holder), p.pad, p.pad), on)
	c.fit()
	c.popup.ShowAtPosition(p.at)
	c.fit()
	on.Focus(c.entry)
	if c.first && len(c.items) > 0 {
		c.list.choose(c.begin())
	}
}

// begin is the line that the list opens with: that of what is chosen already, so that Enter
// alone changes nothing, and the first where it is not among what was found.
func (c *chooser) begin() int {
	if c.had != nil {
		for line, i := range c.lines {
			if i >= 0 && c.items[i].ID == c.had.ID && c.items[i].Title == c.had.Title {
				return line
			}
		}
	}
	return max(0, c.list.current)
}

// fit makes the popup as tall as what was found needs.
func (c *chooser) fit() {
	if c.popup == nil {
		return
	}
	c.box.size = fyne.NewSize(c.width-40, min(c.most, float32(c.list.count)*listRow))
	c.popup.Resize(fyne.NewSize(c.width, c.popup.MinSize().Height))
}

func (c *chooser) close() {
	if c.popup != nil {
		c.popup.Hide()
		c.popup = nil
	}
}

func (c *chooser) shown() bool { return c.popup != nil && c.popup.Visible() }
