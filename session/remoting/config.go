package remoting

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
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

// Judge is a SignIn that hears what servers make of its passwords, so that none is sent
// again that was refused: *signin.Passwords.
type Judge interface {
	SignIn
	// Refused hears of a password that the server did not take, and why: Password gives it
	// no more.
	Refused(h holder.Holder, s credential.Secret, why error)
	// Accepted hears of one that it took. An error says that it could not be kept.
	Accepted(ctx context.Context, h holder.Holder, s credential.Secret) error
}

// passwordRefused says that a server was sent a password and did not take it. What the
// server offers no such sign-in for, or refuses for a reason that it names, says nothing
// about the password.
func passwordRefused(err error) bool {
	refused, is := errors.AsType[*wsman.AuthError](err)
	if !is || refused.HTTP != http.StatusUnauthorized || refused.Err != nil || refused.Exchange != nil {
		return is && refused.Kerberos == "KDC_ERR_PREAUTH_FAILED"
	}
	offered := func(s string) bool {
		return strings.EqualFold(s, string(refused.Auth)) || strings.EqualFold(s, "Negotiate") && refused.Auth != wsman.Basic
	}
	return len(refused.Schemes) == 0 || slices.ContainsFunc(refused.Schemes, offered)
}

// refused tells the sign-in of a password that was sent and not taken. False says that err
// is about something else, or that nobody hears it.
func (d *Door) refused(t session.Target, s credential.Secret, err error) bool {
	judge, hears := d.signIn.(Judge)
	if !hears || s.IsZero() || !passwordRefused(err) {
		return false
	}
	judge.Refused(t.Holder(), s, err)
	return true
}

// ofSession is what a session that is opened with a password has to do with it later.
func (d *Door) ofSession(t session.Target, s credential.Secret) ofSession {
	return ofSession{
		refused: func(err error) bool { return d.refused(t, s, err) },
		remove: func(ctx context.Context, r session.Record) error {
			return d.Delete(credential.WithoutPrompt(ctx), t, r)
		},
	}
}

// accepted tells the sign-in of a password that was taken; that a new one could not be kept
// is told in the session.
func (d *Door) accepted(ctx context.Context, t session.Target, s credential.Secret, tell func(session.Message)) {
	judge, hears := d.signIn.(Judge)
	if !hears || s.IsZero() {
		return
	}
	if err := judge.Accepted(ctx, t.Holder(), s); err != nil && tell != nil {
		tell(session.Message{Kind: session.MessageWarning, Time: time.Now(), Text: err.Error(), Err: err})
	}
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

// password is the account's of now; zero where a ticket may do.
func (d *Door) password(ctx context.Context, t session.Target) (credential.Secret, error) {
	secret, err := d.signIn.Password(ctx, t.Holder())
	if err != nil && wsman.Auth(t.Method()) == wsman.Kerberos && errors.Is(err, credential.ErrNotFound) {
		return credential.Secret{}, nil
	}
	return secret, err
}

// client is the transport to an address, with the account's password.
func (d *Door) client(ctx context.Context, t session.Target, address string, secret credential.Secret) (*wsman.Client, error) {
	auth := wsman.Auth(t.Method())
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
