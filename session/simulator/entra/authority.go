// Package entra is an authority beside the simulator's servers: it signs people
// and applications in as Entra ID does and gives tokens for the simulator's
// tenants, so that sign-in libraries work against it on loopback.
//
// It knows instance discovery, OpenID documents and keys for each tenant, by
// GUID or by domain, sign-in in a browser (authorization code with PKCE), by
// device code, by password and by certificate, and refresh tokens that are good
// for every tenant that the account may administer. Refusals have Entra's
// numbers. It checks what its clients send: redirect addresses, PKCE, assertions
// and their certificate.
package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Tenant is an organization that people can sign in to.
type Tenant struct {
	// ID is its GUID, Domain its default domain.
	ID, Domain string
	// Open says that the accounts may administer it.
	Open bool
}

// Options say whom an authority knows.
type Options struct {
	// Base is where it serves, without a slash at the end.
	Base string
	// ClientID is the application that people sign in with, Certificate that
	// which it proves itself by when it signs in without a person.
	ClientID    string
	Certificate *x509.Certificate
	// Audience is what tokens are for.
	Audience string
	// Graph is the audience of the tokens for Microsoft Graph, below Audience; "" knows
	// no Graph.
	Graph string
	// Home is the GUID of the accounts' own tenant.
	Home string
	// Find finds a tenant by GUID or domain.
	Find func(name string) (Tenant, bool)
	// Check says whether a password is right; the refusal, if there is one, is a
	// number of Entra's. An empty password asks about the account alone.
	Check func(user, password string) (refusal int, ok bool)
	// Refuse plays a refusal: its number, or 0. It is asked for each token.
	Refuse func(account, tenant string) int
	// Secret is told of everything that nobody but the client may see: tokens, codes,
	// and the proofs that clients send. It may be called from several goroutines.
	Secret func(kind, text string)
	Now    func() time.Time
}

// Authority serves sign-ins. It may be used by any number of goroutines.
type Authority struct {
	o      Options
	key    *rsa.PrivateKey
	secret [32]byte // for codes and refresh tokens

	mu      sync.Mutex
	devices map[string]*device // by device code
	used    map[string]bool    // authorization codes that were redeemed
}

// device is a sign-in by device code.
type device struct {
	user, tenant, account string
	expires               time.Time
}

// signingKey is the key of all authorities of this process, as making one takes
// long; it is never written anywhere.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// New makes an authority.
func New(o Options) (*Authority, error) {
	key, err := signingKey()
	if err != nil {
		return nil, fmt.Errorf("entra: key: %w", err)
	}
	a := &Authority{o: o, key: key, devices: map[string]*device{}, used: map[string]bool{}}
	_, _ = rand.Read(a.secret[:]) // crypto/rand.Read never fails
	return a, nil
}

// URL is the authority for any organization, as clients are configured with.
func (a *Authority) URL() string { return a.o.Base + "/organizations" }

// Handles says whether a path is the authority's.
func Handles(path string) bool {
	path = strings.ToLower(path)
	return strings.Contains(path, "/oauth2/v2.0/") || strings.HasSuffix(path, "/.well-known/openid-configuration") || strings.HasSuffix(path, "/discovery/instance") ||
		strings.HasSuffix(path, "/discovery/v2.0/keys") || strings.Contains(path, "/userrealm/") || path == "/devicelogin"
}

// ServeHTTP serves a request.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/devicelogin" {
		a.deviceLogin(w, r)
		return
	}
	if r.ParseForm() != nil {
		refuse(w, 900144, "The request body could not be read.")
		return
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch strings.ToLower(rest) {
	case "discovery/instance":
		a.discovery(w)
		return
	case "discovery/v2.0/keys":
		a.keys(w)
		return
	}
	if strings.HasPrefix(strings.ToLower(rest), "userrealm/") {
		reply(w, 200, map[string]any{"ver": "1.0", "account_type": "Managed", "domain_name": "postroom.example", "cloud_instance_name": "microsoftonline.com", "cloud_audience_urn": "urn:federation:MicrosoftOnline"})
		return
	}
	tenant, ok := a.tenant(name)
	if !ok {
		refuse(w, 90002, "Tenant '"+name+"' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.")
		return
	}
	switch strings.ToLower(rest) {
	case "v2.0/.well-known/openid-configuration", ".well-known/openid-configuration":
		a.document(w, name, tenant)
	case "oauth2/v2.0/authorize":
		a.authorize(w, r, name)
	case "oauth2/v2.0/devicecode":
		a.deviceCode(w, r, name)
	case "oauth2/v2.0/token":
		for _, sent := range []string{"code_verifier", "client_assertion", "password"} {
			a.secretIs(sent, r.PostForm.Get(sent))
		}
		a.token(w, r, name, tenant)
	case "oauth2/v2.0/logout":
		reply(w, 200, map[string]any{})
	default:
		http.NotFound(w, r)
	}
}

// shared are the names that stand for the tenant of whoever signs in.
func shared(name string) bool {
	return strings.EqualFold(name, "organizations") || strings.EqualFold(name, "common")
}

func (a *Authority) tenant(name string) (Tenant, bool) {
	if shared(name) {
		return a.o.Find(a.o.Home)
	}
	return a.o.Find(strings.ToLower(name))
}

func (a *Authority) issuer(tenant Tenant) string { return a.o.Base + "/" + tenant.ID + "/v2.0" }

func (a *Authority) discovery(w http.ResponseWriter) {
	host := a.o.Base
	if u, err := url.Parse(a.o.Base); err == nil {
		host = u.Host
	}
	reply(w, 200, map[string]any{
		"tenant_discovery_endpoint": a.o.Base + "/common/v2.0/.well-known/openid-configuration", "api-version": "1.1",
		"metadata": []any{map[string]any{"preferred_network": host, "preferred_cache": host, "aliases": []string{host}}},
	})
}

// document is the OpenID document of a tenant, which names its GUID and cloud
// to everybody.
func (a *Authority) document(w http.ResponseWriter, name string, tenant Tenant) {
	issuer, at := a.issuer(tenant), a.o.Base+"/"+tenant.ID
	if shared(name) {
		issuer, at = a.o.Base+"/{tenantid}/v2.0", a.o.Base+"/"+name
	}
	reply(w, 200, map[string]any{
		"token_endpoint": at + "/oauth2/v2.0/token", "authorization_endpoint": at + "/oauth2/v2.0/authorize", "device_authorization_endpoint": at + "/oauth2/v2.0/devicecode",
		"jwks_uri": at + "/discovery/v2.0/keys", "issuer": issuer, "response_modes_supported": []string{"query", "fragment", "form_post"},
		"subject_types_supported": []string{"pairwise"}, "id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"},
		"scopes_supported": []string{"openid", "profile", "email", "offline_access"}, "end_session_endpoint": at + "/oauth2/v2.0/logout",
		"tenant_region_scope": "EU", "cloud_instance_name": "microsoftonline.com", "cloud_graph_host_name": "graph.windows.net", "msgraph_host": "graph.microsoft.com",
	})
}

func (a *Authority) keys(w http.ResponseWriter) {
	e := big.NewInt(int64(a.key.E)).Bytes()
	reply(w, 200, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": a.kid(), "n": encode(a.key.N.Bytes()), "e": encode(e),
	}}})
}

func (a *Authority) kid() string {
	sum := sha256.Sum256(a.key.N.Bytes())
	return encode(sum[:12])
}

// secretIs tells of a secret; of "" it does not.
func (a *Authority) secretIs(kind, text string) {
	if a.o.Secret != nil && text != "" {
		a.o.Secret(kind, text)
	}
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone: nobody to tell
}
