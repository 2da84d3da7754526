package session

import (
	"context"
	"time"
)

// checkTime is how long a server has to say that a session is still there: a
// throttled one takes its time (exchange.md 3.3), a dead line would take for ever.
const checkTime = 15 * time.Second

// beginIdle starts the clock of a session that nobody uses. The server counts
// as well and would drop it; we close it a little before, so that its slot is
// free and known to be. m.mu must be held.
func (m *Manager) beginIdle(s *live) {
	s.idle = time.Now()
	stopTimer(s)
	timeout := s.info().IdleTimeout
	if timeout <= 0 {
		return // nobody knows when the server drops it
	}
	s.idleEnds = time.AfterFunc(timeout-idleMargin(timeout), func() { m.idleOver(s) })
}

func stopTimer(s *live) {
	if s.idleEnds != nil {
		s.idleEnds.Stop()
		s.idleEnds = nil
	}
}

// idleOver closes the idle session, or keeps it alive if the user wants that.
func (m *Manager) idleOver(s *live) {
	m.mu.Lock()
	if s.state != Idle || s.closing {
		m.mu.Unlock()
		return
	}
	kept, conn := s.kept, s.conn
	if kept {
		m.beginIdle(s)
		m.notify(s)
	}
	m.mu.Unlock()
	m.deliver()
	if !kept {
		m.beginClose(s, ErrIdle)
		return
	}
	ctx, cancel := context.WithTimeout(s.life, checkTime)
	defer cancel()
	if err := conn.KeepAlive(ctx); err != nil {
		m.beginClose(s, err)
	}
}

// Keep keeps a session open when nobody uses it, until LetGo or Close.
func (m *Manager) Keep(id ID) { m.setKept(id, true) }

// LetGo lets a kept session be closed again after its idle time.
func (m *Manager) LetGo(id ID) { m.setKept(id, false) }

func (m *Manager) setKept(id ID, kept bool) {
	m.mu.Lock()
	if s := m.find(id); s != nil && s.kept != kept {
		s.kept = kept
		if s.state == Idle {
			m.beginIdle(s)
		}
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
		conn := s.conn
		m.spawn(func() { // ends within checkTime
			ctx, cancel := context.WithTimeout(s.life, checkTime)
			defer cancel()
			if err := conn.KeepAlive(ctx); err != nil {
				m.beginClose(s, err)
			}
		})
	}
}
