package runs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/widgets"
)

// running runs a tab's task: it reads the form, starts a run, and shows on the tab's panels
// how it goes.
type running struct {
	starts
	subject
	desk    *desk.Desk
	manager Manager
	in      runsIn
	panels  *panels
	rows    *rowsView
	strip   *widgets.Tab
	memory  func(job.Task) memory
	// line is what is sent for a call of the form, needed the properties that are asked for.
	line     func(cmdlet.Invocation) cmdlet.Line
	needed   func(cmdlet.Line) []string
	narrowed func(*run)
	after    func(*run) // what else follows a run; nil for nothing
}

// runsIn is what a run asks of the window that its tab is in, and tells it.
type runsIn struct {
	asSetNow func(session.Target) session.Target
	traced   func(session.Target) session.Target
	marks    func(session.Target) job.Marks
	signIn   func(t session.Target, needed error, done func())
	named    func() // the tab says anew what it is, and that something runs
	changed  func()
	advanced func()
	finished func(rows int)
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
func (t *running) bind(values map[string]string) (cmdlet.Invocation, bool) {
	t.anew()
	inv, err := t.cmdlet.Bind(values, time.Now())
	if wrong, is := errors.AsType[*cmdlet.BindError](err); is {
		t.wrong(wrong.Parameter, words.Explain(err).Title)
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
func (t *running) start(values map[string]string) {
	if t.last.busy() {
		return
	}
	inv, ok := t.bind(values)
	if !ok {
		return
	}
	if t.cmdlet.Risk() == cmdlet.Reads {
		t.beginCall(inv, job.AskPerson)
		return
	}
	if t.in.asSetNow(t.to.base).Tenant.ReadOnly {
		t.notices.problem(&job.ReadOnlyError{Tenant: t.to.base.Tenant.Domain, Command: inv.Cmdlet})
		return
	}
	t.confirm(inv)
}

// whatIf asks the server what would change, and changes nothing.
func (t *running) whatIf() {
	if _, has := t.cmdlet.Parameter("WhatIf"); !has || t.last.busy() {
		return
	}
	if inv, ok := t.bind(t.form.Values()); ok {
		t.beginCall(withWhatIf(inv), job.AskPerson)
	}
}

// beginCall starts a run of a call on a worker.
func (t *running) beginCall(inv cmdlet.Invocation, answers job.Answers) {
	t.beginPages(inv, answers, job.FirstPage)
}

// beginPages is beginCall, with all pages or the first one of what comes in pages.
func (t *running) beginPages(inv cmdlet.Invocation, answers job.Answers, pages job.Pages) {
	line := t.line(inv)
	t.beginTask(job.Command{Pipeline: line.Pipeline, Pages: pages, Columns: t.needed(line)}, answers)
}

// beginTask starts a run of a command or a report on a worker.
func (t *running) beginTask(task job.Task, answers job.Answers) {
	if t.last.Running() {
		return
	}
	targets := slices.Clone(t.to.targets())
	for i := range targets {
		targets[i] = t.in.traced(t.in.asSetNow(targets[i]))
	}
	r := newRun(job.Work{
		Sessions: t.manager, Task: task, Targets: targets, Answers: answers, Marks: t.in.marks(t.to.base), Guard: t.manager.Guard,
	}, t.memory(task), func(ctx context.Context, at session.Target, p session.Prompt) (session.Answer, error) {
		return ask(ctx, t.desk, at, p)
	})
	if last := t.last.run; last != nil && sameTenants(last.targets, targets) { // others' rows would stand under this run's name
		r.before = withRows(last)
	}
	t.last.run, t.last.shown = r, 0
	t.notices.clear() // what the last run said
	t.rows.begin(r, origin(r), t.waitsFor())
	t.panels.talk.clear(func(target int) string {
		if !r.several() {
			return ""
		}
		return words.Place(r.targets[target])
	})
	t.panels.tenants.begin(r)
	t.work(r, r.job.Run)
}

// waitsFor says what a run waits for: what changes something gives no rows as a rule.
func (t *running) waitsFor() string {
	if t.reads || t.kept != nil || t.packed {
		return lang.L("Waiting for rows ...")
	}
	return lang.L("Waiting for the server ...")
}

// retry tries again the tenants that failed.
func (t *running) retry() {
	if t.last.run == nil || t.last.Running() || len(t.last.run.again()) == 0 {
		return
	}
	t.notices.clear()
	t.work(t.last.run, t.last.run.retry)
}

// signIn lets the person sign in for one tenant, and then asks that tenant alone; its
// rows come to those that are there.
func (t *running) signIn(target int) {
	if t.last.run == nil || t.last.Running() || target < 0 {
		return
	}
	r, status := t.last.run, t.last.run.job.Status()[target]
	t.in.signIn(status.Target, status.Err, func() {
		if t.last.run != r || t.last.Running() {
			return
		}
		t.notices.clear()
		t.work(r, func(ctx context.Context) error { return r.resume(ctx, []int{target}) })
	})
}

// work does the run, or a part of it, on a worker, and shows how it goes.
func (t *running) work(r *run, do func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	redraw := &refresher{period: refreshes, post: t.desk.Post, draw: func(late func() bool) {
		defer t.manager.Guard() // a timer's goroutine
		t.desk.Post(func() { t.show(r) })
		t.rows.look.refreshUnless(late)
	}}
	r.redraw, r.over = redraw, false
	if t.rows.run != r { // those of the run before stood there
		t.rows.begin(r, origin(r), t.waitsFor())
	}
	t.form.SetRunning(true)
	t.foldForm()
	t.strip.Busy = true
	t.in.named()
	t.panels.progress.begin()
	t.rows.empty(t.waitsFor())
	t.panels.arrangeParts()
	t.desk.Spawn(func() { // ends with the run, which Stop cancels
		defer cancel()
		err := do(ctx)
		redraw.end()
		if historyErr := r.remember(ctx); historyErr != nil {
			t.desk.Post(func() { t.desk.Problem(historyErr) })
		}
		if table := r.rows(); table != nil && table.Len() >= manyRows {
			debug.FreeOSMemory() // reading them needed about half as much again as they hold
		}
		t.desk.Post(func() { t.ended(r, err) })
	})
}

// foldForm folds the form to a line, and the rows get the keyboard: what is typed into a field
// that is not seen would be sent with the next run, and Enter there would run again.
func (t *running) foldForm() {
	was := t.form.Folded()
	t.form.SetFolded(true)
	if !was && t.desk.Free() {
		t.desk.Focus(t.rows.grid)
	}
}

// show shows how far the run is.
func (t *running) show(r *run) {
	if t.last.run != r {
		return
	}
	if r.rows() != t.rows.table() {
		t.rows.follow(r)
	}
	if r.before != nil && r.rows().Len() > 0 {
		r.before = nil // a million rows are not kept twice
	}
	news := r.saidSince(t.last.shown)
	t.last.shown += len(news)
	t.panels.talk.add(news)
	t.panels.tenants.show(r)
	t.panels.progress.show(r.job.Status(), r.started)
	t.in.advanced()
}

// ended shows how the run came out.
func (t *running) ended(r *run, err error) {
	if t.last.run != r {
		return
	}
	t.show(r)
	r.over = true
	t.form.SetRunning(false)
	t.strip.Busy = false
	t.in.changed()
	t.notices.offer(nil)
	list := r.job.Status()
	end := outcomeOf(r, list)
	t.rows.empty(end.empty)
	end.text += t.putBackRows(r, list)
	t.panels.progress.end(end, r.started, r.job.Took())
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
	case r.resumes(list):
		t.notices.missing(t.missingText(list), t.retry)
	case !r.whole() && job.Summarize(list).Rows > 0:
		t.notices.missing(t.missingText(list), nil)
	case n > 0 && err == nil:
		t.notices.unfinished(n, t.retry)
	case r.more():
		t.notices.more(job.Summarize(list).Rows, func() { t.beginPages(r.invocation(), job.AskPerson, job.AllPages) })
	case err == nil && r.whole():
		t.narrowed(r)
	}
	if t.after != nil {
		t.after(r)
	}
	t.panels.arrangeParts()
	t.in.finished(job.Summarize(list).Rows)
}

func sameTenants(a, b []session.Target) bool {
	return slices.EqualFunc(a, b, func(a, b session.Target) bool { return a.Tenant.Domain == b.Tenant.Domain })
}

// withRows is a run, or the one before it, that gave rows, as far as they are still there;
// nil for none.
func withRows(last *run) *run {
	if last.rows().Len() > 0 {
		last.before = nil
		return last
	}
	return last.before
}

// putBackRows shows the rows of the run before again where this one failed or was stopped before
// it gave any: they are what the person has. What it returns is for the foot, which has room for
// it: that they are of that run; empty where there are none to put back.
func (t *running) putBackRows(r *run, list []job.Status) string {
	failed, givenUp := broken(job.Summarize(list))
	before := r.before
	if before == nil || failed+givenUp == 0 || !r.reads() || r.rows().Len() > 0 {
		r.before = nil
		return ""
	}
	t.rows.begin(before, origin(before), "")
	t.rows.follow(before)
	return " · " + fmt.Sprintf(lang.L("rows shown: of %s"), clock(before.started))
}

// origin says what the tab and the foot do not: both name the tenant, the foot
// the time.
func origin(r *run) string {
	first := r.targets[0]
	return fmt.Sprintf("%s · %s · %s", cmp.Or(r.from.Report, r.from.Command), first.Account, first.Endpoint.Name)
}
