package endpoint_test

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"postroom/session/endpoint"
)

func openDirectory(t *testing.T, path string) *endpoint.Directory {
	t.Helper()
	d, err := endpoint.OpenDirectory(path, catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDirectoryFinds(t *testing.T) {
	d := openDirectory(t, filepath.Join(t.TempDir(), "endpoints.json"))
	for name, want := range map[string]string{
		"eop": "eop", "Exchange Online": "exchange-online", "exchange ONLINE": "exchange-online", " Delegierte Verwaltung eines Kunden ": "delegated",
	} {
		if e, err := d.Find(name); err != nil || e.ID != want {
			t.Errorf("%q: %s, %v", name, e.ID, err)
		}
	}
	for _, name := range []string{"", "nowhere"} {
		if _, err := d.Find(name); !errors.Is(err, endpoint.ErrUnknownEndpoint) {
			t.Errorf("%q: %v", name, err)
		}
	}
	pasted, err := endpoint.ParseAddress("https://PS.outlook.com/PowerShell-LiveID/?DelegatedOrg=contoso.com")
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := d.Recognize(pasted.Endpoint); !ok || e.ID != "delegated" {
		t.Errorf("recognized %v %q", ok, e.ID)
	}
	if e, ok := d.Recognize(endpoint.Endpoint{URL: "https://h.example/PowerShell/", Configuration: "x"}); ok {
		t.Errorf("recognized %q", e.ID)
	}
}

func TestDirectoryKeepsOwnEndpoints(t *testing.T) {
	path := filepath.Join(t.TempDir(), "endpoints.json")
	d := openDirectory(t, path)
	mine := endpoint.Endpoint{
		Name: "Exchange Ö", URL: "https://mail.corp.example/PowerShell/", Kind: endpoint.KindOnPremises,
		Configuration: "Microsoft.Exchange", Auth: []string{endpoint.AuthBasic}, SessionLimit: 18,
	}
	first, err := d.Add(t.Context(), mine)
	if err != nil || first.ID != "exchange-o" || !first.Own {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := d.Add(t.Context(), mine)
	if err != nil || second.ID != "exchange-o-2" {
		t.Fatalf("%+v, %v", second, err)
	}
	first.SessionLimit = 5
	if err := errors.Join(d.Edit(t.Context(), first), d.Remove(t.Context(), second.ID)); err != nil {
		t.Fatal(err)
	}
	again := openDirectory(t, path)
	if e, err := again.Find("exchange-o"); err != nil || e.SessionLimit != 5 || !e.Own {
		t.Errorf("%+v, %v", e, err)
	}
	var invalid *endpoint.InvalidError
	mine.URL = "http://mail.corp.example/PowerShell/"
	if _, err := d.Add(t.Context(), mine); !errors.As(err, &invalid) {
		t.Errorf("basic over http: %v", err)
	}
	if err := d.Remove(t.Context(), "eop"); !errors.Is(err, endpoint.ErrCatalogued) {
		t.Errorf("the catalogue's: %v", err)
	}
	if err := d.Remove(t.Context(), "gone"); !errors.Is(err, endpoint.ErrUnknownEndpoint) {
		t.Errorf("unknown: %v", err)
	}
}

func TestRedirectsAreRememberedForOneEndpointAndHost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "endpoints.json")
	d := openDirectory(t, path)
	eop, online := byID(t, "eop"), byID(t, "exchange-online")
	from, to, other := parse(t, "https://ps.protection.outlook.com/"), parse(t, "https://pod.partner.example/"), parse(t, "https://pod2.partner.example/")
	var refused *endpoint.RedirectRefused
	if err := d.AllowRedirect(eop, from, to); !errors.As(err, &refused) {
		t.Fatal(err)
	}
	if err := d.RememberRedirect(t.Context(), eop.ID, refused); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*endpoint.Directory{d, openDirectory(t, path)} {
		if err := d.AllowRedirect(eop, from, to); err != nil {
			t.Errorf("remembered: %v", err)
		}
		if d.AllowRedirect(eop, from, other) == nil || d.AllowRedirect(online, from, to) == nil {
			t.Error("more was allowed than was asked for")
		}
	}
	for _, bad := range []*endpoint.RedirectRefused{
		{Host: "h.example", Reason: endpoint.RefusedDowngrade}, {Host: "h.example", Reason: endpoint.RefusedPlaintext}, {Host: "*.com"}, {Host: ""},
	} {
		if err := d.RememberRedirect(t.Context(), eop.ID, bad); !errors.Is(err, endpoint.ErrNotRemembered) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if err := d.ForgetRedirects(t.Context(), eop.ID); err != nil || d.AllowRedirect(eop, from, to) == nil {
		t.Errorf("forgotten: %v", err)
	}
}

func parse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestClosedDoorsAreKnownByTheirHost(t *testing.T) {
	d := openDirectory(t, filepath.Join(t.TempDir(), "endpoints.json"))
	for _, c := range []struct {
		text   string
		closed bool
	}{
		{"https://outlook.office365.com/powershell-liveid/?proxyMethod=RPS", true},
		{"https://OUTLOOK.office365.com:443/PowerShell-LiveId", true},
		{"https://eur01b.ps.compliance.protection.outlook.com/powershell-liveid/", true},
		{"https://pod51034psh.outlook.com/powershell-liveid", true},
		{"https://outlook.office365.us/powershell-liveid/", true},
		{"Connect-ExchangeOnline -ExchangeEnvironmentName O365USGovGCCHigh", false},
		{"https://mail.corp.example/PowerShell/", false},
		{"https://outlook.office365.com.corp.example/PowerShell/", false},
		{"New-PSSession srv1", false},
	} {
		a, err := endpoint.ParseAddress(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Closed(a.Endpoint, "de"); (got != "") != c.closed || c.closed && !strings.Contains(got, "Rechnen Sie") {
			t.Errorf("%s: %q", c.text, got)
		}
	}
	for _, e := range catalogue(t) {
		if got := d.Closed(e, "en"); got != e.Closed {
			t.Errorf("%s: %q", e.ID, got)
		}
	}
}

// What a person allowed for an endpoint counts for whoever comes back to its
// host, such as the deletion of a session that was left open.
func TestEndpointsAtAHostHaveTheirAllowedRedirects(t *testing.T) {
	d, err := endpoint.OpenDirectory(filepath.Join(t.TempDir(), "endpoints.json"), nil)
	if err != nil {
		t.Fatal(err)
	}
	add := func(name, address string) endpoint.Endpoint {
		e, addErr := d.Add(t.Context(), endpoint.Endpoint{
			Name: name, URL: address, Kind: endpoint.KindOwn, Configuration: "Microsoft.Exchange",
			Auth: []string{endpoint.AuthBasic}, SessionLimit: 3,
		})
		if addErr != nil {
			t.Fatal(addErr)
		}
		return e
	}
	mail := add("Mail", "https://mail.contoso.example/PowerShell/")
	add("Other port", "https://mail.contoso.example:8443/PowerShell/")
	add("Elsewhere", "https://mail.fabrikam.example/PowerShell/")
	refused := &endpoint.RedirectRefused{Host: "pod.contoso.example", Reason: endpoint.RefusedUnknownHost}
	if err := d.RememberRedirect(t.Context(), mail.ID, refused); err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{
		"mail.contoso.example": "Mail pod.contoso.example;", "MAIL.contoso.example:443": "Mail pod.contoso.example;",
		"mail.contoso.example:8443": "Other port ;", "contoso.example": "", "mail.contoso.example:80": "",
	} {
		got := ""
		for _, e := range d.At(host) {
			got += e.Name + " " + strings.Join(e.RedirectHosts, " ") + ";"
		}
		if got != want {
			t.Errorf("at %s: %q, want %q", host, got, want)
		}
	}
}

// The address of a kept endpoint names no tenant: it would be asked where the own one is
// chosen.
func TestAKeptAddressNamesNoTenant(t *testing.T) {
	d := openDirectory(t, filepath.Join(t.TempDir(), "endpoints.json"))
	own := byID(t, "delegated")
	own.Name = "Ours"
	kept, err := d.Add(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	named := kept
	named.URL += "?x=1&delegated%4frg=a.example"
	_, added := d.Add(t.Context(), named)
	for _, err := range []error{added, d.Edit(t.Context(), named)} {
		var invalid *endpoint.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != "URL" {
			t.Errorf("%v", err)
		}
	}
	if again, err := d.Find(kept.ID); err != nil || again.URL != own.URL {
		t.Errorf("%s, %v", again.URL, err)
	}
}
