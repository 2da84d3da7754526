package connect

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/endpoint"
	"postroom/session/simulator"
	"postroom/widgets"
)

// checking is a bench on which the page of checks of the demo's tenants is open, one of
// them closed to the account and one that wants another sign-in.
func checking(t *testing.T) (*bench, *checks) {
	t.Helper()
	w, q := withDemo(t)
	signedInOnline(t, w)
	var targets []session.Target
	for _, tenant := range append(w.demo.Tenants.All(), endpoint.Tenant{Name: "Closed", Domain: "closed.example"}) {
		target := *w.signed
		target.Tenant = tenant
		targets = append(targets, target)
	}
	check(t, w.demo.Server.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{On: simulator.Token, Fault: simulator.EntraError, Code: 50076, Tenant: targets[1].Tenant.Domain}}}))
	k := w.newChecks(targets)
	q.Until(t, "the check of the first", func() bool { return k.cancel == nil })
	return w, k
}

// The chosen tenant is checked at once, all of them by one key; those that need somebody
// stand first, and say whom. A sign-in for one of them checks it again.
func TestManyTenantsAreChecked(t *testing.T) {
	w, k := checking(t)
	if k.checked[0].State != access.CheckDone || k.checked[1].State != access.CheckQueued || len(k.steps.Steps()) != 9 {
		t.Fatalf("%+v", k.checked[:2])
	}
	w.Desk.Focus(k.all)
	desktest.Type(w.Desk, fyne.KeySpace)
	if !k.stop.Visible() || k.all.Visible() {
		t.Error("a check that runs cannot be stopped, or can be begun again")
	}
	w.Until(t, "the check of all", func() bool { return k.cancel == nil })
	last := len(k.checked) - 1
	for i, c := range k.checked {
		want := access.CheckDone
		if i == 1 || i == last {
			want = access.CheckFailed
		}
		if c.State != want {
			t.Errorf("%s: %d, %v", c.Target.Tenant.Domain, c.State, c.Err)
		}
	}
	first := k.sections()[0]
	if len(first.Items) != 2 || first.Items[0].Detail != "sign-in needed" || !strings.Contains(first.Items[1].Detail, "an administrator of the partner") {
		t.Errorf("%+v", first)
	}
	if want := fmt.Sprintf("%d tenants · passed: %d · failed: 1 · sign-in needed: 1", last+1, last-1); k.sum.Value() != want {
		t.Errorf("the sum is %q", k.sum.Value())
	}
	// By the arrows, as the list calls it.
	k.list.OnCurrent(first.Items[1].ID)
	steps := k.steps.Steps()
	if steps[3].State != widgets.StepFailed || steps[3].Who != "an administrator of the partner" || steps[4].State != widgets.StepPending || len(k.problem.Objects) == 0 || k.signIn.Visible() {
		t.Errorf("%+v", steps)
	}
	desktest.Shot(t, w.Desk, "sign-in-check-tenants")
	desktest.Press(t, w.Desk, "Copy for support")
	if said := w.Desk.Pasted(); !strings.Contains(said, "FAILED  sign-in") || !strings.Contains(said, "closed.example") && !strings.Contains(said, "Closed") || !strings.Contains(said, "partner") {
		t.Errorf("for support:\n%s", said)
	}
	k.list.OnCurrent(first.Items[0].ID)
	check(t, w.demo.Server.SetFaults(&simulator.Faults{}))
	hit(t, k.signIn)
	w.Until(t, "the sign-in", func() bool { return w.dialog.attempt == nil })
	w.Until(t, "the check after it", func() bool { return k.cancel == nil })
	if k.checked[1].State != access.CheckDone {
		t.Errorf("%+v", k.checked[1])
	}
	desktest.Type(w.Desk, fyne.KeyEscape)
	if w.Desk.Sheets.Count() != 0 {
		t.Error("Escape does not leave the page")
	}
}

// The page fits into a small window, in German and dark.
func TestManyTenantsInASmallWindow(t *testing.T) {
	desktest.German(t)
	w, k := checking(t)
	setTheme(widgets.AlwaysDark)
	t.Cleanup(func() { setTheme(widgets.AlwaysLight) })
	w.Desk.Window.Resize(fyne.NewSize(800, 600))
	k.checkAll()
	w.Until(t, "the check of all", func() bool { return k.cancel == nil })
	k.list.OnCurrent(k.sections()[0].Items[1].ID)
	w.Drain()
	for text, b := range desktest.Buttons(w.Desk) {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b)
		if b.Visible() && (at.X+b.Size().Width > 800 || (b == k.all || text == "Schließen") && at.Y+b.Size().Height > 600) {
			t.Errorf("%q stands at %v outside of the window", text, at)
		}
	}
	desktest.Shot(t, w.Desk, "sign-in-check-tenants german dark 800")
}
