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
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
)

// secret is the password: from standard input, or the keyring, or the person.
func (t *connectFlags) secret(ctx context.Context, s Streams, e endpoint.Endpoint) (credential.Secret, error) {
	if t.passwordStdin {
		return passwordLine(ctx, s)
	}
	who, err := holder.Of(t.user, e.URL)
	if err != nil {
		return credential.Secret{}, fmt.Errorf("look for the password: %w", err)
	}
	secret, err := remembered(ctx, s, who)
	switch {
	case err == nil, ctx.Err() != nil:
		return secret, err
	case errors.Is(err, credential.ErrNotFound) && slices.Contains(e.Auth, endpoint.AuthKerberos):
		return credential.Secret{}, nil // the ticket that the person has may do
	case s.Secret != nil:
		return askPassword(ctx, s, who)
	}
	return secret, err
}

// passwordLine reads the next line of standard input.
func passwordLine(ctx context.Context, s Streams) (credential.Secret, error) {
	line, err := s.line(ctx)
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

func askPassword(ctx context.Context, s Streams, who holder.Holder) (credential.Secret, error) {
	say(s.Err, "Password of %s for %s: ", who.Account(), who.Server())
	line, err := s.Secret(ctx)
	say(s.Err, "\n") // the person's own was not shown
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return credential.Secret{}, fmt.Errorf("ask for the password: %w", err)
	case line == "":
		return credential.Secret{}, &usageError{what: "no password was given"}
	}
	return credential.NewSecret(line), nil
}

// remembered looks the password up in the keyring. Where nobody sits, a locked
// one is an error rather than a dialog that waits for ever.
func remembered(ctx context.Context, s Streams, who holder.Holder) (credential.Secret, error) {
	dir, err := folders.Config()
	if err != nil {
		return credential.Secret{}, err
	}
	vault, err := credential.OpenVault(dir, credential.NewKeyring(folders.ID))
	if err != nil {
		return credential.Secret{}, fmt.Errorf("open the list of accounts: %w", err)
	}
	for _, aside := range vault.SetAside() {
		Explain(s.Err, aside)
	}
	if s.Terminal {
		ctx = credential.NotifyWaiting(ctx, func(waiting bool) {
			if waiting {
				say(s.Err, "postroom: waiting for your keyring to be unlocked\n")
			}
		})
	} else {
		ctx = credential.WithoutPrompt(ctx)
	}
	secret, err := vault.Lookup(ctx, who)
	if err != nil {
		return credential.Secret{}, fmt.Errorf("find the password of %s: %w", who, err)
	}
	return secret, nil
}
