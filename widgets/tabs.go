package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Tab is one tab of Tabs. Call Tabs.Refresh after changing its fields.
type Tab struct {
	Title   string
	Detail  string // behind the title, such as the tenant; where there is little room the title is cut first
	Content fyne.CanvasObject
	Color   color.Color // the tenant's, as a line over the tab; nil for none
	Busy    bool        // something runs in it
}

// Tabs shows one of several contents under a row of tabs. Each tab has a visible cross,
// since what needs a hover cannot be found. With the focus on the row, Left and Right
// select, Home and End go to the ends, Delete closes; the middle button of the mouse
// closes too.
type Tabs struct {
	widget.BaseWidget

	OnSelected func(*Tab) // a person selected a tab
	OnClose    func(*Tab) // a person wants to close a tab; nil: it is removed

	items    []*Tab
	selected int
	strip    *tabStrip
}

// NewTabs returns tabs, the first of them selected.
func NewTabs(items ...*Tab) *Tabs {
	t := &Tabs{items: slices.Clone(items)}
	t.strip = &tabStrip{tabs: t, hover: -1}
	t.strip.ExtendBaseWidget(t.strip)
	t.ExtendBaseWidget(t)
	return t
}

// Items returns the tabs in their order.
func (t *Tabs) Items() []*Tab { return slices.Clone(t.items) }

// Append adds a tab at the end and selects nothing.
func (t *Tabs) Append(tab *Tab) {
	t.items = append(t.items, tab)
	t.Refresh()
}

// Remove takes a tab away; its neighbour is selected when it was.
func (t *Tabs) Remove(tab *Tab) {
	i := slices.Index(t.items, tab)
	if i < 0 {
		return
	}
	t.items = slices.Delete(t.items, i, i+1)
	if i == t.selected && len(t.items) > 0 {
		focus(t.strip) // what is typed must not go on into a tab that is gone
	}
	if i < t.selected || t.selected >= len(t.items) {
		t.selected = max(0, t.selected-1)
	}
	t.Refresh()
}

// Select shows a tab; it calls no callback.
func (t *Tabs) Select(tab *Tab) {
	if i := slices.Index(t.items, tab); i >= 0 {
		t.selected = i
		t.Refresh()
	}
}

// Selected returns the tab that is shown, nil without tabs.
func (t *Tabs) Selected() *Tab {
	if t.selected >= len(t.items) {
		return nil
	}
	return t.items[t.selected]
}

// SelectedIndex returns the place of the tab that is shown, -1 without tabs.
func (t *Tabs) SelectedIndex() int {
	if len(t.items) == 0 {
		return -1
	}
	return t.selected
}

// SelectNext goes on by a number of tabs and round the end, as Ctrl+Tab does; a negative
// number goes back. It counts as a person's choice.
func (t *Tabs) SelectNext(by int) {
	if n := len(t.items); n > 0 {
		t.choose(((t.selected+by)%n + n) % n)
	}
}

func (t *Tabs) choose(i int) {
	if i < 0 || i >= len(t.items) || i == t.selected {
		return
	}
	t.selected = i
	t.Refresh()
	focus(t.strip) // what is typed must not go on into a tab that is hidden now
	if t.OnSelected != nil {
		t.OnSelected(t.items[i])
	}
}

func (t *Tabs) close(i int) {
	if i < 0 || i >= len(t.items) {
		return
	}
	if t.OnClose != nil {
		t.OnClose(t.items[i])
		return
	}
	t.Remove(t.items[i])
}

// CreateRenderer is Fyne's.
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	r := &tabsRenderer{t: t}
	r.Refresh()
	return r
}

type tabsRenderer struct {
	t    *Tabs
	objs []fyne.CanvasObject
}

func (r *tabsRenderer) Destroy()                     {}
func (r *tabsRenderer) Objects() []fyne.CanvasObject { return r.objs }

func (r *tabsRenderer) MinSize() fyne.Size {
	s := fyne.NewSize(120, tabHeight)
	if tab := r.t.Selected(); tab != nil {
		m := tab.Content.MinSize()
		s = fyne.NewSize(max(s.Width, m.Width), s.Height+m.Height)
	}
	return s
}

func (r *tabsRenderer) Layout(size fyne.Size) {
	place(r.t.strip, 0, 0, size.Width, tabHeight)
	if tab := r.t.Selected(); tab != nil {
		place(tab.Content, 0, tabHeight, size.Width, size.Height-tabHeight)
	}
}

func (r *tabsRenderer) Refresh() {
	r.objs = []fyne.CanvasObject{r.t.strip}
	for i, tab := range r.t.items {
		show(tab.Content, i == r.t.selected)
		r.objs = append(r.objs, tab.Content)
	}
	r.Layout(r.t.Size())
	r.t.strip.Refresh()
	canvas.Refresh(r.t)
}
