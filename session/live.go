package session

import (
	"context"
	"errors"
	"slices"
	"time"

	"postroom/session/holder"
	"postroom/session/ledger"
)

// live is one session of a Manager. The Manager's mutex guards all that
// changes.
type live struct {
	id      ID
	manager *Manager
	aim
	clock clock

	// life ends when the session is asked to close. Not a caller's context.
	life context.Context //nolint:containedctx // the session's own life, which no call of a caller has
	end  context.CancelCauseFunc
	// ready is closed when the attempt to open has ended, well or not.
	ready chan struct{}
	// gone is closed when the session has come to its end and all observers know.
	gone chan struct{}

	now     chan struct{} // told to try at once; see Manager.TryNow
	waiters int           // callers of Open that wait for it
	asked   int           // how often it was asked for, from the first on
	spare   bool          // beside the one that Open gives; it waits for nothing
	look
	grip
}

// aim is where a session goes. It does not change.
type aim struct {
	target Target
	holder holder.Holder
	place  place
	door   Door
}

// look is what there is to see of a session; see Info.
type look struct {
	state   State
	queued  int // place in the queue for a slot, from 1; 0 when not waiting
	wait    Wait
	others  []ledger.Held // what other processes hold of the slots that it waits for
	runs    []*running
	opened  time.Time
	idle    time.Time
	kept    bool
	err     error
	server  string
	depends Standing
}

// grip is what a session holds.
type grip struct {
	conn     Conn         // set once open
	slot     *ledger.Slot // set once reserved; nil where no slots are counted
	closing  bool         // someone is deleting it
	sent     bool         // Create was or is about to be sent
	idleEnds *time.Timer
	asides   asides    // questions for help that go on
	dumb     bool      // the server has no help
	said     []Message // while no run was there
}

// running is one run of a session, for those who look.
type running struct {
	command string
	began   time.Time
}

func (s *live) info() Info {
	i := Info{
		ID: s.id, Account: s.target.Account, Endpoint: s.target.Endpoint, Tenant: s.target.Tenant,
		State: s.state, Server: s.server, Place: s.queued, Wait: s.wait, Holder: s.holder,
		Opened: s.opened, IdleTimeout: s.idleTimeout(), Kept: s.kept, Err: s.err,
		Door: s.place.door, Standing: s.depends,
	}
	if _, counts := s.door.(Remover); counts {
		i.Limit = s.target.limit()
	}
	if !s.idle.IsZero() { // on the wall's clock, also when it was set meanwhile
		i.IdleSince = s.clock().Round(0).Add(-s.clock.since(s.idle))
	}
	for _, r := range s.runs {
		i.Runs = append(i.Runs, r.command)
	}
	if s.state == Waiting && s.wait.For == WaitSlot {
		i.Wait.InUse = s.inUse()
	}
	return i
}

// held is the session's connection where the server holds the session, else nil.
func (s *live) held() Held {
	h, _ := s.conn.(Held)
	return h
}

// idleTimeout is after how long the server drops the session when nobody uses
// it; 0 when it did not say, or holds none. The Manager's mutex must be held.
func (s *live) idleTimeout() time.Duration {
	if _, counts := s.door.(Remover); !counts {
		return 0
	}
	if h := s.held(); h != nil {
		if d := h.IdleTimeout(); d > 0 {
			return d
		}
	}
	return s.target.Endpoint.IdleTimeout
}

// advance moves to a state. States only grow, but for the turns that Idle and
// Running take, and Waiting and Connecting where the server refuses: a late end of
// a run does not bring a closing session back.
func (s *live) advance(to State) bool {
	back := s.state == Running && to == Idle || s.state == Connecting && to == Waiting
	if s.state == to || s.state.Ended() || to < s.state && !back {
		return false
	}
	s.state = to
	return true
}

// notConfirmed is the error with which a session ended whose end the server did
// not confirm, nil for every other.
func (s *live) notConfirmed() error {
	var open *LeftOpenError
	var behind *LeftBehindError
	if errors.As(s.err, &open) || errors.As(s.err, &behind) {
		return s.err
	}
	return nil
}

func (s *live) forgetRun(r *running) {
	s.runs = slices.DeleteFunc(s.runs, func(other *running) bool { return other == r })
}
