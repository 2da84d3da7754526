package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/signin"
	"postroom/widgets"
)

// attempt is what a press of Connect or Test connection does, on a worker.
type attempt struct {
	target session.Target
	keep   credential.Keep
	secret credential.Secret // that was typed; zero for one that is remembered
	choice bool              // there was a keyring to choose
	cancel context.CancelFunc
}

// beginAttempt reads the dialog and closes it to changes. It is false when
// something is missing, which then stands beside its field.
func (s *signIn) beginAttempt() (attempt, context.Context, bool) {
	if s.stop != nil {
		return attempt{}, nil, false // on its way already
	}
	s.clearErrors()
	target, err := s.read()
	if err != nil {
		s.blame(err)
		return attempt{}, nil, false
	}
	a := attempt{target: s.window.traced(target), keep: credential.KeepThisTime, secret: credential.NewSecret(s.password.Text()), choice: !s.noKeyring}
	if s.remember.Checked {
		a.keep = credential.KeepAlways
	}
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel, s.stop = cancel, cancel
	s.setBusy(true)
	return a, ctx, true
}

// submit signs in with what was typed.
func (s *signIn) submit() {
	a, ctx, ok := s.beginAttempt()
	if !ok {
		return
	}
	s.connect.SetText(lang.L("Connecting ..."))
	s.setSteps([]widgets.Step{
		{Text: fmt.Sprintf(lang.L("Session at %s"), s.server()), State: widgets.StepRunning},
		{Text: lang.L("What the account may do")},
	})
	s.window.spawn(func() { // ends with the attempt, which Cancel ends
		defer a.cancel()
		cmdlets, err := s.work(ctx, &a)
		s.window.post(func() { s.ended(a, cmdlets, err) })
	})
}

// work opens the session and asks what the account may do. On a worker.
func (s *signIn) work(ctx context.Context, a *attempt) ([]cmdlet.Cmdlet, error) {
	m := s.window.app.manager
	trial, err := s.tryPassword(a)
	if err != nil {
		return nil, err
	}
	defer trial.Drop()
	open := map[session.ID]bool{}
	for _, i := range m.Sessions() {
		open[i.ID] = true
	}
	started := time.Now()
	id, err := m.Open(s.awaitingKeyring(ctx), a.target)
	if err != nil {
		return nil, err
	}
	s.stepDone(0, started)
	started = time.Now()
	cmdlets, err := m.Commands(ctx, id)
	if err != nil {
		if !open[id] { // it was opened for nothing
			closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
			defer cancel()
			err = errors.Join(err, m.Close(closing, id))
		}
		return nil, err
	}
	s.stepDone(1, started)
	if !a.secret.IsZero() {
		s.rememberPassword(ctx, trial, a.keep)
	}
	a.target.Endpoint, err = s.keepEndpoint(context.WithoutCancel(ctx), a.target.Endpoint)
	if err != nil {
		s.window.post(func() { s.window.desk.Problem(err) }) // connected all the same
	}
	return cmdlets, nil
}

// tryPassword lets the password that was typed be used; where none was, the
// vault's is.
func (s *signIn) tryPassword(a *attempt) (*signin.Trial, error) {
	if a.secret.IsZero() {
		return &signin.Trial{}, nil
	}
	trial, err := s.window.app.passwords.Try(a.target.Account, a.target.Endpoint.URL, a.secret)
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	return trial, nil
}

// rememberPassword keeps a password that works. On a worker; it may wait for
// the keyring to be unlocked, and Cancel then only ends that.
func (s *signIn) rememberPassword(ctx context.Context, trial *signin.Trial, keep credential.Keep) {
	kept, err := trial.Keep(s.awaitingKeyring(ctx), keep)
	if err == nil && keep == credential.KeepAlways {
		err = kept.Err
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	// The password works, it is only not remembered: said, and no reason to stop.
	p := words.Explain(err)
	s.window.post(func() {
		s.window.desk.Note(widgets.Warning, p.Title+" "+lang.L("The password is kept in memory until the program ends."))
	})
}

// awaitingKeyring says in the dialog when the keyring waits for the person.
func (s *signIn) awaitingKeyring(ctx context.Context) context.Context {
	return credential.NotifyWaiting(ctx, func(waiting bool) {
		s.window.post(func() { s.keyringWaits(waiting) })
	})
}

func (s *signIn) keyringWaits(waiting bool) {
	switch {
	case s.stop == nil: // over
	case waiting:
		s.notice(lang.L("Waiting for your keyring to be unlocked ..."))
	default:
		s.notice("")
	}
}

// keepEndpoint adds an address that was pasted or typed, and worked, to the
// person's own. On a worker.
func (s *signIn) keepEndpoint(ctx context.Context, e endpoint.Endpoint) (endpoint.Endpoint, error) {
	directory := s.window.app.directory
	if known, ok := directory.Recognize(e); ok && known.URL == e.URL {
		return known, nil
	}
	if e.Kind == endpoint.KindDemo || s.window.demoAt(e.URL) != nil {
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
func (s *signIn) ended(a attempt, cmdlets []cmdlet.Cmdlet, err error) {
	s.stop = nil
	s.setBusy(false)
	s.connect.SetText(lang.L("Connect"))
	s.showQueue(nil)
	if err == nil {
		s.leave()
		s.window.rememberSignIn(a)
		s.window.signedIn(a.target, cmdlets)
		return
	}
	s.failStep(err)
	s.tellFailure(a, err)
}

// tellFailure shows why an attempt failed, where it was caused.
func (s *signIn) tellFailure(a attempt, err error) {
	s.failed = err
	if errors.Is(err, context.Canceled) {
		s.setSteps(nil)
		s.focus(fieldAccount)
		return
	}
	s.blame(err)
	if a.secret.IsZero() && words.Explain(err).ID == "wrong-password" {
		s.setError(fieldPassword, lang.L("The remembered password is not accepted any more. Enter the new one."))
	}
	s.arrange()
}

// rememberSignIn notes what the next sign-in begins with.
func (w *mainWindow) rememberSignIn(a attempt) {
	t := a.target
	w.spawn(func() { // ends when the file is written
		if t.Endpoint.Kind == endpoint.KindDemo {
			return
		}
		err := w.app.settings.change(context.Background(), func(s *settings) {
			s.Endpoint, s.Account, s.Tenant = t.Endpoint.ID, t.Account, t.Tenant.Domain
			if a.choice {
				s.Remember = a.keep == credential.KeepAlways
			}
		})
		if err != nil {
			w.post(func() { w.desk.Problem(err) })
		}
	})
	w.loadAccounts(nil)
}

// tryConnection goes the way to the server step by step.
func (s *signIn) tryConnection() {
	a, ctx, ok := s.beginAttempt()
	if !ok {
		return
	}
	s.test.SetText(lang.L("Testing ..."))
	s.setSteps(testSteps(a.target.Endpoint.URL))
	s.window.spawn(func() { // ends with the test, which Cancel ends
		defer a.cancel()
		trial, err := s.tryPassword(&a)
		if err == nil {
			defer trial.Drop()
			err = s.window.app.manager.Test(s.awaitingKeyring(ctx), a.target, func(step session.Step) {
				s.window.post(func() { s.tested(step) })
			})
		}
		s.window.post(func() { s.testEnded(a, err) })
	})
}

func (s *signIn) testEnded(a attempt, err error) {
	s.stop = nil
	s.setBusy(false)
	s.test.SetText(lang.L("Test connection"))
	s.showQueue(nil)
	if err != nil {
		s.failStep(err)
		s.tellFailure(a, err)
		return
	}
	s.notice("")
	s.window.window.Canvas().Focus(s.connect)
}

// cancelled stops the attempt, or leaves the dialog when none is on its way.
func (s *signIn) cancelled() {
	if s.stop != nil {
		s.stop()
		return
	}
	s.leave()
}

// leave closes the dialog. The password is gone from it, undo included.
func (s *signIn) leave() {
	s.password.SetText("")
	s.password.Conceal()
	s.hidden = true
	s.sheet.Hide()
}

// setBusy closes the fields to changes while an attempt is on its way.
func (s *signIn) setBusy(busy bool) {
	for _, f := range []interface {
		Disable()
		Enable()
	}{s.where, s.host, s.auth, s.customer, s.account, s.password, s.connect, s.test, s.forget, s.paste, s.unallow} {
		if busy {
			f.Disable()
		} else {
			f.Enable()
		}
	}
	if busy || s.noKeyring {
		s.remember.Disable()
	} else {
		s.remember.Enable()
	}
	if busy {
		s.window.window.Canvas().Unfocus() // Escape then reaches the sheet
	}
}

func (s *signIn) showProblem(err error) {
	s.problem.Objects = []fyne.CanvasObject{s.window.desk.ProblemCard(err)}
	s.problem.Show()
	s.arrange()
	s.sheet.ScrollToEnd()
}

func (s *signIn) hideProblem() {
	s.problem.Objects = nil
	s.problem.Hide()
	s.arrange()
}

// arrange gives the dialog the size of what is in it.
func (s *signIn) arrange() {
	if s.sheet != nil {
		s.sheet.Arrange()
	}
}
