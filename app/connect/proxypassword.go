package connect

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2/lang"

	"postroom/session/credential"
	"postroom/session/holder"
	"postroom/session/signin"
	"postroom/widgets"
)

// proxyQuestion asks for the password of a user at a proxy.
type proxyQuestion struct {
	sheet    *widgets.Sheet
	password *widgets.PasswordEntry
	remember *widgets.Check
	answer   chan signin.Typed // a zero one: none was given
}

// AskAtProxy asks the person for the password of a user at a proxy, over whatever stands in
// the window. It is called on a worker, and is a signin.Asker.
func (c *Connector) AskAtProxy(ctx context.Context, at holder.Holder, again bool) (signin.Typed, error) {
	q := &proxyQuestion{answer: make(chan signin.Typed, 1)}
	c.Desk.Post(func() {
		if ctx.Err() == nil {
			q.show(c, at, again)
		}
	})
	select {
	case typed := <-q.answer:
		if typed.Secret.IsZero() {
			return typed, credential.ErrNotFound
		}
		return typed, nil
	case <-ctx.Done():
		c.Desk.Post(q.hide)
		return signin.Typed{}, context.Cause(ctx)
	}
}

func (q *proxyQuestion) show(c *Connector, at holder.Holder, again bool) {
	q.password = widgets.NewPasswordEntry()
	q.password.OnSubmitted = func(string) { q.take() }
	q.remember = widgets.NewCheck(lang.L("Remember in the keyring of this computer"), nil)
	text := lang.L("This connection uses a proxy that needs a password. Enter the proxy's password, not your account's.")
	if again {
		text = lang.L("The proxy refused the password. Enter the right one.")
	}
	q.sheet = c.Desk.Sheets.New(widgets.SheetSpec{
		Title: fmt.Sprintf(lang.L("Password for the proxy %s"), at.Server()), Width: 520,
		Foot: widgets.NewFoot(nil, widgets.NewButton(lang.L("Continue without it"), q.leave), widgets.NewPrimaryButton(lang.L("Sign in"), q.take)),
	},
		widgets.NewParagraph(text, widgets.BodyText),
		widgets.NewTextRow(lang.L("User"), widgets.NewParagraph(at.Account(), widgets.StrongText)),
		widgets.NewFormRow(widgets.NewParagraph(lang.L("Password"), widgets.LabelText), q.password),
		q.remember,
	)
	q.sheet.Leave = q.leave
	q.sheet.Show(q.password.Field())
}

// take hands on what was typed.
func (q *proxyQuestion) take() {
	if q.password.Text() == "" {
		q.password.SetError(lang.L("Enter the password."))
		return
	}
	typed := signin.Typed{Secret: credential.NewSecret(q.password.Text()), Keep: credential.KeepThisTime}
	if q.remember.Checked {
		typed.Keep = credential.KeepAlways
	}
	q.end(typed)
}

func (q *proxyQuestion) leave() { q.end(signin.Typed{}) }

func (q *proxyQuestion) end(typed signin.Typed) {
	q.hide()
	select {
	case q.answer <- typed:
	default: // answered already
	}
}

func (q *proxyQuestion) hide() {
	if q.sheet != nil {
		q.password.SetText("")
		q.sheet.Hide()
	}
}
