// Package connect is how a person signs in: the dialog with its fields, the
// attempt and the test behind it, the questions about redirects, and the
// passwords that are remembered. What the secrets are kept in, and what may be
// connected to, is decided below session.
package connect

import (
	"context"
	"crypto/x509"
	"errors"
	"net/url"

	"fyne.io/fyne/v2"

	"postroom/app/demo"
	"postroom/app/desk"
	"postroom/app/settings"
	"postroom/app/tenants"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/catalogue"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
)

// Deps are what signing in is made of.
type Deps struct {
	Desk      *desk.Desk
	Manager   *session.Manager
	Directory *endpoint.Directory
	Vault     *credential.Vault
	Access    *access.Access   // over the vault, for whoever dials
	Keyring   credential.Store // below the vault; to see whether there is one
	Settings  *settings.File
	Roots     *x509.CertPool // that sign servers' certificates; nil for the system's
	// Catalogues keep what accounts may run.
	Catalogues *catalogue.Store
	Window     Window
}

// Window is what signing in needs of the rest of the window.
type Window struct {
	// Book is the list of tenants that an endpoint's are chosen from.
	Book func(endpoint.Endpoint) *tenants.Book
	// Demo is the one that runs; nil while none does.
	Demo func() *demo.Demo
	// Traced makes a target's session be recorded if a trace is running.
	Traced func(session.Target) session.Target
	// Offers are the ways to free a slot for a session that waits.
	Offers func(all []session.Info, waiting session.Info) []fyne.CanvasObject
	// OpenPage opens an address in the system's browser.
	OpenPage func(*url.URL) error
	// SignedIn takes a connection over, once its first session is open.
	SignedIn func(session.Target, catalogue.Catalogue)
}

// Connector signs in. UI thread only, apart from what says otherwise.
type Connector struct {
	Deps
	dialog   *Dialog                // the one shown last; nil before the first
	accounts []credential.Account   // with a remembered password
	refused  map[holder.Holder]bool // that its server no longer takes
	reading  desk.Order             // of accounts
	asking   chan struct{}          // held by the worker that asks about a redirect
}

// New returns what signs in; it shows nothing yet.
func New(d Deps) *Connector { return &Connector{Deps: d, asking: make(chan struct{}, 1)} }

// Show shows the dialog. One that is shown already is made ready to type anew.
func (c *Connector) Show() {
	if d := c.dialog; d != nil && d.sheet.Shown() {
		if d.attempt == nil {
			d.login.password.SetText("")
			d.login.begin()
		}
		return
	}
	c.newDialog().show()
}

// ShowDemo shows the dialog, filled in for the simulator. One that is shown already is
// filled in, unless it signs in.
func (c *Connector) ShowDemo(of *demo.Demo) *Dialog {
	if d := c.dialog; d != nil && d.sheet.Shown() {
		if d.attempt == nil {
			d.forDemo(of)
		}
		return d
	}
	d := c.newDialog()
	d.forDemo(of)
	d.show()
	return d
}

// SetSessions tells how the sessions are, so that a sign-in that waits can say
// what for.
func (c *Connector) SetSessions(infos []session.Info) {
	if c.dialog != nil {
		c.dialog.sessionsChanged(infos)
	}
}

// Open opens a session, or finds the one that is open. What goes wrong is shown;
// a password that is not known any more is asked for.
func (c *Connector) Open(t session.Target) {
	c.Desk.Spawn(func() { // ends with the attempt to open
		_, err := c.Manager.Open(context.Background(), t)
		if err == nil {
			return
		}
		c.Desk.Post(func() {
			if errors.Is(err, credential.ErrNotFound) {
				c.Again(t)
				return
			}
			c.Desk.Problem(err)
		})
	})
}

// Again asks for the password of a target that is not known any more.
func (c *Connector) Again(t session.Target) {
	if d := c.dialog; d != nil && d.sheet.Shown() {
		return // it is asked for already
	}
	d := c.newDialog()
	d.place.set(t.Endpoint)
	d.SetTenant(t.Tenant)
	d.login.setQuietly(d.login.account, t.Account)
	d.show()
	d.focus(fieldPassword)
}

// SignInFor lets the person sign in for the tenant of a target, and calls done when
// they have. Nothing else changes: the account and the tenant that are chosen stay.
func (c *Connector) SignInFor(t session.Target, done func()) {
	if d := c.dialog; d != nil && d.sheet.Shown() {
		return // one at a time
	}
	d := c.newDialog()
	d.only = done
	d.place.set(t.Endpoint)
	d.place.method = t.Auth
	d.SetTenant(t.Tenant)
	d.login.setQuietly(d.login.account, t.Account)
	d.show()
	d.Submit()
}

// Target is where an account at an endpoint connects to.
func (c *Connector) Target(e endpoint.Endpoint, account string) session.Target {
	return session.Target{Endpoint: e, Account: account, AllowRedirect: c.allowRedirect(e), RootCAs: c.Roots}
}
