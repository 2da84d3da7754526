package session

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/ledger"
)

// opening is the attempt to open a session. Most of its methods are those of the session
// that is being opened, which it embeds.
type opening struct{ *live }

// attempt waits for its turn, where slots are counted, and dials. A server that
// counts more than we do is asked again at the time that it names, for as long as
// somebody waits. The slot is nil on an error; where a shell may be left on the
// server it stays in the ledger and is tried again later.
func (o opening) attempt() (Conn, *ledger.Slot, error) {
	door, counts := o.door.(Remover)
	if !counts {
		conn, err := o.dial(nil, Record{})
		return conn, nil, err
	}
	o.manager.remains.retry(o.life, func(l leftBehind) bool { return l.target.Holder() == o.holder })
	for {
		if err := o.sitOut(); err != nil {
			return nil, nil, err
		}
		conn, slot, err := o.once(door)
		if refused, ok := errors.AsType[*LimitError](err); !ok || refused.RetryAfter.IsZero() || o.spare {
			return conn, slot, err
		}
	}
}

// once waits for a slot and dials.
func (o opening) once(door Remover) (Conn, *ledger.Slot, error) {
	slot, err := o.reserve(door.Intended(o.target))
	if err != nil {
		return nil, nil, fmt.Errorf("wait for a free session: %w", err)
	}
	conn, err := o.dial(slot, recordOf(slot.Entry()))
	if err != nil {
		return nil, nil, o.failed(slot, err)
	}
	held, ok := conn.(Held)
	if !ok { // a fault of the door: what it made cannot be found again
		return nil, nil, o.undo(conn, slot, errNotHeld)
	}
	record := held.Record()
	o.sendsTo(record.URL)
	if err := slot.Opened(record.URL, record.Cookies, held.IdleTimeout()); err != nil {
		// Without a record a crash would leave the shell behind: rather no session.
		return nil, nil, o.undo(conn, slot, err)
	}
	return conn, slot, nil
}

// sitOut waits until the holder may be tried again, where the server has refused
// it one session more, to us or to another process: asking before can lengthen
// the lock-out. A person may want it tried before.
func (o opening) sitOut() error {
	for {
		refusal, err := o.refusal()
		if err != nil || refusal == nil {
			return err
		}
		if o.spare {
			return errors.Join(errNoneFree, refusal)
		}
		o.waitsFor(0, Wait{For: WaitServer, Until: refusal.RetryAfter, Err: refusal})
		select {
		case <-o.life.Done():
			return errors.Join(context.Cause(o.life), refusal)
		case <-o.now:
			return nil
		case <-time.After(min(time.Until(refusal.RetryAfter), refusalLook)):
		}
	}
}

// refusalLook is how often the time of a refusal is looked at: another process
// may have been let in meanwhile, and the computer may have slept.
const refusalLook = time.Second

// errNotHeld is a door that counts slots and whose sessions cannot be found.
var errNotHeld = errors.New("session: the door does not tell how to find the session again")

// reserve waits for a slot for a session.
func (o opening) reserve(intended Record) (*ledger.Slot, error) {
	waiting, waited := context.WithCancel(o.life)
	defer waited()
	o.manager.spawn(func() { o.freeOrphans(waiting) }) // ends with the wait
	return o.manager.ledger.Reserve(o.life, ledger.Entry{
		ShellID: intended.ShellID, URL: intended.URL, Configuration: intended.Configuration,
		Cookies: intended.Cookies, Affinity: intended.Affinity,
		Auth: o.target.Method(), Account: o.target.Account, Server: o.holder.Server(),
		Tenant: o.target.Tenant.Domain, Endpoint: o.target.Endpoint.Name,
		IdleTimeout: o.target.idleTimeout(), InProcess: o.target.Endpoint.Kind == endpoint.KindDemo,
	}, o.target.limit(), &ledger.Turn{
		Tell: func(q ledger.Queued) {
			if o.spare {
				o.end(errNoneFree)
				return
			}
			o.waitsBehind(q)
		},
		Now: o.now,
	})
}

// dial opens the session; slot is nil where none are counted.
func (o opening) dial(slot *ledger.Slot, intended Record) (Conn, error) {
	m := o.manager
	m.mu.Lock()
	o.queued, o.wait = 0, Wait{}
	o.advance(Connecting)
	m.notify(o.live)
	m.mu.Unlock()
	m.deliver()
	return o.door.Dial(o.life, o.target, DialOptions{
		Intended: intended, Guard: m.Guard, Shutdown: m.shutdown, Standing: o.standsSo, Say: o.hear,
		Intend: func(address string, cookies []ledger.Cookie) error {
			o.sendsTo(address)
			if slot == nil {
				return nil
			}
			return slot.Intend(address, cookies)
		},
	})
}

// failed clears the slot, unless the shell may be there all the same.
func (o opening) failed(slot *ledger.Slot, err error) error {
	if left, ok := errors.AsType[*LeftBehindError](err); ok {
		kept, still := o.leaveBehind(slot, left.Record, left.DeleteErr)
		if !still {
			return left.Err
		}
		return &LeftBehindError{Err: left.Err, DeleteErr: kept.err, Record: left.Record, Until: kept.until()}
	}
	if clearErr := noteGone(slot); clearErr != nil {
		err = errors.Join(err, clearErr)
	}
	if q, ok := errors.AsType[quotaError](err); ok && q.Quota() {
		return o.limitReached(q.Wait(), err)
	}
	return err
}

// undo closes what was opened and must not stay.
func (o opening) undo(conn Conn, slot *ledger.Slot, cause error) error {
	ctx, cancel := o.manager.shutdown.Deleting(o.life)
	defer cancel()
	if err := conn.Close(ctx); err != nil {
		record := recordOf(slot.Entry())
		if held, ok := conn.(Held); ok {
			record = held.Record()
		}
		if left, still := o.leaveBehind(slot, record, err); still {
			return &LeftBehindError{Err: cause, DeleteErr: err, Record: left.record, Until: left.until()}
		}
		return cause
	}
	return errors.Join(cause, noteGone(slot))
}

// limitReached notes that the server counts more sessions than we do. Nobody,
// in whatever process, asks again before the time that it names.
func (o opening) limitReached(wait time.Duration, err error) error {
	m := o.manager
	used, limit, countErr := m.Slots(o.target)
	if countErr != nil {
		err = errors.Join(err, countErr)
	}
	now := time.Now().Round(0) // by the wall: the computer may sleep meanwhile
	idle := o.target.idleTimeout()
	refusal := &LimitError{
		Account: o.target.Account, Ours: used, Max: limit,
		Frees: now.Add(idle), RetryAfter: now.Add(min(max(afterRefusal, wait), idle)), Err: err,
	}
	m.mu.Lock()
	m.refusals[o.holder] = refusal
	m.mu.Unlock()
	ctx, cancel := m.shutdown.Deleting(o.life)
	defer cancel()
	shared := ledger.Refusal{Until: refusal.RetryAfter, Frees: refusal.Frees}
	if err := m.ledger.Refuse(ctx, o.holder, shared); err != nil {
		refusal.Err = errors.Join(refusal.Err, err) // other processes will not know
	}
	return refusal
}

// refusal is the refusal that is to be minded: that of this process, or one that
// another met; nil when there is none.
func (o opening) refusal() (*LimitError, error) {
	m := o.manager
	m.mu.Lock()
	own := m.refusals.minded(o.holder)
	m.mu.Unlock()
	if own != nil {
		return own, nil
	}
	refused, holds, err := m.ledger.Refused(o.holder)
	if err != nil || !holds {
		return nil, err
	}
	used, limit, err := m.Slots(o.target)
	if err != nil {
		return nil, err
	}
	return &LimitError{
		Account: o.target.Account, Ours: used, Max: limit,
		Frees: refused.Frees, RetryAfter: refused.Until, Err: errRefusedBefore,
	}, nil
}

// waitsFor notes what the session waits for.
func (o opening) waitsFor(place int, w Wait) {
	m := o.manager
	m.mu.Lock()
	if o.advance(Waiting) || o.state == Waiting && (o.queued != place || !o.wait.same(w)) {
		o.queued, o.wait = place, w
		m.notify(o.live)
	}
	m.mu.Unlock()
	m.deliver()
}

// waitsBehind notes which place the session has in the queue for a slot, and who holds
// the slots.
func (o opening) waitsBehind(q ledger.Queued) {
	m := o.manager
	m.mu.Lock()
	o.others = slices.DeleteFunc(slices.Clone(q.Held), func(h ledger.Held) bool { return h.PID == 0 })
	m.mu.Unlock()
	o.waitsFor(q.Place, Wait{For: WaitSlot, Until: q.Until, Doubtful: q.Doubtful})
}

// standsSo notes what the session depends on.
func (o opening) standsSo(now Standing) {
	m := o.manager
	m.mu.Lock()
	changed := o.depends != now && !o.state.Ended()
	o.depends = now
	if changed {
		m.notify(o.live)
	}
	m.mu.Unlock()
	m.deliver()
}

// sendsTo notes that something is sent, and the host that is talked to.
func (o opening) sendsTo(address string) {
	u, err := url.Parse(address)
	if err != nil {
		return // the door refuses it with a better error
	}
	m := o.manager
	m.mu.Lock()
	o.sent = true
	changed := o.server != u.Host
	o.server = u.Host
	if changed {
		m.notify(o.live)
	}
	m.mu.Unlock()
	m.deliver()
}

// orphanLook is how often one who waits for a slot looks for sessions whose
// process has died.
const orphanLook = time.Second

// freeOrphans deletes, while the session waits for a slot, what processes that
// have died left open for its holder: nobody else would before the next start,
// and it would wait for the server's idle timeout. Each is tried once, and none
// after a failure: a wrong password must not be sent again and again. It ends
// with ctx, or when what was found then is deleted.
func (o opening) freeOrphans(ctx context.Context) {
	tick := time.NewTicker(orphanLook)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		left, err := o.manager.ledger.Orphans()
		if err != nil {
			continue // Reserve reads the same file, and tells
		}
		for _, e := range left {
			if e.Holder() != o.holder {
				continue
			}
			deleted := o.manager.CleanUp(credential.WithoutPrompt(o.life), []ledger.Entry{e}, func(context.Context, ledger.Entry) (Target, error) {
				then := o.target
				then.Endpoint.Configuration, then.Auth = e.Configuration, e.Auth
				return then, nil
			})
			if err := deleted[0].Err; err != nil && !errors.Is(err, ledger.ErrNoEntry) { // another process was faster
				return
			}
		}
	}
}
