package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"postroom/app/folders"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/ledger"
)

// sessions does `postroom sessions [--close]`.
func sessions(ctx context.Context, args []string, s Streams) error {
	var t target
	var closeThem bool
	f := flag.NewFlagSet("sessions [--close]", flag.ContinueOnError)
	f.BoolVar(&closeThem, "close", false, "delete on the servers what processes left open that are gone")
	t.registerSignIn(f)
	if err := parse(f, args, s.Out); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return &usageError{what: fmt.Sprintf("sessions takes no argument %q", f.Arg(0))}
	}
	dir, err := folders.State()
	if err != nil {
		return err
	}
	book, err := ledger.Open(dir)
	if err != nil {
		return fmt.Errorf("open the ledger of sessions: %w", err)
	}
	for _, aside := range book.SetAside() {
		Explain(s.Err, aside)
	}
	if closeThem {
		return t.closeLeftovers(ctx, s, session.NewManager(session.Options{Ledger: book}))
	}
	return listSessions(s, book)
}

func listSessions(s Streams, book *ledger.Ledger) error {
	entries, err := book.Entries()
	if err != nil {
		return fmt.Errorf("read the ledger of sessions: %w", err)
	}
	orphans, err := book.Orphans()
	if err != nil {
		return fmt.Errorf("read the ledger of sessions: %w", err)
	}
	left := map[string]bool{}
	for _, o := range orphans {
		left[o.ShellID] = true
	}
	w := tabwriter.NewWriter(s.Out, 0, 4, 2, ' ', 0)
	if len(entries) > 0 {
		fmt.Fprintln(w, "ACCOUNT\tTENANT\tSERVER\tSINCE\tPROCESS\tSTATE")
	}
	for _, e := range entries {
		state := "in use"
		if left[e.ShellID] {
			state = "left open"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", e.Account, orDash(e.Tenant), e.Server, e.Created.Format(time.DateTime), e.PID, state)
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
func (t *target) closeLeftovers(ctx context.Context, s Streams, m *session.Manager) error {
	left, err := m.Leftovers()
	if err != nil {
		return err
	}
	if t.user != "" {
		left = ofAccount(left, t.user)
	}
	signIn, err := t.signIn(s)
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range m.CleanUp(ctx, left, signIn) {
		if r.Err != nil {
			failed = append(failed, r.Err)
			fmt.Fprintf(s.Err, "%s at %s: ", r.Entry.Account, r.Entry.Server)
			Explain(s.Err, r.Err)
			continue
		}
		fmt.Fprintf(s.Out, "closed: %s at %s\n", r.Entry.Account, r.Entry.Server)
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	return errors.Join(failed...)
}

func ofAccount(entries []ledger.Entry, account string) []ledger.Entry {
	var own []ledger.Entry
	for _, e := range entries {
		if strings.EqualFold(e.Account, account) {
			own = append(own, e)
		}
	}
	return own
}

// signIn gives what a Delete needs beside the ledger's entry.
func (t *target) signIn(s Streams) (func(context.Context, ledger.Entry) (session.Target, error), error) {
	roots, err := t.roots()
	if err != nil {
		return nil, err
	}
	var typed credential.Secret
	if t.passwordStdin {
		if typed, err = passwordLine(s.In); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, e ledger.Entry) (session.Target, error) {
		secret := typed
		if !t.passwordStdin {
			var err error
			if secret, err = remembered(ctx, e.Account, e.Server); err != nil {
				return session.Target{}, err
			}
		}
		u, err := url.Parse(e.URL)
		if err != nil {
			return session.Target{}, fmt.Errorf("the ledger's address %q: %w", e.URL, err)
		}
		return session.Target{
			Endpoint:   endpoint.Endpoint{ID: "ledger", Name: u.Host, URL: e.URL, Kind: endpoint.KindOwn, Configuration: e.Configuration, Auth: []string{e.Auth}},
			Credential: credential.Credential{User: e.Account, Secret: secret},
			Auth:       e.Auth, RootCAs: roots,
		}, nil
	}, nil
}
