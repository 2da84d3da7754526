package runs

import (
	"context"
	"fmt"
	"image/color"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/history"
	"postroom/session/job"
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

// memory is what a run of a task is remembered in: what comes from the history does not go
// there again.
func (d Deps) memory(of subject, task job.Task) memory {
	if k, again := task.(kept); again {
		m := memory{own: d.own}
		if len(k.entry.Tenants) > 1 {
			m.colors = d.colorsOf(k.entry.Tenants)
		}
		if k.entry.Report != "" || of.title != k.entry.Title() { // what changed is another file than the run's
			m.report = of.title
		}
		return m
	}
	m := memory{book: d.History}
	if of.packed {
		m.report = of.title
		m.shown = func(to result.Appender) result.Appender { return packSaid{to} }
	}
	if of.report != nil {
		m.report = words.Of(of.report.Title)
		m.shown = func(to result.Appender) result.Appender { return of.report.InLanguage(to, lang.L("en")) }
	}
	if kept := d.comparable(); of.report != nil && of.report.Compare != nil && kept != nil {
		m.shown = func(to result.Appender) result.Appender { return comparedSaid{to, titlesOf(kept.Reports)} }
	}
	return m
}

// noSessions lets a kept task run where there is no server.
type noSessions struct{ Manager }

// Open opens nothing.
func (noSessions) Open(context.Context, session.Target) (session.ID, error) { return 0, nil }

// Release has nothing to close.
func (noSessions) Release(context.Context, session.ID) error { return nil }

// Accepts takes what asks no server.
func (noSessions) Accepts(session.Target, []cmdlet.Invocation) error { return nil }

// Slots are not counted.
func (noSessions) Slots(session.Target) (used, limit int, err error) { return 0, 1, nil }

// NewKept makes a tab of the kept rows of a run: they can be looked at, filtered
// and exported as those of a run can, without a server.
func NewKept(d Deps, e history.Entry) *Tab {
	t := newKept(d, e, keptAs{
		id: "history ", title: d.titleOf(e), about: fmt.Sprintf(lang.L("Kept rows of %s. No server is asked."), e.Started.Local().Format(time.DateTime)),
		arrange: func(shown, hidden []string) ([]string, []string) { return shown, hidden },
	})
	t.form.OnRun = func(map[string]string) {
		t.running.beginTask(kept{entry: e, rows: func(ctx context.Context, to result.Appender) error { return d.History.Rows(ctx, e, to) }}, job.AskPerson)
	}
	return t
}

// titleOf is what people call a run of the history: a report by its title.
func (d Deps) titleOf(e history.Entry) string {
	if d.Window.Catalogue != nil && e.Report != "" {
		return d.Window.Catalogue.Title(e.Report)
	}
	return e.Title()
}

// keptAs says what a tab of kept rows shows of them.
type keptAs struct {
	id, title, about string
	// arrange has the last word on which columns are shown, and which hidden.
	arrange func(shown, hidden []string) ([]string, []string)
}

// newKept makes a tab that asks no server.
func newKept(d Deps, e history.Entry, as keptAs) *Tab {
	d.Manager = noSessions{d.Manager}
	if len(e.Tenants) > 1 {
		d.own = []result.OwnColumn{result.TenantColumn}
	}
	target := session.Target{Endpoint: endpoint.Endpoint{Name: e.Endpoint}, Account: e.Account}
	if d.Window.Live != nil {
		if live, ok := d.Window.Live(e, ""); ok { // what service it is, decides which columns name a row
			target.Endpoint = live.Endpoint
		}
	}
	if n := len(e.Tenants); n > 0 {
		target.Tenant = endpoint.Tenant{Name: e.Tenant(), Domain: e.Tenant()}
		if n > 1 {
			target.Tenant.Name = words.Tenants(n)
		}
	}
	t := newTab(d, subject{
		id: as.id + e.Title(), title: as.title, kept: &e, reads: true, runText: lang.L("Open again"),
		arrange: func(names []string) (shown, hidden []string) { return as.arrange(d.arrangeKept(e, names)) },
	}, target)
	t.form.SetActions()
	t.about.Add(widgets.NewBanner(widgets.Information, as.about))
	return t
}

// arrangeKept shows the columns of a kept run as those of a new one.
func (d Deps) arrangeKept(e history.Entry, names []string) (shown, hidden []string) {
	if d.Window.Catalogue != nil && e.Report != "" {
		for _, r := range d.Window.Catalogue.Reports() {
			if r.Name == e.Report {
				return arrangeReport(r, names)
			}
		}
	}
	return d.Known.Arrange(cmdletOf(e), names)
}

// cmdletOf is the cmdlet whose columns the rows of a run have; "" for a report.
func cmdletOf(e history.Entry) string {
	if e.Report != "" {
		return ""
	}
	name, _, _ := strings.Cut(e.Command, " ")
	return name
}

// colorsOf are the colours of tenants, by domain, as the person has them now.
func (d Deps) colorsOf(domains []string) map[string]color.Color {
	colors := make(map[string]color.Color, len(domains))
	for _, domain := range domains {
		colors[domain] = words.TenantColor(d.asSetNow(session.Target{Tenant: endpoint.Tenant{Domain: domain}}).Tenant)
	}
	return colors
}
