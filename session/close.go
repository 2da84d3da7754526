package session

import (
	"context"
	"errors"
	"slices"

	"postroom/session/ledger"
	"postroom/session/wsman"
)

// beginClose starts to close a session, once. cause is why it ends by itself,
// nil when it was asked for.
func (m *Manager) beginClose(s *live, cause error) {
	m.mu.Lock()
	if s.closing || s.state.Ended() {
		m.mu.Unlock()
		return
	}
	s.closing = true
	stopTimer(s)
	s.advance(Closing)
	m.notify(s)
	m.spawn(func() { m.finish(s, cause) }) // ends within deleteTime of the attempt's end
	m.mu.Unlock()
	m.deliver()
	s.end(orClosed(cause)) // breaks off a wait for a slot, a dial, a run
}

// finish deletes the shell and gives the slot back.
func (m *Manager) finish(s *live, cause error) {
	<-s.ready
	if s.conn == nil {
		return // the attempt failed and cleaned up behind itself
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.life), deleteTime)
	defer cancel()
	if err := s.conn.Close(ctx); err != nil {
		info := m.leaveBehind(s, s.slot, s.conn.Record(), err)
		m.ended(s, Lost, errors.Join(cause, &LeftOpenError{Sessions: []Info{info}, Errs: []error{err}}))
		return
	}
	if err := s.slot.Cleared(); err != nil {
		cause = errors.Join(cause, err)
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

func (m *Manager) leaveBehind(s *live, slot *ledger.Slot, record wsman.Record, err error) Info {
	m.mu.Lock()
	defer m.mu.Unlock()
	info := s.info()
	m.left = append(m.left, leftBehind{target: s.target, record: record, slot: slot, info: info, err: err})
	return info
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
			deleting, cancel := context.WithTimeout(ctx, deleteTime)
			defer cancel()
			if err := m.dialer.Delete(deleting, l.target, l.record); err != nil {
				l.err = err
				failed <- l
				return
			}
			if err := l.slot.Cleared(); err != nil {
				l.err = err
				failed <- l
				return
			}
			failed <- leftBehind{}
		}()
	}
	for range now {
		if l := <-failed; l.slot != nil {
			m.mu.Lock()
			m.left = append(m.left, l)
			m.mu.Unlock()
		}
	}
}
