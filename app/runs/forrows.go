package runs

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/widgets"
)

// forRows is what a tab does for each of some rows.
type forRows struct {
	starts
	subject
	known    *reference.Reference
	asSetNow func(session.Target) session.Target
	open     leadOn
	about    *fyne.Container
	rows     chosenRows
	identity string            // the parameter that the row's name fills; "" for a report
	task     *job.Each         // the last one; nil before the first
	sent     []*job.Each       // all that change something, What if aside
	stop     bool              // at the first error
	rest     *widgets.Button   // goes on with what was not sent
	again    *widgets.Button   // asks again for what the server answered with an error
	back     *widgets.Button   // puts back what was done
	choice   *widgets.Segments // of stop
}

// newCmdletForRows makes a tab that runs a cmdlet for each row.
func newCmdletForRows(d Deps, c cmdlet.Cmdlet, rows chosenRows) *Tab {
	identity := identityOf(c)
	spec := formSpec(d.Known, c, cmdlet.Help{})
	spec.Fields = slices.DeleteFunc(spec.Fields, func(f widgets.Field) bool { return f.Name == identity })
	t := newForRows(d, subject{
		cmdlet: c, id: "rows " + c.Name, title: c.Name, spec: spec, reads: c.Risk() == cmdlet.Reads,
		arrange: func(names []string) (shown, hidden []string) { return d.Known.Arrange(c.Name, names) },
	}, rows)
	t.each.identity = identity
	t.form.OnRun = t.each.start
	t.form.SetRunStyle(runStyle(c.Risk()))
	return t
}

// newReportForRows makes a tab that runs a report for each row.
func newReportForRows(d Deps, r report.Report, rows chosenRows) *Tab {
	t := newForRows(d, subject{
		report: &r, id: "rows " + r.Name, title: words.Of(r.Title), reads: true,
		arrange: func(names []string) (shown, hidden []string) { return arrangeReport(r, names) },
	}, rows)
	t.form.OnRun = t.each.start
	return t
}

func newForRows(d Deps, s subject, rows chosenRows) *Tab {
	arrange := s.arrange
	s.arrange = func(names []string) (shown, hidden []string) { // what became of each stays in front: no cmdlet and no report knows it
		ours := min(len((*job.Each)(nil).Own()), len(names))
		shown, hidden = arrange(names[ours:])
		return slices.Concat(names[:ours], shown), hidden
	}
	t := newTab(d, s, rows.list[0].target)
	t.each = &forRows{starts: t.running.starts, subject: s, known: d.Known, asSetNow: d.asSetNow, open: t.leadOn, about: t.about, rows: rows, stop: !s.reads}
	t.running.after = func(*run) { t.each.ended() }
	t.chosen = rows.targets()
	var names []string
	for _, r := range rows.list[:min(namedRows, len(rows.list))] {
		names = append(names, r.object)
	}
	if more := len(rows.list) - namedRows; more > 0 {
		names = append(names, fmt.Sprintf(lang.L("%s more"), words.Number(more)))
	}
	about := fmt.Sprintf(lang.L("For %s, chosen in %s: %s."), rows.what(), rows.from, strings.Join(names, ", "))
	t.about.Add(widgets.NewBanner(widgets.Information, about))
	t.each.choice = widgets.NewSegments(func(i int) { t.each.stop = i == 0 }, lang.L("Stop at the first error"), lang.L("Continue"))
	if !t.each.stop {
		t.each.choice.SetChosen(1)
	}
	t.each.rest = widgets.NewPrimaryButton("", t.each.goOnWithRest)
	t.each.back = widgets.NewButton("", nil)
	t.each.again = widgets.NewButton("", t.each.askAgain)
	for _, b := range []*widgets.Button{t.each.rest, t.each.again, t.each.back} {
		b.Hide()
	}
	t.about.Add(container.New(layout.NewCustomPaddedLayout(4, 2, tabPad, tabPad), widgets.NewFlow(8, t.each.choice, t.each.rest, t.each.again, t.each.back)))
	actions := []fyne.CanvasObject{}
	if _, has := s.cmdlet.Parameter("WhatIf"); has && !s.reads {
		actions = append(actions, widgets.NewButton(lang.L("What if"), t.WhatIf))
	}
	t.form.SetActions(actions...)
	t.named()
	return t
}

// namedRows is how many rows are named on the tab.
const namedRows = 4

// Follows says that the tab can be had for another tenant; what is done for
// chosen rows belongs to them, and kept rows to their run.
func (t *Tab) Follows() bool { return t.each == nil && t.kept == nil }

// needsMore says that the form has a field that must be filled in.
func (s subject) needsMore() bool {
	return slices.ContainsFunc(s.spec.Fields, func(f widgets.Field) bool { return f.Needs.Always })
}

func (f *forRows) onError() job.OnError {
	if f.stop {
		return job.StopOnError
	}
	return job.GoOnOnError
}

// tasks are the commands of all rows with the form's values; false when something
// is wrong with them, which is told.
func (f *forRows) tasks(values map[string]string, change func(cmdlet.Invocation) cmdlet.Invocation) ([]job.EachRow, bool) {
	f.anew()
	targets := f.to.targets()
	var list []job.EachRow
	for _, r := range f.rows.list {
		task, err := f.taskFor(r, values, change)
		if wrong, is := errors.AsType[*cmdlet.BindError](err); is {
			f.wrong(wrong.Parameter, words.Explain(err).Title)
			return nil, false
		}
		if errors.Is(err, errChangesNothing) {
			f.notices.warn(lang.L("Nothing would change: fill in at least one setting."))
			return nil, false
		}
		if err != nil {
			f.notices.problem(err)
			return nil, false
		}
		list = append(list, job.EachRow{
			Target: slices.IndexFunc(targets, func(of session.Target) bool { return of.Tenant.Domain == r.target.Tenant.Domain }),
			Object: r.object, Task: task,
		})
	}
	return list, true
}

var errChangesNothing = errors.New("runs: nothing would change")

// taskFor is the task of one row.
func (f *forRows) taskFor(r chosenRow, values map[string]string, change func(cmdlet.Invocation) cmdlet.Invocation) (job.Task, error) {
	if r.call.Cmdlet != "" {
		return job.Command{Pipeline: cmdlet.Pipeline{change(r.call)}}, nil
	}
	if f.report != nil {
		answers, _ := f.report.AnswersOf(r.row)
		return f.report.Plan(report.Options{Service: report.ServiceOf(r.target.Endpoint), Answers: answers, Now: time.Now(), Kinds: f.known})
	}
	with := map[string]string{f.identity: "x"}
	for name, v := range values {
		with[name] = v
	}
	inv, err := f.cmdlet.Bind(with, time.Now())
	if err != nil {
		return nil, err
	}
	inv.Args = slices.DeleteFunc(inv.Args, func(a cmdlet.Arg) bool { return a.Name == f.identity })
	if changesNothing(inv) {
		return nil, errChangesNothing
	}
	inv, err = job.Filled(f.known, inv, map[string]string{f.identity: r.object}, time.Now())
	if err != nil {
		return nil, err
	}
	return job.Command{Pipeline: cmdlet.Pipeline{change(inv)}}, nil
}

func asItIs(inv cmdlet.Invocation) cmdlet.Invocation { return inv }

// start runs what the form says for each row; a change after the person
// has seen all commands.
func (f *forRows) start(values map[string]string) {
	if f.last.busy() {
		return
	}
	rows, ok := f.tasks(values, asItIs)
	if !ok {
		return
	}
	f.send(newEach(rows, f.onError()))
}

// whatIf asks the server what each would change, and changes nothing.
func (f *forRows) whatIf() {
	if _, has := f.cmdlet.Parameter("WhatIf"); !has || f.reads || f.last.busy() {
		return
	}
	if rows, ok := f.tasks(f.form.Values(), withWhatIf); ok {
		f.begin(newEach(rows, job.GoOnOnError), job.AskPerson)
	}
}

// newEach makes a task of rows that speaks as the window does.
func newEach(rows []job.EachRow, on job.OnError) *job.Each {
	e := job.NewEach(rows, on)
	e.Speak(lang.L("en"))
	return e
}

// goOnWithRest sends what was not sent.
func (f *forRows) goOnWithRest() {
	if f.last.busy() || f.task == nil {
		return
	}
	if rest := f.task.Rest(f.onError()); rest != nil {
		f.send(rest)
	}
}

// askAgain asks again for what the server answered with an error: a change is shown and
// asked about like the first time.
func (f *forRows) askAgain() {
	if f.last.busy() || f.task == nil {
		return
	}
	if failed := f.task.Refusals(f.onError()); failed != nil {
		f.send(failed)
	}
}

// send runs a task of rows, a change after asking once.
func (f *forRows) send(e *job.Each) {
	send := func(answers job.Answers) {
		f.task = e
		f.rest.Hide()
		f.again.Hide()
		f.back.Hide()
		f.begin(e, answers)
	}
	if f.reads {
		send(job.AskPerson)
		return
	}
	for _, target := range f.to.targets() {
		if f.asSetNow(target).Tenant.ReadOnly {
			f.notices.problem(&job.ReadOnlyError{Tenant: target.Tenant.Domain, Command: f.cmdlet.Name})
			return
		}
	}
	f.confirm(e, func() {
		f.sent = append(f.sent, e)
		send(job.ConfirmedOnce)
	})
}

// confirm shows all commands, with the tenants, and asks once.
func (f *forRows) confirm(e *job.Each, send func()) {
	targets := f.to.targets()
	var parts []fyne.CanvasObject
	for _, target := range targets {
		parts = append(parts, widgets.NewTenantBadge(words.Place(target), target.Endpoint.Name, words.TenantColor(target.Tenant)))
	}
	explanation := lang.L("One after the other. After the first error, the rest is not sent.")
	if !f.stop {
		explanation = lang.L("One after the other. If one fails, the rest is still sent.")
	}
	title := fmt.Sprintf(lang.L("Change %s in %s?"), f.rows.what(), place(targets))
	if deed := cmdlet.DeedOf(f.cmdlet.Name); deed != cmdlet.Alters { // it may be something of theirs
		title = fmt.Sprintf(lang.L("Run %s for %s in %s?"), f.cmdlet.Name, f.rows.what(), place(targets))
	}
	f.last.ask(widgets.SheetSpec{Title: title, Explanation: explanation, Width: 640},
		[]answer{{label: sendText(len(e.Rows())), style: runStyle(f.cmdlet.Risk()), do: send}},
		append(parts, widgets.NewParagraph(e.PowerShell(), widgets.CodeText))...)
}

// sendText says how many commands a button sends.
func sendText(n int) string {
	if n == 1 {
		return lang.L("Send 1 command")
	}
	return fmt.Sprintf(lang.L("Send %s commands"), words.Number(n))
}

// ended says how the rows came out, and offers to go on.
func (f *forRows) ended() {
	if f.task == nil {
		return
	}
	counts := f.task.Outcomes()
	f.offerPutBack()
	left := counts[job.RowNotSent]
	if left > 0 {
		f.rest.SetText(fmt.Sprintf(lang.L("Continue with the rest (%s)"), words.Number(left)))
		f.rest.Show()
	}
	if refused := f.task.Refusals(f.onError()); refused != nil {
		f.again.SetText(fmt.Sprintf(lang.L("Retry what failed (%s)"), words.Number(len(refused.Rows()))))
		f.again.Show()
	}
	if counts[job.RowFailed]+counts[job.RowUnknown]+left > 0 {
		f.notices.warn(countText(counts))
	}
	f.about.Refresh()
}

// countText says how many rows came out how; what there is none of is not said.
func countText(counts map[job.RowState]int) string {
	var parts []string
	for _, of := range []struct {
		state job.RowState
		text  string
	}{
		{job.RowDone, lang.L("%s done")},
		{job.RowFailed, lang.L("%s failed")},
		{job.RowUnknown, lang.L("%s of unknown outcome")},
		{job.RowNotSent, lang.L("%s not sent")},
	} {
		if n := counts[of.state]; n > 0 {
			parts = append(parts, fmt.Sprintf(of.text, words.Number(n)))
		}
	}
	return strings.Join(parts, ", ") + "."
}
