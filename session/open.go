package session

import (
	"context"
	"errors"
	"fmt"

	"postroom/session/holder"
)

// Open gives the session of the target's account, endpoint and tenant: the one
// that is there already, or a new one, which waits for a slot when the account
// holds as many as it may. Several callers may wait for the same session; the
// attempt is given up when the last of them has gone. What ctx carries for the
// keyring is used while the session opens.
func (m *Manager) Open(ctx context.Context, t Target) (ID, error) {
	s, err := m.join(ctx, t)
	if err != nil {
		return 0, fmt.Errorf("open session at %s: %w", t.Endpoint.Name, err)
	}
	m.deliver()
	select {
	case <-s.ready:
	case <-ctx.Done():
		m.leave(s, context.Cause(ctx))
		return 0, fmt.Errorf("open session at %s: %w", t.Endpoint.Name, context.Cause(ctx))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s.waiters--
	if s.conn == nil || s.closing {
		return 0, fmt.Errorf("open session at %s: %w", t.Endpoint.Name, orClosed(s.err))
	}
	return s.id, nil
}

func orClosed(err error) error {
	if err == nil {
		return ErrClosed
	}
	return err
}

// aimAt makes of a target what does not change in a session's life.
func (m *Manager) aimAt(t Target) (aim, error) {
	account, err := holder.Clean(t.Account)
	if err != nil {
		return aim{}, err
	}
	t.Account = account
	who, err := holder.Of(account, t.Endpoint.URL)
	if err != nil {
		return aim{}, err
	}
	door, err := m.doors.of(t.Endpoint)
	return aim{target: t, holder: who, place: t.place(), door: door}, err
}

// join finds the target's session or begins one.
func (m *Manager) join(ctx context.Context, t Target) (*live, error) {
	to, err := m.aimAt(t)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closing {
		return nil, ErrClosed
	}
	for _, s := range m.sessions {
		if s.place == to.place && !s.spare && !s.closing && s.state <= Running {
			s.waiters++
			s.asked++
			return s, nil
		}
	}
	s := m.begin(ctx, to)
	m.notify(s)
	m.spawn(s.connect) // ends with the attempt; s.end cuts it short
	return s, nil
}

// begin adds a session that one caller waits for. m.mu must be held.
func (m *Manager) begin(ctx context.Context, to aim) *live {
	m.nextID++
	life, end := context.WithCancelCause(context.WithoutCancel(ctx)) // it outlives the caller who asked first
	s := &live{
		id: m.nextID, manager: m, aim: to, clock: m.now, now: make(chan struct{}, 1), life: life, end: end, waiters: 1, asked: 1,
		ready: make(chan struct{}), gone: make(chan struct{}),
	}
	m.sessions = append(m.sessions, s)
	return s
}

// TryNow lets a session that waits be tried at once, at the person's own risk: it
// does not wait for the moment that a refusal of the server named, and what
// nobody owns any more does not count under the limit. The server may refuse it,
// and each refusal can lengthen a lock-out.
func (m *Manager) TryNow(id ID) {
	m.mu.Lock()
	s := m.find(id)
	m.mu.Unlock()
	if s == nil {
		return
	}
	select {
	case s.now <- struct{}{}:
	default: // it has been told already
	}
}

// leave gives up the attempt to open when nobody waits for it any more.
func (m *Manager) leave(s *live, cause error) {
	m.mu.Lock()
	s.waiters--
	abandoned := s.waiters == 0 && s.conn == nil
	m.mu.Unlock()
	if abandoned {
		m.beginClose(s, cause)
	}
}

// connect opens the session.
func (s *live) connect() {
	m := s.manager
	conn, slot, err := opening{s}.attempt()
	err = s.target.OfTenant(err)
	m.mu.Lock()
	s.slot, s.conn = slot, conn
	if err == nil && s.advance(Idle) {
		s.opened = m.now().Round(0) // by the wall, which goes on while the computer sleeps
		s.beginIdle()
	}
	s.queued, s.wait = 0, Wait{}
	if err == nil {
		m.notify(s)
		m.spawn(s.watch) // ends with the session
	}
	m.mu.Unlock()
	switch {
	case s.spare && errors.Is(err, errNoneFree):
		m.ended(s, Closed, nil) // nobody waited for it
	case err != nil:
		m.ended(s, Closed, err)
	}
	close(s.ready)
	m.deliver()
}
