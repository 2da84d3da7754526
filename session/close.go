package session

import (
	"errors"
	"slices"

	"postroom/session/ledger"
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
	s.stopTimer()
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
	ctx, cancel := m.shutdown.Deleting(s.life)
	defer cancel()
	err := s.conn.Close(ctx)
	if err == nil && s.slot != nil {
		err = noteGone(s.slot) // a shell that is gone and counted is tried again as well
	}
	if err != nil {
		if left, still := s.leftOpen(err); still {
			var open LeftOpenError
			open.add(left)
			m.ended(s, Lost, errors.Join(cause, &open))
			return
		}
	}
	if cause == nil || errors.Is(cause, ErrIdle) {
		m.ended(s, Closed, cause)
		return
	}
	m.ended(s, Lost, cause)
}

// noteGone gives back the slot of a session that is gone from its server.
func noteGone(slot *ledger.Slot) error {
	if err := slot.Cleared(); err != nil {
		return &NotNotedError{Err: err}
	}
	return nil
}

// leftOpen is a session whose end was not confirmed: in the ledger, where slots
// are counted.
func (s *live) leftOpen(err error) (l leftBehind, still bool) {
	if held := s.held(); s.slot != nil && held != nil {
		return s.leaveBehind(s.slot, held.Record(), err)
	}
	s.manager.mu.Lock()
	defer s.manager.mu.Unlock()
	return leftBehind{info: s.info(), err: err}, true
}

// ended takes a session off the list.
func (m *Manager) ended(s *live, state State, err error) {
	m.mu.Lock()
	s.stopTimer()
	s.err = err
	if s.advance(state) {
		m.notifyEnd(s)
	}
	m.sessions = slices.DeleteFunc(m.sessions, func(other *live) bool { return other == s })
	m.mu.Unlock()
	s.end(ErrClosed)
	m.deliver()
}

// add names one more.
func (e *LeftOpenError) add(l leftBehind) {
	e.Sessions = append(e.Sessions, l.info)
	e.Errs = append(e.Errs, l.err)
	if until := l.until(); until.After(e.Until) {
		e.Until = until
	}
}
