package endpoint

import (
	"net/url"
	"slices"
	"strings"

	"postroom/session/proxy"
)

// Validate returns *InvalidError for the first thing that keeps e from being
// connected to: a missing name or configuration, a URL that is not http or
// https or carries a password, Basic over http, a sign-in method that the door
// does not have, a proxy that cannot be read, a session limit below 1, or, for
// the REST door, an authority, application, scope or path that cannot be used.
func (e Endpoint) Validate() error {
	if strings.TrimSpace(e.Name) == "" {
		return &InvalidError{Field: "Name", Value: e.Name, Want: "a name"}
	}
	if err := e.validateDoor(); err != nil {
		return err
	}
	if e.Authority != "" {
		if _, err := parseAuthority([]byte(e.Authority)); err != nil {
			return &InvalidError{Field: "Authority", Want: "certificates as PEM"}
		}
	}
	if _, err := proxy.Parse(string(e.Proxy)); err != nil {
		return &InvalidError{Field: "Proxy", Want: "system, direct, or an address such as http://user@proxy:8080"}
	}
	return e.validateURL()
}

// validateDoor checks what belongs to one door.
func (e Endpoint) validateDoor() error {
	methods := []string{AuthBasic, AuthNTLM, AuthKerberos}
	switch e.Door {
	case REST:
		methods = modernMethods()
		if err := e.validateURL(); err != nil { // what is left open follows from it
			return err
		}
		if _, err := e.SignIn(); err != nil && !e.Template() {
			return err
		}
	case Remoting, "":
		if strings.TrimSpace(e.Configuration) == "" {
			return &InvalidError{Field: "Configuration", Value: e.Configuration, Want: "a configuration name such as Microsoft.Exchange"}
		}
		if e.SessionLimit < 1 {
			return &InvalidError{Field: "SessionLimit", Value: "0 or less", Want: "at least 1"}
		}
	default:
		return &InvalidError{Field: "Door", Value: string(e.Door), Want: "remoting or rest"}
	}
	if e.IdleTimeout < 0 {
		return &InvalidError{Field: "IdleTimeout", Value: e.IdleTimeout.String(), Want: "0 or more"}
	}
	if len(e.Auth) == 0 {
		return &InvalidError{Field: "Auth", Want: "at least one sign-in method"}
	}
	for _, a := range e.Auth {
		if !slices.Contains(methods, a) {
			return &InvalidError{Field: "Auth", Value: a, Want: strings.Join(methods[:2], ", ") + " or " + methods[2]}
		}
	}
	return nil
}

func (e Endpoint) validateURL() error {
	if e.Template() {
		return &InvalidError{Field: "URL", Value: e.URL, Want: "the name of a host in place of " + hostPlaceholder}
	}
	if lacksBrackets(e.URL) {
		return &InvalidError{Field: "URL", Value: e.URL, Want: "an IPv6 address in square brackets", Err: ErrNoBrackets}
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		// url.Error repeats the text it could not parse, password and all.
		return &InvalidError{Field: "URL", Want: "an address such as https://server/PowerShell/"}
	}
	switch {
	case u.User != nil:
		return &InvalidError{Field: "URL", Value: u.Redacted(), Want: "an address without user name and password"}
	case u.Scheme != "https" && u.Scheme != "http":
		return &InvalidError{Field: "URL", Value: e.URL, Want: "an address that begins with https:// or http://"}
	case !validHost(u.Hostname()):
		return &InvalidError{Field: "URL", Value: e.URL, Want: "an address with the name of a host"}
	case !portFits(e.URL):
		return &InvalidError{Field: "URL", Value: e.URL, Want: "a port from 1 to 65535"}
	case u.Fragment != "":
		return &InvalidError{Field: "URL", Value: e.URL, Want: "an address without #"}
	case u.Scheme == "http" && e.Door == REST:
		return &InvalidError{Field: "URL", Value: e.URL, Want: "https, because a token is sent"}
	case u.Scheme == "http" && slices.Contains(e.Auth, AuthBasic):
		return &InvalidError{Field: "Auth", Value: AuthBasic, Want: "https, because Basic sends the password"}
	}
	return nil
}
