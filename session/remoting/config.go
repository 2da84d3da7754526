package remoting

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/holder"
	"postroom/session/ledger"
	"postroom/session/wsman"
)

// SignIn answers with the password of a holder when it is needed:
// *signin.Passwords.
type SignIn interface {
	// Password gives it, or credential.ErrNotFound.
	Password(context.Context, holder.Holder) (credential.Secret, error)
}

// operationTimeout is how long a Receive may wait for news: long, so that an
// idle session sends less than one request a minute, and below the 180 s after
// which proxies and Exchange's own front end drop a silent connection.
const operationTimeout = 150 * time.Second

// addressOf is where the target's tenant is asked for.
func addressOf(t session.Target) (string, error) {
	u, err := t.Endpoint.For(t.Tenant)
	if err != nil {
		return "", fmt.Errorf("target %s: %w", t.Endpoint.Name, err)
	}
	return u, nil
}

// client is the transport to an address, with the account's password of now.
func (d *Door) client(ctx context.Context, t session.Target, address string) (*wsman.Client, error) {
	secret, err := d.signIn.Password(ctx, t.Holder())
	auth := wsman.Auth(t.Method())
	if err != nil && !(auth == wsman.Kerberos && errors.Is(err, credential.ErrNotFound)) { // a ticket may do
		return nil, err
	}
	roots, err := t.Endpoint.Roots(t.RootCAs)
	if err != nil {
		return nil, err
	}
	server, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", t.Endpoint.Name, err)
	}
	if err = d.proxies.Prepare(ctx, t.Endpoint.Proxy, server); err != nil {
		return nil, err
	}
	config := wsman.Config{
		URL:              address,
		Configuration:    t.Endpoint.Configuration,
		Auth:             auth,
		Credential:       credential.Credential{User: t.Account, Secret: secret},
		RootCAs:          roots,
		Proxy:            t.Endpoint.Proxy,
		ProxyPassword:    d.proxies.Password,
		AllowRedirect:    t.MayRedirect,
		Kerberos:         wsman.KerberosConfig(t.Kerberos),
		OperationTimeout: operationTimeout,
	}
	if t.Trace != nil {
		config.Trace = tracer{t.Trace}
	}
	return wsman.New(config)
}

// tracer hands wsman's events on.
type tracer struct{ to session.Tracer }

// Trace hands one on.
func (t tracer) Trace(e wsman.Event) { t.to.Trace(session.TraceEvent(e)) }

// recordOf is what finds the shell again, as the ledger keeps it.
func recordOf(r wsman.Record) session.Record {
	out := session.Record{ShellID: r.ShellID, URL: r.URL, Configuration: r.Configuration}
	for _, c := range r.Cookies {
		out.Cookies = append(out.Cookies, ledger.Cookie{Name: c.Name, Value: c.Value})
	}
	return out
}

// wireRecord is the record as wsman has it.
func wireRecord(r session.Record) wsman.Record {
	out := wsman.Record{ShellID: r.ShellID, URL: r.URL, Configuration: r.Configuration}
	for _, c := range r.Cookies {
		out.Cookies = append(out.Cookies, wsman.Cookie{Name: c.Name, Value: c.Value})
	}
	return out
}
