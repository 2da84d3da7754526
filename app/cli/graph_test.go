package cli_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// graphArgs are the words of an import by the application.
func graphArgs(s *simulator.Server, more ...string) []string {
	return slices.Concat([]string{
		"tenants", "--from-graph", "--graph", s.GraphURL(), "--url", s.RESTURL(), "--ca", s.CAFile(), "--auth", "app", "--authority", s.AuthorityURL(),
		"--client-id", s.ClientID(), "--certificate", s.CertificateFile(), "--tenant", s.TenantID(),
	}, more)
}

// The partner's tenants are shown, and taken in once somebody has agreed; those that
// are known keep their names and get their GUID.
func TestTenantsFromGraph(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1, Seed: 1})
	customers := s.Tenants()[1:]
	find := knownTenants(t, customers[0].Domain)
	got := do(t, "", graphArgs(s)...)
	got.fits(t, cli.ExitUsage, s.Password(), "--yes")
	if find(customers[0].Domain).ID != "" || !find(customers[1].Domain).IsZero() || !strings.Contains(got.stdout, "known without id") || !strings.Contains(got.stdout, customers[1].Domain) {
		t.Errorf("without --yes: %s", got.stdout)
	}
	refusing := doIn(t.Context(), cli.Streams{In: strings.NewReader("n\n"), Terminal: true}, graphArgs(s)...)
	if refusing.code != cli.ExitDone || !find(customers[1].Domain).IsZero() {
		t.Errorf("no: %+v", refusing)
	}
	got = do(t, "", graphArgs(s, "--yes")...)
	got.fits(t, cli.ExitDone, s.Password())
	for i, c := range customers {
		kept := find(c.Domain)
		if kept.ID != strings.ToLower(c.ID) || i == 0 && (kept.Name != "Ours "+c.Domain || kept.Color != "#7b1fa2") || i > 0 && kept.Name != c.Name {
			t.Errorf("%s: %+v", c.Domain, kept)
		}
	}
	if again := do(t, "", graphArgs(s)...); again.code != cli.ExitDone || !strings.Contains(again.stderr, "nothing new") {
		t.Errorf("again: %+v", again)
	}
	listed := do(t, "", "tenants", "--json")
	var list []struct{ Name, Domain, ID string }
	if err := json.Unmarshal([]byte(listed.stdout), &list); err != nil || len(list) != len(customers) || list[0].ID == "" {
		t.Errorf("%v: %+v", err, listed)
	}
	for _, args := range [][]string{{"tenants", "--json"}, graphArgs(s, "--json")} { // a script finds each field in each tenant
		var fields []map[string]any
		got := do(t, "", args...)
		if err := json.Unmarshal([]byte(got.stdout), &fields); err != nil || len(fields) != len(customers) {
			t.Fatalf("%v: %+v", err, got)
		}
		want := []string{"domain", "id", "name", "pinned", "read_only", "tags"}
		if len(args) > 2 {
			want = []string{"domain", "id", "known", "name", "pinned", "read_only", "state", "tags"}
		}
		for _, each := range fields {
			if names := slices.Sorted(maps.Keys(each)); !slices.Equal(names, want) {
				t.Errorf("%v has %q, want %q", args, names, want)
			}
		}
	}
}

// What Graph refuses is told with who can mend it; one list of two is taken in, and the
// exit code says that it may not be all.
func TestGraphRefuses(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1, Seed: 1})
	home(t)
	refuse := func(rules ...simulator.Rule) {
		if err := s.SetFaults(&simulator.Faults{Rules: rules}); err != nil {
			t.Fatal(err)
		}
	}
	refuse(simulator.Rule{Fault: simulator.NoConsent, On: simulator.Graph})
	do(t, "", graphArgs(s, "--yes")...).fits(t, cli.ExitConnect, s.Password(), "refuses to list your tenants", "Who can fix it: an administrator of the partner")
	refuse(simulator.Rule{Fault: simulator.ForeignLink, On: simulator.Graph})
	do(t, "", graphArgs(s, "--yes")...).fits(t, cli.ExitConnect, s.Password(), "Microsoft Graph did not return a usable list")
	if r := do(t, "", "tenants"); r.stdout != "" {
		t.Errorf("something was taken in: %s", r.stdout)
	}
	refuse(simulator.Rule{Fault: simulator.NoConsent, On: simulator.Graph, Cmdlet: "contracts"})
	got := do(t, "", graphArgs(s, "--yes")...)
	got.fits(t, cli.ExitConnect, s.Password(), "refuses to list your tenants", "5 added")
	for name, args := range map[string][]string{
		"classic":   {"tenants", "--from-graph", "--url", s.URL(), "--user", "a@b.example"},
		"no graph":  {"tenants", "--from-graph", "--url", s.RESTURL(), "--auth", "device", "--authority", s.AuthorityURL()},
		"a tenant":  {"tenants", "--from-graph", "--endpoint", "microsoft-365", "--tenant", "contoso.example"},
		"needless":  {"tenants", "--user", "a@b.example"},
		"arguments": {"tenants", "contoso.example"},
	} {
		if r := do(t, "", args...); r.code != cli.ExitUsage || !strings.Contains(r.stderr, "postroom help tenants") {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
