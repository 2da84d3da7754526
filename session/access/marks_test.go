package access_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"postroom/session"
	"postroom/session/access"
	"postroom/session/discovery"
	"postroom/session/endpoint"
)

const (
	idA = "11111111-2222-3333-4444-555555555555"
	idB = "66666666-7777-8888-9999-000000000000"
)

// marks are those of a person who lets a.example be read only; the cloud knows its GUID,
// its second domain, and b.example.
func marks(t *testing.T, kept endpoint.Tenant) (m access.Marks, asked *int, list string) {
	t.Helper()
	dir := t.TempDir()
	list = filepath.Join(dir, "tenants.json")
	tenants, err := endpoint.OpenTenants(list)
	if err != nil {
		t.Fatal(err)
	}
	directory, err := endpoint.OpenDirectory(filepath.Join(dir, "endpoints.json"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tenants.Add(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	asked = new(int)
	return access.Marks{Tenants: tenants, Directory: directory, Find: func(_ context.Context, t session.Target) (string, error) {
		*asked++
		if t.Tenant.ID != "" {
			return t.Tenant.ID, nil
		}
		switch t.Tenant.Domain {
		case "a.example", "a.onmicrosoft.example":
			return idA, nil
		case "b.example":
			return idB, nil
		case "":
			return map[string]string{"ada@a.example": idA, "guest@elsewhere.example": idA}[t.Account], nil
		case "silent.example":
			return "", errors.New("no answer")
		}
		return "", &discovery.UnknownError{Name: t.Tenant.Domain}
	}}, asked, list
}

// TestReadOnlyHoldsHoweverATenantIsAddressed.
func TestReadOnlyHoldsHoweverATenantIsAddressed(t *testing.T) {
	cloud := endpoint.Endpoint{Door: endpoint.REST}
	partner, own := endpoint.Endpoint{Delegation: true}, endpoint.Endpoint{}
	byDomain := endpoint.Tenant{Domain: "a.example", ReadOnly: true}
	byBoth := endpoint.Tenant{Domain: "a.example", ID: idA, ReadOnly: true}
	for name, c := range map[string]struct {
		kept    endpoint.Tenant
		at      endpoint.Endpoint
		tenant  endpoint.Tenant
		account string
		held    bool
	}{
		"the domain":                          {byDomain, cloud, endpoint.Tenant{Domain: "a.example"}, "", true},
		"the domain, classic":                 {byDomain, partner, endpoint.Tenant{Domain: "a.example"}, "", true},
		"the GUID of a domain":                {byDomain, cloud, endpoint.Tenant{Name: idA, ID: idA}, "", true},
		"the GUID that is kept":               {byBoth, cloud, endpoint.Tenant{Name: idA, ID: idA}, "", true},
		"another domain of it":                {byDomain, cloud, endpoint.Tenant{Domain: "a.onmicrosoft.example"}, "", true},
		"another domain, the GUID kept":       {byBoth, cloud, endpoint.Tenant{Domain: "a.onmicrosoft.example"}, "", true},
		"the account's own":                   {byDomain, cloud, endpoint.Tenant{}, "ada@a.example", true},
		"the account's own, a guest's name":   {byDomain, cloud, endpoint.Tenant{}, "guest@elsewhere.example", true},
		"the account's own, classic":          {byDomain, partner, endpoint.Tenant{}, "Ada@A.example", true},
		"the account's own, as it was pasted": {byDomain, partner, endpoint.Tenant{}, "Ada <ada\uff20\uff41.example>;", true},
		"another tenant":                      {byDomain, cloud, endpoint.Tenant{Domain: "b.example"}, "ada@a.example", false},
		"another GUID":                        {byDomain, cloud, endpoint.Tenant{Name: idB, ID: idB}, "ada@a.example", false},
		"another tenant, classic":             {byDomain, partner, endpoint.Tenant{Domain: "b.example"}, "ada@a.example", false},
		"a server without tenants":            {byDomain, own, endpoint.Tenant{}, "ada@a.example", false},
		"it may be changed":                   {endpoint.Tenant{Domain: "a.example"}, cloud, endpoint.Tenant{Domain: "a.example"}, "", false},
		"unknown in this cloud":               {endpoint.Tenant{Domain: "other.example", ReadOnly: true}, cloud, endpoint.Tenant{Domain: "b.example"}, "", false},
	} {
		m, _, _ := marks(t, c.kept)
		got, err := m.ReadOnly(t.Context(), session.Target{Endpoint: c.at, Tenant: c.tenant, Account: c.account})
		if err != nil || (got == "a.example") != c.held || (got == "") == c.held {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	m, asked, _ := marks(t, endpoint.Tenant{Domain: "a.example"})
	if _, err := m.ReadOnly(t.Context(), session.Target{Endpoint: cloud, Tenant: endpoint.Tenant{Domain: "b.example"}}); err != nil || *asked != 0 {
		t.Errorf("asked %d times although nothing is read-only, %v", *asked, err)
	}
}

// TestWhatCannotBeToldIsHeldBack: an authority that does not answer, a list that is damaged.
func TestWhatCannotBeToldIsHeldBack(t *testing.T) {
	cloud := endpoint.Endpoint{Door: endpoint.REST}
	for _, c := range []struct{ kept, asked string }{{"silent.example", "b.example"}, {"a.example", "silent.example"}} {
		m, _, _ := marks(t, endpoint.Tenant{Domain: c.kept, ReadOnly: true})
		var unsure *access.UnsureError
		got, err := m.ReadOnly(t.Context(), session.Target{Endpoint: cloud, Tenant: endpoint.Tenant{Domain: c.asked}})
		if got != "" || !errors.As(err, &unsure) || unsure.Tenant != c.kept {
			t.Errorf("%s is kept, %s asked: %q, %v", c.kept, c.asked, got, err)
		}
	}
	m, _, list := marks(t, endpoint.Tenant{Domain: "a.example"})
	if err := os.WriteFile(list, []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	var lost *endpoint.LostError
	b := session.Target{Endpoint: cloud, Tenant: endpoint.Tenant{Domain: "b.example"}}
	if _, err := m.ReadOnly(t.Context(), b); !errors.As(err, &lost) || !errors.As(access.Lost(m.Tenants, m.Directory), &lost) {
		t.Errorf("a damaged list: %v", err)
	}
	if err := access.Confirm(t.Context(), m.Tenants, m.Directory); err != nil {
		t.Fatal(err)
	}
	if _, err := m.ReadOnly(t.Context(), b); err != nil || access.Lost(m.Tenants, m.Directory) != nil {
		t.Errorf("confirmed: %v", err)
	}
}
