package wsman

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// link is one session's way to one URL: its cookies, and the door through
// which requests go out signed in.
type link struct {
	c    *Client
	url  *url.URL
	jar  *jar
	door door
}

// door signs requests in, and seals them where the sign-in can.
type door interface {
	exchange(ctx context.Context, call *call) (*answer, error)
	close()
}

// call is one envelope on its way.
type call struct {
	op      string
	url     *url.URL
	body    []byte
	jar     *jar
	maybe   atomic.Bool // the request may be on the wire
	started time.Time
	tracing func(kind string, e Event)
}

// answer is what came back, in clear.
type answer struct {
	status      int
	header      http.Header
	contentType string
	cert        *x509.Certificate // of the server; nil over http
	closing     bool              // the connection does not go on
	buf         *buffer
}

func (c *Client) link(u *url.URL, j *jar) *link {
	l := &link{c: c, url: u, jar: j}
	switch c.cfg.Auth {
	case Basic:
		l.door = &basicDoor{c}
	default:
		l.door = newSignedDoor(c, u)
	}
	return l
}

func (l *link) close() { l.door.close() }

// post sends one envelope and returns an answer that is SOAP, or an error. The
// buffer of the answer is the caller's.
func (l *link) post(ctx context.Context, op string, body []byte) (*answer, error) {
	limit, cancel := context.WithTimeout(ctx, l.c.cfg.OperationTimeout+l.c.cfg.Grace)
	defer cancel()
	call := &call{op: op, url: l.url, body: body, jar: l.jar, started: time.Now()}
	if l.c.cfg.Trace != nil {
		call.tracing = l.c.trace(op, l.url, call.started)
		call.tracing("request", Event{Body: string(body)})
	}
	a, err := l.door.exchange(limit, call)
	if err == nil {
		err = a.check(op)
		if auth, is := errors.AsType[*AuthError](err); is { // of this answer, and nobody else's yet
			auth.Auth = l.c.cfg.Auth
		}
		// Ending the connection says goodbye to the server first; what it
		// says to that can still arrive, and is not an answer to the request.
		var h *HTTPError
		if limit.Err() != nil && errors.As(err, &h) {
			err = l.givenUp(ctx, call)
		}
	} else {
		err = l.netError(ctx, limit, call, err)
	}
	if call.tracing != nil && err != nil {
		call.tracing("error", Event{Err: err.Error()})
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// netError turns a failure of the transport into a NetError; typed errors of
// the sign-in stay as they are.
func (l *link) netError(ctx, limit context.Context, call *call, err error) error {
	var typed interface{ wsman() }
	if errors.As(err, &typed) {
		return err
	}
	var bare *url.Error
	if errors.As(err, &bare) {
		err = bare.Err
	}
	if limit.Err() != nil {
		return l.givenUp(ctx, call)
	}
	return &NetError{Op: call.op, URL: l.url.String(), SentMaybe: call.maybe.Load(), Err: err}
}

// givenUp is the error of a call that its caller or our own deadline ended.
func (l *link) givenUp(ctx context.Context, call *call) error {
	e := &NetError{Op: call.op, URL: l.url.String(), SentMaybe: call.maybe.Load()}
	if ctx.Err() == nil {
		e.Timeout = true
		e.Err = fmt.Errorf("no answer in %v: %w", l.c.cfg.OperationTimeout+l.c.cfg.Grace, context.DeadlineExceeded)
		return e
	}
	e.Err = context.Cause(ctx)
	if !errors.Is(e.Err, ctx.Err()) {
		e.Err = fmt.Errorf("%w: %w", ctx.Err(), e.Err)
	}
	return e
}

// check sorts answers that are not SOAP into errors. It releases the buffer
// when it returns one.
func (a *answer) check(op string) error {
	var err error
	switch {
	case a.status == http.StatusUnauthorized:
		err = &AuthError{
			HTTP: a.status, Schemes: schemes(a.header), ContentType: a.contentType,
			Body: a.excerpt(), Exchange: ParseExchangeFault(string(a.excerpt())), Header: supportHeader(a.header),
		}
	case a.status >= 300 && a.status < 400 && a.status != http.StatusNotModified:
		err = &redirected{status: a.status, location: a.header.Values("Location")}
	case a.isSOAP():
		return nil
	default:
		err = &HTTPError{
			Op: op, Status: a.status, ContentType: a.contentType, Body: a.excerpt(),
			Exchange: ParseExchangeFault(string(a.excerpt())), Header: supportHeader(a.header),
			RetryAfter: retryAfter(a.header, time.Now()),
		}
	}
	a.buf.release()
	a.buf = nil
	return err
}

func (a *answer) isSOAP() bool {
	t, _, _ := strings.Cut(strings.ToLower(a.contentType), ";")
	switch strings.TrimSpace(t) {
	case mimeSOAP, "text/xml", "application/xml":
		return true
	case "":
		return bytes.HasPrefix(bytes.TrimSpace(a.buf.b), []byte("<")) && bytes.Contains(a.buf.b, []byte(":Envelope"))
	}
	return false
}

const maxExcerpt = 64 << 10

func (a *answer) excerpt() []byte {
	return bytes.Clone(a.buf.b[:min(len(a.buf.b), maxExcerpt)])
}

// supportHeader picks the response headers that Microsoft's support asks for.
func supportHeader(h http.Header) map[string]string {
	var out map[string]string
	for _, name := range []string{
		"Request-Id", "Client-Request-Id", "X-Calculatedbetarget", "X-Feserver", "X-Beserver", "X-Diaginfo",
		"X-Serverapplication", "X-Ms-Diagnostics", "Server", "Date", "Via",
	} {
		if v := h.Get(name); v != "" {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = v
		}
	}
	return out
}

// quotedText is a quoted string of RFC 9110 5.6.4: a realm may have commas in it.
var quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"?`)

// schemes lists what the server offers, one word each, in its order.
func schemes(h http.Header) []string {
	var out []string
	for _, v := range h.Values("WWW-Authenticate") {
		for part := range strings.SplitSeq(quotedText.ReplaceAllString(v, ""), ",") {
			word, _, _ := strings.Cut(strings.TrimSpace(part), " ")
			if word != "" && !strings.Contains(word, "=") {
				out = append(out, word)
			}
		}
	}
	return out
}

// roundTrip posts a call and reads the whole answer.
func roundTrip(ctx context.Context, rt http.RoundTripper, call *call, header http.Header) (*answer, error) {
	return roundTripBody(ctx, rt, call, call.body, header)
}

// roundTripBody posts the call's body in the form that goes over the wire.
func roundTripBody(ctx context.Context, rt http.RoundTripper, call *call, body []byte, header http.Header) (*answer, error) {
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() {
			if len(body) > 0 {
				call.maybe.Store(true)
			}
		},
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, call.url.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.URL = call.url
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", "Postroom")
	if req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", contentTypeSOAP)
	}
	for _, c := range call.jar.Cookies(call.url) {
		req.AddCookie(c)
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	// At once: when the rest of the answer is lost, the cookie still leads to the
	// server that has the shell.
	call.jar.SetCookies(call.url, resp.Cookies())
	a, err := readAnswer(resp)
	if errors.Is(err, errReplyTooLong) {
		return nil, &ProtocolError{Op: call.op, What: "the answer", Err: err}
	}
	if err != nil {
		return nil, err
	}
	if call.tracing != nil {
		call.tracing("response", Event{
			Status: a.status, Header: headerLines(req.Header, resp.Header), Body: a.traceBody(),
		})
	}
	return a, nil
}

func (a *answer) traceBody() string {
	if strings.HasPrefix(a.contentType, "multipart/") {
		return fmt.Sprintf("[%d bytes, sealed]", len(a.buf.b))
	}
	return string(a.buf.b)
}

// readAnswer reads the body to its end and closes it.
func readAnswer(resp *http.Response) (*answer, error) {
	defer resp.Body.Close() //nolint:errcheck // it was read to its end
	a := &answer{status: resp.StatusCode, header: resp.Header, contentType: resp.Header.Get("Content-Type"), closing: resp.Close, buf: newBuffer()}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		a.cert = resp.TLS.PeerCertificates[0]
	}
	// net/http asks for gzip and takes it off again, also where IIS compresses
	// what is sealed.
	if err := a.buf.read(resp.Body, resp.ContentLength); err != nil {
		a.buf.release()
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	return a, nil
}

// basicDoor sends user and password with each request. It exists for https
// only: New and redirects see to that.
type basicDoor struct{ c *Client }

func (d *basicDoor) exchange(ctx context.Context, call *call) (*answer, error) {
	if call.url.Scheme != "https" {
		return nil, ErrBasicOverHTTP
	}
	return roundTrip(ctx, d.c.plain, call, http.Header{"Authorization": {d.c.basic()}})
}

func (d *basicDoor) close() {}

func (c *Client) basic() string {
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth(c.cfg.Credential.User, c.cfg.Credential.Secret.Reveal())
	return r.Header.Get("Authorization")
}

// isCertificate reports whether TLS failed for the server's certificate.
func isCertificate(err error) bool {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &invalid)
}
