package app

import (
	"sync"
	"testing"

	"postroom/session"
)

// TestChangesOfSessionsAreShownTogether: while the UI thread does something else, one function
// waits for it and not one for each change; each change is heard once, those of a session in
// their order.
func TestChangesOfSessionsAreShownTogether(t *testing.T) {
	const workers, changes = 3, 5000
	posted := make(chan func(), workers*changes)
	next := map[session.ID]int{}
	n := &sessionNews{post: func(f func()) { posted <- f }, hear: func(news []session.Info) {
		for _, i := range news {
			if i.Limit != next[i.ID] {
				t.Errorf("session %d: change %d, want %d", i.ID, i.Limit, next[i.ID])
			}
			next[i.ID]++
		}
	}}
	var work sync.WaitGroup
	for w := range workers {
		work.Go(func() {
			for c := range changes {
				n.SessionChanged(session.Info{ID: session.ID(w + 1), Limit: c})
			}
		})
	}
	work.Wait()
	if len(posted) != 1 {
		t.Errorf("%d functions wait for the UI thread, want 1", len(posted))
	}
	(<-posted)()
	n.SessionChanged(session.Info{ID: 1, Limit: changes}) // what comes after that is heard too
	if len(posted) != 1 {
		t.Fatalf("%d functions wait for the UI thread, want 1", len(posted))
	}
	(<-posted)()
	for w := range workers {
		want := changes
		if w == 0 {
			want++
		}
		if got := next[session.ID(w+1)]; got != want {
			t.Errorf("session %d: heard of %d changes, want %d", w+1, got, want)
		}
	}
}
