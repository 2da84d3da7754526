package endpoint

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// ModuleClientID is the application of Microsoft's own Exchange Online module. It
// stands in every cloud and is used where nobody names another; it is Microsoft's,
// not ours, and Microsoft may restrict it.
const ModuleClientID = "fb78d390-0c51-40cd-8e17-fdbfab77341b"

// DefaultBasePath is where InvokeCommand is found below the URL of a REST
// endpoint.
const DefaultBasePath = "/adminapi/beta"

// DefaultModuleVersion is the version of Microsoft's Exchange Online module whose file
// tells what a role may run.
const DefaultModuleVersion = "3.9.2"

// Modern says where the tokens of a modern sign-in come from, and what for. It is
// configuration: what is empty follows from the cloud that the endpoint's host
// belongs to; see Endpoint.SignIn.
type Modern struct {
	// Authority is where people sign in, without a tenant:
	// https://login.microsoftonline.com.
	Authority string `json:"authority,omitempty"`
	// ClientID is the application that asks, a GUID.
	ClientID string `json:"client_id,omitempty"`
	// Scope is what tokens are asked for: the resource with "/.default".
	Scope string `json:"scope,omitempty"`
	// BasePath comes between the URL and the tenant: /adminapi/beta.
	BasePath string `json:"base_path,omitempty"`
	// ModuleVersion is the version of Microsoft's module whose file is asked for: 3.9.2.
	ModuleVersion string `json:"module_version,omitempty"`
	// Graph is Microsoft Graph with its version: https://graph.microsoft.com/v1.0.
	Graph string `json:"graph,omitempty"`
	// Certificate is a file, PEM with its key or PFX, by which the application
	// proves itself where nobody signs in (AuthApp). A passphrase lies in the
	// keyring or in memory.
	Certificate string `json:"certificate,omitempty"`
}

// Borrowed says that the application is that of Microsoft's module, which people
// should be told.
func (m Modern) Borrowed() bool { return m.ClientID == ModuleClientID }

// cloud is what is known of one of Microsoft's clouds: the hosts of its REST
// doors, where people sign in, and its Graph. Where a door's tokens are for another
// host than its own, audience says so; graphs names the Graph of a door that has
// another than its cloud. All of it is only what stands in for what an endpoint leaves
// open: each is a setting of the endpoint, and a flag.
type cloud struct {
	authority string
	hosts     []string
	audience  map[string]string
	graph     string
	graphs    map[string]string
}

const worldwide = "https://login.microsoftonline.com"

// clouds are Microsoft's clouds. Nothing of it was tried against a live tenant by us;
// it is from (read on 27 and 28 November 2026):
//
//   - authorities and Graph: learn.microsoft.com/graph/deployments, "App registration and
//     token service root endpoints" and "Microsoft Graph ... service root endpoints". GCC
//     uses the worldwide ones, GCC High graph.microsoft.us, DoD dod-graph.microsoft.us;
//   - Exchange Online worldwide, GCC High and DoD: learn.microsoft.com/exchange/reference,
//     "admin-api-get-started", which agrees with ScubaGear's request helper;
//   - Exchange Online in China: partner.outlook.cn is the module's own table (3.10.1) and a
//     live challenge of September 2026, told by a public project; outlook.office365.cn is
//     what Microsoft's page of the Admin API v2.0 names;
//   - Security & Compliance: learn.microsoft.com/powershell/exchange,
//     "connect-to-scc-powershell"; that the token of DoD's l5. host is for the host
//     without it, from the module by the same public project.
func clouds() []cloud {
	return []cloud{
		{
			authority: worldwide, hosts: []string{"outlook.office365.com", "ps.compliance.protection.outlook.com"},
			graph: "https://graph.microsoft.com/v1.0",
		},
		{
			authority: "https://login.microsoftonline.us", // GCC High and DoD
			hosts: []string{
				"outlook.office365.us", "outlook-dod.office365.us",
				"ps.compliance.protection.office365.us", "l5.ps.compliance.protection.office365.us",
			},
			audience: map[string]string{"l5.ps.compliance.protection.office365.us": "ps.compliance.protection.office365.us"},
			graph:    "https://graph.microsoft.us/v1.0",
			graphs: map[string]string{
				"outlook-dod.office365.us": "https://dod-graph.microsoft.us/v1.0", "l5.ps.compliance.protection.office365.us": "https://dod-graph.microsoft.us/v1.0",
			},
		},
		{
			authority: "https://login.chinacloudapi.cn", // 21Vianet
			hosts:     []string{"partner.outlook.cn", "outlook.office365.cn", "ps.compliance.protection.partner.outlook.cn"},
			graph:     "https://microsoftgraph.chinacloudapi.cn/v1.0",
		},
	}
}

// SignIn gives Modern with all that it leaves open. It returns *InvalidError for
// what cannot be used, and where nothing is said of the authority and the host is
// of no cloud that is known.
func (e Endpoint) SignIn() (Modern, error) {
	m := e.Modern
	u, err := url.Parse(e.URL)
	if err != nil {
		return m, &InvalidError{Field: "URL", Want: "an address such as https://outlook.office365.com"}
	}
	host := canonicalHost(u.Hostname())
	for _, c := range clouds() {
		if !slices.Contains(c.hosts, host) {
			continue
		}
		if m.Authority == "" {
			m.Authority = c.authority
		}
		if to := c.audience[host]; to != "" && m.Scope == "" {
			m.Scope = "https://" + to + "/.default"
		}
		if m.Graph == "" {
			m.Graph = cmp.Or(c.graphs[host], c.graph)
		}
	}
	if m.Scope == "" {
		m.Scope = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/.default"}).String()
	}
	if m.BasePath = strings.TrimRight(m.BasePath, "/"); m.BasePath == "" {
		m.BasePath = DefaultBasePath
	}
	m.ModuleVersion = cmp.Or(strings.TrimSpace(m.ModuleVersion), DefaultModuleVersion)
	if m.ClientID = strings.ToLower(strings.TrimSpace(m.ClientID)); m.ClientID == "" {
		m.ClientID = ModuleClientID
	}
	if m.Authority, err = parseSignInAuthority(m.Authority); err != nil {
		return m, err
	}
	return m, m.validate()
}

func (m Modern) validate() error {
	scope, err := url.Parse(m.Scope)
	switch {
	case !isGUID(m.ClientID):
		return &InvalidError{Field: "Modern.ClientID", Value: m.ClientID, Want: "the GUID of an application"}
	case err != nil, scope.Scheme != "https" && scope.Scheme != "api", scope.Host == "", scope.User != nil, !strings.HasSuffix(m.Scope, "/.default"):
		return &InvalidError{Field: "Modern.Scope", Value: m.Scope, Want: "a resource such as https://outlook.office365.com/.default"}
	case !strings.HasPrefix(m.BasePath, "/") || strings.ContainsAny(m.BasePath, "?#\\ ") || strings.Contains(m.BasePath, ".."):
		return &InvalidError{Field: "Modern.BasePath", Value: m.BasePath, Want: "a path such as " + DefaultBasePath}
	case !isVersion(m.ModuleVersion):
		return &InvalidError{Field: "Modern.ModuleVersion", Value: m.ModuleVersion, Want: "a version such as " + DefaultModuleVersion}
	case m.Graph != "" && !validGraph(m.Graph):
		return &InvalidError{Field: "Modern.Graph", Value: m.Graph, Want: "an address such as https://graph.microsoft.com/v1.0"}
	}
	return nil
}

// isVersion says that text is numbers with points between them.
func isVersion(text string) bool {
	for part := range strings.SplitSeq(text, ".") {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return false
		}
	}
	return len(text) <= 40
}

// validGraph says that text is an https address with a path, and nothing else.
func validGraph(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && validHost(u.Hostname()) && u.User == nil && u.RawQuery == "" && u.Fragment == "" && len(strings.Trim(u.Path, "/")) > 0
}

// AtGraph gives the endpoint as one whose tokens are for the Microsoft Graph of its
// cloud, and that Graph's address without a slash at its end. Errors are those of
// SignIn; a *InvalidError names Modern.Graph where no Graph is known.
func (e Endpoint) AtGraph() (Endpoint, *url.URL, error) {
	m, err := e.SignIn()
	if err != nil {
		return e, nil, err
	}
	u, err := url.Parse(strings.TrimRight(m.Graph, "/"))
	if m.Graph == "" || err != nil {
		return e, nil, &InvalidError{Field: "Modern.Graph", Value: m.Graph, Want: "an address such as https://graph.microsoft.com/v1.0"}
	}
	resource := *u
	resource.Path = resource.Path[:strings.LastIndexByte(resource.Path, '/')] + "/.default" // without the version
	m.Scope = resource.String()
	e.Modern = m
	return e, u, nil
}

// ConsentPage is where an administrator of a tenant, by GUID or domain, consents to what
// the application asks for.
func (m Modern) ConsentPage(tenant string) string {
	return m.Authority + "/" + tenant + "/adminconsent?client_id=" + url.QueryEscape(m.ClientID)
}

// parseSignInAuthority reads the address where people sign in, as they write it:
// with or without https, with a tenant behind it or none, which is left out. It
// returns *InvalidError.
func parseSignInAuthority(text string) (string, error) {
	invalid := &InvalidError{Field: "Modern.Authority", Value: text, Want: "an address such as " + worldwide}
	text = strings.TrimSpace(text)
	if text != "" && !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil {
		invalid.Value = "" // it may have a password in it
		return "", invalid
	}
	path := strings.Trim(u.Path, "/")
	if u.Scheme != "https" || !portFits(text) || !validHost(u.Hostname()) || !isASCII(u.Host) || strings.Contains(path, "/") || u.RawQuery != "" || u.Fragment != "" {
		return "", invalid
	}
	return "https://" + strings.ToLower(u.Host), nil
}

// ParseTenantID reads the GUID of a tenant, with or without braces; false when it
// is none.
func ParseTenantID(text string) (id string, ok bool) {
	id = strings.ToLower(strings.TrimSpace(text))
	if inner, braced := strings.CutPrefix(id, "{"); braced && strings.HasSuffix(inner, "}") {
		id = strings.TrimSuffix(inner, "}")
	}
	if !isGUID(id) {
		return "", false
	}
	return id, true
}

// isGUID says that text is a GUID in lower case, without braces.
func isGUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range []byte(text) {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		hex := '0' <= c && c <= '9' || 'a' <= c && c <= 'f'
		if hyphen != (c == '-') || !hyphen && !hex {
			return false
		}
	}
	return true
}

// modernMethods are the sign-in methods of the REST door.
func modernMethods() []string { return []string{AuthModern, AuthDevice, AuthApp} }

// IsModern says that a sign-in method asks Entra for a token.
func IsModern(method string) bool { return slices.Contains(modernMethods(), method) }

// With gives m with what another says.
func (m Modern) With(other Modern) Modern {
	return Modern{
		Authority: cmp.Or(other.Authority, m.Authority), ClientID: cmp.Or(other.ClientID, m.ClientID), Scope: cmp.Or(other.Scope, m.Scope),
		BasePath: cmp.Or(other.BasePath, m.BasePath), Certificate: cmp.Or(other.Certificate, m.Certificate),
		Graph: cmp.Or(other.Graph, m.Graph), ModuleVersion: cmp.Or(other.ModuleVersion, m.ModuleVersion),
	}
}
