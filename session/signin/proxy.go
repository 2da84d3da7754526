package signin

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"postroom/session/credential"
	"postroom/session/holder"
)

// Typed is a password that a person typed, and how long it is kept.
type Typed struct {
	Secret credential.Secret
	Keep   credential.Keep
}

// An Asker asks the person in front for the password of a user at a proxy; again says that
// the one before was refused. credential.ErrNotFound means that none was given.
type Asker func(ctx context.Context, at holder.Holder, again bool) (Typed, error)

// proxies is what is known of passwords at proxies. A user at a proxy is a holder like any.
type proxies struct {
	turn  chan struct{} // one question at a time
	asker Asker         // nil: nobody is there

	mu      sync.Mutex
	refused map[holder.Holder]bool // the password of now was
	typed   map[holder.Holder]bool // it came from the asker, and nobody knows whether it is right
}

// AskAtProxies says who is asked for passwords at proxies. It is called before anything is
// opened.
func (p *Passwords) AskAtProxies(a Asker) { p.proxies.asker = a }

// ProxyPassword gives the password of a user at a proxy (host:port): the vault's, else what
// the person types, which the vault keeps. It is the zero Secret where none is known and
// nobody answers: the proxy may ask for none. It is called before a connection is begun,
// since a person takes time.
func (p *Passwords) ProxyPassword(ctx context.Context, user, proxy string) (credential.Secret, error) {
	at, err := holder.Of(user, proxy)
	if err != nil {
		return credential.Secret{}, fmt.Errorf("password for the proxy: %w", err)
	}
	select {
	case p.proxies.turn <- struct{}{}:
		defer func() { <-p.proxies.turn }()
	case <-ctx.Done():
		return credential.Secret{}, context.Cause(ctx)
	}
	refused := p.proxies.is(p.proxies.refused, at)
	secret, err := p.Password(ctx, at)
	switch {
	case err == nil && !refused:
		return secret, nil
	case ctx.Err() != nil:
		return credential.Secret{}, context.Cause(ctx)
	case p.proxies.asker == nil && (err == nil || errors.Is(err, credential.ErrNotFound)):
		return secret, nil
	case p.proxies.asker == nil:
		return credential.Secret{}, err
	}
	typed, err := p.proxies.asker(ctx, at, refused)
	if errors.Is(err, credential.ErrNotFound) {
		return credential.Secret{}, nil
	}
	if err != nil {
		return credential.Secret{}, fmt.Errorf("password of %s: %w", at, err)
	}
	if _, err := p.vault.Remember(ctx, user, proxy, typed.Secret, typed.Keep); err != nil {
		return credential.Secret{}, fmt.Errorf("keep the password of %s: %w", at, err)
	}
	p.proxies.mark(at, true)
	return typed.Secret, nil
}

// ProxyRefused notes that a proxy did not take the password: the person is asked next time.
// What was only just typed is not kept.
func (p *Passwords) ProxyRefused(ctx context.Context, user, proxy string) error {
	at, err := holder.Of(user, proxy)
	if err != nil {
		return fmt.Errorf("password for the proxy: %w", err)
	}
	typed := p.proxies.is(p.proxies.typed, at)
	p.proxies.mark(at, false)
	if !typed {
		return nil
	}
	if err := p.vault.Forget(ctx, at); err != nil {
		return fmt.Errorf("forget the refused password of %s: %w", at, err)
	}
	return nil
}

func (p *proxies) is(what map[holder.Holder]bool, at holder.Holder) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return what[at]
}

// mark notes that a password was typed, or that it was refused.
func (p *proxies) mark(at holder.Holder, typed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.typed[at], p.refused[at] = typed, !typed
}
