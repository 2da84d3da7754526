package wsman_test

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"

	"postroom/session/wsman"
)

func probe(t *testing.T, c wsman.Config) ([]wsman.Step, error) {
	t.Helper()
	var steps []wsman.Step
	err := mustClient(t, c).Probe(t.Context(), func(s wsman.Step) { steps = append(steps, s) })
	for _, s := range steps {
		if s.Elapsed < 0 {
			t.Errorf("%+v", s)
		}
	}
	return steps, err
}

func names(steps []wsman.Step) string {
	var out []string
	for _, s := range steps {
		n := s.Name
		if s.Err != nil {
			n += "!"
		}
		out = append(out, n)
	}
	return strings.Join(out, " ")
}

// guarded asks for a sign-in as a server does.
func guarded(w http.ResponseWriter, r *http.Request, _ *wsman.Request) bool {
	if _, p, ok := r.BasicAuth(); ok && p == testPassword {
		return false
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
	w.WriteHeader(http.StatusUnauthorized)
	return true
}

func TestProbe(t *testing.T) {
	f := newFake(t, guarded)
	steps, err := probe(t, f.config("/p"))
	if err != nil || names(steps) != "name tcp tls http sign-in" {
		t.Errorf("%s, %v", names(steps), err)
	}
	if !strings.Contains(steps[2].Detail, "TLS 1.3") || !strings.Contains(steps[3].Detail, "HTTP 401, offers Basic") {
		t.Errorf("%+v", steps)
	}
	for _, q := range f.seen() {
		if q.Op != "" {
			t.Errorf("a probe sent %s", q.Op)
		}
	}
	if _, _, ok := f.http(0).BasicAuth(); ok {
		t.Error("the first request brings the password")
	}
	c := f.config("/p")
	c.URL = strings.Replace(c.URL, "127.0.0.1", "localhost", 1)
	c.RootCAs = nil
	f.Config.ErrorLog = discard()
	if steps, err = probe(t, c); err == nil || names(steps) != "name tcp tls!" {
		t.Errorf("certificate: %s, %v", names(steps), err)
	}
}

func TestProbeFailures(t *testing.T) {
	denied := newFake(t, func(w http.ResponseWriter, _ *http.Request, _ *wsman.Request) bool {
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	steps, err := probe(t, denied.config("/p"))
	var auth *wsman.AuthError
	if !errors.As(err, &auth) || names(steps) != "name tcp tls http sign-in!" {
		t.Errorf("denied: %s, %v", names(steps), err)
	}
	moved := newFake(t, sendTo("https://pod.example/p"))
	if steps, err = probe(t, moved.config("/p")); err != nil || !strings.Contains(steps[len(steps)-1].Detail, "https://pod.example/p") {
		t.Errorf("moved: %+v, %v", steps, err)
	}
	missing := newFake(t, func(w http.ResponseWriter, _ *http.Request, _ *wsman.Request) bool {
		w.WriteHeader(http.StatusNotFound)
		return true
	})
	var page *wsman.HTTPError
	if steps, err = probe(t, missing.config("/p")); !errors.As(err, &page) || names(steps) != "name tcp tls http sign-in!" {
		t.Errorf("missing: %s, %v", names(steps), err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := denied.config("/p")
	c.URL = "https://" + l.Addr().String() + "/p"
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if steps, err = probe(t, c); err == nil || names(steps) != "name tcp!" {
		t.Errorf("closed: %s, %v", names(steps), err)
	}
	c.URL = "https://no-such-host.invalid/p"
	var dns *net.DNSError
	if steps, err = probe(t, c); !errors.As(err, &dns) || names(steps) != "name!" {
		t.Errorf("no name: %s, %v", names(steps), err)
	}
}
