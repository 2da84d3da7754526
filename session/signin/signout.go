package signin

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/holder"
)

// SignedIn is somebody who is signed in, and where: what a sign-out needs.
type SignedIn struct {
	Account
	Authority string // the cloud's, without a tenant
	ClientID  string // of the application
}

// SignedIn lists who is signed in on this computer, at whatever cloud and with
// whatever application: as the sealed files say, and those of this process that
// are in memory only.
func (t *Tokens) SignedIn(ctx context.Context) ([]SignedIn, error) {
	origins, err := t.origins()
	if err != nil {
		return nil, err
	}
	var all []SignedIn
	for _, o := range origins {
		c, err := t.client(way{origin: o})
		if err != nil {
			return nil, err
		}
		list, err := people(ctx, c, o.authority)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			all = append(all, SignedIn{Account: p.account(), Authority: o.authority, ClientID: o.client})
		}
	}
	return all, nil
}

// origins are those that there is a file of, or that were asked.
func (t *Tokens) origins() ([]origin, error) {
	names, err := filepath.Glob(filepath.Join(t.o.Dir, "*"+sealedSuffix))
	if err != nil {
		return nil, fmt.Errorf("look for sign-ins: %w", err)
	}
	var all []origin
	for _, name := range names {
		if o, ok := originOfFile(filepath.Base(name)); ok {
			all = append(all, o)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for o := range t.caches {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b origin) int { return strings.Compare(a.authority+a.client, b.authority+b.client) })
	return slices.Compact(all), nil
}

const sealedSuffix = ".sealed"

// originOfFile reads what cacheOf names a file by.
func originOfFile(name string) (origin, bool) {
	name = strings.TrimSuffix(name, sealedSuffix)
	at := len(name) - 36 // a GUID's length
	if at < 2 || name[at-1] != '-' {
		return origin{}, false
	}
	client, known := endpoint.ParseTenantID(name[at:])
	var host strings.Builder
	for rest := name[:at-1]; rest != ""; rest = rest[1:] {
		if rest[0] != '_' {
			host.WriteByte(rest[0])
			continue
		}
		if len(rest) < 3 {
			return origin{}, false
		}
		c, err := strconv.ParseUint(rest[1:3], 16, 8)
		if err != nil {
			return origin{}, false
		}
		host.WriteByte(byte(c))
		rest = rest[2:]
	}
	return origin{authority: "https://" + host.String(), client: client}, known
}

// SignOut forgets an account of the target's cloud and application: its tokens in
// memory, what the sealed file has of it, and, when it was the last, the file and
// its key. An account that is not signed in is no error.
func (t *Tokens) SignOut(ctx context.Context, to session.Target) error {
	m, err := to.Endpoint.SignIn()
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	if to.Method() == endpoint.AuthApp {
		t.forgetApplication(originOf(m))
		return nil
	}
	who, found, err := t.find(ctx, to, m)
	if err != nil {
		return err
	}
	name := to.Account
	if found {
		name = who.name
	}
	return t.signOut(ctx, wayOf(to, originOf(m)), name)
}

func (t *Tokens) signOut(ctx context.Context, w way, name string) error {
	c, err := t.client(w)
	if err != nil {
		return err
	}
	list, err := people(ctx, c, w.authority)
	if err != nil {
		return err
	}
	t.drop(func(k tokenKey) bool { return k.origin == w.origin && k.account == holder.AccountKey(name) })
	for _, p := range list {
		if !holder.SameAccount(p.name, name) {
			continue
		}
		for _, e := range p.entries { // those of one environment go at once
			if err := c.public.RemoveAccount(ctx, e); err != nil {
				return fmt.Errorf("sign out %s: %w", p.name, err)
			}
		}
	}
	err = t.cacheOf(w.origin).afterSignOut(ctx)
	t.o.Changed(ctx, name)
	return err
}

// SignOutOf is SignOut of one that SignedIn listed.
func (t *Tokens) SignOutOf(ctx context.Context, who SignedIn) error {
	return t.signOut(ctx, way{origin: origin{authority: who.Authority, client: who.ClientID}}, who.Name)
}

// SignOutAll forgets everybody: all files, their keys, and what is in memory. What
// could not be removed is a *CacheError.
func (t *Tokens) SignOutAll(ctx context.Context) error {
	origins, err := t.origins()
	if err != nil {
		return err
	}
	failed := []error{nil}
	for _, o := range origins {
		failed = append(failed, t.cacheOf(o).clear(ctx))
	}
	t.drop(func(tokenKey) bool { return true })
	t.mu.Lock()
	clear(t.apps)
	t.mu.Unlock()
	t.o.Changed(ctx, "")
	return errors.Join(failed...)
}
