package remoting_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/diagnose"
	"postroom/session/ledger"
	"postroom/session/simulator"
	"postroom/session/wsman"
)

// proxy forwards TCP connections to a server, until it is cut or frozen.
type proxy struct {
	listener net.Listener
	address  string

	mu     sync.Mutex
	target string
	cut    bool
	losses int // how often all connections were broken
	frozen bool
	conns  map[net.Conn]bool
	work   sync.WaitGroup

	first atomic.Int64 // when the first bytes of rows went to the client
}

func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, address: listener.Addr().String(), target: target, conns: map[net.Conn]bool{}}
	p.work.Go(p.accept) // ends with the listener
	t.Cleanup(func() {
		_ = listener.Close()
		p.lose(true)
		p.work.Wait()
	})
	return p
}

func (p *proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.work.Go(func() { p.forward(conn) }) // ends with the connection
	}
}

func (p *proxy) forward(client net.Conn) {
	defer client.Close() //nolint:errcheck // it is over
	p.mu.Lock()
	target, cut, losses := p.target, p.cut, p.losses
	p.mu.Unlock()
	if cut {
		return
	}
	server, err := new(net.Dialer).DialContext(context.Background(), "tcp", target)
	if err != nil {
		return
	}
	defer server.Close() //nolint:errcheck // it is over
	p.mu.Lock()
	lost := p.losses != losses // while it was made
	if !lost {
		p.conns[client], p.conns[server] = true, true
	}
	p.mu.Unlock()
	if lost {
		return
	}
	p.work.Go(func() { // ends with either connection
		p.pipe(stamped{client, &p.first}, server)
		_ = client.Close()
	})
	p.pipe(server, client)
}

func (p *proxy) pipe(to, from net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		p.mu.Lock()
		frozen := p.frozen
		p.mu.Unlock()
		if n > 0 && !frozen { // frozen, it swallows what comes, as a dead line does
			if _, err := to.Write(buf[:n]); err != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	_ = to.Close()
}

// lose breaks all connections, and refuses new ones while cut.
func (p *proxy) lose(cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = cut
	p.losses++
	for c := range p.conns {
		_ = c.Close()
		delete(p.conns, c)
	}
}

func (p *proxy) set(change func(*proxy)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

// through lets a target go through a proxy to a server.
func through(t testing.TB, p *proxy, at *session.Target) {
	t.Helper()
	u, err := url.Parse(at.Endpoint.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = p.address
	at.Endpoint.URL = u.String()
}

func hostOf(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// explained checks that people are told what it was.
func explained(t *testing.T, err error, ids ...string) {
	t.Helper()
	p := diagnose.Explain(err)
	for _, id := range ids {
		if p.ID == id {
			return
		}
	}
	t.Errorf("%v\nis explained as %s (%s), want one of %v", err, p.ID, p.Title, ids)
}

// The network goes away in the middle of a run: rows are kept, the run is
// partial, the session is lost, and the shell stays in the ledger until the
// server can be reached again.
func TestTheNetworkGoesAway(t *testing.T) {
	t.Parallel() // it waits for most of its time
	b := newBench(t, simulator.Options{Rows: 20000})
	p := newProxy(t, hostOf(t, b.server.URL()))
	through(t, p, &b.target)
	b.open(t)
	sink := newKeeper()
	sink.each = func(row int) error {
		if row == 1 {
			p.lose(true)
		}
		return nil
	}
	err := b.manager.Run(patient(t), b.id, mailboxes(20000), sink)
	var partial *session.PartialError
	var network *wsman.NetError
	if !errors.As(err, &partial) || partial.Rows != sink.rows || sink.rows == 0 || !errors.As(err, &network) {
		t.Errorf("%d rows, %v, want a partial run with the network's error", sink.rows, err)
	}
	explained(t, err, "partial")
	if sink.table.Len() != sink.rows {
		t.Errorf("%d rows were kept of %d", sink.table.Len(), sink.rows)
	}
	info, err := b.heard.ended(patient(t), b.id)
	var left *session.LeftOpenError
	if err != nil || info.State != session.Lost || !errors.As(info.Err, &left) || !errors.As(info.Err, &network) {
		t.Errorf("the session is %v: %v, want lost, and named as left open", info.State, info.Err)
	}
	explained(t, info.Err, "left-open")
	if n := entries(t, b.book); n != 1 {
		t.Errorf("%d entries in the ledger, want the one that could not be deleted", n)
	}
	p.lose(false)
	b.open(t) // deletes what was left behind first
	if n := b.server.Stats().OpenShells; n != 1 {
		t.Errorf("%d sessions on the server, want the new one alone", n)
	}
	b.works(t)
	if err := closeAll(b.manager); err != nil { // while the proxy is there
		t.Error(err)
	}
}

// The server is another one after a restart: it does not know the session.
func TestTheServerRestarts(t *testing.T) {
	b := newBench(t, simulator.Options{Rows: 10})
	second, err := simulator.Start(simulator.Options{
		Rows: 10, Seed: 1, Dir: t.TempDir(), Account: b.server.Account(), Password: b.server.Password(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = second.Close() })
	roots := x509.NewCertPool()
	for _, file := range []string{b.server.CAFile(), second.CAFile()} {
		if pem, err := os.ReadFile(file); err != nil || !roots.AppendCertsFromPEM(pem) {
			t.Fatal("a certificate of the simulator cannot be read", err)
		}
	}
	p := newProxy(t, hostOf(t, b.server.URL()))
	through(t, p, &b.target)
	b.target.RootCAs = roots
	b.open(t)
	p.set(func(p *proxy) { p.target = hostOf(t, second.URL()) })
	p.lose(false)
	// Nobody uses the session; the Receive that is always out tells.
	info, err := b.heard.ended(patient(t), b.id)
	var fault *wsman.Fault
	if err != nil || info.State != session.Lost || !errors.As(info.Err, &fault) || !fault.ShellGone() {
		t.Errorf("the session is %v: %v, want lost, as the server does not know it", info.State, info.Err)
	}
	explained(t, info.Err, "shell-gone")
	b.open(t) // one click
	if err := b.manager.Close(patient(t), b.id); err != nil {
		t.Error(err)
	}
	if n := second.Stats().OpenShells; n != 0 {
		t.Errorf("%d sessions are left on the server", n)
	}
	p.set(func(p *proxy) { p.target = hostOf(t, b.server.URL()) })
	// The first still has its session, as a server does that only looked dead:
	// nobody can delete it there by way of the address, so it runs out.
	if err := b.server.Close(); err != nil {
		t.Error(err)
	}
}

// A request comes to another server of the farm, where the session is not.
func TestAffinityIsLost(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 10})
	b.faults(simulator.Rule{Fault: simulator.LostAffinity, On: simulator.Command, Limit: 1})
	err := b.manager.Run(patient(t), b.id, mailboxes(3), newKeeper())
	var fault *wsman.Fault
	if !errors.As(err, &fault) {
		t.Errorf("the run: %v, want the server's fault", err)
	}
	explained(t, err, "shell-gone", "session-ended", "partial-unsure")
	info, err := b.heard.ended(patient(t), b.id)
	if err != nil || info.State != session.Lost {
		t.Errorf("the session is %v: %v, want lost", info.State, info.Err)
	}
	b.open(t)
	b.works(t)
}

// The server drops an idle session: the Receive that is out says so.
func TestTheServerDropsAnIdleSession(t *testing.T) {
	clock := simulator.NewManualClock(time.Now())
	b := openBench(t, simulator.Options{Rows: 10, Clock: clock})
	if err := clock.Awaited(patient(t), 3*time.Minute); err != nil { // the Receive is out
		t.Fatal(err)
	}
	b.faults(simulator.Rule{Fault: simulator.Expire, On: simulator.Receive, Limit: 1})
	clock.Advance(3 * time.Minute) // it comes back, and the next one tells
	info, err := b.heard.ended(patient(t), b.id)
	var fault *wsman.Fault
	if err != nil || info.State != session.Lost || !errors.As(info.Err, &fault) {
		t.Fatalf("the session is %v: %v, want lost with the server's fault", info.State, info.Err)
	}
	explained(t, info.Err, "shell-gone", "session-ended")
	b.open(t)
	b.works(t)
}

// After a sleep the line may be dead without anyone having said so: asking has
// an end, and a living session stands the question.
func TestAskingWhetherASessionIsThere(t *testing.T) {
	b := newBench(t, simulator.Options{Rows: 10})
	p := newProxy(t, hostOf(t, b.server.URL()))
	through(t, p, &b.target)
	conn, err := b.network.Dial(patient(t), b.target, session.DialOptions{
		Intended: b.network.Intended(b.target), Intend: func(string, []ledger.Cookie) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	held, holds := conn.(session.Held)
	if !holds {
		t.Fatal("the server holds the session, and it does not say so")
	}
	if err := held.KeepAlive(patient(t)); err != nil {
		t.Errorf("a session that is there: %v", err)
	}
	if err := b.wire.wait(patient(t), "response Send", 1); err != nil {
		t.Fatal(err)
	}
	p.set(func(p *proxy) { p.frozen = true })
	ctx, cancel := context.WithCancel(patient(t))
	asked := make(chan error, 1)
	go func() { asked <- held.KeepAlive(ctx) }() // ends with ctx
	if err := b.wire.wait(patient(t), "request Send", 2); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-asked; !errors.Is(err, context.Canceled) {
		t.Errorf("a dead line: %v, want that it took too long", err)
	}
	p.set(func(p *proxy) { p.frozen = false })
	p.lose(false)
	if err := conn.Close(patient(t)); err != nil {
		t.Error(err)
	}
}

// A test of a connection closes the session that it opened, and no other's.
func TestATestClosesOnlyItsOwnSession(t *testing.T) {
	for name, who := range map[string]struct {
		before, meanwhile bool
		left              int64
	}{
		"alone":             {left: 0},
		"it was there":      {before: true, left: 1},
		"someone joined it": {meanwhile: true, left: 1},
		"both":              {before: true, meanwhile: true, left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, simulator.Options{Rows: 10})
			if who.before {
				b.open(t)
			}
			joined := make(chan error, 1)
			var once sync.Once
			if who.meanwhile {
				// The opener and the one who joins wait for the same Create.
				b.manager.Observe(session.ObserverFunc(func(i session.Info) {
					if i.State != session.Connecting {
						return
					}
					once.Do(func() {
						go func() { // ends with the attempt
							id, err := b.manager.Open(patient(t), b.target)
							if !who.before {
								b.id = id
							}
							joined <- err
						}()
					})
				}))
			}
			last := ""
			if err := b.manager.Test(patient(t), b.target, func(s session.Step) { last = s.Name }); err != nil || last != session.StepSession {
				t.Fatalf("the test ended at %q with %v", last, err)
			}
			if who.meanwhile && !who.before { // else nothing connects
				if err := <-joined; err != nil {
					t.Fatal(err)
				}
			}
			if n := int64(len(b.manager.Sessions())); n != who.left {
				t.Errorf("%d sessions are there, want %d", n, who.left)
			}
			if who.left > 0 {
				b.works(t)
			}
		})
	}
}

func TestAfterASleepEverySessionIsAsked(t *testing.T) {
	b := openBench(t, simulator.Options{Rows: 10})
	before := b.wire.count("response Send")
	b.manager.CheckAll()
	if err := b.wire.wait(patient(t), "response Send", before+1); err != nil {
		t.Fatal(err)
	}
	b.works(t)
	b.faults(simulator.Rule{Fault: simulator.Expire, On: simulator.Send, Limit: 1})
	b.manager.CheckAll()
	info, err := b.heard.ended(patient(t), b.id)
	if err != nil || info.State != session.Lost {
		t.Errorf("the session is %v: %v, want lost", info.State, info.Err)
	}
	explained(t, info.Err, "shell-gone", "session-ended", "aborted") // whichever request was told first
}
