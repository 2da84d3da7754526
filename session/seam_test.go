package session_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/ledger"
)

// letterDoor is a second door, to see that there is a seam: it answers each call
// at once with one row, holds nothing on any server, and counts no slots.
type letterDoor struct {
	mu    sync.Mutex
	open  int
	dials []session.DialOptions
	err   error // what Dial answers
}

const letters endpoint.Door = "letters"

func (d *letterDoor) Dial(_ context.Context, _ session.Target, o session.DialOptions) (session.Conn, error) {
	if err := o.Intend("https://letters.example/", nil); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dials = append(d.dials, o)
	if d.err != nil {
		return nil, d.err
	}
	d.open++
	return &letterConn{door: d, ended: make(chan struct{})}, nil
}

func (d *letterDoor) Probe(_ context.Context, _ session.Target, each func(session.Step)) error {
	each(session.Step{Name: "stamp", Detail: "sticks"})
	return nil
}

type letterConn struct {
	door  *letterDoor
	ended chan struct{}
	err   error
}

func (*letterConn) Run(_ context.Context, c session.Command, sink session.Sink) error {
	sink.BeginRow()
	sink.Text([]byte("Command"), []byte(c.PowerShell()))
	return sink.EndRow()
}

func (c *letterConn) Commands(context.Context) ([]cmdlet.Cmdlet, error) {
	return []cmdlet.Cmdlet{{Name: "Get-Letter"}}, nil
}

func (c *letterConn) Ended() <-chan struct{} { return c.ended }
func (c *letterConn) Err() error             { return c.err }

func (c *letterConn) Close(context.Context) error {
	c.door.mu.Lock()
	defer c.door.mu.Unlock()
	c.door.open--
	return nil
}

// openLetters is a manager with both doors.
func openLetters(t *testing.T) (*letterDoor, *session.Manager, *ledger.Ledger, *record) {
	t.Helper()
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	door, heard := &letterDoor{}, &record{}
	m := session.NewManager(session.Options{Doors: session.Doors{letters: door, endpoint.Remoting: newFakeServer()}, Ledger: book})
	m.Observe(heard)
	return door, m, book, heard
}

func byLetter(tenant string) session.Target {
	t := target(tenant)
	t.Endpoint.Door, t.Endpoint.SessionLimit = letters, 0
	return t
}

// A door that counts no slots touches neither ledger nor queue: many sessions of
// one account are open at once, none is written down, none has an idle end.
func TestADoorThatCountsNoSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		door, m, book, heard := openLetters(t)
		var last session.ID
		for _, tenant := range []string{"a", "b", "c", "d", "e", "f"} {
			id, err := m.Open(t.Context(), byLetter(tenant))
			if err != nil {
				t.Fatal(err)
			}
			last = id
		}
		if n := entries(t, book); n != 0 {
			t.Errorf("%d entries in the ledger", n)
		}
		if used, limit, err := m.Slots(byLetter("a")); used != 0 || limit != 0 || err != nil {
			t.Errorf("Slots = %d of %d, %v", used, limit, err)
		}
		for _, i := range heard.all() {
			if i.Place != 0 || i.Limit != 0 {
				t.Errorf("a session waits at place %d of a limit of %d", i.Place, i.Limit)
			}
		}
		if given := door.dials[0].Intended; given.ShellID != "" || given.URL != "" {
			t.Errorf("the door is given the record %+v", given)
		}
		sink := newNothing()
		if err := m.Run(t.Context(), last, getMailbox, sink); err != nil {
			t.Error(err)
		}
		if list, err := m.Commands(t.Context(), last); err != nil || len(list) != 1 {
			t.Errorf("Commands = %v, %v", list, err)
		}
		time.Sleep(24 * time.Hour) // nothing ends it
		m.CheckAll()
		synctest.Wait()
		if got := len(m.Sessions()); got != 6 {
			t.Errorf("%d sessions are left after a day, want all", got)
		}
		if err := m.CloseAll(t.Context()); err != nil || door.open != 0 {
			t.Errorf("CloseAll = %v, %d are open", err, door.open)
		}
	})
}

// Both doors stand side by side: the same account at the same address is counted
// at one and not at the other.
func TestDoorsDoNotShareSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, m, book, _ := openLetters(t)
		if _, err := m.Open(t.Context(), byLetter("a")); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Open(t.Context(), target("a")); err != nil {
			t.Fatal(err)
		}
		if n := entries(t, book); n != 1 {
			t.Errorf("%d entries in the ledger, want the one of the classic door", n)
		}
		if got := len(m.Sessions()); got != 2 {
			t.Errorf("%d sessions, want one for each door", got)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// What a door cannot do is its error, and nothing waits or is noted for it.
func TestADoorsErrorIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		door, m, book, _ := openLetters(t)
		door.err = errTest
		if _, err := m.Open(t.Context(), byLetter("a")); !errors.Is(err, errTest) {
			t.Errorf("Open = %v", err)
		}
		nowhere := target("a")
		nowhere.Endpoint.Door = "carrier pigeon"
		if _, err := m.Open(t.Context(), nowhere); !errors.Is(err, session.ErrNoDoor) {
			t.Errorf("Open without a door = %v", err)
		}
		if err := m.Test(t.Context(), nowhere, func(session.Step) {}); !errors.Is(err, session.ErrNoDoor) {
			t.Errorf("Test without a door = %v", err)
		}
		if n := entries(t, book); n != 0 {
			t.Errorf("%d entries in the ledger", n)
		}
	})
}

// A test of a connection goes through the target's own door.
func TestATestGoesThroughItsDoor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		door, m, _, _ := openLetters(t)
		var steps []string
		if err := m.Test(t.Context(), byLetter("a"), func(s session.Step) { steps = append(steps, s.Name) }); err != nil {
			t.Fatal(err)
		}
		if len(steps) != 2 || steps[0] != "stamp" || steps[1] != session.StepSession || door.open != 0 {
			t.Errorf("steps %v, %d left open", steps, door.open)
		}
	})
}
