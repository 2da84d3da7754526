package discovery

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"postroom/session/bounded"
	"postroom/session/endpoint"
)

// document is what is read of an OpenID document of Entra's.
type document struct {
	Issuer   string `json:"issuer"`
	Instance string `json:"cloud_instance_name"`
	Region   string `json:"tenant_region_scope"`

	tenant string // the GUID in Issuer
}

// cloud is where the tenant lies. The worldwide authority knows tenants of the
// government's cloud, and says so by the name of their instance.
func (d document) cloud(authority string) endpoint.Cloud {
	asked := endpoint.CloudOf(authority)
	if asked == endpoint.CloudOwn || d.Instance == "" {
		return asked
	}
	if told := endpoint.CloudOf("https://login." + d.Instance); told != endpoint.CloudOwn {
		return told
	}
	return asked
}

// AnswerError is an authority's answer that is no OpenID document.
type AnswerError struct {
	Authority string
	Status    int
}

// Error names both.
func (e *AnswerError) Error() string {
	return fmt.Sprintf("%s answers HTTP %d and no OpenID document", e.Authority, e.Status)
}

// most is how much of an answer is read, in bytes.
const most = 256 << 10

// ask asks one authority, unless it has answered before.
func (f *Finder) ask(ctx context.Context, client *http.Client, q question) (document, error) {
	f.mu.Lock()
	d, ok := f.known[q]
	f.mu.Unlock()
	if ok {
		return d, nil
	}
	address, err := url.JoinPath(q.authority, q.name, "v2.0/.well-known/openid-configuration")
	if err != nil {
		return d, fmt.Errorf("address of the OpenID document: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return d, fmt.Errorf("ask for the OpenID document: %w", err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", f.o.Program)
	resp, err := client.Do(r)
	if err != nil {
		return d, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or given up
	body, err := bounded.ReadAll(resp.Body, "the OpenID document", most)
	if err != nil {
		return d, fmt.Errorf("read the OpenID document of %s: %w", q.authority, err)
	}
	if resp.StatusCode != http.StatusOK {
		return d, refusal(q, resp.StatusCode, body)
	}
	if json.Unmarshal(body, &d) != nil {
		return d, &AnswerError{Authority: q.authority, Status: resp.StatusCode}
	}
	if d.tenant, ok = tenantOf(d.Issuer); !ok {
		return d, &AnswerError{Authority: q.authority, Status: resp.StatusCode}
	}
	f.mu.Lock()
	f.known[q] = d
	f.mu.Unlock()
	return d, nil
}

// tenantOf is the GUID in an issuer: https://sts.windows.net/GUID/, or
// https://login.microsoftonline.com/GUID/v2.0.
func tenantOf(issuer string) (string, bool) {
	u, err := url.Parse(issuer)
	if err != nil {
		return "", false
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return endpoint.ParseTenantID(first)
}

// refusal tells a name that no tenant has from an authority that is not well.
func refusal(q question, status int, body []byte) error {
	var said struct {
		Error string `json:"error"`
	}
	if status == http.StatusBadRequest && json.Unmarshal(body, &said) == nil && (said.Error == "invalid_tenant" || said.Error == "invalid_request") {
		return &UnknownError{Name: q.name}
	}
	return &AnswerError{Authority: q.authority, Status: status}
}
