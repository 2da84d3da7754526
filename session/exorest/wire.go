package exorest

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"postroom/session"
	"postroom/session/bounded"
	"postroom/session/credential"
	"postroom/session/endpoint"
)

// request is one request, which may be sent several times where that changes
// nothing.
type request struct {
	op       string // for people: the cmdlet, or the resource
	method   string
	path     string // up to the version; "" is that of the endpoint
	resource string
	query    string
	link     *url.URL // goes on with a list instead
	header   http.Header
	body     []byte
	shown    []byte // the body as it may be traced
	timeout  time.Duration
	id       string // the same for all tries
	reads    bool   // may be sent again
	given    bool   // rows of it were handed on: it may not be sent again
	most     int64  // bytes of the answer; 0 is Options.MostAnswer
	tell     func(session.Message)
}

// reply is an answer of success.
type reply struct {
	Origin
	header http.Header
	body   io.Reader
	secret credential.Secret // the token, which nothing that is shown may hold
}

// clean takes the token out of a text, should the answer send it back.
func (r *reply) clean(text string) string {
	if token := r.secret.Reveal(); token != "" {
		return strings.ReplaceAll(text, token, hidden)
	}
	return text
}

// mostAnswer is how long an answer may be: a page has at most a thousand rows, of some
// 15 KB each.
const mostAnswer = 512 << 20

const (
	// tries is how often a read is sent again.
	tries = 5
	// throttledTries is how often a read waits for the service's own time.
	throttledTries = 12
)

// ask sends a request and lets read take the answer. What reads is sent again
// after what passes, as long as nothing of the answer was handed on.
func (c *conn) ask(ctx context.Context, q *request, read func(*reply) error) error {
	pause := c.door.options.Pause
	waits := 0
	for try := 0; ; {
		err := c.once(ctx, q, read)
		var slow *ThrottledError
		switch {
		case err == nil || ctx.Err() != nil || !q.reads || q.given:
			return err
		case errors.As(err, &slow):
			if waits++; waits > throttledTries {
				return err
			}
			continue // the pace waits
		case try == tries || !passes(err) || !c.answers(err):
			return err
		}
		try++
		q.say(session.Doing{Again: pause, Try: try, Tries: tries})
		if session.Pause(ctx, pause) != nil {
			return err
		}
		pause *= 2
	}
}

// answers says that whoever is asked may well answer a moment later. A service that could
// not be reached was reached before, and who answers with a page of success that is none of
// the service's has the service behind it: else the name, the way, the certificate or the
// network is wrong, and asking again would only let the person wait for the sentence that
// says so.
func (c *conn) answers(err error) bool {
	network, is := errors.AsType[*NetError](err)
	if !is {
		return c.served.Load() || !isForeign(err)
	}
	if network.Sent {
		return true
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return c.answered.Load() && !untrusted
}

// isForeign says that a whole answer of success was not the service's: a page to sign in to
// a guest network, or a proxy's.
func isForeign(err error) bool {
	_, broken := errors.AsType[*JSONError](err)
	page, is := errors.AsType[*HTTPError](err)
	return broken || is && page.Status/100 == 2
}

// once sends a request, in its tenant's turn.
func (c *conn) once(ctx context.Context, q *request, read func(*reply) error) error {
	err := c.prepare(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", q.op, err)
	}
	err = c.pace.take(ctx, c.target.Runspaces, func(until time.Time) {
		c.stand(func(s *session.Standing) { s.WaitUntil = until })
		q.say(session.Doing{Wait: max(1, time.Until(until))})
	})
	if err != nil {
		return err
	}
	defer c.pace.give()
	ctx, cancel := context.WithTimeoutCause(ctx, q.timeout, errTimeout)
	defer cancel()
	err = c.signed(ctx, q, read)
	if slow, ok := errors.AsType[*ThrottledError](err); ok {
		c.pace.throttled(slow.Until)
	}
	return err
}

var errTimeout = errors.New("no answer in the time that the service takes at most")

// say tells of progress.
func (q *request) say(doing session.Doing) {
	if q.tell != nil {
		q.tell(session.Message{Kind: session.MessageProgress, Time: time.Now(), Progress: session.Progress{
			ID: progressID, Parent: -1, Activity: q.op, Doing: doing, Percent: -1, Remaining: -1,
		}})
	}
}

// progressID names a run's own activity.
const progressID = 0x7265

// signed sends a request with a token of the tenant. A token that is refused is
// asked for anew once, with the claims that the service wants: the service ran
// nothing.
func (c *conn) signed(ctx context.Context, q *request, read func(*reply) error) error {
	claims, fresh := "", false
	for {
		token, err := c.token(ctx, claims, fresh)
		if err != nil {
			return err
		}
		err = c.routed(ctx, q, token, read)
		refused, is := errors.AsType[*refusedToken](err)
		switch {
		case !is:
			return err
		case fresh: // the new one as well
			return refused.RefusedError
		}
		claims, fresh = refused.claims, true
	}
}

// refusedToken is a token that the service did not take, and the claims that it
// wants; "" where it wants none.
type refusedToken struct {
	*RefusedError
	claims string
}

// Unwrap gives the error that people see.
func (e *refusedToken) Unwrap() error { return e.RefusedError }

// token gives a token of the connection's tenant, and of no other.
func (c *conn) token(ctx context.Context, claims string, fresh bool) (session.Token, error) {
	t, err := c.door.options.Tokens.Token(ctx, c.target, session.TokenRequest{Tenant: c.at.tenant, Scope: c.at.scope, Claims: claims, Fresh: fresh})
	if err != nil {
		if needs, ok := errors.AsType[*session.NeedsSignInError](err); ok {
			c.stand(func(s *session.Standing) { s.NeedsSignIn = needs })
		}
		return session.Token{}, c.target.OfTenant(err)
	}
	chosen := strings.ToLower(c.target.Tenant.ID)
	if got := strings.ToLower(t.Tenant); got != c.at.tenant || chosen != "" && got != chosen {
		return session.Token{}, c.target.OfTenant(&session.WrongTenantError{Chosen: c.at.tenant, Got: t.Tenant})
	}
	c.mu.Lock()
	known := c.stands.TenantID != "" && c.stands.TokenUntil.Equal(t.Expires) && c.stands.NeedsSignIn == nil
	c.account, c.home = t.Account, t.Home
	c.mu.Unlock()
	if !known {
		c.stand(func(s *session.Standing) { s.TenantID, s.TokenUntil, s.NeedsSignIn = c.at.tenant, t.Expires, nil })
	}
	return t, nil
}

// routed sends a request to the region that answers for the tenant.
func (c *conn) routed(ctx context.Context, q *request, token session.Token, read func(*reply) error) error {
	for range mostRedirects {
		to, err := c.address(q)
		if err != nil {
			return err
		}
		next, err := c.exchange(ctx, q, to, token, read)
		if err != nil || next == "" {
			return err
		}
		host, err := c.region(ctx, to, next)
		if err != nil {
			return &RedirectError{Op: q.op, URL: to.Redacted(), To: hostOf(next), Err: err}
		}
		c.mu.Lock()
		c.host = host
		c.mu.Unlock()
		if err := c.news(); err != nil {
			return err
		}
	}
	return &RedirectError{Op: q.op, URL: c.at.base.Redacted(), Err: ErrTooManyRedirects}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// address is where a request goes. A link of the service leads to the tenant's
// own path at this service, or nowhere.
func (c *conn) address(q *request) (*url.URL, error) {
	c.mu.Lock()
	host := c.host
	c.mu.Unlock()
	if q.link == nil {
		path := q.path
		if path == "" {
			path = c.at.base.Path
		}
		return c.at.at(host, path, q.resource, q.query), nil
	}
	return c.linked(host, q)
}

// linked checks a link: its tenant, and its host, which may be another region.
func (c *conn) linked(host string, q *request) (*url.URL, error) {
	refuse := func(err error) (*url.URL, error) {
		return nil, &RedirectError{Op: q.op, URL: c.at.base.Redacted(), To: q.link.Host, Err: err}
	}
	if q.link.Scheme != "https" || q.link.User != nil {
		return refuse(errPlain)
	}
	rest, ours := c.at.behindBase(q.link.Path)
	named, resource, _ := strings.Cut(strings.ToLower(rest), "/")
	if !ours || resource == "" {
		return refuse(errForeign)
	}
	if guid.MatchString(named) && named != c.at.tenant {
		return nil, c.target.OfTenant(&session.WrongTenantError{Chosen: c.at.tenant, Got: named})
	}
	base := strings.ToLower(c.at.base.Host)
	if to := strings.ToLower(q.link.Host); to != strings.ToLower(host) && to != base && !strings.HasSuffix(to, "."+serviceOf(base)) {
		return refuse(errForeign)
	}
	return q.link, nil
}

// exchange sends a request to an address; next is where a redirect leads.
func (c *conn) exchange(ctx context.Context, q *request, to *url.URL, token session.Token, read func(*reply) error) (next string, err error) {
	origin := c.origin(q.op, to)
	var sent atomic.Bool
	watched := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	r, err := http.NewRequestWithContext(watched, q.method, to.String(), bytes.NewReader(q.body))
	if err != nil {
		return "", fmt.Errorf("%s: %w", q.op, err)
	}
	c.headers(r, q, token)
	t := c.trace(q, to, token.Secret)
	t.request(r.Header, q.shown)
	got, err := c.http.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		err = &NetError{Op: q.op, URL: origin.URL, Sent: sent.Load(), Err: c.heedProxy(ctx, t.clean(err))}
		t.failed(err)
		return "", err
	}
	defer func() { _ = got.Body.Close() }() // all that matters was read
	c.answered.Store(true)
	origin.fill(got)
	rate := c.pace.heard(got.Header)
	c.stand(func(s *session.Standing) { s.Rate, s.WaitUntil = rate, c.pace.waiting() })
	if location := got.Header.Get("Location"); got.StatusCode/100 == 3 {
		t.response(got, nil)
		if location == "" {
			return "", &RedirectError{Op: origin.Op, URL: origin.URL, Err: errForeign}
		}
		return location, nil
	}
	body, err := inflate(got.Body)
	if err != nil {
		return "", bodyError(ctx, origin, err)
	}
	if got.StatusCode/100 != 2 {
		return "", c.refusal(ctx, origin, got, body, t, token)
	}
	said := t.tap(bounded.NewReader(body, q.op, cmp.Or(q.most, c.door.options.MostAnswer)))
	err = read(&reply{Origin: origin, header: got.Header, body: said, secret: token.Secret})
	if err == nil {
		c.served.Store(true)
	}
	t.response(got, said.kept)
	return "", bodyError(ctx, origin, err)
}

// origin is where an answer to op comes from, before it has come. Whose the tenant is, the
// GUIDs say: it may have several domains.
func (c *conn) origin(op string, to *url.URL) Origin {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := Origin{Op: op, URL: to.Scheme + "://" + to.Host + to.Path, Partner: c.target.AsPartner()}
	if home, known := endpoint.ParseTenantID(c.home); known {
		o.Partner = home != c.at.tenant
	}
	return o
}

// bodyError says what broke off an answer that was begun: the caller, the time, or
// the connection.
func bodyError(ctx context.Context, origin Origin, err error) error {
	var broken *JSONError
	var long *bounded.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &long):
		return &TooLongError{Origin: origin, Err: long}
	case ctx.Err() != nil && !isOurs(err):
		return &NetError{Op: origin.Op, URL: origin.URL, Sent: true, Err: context.Cause(ctx)}
	case errors.As(err, &broken) && !errors.Is(err, errSyntax) && !errors.Is(err, errTooDeep) && !errors.Is(err, errTooLong):
		return &NetError{Op: origin.Op, URL: origin.URL, Sent: true, Err: err}
	}
	return err
}

// isOurs says that an error is not about the answer's bytes.
func isOurs(err error) bool {
	_, sink := errors.AsType[*sinkError](err)
	return sink
}

// refusal judges an answer that is none of success.
func (c *conn) refusal(ctx context.Context, origin Origin, got *http.Response, body io.Reader, t *traced, token session.Token) error {
	b, err := io.ReadAll(bounded.NewReader(body, "an error", maxFault))
	if err != nil && len(b) == 0 {
		return bodyError(ctx, origin, &JSONError{Err: err})
	}
	if _, long := errors.AsType[*bounded.Error](err); long {
		err = errLong
	}
	origin.Short, b = err, b[:min(len(b), maxFault)]
	b = bytes.ReplaceAll(b, []byte(token.Secret.Reveal()), []byte(hidden)) // should somebody send it back
	t.response(got, b)
	a := &answer{Origin: origin, header: got.Header, body: b}
	if got.StatusCode == http.StatusUnauthorized && !bytes.Contains(b, []byte("is not allowed to call")) {
		said := challengeOf(got.Header)
		return &refusedToken{RefusedError: &RefusedError{Origin: origin, Challenge: said["error"]}, claims: claimsOf(said["claims"])}
	}
	return a.err()
}

var errLong = fmt.Errorf("it is longer than %d MB", maxFault>>20)

// claimsOf gives the JSON of a claims challenge, which stands in base64; "" for
// what is none.
func claimsOf(text string) string {
	for _, form := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := form.DecodeString(text); err == nil && len(b) > 0 && json.Valid(b) {
			return string(b)
		}
	}
	return ""
}

// inflate undoes gzip where it is gzip (some answers only say so), and leaves out a byte
// order mark, which whoever reads JSON may do (RFC 8259 section 8.1).
func inflate(body io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(body, 64<<10)
	first, err := b.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &JSONError{Err: err}
	}
	if len(first) < 2 || first[0] != 0x1F || first[1] != 0x8B {
		return unmarked(b)
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, &JSONError{Err: err}
	}
	return unmarked(bufio.NewReader(z))
}

// unmarked is a text without the byte order mark that it may begin with.
func unmarked(b *bufio.Reader) (io.Reader, error) {
	const mark = "\uFEFF"
	first, err := b.Peek(len(mark))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &JSONError{Err: err}
	}
	if string(first) == mark {
		_, err = b.Discard(len(mark))
		return b, err
	}
	return b, nil
}

// fill notes what support wants to know.
func (o *Origin) fill(got *http.Response) {
	o.Status = got.StatusCode
	o.Server, o.RequestID = got.Header.Get("X-CalculatedBETarget"), got.Header.Get("request-id")
	if at, err := http.ParseTime(got.Header.Get("Date")); err == nil {
		o.Time = at
	}
}

// headers are those of every request, and the request's own.
func (c *conn) headers(r *http.Request, q *request, token session.Token) {
	for name, values := range q.header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	program, _, _ := strings.Cut(c.door.options.Program, "/")
	for name, text := range map[string]string{
		"Authorization": "Bearer " + token.Secret.Reveal(), "Accept": "application/json", "Accept-Charset": "UTF-8", "Accept-Language": "en-US",
		"Accept-Encoding": "gzip", "User-Agent": c.door.options.Program, "X-ClientApplication": program,
		"Connection-Id": c.id, "Client-Request-Id": q.id,
	} {
		r.Header.Set(name, text)
	}
	if q.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
}
