package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/folders"
	"postroom/session/credential"
	"postroom/session/simulator"
)

// A password that was changed or forgotten while it lay in the keyring is used, or asked
// for, by the next command line: none keeps what it once had.
func TestAChangedPasswordIsUsedByTheNextCommandLine(t *testing.T) {
	s := serve(t, simulator.Options{Rows: 5})
	env := withKeyring(t, home(t))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", variable(t, env, "DBUS_SESSION_BUS_ADDRESS")) // of the vault here
	vault, err := credential.OpenVault(filepath.Join(variable(t, env, "XDG_CONFIG_HOME"), "postroom"), credential.NewKeyring(folders.ID))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(what string, code int, says string) {
		t.Helper()
		got := run(t, env, "", "run", "--url", s.url, "--ca", s.ca, "--user", s.account, "--csv", "-", "Get-TransportRule")
		if got.code != code || !strings.Contains(got.stdout+got.stderr, says) {
			t.Errorf("%s: exit %d\n%s%s", what, got.code, got.stdout, got.stderr)
		}
	}
	remember := func(password string) {
		t.Helper()
		kept, err := vault.Remember(t.Context(), s.account, s.url, credential.NewSecret(password), credential.KeepAlways)
		if err != nil || kept.Place != credential.InKeyring {
			t.Fatalf("%+v, %v", kept, err)
		}
	}
	remember(s.password)
	ask("the remembered password", 0, "Disclaimer")
	remember("not the right one")
	ask("a changed one that is wrong", 3, "password")
	remember(s.password)
	ask("one that was changed back", 0, "Disclaimer")
	if err := vault.ForgetAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask("a forgotten one", 3, "no stored password")
	s.empty(t)
}
