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
		r := &refresher{period: refreshes}
		r.draw = func() {
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
