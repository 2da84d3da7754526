package app

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"postroom/app/runs"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/history"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/widgets"
)

// middle is what stands in the middle of the window: the open forms in a row of
// tabs or, without any, what there is to do next.
type middle struct {
	deps    runs.Deps
	tabs    *widgets.Tabs
	open    []*runs.Tab       // in the order of the tabs
	welcome fyne.CanvasObject // nobody is signed in
	reports fyne.CanvasObject // the gallery: connected and nothing open yet, or asked for
	browse  bool              // the gallery is asked for although something is open
	content *fyne.Container
	signed  bool // somebody is signed in
}

// make makes what stands in the middle.
func (m *middle) make(welcome, reports fyne.CanvasObject) {
	m.tabs, m.welcome, m.reports = widgets.NewTabs(), welcome, reports
	m.tabs.OnClose = m.close
	m.content = container.NewStack(m.welcome, m.reports, m.tabs)
}

// tabDeps are what tabs work with.
func tabDeps(w *mainWindow) runs.Deps {
	return runs.Deps{Desk: w.desk, Manager: w.app.manager, Known: reference.New(), History: w.app.history, Window: runs.Window{
		SignIn: func(t session.Target, _ error, done func()) { w.connector.SignInFor(t, done) },
		Marks:  w.tenants.marks, Traced: w.recorder.traced, Offers: w.sessions.Offers, Tenants: func() []endpoint.Tenant { return w.tenants.current().All() },
		Tabs: func() []*runs.Tab { return w.middle.open }, May: func(name string) (cmdlet.Cmdlet, bool) { return w.accounts.may(name) }, Export: w.exporter.export, Columns: columns{w.kept},
		Catalogue: leading{w.reports, w.accounts, w.middle}, Live: w.history.live, Picture: w.exporter.picture, CopyPicture: w.exporter.copyPicture, Changed: func() { w.middle.tabs.Refresh(); w.status.showRunning() }, Advanced: w.status.show, Finished: w.finished, Written: w.saver.Saved, Keep: w.own.keep,
	}}
}

// leading is what rows and cells of a tab lead to.
type leading struct {
	reports  *reportList
	accounts *accounts
	middle   *middle
}

// Things are what rows are about.
func (l leading) Things() report.Things { return l.reports.things }

// Reports are the catalogue.
func (l leading) Reports() []report.Report { return l.reports.all }

// Cmdlets are those that the account may run.
func (l leading) Cmdlets() []cmdlet.Cmdlet {
	if c := l.accounts.now; c != nil {
		return c.cmdlets
	}
	return nil
}

// Title is that of a report or a pack; its name where there is none of it any more.
func (l leading) Title(name string) string { return l.reports.titleOf(name) }

// Show puts a tab in front.
func (l leading) Show(t *runs.Tab) { l.middle.show(t) }

// arrange shows the tabs or what there is to do next.
func (m *middle) arrange(signedIn bool) {
	m.signed = signedIn
	widgets.SetVisible(m.tabs, len(m.open) > 0 && !m.browse)
	widgets.SetVisible(m.welcome, len(m.open) == 0 && !signedIn && !m.browse)
	widgets.SetVisible(m.reports, len(m.open) == 0 && signedIn || m.browse)
}

// browsing shows the gallery over what is open, or what is open again.
func (m *middle) browsing(on bool) {
	m.browse = on
	m.arrange(m.signed)
}

// openForm opens a form of a cmdlet for a target, which it keeps for its life.
func (m *middle) openForm(c cmdlet.Cmdlet, target session.Target) *runs.Tab {
	return m.show(runs.New(m.deps, c, target))
}

// openReport opens a report for a target, which it keeps for its life.
func (m *middle) openReport(r report.Report, target session.Target) *runs.Tab {
	return m.show(runs.NewReport(m.deps, r, target))
}

// openPack opens a pack for a target, which it keeps for its life.
func (m *middle) openPack(spec runs.PackSpec, target session.Target) *runs.Tab {
	return m.show(runs.NewPack(m.deps, spec, target))
}

// openKept opens the kept rows of a run.
func (m *middle) openKept(e history.Entry) { m.show(runs.NewKept(m.deps, e)).Form().Run() }

// openDifference opens what changed from one run to another.
func (m *middle) openDifference(before, after history.Entry) {
	m.show(runs.NewDifference(m.deps, before, after)).Form().Run()
}

// show puts a new tab in front.
func (m *middle) show(t *runs.Tab) *runs.Tab {
	m.open, m.browse = append(m.open, t), false
	m.tabs.Append(t.Strip)
	m.tabs.Select(t.Strip)
	m.arrange(m.signed)
	if t.Form().FocusFirst(); len(t.Form().InSight()) == 0 {
		m.deps.Desk.Focus(t.Grid()) // else the search would keep the keyboard
	}
	return t
}

// follow looks at another tenant as at the one before: the form in front gets a
// companion for that tenant, or gives way to the one that is there. What was
// typed goes with a form that only reads; a change is filled in anew.
func (m *middle) follow(t endpoint.Tenant) {
	i := m.tabs.SelectedIndex()
	if i < 0 || i >= len(m.open) || m.open[i].Target().Tenant.Domain == t.Domain {
		return
	}
	before := m.open[i]
	if !before.Follows() {
		return
	}
	there := slices.IndexFunc(m.open, func(o *runs.Tab) bool {
		return o.ID() == before.ID() && o.Target().Tenant.Domain == t.Domain && o.Target().Holder() == before.Target().Holder()
	})
	if there >= 0 {
		m.tabs.Select(m.open[there].Strip)
		return
	}
	target := before.Target()
	target.Tenant = t
	opened := m.show(before.For(target))
	if before.Reads() {
		opened.Form().SetParameterSet(before.Form().ParameterSet())
		opened.Form().SetValues(before.Form().Values())
	}
}

// close closes a tab and stops its run. The session stays.
func (m *middle) close(tab *widgets.Tab) {
	i := slices.Index(m.tabs.Items(), tab)
	if i < 0 || i >= len(m.open) {
		return
	}
	m.open[i].Close()
	m.open = slices.Delete(m.open, i, i+1)
	m.tabs.Remove(tab)
	m.arrange(m.signed)
}

// closeFront closes the tab in front.
func (m *middle) closeFront() {
	if tab := m.tabs.Selected(); tab != nil {
		m.close(tab)
	}
}

// withFront does something with the form in front, if there is one.
func (m *middle) withFront(do func(*runs.Tab)) {
	if i := m.tabs.SelectedIndex(); i >= 0 && i < len(m.open) && !m.browse {
		do(m.open[i])
	}
}

// inFront tells whether somebody looks at a form.
func (m *middle) inFront(t *runs.Tab) bool {
	i := m.tabs.SelectedIndex()
	return i >= 0 && i < len(m.open) && m.open[i] == t
}

// goingOn is a run that goes on.
type goingOn struct {
	far  string // "" while nothing is known
	name string
}

// running says what runs, and how far it is.
func (m *middle) running() (list []goingOn) {
	for _, t := range m.open {
		if t.Running() {
			list = append(list, goingOn{far: t.Doing(), name: t.Strip.Name()})
		}
	}
	return list
}

// worksIn names the runs that go on for a session's tenant.
func (m *middle) worksIn(i session.Info) (titles []string) {
	for _, t := range m.open {
		if t.Running() && slices.ContainsFunc(t.Targets(), func(target session.Target) bool {
			return target.Holder() == i.Holder && target.Tenant.Domain == i.Tenant.Domain
		}) {
			titles = append(titles, t.Strip.Title)
		}
	}
	return titles
}

// changing are the forms whose run changes something and has not ended.
func (m *middle) changing() []*runs.Tab {
	var found []*runs.Tab
	for _, t := range m.open {
		if t.Changing() {
			found = append(found, t)
		}
	}
	return found
}

// setSessions tells each form how the sessions are.
func (m *middle) setSessions(infos []session.Info) {
	for _, t := range m.open {
		t.SessionsChanged(infos)
	}
}
