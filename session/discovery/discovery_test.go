package discovery_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"postroom/session"
	"postroom/session/discovery"
	"postroom/session/endpoint"
	"postroom/session/proxy"
	"postroom/session/simulator"
)

const (
	worldwideID = "5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20"
	chinaID     = "6c2f0a52-0d3e-4d5e-9c61-7f2b9a4c1d21"
	governID    = "7d3f0a52-0d3e-4d5e-9c61-7f2b9a4c1d22"
)

// clouds plays the authorities of all clouds, by the host that is asked.
type clouds struct {
	mu    sync.Mutex
	asked []string
	down  string // a host that is not well
}

func (c *clouds) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.asked = append(c.asked, r.URL.Host+r.URL.Path)
	c.mu.Unlock()
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	status, body := http.StatusBadRequest, `{"error":"invalid_tenant","error_description":"AADSTS90002: Tenant '`+name+`' not found."}`
	found := func(issuer, instance string) {
		status, body = http.StatusOK, fmt.Sprintf(`{"issuer":"%s","cloud_instance_name":"%s","tenant_region_scope":"EU"}`, issuer, instance)
	}
	switch r.URL.Host + " " + name {
	case "login.microsoftonline.com contoso.example", "login.microsoftonline.com both.example", "login.microsoftonline.com " + worldwideID:
		found("https://login.microsoftonline.com/"+worldwideID+"/v2.0", "microsoftonline.com")
	case "login.chinacloudapi.cn both.example", "login.chinacloudapi.cn china.example":
		found("https://login.partner.microsoftonline.cn/"+strings.ToUpper(chinaID)+"/v2.0", "partner.microsoftonline.cn")
	case "login.microsoftonline.com gov.example", "login.microsoftonline.us gov.example": // the worldwide one knows it, too
		found("https://login.microsoftonline.us/"+governID+"/v2.0", "microsoftonline.us")
	case "login.microsoftonline.com odd.example":
		found("https://login.microsoftonline.com/{tenantid}/v2.0", "microsoftonline.com")
	}
	if r.URL.Host == c.down {
		status, body = http.StatusServiceUnavailable, "<html>"
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}, Request: r}, nil
}

func (c *clouds) finder() *discovery.Finder {
	return discovery.New(discovery.Options{Program: "Postroom", Client: func(proxy.Setting, *x509.CertPool) *http.Client { return &http.Client{Transport: c} }})
}

func rest(url string) endpoint.Endpoint {
	return endpoint.Endpoint{Name: "X", URL: url, Door: endpoint.REST, Auth: []string{endpoint.AuthModern}}
}

func TestFind(t *testing.T) {
	const world, gov, china = "https://outlook.office365.com", "https://outlook.office365.us", "https://partner.outlook.cn"
	for _, c := range []struct {
		at, name string
		want     string // id, cloud, others; or the error
	}{
		{world, "Contoso.Example", worldwideID + " worldwide []"},
		{world, "anna@contoso.example", worldwideID + " worldwide []"},
		{world, strings.ToUpper(worldwideID), worldwideID + " worldwide []"},
		{world, "both.example", worldwideID + " worldwide [china]"},
		{china, "both.example", chinaID + " china [worldwide]"},
		{gov, "gov.example", governID + " government []"},
		{world, "gov.example", "elsewhere government"},
		{world, "china.example", "elsewhere china"},
		{world, "nobody.example", "unknown nobody.example"},
		{world, "hunter2", "domain"},
		{world, "odd.example", "answer 200"},
	} {
		f := (&clouds{}).finder()
		found, err := f.Find(t.Context(), rest(c.at), nil, c.name)
		if got := outcome(found, err); got != c.want {
			t.Errorf("%s at %s: %s, %v; want %s", c.name, c.at, got, err, c.want)
		}
	}
}

func outcome(found discovery.Found, err error) string {
	var elsewhere *discovery.ElsewhereError
	var unknown *discovery.UnknownError
	var domain *endpoint.DomainError
	var answer *discovery.AnswerError
	switch {
	case err == nil:
		return fmt.Sprint(found.ID, " ", found.Cloud, " ", found.Also)
	case errors.As(err, &elsewhere):
		_, clouds := elsewhere.OtherCloud()
		return "elsewhere " + clouds
	case errors.As(err, &unknown):
		return "unknown " + unknown.UnknownTenant()
	case errors.As(err, &domain):
		return "domain"
	case errors.As(err, &answer):
		return fmt.Sprint("answer ", answer.Status)
	}
	return err.Error()
}

// Another cloud that is not well does not keep a tenant from being found; the
// endpoint's own does, and an unknown name is not said then.
func TestACloudThatIsNotWell(t *testing.T) {
	other := &clouds{down: "login.chinacloudapi.cn"}
	if found, err := other.finder().Find(t.Context(), rest("https://outlook.office365.com"), nil, "contoso.example"); outcome(found, err) != worldwideID+" worldwide []" {
		t.Errorf("%v, %v", found, err)
	}
	own := &clouds{down: "login.microsoftonline.com"}
	if found, err := own.finder().Find(t.Context(), rest("https://outlook.office365.com"), nil, "nobody.example"); outcome(found, err) != "answer 503" {
		t.Errorf("%v, %v", found, err)
	}
}

// What was found is asked once; what was not, again.
func TestWhatWasFoundIsRemembered(t *testing.T) {
	c := &clouds{}
	f := c.finder()
	for range 3 {
		if _, err := f.Find(t.Context(), rest("https://outlook.office365.com"), nil, "both.example"); err != nil {
			t.Fatal(err)
		}
	}
	var world, gov int
	for _, asked := range c.asked {
		switch {
		case strings.HasPrefix(asked, "login.microsoftonline.com/both.example/v2.0/.well-known/openid-configuration"):
			world++
		case strings.HasPrefix(asked, "login.microsoftonline.us/"):
			gov++
		}
	}
	if world != 1 || gov != 3 {
		t.Errorf("asked %v", c.asked)
	}
}

// The simulator's authority answers for its own tenants, and nobody else is asked.
func TestTheSimulatorsAuthority(t *testing.T) {
	s, err := simulator.Start(simulator.Options{Seed: 1, REST: true, Rows: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	e := rest(s.RESTURL())
	e.Modern.Authority = s.AuthorityURL()
	f := discovery.New(discovery.Options{Program: "Postroom"})
	for _, tenant := range s.Tenants() {
		found, err := f.Find(t.Context(), e, s.RootCAs(), tenant.Domain)
		if err != nil || found.Cloud != endpoint.CloudOwn || len(found.Also) > 0 {
			t.Errorf("%s: %+v, %v", tenant.Domain, found, err)
		}
	}
	if found, err := f.Find(t.Context(), e, s.RootCAs(), "nobody.example"); outcome(found, err) != "unknown nobody.example" {
		t.Errorf("%+v, %v", found, err)
	}
}

// The tenant of a target is the one that is kept, the one that is named, or that of
// the account.
func TestTheTenantOfATarget(t *testing.T) {
	home := ""
	f := discovery.New(discovery.Options{
		Client: func(proxy.Setting, *x509.CertPool) *http.Client { return &http.Client{Transport: &clouds{}} },
		Home:   func(context.Context, session.Target) (string, error) { return home, nil },
	})
	at := rest("https://outlook.office365.com")
	for _, c := range []struct {
		target session.Target
		home   string
		want   string
	}{
		{session.Target{Endpoint: at, Tenant: endpoint.Tenant{Domain: "nobody.example", ID: strings.ToUpper(chinaID)}}, "", chinaID},
		{session.Target{Endpoint: at, Tenant: endpoint.Tenant{Domain: "contoso.example"}, Account: "anna@partner.example"}, chinaID, worldwideID},
		{session.Target{Endpoint: at, Account: "anna@partner.example"}, chinaID, chinaID},
		{session.Target{Endpoint: at, Account: "anna@contoso.example"}, "", worldwideID},
		{session.Target{Endpoint: at, Account: "anna"}, "", ""},
		{session.Target{Endpoint: at, Auth: endpoint.AuthApp}, chinaID, ""},
	} {
		home = c.home
		id, err := f.Tenant(t.Context(), c.target)
		if id != c.want || errors.Is(err, discovery.ErrNoTenant) != (c.want == "") {
			t.Errorf("%+v: %q, %v; want %q", c.target, id, err, c.want)
		}
	}
}

// An authority does not lead us anywhere else.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var visited bool
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	defer elsewhere.Close()
	authority := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }))
	defer authority.Close()
	e := rest("https://rest.example")
	e.Modern.Authority = authority.URL
	f := discovery.New(discovery.Options{})
	roots := x509.NewCertPool()
	roots.AddCert(authority.Certificate())
	if found, err := f.Find(t.Context(), e, roots, "contoso.example"); outcome(found, err) != "answer 302" || visited {
		t.Errorf("%+v, %v, visited: %t", found, err, visited)
	}
}
