package session_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/ledger"
)

// ableConn is a letterConn that has all that a session can have beyond the least, but for
// being held.
type ableConn struct {
	*letterConn
	calls int
}

func (*ableConn) AtOnce() int { return 4 }
func (*ableConn) Pipes() bool { return false }

func (c *ableConn) RunEach(_ context.Context, calls []session.Call) ([]error, bool) {
	c.calls += len(calls)
	return make([]error, len(calls)), true
}

// ableDoor is a letterDoor of such sessions, which does not send everything.
type ableDoor struct {
	letterDoor
	last *ableConn
}

var errNotByLetter = errors.New("test: not by letter")

func (*ableDoor) Accepts(i cmdlet.Invocation) error {
	if i.Cmdlet == "Remove-Mailbox" {
		return errNotByLetter
	}
	return nil
}

func (d *ableDoor) Dial(ctx context.Context, t session.Target, o session.DialOptions) (session.Conn, error) {
	c, err := d.letterDoor.Dial(ctx, t, o)
	if err != nil {
		return nil, err
	}
	d.last = &ableConn{letterConn: c.(*letterConn)}
	return d.last, nil
}

// What a door, or its session, can beyond the least is asked of itself, not of its name:
// with it the Manager has more to give, without it the least, and nothing is sent.
func TestWhatADoorCanIsAskedOfIt(t *testing.T) {
	for name, c := range map[string]struct {
		door   session.Door
		atOnce int
		pipes  bool
		each   bool
		refuse error
	}{
		"least": {&letterDoor{}, 1, true, false, nil},
		"more":  {&ableDoor{}, 4, false, true, errNotByLetter},
	} {
		t.Run(name, func(t *testing.T) {
			book, err := ledger.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			m := session.NewManager(session.Options{Doors: session.Doors{letters: c.door}, Ledger: book})
			id, err := m.Open(t.Context(), byLetter("a"))
			if err != nil {
				t.Fatal(err)
			}
			if got := m.AtOnce(id); got != c.atOnce {
				t.Errorf("AtOnce = %d, want %d", got, c.atOnce)
			}
			if got := m.Pipes(id); got != c.pipes {
				t.Errorf("Pipes = %t", got)
			}
			calls := []session.Call{{Command: getMailbox, Sink: newNothing()}, {Command: getMailbox, Sink: newNothing()}}
			if errs, can := m.RunEach(t.Context(), id, calls); can != c.each || can && len(errs) != len(calls) {
				t.Errorf("RunEach = %v, %t", errs, can)
			}
			if able, is := c.door.(*ableDoor); is && able.last.calls != len(calls) {
				t.Errorf("%d calls came", able.last.calls)
			}
			err = m.Accepts(byLetter("a"), []cmdlet.Invocation{{Cmdlet: "Get-Mailbox"}, {Cmdlet: "Remove-Mailbox"}})
			if !errors.Is(err, c.refuse) {
				t.Errorf("Accepts = %v, want %v", err, c.refuse)
			}
			if _, spare := m.Spare(t.Context(), byLetter("a")); spare { // it would be counted by nobody
				t.Error("a spare session where no slots are counted")
			}
			if i := m.Sessions()[0]; i.IdleTimeout != 0 || i.Limit != 0 || i.Door != letters {
				t.Errorf("of a session that no server holds it says %+v", i)
			}
			if err := m.CloseAll(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// A door that counts no slots may say what it likes of quotas: nobody waits for it, and
// nobody else at the server is held up.
func TestAQuotaWithoutSlotsHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		door, m, book, heard := openLetters(t)
		door.err = tooMany{wait: time.Hour}
		began := time.Now()
		if _, err := m.Open(t.Context(), byLetter("a")); !errors.Is(err, door.err) || time.Since(began) != 0 {
			t.Errorf("Open = %v after %v", err, time.Since(began))
		}
		for _, i := range heard.all() {
			if i.Waits() {
				t.Errorf("it waits: %+v", i.Wait)
			}
		}
		if _, err := m.Open(t.Context(), target("a")); err != nil || time.Since(began) != 0 {
			t.Errorf("by the other door: %v after %v", err, time.Since(began))
		}
		if n := entries(t, book); n != 1 {
			t.Errorf("%d entries in the ledger, want that of the other door", n)
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// What a session stands on and what its server says while it opens come through the seam.
func TestWhatADoorTellsIsShown(t *testing.T) {
	door, m, _, _ := openLetters(t)
	id, err := m.Open(t.Context(), byLetter("a"))
	if err != nil {
		t.Fatal(err)
	}
	door.dials[0].Standing(session.Standing{TenantID: "sorting office", Rate: session.Rate{Limit: 7, Remaining: 3}})
	door.dials[0].Say(session.Message{Kind: session.MessageWarning, Text: "stamps are dearer now"})
	if i := m.Sessions()[0]; i.TenantID != "sorting office" || i.Rate.Remaining != 3 {
		t.Errorf("it stands on %+v", i.Standing)
	}
	to := &hearing{nothing: newNothing()}
	for range 2 { // the second run hears nothing of it
		if err := m.Run(t.Context(), id, getMailbox, to); err != nil {
			t.Fatal(err)
		}
	}
	if len(to.heard) != 1 || to.heard[0] != "stamps are dearer now" {
		t.Errorf("heard %q", to.heard)
	}
	if err := m.CloseAll(t.Context()); err != nil {
		t.Error(err)
	}
}

// hearing is a sink that keeps messages.
type hearing struct {
	nothing
	heard []string
}

func (h *hearing) Message(m session.Message) { h.heard = append(h.heard, m.Text) }

// parcelDoor counts slots. Its sessions may have come to be although it has no answer.
type parcelDoor struct {
	letterDoor
	intends session.Record
	deleted []session.Record
}

func (d *parcelDoor) Intended(session.Target) session.Record { return d.intends }

func (d *parcelDoor) Dial(_ context.Context, _ session.Target, o session.DialOptions) (session.Conn, error) {
	if err := o.Intend(o.Intended.URL, o.Intended.Cookies); err != nil {
		return nil, err
	}
	return nil, &session.LeftBehindError{Err: errTest, DeleteErr: errTest, Record: o.Intended}
}

func (d *parcelDoor) Delete(_ context.Context, _ session.Target, r session.Record) error {
	d.deleted = append(d.deleted, r)
	return nil
}

// A record goes from its door into the ledger, and as it is to the door of the process that
// deletes it: nothing on its way reads an id, a configuration or a cookie.
func TestARecordComesBackAsItsDoorMadeIt(t *testing.T) {
	first := &parcelDoor{intends: session.Record{
		ShellID: "parcel no. 7, blue", URL: target("").Endpoint.URL + "?counter=4", Configuration: "fragile",
		Cookies: []ledger.Cookie{{Name: "ribbon", Value: "=;%20"}}, Affinity: true,
	}}
	dir := t.TempDir()
	book, err := ledger.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Doors: behind(first), Ledger: book})
	if _, err := m.Open(t.Context(), target("")); !errors.Is(err, errTest) {
		t.Fatalf("Open = %v", err)
	}
	if err := book.Close(); err != nil { // the process dies
		t.Fatal(err)
	}
	book, err = ledger.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	next := &parcelDoor{}
	m = session.NewManager(session.Options{Doors: session.Doors{endpoint.Remoting: next}, Ledger: book})
	left, err := m.Leftovers()
	if err != nil || len(left) != 1 {
		t.Fatalf("left: %v, %v", left, err)
	}
	for _, r := range m.CleanUp(t.Context(), left, func(context.Context, ledger.Entry) (session.Target, error) { return target(""), nil }) {
		if r.Err != nil {
			t.Error(r.Err)
		}
	}
	if len(next.deleted) != 1 || !reflect.DeepEqual(next.deleted[0], first.intends) {
		t.Errorf("deleted %+v, want %+v", next.deleted, first.intends)
	}
	if n := entries(t, book); n != 0 {
		t.Errorf("%d entries are left", n)
	}
}
