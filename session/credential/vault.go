package credential

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"postroom/session/holder"
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
	Holder  holder.Holder
	Account string // as it was written
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
	inMemory map[holder.Holder]record
}

// OpenVault opens the index in dir over store, which is a *Keyring in production.
// The folder is created with the first password that goes to the store. An index that cannot be read is set
// aside and the vault begins empty; SetAside tells. An error means that the
// folder cannot be used.
func OpenVault(dir string, store Store) (*Vault, error) {
	v := &Vault{dir: dir, store: store, memory: NewMemory(), inMemory: map[holder.Holder]record{}}
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

// Lookup returns the password of h, or ErrNotFound when none is kept. Any other
// error is the keyring's.
func (v *Vault) Lookup(ctx context.Context, h holder.Holder) (Secret, error) {
	s, err := v.memory.Get(ctx, h.String())
	if !errors.Is(err, ErrNotFound) {
		return s, err
	}
	records, err := v.load()
	if err != nil {
		return Secret{}, err
	}
	i := find(records, h)
	if i < 0 {
		return Secret{}, fmt.Errorf("look up %s: %w", h, ErrNotFound)
	}
	return v.store.Get(ctx, records[i].Ref)
}

// Remember keeps the password of account on server, in place of an earlier
// one. With KeepAlways it goes to the keyring; when that fails, it is kept in
// memory and Kept says why. With KeepThisTime a password that is in the
// keyring stays there untouched, and the one in memory is used first.
func (v *Vault) Remember(ctx context.Context, account, server string, s Secret, keep Keep) (Kept, error) {
	h, err := holder.Of(account, server)
	if err == nil {
		account, err = holder.Clean(account)
	}
	if err != nil {
		return Kept{}, fmt.Errorf("%w: %w", ErrNoAccount, err)
	}
	if s.IsZero() {
		return Kept{}, ErrNoAccount
	}
	r := record{Account: account, Server: h.Server(), Stored: time.Now().UTC()}
	if keep == KeepAlways {
		err := v.storeAlways(ctx, r, s)
		if err == nil {
			return Kept{Place: InKeyring}, v.dropMemory(ctx, h)
		}
		return Kept{Place: InMemory, Err: err}, v.keepInMemory(ctx, h, r, s)
	}
	return Kept{Place: InMemory}, v.keepInMemory(ctx, h, r, s)
}

// Store is Remember for what has to be in the keyring: that it is only in memory is an
// error here.
func (v *Vault) Store(ctx context.Context, account, server string, s Secret) error {
	kept, err := v.Remember(ctx, account, server, s, KeepAlways)
	if err == nil {
		err = kept.Err
	}
	return err
}

// Kept says for how long the password of h is kept as it is now: in the keyring, or this
// time only.
func (v *Vault) Kept(h holder.Holder) Keep {
	all, err := v.Accounts()
	if err == nil && slices.ContainsFunc(all, func(a Account) bool { return a.Holder == h && a.Place == InKeyring }) {
		return KeepAlways
	}
	return KeepThisTime
}

// storeAlways writes the index first: a reference without a password is asked
// for again, a password without a reference would lie in the keyring for ever.
func (v *Vault) storeAlways(ctx context.Context, r record, s Secret) error {
	var existed bool
	err := v.update(ctx, func(records []record) []record {
		if i := find(records, r.holder()); i >= 0 {
			existed = true
			records[i].Stored = r.Stored
			r = records[i]
			return records
		}
		r.Ref = rand.Text()
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
func (v *Vault) keepInMemory(ctx context.Context, h holder.Holder, r record, s Secret) error {
	if err := v.memory.Set(context.WithoutCancel(ctx), h.String(), s); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.inMemory[h] = r
	return nil
}

func (v *Vault) dropMemory(ctx context.Context, h holder.Holder) error {
	err := v.memory.Delete(context.WithoutCancel(ctx), h.String())
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.inMemory, h)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Forget removes the passwords of h from memory and keyring. A holder that is
// not known is no error. When the keyring cannot be reached the index keeps the
// reference, so that Forget can be tried again.
func (v *Vault) Forget(ctx context.Context, h holder.Holder) error {
	if err := v.dropMemory(ctx, h); err != nil {
		return err
	}
	records, err := v.load()
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range records { // an earlier version kept one for each way to write the server
		if r.holder() == h {
			failed = append(failed, v.forget(ctx, r))
		}
	}
	return errors.Join(failed...)
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
	seen := map[holder.Holder]bool{}
	add := func(h holder.Holder, r record, place Place) {
		if !h.IsZero() && !seen[h] {
			seen[h] = true
			out = append(out, Account{Holder: h, Account: r.Account, Server: r.Server, Place: place, Stored: r.Stored})
		}
	}
	for h, r := range v.inMemory {
		add(h, r, InMemory)
	}
	for _, r := range records {
		add(r.holder(), r, InKeyring)
	}
	slices.SortFunc(out, func(a, b Account) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Server, b.Server))
	})
	return out, nil
}

// holder is whose password it is; nobody where the line names none, as only a
// file that was tampered with does.
func (r record) holder() holder.Holder {
	h, err := holder.Of(r.Account, r.Server)
	if err != nil {
		return holder.Holder{}
	}
	return h
}

// find gives the line of h. An earlier version wrote one for each way to write
// the server; the one that was stored last has the password that worked last.
func find(records []record, h holder.Holder) int {
	at := -1
	for i, r := range records {
		if r.holder() == h && (at < 0 || !r.Stored.Before(records[at].Stored)) {
			at = i
		}
	}
	return at
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
	if err := jsonfile.MakeDir(v.dir); err != nil {
		return fmt.Errorf("write the account index: %w", err)
	}
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
