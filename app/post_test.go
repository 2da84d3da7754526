package app

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestRefresherDrawsOneAtATime: news that come while a long redraw goes on ask
// for one more, not for one each, and the end does not wait for it.
func TestRefresherDrawsOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		draws, under := 0, 0
		release := make(chan struct{})
		r := &refresher{period: refreshes}
		r.draw = func() {
			draws++
			under++
			if under > 1 && draws < 4 {
				t.Error("two redraws at the same time")
			}
			if draws < 4 {
				<-release
			}
			under--
		}
		for range 1000 {
			r.news()
		}
		synctest.Wait()
		if draws != 1 {
			t.Fatalf("%d redraws for the first news, want 1", draws)
		}
		for range 50 { // five seconds of news during one redraw
			<-time.After(refreshes)
			r.news()
		}
		release <- struct{}{}
		synctest.Wait()
		if draws != 1 {
			t.Error("no pause after a redraw of five seconds")
		}
		<-time.After(50 * refreshes)
		synctest.Wait()
		if draws != 2 {
			t.Fatalf("%d redraws after the pause, want 2", draws)
		}
		r.news()
		release <- struct{}{}
		<-time.After(refreshes)
		synctest.Wait()
		if draws != 3 {
			t.Fatalf("%d redraws, want 3", draws)
		}
		r.end() // while the third goes on
		if draws != 4 {
			t.Errorf("%d redraws at the end, want 4", draws)
		}
		close(release)
		r.news()
		<-time.After(time.Minute)
		synctest.Wait()
		if draws != 4 {
			t.Errorf("%d redraws after the end, want 4", draws)
		}
	})
}
