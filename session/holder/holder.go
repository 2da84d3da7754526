// Package holder knows who holds a session, a slot or a password: an account at
// a server. It is one comparable value, made in one place, so that all who ask
// 'is that the same one?' give the same answer.
//
// It holds no secret and knows nothing of sessions.
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

// Holder is an account at a server. Two are equal (==) when servers take them
// for the same, however either was written. The zero Holder is nobody.
type Holder struct{ account, server string }

// Of gives the holder of an account at an address, which is a URL, or a host
// with or without a port. Servers fold the letters' case of both; the ports of
// http and https lead to the same server; a name in other scripts is the same as
// its ASCII form. The account is cleaned as by [Clean], whose errors it gives,
// or ErrNoServer.
func Of(account, address string) (Holder, error) {
	account, err := Clean(account)
	if err != nil {
		return Holder{}, err
	}
	server, err := ServerOf(address)
	if err != nil {
		return Holder{}, err
	}
	return Holder{account: strings.ToLower(account), server: server}, nil
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
		host = ip.String() // the shortest of its spellings
	}
	switch port := strings.TrimLeft(u.Port(), "0"); {
	case port != "" && port != "443" && port != "80":
		return net.JoinHostPort(host, port), nil
	case strings.Contains(host, ":"):
		return "[" + host + "]", nil
	}
	return host, nil
}
