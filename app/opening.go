package app

import (
	"slices"
	"strings"

	"postroom/app/find"
	"postroom/app/gallery"
	"postroom/app/runs"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/reference"
)

// opening opens tabs, for the tenant at the top.
type opening struct {
	accounts *accounts
	reports  *reportList
	finder   *find.Finder
	middle   *middle
	traced   func(session.Target) session.Target
	folder   func() string                     // where files go
	answers  func(id string) map[string]string // that were given last
	signIn   func()
}

// target is where the next form goes.
func (o *opening) target() (session.Target, bool) {
	c := o.accounts.now
	if c == nil {
		return session.Target{}, false
	}
	t := c.base
	t.Tenant = c.tenant
	return o.traced(t), true
}

// cmdlet opens a form for a cmdlet, for the tenant that is chosen; nil when nobody is
// signed in or the account may not run it.
func (o *opening) cmdlet(name string) *runs.Tab {
	target, ok := o.target()
	if !ok {
		return nil
	}
	i := slices.IndexFunc(o.accounts.now.cmdlets, func(c cmdlet.Cmdlet) bool { return c.Name == name })
	if i >= 0 {
		o.finder.Used(cmdletKey(name))
		return o.middle.openForm(o.accounts.now.cmdlets[i], target)
	}
	return nil
}

// report opens a report for the tenant at the top. One that asks nothing runs
// at once; a pack never does, since it writes files.
func (o *opening) report(name string) *runs.Tab {
	t := o.form(name)
	if r := reportOf(t); r != nil && len(r.Questions) == 0 && r.Reads() {
		t.Form().Run()
	}
	return t
}

// form opens a report or a pack for the tenant at the top; nil when nobody is signed
// in, who is asked to.
func (o *opening) form(name string) *runs.Tab {
	return o.chosen(foundReport+name, gallery.Choice{Values: o.answers(foundReport + name)})
}

// chosen opens a report, a pack or a cmdlet as it was filled in; nil when nobody is
// signed in, who is asked to.
func (o *opening) chosen(id string, c gallery.Choice) *runs.Tab {
	target, ok := o.target()
	if !ok {
		o.signIn() // it is there after signing in, as it was filled in
		return nil
	}
	if len(c.Tenants) == 1 {
		target.Tenant = c.Tenants[0]
	}
	t := o.at(id, target)
	if t == nil {
		return nil
	}
	if len(c.Tenants) > 1 {
		t.UseTenants(c.Tenants)
	}
	t.Form().SetValues(c.Values)
	return t
}

// at opens what an item of a list stands for, for a target.
func (o *opening) at(id string, target session.Target) *runs.Tab {
	name, found := strings.CutPrefix(id, foundReport)
	if !found {
		return o.cmdlet(id)
	}
	o.finder.Used(reportKey(name))
	if p, isPack := o.reports.packNamed(name); isPack {
		return o.middle.openPack(runs.PackSpec{Pack: p, Reports: o.reports.all, Folder: o.folder()}, target)
	}
	r, known := o.reports.named(name)
	if !known {
		return nil
	}
	return o.middle.openReport(r, target)
}

// found opens what was found: a report, a cmdlet by its name, or the form of a
// pasted line.
func (o *opening) found(id string) {
	if name, isReport := strings.CutPrefix(id, foundReport); isReport {
		o.report(name)
		return
	}
	text, isLine := strings.CutPrefix(id, pastedLine)
	if !isLine {
		o.cmdlet(id)
		return
	}
	if o.accounts.now == nil {
		return
	}
	p, is, err := runs.Paste(reference.New(), o.accounts.now.cmdlets, text)
	if !is || err != nil {
		return // it was told what is wrong with it
	}
	if tab := o.cmdlet(p.Cmdlet.Name); tab != nil {
		tab.Take(p)
	}
}
