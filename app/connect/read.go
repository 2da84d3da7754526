package connect

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/partner"
)

// read makes a target of what was typed. The password may be missing where one
// is remembered.
func (d *Dialog) read() (session.Target, error) {
	p := d.place
	if p.endpoint.Template() && endpoint.Resembles(p.host.Text) { // typed as an address
		if _, err := d.takeConnection(p.host.Text); err != nil {
			return session.Target{}, &fieldError{field: fieldHost, text: words.Explain(err).Title, err: err}
		}
	}
	if p.endpoint.Template() && strings.TrimSpace(p.host.Text) == "" {
		return session.Target{}, &fieldError{field: fieldHost, text: lang.L("Enter the name of the server.")}
	}
	e := p.chosen()
	t := session.Target{Endpoint: e, Auth: p.method, Tenant: p.tenant, RootCAs: d.of.Roots, AllowRedirect: d.of.allowRedirect(e)}
	if err := e.Validate(); err != nil {
		return t, p.invalid(err)
	}
	if _, err := e.For(p.tenant); err != nil {
		return t, &fieldError{field: fieldTenant, text: words.Explain(err).Title, err: err}
	}
	t.RootCAs = d.of.roots(e)
	if d.graph != nil && e.Door != endpoint.REST {
		return t, &fieldError{field: fieldWhere, text: lang.L("Choose a Microsoft 365 endpoint."), err: partner.ErrNotModern}
	}
	var err error
	if e.Door == endpoint.REST {
		return d.readModern(t)
	}
	if t.Account, err = d.login.read(); err != nil {
		return t, err
	}
	if d.login.password.Text() == "" && !d.login.isRemembered() && !byTicket(t) {
		return t, &fieldError{field: fieldPassword, text: lang.L("Enter the password."), err: credential.ErrNoAccount}
	}
	return t, nil
}

// readModern is read for an endpoint that asks for tokens.
func (d *Dialog) readModern(t session.Target) (session.Target, error) {
	var err error
	if t.Endpoint, err = d.modern.read(t.Endpoint, t.Method()); err != nil {
		return t, err
	}
	if t.Method() != endpoint.AuthApp {
		t.Account, err = d.login.read()
		return t, err
	}
	if t.Tenant.IsZero() {
		return t, &fieldError{field: fieldTenant, text: lang.L("Choose the tenant: an application has none of its own.")}
	}
	t.Account = t.Endpoint.Modern.ClientID
	return t, nil
}

// byTicket says that the account signs in by Kerberos, which may need no password.
func byTicket(t session.Target) bool {
	return t.Auth == endpoint.AuthKerberos ||
		t.Auth == "" && len(t.Endpoint.Auth) > 0 && t.Endpoint.Auth[0] == endpoint.AuthKerberos
}
