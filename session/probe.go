package session

import (
	"context"
	"time"
)

// StepSession is the last step's name: a session is opened, and closed again
// if it was not there before.
const StepSession = "session"

// Test goes the way to the target step by step: name, connection, certificate,
// HTTP, sign-in, session. each is told of every step as it ends; the first that
// fails is the last, and its error is returned. The session of the last step
// counts under the account's limit like any other.
func (m *Manager) Test(ctx context.Context, t Target, each func(Step)) error {
	door, err := m.doors.of(t.Endpoint)
	if err != nil {
		return err
	}
	told := func(s Step) {
		s.Err = t.OfTenant(s.Err)
		each(s)
	}
	if err := door.Probe(ctx, t, told); err != nil {
		return t.OfTenant(err)
	}
	started := time.Now()
	id, err := m.Open(ctx, t)
	if err == nil {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTime)
		defer cancel()
		err = m.Release(closing, id)
	}
	each(Step{Name: StepSession, Elapsed: time.Since(started), Err: err})
	return err
}

// Release closes a session that only its opener has asked for. One that was
// there before, that someone has joined since, or that is kept, goes on.
func (m *Manager) Release(ctx context.Context, id ID) error {
	m.mu.Lock()
	s := m.find(id)
	m.mu.Unlock()
	if s == nil || !m.beginCloseIf(s, nil, func() bool { return s.asked == 1 && !s.kept }) {
		return nil
	}
	return m.awaitClosed(ctx, s)
}
