package exorest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/credential"
)

// maxTrace is how much of a body is traced, in bytes.
const maxTrace = 64 << 10

// traced tells a target's Tracer of one exchange, without the token and the
// values of cookies. Without a Tracer it does nothing.
type traced struct {
	to     session.Tracer
	op     string
	url    string
	secret credential.Secret
	began  time.Time
}

func (c *conn) trace(q *request, to *url.URL, secret credential.Secret) *traced {
	return &traced{to: c.target.Trace, op: q.op, url: to.Redacted(), secret: secret, began: time.Now()}
}

// hide takes the token out of a text, should it be there.
func (t *traced) hide(text string) string {
	if token := t.secret.Reveal(); token != "" {
		text = strings.ReplaceAll(text, token, hidden)
	}
	return text
}

// clean gives an error whose text has no token in it.
func (t *traced) clean(err error) error {
	if text := err.Error(); t.hide(text) != text {
		return errors.New(t.hide(text))
	}
	return err
}

func (t *traced) send(e session.TraceEvent) {
	if t.to == nil {
		return
	}
	e.Time, e.Op, e.URL = time.Now(), t.op, t.hide(t.url)
	e.Elapsed = e.Time.Sub(t.began)
	e.Body, e.Err = t.hide(e.Body), t.hide(e.Err)
	if len(e.Body) > maxTrace {
		e.Body = e.Body[:maxTrace] + fmt.Sprintf("... %d more bytes", len(e.Body)-maxTrace)
	}
	t.to.Trace(e)
}

func (t *traced) request(h http.Header, body []byte) {
	t.send(session.TraceEvent{Kind: "request", Header: t.lines(h), Body: string(body)})
}

func (t *traced) response(got *http.Response, body []byte) {
	kind := "response"
	if got.StatusCode/100 == 3 {
		kind = "redirect"
	}
	t.send(session.TraceEvent{Kind: kind, Status: got.StatusCode, Header: t.lines(got.Header), Body: string(body)})
}

func (t *traced) failed(err error) {
	t.send(session.TraceEvent{Kind: "error", Err: err.Error()})
}

// lines are the headers, sorted, without what signs in.
func (t *traced) lines(h http.Header) []string {
	if t.to == nil {
		return nil
	}
	var lines []string
	for name, values := range h {
		for _, v := range values {
			switch name {
			case "Authorization", "Proxy-Authorization":
				v = hidden
			case "Cookie", "Set-Cookie":
				key, _, _ := strings.Cut(v, "=")
				v = key + "=" + hidden
			}
			lines = append(lines, t.hide(name+": "+v))
		}
	}
	slices.Sort(lines)
	return lines
}

// tap keeps the beginning of a body that is read, for the trace.
type tap struct {
	io.Reader
	kept []byte
	room int
}

func (t *traced) tap(body io.Reader) *tap {
	room := maxTrace
	if t.to == nil {
		room = 0
	}
	return &tap{Reader: body, room: room}
}

// Read reads on.
func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if take := min(n, t.room-len(t.kept)); take > 0 {
		t.kept = append(t.kept, p[:take]...)
	}
	return n, err
}
