package signin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	msalcache "github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"

	"postroom/session/atomicfile"
	"postroom/session/credential"
	"postroom/session/jsonfile"
)

// MemoryOnlyError says that sign-ins are kept until the program ends and no
// longer, and why: there is no keyring, it is locked, or the file cannot be
// written.
type MemoryOnlyError struct{ Err error }

// Error says so.
func (e *MemoryOnlyError) Error() string {
	return fmt.Sprintf("sign in: sign-ins are kept in memory only: %v", e.Err)
}

// Unwrap gives the reason.
func (e *MemoryOnlyError) Unwrap() error { return e.Err }

// MemoryOnly gives the reason.
func (e *MemoryOnlyError) MemoryOnly() error { return e.Err }

// BrokenCacheError says that sign-ins were kept and cannot be read any more: the
// file was damaged, or its key is not in the keyring. Everybody signs in again.
type BrokenCacheError struct {
	Path string
	Err  error
}

// Error names the file.
func (e *BrokenCacheError) Error() string {
	return fmt.Sprintf("sign in: the sign-ins kept in %s cannot be read: %v", e.Path, e.Err)
}

// Unwrap gives the reason.
func (e *BrokenCacheError) Unwrap() error { return e.Err }

// BrokenCache gives Path.
func (e *BrokenCacheError) BrokenCache() string { return e.Path }

// CacheError is a file of sign-ins, or its key, that could not be removed: the
// sign-out is not complete.
type CacheError struct {
	Path string
	Err  error
}

// Error names the file.
func (e *CacheError) Error() string {
	return fmt.Sprintf("sign out: remove %s and its key: %v", e.Path, e.Err)
}

// SignInsLeft gives Path.
func (e *CacheError) SignInsLeft() string { return e.Path }

// Unwrap gives the reason.
func (e *CacheError) Unwrap() error { return e.Err }

// maxCache is the largest file that is read, in bytes: some ten thousand tenants.
const maxCache = 64 << 20

// cache keeps the sign-ins of an application at a cloud. Every process has its own
// over the same file.
type cache struct {
	origin origin
	path   string
	keys   credential.Store
	notice func(error)

	// Whoever has put a value into turn may touch what follows.
	turn    chan struct{}
	doc     document
	changes uint64      // counts what doc has become
	from    fs.FileInfo // of the file that doc is of; nil when there is none
	seal    *seal
	memory  error     // why nothing is written; nil when it is
	pending *document // what was not written while memory was set
	told    map[string]bool
}

// cacheOf gives the cache of an application at a cloud.
func (t *Tokens) cacheOf(o origin) *cache {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c := t.caches[o]; c != nil {
		return c
	}
	name := strings.TrimPrefix(o.authority, "https://") + "-" + o.client
	c := &cache{
		origin: o, path: filepath.Join(t.o.Dir, safeName(name)+sealedSuffix), keys: t.o.Keys, notice: t.o.Notice,
		turn: make(chan struct{}, 1), told: map[string]bool{},
	}
	t.caches[o] = c
	return c
}

// safeName writes what a file's name may not have everywhere as its number.
func safeName(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c == '-' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "_%02x", c)
	}
	return b.String()
}

// ref is the keyring's name of the key.
func (c *cache) ref() string { return "sign-ins " + filepath.Base(c.path) }

// take waits for the turn.
func (c *cache) take(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *cache) done() { <-c.turn }

// tell gives a notice once.
func (c *cache) tell(kind string, err error) {
	if c.told[kind] || c.notice == nil {
		return
	}
	c.told[kind] = true
	c.notice(err)
}

// toMemory gives up the file, for a reason.
func (c *cache) toMemory(why error) {
	c.memory = why
	c.tell("memory", &MemoryOnlyError{Err: why})
}

// retry lets the keyring be tried again: the person is there now.
func (c *cache) retry(ctx context.Context) error {
	if err := c.take(ctx); err != nil {
		return err
	}
	defer c.done()
	if c.memory != nil && c.keys != nil {
		kept := c.doc
		c.memory, c.pending, c.from = nil, &kept, nil
	}
	return nil
}

// load reads the file where it is another than before. Only the end of ctx is an
// error: what cannot be read is empty, and a notice.
func (c *cache) load(ctx context.Context) error {
	if c.memory != nil {
		return nil //nolint:nilerr // it has been told
	}
	info, err := os.Stat(c.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if c.from != nil { // signed out by another process
			c.become(document{}, nil)
		}
		c.seal = nil // its key has gone with the file
		return nil
	case err != nil:
		c.toMemory(err)
		return nil
	case c.from != nil && os.SameFile(info, c.from) && info.ModTime().Equal(c.from.ModTime()) && info.Size() == c.from.Size():
		return nil
	}
	doc, err := c.read(ctx)
	switch {
	case err == nil:
		c.become(doc, info)
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, errSeal), errors.Is(err, credential.ErrNotFound):
		c.tell("broken", &BrokenCacheError{Path: c.path, Err: err})
		c.become(document{}, info)
	default:
		c.toMemory(err)
	}
	return nil
}

// see looks at the file, and gives the count of what the sign-ins have become.
func (c *cache) see(ctx context.Context) (uint64, error) {
	if err := c.take(ctx); err != nil {
		return 0, err
	}
	defer c.done()
	err := c.load(ctx)
	return c.changes, err
}

// become replaces what is known.
func (c *cache) become(doc document, from fs.FileInfo) {
	if c.pending != nil {
		doc = merge(document{}, *c.pending, doc)
	}
	c.doc, c.from = doc, from
	c.changes++
}

// read opens the file with the key that is known, else with the keyring's: another
// process may have made a new one.
func (c *cache) read(ctx context.Context) (document, error) {
	file, err := atomicfile.Read(c.path, maxCache)
	if err != nil {
		return document{}, err
	}
	var plain []byte
	if c.seal != nil {
		plain, err = c.seal.open(file)
	}
	if c.seal == nil || errors.Is(err, errSeal) {
		if err = c.fetch(ctx); err == nil {
			plain, err = c.seal.open(file)
		}
	}
	if err != nil {
		return document{}, err
	}
	doc, err := parseDocument(plain)
	if err != nil {
		return document{}, errors.Join(errSeal, err)
	}
	return doc, nil
}

// fetch gets the key from the keyring.
func (c *cache) fetch(ctx context.Context) error {
	if c.keys == nil {
		return credential.ErrUnavailable
	}
	key, err := c.keys.Get(ctx, c.ref())
	if err != nil {
		return fmt.Errorf("get the key of the sign-ins: %w", err)
	}
	c.seal, err = newSeal(key, c.origin)
	return err
}

// make gets the key from the keyring, or puts a new one there.
func (c *cache) make(ctx context.Context) error {
	err := c.fetch(ctx)
	if !errors.Is(err, credential.ErrNotFound) && !errors.Is(err, errSeal) {
		return err
	}
	key := newKey()
	if err = c.keys.Set(ctx, c.ref(), key); err != nil {
		return fmt.Errorf("keep the key of the sign-ins: %w", err)
	}
	c.seal, err = newSeal(key, c.origin)
	return err
}

// update changes the sign-ins, under the lock of all processes. Where they cannot
// be written they are changed in memory. Errors: the end of ctx, and *CacheError
// for what could not be removed.
func (c *cache) update(ctx context.Context, change func(document) document) error {
	if c.memory == nil && c.keys == nil {
		c.toMemory(credential.ErrUnavailable)
	}
	if c.memory == nil {
		err := jsonfile.Locked(ctx, c.path, func() error {
			if err := c.load(ctx); err != nil || c.memory != nil {
				return err
			}
			return c.write(ctx, change(c.doc))
		})
		var left *CacheError
		switch {
		case err == nil && c.memory == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.As(err, &left):
			return left
		case err != nil:
			c.toMemory(err)
		}
	}
	c.doc = change(c.doc)
	c.changes++
	return nil
}

// write seals doc into the file, or removes file and key where nobody is signed
// in.
func (c *cache) write(ctx context.Context, doc document) error {
	if doc.empty() {
		if err := c.remove(ctx); err != nil {
			return err
		}
		c.pending = nil
		c.become(doc, nil)
		return nil
	}
	plain, err := doc.marshal()
	if err != nil {
		return err
	}
	if c.seal == nil {
		if err = c.make(ctx); err != nil {
			return err
		}
	}
	err = atomicfile.Replace(c.path, atomicfile.Private, func(w io.Writer) error {
		_, writing := w.Write(c.seal.close(plain))
		return writing
	})
	if err != nil {
		return err
	}
	info, err := os.Stat(c.path)
	if err != nil {
		return err
	}
	c.pending = nil
	c.become(doc, info)
	return nil
}

// remove removes the file, then its key.
func (c *cache) remove(ctx context.Context) error {
	err := os.Remove(c.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &CacheError{Path: c.path, Err: err}
	}
	c.seal = nil
	if c.keys == nil {
		return nil
	}
	err = c.keys.Delete(ctx, c.ref())
	if err == nil || errors.Is(err, credential.ErrNotFound) || errors.Is(err, credential.ErrUnavailable) {
		return nil // where there is no keyring there is no key
	}
	return &CacheError{Path: c.path, Err: err}
}

// forget removes the access tokens of an account for a tenant.
func (c *cache) forget(ctx context.Context, homeAccountID, tenant string) error {
	if err := c.take(ctx); err != nil {
		return err
	}
	defer c.done()
	return c.update(ctx, func(d document) document { return d.withoutAccessTokens(homeAccountID, tenant) })
}

// clear forgets everybody.
func (c *cache) clear(ctx context.Context) error {
	if err := c.take(ctx); err != nil {
		return err
	}
	defer c.done()
	c.pending = nil
	c.become(document{}, nil)
	return c.removeLocked(ctx)
}

// afterSignOut sees that nothing lies in a file that could not be opened: what is
// in memory only has not been written, and who signs out does not want the rest.
func (c *cache) afterSignOut(ctx context.Context) error {
	if err := c.take(ctx); err != nil {
		return err
	}
	defer c.done()
	if c.memory == nil {
		return nil
	}
	return c.removeLocked(ctx)
}

// removeLocked removes file and key under the lock of all processes.
func (c *cache) removeLocked(ctx context.Context) error {
	if _, err := os.Lstat(c.path); errors.Is(err, fs.ErrNotExist) && c.memory != nil {
		return nil //nolint:nilerr // nor is there a key
	}
	return jsonfile.Locked(ctx, c.path, func() error { return c.remove(ctx) })
}

// accessor is one MSAL client's view of a cache.
type accessor struct {
	cache *cache

	// Guarded by the cache's turn.
	base    document // what MSAL has
	changes uint64   // the cache's, when MSAL got it
}

var _ msalcache.ExportReplace = (*accessor)(nil)

// Replace gives MSAL what the cache has, if that is news.
func (a *accessor) Replace(ctx context.Context, to msalcache.Unmarshaler, _ msalcache.ReplaceHints) error {
	if err := a.cache.take(ctx); err != nil {
		return err
	}
	defer a.cache.done()
	if err := a.cache.load(ctx); err != nil {
		return err
	}
	if a.changes == a.cache.changes {
		return nil
	}
	b, err := a.cache.doc.marshal()
	if err == nil {
		err = to.Unmarshal(b)
	}
	if err != nil { // sealed by us, and yet not what MSAL reads
		a.cache.tell("broken", &BrokenCacheError{Path: a.cache.path, Err: errSeal})
		a.cache.doc = document{}
		if err = to.Unmarshal([]byte("{}")); err != nil {
			return errSeal
		}
	}
	a.base, a.changes = a.cache.doc, a.cache.changes
	return nil
}

// Export puts what MSAL changed into the cache.
func (a *accessor) Export(ctx context.Context, from msalcache.Marshaler, _ msalcache.ExportHints) error {
	b, err := from.Marshal()
	if err != nil {
		return errSeal // without its text, which may have tokens in it
	}
	ours, err := parseDocument(b)
	if err != nil {
		return err
	}
	if err := a.cache.take(ctx); err != nil {
		return err
	}
	defer a.cache.done()
	base := a.base
	if err := a.cache.update(ctx, func(theirs document) document { return merge(base, ours, theirs) }); err != nil {
		return err
	}
	a.base = ours
	if a.cache.doc.equal(ours) {
		a.changes = a.cache.changes
	}
	return nil
}
