package proxy

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"postroom/session/credential"
)

const (
	maxHead = 64 << 10 // of a proxy's answer
	maxBody = 1 << 20  // that is read past, so that the connection goes on
	maxLegs = 6        // of a sign-in; NTLM has three
)

var (
	errSignIn  = errors.New("the proxy wants a sign-in that is not possible here")
	errRefused = errors.New("the proxy refused the sign-in")
	errLegs    = errors.New("the sign-in does not end")
)

// tunnel is one attempt to be let through (RFC 9110 9.3.6).
type tunnel struct {
	dialer  *Dialer
	direct  *net.Dialer
	proxy   *url.URL
	address string
	user    *credential.Credential

	mu          sync.Mutex // of the two below, for interrupt
	conn        net.Conn
	interrupted bool
	limit       *io.LimitedReader // of what is read from conn
	r           *bufio.Reader
}

// open asks for the tunnel, and signs in when the proxy says how.
func (t *tunnel) open(ctx context.Context) (net.Conn, error) {
	stop := context.AfterFunc(ctx, t.interrupt)
	defer stop()
	sign := &signIn{}
	for range maxLegs {
		if err := t.reach(ctx); err != nil {
			return nil, t.failed(ctx, &Error{Err: err})
		}
		resp, err := t.ask(sign.header)
		switch {
		case err != nil:
			return nil, t.failed(ctx, &Error{Err: err})
		case resp.StatusCode/100 == 2 && !stop():
			return nil, t.failed(ctx, &Error{Err: context.Cause(ctx)})
		case resp.StatusCode/100 == 2:
			t.limit.N = math.MaxInt64
			return &buffered{Conn: t.conn, r: t.r}, nil
		case resp.StatusCode != http.StatusProxyAuthRequired:
			return nil, t.failed(ctx, &Error{Status: resp.StatusCode})
		}
		offered := offers(resp.Header)
		if err = sign.next(ctx, t, offered); err == nil {
			err = t.goOn(resp)
		}
		if err != nil {
			return nil, t.failed(ctx, &Error{Status: resp.StatusCode, Schemes: names(offered), Err: err})
		}
	}
	return nil, t.failed(ctx, &Error{Status: http.StatusProxyAuthRequired, Err: errLegs})
}

// interrupt unblocks what waits for the proxy.
func (t *tunnel) interrupt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.interrupted = true
	if t.conn != nil {
		_ = t.conn.SetDeadline(time.Unix(1, 0)) // of a connection that is given up
	}
}

// reach connects to the proxy unless the connection of the leg before goes on.
func (t *tunnel) reach(ctx context.Context) error {
	if t.conn != nil {
		return nil
	}
	conn, err := t.connect(ctx)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conn = conn
	if t.interrupted {
		return context.Cause(ctx)
	}
	t.limit = &io.LimitedReader{R: conn}
	t.r = bufio.NewReader(t.limit)
	return nil
}

// signIn is how far a sign-in to the proxy has come.
type signIn struct {
	scheme    string
	mechanism Mechanism
	header    string // of the next leg
}

// next makes the answer to what the proxy offers, or says that it refused.
func (s *signIn) next(ctx context.Context, t *tunnel, offered []offer) (err error) {
	var token []byte
	if s.mechanism == nil {
		if s.scheme, s.mechanism, err = t.choose(offered); err != nil {
			return err
		}
	} else if token = tokenOf(offered, s.scheme); token == nil {
		return errRefused
	}
	out, err := s.mechanism.Step(ctx, token)
	if err != nil {
		return err
	}
	s.header = s.scheme + " " + base64.StdEncoding.EncodeToString(out)
	return nil
}

// ask sends one CONNECT and reads the head of its answer.
func (t *tunnel) ask(authorization string) (*http.Response, error) {
	req := &http.Request{
		Method: http.MethodConnect, URL: &url.URL{Opaque: t.address}, Host: t.address,
		Header: http.Header{"User-Agent": {"Postroom"}},
	}
	if authorization != "" {
		req.Header.Set("Proxy-Authorization", authorization)
	}
	if err := req.Write(t.conn); err != nil {
		return nil, err
	}
	t.limit.N = maxHead
	return http.ReadResponse(t.r, req)
}

// goOn makes the connection ready for the next leg. Where the proxy ends it, a
// new one is made: it may do so before the sign-in, and in the midst of one the
// next leg is refused.
func (t *tunnel) goOn(resp *http.Response) error {
	t.limit.N = maxBody
	n, err := io.CopyN(io.Discard, resp.Body, maxBody)
	if err == nil && n == maxBody || err != nil && !errors.Is(err, io.EOF) || resp.Close {
		t.mu.Lock()
		defer t.mu.Unlock()
		err = t.conn.Close()
		t.conn = nil
		return err
	}
	return resp.Body.Close()
}

// failed closes the connection and completes the error that says why there is
// no tunnel.
func (t *tunnel) failed(ctx context.Context, e *Error) error {
	if t.conn != nil {
		_ = t.conn.Close() // there is an error already
	}
	if ctx.Err() != nil {
		e.Err = context.Cause(ctx)
	}
	e.Proxy, e.User = t.proxy.Host, t.proxy.User.Username()
	return e
}

func names(offered []offer) (schemes []string) {
	for _, o := range offered {
		schemes = append(schemes, o.scheme)
	}
	return schemes
}

// choose takes the strongest sign-in that is offered and possible: a ticket,
// NTLM, Basic.
func (t *tunnel) choose(offered []offer) (string, Mechanism, error) {
	has := func(scheme string) bool {
		return slices.ContainsFunc(offered, func(o offer) bool { return strings.EqualFold(o.scheme, scheme) })
	}
	if has("Negotiate") && t.dialer.Kerberos != nil {
		if m, err := t.dialer.Kerberos(t.proxy.Hostname()); err == nil || t.user == nil {
			return "Negotiate", m, err
		}
	}
	if t.user == nil || t.user.Secret.IsZero() {
		return "", nil, errSignIn
	}
	switch {
	case has("NTLM"):
		return "NTLM", &ntlm{user: t.user}, nil
	case has("Negotiate"): // Windows takes bare NTLM tokens there
		return "Negotiate", &ntlm{user: t.user}, nil
	case has("Basic"):
		return "Basic", basic{t.user}, nil
	}
	return "", nil, errSignIn
}

// offer is one way to sign in that a proxy names, with its token if it has one.
type offer struct {
	scheme string
	token  string
}

// offers reads Proxy-Authenticate: one header for each scheme, as proxies
// write it, or several in one, of which those with parameters are read by name.
func offers(h http.Header) (list []offer) {
	for _, v := range h.Values("Proxy-Authenticate") {
		for part := range strings.SplitSeq(v, ",") {
			scheme, rest, _ := strings.Cut(strings.TrimSpace(part), " ")
			if scheme == "" || strings.ContainsAny(scheme, `="`) {
				continue // a parameter of the scheme before
			}
			list = append(list, offer{scheme, strings.TrimSpace(rest)})
		}
	}
	return list
}

// tokenOf is what the proxy said for the scheme; nil when it begins anew.
func tokenOf(offered []offer, scheme string) []byte {
	for _, o := range offered {
		if !strings.EqualFold(o.scheme, scheme) || o.token == "" {
			continue
		}
		if token, err := base64.StdEncoding.DecodeString(o.token); err == nil && len(token) > 0 {
			return token
		}
	}
	return nil
}
