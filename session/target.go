package session

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/wsman"
)

// Target says where a session is to be opened, for whom and as whom. It carries
// no secret: whoever dials or deletes asks for the holder's credential at that
// moment.
type Target struct {
	Endpoint endpoint.Endpoint
	// Tenant is the customer; the zero Tenant is the account's own organisation.
	Tenant endpoint.Tenant
	// Account is as the person wrote it: user@domain, DOMAIN\user or a bare name.
	Account string
	// Auth is "basic", "ntlm" or "kerberos"; "" takes the endpoint's first.
	Auth string
	// RootCAs may sign the server's certificate; nil means the system's.
	RootCAs *x509.CertPool
	// AllowRedirect is asked before credentials go to another host; nil asks
	// the endpoint's own policy.
	AllowRedirect func(ctx context.Context, from, to *url.URL) error
	// Limit is how many sessions the account may hold; 0 takes the endpoint's.
	Limit int
	// Runspaces is how many runs may go on at once in the session; 0 means 1.
	Runspaces int
	Kerberos  wsman.KerberosConfig
	// Trace, if set, is told of every request and reply, without secrets.
	Trace wsman.Tracer
}

// defaultLimit is the number of sessions where nobody names another: what the
// cloud allows (exchange.md 3.3).
const defaultLimit = 3

// defaultIdle is after how long a server drops an idle session where nobody
// says another time: what the cloud does (exchange.md 3.3).
const defaultIdle = 15 * time.Minute

// idleTimeout is the server's, as far as it is known before it has answered.
func (t Target) idleTimeout() time.Duration {
	if t.Endpoint.IdleTimeout > 0 {
		return t.Endpoint.IdleTimeout
	}
	return defaultIdle
}

// url gives the address for the tenant.
func (t Target) url() (string, error) {
	u, err := t.Endpoint.For(t.Tenant)
	if err != nil {
		return "", fmt.Errorf("target %s: %w", t.Endpoint.Name, err)
	}
	return u, nil
}

// Holder is whose session it is: the account at the endpoint's server. Limit,
// ledger and vault go by it. It is nobody while the target names no account or
// no server; Open refuses such a target.
func (t Target) Holder() holder.Holder {
	h, err := holder.Of(t.Account, t.Endpoint.URL)
	if err != nil {
		return holder.Holder{}
	}
	return h
}

func (t Target) limit() int {
	switch {
	case t.Limit > 0:
		return t.Limit
	case t.Endpoint.SessionLimit > 0:
		return t.Endpoint.SessionLimit
	}
	return defaultLimit
}

func (t Target) auth() wsman.Auth {
	switch {
	case t.Auth != "":
		return wsman.Auth(strings.ToLower(t.Auth))
	case len(t.Endpoint.Auth) > 0:
		return wsman.Auth(t.Endpoint.Auth[0])
	}
	return wsman.Basic
}

// place tells targets apart: one session each.
type place struct {
	holder                     holder.Holder
	url, configuration, tenant string
}

func (t Target) place() place {
	return place{
		holder: t.Holder(), url: strings.ToLower(t.Endpoint.URL),
		configuration: strings.ToLower(t.Endpoint.Configuration), tenant: strings.ToLower(t.Tenant.Domain),
	}
}

// allowRedirect is the policy that wsman asks.
func (t Target) allowRedirect(ctx context.Context, from, to *url.URL) error {
	if t.AllowRedirect != nil {
		return t.AllowRedirect(ctx, from, to)
	}
	return t.Endpoint.AllowRedirect(from, to)
}

// config is what the transport needs to know of the target. who is asked for the
// credential now.
func (t Target) config(ctx context.Context, address string, who SignIn) (wsman.Config, error) {
	secret, err := who.Password(ctx, t.Holder())
	if err != nil && !(t.auth() == wsman.Kerberos && errors.Is(err, credential.ErrNotFound)) { // a ticket may do
		return wsman.Config{}, err
	}
	return wsman.Config{
		URL:              address,
		Configuration:    t.Endpoint.Configuration,
		Auth:             t.auth(),
		Credential:       credential.Credential{User: t.Account, Secret: secret},
		RootCAs:          t.RootCAs,
		Proxy:            t.Endpoint.Proxy,
		AllowRedirect:    t.allowRedirect,
		Kerberos:         t.Kerberos,
		OperationTimeout: operationTimeout,
		Trace:            t.Trace,
	}, nil
}

// operationTimeout is how long a Receive may wait for news: long, so that an
// idle session sends less than one request a minute, and below the 180 s after
// which proxies and Exchange's own front end drop a silent connection.
const operationTimeout = 150 * time.Second
