package connect

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// online shows the dialog for the demo's door of Exchange Online.
func online(t *testing.T, w *bench) *Dialog {
	t.Helper()
	d := w.ShowDemo(w.demo)
	d.place.set(w.demo.Online)
	w.Drain()
	return d
}

// signedInOnline signs in to the demo's Exchange Online by its page.
func signedInOnline(t *testing.T, w *bench) *Dialog {
	t.Helper()
	d := online(t, w)
	d.Submit()
	w.Until(t, "the demo's page", d.modern.waiting.content.Visible)
	hit(t, d.modern.waiting.page)
	w.Until(t, "the sign-in", d.over)
	return d
}

// hit presses a button as a person does.
func hit(t *testing.T, b *widgets.Button) {
	t.Helper()
	if !b.Visible() || b.Disabled() {
		t.Fatalf("%q cannot be pressed", b.Text)
	}
	b.Tapped(&fyne.PointEvent{})
}

// A newcomer signs in to the demo's Exchange Online with a click, and the next time
// without one.
func TestTheDemosExchangeOnline(t *testing.T) {
	w, q := withDemo(t)
	d := online(t, w)
	if d.fields[fieldPassword].row.Visible() || d.login.remembering.Visible() {
		t.Error("a password is asked for where a page does it")
	}
	if !d.fields[fieldTenant].row.Visible() || !d.fields[fieldAuth].row.Visible() {
		t.Error("tenant or way of signing in is not asked for")
	}
	d.Submit()
	q.Until(t, "the demo's page", d.modern.waiting.content.Visible)
	if f := w.Desk.Window.Canvas().Focused(); f != fyne.Focusable(d.modern.waiting.page) {
		t.Errorf("the focus is on %T", f)
	}
	desktest.Type(w.Desk, fyne.KeySpace)
	q.Until(t, "the sign-in", d.over)
	if w.signed == nil {
		t.Fatalf("not signed in: %v", d.failed)
	}
	if w.signed.Account != w.demo.Server.Account() || w.signed.Endpoint.Door != endpoint.REST {
		t.Errorf("signed in as %s at %s", w.signed.Account, w.signed.Endpoint.URL)
	}
	infos := w.Manager.Sessions()
	if len(infos) != 1 || infos[0].TenantID != w.demo.Server.TenantID() || infos[0].TokenUntil.IsZero() {
		t.Errorf("%+v", infos)
	}

	w.signed = nil
	again := online(t, w)
	q.Until(t, "who is signed in", func() bool { return len(again.modern.signedIn) == 1 })
	again.SetTenant(endpoint.Tenant{Name: "X", Domain: w.demo.Server.Tenants()[1].Domain})
	again.Submit()
	q.Until(t, "the silent sign-in", again.over)
	if w.signed == nil || w.signed.Tenant.ID == "" {
		t.Fatalf("the second sign-in asks: %v", again.failed)
	}
}

func TestSignOutForgets(t *testing.T) {
	w, q := withDemo(t)
	signedInOnline(t, w)
	again := online(t, w)
	q.Until(t, "Sign out", again.modern.signOut.Visible)
	hit(t, again.modern.signOut)
	q.Until(t, "nobody", func() bool { return len(again.modern.signedIn) == 0 && !again.modern.signOut.Visible() })
	again.Submit()
	q.Until(t, "the page is asked again", again.modern.waiting.content.Visible)
	hit(t, again.modern.waiting.cancel)
	q.Until(t, "the end", again.over)
	if again.login.account.Text == "" || again.modern.waiting.content.Visible() {
		t.Error("Cancel does not keep what was filled in, or the page stays")
	}
}

// A code is shown to copy, and entered at the demo by a click.
func TestACodeForAnotherDevice(t *testing.T) {
	w, q := withDemo(t)
	d := online(t, w)
	d.place.auth.OnChosen(widgets.Item{ID: endpoint.AuthDevice})
	d.Submit()
	waiting := d.modern.waiting
	q.Until(t, "the code", waiting.content.Visible)
	code := waiting.code.Value()
	desktest.Shot(t, w.Desk, "sign-in-code")
	hit(t, waiting.copy)
	if len(code) < 6 || w.Desk.Pasted() != code {
		t.Errorf("the code %q is copied as %q", code, w.Desk.Pasted())
	}
	hit(t, waiting.page)
	q.Until(t, "the sign-in", d.over)
	if w.signed == nil {
		t.Fatalf("not signed in: %v", d.failed)
	}
}

// An application signs in with its certificate, for a tenant.
func TestAnApplication(t *testing.T) {
	w, q := withDemo(t)
	d := online(t, w)
	d.place.auth.OnChosen(widgets.Item{ID: endpoint.AuthApp})
	if d.fields[fieldAccount].row.Visible() || !d.fields[fieldCertificate].row.Visible() || !d.fields[fieldApp].row.Visible() {
		t.Error("the fields are not those of an application")
	}
	d.Submit()
	q.Drain()
	if !d.over() || !d.fields[fieldTenant].wrong.Visible() {
		t.Fatal("an application signs in without a tenant")
	}
	d.SetTenant(endpoint.Tenant{Name: "X", Domain: w.demo.Server.Tenants()[1].Domain})
	d.modern.file.SetText("/nowhere/application.pem")
	d.Submit()
	q.Until(t, "the end", d.over)
	if w.signed != nil || !strings.Contains(problemText(d), "application.pem") {
		t.Errorf("a file that is not there: %s", problemText(d))
	}
	d.modern.file.SetText(w.demo.Server.CertificateFile())
	d.Submit()
	q.Until(t, "the sign-in", d.over)
	if w.signed == nil || w.signed.Account != w.demo.Server.ClientID() {
		t.Fatalf("not signed in: %v", d.failed)
	}
}

func problemText(d *Dialog) string {
	if d.failed == nil {
		return ""
	}
	return d.failed.Error()
}

// A tenant that nobody knows is told at its field, before anybody signs in.
func TestAnUnknownTenantIsToldAtOnce(t *testing.T) {
	w, q := withDemo(t)
	d := online(t, w)
	d.SetTenant(endpoint.Tenant{Name: "Nobody", Domain: "nobody.example"})
	d.Submit()
	q.Until(t, "the end", d.over)
	if !d.fields[fieldTenant].wrong.Visible() || d.modern.waiting.content.Visible() {
		t.Errorf("not told: %v", d.failed)
	}
}

// Two doors of one demo: choosing the classic one brings the password back.
func TestTheDoorsTakeTurnsInTheDialog(t *testing.T) {
	w, q := withDemo(t)
	d := online(t, w)
	d.place.whereChosen(widgets.Item{ID: w.demo.Endpoint.ID})
	q.Drain()
	if !d.fields[fieldPassword].row.Visible() || d.fields[fieldKept].row.Visible() || d.place.endpoint.Door == endpoint.REST {
		t.Error("the classic door has no password field")
	}
	d.Submit()
	q.Until(t, "the sign-in", d.over)
	if w.signed == nil || w.signed.Endpoint.Door == endpoint.REST {
		t.Fatalf("not signed in: %v", d.failed)
	}
}

// Forty tenants at once, without the person: each token is of its own tenant.
func TestFortyTenantsAtOnce(t *testing.T) {
	w, _ := withDemo(t)
	signedInOnline(t, w)
	tenants := w.demo.Server.Tenants()
	type got struct {
		want string
		info session.Token
		err  error
	}
	all := make(chan got)
	for i := range 40 {
		target := *w.signed
		target.Tenant = endpoint.Tenant{Domain: tenants[i%len(tenants)].Domain}
		go func() { // ends with its token
			id, err := w.Access.Finder.Tenant(context.Background(), target)
			if err != nil {
				all <- got{err: err}
				return
			}
			token, err := w.Access.Tokens.Token(context.Background(), target, session.TokenRequest{Tenant: id})
			all <- got{id, token, err}
		}()
	}
	for range 40 {
		if g := <-all; g.err != nil || g.info.Tenant != g.want {
			t.Errorf("a token of %s for %s: %v", g.info.Tenant, g.want, g.err)
		}
	}
}

// The access check ticks each step off, signs in where it must, and names at the
// step that fails who can mend it.
func TestAccessCheck(t *testing.T) {
	w, q := withDemo(t)
	d := online(t, w)
	d.tryConnection()
	q.Until(t, "the demo's page", d.modern.waiting.content.Visible)
	desktest.Shot(t, w.Desk, "sign-in-cloud")
	hit(t, d.modern.waiting.page)
	q.Until(t, "the check", d.over)
	desktest.Shot(t, w.Desk, "sign-in-check")
	steps := d.progress.steps.Steps()
	if len(steps) != 9 || d.failed != nil {
		t.Fatalf("%d steps, %v", len(steps), d.failed)
	}
	for _, s := range steps {
		if s.State != widgets.StepDone || s.Took == 0 || s.Who == "" {
			t.Errorf("%+v", s)
		}
	}
	if who := steps[6].Who; who != "tenant's administrator" {
		t.Errorf("a role at one's own tenant is mended by %q", who)
	}
	d.SetTenant(endpoint.Tenant{Name: "Closed", Domain: "closed.example"})
	d.tryConnection()
	if who := d.progress.steps.Steps()[6].Who; who != "partner's administrator" {
		t.Errorf("a role at a customer's tenant is mended by %q", who)
	}
	q.Until(t, "the check", d.over)
	steps = d.progress.steps.Steps()
	desktest.Shot(t, w.Desk, "sign-in-check-failed")
	if s := steps[3]; s.State != widgets.StepFailed || s.Who != "an administrator of the partner" || steps[4].State != widgets.StepPending {
		t.Errorf("%+v", steps)
	}
}

// Microsoft 365 stands first among the places, in every language.
func TestMicrosoft365StandsFirst(t *testing.T) {
	desktest.German(t)
	w, q := withDemo(t)
	w.Show()
	q.Drain()
	if first := w.dialog.place.search("")[0]; first.ID != "microsoft-365" {
		t.Errorf("%s stands first", first.Title)
	}
}
