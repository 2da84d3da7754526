package partner_test

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"postroom/session"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/partner"
	"postroom/session/proxy"
)

const (
	home   = "11111111-0d3e-4d5e-9c61-7f2b9a4c1d20"
	alpha  = "22222222-0d3e-4d5e-9c61-7f2b9a4c1d20"
	beta   = "33333333-0d3e-4d5e-9c61-7f2b9a4c1d20"
	gamma  = "44444444-0d3e-4d5e-9c61-7f2b9a4c1d20"
	lookup = "/v1.0/tenantRelationships/findTenantInformationByTenantId(tenantId='"
)

// world plays Graph and the authority.
type world struct {
	mu      sync.Mutex
	asked   []string // host, path and query
	bearers []string
	tokens  []session.TokenRequest
	got     string // the tenant that tokens are of; "" is the one that was asked for
	// answers are said in turn for an address, the last one again and again.
	answers map[string][]said
}

type said struct {
	status int
	body   string
	header map[string]string
}

func (w *world) Token(_ context.Context, _ session.Target, r session.TokenRequest) (session.Token, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens = append(w.tokens, r)
	tenant := r.Tenant
	if w.got != "" {
		tenant = w.got
	}
	return session.Token{Secret: credential.NewSecret("geheim"), Tenant: tenant}, nil
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	address := r.URL.Path
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	w.asked = append(w.asked, r.URL.Host+address)
	w.bearers = append(w.bearers, r.Header.Get("Authorization"))
	a := said{status: http.StatusNotFound, body: `{"error":{"code":"Request_ResourceNotFound","message":"none"}}`}
	if list := w.answers[address]; len(list) > 0 {
		a = list[0]
		if len(list) > 1 {
			w.answers[address] = list[1:]
		}
	}
	h := http.Header{"Request-Id": {"req-7"}}
	for name, text := range a.header {
		h.Set(name, text)
	}
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

func (w *world) graph() *partner.Graph {
	return partner.New(partner.Options{
		Tokens: w, FindTenant: func(context.Context, session.Target) (string, error) { return home, nil },
		Client: func(proxy.Setting, *x509.CertPool) *http.Client { return &http.Client{Transport: w} },
	})
}

func at(url string) session.Target {
	return session.Target{
		Endpoint: endpoint.Endpoint{Name: "X", URL: url, Door: endpoint.REST, Auth: []string{endpoint.AuthModern}}, Account: "anna@partner.example",
		Tenant: endpoint.Tenant{Domain: "chosen.example"},
	}
}

func ok(body string) []said { return []said{{status: http.StatusOK, body: body}} }

const (
	delegated = "/v1.0/tenantRelationships/delegatedAdminCustomers"
	contracts = "/v1.0/contracts"
	refused   = `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`
)

// Both lists are read to their end and joined by GUID; the domain that neither has is
// looked up. The token is of the partner's own tenant and for the Graph of the cloud.
func TestCustomers(t *testing.T) {
	for url, graph := range map[string]string{
		"https://outlook.office365.com": "graph.microsoft.com", "https://outlook.office365.us": "graph.microsoft.us",
		"https://outlook-dod.office365.us": "dod-graph.microsoft.us", "https://partner.outlook.cn": "microsoftgraph.chinacloudapi.cn",
	} {
		w := &world{answers: map[string][]said{
			delegated:                   ok(`{"value":[{"id":"` + alpha + `","tenantId":"` + strings.ToUpper(alpha) + `","displayName":"Alpha"}],"@odata.nextLink":"https://` + graph + delegated + `?$skiptoken=7"}`),
			delegated + "?$skiptoken=7": ok(`{"value":[{"id":"` + beta + `","tenantId":"` + beta + `","displayName":"beta"},{"id":"nonsense"}]}`),
			contracts:                   ok(`{"value":[{"customerId":"` + alpha + `","defaultDomainName":"Alpha.example","displayName":"Alpha GmbH"},{"customerId":"` + gamma + `","defaultDomainName":"gamma.example","displayName":"Gamma"}]}`),
			lookup + beta + "')":        ok(`{"tenantId":"` + beta + `","defaultDomainName":"beta.example","displayName":"Beta"}`),
		}}
		found, err := w.graph().Customers(t.Context(), at(url), nil)
		want := []endpoint.Tenant{
			{ID: alpha, Name: "Alpha GmbH", Domain: "alpha.example"}, {ID: beta, Name: "beta", Domain: "beta.example"}, {ID: gamma, Name: "Gamma", Domain: "gamma.example"},
		}
		same := slices.EqualFunc(found.Tenants, want, func(a, b endpoint.Tenant) bool { return a.ID == b.ID && a.Name == b.Name && a.Domain == b.Domain })
		if err != nil || !same || len(found.Refused) > 0 {
			t.Errorf("%s: %+v, %v", url, found, err)
		}
		for i, asked := range w.asked {
			if !strings.HasPrefix(asked, graph+"/v1.0/") || w.bearers[i] != "Bearer geheim" {
				t.Errorf("%s: asked %s", url, asked)
			}
		}
		for _, r := range w.tokens {
			if r.Tenant != home || r.Scope != "https://"+graph+"/.default" {
				t.Errorf("%s: a token for %+v", url, r)
			}
		}
	}
}

// A next page somewhere else, in plain text, beside the Graph, or where it was, is not
// asked, and the token goes nowhere.
func TestForeignPagesAreNotAsked(t *testing.T) {
	for _, next := range []string{
		"https://graph.elsewhere.example" + delegated, "http://graph.microsoft.com" + delegated, "https://graph.microsoft.com/beta/contracts",
		"https://anna@graph.microsoft.com" + delegated, "https://graph.microsoft.com:8443" + delegated, "https://graph.microsoft.com/v1.0/../beta/contracts", "https://graph.microsoft.com" + delegated + "?same", "::",
	} {
		page := `{"value":[{"id":"` + alpha + `"}],"@odata.nextLink":"` + next + `"}`
		w := &world{answers: map[string][]said{delegated: ok(page), delegated + "?same": ok(page)}}
		_, err := w.graph().Customers(t.Context(), at("https://outlook.office365.com"), nil)
		if _, foreign := errors.AsType[*partner.ForeignLinkError](err); !foreign {
			t.Errorf("%s: %v", next, err)
		}
		for _, asked := range w.asked {
			if asked != "graph.microsoft.com"+delegated && asked != "graph.microsoft.com"+delegated+"?same" {
				t.Errorf("%s: asked %s", next, asked)
			}
		}
	}
}

// One list that may not be read leaves the other; both are an error. Where domains
// may not be looked up, tenants come without.
func TestRefusals(t *testing.T) {
	no := []said{{status: http.StatusForbidden, body: refused}}
	one := ok(`{"value":[{"id":"` + alpha + `","displayName":"Alpha"},{"id":"` + beta + `","displayName":"Beta"}]}`)
	w := &world{answers: map[string][]said{delegated: one, contracts: no, lookup + alpha + "')": no}}
	found, err := w.graph().Customers(t.Context(), at("https://outlook.office365.com"), nil)
	if err != nil || len(found.Tenants) != 2 || found.Tenants[0].Domain != "" || len(found.Refused) != 2 {
		t.Errorf("%+v, %v", found, err)
	}
	if n := len(w.asked); n != 3 {
		t.Errorf("after a refusal the next domain is asked for: %v", w.asked)
	}
	w = &world{answers: map[string][]said{delegated: no, contracts: no}}
	_, err = w.graph().Customers(t.Context(), at("https://outlook.office365.com"), nil)
	got, refusal := errors.AsType[*partner.RefusedError](err)
	if !refusal || got.Code != "Authorization_RequestDenied" || got.RequestID != "req-7" || !strings.Contains(got.ConsentPage(), "/"+home+"/adminconsent?client_id=") {
		t.Errorf("%v", err)
	}
	w = &world{answers: map[string][]said{delegated: {{status: http.StatusInternalServerError, body: "<html>"}}}}
	_, err = w.graph().Customers(t.Context(), at("https://outlook.office365.com"), nil)
	if _, broken := errors.AsType[*partner.AnswerError](err); !broken {
		t.Errorf("%v", err)
	}
}

// Graph's wish is followed, in seconds or as a date, and told; who asks for too long
// gets an error that says until when.
func TestThrottling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := func(after string) said {
			return said{status: http.StatusTooManyRequests, body: "{}", header: map[string]string{"Retry-After": after}}
		}
		w := &world{answers: map[string][]said{
			delegated: {busy("30"), busy(time.Now().Add(80 * time.Second).UTC().Format(http.TimeFormat)), {status: http.StatusOK, body: `{"value":[]}`}},
			contracts: ok(`{"value":[]}`),
		}}
		started, told := time.Now(), 0
		if _, err := w.graph().Customers(t.Context(), at("https://outlook.office365.com"), func(time.Time) { told++ }); err != nil {
			t.Fatal(err)
		}
		if passed := time.Since(started); passed != 80*time.Second || told != 2 {
			t.Errorf("waited %s, told %d times", passed, told)
		}
		w = &world{answers: map[string][]said{delegated: {busy("600")}}}
		_, err := w.graph().Customers(t.Context(), at("https://outlook.office365.com"), nil)
		throttled, is := errors.AsType[*partner.ThrottledError](err)
		if !is || throttled.Wait() != 10*time.Minute || len(w.asked) != 1 {
			t.Errorf("%v, asked %v", err, w.asked)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		w = &world{answers: map[string][]said{delegated: {busy("60")}}}
		if _, err := w.graph().Customers(ctx, at("https://outlook.office365.com"), nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the wait does not end: %v", err)
		}
	})
}

// A token that is refused is asked for anew once, with the claims that are wanted; one
// of another tenant is not sent.
func TestTokens(t *testing.T) {
	challenge := said{status: http.StatusUnauthorized, body: refused, header: map[string]string{
		"Www-Authenticate": `Bearer realm="", error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(`{"access_token":{}}`)) + `"`,
	}}
	w := &world{answers: map[string][]said{delegated: {challenge, {status: http.StatusOK, body: `{"value":[]}`}}, contracts: {challenge}}}
	found, err := w.graph().Customers(t.Context(), at("https://outlook.office365.com"), nil)
	if err != nil || len(found.Refused) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	if r := w.tokens[1]; !r.Fresh || r.Claims != `{"access_token":{}}` {
		t.Errorf("asked for %+v", r)
	}
	w = &world{got: alpha, answers: map[string][]said{delegated: ok(`{"value":[]}`)}}
	_, err = w.graph().Customers(t.Context(), at("https://outlook.office365.com"), nil)
	if _, wrong := errors.AsType[*session.WrongTenantError](err); !wrong || len(w.asked) > 0 {
		t.Errorf("%v, asked %v", err, w.asked)
	}
	classic := at("https://outlook.office365.com")
	classic.Endpoint.Door = ""
	if _, err := w.graph().Customers(t.Context(), classic, nil); !errors.Is(err, partner.ErrNotModern) {
		t.Errorf("%v", err)
	}
	own := at("https://rest.example")
	own.Endpoint.Modern.Authority = "https://login.example"
	var invalid *endpoint.InvalidError
	if _, err := w.graph().Customers(t.Context(), own, nil); !errors.As(err, &invalid) || invalid.Field != "Modern.Graph" {
		t.Errorf("%v", err)
	}
}
