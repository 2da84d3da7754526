package runs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/result"
	"postroom/widgets"
)

// running runs a tab's cmdlet: it reads the form, starts a run, and shows how it goes.
type running struct{ *Tab }

// runStyle warns by colour before what changes or destroys.
func runStyle(r cmdlet.Risk) widgets.ButtonStyle {
	if r == cmdlet.Destroys {
		return widgets.DangerButton
	}
	return widgets.PrimaryButton
}

// bind reads the values of the form; false when something is wrong with them,
// which is told.
func (t running) bind(values map[string]string) (cmdlet.Invocation, bool) {
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
func (t running) start(values map[string]string) {
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

// whatIf asks the server what would change, and changes nothing.
func (t running) whatIf() {
	if t.each != nil {
		if _, has := t.cmdlet.Parameter("WhatIf"); has && !t.reads {
			t.each.whatIf()
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

// begin starts a run on a worker.
func (t running) begin(inv cmdlet.Invocation, answers job.Answers) {
	t.beginPages(inv, answers, job.FirstPage)
}

// beginPages is begin, with all pages or the first one of what comes in pages.
func (t running) beginPages(inv cmdlet.Invocation, answers job.Answers, pages job.Pages) {
	line := t.pasting.behind.command(inv)
	t.beginTask(job.Command{Pipeline: line.Pipeline, Pages: pages, Columns: t.narrowing.needed(line)}, answers)
}

// beginTask starts a run of a command or a report on a worker.
func (t running) beginTask(task job.Task, answers job.Answers) {
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
	t.rows.begin(r, origin(r), t.waitsFor())
	t.talk.clear(func(target int) string {
		if !r.several() {
			return ""
		}
		return words.Place(r.targets[target])
	})
	t.tenants.begin(r)
	t.work(r, r.job.Run)
}

// waitsFor says what a run waits for: what changes something gives no rows as a rule.
func (t running) waitsFor() string {
	if t.reads || t.kept != nil || t.pack != nil {
		return lang.L("Waiting for rows ...")
	}
	return lang.L("Waiting for the server ...")
}

// memory is what a run of a task is remembered in: what comes from the history
// does not go there again.
func (t running) memory(task job.Task) memory {
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
	if kept := t.comparable(); t.report != nil && t.report.Compare != nil && kept != nil {
		m.shown = func(to result.Appender) result.Appender { return comparedSaid{to, titlesOf(kept.Reports)} }
	}
	return m
}

// retry tries again the tenants that failed.
func (t running) retry() {
	if t.run == nil || t.Running() || len(t.run.job.Retryable()) == 0 {
		return
	}
	t.notices.clear()
	t.work(t.run, t.run.retry)
}

// signIn lets the person sign in for one tenant, and then asks that tenant alone; its
// rows come to those that are there.
func (t running) signIn(target int) {
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
func (t running) work(r *run, do func(context.Context) error) {
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

// show shows how far the run is.
func (t running) show(r *run) {
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
func (t running) ended(r *run, err error) {
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
		t.narrowing.narrowed(r)
	}
	t.pack.fit()
	t.pack.write(r)
	t.each.ended()
	t.arrangeParts()
	t.Window.Finished(t.Tab, job.Summarize(list).Rows)
}

// origin says what the tab and the foot do not: both name the tenant, the foot
// the time.
func origin(r *run) string {
	first := r.targets[0]
	return fmt.Sprintf("%s · %s · %s", r.command.PowerShell(), first.Account, first.Endpoint.Name)
}
