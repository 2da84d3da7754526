package session

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/ledger"
)

// A Door is a way to the cmdlets of a server: PowerShell remoting, or Exchange
// Online's REST. The Manager goes through it without knowing what is sent. A
// door whose sessions stay on the server until somebody deletes them is a
// Remover too.
type Door interface {
	// Dial opens a session. On an error nothing is left on the server, unless
	// the error is a *LeftBehindError.
	Dial(context.Context, Target, DialOptions) (Conn, error)
	// Probe goes the way to the target step by step, up to the sign-in, and tells
	// each of every step as it ends; the first that fails is the last, and its
	// error is returned. It opens no session.
	Probe(context.Context, Target, func(Step)) error
}

// A Remover is a door whose sessions hold slots of the account: they are counted
// under its limit, written to the ledger before they are made, and deleted. For
// any other door there is neither ledger nor queue.
type Remover interface {
	Door
	// Intended is the record of the session that Dial would make, each with an ID of its
	// own. It is written down before anything is sent: what Delete needs when the answer
	// to Dial is lost, or the process with it.
	Intended(Target) Record
	// Delete deletes a shell that this or another process opened. A shell that
	// the server does not know counts as deleted; where the way to its server is
	// not known either, the error is a *MaybeThereError.
	Delete(context.Context, Target, Record) error
}

// Choosy is a door that cannot send every call.
type Choosy interface {
	Door
	// Accepts says why a call cannot be sent, without asking anybody. nil is no promise
	// that the server takes it.
	Accepts(cmdlet.Invocation) error
}

// Doors are the doors that there are.
type Doors map[endpoint.Door]Door

// of gives the door of an endpoint.
func (d Doors) of(e endpoint.Endpoint) (Door, error) {
	if door := d[cmp.Or(e.Door, endpoint.Remoting)]; door != nil {
		return door, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrNoDoor, e.Door)
}

// Accepts says why one of several calls cannot be sent to a target; nil where all can.
func (d Doors) Accepts(t Target, calls []cmdlet.Invocation) error {
	door, err := d.of(t.Endpoint)
	if err != nil {
		return err
	}
	choosy, is := door.(Choosy)
	if !is {
		return nil
	}
	for _, i := range calls {
		if err := choosy.Accepts(i); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes a shell through the target's door.
func (d Doors) remove(ctx context.Context, t Target, r Record) error {
	door, err := d.of(t.Endpoint)
	if err != nil {
		return err
	}
	remover, ok := door.(Remover)
	if !ok {
		return fmt.Errorf("%w: %q has no shells to delete", ErrNoDoor, t.Endpoint.Door)
	}
	return remover.Delete(ctx, t, r)
}

// DialOptions is what the Manager decides about a session.
type DialOptions struct {
	// Intended is what the door intended, as it was written down; the zero value where no
	// slots are counted.
	Intended Record
	// Intend is called before each Create goes out, with its address and the
	// cookies that go with it. An error stops the attempt.
	Intend func(address string, cookies []ledger.Cookie) error
	// Standing is told of each change of what the session depends on, also after
	// Dial has returned, from any goroutine. nil is told nothing.
	Standing func(Standing)
	// Say hears what the server says in the session while no run is there to hear
	// it, such as a warning while it opens. It must return at once; nil hears nothing.
	Say func(Message)
	// Guard is deferred in every goroutine of the session: a panic closes all
	// sessions before the program dies of it. nil guards nothing.
	Guard func()
	// Shutdown is what cleaning up behind a failed attempt has to keep to.
	Shutdown *Shutdown
}

// Command is what is sent as one: a cmdlet.Invocation, or a cmdlet.Pipeline whose
// commands each get what the one before gives.
type Command interface {
	// Commands are the calls, at least one.
	Commands() []cmdlet.Invocation
	// PowerShell is the text that a person would type, without secrets.
	PowerShell() string
}

// Narrowed is a command of whose last rows only some properties are wanted. A
// door that can leaves the others out; Columns is empty where all are wanted.
type Narrowed struct {
	Command
	Columns []string
}

// A Runner runs commands in one session, one at a time.
type Runner interface {
	Run(context.Context, Command, Sink) error
}

// A Conn is one open session.
type Conn interface {
	// Run sends one command and feeds sink until the call or ctx ends. It returns
	// at once when ctx ends; the call is then stopped on the server in the
	// background, where that can be done. Runs beyond what the session can do at
	// once wait.
	Run(context.Context, Command, Sink) error
	// Commands asks for the cmdlets that the account may run.
	Commands(context.Context) ([]cmdlet.Cmdlet, error)
	// Ended is closed when the session broke off by itself; Err then says why.
	Ended() <-chan struct{}
	// Err is why it broke off, nil while it has not.
	Err() error
	// Close ends the session. nil means that nothing of it is left on the server.
	// It may be called again after an error.
	Close(context.Context) error
}

// Wide is what a Conn can be that does several commands at once.
type Wide interface {
	// AtOnce is how many.
	AtOnce() int
}

// CallsInRequest and RequestsAtOnce are how an EachRunner asks: so many calls in a
// request, so many requests on their way at the same time, at most.
const (
	CallsInRequest = 10
	RequestsAtOnce = 4
)

// Piping is what a Conn says whose server may not run a pipeline of several cmdlets
// as one; where it does not say, the server does.
type Piping interface {
	// Pipes says that rows go from a cmdlet to the next on the server.
	Pipes() bool
}

// Held is what a Conn can do whose session the server holds: every Conn of a
// Remover, and no other.
type Held interface {
	// Record is what finds the shell again.
	Record() Record
	// IdleTimeout is the server's; 0 when it did not say.
	IdleTimeout() time.Duration
	// KeepAlive makes the server's idle clock begin anew.
	KeepAlive(context.Context) error
}

// Standing is what a session depends on whose server asks for tokens. The zero
// value is that of one whose server does not.
type Standing struct {
	// TenantID is the GUID of the tenant that the token was found to be of.
	TenantID string
	// TokenUntil is when the access token ends.
	TokenUntil time.Time
	// Rate is what the server allows; zero where it does not say.
	Rate Rate
	// WaitUntil is when the server may be asked again; zero when it may now.
	WaitUntil time.Time
	// NeedsSignIn is set while no token can be had without the person.
	NeedsSignIn *NeedsSignInError
}

// Rate is how many requests a server takes.
type Rate struct {
	Limit, Remaining int
	// Reset is when the count begins anew; zero where the server does not say.
	Reset time.Time
}

// Call is one of several commands that do not depend on each other.
type Call struct {
	Command Command
	Sink    Sink
}

// EachRunner is a Runner that can run many commands in few requests.
type EachRunner interface {
	Runner
	// RunEach runs commands that read, and feeds the sinks from one goroutine, in
	// the order of the calls. The errors are beside the calls; false says that
	// the session has no such way and that nothing was sent.
	RunEach(context.Context, []Call) ([]error, bool)
}

// Record is what a door needs to find a shell again, as the ledger keeps it. It
// holds no secret. The door makes it and reads it; the Manager carries it, tells records
// apart by ShellID, and shows people the URL. The ledger judges by its fields (decision 0019).
type Record struct {
	ShellID       string
	URL           string // after redirects
	Configuration string
	Cookies       []ledger.Cookie
	// Affinity says that only a cookie leads back to the server that has the shell.
	Affinity bool
}

// recordOf is what the ledger knows of a shell.
func recordOf(e ledger.Entry) Record {
	return Record{ShellID: e.ShellID, URL: e.URL, Configuration: e.Configuration, Cookies: e.Cookies, Affinity: e.Affinity}
}

// Step is one step of a test of a connection.
type Step struct {
	// Name is the door's word for it; StepSession is the Manager's own.
	Name string
	// Detail is what the step found: addresses, a TLS version, a status.
	Detail  string
	Elapsed time.Duration
	// Err is why it failed; later steps are not tried.
	Err error
}
