package session_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/ledger"
)

var getMailbox = cmdlet.Invocation{Cmdlet: "Get-Mailbox"}

func TestOneSessionForEachAccountEndpointAndTenant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		m, _ := open(t, server)
		a, err := m.Open(t.Context(), target("a"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := m.Open(t.Context(), target("a"))
		if err != nil || again != a {
			t.Errorf("Open of the same target = %d, %v, want %d", again, err, a)
		}
		b, err := m.Open(t.Context(), target("b"))
		if err != nil || b == a {
			t.Errorf("Open of another tenant = %d, %v, want another session", b, err)
		}
		if got, dials := server.count(); got != 2 || dials != 2 {
			t.Errorf("%d sessions after %d dials, want 2 after 2", got, dials)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
		if got, _ := server.count(); got != 0 {
			t.Errorf("%d sessions are left on the server", got)
		}
	})
}

func TestStatesOnlyGrowAndEachIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, book, heard, id := opened(t)
		server.only(t).run = func(context.Context, session.Sink) error { return nil }
		if err := m.Run(t.Context(), id, getMailbox, newNothing()); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		want := []session.State{
			session.Waiting, session.Connecting, session.Idle, session.Running, session.Idle, session.Closing, session.Closed,
		}
		if got := heard.states(id); !slices.Equal(got, want) {
			t.Errorf("states = %v, want %v", got, want)
		}
		if n := entries(t, book); n != 0 {
			t.Errorf("%d entries are left in the ledger", n)
		}
		if err := m.Close(t.Context(), id); err != nil {
			t.Errorf("a second Close: %v, want it to be harmless", err)
		}
	})
}

func TestTheFourthWaitsItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		m, _ := open(t, server)
		var ids []session.ID
		for _, tenant := range []string{"a", "b", "c"} {
			id, err := m.Open(t.Context(), target(tenant))
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		opened := make(chan error, 1)
		go func() { // ends when the fourth is open
			_, err := m.Open(t.Context(), target("d"))
			opened <- err
		}()
		time.Sleep(5 * time.Second) // of the bubble's clock: the queue looks again now and then
		if _, dials := server.count(); dials != 3 {
			t.Fatalf("%d dials with the account full, want 3: the fourth must not be sent to be refused", dials)
		}
		infos := m.Sessions()
		if last := infos[len(infos)-1]; last.State != session.Waiting || last.Place != 1 {
			t.Errorf("the fourth is %v at place %d, want waiting at place 1", last.State, last.Place)
		}
		if err := m.Close(t.Context(), ids[0]); err != nil {
			t.Fatal(err)
		}
		if err := <-opened; err != nil {
			t.Errorf("the fourth after a slot was free: %v", err)
		}
		if server.most > 3 {
			t.Errorf("%d sessions were open at once, the limit is 3", server.most)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// However the account is spelled, no more than its limit is ever open at the server; and
// each spelling that a server could tell apart has a session of its own.
func TestNoSpellingOverrunsTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		m, _ := open(t, server)
		opened := make(chan error, 8)
		ctx, giveUp := context.WithCancel(t.Context())
		for _, account := range []string{
			"jos\u00e9@contoso.example", "JOSE\u0301@contoso.example", "\uff4a\uff4f\uff53\u00e9@contoso.example", "mailto:jos%C3%A9%40contoso.example", // one holder
			"jose@contoso.example", "CONTOSO\\jos\u00e9", "jose", `contoso\Jose`, // what may be the same
		} {
			to := target("")
			to.Account = account
			go func() { _, err := m.Open(ctx, to); opened <- err }() // ends with its session, or with ctx
		}
		synctest.Wait()
		time.Sleep(5 * time.Second) // of the bubble: the queue looks again now and then
		if now, _ := server.count(); now != 3 || server.most != 3 || len(opened) < 3 {
			t.Errorf("%d sessions are open, %d at most, want 3", now, server.most)
		}
		giveUp()
		synctest.Wait()
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		server.hold = make(chan struct{})
		m, book := open(t, server)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := m.Open(ctx, target("")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Open = %v, want the end of its context", err)
		}
		synctest.Wait()
		if got := m.Sessions(); len(got) != 0 {
			t.Errorf("%d sessions are listed after the attempt was given up", len(got))
		}
		if n := entries(t, book); n != 0 {
			t.Errorf("%d entries are left in the ledger", n)
		}
	})
}

func TestASecondWaiterKeepsTheAttemptAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		server.hold = make(chan struct{})
		m, _ := open(t, server)
		ctx, cancel := context.WithCancel(t.Context())
		first, second := make(chan error, 1), make(chan error, 1)
		go func() { _, err := m.Open(ctx, target("")); first <- err }()          // ends with ctx
		go func() { _, err := m.Open(t.Context(), target("")); second <- err }() // ends when it is open
		synctest.Wait()
		cancel()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("first = %v, want cancelled", err)
		}
		close(server.hold)
		if err := <-second; err != nil {
			t.Errorf("second = %v, want the session", err)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestClosingInterruptsARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, m, _, _, id := opened(t)
		ran := make(chan error, 1)
		go func() { ran <- m.Run(t.Context(), id, getMailbox, newNothing()) }() // ends with the session
		synctest.Wait()
		if err := m.Close(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if err := <-ran; !errors.Is(err, session.ErrClosed) {
			t.Errorf("Run = %v, want ErrClosed", err)
		}
		if err := m.Run(t.Context(), id, getMailbox, newNothing()); !errors.Is(err, session.ErrClosed) {
			t.Errorf("Run after Close = %v, want ErrClosed", err)
		}
	})
}

func TestNothingOpensAfterCloseAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		m, _ := open(t, server)
		if err := m.CloseAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Open(t.Context(), target("")); !errors.Is(err, session.ErrClosed) {
			t.Errorf("Open = %v, want ErrClosed", err)
		}
	})
}

func TestCloseAllBreaksOffADial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		server.hold = make(chan struct{})
		m, book := open(t, server)
		opened := make(chan error, 1)
		go func() { _, err := m.Open(t.Context(), target("")); opened <- err }() // ends with CloseAll
		synctest.Wait()
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-opened; !errors.Is(err, session.ErrClosed) {
			t.Errorf("Open = %v, want ErrClosed", err)
		}
		if n := entries(t, book); n != 0 {
			t.Errorf("%d entries are left in the ledger", n)
		}
	})
}

func TestAnIdleSessionIsClosedBeforeTheServerDropsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _, _, heard, id := opened(t)
		time.Sleep(13 * time.Minute)
		if got, _ := server.count(); got != 1 {
			t.Fatalf("%d sessions after 13 minutes, want 1: the server keeps it for 15", got)
		}
		time.Sleep(90 * time.Second)
		if got, _ := server.count(); got != 0 {
			t.Errorf("%d sessions after 14.5 minutes, want 0", got)
		}
		if got := heard.states(id); got[len(got)-1] != session.Closed {
			t.Errorf("states = %v, want closed at the end", got)
		}
	})
}

func TestAKeptSessionStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, _, _, id := opened(t)
		m.Keep(id)
		time.Sleep(time.Hour)
		synctest.Wait()
		if told := server.only(t).kept(); told < 4 {
			t.Errorf("the server was told %d times in an hour that the session is used, want 4 or more", told)
		}
		m.LetGo(id)
		time.Sleep(15 * time.Minute)
		if got, _ := server.count(); got != 0 {
			t.Errorf("%d sessions after it was let go", got)
		}
	})
}

func TestASessionThatBreaksOffIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, book, heard, id := opened(t)
		server.only(t).breakOff(errTest)
		synctest.Wait()
		if got := heard.states(id); got[len(got)-1] != session.Lost {
			t.Errorf("states = %v, want lost at the end", got)
		}
		if n := entries(t, book); n != 0 {
			t.Errorf("%d entries are in the ledger although the server confirmed the end", n)
		}
		next, err := m.Open(t.Context(), target(""))
		if err != nil || next == id {
			t.Errorf("Open after the loss = %d, %v, want a new session", next, err)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestWhatIsNotConfirmedStaysInTheLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, book, _, id := opened(t)
		server.set(func(s *fakeServer) { s.closeErr = errTest })
		var left *session.LeftOpenError
		if err := m.Close(t.Context(), id); !errors.As(err, &left) || !errors.Is(err, errTest) {
			t.Errorf("Close = %v, want *LeftOpenError with its cause", err)
		}
		if n := entries(t, book); n != 1 {
			t.Errorf("%d entries in the ledger, want 1", n)
		}
		if err := m.CloseAll(t.Context()); !errors.As(err, &left) || len(left.Sessions) != 1 {
			t.Errorf("CloseAll = %v, want it to name the session", err)
		}
		server.set(func(s *fakeServer) { s.closeErr = nil })
		if err := m.CloseAll(t.Context()); err != nil {
			t.Errorf("CloseAll when the server answers again: %v", err)
		}
		if n := entries(t, book); n != 0 {
			t.Errorf("%d entries in the ledger at the end", n)
		}
	})
}

func TestADialThatMayHaveLeftAShellKeepsItsEntry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		m, book := open(t, server)
		server.dialErr = &session.LeftBehindError{Err: errTest, DeleteErr: errTest, Record: session.Record{ShellID: "X"}}
		if _, err := m.Open(t.Context(), target("")); !errors.Is(err, errTest) {
			t.Errorf("Open = %v", err)
		}
		if n := entries(t, book); n != 1 {
			t.Fatalf("%d entries in the ledger, want 1", n)
		}
		server.set(func(s *fakeServer) { s.dialErr = nil })
		if _, err := m.Open(t.Context(), target("")); err != nil { // deletes what is left first
			t.Fatal(err)
		}
		if n := entries(t, book); n != 1 {
			t.Errorf("%d entries in the ledger, want the new session alone", n)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// waiting opens a session in the background and gives what it waits for, once it
// waits for the server.
func waiting(t *testing.T, m *session.Manager, heard *record) (session.Info, <-chan error) {
	t.Helper()
	opened := make(chan error, 1)
	go func() { // ends when the session is open, or with CloseAll
		_, err := m.Open(t.Context(), target(""))
		opened <- err
	}()
	synctest.Wait()
	all := heard.all()
	if len(all) == 0 || all[len(all)-1].Wait.For != session.WaitServer {
		t.Fatalf("it does not wait for the server: %+v", all)
	}
	return all[len(all)-1], opened
}

// refusal is a session whose server has no room for it, and that waits for it.
type refusal struct {
	server  *fakeServer
	manager *session.Manager
	book    *ledger.Ledger
	info    session.Info
	opened  <-chan error
}

func refused(t *testing.T) refusal {
	t.Helper()
	r := refusal{server: newFakeServer()}
	r.manager, r.book = open(t, r.server)
	heard := &record{}
	r.manager.Observe(heard)
	r.server.dialErr = tooMany{}
	r.info, r.opened = waiting(t, r.manager, heard)
	return r
}

// A server that counts more sessions than we do is not hammered: who waits is
// told until when, and it is tried again by itself at that moment.
func TestARefusalIsWaitedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		m, book := open(t, server)
		heard := &record{}
		m.Observe(heard)
		server.dialErr = tooMany{}
		info, opened := waiting(t, m, heard)
		var limit *session.LimitError
		if !errors.As(info.Wait.Err, &limit) || !limit.RetryAfter.Equal(info.Wait.Until) || time.Until(limit.Frees) != 15*time.Minute {
			t.Errorf("waits for %+v", info.Wait)
		}
		if until := time.Until(info.Wait.Until); until != time.Minute || info.State != session.Waiting {
			t.Errorf("%v, tried again in %v, want a minute", info.State, until)
		}
		explained(t, info.Wait.Err, "session-limit")
		time.Sleep(59 * time.Second)
		if _, dials := server.count(); dials != 1 {
			t.Errorf("%d dials before the time that was told, want 1", dials)
		}
		time.Sleep(10 * time.Second)
		if _, dials := server.count(); dials != 2 {
			t.Errorf("%d dials after the time that was told, want 2", dials)
		}
		server.set(func(s *fakeServer) { s.dialErr = nil })
		if err := <-opened; err != nil {
			t.Errorf("Open after the second wait: %v", err)
		}
		if n := entries(t, book); n != 1 {
			t.Errorf("%d entries in the ledger", n)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A person who has closed a session elsewhere does not have to wait.
func TestARefusedSessionIsTriedNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := refused(t)
		r.manager.TryNow(r.info.ID)
		synctest.Wait()
		if _, dials := r.server.count(); dials != 2 {
			t.Errorf("%d dials, want a second at once", dials)
		}
		r.server.set(func(s *fakeServer) { s.dialErr = nil })
		r.manager.TryNow(r.info.ID)
		began := time.Now()
		if err := <-r.opened; err != nil || time.Since(began) > 0 {
			t.Errorf("opened after %v: %v", time.Since(began), err)
		}
		r.manager.TryNow(session.ID(77)) // there is no such session
		if err := r.manager.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Who gives up while the server refuses leaves nothing behind.
func TestAWaitForTheServerIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := refused(t)
		if err := r.manager.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
		var limit *session.LimitError
		if err := <-r.opened; !errors.Is(err, session.ErrClosed) || !errors.As(err, &limit) {
			t.Errorf("Open = %v, want that it was closed while the server refused", err)
		}
		if n := entries(t, r.book); n != 0 {
			t.Errorf("%d entries in the ledger", n)
		}
	})
}

// A refusal is minded by all processes on the computer, and a server that wants
// to be left alone for years is not believed.
func TestARefusalIsMindedByOtherProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		process := func() (*fakeServer, *session.Manager, *record) {
			book, err := ledger.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			server, heard := newFakeServer(), &record{}
			m := session.NewManager(session.Options{Doors: behind(server), Ledger: book})
			m.Observe(heard)
			return server, m, heard
		}
		server, first, heard := process()
		server.dialErr = tooMany{wait: 2000000000 * time.Second}
		info, _ := waiting(t, first, heard)
		if until := time.Until(info.Wait.Until); until > 15*time.Minute {
			t.Errorf("tried again in %v, want a wait that ends", until)
		}
		other, second, heard := process()
		theirs, opened := waiting(t, second, heard)
		if !theirs.Wait.Until.Equal(info.Wait.Until) {
			t.Errorf("another process waits until %v, want %v", theirs.Wait.Until, info.Wait.Until)
		}
		if _, dials := other.count(); dials != 0 {
			t.Errorf("%d dials of another process after a refusal", dials)
		}
		explained(t, theirs.Wait.Err, "session-limit")
		if err := first.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-opened; err != nil { // by itself, at the moment that was told
			t.Errorf("Open of another process after the wait: %v", err)
		}
		if err := second.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAPanicClosesTheSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, book, _, _ := opened(t)
		func() {
			defer func() {
				if p := recover(); p != "as arranged" {
					t.Errorf("the panic that went on is %v", p)
				}
			}()
			defer m.Guard()
			panic("as arranged")
		}()
		if got, _ := server.count(); got != 0 || entries(t, book) != 0 {
			t.Errorf("%d sessions are open after a panic", got)
		}
	})
}

// TestALeftoverOfTheDemoIsCleared: the demo's server lived in the process that
// died, so nobody is asked.
func TestALeftoverOfTheDemoIsCleared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		m, book := open(t, server)
		demo := target("")
		demo.Endpoint.Kind = endpoint.KindDemo
		if _, err := m.Open(t.Context(), demo); err != nil {
			t.Fatal(err)
		}
		left, err := book.Entries()
		if err != nil {
			t.Fatal(err)
		}
		nobody := func(context.Context, ledger.Entry) (session.Target, error) { return session.Target{}, errTest }
		for _, r := range m.CleanUp(t.Context(), left, nobody) {
			if r.Err != nil {
				t.Error(r.Err)
			}
		}
		if n := entries(t, book); len(left) != 1 || n != 0 {
			t.Errorf("%d entries before and %d after, want 1 and 0", len(left), n)
		}
		if err := m.CloseAll(t.Context()); err != nil && !errors.Is(err, ledger.ErrCleared) {
			t.Error(err)
		}
	})
}
