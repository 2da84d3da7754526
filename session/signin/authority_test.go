package signin_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/signin"
	"postroom/session/simulator"
)

// bench is an authority, what signs in there, and a person at its pages.
type bench struct {
	*testing.T
	server *simulator.Server
	tokens *signin.Tokens
	keys   *credential.Memory
	dir    string
	told   chan error
}

func newBench(t *testing.T) *bench {
	t.Helper()
	s, err := simulator.Start(simulator.Options{REST: true, Rows: 1, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &bench{T: t, server: s, keys: credential.NewMemory(), dir: t.TempDir(), told: make(chan error, 16)}
	b.tokens = b.another()
	return b
}

// answerTime is what a busy machine needs for an authority that answers at once, and
// far more.
const answerTime = 5 * time.Minute

// another is what another process has: the same file and keyring.
func (b *bench) another() *signin.Tokens {
	return signin.NewTokens(signin.TokenOptions{
		Dir: b.dir, Keys: b.keys, Program: "Postroom", Version: "test", AnswerTime: answerTime, Notice: func(err error) { b.told <- err },
	})
}

// target is the simulator's REST door for an account.
func (b *bench) target(account, method string) session.Target {
	return session.Target{
		Endpoint: endpoint.Endpoint{
			Name: "simulator", URL: b.server.RESTURL(), Kind: endpoint.KindDemo, Door: endpoint.REST, Auth: []string{method},
			Modern: endpoint.Modern{Authority: b.server.AuthorityURL(), ClientID: b.server.ClientID()},
		},
		Account: account, RootCAs: b.server.RootCAs(),
	}
}

func (b *bench) person() session.Target { return b.target(b.server.Account(), endpoint.AuthModern) }

func (b *bench) http() *http.Client {
	tr := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is one
	tr.TLSClientConfig.RootCAs = b.server.RootCAs()
	return &http.Client{Transport: tr}
}

// id looks a tenant's GUID up as anybody can.
func (b *bench) id(domain string) string {
	b.Helper()
	base := strings.TrimSuffix(b.server.AuthorityURL(), "/organizations")
	var document struct {
		Issuer string `json:"issuer"`
	}
	if err := json.Unmarshal([]byte(b.get(base+"/"+domain+"/v2.0/.well-known/openid-configuration")), &document); err != nil {
		b.Fatal(err)
	}
	parts := strings.Split(document.Issuer, "/")
	return parts[len(parts)-2]
}

func (b *bench) get(address string) string {
	b.Helper()
	return b.send(b.T.Context(), http.MethodGet, address, nil)
}

// send fetches a page. It may be called from any goroutine.
func (b *bench) send(ctx context.Context, method, address string, form url.Values) string {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.Error(err)
		return ""
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.http().Do(r)
	if err != nil {
		b.Error(err)
		return ""
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Error(err)
	}
	return string(page)
}

var (
	actions = regexp.MustCompile(`action="([^"]*)"`)
	hidden  = regexp.MustCompile(`name="([^"]*)" value="([^"]*)"`)
)

// fill reads the form of a page.
func fill(page string) (action string, form url.Values) {
	unescape := strings.NewReplacer("&amp;", "&", "&#43;", "+", "&#34;", `"`, "&lt;", "<", "&gt;", ">")
	form = url.Values{}
	if m := actions.FindStringSubmatch(page); m != nil {
		action = unescape.Replace(m[1])
	}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(unescape.Replace(m[1]), unescape.Replace(m[2]))
	}
	return action, form
}

// browser signs an account in as a browser does: the page, the form, and the way
// back to the program.
func (b *bench) browser(ctx context.Context, account string) func(string) error {
	return func(address string) error {
		at, err := url.Parse(address)
		if err != nil {
			return err
		}
		action, form := fill(b.send(ctx, http.MethodGet, address, nil))
		form.Set("login", account)
		form.Set("passwd", b.server.Password())
		next, err := at.Parse(action)
		if err != nil {
			return err
		}
		action, form = fill(b.send(ctx, http.MethodPost, next.String(), form))
		b.send(ctx, http.MethodPost, action, form)
		return nil
	}
}

// device types a code on another device.
func (b *bench) device(ctx context.Context, account string) func(signin.DeviceCode) {
	return func(c signin.DeviceCode) {
		b.send(ctx, http.MethodPost, c.Address, url.Values{"user_code": {c.Code}, "login": {account}, "passwd": {b.server.Password()}})
	}
}

func (b *bench) signIn() session.Token {
	b.Helper()
	token, err := b.tokens.Browser(b.T.Context(), b.person(), signin.SignIn{}, b.browser(b.T.Context(), b.server.Account()))
	if err != nil {
		b.Fatal(err)
	}
	return token
}

// certificate is the application's, as `simulate` writes it.
func (b *bench) certificate() signin.Certificate {
	b.Helper()
	file, err := os.ReadFile(b.server.CertificateFile())
	if err != nil {
		b.Fatal(err)
	}
	c, err := signin.ReadCertificate(file, credential.Secret{})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func contextWithCause(t *testing.T, cause error) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(t.Context())
	return ctx, func() { cancel(cause) }
}
