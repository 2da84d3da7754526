package session

import (
	"context"
	"fmt"
	"sync"

	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/wsman"
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

// CleanUp deletes leftovers on their servers, all at once, each within 10 s,
// and clears them from the ledger. target gives what a Delete needs beside the
// entry: the credential, and whose certificates to trust; its error leaves the
// entry where it is.
func (m *Manager) CleanUp(ctx context.Context, entries []ledger.Entry, target func(context.Context, ledger.Entry) (Target, error)) []CleanUpResult {
	results := make([]CleanUpResult, len(entries))
	var work sync.WaitGroup
	for i, e := range entries {
		results[i].Entry = e
		work.Go(func() { results[i].Err = m.cleanUp(ctx, e, target) }) // ends within deleteTime of target's answer
	}
	work.Wait()
	return results
}

func (m *Manager) cleanUp(ctx context.Context, e ledger.Entry, target func(context.Context, ledger.Entry) (Target, error)) error {
	if e.Endpoint == string(endpoint.KindDemo) { // its server went with the process
		return m.clearEntry(ctx, e)
	}
	t, err := target(ctx, e)
	if err != nil {
		return fmt.Errorf("delete shell %s: %w", e.ShellID, err)
	}
	if t.Auth == "" {
		t.Auth = e.Auth
	}
	deleting, cancel := context.WithTimeout(ctx, deleteTime)
	defer cancel()
	if e.State != ledger.Reserved { // nothing was sent for a reserved one
		err = m.dialer.Delete(deleting, t, wsman.Record{
			ShellID: e.ShellID, URL: e.URL, Configuration: e.Configuration, Cookies: wsmanCookies(e.Cookies),
		})
	}
	if err != nil {
		return err
	}
	return m.clearEntry(ctx, e)
}

func (m *Manager) clearEntry(ctx context.Context, e ledger.Entry) error {
	if err := m.ledger.Clear(ctx, e.ShellID); err != nil {
		return fmt.Errorf("clear shell %s from the ledger: %w", e.ShellID, err)
	}
	return nil
}

func wsmanCookies(cookies []ledger.Cookie) []wsman.Cookie {
	out := make([]wsman.Cookie, len(cookies))
	for i, c := range cookies {
		out[i] = wsman.Cookie{Name: c.Name, Value: c.Value}
	}
	return out
}
