package proxy

import (
	"context"
	"errors"
	"net/url"
	"sync"

	"postroom/session/credential"
)

// SignIn answers for users at proxies.
type SignIn interface {
	// ProxyPassword gives the password of a user at a proxy (host:port), the zero Secret
	// where there is none. It may wait for a person.
	ProxyPassword(ctx context.Context, user, proxy string) (credential.Secret, error)
	// ProxyRefused hears that the proxy did not take it.
	ProxyRefused(ctx context.Context, user, proxy string) error
}

// Passwords are those of users whom the addresses of proxies name without one, for all
// that goes out: both doors, sign-ins, look-ups and Graph. A person who is asked takes
// time, so that Prepare comes before anything is sent. It may be used from several
// goroutines; a nil *Passwords knows none.
type Passwords struct {
	signIn SignIn

	mu    sync.Mutex
	known map[userAt]credential.Secret
}

type userAt struct{ user, proxy string }

// NewPasswords returns those that s answers for; nil answers for none.
func NewPasswords(s SignIn) *Passwords {
	return &Passwords{signIn: s, known: map[userAt]credential.Secret{}}
}

// Prepare gets the password of the user whom the proxy on the way to a server names, if it
// names one. Errors are the SignIn's; what is wrong with the setting, whoever dials says.
func (p *Passwords) Prepare(ctx context.Context, s Setting, server *url.URL) error {
	if p == nil || p.signIn == nil {
		return nil
	}
	user, at, err := (&Dialer{Setting: s}).named(ctx, server)
	if err != nil || user == "" {
		return nil //nolint:nilerr // whoever dials finds the same and says so
	}
	secret, err := p.signIn.ProxyPassword(ctx, user, at)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[userAt{user, at}] = secret
	return nil
}

// Password gives what Prepare got, the zero Secret where it got none: it is for a Dialer,
// which may meet another proxy on the way to where a server redirects.
func (p *Passwords) Password(_ context.Context, user, proxy string) (credential.Secret, error) {
	if p == nil {
		return credential.Secret{}, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[userAt{user, proxy}], nil
}

// Heed lets the SignIn hear when err says that a proxy took no password; refused is true
// then, and Prepare asks anew. The error is err, with what went wrong in telling.
func (p *Passwords) Heed(ctx context.Context, err error) (refused bool, heeded error) {
	refusal, is := errors.AsType[*Error](err)
	if p == nil || p.signIn == nil || !is || !refusal.Refused() {
		return false, err
	}
	return true, errors.Join(err, p.signIn.ProxyRefused(context.WithoutCancel(ctx), refusal.User, refusal.Proxy))
}
