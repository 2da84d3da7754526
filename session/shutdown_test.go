package session_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session"
	"postroom/session/diagnose"
	"postroom/session/ledger"
)

// deafServer never answers, and does not mind who gives up.
type deafServer struct{ silence time.Duration }

func (s deafServer) Dial(_ context.Context, t session.Target, o session.DialOptions) (session.Conn, error) {
	if err := o.Intend(t.Endpoint.URL, nil); err != nil {
		return nil, err
	}
	time.Sleep(s.silence) // of the bubble's clock
	return nil, &session.LeftBehindError{Err: errTest, DeleteErr: errTest, Record: o.Intended}
}

func (deafServer) Intended(t session.Target) session.Record { return intended(t) }

func (s deafServer) Delete(context.Context, session.Target, session.Record) error {
	time.Sleep(s.silence)
	return errTest
}

func (deafServer) Probe(context.Context, session.Target, func(session.Step)) error { return errTest }

// Closing everything takes at most ten seconds, whatever the servers do and
// however long the caller would wait. What is not confirmed is named and stays
// in the ledger.
func TestClosingTakesTenSecondsAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, book := open(t, newFakeServer())
		m := session.NewManager(session.Options{Doors: behind(deafServer{time.Minute}), Ledger: book})
		go func() { _, _ = m.Open(context.Background(), target("")) }() // ends with the dial
		synctest.Wait()
		began := time.Now()
		var left *session.LeftOpenError
		if err := m.CloseAll(context.Background()); !errors.As(err, &left) || len(left.Sessions) != 1 {
			t.Errorf("CloseAll = %v, want it to name the session", err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
		if n := entries(t, book); n != 1 {
			t.Errorf("%d entries in the ledger, want the one that may be on the server", n)
		}
		time.Sleep(2 * time.Minute)
	})
}

// A session that waits for its turn is nothing that is left on a server.
func TestWhoWaitsIsNotNamedAsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		m, _ := open(t, server)
		at := target("a")
		at.Limit = 1
		if _, err := m.Open(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		at.Tenant = target("b").Tenant
		go func() { _, _ = m.Open(context.Background(), at) }() // ends with CloseAll
		synctest.Wait()
		server.set(func(s *fakeServer) { s.closeErr = errTest })
		var left *session.LeftOpenError
		if err := m.CloseAll(t.Context()); !errors.As(err, &left) || len(left.Sessions) != 1 || left.Until.IsZero() {
			t.Errorf("CloseAll = %v, want it to name the open session alone, and until when it lasts", err)
		}
		if left != nil {
			explained(t, left, "left-open")
		}
	})
}

// A session whose end was not confirmed is tried once more when everything closes, and
// that takes no longer: it is named, with why it was left, and stays in the ledger.
func TestTryingOnceMoreTakesNoLongerThanTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, book := open(t, newFakeServer())
		m := session.NewManager(session.Options{Doors: behind(deafServer{time.Minute}), Ledger: book})
		if _, err := m.Open(t.Context(), target("")); err == nil {
			t.Fatal("it is open")
		}
		began := time.Now()
		var left *session.LeftOpenError
		if err := m.CloseAll(context.Background()); !errors.As(err, &left) || len(left.Sessions) != 1 || !errors.Is(err, errTest) {
			t.Errorf("CloseAll = %v, want it to name the session", err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
		if n := entries(t, book); n != 1 {
			t.Errorf("%d entries in the ledger, want the one that may be on the server", n)
		}
		time.Sleep(2 * time.Minute)
	})
}

// A session that is gone from its server, and whose end the list of open sessions cannot
// note, is not one that the server did not confirm.
func TestAnEndThatCannotBeNoted(t *testing.T) {
	dir := t.TempDir()
	book, err := ledger.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	server := newFakeServer()
	m := session.NewManager(session.Options{Doors: behind(server), Ledger: book})
	if _, err := m.Open(t.Context(), target("")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "ledger.json")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	var left *session.LeftOpenError
	if err := m.CloseAll(t.Context()); !errors.As(err, &left) || left.LeftOpen() != 1 || left.Gone() != 1 {
		t.Fatalf("CloseAll = %v, want one that is gone and cannot be noted", err)
	}
	explained(t, left, "list-not-written")
	if text := diagnose.Explain(left); !strings.Contains(text.Cause, dir) {
		t.Errorf("the folder is not named: %s", text.Cause)
	}
	if open, _ := server.count(); open != 0 {
		t.Errorf("%d are open", open)
	}
}
