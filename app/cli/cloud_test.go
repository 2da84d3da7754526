package cli_test

import (
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// Tenants are named by domain and by GUID; rows carry their tenant.
func TestTenantsByDomainAndGUID(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 5})
	tenants := s.Tenants()
	got := do(t, "", modern(s, "app", "--certificate", s.CertificateFile(), "--tenant", tenants[1].Domain, "--tenant", strings.ToUpper(tenants[2].ID), "Get-AcceptedDomain")...)
	got.fits(t, cli.ExitDone, s.Password())
	if !strings.Contains(got.stdout, tenants[1].Domain) || !strings.Contains(got.stdout, tenants[2].Domain) {
		t.Errorf("rows of the tenants are missing:\n%s", got.stdout)
	}
}

// A tenant that nobody knows and one that has not delegated are told with who can
// mend it, and nothing is sent.
func TestATenantOfTheCloudThatFailsIsExplained(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 5})
	unknown := do(t, "", modern(s, "app", "--certificate", s.CertificateFile(), "--tenant", "nobody.example", "Get-AcceptedDomain")...)
	unknown.fits(t, cli.ExitConnect, s.Password(), "nobody.example", "No cloud of Microsoft's knows")
	closed := do(t, "", modern(s, "app", "--certificate", s.CertificateFile(), "--tenant", "closed.example", "Get-AcceptedDomain")...)
	closed.fits(t, cli.ExitConnect, s.Password(), "Who can fix it: an administrator of the tenant")
	if n := s.Stats().Commands; n != 0 {
		t.Errorf("%d commands were sent", n)
	}
}
