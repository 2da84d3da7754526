package tray

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/signin"
	"postroom/widgets"
)

// leftoverTime bounds the deletion of what an earlier run left on servers.
const leftoverTime = time.Minute

// Leftovers are the sessions that earlier processes left open on servers.
type Leftovers struct {
	Desk      *desk.Desk
	Manager   *session.Manager
	Passwords *signin.Passwords
	Directory *endpoint.Directory
	Roots     *x509.CertPool // that sign servers' certificates; nil for the system's
}

// CleanUp deletes what earlier processes left open: quietly where the
// password is in the keyring, with a question where it is not. Not on the UI
// thread.
func (l *Leftovers) CleanUp() {
	left, err := l.Manager.Leftovers()
	if err != nil {
		l.Desk.Post(func() { l.Desk.Problem(err) })
		return
	}
	if len(left) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(credential.WithoutPrompt(context.Background()), leftoverTime)
	defer cancel()
	closed, failed := 0, 0
	var unknown []ledger.Entry // nobody knows the password
	var refused, unsure error  // a host that may not have the password; a shell that may not be there
	for _, r := range l.Manager.CleanUp(ctx, left, l.target) {
		switch {
		case r.Err == nil:
			closed++
		case errors.As(r.Err, new(*session.LeftoverRefusedError)):
			refused = r.Err
		case errors.As(r.Err, new(*session.MaybeThereError)):
			unsure = r.Err
		case noPassword(r.Err):
			unknown = append(unknown, r.Entry)
		default:
			failed++
		}
	}
	l.Desk.Post(func() {
		l.told(closed, failed)
		if unsure != nil {
			l.Desk.Note(widgets.Information, words.Explain(unsure).Title)
		}
		if refused != nil {
			l.Desk.Problem(refused)
		}
		l.ask(unknown)
	})
}

// noPassword says that the password could not be had, rather than that the
// server did not answer.
func noPassword(err error) bool {
	for _, why := range []error{credential.ErrNotFound, credential.ErrLocked, credential.ErrDismissed, credential.ErrUnavailable} {
		if errors.Is(err, why) {
			return true
		}
	}
	return words.Explain(err).ID == "wrong-password"
}

func (l *Leftovers) told(closed, failed int) {
	if closed > 0 {
		l.Desk.Note(widgets.Success, fmt.Sprintf(lang.L("Sessions of an earlier run disconnected: %s."), words.Number(closed)))
	}
	if failed > 0 {
		l.Desk.Note(widgets.Warning, fmt.Sprintf(lang.L("Sessions of an earlier run that could not be disconnected: %s. They time out on their own."), words.Number(failed)))
	}
}

// target gives what the deletion of a leftover needs beside its entry in the
// ledger. It may go to the server that was asked for, and where that may
// redirect to.
func (l *Leftovers) target(_ context.Context, e ledger.Entry) (session.Target, error) {
	t := session.LeftoverTarget(e, l.Directory.At(e.Server))
	t.RootCAs = l.Roots
	return t, nil
}

// ask asks for the passwords that are missing, one account after
// the other.
func (l *Leftovers) ask(entries []ledger.Entry) {
	if len(entries) == 0 {
		return
	}
	first := entries[0]
	var mine, others []ledger.Entry
	for _, e := range entries {
		if e.Holder() == first.Holder() {
			mine = append(mine, e)
		} else {
			others = append(others, e)
		}
	}
	q := &leftoverQuestion{of: l, entries: mine, next: func() { l.ask(others) }}
	q.show()
}

// leftoverQuestion asks for the password of an account that left sessions open.
type leftoverQuestion struct {
	of      *Leftovers
	entries []ledger.Entry // of one account at one server
	next    func()         // asks about the next account

	sheet    *widgets.Sheet
	password *widgets.PasswordEntry
	yes, no  *widgets.Button
	wrong    *widgets.Text
}

func (q *leftoverQuestion) show() {
	e := q.entries[0]
	q.password, q.wrong = widgets.NewPasswordEntry(), widgets.NewParagraph("", widgets.ErrorText)
	q.password.OnSubmitted = func(string) { q.disconnect() }
	q.yes = widgets.NewPrimaryButton(lang.L("Disconnect them"), q.disconnect)
	q.no = widgets.NewButton(lang.L("Not now"), q.leave)
	q.wrong.Hide()
	text := fmt.Sprintf(lang.L("Sessions left open by an earlier run of this program: %s. They count toward the account's limit until they are disconnected or time out."), words.Number(len(q.entries)))
	q.sheet = q.of.Desk.Sheets.New(widgets.SheetSpec{
		Title: lang.L("Sessions are still open"),
		Width: 560, Foot: widgets.NewFoot(nil, q.no, q.yes),
	},
		widgets.NewParagraph(text, widgets.BodyText),
		widgets.NewTextRow(lang.L("Account"), widgets.NewParagraph(e.Account, widgets.StrongText)),
		widgets.NewTextRow(lang.L("Server"), widgets.NewParagraph(e.Server, widgets.StrongText)),
		widgets.NewFormRow(widgets.NewParagraph(lang.L("Password"), widgets.LabelText), q.password),
		q.wrong,
	)
	q.sheet.Leave = q.leave
	q.sheet.Show(q.password.Field())
}

func (q *leftoverQuestion) leave() {
	q.password.SetText("")
	q.sheet.Hide()
	q.next()
}

// disconnect deletes the sessions with the password that was typed.
func (q *leftoverQuestion) disconnect() {
	if q.password.Text() == "" {
		q.password.SetError(lang.L("Enter the password."))
		return
	}
	l, e := q.of, q.entries[0]
	trial, err := l.Passwords.Try(e.Account, e.Server, credential.NewSecret(q.password.Text()))
	if err != nil {
		l.Desk.Problem(err)
		return
	}
	q.yes.Disable()
	q.password.Disable()
	l.Desk.Spawn(func() { // ends after leftoverTime at the latest
		defer trial.Drop()
		ctx, cancel := context.WithTimeout(context.Background(), leftoverTime)
		defer cancel()
		var left []ledger.Entry
		var failed []error
		for _, r := range l.Manager.CleanUp(ctx, q.entries, l.target) {
			if r.Err != nil {
				left, failed = append(left, r.Entry), append(failed, r.Err)
			}
		}
		l.Desk.Post(func() { q.done(left, failed) })
	})
}

// done shows how it went; what is left can be tried again.
func (q *leftoverQuestion) done(left []ledger.Entry, failed []error) {
	q.yes.Enable()
	q.password.Enable()
	q.of.told(len(q.entries)-len(left), 0)
	q.entries = left
	if len(left) == 0 {
		q.leave()
		return
	}
	p := words.Explain(failed[0])
	q.wrong.SetText(p.Title + " " + p.Fix)
	q.wrong.Show()
	q.sheet.Arrange()
	q.password.Focus()
}
