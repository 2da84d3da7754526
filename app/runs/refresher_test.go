package runs

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestRefresherDrawsOneAtATime: news that come while a long redraw goes on ask
// for one more, not for one each, and the end does not wait for it.
func TestRefresherDrawsOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var draws, under atomic.Int32 // the clock of a bubble orders nothing
		release := make(chan struct{})
		r := &refresher{period: refreshes, post: func(f func()) { f() }}
		r.draw = func(func() bool) {
			n := draws.Add(1)
			if under.Add(1) > 1 && n < 4 {
				t.Error("two redraws at the same time")
			}
			if n < 4 {
				<-release
			}
			under.Add(-1)
		}
		for range 1000 {
			r.news()
		}
		synctest.Wait()
		if n := draws.Load(); n != 1 {
			t.Fatalf("%d redraws for the first news, want 1", n)
		}
		for range 50 { // five seconds of news during one redraw
			<-time.After(refreshes)
			r.news()
		}
		release <- struct{}{}
		synctest.Wait()
		if draws.Load() != 1 {
			t.Error("no pause after a redraw of five seconds")
		}
		<-time.After(50 * refreshes)
		synctest.Wait()
		if n := draws.Load(); n != 2 {
			t.Fatalf("%d redraws after the pause, want 2", n)
		}
		r.news()
		release <- struct{}{}
		<-time.After(refreshes)
		synctest.Wait()
		if n := draws.Load(); n != 3 {
			t.Fatalf("%d redraws, want 3", n)
		}
		r.end() // while the third goes on
		if n := draws.Load(); n != 4 {
			t.Errorf("%d redraws at the end, want 4", n)
		}
		close(release)
		r.news()
		<-time.After(time.Minute)
		synctest.Wait()
		if n := draws.Load(); n != 4 {
			t.Errorf("%d redraws after the end, want 4", n)
		}
	})
}

// TestALateRedrawLeavesItToTheLast: one that was due before the end, and gets to its work only
// after it, would cancel the last and come behind what is said of the end.
func TestALateRedrawLeavesItToTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var draws, shown atomic.Int32
		release := make(chan struct{})
		r := &refresher{period: refreshes, post: func(f func()) { f() }}
		r.draw = func(late func() bool) {
			n := draws.Add(1)
			if n == 1 {
				<-release // a busy machine
			}
			if !late() {
				shown.Store(n)
			}
		}
		r.news()
		synctest.Wait()
		r.end()
		close(release)
		synctest.Wait()
		if draws.Load() != 2 || shown.Load() != 2 {
			t.Errorf("of %d redraws the %d. was done last, want the one at the end", draws.Load(), shown.Load())
		}
	})
}

// TestRefresherWaitsForTheScreen: however long the UI thread is busy, at most one redraw waits
// before it, the news of that time are one more, and the end comes behind no others.
func TestRefresherWaitsForTheScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const slow = 3 * time.Second // a redraw on the UI thread
		var state, shown, waiting, most, draws atomic.Int32
		posted := make(chan func(), 1000)
		go func() { // ends with the channel
			for f := range posted {
				f()
			}
		}()
		r := &refresher{period: refreshes, post: func(f func()) { posted <- f }}
		r.draw = func(func() bool) {
			draws.Add(1)
			most.Store(max(most.Load(), waiting.Add(1)))
			posted <- func() {
				<-time.After(slow)
				shown.Store(state.Load())
				waiting.Add(-1)
			}
		}
		for range 600 { // a minute of news
			state.Add(1)
			r.news()
			<-time.After(refreshes)
		}
		if most.Load() != 1 {
			t.Errorf("%d redraws before the UI thread at once, want 1", most.Load())
		}
		if n := draws.Load(); n < 8 || n > 20 {
			t.Errorf("%d redraws of 3 s in a minute, half of which is pause", n)
		}
		<-time.After(4 * slow)
		synctest.Wait()
		if shown.Load() != state.Load() {
			t.Errorf("news %d was not drawn, %d was the last", state.Load(), shown.Load())
		}
		state.Add(1)
		r.news()
		<-time.After(refreshes) // it is being drawn
		state.Add(1)
		began := time.Now()
		r.end()
		if took := time.Since(began); took > 0 {
			t.Errorf("the end waited %v for the UI thread", took)
		}
		<-time.After(2 * slow)
		synctest.Wait()
		if shown.Load() != state.Load() {
			t.Errorf("the end was not drawn after two redraws: %d of %d", shown.Load(), state.Load())
		}
		close(posted)
	})
}
