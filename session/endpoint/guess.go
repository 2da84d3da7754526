package endpoint

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// methods are our sign-in methods for a value of -Authentication, or nil.
func methods(authentication string) []string {
	switch strings.ToLower(authentication) {
	case "basic":
		return []string{AuthBasic}
	case "kerberos":
		return []string{AuthKerberos}
	case "default", "negotiate", "negotiatewithimplicitcredential":
		return []string{AuthKerberos, AuthNTLM}
	}
	return nil
}

// guess is what the URL alone says about an endpoint.
func guess(u *url.URL) Endpoint {
	host := canonicalHost(u.Hostname())
	e := Endpoint{
		Name: u.Host, Kind: KindOwn, Configuration: exchangeConfiguration, Auth: []string{AuthBasic, AuthNTLM},
		SessionLimit: 3, IdleTimeout: 15 * time.Minute, Own: true,
	}
	if u.Scheme == "http" {
		e.Auth = []string{AuthKerberos, AuthNTLM}
	}
	if cloud, ok := cloudKind(host); ok {
		e.Kind, e.Auth, e.Delegation = cloud, []string{AuthBasic}, true
		e.RedirectHosts = cloudRedirects(host)
		return e
	}
	path := strings.ToLower(strings.Trim(u.Path, "/"))
	switch {
	case strings.HasPrefix(path, "powershell-liveid"): // as the clouds have it, so with their limit
		e.Auth, e.Delegation = []string{AuthBasic}, true
		if u.Scheme == "http" {
			e.Auth = []string{AuthKerberos}
		}
	case strings.HasPrefix(path, "powershell"):
		e.Kind, e.SessionLimit = KindOnPremises, 18
		if u.Scheme == "http" {
			e.Auth = []string{AuthKerberos}
		}
	case path == "wsman" || u.Port() == "5985" || u.Port() == "5986":
		e.Kind, e.SessionLimit, e.IdleTimeout = KindWindows, 30, 2*time.Hour
		e.Configuration, e.Auth = windowsConfiguration, []string{AuthKerberos, AuthNTLM}
	}
	return e
}

// cloudKind recognises the hosts of Microsoft's clouds.
func cloudKind(host string) (Kind, bool) {
	under := func(parents ...string) bool {
		return slices.ContainsFunc(parents, func(p string) bool { return host == p || strings.HasSuffix(host, "."+p) })
	}
	switch {
	case under("ps.compliance.protection.outlook.com", "ps.compliance.protection.outlook.de",
		"ps.compliance.protection.office365.us", "ps.compliance.protection.partner.outlook.cn"):
		return KindCompliance, true
	case under("ps.protection.outlook.com", "ps.protection.outlook.de"):
		return KindEOP, true
	case under("outlook.office365.com", "outlook.com", "outlook.office365.us", "outlook-dod.office365.us",
		"webmail.apps.mil", "outlook.office.de", "partner.outlook.cn"):
		return KindOnline, true
	}
	return "", false
}

// cloudRedirects are the hosts that a cloud's front door may send us to: those
// of the same cloud.
func cloudRedirects(host string) []string {
	for _, cloud := range []struct {
		hosts     []string
		redirects []string
	}{
		{[]string{"outlook.de", "office.de"}, []string{"*.outlook.de", "outlook.office.de", "*.outlook.office.de"}},
		{[]string{"office365.us", "apps.mil"}, []string{"*.office365.us", "webmail.apps.mil"}},
		{[]string{"partner.outlook.cn"}, []string{"*.partner.outlook.cn"}},
	} {
		if slices.ContainsFunc(cloud.hosts, func(h string) bool { return strings.HasSuffix(host, "."+h) || host == h }) {
			return cloud.redirects
		}
	}
	return []string{"*.outlook.com", "outlook.office365.com", "*.outlook.office365.com"}
}
