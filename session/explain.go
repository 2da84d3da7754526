package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"postroom/session/cmdlet"
	"postroom/session/holder"
)

// Explaining is what a Conn can do whose server explains its cmdlets (Get-Help).
type Explaining interface {
	// Help gives what the server says about a cmdlet; ErrNoHelp when it explains none.
	// It gives way: when ctx ends, what comes after it in the session waits for the
	// server's confirmation, and no longer.
	Help(ctx context.Context, cmdletName string) (cmdlet.Help, error)
}

// The errors of Explain that callers tell apart.
var (
	// ErrNoHelp: the server explains nothing, or the door has no way to ask it.
	ErrNoHelp = errors.New("session: the server has no help")
	// ErrNotIdle: no session of the target is open and idle, and none is opened for this.
	ErrNotIdle = errors.New("session: no idle session to ask for help")
	// errOutranked ends a question for help when somebody wants to run something.
	errOutranked = errors.New("session: help gives way to a run")
)

// helps are the answers so far; a server's help does not change while the program runs.
type helps struct {
	mu    sync.Mutex
	known map[helpKey]cmdlet.Help
}

type helpKey struct {
	holder holder.Holder
	cmdlet string // in lower case
}

func (h *helps) of(key helpKey) (cmdlet.Help, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	help, found := h.known[key]
	return help, found
}

func (h *helps) keep(key helpKey, help cmdlet.Help) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.known == nil {
		h.known = map[helpKey]cmdlet.Help{}
	}
	h.known[key] = help
}

// Explain asks what the server itself says about a cmdlet, in a session of the target that
// is open and idle, behind the person's back: it opens none, does not count as use, and a
// run that begins meanwhile goes first. Answers are remembered. ErrNoHelp says that asking
// again is of no use; ErrNotIdle that it may be later.
func (m *Manager) Explain(ctx context.Context, t Target, cmdletName string) (cmdlet.Help, error) {
	to, err := m.aimAt(t)
	if err != nil {
		return cmdlet.Help{}, err
	}
	key := helpKey{to.holder, strings.ToLower(cmdletName)}
	if help, known := m.helps.of(key); known {
		return help, nil
	}
	m.mu.Lock()
	i := slices.IndexFunc(m.sessions, func(s *live) bool { return s.place == to.place && s.state == Idle && s.conn != nil && !s.closing })
	if i < 0 {
		m.mu.Unlock()
		return cmdlet.Help{}, fmt.Errorf("help on %s: %w", cmdletName, ErrNotIdle)
	}
	s := m.sessions[i]
	explains, able := s.conn.(Explaining)
	if !able || s.dumb {
		m.mu.Unlock()
		return cmdlet.Help{}, fmt.Errorf("help on %s: %w", cmdletName, ErrNoHelp)
	}
	ctx, giveWay := context.WithCancelCause(ctx)
	defer giveWay(nil)
	number := s.asides.add(giveWay)
	life := s.life
	m.mu.Unlock()

	stop := context.AfterFunc(life, func() { giveWay(context.Cause(life)) }) // closing the session ends the question
	help, err := explains.Help(ctx, cmdletName)
	stop()

	m.mu.Lock()
	delete(s.asides, number)
	s.dumb = s.dumb || errors.Is(err, ErrNoHelp)
	m.mu.Unlock()
	if errors.Is(err, errOutranked) {
		err = ErrNotIdle
	}
	if err != nil {
		return cmdlet.Help{}, fmt.Errorf("help on %s: %w", cmdletName, err)
	}
	m.helps.keep(key, help)
	return help, nil
}

// asides are the questions that a session asks beside its runs, by a number of ours.
type asides map[int]context.CancelCauseFunc

// add notes a question and gives its number.
func (a *asides) add(giveWay context.CancelCauseFunc) int {
	if *a == nil {
		*a = asides{}
	}
	number := 0
	for (*a)[number] != nil {
		number++
	}
	(*a)[number] = giveWay
	return number
}

// giveWay ends them all.
func (a asides) giveWay() {
	for _, end := range a {
		end(errOutranked)
	}
}
