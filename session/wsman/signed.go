package wsman

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
)

// mechanism is one sign-in of one connection.
type mechanism interface {
	// step takes the server's token, nil at first, and gives ours. An empty
	// one means that there is nothing more to say.
	Step(ctx context.Context, token []byte) ([]byte, error)
	// spoken says that our last token is out; what the server still says
	// proves who it is.
	spoken() bool
	// sealer gives what seals messages once both sides have spoken.
	sealer() (sealer, error)
}

// sealer encrypts and signs messages of one connection, in order.
type sealer interface {
	// seal returns the signature and the sealed text, which together are the
	// second part of the multipart body (MS-WSMV 2.2.9.1.1.2.2).
	seal(plain []byte) (signature, sealed []byte, err error)
	open(signature, sealed []byte) ([]byte, error)
}

var (
	// errOneConnection: the connection that was signed in is gone. Nothing
	// was sent on another one.
	errOneConnection = errors.New("the signed-in connection is gone")
	errNotOffered    = errors.New("the server does not offer this sign-in")
)

// signedDoor signs in by connection: NTLM, and Kerberos. Each request takes
// one connection for itself. Over http each message is sealed.
type signedDoor struct {
	c    *Client
	host *url.URL

	mu     sync.Mutex
	scheme string // "Negotiate", "NTLM" or "Kerberos", once the server was asked
	cert   *x509.Certificate
	idle   []*channel
	closed bool
}

func newSignedDoor(c *Client, u *url.URL) *signedDoor { return &signedDoor{c: c, host: u} }

func (d *signedDoor) seals() bool { return d.host.Scheme == "http" }

func (d *signedDoor) exchange(ctx context.Context, call *call) (*answer, error) {
	if a, err := d.ask(ctx, call); a != nil || err != nil {
		return a, err
	}
	for {
		ch, fresh := d.take()
		a, err := ch.exchange(ctx, call)
		if !fresh && (errors.Is(err, errOneConnection) || err == nil && a.status == http.StatusUnauthorized) {
			// The server has forgotten the sign-in or closed the connection;
			// it has not looked at the message. All others are as old.
			if a != nil {
				a.buf.release()
			}
			ch.close()
			d.dropIdle()
			continue
		}
		if err != nil || a.closing || a.status == http.StatusUnauthorized || a.status/100 == 3 {
			ch.close()
		} else {
			d.give(ch)
		}
		return a, err
	}
}

// take gives a connection to one caller; fresh ones are not signed in yet.
func (d *signedDoor) take() (ch *channel, fresh bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.idle); n > 0 {
		ch = d.idle[n-1]
		d.idle = d.idle[:n-1]
		return ch, false
	}
	return newChannel(d, d.scheme, d.cert), true
}

func (d *signedDoor) give(ch *channel) {
	d.mu.Lock()
	keep := !d.closed && len(d.idle) < 8
	if keep {
		d.idle = append(d.idle, ch)
	}
	d.mu.Unlock()
	if !keep {
		ch.close()
	}
}

func (d *signedDoor) dropIdle() {
	d.mu.Lock()
	idle := d.idle
	d.idle = nil
	d.mu.Unlock()
	for _, ch := range idle {
		ch.close()
	}
}

func (d *signedDoor) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.dropIdle()
}

// ask finds out once which sign-in the server offers, by a request without
// content. An answer that is not 401 is the answer to the caller's request: a
// redirect, a missing page, a server that is down.
func (d *signedDoor) ask(ctx context.Context, call *call) (*answer, error) {
	d.mu.Lock()
	known := d.scheme != ""
	d.mu.Unlock()
	if known {
		return nil, nil //nolint:nilnil // no answer and no error: go on
	}
	tr := d.c.newTransport(d.host.Scheme)
	defer tr.CloseIdleConnections()
	a, err := roundTrip(ctx, tr, call.blank(), nil)
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusUnauthorized && a.status/100 != 2 {
		return a, nil
	}
	defer a.buf.release()
	scheme, err := chooseScheme(d.c.cfg, schemes(a.header), a.status)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.scheme, d.cert = scheme, a.cert
	d.mu.Unlock()
	return nil, nil //nolint:nilnil // as above
}

// chooseScheme picks the word for the Authorization header.
func chooseScheme(cfg Config, offered []string, status int) (string, error) {
	wanted := []string{"Negotiate", "NTLM"}
	if cfg.Auth == Kerberos {
		wanted = []string{"Kerberos", "Negotiate"}
		if cfg.Kerberos.Scheme != "" {
			wanted = []string{cfg.Kerberos.Scheme}
		}
	}
	if status/100 == 2 {
		return wanted[0], nil
	}
	for _, w := range wanted {
		for _, o := range offered {
			if strings.EqualFold(w, o) {
				return w, nil
			}
		}
	}
	return "", &AuthError{HTTP: status, Auth: cfg.Auth, Schemes: offered, Err: errNotOffered}
}

// blank is a request of the same session without content.
func (c *call) blank() *call {
	return &call{op: opSignIn, url: c.url, jar: c.jar, started: c.started, tracing: c.tracing}
}

// channel is one connection with its security context. One request at a time.
type channel struct {
	d       *signedDoor
	scheme  string
	cert    *x509.Certificate
	tr      *http.Transport
	signed  bool
	sealing sealer
}

func newChannel(d *signedDoor, scheme string, cert *x509.Certificate) *channel {
	ch := &channel{d: d, scheme: scheme, cert: cert, tr: d.c.newTransport(d.host.Scheme)}
	ch.tr.MaxConnsPerHost = 1
	dial := ch.tr.DialContext
	var used atomic.Bool
	ch.tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if used.Load() {
			return nil, errOneConnection
		}
		conn, err := dial(ctx, network, address)
		if err == nil {
			used.Store(true)
		}
		return conn, err
	}
	return ch
}

func (ch *channel) close() { ch.tr.CloseIdleConnections() }

func (ch *channel) exchange(ctx context.Context, call *call) (*answer, error) {
	switch {
	case ch.d.seals():
		if !ch.signed {
			if a, err := ch.signIn(ctx, call, call.blank()); err != nil || a.status/100 != 2 {
				return a, err
			} else { //nolint:revive // the answer lives in this branch only
				a.buf.release()
			}
		}
		return ch.sealedTrip(ctx, call)
	case !ch.signed || ch.d.c.cfg.Auth == Kerberos:
		// IIS forgets Kerberos after each request, unless it is told not to.
		return ch.signIn(ctx, call, call)
	}
	return roundTrip(ctx, ch.tr, call, nil)
}

// signIn runs the legs of a sign-in. The last one carries the content of last,
// which over http has none: there is no sealing before the sign-in is done.
func (ch *channel) signIn(ctx context.Context, call, last *call) (*answer, error) {
	m, err := ch.mechanism()
	if err != nil {
		return nil, err
	}
	var token []byte
	for leg := 0; leg < 5; leg++ {
		out, err := m.Step(ctx, token)
		if err != nil {
			return nil, ch.refused(err)
		}
		next := call.blank()
		if m.spoken() {
			next = last
		}
		a, err := roundTrip(ctx, ch.tr, next,
			http.Header{"Authorization": {ch.scheme + " " + base64.StdEncoding.EncodeToString(out)}})
		if err != nil {
			return nil, err
		}
		if a.cert != nil {
			ch.cert = a.cert
			bindTo(m, a.cert)
		}
		token, err = serverToken(a.header, ch.scheme)
		switch {
		case err != nil:
			a.buf.release()
			return nil, ch.refused(err)
		case a.status != http.StatusUnauthorized && m.spoken():
			return ch.finish(ctx, m, token, a)
		case m.spoken() && token != nil:
			if _, err := m.Step(ctx, token); err != nil { // it says why
				a.buf.release()
				return nil, ch.refused(err)
			}
			return a, nil
		case a.status != http.StatusUnauthorized, m.spoken(), token == nil:
			return a, nil // refused, or something else altogether
		}
		a.buf.release()
	}
	return nil, ch.refused(errors.New("the server does not come to an end"))
}

// finish takes the server's last token, if there is one, and the keys.
func (ch *channel) finish(ctx context.Context, m mechanism, token []byte, a *answer) (*answer, error) {
	fail := func(err error) (*answer, error) {
		a.buf.release()
		return nil, ch.refused(err)
	}
	if token != nil {
		if _, err := m.Step(ctx, token); err != nil {
			return fail(err)
		}
	}
	if ch.d.seals() && a.status/100 == 2 {
		s, err := m.sealer()
		if err != nil {
			return fail(err)
		}
		ch.sealing = s
	}
	ch.signed = true
	return a, nil
}

func (ch *channel) refused(err error) error {
	var typed interface{ wsman() }
	if errors.As(err, &typed) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &AuthError{Auth: ch.d.c.cfg.Auth, Kerberos: kerberosError(err), Err: err}
}

func (ch *channel) mechanism() (mechanism, error) {
	if ch.d.c.cfg.Auth == Kerberos {
		return newKerberosMechanism(ch.d.c.tickets, ch.d.c.cfg.Kerberos, ch.d.host, ch.scheme, ch.cert), nil
	}
	return newNTLMMechanism(ch.d.c.cfg.Credential, ch.cert)
}

// bindTo tells a mechanism the certificate that its connection runs under.
func bindTo(m mechanism, cert *x509.Certificate) {
	if b, ok := m.(interface{ bind(*x509.Certificate) }); ok {
		b.bind(cert)
	}
}

// serverToken reads the token after the scheme's word; nil when there is none.
func serverToken(h http.Header, scheme string) ([]byte, error) {
	for _, v := range h.Values("WWW-Authenticate") {
		word, text, found := strings.Cut(strings.TrimSpace(v), " ")
		if !found || !strings.EqualFold(word, scheme) {
			continue
		}
		token, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("the server's token: %w", err)
		}
		if len(token) > 0 {
			return token, nil
		}
	}
	return nil, nil
}
