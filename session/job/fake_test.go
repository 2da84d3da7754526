package job_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/job"
	"postroom/session/result"
)

// place is how a tenant answers: how long each thing takes, by the bubble's
// clock, and what a run gives.
type place struct {
	open, delete time.Duration
	openErr      error
	closedFor    int // how many attempts openErr is for; 0 is all
	run          func(ctx context.Context, sink session.Sink) error
}

// manager stands for session.Manager: it keeps the limit of the one account and
// counts what is asked of it.
type manager struct {
	limit  int
	places map[string]*place // by tenant
	usual  place
	slots  chan struct{}

	mu       sync.Mutex
	next     session.ID
	opened   map[session.ID]string
	open     int
	most     int
	attempts []string // tenants, as sessions were asked for
	sent     []string // commands, with their tenant
	released int
}

func newManager(limit int) *manager {
	return &manager{limit: limit, places: map[string]*place{}, slots: make(chan struct{}, limit), opened: map[session.ID]string{}}
}

func (m *manager) at(tenant string) *place {
	if p := m.places[tenant]; p != nil {
		return p
	}
	return &m.usual
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (m *manager) Open(ctx context.Context, t session.Target) (session.ID, error) {
	p := m.at(t.Tenant.Domain)
	select {
	case m.slots <- struct{}{}:
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	m.mu.Lock()
	m.attempts = append(m.attempts, t.Tenant.Domain)
	attempts := len(slices.DeleteFunc(slices.Clone(m.attempts), func(of string) bool { return of != t.Tenant.Domain }))
	m.open++
	m.most = max(m.most, m.open)
	m.mu.Unlock()
	err := pause(ctx, p.open)
	if err == nil && (p.closedFor == 0 || attempts <= p.closedFor) {
		err = p.openErr
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.open--
		<-m.slots
		return 0, fmt.Errorf("open %s: %w", t.Tenant.Domain, err)
	}
	m.next++
	m.opened[m.next] = t.Tenant.Domain
	return m.next, nil
}

func (m *manager) Run(ctx context.Context, id session.ID, command session.Command, sink session.Sink) error {
	m.mu.Lock()
	tenant := m.opened[id]
	m.sent = append(m.sent, tenant+" "+command.PowerShell())
	m.mu.Unlock()
	return m.at(tenant).run(ctx, sink)
}

func (m *manager) Release(ctx context.Context, id session.ID) error {
	m.mu.Lock()
	tenant := m.opened[id]
	m.mu.Unlock()
	err := pause(ctx, m.at(tenant).delete)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open--
	m.released++
	<-m.slots
	return err
}

func (*manager) Accepts(session.Target, []cmdlet.Invocation) error { return nil }

func (m *manager) Slots(session.Target) (used, limit int, err error) { return 0, m.limit, nil }

// face keeps what a job shows.
type face struct {
	mu       sync.Mutex
	messages []string
	ended    []string
	asked    []session.Prompt
	answer   func(context.Context, session.Prompt) (session.Answer, error)
	changed  func()
}

func (f *face) Changed() {
	if f.changed != nil {
		f.changed()
	}
}

func (f *face) Message(at int, m session.Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.messages = append(f.messages, fmt.Sprint(at, " ", m.Text))
}

func (f *face) Ended(at int, s job.Status) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = append(f.ended, fmt.Sprint(at, " ", s.State))
}

func (f *face) Ask(ctx context.Context, _ int, p session.Prompt) (session.Answer, error) {
	f.mu.Lock()
	f.asked = append(f.asked, p)
	f.mu.Unlock()
	return f.answer(ctx, p)
}

// bench is a job over a fake manager, with a table for its rows.
type bench struct {
	*manager
	face  *face
	table *result.Table
	work  job.Work
}

func newBench(limit int, tenants ...string) *bench {
	b := &bench{manager: newManager(limit), face: &face{}, table: result.NewTable(result.Provenance{})}
	b.work = job.Work{
		Sessions: b.manager, Task: job.Command{Pipeline: cmdlet.Pipeline{{Cmdlet: "Get-Mailbox"}}}, Face: b.face, Rows: b.table.Builder(),
	}
	for _, tenant := range tenants {
		b.work.Targets = append(b.work.Targets, target(tenant))
	}
	return b
}

func target(tenant string) session.Target {
	return session.Target{
		Endpoint: endpoint.Endpoint{Name: "Contoso", URL: "https://mail.contoso.example/PowerShell/"},
		Tenant:   endpoint.Tenant{Name: tenant, Domain: tenant},
		Account:  "ada@contoso.example",
	}
}

// rows gives n rows, each with a name, after a time each.
func rows(n int, each time.Duration) func(context.Context, session.Sink) error {
	return func(ctx context.Context, sink session.Sink) error {
		for i := range n {
			if err := pause(ctx, each); err != nil {
				return &session.PartialError{Command: "Get-Mailbox", Rows: i, Err: err}
			}
			sink.BeginRow()
			sink.Text([]byte("Name"), fmt.Append(nil, "row ", i))
			if err := sink.EndRow(); err != nil {
				return err
			}
		}
		return nil
	}
}

// column gives the cells of a column.
func (b *bench) column(t *testing.T, name string) []string {
	t.Helper()
	v := b.table.Snapshot()
	col, ok := v.Column(name)
	if !ok {
		t.Fatalf("no column %q among %q", name, v.Headers())
	}
	n, _ := v.Size()
	cells := make([]string, n)
	for i := range cells {
		cells[i] = v.Cell(i, col)
	}
	return cells
}

func states(j *job.Job) []job.State {
	var list []job.State
	for _, s := range j.Status() {
		list = append(list, s.State)
	}
	return list
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
