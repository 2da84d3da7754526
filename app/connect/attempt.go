package connect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/settings"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/catalogue"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/partner"
	"postroom/session/signin"
	"postroom/widgets"
)

// attempt is what a press of Connect or Test connection does, on a worker.
type attempt struct {
	target session.Target
	keep   credential.Keep
	secret credential.Secret // that was typed; zero for one that is remembered
	choice bool              // there was a keyring to choose
	demo   bool              // it goes to the demo, which leaves no trace
	cancel context.CancelFunc
	found  partner.Found // of Graph
}

// closeTime bounds the closing of a session that was opened for nothing.
const closeTime = 10 * time.Second

// beginAttempt reads the dialog and closes it to changes. It is false when
// something is missing, which then stands beside its field.
func (d *Dialog) beginAttempt() (attempt, context.Context, bool) {
	if d.stop != nil {
		return attempt{}, nil, false // on its way already
	}
	d.clearErrors()
	target, err := d.read()
	if err != nil {
		d.blame(err)
		return attempt{}, nil, false
	}
	a := attempt{target: d.of.Window.Traced(target), keep: credential.KeepThisTime, secret: d.secret(target), choice: !d.login.noKeyring}
	a.demo = d.of.Window.Demo().At(target.Endpoint.URL)
	if d.login.remember.Checked {
		a.keep = credential.KeepAlways
	}
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel, d.stop = cancel, cancel
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
		may, err := d.work(ctx, &a)
		d.of.Desk.Post(func() { d.ended(a, may, err) })
	})
}

// work opens the session and finds out what the account may do. On a worker.
func (d *Dialog) work(ctx context.Context, a *attempt) (catalogue.Catalogue, error) {
	m := d.of.Manager
	var none catalogue.Catalogue
	if d.graph != nil {
		return none, d.customers(ctx, a)
	}
	signedIn := 0 // steps
	trial := &signin.Trial{}
	var err error
	started := time.Now()
	if a.target.Endpoint.Door == endpoint.REST {
		if err = d.authorize(d.awaitingKeyring(ctx), a); err != nil {
			return none, err
		}
		d.stepDone(0, started)
		if d.only != nil {
			return none, nil
		}
		signedIn = 1
	} else if trial, err = d.tryPassword(a); err != nil {
		return none, err
	}
	defer trial.Drop()
	open := map[session.ID]bool{}
	for _, i := range m.Sessions() {
		open[i.ID] = true
	}
	started = time.Now()
	id, err := m.Open(d.awaitingKeyring(ctx), a.target)
	if err != nil {
		return none, err
	}
	d.stepDone(signedIn, started)
	started = time.Now()
	may, err := d.of.MayRun(d.counting(ctx), id, a.target)
	if err != nil {
		if !open[id] { // it was opened for nothing
			closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
			defer cancel()
			err = errors.Join(err, m.Close(closing, id))
		}
		return none, err
	}
	d.stepDone(signedIn+1, started)
	if !a.secret.IsZero() && signedIn == 0 {
		d.rememberPassword(ctx, trial, a.keep)
	}
	a.target.Endpoint, err = d.keepEndpoint(context.WithoutCancel(ctx), a)
	if err != nil {
		d.of.Desk.Post(func() { d.of.Desk.Problem(err) }) // connected all the same
	}
	return may, nil
}

// tryPassword lets the password that was typed be used; where none was, the
// vault's is.
func (d *Dialog) tryPassword(a *attempt) (*signin.Trial, error) {
	if a.secret.IsZero() {
		return &signin.Trial{}, nil
	}
	trial, err := d.of.Access.Passwords.Try(a.target.Account, a.target.Endpoint.URL, a.secret)
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	return trial, nil
}

// rememberPassword keeps a password that works. On a worker; it may wait for
// the keyring to be unlocked, and Cancel then only ends that.
func (d *Dialog) rememberPassword(ctx context.Context, trial *signin.Trial, keep credential.Keep) {
	kept, err := trial.Keep(d.awaitingKeyring(ctx), keep)
	if err == nil && keep == credential.KeepAlways {
		err = kept.Err
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	// The password works, it is only not remembered: said, and no reason to stop.
	p := words.Explain(err)
	d.of.Desk.Post(func() {
		d.of.Desk.Note(widgets.Warning, p.Title+" "+lang.L("The password is kept in memory until the program ends."))
	})
}

// awaitingKeyring says in the dialog when the keyring waits for the person.
func (d *Dialog) awaitingKeyring(ctx context.Context) context.Context {
	return credential.NotifyWaiting(ctx, func(waiting bool) {
		d.of.Desk.Post(func() { d.keyringWaits(waiting) })
	})
}

func (d *Dialog) keyringWaits(waiting bool) {
	switch {
	case d.stop == nil: // over
	case waiting:
		d.progress.notice(lang.L("Waiting for your keyring to be unlocked ..."))
	default:
		d.progress.notice("")
	}
}

// keepEndpoint adds an address that was pasted or typed, and worked, to the
// person's own. On a worker.
func (d *Dialog) keepEndpoint(ctx context.Context, a *attempt) (endpoint.Endpoint, error) {
	e := a.target.Endpoint
	directory := d.of.Directory
	if known, ok := directory.Recognize(e); ok && known.URL == e.URL {
		if known.Authority == e.Authority && known.Modern == e.Modern {
			return known, nil
		}
		if known.Own { // with the authority, or the application, that was added in the dialog
			known.Authority, known.Modern = e.Authority, e.Modern
			return known, directory.Edit(ctx, known)
		}
	}
	if e.Kind == endpoint.KindDemo || a.demo {
		return e, nil
	}
	own := e
	own.ID, own.Own, own.Texts, own.Closed = "", true, nil, ""
	if u, err := url.Parse(e.URL); err == nil {
		own.Name = u.Host
	}
	kept, err := directory.Add(ctx, own)
	if err != nil {
		return e, err
	}
	return kept, nil
}

// ended shows how the attempt came out.
func (d *Dialog) ended(a attempt, may catalogue.Catalogue, err error) {
	d.stop = nil
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
func (d *Dialog) tellFailure(a attempt, err error) {
	d.failed = err
	if errors.Is(err, context.Canceled) {
		d.progress.set(nil)
		d.focus(fieldAccount)
		return
	}
	d.blame(err)
	if a.secret.IsZero() && words.Explain(err).ID == "wrong-password" {
		d.setError(fieldPassword, lang.L("The remembered password is no longer accepted. Enter the new one."))
	}
	d.arrange()
}

// noteSignIn notes what the next sign-in begins with.
func (c *Connector) noteSignIn(a attempt) {
	t := a.target
	c.Desk.Spawn(func() { // ends when the file is written
		if a.demo {
			return
		}
		err := c.Settings.Change(context.Background(), func(s *settings.Settings) {
			s.Endpoint, s.Account, s.Tenant = t.Endpoint.ID, t.Account, t.Tenant.Domain
			if a.choice {
				s.Remember = a.keep == credential.KeepAlways
			}
		})
		if err != nil {
			c.Desk.Post(func() { c.Desk.Problem(err) })
		}
	})
	c.loadAccounts(nil)
}

// stepDone ticks a step of Connect off. Called on a worker.
func (d *Dialog) stepDone(n int, started time.Time) {
	took := time.Since(started)
	d.of.Desk.Post(func() {
		if d.stop != nil {
			d.progress.done(n, took)
		}
	})
}

// tested ticks a step of the test off, unless it is over.
func (d *Dialog) tested(at endpoint.Endpoint, step session.Step) {
	if d.stop != nil {
		d.progress.tested(at, step)
	}
}

// read makes a target of what was typed. The password may be missing where one
// is remembered.
func (d *Dialog) read() (session.Target, error) {
	p := d.place
	if p.endpoint.Template() && looksLikeConnection(p.host.Text) { // typed as an address
		d.takeConnection(p.host.Text)
	}
	if p.endpoint.Template() && strings.TrimSpace(p.host.Text) == "" {
		return session.Target{}, &fieldError{field: fieldHost, text: lang.L("Enter the name of the server.")}
	}
	e := p.chosen()
	t := session.Target{Endpoint: e, Auth: p.method, Tenant: p.tenant, RootCAs: d.of.Roots, AllowRedirect: d.of.AllowRedirect(e)}
	if err := e.Validate(); err != nil {
		return t, p.invalid(err)
	}
	if _, err := e.For(p.tenant); err != nil {
		return t, &fieldError{field: fieldTenant, text: words.Explain(err).Title, err: err}
	}
	t.RootCAs = d.roots(e)
	if d.graph != nil && e.Door != endpoint.REST {
		return t, &fieldError{field: fieldWhere, text: lang.L("Choose a Microsoft 365 endpoint."), err: partner.ErrNotModern}
	}
	var err error
	if e.Door == endpoint.REST {
		return d.readModern(t)
	}
	if t.Account, err = d.login.read(); err != nil {
		return t, err
	}
	if d.login.password.Text() == "" && !d.login.isRemembered() && !byTicket(t) {
		return t, &fieldError{field: fieldPassword, text: lang.L("Enter the password."), err: credential.ErrNoAccount}
	}
	return t, nil
}

// readModern is read for an endpoint that asks for tokens.
func (d *Dialog) readModern(t session.Target) (session.Target, error) {
	var err error
	if t.Endpoint, err = d.modern.read(t.Endpoint, t.Method()); err != nil {
		return t, err
	}
	if t.Method() != endpoint.AuthApp {
		t.Account, err = d.login.read()
		return t, err
	}
	if t.Tenant.IsZero() {
		return t, &fieldError{field: fieldTenant, text: lang.L("Choose the tenant: an application has none of its own.")}
	}
	t.Account = t.Endpoint.Modern.ClientID
	return t, nil
}

// tryConnection goes the way to the server step by step.
func (d *Dialog) tryConnection() {
	a, ctx, ok := d.beginAttempt()
	if !ok {
		return
	}
	d.test.SetText(lang.L("Testing ..."))
	d.progress.set(testSteps(a.target.Endpoint))
	d.of.Desk.Spawn(func() { // ends with the test, which Cancel ends
		defer a.cancel()
		err := d.check(d.awaitingKeyring(ctx), &a)
		d.of.Desk.Post(func() { d.testEnded(a, err) })
	})
}

// check goes the way of a test. On a worker. A sign-in that needs the person is
// theirs in its turn; then the way is gone anew.
func (d *Dialog) check(ctx context.Context, a *attempt) error {
	at := a.target.Endpoint
	each := func(step session.Step) { d.of.Desk.Post(func() { d.tested(at, step) }) }
	if a.target.Endpoint.Door != endpoint.REST {
		trial, err := d.tryPassword(a)
		if err != nil {
			return err
		}
		defer trial.Drop()
	}
	defer d.of.Desk.Post(func() { d.modern.waiting.hide() })
	var err error
	a.target, err = d.of.Access.Check(ctx, a.target, access.Checking{
		Manager: d.of.Manager, Passphrase: a.secret, Face: asking{d, a}, Step: each,
		Again: func() {
			d.of.Desk.Post(func() {
				d.modern.waiting.hide()
				d.progress.set(testSteps(at))
			})
		},
	})
	return err
}

func (d *Dialog) testEnded(a attempt, err error) {
	d.stop = nil
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

// byTicket says that the account signs in by Kerberos, which may need no password.
func byTicket(t session.Target) bool {
	return t.Auth == endpoint.AuthKerberos ||
		t.Auth == "" && len(t.Endpoint.Auth) > 0 && t.Endpoint.Auth[0] == endpoint.AuthKerberos
}
