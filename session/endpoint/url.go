package endpoint

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

func hasPlaceholder(rawURL string) bool { return strings.Contains(rawURL, hostPlaceholder) }

// InvalidError is an endpoint that cannot be connected to.
type InvalidError struct {
	Field string // the Go name of the field of Endpoint
	Value string
	Want  string // what would be valid
	Err   error  // why, where a caller tells it from other reasons; nil otherwise
}

// ErrNamesTenant is the reason of an InvalidError for an address that names a tenant.
var ErrNamesTenant = errors.New("endpoint: the address names a tenant")

// ErrNoBrackets is the reason of an InvalidError for an address with an IPv6 address that
// stands without square brackets.
var ErrNoBrackets = errors.New("endpoint: an IPv6 address without square brackets")

// namesTenant is an address in a field that names a tenant and may not.
func namesTenant(field, value string) error {
	return &InvalidError{Field: field, Value: value, Want: "an address without a tenant", Err: ErrNamesTenant}
}

// Error names the field and what it should be.
func (e *InvalidError) Error() string {
	return fmt.Sprintf("endpoint: %s is %q, want %s", e.Field, e.Value, e.Want)
}

// Unwrap gives Err.
func (e *InvalidError) Unwrap() error { return e.Err }

// NoDelegationError is a tenant asked for where DelegatedOrg= is not understood.
type NoDelegationError struct {
	Endpoint string // its name
	Tenant   string // its domain
}

// Error names both.
func (e *NoDelegationError) Error() string {
	return fmt.Sprintf("endpoint: %s has no delegated administration, so tenant %s cannot be asked for", e.Endpoint, e.Tenant)
}

// For returns the URL to connect to for tenant t: for the zero Tenant the
// endpoint's own, verbatim, unless it names a tenant; otherwise with DelegatedOrg= added to the query,
// or its value replaced, the rest verbatim. For the REST door it is where commands
// are invoked: the tenant stands in the path, by its GUID where that is known.
//
// It returns *InvalidError for an unusable endpoint, *DomainError for a bad
// domain and *NoDelegationError where the endpoint does not delegate.
func (e Endpoint) For(t Tenant) (string, error) {
	if err := e.Validate(); err != nil {
		return "", err
	}
	if e.Door == REST {
		return e.invoke(t)
	}
	if t.IsZero() {
		return e.URL, e.withoutTenant()
	}
	domain, err := ParseDomain(t.Domain)
	if err != nil {
		return "", err
	}
	if !e.Delegation {
		return "", &NoDelegationError{Endpoint: e.Name, Tenant: domain}
	}
	return withDelegatedOrg(e.URL, domain), nil
}

// withoutTenant returns *InvalidError for an address with DelegatedOrg, as earlier versions
// kept them: that tenant would be asked where the account's own organization is chosen.
func (e Endpoint) withoutTenant() error {
	if _, named := cutTenants(e.URL); len(named) > 0 {
		return namesTenant("URL", delegatedOrg)
	}
	return nil
}

// invoke is the address of InvokeCommand for a tenant. The own organization of an
// account that has not signed in is not known: the address ends before it.
func (e Endpoint) invoke(t Tenant) (string, error) {
	m, err := e.SignIn()
	if err != nil {
		return "", err
	}
	base := strings.TrimRight(e.URL, "/") + m.BasePath
	tenant, known := ParseTenantID(t.ID)
	switch {
	case known:
	case t.IsZero():
		return base, nil
	default:
		if tenant, err = ParseDomain(t.Domain); err != nil {
			return "", err
		}
	}
	return base + "/" + tenant + "/InvokeCommand", nil
}

// withDelegatedOrg sets the parameter in the query of rawURL and leaves every
// other byte as it is: Exchange mixes ';' and '&' as separators and some
// servers look at the order.
func withDelegatedOrg(rawURL, domain string) string {
	rawURL, fragment, hasFragment := strings.Cut(rawURL, "#")
	base, query, hasQuery := strings.Cut(rawURL, "?")
	value := delegatedOrg + "=" + url.QueryEscape(domain)
	if hasQuery && query != "" {
		value = replaceTenant(query, value)
	}
	out := base + "?" + value
	if hasFragment {
		out += "#" + fragment
	}
	return out
}

const delegatedOrg = "DelegatedOrg"

// parameter is one part of a query, with the separator after it.
type parameter struct {
	text, separator string
}

// parametersOf takes a query apart: Exchange has & and ; between.
func parametersOf(query string) []parameter {
	var all []parameter
	for query != "" {
		end := strings.IndexAny(query, "&;")
		if end < 0 {
			return append(all, parameter{text: query})
		}
		all = append(all, parameter{text: query[:end], separator: query[end : end+1]})
		query = query[end+1:]
	}
	return all
}

// tenant gives the value of DelegatedOrg, if the part is that. The name is compared as a
// server decodes it.
func (p parameter) tenant() (value string, ok bool) {
	name, value, _ := strings.Cut(p.text, "=")
	if !strings.EqualFold(strings.TrimSpace(unescaped(name)), delegatedOrg) {
		return "", false
	}
	return unescaped(value), true
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// replaceTenant puts value ("DelegatedOrg=...") in the place of the first that the query
// has and drops others, or appends it with the separator that the query uses.
func replaceTenant(query, value string) string {
	var b strings.Builder
	replaced := false
	for _, p := range parametersOf(query) {
		_, isTenant := p.tenant()
		switch {
		case isTenant && replaced:
			continue
		case isTenant:
			p.text, replaced = value, true
		}
		b.WriteString(p.text + p.separator)
	}
	if replaced {
		return b.String()
	}
	separator := "&"
	if strings.Contains(query, ";") && !strings.Contains(query, "&") {
		separator = ";"
	}
	if strings.HasSuffix(query, "&") || strings.HasSuffix(query, ";") {
		separator = ""
	}
	return query + separator + value
}

// cutTenants takes DelegatedOrg out of the query, however often it is there, and leaves
// the rest as it is; For puts it back for the tenant that is asked for.
func cutTenants(rawURL string) (without string, domains []string) {
	base, query, _ := strings.Cut(rawURL, "?")
	var kept []parameter
	for _, p := range parametersOf(query) {
		if domain, ok := p.tenant(); ok {
			domains = append(domains, domain)
			if n := len(kept); n > 0 && p.separator == "" {
				kept[n-1].separator = "" // it was the last
			}
			continue
		}
		kept = append(kept, p)
	}
	var b strings.Builder
	for _, p := range kept {
		b.WriteString(p.text + p.separator)
	}
	if b.Len() == 0 {
		return base, domains
	}
	return base + "?" + b.String(), domains
}
