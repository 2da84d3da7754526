package signin

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/holder"
)

// Account is somebody who is signed in.
type Account struct {
	Name string // as the authority has it, most often the UPN
	Home string // the GUID of the account's own tenant
	// Tenants are the GUIDs of those that tokens were asked for, sorted.
	Tenants []string
}

// person is an account with what MSAL knows it by: one entry for each tenant that
// was visited.
type person struct {
	name, home string
	entries    []public.Account
}

// isHome says that an entry is of the account's own tenant: by its GUID, or as
// who signs in without naming one has it.
func (p person) isHome(realm string) bool {
	return strings.EqualFold(realm, p.home) || "/"+realm == sharedAuthority
}

// homeOf gives the GUID of an account's own tenant: MSAL names accounts uid.utid.
func homeOf(homeAccountID string) string {
	return strings.ToLower(homeAccountID[strings.LastIndexByte(homeAccountID, '.')+1:])
}

// people are the accounts of a client, by name.
func people(ctx context.Context, c *client, authority string) ([]person, error) {
	all, err := c.public.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list who is signed in at %s: %w", authority, err)
	}
	byID := map[string]*person{}
	for _, a := range all {
		p := byID[a.HomeAccountID]
		if p == nil {
			p = &person{name: a.PreferredUsername}
			p.home = homeOf(a.HomeAccountID)
			byID[a.HomeAccountID] = p
		}
		if p.isHome(a.Realm) { // elsewhere a guest may have another name
			p.name = a.PreferredUsername
		}
		p.entries = append(p.entries, a)
	}
	var list []person
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		list = append(list, *byID[id])
	}
	slices.SortStableFunc(list, func(a, b person) int { return strings.Compare(holder.AccountKey(a.name), holder.AccountKey(b.name)) })
	return list, nil
}

// find finds the target's account among those that are signed in. A target
// without an account means the only one that there is.
func (t *Tokens) find(ctx context.Context, to session.Target, m endpoint.Modern) (person, bool, error) {
	c, err := t.clientOf(to, m)
	if err != nil {
		return person{}, false, err
	}
	list, err := people(ctx, c, m.Authority)
	if err != nil {
		return person{}, false, err
	}
	if to.Account == "" {
		if len(list) == 1 {
			return list[0], true, nil
		}
		return person{}, false, nil
	}
	i := slices.IndexFunc(list, func(p person) bool { return holder.SameAccount(p.name, to.Account) })
	if i < 0 {
		return person{}, false, nil
	}
	return list[i], true, nil
}

// Accounts lists who is signed in to the target's cloud with its application.
func (t *Tokens) Accounts(ctx context.Context, to session.Target) ([]Account, error) {
	m, err := to.Endpoint.SignIn()
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	c, err := t.clientOf(to, m)
	if err != nil {
		return nil, err
	}
	list, err := people(ctx, c, m.Authority)
	if err != nil {
		return nil, err
	}
	var out []Account
	for _, p := range list {
		out = append(out, p.account())
	}
	return out, nil
}

func (p person) account() Account {
	a := Account{Name: p.name, Home: p.home}
	for _, e := range p.entries {
		if p.isHome(e.Realm) {
			e.Realm = p.home
		}
		a.Tenants = append(a.Tenants, e.Realm)
	}
	slices.Sort(a.Tenants)
	a.Tenants = slices.Compact(a.Tenants)
	return a
}

// silent asks for a token of somebody who is signed in.
func (t *Tokens) silent(ctx context.Context, to session.Target, who person, key tokenKey, r session.TokenRequest) (session.Token, error) {
	m, err := to.Endpoint.SignIn()
	if err != nil {
		return session.Token{}, fmt.Errorf("sign in: %w", err)
	}
	c, err := t.clientOf(to, m)
	if err != nil {
		return session.Token{}, err
	}
	if r.Fresh {
		if err = t.cacheOf(key.origin).forget(ctx, who.entries[0].HomeAccountID, r.Tenant); err != nil {
			return session.Token{}, err
		}
	}
	options := []public.AcquireSilentOption{public.WithSilentAccount(who.entries[0]), public.WithTenantID(r.Tenant)}
	if r.Claims != "" {
		options = append(options, public.WithClaims(r.Claims))
	}
	got, err := c.public.AcquireTokenSilent(ctx, []string{key.scope}, options...)
	if err != nil {
		return session.Token{}, needed(who.name, r, refusalOf(ctx, m.Authority, err))
	}
	token, err := read(got.AccessToken, who.name, got.ExpiresOn, r.Tenant)
	token.Home = who.home
	return token, err
}
