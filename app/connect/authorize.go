package connect

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"

	"postroom/session"
	"postroom/session/atomicfile"
	"postroom/session/endpoint"
	"postroom/session/signin"
)

// authorize gets a token for a target of the REST door: without the person where
// that can be done, else by them. It fills in the tenant's GUID and who signed in.
// On a worker.
func (d *Dialog) authorize(ctx context.Context, a *attempt) error {
	if a.target.Method() == endpoint.AuthApp {
		return d.authorizeApp(ctx, a)
	}
	id, err := d.of.Finder.Tenant(ctx, a.target)
	if err != nil && !a.target.Tenant.IsZero() {
		return err
	}
	if err != nil {
		id = "" // the account's own: the sign-in says which
	}
	if !a.target.Tenant.IsZero() {
		a.target.Tenant.ID = id
	}
	ask := signin.SignIn{Tenant: id}
	if id != "" && a.target.Account != "" {
		_, err = d.of.Tokens.Token(ctx, a.target, session.TokenRequest{Tenant: id})
		needed, ok := errors.AsType[*session.NeedsSignInError](err)
		if !ok {
			return err
		}
		ask.Claims = needed.Claims
	}
	if a.target.Tenant.IsZero() && a.target.Account == "" {
		ask.Tenant = ""
	}
	token, err := d.askPerson(ctx, a, ask)
	if err != nil {
		return err
	}
	a.target.Account = token.Account
	return nil
}

// authorizeApp reads the application's certificate and looks whether a token can
// be had with it.
func (d *Dialog) authorizeApp(ctx context.Context, a *attempt) error {
	m, err := a.target.Endpoint.SignIn()
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	a.target.Account = m.ClientID
	raw, err := atomicfile.Read(m.Certificate, signin.MaxCertificate)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	certificate, err := signin.ReadCertificate(raw, a.secret)
	if err != nil {
		return err
	}
	if err := d.of.Tokens.UseCertificate(a.target, certificate); err != nil {
		return err
	}
	if a.target.Tenant.ID, err = d.of.Finder.Tenant(ctx, a.target); err != nil {
		return err
	}
	_, err = d.of.Tokens.Token(ctx, a.target, session.TokenRequest{Tenant: a.target.Tenant.ID})
	return err
}

// askPerson lets the person sign in, as often as they try again.
func (d *Dialog) askPerson(ctx context.Context, a *attempt, ask signin.SignIn) (session.Token, error) {
	defer d.of.Desk.Post(func() { d.modern.waiting.hide() })
	for {
		token, err := d.askOnce(ctx, a, ask)
		if !errors.Is(err, errAgain) || ctx.Err() != nil {
			return token, err
		}
	}
}

func (d *Dialog) askOnce(ctx context.Context, a *attempt, ask signin.SignIn) (session.Token, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	d.modern.waiting.ticking(ctx)
	again := func() { cancel(errAgain) }
	if a.target.Method() == endpoint.AuthDevice {
		return d.of.Tokens.Device(ctx, a.target, ask, func(c signin.DeviceCode) { d.showCode(ctx, a, c) })
	}
	return d.of.Tokens.Browser(ctx, a.target, ask, func(address string) error { return d.showBrowser(ctx, a, address, again) })
}

// showBrowser opens the sign-in page, in the demo that of the dialog.
func (d *Dialog) showBrowser(ctx context.Context, a *attempt, address string, again func()) error {
	running := d.of.Window.Demo()
	if a.demo {
		account := a.target.Account
		if account == "" {
			account = running.Server.Account()
		}
		d.of.Desk.Post(func() {
			if ctx.Err() == nil {
				d.modern.waiting.demo(account, address, func() {
					d.demoPage(func() error { return running.Visit(ctx, address, account) })
				})
			}
		})
		return nil
	}
	d.of.Desk.Post(func() {
		if ctx.Err() == nil {
			d.modern.waiting.browser(address, again)
		}
	})
	return d.of.openPage(address)
}

func (d *Dialog) showCode(ctx context.Context, a *attempt, c signin.DeviceCode) {
	running, account := d.of.Window.Demo(), a.target.Account
	d.of.Desk.Post(func() {
		if ctx.Err() != nil {
			return
		}
		d.modern.waiting.device(c, func() {
			d.demoPage(func() error {
				if a.demo {
					return running.EnterCode(ctx, c.Address, c.Code, account)
				}
				return d.of.openPage(c.Address)
			})
		})
	})
}

// demoPage does what a page would, on a worker.
func (d *Dialog) demoPage(do func() error) {
	d.of.Desk.Spawn(func() { // ends when the page has answered, or with the attempt
		if err := do(); err != nil {
			d.of.Desk.Post(func() { d.showProblem(err) })
		}
	})
}

// roots may sign the certificates of an endpoint's servers; the demo has its own.
func (d *Dialog) roots(e endpoint.Endpoint) *x509.CertPool {
	if running := d.of.Window.Demo(); running.At(e.URL) {
		return running.Server.RootCAs()
	}
	return d.of.Roots
}
