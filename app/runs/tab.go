package runs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image/color"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

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

// Window is what a tab asks of its window and tells it: a field for each.
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
	// Written says that files are there, and where the first one is.
	Written func(severity widgets.Severity, text, path string)
	// Keep asks for a title and keeps the tab as a report.
	Keep func(*Tab)
	// Picture asks where a picture goes, and writes it there by what is given.
	Picture func(name string, write func(w io.Writer, ending string) error)
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

// Tab is one cmdlet for one tenant, or for several where it only reads: its form,
// its rows, its messages. It belongs to its tenant for its life. UI thread only.
//
// It has more methods than most: its parts are structs of their own, and here is
// the way between them (the form, the one run that goes on, what it gave), and
// what the window and its tour ask of a tab.
type Tab struct {
	Deps
	// Strip is what the row of tabs shows of it.
	Strip *widgets.Tab

	subject
	base   session.Target   // where it runs, for its life
	chosen []session.Target // where it runs instead, when it only reads; nil is base

	form     *widgets.ParameterForm
	rows     *rowsView
	talk     *talk
	tenants  *strip
	notices  *notices
	behind   *behind
	progress *progress
	about    *fyne.Container // what to know before running; of reports
	content  *fyne.Container
	picture  *picture

	run      *run           // the last run; nil before the first
	pack     *packRun       // nil when it is no pack
	each     *forRows       // what is done for chosen rows; nil for a form of its own
	kept     *history.Entry // whose rows are shown, of the history; nil where a server is asked
	compared *comparing     // nil where nothing is compared
	asking   *widgets.Sheet
	shown    int // messages

	asked bool   // the server was asked for help, or is
	unask func() // ends the question; nil before the first
}

// subject is what a tab runs: a cmdlet or a report.
type subject struct {
	cmdlet    cmdlet.Cmdlet  // zero for a report
	report    *report.Report // nil for a cmdlet
	id, title string
	spec      widgets.FormSpec
	reads     bool   // nothing of it may change something
	packed    bool   // it is a pack
	runText   string // what Run says; "" names the tenants
	// arrange says which columns are shown, in which order, and which hidden.
	arrange func(names []string) (shown, hidden []string)
}

// New makes a tab of a cmdlet.
func New(d Deps, c cmdlet.Cmdlet, target session.Target) *Tab {
	c = asWritten(d.Known, c)
	t := newTab(d, subject{
		cmdlet: c, id: c.Name, title: c.Name, spec: formSpec(d.Known, c, cmdlet.Help{}), reads: c.Risk() == cmdlet.Reads,
		arrange: func(names []string) (shown, hidden []string) { return d.Known.Arrange(c.Name, names) },
	}, target)
	t.form.OnRun = t.start
	t.form.SetRunStyle(runStyle(c.Risk()))
	t.explain()
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
	t := &Tab{Deps: d, subject: s, base: target, form: widgets.NewParameterForm(), about: widgets.NewColumn(0)}
	t.rows = newRowsView(rowsOf{desk: d.Desk, id: s.id, arrange: s.arrange, export: d.Window.Export, arranged: d.Window.Columns, rearrange: t.arrangeParts})
	t.talk = newTalk(d.Desk.Copy, t.arrangeParts)
	t.notices = newNotices(d.Desk, t.arrangeParts)
	t.behind = newBehind()
	t.progress = newProgress(t.Stop)
	t.tenants = newStrip(stripDeeds{chosen: t.rows.only, stop: t.Stop, retry: t.retry, signIn: t.signIn, arrange: t.arrangeParts})
	t.rows.next, t.rows.copyLine = t.nextItems, t.CopyLine
	t.picture = newPicture(d.Desk, t.arrangeParts)
	t.picture.save, t.picture.copy, t.picture.title, t.picture.tints = d.Window.Picture, d.Window.CopyPicture, t.pictureTitle, t.tints
	t.rows.seen = t.picture.look
	t.rows.canNarrow = t.canNarrow
	t.rows.chart = func() { t.picture.show(!t.picture.visible()) }
	t.askForm()
	t.form.SetSpec(t.sendable(s.spec))
	t.form.OnStop = t.Stop
	t.form.SetActions(t.actions()...)
	over := widgets.NewColumn(0, t.about, t.behind.content, t.tenants.content, t.rows.over, t.notices.content)
	foot := widgets.NewColumn(0, t.rows.stats.content, t.talk.content, t.progress.content)
	t.content = &fyne.Container{Layout: &tabLayout{}, Objects: []fyne.CanvasObject{t.form, over, foot, container.New(besidePicture{}, t.rows.grid, t.picture.content)}}
	t.Strip = &widgets.Tab{Content: t.content}
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
	if t.packed {
		return actions
	}
	return append(actions, widgets.NewButton(lang.L("Save as a report ..."), func() { t.Window.Keep(t) }))
}

// targets are where the next run goes.
func (t *Tab) targets() []session.Target {
	if len(t.chosen) > 0 {
		return t.chosen
	}
	return []session.Target{t.base}
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
	t.Window.Changed()
}

// Cmdlet is what the tab runs; the zero Cmdlet when it is a report.
func (t *Tab) Cmdlet() cmdlet.Cmdlet { return t.cmdlet }

// ID tells what the tab runs from all else that one can.
func (t *Tab) ID() string { return t.id }

// Reads says that nothing that the tab runs may change something.
func (t *Tab) Reads() bool { return t.reads }

// For makes a tab of the same for another target.
func (t *Tab) For(target session.Target) *Tab {
	if t.report != nil {
		return NewReport(t.Deps, *t.report, target)
	}
	if t.pack != nil {
		return NewPack(t.Deps, t.pack.spec, target)
	}
	return New(t.Deps, t.cmdlet, target)
}

// Target is where the tab runs.
func (t *Tab) Target() session.Target { return t.base }

// Form is the tab's form.
func (t *Tab) Form() *widgets.ParameterForm { return t.form }

// Grid shows the tab's rows.
func (t *Tab) Grid() *widgets.Grid { return t.rows.grid }

// FocusFilter gives the keyboard to the filter of the rows.
func (t *Tab) FocusFilter() { t.Desk.Focus(t.rows.filter) }

// Export exports the rows and columns as they are on screen.
func (t *Tab) Export() { t.rows.taking.exportShown() }

// Shown is what is on screen of the rows; nil before the first run.
func (t *Tab) Shown() *result.View { return t.rows.shown() }

// Extract is what can be exported of the rows now; false before there are any.
func (t *Tab) Extract() (Extract, bool) { return t.rows.taking.extract() }

// Chart shows the chart beside the rows, or takes it away.
func (t *Tab) Chart() { t.rows.chart() }

// pictureTitle says what a chart is of.
func (t *Tab) pictureTitle() string {
	if t.run == nil {
		return t.title
	}
	return chart.Title(t.title, t.run.provenance())
}

// tints are the colours of the tenants whose rows there are.
func (t *Tab) tints() map[string]color.Color {
	if t.run == nil {
		return nil
	}
	return t.run.tints()
}

// Filter shows the rows that have the text.
func (t *Tab) Filter(text string) { t.rows.filter.SetText(text) }

// FilterBy shows the rows for which the filter of a column holds, beside the other filters.
func (t *Tab) FilterBy(column string, f widgets.ColumnFilter) { t.rows.filtering.setFilter(column, &f) }

// Sort orders the rows by columns, the first key first.
func (t *Tab) Sort(keys ...widgets.SortKey) {
	t.rows.grid.SetSort(keys...)
	t.rows.sort(keys)
}

// Running tells whether a run goes on.
func (t *Tab) Running() bool { return t.run != nil && !t.run.over }

// Ran tells whether a run has come to its end, well or not.
func (t *Tab) Ran() bool { return t.run != nil && t.run.over }

// Err is why the last run, on one tenant, did not come to its end; nil when it
// did, or was stopped.
func (t *Tab) Err() error {
	if t.run == nil || t.run.several() {
		return nil
	}
	s := t.run.job.Status()[0]
	if s.State == job.Stopped {
		return nil
	}
	return s.Err
}

// Changing tells whether a run goes on that may change something.
func (t *Tab) Changing() bool { return t.Running() && !t.run.reads() }

// Summary counts how the tenants of the last run are.
func (t *Tab) Summary() job.Summary {
	if t.run == nil {
		return job.Summary{}
	}
	return job.Summarize(t.run.job.Status())
}

// runStyle warns by colour before what changes or destroys.
func runStyle(r cmdlet.Risk) widgets.ButtonStyle {
	if r == cmdlet.Destroys {
		return widgets.DangerButton
	}
	return widgets.PrimaryButton
}

// bind reads the values of the form; false when something is wrong with them,
// which is told.
func (t *Tab) bind(values map[string]string) (cmdlet.Invocation, bool) {
	t.form.ClearErrors()
	t.notices.clear()
	inv, err := t.cmdlet.Bind(values, time.Now())
	if wrong, is := errors.AsType[*cmdlet.BindError](err); is {
		t.form.SetError(wrong.Parameter, words.Explain(err).Title)
		t.form.FocusField(wrong.Parameter)
		return inv, false
	}
	if err != nil {
		t.notices.problem(err)
		return inv, false
	}
	if changesNothing(inv) {
		t.notices.warn(lang.L("Nothing would change: fill in at least one setting."))
		return inv, false
	}
	return inv, true
}

// start runs the cmdlet with the values of the form. What changes something is
// asked about first, once: while the question is open, or a run goes on, nothing
// else begins.
func (t *Tab) start(values map[string]string) {
	if t.Running() || t.asking != nil {
		return
	}
	inv, ok := t.bind(values)
	if !ok {
		return
	}
	if t.cmdlet.Risk() == cmdlet.Reads {
		t.begin(inv, job.AskPerson)
		return
	}
	if t.asSetNow(t.base).Tenant.ReadOnly {
		t.notices.problem(&job.ReadOnlyError{Tenant: t.base.Tenant.Domain, Command: inv.Cmdlet})
		return
	}
	t.confirm(inv)
}

// WhatIf asks the server what would change, and changes nothing.
func (t *Tab) WhatIf() {
	if t.each != nil {
		if _, has := t.cmdlet.Parameter("WhatIf"); has && !t.reads {
			t.whatIfForRows()
		}
		return
	}
	if _, has := t.cmdlet.Parameter("WhatIf"); !has || t.Running() || t.asking != nil {
		return
	}
	if inv, ok := t.bind(t.form.Values()); ok {
		t.begin(withWhatIf(inv), job.AskPerson)
	}
}

// asSetNow is the target with its tenant as the person has it now: it may have
// been set to read-only since the form was opened.
func (t *Tab) asSetNow(target session.Target) session.Target {
	for _, tenant := range t.Window.Tenants() {
		if tenant.Domain == target.Tenant.Domain {
			target.Tenant = tenant
		}
	}
	return target
}

// begin starts a run on a worker.
func (t *Tab) begin(inv cmdlet.Invocation, answers job.Answers) {
	t.beginPages(inv, answers, job.FirstPage)
}

// beginPages is begin, with all pages or the first one of what comes in pages.
func (t *Tab) beginPages(inv cmdlet.Invocation, answers job.Answers, pages job.Pages) {
	line := t.command(inv)
	t.beginTask(job.Command{Pipeline: line.Pipeline, Pages: pages, Columns: t.needed(line)}, answers)
}

// beginTask starts a run of a command or a report on a worker.
func (t *Tab) beginTask(task job.Task, answers job.Answers) {
	if t.Running() {
		return
	}
	targets := slices.Clone(t.targets())
	for i := range targets {
		targets[i] = t.Window.Traced(t.asSetNow(targets[i]))
	}
	r := newRun(job.Work{
		Sessions: t.Manager, Task: task, Targets: targets, Answers: answers, Marks: t.Window.Marks(t.base), Guard: t.Manager.Guard,
	}, t.memory(task), func(ctx context.Context, at session.Target, p session.Prompt) (session.Answer, error) {
		return ask(ctx, t.Desk, at, p)
	})
	if t.kept != nil && len(t.kept.Tenants) > 1 {
		r.colors = t.colorsOf(t.kept.Tenants)
	}
	t.run, t.shown = r, 0
	t.notices.clear() // what the last run said
	t.rows.begin(r, origin(r))
	t.talk.clear(func(target int) string {
		if !r.several() {
			return ""
		}
		return words.Place(r.targets[target])
	})
	t.tenants.begin(r)
	t.work(r, r.job.Run)
}

// memory is what a run of a task is remembered in: what comes from the history
// does not go there again.
func (t *Tab) memory(task job.Task) memory {
	if _, again := task.(kept); again {
		return memory{own: t.own}
	}
	m := memory{book: t.History}
	if t.pack != nil {
		m.shown = func(to result.Appender) result.Appender { return packSaid{to} }
	}
	if t.report != nil {
		m.shown = func(to result.Appender) result.Appender { return t.report.InLanguage(to, lang.L("en")) }
	}
	return m
}

// retry tries again the tenants that failed.
func (t *Tab) retry() {
	if t.run == nil || t.Running() || len(t.run.job.Retryable()) == 0 {
		return
	}
	t.notices.clear()
	t.work(t.run, t.run.retry)
}

// signIn lets the person sign in for one tenant, and then asks that tenant alone; its
// rows come to those that are there.
func (t *Tab) signIn(target int) {
	if t.run == nil || t.Running() || target < 0 {
		return
	}
	r, status := t.run, t.run.job.Status()[target]
	t.Window.SignIn(status.Target, status.Err, func() {
		if t.run != r || t.Running() {
			return
		}
		t.notices.clear()
		t.work(r, func(ctx context.Context) error { return r.resume(ctx, []int{target}) })
	})
}

// work does the run, or a part of it, on a worker, and shows how it goes.
func (t *Tab) work(r *run, do func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	redraw := &refresher{period: refreshes, draw: func() {
		defer t.Manager.Guard() // a timer's goroutine
		t.Desk.Post(func() { t.show(r) })
		t.rows.look.refresh()
	}}
	r.redraw, r.over = redraw, false
	t.form.SetRunning(true)
	t.form.SetFolded(true)
	t.Strip.Busy = true
	t.named()
	t.progress.begin()
	t.arrangeParts()
	t.Desk.Spawn(func() { // ends with the run, which Stop cancels
		defer cancel()
		err := do(ctx)
		redraw.end()
		if historyErr := r.remember(ctx); historyErr != nil {
			t.Desk.Post(func() { t.Desk.Problem(historyErr) })
		}
		if table := r.rows(); table != nil && table.Len() >= manyRows {
			debug.FreeOSMemory() // reading them needed about half as much again as they hold
		}
		t.Desk.Post(func() { t.ended(r, err) })
	})
}

// Close ends the run and lets go of its rows.
func (t *Tab) Close() {
	t.Stop()
	if t.unask != nil {
		t.unask()
	}
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

// arrangeParts lays the tab out anew after parts of it came or went.
func (t *Tab) arrangeParts() {
	if t.content != nil {
		t.content.Refresh()
	}
}

// show shows how far the run is.
func (t *Tab) show(r *run) {
	if t.run != r {
		return
	}
	if r.rows() != t.rows.table() {
		t.rows.follow(r)
	}
	news := r.saidSince(t.shown)
	t.shown += len(news)
	t.talk.add(news)
	t.tenants.show(r)
	if list := r.job.Status(); !job.Summarize(list).Ended() {
		t.progress.show(list, r.started)
	}
}

// ended shows how the run came out.
func (t *Tab) ended(r *run, err error) {
	if t.run != r {
		return
	}
	t.show(r)
	r.over = true
	t.form.SetRunning(false)
	t.Strip.Busy = false
	t.Window.Changed()
	t.notices.offer(nil)
	list := r.job.Status()
	end := outcomeOf(r, list)
	t.progress.end(end, r.started, took(list))
	t.rows.empty(end.empty)
	t.rows.showCount()
	switch lines := failures(list); {
	case err != nil:
		t.notices.problem(err)
	case !r.several() && list[0].Err != nil && list[0].State != job.Stopped:
		t.notices.problem(list[0].Err)
	case len(lines) > 0:
		t.notices.warn(strings.Join(lines, "\n"))
	}
	switch n := r.job.Unfinished(); {
	case !r.whole() && job.Summarize(list).Rows > 0:
		t.notices.partial()
	case n > 0 && err == nil:
		t.notices.unfinished(n, t.retry)
	case r.more():
		t.notices.more(job.Summarize(list).Rows, func() { t.beginPages(r.invocation(), job.AskPerson, job.AllPages) })
	case err == nil && r.whole():
		t.narrowed(r)
	}
	t.fitPack()
	t.writePack(r)
	t.endedForRows()
	t.arrangeParts()
	t.Window.Finished(t, job.Summarize(list).Rows)
}

// SessionsChanged hears of all sessions after one has changed.
func (t *Tab) SessionsChanged(infos []session.Info) {
	t.explainIn(infos)
	if !t.Running() {
		return
	}
	for _, i := range infos {
		t.run.job.SessionChanged(i)
	}
	for _, i := range infos {
		if target, ours := t.run.job.Opening(i); ours && i.State == session.Waiting && t.run.job.Status()[target].State == job.Waiting {
			t.notices.offer(t.Window.Offers(infos, i))
			return
		}
	}
	t.notices.offer(nil)
}

// origin says what the tab and the foot do not: both name the tenant, the foot
// the time.
func origin(r *run) string {
	first := r.targets[0]
	return fmt.Sprintf("%s · %s · %s", r.command.PowerShell(), first.Account, first.Endpoint.Name)
}
