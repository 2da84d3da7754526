package runs

import (
	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/report"
)

// tabParts are what can be done with a tab, each with what it needs of it.
type tabParts struct {
	running     *running
	explaining  *explaining
	formHooks   formHooks
	picking     picking
	pasting     pasting
	reporting   reporting
	narrowing   narrowing
	copying     copying
	linking     linking
	comparisons comparisons
	puttingBack puttingBack
	goingOn     goingOn
}

// newTabParts makes the parts of a tab that has its panels. What is made of the tab later is
// asked for when it is needed.
func newTabParts(t *Tab) tabParts {
	d := t.deps
	behind := newBehind()
	p := tabParts{
		running: newRunning(t),
		explaining: &explaining{
			desk: d.Desk, server: d.Manager, cmdlet: t.cmdlet.Name, target: t.base,
			show: func(help cmdlet.Help) { t.form.SetHelp(t.formHooks.sendable(formSpec(d.Known, t.cmdlet, help))) },
		},
		formHooks: formHooks{
			cmdlet: t.cmdlet, line: behind.command,
			accepts: func(calls []cmdlet.Invocation) error { return d.Manager.Accepts(t.base, calls) },
		},
		picking: picking{
			desk: d.Desk, known: d.Known, cmdlet: t.cmdlet, place: words.Place(t.base), may: d.Window.May,
			sources: func() []pickSource { return sourcesBeside(t, d.Window.Tabs()) },
			values:  func() map[string]string { return t.form.Values() },
			search: func(call cmdlet.Invocation) *objectSearch {
				return newSearch(d.Desk, d.Manager, d.Window.Traced(t.base), call)
			},
		},
		pasting: pasting{known: d.Known, cmdlet: t.cmdlet, form: t.form, notices: t.notices, reshape: t.rows.reshape, arrange: t.arrangeParts, behind: behind},
	}
	p.reporting = reporting{starts: p.running.starts, subject: t.subject, asking: func() Asking {
		return Asking{Report: *t.report, Service: report.ServiceOf(t.base.Endpoint), Kinds: d.Known, Kept: d.comparable()}
	}}
	p.narrowing = narrowing{
		cmdlet: t.cmdlet, known: d.Known, door: t.base.Endpoint.Door, notices: t.notices, begin: p.running.beginTask,
		arranged: t.rows.columns,
	}
	p.running.line, p.running.needed, p.running.narrowed = behind.command, p.narrowing.needed, p.narrowing.narrowed
	about := &origins{subject: t.subject, target: t.base, last: &t.lastRun, catalogue: d.Window.Catalogue, live: d.Window.Live}
	p.copying = copying{desk: d.Desk, known: d.Known, rows: t.rows.onScreen, want: t.rows.wishes, typed: t.rows.typed, about: about}
	p.comparisons = comparisons{desk: d.Desk, book: d.History, report: t.report, notices: t.notices, about: about, open: t.leadOn}
	p.puttingBack = puttingBack{cmdlets: func() []cmdlet.Cmdlet { return d.Window.Catalogue.Cmdlets() }, about: about, open: t.leadOn}
	p.linking = linking{
		desk: d.Desk, rows: t.rows.onScreen, notices: t.notices, catalogue: d.Window.Catalogue, about: about, open: t.leadOn, beside: p.comparisons.items,
	}
	p.goingOn = goingOn{desk: d.Desk, known: d.Known, rows: t.rows.onScreen, notices: t.notices, catalogue: d.Window.Catalogue, about: about, open: t.leadOn}
	return p
}

// newRunning makes what runs a tab's task; line, needed and narrowed are set by newTabParts.
func newRunning(t *Tab) *running {
	d := t.deps
	r := &running{
		starts:  starts{form: t.form, notices: t.notices, last: &t.lastRun, to: &t.destination},
		subject: t.subject, desk: d.Desk, manager: d.Manager, panels: &t.panels, rows: t.rows, strip: t.Strip,
		memory: func(task job.Task) memory { return d.memory(t.subject, task) },
		in: runsIn{
			asSetNow: d.asSetNow, traced: d.Window.Traced, marks: d.Window.Marks, signIn: d.Window.SignIn,
			named: t.named, changed: d.Window.Changed, advanced: d.Window.Advanced, finished: func(rows int) { d.Window.Finished(t, rows) },
		},
	}
	r.begin = r.beginTask
	return r
}

// leadOn makes a tab that leads on from this one, and puts it in front.
func (t *Tab) leadOn(make func(Deps) *Tab) *Tab {
	next := make(t.deps.live())
	t.deps.Window.Catalogue.Show(next)
	return next
}
