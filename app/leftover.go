package app

import (
	"context"
	"fmt"
	"net/url"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/ledger"
)

// leftoverTarget gives what the deletion of a leftover needs beside its entry
// in the ledger. Not on the UI thread: it reads the keyring.
func (a *App) leftoverTarget(ctx context.Context, e ledger.Entry) (session.Target, error) {
	secret, err := a.vault.Lookup(ctx, e.Account, e.Server)
	if err != nil {
		return session.Target{}, fmt.Errorf("find the password of %s for %s: %w", e.Account, e.Server, err)
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		return session.Target{}, fmt.Errorf("the ledger's address %q: %w", e.URL, err)
	}
	return session.Target{
		Endpoint: endpoint.Endpoint{
			ID: "ledger", Name: u.Host, URL: e.URL, Kind: endpoint.KindOwn,
			Configuration: e.Configuration, Auth: []string{e.Auth},
		},
		Credential: credential.Credential{User: e.Account, Secret: secret},
		Auth:       e.Auth,
	}, nil
}
