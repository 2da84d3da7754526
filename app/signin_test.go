package app

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/simulator"
)

// connectedOnline signs in to the demo's Exchange Online for its first tenant.
func connectedOnline(t *testing.T) (*App, *desktest.Queue) {
	t.Helper()
	w, q := withDemo(t)
	dialog := w.connector.ShowDemo(w.demo.Demo)
	dialog.SetEndpoint(w.demo.Online)
	dialog.SetTenant(demoTenant(w, 0))
	dialog.Submit()
	signInAtDemo(t, w, q)
	q.Until(t, "the connection", func() bool { return w.accounts.now != nil || len(desktest.Card(w.desk)) > 0 })
	if w.accounts.now == nil {
		t.Fatal("signing in to the demo failed: " + desktest.Text(w.desk))
	}
	return w.app, q
}

// signInAtDemo presses the button of the demo's sign-in page.
func signInAtDemo(t *testing.T, w *mainWindow, q *desktest.Queue) {
	t.Helper()
	q.Until(t, "the demo's page", func() bool { return strings.Contains(desktest.Text(w.desk), "The demo's sign-in page") })
	desktest.Press(t, w.desk, "Sign in")
}

// wantsSecondFactor lets the authority refuse the tokens of a tenant that nobody sits
// before: that of the run, and that of the sign-in before its page.
func wantsSecondFactor(t *testing.T, w *mainWindow, tenant endpoint.Tenant) {
	t.Helper()
	faults(t, w, simulator.Rule{On: simulator.Token, Fault: simulator.EntraError, Code: 50076, Tenant: tenant.Domain, Limit: 2})
}

// One tenant that wants the person is a state of its own: the rows of the others are
// there, a button beside them signs in for it alone, and its rows are added.
func TestSignInForATenantOfARun(t *testing.T) {
	a, q := connectedOnline(t)
	w := a.window
	second := demoTenant(w, 2)
	wantsSecondFactor(t, w, second)
	w.opening.cmdlet("Get-AcceptedDomain")
	tab := w.middle.open[len(w.middle.open)-1]
	desktest.Press(t, w.desk, "Tenants ...")
	desktest.Press(t, w.desk, "Tick all")
	desktest.Press(t, w.desk, "Use these")
	tab.Form().Run()
	q.Until(t, "the run", func() bool { return tab.Ran() })
	wanted := "Sign in for " + second.Name
	q.Until(t, "the button", func() bool { return desktest.Buttons(w.desk)[wanted] != nil })
	desktest.Shot(t, w.desk, "sign in for a tenant of a run")
	of := rowsByTenant(tab)
	if of[second.Domain] != 0 || len(of) != len(w.demo.Server.Tenants())-1 {
		t.Errorf("rows by tenant: %v", of)
	}
	if !strings.Contains(desktest.Text(w.desk), "1 to sign in") || !strings.Contains(desktest.Text(w.desk), "sign-in needed") {
		t.Errorf("the state is not said: %s", desktest.Text(w.desk))
	}
	sent := w.demo.Server.Stats().CommandsByName["Get-AcceptedDomain"]

	chosen := w.accounts.now.tenant
	desktest.Press(t, w.desk, wanted)
	signInAtDemo(t, w, q)
	q.Until(t, "its rows", func() bool { return !tab.Running() && rowsByTenant(tab)[second.Domain] > 0 })
	now := rowsByTenant(tab)
	for domain, n := range of {
		if now[domain] != n {
			t.Errorf("%s has %d rows, had %d", domain, now[domain], n)
		}
	}
	if desktest.Buttons(w.desk)[wanted] != nil || w.accounts.now.tenant.Domain != chosen.Domain {
		t.Error("the button stays, or another tenant is chosen now")
	}
	if again := w.demo.Server.Stats().CommandsByName["Get-AcceptedDomain"]; again != sent+1 {
		t.Errorf("%d commands were sent for one tenant", again-sent)
	}
}

// rowsByTenant counts the rows of a tab.
func rowsByTenant(tab *runs.Tab) map[string]int {
	v, of := tab.Shown(), map[string]int{}
	rows, _ := v.Size()
	for row := range rows {
		of[v.Value(row, 0).Text]++
	}
	return of
}

// The row of a connection in the tray says that the person has to sign in, lets them, and
// stops saying so when they have, before anything else is asked.
func TestSignInFromTheTray(t *testing.T) {
	a, q := connectedOnline(t)
	w := a.window
	stands := func() session.Standing { return a.manager.Sessions()[0].Standing }
	if stands().NeedsSignIn != nil || !strings.Contains(desktest.Text(w.desk), "verified") {
		t.Fatalf("after the sign-in: %+v", stands())
	}
	if err := a.access.SignOut(t.Context(), w.accounts.now.base); err != nil {
		t.Fatal(err)
	}
	const button = "Sign in for this tenant"
	q.Until(t, "the wish", func() bool { return desktest.Buttons(w.desk)[button] != nil })
	desktest.Shot(t, w.desk, "sign in from the tray")
	if stands().NeedsSignIn == nil || strings.Contains(desktest.Text(w.desk), "verified") {
		t.Errorf("signed out: %+v", stands())
	}
	asked := w.demo.Server.Stats().Commands
	desktest.Press(t, w.desk, button)
	signInAtDemo(t, w, q)
	q.Until(t, "the end of the wish", func() bool { return desktest.Buttons(w.desk)[button] == nil && w.desk.Sheets.Top() == nil })
	if stands().NeedsSignIn != nil || !strings.Contains(desktest.Text(w.desk), "verified") {
		t.Errorf("after the sign-in: %+v", stands())
	}
	if now := w.demo.Server.Stats().Commands; now != asked {
		t.Errorf("%d commands were sent", now-asked)
	}
}

// Who wants the ticked columns alone gets them from the next run on, and is told; all columns
// are one press away.
func TestOnlyTheChosenColumnsAreAskedFor(t *testing.T) {
	a, q := connectedOnline(t)
	w := a.window
	tab := ran(t, w, q, "Get-Mailbox")
	rows, _ := tab.Shown().Size()
	desktest.Press(t, w.desk, "Columns")
	desktest.Press(t, w.desk, "Tick none")
	test.Tap(desktest.Check(t, w.desk, "Ask the server for these columns only"))
	desktest.Shot(t, w.desk, "columns of Exchange Online")
	desktest.Press(t, w.desk, "Close")
	tab.Form().Run()
	q.Until(t, "the run", func() bool { return !tab.Running() })
	q.Until(t, "the note", func() bool { return desktest.Buttons(w.desk)["Get all columns"] != nil })
	desktest.Shot(t, w.desk, "only the chosen columns")
	if n, _ := tab.Shown().Size(); n != rows || tab.Err() != nil {
		t.Errorf("%d rows of %d, %v", n, rows, tab.Err())
	}
	desktest.Press(t, w.desk, "Get all columns")
	q.Until(t, "all columns", func() bool { return !tab.Running() && desktest.Buttons(w.desk)["Get all columns"] == nil })
	if n, _ := tab.Shown().Size(); n != rows || tab.Err() != nil {
		t.Errorf("%d rows of %d, %v", n, rows, tab.Err())
	}
}
