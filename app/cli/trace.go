package cli

import (
	"errors"
	"os"

	"postroom/session"
)

// trace is the protocol trace; nil when none was asked for.
type trace struct {
	*session.TraceWriter
	file *os.File
}

// openTrace opens the trace. What is written has no secret in it; the file is
// for its owner alone all the same.
func openTrace(name string) (*trace, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, cannotWrite(name, err)
	}
	return &trace{TraceWriter: session.NewTraceWriter(f), file: f}, nil
}

// tracer is what a session writes to.
func (t *trace) tracer() session.Tracer {
	if t == nil {
		return nil
	}
	return t
}

func (t *trace) close() error {
	if t == nil {
		return nil
	}
	return cannotWrite(t.file.Name(), errors.Join(t.Err(), t.file.Close()))
}
