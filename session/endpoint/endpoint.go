// Package endpoint knows where one can connect: the catalogue of servers and
// clouds, the person's own endpoints, the customers' tenants, the URLs that
// follow from both, and which redirects may be followed. It also understands a
// pasted ConnectionUri or New-PSSession line.
//
// It opens no connection and holds no password. HTTP is the business of
// session/wsman, passwords that of session/credential.
package endpoint

import (
	"maps"
	"slices"
	"time"

	"postroom/session/proxy"
)

// Kind is the sort of place an endpoint leads to.
type Kind string

// The kinds of endpoints.
const (
	KindEOP        Kind = "eop"        // Exchange Online Protection, standalone or by Enterprise CAL with Services
	KindOnline     Kind = "online"     // Exchange Online
	KindCompliance Kind = "compliance" // Security & Compliance
	KindOnPremises Kind = "onpremises" // Exchange Server
	KindWindows    Kind = "windows"    // a Windows host's own PowerShell remoting
	KindDemo       Kind = "demo"       // the built-in simulator
	KindOwn        Kind = "own"        // anything else that a person entered
)

// Farm says that it is one of the operator's own services: many servers behind one name,
// where only a cookie leads back to the one that has a session.
func (k Kind) Farm() bool { return k == KindEOP || k == KindOnline || k == KindCompliance }

// The names of the sign-in methods in Endpoint.Auth.
const (
	AuthBasic    = "basic"
	AuthNTLM     = "ntlm"
	AuthKerberos = "kerberos"
	AuthModern   = "modern" // Entra, in the system's browser
	AuthDevice   = "device" // Entra, by a code that is typed on another device
	AuthApp      = "app"    // Entra, an application with a certificate
)

// hostPlaceholder stands in the URL of a template for the host that the person
// still has to name, for example https://{host}/PowerShell/.
const hostPlaceholder = "{host}"

// Door is the way to an endpoint's cmdlets.
type Door string

// Remoting is PowerShell remoting over WS-Management: where no door is named.
const Remoting Door = "remoting"

// REST is Exchange Online's InvokeCommand.
const REST Door = "rest"

// Endpoint is one place to connect to. The zero value is not usable; see Validate.
// Endpoints are values: methods return changed copies. It has a field for each thing that
// the catalogue of endpoints says of one.
type Endpoint struct {
	ID   string `json:"id"`   // stable, lower case, unique in a catalogue
	Name string `json:"name"` // for people
	// URL is the ConnectionUri, path and query verbatim. In a template the
	// host is hostPlaceholder. For KindDemo it is empty until the simulator
	// runs.
	URL           string   `json:"url"`
	Kind          Kind     `json:"kind"`
	Door          Door     `json:"door,omitempty"` // "" is Remoting
	Configuration string   `json:"configuration"`  // such as Microsoft.Exchange
	Auth          []string `json:"auth"`           // sign-in methods, the preferred one first
	// SessionLimit is how many sessions an account may hold there; at least 1. The
	// REST door has no sessions: there it is the ceiling of requests at once, and
	// may be 0.
	SessionLimit int `json:"session_limit"`
	// IdleTimeout is after how long the server drops an idle session.
	IdleTimeout time.Duration `json:"-"`
	// RedirectHosts may be redirected to without a question: exact host
	// names, or "*.example.com" for every name below example.com.
	RedirectHosts []string `json:"redirect_hosts,omitempty"`
	// Delegation says that DelegatedOrg= is understood, so that a customer's
	// tenant may be asked for.
	Delegation bool `json:"delegation,omitempty"`
	// Closed says why the operator no longer answers here; empty if open.
	Closed string `json:"closed,omitempty"`
	// Note is what a person should know before connecting.
	Note string `json:"note,omitempty"`
	// Proxy is the connection's own setting; "" means the system's.
	Proxy proxy.Setting `json:"proxy,omitempty"`
	// Authority may sign the server's certificate, beside those that the system
	// knows; "" is none.
	Authority Authority `json:"authority,omitempty"`
	// Modern is where tokens come from, for endpoints of the REST door.
	Modern Modern `json:"modern,omitzero"`
	// Own is true for endpoints of the person, false for the catalogue's.
	Own bool `json:"own,omitempty"`
	// Texts holds Name, Closed and Note in other languages, by the base of
	// their BCP 47 tag, such as "de". See In.
	Texts map[string]Texts `json:"texts,omitempty"`
}

// Texts is what a person reads about an endpoint, in one language.
type Texts struct {
	Name   string `json:"name,omitempty"`
	Closed string `json:"closed,omitempty"`
	Note   string `json:"note,omitempty"`
}

// Template reports whether the URL still lacks a host name.
func (e Endpoint) Template() bool { return hasPlaceholder(e.URL) }

// Clone returns a copy that shares no memory with e.
func (e Endpoint) Clone() Endpoint {
	e.Auth = slices.Clone(e.Auth)
	e.RedirectHosts = slices.Clone(e.RedirectHosts)
	e.Texts = maps.Clone(e.Texts)
	return e
}

// Tenant is an organization whose mail is looked after: a partner's customer,
// or, as the zero value, the account's own organization.
type Tenant struct {
	Name string `json:"name"`
	// Domain is ASCII, lower case, as ParseDomain returns it. It tells tenants apart
	// and names them, so of one that is known by its GUID alone it is that.
	Domain string `json:"domain"`
	// ID is the tenant's GUID in lower case; "" while it is not known.
	ID     string   `json:"id,omitempty"`
	Color  string   `json:"color"` // "#rrggbb"
	Tags   []string `json:"tags,omitempty"`
	Pinned bool     `json:"pinned,omitempty"`
	// ReadOnly lets nothing be sent for the tenant but commands that read.
	ReadOnly bool      `json:"read_only,omitempty"`
	LastUsed time.Time `json:"last_used,omitzero"`
}

// IsZero reports whether t is the account's own organization.
func (t Tenant) IsZero() bool { return t.Domain == "" && t.Name == "" }
