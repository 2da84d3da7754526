package runs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// chosenRow is a row that something is done for.
type chosenRow struct {
	target session.Target
	object string
	row    report.Row
	before rowBefore         // as it was read
	call   cmdlet.Invocation // that is sent for it, whatever the form says; zero for none
}

// chosenRows are rows of a tab for which something is done next.
type chosenRows struct {
	list  []chosenRow
	thing report.Thing // what they are; the zero value where nobody knows
	from  string       // the tab that they were chosen in
}

// what says what they are, and how many.
func (c chosenRows) what() string {
	name := words.Of(c.thing.Titles)
	switch {
	case c.thing.Name == "":
		return words.Rows(len(c.list))
	case len(c.list) == 1:
		name = words.Of(c.thing.Title)
	}
	return words.Number(len(c.list)) + " " + name
}

// targets are where the rows are, each once.
func (c chosenRows) targets() []session.Target {
	var list []session.Target
	for _, r := range c.list {
		if !slices.ContainsFunc(list, func(t session.Target) bool { return t.Tenant.Domain == r.target.Tenant.Domain }) {
			list = append(list, r.target)
		}
	}
	return list
}

// goingOn does what comes next for a tab's rows.
type goingOn struct {
	desk      *desk.Desk
	known     *reference.Reference
	rows      *onScreen
	notices   *notices
	catalogue Catalogue // nil where nothing leads on
	about     *origins
	open      leadOn
}

// chooseRows calls took with the selected rows, else the current one; with none where nothing
// tells them from each other.
func (t goingOn) chooseRows(took func(chosenRows)) {
	view := t.rows.now.view
	if view == nil || t.catalogue == nil {
		took(chosenRows{})
		return
	}
	listed := t.rows.selection()
	if t.rows.grid.SelectedCount() == 0 {
		row, _ := t.rows.grid.Current()
		at, ok := t.rows.viewRow(row)
		if !ok {
			took(chosenRows{})
			return
		}
		listed = func() []int { return []int{at} }
	}
	c := chosenRows{thing: t.about.subjectOf(view.Headers()).Thing, from: t.about.title}
	chosen := t.chooser(view)
	t.rows.aside(func() { c.list = chosen(listed()) }, func() { took(c) })
}

// chooser gives a function that makes of rows of a view what something is done for: a mailbox
// with three rules is one mailbox. A worker may call it.
func (t goingOn) chooser(view *result.View) func(rows []int) []chosenRow {
	subject, targetOf := t.about.subjectOf(view.Headers()), t.about.targets(view)
	return func(rows []int) (list []chosenRow) {
		if subject.Column == "" {
			return nil
		}
		type thing struct{ domain, object string }
		seen := map[thing]bool{}
		for _, at := range rows {
			object, ok := single(view, at, subject.Column)
			target, live := targetOf(at)
			is := thing{target.Tenant.Domain, object}
			if !ok || !live || seen[is] {
				continue
			}
			seen[is] = true
			list = append(list, chosenRow{
				target: target, object: object, before: rowBefore{view, at},
				row: report.Row{Subject: subject, Value: func(name string) (string, bool) { return single(view, at, name) }},
			})
		}
		return list
	}
}

// askForRows asks what to do for the selected rows: a report or a cmdlet, with what
// names them filled in.
func (t goingOn) askForRows() {
	t.chooseRows(func(c chosenRows) {
		if len(c.list) == 0 {
			t.notices.warn(lang.L("No column of these rows identifies them to a cmdlet."))
			return
		}
		t.askFor(c)
	})
}

func (t goingOn) askFor(c chosenRows) {
	list := widgets.NewSideList()
	list.SetPlaceHolder(lang.L("Find a report or cmdlet"))
	list.SetSections(t.sections(c))
	var s *widgets.Sheet
	list.OnOpen = func(id string) {
		s.Hide()
		t.openFor(c, id)
	}
	s = t.desk.Sheets.New(widgets.SheetSpec{
		Title:       fmt.Sprintf(lang.L("For %s"), c.what()),
		Explanation: lang.L("Each row's identity is filled in. Before anything changes, you see every command."),
		Width:       620, Foot: widgets.NewFoot(nil, widgets.NewButton(lang.L("Cancel"), func() { s.Hide() })),
	}, widgets.NewTall(380, list))
	s.Show(nil)
	list.FocusSearch()
}

// What an item of that list is, before its name.
const (
	nextReport = "report "
	nextCmdlet = "cmdlet "
)

// sections are what can be done: reports that look, cmdlets that change, all
// others that take such a thing.
func (t goingOn) sections(c chosenRows) []widgets.SideSection {
	look := widgets.SideSection{Title: lang.L("Show")}
	change := widgets.SideSection{Title: lang.L("Change")}
	service := report.ServiceOf(c.list[0].target.Endpoint)
	for _, r := range t.catalogue.Reports() {
		if _, ok := r.AnswersOf(c.list[0].row); ok && r.Has(service) && r.Explains(c.thing.Name) {
			look.Items = append(look.Items, widgets.SideItem{ID: nextReport + r.Name, Title: words.Of(r.Title), Detail: words.Of(r.Asks)})
		}
	}
	rest := widgets.SideGroup{Title: lang.L("Any cmdlet that takes an identity")}
	mine := slices.Clone(t.catalogue.Cmdlets())
	slices.SortFunc(mine, func(a, b cmdlet.Cmdlet) int { return cmp.Compare(a.Name, b.Name) })
	for _, m := range mine {
		if identityOf(m) == "" {
			continue
		}
		item := widgets.SideItem{ID: nextCmdlet + m.Name, Title: m.Name, Detail: words.Of(t.known.Synopsis(m.Name))}
		_, noun, _ := strings.Cut(m.Name, "-")
		acts := slices.ContainsFunc(c.thing.Acts, func(a string) bool { return strings.EqualFold(a, noun) })
		switch reads := m.Risk() == cmdlet.Reads; {
		case acts && reads:
			look.Items = append(look.Items, item)
		case acts:
			change.Items = append(change.Items, item)
		default:
			rest.Items = append(rest.Items, item)
		}
	}
	return []widgets.SideSection{look, change, {Title: lang.L("Others"), Groups: []widgets.SideGroup{rest}}}
}

// identityOf is the parameter of a cmdlet that names the object; "" where it has
// none.
func identityOf(c cmdlet.Cmdlet) string {
	for _, name := range []string{"Identity", "Mailbox"} {
		if p, has := c.Parameter(name); has {
			return p.Name
		}
	}
	return ""
}

// openFor opens what was chosen for the rows.
func (t goingOn) openFor(c chosenRows, id string) {
	if name, is := strings.CutPrefix(id, nextReport); is {
		for _, r := range t.catalogue.Reports() {
			if r.Name == name {
				t.open(func(d Deps) *Tab { return newReportForRows(d, r, c) }).form.Run()
			}
		}
		return
	}
	name := strings.TrimPrefix(id, nextCmdlet)
	for _, m := range t.catalogue.Cmdlets() {
		if m.Name == name {
			next := t.open(func(d Deps) *Tab { return newCmdletForRows(d, m, c) })
			if next.reads && len(next.form.Values()) == 0 && !next.needsMore() {
				next.form.Run()
			}
		}
	}
}

// items are the entries of a row's menu that lead on.
func (p *tabParts) items(view *result.View, at viewRow) []*fyne.MenuItem {
	items := slices.Concat(p.puttingBack.items(view, at.row), p.comparisons.items(view, at.row), p.linking.items(view, at.row, at.col))
	forRows := func(what string) {
		items = append(items, fyne.NewMenuItem(fmt.Sprintf(lang.L("For %s ..."), what), p.goingOn.askForRows))
	}
	if n := p.goingOn.rows.grid.SelectedCount(); n > manySelected {
		forRows(words.Rows(n)) // what they are is found out when it is asked for
		return items
	}
	p.goingOn.chooseRows(func(c chosenRows) {
		if len(c.list) > 0 {
			forRows(c.what())
		}
	})
	return items
}

// viewRow is a cell of the view.
type viewRow struct{ row, col int }
