package wsman_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"postroom/session/wsman"
)

func allowAll(context.Context, *url.URL, *url.URL) error { return nil }

func sendTo(location string) func(http.ResponseWriter, *http.Request, *wsman.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusFound)
		return true
	}
}

// 302, 302, and the shell is opened at the third host; everything after goes
// there, with its own Create, and a:To names it.
func TestRedirectChain(t *testing.T) {
	last := newFake(t, nil)
	target := last.URL + "/PowerShell-LiveID?DelegatedOrg=contoso.example;PSVersion=5.1"
	middle := newFake(t, func(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
		http.SetCookie(w, &http.Cookie{Name: "middle", Value: "1", Path: "/"})
		return sendTo(target)(w, r, q)
	})
	first := newFake(t, sendTo(middle.URL+"/x?DelegatedOrg=contoso.example"))
	c := first.config("/powershell-liveid/?DelegatedOrg=contoso.example")
	c.RootCAs.AddCert(middle.Certificate())
	c.RootCAs.AddCert(last.Certificate())
	var asked, intended []string
	c.AllowRedirect = func(_ context.Context, from, to *url.URL) error {
		asked = append(asked, from.Host+">"+to.Host)
		return nil
	}
	cl := mustClient(t, c)
	s, err := cl.Create(t.Context(), wsman.CreateOptions{ShellID: shellID, Open: []byte("x"), Intend: func(r wsman.Record) error {
		u := r.URL
		intended = append(intended, u)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if s.URL() != target || len(asked) != 2 || len(intended) != 3 || intended[2] != target {
		t.Errorf("at %s, asked %v, intended %v", s.URL(), asked, intended)
	}
	if err := s.Command(t.Context(), commandID, nil); err != nil {
		t.Fatal(err)
	}
	if n := len(first.seen()); n != 1 {
		t.Errorf("first host got %d requests", n)
	}
	ids := map[string]bool{first.seen()[0].MessageID: true, middle.seen()[0].MessageID: true, last.seen()[0].MessageID: true}
	if len(ids) != 3 {
		t.Error("a message id was used twice")
	}
	for i, q := range last.seen() {
		h := last.http(i)
		if q.To != target || h.Method != http.MethodPost || h.RequestURI != "/PowerShell-LiveID?DelegatedOrg=contoso.example;PSVersion=5.1" || h.ContentLength <= 0 {
			t.Errorf("%s: to %s, %s %s with %d bytes", q.Op, q.To, h.Method, h.RequestURI, h.ContentLength)
		}
		if _, _, ok := h.BasicAuth(); !ok {
			t.Errorf("%s at the target is not signed in", q.Op)
		}
	}
	if r := s.Record(); r.URL != target {
		t.Errorf("record has %s", r.URL)
	}
}

func TestRedirectRelative(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
		return r.URL.Path == "/a/b" && sendTo("../c?x=1")(w, r, q)
	})
	s := mustCreate(t, mustClient(t, f.config("/a/b"))) // the same host needs no policy
	if s.URL() != f.URL+"/c?x=1" {
		t.Errorf("at %s", s.URL())
	}
}

// What must not be followed: nothing arrives at the target, and no
// Authorization anywhere.
func TestRedirectsRefused(t *testing.T) {
	foreign := newFake(t, nil)
	plain := &recorder{}
	insecure := plain.serve(t)
	policy := errors.New("not this host")
	for name, c := range map[string]struct {
		location []string
		path     string
		allow    func(context.Context, *url.URL, *url.URL) error
		reason   wsman.RedirectReason
	}{
		"foreign host without a policy": {location: []string{foreign.URL + "/p"}, reason: wsman.RedirectRefused},
		"foreign host against policy":   {location: []string{foreign.URL + "/p"}, allow: func(context.Context, *url.URL, *url.URL) error { return policy }, reason: wsman.RedirectRefused},
		"http":                          {location: []string{insecure + "/p"}, allow: allowAll, reason: wsman.RedirectDowngrade},
		"no location":                   {allow: allowAll, reason: wsman.RedirectNoLocation},
		"empty location":                {location: []string{""}, allow: allowAll, reason: wsman.RedirectNoLocation},
		"two locations":                 {location: []string{foreign.URL, foreign.URL + "/p"}, allow: allowAll, reason: wsman.RedirectBadLocation},
		"not a URL":                     {location: []string{"https://[::1"}, allow: allowAll, reason: wsman.RedirectBadLocation},
		"password in it":                {location: []string{"https://u:p@" + strings.TrimPrefix(foreign.URL, "https://")}, allow: allowAll, reason: wsman.RedirectBadLocation},
		"two ports":                     {location: []string{"//:0:0/p"}, allow: allowAll, reason: wsman.RedirectBadLocation},
		"file":                          {location: []string{"file:///etc/passwd"}, allow: allowAll, reason: wsman.RedirectBadLocation},
		"itself":                        {location: []string{"/p"}, allow: allowAll, reason: wsman.RedirectLoop},
		"tenant dropped":                {location: []string{foreign.URL + "/p"}, path: "/p?DelegatedOrg=contoso.example", allow: allowAll, reason: wsman.RedirectTenantLost},
		"tenant changed":                {location: []string{foreign.URL + "/p?delegatedorg=fabrikam.example"}, path: "/p?DelegatedOrg=contoso.example", allow: allowAll, reason: wsman.RedirectTenantLost},
		"tenant twice":                  {location: []string{foreign.URL + "/p?DelegatedOrg=contoso.example&DelegatedOrg=fabrikam.example"}, path: "/p?DelegatedOrg=contoso.example", allow: allowAll, reason: wsman.RedirectTenantLost},
		"tenant under an encoded name":  {location: []string{foreign.URL + "/p?Delegated%4frg=fabrikam.example&DelegatedOrg=contoso.example"}, path: "/p?DelegatedOrg=contoso.example", allow: allowAll, reason: wsman.RedirectTenantLost},
		"encoded tenant out of nowhere": {location: []string{foreign.URL + "/p?%44elegatedOrg=fabrikam.example"}, allow: allowAll, reason: wsman.RedirectTenantLost},
		"tenant out of nowhere":         {location: []string{foreign.URL + "/p?DelegatedOrg=fabrikam.example"}, allow: allowAll, reason: wsman.RedirectTenantLost},
	} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request, _ *wsman.Request) bool {
			for _, l := range c.location {
				w.Header().Add("Location", l)
			}
			w.WriteHeader(http.StatusFound)
			return true
		})
		if c.path == "" {
			c.path = "/p"
		}
		config := f.config(c.path)
		config.RootCAs.AddCert(foreign.Certificate())
		config.AllowRedirect = c.allow
		s, err := mustClient(t, config).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
		var e *wsman.RedirectError
		if s != nil || !errors.As(err, &e) || e.Reason != c.reason {
			t.Errorf("%s: %v, %v", name, s, err)
			continue
		}
		if e.Error() == "" || strings.Contains(e.Error(), "u:p@") {
			t.Errorf("%s: says %q", name, e.Error())
		}
		if wsman.SentMaybe(err) {
			t.Errorf("%s: no shell can be open", name)
		}
		if c.reason == wsman.RedirectRefused && c.allow != nil && !errors.Is(err, policy) {
			t.Errorf("%s: the policy's reason is lost: %v", name, err)
		}
	}
	if n := len(foreign.seen()); n != 0 {
		t.Errorf("%d requests went to the foreign host", n)
	}
	if n := plain.count(); n != 0 {
		t.Errorf("%d requests went out over http", n)
	}
}

func TestRedirectLoopAndHops(t *testing.T) {
	loop := newFake(t, func(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
		return sendTo(map[string]string{"/a": "/b", "/b": "/a"}[r.URL.Path])(w, r, q)
	})
	long := newFake(t, func(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
		return sendTo(r.URL.Path+"x")(w, r, q)
	})
	for reason, c := range map[wsman.RedirectReason]struct {
		f    *fake
		path string
		n    int
	}{wsman.RedirectLoop: {loop, "/a", 2}, wsman.RedirectTooMany: {long, "/x", 6}} {
		_, err := mustClient(t, c.f.config(c.path)).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
		var e *wsman.RedirectError
		if !errors.As(err, &e) || e.Reason != reason || len(c.f.seen()) != c.n {
			t.Errorf("%s: %v after %d requests", reason, err, len(c.f.seen()))
		}
	}
}

// 301, 303, 307 and 308 are the same; a redirect of anything but Create is an
// error.
func TestRedirectStatusAndTime(t *testing.T) {
	for _, status := range []int{301, 303, 307, 308} {
		f := newFake(t, func(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
			if r.URL.Path == "/b" && q.Op != "Receive" {
				return false
			}
			w.Header().Set("Location", "/b")
			w.WriteHeader(status)
			return true
		})
		s := mustCreate(t, mustClient(t, f.config("/a")))
		_, err := s.Receive(t.Context(), "")
		var e *wsman.RedirectError
		if !errors.As(err, &e) || e.Reason != wsman.RedirectLate || e.To == nil {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// Intend can stop a Create, before anything is sent.
func TestIntendStops(t *testing.T) {
	f := newFake(t, nil)
	full := errors.New("ledger is full")
	_, err := mustClient(t, f.config("/p")).Create(t.Context(), wsman.CreateOptions{ShellID: shellID, Intend: func(wsman.Record) error { return full }})
	if !errors.Is(err, full) || len(f.seen()) != 0 {
		t.Errorf("%v after %d requests", err, len(f.seen()))
	}
}
