package session

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/ledger"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

// Open gives the session of the target's account, endpoint and tenant: the one
// that is there already, or a new one, which waits for a slot when the account
// holds as many as it may. Several callers may wait for the same session; the
// attempt is given up when the last of them has gone.
func (m *Manager) Open(ctx context.Context, t Target) (ID, error) {
	s, err := m.join(ctx, t)
	if err != nil {
		return 0, fmt.Errorf("open session at %s: %w", t.Endpoint.Name, err)
	}
	m.deliver()
	select {
	case <-s.ready:
	case <-ctx.Done():
		m.leave(s, context.Cause(ctx))
		return 0, fmt.Errorf("open session at %s: %w", t.Endpoint.Name, context.Cause(ctx))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s.waiters--
	if s.conn == nil || s.closing {
		return 0, fmt.Errorf("open session at %s: %w", t.Endpoint.Name, orClosed(s.err))
	}
	return s.id, nil
}

func orClosed(err error) error {
	if err == nil {
		return ErrClosed
	}
	return err
}

// join finds the target's session or begins one.
func (m *Manager) join(ctx context.Context, t Target) (*live, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closing {
		return nil, ErrClosed
	}
	account, err := holder.Clean(t.Account)
	if err != nil {
		return nil, err
	}
	t.Account = account
	who, err := holder.Of(account, t.Endpoint.URL)
	if err != nil {
		return nil, err
	}
	for _, s := range m.sessions {
		if s.place == t.place() && !s.closing && s.state <= Running {
			s.waiters++
			s.asked++
			return s, nil
		}
	}
	if refusal := m.refused[who]; refusal != nil {
		if time.Now().Before(refusal.RetryAfter) {
			return nil, refusal // asking again would lengthen the lock-out
		}
		delete(m.refused, who)
	}
	m.nextID++
	life, end := context.WithCancelCause(context.WithoutCancel(ctx)) // it outlives the caller who asked first
	s := &live{
		id: m.nextID, target: t, holder: who, place: t.place(), now: m.now, life: life, end: end, waiters: 1, asked: 1,
		ready: make(chan struct{}), gone: make(chan struct{}),
	}
	m.sessions = append(m.sessions, s)
	m.notify(s)
	m.spawn(func() { m.connect(s) }) // ends with the attempt; s.end cuts it short
	return s, nil
}

// leave gives up the attempt to open when nobody waits for it any more.
func (m *Manager) leave(s *live, cause error) {
	m.mu.Lock()
	s.waiters--
	abandoned := s.waiters == 0 && s.conn == nil
	m.mu.Unlock()
	if abandoned {
		m.beginClose(s, cause)
	}
}

// connect waits for a slot and dials.
func (m *Manager) connect(s *live) {
	conn, slot, err := m.attempt(s)
	m.mu.Lock()
	s.slot, s.conn = slot, conn
	if err == nil && s.advance(Idle) {
		s.opened = m.now().Round(0) // by the wall, which goes on while the computer sleeps
		m.beginIdle(s)
	}
	s.queued = 0
	if err == nil {
		m.notify(s)
		m.spawn(func() { m.watch(s, conn) }) // ends with the session
	}
	m.mu.Unlock()
	if err != nil {
		m.ended(s, Closed, err)
	}
	close(s.ready)
	m.deliver()
}

// attempt does the work of connect. The slot is nil on an error; where a shell
// may be left on the server it stays in the ledger and is tried again later.
func (m *Manager) attempt(s *live) (Conn, *ledger.Slot, error) {
	m.deleteLeftBehind(s.life, func(l leftBehind) bool { return l.target.Holder() == s.holder })
	if err := m.refusedElsewhere(s); err != nil {
		return nil, nil, err
	}
	shellID := strings.ToUpper(psrp.NewGUID().String())
	waiting, waited := context.WithCancel(s.life)
	m.spawn(func() { m.freeOrphans(waiting, s) }) // ends with the wait
	slot, err := m.ledger.Reserve(s.life, ledger.Entry{
		ShellID: shellID, URL: s.target.Endpoint.URL, Configuration: s.target.Endpoint.Configuration,
		Auth: string(s.target.auth()), Account: s.target.Account, Server: s.holder.Server(),
		Tenant: s.target.Tenant.Domain, Endpoint: s.target.Endpoint.Name,
		IdleTimeout: s.target.idleTimeout(), InProcess: s.target.Endpoint.Kind == endpoint.KindDemo,
	}, s.target.limit(), func(place int) { m.waitsAt(s, place) })
	waited()
	if err != nil {
		return nil, nil, fmt.Errorf("wait for a free session: %w", err)
	}
	m.mu.Lock()
	s.queued = 0
	s.advance(Connecting)
	m.notify(s)
	m.mu.Unlock()
	m.deliver()

	conn, err := m.dialer.Dial(s.life, s.target, DialOptions{
		ShellID: shellID, Guard: m.Guard, shutdown: m.shutdown,
		Intend: func(address string) error {
			m.sendsTo(s, address)
			return slot.Intend(address)
		},
	})
	if err != nil {
		return nil, nil, m.dialFailed(s, slot, err)
	}
	record := conn.Record()
	m.sendsTo(s, record.URL)
	if err := slot.Opened(record.URL, ledgerCookies(record.Cookies), conn.IdleTimeout()); err != nil {
		// Without a record a crash would leave the shell behind: rather no session.
		return nil, nil, m.undo(s, conn, slot, err)
	}
	return conn, slot, nil
}

// dialFailed clears the slot, unless the shell may be there all the same.
func (m *Manager) dialFailed(s *live, slot *ledger.Slot, err error) error {
	var left *LeftBehindError
	if errors.As(err, &left) {
		left.Until = m.leaveBehind(s, slot, left.Record, err).until()
		return err
	}
	if clearErr := slot.Cleared(); clearErr != nil {
		err = errors.Join(err, clearErr)
	}
	var fault *wsman.Fault
	if errors.As(err, &fault) && fault.Quota() {
		return m.limitReached(s, fault, err)
	}
	return err
}

func (m *Manager) undo(s *live, conn Conn, slot *ledger.Slot, cause error) error {
	ctx, cancel := m.shutdown.deleting(s.life)
	defer cancel()
	if err := conn.Close(ctx); err != nil {
		left := m.leaveBehind(s, slot, conn.Record(), err)
		return &LeftBehindError{Err: cause, DeleteErr: err, Record: left.record, Until: left.until()}
	}
	return errors.Join(cause, slot.Cleared())
}

// afterRefusal is how long at least no new attempt is made for an account that
// the server refused: each attempt can lengthen the lock-out (exchange.md 3.3).
const afterRefusal = time.Minute

// limitReached explains a refusal that our own count did not foresee.
func (m *Manager) limitReached(s *live, fault *wsman.Fault, err error) error {
	used, limit, countErr := m.Slots(s.target)
	if countErr != nil {
		err = errors.Join(err, countErr)
	}
	now := time.Now().Round(0) // by the wall: the computer may sleep meanwhile
	idle := s.target.idleTimeout()
	refusal := &LimitError{
		Account: s.target.Account, Ours: used, Max: limit,
		Frees: now.Add(idle), RetryAfter: now.Add(min(max(afterRefusal, fault.Wait()), idle)), Err: err,
	}
	m.mu.Lock()
	m.refused[s.holder] = refusal
	m.mu.Unlock()
	ctx, cancel := m.shutdown.deleting(s.life)
	defer cancel()
	shared := ledger.Refusal{Until: refusal.RetryAfter, Frees: refusal.Frees}
	if err := m.ledger.Refuse(ctx, s.holder, shared); err != nil {
		refusal.Err = errors.Join(refusal.Err, err) // other processes will not know
	}
	return refusal
}

// errRefusedBefore is a refusal that another process on this computer met.
var errRefusedBefore = errors.New("session: the server refused the account another session a moment ago")

// refusedElsewhere is the refusal that another process met and that is to be
// minded here as well.
func (m *Manager) refusedElsewhere(s *live) error {
	refused, holds, err := m.ledger.Refused(s.holder)
	if err != nil || !holds {
		return err
	}
	used, limit, err := m.Slots(s.target)
	if err != nil {
		return err
	}
	return &LimitError{
		Account: s.target.Account, Ours: used, Max: limit,
		Frees: refused.Frees, RetryAfter: refused.Until, Err: errRefusedBefore,
	}
}

// waitsAt notes the place in the queue for a slot.
func (m *Manager) waitsAt(s *live, place int) {
	m.mu.Lock()
	if s.state == Waiting && s.queued != place {
		s.queued = place
		m.notify(s)
	}
	m.mu.Unlock()
	m.deliver()
}

// sendsTo notes that something is sent, and the host that is talked to.
func (m *Manager) sendsTo(s *live, address string) {
	u, err := url.Parse(address)
	if err != nil {
		return // wsman refuses it with a better error
	}
	m.mu.Lock()
	s.sent = true
	changed := s.server != u.Host
	s.server = u.Host
	if changed {
		m.notify(s)
	}
	m.mu.Unlock()
	m.deliver()
}

func ledgerCookies(cookies []wsman.Cookie) []ledger.Cookie {
	out := make([]ledger.Cookie, len(cookies))
	for i, c := range cookies {
		out[i] = ledger.Cookie{Name: c.Name, Value: c.Value}
	}
	return out
}
