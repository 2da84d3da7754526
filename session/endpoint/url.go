package endpoint

import (
	"fmt"
	"net/url"
	"strings"
)

func hasPlaceholder(rawURL string) bool { return strings.Contains(rawURL, HostPlaceholder) }

// InvalidError is an endpoint that cannot be connected to.
type InvalidError struct {
	Field string // the Go name of the field of Endpoint
	Value string
	Want  string // what would be valid
}

// Error names the field and what it should be.
func (e *InvalidError) Error() string {
	return fmt.Sprintf("endpoint: %s is %q, want %s", e.Field, e.Value, e.Want)
}

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
// endpoint's own, verbatim; otherwise with DelegatedOrg= added to the query,
// or its value replaced, the rest verbatim.
//
// It returns *InvalidError for an unusable endpoint, *DomainError for a bad
// domain and *NoDelegationError where the endpoint does not delegate.
func (e Endpoint) For(t Tenant) (string, error) {
	if err := e.Validate(); err != nil {
		return "", err
	}
	if t.IsZero() {
		return e.URL, nil
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

// withDelegatedOrg sets the parameter in the query of rawURL and leaves every
// other byte as it is: Exchange mixes ';' and '&' as separators and some
// servers look at the order.
func withDelegatedOrg(rawURL, domain string) string {
	rawURL, fragment, hasFragment := strings.Cut(rawURL, "#")
	base, query, hasQuery := strings.Cut(rawURL, "?")
	value := delegatedOrg + "=" + url.QueryEscape(domain)
	switch {
	case !hasQuery || query == "":
		query = value
	default:
		query = replaceParameter(query, value)
	}
	out := base + "?" + query
	if hasFragment {
		out += "#" + fragment
	}
	return out
}

const delegatedOrg = "DelegatedOrg"

// replaceParameter puts value ("Name=...") where query has a parameter of that
// name in any case, or appends it with the separator that the query uses.
func replaceParameter(query, value string) string {
	name, _, _ := strings.Cut(value, "=")
	for start := 0; start <= len(query); {
		end := start + strings.IndexAny(query[start:], "&;")
		if end < start {
			end = len(query)
		}
		if key, _, _ := strings.Cut(query[start:end], "="); strings.EqualFold(key, name) {
			return query[:start] + value + query[end:]
		}
		start = end + 1
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
