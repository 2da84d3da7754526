package signin_test

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/signin"
)

// The people and tenants of the scripted authority.
const (
	homeID   = "11111111-0000-4000-8000-00000000aaaa"
	otherID  = "5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20"
	clientID = "0b9c7a3e-5b0c-4a53-8f0a-0d9f6d0c2c11"
	ada      = "ada@nordwind.example"
	bob      = "bob@nordwind.example"
)

// refreshMark and accessMark are in every token that the authority gives, so that
// a search finds them wherever they got to.
const (
	refreshMark = "refresh-token-of-"
	accessMark  = "signature-of-token-"
)

// scripted is an authority that says what a test wants. Whoever signs in is named
// by the code, which is the account.
type scripted struct {
	*httptest.Server
	t testing.TB

	mu     sync.Mutex
	given  int
	asked  []url.Values // what the token endpoint was asked, with "tenant" added
	header []http.Header
	// script answers a request in place of the usual answer; false leaves it.
	script func(form url.Values, w http.ResponseWriter) bool
	life   int // seconds
	tid    string
}

func newScripted(t testing.TB) *scripted {
	a := &scripted{t: t, life: 3600}
	a.Server = httptest.NewTLSServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *scripted) set(script func(form url.Values, w http.ResponseWriter) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.script = script
}

// asks are the requests for tokens so far.
func (a *scripted) asks() []url.Values {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]url.Values(nil), a.asked...)
}

func (a *scripted) serve(w http.ResponseWriter, r *http.Request) {
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	id := tenant
	if tenant == "organizations" {
		id = homeID
	}
	at := a.URL + "/" + tenant
	switch rest {
	case "v2.0/.well-known/openid-configuration":
		issuer := "{tenantid}"
		if tenant != "organizations" {
			issuer = id
		}
		send(w, 200, map[string]any{
			"token_endpoint": at + "/oauth2/v2.0/token", "authorization_endpoint": at + "/oauth2/v2.0/authorize",
			"device_authorization_endpoint": at + "/oauth2/v2.0/devicecode", "issuer": a.URL + "/" + issuer + "/v2.0",
		})
	case "oauth2/v2.0/devicecode":
		send(w, 200, map[string]any{"user_code": "ABCD1234", "device_code": ada, "verification_uri": a.URL + "/device", "expires_in": 900, "interval": 1, "message": "m"})
	case "oauth2/v2.0/token":
		_ = r.ParseForm() // what cannot be read is refused below
		form := r.PostForm
		form.Set("tenant", tenant)
		a.mu.Lock()
		a.asked = append(a.asked, form)
		a.header = append(a.header, r.Header.Clone())
		script := a.script
		a.mu.Unlock()
		if script == nil || !script(form, w) {
			a.give(w, form, id)
		}
	default:
		http.NotFound(w, r)
	}
}

// give gives tokens of the account that the request is about.
func (a *scripted) give(w http.ResponseWriter, form url.Values, tenant string) {
	a.mu.Lock()
	a.given++
	n, life := a.given, a.life
	if a.tid != "" {
		tenant = a.tid
	}
	a.mu.Unlock()
	account := form.Get("device_code") + form.Get("code")
	if before, ok := strings.CutPrefix(form.Get("refresh_token"), refreshMark); ok {
		account, _, _ = strings.Cut(before, "#")
	}
	body := map[string]any{
		"token_type": "Bearer", "scope": form.Get("scope"), "expires_in": life, "ext_expires_in": life,
		"access_token": token(map[string]any{"tid": tenant, "n": n}, n),
	}
	if form.Get("grant_type") != "client_credentials" {
		body["refresh_token"] = fmt.Sprintf("%s%s#%d", refreshMark, account, n)
		body["id_token"] = token(map[string]any{"tid": tenant, "oid": account, "sub": account, "preferred_username": account, "iss": a.URL, "aud": clientID, "exp": 4e9, "iat": 1}, n)
		body["client_info"] = encode(fmt.Sprintf(`{"uid":"%s","utid":"%s"}`, account, homeID))
	}
	send(w, 200, body)
}

func token(claims map[string]any, n int) string {
	b, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	return encode(`{"alg":"none"}`) + "." + encode(string(b)) + "." + fmt.Sprintf("%s%d", accessMark, n)
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone: nobody to tell
}

// refuse answers with a body as it is, whatever it says.
func refuse(status int, body any) func(url.Values, http.ResponseWriter) bool {
	return func(_ url.Values, w http.ResponseWriter) bool {
		send(w, status, body)
		return true
	}
}

func (a *scripted) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Certificate())
	return pool
}

// process is what one process of the program has: its tokens over a folder and a
// keyring that others may share.
type process struct {
	*signin.Tokens
	told chan error
}

func newProcess(dir string, keys credential.Store) *process {
	p := &process{told: make(chan error, 16)}
	p.Tokens = signin.NewTokens(signin.TokenOptions{
		Dir: dir, Keys: keys, Program: "Postroom", Version: "test", AnswerTime: answerTime, Notice: func(err error) { p.told <- err },
	})
	return p
}

// notices are what the process was told.
func (p *process) notices() []error {
	var all []error
	for {
		select {
		case err := <-p.told:
			all = append(all, err)
		default:
			return all
		}
	}
}

func (a *scripted) target(account string) session.Target {
	t := session.Target{
		Endpoint: endpoint.Endpoint{
			Name: "scripted", URL: "https://outlook.office365.com", Kind: endpoint.KindOnline, Door: endpoint.REST,
			Auth:   []string{endpoint.AuthModern, endpoint.AuthDevice, endpoint.AuthApp},
			Modern: endpoint.Modern{Authority: a.URL, ClientID: clientID},
		},
		Account: account,
	}
	t.RootCAs = a.roots()
	return t
}

// signIn signs an account in by device code.
func (a *scripted) signIn(p *process, account string) session.Token {
	a.t.Helper()
	a.set(func(form url.Values, _ http.ResponseWriter) bool {
		if form.Has("device_code") {
			form.Set("device_code", account)
		}
		return false
	})
	defer a.set(nil)
	got, err := p.Device(context.Background(), a.target(account), signin.SignIn{}, func(signin.DeviceCode) {})
	if err != nil {
		a.t.Fatal(err)
	}
	return got
}
