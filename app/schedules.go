package app

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/cli"
	"postroom/app/desk"
	"postroom/app/folders"
	"postroom/app/ownreports"
	"postroom/app/runs"
	"postroom/app/saving"
	"postroom/session/endpoint"
	"postroom/session/schedule"
	"postroom/widgets"
)

// scheduling is what runs regularly: its pages, and what a tab has to say for a new one.
type scheduling struct {
	desk      *desk.Desk
	saver     *saving.Saver
	config    string // folder of settings
	opening   *opening
	withFront func(func(*runs.Tab)) // does something with the tab in front
}

// scheduler is what the pages of schedules work with.
func (s *scheduling) scheduler() ownreports.Scheduler {
	book := schedule.Open(filepath.Join(s.config, folders.Schedules))
	return ownreports.Scheduler{
		Book: book,
		Add: func(ctx context.Context, added schedule.Schedule) (schedule.Schedule, error) {
			return cli.AddSchedule(ctx, book, added)
		},
		Remove: func(ctx context.Context, id string) error { return cli.RemoveSchedule(ctx, book, id) },
		Try: func(ctx context.Context, id string) error {
			began := time.Now()
			err := cli.RunSchedule(ctx, book, id, cli.Streams{Out: io.Discard, Err: io.Discard})
			if of, findErr := book.Find(id); findErr == nil {
				if last, ran := of.Last(); ran && !last.At.Before(began) {
					return nil // it ran: the page shows how that came out
				}
			}
			return err
		},
	}
}

// show lists what runs regularly.
func (s *scheduling) show() { ownreports.ShowSchedules(s.desk, s.scheduler()) }

// front asks when what stands in the tab in front should run.
func (s *scheduling) front() {
	s.withFront(func(t *runs.Tab) {
		switch {
		case t.Pack() != nil:
			s.tab(t, t.Pack().Name)
		case t.Report() != nil:
			s.tab(t, t.Report().Name)
		default:
			s.desk.Note(widgets.Information, lang.L("Save it as a report first: only reports and packs can run regularly."))
		}
	})
}

// report asks when a report or a pack should run, for the tenant at the top.
func (s *scheduling) report(name string) {
	if s.opening.form(name) != nil {
		s.front()
	}
}

// tab asks when a tab's report should run: for its tenants, with its answers.
func (s *scheduling) tab(t *runs.Tab, name string) {
	target := t.Target()
	if target.Endpoint.Kind == endpoint.KindDemo {
		s.desk.Note(widgets.Information, lang.L("The demo ends with the window: a scheduled run needs a server."))
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
	ownreports.NewSchedule(s.desk, s.scheduler(), schedule.Schedule{Title: t.Title(), Args: args, Dir: s.saver.Folder()})
}

// tellFailed tells, at the start, of what failed since the last one. It is
// called by a worker.
func (s *scheduling) tellFailed() {
	failed, err := s.scheduler().Book.Unseen()
	s.desk.Post(func() {
		if err != nil {
			s.desk.Problem(err)
		}
		for _, each := range failed {
			last, _ := each.Last()
			s.desk.Toasts.Add(widgets.Toast{
				Severity: widgets.Warning, Text: fmt.Sprintf(lang.L("%s failed on %s."), each.Title, last.At.Local().Format(time.DateTime)),
				Actions: []widgets.Action{{Label: lang.L("Show"), OnTapped: s.show}},
			})
		}
	})
}
