package proxy

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Setting is what a connection says of its proxy: System, Direct, or the
// proxy's address as Parse gives it. It holds no password.
type Setting string

// The settings that are no address.
const (
	// System asks the environment, then the operating system.
	System Setting = ""
	// Direct uses no proxy.
	Direct Setting = "direct"
)

// SettingError is a proxy setting that cannot be understood. It does not hold
// the setting's text, which may have a password in it.
type SettingError struct {
	// Source is where the setting stands: a variable of the environment, such
	// as HTTPS_PROXY, "gsettings", "kde", "portal", "windows", "macos", or ""
	// for the connection's own.
	Source string
	Err    error
}

// Error names the source.
func (e *SettingError) Error() string {
	if e.Source == "" {
		return "proxy: " + e.Err.Error()
	}
	return "proxy of " + e.Source + ": " + e.Err.Error()
}

// Unwrap gives what is wrong with the setting.
func (e *SettingError) Unwrap() error { return e.Err }

var (
	errScheme   = errors.New("neither http, https nor socks5")
	errHost     = errors.New("no host")
	errPort     = errors.New("the port is not one of 1 to 65535")
	errWord     = errors.New("DIRECT, PROXY and SOCKS are words of a PAC script; for no proxy set NO_PROXY or leave the setting empty")
	errAddress  = errors.New("not an address; in a password, write %25 for %, %40 for @, %23 for #, %2F for / and %3F for ?")
	errPassword = errors.New("a password does not belong into the setting")
)

// Parse reads what a person typed: nothing or "system", "direct" or "none", or
// an address such as proxy.contoso.com:8080 or http://ada@proxy:8080. A
// password is refused: it belongs into the keyring. Errors are *SettingError.
func Parse(text string) (Setting, error) {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "", "system":
		return System, nil
	case "direct", "none":
		return Direct, nil
	}
	u, err := address("", text)
	if err != nil {
		return System, err
	}
	if _, has := u.User.Password(); has {
		return System, &SettingError{Err: errPassword}
	}
	return Setting(u.String()), nil
}

// defaultPorts are those that curl and browsers take where none is named.
var defaultPorts = map[string]string{"http": "80", "https": "443", "socks5": "1080"}

// address reads a proxy's address. Without a scheme it is an http proxy, as
// everywhere.
func address(source, text string) (*url.URL, error) {
	fail := func(err error) (*url.URL, error) { return nil, &SettingError{Source: source, Err: err} }
	text = strings.TrimSpace(text)
	if isScriptWord(text) {
		return fail(errWord)
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return fail(errAddress) // url's error quotes the text
	}
	if u.Scheme == "socks5h" { // the proxy looks names up; ours always let it
		u.Scheme = "socks5"
	}
	port, known := defaultPorts[u.Scheme]
	switch {
	case !known:
		return fail(errScheme)
	case u.Hostname() == "":
		return fail(errHost)
	case strings.ContainsAny(text, "#?") || strings.Contains(u.Path, "@"):
		// A password with such a sign: what stands before it would be taken for
		// the host and the port, asked for by name, and shown.
		return fail(errAddress)
	}
	if u.Port() == "" {
		u.Host = strings.TrimSuffix(u.Host, ":") + ":" + port
	}
	if n, err := strconv.Atoi(u.Port()); err != nil || n < 1 || n > math.MaxUint16 {
		return fail(errPort)
	}
	return &url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host}, nil
}

// isScriptWord says that a text is, or begins with, what a PAC script answers.
func isScriptWord(text string) bool {
	word, _, several := strings.Cut(text, " ")
	switch strings.ToLower(word) {
	case "direct", "direct;":
		return true
	case "proxy", "socks", "socks4", "socks5", "http", "https":
		return several
	}
	return false
}

// A Resolver names the proxy on the way to a server; nil means that there is
// none. Errors are *SettingError, or ctx's.
type Resolver func(ctx context.Context, server *url.URL) (*url.URL, error)

// Resolver gives what answers for the setting. The system is asked anew each
// time, because laptops change networks.
func (s Setting) Resolver() Resolver {
	switch s {
	case Direct:
		return func(context.Context, *url.URL) (*url.URL, error) { return nil, nil } //nolint:nilnil // no proxy and no error
	case System:
		return systemWide
	}
	return func(context.Context, *url.URL) (*url.URL, error) { return address("", string(s)) }
}

// systemWide asks the environment first: who sets a variable means it.
func systemWide(ctx context.Context, server *url.URL) (*url.URL, error) {
	proxy, set, err := fromEnvironment(server)
	if err != nil || set {
		return proxy, err
	}
	return ofSystem(ctx, server)
}

// first gives the first proxy of a list such as PAC scripts return, "DIRECT"
// meaning none: "http://a:80", "PROXY a:80", "direct://" (portal).
func first(source string, list []string) (*url.URL, error) {
	if len(list) == 0 {
		return nil, &SettingError{Source: source, Err: errHost}
	}
	word, rest, several := strings.Cut(strings.TrimSpace(list[0]), " ")
	switch strings.ToLower(word) {
	case "direct", "direct://":
		return nil, nil //nolint:nilnil // no proxy and no error
	case "proxy", "http":
		word = "http://" + strings.TrimSpace(rest)
	case "https":
		word = "https://" + strings.TrimSpace(rest)
	case "socks", "socks5":
		word = "socks5://" + strings.TrimSpace(rest)
	default:
		if several {
			return nil, &SettingError{Source: source, Err: fmt.Errorf("%w: %q", errScheme, word)}
		}
	}
	if strings.HasPrefix(word, "socks://") {
		word = "socks5" + strings.TrimPrefix(word, "socks")
	}
	return address(source, word)
}

// excepted says that a host is on a list of those that need no proxy, as
// desktops write it: names, .domains, *.domains, "<local>" for names without
// a dot.
func excepted(host string, list []string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc(list, func(e string) bool {
		e = strings.ToLower(strings.TrimSpace(e))
		switch {
		case e == "":
			return false
		case e == "*":
			return true
		case e == "<local>":
			return !strings.Contains(host, ".")
		}
		suffix := strings.TrimPrefix(e, "*")
		return host == strings.TrimPrefix(suffix, ".") || strings.HasSuffix(host, "."+strings.TrimPrefix(suffix, ".")) || inNetwork(host, e)
	})
}
