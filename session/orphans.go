package session

import (
	"context"
	"errors"
	"time"

	"postroom/session/credential"
	"postroom/session/ledger"
)

// orphanLook is how often one who waits for a slot looks for sessions whose
// process has died.
const orphanLook = time.Second

// freeOrphans deletes, while s waits for a slot, what processes that have died
// left open for its account at its server: nobody else would before the next
// start, and s would wait for the server's idle timeout. Each is tried once, and
// none after a failure: a wrong password must not be sent again and again. It
// ends with ctx, or when what was found then is deleted.
func (m *Manager) freeOrphans(ctx context.Context, s *live) {
	tick := time.NewTicker(orphanLook)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		left, err := m.ledger.Orphans()
		if err != nil {
			continue // Reserve reads the same file, and tells
		}
		for _, e := range left {
			if e.Holder() != s.holder {
				continue
			}
			deleted := m.CleanUp(credential.WithoutPrompt(s.life), []ledger.Entry{e}, func(context.Context, ledger.Entry) (Target, error) {
				then := s.target
				then.Endpoint.Configuration, then.Auth = e.Configuration, e.Auth
				return then, nil
			})
			if err := deleted[0].Err; err != nil && !errors.Is(err, ledger.ErrNoEntry) { // another process was faster
				return
			}
		}
	}
}
