package runs

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/history"
	"postroom/session/report"
	"postroom/session/result"
)

// Catalogue is what a tab may lead to.
type Catalogue interface {
	// Things are what rows are about, Reports those that there are.
	Things() report.Things
	Reports() []report.Report
	// Cmdlets are those that the account may run.
	Cmdlets() []cmdlet.Cmdlet
	// Title is that of a report or a pack, by its name.
	Title(name string) string
	// Show puts a tab in front.
	Show(*Tab)
}

// origins knows what a tab's rows are about, and where they come from.
type origins struct {
	subject
	target    session.Target // the tab's
	last      *lastRun
	catalogue Catalogue // nil where nobody knows
	// live is where the rows of a kept run's tenant would be asked for now.
	live func(e history.Entry, domain string) (session.Target, bool)
}

// subjectOf is what the rows of a tab are about, whose columns are those; the
// zero value where nobody knows.
func (t *origins) subjectOf(columns []string) report.Subject {
	if t.catalogue == nil {
		return report.Subject{}
	}
	things := t.catalogue.Things()
	of, name := t.report, t.cmdlet.Name
	if t.kept != nil {
		name = cmdletOf(*t.kept)
		for _, r := range t.catalogue.Reports() {
			if r.Name == t.kept.Report {
				of = &r
			}
		}
	}
	if of != nil {
		s, _ := things.OfReport(*of, report.ServiceOf(t.target.Endpoint), columns)
		return s
	}
	s, _ := things.OfRows(name, columns)
	return s
}

// rowOf is a row of a view as links read it.
func (t *origins) rowOf(view *result.View, row int, column string) report.Row {
	return report.Row{Subject: t.subjectOf(view.Headers()), Column: column, Value: func(name string) (string, bool) {
		return single(view, row, name)
	}}
}

// single is the one value of a column; ok is false for none or several.
func single(view *result.View, row int, name string) (text string, ok bool) {
	col, there := view.Column(name)
	if !there {
		return "", false
	}
	v := view.Value(row, col)
	switch {
	case v.Kind == result.KindNull, v.Kind == result.KindAbsent:
		return "", false
	case v.Kind == result.KindList && len(v.Items) == 1:
		return v.Items[0], true
	case v.Kind == result.KindList:
		return "", false
	}
	return view.Cell(row, col), true
}

// live are what a tab works with that leads on from one: kept rows ask no server, what they
// lead to does.
func (d Deps) live() Deps {
	if kept, is := d.Manager.(noSessions); is {
		d.Manager, d.own = kept.Manager, nil
	}
	return d
}

// targetOf is where the rows of a row's tenant come from; false where nobody is signed in
// there any more.
func (t *origins) targetOf(view *result.View, row int) (session.Target, bool) {
	return t.targets(view)(row)
}

// targets gives targetOf for the rows of a view as it stands now. A worker may call it.
func (t *origins) targets(view *result.View) func(row int) (session.Target, bool) {
	if t.kept == nil {
		ranOn := t.ranOn(view)
		return func(row int) (session.Target, bool) { return ranOn(row), true }
	}
	type live struct {
		target session.Target
		is     bool
	}
	now := map[string]live{}
	for _, domain := range append([]string{""}, t.kept.Tenants...) {
		target, is := t.live(*t.kept, domain)
		now[domain] = live{target, is}
	}
	alone := ""
	if len(t.kept.Tenants) == 1 {
		alone = t.kept.Tenants[0]
	}
	return func(row int) (session.Target, bool) {
		domain, of := single(view, row, result.TenantColumn.Name())
		if !of {
			domain = alone
		}
		return now[domain].target, now[domain].is
	}
}

// ranOn gives the target of the last run that a row of a view came from.
func (t *origins) ranOn(view *result.View) func(row int) session.Target {
	alone, byDomain := t.target, map[string]session.Target{}
	if t.last.run != nil {
		if len(t.last.run.targets) == 1 {
			alone = t.last.run.targets[0]
		}
		for _, target := range t.last.run.targets {
			if _, known := byDomain[target.Tenant.Domain]; !known {
				byDomain[target.Tenant.Domain] = target
			}
		}
	}
	return func(row int) session.Target {
		if domain, ok := single(view, row, result.TenantColumn.Name()); ok {
			if target, is := byDomain[domain]; is {
				return target
			}
		}
		return alone
	}
}

// leadOn makes a tab that leads on from another, and puts it in front.
type leadOn func(func(Deps) *Tab) *Tab

// linking leads from a tab's rows to what says more of them.
type linking struct {
	desk      *desk.Desk
	rows      *onScreen
	notices   *notices
	catalogue Catalogue // nil where nothing leads on
	about     *origins
	open      leadOn
	beside    func(view *result.View, row int) []*fyne.MenuItem // what leads on from a row beside links
}

// items lead from a cell to the reports that say more of it.
func (t linking) items(view *result.View, row, col int) []*fyne.MenuItem {
	if t.catalogue == nil {
		return nil
	}
	target, ok := t.about.targetOf(view, row)
	if !ok {
		return nil
	}
	links := t.catalogue.Things().Links(t.catalogue.Reports(), report.ServiceOf(target.Endpoint), t.about.rowOf(view, row, view.Header(col)))
	byValue := map[string]*fyne.MenuItem{}
	var items []*fyne.MenuItem
	for _, link := range links {
		item := byValue[link.Value]
		if item == nil {
			item = fyne.NewMenuItem(fmt.Sprintf(lang.L("More about %s"), shortened(calledBy(view, row, link.Value))), nil)
			item.ChildMenu = fyne.NewMenu("")
			byValue[link.Value], items = item, append(items, item)
		}
		text := words.Of(link.Report.Title)
		if q, _ := link.Report.Question(link.Question); !q.Needed && len(link.Report.Questions) > 1 {
			text += " · " + words.Of(q.Label)
		}
		item.ChildMenu.Items = append(item.ChildMenu.Items, fyne.NewMenuItem(text, func() { t.follow(link, target) }))
	}
	return items
}

// calledBy is what people call a row's thing: a GUID tells them nothing where the row has a name.
func calledBy(view *result.View, row int, value string) string {
	if _, err := clixml.ParseGUID(value); err != nil {
		return value
	}
	for _, column := range []string{"DisplayName", "Subject", "Name"} {
		if name, is := single(view, row, column); is && strings.TrimSpace(name) != "" {
			return name
		}
	}
	return value
}

// shortened cuts a text that a menu has no room for.
func shortened(text string) string {
	const most = 40
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}

// follow opens the report of a link with its questions answered, and runs it.
func (t linking) follow(link report.Link, target session.Target) {
	t.open(func(d Deps) *Tab {
		next := NewReport(d, link.Report, target)
		next.form.SetValues(link.Answers)
		return next
	}).form.Run()
}

// moreAbout offers the reports that say more of the current cell.
func (t linking) moreAbout() {
	row, col := t.rows.grid.Current()
	at, ok := t.rows.viewRow(row)
	if !ok || col < 0 {
		return
	}
	if _, live := t.about.targetOf(t.rows.now.view, at); !live {
		t.notices.warn(fmt.Sprintf(lang.L("Sign in as %s to ask more about kept rows."), t.about.target.Account))
		return
	}
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.rows.grid).AddXY(40, 40)
	items := append(t.beside(t.rows.now.view, at), t.items(t.rows.now.view, at, col)...)
	switch {
	case len(items) == 1 && items[0].ChildMenu != nil:
		t.desk.Menu(place, items[0].ChildMenu.Items...)
	case len(items) > 0:
		t.desk.Menu(place, items...)
	default:
		t.notices.warn(lang.L("No report has more about this row."))
	}
}
