package session

import (
	"context"
	"time"
)

// Pause waits for d, as doors do before they try again. The error is why ctx ended
// before.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
