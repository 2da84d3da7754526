package cli

import (
	"errors"
	"fmt"
	"os"

	"postroom/session"
	"postroom/session/atomicfile"
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
	f, err := atomicfile.OpenPrivate(name)
	if err != nil {
		return nil, cannotWrite(err)
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
	if err := errors.Join(t.Err(), t.file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", t.file.Name(), err)
	}
	return nil
}
