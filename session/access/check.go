package access

import (
	"context"
	"errors"
	"fmt"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
)

// Checking is an access check: what it needs of whoever asks for it.
type Checking struct {
	// Manager goes the way. It must be set.
	Manager *session.Manager
	// Passphrase opens the certificate of an application.
	Passphrase credential.Secret
	// Face lets the person sign in where they must; nil is nobody, and the step of the
	// sign-in fails.
	Face Face
	// Again is told when the way is gone anew, after the person has signed in; nil
	// tells nobody.
	Again func()
	// Step is told of every step as it ends; the first that fails is the last.
	Step func(session.Step)
}

// Check goes the way to a target step by step, through the door of its endpoint, and
// gives the target with the account that signed in. The person signs in in their turn;
// then the way is gone anew. Errors are those of the step that failed.
func (a *Access) Check(ctx context.Context, t session.Target, c Checking) (session.Target, error) {
	if t.Endpoint.Door != endpoint.REST {
		return t, c.Manager.Test(ctx, t, c.Step)
	}
	var err error
	switch {
	case t.Method() == endpoint.AuthApp: // its token is a step of the way
		t, err = a.prepared(t, c.Passphrase)
	case t.Account == "":
		t, err = a.Get(ctx, t, c.Passphrase, c.Face)
	}
	if err != nil {
		return t, err
	}
	step := c.Step
	if c.Face != nil {
		step = func(s session.Step) {
			if _, needed := errors.AsType[*session.NeedsSignInError](s.Err); !needed {
				c.Step(s)
			}
		}
	}
	err = c.Manager.Test(ctx, t, step)
	if _, needed := errors.AsType[*session.NeedsSignInError](err); !needed || c.Face == nil {
		return t, err
	}
	if t, err = a.Get(ctx, t, c.Passphrase, c.Face); err != nil {
		return t, err
	}
	if c.Again != nil {
		c.Again()
	}
	return t, c.Manager.Test(ctx, t, c.Step)
}

// prepared is an application's target whose certificate was read.
func (a *Access) prepared(t session.Target, passphrase credential.Secret) (session.Target, error) {
	m, err := t.Endpoint.SignIn()
	if err != nil {
		return t, fmt.Errorf("sign in: %w", err)
	}
	if t.Tenant.IsZero() {
		return t, ErrNoTenant
	}
	t.Account = m.ClientID
	return t, a.certificate(t, m.Certificate, passphrase)
}
