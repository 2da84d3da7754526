package credential

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"postroom/session/jsonfile"
)

const (
	vaultFile    = "accounts.json"
	vaultVersion = 1
)

// Keep is how long a password is wanted.
type Keep int

// The choices of the sign-in dialog.
const (
	KeepThisTime Keep = iota // in memory, until the program ends or Forget
	KeepAlways               // in the keyring
)

// Place is where a password is.
type Place int

// The places of a password.
const (
	InMemory Place = iota
	InKeyring
)

// Kept says what became of a password that was to be remembered.
type Kept struct {
	Place Place
	// Err says why the password is only in memory although KeepAlways was
	// wanted: ErrUnavailable, ErrLocked, ErrDismissed, *TooBigError, the end
	// of the context, or an index that could not be written. Nil otherwise.
	Err error
}

// ErrNoAccount is returned for an empty account, server or password.
var ErrNoAccount = errors.New("credential: account, server and password must not be empty")

// Account is one line of the vault's index.
type Account struct {
	Account string
	Server  string
	Place   Place // InMemory wins when the password is in both
	Stored  time.Time
}

// record is what the index file holds: never a password.
type record struct {
	Account string    `json:"account"`
	Server  string    `json:"server"`
	Ref     string    `json:"ref"` // random; names nothing to a reader of the keyring
	Stored  time.Time `json:"stored"`
}

// Vault knows which accounts have a password and where it is. The index file
// maps account and server to a random reference in the keyring; passwords that
// the keyring does not take stay in the memory of this process. A Vault may be
// used from several goroutines, its folder by several processes.
type Vault struct {
	dir    string
	store  Store
	memory *Memory

	mu       sync.Mutex
	aside    []*jsonfile.SetAsideError
	inMemory map[string]record // by key
}

// OpenVault opens the index in dir, which is created when it is missing, over
// store, which is a *Keyring in production. An index that cannot be read is set
// aside and the vault begins empty; SetAside tells. An error means that the
// folder cannot be used.
func OpenVault(dir string, store Store) (*Vault, error) {
	v := &Vault{dir: dir, store: store, memory: NewMemory(), inMemory: map[string]record{}}
	if err := jsonfile.MakeDir(dir); err != nil {
		return nil, err
	}
	if _, err := v.load(); err != nil {
		return nil, err
	}
	return v, nil
}

// SetAside returns the index files that could not be read and were kept under
// another name. Passwords that they named are in the keyring still; ForgetAll
// removes them.
func (v *Vault) SetAside() []*jsonfile.SetAsideError {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.aside)
}

// Lookup returns the password of account on server, or ErrNotFound when none
// is kept. Any other error is the keyring's.
func (v *Vault) Lookup(ctx context.Context, account, server string) (Secret, error) {
	key := vaultKey(account, server)
	s, err := v.memory.Get(ctx, key)
	if !errors.Is(err, ErrNotFound) {
		return s, err
	}
	records, err := v.load()
	if err != nil {
		return Secret{}, err
	}
	i := find(records, key)
	if i < 0 {
		return Secret{}, fmt.Errorf("look up %s on %s: %w", account, server, ErrNotFound)
	}
	return v.store.Get(ctx, records[i].Ref)
}

// Remember keeps the password of account on server, in place of an earlier
// one. With KeepAlways it goes to the keyring; when that fails, it is kept in
// memory and Kept says why. With KeepThisTime a password that is in the
// keyring stays there untouched, and the one in memory is used first.
func (v *Vault) Remember(ctx context.Context, account, server string, s Secret, keep Keep) (Kept, error) {
	if strings.TrimSpace(account) == "" || strings.TrimSpace(server) == "" || s.IsZero() {
		return Kept{}, ErrNoAccount
	}
	if keep == KeepAlways {
		err := v.storeAlways(ctx, account, server, s)
		if err == nil {
			return Kept{Place: InKeyring}, v.dropMemory(ctx, account, server)
		}
		return Kept{Place: InMemory, Err: err}, v.keepInMemory(ctx, account, server, s)
	}
	return Kept{Place: InMemory}, v.keepInMemory(ctx, account, server, s)
}

// storeAlways writes the index first: a reference without a password is asked
// for again, a password without a reference would lie in the keyring for ever.
func (v *Vault) storeAlways(ctx context.Context, account, server string, s Secret) error {
	key := vaultKey(account, server)
	var r record
	var existed bool
	err := v.update(ctx, func(records []record) []record {
		if i := find(records, key); i >= 0 {
			existed = true
			records[i].Stored = time.Now().UTC()
			r = records[i]
			return records
		}
		r = record{Account: account, Server: server, Ref: rand.Text(), Stored: time.Now().UTC()}
		return append(records, r)
	})
	if err != nil {
		return err
	}
	err = v.store.Set(ctx, r.Ref, s)
	if err == nil || existed {
		return err
	}
	// The keyring did not take it, so the new line of the index names nothing.
	// The context may be what ended the attempt.
	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	return errors.Join(err, v.remove(cleanup, r.Ref))
}

// keepInMemory works also when ctx is what ended the way to the keyring.
func (v *Vault) keepInMemory(ctx context.Context, account, server string, s Secret) error {
	key := vaultKey(account, server)
	if err := v.memory.Set(context.WithoutCancel(ctx), key, s); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.inMemory[key] = record{Account: account, Server: server, Stored: time.Now().UTC()}
	return nil
}

func (v *Vault) dropMemory(ctx context.Context, account, server string) error {
	key := vaultKey(account, server)
	err := v.memory.Delete(context.WithoutCancel(ctx), key)
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.inMemory, key)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Forget removes the password of account on server from memory and keyring.
// An account that is not known is no error. When the keyring cannot be reached
// the index keeps the reference, so that Forget can be tried again.
func (v *Vault) Forget(ctx context.Context, account, server string) error {
	if err := v.dropMemory(ctx, account, server); err != nil {
		return err
	}
	records, err := v.load()
	if err != nil {
		return err
	}
	i := find(records, vaultKey(account, server))
	if i < 0 {
		return nil
	}
	return v.forget(ctx, records[i])
}

func (v *Vault) forget(ctx context.Context, r record) error {
	if err := v.store.Delete(ctx, r.Ref); err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("forget %s on %s: %w", r.Account, r.Server, err)
	}
	return v.remove(ctx, r.Ref)
}

// ForgetAll removes every password of this program: from memory, those that
// the index names, and, where the store can say what is ours, those that no
// index names any more.
func (v *Vault) ForgetAll(ctx context.Context) error {
	if err := v.memory.DeleteAll(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	v.mu.Lock()
	clear(v.inMemory)
	v.mu.Unlock()
	records, err := v.load()
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range records {
		if err := v.forget(ctx, r); err != nil {
			failed = append(failed, err)
			if ctx.Err() != nil {
				break
			}
		}
	}
	if all, ok := v.store.(interface{ DeleteAll(context.Context) error }); ok && len(failed) == 0 {
		if err := all.DeleteAll(ctx); err != nil && !(len(records) == 0 && errors.Is(err, ErrUnavailable)) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// Accounts lists the accounts with a password, by account and server.
func (v *Vault) Accounts() ([]Account, error) {
	records, err := v.load()
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []Account
	for key, r := range v.inMemory {
		out = append(out, Account{Account: r.Account, Server: r.Server, Place: InMemory, Stored: r.Stored})
		records = slices.DeleteFunc(records, func(r record) bool { return r.key() == key })
	}
	for _, r := range records {
		out = append(out, Account{Account: r.Account, Server: r.Server, Place: InKeyring, Stored: r.Stored})
	}
	slices.SortFunc(out, func(a, b Account) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Server, b.Server))
	})
	return out, nil
}

// vaultKey folds what servers fold: names of accounts and hosts.
func vaultKey(account, server string) string {
	fold := func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
	return fold(account) + "\x00" + strings.TrimSuffix(fold(server), ".")
}

func (r record) key() string { return vaultKey(r.Account, r.Server) }

func find(records []record, key string) int {
	return slices.IndexFunc(records, func(r record) bool { return r.key() == key })
}

func (v *Vault) path() string { return filepath.Join(v.dir, vaultFile) }

// load reads the index as the last writer of any process left it.
func (v *Vault) load() ([]record, error) {
	var records []record
	err := jsonfile.Load(v.path(), vaultVersion, &records)
	var aside *jsonfile.SetAsideError
	if errors.As(err, &aside) {
		v.mu.Lock()
		v.aside = append(v.aside, aside)
		v.mu.Unlock()
		return nil, nil
	}
	return records, err
}

func (v *Vault) remove(ctx context.Context, ref string) error {
	return v.update(ctx, func(records []record) []record {
		return slices.DeleteFunc(records, func(r record) bool { return r.Ref == ref })
	})
}

// update changes the index under the lock that other processes take too.
func (v *Vault) update(ctx context.Context, change func([]record) []record) error {
	aside, err := jsonfile.Update(ctx, v.path(), vaultVersion, func(records *[]record) error {
		*records = change(*records)
		return nil
	})
	if aside != nil {
		v.mu.Lock()
		v.aside = append(v.aside, aside)
		v.mu.Unlock()
	}
	if err != nil {
		return fmt.Errorf("write the account index: %w", err)
	}
	return nil
}
