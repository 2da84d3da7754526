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
	id     ID
	target Target
	holder holder.Holder
	place  place
	now    clock

	// life ends when the session is asked to close. Not a caller's context.
	life context.Context //nolint:containedctx // the session's own life, which no call of a caller has
	end  context.CancelCauseFunc
	// ready is closed when the attempt to open has ended, well or not.
	ready chan struct{}
	// gone is closed when the session has come to its end.
	gone chan struct{}

	state   State
	queued  int // place in the queue for a slot, from 1; 0 when not waiting
	waiters int // callers of Open that wait for it
	asked   int // how often it was asked for, from the first on
	runs    []*running
	opened  time.Time
	idle    time.Time
	kept    bool
	err     error
	server  string

	conn     Conn         // set once open
	slot     *ledger.Slot // set once reserved
	closing  bool         // someone is deleting it
	sent     bool         // Create was or is about to be sent
	idleEnds *time.Timer
}

// running is one run of a session, for those who look.
type running struct{ command string }

func (s *live) info() Info {
	i := Info{
		ID: s.id, Account: s.target.Account, Endpoint: s.target.Endpoint, Tenant: s.target.Tenant,
		State: s.state, Server: s.server, Place: s.queued, Limit: s.target.limit(), Holder: s.holder,
		Opened: s.opened, IdleTimeout: s.idleTimeout(), Kept: s.kept, Err: s.err,
	}
	if !s.idle.IsZero() { // on the wall's clock, also when it was set meanwhile
		i.IdleSince = s.now().Round(0).Add(-s.now.since(s.idle))
	}
	for _, r := range s.runs {
		i.Runs = append(i.Runs, r.command)
	}
	return i
}

// idleTimeout is after how long the server drops the session when nobody uses
// it; 0 when it did not say. The Manager's mutex must be held.
func (s *live) idleTimeout() time.Duration {
	if s.conn != nil {
		if d := s.conn.IdleTimeout(); d > 0 {
			return d
		}
	}
	return s.target.Endpoint.IdleTimeout
}

// advance moves to a state. States only grow, but for the turns that Idle and
// Running take: a late end of a run does not bring a closing session back.
func (s *live) advance(to State) bool {
	if s.state == to || s.state.Ended() || to < s.state && !(s.state == Running && to == Idle) {
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
