package app

import (
	"slices"
	"strings"

	"postroom/session"
	"postroom/session/catalogue"
	"postroom/session/cmdlet"
	"postroom/session/endpoint"
	"postroom/session/holder"
)

// accounts are those that a person has signed in with since the start.
type accounts struct {
	now    *connection // nil while nobody is signed in
	known  map[door]session.Target
	left   *connection  // the one that was disconnected last; nil before, and after the next sign-in
	before []session.ID // the sessions that were there when it was left
}

// connection is the account that is signed in, and the tenant chosen last.
type connection struct {
	base    session.Target // without tenant
	tenant  endpoint.Tenant
	key     string // the server's for the set of cmdlets
	cmdlets []cmdlet.Cmdlet
}

// may takes over what the account may run, for the tenant that is chosen.
func (c *connection) may(run catalogue.Catalogue) {
	c.key, c.cmdlets = run.Key, slices.DeleteFunc(slices.Clone(run.Cmdlets), plumbing)
}

// door names a holder's place: a server may have several addresses to connect to.
type door struct {
	holder  holder.Holder
	address string
}

func newAccounts() *accounts { return &accounts{known: map[door]session.Target{}} }

// signedIn takes over an account whose first session is open.
func (a *accounts) signedIn(t session.Target, may catalogue.Catalogue) {
	own := t
	own.Tenant = endpoint.Tenant{}
	a.known[door{own.Holder(), own.Endpoint.URL}] = own
	a.now, a.left = &connection{base: own, tenant: t.Tenant}, nil
	a.now.may(may)
}

// leave ends the connection; infos are the sessions that go with it.
func (a *accounts) leave(infos []session.Info) {
	a.left, a.now, a.before = a.now, nil, nil
	for _, i := range infos {
		a.before = append(a.before, i.ID)
	}
}

// back takes the connection up again that was left, when a session of it has opened
// since: the run of a tab opens one.
func (a *accounts) back(i session.Info) bool {
	if a.now != nil || a.left == nil || i.State != session.Idle || slices.Contains(a.before, i.ID) || !a.left.has(i) {
		return false
	}
	a.now, a.left = a.left, nil
	return true
}

// has tells whether a session is of this account, at this address.
func (c *connection) has(i session.Info) bool {
	return i.Holder == c.base.Holder() && i.Endpoint.URL == c.base.Endpoint.URL
}

// may gives a cmdlet that the account may run which is signed in.
func (a *accounts) may(name string) (cmdlet.Cmdlet, bool) {
	if a.now == nil {
		return cmdlet.Cmdlet{}, false
	}
	i := slices.IndexFunc(a.now.cmdlets, func(c cmdlet.Cmdlet) bool { return strings.EqualFold(c.Name, name) })
	if i < 0 {
		return cmdlet.Cmdlet{}, false
	}
	return a.now.cmdlets[i], true
}

// of is where a session goes, as its account signed in, or as other says.
func (a *accounts) of(i session.Info, other session.Target) session.Target {
	if known, ok := a.known[door{i.Holder, i.Endpoint.URL}]; ok {
		other = known
	}
	other.Tenant, other.Account = i.Tenant, i.Account
	return other
}

// named is where an account signed in at an endpoint of a name, since the start; false for
// none.
func (a *accounts) named(account, endpointName string) (session.Target, bool) {
	for _, t := range a.known {
		if holder.SameAccount(t.Account, account) && t.Endpoint.Name == endpointName {
			return t, true
		}
	}
	return session.Target{}, false
}

// connected tells whether the account that is signed in has a session, or gets
// one.
func (a *accounts) connected(infos []session.Info) bool {
	return a.now != nil && slices.ContainsFunc(infos, a.now.has)
}

// plumbing tells the commands that every restricted session has for the sake of
// PowerShell's own client (InitialSessionState.CreateRestricted): they look after
// no mail, and to leave the session by one of them would only confuse.
func plumbing(c cmdlet.Cmdlet) bool {
	switch c.Name {
	case "Exit-PSSession", "Get-Command", "Get-FormatData", "Measure-Object", "Out-Default", "Select-Object":
		return true
	}
	return false
}
