package endpoint

import (
	"net/url"
	"slices"
	"strings"
)

// This file reads commands and addresses that lead to a cloud's REST door.

// modernOf gives the REST door that an address leads to: an address of the door
// itself, or, of a command, one of the classic door of a cloud.
func modernOf(u *url.URL, line bool) (to Endpoint, ok bool) {
	host := canonicalHost(u.Hostname())
	kind, isCloud := cloudKind(host)
	parts := adminParts(u.Path)
	switch {
	case !isCloud && parts != nil: // a server like a cloud's
		to = atREST("https://"+strings.ToLower(u.Host), KindOwn)
		to.RedirectHosts = nil
	case !isCloud, u.Scheme != "https" && !line:
		return Endpoint{}, false
	default:
		to = atREST("https://"+host, kind)
	}
	if path := strings.ToLower(strings.Trim(u.Path, "/")); strings.HasPrefix(path, "powershell") {
		if !line {
			return Endpoint{}, false
		}
		return atREST(restURL(host, kind), kind), true
	}
	if len(parts) > 1 {
		if base := "/" + strings.ToLower(parts[0]+"/"+parts[1]); base != DefaultBasePath {
			to.Modern.BasePath = base
		}
	}
	return to, true
}

// atREST is what an address of the REST door says about its endpoint.
func atREST(address string, kind Kind) Endpoint {
	host := strings.TrimPrefix(address, "https://")
	if kind == KindEOP { // the protection alone has no door of its own any more
		kind = KindOnline
	}
	return Endpoint{
		Name: host, URL: address, Kind: kind, Door: REST, Auth: modernMethods(), RedirectHosts: []string{"*." + host}, Delegation: true, Own: true,
	}
}

// toCloud says that a command leads to the cloud by itself.
func toCloud(commandName string) bool {
	return slices.Contains(modernCommands(), commandName)
}

// cloudAddress is where one of modernCommands leads.
func (c connection) cloudAddress(commandName string) (Address, error) {
	if c.uri != "" {
		return c.cloudAt(c.uri)
	}
	if strings.EqualFold(c.cloudName, "o365germanycloud") {
		return Address{}, &TextError{Reason: TextRetired, Name: "-ExchangeEnvironmentName"}
	}
	host := environmentHost(c.cloudName)
	if host == "" {
		return Address{}, &TextError{Reason: TextBadValue, Name: "-ExchangeEnvironmentName"}
	}
	kind := KindOnline
	if commandName == "connect-ippssession" {
		kind = KindCompliance
		if c.cloudName == "" && c.authority != "" { // as the manual has it for other clouds
			host = authorityHost(c.authority)
		}
	}
	tenant, err := c.tenant()
	if err != nil {
		return Address{}, err
	}
	return c.cloud(atREST(restURL(host, kind), kind), tenant)
}

// authorityHost is a host of the cloud whose authority is named.
func authorityHost(authority string) string {
	u, err := url.Parse(authority)
	if err != nil {
		return ""
	}
	switch CloudOf(u.Host) {
	case CloudGovernment:
		return "outlook.office365.us"
	case CloudChina:
		return "partner.outlook.cn"
	case CloudWorldwide, CloudOwn:
	}
	return ""
}

// cloudAt is where -ConnectionUri leads: to a cloud, or to a server like it, such
// as the simulator's.
func (c connection) cloudAt(rawURL string) (Address, error) {
	rawURL, u, err := parseURL(rawURL)
	if err != nil {
		return Address{}, err
	}
	if u.Scheme != "https" { // a token is sent
		return Address{}, &TextError{Reason: TextBadAddress}
	}
	to, known := modernOf(u, true)
	if !known {
		to = atREST("https://"+strings.ToLower(u.Host), KindOwn)
		to.RedirectHosts = nil
	}
	_, domains := cutTenants(rawURL)
	tenant, err := c.tenant(append(domains, pathTenant(u.Path)...)...)
	if err != nil {
		return Address{}, err
	}
	return c.cloud(to, tenant)
}

// cloud is the address of a REST door for a tenant, with what the parameters say of
// account, application and authority.
func (c connection) cloud(e Endpoint, tenant Tenant) (Address, error) {
	if err := c.setAuthority(&e); err != nil {
		return Address{}, err
	}
	e.Modern.ClientID, e.Modern.Certificate = c.app, c.certificate
	switch {
	case c.certified:
		e.Auth = []string{AuthApp, AuthModern, AuthDevice}
	case c.device:
		e.Auth = []string{AuthDevice, AuthModern, AuthApp}
	}
	if e.Modern.ClientID != "" {
		id, ok := ParseTenantID(e.Modern.ClientID) // a GUID as well
		if !ok {
			return Address{}, &TextError{Reason: TextBadValue, Name: "-AppId"}
		}
		e.Modern.ClientID = id
	}
	return Address{Endpoint: e, Tenant: tenant, User: c.user}, nil
}

// setAuthority takes over an authority that is not the cloud's own.
func (c connection) setAuthority(e *Endpoint) error {
	if c.authority == "" {
		return nil
	}
	authority, err := parseSignInAuthority(c.authority)
	if err != nil {
		return &TextError{Reason: TextBadValue, Name: "-AzureADAuthorizationEndpointUri"}
	}
	if m, err := e.SignIn(); err != nil || m.Authority != authority {
		e.Modern.Authority = authority
	}
	return nil
}

// authorityTenant is the tenant in the address of the authority, which is how the
// manual has a partner name it for Security & Compliance.
func authorityTenant(authority string) string {
	if !strings.Contains(authority, "://") { // as people write it, see parseSignInAuthority
		authority = "https://" + authority
	}
	u, err := url.Parse(authority)
	if err != nil {
		return ""
	}
	switch name := strings.Trim(u.Path, "/"); strings.ToLower(name) {
	case "common", "organizations", "consumers":
		return ""
	default:
		return name
	}
}
