package cli

import (
	"context"
	"flag"
	"io"
	"slices"
	"strings"

	"postroom/session/holder"
	"postroom/session/signin"
)

// signIns does `postroom sign-ins [--sign-out] [--user UPN] [--json]`.
func signIns(ctx context.Context, args []string, s Streams) error {
	var user string
	var out, asJSON bool
	f := new(flag.FlagSet)
	f.BoolVar(&out, "sign-out", false, "sign them out: forget their tokens, and with the last the file and its key")
	f.StringVar(&user, "user", "", "only the account `UPN`")
	f.BoolVar(&asJSON, "json", false, "write JSON")
	if err := parse("sign-ins", f, args, s); err != nil {
		return err
	}
	if err := noArguments("sign-ins", f); err != nil {
		return err
	}
	if out && asJSON {
		return &usageError{command: "sign-ins", what: "--sign-out writes no JSON"}
	}
	vault, err := openVault(s)
	if err != nil {
		return err
	}
	way, err := ways(s, passwordsOf(s, vault))
	if err != nil {
		return err
	}
	tokens := way.Tokens
	ctx = s.atKeyring(ctx)
	list, err := tokens.SignedIn(ctx)
	if err != nil {
		return err
	}
	if user != "" {
		list = slices.DeleteFunc(list, func(w signin.SignedIn) bool { return !holder.SameAccount(w.Name, user) })
	}
	if out {
		return signOut(ctx, s, tokens, user, list)
	}
	return writeSignIns(s, asJSON, list)
}

// signOut signs out those of the list; without a user everybody, also where a file
// cannot be read.
func signOut(ctx context.Context, s Streams, tokens *signin.Tokens, user string, list []signin.SignedIn) error {
	if user == "" {
		if err := tokens.SignOutAll(ctx); err != nil {
			return err
		}
	}
	for _, who := range list {
		if user != "" {
			if err := tokens.SignOutOf(ctx, who); err != nil {
				return err
			}
		}
		say(s.Out, "signed out: %s at %s\n", who.Name, who.Authority)
	}
	if len(list) == 0 {
		say(s.Err, "postroom: nobody was signed in%s\n", map[bool]string{true: " as " + user}[user != ""])
	}
	return nil
}

// signInEntry is a sign-in in JSON.
type signInEntry struct {
	Account   string   `json:"account"`
	Home      string   `json:"home"` // the GUID of the account's own tenant
	Authority string   `json:"authority"`
	ClientID  string   `json:"client_id"`
	Tenants   []string `json:"tenants"` // GUIDs
}

func writeSignIns(s Streams, asJSON bool, list []signin.SignedIn) error {
	entries := make([]signInEntry, len(list))
	for i, who := range list {
		entries[i] = signInEntry{Account: who.Name, Home: who.Home, Authority: who.Authority, ClientID: who.ClientID, Tenants: who.Tenants}
	}
	return writeEntries(s, asJSON, entries, "ACCOUNT\tAT\tAPPLICATION\tTENANTS\n", func(w io.Writer, e signInEntry) {
		say(w, "%s\t%s\t%s\t%d\n", e.Account, strings.TrimPrefix(e.Authority, "https://"), e.ClientID, len(e.Tenants))
	})
}
