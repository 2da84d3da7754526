package connect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"fyne.io/fyne/v2/lang"

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
	of       *Connector
	progress *progress
	waiting  *waiting    // for the browser
	onItsWay func() bool // it has neither ended nor been cancelled; on the UI thread
	problem  func(error) // is shown, and the attempt goes on

	graph, signInOnly bool // what is wanted in place of a session

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

// work opens the session and finds out what the account may do. On a worker.
func (a *attempt) work(ctx context.Context) (catalogue.Catalogue, error) {
	m := a.of.Manager
	var none catalogue.Catalogue
	if a.graph {
		return none, a.customers(ctx)
	}
	signedIn := 0 // steps
	trial := &signin.Trial{}
	var err error
	started := time.Now()
	if a.target.Endpoint.Door == endpoint.REST {
		if err = a.authorize(a.awaitingKeyring(ctx)); err != nil {
			return none, err
		}
		a.stepDone(0, started)
		if a.signInOnly {
			return none, nil
		}
		signedIn = 1
	} else if trial, err = a.tryPassword(); err != nil {
		return none, err
	}
	defer trial.Drop()
	open := map[session.ID]bool{}
	for _, i := range m.Sessions() {
		open[i.ID] = true
	}
	started = time.Now()
	id, err := m.Open(a.awaitingKeyring(ctx), a.target)
	if err != nil {
		return none, err
	}
	a.stepDone(signedIn, started)
	started = time.Now()
	may, err := a.of.MayRun(a.counting(ctx), id, a.target)
	if err != nil {
		if !open[id] { // it was opened for nothing
			closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
			defer cancel()
			err = errors.Join(err, m.Close(closing, id))
		}
		return none, err
	}
	a.stepDone(signedIn+1, started)
	if !a.secret.IsZero() && signedIn == 0 {
		a.rememberPassword(ctx, trial)
	}
	a.target.Endpoint, err = a.keepEndpoint(context.WithoutCancel(ctx))
	if err != nil {
		a.of.Desk.Post(func() { a.of.Desk.Problem(err) }) // connected all the same
	}
	return may, nil
}

// tryPassword lets the password that was typed be used; where none was, the
// vault's is.
func (a *attempt) tryPassword() (*signin.Trial, error) {
	if a.secret.IsZero() {
		return &signin.Trial{}, nil
	}
	trial, err := a.of.Access.Passwords.Try(a.target.Account, a.target.Endpoint.URL, a.secret)
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	return trial, nil
}

// rememberPassword keeps a password that works. On a worker; it may wait for
// the keyring to be unlocked, and Cancel then only ends that.
func (a *attempt) rememberPassword(ctx context.Context, trial *signin.Trial) {
	kept, err := trial.Keep(a.awaitingKeyring(ctx), a.keep)
	if err == nil && a.keep == credential.KeepAlways {
		err = kept.Err
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	// The password works, it is only not remembered: said, and no reason to stop.
	p := words.Explain(err)
	a.of.Desk.Post(func() {
		a.of.Desk.Note(widgets.Warning, p.Title+" "+lang.L("The password is kept in memory until the program ends."))
	})
}

// show shows something of the attempt while it is on its way. Called on a worker.
func (a *attempt) show(do func()) {
	a.of.Desk.Post(func() {
		if a.onItsWay() {
			do()
		}
	})
}

// awaitingKeyring says in the dialog when the keyring waits for the person.
func (a *attempt) awaitingKeyring(ctx context.Context) context.Context {
	return credential.NotifyWaiting(ctx, func(waiting bool) {
		a.show(func() { a.keyringWaits(waiting) })
	})
}

func (a *attempt) keyringWaits(waiting bool) {
	text := ""
	if waiting {
		text = lang.L("Waiting for your keyring to be unlocked ...")
	}
	a.progress.notice(text)
}

// keepEndpoint adds an address that was pasted or typed, and worked, to the
// person's own. On a worker.
func (a *attempt) keepEndpoint(ctx context.Context) (endpoint.Endpoint, error) {
	e := a.target.Endpoint
	directory := a.of.Directory
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

// stepDone ticks a step of Connect off. Called on a worker.
func (a *attempt) stepDone(n int, started time.Time) {
	took := time.Since(started)
	a.show(func() { a.progress.done(n, took) })
}

// check goes the way of a test. On a worker. A sign-in that needs the person is
// theirs in its turn; then the way is gone anew.
func (a *attempt) check(ctx context.Context) error {
	to := a.target
	each := func(step session.Step) { a.show(func() { a.progress.tested(to.Endpoint, step) }) }
	if a.target.Endpoint.Door != endpoint.REST {
		trial, err := a.tryPassword()
		if err != nil {
			return err
		}
		defer trial.Drop()
	}
	defer a.of.Desk.Post(func() { a.waiting.hide() })
	var err error
	a.target, err = a.of.Access.Check(ctx, a.target, access.Checking{
		Manager: a.of.Manager, Passphrase: a.secret, Face: asking{a}, Step: each,
		Again: func() {
			a.of.Desk.Post(func() {
				a.waiting.hide()
				a.progress.set(testSteps(to))
			})
		},
	})
	return err
}
