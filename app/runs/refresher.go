package runs

import (
	"sync"
	"time"
)

// refreshes is the shortest time between two redraws for news from a run.
const refreshes = 100 * time.Millisecond

// refresher asks for redraws, however often it is told of news: one at a time,
// and after each a pause of the period or of the time that it took, whichever is
// longer, so that a table that takes long to sort leaves the processor to
// others. A redraw has ended when the UI thread has done what draw posted to it:
// on a busy machine redraws would pile up before it, and the end behind them.
// The last news is always drawn.
type refresher struct {
	period time.Duration
	// draw is called from a goroutine of its own; by end also while a call is under way. That one
	// may begin its work only now: it asks late first, and then leaves it to the last.
	draw func(late func() bool)
	post func(func()) // runs a function on the UI thread, after those that draw posted

	mu      sync.Mutex
	timer   *time.Timer // of the next redraw; nil when none is due
	pause   time.Time   // when the next may begin
	drawing bool
	again   bool // news came while drawing
	done    bool
}

// news asks for a redraw.
func (r *refresher) news() {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.done || r.timer != nil:
	case r.drawing:
		r.again = true
	default:
		r.schedule()
	}
}

// schedule is called with the mutex held.
func (r *refresher) schedule() { r.timer = time.AfterFunc(max(0, time.Until(r.pause)), r.fire) }

func (r *refresher) fire() {
	r.mu.Lock()
	if r.done {
		r.mu.Unlock()
		return
	}
	r.timer, r.drawing = nil, true
	r.mu.Unlock()
	began := time.Now()
	r.draw(r.ended)
	r.post(func() { r.drawn(began) })
}

// drawn notes that a redraw has ended.
func (r *refresher) drawn(began time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drawing = false
	r.pause = time.Now().Add(max(r.period, time.Since(began)))
	if r.again && !r.done {
		r.again = false
		r.schedule()
	}
}

// end draws once more and then no more, and waits for nobody. A redraw that is
// under way must give way to the last one.
func (r *refresher) end() {
	r.mu.Lock()
	r.done = true
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	r.mu.Unlock()
	r.draw(func() bool { return false })
}

// ended tells that the last redraw has begun, or is about to.
func (r *refresher) ended() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done
}
