package wsman

import (
	"context"
	"crypto/x509"
	"net/url"
	"time"

	"postroom/session/credential"
	"postroom/session/proxy"
)

// Auth is how a client signs in to the server.
type Auth string

// The kinds of sign-in.
const (
	// Basic sends user and password with each request. It is refused over
	// http, and over https the server's certificate must verify.
	Basic Auth = "basic"
	// NTLM signs in each connection by challenge and response; over http it
	// seals each message.
	NTLM Auth = "ntlm"
	// Kerberos signs in each connection by a ticket; over http it seals each
	// message.
	Kerberos Auth = "kerberos"
)

// Envelope sizes in bytes (MS-WSMV 2.2.1, w:MaxEnvelopeSize).
const (
	// MinEnvelope is what every server takes: 150 KB, the limit of WinRM 2.0.
	MinEnvelope = 153_600
	// MaxEnvelope is the limit of WinRM 3.0 and later: 500 KB.
	MaxEnvelope = 512_000
)

// Config is what a Client needs to know. URL, Configuration and Auth must be
// set, and Credential unless Kerberos takes its identity from a cache or a
// keytab.
type Config struct {
	// URL is where the server listens; path and query are sent as they are.
	URL string
	// Configuration is the session configuration, such as
	// "Microsoft.Exchange". A value with "://" in it is a whole resource URI.
	Configuration string
	Auth          Auth
	Credential    credential.Credential
	// RootCAs are the certificates that may sign the server's; nil means the
	// system's.
	RootCAs *x509.CertPool
	// Proxy is the connection's own setting; "" means the system's.
	Proxy proxy.Setting
	// ProxyPassword gives the password of a user at a proxy (host:port) whose
	// setting has a name; nil means that none is known.
	ProxyPassword func(ctx context.Context, user, proxy string) (credential.Secret, error)
	// AllowRedirect is asked before a redirect is followed; nil allows none
	// but to the same host. An error refuses it.
	AllowRedirect func(ctx context.Context, from, to *url.URL) error
	Kerberos      KerberosConfig
	// Locale is the language of the server's texts; "" means en-US.
	Locale string
	// OperationTimeout is how long the server may take to answer one request;
	// a Receive with nothing to tell lasts this long. 0 means 60 s; less than
	// 1 s is an error.
	OperationTimeout time.Duration
	// Grace is what the client waits beyond OperationTimeout before it calls
	// a request lost. 0 means 30 s.
	Grace time.Duration
	// MaxEnvelope is the largest envelope in bytes once the server has shown
	// that it takes more than MinEnvelope; 0 means MaxEnvelope.
	MaxEnvelope int
	// Trace, if set, is told of every request and reply, without secrets.
	Trace Tracer
}

// KerberosConfig says where tickets come from. The zero value uses the
// krb5.conf of the machine and the password of the credential.
type KerberosConfig struct {
	// Realm of the account; "" takes it from the user name (user@REALM) or
	// from the default realm of krb5.conf.
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
