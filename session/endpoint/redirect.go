package endpoint

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// RefusalReason says why a redirect was not followed.
type RefusalReason int

// The reasons of a *RedirectRefused.
const (
	RefusedUnknownHost RefusalReason = iota // not in the policy: a person may allow it
	RefusedPlaintext                        // the target is http
	RefusedDowngrade                        // from https to http
	RefusedForm                             // user information, no host or one that only looks like another, or a scheme that is neither
)

// RedirectRefused is a redirect that the policy does not allow.
type RedirectRefused struct {
	From, To string // URLs without user information
	Host     string // the host offered, with its port unless that is the one asked for or 443
	Reason   RefusalReason
}

// Error names both hosts.
func (e *RedirectRefused) Error() string {
	return fmt.Sprintf("endpoint: redirect from %s to %s is not allowed", e.From, e.To)
}

// Askable reports whether a person may allow the redirect and have it
// remembered. http and downgrades may never be allowed.
func (e *RedirectRefused) Askable() bool { return e.Reason == RefusedUnknownHost }

// AllowRedirect returns nil when a redirect from one URL to the other may be
// followed with the account's credential, else *RedirectRefused. Allowed are
// https targets on the same host, on a host in e.RedirectHosts, or in one of
// the remembered ones. A host without a port stands for the port that was asked
// for and 443.
func (e Endpoint) AllowRedirect(from, to *url.URL, remembered ...string) error {
	return allowRedirect(e.RedirectHosts, remembered, from, to)
}

func allowRedirect(policy, remembered []string, from, to *url.URL) error {
	refuse := func(reason RefusalReason) error {
		host := to.Hostname()
		if !usualPort(from, to) {
			host = net.JoinHostPort(host, effectivePort(to))
		}
		return &RedirectRefused{From: bare(from), To: bare(to), Host: host, Reason: reason}
	}
	switch {
	case to.User != nil, to.Opaque != "", !validHost(to.Hostname()), !isASCII(to.Hostname()):
		return refuse(RefusedForm)
	case to.Scheme == "http" && from.Scheme == "https":
		return refuse(RefusedDowngrade)
	case to.Scheme == "http":
		return refuse(RefusedPlaintext)
	case to.Scheme != "https":
		return refuse(RefusedForm)
	}
	host := canonicalHost(to.Hostname())
	if host == canonicalHost(from.Hostname()) && effectivePort(to) == effectivePort(from) {
		return nil
	}
	for _, pattern := range append(slices.Clone(policy), remembered...) {
		name, port := cutPort(pattern)
		if matchHost(name, host) && (port == "" && usualPort(from, to) || port == effectivePort(to)) {
			return nil
		}
	}
	return refuse(RefusedUnknownHost)
}

// usualPort says that the target's port needs no mention: it was asked for, or is that of
// https.
func usualPort(from, to *url.URL) bool {
	port := effectivePort(to)
	return port == "443" || port == effectivePort(from)
}

// cutPort takes host:port apart. An IPv6 address with a port is in brackets.
func cutPort(pattern string) (host, port string) {
	if host, port, err := net.SplitHostPort(pattern); err == nil && port != "" {
		return host, port
	}
	return strings.Trim(pattern, "[]"), ""
}

// ParseRedirectHost reads HOST or HOST:PORT, as a person allows a redirect to it. It
// returns *InvalidError.
func ParseRedirectHost(text string) (string, error) {
	host, port := cutPort(strings.TrimSpace(text))
	if !validHost(host) || !isASCII(host) || port != "" && !validPort(port) {
		return "", &InvalidError{Field: "RedirectHosts", Value: text, Want: "the name of a host, with a port if it is another than the one asked for and 443"}
	}
	if port == "" {
		return canonicalHost(host), nil
	}
	return net.JoinHostPort(canonicalHost(host), port), nil
}

// isASCII reports whether a host is written as the network has it. A server that
// offers one with other letters wants it to be read as something else.
func isASCII(host string) bool {
	return !strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 })
}

// bare is u without what must not appear in a message: user information, and
// the query, where some clouds carry identifiers.
func bare(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

func canonicalHost(host string) string {
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func effectivePort(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

// matchHost compares host, which is canonical, with an exact name or with
// "*.parent", which stands for every name below parent but not for parent.
func matchHost(pattern, host string) bool {
	pattern = canonicalHost(pattern)
	if parent, ok := strings.CutPrefix(pattern, "*."); ok {
		return parent != "" && strings.HasSuffix(host, "."+parent)
	}
	return pattern != "" && pattern == host
}
