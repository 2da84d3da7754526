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
	err    error
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

// remains are the shells that a Manager left behind.
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

// take takes those that match off the list.
func (r *remains) take(matches func(leftBehind) bool) (taken []leftBehind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = slices.DeleteFunc(r.left, func(l leftBehind) bool {
		if !matches(l) {
			return false
		}
		taken = append(taken, l)
		return true
	})
	return taken
}

// retry tries once more to delete those that match, all at once, each within
// deleteTime. What could not be deleted is left again. It asks nobody to unlock
// the keyring.
func (r *remains) retry(ctx context.Context, matches func(leftBehind) bool) {
	now := r.take(matches)
	failed := make(chan leftBehind, len(now))
	for _, l := range now {
		go func() { // ends within deleteTime
			deleting, cancel := context.WithTimeout(credential.WithoutPrompt(ctx), deleteTime)
			defer cancel()
			l.err = r.judge(deleting, r.doors.remove(deleting, l.target, l.record), l.slot.Entry())
			if l.err == nil {
				l.err = l.slot.Cleared()
			}
			failed <- l
		}()
	}
	for range now {
		if l := <-failed; l.err != nil {
			r.add(l)
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
		if err = slot.Cleared(); err == nil {
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
