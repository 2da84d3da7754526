package session

import (
	"strings"
	"time"

	"postroom/session/endpoint"
	"postroom/session/holder"
)

// ID names a session for the life of its Manager. IDs are not used again.
type ID uint64

// State is how far a session has come. Idle and Running take turns; apart from
// that states only grow.
type State int

// The states of a session.
const (
	Waiting    State = iota // for a slot under the account's limit
	Connecting              // Create was or is about to be sent
	Idle                    // open, nothing runs
	Running                 // open, at least one run
	Closing                 // being deleted on the server
	Closed                  // gone from the server, or the attempt to open it failed
	Lost                    // broken off; the server may still hold it
)

var stateNames = [...]string{
	Waiting: "waiting", Connecting: "connecting", Idle: "idle", Running: "running",
	Closing: "closing", Closed: "closed", Lost: "lost",
}

// String gives the state's name in lower case.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "unknown"
	}
	return stateNames[s]
}

// Ended says that the session has come to its end and will not change again.
func (s State) Ended() bool { return s == Closed || s == Lost }

// Info is what there is to see of a session. It is a value; it does not change. It has a
// field for each thing that the window or the command line says of a session.
type Info struct {
	ID       ID
	Account  string
	Endpoint endpoint.Endpoint
	Tenant   endpoint.Tenant
	State    State
	// Server is the host that answers, after redirects; "" until it is known.
	Server string
	// Place is the place in the queue for a slot, from 1; 0 when not waiting.
	Place int
	// Wait is what it waits for; zero when it does not wait.
	Wait Wait
	// Limit is how many sessions the account may hold there.
	Limit int
	// Holder is what the limit counts by: the account at the server.
	Holder holder.Holder
	// Runs are the calls that run, as PowerShell text without secrets.
	Runs []string
	// Opened is when the server answered; zero until then.
	Opened time.Time
	// IdleTimeout is after how long without a run the server drops the
	// session; 0 when the server did not say.
	IdleTimeout time.Duration
	// IdleSince is when the last run ended, by the clock on the wall; zero
	// while something runs. Opened is by the wall too, so that ages and idle
	// times are right after the computer slept.
	IdleSince time.Time
	// Kept says that the user wants it kept open when idle.
	Kept bool
	// Err is why it ended, nil when it was closed on request.
	Err error
	// Door is the way to the server.
	Door endpoint.Door
	// Standing is what the session depends on where the server asks for tokens.
	Standing
}

// WaitFor is what a session waits for before it can be opened.
type WaitFor int

// What a session waits for.
const (
	WaitNothing WaitFor = iota
	WaitSlot            // for one of the account's slots to become free
	WaitServer          // for the time at which it is tried again: the server had refused it
)

// Wait is what a session waits for, and until when. It can be ended by
// Manager.TryNow.
type Wait struct {
	For WaitFor
	// Until is when it is tried again by itself; for WaitSlot when the first of
	// the slots that nobody owns any more frees itself, zero when none does.
	Until time.Time
	// Doubtful is how many of the slots are held by sessions of which nobody
	// knows whether they are still on the server.
	Doubtful int
	// Err is the server's refusal, a *LimitError, with WaitServer.
	Err error
	// InUse are the sessions that hold the account's slots, as far as they live,
	// with WaitSlot: those of this process first.
	InUse []Use
}

// Use is a session that holds one of the account's slots.
type Use struct {
	Account string
	Tenant  endpoint.Tenant // of another process's session the domain alone
	// Runs are the calls that run, as PowerShell text without secrets; none while it
	// is idle or is being opened, and where it is another process's.
	Runs []string
	// State is Idle, Running, or what comes before and after; a session of another
	// process is open as far as anybody here knows.
	State State
	// Since is when the first of the runs began, it became idle, or its slot was taken.
	Since time.Time
	// Ends is when it is closed by itself if it stays idle; zero while it is not idle
	// or is kept.
	Ends time.Time
	// PID is that of the other process that has it; 0 where it is ours.
	PID int
}

// Waits says that the session waits for what is known: a slot or the server. Before that
// it is asked for and nothing more, and nothing may be said to be in its way.
func (i Info) Waits() bool { return i.State == Waiting && i.Wait.For != WaitNothing }

// Expires gives the time at which the idle session is closed, and whether it
// is going to be.
func (i Info) Expires() (time.Time, bool) {
	if i.State != Idle || i.Kept || i.IdleTimeout <= 0 || i.IdleSince.IsZero() {
		return time.Time{}, false
	}
	return i.IdleSince.Add(i.IdleTimeout - idleMargin(i.IdleTimeout)), true
}

// idleMargin is how long before the server's own end an idle session is
// closed by us: the server's clock began to count a little earlier than ours.
func idleMargin(timeout time.Duration) time.Duration {
	return min(time.Minute, timeout/4)
}

// An Observer hears of every change of a session, each once and in order. It
// is called from any goroutine, one call at a time, and must return at once.
// It may call the Manager's reading methods.
type Observer interface {
	SessionChanged(Info)
}

// ObserverFunc is a function as an Observer.
type ObserverFunc func(Info)

// SessionChanged calls f.
func (f ObserverFunc) SessionChanged(i Info) { f(i) }

// CmdletOf is what a run of Info.Runs or Use.Runs begins with: the cmdlet, of a pipeline the
// first one.
func CmdletOf(run string) string {
	name, _, _ := strings.Cut(run, " ")
	return name
}
