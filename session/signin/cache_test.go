package signin_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/signin"
)

// keyring is a keyring that a test looks into, and that fails as it is told.
type keyring struct {
	*credential.Memory
	err error
}

func newKeyring() *keyring { return &keyring{Memory: credential.NewMemory()} }

func (k *keyring) Get(ctx context.Context, ref string) (credential.Secret, error) {
	if k.err != nil {
		return credential.Secret{}, k.err
	}
	return k.Memory.Get(ctx, ref)
}

func (k *keyring) Set(ctx context.Context, ref string, s credential.Secret) error {
	if k.err != nil {
		return k.err
	}
	return k.Memory.Set(ctx, ref, s)
}

func (k *keyring) Delete(ctx context.Context, ref string) error {
	if k.err != nil {
		return k.err
	}
	return k.Memory.Delete(ctx, ref)
}

// sealed gives the only sealed file of a folder, "" when there is none.
func sealed(t *testing.T, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.sealed"))
	if err != nil || len(names) > 1 {
		t.Fatalf("%v, %v", names, err)
	}
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// mustGive says that a process gives tokens of an account without the person.
func (a *scripted) mustGive(p *process, account string, tenants ...string) {
	a.t.Helper()
	for _, tenant := range tenants {
		if _, err := p.Token(context.Background(), a.target(account), session.TokenRequest{Tenant: tenant}); err != nil {
			a.t.Errorf("%s at %s: %v", account, tenant, err)
		}
	}
}

func (a *scripted) mustAsk(p *process, account string) {
	a.t.Helper()
	_, err := p.Token(context.Background(), a.target(account), session.TokenRequest{Tenant: homeID})
	if _, needed := errors.AsType[*session.NeedsSignInError](err); !needed {
		a.t.Errorf("%s is signed in: %v", account, err)
	}
}

func TestSignInsAreSealed(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := filepath.Join(t.TempDir(), "new", "folder"), newKeyring()
	p := newProcess(dir, keys)
	a.signIn(p, ada)
	name := sealed(t, dir)
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	file, err := os.ReadFile(name)
	if err != nil || file[0] != 1 {
		t.Fatalf("version %d, %v", file[0], err)
	}
	for _, text := range []string{"ada", "nordwind", refreshMark, accessMark, "AccessToken", homeID} {
		if bytes.Contains(bytes.ToLower(file), []byte(strings.ToLower(text))) {
			t.Errorf("%q can be read in the file", text)
		}
	}
	a.mustGive(newProcess(dir, keys), ada, homeID, otherID) // another process, without a person
	if notices := p.notices(); len(notices) > 0 {
		t.Errorf("%v", notices)
	}
}

// The last account that signs out takes the file and its key along.
func TestSignOutRemovesFileAndKey(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := t.TempDir(), newKeyring()
	p := newProcess(dir, keys)
	a.signIn(p, ada)
	a.signIn(p, bob)
	other := newProcess(dir, keys)
	a.mustGive(other, ada, homeID)
	ref := "sign-ins " + filepath.Base(sealed(t, dir))
	if err := p.SignOut(t.Context(), a.target(ada)); err != nil {
		t.Fatal(err)
	}
	a.mustAsk(p, ada)
	a.mustAsk(other, ada) // signed out there as well
	a.mustGive(p, bob, homeID)
	all, err := other.SignedIn(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	if err := other.SignOutOf(t.Context(), all[0]); err != nil {
		t.Fatal(err)
	}
	if name := sealed(t, dir); name != "" {
		t.Errorf("%s is there", name)
	}
	if _, err := keys.Get(t.Context(), ref); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("the key is there: %v", err)
	}
	a.mustAsk(p, bob)
	if err := p.SignOut(t.Context(), a.target(bob)); err != nil {
		t.Errorf("who is not signed in: %v", err)
	}
	a.signIn(p, ada) // with a new key
	a.mustGive(newProcess(dir, keys), ada, otherID)
	a.mustGive(other, ada, otherID)
	if err := newProcess(dir, keys).SignOutAll(t.Context()); err != nil || sealed(t, dir) != "" {
		t.Errorf("all: %v", err)
	}
	a.mustAsk(p, ada)
}

// What one process cannot remove, the person hears of.
func TestASignOutThatIsNotCompleteIsAnError(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := t.TempDir(), newKeyring()
	p := newProcess(dir, keys)
	a.signIn(p, ada)
	keys.err = credential.ErrLocked
	var left *signin.CacheError
	if err := p.SignOut(t.Context(), a.target(ada)); !errors.As(err, &left) || !errors.Is(err, credential.ErrLocked) {
		t.Errorf("%v", err)
	}
	if sealed(t, dir) != "" {
		t.Error("the file is there")
	}
}

// Two processes that sign in, refresh and sign out at the same time keep what the
// other did.
func TestTwoProcessesDoNotLoseEachOthers(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := t.TempDir(), newKeyring()
	one, two := newProcess(dir, keys), newProcess(dir, keys)
	a.mustAsk(one, ada) // both have read the empty file
	a.mustAsk(two, bob)
	a.signIn(one, ada)
	a.signIn(two, bob)
	a.mustGive(one, bob, homeID)
	a.mustGive(two, ada, homeID)
	var tenants []string
	for n := range 8 {
		tenants = append(tenants, fmt.Sprintf("00000000-0000-4000-8000-0000000000%02d", n))
	}
	done := make(chan bool)
	for n, tenant := range tenants { // half of them each
		p := []*process{one, two}[n%2]
		go func() {
			a.mustGive(p, ada, tenant)
			a.mustGive(p, bob, tenant)
			done <- true
		}()
	}
	for range tenants {
		<-done
	}
	before := len(a.asks())
	a.mustGive(newProcess(dir, keys), ada, tenants...)
	a.mustGive(newProcess(dir, keys), bob, tenants...)
	if n := len(a.asks()) - before; n > 0 {
		t.Errorf("%d tokens were lost", n)
	}
	if err := one.SignOut(t.Context(), a.target(ada)); err != nil {
		t.Fatal(err)
	}
	a.mustGive(two, bob, "00000000-0000-4000-8000-000000000099") // writes what it has
	a.mustAsk(newProcess(dir, keys), ada)
	for _, p := range []*process{one, two} {
		if notices := p.notices(); len(notices) > 0 {
			t.Errorf("%v", notices)
		}
	}
}

// A file that cannot be read is an empty one, and a sentence.
func TestABrokenFileIsAnEmptyOne(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	for name, damage := range map[string]func(file string, keys *keyring){
		"a flipped bit": func(file string, _ *keyring) { rewrite(t, file, func(b []byte) []byte { b[len(b)/2] ^= 1; return b }) },
		"cut off":       func(file string, _ *keyring) { rewrite(t, file, func(b []byte) []byte { return b[:len(b)/2] }) },
		"empty":         func(file string, _ *keyring) { rewrite(t, file, func([]byte) []byte { return nil }) },
		"old version":   func(file string, _ *keyring) { rewrite(t, file, func(b []byte) []byte { b[0] = 0; return b }) },
		"text":          func(file string, _ *keyring) { rewrite(t, file, func([]byte) []byte { return []byte("{}") }) },
		"short":         func(file string, _ *keyring) { rewrite(t, file, func([]byte) []byte { return []byte("\x01{}") }) },
		"zeros":         func(file string, _ *keyring) { rewrite(t, file, func(b []byte) []byte { return make([]byte, len(b)) }) },
		"another key": func(file string, keys *keyring) {
			ref := "sign-ins " + filepath.Base(file)
			if err := keys.Set(t.Context(), ref, credential.NewSecret(strings.Repeat("ab", 32))); err != nil {
				t.Fatal(err)
			}
		},
		"no key": func(file string, keys *keyring) {
			if err := keys.Delete(t.Context(), "sign-ins "+filepath.Base(file)); err != nil {
				t.Fatal(err)
			}
		},
		"a key that is none": func(file string, keys *keyring) {
			if err := keys.Set(t.Context(), "sign-ins "+filepath.Base(file), credential.NewSecret("hello")); err != nil {
				t.Fatal(err)
			}
		},
	} {
		dir, keys := t.TempDir(), newKeyring()
		first := newProcess(dir, keys)
		a.signIn(first, ada)
		damage(sealed(t, dir), keys)
		p := newProcess(dir, keys)
		a.mustAsk(p, ada)
		a.mustAsk(p, bob)
		notices := p.notices()
		var broken *signin.BrokenCacheError
		if len(notices) != 1 || !errors.As(notices[0], &broken) || broken.Path != sealed(t, dir) {
			t.Errorf("%s: %v", name, notices)
		}
		a.signIn(p, bob)
		a.mustGive(newProcess(dir, keys), bob, homeID)
	}
}

func rewrite(t *testing.T, name string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, change(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A file of another application or cloud, under this one's name, is not taken: the
// seal knows what it is for.
func TestASealIsForOneCloudAndApplication(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := t.TempDir(), newKeyring()
	a.signIn(newProcess(dir, keys), ada)
	from := sealed(t, dir)
	target := a.target(ada)
	target.Endpoint.Modern.ClientID = otherID
	to := strings.Replace(from, clientID, otherID, 1)
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	key, err := keys.Get(t.Context(), "sign-ins "+filepath.Base(from))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(to, b, 0o600), keys.Set(t.Context(), "sign-ins "+filepath.Base(to), key)); err != nil {
		t.Fatal(err)
	}
	p := newProcess(dir, keys)
	list, err := p.Accounts(t.Context(), target)
	if _, broken := errors.AsType[*signin.BrokenCacheError](errors.Join(p.notices()...)); err != nil || len(list) > 0 || !broken {
		t.Errorf("%v, %v", list, err)
	}
}

// What a newer version has written is left to it.
func TestANewerFileIsNotTouched(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := t.TempDir(), newKeyring()
	a.signIn(newProcess(dir, keys), ada)
	name := sealed(t, dir)
	rewrite(t, name, func(b []byte) []byte { b[0] = 2; return b })
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p := newProcess(dir, keys)
	a.mustAsk(p, ada)
	if _, ok := errors.AsType[*signin.MemoryOnlyError](errors.Join(p.notices()...)); !ok {
		t.Error("nobody is told")
	}
	a.signIn(p, bob)
	a.mustGive(p, bob, otherID)
	if after, err := os.ReadFile(name); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was touched: %v", err)
	}
}

// Where there is no keyring there is no file: sign-ins last as long as the
// program, and the person is told once.
func TestWithoutAKeyringNothingIsWritten(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	for _, reason := range []error{credential.ErrUnavailable, credential.ErrLocked, credential.ErrDismissed, &credential.UnavailableError{Reason: credential.ReasonSilent}, nil} {
		dir, keys := t.TempDir(), newKeyring()
		keys.err = reason
		p := newProcess(dir, keys)
		if reason == nil {
			p = newProcess(dir, nil)
			reason = credential.ErrUnavailable
		}
		a.signIn(p, ada)
		a.mustGive(p, ada, homeID, otherID)
		var only *signin.MemoryOnlyError
		if notices := p.notices(); len(notices) != 1 || !errors.As(notices[0], &only) || !errors.Is(notices[0], reason) {
			t.Errorf("%v: %v", reason, notices)
		}
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.HasSuffix(name, ".lock") {
				t.Errorf("%v: %s was written", reason, name)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		a.mustAsk(newProcess(dir, keys), ada)
		if err := p.SignOut(t.Context(), a.target(ada)); err != nil {
			t.Errorf("%v: %v", reason, err)
		}
		a.mustAsk(p, ada)
	}
}

// A keyring that is unlocked later takes what was in memory, and what was in the
// file is there again; a sign-out meanwhile removes the file.
func TestAKeyringThatComesBack(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir, keys := t.TempDir(), newKeyring()
	a.signIn(newProcess(dir, keys), ada)
	keys.err = credential.ErrLocked
	p := newProcess(dir, keys)
	a.mustAsk(p, ada)
	a.signIn(p, bob)
	keys.err = nil
	a.mustAsk(p, ada) // nobody is asked to unlock it for that
	a.signIn(p, "carl@nordwind.example")
	for _, each := range []*process{p, newProcess(dir, keys)} {
		for _, account := range []string{ada, bob, "carl@nordwind.example"} {
			a.mustGive(each, account, homeID)
		}
	}
	keys.err = credential.ErrUnavailable
	p = newProcess(dir, keys)
	a.mustAsk(p, ada)
	if err := p.SignOut(t.Context(), a.target(ada)); err != nil || sealed(t, dir) != "" {
		t.Errorf("what cannot be opened stays there after the sign-out: %v", err)
	}
}

// A folder in which nothing can be written keeps nobody from signing in.
func TestAFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	a := newScripted(t)
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := newProcess(dir, newKeyring())
	a.signIn(p, ada)
	a.mustGive(p, ada, otherID)
	if _, ok := errors.AsType[*signin.MemoryOnlyError](errors.Join(p.notices()...)); !ok {
		t.Error("nobody is told")
	}
}
