package credential_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/session/credential"
	"postroom/session/holder"
)

// fakeStore is a keyring that fails when it is told to.
type fakeStore struct {
	*credential.Memory
	fail error
	refs []string
}

func (s *fakeStore) Get(ctx context.Context, ref string) (credential.Secret, error) {
	if s.fail != nil {
		return credential.Secret{}, s.fail
	}
	return s.Memory.Get(ctx, ref)
}

func (s *fakeStore) Set(ctx context.Context, ref string, v credential.Secret) error {
	if s.fail != nil {
		return s.fail
	}
	s.refs = append(s.refs, ref)
	return s.Memory.Set(ctx, ref, v)
}

func (s *fakeStore) Delete(ctx context.Context, ref string) error {
	if s.fail != nil {
		return s.fail
	}
	return s.Memory.Delete(ctx, ref)
}

func (s *fakeStore) DeleteAll(ctx context.Context) error {
	if s.fail != nil {
		return s.fail
	}
	return s.Memory.DeleteAll(ctx)
}

func newFake() *fakeStore { return &fakeStore{Memory: credential.NewMemory()} }

func openVault(t *testing.T, dir string, store credential.Store) *credential.Vault {
	t.Helper()
	v, err := credential.OpenVault(dir, store)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func remember(t *testing.T, v *credential.Vault, account, server, secret string, keep credential.Keep) credential.Kept {
	t.Helper()
	kept, err := v.Remember(t.Context(), account, server, credential.NewSecret(secret), keep)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func mustFind(t *testing.T, v *credential.Vault, account, server, want string) {
	t.Helper()
	s, err := v.Lookup(t.Context(), who(t, account, server))
	if err != nil || s.Reveal() != want {
		t.Errorf("%s on %s: found %v, %v", account, server, s.Reveal() == want, err)
	}
}

func mustMiss(t *testing.T, v *credential.Vault, account, server string) {
	t.Helper()
	if _, err := v.Lookup(t.Context(), who(t, account, server)); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("%s on %s: %v", account, server, err)
	}
}

func who(t *testing.T, account, address string) holder.Holder {
	t.Helper()
	h, err := holder.Of(account, address)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// An index of the version before there were holders may have two lines for the
// same holder: the password that was stored last is found, and both are
// forgotten.
func TestAnIndexOfAnEarlierVersionIsRead(t *testing.T) {
	dir, store := t.TempDir(), newFake()
	raw := `{"version":1,"data":[
		{"account":"Anna@x.example","server":"ps.example:443","ref":"new","stored":"2026-10-02T08:00:00Z"},
		{"account":"anna@x.example","server":"PS.example.","ref":"old","stored":"2026-10-01T08:00:00Z"},
		{"account":"","server":"ps.example","ref":"nobody's","stored":"2026-10-01T08:00:00Z"}]}`
	if err := os.WriteFile(filepath.Join(dir, "accounts.json"), []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	for ref, secret := range map[string]string{"new": "right", "old": "wrong"} {
		if err := store.Set(t.Context(), ref, credential.NewSecret(secret)); err != nil {
			t.Fatal(err)
		}
	}
	v := openVault(t, dir, store)
	mustFind(t, v, "anna@x.example", "https://ps.example/PowerShell", "right")
	if all, err := v.Accounts(); err != nil || len(all) != 1 || all[0].Holder != who(t, "anna@x.example", "ps.example") {
		t.Errorf("listed: %+v, %v", all, err)
	}
	if err := v.Forget(t.Context(), who(t, "anna@x.example", "ps.example")); err != nil {
		t.Fatal(err)
	}
	mustMiss(t, v, "anna@x.example", "ps.example:443")
	for _, ref := range []string{"new", "old"} {
		if _, err := store.Get(t.Context(), ref); !errors.Is(err, credential.ErrNotFound) {
			t.Errorf("%s is still in the keyring: %v", ref, err)
		}
	}
}

// What pasting adds to an account is no part of it.
func TestAPastedAccountIsTheSame(t *testing.T) {
	v := openVault(t, t.TempDir(), newFake())
	remember(t, v, " SMTP:Anna@x.example;\u200b", "https://ps.example:443/PowerShell", "one", credential.KeepAlways)
	mustFind(t, v, "anna@x.example", "ps.example", "one")
	if all, err := v.Accounts(); err != nil || len(all) != 1 || all[0].Account != "Anna@x.example" || all[0].Server != "ps.example" {
		t.Errorf("listed: %+v, %v", all, err)
	}
}

func TestVaultRemembersAndForgets(t *testing.T) {
	dir, store := filepath.Join(t.TempDir(), "config"), newFake()
	v := openVault(t, dir, store)
	mustMiss(t, v, "a@x.example", "ps.example")
	if kept := remember(t, v, "A@x.example", "PS.example.", "one", credential.KeepAlways); kept.Place != credential.InKeyring || kept.Err != nil {
		t.Errorf("%+v", kept)
	}
	remember(t, v, "b@x.example", "ps.example", "two", credential.KeepAlways)
	remember(t, v, "a@x.example", "other.example", "three", credential.KeepThisTime)

	again := openVault(t, dir, store) // the next start
	mustFind(t, again, "a@x.example", "ps.example", "one")
	mustFind(t, again, "b@x.example", "ps.example", "two")
	mustMiss(t, again, "a@x.example", "other.example")
	mustFind(t, v, "a@x.example", "other.example", "three")

	remember(t, again, "a@x.example", "ps.example", "changed", credential.KeepAlways)
	mustFind(t, v, "a@x.example", "ps.example", "changed")
	slices.Sort(store.refs)
	refs := slices.Compact(store.refs)
	if len(refs) != 2 {
		t.Errorf("a change made a new reference: %v", refs)
	}
	for _, ref := range refs {
		if strings.Contains(ref, "example") || len(ref) < 20 {
			t.Errorf("the reference %q tells something, or can be guessed", ref)
		}
	}

	if err := v.Forget(t.Context(), who(t, "b@x.example", "ps.example")); err != nil {
		t.Fatal(err)
	}
	mustMiss(t, again, "b@x.example", "ps.example")
	if err := v.Forget(t.Context(), who(t, "nobody", "nowhere")); err != nil {
		t.Errorf("forgetting nobody: %v", err)
	}
	if err := v.ForgetAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustMiss(t, v, "a@x.example", "other.example")
	mustMiss(t, again, "a@x.example", "ps.example")
	if all, err := again.Accounts(); len(all) != 0 || err != nil {
		t.Errorf("accounts: %v, %v", all, err)
	}
}

func TestVaultListsAccounts(t *testing.T) {
	v := openVault(t, t.TempDir(), newFake())
	remember(t, v, "b", "s", "x", credential.KeepAlways)
	remember(t, v, "a", "s", "x", credential.KeepThisTime)
	remember(t, v, "b", "s", "y", credential.KeepThisTime)
	all, err := v.Accounts()
	if err != nil || len(all) != 2 || all[0].Account != "a" || all[1].Account != "b" || all[1].Place != credential.InMemory {
		t.Errorf("%+v, %v", all, err)
	}
	mustFind(t, v, "b", "s", "y")
	remember(t, v, "b", "s", "z", credential.KeepAlways)
	if all, err = v.Accounts(); err != nil || all[1].Place != credential.InKeyring {
		t.Errorf("%+v, %v", all, err)
	}
	mustFind(t, v, "b", "s", "z")
}

func TestVaultFallsBackToMemoryAndSaysSo(t *testing.T) {
	for _, why := range []error{
		credential.ErrLocked, credential.ErrDismissed, context.Canceled,
		&credential.UnavailableError{Reason: credential.ReasonNoService}, &credential.TooBigError{Size: 9, Max: 8},
	} {
		dir, store := t.TempDir(), newFake()
		v := openVault(t, dir, store)
		store.fail = why
		kept := remember(t, v, "a", "s", "secret", credential.KeepAlways)
		if kept.Place != credential.InMemory || !errors.Is(kept.Err, why) {
			t.Errorf("%v: kept %+v", why, kept)
		}
		mustFind(t, v, "a", "s", "secret")
		if all, err := openVault(t, dir, store).Accounts(); len(all) != 0 || err != nil {
			t.Errorf("%v: the index names what the keyring does not have: %v, %v", why, all, err)
		}
	}
}

func TestVaultKeepsTheReferenceWhenTheKeyringFails(t *testing.T) {
	dir, store := t.TempDir(), newFake()
	v := openVault(t, dir, store)
	remember(t, v, "a", "s", "old", credential.KeepAlways)
	store.fail = credential.ErrLocked
	if _, err := v.Lookup(t.Context(), who(t, "a", "s")); !errors.Is(err, credential.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	if err := v.Forget(t.Context(), who(t, "a", "s")); !errors.Is(err, credential.ErrLocked) {
		t.Errorf("forget: %v", err)
	}
	if err := v.ForgetAll(t.Context()); !errors.Is(err, credential.ErrLocked) {
		t.Errorf("forget all: %v", err)
	}
	remember(t, v, "a", "s", "new", credential.KeepAlways)
	mustFind(t, v, "a", "s", "new") // from memory
	store.fail = nil
	mustFind(t, openVault(t, dir, store), "a", "s", "old")
	if err := v.Forget(t.Context(), who(t, "a", "s")); err != nil {
		t.Errorf("forget: %v", err)
	}
	mustMiss(t, openVault(t, dir, store), "a", "s")
}

func TestVaultWithoutAWritableFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := credential.OpenVault(dir, newFake()); err == nil {
		t.Error("a file serves as a folder")
	}
	dir = t.TempDir()
	v := openVault(t, dir, newFake())
	if err := os.MkdirAll(filepath.Join(dir, "accounts.json", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	kept := remember(t, v, "a", "s", "x", credential.KeepAlways)
	if kept.Place != credential.InMemory || kept.Err == nil {
		t.Errorf("%+v", kept)
	}
	mustFind(t, v, "a", "s", "x")
}

func TestVaultRefusesEmpty(t *testing.T) {
	v := openVault(t, t.TempDir(), newFake())
	for _, c := range [][3]string{{"", "s", "x"}, {"a", " ", "x"}, {"a", "s", ""}} {
		if _, err := v.Remember(t.Context(), c[0], c[1], credential.NewSecret(c[2]), credential.KeepAlways); !errors.Is(err, credential.ErrNoAccount) {
			t.Errorf("%q: %v", c, err)
		}
	}
}

func TestVaultSetsADamagedIndexAside(t *testing.T) {
	dir := t.TempDir()
	const torn = `{"version": 1, "data": [{"account": "a"`
	if err := os.WriteFile(filepath.Join(dir, "accounts.json"), []byte(torn), 0o600); err != nil {
		t.Fatal(err)
	}
	store := newFake()
	if err := store.Set(t.Context(), "orphan", credential.NewSecret("x")); err != nil {
		t.Fatal(err)
	}
	v := openVault(t, dir, store)
	aside := v.SetAside()
	if len(aside) != 1 {
		t.Fatalf("reported: %v", aside)
	}
	if b, err := os.ReadFile(aside[0].Kept); err != nil || string(b) != torn {
		t.Errorf("kept %q, %v", b, err)
	}
	remember(t, v, "a", "s", "x", credential.KeepAlways)
	if err := v.ForgetAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), "orphan"); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("a password that no index names survives ForgetAll: %v", err)
	}
}

func TestVaultFilesHoldNoPassword(t *testing.T) {
	dir, store := t.TempDir(), newFake()
	v := openVault(t, dir, store)
	remember(t, v, "a@x.example", "ps.example", password, credential.KeepAlways)
	remember(t, v, "b@x.example", "ps.example", password, credential.KeepThisTime)
	store.fail = credential.ErrLocked
	remember(t, v, "c@x.example", "ps.example", password, credential.KeepAlways)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if leaks(string(b)) {
			t.Errorf("%s holds the password", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
