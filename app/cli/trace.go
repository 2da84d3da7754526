package cli

import (
	"errors"
	"os"

	"postroom/session"
)

// openTrace opens the protocol trace, nil when none was asked for. The writer
// leaves out every secret; the file is for its owner alone all the same.
func openTrace(name string) (session.Tracer, func() error, error) {
	if name == "" {
		return nil, func() error { return nil }, nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, &fileError{name: name, err: err}
	}
	trace := session.NewTraceWriter(f)
	return trace, func() error { return errors.Join(trace.Err(), f.Close()) }, nil
}
