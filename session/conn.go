package session

import (
	"context"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/wsman"
)

// A Dialer opens connections and deletes shells that were left behind.
// Network is the one for real servers.
type Dialer interface {
	// Dial opens a session. On an error nothing is left on the server, unless
	// the error is a *LeftBehindError.
	Dial(context.Context, Target, DialOptions) (Conn, error)
	// Delete deletes a shell that this or another process opened. A shell that
	// the server does not know counts as deleted; where the way to its server is
	// not known either, the error is a *MaybeThereError.
	Delete(context.Context, Target, wsman.Record) error
	// Probe goes the way to the target step by step, up to the sign-in, and tells
	// each of every step as it ends; the first that fails is the last, and its
	// error is returned. It opens no session.
	Probe(context.Context, Target, func(Step)) error
}

// DialOptions is what the Manager decides about a shell.
type DialOptions struct {
	// ShellID is the shell's id, an upper-case GUID.
	ShellID string
	// Intend is called before each Create goes out, with its address. An
	// error stops the attempt.
	Intend func(url string) error
	// Guard is deferred in every goroutine of the session: a panic closes all
	// sessions before the program dies of it. nil guards nothing.
	Guard func()

	shutdown *shutdown // what cleaning up behind a failed attempt has to keep to
}

// Command is what is sent as one: a cmdlet.Invocation, or a cmdlet.Pipeline whose
// commands each get what the one before gives.
type Command interface {
	// Commands are the calls, at least one.
	Commands() []cmdlet.Invocation
	// PowerShell is the text that a person would type, without secrets.
	PowerShell() string
}

// A Conn is one open session.
type Conn interface {
	// Run sends one command and feeds sink until the call or ctx ends. It returns
	// at once when ctx ends; the call is then stopped on the server in the
	// background. Runs beyond the session's runspaces wait.
	Run(context.Context, Command, Sink) error
	// Commands asks for the cmdlets that the account may run.
	Commands(context.Context) ([]cmdlet.Cmdlet, error)
	// KeepAlive makes the server's idle clock begin anew.
	KeepAlive(context.Context) error
	// Record is what finds the shell again.
	Record() wsman.Record
	// IdleTimeout is the server's; 0 when it did not say.
	IdleTimeout() time.Duration
	// Ended is closed when the session broke off by itself; Err then says why.
	Ended() <-chan struct{}
	// Err is why it broke off, nil while it has not.
	Err() error
	// Close deletes the shell. nil means that the server confirmed it. It may
	// be called again after an error.
	Close(context.Context) error
}

// LeftBehindError is a session that could not be opened, where the server may
// have made the shell all the same and did not confirm its deletion.
type LeftBehindError struct {
	Err       error // why it could not be opened
	DeleteErr error // why it could not be deleted
	Record    wsman.Record
	// Until is when the server will have dropped it by itself; zero when that
	// is not known.
	Until time.Time
}

// Error gives both causes.
func (e *LeftBehindError) Error() string {
	return e.Err.Error() + "; and it may have been left on the server: " + e.DeleteErr.Error()
}

// Unwrap gives both causes.
func (e *LeftBehindError) Unwrap() []error { return []error{e.Err, e.DeleteErr} }

// Frees gives Until.
func (e *LeftBehindError) Frees() time.Time { return e.Until }
