package session

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// checkTime is how long a server has to say that a session is still there: a
// throttled one takes its time, a dead line would take for ever.
const checkTime = 15 * time.Second

// lookTime is how often the clocks are compared. Timers stand still while the
// computer sleeps (CLOCK_MONOTONIC), servers go on counting.
const lookTime = 10 * time.Second

// sleptTime is by how much a look must come late to say that the computer
// slept, or that this process was stopped. A busy machine is late by less.
const sleptTime = 20 * time.Second

// clock gives the time.
type clock func() time.Time

// since is how long ago it was: by the clock that no one sets, or by the one
// that goes on while the computer sleeps, whichever says more. A server is
// asked too early rather than too late.
func (c clock) since(t time.Time) time.Duration { return between(t, c()) }

func between(t, now time.Time) time.Duration {
	return max(now.Sub(t), now.Round(0).Sub(t.Round(0)))
}

// beginIdle starts the clock of a session that nobody uses. m.mu must be held.
func (s *live) beginIdle() {
	s.idle = s.clock()
	s.awaitIdle()
}

// awaitIdle sets the timer for what is left of the idle time. The server counts
// as well and would drop the session; we close it a little before, so that its
// slot is free and known to be. m.mu must be held.
func (s *live) awaitIdle() {
	s.stopTimer()
	timeout := s.idleTimeout()
	if timeout <= 0 {
		return // nobody knows when the server drops it
	}
	s.idleEnds = time.AfterFunc(timeout-idleMargin(timeout)-s.clock.since(s.idle), s.idleOver)
}

func (s *live) stopTimer() {
	if s.idleEnds != nil {
		s.idleEnds.Stop()
		s.idleEnds = nil
	}
}

// idleOver closes the idle session, or keeps it alive if the user wants that.
func (s *live) idleOver() {
	m := s.manager
	m.mu.Lock()
	if s.state != Idle || s.closing {
		m.mu.Unlock()
		return
	}
	kept, expired := s.kept, s.expired()
	m.mu.Unlock()
	switch {
	case kept:
		s.check()
	case expired:
		m.beginClose(s, ErrExpired)
	default:
		m.beginClose(s, ErrIdle)
	}
}

// expired says that the server must have dropped the session. m.mu must be held.
func (s *live) expired() bool {
	timeout := s.idleTimeout()
	return !s.idle.IsZero() && timeout > 0 && s.clock.since(s.idle) >= timeout
}

// watch closes the session when it breaks off by itself, and looks after it
// when the computer was asleep.
func (s *live) watch() {
	m := s.manager
	look := time.NewTicker(lookTime)
	defer look.Stop()
	last := m.now()
	for {
		select {
		case <-s.conn.Ended():
			m.beginClose(s, s.whyEnded(s.conn.Err()))
			return
		case <-s.gone:
			return
		case <-look.C:
			// One reading serves both looks: a sleep between two would be seen by neither.
			now := m.now()
			late := between(last, now) - lookTime
			if last = now; late >= sleptTime {
				s.woke()
			}
		}
	}
}

// whyEnded says that the server dropped the session for its idle time where
// that is why it does not know it any more.
func (s *live) whyEnded(err error) error {
	s.manager.mu.Lock()
	defer s.manager.mu.Unlock()
	if gone, ok := errors.AsType[goneError](err); ok && gone.ShellGone() && s.expired() {
		return fmt.Errorf("%w: %w", ErrExpired, err)
	}
	return err
}

// woke looks after a session when the computer was asleep: one that is past its
// idle time is closed, others are asked for. What is shown is counted anew.
func (s *live) woke() {
	m := s.manager
	m.mu.Lock()
	timeout := s.idleTimeout()
	over := !s.kept && s.state == Idle && timeout > 0 && m.now.since(s.idle) >= timeout-idleMargin(timeout)
	m.notify(s)
	m.mu.Unlock()
	m.deliver()
	if over {
		s.idleOver()
		return
	}
	s.check()
}

// check asks the server whether the session is still there; one that is not
// becomes Lost. It waits for the answer, for checkTime at most. For one that is
// kept the idle time begins anew, as it does for the server; what the user did
// not use goes on being idle. Where the server holds no session there is nothing
// to ask.
func (s *live) check() {
	held := s.held()
	if held == nil {
		return
	}
	m := s.manager
	ctx, cancel := context.WithTimeout(s.life, checkTime)
	defer cancel()
	if err := held.KeepAlive(ctx); err != nil {
		m.beginClose(s, s.whyEnded(err))
		return
	}
	m.mu.Lock()
	if s.state == Idle && !s.closing {
		if s.kept {
			s.beginIdle()
		} else {
			s.awaitIdle()
		}
		m.notify(s)
	}
	m.mu.Unlock()
	m.deliver()
}

// Keep keeps a session open when nobody uses it, until LetGo or Close.
func (m *Manager) Keep(id ID) { m.setKept(id, true) }

// LetGo lets a kept session be closed again after its idle time.
func (m *Manager) LetGo(id ID) { m.setKept(id, false) }

func (m *Manager) setKept(id ID, kept bool) {
	m.mu.Lock()
	if s := m.find(id); s != nil && s.kept != kept {
		// The clock goes on: the server's was not changed by what the user wants.
		s.kept = kept
		m.notify(s)
	}
	m.mu.Unlock()
	m.deliver()
}

// CheckAll asks every server whether its session is still there: after a sleep
// or a change of the network nobody else would tell for a while. A session that
// is not becomes Lost. It does not wait for the answers.
func (m *Manager) CheckAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.sessions {
		if s.conn == nil || s.closing {
			continue
		}
		m.spawn(s.woke) // ends within checkTime
	}
}
