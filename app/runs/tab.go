package runs

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/chart"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/history"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// Deps is what a tab works with.
type Deps struct {
	Desk    *desk.Desk
	Manager Manager
	Known   *reference.Reference
	Window  Window
	// History keeps what runs, with its rows.
	History *history.Book

	own []result.OwnColumn // of rows that have more than one tenant's without asking several
}

// asSetNow is the target with its tenant as the person has it now: it may have
// been set to read-only since the form was opened.
func (d Deps) asSetNow(target session.Target) session.Target {
	for _, tenant := range d.Window.Tenants() {
		if tenant.Domain == target.Tenant.Domain {
			target.Tenant = tenant
		}
	}
	return target
}

// Window is what a tab asks of its window and tells it. It has a field for each of these.
type Window struct {
	// Traced makes a target's session be recorded while a trace is.
	Traced func(session.Target) session.Target
	// Offers are the ways to free a slot for a session that waits.
	Offers func(all []session.Info, waiting session.Info) []fyne.CanvasObject
	// Tenants are those that a reading form may run on beside its own.
	Tenants func() []endpoint.Tenant
	// Marks knows where the person lets nothing be changed.
	Marks func(session.Target) job.Marks
	// SignIn lets the person sign in for a target that needs it, as its error says,
	// and calls done when they have.
	SignIn func(t session.Target, needed error, done func())
	// Tabs are the open ones.
	Tabs func() []*Tab
	// May gives what the account that is signed in may run, as the server describes it.
	May func(cmdletName string) (cmdlet.Cmdlet, bool)
	// Export asks which of the rows and where to, and writes them there.
	Export func(Extract)
	// Columns keeps how the columns of a cmdlet's rows are arranged.
	Columns Arrangements
	// Changed says that what the row of tabs shows of the tab has changed.
	Changed func()
	// Advanced says that Doing of a tab may have another answer, many times while it runs.
	Advanced func()
	// Written says that files are there, and where the first one is.
	Written func(severity widgets.Severity, text, path string)
	// Keep asks for a title and keeps the tab as a report.
	Keep func(*Tab)
	// Picture asks where a picture goes, and writes it there by what is given. Whole says
	// that it is drawn of all rows that there are.
	Picture func(name string, whole bool, write func(w io.Writer, ending string) error)
	// CopyPicture puts a picture on the clipboard, a PNG that write gives.
	CopyPicture func(write func(io.Writer) error)
	// Live is where the rows of a kept run's tenant would be asked for now: false while its
	// account is not signed in. nil where there is no Catalogue.
	Live func(e history.Entry, domain string) (session.Target, bool)
	// Catalogue is what rows and cells lead to; nil where nothing does.
	Catalogue Catalogue
	// Finished says that a run has ended with so many rows.
	Finished func(t *Tab, rows int)
}

// Tab is one cmdlet for one tenant, or for several where it only reads: its form, its
// rows, its messages. It belongs to its tenant for its life. What can be done with it is
// its parts', each a subject of its own. UI thread only. Its parts know what
// they need and not the tab; it has so many methods because its window and the tour ask it for
// each: what it runs, where, how far it is, and what can be done with its rows.
type Tab struct {
	deps Deps
	// Strip is what the row of tabs shows of it.
	Strip *widgets.Tab

	subject
	destination
	panels
	tabRows
	tabParts
	lastRun

	pack *packRun // nil when it is no pack
	each *forRows // what is done for chosen rows; nil for a form of its own
}

// panels are what a tab has on screen beside its rows.
type panels struct {
	form     *widgets.ParameterForm
	talk     *talk
	tenants  *strip
	notices  *notices
	progress *progress
	about    *fyne.Container // what to know before running; of reports
	content  *fyne.Container
	picture  *picture
}

// arrangeParts lays the tab out anew after parts of it came or went.
func (p *panels) arrangeParts() {
	if p.content != nil {
		p.content.Refresh()
	}
}

// subject is what a tab runs: a cmdlet or a report.
type subject struct {
	cmdlet    cmdlet.Cmdlet  // zero for a report
	report    *report.Report // nil for a cmdlet
	id, title string
	kept      *history.Entry // whose rows are shown, of the history; nil where a server is asked
	spec      widgets.FormSpec
	reads     bool   // nothing of it may change something
	packed    bool   // it is a pack
	runText   string // what Run says; "" names the tenants
	// arrange says which columns are shown, in which order, and which hidden.
	arrange func(names []string) (shown, hidden []string)
}

// Cmdlet is what the tab runs; the zero Cmdlet when it is a report.
func (s subject) Cmdlet() cmdlet.Cmdlet { return s.cmdlet }

// Report is what the tab runs; nil when it is a cmdlet.
func (s subject) Report() *report.Report { return s.report }

// Title is what the tab's cmdlet or report is called.
func (s subject) Title() string { return s.title }

// ID tells what the tab runs from all else that one can.
func (s subject) ID() string { return s.id }

// Reads says that nothing that the tab runs may change something.
func (s subject) Reads() bool { return s.reads }

// destination is where a tab runs.
type destination struct {
	base   session.Target   // for its life
	chosen []session.Target // instead, when it only reads; nil is base
}

// targets are where the next run goes.
func (d *destination) targets() []session.Target {
	if len(d.chosen) > 0 {
		return d.chosen
	}
	return []session.Target{d.base}
}

// Target is where the tab runs.
func (d *destination) Target() session.Target { return d.base }

// Targets are where the next run goes.
func (d *destination) Targets() []session.Target { return d.targets() }

// New makes a tab of a cmdlet.
func New(d Deps, c cmdlet.Cmdlet, target session.Target) *Tab {
	c = asWritten(d.Known, c)
	t := newTab(d, subject{
		cmdlet: c, id: c.Name, title: c.Name, spec: formSpec(d.Known, c, cmdlet.Help{}), reads: c.Risk() == cmdlet.Reads,
		arrange: func(names []string) (shown, hidden []string) { return d.Known.Arrange(c.Name, names) },
	}, target)
	t.form.OnRun = t.running.start
	t.form.SetRunStyle(runStyle(c.Risk()))
	t.explaining.explain()
	return t
}

// asWritten gives the parameters in the order in which people write them: first those that
// have a place in a line, such as Identity, then the others as the server named them.
func asWritten(known *reference.Reference, c cmdlet.Cmdlet) cmdlet.Cmdlet {
	laid := known.Lay(c)
	place := func(p cmdlet.Parameter) int {
		if fact, found := laid.Parameter(p.Name); found && fact.Position >= 0 {
			return fact.Position
		}
		return len(c.Parameters)
	}
	c.Parameters = slices.Clone(c.Parameters)
	slices.SortStableFunc(c.Parameters, func(a, b cmdlet.Parameter) int { return cmp.Compare(place(a), place(b)) })
	return c
}

func newTab(d Deps, s subject, target session.Target) *Tab {
	t := &Tab{deps: d, subject: s, destination: destination{base: target}, lastRun: lastRun{confirmation: confirmation{desk: d.Desk}}}
	t.Strip = &widgets.Tab{}
	t.form, t.about = widgets.NewParameterForm(), widgets.NewColumn(0)
	t.rows = newRowsView(rowsOf{desk: d.Desk, id: s.id, arrange: s.arrange, export: d.Window.Export, arranged: d.Window.Columns, rearrange: t.arrangeParts})
	t.talk = newTalk(d.Desk.Copy, t.arrangeParts)
	t.notices = newNotices(d.Desk, t.arrangeParts)
	t.progress = newProgress(t.Stop)
	t.tabParts = newTabParts(t)
	t.tenants = newStrip(stripDeeds{chosen: t.rows.only, stop: t.Stop, retry: t.running.retry, signIn: t.running.signIn, arrange: t.arrangeParts})
	t.rows.menus.next, t.rows.menus.copyLine = func(at viewRow) []*fyne.MenuItem { return t.items(t.rows.now.view, at) }, t.CopyLine
	t.picture = newPicture(d.Desk, t.arrangeParts)
	t.picture.save, t.picture.copy, t.picture.title, t.picture.tints = d.Window.Picture, d.Window.CopyPicture, t.pictureTitle, t.tints
	t.picture.whole = func() bool { return t.rows.run != nil && t.rows.run.whole() }
	t.rows.seen = t.picture.look
	t.rows.arranging.canNarrow = t.narrowing.canNarrow
	t.rows.chart = func() { t.picture.show(!t.picture.visible()) }
	t.askForm()
	t.form.SetSpec(t.formHooks.sendable(s.spec))
	t.form.OnStop = t.Stop
	t.form.SetActions(t.actions()...)
	over := widgets.NewColumn(0, t.about, t.pasting.behind.content, t.tenants.content, t.rows.over, t.notices.content)
	foot := widgets.NewColumn(0, t.rows.stats.content, t.talk.content, t.progress.content)
	t.content = &fyne.Container{Layout: &tabLayout{}, Objects: []fyne.CanvasObject{t.form, over, foot, container.New(besidePicture{}, t.rows.grid, t.picture.content)}}
	t.Strip.Content = t.content
	t.form.OnHeight = t.arrangeParts
	t.named()
	return t
}

// actions are what the form offers beside Run.
func (t *Tab) actions() []fyne.CanvasObject {
	var actions []fyne.CanvasObject
	if t.reads {
		actions = append(actions, widgets.NewButton(lang.L("Tenants ..."), t.chooseTenants))
	}
	if _, has := t.cmdlet.Parameter("WhatIf"); has {
		actions = append(actions, widgets.NewButton(lang.L("What if"), t.WhatIf))
	}
	if t.packed || !t.reads { // a report reads; the menu keeps others when the person allows it
		return actions
	}
	return append(actions, widgets.NewButton(lang.L("Save as a report ..."), func() { t.deps.Window.Keep(t) }))
}

// named names the tenants on the tab and on the button, so that nobody runs in
// the wrong one.
func (t *Tab) named() {
	where := place(t.targets())
	t.form.SetRunText(cmp.Or(t.runText, fmt.Sprintf(lang.L("Run on %s"), where)))
	t.Strip.Title, t.Strip.Detail, t.Strip.Color = t.title, where, nil
	if targets := t.targets(); len(targets) == 1 {
		t.Strip.Color = words.TenantColor(targets[0].Tenant)
	}
	t.deps.Window.Changed()
}

// For makes a tab of the same for another target.
func (t *Tab) For(target session.Target) *Tab {
	if t.report != nil {
		return NewReport(t.deps, *t.report, target)
	}
	if t.pack != nil {
		return NewPack(t.deps, t.pack.spec, target)
	}
	return New(t.deps, t.cmdlet, target)
}

// Form is the tab's form.
func (t *Tab) Form() *widgets.ParameterForm { return t.form }

// pictureTitle says what a chart is of.
func (t *Tab) pictureTitle() string {
	if t.run == nil {
		return t.title
	}
	return chart.Title(t.run.from)
}

// Drawn tells whether the chart is on screen.
func (t *Tab) Drawn() bool { return t.picture.drawn != nil }

// WhatIf asks the server what would change, and changes nothing.
func (t *Tab) WhatIf() {
	if t.each != nil {
		t.each.whatIf()
		return
	}
	t.running.whatIf()
}

// Remembered is what the history keeps of the tab's last run, or the run whose kept rows it
// shows; ok is false before one has ended.
func (t *Tab) Remembered() (e history.Entry, ok bool) {
	if t.kept != nil {
		return *t.kept, true
	}
	if t.run != nil {
		t.run.mu.Lock()
		e = t.run.entry
		t.run.mu.Unlock()
	}
	return e, e.ID != ""
}

// CopyLine puts the PowerShell on the clipboard that gives the rows again.
func (t *Tab) CopyLine() { t.copying.copyLine() }

// Take fills the form with a line that was pasted.
func (t *Tab) Take(p Pasted) { t.pasting.take(p) }

// MoreAbout offers the reports that say more of the current cell.
func (t *Tab) MoreAbout() { t.linking.moreAbout() }

// ForRows asks what to do for the selected rows.
func (t *Tab) ForRows() { t.goingOn.askForRows() }

// Close ends the run and lets go of its rows.
func (t *Tab) Close() {
	t.Stop()
	t.explaining.end()
	t.run = nil
	t.rows.close()
}

// Escape stops what only reads. What changes something is stopped by its button
// alone, not by a key that also closes lists.
func (t *Tab) Escape() {
	if t.reads {
		t.Stop()
	}
}

// Stop ends the run; the rows that came stay.
func (t *Tab) Stop() {
	if t.Running() {
		t.run.job.Stop()
		t.progress.line.SetText(lang.L("Stopping ..."), "")
	}
}

// SessionsChanged hears of all sessions after one has changed.
func (t *Tab) SessionsChanged(infos []session.Info) {
	t.explaining.explainIn(infos)
	if !t.Running() {
		return
	}
	for _, i := range infos {
		t.run.job.SessionChanged(i)
	}
	for _, i := range infos {
		if target, ours := t.run.job.Opening(i); ours && i.Waits() && t.run.job.Status()[target].State == job.Waiting {
			t.notices.offer(t.deps.Window.Offers(infos, i))
			return
		}
	}
	t.notices.offer(nil)
}
