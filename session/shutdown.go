package session

import (
	"context"
	"errors"
	"sync"
	"time"
)

// closeTime is how long a person waits at most when a program closes.
const closeTime = 10 * time.Second

// deleteTime bounds the deletion of a shell: within closeTime.
const deleteTime = 8 * time.Second

// createGrace is how long a Create goes on after it was given up. Broken off,
// it may still reach the server, and after the Delete that is to undo it; and
// the cookie that leads to its server is in its answer.
const createGrace = 20 * time.Second

// errNoAnswer is a session whose server said nothing while there was time.
var errNoAnswer = errors.New("session: the server did not answer in time")

// Shutdown is the end of a Manager, which all that is still under way shares:
// attempts to open that were given up, and the Deletes after them. Until it
// begins, each has its own time. nil never begins.
type Shutdown struct {
	mu    sync.Mutex
	at    time.Time     // the deadline, once it has begun
	begun chan struct{} // closed when it begins
	over  chan struct{} // closed when its time is up
}

func newShutdown() *Shutdown { return &Shutdown{begun: make(chan struct{}), over: make(chan struct{})} }

// begin makes ctx, which has a deadline, the one for all. Only the first counts.
func (e *Shutdown) begin(ctx context.Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.at.IsZero() {
		return
	}
	e.at, _ = ctx.Deadline()
	close(e.begun)
	context.AfterFunc(ctx, func() { close(e.over) })
}

// left is the time that is left, of which there is no end before it begins.
func (e *Shutdown) left() (d time.Duration, begun bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Until(e.at), !e.at.IsZero()
}

// Deleting gives a context for what must be done although ctx has ended: for
// deleteTime, but not longer than the program has.
func (e *Shutdown) Deleting(ctx context.Context) (context.Context, context.CancelFunc) {
	limited, stop := context.WithTimeoutCause(context.WithoutCancel(ctx), deleteTime, errNoAnswer)
	if e == nil {
		return limited, stop
	}
	bound, cancel := context.WithCancelCause(limited)
	go func() { // ends with the context
		select {
		case <-e.over:
			cancel(errNoAnswer)
		case <-bound.Done():
		}
	}()
	return bound, func() { cancel(context.Canceled); stop() }
}

// Outlast gives a context that ends createGrace after ctx; where the program
// closes, after half of the time that is left, so that the other half is for
// the Delete. done frees it.
func (e *Shutdown) Outlast(ctx context.Context) (_ context.Context, done func()) {
	longer, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	go func() { // ends with the context, at the latest createGrace after ctx
		select {
		case <-ctx.Done():
		case <-longer.Done():
			return
		}
		grace := time.NewTimer(createGrace)
		defer grace.Stop()
		var begun <-chan struct{}
		if e != nil {
			begun = e.begun
		}
		for {
			select {
			case <-begun:
				begun = nil
				if left, _ := e.left(); left/2 < createGrace {
					grace.Reset(left / 2)
				}
			case <-grace.C:
				cancel(context.Cause(ctx))
				return
			case <-longer.Done():
				return
			}
		}
	}()
	return longer, func() { cancel(context.Canceled) }
}
