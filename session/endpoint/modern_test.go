package endpoint_test

import (
	"errors"
	"strings"
	"testing"

	"postroom/session/endpoint"
)

func rest(url string) endpoint.Endpoint {
	return endpoint.Endpoint{ID: "x", Name: "x", URL: url, Kind: endpoint.KindOnline, Door: endpoint.REST, Auth: []string{endpoint.AuthModern}}
}

// The clouds' hosts, authorities and scopes: Microsoft's pages and the table of the
// module 3.10.1, as docs/own-app.md has them.
func TestWhereTokensComeFrom(t *testing.T) {
	const global, us, china = "https://login.microsoftonline.com", "https://login.microsoftonline.us", "https://login.chinacloudapi.cn"
	for url, want := range map[string]struct{ authority, scope string }{
		"https://outlook.office365.com":                       {global, "https://outlook.office365.com/.default"},
		"https://Outlook.Office365.com/":                      {global, "https://Outlook.Office365.com/.default"},
		"https://ps.compliance.protection.outlook.com":        {global, "https://ps.compliance.protection.outlook.com/.default"},
		"https://outlook.office365.us":                        {us, "https://outlook.office365.us/.default"},
		"https://outlook-dod.office365.us":                    {us, "https://outlook-dod.office365.us/.default"},
		"https://ps.compliance.protection.office365.us":       {us, "https://ps.compliance.protection.office365.us/.default"},
		"https://l5.ps.compliance.protection.office365.us":    {us, "https://ps.compliance.protection.office365.us/.default"},
		"https://partner.outlook.cn":                          {china, "https://partner.outlook.cn/.default"},
		"https://ps.compliance.protection.partner.outlook.cn": {china, "https://ps.compliance.protection.partner.outlook.cn/.default"},
	} {
		m, err := rest(url).SignIn()
		if err != nil || m.Authority != want.authority || m.Scope != want.scope || m.BasePath != endpoint.DefaultBasePath || m.ClientID != endpoint.ModuleClientID || !m.Borrowed() {
			t.Errorf("%s: %+v, %v", url, m, err)
		}
		if err := rest(url).Validate(); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestWhatTheEndpointSaysOfTheSignInHolds(t *testing.T) {
	const own = "5B1F0A52-0d3e-4d5e-9c61-7f2b9a4c1d20"
	e := rest("https://outlook.office365.com")
	e.Modern = endpoint.Modern{
		Authority: "login.partner.example:8443/organizations/", ClientID: " " + own + " ", Scope: "https://other.example/.default", BasePath: "/adminapi/v2.0/",
	}
	m, err := e.SignIn()
	if err != nil || m.Authority != "https://login.partner.example:8443" || m.ClientID != "5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20" || m.Scope != "https://other.example/.default" ||
		m.BasePath != "/adminapi/v2.0" || m.Borrowed() {
		t.Errorf("%+v, %v", m, err)
	}
	address, err := e.For(endpoint.Tenant{Name: "x", Domain: "contoso.example"})
	if err != nil || address != "https://outlook.office365.com/adminapi/v2.0/contoso.example/InvokeCommand" {
		t.Errorf("%s, %v", address, err)
	}
	address, err = e.For(endpoint.Tenant{Name: "x", Domain: "contoso.example", ID: "5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20"})
	if err != nil || address != "https://outlook.office365.com/adminapi/v2.0/5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20/InvokeCommand" {
		t.Errorf("%s, %v", address, err)
	}
	if address, err = e.For(endpoint.Tenant{}); err != nil || address != "https://outlook.office365.com/adminapi/v2.0" {
		t.Errorf("the own organisation: %s, %v", address, err)
	}
}

func TestSignInsThatCannotBe(t *testing.T) {
	for field, change := range map[string]func(*endpoint.Endpoint){
		"Modern.ClientID":         func(e *endpoint.Endpoint) { e.Modern.ClientID = "postroom" },
		"Modern.Scope":            func(e *endpoint.Endpoint) { e.Modern.Scope = "https://outlook.office365.com/Exchange.Manage" },
		"Modern.Scope (relative)": func(e *endpoint.Endpoint) { e.Modern.Scope = "/.default" },
		"Modern.BasePath":         func(e *endpoint.Endpoint) { e.Modern.BasePath = "/adminapi/../beta" },
		"Modern.BasePath (query)": func(e *endpoint.Endpoint) { e.Modern.BasePath = "/adminapi?x" },
		"Modern.Authority":        func(e *endpoint.Endpoint) { e.Modern.Authority = "http://login.example" },
		"Modern.Authority (path)": func(e *endpoint.Endpoint) { e.Modern.Authority = "https://login.example/a/b" },
		"Modern.Authority (none)": func(e *endpoint.Endpoint) { e.URL = "https://own.example" },
		"Modern.Authority (user)": func(e *endpoint.Endpoint) { e.Modern.Authority = "https://me:secret@login.example" },
		"Auth":                    func(e *endpoint.Endpoint) { e.Auth = []string{endpoint.AuthBasic} },
		"Auth (classic)": func(e *endpoint.Endpoint) {
			e.Door, e.Configuration, e.SessionLimit = endpoint.Remoting, "Microsoft.Exchange", 3
		},
		"URL":  func(e *endpoint.Endpoint) { e.URL = "http://outlook.office365.com" },
		"Door": func(e *endpoint.Endpoint) { e.Door = "window" },
	} {
		e := rest("https://outlook.office365.com")
		change(&e)
		err := e.Validate()
		var invalid *endpoint.InvalidError
		want, _, _ := strings.Cut(field, " ")
		if !errors.As(err, &invalid) || invalid.Field != want {
			t.Errorf("%s: %v", field, err)
		}
		if invalid != nil && invalid.Value != "" && strings.Contains(invalid.Value, "secret") {
			t.Errorf("%s: a password is in the error", field)
		}
	}
}

func TestTenantIDs(t *testing.T) {
	const id = "5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20"
	for text, want := range map[string]string{
		id: id, " 5B1F0A52-0D3E-4D5E-9C61-7F2B9A4C1D20 ": id, "{" + id + "}": id,
		"": "", "contoso.example": "", "../x": "", id + "0": "", id[:35] + "g": "", "{" + id: "", "5b1f0a520d3e4d5e9c617f2b9a4c1d20": "", id[:8] + "_" + id[9:]: "",
	} {
		if got, ok := endpoint.ParseTenantID(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}
