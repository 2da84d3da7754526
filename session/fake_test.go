package session_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/diagnose"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/result"
)

// fakeServer stands for all servers: it dials, counts what is open, and fails
// on demand.
type fakeServer struct {
	mu       sync.Mutex
	open     map[string]*fakeConn // by shell id
	dials    int
	most     int
	dialErr  error         // what Dial answers
	hold     chan struct{} // Dial waits until it is closed; nil: not at all
	closeErr error         // what Close and Delete answer
	idle     time.Duration
	deleted  []string        // addresses that Delete was asked at
	front    []ledger.Cookie // that go with a Create
	cookies  []ledger.Cookie // that come with the answer to one
}

// behind leads to a server by the classic door.
func behind(d session.Door) session.Doors { return session.Doors{endpoint.Remoting: d} }

func newFakeServer() *fakeServer {
	return &fakeServer{open: map[string]*fakeConn{}, idle: 15 * time.Minute}
}

func (s *fakeServer) Dial(ctx context.Context, t session.Target, o session.DialOptions) (session.Conn, error) {
	s.mu.Lock()
	front := s.front
	s.mu.Unlock()
	if err := o.Intend(t.Endpoint.URL, front); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.dials++
	hold, dialErr := s.hold, s.dialErr
	s.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	if dialErr != nil {
		return nil, dialErr
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &fakeConn{server: s, id: o.Intended.ShellID, ended: make(chan struct{}), idle: s.idle}
	s.open[o.Intended.ShellID] = c
	s.most = max(s.most, len(s.open))
	return c, nil
}

// intended numbers the sessions that a test's doors would make.
func intended(t session.Target) session.Record {
	return session.Record{ShellID: fmt.Sprint("SHELL-", shells.Add(1)), URL: t.Endpoint.URL, Configuration: t.Endpoint.Configuration}
}

var shells atomic.Int64

func (*fakeServer) Intended(t session.Target) session.Record { return intended(t) }

func (s *fakeServer) Delete(_ context.Context, _ session.Target, r session.Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deleted = append(s.deleted, r.URL)
	if s.closeErr != nil {
		return s.closeErr
	}
	delete(s.open, r.ShellID)
	return nil
}

func (s *fakeServer) Probe(context.Context, session.Target, func(session.Step)) error { return nil }

// address is where sessions are open: elsewhere, after a redirect, unless it hands
// out cookies.
func (s *fakeServer) address() string {
	if s.cookies != nil {
		return target("").Endpoint.URL
	}
	return "https://there.example/"
}

// deletes gives the addresses that Delete was asked at.
func (s *fakeServer) deletes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.deleted)
}

func (s *fakeServer) count() (open, dials int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open), s.dials
}

func (s *fakeServer) set(change func(*fakeServer)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

type fakeConn struct {
	server *fakeServer
	id     string
	idle   time.Duration

	mu    sync.Mutex
	ended chan struct{}
	err   error
	runs  int
	alive int
	// silent: KeepAlive has no answer
	silent bool
	dead   error                                     // what KeepAlive answers
	run    func(context.Context, session.Sink) error // nil: waits for ctx
}

func (c *fakeConn) Run(ctx context.Context, _ session.Command, sink session.Sink) error {
	c.mu.Lock()
	c.runs++
	run := c.run
	c.mu.Unlock()
	if run != nil {
		return run(ctx, sink)
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

func (c *fakeConn) Commands(context.Context) ([]cmdlet.Cmdlet, error) {
	return []cmdlet.Cmdlet{{Name: "Get-Mailbox"}}, nil
}

func (c *fakeConn) KeepAlive(ctx context.Context) error {
	if c.silent {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alive++
	return c.dead
}

// gone lets the server no longer know the session.
func (c *fakeConn) gone(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead = err
}

// kept is how often the session was kept alive.
func (c *fakeConn) kept() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.alive
}

func (c *fakeConn) Record() session.Record {
	return session.Record{ShellID: c.id, URL: c.server.address(), Cookies: c.server.cookies}
}
func (c *fakeConn) IdleTimeout() time.Duration { return c.idle }
func (c *fakeConn) Ended() <-chan struct{}     { return c.ended }

func (c *fakeConn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *fakeConn) Close(context.Context) error {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.server.closeErr != nil {
		return c.server.closeErr
	}
	delete(c.server.open, c.id)
	return nil
}

// breakOff ends the session from the server's side.
func (c *fakeConn) breakOff(err error) {
	c.mu.Lock()
	c.err = err
	c.mu.Unlock()
	close(c.ended)
}

// only gives the one open connection.
func (s *fakeServer) only(t *testing.T) *fakeConn {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) != 1 {
		t.Fatalf("%d sessions are open on the server, want 1", len(s.open))
	}
	for _, c := range s.open {
		return c
	}
	return nil
}

// nothing is a sink that keeps nothing.
type nothing struct{ result.Appender }

func newNothing() nothing {
	return nothing{result.NewTable(result.Provenance{}).Builder()}
}

func (nothing) Message(session.Message) {}

func (nothing) Ask(context.Context, session.Prompt) (session.Answer, error) {
	return session.Answer{}, session.ErrNoAnswer
}

// record is an observer that keeps all it hears.
type record struct {
	mu    sync.Mutex
	infos []session.Info
}

func (r *record) SessionChanged(i session.Info) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.infos = append(r.infos, i)
}

// all gives what was heard so far.
func (r *record) all() []session.Info {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.infos)
}

func (r *record) states(id session.ID) []session.State {
	r.mu.Lock()
	defer r.mu.Unlock()
	var states []session.State
	for _, i := range r.infos {
		if i.ID == id {
			states = append(states, i.State)
		}
	}
	return slices.Compact(states)
}

func target(tenant string) session.Target {
	t := session.Target{
		Endpoint: endpoint.Endpoint{
			ID: "test", Name: "Test", URL: "https://here.example/powershell-liveid/", Kind: endpoint.KindOwn,
			Configuration: "Microsoft.Exchange", Auth: []string{"basic"}, SessionLimit: 3, Delegation: true,
		},
		Account: "anna@contoso.example",
	}
	if tenant != "" {
		t.Tenant = endpoint.Tenant{Name: tenant, Domain: tenant + ".example"}
	}
	return t
}

// open makes a manager over a fake server and a ledger of its own.
func open(t *testing.T, s *fakeServer) (*session.Manager, *ledger.Ledger) {
	t.Helper()
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return session.NewManager(session.Options{Doors: behind(s), Ledger: book}), book
}

// opened is open with one session for target(""), and an observer that has heard
// of it from the beginning.
func opened(t *testing.T) (*fakeServer, *session.Manager, *ledger.Ledger, *record, session.ID) {
	t.Helper()
	server := newFakeServer()
	m, book := open(t, server)
	heard := &record{}
	m.Observe(heard)
	id, err := m.Open(t.Context(), target(""))
	if err != nil {
		t.Fatal(err)
	}
	return server, m, book, heard, id
}

func entries(t *testing.T, book *ledger.Ledger) int {
	t.Helper()
	e, err := book.Entries()
	if err != nil {
		t.Fatal(err)
	}
	return len(e)
}

var errTest = errors.New("test: as arranged")

// The errors of a door, as the Manager tells them apart.
type (
	tooMany      struct{ wait time.Duration }
	unknownShell struct{}
	notLetIn     struct{}
)

func (tooMany) Error() string         { return "too many sessions" }
func (tooMany) Quota() bool           { return true }
func (e tooMany) Wait() time.Duration { return e.wait }
func (unknownShell) Error() string    { return "no such session" }
func (unknownShell) ShellGone() bool  { return true }
func (notLetIn) Error() string        { return "the account is not let in" }
func (notLetIn) SignInRefused() bool  { return true }

// explained checks that people are told what it was.
func explained(t *testing.T, err error, ids ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("there is no error, want one of %v", ids)
		return
	}
	if p := diagnose.Explain(err); !slices.Contains(ids, p.ID) {
		t.Errorf("%v\nis explained as %s (%s), want one of %v", err, p.ID, p.Title, ids)
	}
}
