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

// Of a tenant that is known by its GUID alone, that stands wherever its domain would:
// rows, history, the summary. One that is named by both is asked once.
func TestAGUIDNamesItsRows(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 5})
	known := s.Tenants()[1]
	first, second := strings.ToLower(s.Tenants()[2].ID), strings.ToLower(s.Tenants()[3].ID)
	with := []string{"--certificate", s.CertificateFile(), "--tenant", first, "--tenant", second}
	got := do(t, "", modern(s, "app", append(with, "Get-AcceptedDomain")...)...)
	got.fits(t, cli.ExitDone, s.Password(), "of 2 of 2 tenants")
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(got.stdout), "\n")[1:] {
		label, _, _ := strings.Cut(line, ",")
		seen[label] = true
	}
	if len(seen) != 2 || !seen[first] || !seen[second] {
		t.Errorf("rows are of %v:\n%s", seen, got.stdout)
	}
	ran := do(t, "", "history")
	if ran.fits(t, cli.ExitDone, s.Password()); !strings.Contains(ran.stdout, first+", "+second) {
		t.Errorf("the history does not say where it ran:\n%s", ran.stdout)
	}
	failed := do(t, "", modern(s, "app", append(with, "Get-AcceptedDomain", "-Identity", "nobody.invalid")...)...)
	failed.fits(t, cli.ExitCmdletErrors, s.Password(), "with errors: "+first+", "+second)

	knownTenants(t, known.Domain)
	both := []string{"--certificate", s.CertificateFile(), "--tenant", known.Domain, "--tenant", known.ID}
	do(t, "", modern(s, "app", append(both, "Get-AcceptedDomain")...)...).fits(t, cli.ExitDone, s.Password())
	got = do(t, "", modern(s, "app", append(both, "Get-AcceptedDomain")...)...) // now the list has its GUID
	if got.fits(t, cli.ExitDone, s.Password()); strings.Contains(got.stdout, "Tenant") {
		t.Errorf("one tenant was asked twice:\n%s", got.stdout)
	}
}

// A tenant that nobody knows and one that has not delegated are told with who can
// mend it, and nothing is sent.
func TestATenantOfTheCloudThatFailsIsExplained(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 5})
	unknown := do(t, "", modern(s, "app", "--certificate", s.CertificateFile(), "--tenant", "nobody.example", "Get-AcceptedDomain")...)
	unknown.fits(t, cli.ExitConnect, s.Password(), "nobody.example", "No Microsoft cloud knows")
	closed := do(t, "", modern(s, "app", "--certificate", s.CertificateFile(), "--tenant", "closed.example", "Get-AcceptedDomain")...)
	closed.fits(t, cli.ExitConnect, s.Password(), "Who can fix it: an administrator of the tenant")
	if n := s.Stats().Commands; n != 0 {
		t.Errorf("%d commands were sent", n)
	}
}
