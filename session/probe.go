package session

import (
	"context"
	"fmt"
	"time"

	"postroom/session/wsman"
)

// Step is one step of a test of a connection.
type Step = wsman.Step

// StepSession is the last step's name: a session is opened, and closed again
// if it was not there before.
const StepSession = "session"

// Test goes the way to the target step by step: name, connection, certificate,
// HTTP, sign-in, session. each is told of every step as it ends; the first that
// fails is the last, and its error is returned. The session of the last step
// counts under the account's limit like any other.
func (m *Manager) Test(ctx context.Context, t Target, each func(Step)) error {
	address, err := t.url()
	if err != nil {
		return err
	}
	client, err := wsman.New(t.config(address))
	if err != nil {
		return fmt.Errorf("test %s: %w", address, err)
	}
	defer client.Close()
	if err := client.Probe(ctx, each); err != nil {
		return fmt.Errorf("test %s: %w", address, err)
	}
	was := m.has(t)
	started := time.Now()
	id, err := m.Open(ctx, t)
	if err == nil && !was {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTime)
		defer cancel()
		err = m.Close(closing, id)
	}
	each(Step{Name: StepSession, Elapsed: time.Since(started), Err: err})
	return err
}

// has says whether there is a session for the target.
func (m *Manager) has(t Target) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.sessions {
		if s.key == t.key() && !s.closing && s.conn != nil {
			return true
		}
	}
	return false
}
