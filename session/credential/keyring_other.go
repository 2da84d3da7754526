//go:build !linux && !freebsd && !netbsd && !openbsd && !dragonfly && !windows && !darwin

package credential

import "context"

const maxSecret = 0

func newPrepare() prepare {
	return func(context.Context, access) error { return &UnavailableError{Reason: ReasonPlatform} }
}

func explainSystem(err error) error {
	return &UnavailableError{Reason: ReasonPlatform, Err: err}
}
