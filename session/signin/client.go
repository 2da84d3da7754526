package signin

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"postroom/session"
	"postroom/session/bounded"
	"postroom/session/endpoint"
	"postroom/session/proxy"
)

// way is how an authority is asked: two endpoints may lead to it through
// different proxies, and share what is kept of its sign-ins.
type way struct {
	origin
	proxy proxy.Setting
	own   endpoint.Authority // signs certificates beside roots
	roots *x509.CertPool
}

func wayOf(to session.Target, o origin) way {
	return way{origin: o, proxy: to.Endpoint.Proxy, own: to.Endpoint.Authority, roots: to.RootCAs}
}

// client is MSAL's for one way.
type client struct {
	public public.Client
	http   *authorityClient
}

// sharedAuthority stands for the tenant of whoever signs in.
const sharedAuthority = "/organizations"

// clientOf gives the client of a target, a new one where there is none yet.
func (t *Tokens) clientOf(to session.Target, m endpoint.Modern) (*client, error) {
	return t.client(wayOf(to, originOf(m)))
}

func (t *Tokens) client(w way) (*client, error) {
	kept := t.cacheOf(w.origin)
	t.mu.Lock()
	defer t.mu.Unlock()
	if c := t.clients[w]; c != nil {
		return c, nil
	}
	asks, err := t.newAuthorityClient(w)
	if err != nil {
		return nil, err
	}
	c := &client{http: asks}
	c.public, err = public.New(w.client,
		public.WithAuthority(w.authority+sharedAuthority), public.WithHTTPClient(c.http), public.WithCache(&accessor{cache: kept}),
		public.WithClientCapabilities(capabilities()), public.WithInstanceDiscovery(c.http.known))
	if err != nil {
		return nil, fmt.Errorf("sign in at %s: %w", w.authority, err)
	}
	t.clients[w] = c
	return c, nil
}

// capabilities say that we understand claims challenges.
func capabilities() []string { return []string{"CP1"} }

// authorityClient sends MSAL's requests: under our name, to the authority's hosts
// and to no other, and not again before a busy authority wants it.
type authorityClient struct {
	client  *http.Client
	host    string
	known   bool // the host is Microsoft's
	program string
	version string
}

// HTTP's bounds.
const (
	maxAnswer   = 4 << 20          // the largest answer that is read, in bytes
	longestWait = 10 * time.Second // the longest Retry-After that is waited out
	mostRetries = 2
)

func (t *Tokens) newAuthorityClient(w way) (*authorityClient, error) {
	roots, err := endpoint.Endpoint{Authority: w.own}.Roots(w.roots)
	if err != nil {
		return nil, fmt.Errorf("sign in at %s: %w", w.authority, err)
	}
	host := strings.TrimPrefix(w.authority, "https://")
	way := &proxy.Dialer{Setting: w.proxy, RootCAs: roots, Password: t.o.Proxies.Password}
	return &authorityClient{
		client: &http.Client{Transport: proxy.NewTransportBy(way), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		host:   host, known: slices.Contains(microsoftHosts(), host), program: t.o.Program, version: t.o.Version,
	}, nil
}

// askAtProxy gets the password of a user whom the proxy on the way names, before
// anything is sent.
func (t *Tokens) askAtProxy(ctx context.Context, w way) error {
	server, err := url.Parse(w.authority)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return t.o.Proxies.Prepare(ctx, w.proxy, server)
}

// heedProxy lets the passwords hear that a proxy did not take one.
func (t *Tokens) heedProxy(ctx context.Context, err error) error {
	_, err = t.o.Proxies.Heed(ctx, err)
	return err
}

// microsoftHosts are where Microsoft's clouds sign people in; what instance
// discovery names for one may be another of them. They are those of the instance
// discovery in Microsoft's MSAL (apps/internal/oauth/ops/authority).
func microsoftHosts() []string {
	return []string{
		"login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net",
		"login.microsoftonline.us", "login-us.microsoftonline.com", "login.usgovcloudapi.net",
		"login.chinacloudapi.cn", "login.partner.microsoftonline.cn",
	}
}

// ForeignHostError is an authority whose documents lead to a host that is not its
// own. Nothing was sent there.
type ForeignHostError struct{ Authority, Host string }

// Error names both.
func (e *ForeignHostError) Error() string {
	return fmt.Sprintf("sign in: %s leads to the foreign host %q", e.Authority, e.Host)
}

// BadAuthority gives the authority.
func (e *ForeignHostError) BadAuthority() string { return e.Authority }

// Do sends one request.
func (a *authorityClient) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" || r.URL.Host != a.host && !(a.known && slices.Contains(microsoftHosts(), r.URL.Host)) {
		return nil, &ForeignHostError{Authority: a.host, Host: r.URL.Host}
	}
	r.Header.Set("User-Agent", a.program+"/"+a.version)
	r.Header.Set("X-App-Name", a.program)
	r.Header.Set("X-App-Ver", a.version)
	for try := 0; ; try++ {
		//lint:ignore gosec the host is the authority's own, as was checked above
		resp, err := a.client.Do(r)
		if err != nil {
			return nil, withoutQuery(err)
		}
		wait, again := retryAfter(resp)
		if !again || try == mostRetries || !rewind(r) {
			return kept(resp)
		}
		if err := resp.Body.Close(); err != nil {
			return nil, fmt.Errorf("read the answer of %s: %w", a.host, err)
		}
		if err := session.Pause(r.Context(), wait); err != nil {
			return nil, err
		}
	}
}

// CloseIdleConnections closes those that nobody uses.
func (a *authorityClient) CloseIdleConnections() { a.client.CloseIdleConnections() }

// refusalBody is where the context of a response's request has the body of a
// refusal: MSAL reads it, and not always so that it can be read again.
type refusalBody struct{}

// kept reads the answer, and keeps a refusal where authorityError finds it.
func kept(resp *http.Response) (*http.Response, error) {
	body, err := bounded.ReadAll(resp.Body, "the sign-in", maxAnswer)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if resp.StatusCode >= http.StatusMultipleChoices && resp.Request != nil {
		resp.Request = resp.Request.WithContext(context.WithValue(resp.Request.Context(), refusalBody{}, body))
	}
	return resp, nil
}

// retryAfter says whether a busy authority wants to be asked again, and when.
func retryAfter(resp *http.Response) (time.Duration, bool) {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		return 0, false
	}
	wait, ok := waitOf(resp.Header)
	return wait, ok && wait <= longestWait
}

// waitOf reads Retry-After: seconds, or a date.
func waitOf(h http.Header) (time.Duration, bool) {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return max(0, time.Until(at)), true
}

// rewind makes the request fit to be sent again.
func rewind(r *http.Request) bool {
	if r.Body == nil {
		return true
	}
	if r.GetBody == nil {
		return false
	}
	body, err := r.GetBody()
	if err != nil {
		return false
	}
	r.Body = body
	return true
}

// withoutQuery takes the query off the address in an error: it may name people.
func withoutQuery(err error) error {
	if failed, ok := err.(*url.Error); ok { //nolint:errorlint // http.Client gives it so
		failed.URL, _, _ = strings.Cut(failed.URL, "?")
	}
	return err
}
