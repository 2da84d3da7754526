package session

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/ledger"
)

// LeftoverTarget is a target for CleanUp. known are the endpoints at e.Server as the person has them now, with the hosts that
// they may redirect to; the entry alone is not to be trusted with a password,
// since whoever can write the ledger's file could name any host. Where none is
// known, only e.Server itself is allowed, by https, or by Kerberos, which tells
// nobody else anything.
func LeftoverTarget(e ledger.Entry, known []endpoint.Endpoint) Target {
	at := endpoint.Endpoint{Name: e.Server, URL: "https://" + e.Server + "/", Kind: endpoint.KindOwn}
	to, err := url.Parse(e.URL)
	if err == nil && to.Scheme == "http" && strings.EqualFold(e.Auth, endpoint.AuthKerberos) {
		at.URL = "http://" + e.Server + "/"
	}
	if len(known) > 0 {
		at = known[0].Clone()
	}
	for i, k := range known {
		if from, fromErr := url.Parse(k.URL); err == nil && fromErr == nil && sameOrigin(from, to) {
			at.URL = k.URL
		}
		if i > 0 {
			at.RedirectHosts = append(at.RedirectHosts, k.RedirectHosts...)
			at.Authority += k.Authority
		}
	}
	at.Configuration, at.Auth = e.Configuration, []string{e.Auth}
	return Target{Endpoint: at, Account: e.Account, Auth: e.Auth}
}

// errOtherServer is a target that is not the one that the leftover was asked
// for at.
var errOtherServer = errors.New("session: the credential is for another server")

// mayDelete asks again whether the account's credential may go where the ledger
// says that a leftover is: the endpoint's policy, and what the person allowed,
// as they are now.
func (t Target) mayDelete(ctx context.Context, e ledger.Entry) error {
	to, err := url.Parse(e.URL)
	if err != nil {
		return fmt.Errorf("the ledger's address of a session: %w", err)
	}
	from, err := url.Parse(t.Endpoint.URL)
	if err != nil {
		return fmt.Errorf("target %s: %w", t.Endpoint.Name, err)
	}
	at, err := holder.Of(t.Account, t.Endpoint.URL)
	if err != nil {
		return fmt.Errorf("target %s: %w", t.Endpoint.Name, err)
	}
	switch {
	case at != e.Holder():
		err = errOtherServer // the credential is not the entry's
	case !sameOrigin(from, to):
		err = t.MayRedirect(ctx, from, to)
	}
	if err != nil {
		return &LeftoverRefusedError{Server: e.Server, Host: to.Hostname(), Err: err}
	}
	return nil
}

// sameOrigin says that two addresses lead to the same server in the same way. It is
// narrower than a holder's server, since it says where a credential may go: an address in
// other words, or by another port, asks the policy.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b) &&
		b.User == nil && b.Opaque == ""
}

func port(u *url.URL) string {
	switch p := u.Port(); {
	case p != "":
		return p
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}
