package simulator

import (
	"context"
	"sync"
)

// news wakes who waits for a change of what a mutex guards.
type news struct {
	more chan struct{} // closed at the next change, if somebody waits for it
}

// tell wakes all who wait. The caller holds the mutex.
func (n *news) tell() {
	if n.more != nil {
		close(n.more)
		n.more = nil
	}
}

// until waits until holds does. holds is called under the mutex, at once and after each change,
// and must not call out. The error is ctx's.
func (n *news) until(ctx context.Context, mu *sync.Mutex, holds func() bool) error {
	for {
		mu.Lock()
		if holds() {
			mu.Unlock()
			return nil
		}
		if n.more == nil {
			n.more = make(chan struct{})
		}
		more := n.more
		mu.Unlock()
		select {
		case <-more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
