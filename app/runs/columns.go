package runs

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/settings"
	"postroom/session/result"
	"postroom/widgets"
)

// Arrangements keeps how a person has arranged the columns of a cmdlet's rows.
type Arrangements interface {
	// Arranged returns what is kept; the zero value when nothing is.
	Arranged(cmdlet string) settings.Columns
	// Arrange changes what is kept, soon.
	Arrange(cmdlet string, change func(*settings.Columns))
}

// arrangedNow is how the columns stand.
func arrangedNow(g *widgets.Grid) settings.Arrangement {
	a := settings.Arrangement{Frozen: g.Frozen()}
	source := g.Source()
	for _, c := range g.Columns() {
		if !c.Hidden {
			a.Shown = append(a.Shown, settings.Column{Name: source.Header(c.Source), Width: c.Width})
		} else if source.Header(c.Source) == result.TenantColumn.Name() {
			a.NoTenant = true
		}
	}
	return a
}

// arrange gives the columns the places of an arrangement. Those that it does not name are
// hidden behind the others, but for the tenants' own, which stands first unless a person
// hid it: the arrangement may be that of rows of one tenant. Nothing happens when none of
// its columns are there.
func arrange(g *widgets.Grid, a settings.Arrangement) {
	source := g.Source()
	if source == nil {
		return
	}
	var cols []widgets.GridColumn
	rest := g.Columns()
	for _, kept := range a.Shown {
		i := slices.IndexFunc(rest, func(c widgets.GridColumn) bool { return source.Header(c.Source) == kept.Name })
		if i >= 0 {
			cols = append(cols, widgets.GridColumn{Source: rest[i].Source, Width: kept.Width})
			rest = slices.Delete(rest, i, i+1)
		}
	}
	if len(cols) == 0 {
		return
	}
	ours := func(c widgets.GridColumn) bool { return source.Header(c.Source) == result.TenantColumn.Name() }
	if i := slices.IndexFunc(rest, ours); i >= 0 && !a.NoTenant {
		tenants := rest[i]
		tenants.Hidden = false
		cols, rest = slices.Insert(cols, 0, tenants), slices.Delete(rest, i, i+1)
		if a.Frozen > 0 {
			a.Frozen++ // the same columns as before, and this one before them
		}
	}
	for _, c := range rest {
		c.Hidden = true
		cols = append(cols, c)
	}
	g.SetColumns(cols)
	g.SetFrozen(a.Frozen)
}

// arranging is which columns are shown, where, and how that is kept.
type arranging struct {
	*wishes
	desk    *desk.Desk
	grid    *widgets.Grid
	now     *looking    // what is shown
	several func() bool // the rows are of several tenants
	// columnsChanged hears that other columns are shown.
	columnsChanged func()
	// canNarrow says that the server can be asked for some columns alone; nil for none.
	canNarrow func() bool
	newColumn func() // makes a computed column
}

// keepColumns remembers how the columns stand now.
func (v *arranging) keepColumns() {
	now, several := arrangedNow(v.grid), v.several()
	if len(now.Shown) == 0 {
		return // no row has come yet: nothing was arranged
	}
	v.keep(func(c *settings.Columns) {
		if !several {
			now.NoTenant = c.Now.NoTenant // rows of one tenant say nothing of it
		}
		c.Now = now
	})
}

// columnSets keeps arrangements of a cmdlet's columns under names.
type columnSets struct{ *arranging }

var _ widgets.ColumnSets = columnSets{}

// Names lists the arrangements.
func (s columnSets) Names() []string {
	var names []string
	for name := range s.columns().Sets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Save keeps how the columns stand now.
func (s columnSets) Save(name string) {
	now := arrangedNow(s.grid)
	s.changeSets(func(sets map[string]settings.Arrangement) { sets[name] = now })
}

// Use arranges the columns as they were kept.
func (s columnSets) Use(name string) {
	if a, ok := s.columns().Sets[name]; ok {
		arrange(s.grid, a)
		s.columnsChanged()
	}
}

// Remove forgets an arrangement.
func (s columnSets) Remove(name string) {
	s.changeSets(func(sets map[string]settings.Arrangement) { delete(sets, name) })
}

func (s columnSets) changeSets(do func(map[string]settings.Arrangement)) {
	s.keep(func(c *settings.Columns) {
		sets := map[string]settings.Arrangement{}
		maps.Copy(sets, c.Sets) // a reader may have the old ones
		do(sets)
		c.Sets = sets
	})
}

// chooseColumns shows the columns by name, to tick those that should be seen. What is
// ticked shows at once, and Export takes the same ones.
func (v *arranging) chooseColumns() {
	if v.grid.Source() == nil {
		return
	}
	list := widgets.NewColumnList(v.grid, columnSets{v}, v.filled())
	var s *widgets.Sheet
	done := widgets.NewPrimaryButton(lang.L("Close"), func() { s.Hide() })
	compute := widgets.NewButton(lang.L("New computed column ..."), func() {
		s.Hide()
		v.newColumn()
	})
	s = v.desk.Sheets.New(widgets.SheetSpec{
		Title:       lang.L("Columns"),
		Explanation: lang.L("Ticked columns are shown and exported. Keep at least one."),
		Width:       560, Foot: widgets.NewFoot(compute, done),
	}, list)
	if only := v.narrowing(); only != nil {
		s.Add(only)
	}
	s.Show(list.First())
}

// filled tells which columns have something in them, nil without rows. A column without a
// kind has no value in any row.
func (v *arranging) filled() func(col int) bool {
	if v.now.view == nil {
		return nil
	}
	view := v.now.view
	return func(col int) bool { return view.Kind(col) != result.KindNull }
}
