package session_test

import (
	"errors"
	"testing"

	"postroom/session"
	"postroom/session/endpoint"
)

// ofWhom is an error of a door that has compared the tenants.
type ofWhom struct{ partner bool }

func (ofWhom) Error() string     { return "not permitted" }
func (e ofWhom) AsPartner() bool { return e.partner }

// Whose a tenant is, is guessed by its name until a door has compared the tenants: one may
// have several domains.
func TestWhoseTheTenantIs(t *testing.T) {
	plain := errors.New("not permitted")
	for name, c := range map[string]struct {
		err     error
		domain  string
		partner bool
	}{
		"by its name, somebody else's":       {plain, "fabrikam.example", true},
		"by its name, the account's":         {plain, "Contoso.example", false},
		"its own by another name":            {ofWhom{false}, "fabrikam.example", false},
		"somebody else's, by the same name":  {ofWhom{true}, "contoso.example", true},
		"of somebody else, as the door says": {ofWhom{true}, "fabrikam.example", true},
	} {
		s := newFakeServer()
		s.dialErr = c.err
		m, _ := open(t, s)
		to := target("")
		to.Tenant = endpoint.Tenant{Name: c.domain, Domain: c.domain}
		_, err := m.Open(t.Context(), to)
		told, ok := errors.AsType[*session.TenantError](err)
		if !ok || told.AsPartner() != c.partner || told.ForTenant() != c.domain {
			t.Errorf("%s: %+v, %v", name, told, err)
		}
	}
}
