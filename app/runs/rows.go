package runs

import (
	"fmt"
	"image/color"

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

// rowsView is the part of a tab that shows rows: which, in which order and
// columns. What can be done with them is its parts', each a subject of its own
// on the same rows. UI thread only.
type rowsView struct {
	rowsOf
	rowsParts
	grid   *widgets.Grid
	filter *widgets.Entry
	scope  *widgets.Button // which columns the filter looks at
	origin *widgets.Text   // where the rows came from
	count  *widgets.Text
	bar    *fyne.Container
	chips  *widgets.FilterBar
	over   *fyne.Container // bar and chips
	stats  *measures

	wanted
	folded folding // groups whose rows are hidden
	newest string  // a computed column that is to be shown when it is there

	// canNarrow says that the server can be asked for some columns alone; nil for none.
	canNarrow func() bool
	// next are the entries of a row's menu that lead on from it; nil for none.
	next func(viewRow) []*fyne.MenuItem
	// copyLine copies the PowerShell that gives the rows again; nil where there is none.
	copyLine func()
	// marked says which cells stand out; nil for none.
	marked func(v *result.View, row, col int) bool
	// seen hears which view is shown; chart shows its chart or takes it away.
	seen  func(*result.View)
	chart func()

	run    *run // whose rows are shown; nil before the first
	look   *look
	now    looking // what is shown
	layout layouts
}

// rowsParts are what can be done with rows and columns.
type rowsParts struct {
	menus     rowMenus
	filtering filtering
	grouping  grouping
	computing computedColumns
	arranging arranging
	taking    extracting
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
	v := &rowsView{
		rowsOf: of, chips: widgets.NewFilterBar(), stats: newMeasures(d, of.rearrange),
		grid: widgets.NewGrid(), filter: widgets.NewEntry(),
		origin: widgets.NewCutText("", widgets.MutedText), count: widgets.NewCutText("", widgets.BodyText),
	}
	v.rowsParts = rowsParts{rowMenus{v}, filtering{v}, grouping{v}, computedColumns{v}, arranging{v}, extracting{v}}
	v.look = &look{spawn: d.Spawn, show: func(l looking) { d.Post(func() { v.show(l) }) }}
	v.filter.OnChanged = func(text string) {
		columns := v.shownColumns()
		v.change(func(l *look) { l.filter.Text, l.columns = text, columns })
	}
	v.filter.OnKey = v.filterKey
	v.scope = widgets.NewLink("", func() { v.setScope(!v.look.everywhere()) })
	v.recall()
	v.setScope(false)
	v.grid.SetEmptyText(lang.L("Fill in what you need and press Run."))
	v.grid.OnSort = v.sort
	v.grid.OnDetails = v.details
	v.grid.OnSelect = func(int) { v.showCount(); v.measure() }
	v.grid.OnCurrent = func(int, int) { v.measure() }
	v.grid.OnFilter = v.filtering.askFilter
	v.grid.OnFold = v.grouping.fold
	v.grid.SetTicks(true)
	v.grid.OnMenu = v.menus.rowMenu
	v.grid.OnHeaderMenu = v.menus.columnMenu
	v.grid.OnColumns = func() { v.columnsChanged(); v.arranging.keepColumns() }
	v.grid.OnFind = (&finding{desk: d}).find
	v.grid.OnCopy = func(r widgets.CopyRequest) { copyRows(d, r) }
	columns := widgets.NewButton(lang.L("Columns"), v.arranging.chooseColumns)
	export := widgets.NewButton(lang.L("Export"), v.taking.exportShown)
	v.seen, v.chart = func(*result.View) {}, func() {}
	chart := widgets.NewButton(lang.L("Chart"), func() { v.chart() })
	v.bar = newRowsBar(v.filter, v.scope, v.origin, v.count, columns, chart, export)
	v.chips.OnClear = v.filtering.clearFilters
	v.chips.OnFold = of.rearrange
	v.chips.Hide()
	v.filtering.fillChips()
	v.over = widgets.NewColumn(0, v.bar, container.New(layout.NewCustomPaddedLayout(0, barDrop, tabPad, tabPad), v.chips))
	return v
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
	v.setCount("")
}

// table is whose rows are shown; nil before the first run.
func (v *rowsView) table() *result.Table { return v.look.watched() }

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
			arrange(v.grid, v.arranged.Arranged(v.id).Now)
		}
		v.computing.showNewest()
		v.showSort()
		v.filtering.markFiltered()
	}
	v.showCount()
	v.measure()
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
	folded := v.folded.clone()
	return func() widgets.GridSource { return newGroupSource(s, l.groups, folded) }
}

// empty says why there are no rows.
func (v *rowsView) empty(why string) {
	if v.now.all == 0 {
		v.grid.SetEmptyText(why)
	}
}

func (v *rowsView) showCount() {
	if v.now.view == nil {
		v.setCount("")
		return
	}
	rows, _ := v.now.view.Size()
	text := words.Rows(rows)
	if rows != v.now.all {
		text = fmt.Sprintf(lang.L("%s of %s"), words.Number(rows), words.Rows(v.now.all))
	}
	if n := v.grid.SelectedCount(); n > 0 {
		text += " · " + fmt.Sprintf(lang.L("%s selected"), words.Number(n))
	}
	if n := v.grid.SelectedAway(); n > 0 {
		text += " · " + fmt.Sprintf(lang.L("%s selected and filtered out"), words.Number(n))
	}
	v.setCount(text)
}

// setCount makes room for the text too: its neighbours give way.
func (v *rowsView) setCount(text string) {
	v.count.SetText(text)
	v.bar.Refresh()
}

// manyRows take long enough to look through that it is told.
const manyRows = 50_000

// change makes a new view of the rows by another wish.
func (v *rowsView) change(wish func(*look)) {
	if v.now.all >= manyRows {
		v.setCount(lang.L("One moment ..."))
	}
	v.look.set(wish)
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

// columnsChanged looks again where the filter goes by the columns on screen.
func (v *rowsView) columnsChanged() {
	v.seen(v.shown())
	if columns := v.shownColumns(); !v.look.everywhere() {
		v.change(func(l *look) { l.columns = columns })
	}
}

// shownColumns are the names of the columns on screen.
func (v *rowsView) shownColumns() []string {
	source := v.grid.Source()
	if source == nil {
		return nil
	}
	var names []string
	for _, col := range v.grid.VisibleColumns() {
		names = append(names, source.Header(col))
	}
	return names
}

// reshape makes of the rows what a pasted line says.
func (v *rowsView) reshape(shape cmdlet.Shape) {
	v.change(func(l *look) { l.shape = shape })
}

// only shows the rows of some tenants alone; none is all.
func (v *rowsView) only(domains []string) {
	v.change(func(l *look) { l.tenants = domains })
}

// sort orders the rows by columns of the grid, the first key first.
func (v *rowsView) sort(keys []widgets.SortKey) {
	source := v.grid.Source()
	if source == nil {
		return
	}
	sorted := make([]sortKey, len(keys))
	for i, k := range keys {
		sorted[i] = sortKey{column: source.Header(k.Col), order: result.Ascending}
		if k.Order == widgets.Descending {
			sorted[i].order = result.Descending
		}
	}
	v.sorted = sorted
	v.keepWanted()
	v.change(func(l *look) { l.sort = sorted })
}

func (v *rowsView) details(row, _ int) {
	at, ok := v.viewRow(row)
	if !ok { // a menu may be older than the view
		return
	}
	rowDetails(v.desk, v.now.view, at, v.nameColumn())
}

// nameColumn is the column that tells a person which object a row is: by its name, else
// what stands first.
func (v *rowsView) nameColumn() int {
	for _, name := range []string{"DisplayName", "Name", "Subject", "PrimarySmtpAddress", "Identity"} {
		if col, ok := v.now.view.Column(name); ok && v.now.view.Kind(col) != result.KindNull {
			return col
		}
	}
	if cols := v.grid.VisibleColumns(); len(cols) > 0 {
		return cols[0]
	}
	return 0
}

// shown is what the grid shows: rows of the view, columns as the user has them.
func (v *rowsView) shown() *result.View {
	if v.now.view == nil {
		return nil
	}
	if v.now.all == 0 {
		return v.now.view // the grid may still show the columns of the run before
	}
	return v.now.view.WithColumns(v.grid.VisibleColumns()...)
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
