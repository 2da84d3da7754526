package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/pkg/browser"

	"postroom/app/folders"
	"postroom/assets"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/signin"
)

// enter gets what the targets' account signs in with, and sees to it that there is
// such before anything is opened: a password, or the token of the first target, whose
// account the others then have. The targets are of one endpoint, whose door can send the
// calls that are meant, or nobody is asked to sign in.
func (t *signInFlags) enter(ctx context.Context, s Streams, targets []session.Target, calls []cmdlet.Invocation) (*access.Access, error) {
	a, err := t.way(ctx, s, targets[0])
	if err != nil || targets[0].Endpoint.Door != endpoint.REST {
		return a, err
	}
	if err := a.Doors.Accepts(targets[0], calls); err != nil {
		return nil, runError(err)
	}
	signedIn, err := t.token(ctx, s, a, targets[0])
	if err != nil {
		return nil, runError(err)
	}
	for i := range targets {
		targets[i].Account = signedIn.Account
	}
	targets[0] = signedIn
	return a, nil
}

// way is the way to a target, before anybody has signed in; of the classic door with
// the password.
func (t *signInFlags) way(ctx context.Context, s Streams, to session.Target) (*access.Access, error) {
	if to.Endpoint.Door != endpoint.REST {
		passwords, err := t.passwords(ctx, s, to)
		if err != nil {
			return nil, err
		}
		return ways(s, passwords)
	}
	vault, err := openVault(s)
	if err != nil {
		return nil, err
	}
	return ways(s, passwordsOf(s, vault))
}

// token signs the first target's account in.
func (t *signInFlags) token(ctx context.Context, s Streams, a *access.Access, to session.Target) (signedIn session.Target, err error) {
	if to, err = onlyAccount(ctx, a, to); err != nil {
		return to, err
	}
	err = t.opened(ctx, s, to, func(passphrase credential.Secret) error {
		signedIn, err = a.Get(ctx, to, passphrase, faceOf(s, to))
		return err
	})
	return signedIn, err
}

// faceOf lets the person at the terminal sign in; nil where nobody sits.
func faceOf(s Streams, to session.Target) access.Face {
	if !s.Terminal {
		return nil
	}
	return personAtTerminal{s, to}
}

// opened does something with the passphrase of an application's certificate, of
// --password-stdin or none; where the certificate wants another it is asked for.
func (t *signInFlags) opened(ctx context.Context, s Streams, to session.Target, do func(passphrase credential.Secret) error) error {
	var passphrase credential.Secret
	var err error
	if t.passwordStdin && to.Method() == endpoint.AuthApp {
		if passphrase, err = t.passwordLine(ctx, s); err != nil {
			return err
		}
	}
	err = do(passphrase)
	if !errors.Is(err, signin.ErrPassphrase) || t.passwordStdin || s.Hide == nil {
		return err
	}
	m, _ := to.Endpoint.SignIn() // it was read on the way to this error
	if passphrase, err = askSecret(ctx, s, fmt.Sprintf("Passphrase of %s: ", m.Certificate), "no passphrase was given"); err != nil {
		return err
	}
	return do(passphrase)
}

// onlyAccount gives a target for which nobody was named the one account that is signed
// in there, if it is one.
func onlyAccount(ctx context.Context, a *access.Access, to session.Target) (session.Target, error) {
	if to.Account != "" || to.Method() == endpoint.AuthApp {
		return to, nil
	}
	list, err := a.Tokens.Accounts(ctx, to)
	if err == nil && len(list) == 1 {
		to.Account = list[0].Name
	}
	return to, err
}

// ways are the ways to the servers' cmdlets.
func ways(s Streams, p *signin.Passwords) (*access.Access, error) {
	state, err := folders.State()
	if err != nil {
		return nil, err
	}
	return access.New(access.Options{
		SignIns: filepath.Join(state, folders.SignIns), Keys: credential.NewKeyring(folders.SignInKeys), Passwords: p, Version: assets.Version, Notice: func(err error) { Explain(s.Err, err) },
	}), nil
}

// personAtTerminal signs in by browser or code.
type personAtTerminal struct {
	s  Streams
	to session.Target
}

// tellBorrowed says in whose name is asked, where that is not one's own.
func (p personAtTerminal) tellBorrowed() {
	if m, err := p.to.Endpoint.SignIn(); err == nil && m.Borrowed() {
		say(p.s.Err, "postroom: signing in with the application of Microsoft's own Exchange module; docs/own-app.md says how to use one of your own (--client-id)\n")
	}
}

// Browser opens the system's browser, and says where it should have gone.
func (p personAtTerminal) Browser(_ context.Context, address string, _ func()) error {
	p.tellBorrowed()
	say(p.s.Err, "postroom: sign in in your browser; Ctrl+C ends this. If no page opens, go to\n  %s\n", address)
	browser.Stdout, browser.Stderr = p.s.Err, p.s.Err // standard output is for rows
	if err := browser.OpenURL(address); err != nil {
		say(p.s.Err, "postroom: no browser could be opened: %v\n", err)
	}
	return nil
}

// Device shows the code.
func (p personAtTerminal) Device(_ context.Context, c signin.DeviceCode) {
	p.tellBorrowed()
	say(p.s.Err, "postroom: to sign in, open %s in any browser and enter the code %s\n", c.Address, c.Code)
}
