//go:build !windows

package app

import "context"

// watchLogoff is for Windows. Elsewhere logind and the signals that end every
// process tell of a log-off.
func watchLogoff(context.Context, systemEvents) error { return nil }
