package exorest_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/exorest"
	"postroom/session/proxy"
)

// A service that cannot be reached is told at once: the address, the way or the certificate
// is wrong. One that was reached before is asked again, unless it is not the same any more.
func TestAServiceThatCannotBeReached(t *testing.T) {
	const pause = 30 * time.Minute // whoever waits for it is seen
	dial := func(w *world, change func(*session.Target)) session.Conn {
		to := w.target()
		change(&to)
		d := exorest.NewDoor(exorest.Options{Tokens: &tokens{tenant: tenant}, Pause: pause})
		c, err := d.Dial(t.Context(), to, session.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	w := newWorld(t, saying(200, `{"value":[{"Name":"a"}]}`))
	for name, change := range map[string]func(*session.Target){
		"no such name": func(t *session.Target) {
			t.Endpoint.URL, t.Endpoint.Proxy, t.Endpoint.Modern.Authority = "https://nobody.invalid", proxy.Direct, "https://login.microsoftonline.com"
		},
		"nobody there": func(t *session.Target) { t.Endpoint.Proxy = "http://127.0.0.1:1" },
		"not trusted":  func(t *session.Target) { t.RootCAs = nil },
		"another name": func(t *session.Target) { t.Endpoint.URL = "https://outlook.office365.us" },
	} {
		err := dial(w, change).Run(t.Context(), call("Get-Recipient"), newHeard())
		if network, ok := errors.AsType[*exorest.NetError](err); !ok || network.Sent {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(w.requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	// After an answer a connection that breaks off is made anew.
	var n atomic.Int64
	w = newWorld(t, func(rw http.ResponseWriter, r sent) {
		if n.Add(1) == 2 {
			panic(http.ErrAbortHandler)
		}
		saying(200, `{"value":[{"Name":"a"}]}`)(rw, r)
	})
	c := w.dial(&tokens{tenant: tenant})
	for range 2 {
		h := newHeard()
		if err := c.Run(t.Context(), call("Get-Recipient"), h); err != nil || h.rows() != 1 {
			t.Errorf("%d rows, %v", h.rows(), err)
		}
	}
	if n.Load() != 3 {
		t.Errorf("%d requests", n.Load())
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](dial(w, func(t *session.Target) { t.RootCAs = nil }).Run(t.Context(), call("Get-Recipient"), newHeard()))
	if !untrusted {
		t.Error("the certificate is not what is told")
	}
}

// A page of success that is none of the service's, such as that of a guest network, is told
// at once where the service was not met yet; behind an answer of the service it passes.
func TestAPageOfSomebodyElse(t *testing.T) {
	good := `{"value":[{"Name":"a"}]}`
	for _, page := range []string{"<html><title>Welcome to the hotel</title></html>", "all is well", `{"value":[{"Name"` + "\x00" + `}]}`} {
		for name, c := range map[string]struct {
			answers []string
			asked   int64 // in all
			fails   bool
		}{
			"at first":           {[]string{page, good}, 1, true},
			"behind the service": {[]string{good, page, good}, 3, false},
		} {
			var n atomic.Int64
			w := newWorld(t, func(rw http.ResponseWriter, r sent) { saying(200, c.answers[n.Add(1)-1])(rw, r) })
			conn := w.dial(&tokens{tenant: tenant})
			var err error
			for range len(c.answers) - 1 { // the last is the second try
				err = conn.Run(t.Context(), call("Get-Recipient"), newHeard())
			}
			if n.Load() != c.asked || (err != nil) != c.fails {
				t.Errorf("%q %s: %d requests, %v", page, name, n.Load(), err)
			}
		}
	}
}
