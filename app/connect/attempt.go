package connect

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/lang"

	"postroom/app/settings"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/catalogue"
	"postroom/session/credential"
	"postroom/session/endpoint"
)

// beginAttempt reads the dialog and closes it to changes. It is false when
// something is missing, which then stands beside its field.
func (d *Dialog) beginAttempt() (*attempt, context.Context, bool) {
	if d.attempt != nil {
		return nil, nil, false // on its way already
	}
	d.clearErrors()
	target, err := d.read()
	if err != nil {
		d.blame(err)
		return nil, nil, false
	}
	a := &attempt{
		of: d.of, progress: d.progress, waiting: d.modern.waiting, problem: d.showProblem,
		graph: d.graph != nil, signInOnly: d.only != nil,
		target: d.of.Window.Traced(target), keep: credential.KeepThisTime, secret: d.secret(target), choice: !d.login.noKeyring,
		demo: d.of.Window.Demo().At(target.Endpoint.URL),
	}
	a.onItsWay = func() bool { return d.attempt == a }
	if d.login.remember.Checked {
		a.keep = credential.KeepAlways
	}
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel, d.attempt = cancel, a
	d.setBusy(true)
	return a, ctx, true
}

// secret is what was typed that nobody may read: the password, or the passphrase of
// a certificate.
func (d *Dialog) secret(t session.Target) credential.Secret {
	if t.Endpoint.Door == endpoint.REST {
		return credential.NewSecret(d.modern.passphrase.Text())
	}
	return credential.NewSecret(d.login.password.Text())
}

// Submit signs in with what was typed.
func (d *Dialog) Submit() {
	a, ctx, ok := d.beginAttempt()
	if !ok {
		return
	}
	d.connect.SetText(lang.L("Connecting ..."))
	if d.graph != nil {
		d.progress.set(graphSteps())
	} else {
		d.progress.set(connectSteps(a.target))
	}
	d.of.Desk.Spawn(func() { // ends with the attempt, which Cancel ends
		defer a.cancel()
		may, err := a.work(ctx)
		d.of.Desk.Post(func() { d.ended(a, may, err) })
	})
}

// ended shows how the attempt came out.
func (d *Dialog) ended(a *attempt, may catalogue.Catalogue, err error) {
	d.attempt = nil
	d.setBusy(false)
	d.connect.SetText(d.deed)
	d.progress.offer(nil)
	if err == nil && d.graph != nil {
		d.leave()
		d.graph(a.found)
		return
	}
	if err == nil && d.only != nil {
		d.leave()
		d.only()
		return
	}
	if err == nil {
		d.leave()
		d.of.noteSignIn(a)
		d.of.Window.SignedIn(a.target, may)
		return
	}
	d.progress.failed()
	d.tellFailure(a, err)
}

// tellFailure shows why an attempt failed, where it was caused.
func (d *Dialog) tellFailure(a *attempt, err error) {
	d.failed = err
	if errors.Is(err, context.Canceled) {
		d.progress.set(nil)
		d.focus(fieldAccount)
		return
	}
	d.blame(err)
	if a.secret.IsZero() && words.Explain(err).ID == "wrong-password" {
		d.setError(fieldPassword, noLongerAccepted())
		d.login.tellKept()
		d.of.loadAccounts(d.login.tellKept)
	}
	d.arrange()
}

// noteSignIn notes what the next sign-in begins with.
func (c *Connector) noteSignIn(a *attempt) {
	c.loadAccounts(nil)
	if a.demo {
		return
	}
	c.Desk.Keep(c.Settings.Change(func(s *settings.Settings) {
		s.Endpoint, s.Account, s.Tenant = a.target.Endpoint.ID, a.target.Account, a.target.Tenant.Domain
		if a.choice {
			s.Remember = a.keep == credential.KeepAlways
		}
	}))
}

// tryConnection goes the way to the server step by step.
func (d *Dialog) tryConnection() {
	a, ctx, ok := d.beginAttempt()
	if !ok {
		return
	}
	d.test.SetText(lang.L("Testing ..."))
	d.progress.set(testSteps(a.target))
	d.of.Desk.Spawn(func() { // ends with the test, which Cancel ends
		defer a.cancel()
		err := a.check(a.awaitingKeyring(ctx))
		d.of.Desk.Post(func() { d.testEnded(a, err) })
	})
}

func (d *Dialog) testEnded(a *attempt, err error) {
	d.attempt = nil
	d.setBusy(false)
	d.test.SetText(lang.L("Test connection"))
	d.progress.offer(nil)
	if err != nil {
		d.progress.failed()
		d.tellFailure(a, err)
		return
	}
	d.progress.notice("")
	d.of.Desk.Focus(d.connect)
}
