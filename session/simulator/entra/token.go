package entra

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Claims are what an access token says.
type Claims struct {
	Audience string   `json:"aud"`
	Issuer   string   `json:"iss"`
	Tenant   string   `json:"tid"`
	Object   string   `json:"oid"`
	Account  string   `json:"upn,omitempty"`
	App      string   `json:"appid"`
	Scope    string   `json:"scp,omitempty"`
	Roles    []string `json:"roles,omitempty"`
	Issued   int64    `json:"iat"`
	Begins   int64    `json:"nbf"`
	Ends     int64    `json:"exp"`
	Version  string   `json:"ver"`
}

// lifetime is how long an access token is good.
const lifetime = time.Hour

// grant is what a code or a refresh token stands for.
type grant struct {
	Account   string `json:"a"`
	Redirect  string `json:"r,omitempty"`
	Challenge string `json:"c,omitempty"`
	Ends      int64  `json:"e"`
	Nonce     string `json:"n"`
	OpenID    string `json:"o,omitempty"`
}

// seal makes a text that only this authority can have made.
func (a *Authority) seal(kind string, g grant) string {
	var nonce [9]byte
	_, _ = rand.Read(nonce[:]) // crypto/rand.Read never fails
	g.Nonce = encode(nonce[:])
	b, err := json.Marshal(g)
	if err != nil {
		panic(err) // a grant is texts and numbers
	}
	text := kind + "." + encode(b) + "." + encode(a.mac(kind, b))
	a.secretIs(kind, text)
	return text
}

func (a *Authority) mac(kind string, b []byte) []byte {
	m := hmac.New(sha256.New, a.secret[:])
	m.Write([]byte(kind))
	m.Write(b)
	return m.Sum(nil)
}

// open reads what seal made; false when it is not of this authority, or over.
func (a *Authority) open(kind, text string) (grant, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || parts[0] != kind {
		return grant{}, false
	}
	b, errA := base64.RawURLEncoding.DecodeString(parts[1])
	sum, errB := base64.RawURLEncoding.DecodeString(parts[2])
	var g grant
	if errA != nil || errB != nil || !hmac.Equal(sum, a.mac(kind, b)) || json.Unmarshal(b, &g) != nil {
		return grant{}, false
	}
	return g, a.o.Now().Unix() < g.Ends
}

// token serves the token endpoint.
func (a *Authority) token(w http.ResponseWriter, r *http.Request, name string, tenant Tenant) {
	f := r.PostForm
	if f.Get("client_id") != a.o.ClientID {
		refuse(w, 700016, "Application with identifier '"+f.Get("client_id")+"' was not found in the directory.")
		return
	}
	if a.o.Audience != "" && !a.allowed(f.Get("scope")) {
		refuse(w, 70011, "")
		return
	}
	switch f.Get("grant_type") {
	case "client_credentials":
		a.application(w, r, name, tenant)
	case "authorization_code":
		a.code(w, r, tenant)
	case "refresh_token":
		if g, ok := a.open("rt", f.Get("refresh_token")); ok {
			a.issue(w, g.Account, tenant, f.Get("scope"), "")
		} else {
			refuse(w, 700082, "")
		}
	case "urn:ietf:params:oauth:grant-type:device_code", "device_code":
		a.redeemDevice(w, r, tenant)
	case "password":
		if number, ok := a.o.Check(f.Get("username"), f.Get("password")); !ok {
			refuse(w, number, "")
		} else {
			a.issue(w, f.Get("username"), tenant, f.Get("scope"), "")
		}
	default:
		refuse(w, 900144, "")
	}
}

// allowed says that a scope is for the service or for no resource at all.
func (a *Authority) allowed(scope string) bool {
	for s := range strings.FieldsSeq(scope) {
		if strings.Contains(s, "/") && !strings.HasPrefix(strings.ToLower(s), strings.ToLower(a.o.Audience)+"/") {
			return false
		}
	}
	return true
}

// code redeems an authorization code: once, at the address that it was sent
// to, by whoever knows the verifier of its challenge.
func (a *Authority) code(w http.ResponseWriter, r *http.Request, tenant Tenant) {
	f := r.PostForm
	g, ok := a.open("code", f.Get("code"))
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	a.mu.Lock()
	twice := a.used[f.Get("code")]
	a.used[f.Get("code")] = true
	a.mu.Unlock()
	switch {
	case !ok:
		refuse(w, 70000, "")
	case twice:
		refuse(w, 54005, "")
	case g.Redirect != f.Get("redirect_uri"):
		refuse(w, 50011, "")
	case g.Challenge == "" || g.Challenge != encode(sum[:]):
		refuse(w, 501481, "")
	default:
		a.issue(w, g.Account, tenant, f.Get("scope"), g.OpenID)
	}
}

// issue answers with the tokens of a person at a tenant.
func (a *Authority) issue(w http.ResponseWriter, account string, tenant Tenant, scope, nonce string) {
	account = strings.ToLower(account)
	if number, ok := a.o.Check(account, ""); !ok && number == 50057 {
		refuse(w, number, "")
		return
	}
	if number := a.o.Refuse(account, tenant.Domain); number != 0 {
		refuse(w, number, "")
		return
	}
	if !tenant.Open {
		refuse(w, 50020, "User account '"+account+"' from identity provider '"+a.o.Base+"' does not exist in tenant '"+tenant.Domain+"' and cannot access the application '"+a.o.ClientID+"' in that tenant.")
		return
	}
	now := a.o.Now()
	c := a.claims(tenant, now, scope)
	c.Object, c.Account, c.Scope = objectOf(account), account, "Exchange.Manage"
	if c.Audience == a.o.Graph {
		c.Scope = "CrossTenantInformation.ReadBasic.All DelegatedAdminRelationship.Read.All Directory.Read.All"
	}
	identity := map[string]any{
		"aud": a.o.ClientID, "iss": c.Issuer, "tid": tenant.ID, "oid": c.Object, "sub": encode([]byte(c.Object)), "preferred_username": account, "name": account,
		"iat": c.Issued, "nbf": c.Begins, "exp": c.Ends, "ver": "2.0",
	}
	if nonce != "" {
		identity["nonce"] = nonce
	}
	reply(w, 200, map[string]any{
		"token_type": "Bearer", "scope": scope, "expires_in": int(lifetime.Seconds()), "ext_expires_in": int(lifetime.Seconds()), "access_token": a.sign(c),
		"refresh_token": a.seal("rt", grant{Account: account, Ends: now.Add(90 * 24 * time.Hour).Unix()}), "id_token": a.sign(identity),
		"client_info": encode([]byte(fmt.Sprintf(`{"uid":"%s","utid":"%s"}`, c.Object, a.o.Home))),
	})
}

// audience is what a token of a scope is for.
func (a *Authority) audience(scope string) string {
	for s := range strings.FieldsSeq(scope) {
		if a.o.Graph != "" && strings.HasPrefix(strings.ToLower(s), strings.ToLower(a.o.Graph)+"/") {
			return a.o.Graph
		}
	}
	return a.o.Audience
}

func (a *Authority) claims(tenant Tenant, now time.Time, scope string) Claims {
	return Claims{Audience: a.audience(scope), Issuer: a.issuer(tenant), Tenant: tenant.ID, App: a.o.ClientID, Issued: now.Unix(), Begins: now.Unix(), Ends: now.Add(lifetime).Unix(), Version: "2.0"}
}

// objectOf is the GUID of an account.
func objectOf(account string) string {
	s := sha256.Sum256([]byte(account))
	s[6], s[8] = s[6]&0x0F|0x40, s[8]&0x3F|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", s[:4], s[4:6], s[6:8], s[8:10], s[10:16])
}

// application signs an application in, which proves itself by its certificate.
func (a *Authority) application(w http.ResponseWriter, r *http.Request, name string, tenant Tenant) {
	f := r.PostForm
	switch {
	case shared(name):
		refuse(w, 50059, "")
		return
	case f.Get("client_assertion") == "":
		refuse(w, 7000218, "")
		return
	case !slices.ContainsFunc(strings.Fields(f.Get("scope")), func(s string) bool { return strings.HasSuffix(s, "/.default") }):
		refuse(w, 1002012, "")
		return
	}
	if number := a.assertion(f.Get("client_assertion")); number != 0 {
		refuse(w, number, "")
		return
	}
	if number := a.o.Refuse(a.o.ClientID, tenant.Domain); number != 0 {
		refuse(w, number, "")
		return
	}
	if !tenant.Open {
		refuse(w, 700016, "")
		return
	}
	c := a.claims(tenant, a.o.Now(), f.Get("scope"))
	c.Object, c.Roles = objectOf(a.o.ClientID+tenant.ID), []string{"Exchange.ManageAsApp"}
	if c.Audience == a.o.Graph {
		c.Roles = []string{"CrossTenantInformation.ReadBasic.All", "DelegatedAdminRelationship.Read.All", "Directory.Read.All"}
	}
	reply(w, 200, map[string]any{"token_type": "Bearer", "expires_in": int(lifetime.Seconds()), "ext_expires_in": int(lifetime.Seconds()), "access_token": a.sign(c)})
}

// assertion checks a client assertion: signed by the certificate's key, for
// this authority, of the application, within its time. It gives the number of
// the refusal, 0 for none.
func (a *Authority) assertion(text string) int {
	var c struct {
		Audience string  `json:"aud"`
		Issuer   string  `json:"iss"`
		Subject  string  `json:"sub"`
		Ends     float64 `json:"exp"` // a NumericDate may have a fraction (RFC 7519, section 2)
	}
	var head struct {
		Algorithm string `json:"alg"`
	}
	public, ok := a.o.Certificate.PublicKey.(*rsa.PublicKey)
	if !ok || verify(text, public, &head, &c) != nil {
		return 700027
	}
	now := float64(a.o.Now().Unix())
	switch {
	case c.Issuer != a.o.ClientID || c.Subject != a.o.ClientID || !strings.HasPrefix(c.Audience, a.o.Base+"/"):
		return 700027
	case c.Ends < now:
		return 700024
	}
	return 0
}

func (a *Authority) sign(claims any) string {
	b, err := json.Marshal(claims)
	if err != nil {
		panic(err) // claims are texts and numbers
	}
	text := encode([]byte(`{"typ":"JWT","alg":"RS256","kid":"`+a.kid()+`"}`)) + "." + encode(b)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // the key is long enough
	}
	text += "." + encode(signature)
	a.secretIs("token", text)
	return text
}

// errToken says that a token is not one of this authority's, or not for the
// service; ErrExpired that its time is over.
var (
	errToken   = errors.New("entra: not a token of this authority for this service")
	ErrExpired = errors.New("entra: the token's time is over")
)

// Verify reads an access token for the service. Errors: errToken, ErrExpired.
func (a *Authority) Verify(token string) (Claims, error) { return a.verifyFor(token, a.o.Audience) }

// VerifyGraph is Verify for a token for Microsoft Graph.
func (a *Authority) VerifyGraph(token string) (Claims, error) { return a.verifyFor(token, a.o.Graph) }

func (a *Authority) verifyFor(token, audience string) (Claims, error) {
	var c Claims
	var head struct {
		Algorithm string `json:"alg"`
	}
	if err := verify(token, &a.key.PublicKey, &head, &c); err != nil {
		return c, err
	}
	if subtle.ConstantTimeCompare([]byte(c.Audience), []byte(audience)) != 1 {
		return c, errToken
	}
	if c.Ends <= a.o.Now().Unix() {
		return c, ErrExpired
	}
	return c, nil
}

// verify checks the signature of a JWT and reads its two parts.
func verify(token string, key *rsa.PublicKey, head, claims any) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errToken
	}
	signature, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[2], "="))
	if err != nil {
		return errToken
	}
	for i, into := range []any{head, claims} {
		b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[i], "="))
		if err != nil || json.Unmarshal(b, into) != nil {
			return errToken
		}
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil {
		return nil
	}
	if rsa.VerifyPSS(key, crypto.SHA256, sum[:], signature, nil) == nil { // PS256, which MSAL uses
		return nil
	}
	return errToken
}
