package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/assets"
	"postroom/session/diagnose"
	"postroom/session/endpoint"
)

// --url reads what the window reads: session/endpoint has the table.
func TestAddressesAreReadAsInTheWindow(t *testing.T) {
	home(t)
	raw, err := os.ReadFile(filepath.Join("..", "..", "session", "endpoint", "testdata", "addresses.json"))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Text, ID, URL, Configuration, Auth string
		Limit                              int
		Tenant, User, Problem              string
	}
	var rows []row
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) < 30 {
		t.Fatalf("%d addresses, %v", len(rows), err)
	}
	catalogue, err := endpoint.ParseCatalogue(assets.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	directory, err := endpoint.OpenDirectory(filepath.Join(t.TempDir(), "endpoints.json"), catalogue)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range rows {
		flags := []string{"--url", want.Text}
		user := want.User // the line's own, else one that has to be named
		if user == "" {
			user = "anna@contoso.example"
			flags = append(flags, "--user", user)
		}
		shown := do(t, "", append(append([]string{"run", "--show"}, flags...), "Get-Mailbox")...)
		at, err := cli.Place(cli.Streams{}, flags...)
		if want.URL == "" {
			if err == nil || shown.code != cli.ExitUsage || shown.stdout != "" {
				t.Errorf("%q is to be refused: %s, exit %d, %q", want.Text, at.Endpoint.URL, shown.code, shown.stdout)
				continue
			}
			if problem := diagnose.Explain(errors.Unwrap(err)); problem.ID != want.Problem || !strings.Contains(shown.stderr, problem.Title) {
				t.Errorf("%q: %v is %s, want %s; told:\n%s", want.Text, err, problem.ID, want.Problem, shown.stderr)
			}
			continue
		}
		e := at.Endpoint
		got := row{want.Text, e.ID, e.URL, e.Configuration, strings.Join(e.Auth, " "), e.SessionLimit, at.Tenant.Domain, at.User, ""}
		if got != want || err != nil {
			t.Errorf("%q is\n%+v, want\n%+v; %v", want.Text, got, want, err)
		}
		read, err := directory.Read(want.Text)
		if err != nil || !reflect.DeepEqual(e, read.Endpoint) { // kind, door, certificate and what else there is
			t.Errorf("%q is\n%+v, the reader has\n%+v, %v", want.Text, e, read.Endpoint, err)
		}
		if shown.code != cli.ExitDone || !strings.HasPrefix(shown.stdout, "# "+want.URL) ||
			!strings.Contains(shown.stdout, want.Tenant) || e.Auth[0] != endpoint.AuthApp && !strings.Contains(shown.stdout, " as "+user+"\n") {
			t.Errorf("%q would be sent to %q, exit %d\n%s", want.Text, shown.stdout, shown.code, shown.stderr)
		}
	}
}

// An address and the flags name one tenant, or the run is refused with the names of both;
// the same tenant in other letters is one.
func TestAnAddressAndTheFlagsNameOneTenant(t *testing.T) {
	config, _ := home(t)
	const id = "36ee4c6c-0812-40a2-b820-b22ebd02bce3"
	known, err := endpoint.OpenTenants(filepath.Join(config, "tenants.json"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := known.Add(t.Context(), endpoint.Tenant{Domain: "known.example", ID: id}); err != nil {
		t.Fatal(err)
	}
	const rest, classic = "https://outlook.office365.com/adminapi/beta/", "https://mail.example/powershell-liveid/?DelegatedOrg="
	for _, c := range []struct {
		args  []string
		other string // the second name of a refusal; "" where it is one tenant
	}{
		{[]string{"--url", classic + "a.example", "--tenant", "b.example"}, "b.example"},
		{[]string{"--url", classic + "a.example", "--tenant", "a.example", "--tenant", "b.example"}, "b.example"},
		{[]string{"--url", "Connect-ExchangeOnline -DelegatedOrganization a.example", "--tenant", "b.example"}, "b.example"},
		{[]string{"--url", rest + "a.example/InvokeCommand", "--tenant", id}, "known.example"},
		{[]string{"--url", "Connect-ExchangeOnline -Organization a.example", "--authority", "https://login.microsoftonline.com/b.example"}, "b.example"},
		{[]string{"--url", "https://outlook.office365.com", "--authority", "login.microsoftonline.com/a.example", "--tenant", "b.example"}, "b.example"},
		{[]string{"--url", classic + "A.example.", "--tenant", "a.EXAMPLE"}, ""},
		{[]string{"--url", classic + "m%C3%BCller.example", "--tenant", "xn--mller-kva.example"}, ""},
		{[]string{"--url", rest + id + "/InvokeCommand", "--tenant", "known.example"}, ""},
		{[]string{"--url", "https://outlook.office365.com", "--authority", "https://login.microsoftonline.com/common", "--tenant", "b.example"}, ""},
	} {
		args := append([]string{"run", "--user", "anna@partner.example", "--show"}, c.args...)
		got := doIn(t.Context(), cli.Streams{}, append(args, "Get-Mailbox")...)
		if c.other == "" {
			got.fits(t, cli.ExitDone, "hunter2")
			continue
		}
		got.fits(t, cli.ExitUsage, "hunter2", "Two tenants are named: a.example and "+c.other)
		if got.stdout != "" {
			t.Errorf("%q shows\n%s", c.args, got.stdout)
		}
	}
	shown := doIn(t.Context(), cli.Streams{}, "run", "--show", "--url", "https://outlook.office365.com", "--authority", "https://login.microsoftonline.com/a.example", "Get-Mailbox")
	if shown.fits(t, cli.ExitDone, "hunter2"); !strings.Contains(shown.stdout, "/a.example/InvokeCommand") {
		t.Errorf("the tenant of --authority is lost:\n%s", shown.stdout)
	}
}

// An earlier version kept addresses with a tenant in them. Nobody's own organization is
// asked there: it would be that tenant's.
func TestAKeptAddressWithATenantIsRefused(t *testing.T) {
	config, _ := home(t)
	path := filepath.Join(config, "endpoints.json")
	d, err := endpoint.OpenDirectory(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Add(t.Context(), endpoint.Endpoint{
		Name: "Mail", URL: "https://mail.example/PowerShell/", Configuration: "Microsoft.Exchange", Auth: []string{endpoint.AuthNTLM}, SessionLimit: 3, Delegation: true,
	}); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	earlier := bytes.Replace(kept, []byte("/PowerShell/"), []byte("/PowerShell/?DelegatedOrg=a.example"), 1)
	if err := os.WriteFile(path, earlier, 0o600); err != nil || bytes.Equal(earlier, kept) {
		t.Fatal(err)
	}
	args := []string{"run", "--user", "anna@partner.example", "--show", "--endpoint", "mail"}
	doIn(t.Context(), cli.Streams{}, append(args, "Get-Mailbox")...).fits(t, cli.ExitUsage, "hunter2", "The address names a tenant.")
	got := doIn(t.Context(), cli.Streams{}, append(args, "--tenant", "b.example", "Get-Mailbox")...)
	if got.fits(t, cli.ExitDone, "hunter2"); !strings.Contains(got.stdout, "?DelegatedOrg=b.example ") {
		t.Errorf("with a tenant:\n%s", got.stdout)
	}
}
