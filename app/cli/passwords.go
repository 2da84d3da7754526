package cli

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"postroom/session/credential"
	"postroom/session/holder"
)

// passwordFlags are the flags of passwords.
type passwordFlags struct {
	user, server   string
	forget, change bool
	stdin, asJSON  bool
}

// passwords does `postroom passwords [--forget|--change] [--user UPN] [--server HOST]`.
func passwords(ctx context.Context, args []string, s Streams) error {
	var t passwordFlags
	f := new(flag.FlagSet)
	f.BoolVar(&t.forget, "forget", false, "forget them: remove them from the keyring")
	f.BoolVar(&t.change, "change", false, "keep another password for --user at --server in the keyring, or a first one")
	f.StringVar(&t.user, "user", "", "only those of the account `UPN`")
	f.StringVar(&t.server, "server", "", "only those for `HOST[:PORT]`, as the list has it")
	f.BoolVar(&t.stdin, "password-stdin", false, "with --change: read the password from the first line of standard input")
	f.BoolVar(&t.asJSON, "json", false, "write JSON")
	if err := parse("passwords", f, args, s); err != nil {
		return err
	}
	if err := noArguments("passwords", f); err != nil {
		return err
	}
	if err := t.check(); err != nil {
		return err
	}
	vault, err := openVault(s)
	if err != nil {
		return err
	}
	ctx = s.atKeyring(ctx)
	if t.change {
		return t.keep(ctx, s, vault)
	}
	all, err := vault.Accounts()
	if err != nil {
		return fmt.Errorf("list the passwords: %w", err)
	}
	list := t.chosen(all)
	if t.forget {
		return t.forgetThem(ctx, s, vault, list, all)
	}
	if len(list) == 0 && !t.asJSON {
		tellOthers(s, "passwords", accountsAt(all))
	}
	return writePasswords(s, t.asJSON, list)
}

func (t *passwordFlags) check() error {
	wrong := func(what string) error { return &usageError{command: "passwords", what: what} }
	switch {
	case t.forget && t.change:
		return wrong("--forget and --change are two things: give one")
	case t.asJSON && (t.forget || t.change):
		return wrong("--forget and --change write no JSON")
	case t.stdin && !t.change:
		return wrong("--password-stdin is for --change")
	case t.change && (t.user == "" || t.server == ""):
		return wrong("--change needs --user and --server: whose password it is, and for which server")
	}
	if t.user != "" {
		if _, err := holder.Clean(t.user); err != nil {
			return &usageError{command: "passwords", what: fmt.Sprintf("--user %q is not an account", t.user), err: err}
		}
	}
	if t.server != "" {
		if _, err := holder.ServerOf(t.server); err != nil {
			return &usageError{command: "passwords", what: fmt.Sprintf("--server %q is not a server", t.server), err: err}
		}
	}
	return nil
}

// chosen are those of the account and the server that were named.
func (t *passwordFlags) chosen(all []credential.Account) []credential.Account {
	return slices.DeleteFunc(slices.Clone(all), func(a credential.Account) bool {
		who, err := holder.Of(cmp.Or(t.user, a.Account), cmp.Or(t.server, a.Server))
		return err != nil || who != a.Holder
	})
}

func accountsAt(list []credential.Account) (names []string) {
	for _, a := range list {
		names = append(names, a.Account+" at "+a.Server)
	}
	return names
}

// forgetThem forgets those of the list; where nobody was named all there are, also those
// that the list has lost.
func (t *passwordFlags) forgetThem(ctx context.Context, s Streams, vault *credential.Vault, list, all []credential.Account) error {
	everything := t.user == "" && t.server == ""
	if everything {
		if err := vault.ForgetAll(ctx); err != nil {
			return fmt.Errorf("forget the passwords: %w", err)
		}
	}
	for _, a := range list {
		if !everything {
			if err := vault.Forget(ctx, a.Holder); err != nil {
				return fmt.Errorf("forget a password: %w", err)
			}
		}
		say(s.Out, "forgotten: the password of %s at %s\n", a.Account, a.Server)
	}
	if len(list) == 0 && len(all) == 0 {
		say(s.Err, "postroom: no password was kept\n")
	} else if len(list) == 0 {
		tellOthers(s, "passwords", accountsAt(all))
	}
	return nil
}

// keep puts a password into the keyring, in place of an earlier one. No server is asked
// whether it is right.
func (t *passwordFlags) keep(ctx context.Context, s Streams, vault *credential.Vault) error {
	who, err := holder.Of(t.user, t.server)
	if err != nil {
		return &usageError{command: "passwords", what: "--user and --server", err: err}
	}
	var typed credential.Secret
	switch {
	case t.stdin:
		typed, err = passwordLine(ctx, s)
	case s.Hide != nil:
		typed, err = askPassword(ctx, s, fmt.Sprintf("%s for %s", who.Account(), who.Server()))
	default:
		err = &usageError{command: "passwords", what: "--password-stdin is missing: nobody is at a terminal to type the password"}
	}
	if err != nil {
		return err
	}
	if err := vault.Store(ctx, t.user, t.server, typed); err != nil {
		return fmt.Errorf("keep the password of %s: %w", who, err)
	}
	say(s.Out, "kept in the keyring: the password of %s at %s\n", who.Account(), who.Server())
	return nil
}

// passwordEntry is a password that is kept, in JSON: whose, and never which.
type passwordEntry struct {
	Account string    `json:"account"`
	Server  string    `json:"server"` // with its port where that is neither 443 nor 80
	Stored  time.Time `json:"stored"`
}

func writePasswords(s Streams, asJSON bool, list []credential.Account) error {
	entries := make([]passwordEntry, len(list))
	for i, a := range list {
		entries[i] = passwordEntry{Account: a.Account, Server: a.Server, Stored: a.Stored}
	}
	return writeEntries(s, asJSON, entries, "ACCOUNT\tSERVER\tSINCE\n", func(w io.Writer, e passwordEntry) {
		say(w, "%s\t%s\t%s\n", e.Account, e.Server, e.Stored.Local().Format(time.DateTime))
	})
}
