package session

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"postroom/session/credential"
	"postroom/session/ledger"
)

// leftBehind is a shell of ours whose deletion the server did not confirm.
type leftBehind struct {
	target Target
	record Record
	slot   *ledger.Slot
	info   Info
	err    error // of the last attempt to delete it
	trying bool  // somebody tries again
}

// until is when the server will have dropped the shell by itself; zero when
// that is not known.
func (l leftBehind) until() time.Time {
	if l.slot == nil {
		return time.Time{}
	}
	frees, _ := l.slot.Entry().FreesAt()
	return frees
}

// remains are the shells that a Manager left behind, and what dead processes left in the
// ledger: what is deleted without a session. They have a lock of their own.
type remains struct {
	doors  Doors
	ledger *ledger.Ledger

	mu   sync.Mutex
	left []leftBehind
}

func (r *remains) add(l leftBehind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = append(r.left, l)
}

// all gives those that are left.
func (r *remains) all() []leftBehind {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.left)
}

// take gives those that match and that nobody tries at the moment. They stay on the
// list until they are gone.
func (r *remains) take(matches func(leftBehind) bool) (taken []leftBehind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.left {
		if l := &r.left[i]; !l.trying && matches(*l) {
			l.trying = true
			taken = append(taken, *l)
		}
	}
	return taken
}

// tried takes a shell off the list, unless err says why it is still there.
func (r *remains) tried(slot *ledger.Slot, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.left, func(l leftBehind) bool { return l.slot == slot })
	if err == nil {
		r.left = slices.Delete(r.left, i, i+1)
		return
	}
	r.left[i].err, r.left[i].trying = err, false
}

// retry tries once more to delete those that match, all at once, each within
// deleteTime, and waits for that until ctx ends. What could not be deleted stays on the
// list. It asks nobody to unlock the keyring.
func (r *remains) retry(ctx context.Context, matches func(leftBehind) bool) {
	if ctx.Err() != nil {
		return
	}
	now := r.take(matches)
	done := make(chan struct{}, len(now))
	for _, l := range now {
		go func() { // ends within deleteTime, and the ledger's patience
			deleting, cancel := context.WithTimeout(credential.WithoutPrompt(ctx), deleteTime)
			defer cancel()
			err := r.judge(deleting, r.doors.remove(deleting, l.target, l.record), l.slot.Entry())
			if err == nil {
				err = noteGone(l.slot)
			}
			r.tried(l.slot, err)
			done <- struct{}{}
		}()
	}
	for range now {
		select {
		case <-done:
		case <-ctx.Done():
			return
		}
	}
}

// leaveBehind notes a shell whose deletion was not confirmed, and err says why.
// Its slot stays taken until somebody's Delete is, or the server must have dropped
// it. It is free, and still is false, where the server's word is enough that it
// knows no such shell.
func (s *live) leaveBehind(slot *ledger.Slot, record Record, err error) (l leftBehind, still bool) {
	if abandonErr := slot.Abandon(); abandonErr != nil {
		err = errors.Join(err, abandonErr)
	}
	ctx, cancel := s.manager.shutdown.Deleting(s.life)
	defer cancel()
	if err = s.manager.remains.judge(ctx, err, slot.Entry()); err == nil {
		if err = noteGone(slot); err == nil {
			return leftBehind{}, false
		}
	}
	s.manager.mu.Lock()
	l = leftBehind{target: s.target, record: record, slot: slot, info: s.info(), err: err}
	s.manager.mu.Unlock()
	s.manager.remains.add(l)
	return l, true
}

// judge tells what the answer to a Delete says about the shell: nil when it is
// gone. That no server knew it is enough where the one that has it must have been
// asked (docs/decisions/0009), and when it would have been dropped by now. Else
// the ledger notes the doubt.
func (r *remains) judge(ctx context.Context, err error, e ledger.Entry) error {
	maybe, ok := errors.AsType[*MaybeThereError](err)
	if !ok {
		return err
	}
	frees, known := e.FreesAt()
	if e.Asked.IsZero() || known && !time.Now().Before(frees) {
		return nil
	}
	led, ledErr := r.ledger.Led(e)
	if led && ledErr == nil {
		return nil
	}
	return errors.Join(&MaybeThereError{ShellID: maybe.ShellID, Until: frees}, ledErr, r.ledger.Deny(ctx, e.ShellID))
}
