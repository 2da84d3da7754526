package session

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"postroom/session/holder"
	"postroom/session/ledger"
)

// Leftovers gives the shells that processes of this program left in the ledger
// when they died.
func (m *Manager) Leftovers() ([]ledger.Entry, error) {
	entries, err := m.ledger.Orphans()
	if err != nil {
		return nil, fmt.Errorf("look for sessions left open: %w", err)
	}
	return entries, nil
}

// CleanUpResult says how it went with one leftover.
type CleanUpResult struct {
	Entry ledger.Entry
	Err   error // nil when the server confirmed that the shell is gone
}

// CleanUp deletes leftovers on their servers, all at once, each within 8 s, and
// clears them from the ledger. target gives what a Delete needs beside the
// entry: where the session was asked for and where it may be redirected to (see
// LeftoverTarget), and whose certificates to trust; its error leaves the entry where it is. *LeftoverRefusedError is a
// leftover at a host that the policy does not allow, *MaybeThereError one whose
// Create was never answered and that no server knows.
//
// A server that refuses to sign an account in is not asked again for the
// account's other leftovers: each attempt brings it closer to being locked.
func (m *Manager) CleanUp(ctx context.Context, entries []ledger.Entry, target LeftoverTargets) []CleanUpResult {
	return m.remains.cleanUp(ctx, entries, target)
}

// LeftoverTargets gives what a Delete of a leftover needs beside its entry.
type LeftoverTargets func(context.Context, ledger.Entry) (Target, error)

// cleanUp is Manager.CleanUp.
func (r *remains) cleanUp(ctx context.Context, entries []ledger.Entry, target LeftoverTargets) []CleanUpResult {
	results := make([]CleanUpResult, len(entries))
	of := map[holder.Holder][]*CleanUpResult{}
	for i, e := range entries {
		results[i].Entry = e
		of[e.Holder()] = append(of[e.Holder()], &results[i])
	}
	var work sync.WaitGroup
	for _, same := range of {
		work.Go(func() { // ends within twice deleteTime of target's answers
			first := same[0]
			first.Err = r.delete(ctx, first.Entry, target)
			for _, next := range same[1:] {
				if signInRefused(first.Err) {
					next.Err = first.Err
					continue
				}
				work.Go(func() { next.Err = r.delete(ctx, next.Entry, target) }) // ends within deleteTime of target's answer
			}
		})
	}
	work.Wait()
	return results
}

// delete deletes one leftover, and clears its entry when it is gone.
func (r *remains) delete(ctx context.Context, e ledger.Entry, target LeftoverTargets) error {
	if e.InProcess { // its server went with the process
		return r.clear(ctx, e)
	}
	t, err := target(ctx, e)
	if err == nil {
		err = t.mayDelete(ctx, e)
	}
	if err != nil {
		return fmt.Errorf("delete shell %s: %w", e.ShellID, err)
	}
	if t.Auth == "" {
		t.Auth = e.Auth
	}
	deleting, cancel := context.WithTimeout(ctx, deleteTime)
	defer cancel()
	if e.State != ledger.Reserved { // nothing was sent for a reserved one
		err = r.judge(deleting, r.doors.remove(deleting, t, recordOf(e)), e)
	}
	if err != nil {
		return err
	}
	return r.clear(ctx, e)
}

func (r *remains) clear(ctx context.Context, e ledger.Entry) error {
	err := r.ledger.Clear(ctx, e.ShellID)
	if err != nil && !errors.Is(err, ledger.ErrNoEntry) { // another process may have been quicker
		return fmt.Errorf("clear shell %s from the ledger: %w", e.ShellID, err)
	}
	return nil
}
