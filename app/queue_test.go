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

// until runs what is posted until cond holds.
func (q *uiQueue) until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	for !cond() {
		select {
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
