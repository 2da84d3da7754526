package interop

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/psrp"
	"postroom/session/remoting"
	"postroom/session/result"
	"postroom/test/fixture"
	"postroom/test/given"
)

// sink keeps what a run gives. first, if not nil, is closed at the first row.
type sink struct {
	*result.Builder
	table    *result.Table
	messages []session.Message
	answer   func(session.Prompt) (session.Answer, error)
	first    chan struct{}
	once     sync.Once
}

func newSink() *sink {
	table := result.NewTable(result.Provenance{})
	return &sink{Builder: table.Builder(), table: table, first: make(chan struct{})}
}

func (s *sink) EndRow() error {
	err := s.Builder.EndRow()
	s.once.Do(func() { close(s.first) })
	return err
}

func (s *sink) Message(m session.Message) { s.messages = append(s.messages, m) }

func (s *sink) Ask(_ context.Context, p session.Prompt) (session.Answer, error) {
	if s.answer == nil {
		return session.Answer{}, session.ErrNoAnswer
	}
	return s.answer(p)
}

// column gives one column's cells as text.
func (s *sink) column(t testing.TB, name string) []string {
	t.Helper()
	view := s.table.Snapshot()
	col, ok := view.Column(name)
	if !ok {
		t.Fatalf("no column %s in %v", name, view.Headers())
	}
	rows, _ := view.Size()
	cells := make([]string, rows)
	for row := range cells {
		cells[row] = view.Cell(row, col)
	}
	return cells
}

// manage makes a Manager with a ledger of its own, and checks at the end that
// neither the server nor the ledger holds anything.
func manage(t *testing.T, p *peer) *session.Manager {
	t.Helper()
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Doors: session.Doors{endpoint.Remoting: remoting.NewDoor(given.Password(password))}, Ledger: book})
	t.Cleanup(func() {
		if err := m.CloseAll(patient(t)); err != nil {
			t.Errorf("close all: %v", err)
		}
		if left, err := book.Entries(); err != nil || len(left) != 0 {
			t.Errorf("the ledger holds %v (%v)", left, err)
		}
		if err := book.Close(); err != nil {
			t.Error(err)
		}
		if n := p.count(t, "open_shells"); n != 0 {
			t.Errorf("%d shells were left behind", n)
		}
	})
	return m
}

func target(p *peer, tenant string) session.Target {
	return session.Target{
		Endpoint: endpoint.Endpoint{
			ID: "peer", Name: "psrpcore", URL: p.url, Configuration: "Microsoft.Exchange", Auth: []string{"basic"}, SessionLimit: 3, Delegation: true,
		},
		Tenant:  endpoint.Tenant{Domain: tenant},
		Account: account,
		RootCAs: p.roots,
	}
}

func TestManagerRunsOnPsrpcore(t *testing.T) {
	p := startBasic(t)
	m := manage(t, p)
	id, err := m.Open(patient(t), target(p, "contoso.example"))
	if err != nil {
		t.Fatal(err)
	}
	rows := newSink()
	if err := m.Run(patient(t), id, cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "ResultSize", Value: int64(500)}}}, rows); err != nil {
		t.Fatal(err)
	}
	view := rows.table.Snapshot()
	if n, cols := view.Size(); n != 500 || cols != 40 {
		t.Errorf("%d rows of %d columns, want 500 of 40: %v", n, cols, view.Headers())
	}
	if got := rows.column(t, "Identity"); got[0] != "mailbox000000" || got[499] != "mailbox000499" {
		t.Errorf("identities from %s to %s", got[0], got[499])
	}
	if got := rows.column(t, "Size")[3]; got != "3000009" {
		t.Errorf("Size of row 3 is %s", got)
	}

	streams := newSink()
	err = m.Run(patient(t), id, cmdlet.Invocation{Cmdlet: "Write-Streams"}, streams)
	if err != nil {
		t.Errorf("a run with an error record that did not end it: %v", err)
	}
	var kinds []session.MessageKind
	for _, said := range streams.messages {
		kinds = append(kinds, said.Kind)
	}
	want := []session.MessageKind{
		session.MessageWarning, session.MessageVerbose, session.MessageDebug, session.MessageProgress,
		session.MessageInformation, session.MessageError, session.MessageProgress,
	}
	if !reflect.DeepEqual(kinds, want) {
		t.Errorf("messages %v, want %v", kinds, want)
	}

	failed := newSink()
	var remote *psrp.RemoteError
	if err := m.Run(patient(t), id, cmdlet.Invocation{Cmdlet: "Write-Failure"}, failed); !errors.As(err, &remote) || remote.FullyQualifiedID != "AccessDenied,Set-Mailbox" {
		t.Errorf("a terminating error: %v", err)
	}
	if n := failed.table.Len(); n != 1 {
		t.Errorf("%d rows were kept, want 1", n)
	}
	if err := m.Close(patient(t), id); err != nil {
		t.Error(err)
	}
}

func TestManagerAnswersPsrpcore(t *testing.T) {
	p := startBasic(t)
	m := manage(t, p)
	id, err := m.Open(patient(t), target(p, ""))
	if err != nil {
		t.Fatal(err)
	}
	asked := newSink()
	secret := credential.NewSecret("geh\u00e4im")
	asked.answer = func(q session.Prompt) (session.Answer, error) {
		switch q.Kind {
		case session.PromptFields:
			return session.Answer{Values: map[string]string{"Identity": "bob"}, Secrets: map[string]credential.Secret{"Password": secret}}, nil
		case session.PromptChoice:
			return session.Answer{Choices: []int{1}}, nil
		case session.PromptCredential:
			return session.Answer{Credential: credential.Credential{User: "ann", Secret: secret}}, nil
		case session.PromptLine:
			return session.Answer{Text: "typed"}, nil
		case session.PromptSecretLine:
			return session.Answer{Credential: credential.Credential{Secret: secret}}, nil
		}
		return session.Answer{}, session.ErrNoAnswer
	}
	if err := m.Run(patient(t), id, cmdlet.Invocation{Cmdlet: "Test-Prompt"}, asked); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"identity=bob", "password=geh\u00e4im", "choice=1", "credential=ann:geh\u00e4im", "line=typed", "secret=geh\u00e4im", "refused=ErrorRecord",
	}
	if got := asked.column(t, "Value"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestManagerStopsOnPsrpcore(t *testing.T) {
	p := startBasic(t)
	m := manage(t, p)
	id, err := m.Open(patient(t), target(p, ""))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(patient(t))
	endless := newSink()
	go func() { // ends with the first row, or with the test's patience
		select {
		case <-endless.first:
		case <-ctx.Done():
		}
		cancel()
	}()
	if err := m.Run(ctx, id, cmdlet.Invocation{Cmdlet: "Wait-Forever"}, endless); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run: %v", err)
	}
	after := newSink()
	if err := m.Run(patient(t), id, cmdlet.Invocation{Cmdlet: "Get-Mailbox"}, after); err != nil || after.table.Len() != 10 {
		t.Errorf("the next run gave %d rows, %v", after.table.Len(), err)
	}
	if n := p.count(t, "stop"); n != 1 {
		t.Errorf("the server got %d stops", n)
	}
}

// TestManagerSchedulesOnPsrpcore lets workers do what people do, in an order
// that a seed decides: runs, cancels, failures, disconnects, over more tenants
// than the limit allows at once.
func TestManagerSchedulesOnPsrpcore(t *testing.T) {
	fixture.Long(t)
	const schedules, workers, steps = 30, 4, 5
	p := startBasic(t)
	for seed := range uint64(schedules) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m := manage(t, p)
			var work sync.WaitGroup
			for w := range uint64(workers) {
				work.Go(func() { // ends with its steps
					random := rand.New(rand.NewPCG(seed, w))
					for range steps {
						if err := act(patient(t), m, target(p, fmt.Sprintf("tenant%d.example", w)), random); err != nil {
							t.Errorf("worker %d: %v", w, err)
						}
					}
				})
			}
			work.Wait()
		})
	}
	if n := p.count(t, "max_open_shells"); n == 0 || n > 3 {
		t.Errorf("the server held up to %d shells at once, the limit is 3", n)
	}
}

// act opens a session, does one thing in it, and closes it.
func act(ctx context.Context, m *session.Manager, at session.Target, random *rand.Rand) error {
	id, err := m.Open(ctx, at)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	out := newSink()
	switch random.IntN(4) {
	case 0: // a report
		n := 1 + random.IntN(60)
		err = m.Run(ctx, id, cmdlet.Invocation{Cmdlet: "Get-Mailbox", Args: []cmdlet.Arg{{Name: "ResultSize", Value: int64(n)}}}, out)
		if err == nil && out.table.Len() != n {
			err = fmt.Errorf("%d rows, want %d", out.table.Len(), n)
		}
	case 1: // Cancel, once there is something to see
		run, cancel := context.WithCancel(ctx)
		stop := context.AfterFunc(ctx, cancel)
		go func() { // ends with the first row or with the run
			select {
			case <-out.first:
			case <-run.Done():
			}
			cancel()
		}()
		if err = m.Run(run, id, cmdlet.Invocation{Cmdlet: "Wait-Forever"}, out); errors.Is(err, context.Canceled) {
			err = nil
		}
		stop()
	case 2: // an error
		var remote *psrp.RemoteError
		if err = m.Run(ctx, id, cmdlet.Invocation{Cmdlet: "Write-Failure"}, out); errors.As(err, &remote) {
			err = nil
		}
	case 3: // Disconnect in mid-run
		closed := make(chan error, 1)
		go func() { // ends when the session is closed
			select {
			case <-out.first:
			case <-ctx.Done():
			}
			closed <- m.Close(ctx, id)
		}()
		if err = m.Run(ctx, id, cmdlet.Invocation{Cmdlet: "Wait-Forever"}, out); errors.Is(err, session.ErrClosed) {
			err = nil
		}
		err = errors.Join(err, <-closed)
	}
	return errors.Join(err, m.Close(ctx, id))
}

func TestManagerTenantTravelsInTheURL(t *testing.T) {
	p := startBasic(t)
	m := manage(t, p)
	if _, err := m.Open(patient(t), target(p, "contoso.example")); err != nil {
		t.Fatal(err)
	}
	if paths := fmt.Sprint(p.stats(t)["paths"]); !strings.Contains(paths, "DelegatedOrg=contoso.example") {
		t.Errorf("the server was asked for %s", paths)
	}
}
