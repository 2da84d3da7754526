package wsman_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"postroom/session/wsman"
)

// recorder is a server over http that should hear nothing.
type recorder struct{ n atomic.Int64 }

func (r *recorder) serve(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { r.n.Add(1) }))
	t.Cleanup(s.Close)
	return s.URL
}

func (r *recorder) count() int64 { return r.n.Load() }

func page(status int, contentType, body string, header ...string) func(http.ResponseWriter, *http.Request, *wsman.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
		if q.Op == "Create" && header == nil && status != 401 {
			return false
		}
		w.Header().Set("Content-Type", contentType)
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
}

// Pages instead of SOAP are kept, with their status.
func TestPages(t *testing.T) {
	for _, status := range []int{200, 400, 403, 404, 413, 500, 502, 503} {
		body := fmt.Sprintf("<html><title>%d</title><p>not SOAP", status)
		f := newFake(t, page(status, "text/html", body))
		s := mustCreate(t, mustClient(t, f.config("/p")))
		_, err := s.Receive(t.Context(), "")
		var e *wsman.HTTPError
		if !errors.As(err, &e) || e.Status != status || string(e.Body) != body || e.ContentType != "text/html" || e.Op != "Receive" {
			t.Errorf("%d: %v", status, err)
			continue
		}
		if maybe := wsman.SentMaybe(err); maybe != (status == 200 || status == 500 || status == 502) {
			t.Errorf("%d: sent maybe is %v", status, maybe)
		}
		if strings.Contains(err.Error(), "<") {
			t.Errorf("%d: the page is in the error's text: %v", status, err)
		}
	}
}

// TestAuthorizationLeavesNothing: who may not open a shell has opened none, in
// whatever form Exchange says so.
func TestAuthorizationLeavesNothing(t *testing.T) {
	for category, maybe := range map[string]bool{"AuthZ-CmdletAccessDeniedException": false, "Cafe-SendFailure": true} {
		text := exchangePrefix + "[FailureCategory=" + category + "] said so"
		f := newFake(t, page(500, "text/plain", text, "request-id", "abc"))
		s, err := mustClient(t, f.config("/p")).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
		if err == nil || (s != nil) != maybe || wsman.SentMaybe(err) != maybe {
			t.Errorf("%s in a page: a shell to delete is %v, %v", category, s != nil, err)
		}
		fault := &wsman.Fault{HTTP: 500, Code: 0x80338126, Exchange: wsman.ParseExchangeFault(text)}
		if wsman.SentMaybe(fault) != maybe {
			t.Errorf("%s in a fault: sent maybe is %v", category, !maybe)
		}
	}
}

func TestPageOfExchange(t *testing.T) {
	f := newFake(t, page(503, "text/plain", exchangePrefix+"[FailureCategory=Cafe-SendFailure] no back end", "Retry-After", "17",
		"X-FEServer", "AM1", "request-id", "abc"))
	_, err := mustClient(t, f.config("/p")).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	var e *wsman.HTTPError
	if !errors.As(err, &e) || e.Exchange == nil || e.Exchange.FailureCategory != "Cafe-SendFailure" || e.RetryAfter != 17 ||
		e.Header["X-Feserver"] != "AM1" || e.Header["Request-Id"] != "abc" {
		t.Errorf("%v %+v", err, e)
	}
}

func TestUnauthorized(t *testing.T) {
	f := newFake(t, page(401, "text/html", "<html>denied", "WWW-Authenticate", "Negotiate, NTLM", "WWW-Authenticate", `Basic realm="a, b \", c d", Digest qop="auth,int", nonce="x"`))
	_, err := mustClient(t, f.config("/p")).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	var e *wsman.AuthError
	if !errors.As(err, &e) || e.HTTP != 401 || e.Auth != wsman.Basic || strings.Join(e.Schemes, " ") != "Negotiate NTLM Basic Digest" {
		t.Fatalf("%v %+v", err, e)
	}
	if string(e.Body) != "<html>denied" || wsman.SentMaybe(err) || strings.Contains(err.Error(), testPassword) {
		t.Errorf("%v", err)
	}
}

// Basic leaves this machine over verified TLS only.
func TestBasicNeedsTLS(t *testing.T) {
	heard := &recorder{}
	c := newFake(t, nil).config("/p")
	c.URL = heard.serve(t) + "/p"
	if _, err := wsman.New(c); !errors.Is(err, wsman.ErrBasicOverHTTP) {
		t.Errorf("new: %v", err)
	}
	f := newFake(t, nil)
	f.Config.ErrorLog = discard()
	config := f.config("/p")
	config.RootCAs = newFake(t, nil).roots() // the same test certificate
	config.URL = strings.Replace(config.URL, "127.0.0.1", "localhost", 1)
	_, err := mustClient(t, config).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	var n *wsman.NetError
	if !errors.As(err, &n) || !n.Certificate() || n.SentMaybe {
		t.Errorf("a certificate for another name: %v", err)
	}
	config = f.config("/p")
	config.RootCAs = nil
	_, err = mustClient(t, config).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	if !errors.As(err, &n) || !n.Certificate() {
		t.Errorf("a certificate of nobody: %v", err)
	}
	if len(f.seen()) != 0 || heard.count() != 0 {
		t.Error("something was sent")
	}
	cl := mustClient(t, newFake(t, nil).config("/p"))
	if _, err := cl.Attach(wsman.Record{ShellID: shellID, URL: "http://h/p"}); !errors.Is(err, wsman.ErrBasicOverHTTP) {
		t.Errorf("attach: %v", err)
	}
}

func TestConfigRefused(t *testing.T) {
	good := newFake(t, nil).config("/p")
	for name, change := range map[string]func(*wsman.Config){
		"no url":            func(c *wsman.Config) { c.URL = "" },
		"not absolute":      func(c *wsman.Config) { c.URL = "/powershell" },
		"ftp":               func(c *wsman.Config) { c.URL = "ftp://h/p" },
		"two ports":         func(c *wsman.Config) { c.URL = "https://h:1:2/p" },
		"space":             func(c *wsman.Config) { c.URL = "https://h/p?x=a b" },
		"user in it":        func(c *wsman.Config) { c.URL = "https://ann:s3cret@h/p" },
		"bad escape":        func(c *wsman.Config) { c.URL = "https://ann:s3cret@h/%zz" },
		"no configuration":  func(c *wsman.Config) { c.Configuration = "" },
		"unknown sign-in":   func(c *wsman.Config) { c.Auth = "digest" },
		"short timeout":     func(c *wsman.Config) { c.OperationTimeout = time.Millisecond },
		"tiny envelope":     func(c *wsman.Config) { c.MaxEnvelope = 100 },
		"kerberos nowhere":  func(c *wsman.Config) { c.Auth, c.Kerberos.ConfigPath = wsman.Kerberos, "/nowhere/krb5.conf" },
		"kdc with a breach": func(c *wsman.Config) { c.Auth, c.Kerberos.KDC = wsman.Kerberos, "h\n[realms]" },
	} {
		c := good
		change(&c)
		_, err := wsman.New(c)
		if !errors.Is(err, wsman.ErrConfig) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: tells the password: %v", name, err)
		}
	}
}

// A body that ends too early is an error, not a short result.
func TestTruncatedBody(t *testing.T) {
	var full []byte
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
		if q.Op != "Receive" {
			return false
		}
		full = wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{Data: [][]byte{bytes.Repeat([]byte("x"), 3000)}})
		w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
		w.Header().Set("Content-Length", fmt.Sprint(len(full)))
		_, _ = w.Write(full[:len(full)/2])
		panic(http.ErrAbortHandler)
	})
	s := mustCreate(t, mustClient(t, f.config("/p")))
	_, err := s.Receive(t.Context(), "")
	var n *wsman.NetError
	if !errors.As(err, &n) || !n.SentMaybe || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
	for i := range full { // also when the length is right and the text is not
		if _, err := wsman.Answered(200, full[:i]); err == nil {
			t.Fatalf("%d of %d bytes are taken for an answer", i, len(full))
		}
	}
}

// Cancelling ends the request on the wire as well, at once.
func TestCancelReachesTheSocket(t *testing.T) {
	arrived, gone := make(chan struct{}, 1), make(chan struct{}, 1)
	f := newFake(t, func(_ http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
		if q.Op != "Receive" {
			return false
		}
		arrived <- struct{}{}
		<-r.Context().Done() // net/http ends it when the client's connection goes
		gone <- struct{}{}
		return true
	})
	s := mustCreate(t, mustClient(t, f.config("/p")))
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("the user pressed Stop")
	failed := make(chan error, 1)
	go func() { // ends with the Receive
		_, err := s.Receive(ctx, "")
		failed <- err
	}()
	<-arrived
	cancel(reason)
	err := <-failed
	<-gone
	var n *wsman.NetError
	if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) || !errors.As(err, &n) || !n.SentMaybe || n.Timeout {
		t.Errorf("%v", err)
	}
	if err := s.Delete(t.Context()); err != nil {
		t.Errorf("the shell can still be deleted: %v", err)
	}
}

type tracerFunc func(wsman.Event)

func (f tracerFunc) Trace(e wsman.Event) { f(e) }

// What comes while a request is given up is not an answer to it: servers say
// something to the end of a connection as well.
func TestGoodbyeIsNoAnswer(t *testing.T) {
	f := newFake(t, page(http.StatusBadRequest, "text/html", "Bad Request"))
	c := f.config("/p")
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("the user pressed Stop")
	c.Trace = tracerFunc(func(e wsman.Event) {
		if e.Kind == "response" && e.Op == "Receive" {
			cancel(reason) // between the answer and its reader
		}
	})
	s := mustCreate(t, mustClient(t, c))
	_, err := s.Receive(ctx, "")
	var n *wsman.NetError
	if !errors.As(err, &n) || !errors.Is(err, context.Canceled) || !errors.Is(err, reason) || n.Timeout || !n.SentMaybe {
		t.Errorf("%v", err)
	}
}

// Our deadline is later than the server's, and says so.
func TestOwnDeadline(t *testing.T) {
	f := newFake(t, func(_ http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
		if q.Op != "Receive" {
			return false
		}
		<-r.Context().Done()
		return true
	})
	c := f.config("/p")
	open := mustCreate(t, mustClient(t, c)).Record() // which has all the time that it needs
	c.OperationTimeout, c.Grace = time.Second, 50*time.Millisecond
	s, err := mustClient(t, c).Attach(open)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Receive(t.Context(), "")
	var n *wsman.NetError
	arrived := len(f.seen()) == 2 // a machine that stands still may let the time run out before
	if !errors.As(err, &n) || !n.Timeout || !errors.Is(err, context.DeadlineExceeded) || arrived && !wsman.SentMaybe(err) {
		t.Errorf("%v", err)
	}
	if arrived && f.seen()[1].OperationTimeout != time.Second { // each request says it
		t.Errorf("the server was told %v", f.seen()[1].OperationTimeout)
	}
}

// When nobody listens, nothing was sent.
func TestNothingSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := newFake(t, nil).config("/p")
	c.URL = "https://" + l.Addr().String() + "/p"
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := mustClient(t, c).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	var op *net.OpError
	if s != nil || wsman.SentMaybe(err) || !errors.As(err, &op) {
		t.Errorf("%v, %v", s, err)
	}
}

// A Create whose answer is lost gives the shell with the error, for Delete.
func TestCreateLost(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
		if q.Op == "Create" {
			panic(http.ErrAbortHandler)
		}
		return false
	})
	s, err := mustClient(t, f.config("/p")).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	if err == nil || s == nil || !wsman.SentMaybe(err) {
		t.Fatalf("%v, %v", s, err)
	}
	if err := s.Delete(t.Context()); err != nil {
		t.Error(err)
	}
	if q := f.seen(); len(q) != 2 || q[1].Op != "Delete" || q[1].ShellID != shellID {
		t.Errorf("requests: %+v", q)
	}
}

// Answers that are compressed, asked for or not, are read.
func TestCompressed(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
		if q.Op != "Receive" {
			return false
		}
		w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(gzipped(wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{Data: [][]byte{[]byte("zipped")}})))
		return true
	})
	s := mustCreate(t, mustClient(t, f.config("/p")))
	r, err := s.Receive(t.Context(), "")
	if err != nil || string(r.Data) != "zipped" {
		t.Errorf("%q, %v", r.Data, err)
	}
}

// A server that answers without end, or with little that becomes much, is
// stopped at a size that no envelope has.
func TestReplyTooLong(t *testing.T) {
	const over = 65 << 20
	for name, answer := range map[string]func(http.ResponseWriter){
		"announced": func(w http.ResponseWriter) { w.Header().Set("Content-Length", fmt.Sprint(over)) },
		"compressed": func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(gzipped(bytes.Repeat([]byte(" "), over)))
		},
	} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
			if q.Op != "Receive" {
				return false
			}
			w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
			answer(w)
			return true
		})
		s := mustCreate(t, mustClient(t, f.config("/p")))
		_, err := s.Receive(t.Context(), "")
		var p *wsman.ProtocolError
		if !errors.As(err, &p) || p.Op != "Receive" || !wsman.SentMaybe(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The sizes: a full Send and a full Command are never longer than allowed, and
// the next three bytes are refused before anything is sent.
func TestEnvelopeSizes(t *testing.T) {
	f := newFake(t, nil)
	c := f.config("/powershell-liveid/?DelegatedOrg=" + strings.Repeat("a%26", 200))
	cl := mustClient(t, c)
	open := make([]byte, cl.OpenLimit())
	s, err := cl.Create(t.Context(), wsman.CreateOptions{
		ShellID: shellID, Name: "Postroom", IdleTimeout: time.Minute, Open: open, NoProfile: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	small := s.DataLimit()
	s.RaiseEnvelope()
	if large := s.DataLimit(); small < 110_000 || small > 115_000 || large < 378_000 || large > 384_000 {
		t.Errorf("%d and %d bytes of data", small, large)
	}
	full := make([]byte, s.DataLimit())
	if err := errors.Join(s.Send(t.Context(), commandID, "stdin", full), s.Command(t.Context(), commandID, full)); err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	for i, body := range f.bodies {
		limit := wsman.MinEnvelope
		if i > 0 {
			limit = wsman.MaxEnvelope
		}
		if len(body) > limit || len(body) < limit-3000 {
			t.Errorf("%s is %d bytes long, of %d", f.requests[i].Op, len(body), limit)
		}
		if f.requests[i].MaxEnvelope != limit {
			t.Errorf("%s takes %d", f.requests[i].Op, f.requests[i].MaxEnvelope)
		}
	}
	f.mu.Unlock()
	n := len(f.seen())
	if err := s.Send(t.Context(), commandID, "stdin", make([]byte, len(full)+400)); !errors.Is(err, wsman.ErrTooLarge) || wsman.SentMaybe(err) {
		t.Errorf("too much: %v", err)
	}
	if _, err := cl.Create(t.Context(), wsman.CreateOptions{ShellID: shellID, Open: make([]byte, 120_000)}); !errors.Is(err, wsman.ErrTooLarge) {
		t.Errorf("too much to open: %v", err)
	}
	if len(f.seen()) != n {
		t.Error("it was sent all the same")
	}
}

// An answer about another command is not taken.
func TestOtherCommandAnswered(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
		if q.Op != "Command" {
			return false
		}
		w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
		_, _ = w.Write(wsman.AppendCommandResponse(nil, q, shellID))
		return true
	})
	s := mustCreate(t, mustClient(t, f.config("/p")))
	var p *wsman.ProtocolError
	if err := s.Command(t.Context(), commandID, nil); !errors.As(err, &p) || !wsman.SentMaybe(err) {
		t.Errorf("%v", err)
	}
}

// TestAWaitThatIsTooLongIsCapped: a server that wants to be left alone for three thousand
// years, or until the year 9999, is believed for a day.
func TestAWaitThatIsTooLongIsCapped(t *testing.T) {
	for _, wish := range []string{"99999999999", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f := newFake(t, page(503, "text/plain", "busy", "Retry-After", wish))
		_, err := mustClient(t, f.config("/p")).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
		var e *wsman.HTTPError
		if !errors.As(err, &e) || e.RetryAfter != 24*60*60 {
			t.Errorf("Retry-After: %s gave %v, %+v", wish, err, e)
		}
	}
}
