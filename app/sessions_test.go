package app

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/signin"
	"postroom/session/simulator"
	"postroom/widgets"
)

// ran opens a cmdlet and runs it to its end.
func ran(t *testing.T, w *mainWindow, q *uiQueue, name string) *runTab {
	t.Helper()
	w.openCmdlet(name)
	tab := w.open[len(w.open)-1]
	tab.form.Run()
	q.until(t, "the run", func() bool { return tab.run != nil && !tab.run.running })
	return tab
}

func faults(t *testing.T, w *mainWindow, rules ...simulator.Rule) {
	t.Helper()
	if err := w.demo.server.SetFaults(&simulator.Faults{Rules: rules}); err != nil {
		t.Fatal(err)
	}
}

// TestAWaitingRunSaysItsPlace: with all sessions in use a run waits, says so,
// and goes on as soon as the person gives an idle session up.
func TestAWaitingRunSaysItsPlace(t *testing.T) {
	a, q := connected(t)
	w := a.window
	for _, n := range []int{1, 2} {
		w.tenantChosen(tenantItem(w.demo.tenants[n]))
		if tab := ran(t, w, q, "Get-AcceptedDomain"); tab.run.err != nil {
			t.Fatal(tab.run.err)
		}
	}
	w.tenantChosen(tenantItem(w.demo.tenants[3]))
	w.openCmdlet("Get-AcceptedDomain")
	tab := w.open[2]
	tab.form.Run()
	q.until(t, "the offer", tab.queue.Visible)
	shot(t, w, "waiting for a session")
	first := words.Session(a.manager.Sessions()[0])
	var offers []*widgets.Button
	for _, o := range test.LaidOutObjects(tab.queue) {
		if b, ok := o.(*widgets.Button); ok {
			offers = append(offers, b)
		}
	}
	if len(offers) != 3 || !strings.Contains(offers[0].Text, first) {
		t.Fatalf("%d sessions are offered", len(offers))
	}
	test.Tap(offers[0])
	q.until(t, "the run", func() bool { return !tab.run.running })
	if tab.run.err != nil || tab.queue.Visible() {
		t.Errorf("after a session was given up: %v", tab.run.err)
	}
	if most := w.demo.server.Stats().MaxOpenByAccount; most > 3 {
		t.Errorf("%d sessions were open at once", most)
	}
}

// TestALostSessionStaysUntilItIsDismissed: it is shown with its reason, one
// click opens it again, and the run is not repeated.
func TestALostSessionStaysUntilItIsDismissed(t *testing.T) {
	a, q := connected(t)
	w := a.window
	lose := func() *runTab {
		faults(t, w, simulator.Rule{Fault: simulator.Expire, On: simulator.Command})
		tab := ran(t, w, q, "Get-AcceptedDomain")
		q.until(t, "the loss", func() bool { return len(w.ended) == 1 })
		faults(t, w)
		return tab
	}
	if tab := lose(); tab.run.err == nil {
		t.Fatal("the run in the lost session succeeded")
	}
	shot(t, w, "session lost")
	commands := w.demo.server.Stats().Commands
	w.reconnect(sessionID(w.ended[0].ID))
	q.until(t, "the new session", func() bool { return len(w.ended) == 0 && len(a.manager.Sessions()) == 1 })
	if got := w.demo.server.Stats().Commands; got != commands {
		t.Error("the run was repeated")
	}
	lose()
	w.disconnect(sessionID(w.ended[0].ID))
	if len(w.ended) != 0 {
		t.Error("a lost session cannot be dismissed")
	}
}

// TestAPartialResultSaysSo: on screen and in the file's name.
func TestAPartialResultSaysSo(t *testing.T) {
	a, q := connected(t)
	w := a.window
	whole := ran(t, w, q, "Get-Mailbox")
	if whole.partial.Visible() || strings.Contains(exportName(whole.shown(), true), "partial") {
		t.Error("a whole result is marked as partial")
	}
	faults(t, w, simulator.Rule{Fault: simulator.Expire, On: simulator.Receive, Nth: []int{4}})
	tab := ran(t, w, q, "Get-Mailbox")
	if tab.run.err == nil || tab.run.total == 0 {
		t.Fatalf("%d rows, %v: the run was to break off after some", tab.run.total, tab.run.err)
	}
	if !tab.partial.Visible() {
		t.Error("nothing says that rows are missing")
	}
	name := exportName(tab.shown(), false)
	if !strings.HasSuffix(name, "_partial.csv") {
		t.Errorf("the file is to be called %s", name)
	}
	shot(t, w, "partial")
}

// TestLeftoversWithoutPasswordAreAskedAbout: the sessions of a process that
// died are deleted once the password is there.
func TestLeftoversWithoutPasswordAreAskedAbout(t *testing.T) {
	w, q := withDemo(t)
	w.app.roots = w.demo.server.RootCAs()
	dead, err := ledger.Open(w.app.state)
	if err != nil {
		t.Fatal(err)
	}
	passwords := signin.NewPasswords(w.app.vault)
	m := session.NewManager(session.Options{Dialer: session.Network{SignIn: passwords}, Ledger: dead})
	trial, err := passwords.Try(w.demo.server.Account(), w.demo.server.URL(), credential.NewSecret(w.demo.server.Password()))
	if err != nil {
		t.Fatal(err)
	}
	defer trial.Drop()
	e := w.demo.endpoint
	e.Kind = endpoint.KindOwn
	for _, tenant := range w.demo.tenants[:2] {
		if _, err := m.Open(t.Context(), session.Target{
			Endpoint: e, Tenant: tenant, RootCAs: w.app.roots,
			Account: w.demo.server.Account(),
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := dead.Close(); err != nil { // as the death of its process does
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		_ = m.CloseAll(ctx) // its ledger is gone, its shells too
	})
	w.spawn(w.cleanUpLeftovers)
	q.until(t, "the question", func() bool { return w.desk.Sheets.Count() == 1 })
	shot(t, w, "leftovers")
	var password *widgets.PasswordEntry
	for _, o := range test.LaidOutObjects(w.window.Canvas().Overlays().Top()) {
		if p, ok := o.(*widgets.PasswordEntry); ok {
			password = p
		}
	}
	password.SetText("wrong")
	test.Tap(buttons(w)["Disconnect them"])
	q.until(t, "the refusal", func() bool { return !buttons(w)["Disconnect them"].Disabled() })
	if open := w.demo.server.Stats().OpenShells; open != 2 {
		t.Errorf("%d sessions are open after a wrong password", open)
	}
	password.SetText(w.demo.server.Password())
	test.Tap(buttons(w)["Disconnect them"])
	q.until(t, "the end of the question", func() bool { return w.desk.Sheets.Count() == 0 })
	if open := w.demo.server.Stats().OpenShells; open != 0 {
		t.Errorf("%d sessions are left on the server", open)
	}
	if left, err := w.app.manager.Leftovers(); err != nil || len(left) != 0 {
		t.Errorf("the ledger still has %v, %v", left, err)
	}
}

// TestATraceHasNoPassword records a session and searches the file.
func TestATraceHasNoPassword(t *testing.T) {
	w, q := withDemo(t)
	name := filepath.Join(t.TempDir(), "trace.jsonl")
	w.spawn(func() { w.beginTrace(name, nil) })
	q.until(t, "the trace", func() bool { return w.recording != nil })
	if w.traceItem.Label != "Stop recording the trace" {
		t.Errorf("the menu says %q", w.traceItem.Label)
	}
	s := w.showDemoSignIn()
	s.submit()
	q.until(t, "the connection", func() bool { return w.connection != nil })
	ran(t, w, q, "Get-AcceptedDomain")
	r := w.recording
	w.toggleTrace()
	q.until(t, "the end of the trace", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return r.file == nil && w.desk.Toasts.Count() > 1 })
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) < 4 || !strings.Contains(string(b), `"op":"Command"`) {
		t.Errorf("the trace has %d lines", len(lines))
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %.80s", line)
		}
	}
	for _, secret := range forms(w.demo.server.Account(), w.demo.server.Password()) {
		if strings.Contains(string(b), secret) {
			t.Error("the password is in the trace")
		}
	}
	tab := ran(t, w, q, "Get-AcceptedDomain") // a session of the trace goes on without it
	if tab.run.err != nil {
		t.Error(tab.run.err)
	}
	w.spawn(func() { w.beginTrace(filepath.Join(name, "no"), nil) })
	before := w.desk.Toasts.Count()
	q.until(t, "the error", func() bool { return w.desk.Toasts.Count() > before || w.desk.Toasts.Count() == 4 })
	if w.recording != nil {
		t.Error("a trace into a file that cannot be written runs")
	}
}

// TestAWaitingSignInSaysItsPlace: the dialog too waits for a slot, says so, and
// can free one.
func TestAWaitingSignInSaysItsPlace(t *testing.T) {
	inGerman(t)
	a, q := connected(t)
	w := a.window
	for _, n := range []int{1, 2} {
		w.tenantChosen(tenantItem(w.demo.tenants[n]))
		if tab := ran(t, w, q, "Get-AcceptedDomain"); tab.run.err != nil {
			t.Fatal(tab.run.err)
		}
	}
	s := w.showDemoSignIn()
	s.setTenant(w.demo.tenants[3])
	s.submit()
	q.until(t, "the offer", s.queue.Visible)
	if detail := s.steps.Steps()[0].Detail; !strings.Contains(detail, "Platz 1") {
		t.Errorf("the dialog says %q", detail)
	}
	shot(t, w, "sign-in german waits")
	for text, b := range buttons(w) {
		if strings.Contains(text, words.Session(a.manager.Sessions()[1])) {
			test.Tap(b)
			break
		}
	}
	q.until(t, "the connection", s.over)
	if !s.hidden || w.connection.tenant.Domain != w.demo.tenants[3].Domain {
		t.Error("the sign-in did not go on")
	}
}
