package cli

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/holder"
	"postroom/session/ledger"
	"postroom/session/signin"
)

// sessions does `postroom sessions [--close]`.
func sessions(ctx context.Context, args []string, s Streams) (err error) {
	var who leftoverFlags
	var closeThem bool
	f := new(flag.FlagSet)
	f.BoolVar(&closeThem, "close", false, "delete on their servers the sessions that were left open")
	f.StringVar(&who.server, "server", "", "only those that were asked for at `HOST[:PORT]`, as the list has it")
	f.Var(&who.allowRedirects, "allow-redirect", "the password may go to `HOST`, to which the server redirected; may be repeated")
	who.register(f)
	if err := parse("sessions", f, args, s); err != nil {
		return err
	}
	if err := noArguments("sessions", f); err != nil {
		return err
	}
	book, err := openLedger(s.Err)
	if err != nil {
		return err
	}
	defer func() { err = join(err, book.Close()) }()
	if closeThem {
		return who.closeLeftovers(s.atKeyring(ctx), s, book)
	}
	return who.list(s, book)
}

// leftoverFlags choose leftovers and say how to sign in for them.
type leftoverFlags struct {
	signInFlags
	server         string
	allowRedirects list
}

// chosen are those of the account and the server that were named.
func (t *leftoverFlags) chosen(entries []ledger.Entry) []ledger.Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e ledger.Entry) bool {
		who, err := holder.Of(cmp.Or(t.user, e.Account), cmp.Or(t.server, e.Server))
		return err != nil || who != e.Holder()
	})
}

// tellOthers says that there are such things, but none of those that were named: a port
// may have been left out, and they are there still. Others are whose they are, as the list
// has it.
func tellOthers(s Streams, things string, others []string) {
	slices.Sort(others)
	if others = slices.Compact(others); len(others) > 0 {
		say(s.Err, "postroom: none of the %s is of that account and server; there are those of %s\n", things, strings.Join(others, ", "))
	}
}

func holdersOf(entries []ledger.Entry) (names []string) {
	for _, e := range entries {
		names = append(names, e.Account+" at "+e.Server)
	}
	return names
}

func (t *leftoverFlags) list(s Streams, book *ledger.Ledger) error {
	entries, err := book.Entries()
	if err != nil {
		return fmt.Errorf("read the ledger of sessions: %w", err)
	}
	orphans, err := book.Orphans()
	if err != nil {
		return fmt.Errorf("read the ledger of sessions: %w", err)
	}
	left := map[string]ledger.Entry{}
	for _, o := range orphans {
		left[o.ShellID] = o
	}
	all := entries
	if entries = t.chosen(all); len(entries) == 0 {
		tellOthers(s, "sessions", holdersOf(all))
		return nil
	}
	w := tabwriter.NewWriter(s.Out, 0, 4, 2, ' ', 0)
	say(w, "ACCOUNT\tTENANT\tSERVER\tSINCE\tPROCESS\tSTATE\n")
	for _, e := range entries {
		state := "in use"
		if o, ok := left[e.ShellID]; ok {
			state = "left open"
			if frees, known := o.FreesAt(); known && time.Now().Before(frees) {
				state += ", counts until " + frees.Local().Format("15:04")
			}
		}
		say(w, "%s\t%s\t%s\t%s\t%d\t%s\n",
			e.Account, orDash(e.Tenant), e.Server, e.Created.Local().Format(time.DateTime), e.PID, state)
	}
	return w.Flush()
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// closeLeftovers deletes the shells of dead processes on their servers.
func (t *leftoverFlags) closeLeftovers(ctx context.Context, s Streams, book *ledger.Ledger) error {
	left, err := book.Orphans()
	if err != nil {
		return fmt.Errorf("look for sessions left open: %w", err)
	}
	all := left
	if left = t.chosen(all); len(left) == 0 {
		tellOthers(s, "sessions", holdersOf(all))
		return nil
	}
	other := func(e ledger.Entry) bool { return e.Holder().Account() != left[0].Holder().Account() }
	if t.passwordStdin && slices.ContainsFunc(left, other) {
		return &usageError{command: "sessions", what: "--user is missing: the sessions left open belong to several accounts, and a password to one"}
	}
	elsewhere := func(e ledger.Entry) bool { return e.Holder() != left[0].Holder() }
	if t.passwordStdin && slices.ContainsFunc(left, elsewhere) {
		return &usageError{command: "sessions", what: "--server is missing: the sessions left open are on several servers, and a password belongs to one"}
	}
	target, err := t.targets(s)
	if err != nil {
		return err
	}
	passwords, err := t.leftoverPasswords(ctx, s, left[0])
	if err != nil {
		return err
	}
	way, err := ways(s, passwords)
	if err != nil {
		return err
	}
	m := session.NewManager(session.Options{Doors: way.Doors, Ledger: book})
	worst := ExitDone
	for _, r := range m.CleanUp(ctx, left, target) {
		if r.Err == nil {
			say(s.Out, "closed: %s at %s\n", r.Entry.Account, r.Entry.Server)
			continue
		}
		worst = max(worst, exitCode(r.Err))
		if ctx.Err() == nil {
			explainFor(s.Err, r.Entry.Account+" at "+r.Entry.Server, r.Err)
		}
	}
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case worst != ExitDone:
		return &shownError{code: worst}
	}
	return nil
}

// leftoverPasswords answers with what the vault has, and with the password of
// standard input for the holder that it was given for.
func (t *leftoverFlags) leftoverPasswords(ctx context.Context, s Streams, first ledger.Entry) (*signin.Passwords, error) {
	vault, err := openVault(s)
	if err != nil || !t.passwordStdin {
		return passwordsOf(s, vault), err
	}
	typed, err := t.passwordLine(ctx, s)
	if err == nil {
		_, err = vault.Remember(ctx, first.Account, first.Server, typed, credential.KeepThisTime)
	}
	return passwordsOf(s, vault), err
}

// targets gives what a Delete needs beside the ledger's entry.
func (t *leftoverFlags) targets(s Streams) (func(context.Context, ledger.Entry) (session.Target, error), error) {
	roots, err := t.roots()
	if err != nil {
		return nil, err
	}
	redirects, err := redirectHosts("sessions", t.allowRedirects)
	if err != nil {
		return nil, err
	}
	directory, err := openDirectory(s)
	if err != nil {
		return nil, err
	}
	return func(_ context.Context, e ledger.Entry) (session.Target, error) {
		at := session.LeftoverTarget(e, directory.At(e.Server))
		at.Endpoint.RedirectHosts = append(at.Endpoint.RedirectHosts, redirects...)
		at.RootCAs = roots
		return at, nil
	}, nil
}
