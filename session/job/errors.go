package job

import (
	"errors"
	"fmt"
)

var (
	// ErrStopped is a target that a person stopped.
	ErrStopped = errors.New("job: stopped by the person")
	// ErrEnough is what EndRow of Work.Rows gives for a row that it has taken and
	// wants to be the last.
	ErrEnough = errors.New("job: as many rows as wanted")
	// ErrDeclined is a question that the person answered with No, or not at all.
	ErrDeclined = errors.New("job: the person declined")
)

// ReadOnlyError is a command that may change something, for a tenant that the
// person has set to read-only. Nothing was sent.
type ReadOnlyError struct{ Tenant, Command string }

// Error names both.
func (e *ReadOnlyError) Error() string {
	return fmt.Sprintf("run %s: tenant %s is set to read-only", e.Command, e.Tenant)
}

// ReadOnly gives the tenant and the command.
func (e *ReadOnlyError) ReadOnly() (tenant, command string) { return e.Tenant, e.Command }

// HeldBackError is a command that may change something, where nobody can tell whether the
// person has set the tenant to read-only. Nothing was sent.
type HeldBackError struct {
	Command string
	Err     error
}

// Error names the command and the cause.
func (e *HeldBackError) Error() string { return fmt.Sprintf("run %s: %v", e.Command, e.Err) }

// Unwrap gives the cause.
func (e *HeldBackError) Unwrap() error { return e.Err }

// HeldBack gives the command.
func (e *HeldBackError) HeldBack() string { return e.Command }

// SkippedError is a target that was not asked, since what ended another would
// have ended it too.
type SkippedError struct{ Err error }

// Error gives the cause.
func (e *SkippedError) Error() string { return "job: not asked: " + e.Err.Error() }

// Unwrap gives what ended the other target.
func (e *SkippedError) Unwrap() error { return e.Err }

// OpenError is a session that could not be opened: the command was not sent.
type OpenError struct{ Err error }

// Error gives the cause.
func (e *OpenError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *OpenError) Unwrap() error { return e.Err }
