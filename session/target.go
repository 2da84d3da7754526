package session

import (
	"cmp"
	"context"
	"crypto/x509"
	"net/url"
	"strings"
	"time"

	"postroom/session/endpoint"
	"postroom/session/holder"
)

// Target says where a session is to be opened, for whom and as whom. It carries
// no secret: whoever dials or deletes asks for the holder's credential at that
// moment.
type Target struct {
	Endpoint endpoint.Endpoint
	// Tenant is the customer; the zero Tenant is the account's own organization.
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
	Kerberos  KerberosConfig
	// Trace, if set, is told of every request and reply, without secrets.
	Trace Tracer
}

// defaultLimit is the number of sessions where nobody names another: what the
// cloud allows.
const defaultLimit = 3

// defaultIdle is after how long a server drops an idle session where nobody
// says another time: what the cloud does.
const defaultIdle = 15 * time.Minute

// idleTimeout is the server's, as far as it is known before it has answered.
func (t Target) idleTimeout() time.Duration {
	if t.Endpoint.IdleTimeout > 0 {
		return t.Endpoint.IdleTimeout
	}
	return defaultIdle
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

// Method is how the account signs in: Auth, else the endpoint's first, else
// "basic".
func (t Target) Method() string {
	switch {
	case t.Auth != "":
		return strings.ToLower(t.Auth)
	case len(t.Endpoint.Auth) > 0:
		return t.Endpoint.Auth[0]
	}
	return endpoint.AuthBasic
}

// place tells targets apart: one session each. Addresses are compared as they are written,
// but for their letters' case: one in other words may be another way in, and costs a
// session of its own at most, which the holder's limit counts.
type place struct {
	door                       endpoint.Door
	holder                     holder.Holder
	url, configuration, tenant string
}

func (t Target) place() place {
	return place{
		door: cmp.Or(t.Endpoint.Door, endpoint.Remoting), holder: t.Holder(), url: strings.ToLower(t.Endpoint.URL),
		configuration: strings.ToLower(t.Endpoint.Configuration), tenant: strings.ToLower(cmp.Or(t.Tenant.Domain, t.Tenant.ID)),
	}
}

// Of says that the session is the one of a target: what Open would give for it.
func (i Info) Of(t Target) bool { return i.place() == t.place() }

// SamePlace says that two sessions are for the same holder, endpoint and tenant.
func (i Info) SamePlace(other Info) bool { return i.place() == other.place() }

func (i Info) place() place {
	at := Target{Endpoint: i.Endpoint, Tenant: i.Tenant}.place()
	at.holder = i.Holder
	return at
}

// MayRedirect says whether the account's credential may go from one host to
// another; an error refuses it.
func (t Target) MayRedirect(ctx context.Context, from, to *url.URL) error {
	if t.AllowRedirect != nil {
		return t.AllowRedirect(ctx, from, to)
	}
	return t.Endpoint.AllowRedirect(from, to)
}

// KerberosConfig says where tickets come from. The zero value uses the
// krb5.conf of the machine and the account's password.
type KerberosConfig struct {
	// Realm of the account; "" takes it from the account (user@REALM) or from
	// the default realm of krb5.conf.
	Realm string
	// KDC is a host, or host:port, that serves the realm; with it no krb5.conf
	// is read. It is asked over TCP.
	KDC string
	// ConfigPath is a krb5.conf; "" means KRB5_CONFIG, then /etc/krb5.conf.
	ConfigPath string
	// SPN is the service's name; "" means HTTP/<host of the URL>.
	SPN string
	// CCachePath is a credential cache to take the ticket from instead of a
	// password; Keytab is a keytab that has the account's key.
	CCachePath, KeytabPath string
	// Scheme is the word in the Authorization header: "Kerberos" or
	// "Negotiate". "" follows what the server offers, Kerberos first.
	Scheme string
}
