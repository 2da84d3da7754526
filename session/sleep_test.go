package session_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session"
	"postroom/session/ledger"
)

// sleeper is a computer that can sleep: its timers stand still meanwhile, and
// the clock on the wall goes on.
type sleeper struct{ slept atomic.Int64 }

func (s *sleeper) now() time.Time { return time.Now().Round(0).Add(time.Duration(s.slept.Load())) }

func (s *sleeper) sleep(d time.Duration) { s.slept.Add(int64(d)) }

// openAsleep makes a manager on a computer that can sleep, with one session.
func openAsleep(t *testing.T, server *fakeServer) (*sleeper, *session.Manager, *ledger.Ledger, *record, session.ID) {
	t.Helper()
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	computer := &sleeper{}
	m := session.NewManager(session.Options{Doors: behind(server), Ledger: book, Now: computer.now})
	heard := &record{}
	m.Observe(heard)
	id, err := m.Open(t.Context(), target(""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return computer, m, book, heard, id
}

// last is the last that was heard of a session.
func (r *record) last(id session.ID) session.Info {
	r.mu.Lock()
	defer r.mu.Unlock()
	var last session.Info
	for _, i := range r.infos {
		if i.ID == id {
			last = i
		}
	}
	return last
}

// A session whose server must have dropped it while the computer slept is seen
// for what it is as soon as it wakes.
func TestASessionExpiresWhileTheComputerSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		computer, _, book, heard, id := openAsleep(t, server)
		time.Sleep(time.Minute)
		computer.sleep(2 * time.Hour)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if got := heard.last(id); got.State != session.Lost || !errors.Is(got.Err, session.ErrExpired) {
			t.Errorf("%v, %v, want lost, as the server dropped it", got.State, got.Err)
		}
		explained(t, heard.last(id).Err, "session-expired")
		if n := entries(t, book); n != 0 {
			t.Errorf("%d entries are left in the ledger", n)
		}
	})
}

// After a short sleep the server is asked, what is shown counts the sleep, and
// the session is closed when its time is over by the server's clock.
func TestIdleTimeGoesOnWhileTheComputerSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		computer, m, _, heard, id := openAsleep(t, server)
		opened := computer.now()
		time.Sleep(2 * time.Minute)
		computer.sleep(8 * time.Minute)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if told := server.only(t).kept(); told != 1 {
			t.Errorf("the server was asked %d times after the sleep, want once", told)
		}
		shown := heard.last(id)
		if expires, ok := shown.Expires(); !ok || !expires.Equal(opened.Add(14*time.Minute)) || !shown.IdleSince.Equal(opened) {
			t.Errorf("shown as idle since %v, until %v, want %v and 14 minutes later", shown.IdleSince, expires, opened)
		}
		time.Sleep(3 * time.Minute)
		if n := len(m.Sessions()); n != 1 {
			t.Fatalf("%d sessions at %v of its idle time, want 1", n, computer.now().Sub(opened))
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := heard.last(id); got.State != session.Closed || !errors.Is(got.Err, session.ErrIdle) {
			t.Errorf("%v, %v at %v, want closed before the server drops it", got.State, got.Err, computer.now().Sub(opened))
		}
	})
}

// A session that the user keeps is asked for after a sleep, however long it
// was: the server may have kept it.
func TestAKeptSessionIsAskedForAfterASleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		computer, m, _, heard, id := openAsleep(t, server)
		m.Keep(id)
		time.Sleep(time.Minute)
		computer.sleep(2 * time.Hour)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if got := heard.last(id); got.State != session.Idle || server.only(t).kept() == 0 {
			t.Errorf("%v after %d questions, want that the server was asked", got.State, server.only(t).kept())
		}
		computer.sleep(2 * time.Hour)
		server.only(t).gone(unknownShell{})
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if got := heard.last(id); got.State != session.Lost || !errors.Is(got.Err, session.ErrExpired) {
			t.Errorf("%v, %v, want lost, as the server dropped it", got.State, got.Err)
		}
	})
}

// The wish to keep a session changes nothing on the server: it is told before
// its own time is over, and the time that has passed counts when the wish is
// taken back.
func TestKeepingDoesNotTurnTheServersClockBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, _, _, id := opened(t)
		time.Sleep(13 * time.Minute)
		m.Keep(id)
		time.Sleep(90 * time.Second)
		synctest.Wait()
		if told := server.only(t).kept(); told != 1 {
			t.Errorf("the server was told %d times after 14.5 minutes that the session is used; it drops it after 15", told)
		}
		time.Sleep(10 * time.Minute)
		m.LetGo(id)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if n, _ := server.count(); n != 0 {
			t.Errorf("%d sessions 15 minutes after the server was told last", n)
		}
	})
}

// A server that does not answer the question at all has lost its session when
// the time for it is over.
func TestASilentServerHasLostItsSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, m, _, heard, id := opened(t)
		server.only(t).silent = true
		asked := time.Now()
		m.CheckAll()
		time.Sleep(time.Minute)
		synctest.Wait()
		got := heard.states(id)
		if got[len(got)-1] != session.Lost {
			t.Errorf("states = %v after %v, want lost", got, time.Since(asked))
		}
		if err := m.CloseAll(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
