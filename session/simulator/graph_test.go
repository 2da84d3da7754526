package simulator_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"postroom/session/simulator"
)

// graphToken signs the account in for a resource.
func graphToken(t *testing.T, s *simulator.Server, client *http.Client, tenant, resource string) string {
	t.Helper()
	form := url.Values{"client_id": {s.ClientID()}, "grant_type": {"password"}, "username": {s.Account()}, "password": {s.Password()}, "scope": {resource + "/.default"}}
	at := strings.TrimSuffix(s.AuthorityURL(), "/organizations") + "/" + tenant + "/oauth2/v2.0/token"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var got struct {
		Token string `json:"access_token"`
	}
	if status := graphGet(t, client, r, &got); status != http.StatusOK || got.Token == "" {
		t.Fatalf("no token for %s: %d", resource, status)
	}
	return got.Token
}

func graphGet(t *testing.T, client *http.Client, r *http.Request, into any) int {
	t.Helper()
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

// Graph takes tokens that are for it, of the partner's own tenant, and no others; the
// service takes none of Graph's. Its faults are played.
func TestGraph(t *testing.T) {
	s := start(t, simulator.Options{Seed: 1, REST: true, Rows: 1})
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.RootCAs(), MinVersion: tls.VersionTLS12}}}
	t.Cleanup(client.CloseIdleConnections)
	type page struct {
		Value []struct {
			Tenant string `json:"tenantId"`
		} `json:"value"`
		Next  string `json:"@odata.nextLink"`
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	ask := func(address, token string) (page, int) {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		var p page
		return p, graphGet(t, client, r, &p)
	}
	resource := strings.TrimSuffix(s.GraphURL(), "/v1.0")
	list := s.GraphURL() + "/tenantRelationships/delegatedAdminCustomers"
	own := graphToken(t, s, client, s.TenantID(), resource)
	first, status := ask(list, own)
	if status != http.StatusOK || len(first.Value) == 0 || first.Next == "" {
		t.Fatalf("%d: %+v", status, first)
	}
	if second, status := ask(first.Next, own); status != http.StatusOK || len(second.Value) == 0 || second.Value[0] == first.Value[0] {
		t.Errorf("the second page: %d, %+v", status, second)
	}
	if p, status := ask(list, graphToken(t, s, client, s.TenantID(), s.RESTURL())); status != http.StatusUnauthorized || p.Error.Code != "InvalidAuthenticationToken" {
		t.Errorf("a token of the service: %d, %+v", status, p)
	}
	if p, status := ask(list, graphToken(t, s, client, s.Tenants()[1].ID, resource)); status != http.StatusForbidden {
		t.Errorf("a token of a customer: %d, %+v", status, p)
	}
	for fault, want := range map[simulator.Fault]string{simulator.NoConsent: "Authorization_RequestDenied", simulator.ForeignLink: "elsewhere.example", simulator.SameLink: "skiptoken=0"} {
		if err := s.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: fault, On: simulator.Graph}}}); err != nil {
			t.Fatal(err)
		}
		if p, _ := ask(list, own); !strings.Contains(p.Next+p.Error.Code, want) {
			t.Errorf("%s: %+v", fault, p)
		}
	}
}
