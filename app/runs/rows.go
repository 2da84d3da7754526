package runs

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/result"
	"postroom/widgets"
)

// rowsView is the part of a tab that shows rows: which, in which order and columns. What
// can be done with them is its parts', each a subject of its own on the same rows. UI
// thread only. Half of its methods are those of what is on screen and of what is wanted,
// which it embeds; of these its parts get what they need. What takes rows out, the menus and
// the computed columns get all that is on screen: they ask for nearly all of it.
type rowsView struct {
	*onScreen
	*wishes
	rowsParts
	menus  *rowMenus
	filter *widgets.Entry
	scope  *widgets.Button // which columns the filter looks at
	origin *widgets.Text   // where the rows came from
	over   *fyne.Container // the bar over the rows, and what filters them

	// marked says which cells stand out; nil for none.
	marked func(v *result.View, row, col int) bool
	// chart shows the rows' chart or takes it away.
	chart  func()
	layout layouts
}

// rowsParts are what can be done with rows and columns.
type rowsParts struct {
	sorting   sorting
	filtering *filtering
	grouping  *grouping
	computing *computedColumns
	arranging *arranging
	taking    extracting
	stats     *measures
}

// rowsOf says whose rows a rowsView shows, and what it works on.
type rowsOf struct {
	desk *desk.Desk
	id   string // under which the columns are kept
	// arrange says which columns are shown, in which order, and which hidden.
	arrange func(names []string) (shown, hidden []string)
	export  func(Extract)
	// arranged keeps the columns.
	arranged Arrangements
	// rearrange lays the tab out anew after a part of the rows has come or gone.
	rearrange func()
}

func newRowsView(of rowsOf) *rowsView {
	d := of.desk
	count := widgets.NewCutText("", widgets.BodyText)
	on := &onScreen{desk: d, grid: widgets.NewGrid(), count: &rowCount{text: count}, seen: func(*result.View) {}}
	v := &rowsView{
		onScreen: on, wishes: &wishes{id: of.id, kept: of.arranged}, filter: widgets.NewEntry(),
		origin: widgets.NewCutText("", widgets.MutedText), chart: func() {},
	}
	on.look = &look{spawn: d.Spawn, show: func(l looking) { d.Post(func() { v.show(l) }) }}
	v.rowsParts = newRowsParts(v, of)
	v.menus = &rowMenus{rows: on, rowsParts: v.rowsParts}
	v.filter.OnChanged = func(text string) {
		columns := v.shownColumns()
		v.change(func(l *look) { l.filter.Text, l.columns = text, columns })
	}
	v.filter.OnKey = v.filterKey
	v.scope = widgets.NewLink("", func() { v.setScope(!v.look.everywhere()) })
	columns := widgets.NewButton(lang.L("Columns"), v.arranging.chooseColumns)
	export := widgets.NewButton(lang.L("Export"), v.taking.exportShown)
	chart := widgets.NewButton(lang.L("Chart"), func() { v.chart() })
	on.count.bar = newRowsBar(v.filter, v.scope, v.origin, count, columns, chart, export)
	v.over = widgets.NewColumn(0, on.count.bar, container.New(layout.NewCustomPaddedLayout(0, barDrop, tabPad, tabPad), v.filtering.chips))
	v.recall()
	v.setScope(false)
	v.filtering.fillChips()
	v.listen()
	return v
}

// newRowsParts makes the parts of a rowsView.
func newRowsParts(v *rowsView, of rowsOf) rowsParts {
	on, wishes := v.onScreen, v.wishes
	p := rowsParts{
		sorting:   sorting{wishes: wishes, grid: on.grid, change: on.change},
		filtering: &filtering{wishes: wishes, desk: on.desk, grid: on.grid, now: &on.now, look: on.look, change: on.change, chips: widgets.NewFilterBar(), rearrange: of.rearrange},
		grouping:  &grouping{wishes: wishes, grid: on.grid, change: on.change, inSight: on.shownColumns, again: func() { v.show(v.now) }},
		computing: &computedColumns{wishes: wishes, rows: on, places: of.arrange},
		arranging: &arranging{wishes: wishes, desk: on.desk, grid: on.grid, now: &on.now, several: on.several, columnsChanged: on.columnsChanged},
		taking:    extracting{rows: on, export: of.export, filtered: v.filterWords},
		stats:     newMeasures(on, of.rearrange),
	}
	p.filtering.ungroup = func() { p.grouping.groupBy("") }
	p.filtering.chips.OnClear, p.filtering.chips.OnFold = p.filtering.clearFilters, of.rearrange
	p.filtering.chips.Hide()
	p.grouping.showChips = p.filtering.showChips
	p.computing.keepColumns = p.arranging.keepColumns
	p.arranging.newColumn = func() { p.computing.editComputed("") }
	return p
}

// listen hears what a person does with the grid.
func (v *rowsView) listen() {
	g, d := v.grid, v.desk
	g.SetEmptyText(lang.L("Fill in what you need and press Run."))
	g.OnSort = v.sorting.sort
	g.OnDetails = v.details
	g.OnSelect = func(int) { v.showCount(); v.stats.measure() }
	g.OnCurrent = func(int, int) { v.stats.measure() }
	g.OnFilter = v.filtering.askFilter
	g.OnFold = v.grouping.fold
	g.SetTicks(true)
	g.OnMenu = v.menus.rowMenu
	g.OnHeaderMenu = v.menus.columnMenu
	g.OnColumns = func() { v.columnsChanged(); v.arranging.keepColumns() }
	g.OnFind = (&finding{desk: d}).find
	g.OnCopy = func(r widgets.CopyRequest) { copyRows(d, r) }
}

// begin shows a run that has no rows yet, and says what is waited for. The columns stay as the person has
// them: a cmdlet that is run again gives the same ones.
func (v *rowsView) begin(r *run, origin, waiting string) {
	v.run, v.now = r, looking{number: v.now.number}
	v.look.watch(r.rows())
	if s := v.grid.Source(); s != nil {
		_, cols := s.Size()
		headings := make(headingSource, cols)
		for i := range headings {
			headings[i] = s.Header(i)
		}
		v.grid.SetSource(headings)
	}
	v.grid.SetEmptyText(waiting)
	v.origin.SetText(origin)
	v.count.set("")
}

// follow shows the table that a run fills from now on.
func (v *rowsView) follow(r *run) {
	v.look.watch(r.rows())
	v.change(func(*look) {})
}

// close lets go of the rows: a closed tab may hold a million.
func (v *rowsView) close() {
	v.run, v.now.view = nil, nil
	v.look.watch(nil)
	v.grid.SetSource(nil)
}

// show shows a view that a worker made. Where many rows are selected, another worker finds
// them in it first.
func (v *rowsView) show(l looking) {
	if v.outdated(l) {
		return
	}
	if len(l.groups) <= manyGroups {
		v.showSource(l, v.sourceOf(l))
		return
	}
	source := v.sourcing(l)
	v.layout.asked++
	number := v.layout.asked
	v.desk.Spawn(func() { // ends when the headings have their places
		made := source()
		v.desk.Post(func() {
			if v.outdated(l) || number < v.layout.shown { // a group was folded since
				return
			}
			v.layout.shown = number
			v.showSource(l, made)
		})
	})
}

// layouts number those of many groups, which workers make.
type layouts struct{ asked, shown int }

// showSource shows a source that was made of a view.
func (v *rowsView) showSource(l looking, source widgets.GridSource) {
	change := v.grid.Change(source)
	if change.Quick() {
		v.showChange(l, change)
		return
	}
	v.desk.Spawn(func() { // ends when the rows are found
		change.Find()
		v.desk.Post(func() {
			switch {
			case v.outdated(l):
			case v.grid.Takes(change):
				v.showChange(l, change)
			default: // something else was selected meanwhile
				v.show(l)
			}
		})
	})
}

// outdated tells that another run has the tab, or that a newer view was shown.
func (v *rowsView) outdated(l looking) bool {
	return v.run == nil || l.table != v.run.rows() || l.number < v.now.number
}

// showChange shows a view in which the selected rows were found.
func (v *rowsView) showChange(l looking, change *widgets.GridChange) {
	v.now = l
	defer func() { v.seen(v.shown()) }() // of the columns on screen
	if l.all > 0 {
		v.grid.SetEmptyText(lang.L("No rows match the filter."))
	}
	if l.all > 0 || v.grid.Source() == nil {
		if l.shaped {
			v.grid.Apply(change)
		} else if !setRows(v.grid, change, v.computing.arrangeWithComputed) {
			arrange(v.grid, v.columns().Now)
		}
		v.computing.showNewest()
		v.sorting.showSort()
		v.filtering.markFiltered()
	}
	v.showCount()
	v.stats.measure()
}

// sourceOf is what the grid shows of a view.
func (v *rowsView) sourceOf(l looking) widgets.GridSource { return v.sourcing(l)() }

// sourcing gives a function that makes what the grid shows of a view. A worker may call it: a
// column with a value of its own in each row makes as many groups.
func (v *rowsView) sourcing(l looking) func() widgets.GridSource {
	s := viewSource{View: l.view, places: l.places, title: v.run.title(), tint: words.TenantColor(v.run.targets[0].Tenant), marked: v.marked}
	if v.run.several() || v.run.colors != nil {
		s.tint, s.tints = color.Transparent, v.run.tints()
	}
	if len(l.groups) == 0 {
		return func() widgets.GridSource { return s }
	}
	folded := v.grouping.folded.clone()
	return func() widgets.GridSource { return newGroupSource(s, l.groups, folded) }
}

// empty says why there are no rows.
func (v *rowsView) empty(why string) {
	if v.now.all == 0 {
		v.grid.SetEmptyText(why)
	}
}

// setScope says which columns the filter looks at: all, or those on screen.
func (v *rowsView) setScope(everywhere bool) {
	text, name := lang.L("shown columns"), lang.L("Searches the shown columns. Press to search all.")
	if everywhere {
		text, name = lang.L("all columns"), lang.L("Searches all columns. Press to search the shown ones.")
	}
	v.filter.SetPlaceHolder(lang.L("Filter rows"))
	v.scope.Name = name
	v.scope.SetText(text)
	columns := v.shownColumns()
	v.change(func(l *look) { l.all, l.columns = everywhere, columns })
}

// reshape makes of the rows what a pasted line says.
func (v *rowsView) reshape(shape cmdlet.Shape) {
	v.change(func(l *look) { l.shape = shape })
}

// only shows the rows of some tenants alone; none is all.
func (v *rowsView) only(domains []string) {
	v.change(func(l *look) { l.tenants = domains })
}

// filterKey goes from the filter to the rows, and empties it before it is left.
func (v *rowsView) filterKey(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		v.desk.Focus(v.grid)
	case fyne.KeyEscape:
		if v.filter.Text == "" {
			v.desk.Focus(v.grid)
			return true
		}
		v.filter.SetText("")
	default:
		return false
	}
	return true
}

// filterWords says what takes rows away.
func (v *rowsView) filterWords() string {
	parts := v.look.taken()
	if text := v.typed(); text != "" {
		parts = append(parts, text)
	}
	for _, f := range v.filters {
		parts = append(parts, f.Words(f.column))
	}
	return strings.Join(parts, "; ")
}

// typed is the text that the rows are filtered by.
func (v *rowsView) typed() string { return strings.TrimSpace(v.filter.Text) }
