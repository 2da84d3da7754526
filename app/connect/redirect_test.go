package connect

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/session/endpoint"
	"postroom/session/simulator"
)

// redirecting makes the server send every Create to its other name.
func redirecting(t *testing.T, w *bench, f simulator.Fault) {
	t.Helper()
	if err := w.demo.Server.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: f, On: simulator.Create}}}); err != nil {
		t.Fatal(err)
	}
}

func TestARedirectIsAskedOnceAndRemembered(t *testing.T) {
	w, q := withDemo(t)
	own := w.demo.Endpoint
	own.ID, own.Own, own.Kind, own.RedirectHosts = "", true, endpoint.KindOwn, nil
	own, err := w.Directory.Add(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(own.URL)
	if err != nil {
		t.Fatal(err)
	}
	to := *u
	to.Host = "localhost:" + u.Port()
	allow := w.allowRedirect(own)
	results := make(chan error, 2)
	for range 2 { // two sessions at once: one question
		go func() { results <- allow(t.Context(), u, &to); w.Desk.Post(func() {}) }()
	}
	q.Until(t, "the question", func() bool { return w.Desk.Sheets.Count() == 1 })
	desktest.Shot(t, w.Desk, "redirect")
	test.Tap(desktest.Buttons(w.Desk)["Send the password there"])
	q.Until(t, "the answers", func() bool { return len(results) == 2 })
	if err := errors.Join(<-results, <-results); err != nil {
		t.Error(err)
	}
	if w.Desk.Sheets.Count() != 0 {
		t.Error("a second question is asked")
	}
	s := w.newDialog()
	s.show()
	if s.place.set(own); !s.place.unallow.Visible() {
		t.Error("what was allowed cannot be taken back")
	}
	if kept := w.Directory.Redirects(own.ID); len(kept) != 1 {
		t.Errorf("remembered are %v", kept)
	}
	s.place.forgetRedirects()
	q.Until(t, "the end of the permission", func() bool { return !s.place.unallow.Visible() })
	if left := w.Directory.Redirects(own.ID); len(left) != 0 {
		t.Errorf("still allowed are %v", left)
	}
}

func TestARefusedRedirectIsNotFollowed(t *testing.T) {
	w, q := withDemo(t)
	e := w.demo.Endpoint
	e.RedirectHosts = nil
	w.demo.Endpoint = e
	redirecting(t, w, simulator.RedirectForeign)
	s := w.ShowDemo(w.demo)
	s.Submit()
	q.Until(t, "the question", func() bool { return w.Desk.Sheets.Count() == 2 })
	test.Tap(desktest.Buttons(w.Desk)["Stay here"])
	q.Until(t, "the explanation", func() bool { return s.over() && len(s.problem.Objects) > 0 })
	if w.signed != nil {
		t.Error("it connected all the same")
	}
}

func TestPlainHTTPIsNeverAskedAbout(t *testing.T) {
	w, _ := withDemo(t)
	from, to := &url.URL{Scheme: "https", Host: "a.example", Path: "/"}, &url.URL{Scheme: "http", Host: "a.example", Path: "/"}
	var refused *endpoint.RedirectRefused
	if err := w.allowRedirect(w.demo.Endpoint)(t.Context(), from, to); !errors.As(err, &refused) || refused.Askable() {
		t.Errorf("http gives %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	to.Scheme, to.Host = "https", "b.example"
	if err := w.allowRedirect(w.demo.Endpoint)(ctx, from, to); err == nil {
		t.Error("a question whose run has ended allows the redirect")
	}
}
