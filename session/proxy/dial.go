package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	xproxy "golang.org/x/net/proxy"

	"postroom/session/credential"
)

// dialTimeout is for each of: reaching the host, and the proxy's tunnel.
const dialTimeout = 30 * time.Second

// A Mechanism speaks one sign-in to a proxy, token by token (RFC 4559, and NTLM
// likewise). Step is called with nil first, then with what the proxy said.
type Mechanism interface {
	Step(ctx context.Context, token []byte) ([]byte, error)
}

// Dialer connects to servers, through a proxy where there is one. Every
// connection through it is a tunnel, also to servers of plain http: NTLM and
// Kerberos sign in a connection, which a proxy that forwards requests shares
// with others. The zero Dialer asks the system for its proxy.
type Dialer struct {
	// Setting is the connection's own.
	Setting Setting
	// Scheme is "http" or "https", that of the servers' addresses; "" is https.
	Scheme string
	// Password gives the password of a user at a proxy (host:port) whose address
	// has a name only; nil or a zero Secret means that none is known.
	Password func(ctx context.Context, user, proxy string) (credential.Secret, error)
	// Kerberos starts a sign-in by a ticket for the proxy's host; nil offers none.
	Kerberos func(host string) (Mechanism, error)
	// RootCAs may sign the certificate of a proxy that is reached over TLS;
	// nil means the system's.
	RootCAs *x509.CertPool
}

// Error is a proxy that opened no tunnel. Nothing reached the server.
type Error struct {
	// Proxy is the proxy's host:port.
	Proxy string
	// Status is the proxy's HTTP status; 0 when it gave none.
	Status int
	// Schemes are the sign-ins that it offers with 407, in its order; User is the
	// name for it, "" where none is known.
	Schemes []string
	User    string
	Err     error
}

// Error names the proxy and what it answered.
func (e *Error) Error() string {
	s := "proxy " + e.Proxy
	if e.Status != 0 {
		s += fmt.Sprintf(": HTTP %d %s", e.Status, http.StatusText(e.Status))
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the failure of the network, or of the sign-in.
func (e *Error) Unwrap() error { return e.Err }

// Find names the proxy on the way to a server; nil means that there is none.
func (d *Dialer) Find(ctx context.Context, server *url.URL) (*url.URL, error) {
	return d.Setting.Resolver()(ctx, server)
}

// DialContext connects to host:port, for http.Transport. Errors are
// *SettingError, *Error, and those of package net for a direct connection.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	scheme := d.Scheme
	if scheme == "" {
		scheme = "https"
	}
	through, err := d.Find(ctx, &url.URL{Scheme: scheme, Host: address, Path: "/"})
	if err != nil {
		return nil, err
	}
	direct := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	if through == nil {
		return direct.DialContext(ctx, network, address)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*dialTimeout)
	defer cancel()
	user, err := d.user(ctx, through)
	if err != nil {
		return nil, &Error{Proxy: through.Host, Err: err}
	}
	if through.Scheme == "socks5" {
		return socks(ctx, through, user, direct, address)
	}
	t := &tunnel{dialer: d, direct: direct, proxy: through, address: address, user: user}
	return t.open(ctx)
}

// Refused says that the proxy took no password of the user that it was asked with.
func (e *Error) Refused() bool { return e.Status == http.StatusProxyAuthRequired && e.User != "" }

// named gives the user that the setting's proxy on the way to a server names without a
// password, and the proxy as host:port; "" where there is none.
func (d *Dialer) named(ctx context.Context, server *url.URL) (user, at string, err error) {
	through, err := d.Find(ctx, server)
	if err != nil || through == nil {
		return "", "", err
	}
	if _, has := through.User.Password(); has {
		return "", "", nil
	}
	return through.User.Username(), through.Host, nil
}

// user gives name and password for the proxy; nil when no name is known.
func (d *Dialer) user(ctx context.Context, proxy *url.URL) (*credential.Credential, error) {
	name := proxy.User.Username()
	if name == "" {
		return nil, nil //nolint:nilnil // a proxy that asks for no sign-in needs none
	}
	c := &credential.Credential{User: name}
	if word, ok := proxy.User.Password(); ok { // of the environment
		c.Secret = credential.NewSecret(word)
		return c, nil
	}
	if d.Password == nil {
		return c, nil
	}
	var err error
	if c.Secret, err = d.Password(ctx, name, proxy.Host); err != nil {
		return nil, fmt.Errorf("password of %s: %w", name, err)
	}
	return c, nil
}

// socks leaves the protocol (RFC 1928, 1929) to golang.org/x/net.
func socks(ctx context.Context, through *url.URL, user *credential.Credential, direct *net.Dialer, address string) (net.Conn, error) {
	var auth *xproxy.Auth
	if user != nil {
		auth = &xproxy.Auth{User: user.User, Password: user.Secret.Reveal()}
	}
	d, err := xproxy.SOCKS5("tcp", through.Host, auth, direct)
	if err != nil {
		return nil, &Error{Proxy: through.Host, Err: err}
	}
	within, ok := d.(xproxy.ContextDialer)
	if !ok {
		return nil, &Error{Proxy: through.Host, Err: errors.ErrUnsupported}
	}
	conn, err := within.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, &Error{Proxy: through.Host, User: through.User.Username(), Err: err}
	}
	return conn, nil
}

// connect reaches the proxy itself, over TLS where its address says so.
func (t *tunnel) connect(ctx context.Context) (net.Conn, error) {
	conn, err := t.direct.DialContext(ctx, "tcp", t.proxy.Host)
	if err != nil || t.proxy.Scheme != "https" {
		return conn, err
	}
	secured := tls.Client(conn, &tls.Config{ServerName: t.proxy.Hostname(), RootCAs: t.dialer.RootCAs, MinVersion: tls.VersionTLS12})
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // the first error counts
		return nil, err
	}
	return secured, nil
}

// buffered is a tunnel of which the first bytes were read with the answer.
type buffered struct {
	net.Conn
	r *bufio.Reader
}

func (b *buffered) Read(p []byte) (int, error) { return b.r.Read(p) }
