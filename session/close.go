package session

import (
	"context"
	"errors"
	"slices"
	"time"

	"postroom/session/credential"
	"postroom/session/ledger"
	"postroom/session/wsman"
)

// beginClose starts to close a session, once. cause is why it ends by itself,
// nil when it was asked for.
func (m *Manager) beginClose(s *live, cause error) {
	m.beginCloseIf(s, cause, func() bool { return true })
}

// beginCloseIf is beginClose for a session of which holds is true; it is called
// with the mutex held, so that it still is when the closing begins.
func (m *Manager) beginCloseIf(s *live, cause error, holds func() bool) (begun bool) {
	m.mu.Lock()
	if s.closing || s.state.Ended() || !holds() {
		m.mu.Unlock()
		return false
	}
	s.closing = true
	stopTimer(s)
	s.advance(Closing)
	m.notify(s)
	m.spawn(func() { m.finish(s, cause) }) // ends within deleteTime of the attempt's end
	m.mu.Unlock()
	m.deliver()
	s.end(orClosed(cause)) // breaks off a wait for a slot, a dial, a run
	return true
}

// finish deletes the shell and gives the slot back.
func (m *Manager) finish(s *live, cause error) {
	<-s.ready
	if s.conn == nil {
		return // the attempt failed and cleaned up behind itself
	}
	ctx, cancel := m.shutdown.deleting(s.life)
	defer cancel()
	err := s.conn.Close(ctx)
	if err == nil {
		err = s.slot.Cleared() // a shell that is gone and counted is tried again as well
	}
	if err != nil {
		var open LeftOpenError
		open.add(m.leaveBehind(s, s.slot, s.conn.Record(), err))
		m.ended(s, Lost, errors.Join(cause, &open))
		return
	}
	if cause == nil || errors.Is(cause, ErrIdle) {
		m.ended(s, Closed, cause)
		return
	}
	m.ended(s, Lost, cause)
}

// ended takes a session off the list.
func (m *Manager) ended(s *live, state State, err error) {
	m.mu.Lock()
	stopTimer(s)
	s.err = err
	if s.advance(state) {
		m.notify(s)
		close(s.gone)
	}
	m.sessions = slices.DeleteFunc(m.sessions, func(other *live) bool { return other == s })
	m.mu.Unlock()
	s.end(ErrClosed)
	m.deliver()
}

// leftBehind is a shell of ours whose deletion the server did not confirm.
type leftBehind struct {
	target Target
	record wsman.Record
	slot   *ledger.Slot
	info   Info
	err    error
}

// until is when the server will have dropped the shell by itself; zero when
// that is not known.
func (l leftBehind) until() time.Time {
	if l.slot == nil {
		return time.Time{}
	}
	frees, _ := l.slot.Entry().FreesAt()
	return frees
}

// add names one more.
func (e *LeftOpenError) add(l leftBehind) {
	e.Sessions = append(e.Sessions, l.info)
	e.Errs = append(e.Errs, l.err)
	if until := l.until(); until.After(e.Until) {
		e.Until = until
	}
}

// leaveBehind notes a shell whose deletion was not confirmed. Its slot stays
// taken until somebody's Delete is, or the server must have dropped it.
func (m *Manager) leaveBehind(s *live, slot *ledger.Slot, record wsman.Record, err error) leftBehind {
	if abandonErr := slot.Abandon(); abandonErr != nil {
		err = errors.Join(err, abandonErr)
	}
	if stillThere := goneBy(err, slot.Entry()); stillThere != nil {
		err = stillThere
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l := leftBehind{target: s.target, record: record, slot: slot, info: s.info(), err: err}
	m.left = append(m.left, l)
	return l
}

// goneBy tells what the answer to a Delete says about the shell: nil when it
// is gone. That no server knew it is enough where each one would, since Create
// was answered without a cookie, and when it would have been dropped by now.
func goneBy(err error, e ledger.Entry) error {
	var maybe *MaybeThereError
	if !errors.As(err, &maybe) {
		return err
	}
	frees, known := e.FreesAt()
	if e.Asked.IsZero() || known && !time.Now().Before(frees) {
		return nil
	}
	maybe.Until = frees
	return err
}

// deleteLeftBehind tries once more to delete what could not be deleted. Those
// that match all of which are tried, all at once, each within deleteTime.
func (m *Manager) deleteLeftBehind(ctx context.Context, which ...func(leftBehind) bool) {
	m.mu.Lock()
	var now []leftBehind
	m.left = slices.DeleteFunc(m.left, func(l leftBehind) bool {
		for _, matches := range which {
			if !matches(l) {
				return false
			}
		}
		now = append(now, l)
		return true
	})
	m.mu.Unlock()
	failed := make(chan leftBehind, len(now))
	for _, l := range now {
		go func() { // ends within deleteTime
			deleting, cancel := context.WithTimeout(credential.WithoutPrompt(ctx), deleteTime)
			defer cancel()
			l.err = goneBy(m.dialer.Delete(deleting, l.target, l.record), l.slot.Entry())
			if l.err == nil {
				l.err = l.slot.Cleared()
			}
			failed <- l
		}()
	}
	for range now {
		if l := <-failed; l.err != nil {
			m.mu.Lock()
			m.left = append(m.left, l)
			m.mu.Unlock()
		}
	}
}
