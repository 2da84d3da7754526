package remoting_test

import (
	"context"
	"errors"
	"testing"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/remoting"
	"postroom/session/signin"
	"postroom/session/simulator"
	"postroom/session/wsman"
)

// withVault is a bench whose password is in a vault.
func withVault(t *testing.T) (*bench, *credential.Vault) {
	t.Helper()
	vault, err := credential.OpenVault(t.TempDir(), credential.NewMemory())
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, simulator.Options{Rows: 10})
	if err := b.manager.Close(patient(t), b.id); err != nil {
		t.Fatal(err)
	}
	b.manager = session.NewManager(session.Options{Doors: behind(remoting.NewDoor(signin.NewPasswords(vault))), Ledger: b.book})
	return b, vault
}

func (b *bench) remember(v *credential.Vault, password string) {
	b.t.Helper()
	if _, err := v.Remember(b.t.Context(), b.target.Account, b.target.Endpoint.URL, credential.NewSecret(password), credential.KeepThisTime); err != nil {
		b.t.Fatal(err)
	}
}

// What was forgotten does not open a session, what was changed is used by the
// next dial, and a dial that cannot sign in leaves nothing behind.
func TestEachDialAsksForThePassword(t *testing.T) {
	b, vault := withVault(t)
	b.remember(vault, b.server.Password())
	id, err := b.manager.Open(patient(t), b.target)
	if err == nil {
		err = b.manager.Close(patient(t), id)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := vault.ForgetAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := b.server.Stats().Requests
	if _, err := b.manager.Open(patient(t), b.target); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("opened without a password: %v", err)
	}
	if now := b.server.Stats().Requests; now != before {
		t.Errorf("%d requests were sent without a password", now-before)
	}
	b.remember(vault, "not the right one")
	var refused *wsman.AuthError
	if _, err := b.manager.Open(patient(t), b.target); !errors.As(err, &refused) {
		t.Errorf("the new password was not used: %v", err)
	}
	b.remember(vault, b.server.Password())
	if _, err := b.manager.Open(patient(t), b.target); err != nil {
		t.Errorf("the right one again: %v", err)
	}
	if err := closeAll(b.manager); err != nil {
		t.Error(err)
	}
	if left := entries(t, b.book); left != 0 {
		t.Errorf("%d entries in the ledger", left)
	}
}

// A Delete asks for the password as well, and waits for nobody to unlock it.
func TestADeleteAsksForThePassword(t *testing.T) {
	b, vault := withVault(t)
	b.remember(vault, b.server.Password())
	if _, err := b.manager.Open(patient(t), b.target); err != nil {
		t.Fatal(err)
	}
	if err := vault.ForgetAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := b.book.Entries()
	if err != nil || len(all) != 1 {
		t.Fatalf("%d entries, %v", len(all), err)
	}
	record := session.Record{ShellID: all[0].ShellID, URL: all[0].URL, Configuration: all[0].Configuration}
	network := remoting.NewDoor(signin.NewPasswords(vault))
	if err := network.Delete(context.Background(), b.target, record); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("deleted without a password: %v", err)
	}
	if err := closeAll(b.manager); err != nil { // an open session has its own sign-in
		t.Error(err)
	}
}

// What Basic cannot carry is not sent: it would be another account or another
// password, and a step towards the lock.
func TestWhatBasicCannotCarryIsNotSent(t *testing.T) {
	b, vault := withVault(t)
	before := b.server.Stats().Requests
	for _, c := range []struct {
		account, password string
		want              error
	}{
		{"an:na@contoso.example", "x", wsman.ErrBasicColon},
		{"anna@contoso.example", "pass\tword", wsman.ErrBasicControl},
		{"anna@contoso.example", "password\r", wsman.ErrBasicControl},
		{"anna@contoso.example", "pass\u0085word", wsman.ErrBasicControl},
	} {
		b.target.Account = c.account
		b.remember(vault, c.password)
		if _, err := b.manager.Open(patient(t), b.target); !errors.Is(err, c.want) {
			t.Errorf("%q with %q: %v, want %v", c.account, c.password, err, c.want)
		}
	}
	if now := b.server.Stats().Requests; now != before {
		t.Errorf("%d requests were sent", now-before)
	}
}
