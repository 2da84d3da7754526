// Package access lets people and applications in: it puts the doors together with
// what they ask for credentials, and gets the token of a target before its first
// session is opened, without the person where that can be done. Window and command
// line are two faces of it.
package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"postroom/session"
	"postroom/session/atomicfile"
	"postroom/session/credential"
	"postroom/session/discovery"
	"postroom/session/endpoint"
	"postroom/session/exorest"
	"postroom/session/holder"
	"postroom/session/partner"
	"postroom/session/proxy"
	"postroom/session/reference"
	"postroom/session/remoting"
	"postroom/session/signin"
)

// Options are what an Access is made of.
type Options struct {
	// SignIns is the folder of the sealed sign-ins.
	SignIns string
	// Keys holds the keys of the sealed sign-ins: a keyring; nil keeps sign-ins in
	// memory only.
	Keys credential.Store
	// Passwords answer for the classic door.
	Passwords *signin.Passwords
	// Version is the program's, which goes with every request.
	Version string
	// Notice hears, once for each file, that sign-ins are kept in memory only or
	// that kept ones cannot be read; nil tells nobody.
	Notice func(error)
}

// program is our name in the logs of authorities and services.
const program = "Postroom"

// Access is the way in. It may be used from several goroutines.
type Access struct {
	Passwords *signin.Passwords
	Tokens    *signin.Tokens
	Finder    *discovery.Finder
	Graph     *partner.Graph
	// Doors are all that there are.
	Doors session.Doors

	rest *exorest.Door // among them
}

// New puts it together; nothing is read or asked yet.
func New(o Options) *Access {
	proxies := proxy.NewPasswords(nil)
	if o.Passwords != nil {
		proxies = proxy.NewPasswords(o.Passwords)
	}
	a := &Access{Passwords: o.Passwords}
	tokens := signin.NewTokens(signin.TokenOptions{
		Dir: o.SignIns, Keys: o.Keys, Proxies: proxies, Program: program, Version: o.Version, Notice: o.Notice,
		Changed: func(ctx context.Context, account string) { a.rest.SignInsChanged(ctx, account) },
	})
	a.Tokens = tokens
	us := program + "/" + o.Version
	a.Finder = discovery.New(discovery.Options{Home: a.home, Proxies: proxies, Program: us})
	a.Graph = partner.New(partner.Options{Tokens: tokens, FindTenant: a.Finder.Tenant, Proxies: proxies, Program: us})
	known := reference.New()
	a.rest = exorest.NewDoor(exorest.Options{
		Tokens: tokens, FindTenant: a.Finder.Tenant, Proxies: proxies, Kinds: known, Expected: known, Program: us,
	})
	a.Doors = session.Doors{endpoint.Remoting: remoting.NewDoor(o.Passwords), endpoint.REST: a.rest}
	return a
}

// home is the GUID of the own tenant of a target's account; "" when nobody of that
// name has signed in.
func (a *Access) home(ctx context.Context, t session.Target) (string, error) {
	list, err := a.Tokens.Accounts(ctx, t)
	if err != nil {
		return "", err
	}
	for _, known := range list {
		if holder.SameAccount(known.Name, t.Account) || t.Account == "" && len(list) == 1 {
			return known.Home, nil
		}
	}
	return "", nil
}

// A Face lets a person sign in.
type Face interface {
	// Browser brings the person to an address; again begins anew. An error ends
	// the sign-in.
	Browser(ctx context.Context, address string, again func()) error
	// Device shows a code to be typed on another device.
	Device(context.Context, signin.DeviceCode)
}

// errAgain ends a sign-in that the person begins anew.
var errAgain = errors.New("sign in: begun anew")

// ErrNoTenant is an application that signs in for a tenant, where none was chosen.
var ErrNoTenant = errors.New("sign in: an application has no tenant of its own: choose one")

// Get gets a token of the target's tenant, and gives the target with the tenant's
// GUID and the account that signed in. Where the person is needed face asks them;
// nil is told by a *session.NeedsSignInError. passphrase opens the certificate of an
// application. Targets of another door than REST come back as they are.
func (a *Access) Get(ctx context.Context, t session.Target, passphrase credential.Secret, face Face) (session.Target, error) {
	if t.Endpoint.Door != endpoint.REST {
		return t, nil
	}
	if t.Method() == endpoint.AuthApp {
		return a.application(ctx, t, passphrase)
	}
	id, err := a.Finder.Tenant(ctx, t)
	if !t.Tenant.IsZero() {
		if err != nil {
			return t, err
		}
		t.Tenant.ID = id
	} else if err != nil || t.Account == "" {
		id = "" // the sign-in says which
	}
	ask := signin.SignIn{Tenant: id}
	if id != "" && t.Account != "" {
		_, err = a.Tokens.Token(ctx, t, session.TokenRequest{Tenant: id})
		needed, ok := errors.AsType[*session.NeedsSignInError](err)
		if !ok || face == nil {
			return t, t.OfTenant(err)
		}
		ask.Claims = needed.Claims
	}
	if face == nil {
		return t, &session.NeedsSignInError{Account: t.Account, Tenant: t.Tenant.Domain}
	}
	token, err := a.SignIn(ctx, t, ask, face)
	if err != nil {
		return t, t.OfTenant(err)
	}
	t.Account = token.Account
	return t, nil
}

// SignIn lets the person sign in, as often as they begin anew.
func (a *Access) SignIn(ctx context.Context, t session.Target, ask signin.SignIn, face Face) (session.Token, error) {
	for {
		token, err := a.once(ctx, t, ask, face)
		if !errors.Is(err, errAgain) || ctx.Err() != nil {
			return token, err
		}
	}
}

func (a *Access) once(ctx context.Context, t session.Target, ask signin.SignIn, face Face) (session.Token, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if t.Method() == endpoint.AuthDevice {
		return a.Tokens.Device(ctx, t, ask, func(c signin.DeviceCode) { face.Device(ctx, c) })
	}
	return a.Tokens.Browser(ctx, t, ask, func(address string) error {
		return face.Browser(ctx, address, func() { cancel(errAgain) })
	})
}

// application reads the certificate of the target's application, and looks whether
// a token can be had with it.
func (a *Access) application(ctx context.Context, t session.Target, passphrase credential.Secret) (session.Target, error) {
	t, err := a.prepared(t, passphrase)
	if err != nil {
		return t, err
	}
	if t.Tenant.ID, err = a.Finder.Tenant(ctx, t); err != nil {
		return t, err
	}
	_, err = a.Tokens.Token(ctx, t, session.TokenRequest{Tenant: t.Tenant.ID})
	return t, t.OfTenant(err)
}

// certificate lets the target's application prove itself by the certificate in a file.
func (a *Access) certificate(t session.Target, file string, passphrase credential.Secret) error {
	if file == "" {
		return signin.ErrNoCertificate
	}
	raw, err := atomicfile.Read(file, signin.MaxCertificate)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	certificate, err := signin.ReadCertificate(raw, passphrase)
	if err != nil {
		return err
	}
	return a.Tokens.UseCertificate(t, certificate)
}

// Customers signs the target's account in for Microsoft Graph, as Get does, and lists
// the tenants that it looks after; waits is told until when Graph wants to be left
// alone. Errors are those of Get and of partner.Graph.
func (a *Access) Customers(ctx context.Context, t session.Target, passphrase credential.Secret, face Face, waits func(until time.Time)) (partner.Found, error) {
	at, err := partner.At(t)
	if err != nil {
		return partner.Found{}, err
	}
	if at, err = a.Get(ctx, at, passphrase, face); err != nil {
		return partner.Found{}, err
	}
	return a.Graph.Customers(ctx, at, waits)
}

// SignOut forgets the target's account; see signin.Tokens.SignOut.
func (a *Access) SignOut(ctx context.Context, t session.Target) error {
	return a.Tokens.SignOut(ctx, t)
}
