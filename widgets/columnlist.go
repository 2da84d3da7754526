package widgets

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// ColumnList chooses the columns of a grid: ticked ones are shown, in the order of the
// list. It finds columns by name, can leave out those without anything in them, and keeps
// sets of columns under a name. Its size does not change while one works with it.
type ColumnList struct {
	composite

	// Sets keeps arrangements of columns; nil: none are kept.
	Sets ColumnSets

	grid   *Grid
	filled func(col int) bool
	search *Entry
	full   *Tick
	list   *focusList
	cols   []GridColumn // those that are listed
	names  *Picker
	save   *Entry
	sets   *fyne.Container
}

// ColumnSets keeps arrangements of columns under names.
type ColumnSets interface {
	// Names lists the arrangements.
	Names() []string
	// Save keeps how the grid is arranged now.
	Save(name string)
	// Use arranges the grid as it was kept.
	Use(name string)
	// Remove forgets an arrangement.
	Remove(name string)
}

// columnsHeight is that of the list.
const columnsHeight = 11 * listRow

// NewColumnList returns the list of a grid's columns. filled tells whether a column has
// something in it; nil when that is not known.
func NewColumnList(g *Grid, sets ColumnSets, filled func(col int) bool) *ColumnList {
	c := &ColumnList{Sets: sets, grid: g, filled: filled, search: NewEntry(), save: NewEntry()}
	c.search.SetPlaceHolder(tr("Find a column"))
	c.search.OnChanged = func(string) { c.rebuild(0) }
	c.search.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name != fyne.KeyDown && k.Name != fyne.KeyReturn {
			return false
		}
		focus(c.list)
		return true
	}
	c.full = NewTick(tr("Only columns with something in them"), func(bool) { c.rebuild(0) })
	c.list = newFocusList(c.row)
	c.list.onTap = c.turn
	c.list.onCut = c.moveKey
	c.names = NewPicker(c.findSets, func(i Item) {
		c.Sets.Use(i.ID)
		c.rebuild(0)
	})
	c.names.PlaceHolder = tr("Saved sets")
	c.save.SetPlaceHolder(tr("Name of a new set"))
	c.save.OnSubmitted = func(string) { c.keep() }
	up := NewIconButton(IconArrowUp, tr("Move up"), func() { c.move(-1) })
	down := NewIconButton(IconArrowDown, tr("Move down"), func() { c.move(1) })
	all := NewLink(tr("Tick all"), func() { c.setAll(true) })
	none := NewLink(tr("Tick none"), func() { c.setAll(false) })
	height := c.search.MinSize().Height
	remove := NewIconButton(IconCross, tr("Remove the set"), c.forget)
	c.sets = hline(8, 0, heightBox(c.names, height), remove, sized(c.save, 170, height), NewButton(tr("Save"), c.keep))
	SetVisible(c.sets, sets != nil)
	SetVisible(c.full, filled != nil)
	holder := &fyne.Container{Layout: &tall{columnsHeight}, Objects: []fyne.CanvasObject{c.list}}
	c.body = NewColumn(6, c.search, hline(8, 0, c.full, all, none, up, down), holder, c.sets)
	c.ExtendBaseWidget(c)
	c.rebuild(0)
	return c
}

// First is the part that takes the keyboard first.
func (c *ColumnList) First() fyne.Focusable { return c.search }

// rebuild lists the columns that search and tick leave, one of them the current one.
func (c *ColumnList) rebuild(current int) {
	needle := []rune(strings.ToLower(strings.TrimSpace(c.search.Text)))
	c.cols = c.cols[:0]
	for _, col := range c.grid.Columns() {
		if len(needle) > 0 && !containsFold(c.header(col), needle) || c.full.On() && !c.filled(col.Source) {
			continue
		}
		c.cols = append(c.cols, col)
	}
	c.list.setCount(max(1, len(c.cols)), min(current, len(c.cols)-1))
}

func (c *ColumnList) header(col GridColumn) string { return c.grid.Source().Header(col.Source) }

func (c *ColumnList) row(i int) row {
	if i >= len(c.cols) {
		return row{Title: tr("Nothing found"), Note: true}
	}
	col := c.cols[i]
	r := row{Title: c.header(col), Mark: IconBoxOn, MarkRole: AccentText}
	if col.Hidden {
		r.Mark, r.MarkRole = IconBox, MutedText
	}
	if c.filled != nil && !c.filled(col.Source) {
		r.Hint = tr("empty")
	}
	return r
}

// turn shows or hides a column. The last one in sight stays.
func (c *ColumnList) turn(i int) {
	if i >= len(c.cols) {
		return
	}
	if col := c.cols[i]; col.Hidden {
		c.grid.ShowColumn(col.Source)
	} else {
		c.grid.HideColumn(col.Source)
	}
	c.grid.columnsChanged()
	c.keepPlace(i)
}

// keepPlace lists the columns anew and stays where it was.
func (c *ColumnList) keepPlace(i int) {
	top, off := c.list.top, c.list.off
	c.rebuild(i)
	c.list.top, c.list.off = top, off
	c.list.choose(i)
}

// setAll ticks, or not, the columns that are listed. Where none would be left the first one
// that is ticked stays.
func (c *ColumnList) setAll(on bool) {
	for _, col := range slices.Backward(c.cols) {
		if on {
			c.grid.ShowColumn(col.Source)
		} else {
			c.grid.HideColumn(col.Source)
		}
	}
	c.grid.columnsChanged()
	c.keepPlace(max(0, c.list.current))
}

// moveKey moves the current column with Alt and an arrow.
func (c *ColumnList) moveKey(s fyne.Shortcut) bool {
	k, ok := s.(*desktop.CustomShortcut)
	if !ok || k.Modifier != fyne.KeyModifierAlt || k.KeyName != fyne.KeyUp && k.KeyName != fyne.KeyDown {
		return false
	}
	if k.KeyName == fyne.KeyUp {
		c.move(-1)
	} else {
		c.move(1)
	}
	return true
}

// move changes places with the column that is listed before or after the current one.
func (c *ColumnList) move(by int) {
	i := c.list.current
	if i < 0 || i >= len(c.cols) || i+by < 0 || i+by >= len(c.cols) {
		return
	}
	all := c.grid.Columns()
	place := func(i int) int {
		return slices.IndexFunc(all, func(g GridColumn) bool { return g.Source == c.cols[i].Source })
	}
	from, to := place(i), place(i+by)
	col := all[from]
	all = slices.Delete(all, from, from+1)
	all = slices.Insert(all, to, col)
	c.grid.SetColumns(all)
	c.grid.columnsChanged()
	c.keepPlace(i + by)
}

func (c *ColumnList) findSets(text string) []Item {
	var items []Item
	for _, name := range c.Sets.Names() {
		if text == "" || containsFold(name, []rune(strings.ToLower(text))) {
			items = append(items, Item{ID: name, Title: name})
		}
	}
	return items
}

// keep saves the arrangement under the name that was typed.
func (c *ColumnList) keep() {
	name := strings.TrimSpace(c.save.Text)
	if name == "" {
		focus(c.save)
		return
	}
	c.Sets.Save(name)
	c.save.setSilently("")
	c.names.SetItem(Item{ID: name, Title: name})
}

// forget removes the set that was chosen.
func (c *ColumnList) forget() {
	if item, ok := c.names.Item(); ok {
		c.Sets.Remove(item.ID)
		c.names.Clear()
	}
}
