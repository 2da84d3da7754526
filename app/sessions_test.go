package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/app/settings"
	"postroom/app/tenants"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/remoting"
	"postroom/session/signin"
	"postroom/session/simulator"
	"postroom/widgets"
)

// ran opens a cmdlet and runs it to its end.
func ran(t *testing.T, w *mainWindow, q *desktest.Queue, name string) *runs.Tab {
	t.Helper()
	w.opening.cmdlet(name)
	tab := w.middle.open[len(w.middle.open)-1]
	tab.Form().Run()
	q.Until(t, "the run", func() bool { return tab.Ran() })
	return tab
}

func faults(t *testing.T, w *mainWindow, rules ...simulator.Rule) {
	t.Helper()
	if err := w.demo.Server.SetFaults(&simulator.Faults{Rules: rules}); err != nil {
		t.Fatal(err)
	}
}

// halfAnswered opens Get-Mailbox and runs it at a server that hangs after some rows.
func halfAnswered(t *testing.T, w *mainWindow) *runs.Tab {
	t.Helper()
	faults(t, w, simulator.Rule{Fault: simulator.Hang, On: simulator.Receive, After: 100_000})
	w.opening.cmdlet("Get-Mailbox")
	tab := w.middle.open[len(w.middle.open)-1]
	tab.Form().Run()
	return tab
}

// TestAWaitingRunSaysItsPlace: with all sessions in use a run waits, says so,
// and goes on as soon as the person gives an idle session up.
func TestAWaitingRunSaysItsPlace(t *testing.T) {
	a, q := connected(t)
	w := a.window
	for _, n := range []int{1, 2} {
		w.tenants.chosen(tenants.Item(demoTenant(w, n)))
		if tab := ran(t, w, q, "Get-AcceptedDomain"); tab.Err() != nil {
			t.Fatal(tab.Err())
		}
	}
	w.tenants.chosen(tenants.Item(demoTenant(w, 3)))
	w.opening.cmdlet("Get-AcceptedDomain")
	tab := w.middle.open[len(w.middle.open)-1]
	tab.Form().Run()
	first := words.Session(a.manager.Sessions()[0])
	q.Until(t, "the offer", func() bool { return desktest.Buttons(w.desk)["Disconnect "+first] != nil })
	desktest.Shot(t, w.desk, "waiting for a session")
	if text := desktest.Text(w.desk); !strings.Contains(text, "In use: "+first) || !strings.Contains(text, "All 3 are in use") {
		t.Errorf("what is in use is not said:\n%s", text)
	}
	// One whose cmdlets are being asked for is offered when it is idle.
	q.Until(t, "all three", func() bool {
		offered := 0
		for text := range desktest.Buttons(w.desk) {
			if strings.HasPrefix(text, "Disconnect ") && text != "Disconnect all" {
				offered++
			}
		}
		return offered == 3
	})
	desktest.Press(t, w.desk, "Disconnect "+first)
	q.Until(t, "the run", func() bool { return !tab.Running() })
	if tab.Err() != nil || desktest.Buttons(w.desk)["Disconnect "+first] != nil {
		t.Errorf("after a session was given up: %v", tab.Err())
	}
	if most := w.demo.Server.Stats().MaxOpenByAccount; most > 3 {
		t.Errorf("%d sessions were open at once", most)
	}
}

// TestALostSessionStaysUntilItIsDismissed: it is shown with its reason, one
// click opens it again, and the run is not repeated.
func TestALostSessionStaysUntilItIsDismissed(t *testing.T) {
	a, q := connected(t)
	w := a.window
	lose := func() *runs.Tab {
		faults(t, w, simulator.Rule{Fault: simulator.Expire, On: simulator.Command})
		tab := ran(t, w, q, "Get-AcceptedDomain")
		q.Until(t, "the loss", func() bool { return desktest.Buttons(w.desk)["Reconnect"] != nil })
		faults(t, w)
		return tab
	}
	if tab := lose(); tab.Err() == nil {
		t.Fatal("the run in the lost session succeeded")
	}
	desktest.Shot(t, w.desk, "session lost")
	sent := w.demo.Server.Stats().CommandsByName["Get-AcceptedDomain"]
	desktest.Press(t, w.desk, "Reconnect")
	q.Until(t, "the new session", func() bool { return desktest.Buttons(w.desk)["Reconnect"] == nil && len(a.manager.Sessions()) == 1 })
	if w.demo.Server.Stats().CommandsByName["Get-AcceptedDomain"] != sent {
		t.Error("the run was repeated")
	}
	lose()
	desktest.Press(t, w.desk, "Dismiss")
	if desktest.Buttons(w.desk)["Reconnect"] != nil {
		t.Error("a lost session cannot be dismissed")
	}
}

// TestAPartialResultSaysSo: on screen and in the file's name.
func TestAPartialResultSaysSo(t *testing.T) {
	a, q := connected(t)
	w := a.window
	whole := ran(t, w, q, "Get-Mailbox")
	if strings.Contains(desktest.Text(w.desk), "Incomplete:") {
		t.Error("a whole result is marked as partial")
	}
	faults(t, w, simulator.Rule{Fault: simulator.Expire, On: simulator.Receive, After: 40_000})
	tab := ran(t, w, q, "Get-Mailbox")
	if tab.Err() == nil || tab.Summary().Rows == 0 {
		t.Fatalf("%d rows, %v: the run was to break off after some", tab.Summary().Rows, tab.Err())
	}
	if !strings.Contains(desktest.Text(w.desk), "Incomplete:") {
		t.Error("nothing says that rows are missing")
	}
	desktest.Shot(t, w.desk, "partial")
	for tab, want := range map[*runs.Tab]string{whole: "mine.csv", tab: "mine_partial.csv"} {
		if got := exportedAs(t, a, q, tab, "mine.csv"); got != want {
			t.Errorf("the file is called %s, want %s", got, want)
		}
	}
}

// TestAFailedRunLeavesTheRowsOfTheOneBefore: what a person has stays, and the foot says of which
// run it is, where there is room for it at every size; an export takes those rows, and the next
// run that works takes their place. A run that a person stops before it gave rows is no other.
func TestAFailedRunLeavesTheRowsOfTheOneBefore(t *testing.T) {
	a, q := connected(t)
	w := a.window
	tab := ran(t, w, q, "Get-TransportRule")
	rows := rowsOf(tab)
	const of = "0 rows%s · rows shown: of "
	if text := desktest.Text(w.desk); rows == 0 || strings.Contains(text, "rows shown:") {
		t.Fatalf("%d rows; on the screen is %s", rows, text)
	}
	again := func() {
		t.Helper()
		tab.Form().Run()
		q.Until(t, "the run", func() bool { return tab.Ran() })
	}
	for range 2 { // the second one after a run that gave none
		faults(t, w, simulator.Rule{Fault: simulator.InternalError, On: simulator.Command})
		again()
		q.Until(t, "the rows of the run before", func() bool { return tab.Shown() != nil && rowsOf(tab) == rows })
		text := desktest.Text(w.desk)
		if tab.Err() == nil || !strings.Contains(text, fmt.Sprintf(of, "")) || strings.Contains(text, "before any row came") {
			t.Fatalf("%v; on the screen is %s", tab.Err(), text)
		}
		desktest.Shot(t, w.desk, "rows of the run before")
		if x := extracted(t, tab); !x.Whole {
			t.Error("the rows that are there are all of their run")
		}
	}
	faults(t, w, simulator.Rule{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Delay: simulator.Duration(time.Hour)})
	sent := func() int { return w.demo.Server.Stats().CommandsByName["Get-TransportRule"] }
	before := sent()
	tab.Form().Run()
	q.Until(t, "the command", func() bool { return sent() > before })
	tab.Escape()
	q.Until(t, "the end of what was stopped", func() bool { return !tab.Running() && tab.Shown() != nil && rowsOf(tab) == rows })
	if text := desktest.Text(w.desk); !strings.Contains(text, fmt.Sprintf(of, " · stopped, rows may be missing")) {
		t.Errorf("after a stop on the screen is %s", text)
	}

	faults(t, w)
	again()
	q.Until(t, "rows", func() bool { return tab.Shown() != nil && rowsOf(tab) == rows })
	if text := desktest.Text(w.desk); tab.Err() != nil || strings.Contains(text, "rows shown:") {
		t.Errorf("%v; on the screen is %s", tab.Err(), text)
	}

	tab.UseTenants(w.demo.book.All()[1:2]) // one tenant's rows do not stand under another's name
	faults(t, w, simulator.Rule{Fault: simulator.InternalError, On: simulator.Command})
	again()
	if text := desktest.Text(w.desk); tab.Err() == nil || tab.Shown() != nil && rowsOf(tab) != 0 || strings.Contains(text, "rows shown:") {
		t.Errorf("%v; on the screen is %s", tab.Err(), text)
	}
}

// TestAnExportDuringARunIsCalledPartial: as that of a run that broke off is, also under a name
// of one's own, and a picture of its rows is too.
func TestAnExportDuringARunIsCalledPartial(t *testing.T) {
	a, q := connected(t)
	w := a.window
	tab := halfAnswered(t, w)
	q.Until(t, "rows", func() bool { return tab.Running() && tab.Shown() != nil && rowsOf(tab) > 0 })
	if got := exportedAs(t, a, q, tab, "mine.xlsx"); got != "mine_partial.xlsx" {
		t.Errorf("the file is called %s", got)
	}
	w.exporter.picture("rows.png", false, func(w io.Writer, _ string) error { _, err := w.Write([]byte("x")); return err })
	q.Until(t, "the sheet", func() bool { return strings.Contains(desktest.Text(w.desk), "rows_partial.png") })
	desktest.Type(w.desk, fyne.KeyEscape)
	tab.Stop()
	q.Until(t, "the end", func() bool { return !tab.Running() })
}

func rowsOf(tab *runs.Tab) int { rows, _ := tab.Shown().Size(); return rows }

// exportedAs exports a tab's rows under a name, and gives the name that the file has got.
func exportedAs(t *testing.T, a *App, q *desktest.Queue, tab *runs.Tab, name string) string {
	t.Helper()
	w, dir := a.window, t.TempDir()
	if err := a.settings.Change(func(s *settings.Settings) { s.SaveFolder = dir })(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.exporter.export(extracted(t, tab))
	entry := desktest.Entries(w.desk)[0]
	entry.SetText(name)
	q.Until(t, "the look at the name", func() bool { return strings.Contains(desktest.Text(w.desk), dir+string(filepath.Separator)) })
	desktest.Shot(t, w.desk, "export as "+name)
	desktest.Press(t, w.desk, "Save")
	var names []string
	q.Until(t, "the file", func() bool {
		names = nil
		entries, err := os.ReadDir(dir)
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return err == nil && w.exporter.under == 0 && len(names) == 1 && w.desk.Sheets.Top() == nil
	})
	return names[0]
}

// TestLeftoversWithoutPasswordAreAskedAbout: the sessions of a process that
// died are deleted once the password is there.
func TestLeftoversWithoutPasswordAreAskedAbout(t *testing.T) {
	w, q := withDemo(t)
	w.app.leftovers.Roots = w.demo.Server.RootCAs()
	dead, err := ledger.Open(w.app.state)
	if err != nil {
		t.Fatal(err)
	}
	passwords := signin.NewPasswords(w.app.vault)
	m := session.NewManager(session.Options{Doors: session.Doors{endpoint.Remoting: remoting.NewDoor(passwords)}, Ledger: dead})
	trial, err := passwords.Try(w.demo.Server.Account(), w.demo.Server.URL(), credential.NewSecret(w.demo.Server.Password()))
	if err != nil {
		t.Fatal(err)
	}
	defer trial.Drop()
	e := w.demo.Endpoint
	e.Kind = endpoint.KindOwn
	for _, tenant := range []endpoint.Tenant{demoTenant(w, 0), demoTenant(w, 1)} {
		if _, err := m.Open(t.Context(), session.Target{
			Endpoint: e, Tenant: tenant, RootCAs: w.demo.Server.RootCAs(),
			Account: w.demo.Server.Account(),
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := dead.Close(); err != nil { // as the death of its process does
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), desktest.Patience)
		defer cancel()
		_ = m.CloseAll(ctx) // its ledger is gone, its shells too
	})
	w.desk.Spawn(w.app.leftovers.CleanUp)
	q.Until(t, "the question", func() bool { return w.desk.Sheets.Count() == 1 })
	desktest.Shot(t, w.desk, "leftovers")
	var password *widgets.PasswordEntry
	for _, o := range test.LaidOutObjects(w.window.Canvas().Overlays().Top()) {
		if p, ok := o.(*widgets.PasswordEntry); ok {
			password = p
		}
	}
	password.SetText("wrong")
	test.Tap(desktest.Buttons(w.desk)["Disconnect them"])
	q.Until(t, "the refusal", func() bool { return !desktest.Buttons(w.desk)["Disconnect them"].Disabled() })
	if open := w.demo.Server.Stats().OpenShells; open != 2 {
		t.Errorf("%d sessions are open after a wrong password", open)
	}
	password.SetText(w.demo.Server.Password())
	test.Tap(desktest.Buttons(w.desk)["Disconnect them"])
	q.Until(t, "the end of the question", func() bool { return w.desk.Sheets.Count() == 0 })
	if open := w.demo.Server.Stats().OpenShells; open != 0 {
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
	w.desk.Spawn(func() { w.recorder.begin(name) })
	q.Until(t, "the trace", func() bool { return w.recorder.now != nil })
	if w.recorder.item.Label != "Stop recording the trace" {
		t.Errorf("the menu says %q", w.recorder.item.Label)
	}
	s := w.connector.ShowDemo(w.demo.Demo)
	s.Submit()
	q.Until(t, "the connection", func() bool { return w.accounts.now != nil })
	ran(t, w, q, "Get-AcceptedDomain")
	r := w.recorder.now
	w.recorder.toggle()
	q.Until(t, "the end of the trace", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return r.file == nil && w.desk.Toasts.Count() > 0 })
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
	for _, secret := range forms(w.demo.Server.Account(), w.demo.Server.Password()) {
		if strings.Contains(string(b), secret) {
			t.Error("the password is in the trace")
		}
	}
	tab := ran(t, w, q, "Get-AcceptedDomain") // a session of the trace goes on without it
	if tab.Err() != nil {
		t.Error(tab.Err())
	}
	w.desk.Spawn(func() { w.recorder.begin(filepath.Join(name, "no")) })
	q.Until(t, "the error", func() bool { return desktest.Buttons(w.desk)["Details"] != nil }) // which stays, as notes do not
	if w.recorder.now != nil {
		t.Error("a trace into a file that cannot be written runs")
	}
}

// TestAWaitingSignInSaysItsPlace: the dialog too waits for a slot, says so, and
// can free one.
func TestAWaitingSignInSaysItsPlace(t *testing.T) {
	desktest.German(t)
	a, q := connected(t)
	w := a.window
	for _, n := range []int{1, 2} {
		w.tenants.chosen(tenants.Item(demoTenant(w, n)))
		if tab := ran(t, w, q, "Get-AcceptedDomain"); tab.Err() != nil {
			t.Fatal(tab.Err())
		}
	}
	w.connector.ShowDemo(w.demo.Demo).SetTenant(demoTenant(w, 3))
	desktest.Press(t, w.desk, "Verbinden")
	q.Until(t, "the offer", func() bool { return strings.Contains(desktest.Text(w.desk), "Platz 1") })
	desktest.Shot(t, w.desk, "sign-in german waits")
	disconnect := words.Session(a.manager.Sessions()[1]) + " trennen"
	q.Until(t, "an idle session", func() bool { return desktest.Buttons(w.desk)[disconnect] != nil })
	desktest.Press(t, w.desk, disconnect)
	q.Until(t, "the end of the sign-in", func() bool { return w.desk.Sheets.Top() == nil })
	if w.accounts.now.tenant.Domain != demoTenant(w, 3).Domain {
		t.Error("the sign-in did not go on")
	}
}

// TestDisconnectAsksWhereSomethingIsLost: one idle session is closed at once; where there
// are several, or a command runs, the window asks, and Enter keeps them. Every way to it
// asks alike: the panel's, the menu's, the one at the top and the desktop's tray.
func TestDisconnectAsksWhereSomethingIsLost(t *testing.T) {
	a, q := connected(t)
	w := a.window
	w.tenants.chosen(tenants.Item(demoTenant(w, 1)))
	ran(t, w, q, "Get-AcceptedDomain")
	if n := len(a.manager.Sessions()); n != 2 {
		t.Fatalf("%d sessions", n)
	}
	asks := func() bool {
		top := w.desk.Sheets.Top()
		return top != nil && strings.HasPrefix(top.Title(), "Disconnect ")
	}
	all := desktest.Buttons(w.desk)["Disconnect all"]
	menu := func() {
		for _, m := range w.window.MainMenu().Items {
			for _, i := range m.Items {
				if i.Label == "Disconnect all" {
					i.Action()
				}
			}
		}
	}
	for name, way := range map[string]func(){
		"mouse": func() { test.Tap(all) }, "keyboard": func() { w.desk.Focus(all); desktest.Type(w.desk, fyne.KeyReturn) },
		"menu": menu, "top": func() { test.Tap(w.bar.connect) },
	} {
		way()
		if !asks() || !strings.Contains(desktest.Text(w.desk), demoTenant(w, 1).Name) {
			t.Fatalf("%s: nothing is asked\n%s", name, desktest.Text(w.desk))
		}
		desktest.Type(w.desk, fyne.KeyReturn) // Enter is what loses nothing
		q.Drain()
		if asks() || len(a.manager.Sessions()) != 2 || w.accounts.now == nil {
			t.Errorf("%s: Enter does not keep the sessions", name)
		}
	}
	desktest.Shot(t, w.desk, "disconnect all asks")
	w.sessions.Disconnect(a.manager.Sessions()[0].ID) // one that is idle
	q.Until(t, "one session", func() bool { return len(a.manager.Sessions()) == 1 })

	faults(t, w, simulator.Rule{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Cmdlet: "Get-Mailbox", Delay: simulator.Duration(time.Hour)})
	tab := w.opening.cmdlet("Get-Mailbox")
	tab.Form().Run()
	q.Until(t, "the command", func() bool { return w.demo.Server.Stats().CommandsByName["Get-Mailbox"] == 1 })
	id := a.manager.Sessions()[0].ID
	for name, way := range map[string]func(){"one": func() { w.sessions.Disconnect(id) }, "all": w.sessions.DisconnectAll} {
		way()
		if !asks() || !strings.Contains(desktest.Text(w.desk), "Get-Mailbox") || !tab.Running() {
			t.Fatalf("%s: nothing is asked while a command runs", name)
		}
		desktest.Type(w.desk, fyne.KeyEscape)
	}
	w.sessions.DisconnectAll()
	desktest.Shot(t, w.desk, "disconnect while a command runs asks")
	desktest.Press(t, w.desk, "Disconnect")
	q.Until(t, "no session", func() bool { return len(a.manager.Sessions()) == 0 && !tab.Running() })
	if asks() {
		t.Error("it still asks")
	}
}
