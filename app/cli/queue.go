package cli

import (
	"fmt"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/job"
)

// forgotten is after how long the cloud drops a session that nobody uses.
const forgotten = 15 * time.Minute

// queue tells of the wait for a slot, each place once, and ends the wait where
// nobody sits who could: a job that waits for ever is a job that nobody misses.
type queue struct {
	streams  Streams
	job      *job.Job
	patience time.Duration // 0 is without end

	mu    sync.Mutex
	waits map[session.ID]*turn
}

// turn is a session that waits for a slot.
type turn struct {
	place int // told last
	timer *time.Timer
}

func newQueue(s Streams, j *job.Job, t session.Target) *queue {
	q := &queue{streams: s, job: j, patience: t.Endpoint.IdleTimeout, waits: map[session.ID]*turn{}}
	switch {
	case s.Terminal:
		q.patience = 0
	case q.patience <= 0:
		q.patience = forgotten
	}
	return q
}

// SessionChanged hears of the places and of the end of the wait.
func (q *queue) SessionChanged(i session.Info) {
	q.job.SessionChanged(i)
	target, ours := q.job.Opening(i)
	q.mu.Lock()
	w := q.waits[i.ID]
	switch {
	case i.State != session.Waiting:
		delete(q.waits, i.ID)
	case w == nil:
		w = &turn{}
		q.waits[i.ID] = w
	}
	tell := i.State == session.Waiting && i.Place > 0 && i.Place != w.place
	if tell {
		w.place = i.Place
	}
	begins := tell && ours && w.timer == nil && q.patience > 0
	if begins {
		refusal := &noSlotError{account: i.Account, limit: i.Limit, waited: q.patience}
		w.timer = time.AfterFunc(q.patience, func() { q.job.StopTarget(target, refusal) })
	}
	if i.State != session.Waiting && w != nil && w.timer != nil {
		w.timer.Stop()
	}
	q.mu.Unlock()
	if tell {
		sayPlace(q.streams, i)
	}
}

// sayPlace tells of the place in the wait for a slot.
func sayPlace(s Streams, i session.Info) {
	say(s.Err, "postroom: %s has all %d sessions in use; waiting for one to end (place %d)\n", i.Account, i.Limit, i.Place)
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
