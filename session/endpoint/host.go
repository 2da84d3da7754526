package endpoint

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// This file knows the host and the port in an address.

// cutHost takes an address apart at its host and port.
func cutHost(rawURL string) (before, host, after string, ok bool) {
	scheme, rest, ok := strings.Cut(rawURL, "://")
	if !ok {
		return rawURL, "", "", false
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	return scheme + "://", rest[:end], rest[end:], true
}

// withHostAsKept writes the host of an address as the network has it: müller.example is
// xn--mller-kva.example, and a colon without a port goes. What is no such host stays, and
// is refused for it.
func withHostAsKept(rawURL string) string {
	before, host, after, ok := cutHost(rawURL)
	if !ok || strings.Contains(host, "@") {
		return rawURL
	}
	host = strings.TrimSuffix(host, ":")
	if !isASCII(host) {
		name, port, hasPort := strings.Cut(host, ":")
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			return rawURL
		}
		if host = ascii; hasPort {
			host += ":" + port
		}
	}
	return before + host + after
}

// lacksBrackets says that the host of an address is an IPv6 address without the square
// brackets that tell its colons from the one before a port.
func lacksBrackets(rawURL string) bool {
	_, host, _, _ := cutHost(rawURL)
	return isIPv6(host) || isIPv6(host[:max(0, strings.LastIndexByte(host, ':'))])
}

func isIPv6(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Is6()
}

// portFits says that the port of an address, where it has one, is from 1 to 65535.
func portFits(rawURL string) bool {
	_, host, _, _ := cutHost(rawURL)
	at := strings.LastIndexByte(host, ':')
	if at < 0 || strings.ContainsAny(host[at:], "]@") || strings.Contains(host, "@") {
		return true
	}
	return validPort(host[at+1:])
}

// validPort says that text is a port: 1 to 65535.
func validPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}

// validHost accepts IP addresses and names as DNS and Windows have them
// (single labels and underscores included).
func validHost(host string) bool {
	if host == "" || len(host) > 253 {
		return false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, r := range label {
			if r < 0x80 && !isHostByte(byte(r)) {
				return false
			}
		}
	}
	return true
}

func isHostByte(c byte) bool {
	return c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
