package runs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/history"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/result"
	"postroom/widgets"
)

// kept is a Task that gives rows of the history. It asks no server.
type kept struct {
	entry history.Entry
	rows  func(ctx context.Context, to result.Appender) error
}

// Commands are none: nothing is sent.
func (kept) Commands() []cmdlet.Invocation { return nil }

// PowerShell is what was run then.
func (k kept) PowerShell() string { return k.entry.Command }

// Run gives the rows.
func (k kept) Run(ctx context.Context, _ session.Runner, to session.Sink) error {
	return k.rows(ctx, to)
}

// noSessions lets a kept task run where there is no server.
type noSessions struct{ Manager }

// Open opens nothing.
func (noSessions) Open(context.Context, session.Target) (session.ID, error) { return 0, nil }

// Release has nothing to close.
func (noSessions) Release(context.Context, session.ID) error { return nil }

// Slots are not counted.
func (noSessions) Slots(session.Target) (used, limit int, err error) { return 0, 1, nil }

// NewKept makes a tab of the kept rows of a run: they can be looked at, filtered
// and exported as those of a run can, without a server.
func NewKept(d Deps, e history.Entry) *Tab {
	t := newKept(d, e, e.Title(), fmt.Sprintf(lang.L("Kept rows of %s. No server is asked."), e.Started.Local().Format(time.DateTime)))
	t.form.OnRun = func(map[string]string) {
		t.beginTask(kept{entry: e, rows: func(ctx context.Context, to result.Appender) error { return d.History.Rows(ctx, e, to) }}, job.AskPerson)
	}
	return t
}

// NewDifference makes a tab of what changed from one run to another: an added or
// a removed row is one row, a changed one a pair, was and now.
func NewDifference(d Deps, before, after history.Entry) *Tab {
	t := newKept(d, after, fmt.Sprintf(lang.L("Changes · %s"), after.Title()),
		fmt.Sprintf(lang.L("What changed from %s to %s. No server is asked."),
			before.Started.Local().Format(time.DateTime), after.Started.Local().Format(time.DateTime)))
	t.form.OnRun = func(map[string]string) {
		t.beginTask(kept{entry: after, rows: func(ctx context.Context, to result.Appender) error {
			return differences(ctx, d.History, before, after, to)
		}}, job.AskPerson)
	}
	return t
}

// newKept makes a tab that asks no server.
func newKept(d Deps, e history.Entry, title, about string) *Tab {
	d.Manager = noSessions{d.Manager}
	if len(e.Tenants) > 1 {
		d.own = []result.OwnColumn{result.TenantColumn}
	}
	target := session.Target{Endpoint: endpoint.Endpoint{Name: e.Endpoint}, Account: e.Account}
	if len(e.Tenants) > 0 {
		target.Tenant = endpoint.Tenant{Name: e.Tenant(), Domain: e.Tenant()}
	}
	t := newTab(d, subject{
		id: "history " + e.Title(), title: title, reads: true,
		arrange: func(names []string) (shown, hidden []string) { return d.Known.Arrange(cmdletOf(e), names) },
	}, target)
	t.form.SetActions()
	t.form.SetRunText(lang.L("Open again"))
	t.about.Add(widgets.NewBanner(widgets.Information, about))
	return t
}

// cmdletOf is the cmdlet whose columns the rows of a run have; "" for a report.
func cmdletOf(e history.Entry) string {
	if e.Report != "" {
		return ""
	}
	name, _, _ := strings.Cut(e.Command, " ")
	return name
}

// The columns of a difference that are ours.
const (
	changeColumn  = "Change"
	changedColumn = "Changed columns"
)

// differences gives what changed as rows.
func differences(ctx context.Context, book *history.Book, before, after history.Entry, to result.Appender) error {
	was, err := book.Table(ctx, before)
	if err != nil {
		return err
	}
	now, err := book.Table(ctx, after)
	if err != nil {
		return err
	}
	old, recent := was.Snapshot(), now.Snapshot()
	d, err := history.Compare(ctx, old, recent, reference.Incidental)
	if err != nil {
		return err
	}
	for _, row := range d.Rows {
		var columns []string
		for _, c := range row.Cells {
			columns = append(columns, c.Column)
		}
		what := strings.Join(columns, ", ")
		switch row.Change {
		case history.Added:
			err = giveRow(to, lang.L("added"), "", recent, row.After)
		case history.Removed:
			err = giveRow(to, lang.L("removed"), "", old, row.Before)
		case history.Changed:
			err = errors.Join(giveRow(to, lang.L("was"), what, old, row.Before), giveRow(to, lang.L("now"), what, recent, row.After))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// giveRow hands a row of a view on, with what became of it in front.
func giveRow(to result.Appender, change, columns string, v *result.View, row int) error {
	to.BeginRow()
	to.Text([]byte(changeColumn), []byte(change))
	to.Text([]byte(changedColumn), []byte(columns))
	for col, name := range v.Headers() {
		if name == result.TenantColumn.Name() {
			to.Own(result.TenantColumn, []byte(v.Cell(row, col)))
			continue
		}
		result.Copy(to, []byte(name), v.Value(row, col))
	}
	return to.EndRow()
}
