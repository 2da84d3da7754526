package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"postroom/session"
)

// forgotten is after how long the cloud drops a session that nobody uses.
const forgotten = 15 * time.Minute

// queue tells of the wait for a slot, each place once, and ends the wait where
// nobody sits who could: a job that waits for ever is a job that nobody misses.
type queue struct {
	streams  Streams
	patience time.Duration // 0 is without end

	mu     sync.Mutex
	cancel context.CancelCauseFunc // of the attempt that goes on
	timer  *time.Timer             // runs while it waits
	place  int                     // told last
}

func newQueue(s Streams, t session.Target) *queue {
	q := &queue{streams: s, patience: t.Endpoint.IdleTimeout}
	switch {
	case s.Terminal:
		q.patience = 0
	case q.patience <= 0:
		q.patience = forgotten
	}
	return q
}

// watch gives the context for one attempt to open a session; done ends it.
func (q *queue) watch(ctx context.Context) (attempt context.Context, done func()) {
	attempt, cancel := context.WithCancelCause(ctx)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.cancel, q.place = cancel, 0
	return attempt, func() {
		q.mu.Lock()
		q.stop()
		q.cancel = nil
		q.mu.Unlock()
		cancel(nil)
	}
}

// stop ends the timer. q.mu must be held.
func (q *queue) stop() {
	if q.timer != nil {
		q.timer.Stop()
		q.timer = nil
	}
}

// SessionChanged hears of the places and of the end of the wait.
func (q *queue) SessionChanged(i session.Info) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.cancel == nil {
		return
	}
	if i.State != session.Waiting {
		q.stop()
		return
	}
	if i.Place == 0 || i.Place == q.place {
		return
	}
	q.place = i.Place
	fmt.Fprintf(q.streams.Err, "postroom: %s has all %d sessions in use; waiting for one to end (place %d)\n", i.Account, i.Limit, i.Place)
	if q.timer == nil && q.patience > 0 {
		cancel, refusal := q.cancel, &noSlotError{account: i.Account, limit: i.Limit, waited: q.patience}
		q.timer = time.AfterFunc(q.patience, func() { cancel(refusal) })
	}
}

// noSlotError is a wait for a slot that was given up.
type noSlotError struct {
	account string
	limit   int
	waited  time.Duration
}

// Error says who waited and how long.
func (e *noSlotError) Error() string {
	return fmt.Sprintf("cli: no session of the %d of %s became free in %s", e.limit, e.account, e.waited)
}

// Waited gives the limit and how long one of the sessions was waited for.
func (e *noSlotError) Waited() (limit int, waited time.Duration) { return e.limit, e.waited }
