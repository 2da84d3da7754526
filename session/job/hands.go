package job

import (
	"context"
	"sync"

	"postroom/session"
)

// inSession runs commands in a target's session. For a step that makes many calls
// it does as many at once as the session can and the account's free slots allow.
type inSession struct {
	work   *Work
	target session.Target
	id     session.ID
}

// Run is the Manager's for this session.
func (s inSession) Run(ctx context.Context, c session.Command, to session.Sink) error {
	return s.work.Sessions.Run(ctx, s.id, c, to)
}

// Target is where it runs.
func (s inSession) Target() session.Target { return s.target }

// RunEach is the Manager's, where Sessions has one.
func (s inSession) RunEach(ctx context.Context, calls []session.Call) ([]error, bool) {
	many, can := s.work.Sessions.(eachRunner)
	if !can {
		return nil, false
	}
	return many.RunEach(ctx, s.id, calls)
}

// Pipes is the Manager's, where Sessions has one.
func (s inSession) Pipes() bool {
	says, can := s.work.Sessions.(interface{ Pipes(session.ID) bool })
	return !can || says.Pipes(s.id)
}

// eachRunner is what a Sessions may do that runs many commands in few requests:
// *session.Manager.
type eachRunner interface {
	RunEach(context.Context, session.ID, []session.Call) ([]error, bool)
}

// crowd is what a Sessions may do beyond one command at a time in one session.
type crowd interface {
	// AtOnce is how many commands the session does at once.
	AtOnce(session.ID) int
	// Spare opens a session beside the one that is there for the target when a
	// slot is free now; ok is false when none is.
	Spare(context.Context, session.Target) (id session.ID, ok bool)
	// Close closes a session.
	Close(context.Context, session.ID) error
}

// Hands gives runners for at most n commands at once, beginning with the session
// itself. Further sessions are opened for the only target of a Job, as far as
// slots are free; where there are several targets, they need the slots. They are
// closed by release.
func (s inSession) Hands(ctx context.Context, n int) (hands []session.Runner, release func()) {
	many, ok := s.work.Sessions.(crowd)
	if s.work.Parallel > 0 {
		n = min(n, s.work.Parallel)
	}
	if !ok || n < 2 {
		return []session.Runner{s}, func() {}
	}
	add := func(id session.ID) {
		for range min(max(1, many.AtOnce(id)), n-len(hands)) {
			hands = append(hands, inSession{s.work, s.target, id})
		}
	}
	add(s.id)
	var spare []session.ID
	for len(s.work.Targets) == 1 && len(hands) < n {
		id, opened := many.Spare(ctx, s.target)
		if !opened {
			break
		}
		spare = append(spare, id)
		add(id)
	}
	return hands, func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
		defer cancel()
		var all sync.WaitGroup
		for _, id := range spare {
			all.Go(func() { // ends with the session, or after releaseTime
				if s.work.Guard != nil {
					defer s.work.Guard()
				}
				// What is not confirmed stays with the Manager, which tries again and tells.
				_ = many.Close(closing, id)
			})
		}
		all.Wait()
	}
}
