package app

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/session/endpoint"
	"postroom/session/simulator"
	"postroom/widgets"
)

// redirecting makes the server send every Create to its other name.
func redirecting(t *testing.T, w *mainWindow, f simulator.Fault) {
	t.Helper()
	if err := w.demo.server.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: f, On: simulator.Create}}}); err != nil {
		t.Fatal(err)
	}
}

// buttons are those of the sheet in front, by what is on them.
func buttons(w *mainWindow) map[string]*widgets.Button {
	found := map[string]*widgets.Button{}
	for _, o := range test.LaidOutObjects(w.window.Canvas().Overlays().Top()) {
		if b, ok := o.(*widgets.Button); ok {
			found[b.Text] = b
		}
	}
	return found
}

func TestARedirectIsAskedOnceAndRemembered(t *testing.T) {
	w, q := withDemo(t)
	own := w.demo.endpoint
	own.ID, own.Own, own.Kind, own.RedirectHosts = "", true, endpoint.KindOwn, nil
	own, err := w.app.directory.Add(t.Context(), own)
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
		go func() { results <- allow(t.Context(), u, &to); w.post(func() {}) }()
	}
	q.until(t, "the question", func() bool { return w.desk.Sheets.Count() == 1 })
	shot(t, w, "redirect")
	test.Tap(buttons(w)["Send the password there"])
	q.until(t, "the answers", func() bool { return len(results) == 2 })
	if err := errors.Join(<-results, <-results); err != nil {
		t.Error(err)
	}
	if w.desk.Sheets.Count() != 0 {
		t.Error("a second question is asked")
	}
	s := w.newSignIn()
	s.show()
	if s.setEndpoint(own); !s.unallow.Visible() {
		t.Error("what was allowed cannot be taken back")
	}
	again, err := endpoint.OpenDirectory(w.app.config+"/endpoints.json", nil)
	if err != nil || len(again.Redirects(own.ID)) != 1 {
		t.Errorf("remembered are %v, %v", again.Redirects(own.ID), err)
	}
	s.forgetRedirects()
	q.until(t, "the end of the permission", func() bool { return !s.unallow.Visible() })
	if left := w.app.directory.Redirects(own.ID); len(left) != 0 {
		t.Errorf("still allowed are %v", left)
	}
}

func TestARefusedRedirectIsNotFollowed(t *testing.T) {
	w, q := withDemo(t)
	e := w.demo.endpoint
	e.RedirectHosts = nil
	w.demo.endpoint = e
	redirecting(t, w, simulator.RedirectForeign)
	s := w.showDemoSignIn()
	s.submit()
	q.until(t, "the question", func() bool { return w.desk.Sheets.Count() == 2 })
	test.Tap(buttons(w)["Do not go there"])
	q.until(t, "the explanation", func() bool { return s.over() && len(s.problem.Objects) > 0 })
	if w.connection != nil {
		t.Error("it connected all the same")
	}
}

func TestPlainHTTPIsNeverAskedAbout(t *testing.T) {
	w, _ := withDemo(t)
	from, to := &url.URL{Scheme: "https", Host: "a.example", Path: "/"}, &url.URL{Scheme: "http", Host: "a.example", Path: "/"}
	var refused *endpoint.RedirectRefused
	if err := w.allowRedirect(w.demo.endpoint)(t.Context(), from, to); !errors.As(err, &refused) || refused.Askable() {
		t.Errorf("http gives %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	to.Scheme, to.Host = "https", "b.example"
	if err := w.allowRedirect(w.demo.endpoint)(ctx, from, to); err == nil {
		t.Error("a question whose run has ended allows the redirect")
	}
}
