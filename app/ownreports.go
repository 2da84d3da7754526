package app

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/cli"
	"postroom/app/folders"
	"postroom/app/ownreports"
	"postroom/app/runs"
	"postroom/session/endpoint"
	"postroom/session/report"
	"postroom/session/schedule"
	"postroom/widgets"
)

// ownDeps are what the pages of one's own reports work with.
func (w *mainWindow) ownDeps() ownreports.Deps {
	return ownreports.Deps{
		Desk: w.desk, Library: w.library, Saver: w.saver, Changed: w.loadReports,
		Open: func(name string) { w.openReport(name) }, Schedule: w.scheduleReport,
	}
}

// showOwnReports shows the page of one's own reports and packs.
func (w *mainWindow) showOwnReports(name string) {
	if w.library != nil { // else the catalogue is still being read
		ownreports.Show(w.ownDeps(), name)
	}
}

// duplicateReport makes a report of one's own of one, and shows it.
func (w *mainWindow) duplicateReport(name string) {
	library := w.library
	if library == nil {
		return
	}
	w.desk.Spawn(func() { // ends when the file is written
		copied, err := library.Duplicate(context.Background(), name, "")
		w.desk.Post(func() {
			if err != nil {
				w.desk.Problem(err)
				return
			}
			w.loadReports()
			w.showOwnReports(copied)
		})
	})
}

// keepReport asks for a title and keeps a tab as a report.
func (w *mainWindow) keepReport(t *runs.Tab) {
	if w.library == nil || t.Pack() != nil {
		return
	}
	r, left, err := t.Saved()
	if err != nil {
		w.desk.Problem(err)
		return
	}
	if len(left) > 0 {
		w.desk.Note(widgets.Information, fmt.Sprintf(lang.L("A report keeps no tenants: without %s."), strings.Join(left, ", ")))
	}
	var own *report.Report
	if of := t.Report(); of != nil && of.Own {
		own = of
	}
	ownreports.Save(w.ownDeps(), r, t.Title(), own)
}

// scheduler is what the pages of schedules work with.
func (w *mainWindow) scheduler() ownreports.Scheduler {
	book := schedule.Open(filepath.Join(w.app.config, folders.Schedules))
	return ownreports.Scheduler{
		Book: book,
		Add: func(ctx context.Context, s schedule.Schedule) (schedule.Schedule, error) {
			return cli.AddSchedule(ctx, book, s)
		},
		Remove: func(ctx context.Context, id string) error { return cli.RemoveSchedule(ctx, book, id) },
		Try: func(ctx context.Context, id string) error {
			return cli.RunSchedule(ctx, book, id, cli.Streams{Out: io.Discard, Err: io.Discard})
		},
	}
}

// showSchedules lists what runs regularly.
func (w *mainWindow) showSchedules() { ownreports.ShowSchedules(w.desk, w.scheduler()) }

// scheduleFront asks when what stands in the tab in front should run.
func (w *mainWindow) scheduleFront() {
	w.middle.withFront(func(t *runs.Tab) {
		switch {
		case t.Pack() != nil:
			w.scheduleTab(t, t.Pack().Name)
		case t.Report() != nil:
			w.scheduleTab(t, t.Report().Name)
		default:
			w.desk.Note(widgets.Information, lang.L("Save it as a report first: only reports and packs can run regularly."))
		}
	})
}

// scheduleReport asks when a report or a pack should run, for the tenant at the top.
func (w *mainWindow) scheduleReport(name string) {
	if w.showReport(name) != nil {
		w.scheduleFront()
	}
}

// scheduleTab asks when a tab's report should run: for its tenants, with its answers.
func (w *mainWindow) scheduleTab(t *runs.Tab, name string) {
	target := t.Target()
	if target.Endpoint.Kind == endpoint.KindDemo {
		w.desk.Note(widgets.Information, lang.L("The demo ends with the window: a scheduled run needs a server."))
		return
	}
	args := []string{"report", name, "--user", target.Account}
	if id := target.Endpoint.ID; id != "" {
		args = append(args, "--endpoint", id)
	} else {
		args = append(args, "--url", target.Endpoint.URL)
	}
	for _, each := range t.Targets() {
		if each.Tenant.Domain != "" {
			args = append(args, "--tenant", each.Tenant.Domain)
		}
	}
	if t.Report() != nil {
		for _, question := range t.Report().Questions {
			if answer := t.Form().Values()[question.Name]; answer != "" {
				args = append(args, "--ask", question.Name+"="+runs.AnswerOf(answer))
			}
		}
	}
	ownreports.NewSchedule(w.desk, w.scheduler(), schedule.Schedule{Title: t.Title(), Args: args, Dir: w.saver.Folder()})
}

// tellFailedSchedules tells, at the start, of what failed since the last one. It is
// called by a worker.
func (w *mainWindow) tellFailedSchedules() {
	failed, err := w.scheduler().Book.Unseen()
	w.desk.Post(func() {
		if err != nil {
			w.desk.Problem(err)
		}
		for _, s := range failed {
			last, _ := s.Last()
			w.desk.Toasts.Add(widgets.Toast{
				Severity: widgets.Warning, Text: fmt.Sprintf(lang.L("%s failed on %s."), s.Title, last.At.Local().Format(time.DateTime)),
				Actions: []widgets.Action{{Label: lang.L("Show"), OnTapped: w.showSchedules}},
			})
		}
	})
}

// changesReport is the report of what changed in others.
const changesReport = "changes-since"

// showChanges shows the report of what changed, with the report in front as the one to
// compare.
func (w *mainWindow) showChanges() {
	of := ""
	w.middle.withFront(func(t *runs.Tab) {
		if r := t.Report(); r != nil && r.Compare == nil && r.Reads() {
			of = r.Name
		}
	})
	w.lookAt(foundReport + changesReport)
	if of != "" {
		w.gallery.Form().SetValues(map[string]string{"report": of})
	}
}
