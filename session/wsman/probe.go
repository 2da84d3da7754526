package wsman

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"

	"github.com/masterzen/winrm/soap"
)

// Step is one step of a Probe.
type Step struct {
	// Name is "proxy", "name", "tcp", "tls", "http" or "sign-in".
	Name string
	// Detail is what the step found: addresses, the TLS version, the status.
	Detail  string
	Elapsed time.Duration
	// Err is why the step failed; later steps are not tried.
	Err error
}

const nsIdentity = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"

// Probe tries the way to the server step by step and tells each one when it is
// over: the proxy if there is one, name, TCP, TLS, HTTP without a sign-in, and
// the sign-in. It opens no shell. each is called on the caller's goroutine.
// The error is that of the step that failed.
func (c *Client) Probe(ctx context.Context, each func(Step)) error {
	j, err := newJar()
	if err != nil {
		return err
	}
	if err := c.probeWay(ctx, j, each); err != nil {
		return err
	}
	return c.probeSignIn(ctx, j, each)
}

// probeWay does everything up to an answer without a sign-in.
func (c *Client) probeWay(ctx context.Context, j *jar, each func(Step)) error {
	limit, cancel := context.WithTimeout(ctx, c.cfg.OperationTimeout+c.cfg.Grace)
	defer cancel()
	host := c.url.Hostname()
	if through, err := c.way(c.url.Scheme).Find(limit, c.url); err != nil {
		each(Step{Name: "proxy", Err: err})
		return &NetError{Op: opSignIn, URL: c.url.String(), Err: err}
	} else if through != nil {
		host = through.Hostname()
		each(Step{Name: "proxy", Detail: through.Host})
	}
	w := &way{steps: make(chan Step, 16), stage: "name", since: time.Now()}
	if net.ParseIP(host) != nil {
		each(Step{Name: "name", Detail: host})
		w.stage = "tcp"
	}
	l := &link{c: c, url: c.url, jar: j}
	call := &call{op: opSignIn, url: c.url, jar: j, started: time.Now()}
	tr := c.newTransport(c.url.Scheme)
	defer tr.CloseIdleConnections()
	type result struct {
		a   *answer
		err error
	}
	done := make(chan result, 1)
	go func() { // ends with the request, which ends with limit
		a, err := roundTrip(httptrace.WithClientTrace(limit, w.trace()), tr, call, nil)
		done <- result{a, err}
	}()
	for {
		select {
		case s := <-w.steps:
			each(s)
		case r := <-done:
			w.drain(each)
			if r.err != nil {
				err := l.netError(ctx, limit, call, r.err)
				each(w.failed(err))
				return err
			}
			each(w.over("http", describeAnswer(r.a)))
			r.a.buf.release()
			return nil
		}
	}
}

// probeSignIn sends Identify, which changes nothing, signed in. Any answer of
// WS-Man shows that the server took the sign-in, even a fault, and so does a
// redirect.
func (c *Client) probeSignIn(ctx context.Context, j *jar, each func(Step)) error {
	l := c.link(c.url, j)
	defer l.close()
	started := time.Now()
	a, err := l.post(ctx, "Identify", []byte(`<s:Envelope xmlns:s="`+soap.NS_SOAP_ENV+`" xmlns:i="`+nsIdentity+
		`"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>`))
	s := Step{Name: "sign-in", Elapsed: time.Since(started)}
	var r *redirected
	switch {
	case errors.As(err, &r):
		s.Detail, err = "redirected to "+strings.Join(r.location, ", "), nil
	case err == nil:
		x, parse := a.envelope("Identify")
		a.buf.release()
		var f *Fault
		if parse != nil && !errors.As(parse, &f) {
			err = parse
		} else if f != nil && f.AccessDenied() {
			err = f
		}
		id := x.body.child(nsIdentity, "IdentifyResponse")
		s.Detail = strings.TrimSpace(id.childText(nsIdentity, "ProductVendor") + " " + id.childText(nsIdentity, "ProductVersion"))
	}
	s.Err = err
	each(s)
	return err
}

func describeAnswer(a *answer) string {
	s := fmt.Sprintf("HTTP %d", a.status)
	if to := a.header.Get("Location"); to != "" {
		s += " to " + to
	}
	if offered := schemes(a.header); len(offered) > 0 {
		s += ", offers " + strings.Join(offered, ", ")
	}
	if server := a.header.Get("Server"); server != "" {
		s += ", " + server
	}
	return s
}

// way watches a connection being made.
type way struct {
	steps chan Step

	mu    sync.Mutex
	stage string
	since time.Time
}

// over ends the running stage; the next one starts now.
func (w *way) over(name, detail string) Step {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := Step{Name: name, Detail: detail, Elapsed: time.Since(w.since)}
	w.since = time.Now()
	return s
}

func (w *way) next(stage string) { w.mu.Lock(); w.stage = stage; w.mu.Unlock() }

// failed is the stage that an error came in.
func (w *way) failed(err error) Step {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Step{Name: w.stage, Elapsed: time.Since(w.since), Err: err}
}

// tell never waits: a late attempt at a second address has nobody to listen.
func (w *way) tell(s Step) {
	select {
	case w.steps <- s:
	default:
	}
}

func (w *way) drain(each func(Step)) {
	for {
		select {
		case s := <-w.steps:
			each(s)
		default:
			return
		}
	}
}

func (w *way) trace() *httptrace.ClientTrace {
	var connected sync.Once
	return &httptrace.ClientTrace{
		DNSDone: func(i httptrace.DNSDoneInfo) {
			if i.Err != nil {
				return
			}
			var found []string
			for _, a := range i.Addrs {
				found = append(found, a.String())
			}
			w.tell(w.over("name", strings.Join(found, ", ")))
			w.next("tcp")
		},
		ConnectDone: func(_, address string, err error) {
			if err != nil {
				return
			}
			connected.Do(func() {
				w.tell(w.over("tcp", address))
				w.next("http")
			})
		},
		TLSHandshakeStart: func() { w.next("tls") },
		TLSHandshakeDone: func(s tls.ConnectionState, err error) {
			if err != nil {
				return
			}
			detail := tls.VersionName(s.Version)
			if len(s.PeerCertificates) > 0 {
				detail += ", " + s.PeerCertificates[0].Subject.CommonName
			}
			w.tell(w.over("tls", detail))
			w.next("http")
		},
	}
}
