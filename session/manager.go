package session

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/ledger"
)

// Options are what a Manager is made of.
type Options struct {
	// Doors open sessions.
	Doors Doors
	// Ledger counts the slots and remembers the shells. It must be set.
	Ledger *ledger.Ledger
	// Now is the time; nil means time.Now. Tests let the computer sleep by it.
	Now func() time.Time
}

// Manager opens sessions, keeps to the account's limit, runs cmdlets, and
// closes what it opened. It may be used from any goroutine.
//
// It has more methods than most, as each of them decides by the list of sessions, under
// its one mutex, and the decisions depend on each other. Open joins an
// attempt that another began, and who leaves it ends it only as the last; a run keeps the
// idle timer from closing; Release closes what nobody else asked for; CloseAll must see
// every attempt, and no Open may begin behind it; observers hear each state once, in the
// order in which it was decided. Parts with locks of their own could decide on a list
// that is not true any more: a session closed under a run, or one opened after CloseAll.
// What needs no list stands apart with its own state: remains (what is deleted without a
// session), refusals, helps, changes (the observers), Shutdown, live (one session) and
// opening (one attempt).
type Manager struct {
	doors   Doors
	ledger  *ledger.Ledger
	now     clock
	remains remains
	helps   helps

	mu       sync.Mutex
	sessions []*live
	nextID   ID
	closing  bool
	refusals refusals
	changes  changes
	work     sync.WaitGroup // all goroutines of the manager
	shutdown *Shutdown
}

// NewManager makes a manager without sessions.
func NewManager(o Options) *Manager {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Manager{
		doors: o.Doors, ledger: o.Ledger, now: o.Now, remains: remains{doors: o.Doors, ledger: o.Ledger},
		refusals: refusals{}, shutdown: newShutdown(),
	}
}

// Sessions gives all sessions that have not ended, in the order of their opening.
func (m *Manager) Sessions() []Info {
	m.mu.Lock()
	defer m.mu.Unlock()
	infos := make([]Info, 0, len(m.sessions))
	for _, s := range m.sessions {
		infos = append(infos, s.info())
	}
	return infos
}

// Slots gives how many sessions of the account are counted at the server of t,
// over all windows and processes, the ledger's leftovers included, and the limit.
// Both are 0 where the endpoint's door counts none.
func (m *Manager) Slots(t Target) (used, limit int, err error) {
	door, err := m.doors.of(t.Endpoint)
	if _, counts := door.(Remover); !counts {
		return 0, 0, err
	}
	used, _, err = m.ledger.Used(t.Holder(), t.limit())
	if err != nil {
		return 0, t.limit(), fmt.Errorf("count sessions of %s: %w", t.Account, err)
	}
	return used, t.limit(), nil
}

// Accepts says why one of several calls cannot be sent to a target, before a session is
// opened for them; nil where all can.
func (m *Manager) Accepts(t Target, calls []cmdlet.Invocation) error {
	return m.doors.Accepts(t, calls)
}

// find gives the session, nil when there is none of that id. m.mu must be held.
func (m *Manager) find(id ID) *live {
	i := slices.IndexFunc(m.sessions, func(s *live) bool { return s.id == id })
	if i < 0 {
		return nil
	}
	return m.sessions[i]
}

// Run sends one command in a session and feeds sink until the call, ctx or the
// session ends. It returns within 100 ms when ctx ends. The command is sent
// once; see PartialError for what is known when it breaks off.
func (m *Manager) Run(ctx context.Context, id ID, command Command, sink Sink) error {
	return m.use(ctx, id, command.PowerShell(), func(ctx context.Context, c Conn) error {
		for _, said := range m.heard(id) { // a warning while the session opened
			sink.Message(said)
		}
		return c.Run(ctx, command, sink)
	})
}

// RunEach runs commands that read in one session, in few requests where its door
// can: see [EachRunner].
func (m *Manager) RunEach(ctx context.Context, id ID, calls []Call) (errs []error, can bool) {
	if len(calls) == 0 {
		return nil, true
	}
	err := m.use(ctx, id, calls[0].Command.PowerShell(), func(ctx context.Context, c Conn) error {
		if each, is := c.(EachRunner); is {
			errs, can = each.RunEach(ctx, calls)
		}
		return nil
	})
	if err != nil { // there is no such session any more
		errs = make([]error, len(calls))
		for i := range errs {
			errs[i] = err
		}
		return errs, true
	}
	return errs, can
}

// Commands asks for the cmdlets that the session's account may run.
func (m *Manager) Commands(ctx context.Context, id ID) ([]cmdlet.Cmdlet, error) {
	var list []cmdlet.Cmdlet
	err := m.use(ctx, id, "Get-Command", func(ctx context.Context, c Conn) (err error) {
		list, err = c.Commands(ctx)
		return err
	})
	return list, err
}

// use lets do work with the session's connection, until ctx or the session ends.
func (m *Manager) use(ctx context.Context, id ID, command string, do func(context.Context, Conn) error) error {
	m.mu.Lock()
	s := m.find(id)
	if s == nil || s.conn == nil || s.state > Running {
		m.mu.Unlock()
		return fmt.Errorf("run %s: %w", command, ErrClosed)
	}
	r := &running{command: command, began: s.clock().Round(0)}
	s.runs = append(s.runs, r)
	s.idle = time.Time{}
	s.stopTimer()
	s.asides.giveWay()
	s.advance(Running)
	m.notify(s)
	conn, life := s.conn, s.life
	m.mu.Unlock()
	m.deliver()

	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(life, func() { cancel(context.Cause(life)) }) // closing the session ends the call
	err := do(ctx, conn)
	stop()
	cancel(nil)

	m.mu.Lock()
	s.forgetRun(r)
	if len(s.runs) == 0 && s.advance(Idle) {
		s.beginIdle()
	}
	m.notify(s)
	m.mu.Unlock()
	m.deliver()
	return err
}

// Close deletes a session on the server. A running call is broken off. A
// session that is not there any more counts as closed. An error means that the
// server did not confirm it: it stays in the ledger.
func (m *Manager) Close(ctx context.Context, id ID) error {
	m.mu.Lock()
	s := m.find(id)
	m.mu.Unlock()
	if s == nil {
		return nil
	}
	m.beginClose(s, nil)
	return m.awaitClosed(ctx, s)
}

// awaitClosed waits for the end of a session that is being closed.
func (m *Manager) awaitClosed(ctx context.Context, s *live) error {
	select {
	case <-s.gone:
		m.mu.Lock()
		defer m.mu.Unlock()
		return s.notConfirmed()
	case <-ctx.Done():
		return fmt.Errorf("close session: %w", context.Cause(ctx))
	}
}

// CloseAll closes every session, all at once, and lets none be opened any
// more. It waits until all are gone, until ctx ends, or for 10 seconds; nothing
// goes on after that, also no attempt to open that had been given up before.
// *LeftOpenError names those that the server did not confirm; they stay in the
// ledger.
func (m *Manager) CloseAll(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, closeTime, errNoAnswer)
	defer cancel()
	m.mu.Lock()
	m.closing = true
	all := slices.Clone(m.sessions)
	m.mu.Unlock()
	m.shutdown.begin(ctx)
	for _, s := range all {
		m.beginClose(s, nil)
	}
	done := make(chan struct{})
	go func() { // ends when all sessions have, soon after ctx
		m.work.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	m.remains.retry(ctx, func(leftBehind) bool { return true })
	return m.stillOpen(all)
}

// stillOpen names what is left on servers as far as we know.
func (m *Manager) stillOpen(all []*live) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var open LeftOpenError
	named := map[ID]bool{}
	for _, l := range m.remains.all() {
		named[l.info.ID] = true
		open.add(l)
	}
	for _, s := range all {
		if !named[s.id] && !s.state.Ended() && s.sent {
			open.add(leftBehind{info: s.info(), err: errNoAnswer})
		}
	}
	if len(open.Sessions) == 0 {
		return nil
	}
	return &open
}
