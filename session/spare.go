package session

import (
	"context"
	"errors"
)

// AtOnce is how many commands a session does at once, 1 where its door does not
// say, and 0 when there is no such session.
func (m *Manager) AtOnce(id ID) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.find(id)
	if s == nil || s.conn == nil {
		return 0
	}
	if wide, ok := s.conn.(Wide); ok {
		return max(1, wide.AtOnce())
	}
	return 1
}

// Pipes says that the session's server runs a pipeline as one; see [Piping].
func (m *Manager) Pipes(id ID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.find(id); s != nil && s.conn != nil {
		if piping, says := s.conn.(Piping); says {
			return piping.Pipes()
		}
	}
	return true
}

// errNoneFree ends the attempt to open a spare session that would have to wait.
var errNoneFree = errors.New("session: no slot is free")

// Spare opens a session of the target's beside the one that is there, for work
// that goes faster by several. It waits for no slot and for no server's refusal:
// ok is false when none is free now, when the door counts none, or when the
// session could not be opened. Open never gives a spare session; its opener closes it.
func (m *Manager) Spare(ctx context.Context, t Target) (id ID, ok bool) {
	to, err := m.aimAt(t)
	if err != nil {
		return 0, false
	}
	if _, counts := to.door.(Remover); !counts {
		return 0, false
	}
	if used, limit, err := m.Slots(t); err != nil || used >= limit {
		return 0, false
	}
	m.mu.Lock()
	if m.closing {
		m.mu.Unlock()
		return 0, false
	}
	s := m.begin(ctx, to)
	s.spare = true
	m.notify(s)
	m.spawn(s.connect) // ends with the attempt; s.end cuts it short
	m.mu.Unlock()
	m.deliver()
	select {
	case <-s.ready:
	case <-ctx.Done():
		m.leave(s, context.Cause(ctx))
		return 0, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s.waiters--
	return s.id, s.conn != nil && !s.closing
}
