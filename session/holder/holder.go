// Package holder knows who holds a session, a slot or a password: an account at
// a server. It is one comparable value, made in one place, so that all who ask
// 'is that the same one?' give the same answer.
//
// It holds no secret and knows nothing of sessions. Nor does it say where a credential may
// go: who judges a redirect, a link or a proxy (session/endpoint, wsman, exorest, signin,
// partner) compares scheme, host and port as they stand, so that a lookalike is refused
// rather than taken for the server. Which tenant a domain names is the business of
// session/endpoint.
package holder

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// The reasons why there is no such holder.
var (
	// ErrNoAccount: nothing is left of the account once it is cleaned.
	ErrNoAccount = errors.New("holder: the account is empty")
	// ErrControl: the account has a control character in it.
	ErrControl = errors.New("holder: the account has a control character in it")
	// ErrNoServer: the address has no host.
	ErrNoServer = errors.New("holder: the address has no host")
)

// Holder is an account at a server. Two are equal (==) when every server takes them
// for the same, however either was written; the zero Holder is nobody. Accounts that
// some server could tell apart are two, each with a password of its own. Which of them
// a server may take for one all the same, and so counts together, [Holder.MayBe] says.
type Holder struct{ account, server string }

// Of gives the holder of an account at an address, which is a URL, or a host
// with or without a port. Servers fold the letters' case of both; the ports of
// http and https lead to the same server; a name in other scripts is the same as
// its ASCII form. The account is cleaned as by [Clean], whose errors it gives,
// or ErrNoServer; it is compared as RFC 8265 compares user names
// (UsernameCaseMapped): whatever the width and the case of its letters, and
// composed or not.
func Of(account, address string) (Holder, error) {
	account, err := Clean(account)
	if err != nil {
		return Holder{}, err
	}
	server, err := ServerOf(address)
	if err != nil {
		return Holder{}, err
	}
	return Holder{account: folded(account), server: server}, nil
}

// SameAccount says that two spellings are of one account, where the server is known to
// be the same: the rule of a Holder's ==. What is no account is the same as nothing.
func SameAccount(a, b string) bool {
	a, aErr := Clean(a)
	b, bErr := Clean(b)
	return aErr == nil && bErr == nil && folded(a) == folded(b)
}

// AccountKey gives an account as it is compared, to look it up by; what is no account
// is its own key.
func AccountKey(account string) string {
	if clean, err := Clean(account); err == nil {
		account = clean
	}
	return folded(account)
}

// Account gives the account in lower case.
func (h Holder) Account() string { return h.account }

// Server gives the host in lower case, with its port where that is neither 443
// nor 80.
func (h Holder) Server() string { return h.server }

// IsZero says that it is nobody.
func (h Holder) IsZero() bool { return h == Holder{} }

// String gives account and server for a log.
func (h Holder) String() string {
	if h.IsZero() {
		return "nobody"
	}
	return h.account + " at " + h.server
}

// textSeparator stands between account and server in a file; neither has one.
const textSeparator = "\n"

// MarshalText gives the holder as files have it.
func (h Holder) MarshalText() ([]byte, error) {
	if h.IsZero() {
		return nil, nil
	}
	return []byte(h.account + textSeparator + h.server), nil
}

// UnmarshalText reads what MarshalText, or an earlier version of the program,
// has written. A text that names no holder is nobody: a list is not unreadable
// for one line of it.
func (h *Holder) UnmarshalText(text []byte) error {
	*h = Holder{}
	account, server, _ := strings.Cut(string(text), textSeparator)
	if read, err := Of(account, server); err == nil {
		*h = read
	}
	return nil
}

// ServerOf gives the server of an address as a holder has it, or ErrNoServer.
func ServerOf(address string) (string, error) {
	address = strings.TrimSpace(strip(address))
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoServer, err)
	}
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if host == "" {
		return "", ErrNoServer
	}
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii // what is no name in other scripts is compared as it stands
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		host = ip.Unmap().String() // the shortest of its spellings
	}
	switch port := strings.TrimLeft(u.Port(), "0"); {
	case port != "" && port != "443" && port != "80":
		return net.JoinHostPort(host, port), nil
	case strings.Contains(host, ":"):
		return "[" + host + "]", nil
	}
	return host, nil
}
