package endpoint_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/session/endpoint"
)

// addressRow is a row of the table of addresses that every face of the program reads
// alike. app and app/cli have tests of the same table.
type addressRow struct {
	Text                         string
	ID, URL, Configuration, Auth string
	Limit                        int
	Tenant, User                 string
	Problem                      string // why it is refused, by session/diagnose's name
}

func addressTable(t *testing.T) []addressRow {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "addresses.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []addressRow
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) < 30 {
		t.Fatalf("%d addresses, %v", len(rows), err)
	}
	return rows
}

func TestAddresses(t *testing.T) {
	d := openDirectory(t, filepath.Join(t.TempDir(), "endpoints.json"))
	for _, want := range addressTable(t) {
		a, err := d.Read(want.Text)
		problem := ""
		if err != nil {
			kind, _, _ := strings.Cut(failure(err), ":")
			if problem = map[string]string{"none": "pasted-text", "tenants": "two-tenants", "no-brackets": "no-brackets"}[kind]; problem == "" {
				problem = "pasted-" + kind
			}
		}
		got := addressRow{
			Text: want.Text, ID: a.Endpoint.ID, URL: a.Endpoint.URL, Configuration: a.Endpoint.Configuration,
			Auth: strings.Join(a.Endpoint.Auth, " "), Limit: a.Endpoint.SessionLimit, Tenant: a.Tenant.Domain, User: a.User, Problem: problem,
		}
		if got != want {
			t.Errorf("%q is\n%+v, want\n%+v", want.Text, got, want)
		}
		if err == nil && a.Endpoint.Validate() != nil {
			t.Errorf("%q cannot be connected to: %v", want.Text, a.Endpoint.Validate())
		}
	}
}

// What the text says of the sign-in goes before what is known of the place, and what the
// person keeps goes before the catalogue.
func TestReadKnowsThePlace(t *testing.T) {
	d := openDirectory(t, filepath.Join(t.TempDir(), "endpoints.json"))
	const line = "New-PSSession -ConnectionUri https://ps.outlook.com/powershell-liveid -Authentication Kerberos"
	a, err := d.Read(line)
	if err != nil || a.Endpoint.ID != "microsoft-365" {
		t.Errorf("%+v, %v", a.Endpoint, err)
	}
	own := byID(t, "delegated")
	own.Name, own.SessionLimit = "Ours", 2
	if _, err := d.Add(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	a, err = d.Read(line) // who keeps a place of their own at the classic door means it
	if err != nil || a.Endpoint.ID != "ours" || strings.Join(a.Endpoint.Auth, " ") != "kerberos" {
		t.Errorf("%+v, %v", a.Endpoint, err)
	}
	a, err = d.Read("https://ps.outlook.com/PowerShell-LiveID/")
	if err != nil || a.Endpoint.ID != "ours" || a.Endpoint.SessionLimit != 2 {
		t.Errorf("%+v, %v", a.Endpoint, err)
	}
}

// What a line says of application, certificate and authority is in the endpoint.
func TestModernLines(t *testing.T) {
	d := openDirectory(t, filepath.Join(t.TempDir(), "endpoints.json"))
	const app = "36ee4c6c-0812-40a2-b820-b22ebd02bce3"
	for _, c := range []struct {
		text, tenant string
		want         endpoint.Modern
	}{
		{"Connect-ExchangeOnline -AppId " + app + " -CertificateFilePath '/home/anna/app.pfx' -Organization contoso.onmicrosoft.com", "", endpoint.Modern{ClientID: app, Certificate: "/home/anna/app.pfx"}},
		{"Connect-ExchangeOnline -AppId " + strings.ToUpper(app) + " -CertificateThumbprint 01AB -Organization contoso.onmicrosoft.com", "", endpoint.Modern{ClientID: app}},
		{"Connect-ExchangeOnline -DelegatedOrganization " + strings.ToUpper(app), app, endpoint.Modern{}},
		{"Connect-IPPSSession -AzureADAuthorizationEndpointUri https://login.microsoftonline.com/common", "", endpoint.Modern{}},
		{"https://outlook.office365.com/adminapi/v1.0/" + app + "/InvokeCommand", app, endpoint.Modern{BasePath: "/adminapi/v1.0"}},
		{"Connect-ExchangeOnline -ConnectionUri https://127.0.0.1:8443 -AzureADAuthorizationEndpointUri https://127.0.0.1:8444/" + app, app, endpoint.Modern{Authority: "https://127.0.0.1:8444"}},
	} {
		a, err := d.Read(c.text)
		if err != nil || a.Endpoint.Modern != c.want || a.Tenant.ID != c.tenant || a.Endpoint.Door != endpoint.REST {
			t.Errorf("%q: %+v, tenant %+v, %v", c.text, a.Endpoint, a.Tenant, err)
			continue
		}
		if err := a.Endpoint.Validate(); err != nil {
			t.Errorf("%q cannot be connected to: %v", c.text, err)
		}
	}
}

// The same tenant is one in any letters; two are refused by both their names.
func TestOneTenant(t *testing.T) {
	const id = "36ee4c6c-0812-40a2-b820-b22ebd02bce3"
	a, b := endpoint.Tenant{Domain: "a.example"}, endpoint.Tenant{Domain: "xn--mller-kva.example"}
	byID, both := endpoint.Tenant{Domain: id, ID: id}, endpoint.Tenant{Domain: "a.example", ID: id}
	for _, c := range []struct {
		named []endpoint.Tenant
		want  string // a domain, or the two of the refusal
	}{
		{nil, ""},
		{[]endpoint.Tenant{{}, a, {}, a}, "a.example"},
		{[]endpoint.Tenant{byID, both, a}, "a.example"},
		{[]endpoint.Tenant{both, byID, a}, "a.example"},
		{[]endpoint.Tenant{a, b}, "a.example müller.example"},
		{[]endpoint.Tenant{{}, byID, a}, id + " a.example"},
	} {
		one, err := endpoint.OneTenant(c.named...)
		got := one.Domain
		var told *endpoint.TenantsError
		if errors.As(err, &told) {
			got = told.One + " " + told.Other
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.named, got, c.want)
		}
	}
}

// What is there to be read as a connection is told from the name of an account or a place.
func TestResembles(t *testing.T) {
	for text, want := range map[string]bool{
		"anna@partner.example": false, `CORP\anna`: false, "outlook": false, "Invoke-Command": false, "": false,
		"https\uff1a\uff0f\uff0fmail.example": true, "New\u2011PSSession srv": true, "connect-exopssession": true,
		"ps.outlook.com/powershell-liveid": true, "\u2013ConnectionUri x": true,
	} {
		if endpoint.Resembles(text) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
}
