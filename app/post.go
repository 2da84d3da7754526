package app

import (
	"sync"
	"time"
)

// post runs f on the UI thread, soon, and never waits: fyne.Do, or a queue in
// tests.
type post func(f func())

// refreshes is the shortest time between two redraws for news from a run.
const refreshes = 100 * time.Millisecond

// refresher asks for redraws, however often it is told of news, at most once
// in a period. The last news is always drawn.
type refresher struct {
	period time.Duration
	draw   func() // called from a goroutine of its own, one call at a time

	mu    sync.Mutex
	timer *time.Timer
	last  time.Time
	done  bool
	busy  sync.Mutex // held while drawing
}

// news asks for a redraw.
func (r *refresher) news() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done || r.timer != nil {
		return
	}
	r.timer = time.AfterFunc(max(0, r.period-time.Since(r.last)), r.fire)
}

func (r *refresher) fire() {
	r.mu.Lock()
	r.timer = nil
	r.last = time.Now()
	r.mu.Unlock()
	r.busy.Lock()
	defer r.busy.Unlock()
	r.draw()
}

// end draws once more and then no more.
func (r *refresher) end() {
	r.mu.Lock()
	r.done = true
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	r.mu.Unlock()
	r.busy.Lock()
	defer r.busy.Unlock()
	r.draw()
}
