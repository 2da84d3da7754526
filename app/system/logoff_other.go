//go:build !windows

package system

import "context"

// WatchLogoff is for Windows. Elsewhere logind and the signals that end every
// process tell of a log-off.
func WatchLogoff(context.Context, Events) error { return nil }
