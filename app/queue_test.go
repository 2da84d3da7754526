package app

import (
	"testing"
	"time"
)

// uiQueue is the UI thread of a test: what is posted runs when the test drains
// it, on the test's own goroutine. So nothing races, and -race reports the
// program's faults and not the test's.
type uiQueue struct {
	work chan func()
}

func newUIQueue() *uiQueue { return &uiQueue{work: make(chan func(), 4096)} }

func (q *uiQueue) post(f func()) { q.work <- f }

// outside is how often until looks at what changes without a word to the UI
// thread: a server's counts, the end of a goroutine, what a vault holds.
const outside = 5 * time.Millisecond

// until runs what is posted until cond holds. It looks after each post and, as
// the last post may come before the last change, from time to time.
func (q *uiQueue) until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	look := time.NewTicker(outside)
	defer look.Stop()
	for !cond() {
		select {
		case <-look.C:
		case f := <-q.work:
			f()
		case <-deadline.C:
			t.Fatalf("%s: not within 30 s", what)
		}
	}
}

// drain runs what has been posted.
func (q *uiQueue) drain() {
	for {
		select {
		case f := <-q.work:
			f()
		default:
			return
		}
	}
}
