package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/cli"
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
	for _, want := range rows {
		at, err := cli.Place(cli.Streams{}, "--url", want.Text)
		if err != nil {
			if want.URL != "" {
				t.Errorf("%q: %v", want.Text, err)
			}
			continue
		}
		e := at.Endpoint
		got := row{want.Text, e.ID, e.URL, e.Configuration, strings.Join(e.Auth, " "), e.SessionLimit, at.Tenant.Domain, at.User}
		if got != want {
			t.Errorf("%q is\n%+v, want\n%+v", want.Text, got, want)
		}
	}
}
