package session_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/ledger"
)

// talkative is a door whose sessions explain cmdlets.
type talkative struct {
	letterDoor
	help func(context.Context) (cmdlet.Help, error)
}

type talkativeConn struct {
	session.Conn
	door  *talkative
	turns chan struct{} // one at a time, as in a runspace
}

func (d *talkative) Dial(ctx context.Context, t session.Target, o session.DialOptions) (session.Conn, error) {
	conn, err := d.letterDoor.Dial(ctx, t, o)
	return &talkativeConn{Conn: conn, door: d, turns: make(chan struct{}, 1)}, err
}

func (c *talkativeConn) Run(ctx context.Context, command session.Command, sink session.Sink) error {
	c.turns <- struct{}{}
	defer func() { <-c.turns }()
	return c.Conn.Run(ctx, command, sink)
}

func (c *talkativeConn) Help(ctx context.Context, _ string) (cmdlet.Help, error) {
	c.turns <- struct{}{}
	defer func() { <-c.turns }()
	return c.door.help(ctx)
}

func talk(t *testing.T, help func(context.Context) (cmdlet.Help, error)) (*session.Manager, session.ID) {
	t.Helper()
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Doors: session.Doors{letters: &talkative{help: help}, endpoint.Remoting: newFakeServer()}, Ledger: book})
	id, err := m.Open(t.Context(), byLetter("a"))
	if err != nil {
		t.Fatal(err)
	}
	return m, id
}

// TestHelpGivesWayToARun: a question that hangs is ended by the run, which goes on in the
// same session.
func TestHelpGivesWayToARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, id := talk(t, func(ctx context.Context) (cmdlet.Help, error) {
			<-ctx.Done()
			return cmdlet.Help{}, context.Cause(ctx)
		})
		asked := make(chan error)
		go func() { // ends with the question
			_, err := m.Explain(t.Context(), byLetter("a"), "Get-Letter")
			asked <- err
		}()
		synctest.Wait()
		if state := m.Sessions()[0].State; state != session.Idle {
			t.Errorf("while it is asked the session is %v", state)
		}
		if err := m.Run(t.Context(), id, getMailbox, newNothing()); err != nil {
			t.Error(err)
		}
		if err := <-asked; !errors.Is(err, session.ErrNotIdle) {
			t.Errorf("the question ended with %v", err)
		}
		if n := len(m.Sessions()); n != 1 {
			t.Errorf("%d sessions", n)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestClosingEndsAQuestionForHelp, and a server or door without help is not asked again.
func TestClosingEndsAQuestionForHelp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		m, id := talk(t, func(ctx context.Context) (cmdlet.Help, error) {
			asked++
			if asked == 1 {
				return cmdlet.Help{}, session.ErrNoHelp
			}
			<-ctx.Done()
			return cmdlet.Help{}, context.Cause(ctx)
		})
		for range 3 {
			if _, err := m.Explain(t.Context(), byLetter("a"), "Get-Letter"); !errors.Is(err, session.ErrNoHelp) {
				t.Error(err)
			}
		}
		if asked != 1 {
			t.Errorf("a server without help was asked %d times", asked)
		}
		if err := m.Close(t.Context(), id); err != nil {
			t.Error(err)
		}
		if _, err := m.Open(t.Context(), byLetter("b")); err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { // ends with the session
			_, err := m.Explain(t.Context(), byLetter("b"), "Get-Letter")
			done <- err
		}()
		synctest.Wait()
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-done; !errors.Is(err, session.ErrClosed) {
			t.Errorf("the question ended with %v", err)
		}
	})
}
