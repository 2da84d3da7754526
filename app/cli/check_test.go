package cli_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/app/folders"
	"postroom/session/endpoint"
	"postroom/session/simulator"
)

// checkArgs are the words of a check of an application's tenants.
func checkArgs(s *simulator.Server, more ...string) []string {
	return slices.Concat([]string{
		"check", "--url", s.RESTURL(), "--ca", s.CAFile(), "--auth", "app", "--authority", s.AuthorityURL(), "--client-id", s.ClientID(), "--certificate", s.CertificateFile(),
	}, more)
}

// knownTenants puts tenants without a GUID into the list, and gives a way to look.
func knownTenants(t *testing.T, domains ...string) (find func(domain string) endpoint.Tenant) {
	t.Helper()
	config, _ := home(t)
	file := filepath.Join(config, folders.Tenants)
	list, err := endpoint.OpenTenants(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, domain := range domains {
		if _, err := list.Add(t.Context(), endpoint.Tenant{Domain: domain, Name: "Ours " + domain, Color: "#7b1fa2"}); err != nil {
			t.Fatal(err)
		}
	}
	return func(domain string) endpoint.Tenant {
		again, err := endpoint.OpenTenants(file)
		if err != nil {
			t.Fatal(err)
		}
		kept, _ := again.Known(endpoint.Tenant{Domain: domain})
		return kept
	}
}

// Each step of each tenant is written with its time; one that fails says who can mend
// it, and the others go on. What was found of a tenant in the list is noted there.
func TestCheckOfSeveralTenants(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 5})
	good := s.Tenants()[1]
	find := knownTenants(t, good.Domain)
	got := do(t, "", checkArgs(s, "--tenant", "closed.example", "--tenant", good.Domain)...)
	got.fits(t, cli.ExitConnect, s.Password(), "closed.example: ", "Who can fix it: an administrator of the tenant")
	for _, step := range []string{"name", "tcp", "tls", "sign-in", "token", "tenant", "role", "cmdlets", "read"} {
		if !strings.Contains(got.stdout, "ok      "+step+" ") {
			t.Errorf("%s is missing:\n%s", step, got.stdout)
		}
	}
	if strings.Count(got.stdout, "FAILED  sign-in") != 1 {
		t.Errorf("%s", got.stdout)
	}
	if kept := find(good.Domain); kept.ID != strings.ToLower(good.ID) || kept.Name != "Ours "+good.Domain {
		t.Errorf("the list has %+v", kept)
	}
	got = do(t, "", checkArgs(s, "--tenant", good.Domain, "--tenant", "closed.example", "--json")...)
	var list []struct {
		Tenant string
		OK     bool
		Steps  []struct {
			Name    string
			OK      bool
			Seconds float64
		}
		Problem *struct{ ID, Who string }
	}
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || got.code != cli.ExitConnect || len(list) != 2 {
		t.Fatalf("%v: %+v", err, got)
	}
	if a, b := list[0], list[1]; !a.OK || len(a.Steps) != 10 || a.Steps[0].Seconds <= 0 || a.Problem != nil || b.OK || b.Steps[3].OK || b.Problem == nil || b.Problem.Who == "" {
		t.Errorf("%+v", list)
	}
}

// The classic door is checked as the window does; what is wrong with the account is
// tried at one tenant only, and nothing is left on the server.
func TestCheckOfTheClassicDoor(t *testing.T) {
	s := start(t, simulator.Options{Rows: 5})
	args := []string{"check", "--url", s.URL(), "--ca", s.CAFile(), "--user", s.Account(), "--password-stdin", "--tenant", "alpenhof.example", "--tenant", "nordsee-logistik.example"}
	got := do(t, s.Password()+"\n", args...)
	got.fits(t, cli.ExitDone, s.Password())
	if strings.Count(got.stdout, "ok      session") != 2 {
		t.Errorf("%s", got.stdout)
	}
	nothingLeft(t, s)
	before := s.Stats().Unauthorized
	got = do(t, "falsch\n", args...)
	got.fits(t, cli.ExitConnect, "falsch", "alpenhof.example: ", "the other tenants (1) are not tried")
	if strings.Contains(got.stdout, "nordsee") {
		t.Errorf("%s", got.stdout)
	}
	if n := s.Stats().Unauthorized - before; n > 2 { // the first request of a connection has none
		t.Errorf("%d attempts", n)
	}
	for _, wrong := range [][]string{{"check"}, append(slices.Clone(args), "Get-Mailbox"), {"check", "--url", "nonsense"}} {
		if r := do(t, "", wrong...); r.code != cli.ExitUsage || !strings.Contains(r.stderr, "postroom help check") {
			t.Errorf("%v: %+v", wrong, r)
		}
	}
}

// Where nobody sits and nobody has signed in, the check ends in a sentence.
func TestCheckWhereNobodySits(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 5})
	home(t)
	got := do(t, "", "check", "--url", s.RESTURL(), "--ca", s.CAFile(), "--auth", "modern", "--authority", s.AuthorityURL(), "--client-id", s.ClientID(), "--user", s.Account())
	got.fits(t, cli.ExitConnect, s.Password(), "sign in")
	if !strings.Contains(got.stdout, "FAILED  sign-in") {
		t.Errorf("%s", got.stdout)
	}
}

// A run notes the GUID of a tenant that is in the list.
func TestARunLearnsTheGUID(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1})
	known, other := s.Tenants()[1], s.Tenants()[2]
	find := knownTenants(t, known.Domain)
	got := do(t, "", modern(s, "app", "--certificate", s.CertificateFile(), "--tenant", known.Domain, "--tenant", other.Domain, "Get-AcceptedDomain")...)
	got.fits(t, cli.ExitDone, s.Password())
	if kept := find(known.Domain); kept.ID != strings.ToLower(known.ID) {
		t.Errorf("the list has %+v", kept)
	}
	if kept := find(other.Domain); !kept.IsZero() {
		t.Errorf("a tenant was added: %+v", kept)
	}
}
