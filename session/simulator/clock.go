package simulator

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Clock is where a server takes its time from.
type Clock interface {
	// Now is the present moment.
	Now() time.Time
	// AfterFunc calls f once d has passed, on a goroutine of the clock's
	// choice. stop keeps it from being called; it does not wait for a call
	// that is under way.
	AfterFunc(d time.Duration, f func()) (stop func())
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, f func()) func() {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// ManualClock is a clock that stands still until Advance moves it. It may be
// used by any number of goroutines.
type ManualClock struct {
	mu     sync.Mutex
	now    time.Time
	next   int
	timers map[int]manualTimer
	more   news // of timers
}

type manualTimer struct {
	at time.Time
	f  func()
}

// NewManualClock gives a clock that shows start.
func NewManualClock(start time.Time) *ManualClock {
	return &ManualClock{now: start, timers: map[int]manualTimer{}}
}

// Now is the moment that the clock shows.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc calls f within the Advance that reaches now+d; at once when d is
// not above 0.
func (c *ManualClock) AfterFunc(d time.Duration, f func()) func() {
	if d <= 0 {
		f()
		return func() {}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id := c.next
	c.next++
	c.timers[id] = manualTimer{at: c.now.Add(d), f: f}
	c.more.tell()
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, id)
	}
}

// Awaited waits until something is due within d. Whoever moves the clock to end a
// server's wait waits for this: that a request came says nothing of whether its
// wait has begun, and one that begins later waits for a moment that nobody
// reaches. The error is ctx's.
func (c *ManualClock) Awaited(ctx context.Context, d time.Duration) error {
	err := c.more.until(ctx, &c.mu, func() bool {
		for _, t := range c.timers {
			if !t.at.After(c.now.Add(d)) {
				return true
			}
		}
		return false
	})
	if err != nil {
		return fmt.Errorf("wait until something is due within %s: %w", d, err)
	}
	return nil
}

// Advance moves the clock by d and calls what falls due on the way, in the
// order of time, on the caller's goroutine.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	c.mu.Unlock()
	for {
		f := c.due(end)
		if f == nil {
			return
		}
		f()
	}
}

// due takes out the earliest timer up to end and sets the clock to it, or to
// end when there is none.
func (c *ManualClock) due(end time.Time) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := -1
	for id, t := range c.timers {
		if t.at.After(end) {
			continue
		}
		if first < 0 || t.at.Before(c.timers[first].at) || t.at.Equal(c.timers[first].at) && id < first {
			first = id
		}
	}
	if first < 0 {
		if end.After(c.now) {
			c.now = end
		}
		return nil
	}
	t := c.timers[first]
	delete(c.timers, first)
	if t.at.After(c.now) {
		c.now = t.at
	}
	return t.f
}
