package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"postroom/app/folders"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/signin"
)

// passwords answers for the target's holder: from standard input, or the keyring,
// or the person. That there is a password is seen to before anything is opened.
func (t *signInFlags) passwords(ctx context.Context, s Streams, to session.Target) (*signin.Passwords, error) {
	vault, err := openVault(s)
	if err != nil {
		return nil, err
	}
	passwords, who := passwordsOf(s, vault), to.Holder()
	var typed credential.Secret
	if t.passwordStdin {
		typed, err = t.passwordLine(ctx, s)
	} else if _, err = passwords.Password(ctx, who); err != nil && ctx.Err() == nil {
		switch {
		case errors.Is(err, credential.ErrNotFound) && slices.Contains(to.Endpoint.Auth, endpoint.AuthKerberos):
			err = nil // the ticket that the person has may do
		case s.Hide != nil:
			typed, err = askPassword(ctx, s, fmt.Sprintf("%s for %s", who.Account(), who.Server()))
		default:
			err = &noPasswordError{account: to.Account, err: err}
		}
	}
	if err == nil && !typed.IsZero() {
		_, err = vault.Remember(ctx, to.Account, to.Endpoint.URL, typed, credential.KeepThisTime)
	}
	return passwords, err
}

// noPasswordError is a password that is not there, and that nobody can be asked for.
type noPasswordError struct {
	account string
	err     error
}

// Error says whose password it is, and why the keyring gave none.
func (e *noPasswordError) Error() string {
	return "cli: no password of " + e.account + ": " + e.err.Error()
}

// Unwrap gives why the keyring gave none.
func (e *noPasswordError) Unwrap() error { return e.err }

// NoPassword gives the account.
func (e *noPasswordError) NoPassword() string { return e.account }

// openVault opens the list of accounts whose passwords are remembered.
func openVault(s Streams) (*credential.Vault, error) {
	dir, err := folders.Config()
	if err != nil {
		return nil, err
	}
	vault, err := credential.OpenVault(dir, credential.NewKeyring(folders.ID))
	if err != nil {
		return nil, fmt.Errorf("open the list of accounts: %w", err)
	}
	for _, aside := range vault.SetAside() {
		Explain(s.Err, aside)
	}
	return vault, nil
}

// atKeyring is for what may ask the keyring. Where nobody sits, a locked one is
// an error rather than a dialog that waits for ever.
func (s Streams) atKeyring(ctx context.Context) context.Context {
	if !s.Terminal {
		return credential.WithoutPrompt(ctx)
	}
	return credential.NotifyWaiting(ctx, func(waiting bool) {
		if waiting {
			say(s.Err, "postroom: waiting for your keyring to be unlocked\n")
		}
	})
}

// passwordLine gives the first line of standard input, however often it is asked for.
func (t *signInFlags) passwordLine(ctx context.Context, s Streams) (credential.Secret, error) {
	if t.first == nil {
		typed, err := passwordLine(ctx, s)
		if err != nil {
			return typed, err
		}
		t.first = &typed
	}
	return *t.first, nil
}

// passwordLine reads the next line of standard input.
func passwordLine(ctx context.Context, s Streams) (credential.Secret, error) {
	done, err := s.asking(ctx)
	if err != nil {
		return credential.Secret{}, err
	}
	line, err := s.line(ctx)
	done()
	line = strings.TrimPrefix(line, "\uFEFF") // Windows PowerShell puts it before what it pipes
	switch {
	case ctx.Err() != nil:
		return credential.Secret{}, errInterrupted
	case errors.Is(err, errLineTooLong):
		return credential.Secret{}, &usageError{what: "--password-stdin: the first line of standard input is too long for a password"}
	case err != nil && !errors.Is(err, io.EOF):
		return credential.Secret{}, &usageError{what: "--password-stdin: standard input cannot be read", err: err}
	case line == "":
		return credential.Secret{}, &usageError{what: "--password-stdin: standard input has no password in its first line"}
	case !utf8.ValidString(line): // an attempt with it would bring the account closer to its lock
		return credential.Secret{}, &usageError{what: "--password-stdin: the first line of standard input is not UTF-8"}
	}
	return credential.NewSecret(line), nil
}

// passwordsOf answers from a vault; who sits there is asked for passwords at proxies.
func passwordsOf(s Streams, v *credential.Vault) *signin.Passwords {
	p := signin.NewPasswords(v)
	if s.Hide != nil {
		p.AskAtProxies(func(ctx context.Context, at holder.Holder, _ bool) (signin.Typed, error) {
			secret, err := askPassword(ctx, s, fmt.Sprintf("%s for the proxy %s", at.Account(), at.Server()))
			return signin.Typed{Secret: secret, Keep: credential.KeepThisTime}, err
		})
		p.AskAgain(func(ctx context.Context, at holder.Holder, _ bool) (signin.Typed, error) {
			say(s.Err, "postroom: %s did not accept the password of %s\n", at.Server(), at.Account())
			secret, err := askPassword(ctx, s, fmt.Sprintf("%s for %s (none: give up)", at.Account(), at.Server()))
			if _, none := errors.AsType[*usageError](err); none {
				err = credential.ErrNotFound
			}
			return signin.Typed{Secret: secret, Keep: v.Kept(at)}, err
		})
	}
	return p
}

func askPassword(ctx context.Context, s Streams, whose string) (credential.Secret, error) {
	return askSecret(ctx, s, "Password of "+whose+": ", "no password was given")
}

// askSecret asks the person at the terminal; none is what is said where nothing was
// typed.
func askSecret(ctx context.Context, s Streams, question, none string) (credential.Secret, error) {
	done, err := s.asking(ctx)
	if err != nil {
		return credential.Secret{}, fmt.Errorf("ask at the terminal: %w", err)
	}
	defer done()
	line, err := s.secret(ctx, question)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return credential.Secret{}, fmt.Errorf("ask at the terminal: %w", err)
	case line == "":
		return credential.Secret{}, &usageError{what: none}
	}
	return credential.NewSecret(line), nil
}
