package desktest

import (
	"testing"
	"time"
)

// Queue is the UI thread of a test: what is posted runs when the test drains
// it, on the test's own goroutine. So nothing races, and -race reports the
// program's faults and not the test's.
type Queue struct {
	// Around runs what was posted, for tests that measure it; nil runs it as it is.
	Around func(do func())

	work chan func()
}

// NewQueue returns an empty queue.
func NewQueue() *Queue { return &Queue{work: make(chan func(), 4096)} }

// Post puts f into the queue.
func (q *Queue) Post(f func()) { q.work <- f }

// outside is how often Until looks at what changes without a word to the UI
// thread: a server's counts, the end of a goroutine, what a vault holds.
const outside = 5 * time.Millisecond

// Patience is how long a test waits for what must come, as Until does: far longer than
// it takes, so that a busy machine makes no failures.
const Patience = 3 * time.Minute

// Until runs what is posted until cond holds. It looks after each post and, as
// the last post may come before the last change, from time to time.
func (q *Queue) Until(t testing.TB, what string, cond func() bool) {
	t.Helper()
	deadline := time.NewTimer(Patience)
	defer deadline.Stop()
	look := time.NewTicker(outside)
	defer look.Stop()
	for !cond() {
		select {
		case <-look.C:
		case f := <-q.work:
			q.run(f)
		case <-deadline.C:
			t.Fatalf("%s: not within %s", what, Patience)
		}
	}
}

// Drain runs what has been posted, and tells whether there was something.
func (q *Queue) Drain() (some bool) {
	for {
		select {
		case f := <-q.work:
			q.run(f)
			some = true
		default:
			return some
		}
	}
}

func (q *Queue) run(f func()) {
	if q.Around != nil {
		q.Around(f)
		return
	}
	f()
}
