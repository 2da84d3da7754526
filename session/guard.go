package session

import (
	"context"
	"time"
)

// panicTime is how long a program that panics has to close its sessions.
const panicTime = 5 * time.Second

// Guard is deferred at the top of a goroutine. When that panics, all sessions
// are closed on their servers, and the panic goes on: a fault of ours must not
// cost the account its sessions. What is not confirmed in time stays in the
// ledger.
func (m *Manager) Guard() {
	p := recover()
	if p == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), panicTime) //nolint:forbidden // the caller's may be what ended
	defer cancel()
	_ = m.CloseAll(ctx) // the ledger has what is left; the panic is the news
	panic(p)
}

// spawn starts a goroutine of the manager.
func (m *Manager) spawn(f func()) {
	m.work.Add(1)
	go func() { // ends when f does; each caller says when that is
		defer m.Guard()
		defer m.work.Done() // before Guard, which waits for all the others
		f()
	}()
}
