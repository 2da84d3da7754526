package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/assets"
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
		Tenant, User                       string
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
			}
			continue
		}
		e := at.Endpoint
		got := row{want.Text, e.ID, e.URL, e.Configuration, strings.Join(e.Auth, " "), e.SessionLimit, at.Tenant.Domain, at.User}
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
