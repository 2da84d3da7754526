package runs

import (
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/widgets"
)

// chooseColumns shows the columns of a grid by name, to tick those that should
// be seen. What is ticked shows at once, and Export takes the same ones.
// changed hears of each tick.
func chooseColumns(d *desk.Desk, g *widgets.Grid, changed func()) {
	s := g.Source()
	if s == nil {
		return
	}
	c := columnSheet{grid: g, search: widgets.NewEntry(), changed: changed}
	list := widgets.NewColumn(0)
	for _, column := range g.Columns() {
		box := newColumnBox(&c, s.Header(column.Source), column)
		c.boxes = append(c.boxes, box)
		list.Add(box.check)
	}
	all := widgets.NewButton(lang.L("Tick all"), func() { c.setAll(true) })
	none := widgets.NewButton(lang.L("Tick none"), func() { c.setAll(false) })
	done := widgets.NewPrimaryButton(lang.L("Close"), func() { c.sheet.Hide() })
	c.sheet = d.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("Columns"),
		Explanation: lang.L("Ticked columns are shown and exported. Keep at least one."),
		Width:       460, Foot: widgets.NewFoot(nil, all, none, done),
	},
		c.search,
		list,
	)
	c.search.SetPlaceHolder(lang.L("Find a column"))
	c.search.OnChanged = c.find
	c.search.OnSubmitted = func(string) { c.sheet.Hide() }
	c.sheet.Show(c.search)
}

type columnSheet struct {
	sheet   *widgets.Sheet
	grid    *widgets.Grid
	search  *widgets.Entry
	changed func()
	boxes   []columnBox
}

type columnBox struct {
	name  string
	check *widget.Check
}

func newColumnBox(c *columnSheet, name string, column widgets.GridColumn) columnBox {
	box := columnBox{name: name, check: widget.NewCheck(name, nil)}
	box.check.SetChecked(!column.Hidden)
	box.check.OnChanged = func(on bool) { c.set(column.Source, box.check, on) }
	return box
}

// find shows the columns whose name has the text.
func (c *columnSheet) find(text string) {
	for _, b := range c.boxes {
		widgets.SetVisible(b.check, words.Contains(b.name, text))
	}
	c.sheet.Arrange()
}

// set shows or hides a column. The last one in sight stays, and its tick too.
func (c *columnSheet) set(col int, box *widget.Check, on bool) {
	defer c.changed()
	if on {
		c.grid.ShowColumn(col)
		return
	}
	if c.grid.HideColumn(col); len(c.grid.VisibleColumns()) == 1 && c.grid.VisibleColumns()[0] == col {
		box.Checked = true
		box.Refresh()
	}
}

// setAll ticks, or not, those that the search found.
func (c *columnSheet) setAll(on bool) {
	for _, b := range c.boxes {
		if b.check.Visible() {
			b.check.SetChecked(on)
		}
	}
}
