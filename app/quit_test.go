package app

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2/test"

	"postroom/app/desk"
	"postroom/app/desktest"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
)

var errDeaf = errors.New("test: the server does not answer")

// deafServer opens sessions and never confirms their end.
type deafServer struct{ ended chan struct{} }

func (s deafServer) Dial(_ context.Context, t session.Target, o session.DialOptions) (session.Conn, error) {
	return s, o.Intend(t.Endpoint.URL, nil)
}

func (deafServer) Intended(t session.Target) session.Record {
	return session.Record{ShellID: "DEAF", URL: t.Endpoint.URL}
}

func (deafServer) Delete(context.Context, session.Target, session.Record) error { return errDeaf }

func (deafServer) Probe(context.Context, session.Target, func(session.Step)) error { return errDeaf }

func (deafServer) Run(context.Context, session.Command, session.Sink) error { return nil }

func (deafServer) Commands(context.Context) ([]cmdlet.Cmdlet, error) { return nil, nil }

func (deafServer) KeepAlive(context.Context) error { return nil }

func (deafServer) Record() session.Record     { return session.Record{URL: "https://deaf.example/"} }
func (deafServer) IdleTimeout() time.Duration { return 0 }
func (s deafServer) Ended() <-chan struct{}   { return s.ended }

func (deafServer) Err() error { return nil }

func (deafServer) Close(context.Context) error { return errDeaf }

// TestClosingSaysWhatWasNotConfirmed: a session that the server did not confirm
// to be gone is named before the window closes, and stays in the ledger.
func TestClosingSaysWhatWasNotConfirmed(t *testing.T) {
	q := desktest.NewQueue()
	a, err := New(test.NewTempApp(t), Deps{
		Post: q.Post, Passwords: credential.NewMemory(), Config: t.TempDir(), State: t.TempDir(),
		Doors: session.Doors{endpoint.Remoting: deafServer{ended: make(chan struct{})}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.manager.Open(t.Context(), session.Target{
		Endpoint: endpoint.Endpoint{
			ID: "deaf", Name: "Deaf", URL: "https://deaf.example/", Kind: endpoint.KindOwn,
			Configuration: "Microsoft.Exchange", Auth: []string{endpoint.AuthBasic}, SessionLimit: 3,
		},
		Account: "anna@contoso.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	w := a.window
	w.closing.request()
	before := w.closing.farewell.text.Text
	q.Until(t, "the last word", func() bool { return w.closing.farewell.text.Text != before })
	desktest.Shot(t, w.desk, "closing not confirmed")
	if !strings.Contains(w.closing.farewell.text.Text, "\n") {
		t.Errorf("the window says %q, want what happened and what to do", w.closing.farewell.text.Text)
	}
	var left *session.LeftOpenError
	if err := a.Shutdown(t.Context()); !errors.As(err, &left) || len(left.Sessions) != 1 {
		t.Errorf("Shutdown = %v, want the session named", err)
	}
}

// TestTheEndWaitsForNobodyWithoutEnd: whatever hangs when the window is closed, its process
// ends in time, and what hangs costs nothing that does not.
func TestTheEndWaitsForNobodyWithoutEnd(t *testing.T) {
	for _, hangs := range []string{"nothing", "servers", "settings", "an export"} {
		synctest.Test(t, func(t *testing.T) {
			released := make(chan struct{})
			var kept, closed, written atomic.Bool
			does := func(what string, done *atomic.Bool) {
				if hangs == what {
					<-released
					return
				}
				done.Store(true)
			}
			c := &closing{
				desk: &desk.Desk{Spawn: func(f func()) { go f() }}, // ends with f
				shutdown: func(ctx context.Context) error {
					if hangs == "servers" {
						<-ctx.Done()
						return errDeaf
					}
					closed.Store(true)
					return nil
				},
				finish: func(context.Context) { does("an export", &written) },
			}
			ctx, cancel := context.WithTimeout(t.Context(), shutdownTime-lastWord)
			defer cancel()
			began := time.Now()
			err := c.settle(ctx, func(context.Context) error { does("settings", &kept); return nil })
			if took := time.Since(began); took > shutdownTime-lastWord || hangs == "nothing" && took > 0 {
				t.Errorf("%s: it took %v", hangs, took)
			}
			if (err != nil) != (hangs == "servers") {
				t.Errorf("%s: %v is left", hangs, err)
			}
			if closed.Load() == (hangs == "servers") || kept.Load() == (hangs == "settings") || written.Load() == (hangs == "an export") {
				t.Errorf("%s: closed %t, kept %t, written %t", hangs, closed.Load(), kept.Load(), written.Load())
			}
			close(released)
		})
	}
}

// TestAnExportIsGivenUpBeforeTheEnd: in time to remove what is there of it.
func TestAnExportIsGivenUpBeforeTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newExports()
		end := e.begin()
		var removed atomic.Bool
		go func() { // ends when the export is given up
			defer end()
			<-e.giveUp
			time.Sleep(clearing / 2) // of the bubble's clock
			removed.Store(true)
		}()
		c := &closing{
			desk:   &desk.Desk{Spawn: func(f func()) { go f() }}, // ends with f
			finish: e.finish, shutdown: func(context.Context) error { return nil },
		}
		ctx, cancel := context.WithTimeout(t.Context(), shutdownTime-lastWord)
		defer cancel()
		if err := c.settle(ctx, func(context.Context) error { return nil }); err != nil || !removed.Load() {
			t.Errorf("removed %t, %v", removed.Load(), err)
		}
	})
}
