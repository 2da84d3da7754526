package endpoint_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"postroom/session/endpoint"
)

// TestAListThatIsLostIsMissedUntilItIsConfirmed: by this start and the next, and when it is
// damaged while the program runs.
func TestAListThatIsLostIsMissedUntilItIsConfirmed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tenants.json")
	list := openTenants(t, path)
	add(t, list, endpoint.Tenant{Domain: "a.example", ReadOnly: true}, endpoint.Tenant{Domain: "b.example"})
	other := openTenants(t, path)
	if _, err := other.Edit(t.Context(), "b.example", endpoint.Tenant{Domain: "b.example", ReadOnly: true}); err != nil {
		t.Fatal(err)
	}
	if marked, err := list.ReadOnly(); err != nil || domains(marked) != "a.example b.example" {
		t.Errorf("read-only are %s, %v: another window has set one", domains(marked), err)
	}
	if err := os.WriteFile(path, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	var lost *endpoint.LostError
	for _, l := range []*endpoint.Tenants{list, openTenants(t, path), openTenants(t, path)} {
		marked, err := l.ReadOnly()
		if !errors.As(err, &lost) || marked != nil || !errors.As(l.Lost(), &lost) {
			t.Errorf("read-only are %s, %v", domains(marked), err)
		}
	}
	if name, kept := lost.Lost(); name != "tenants.json" || kept != "tenants.json.unreadable-1" {
		t.Errorf("lost are %s, %s", name, kept)
	}
	again := openTenants(t, path)
	if err := errors.Join(again.Confirm(t.Context()), again.Lost(), openTenants(t, path).Lost()); err != nil {
		t.Errorf("confirmed: %v", err)
	}
}

// TestALostListOfEndpointsKeepsTheLimitLow: the person may have known that a server of
// theirs allows one session.
func TestALostListOfEndpointsKeepsTheLimitLow(t *testing.T) {
	const address = "https://mail.contoso.example/PowerShell/"
	path := filepath.Join(t.TempDir(), "endpoints.json")
	if err := os.WriteFile(path, []byte("?"), 0o600); err != nil {
		t.Fatal(err)
	}
	limit := func(d *endpoint.Directory) int {
		t.Helper()
		at, err := d.Read(address)
		if err != nil {
			t.Fatal(err)
		}
		return at.Endpoint.SessionLimit
	}
	var lost *endpoint.LostError
	for range 2 {
		d, err := endpoint.OpenDirectory(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := limit(d); n != 1 || !errors.As(d.Lost(), &lost) {
			t.Errorf("limit %d, %v", n, d.Lost())
		}
	}
	d, err := endpoint.OpenDirectory(path, nil)
	if err = errors.Join(err, d.Confirm(t.Context()), d.Lost()); err != nil {
		t.Fatal(err)
	}
	if n := limit(d); n < 2 {
		t.Errorf("confirmed: limit %d", n)
	}
}
