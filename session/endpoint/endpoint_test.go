package endpoint_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"postroom/session/endpoint"
)

// catalogue is the one that the program carries.
func catalogue(t testing.TB) []endpoint.Endpoint {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "assets", "endpoints.json"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := endpoint.ParseCatalogue(b)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func byID(t testing.TB, id string) endpoint.Endpoint {
	t.Helper()
	for _, e := range catalogue(t) {
		if e.ID == id {
			return e
		}
	}
	t.Fatalf("the catalogue has no %q", id)
	return endpoint.Endpoint{}
}

// TestCatalogueIsAsDocumented repeats the addresses of Microsoft's pages, so
// that nobody changes one by accident.
func TestCatalogueIsAsDocumented(t *testing.T) {
	for _, want := range []struct {
		id, url, auth string
		kind          endpoint.Kind
		limit         int
		idle          time.Duration
	}{
		{"eop", "https://ps.protection.outlook.com/powershell-liveid/", "basic", endpoint.KindEOP, 3, 15 * time.Minute},
		{"eop-germany", "https://ps.protection.outlook.de/powershell-liveid/", "basic", endpoint.KindEOP, 3, 15 * time.Minute},
		{"eop-ecal", "https://outlook.office365.com/powershell-liveid/", "basic", endpoint.KindEOP, 3, 15 * time.Minute},
		{"exchange-online", "https://outlook.office365.com/powershell-liveid/", "basic", endpoint.KindOnline, 3, 15 * time.Minute},
		{"exchange-online-germany", "https://outlook.office.de/powershell-liveid/", "basic", endpoint.KindOnline, 3, 15 * time.Minute},
		{"exchange-online-china", "https://partner.outlook.cn/PowerShell", "basic", endpoint.KindOnline, 3, 15 * time.Minute},
		{"exchange-online-gcc-high", "https://outlook.office365.us/powershell-liveid/", "basic", endpoint.KindOnline, 3, 15 * time.Minute},
		{"compliance-germany", "https://ps.compliance.protection.outlook.de/powershell-liveid/", "basic", endpoint.KindCompliance, 3, 15 * time.Minute},
		{"compliance-gcc-high", "https://ps.compliance.protection.office365.us/powershell-liveid/", "basic", endpoint.KindCompliance, 3, 15 * time.Minute},
		{"delegated", "https://ps.outlook.com/powershell-liveid", "basic", endpoint.KindOnline, 3, 15 * time.Minute},
		{"compliance", "https://ps.compliance.protection.outlook.com/powershell-liveid/", "basic", endpoint.KindCompliance, 3, 15 * time.Minute},
		{"exchange-server-kerberos", "http://{host}/PowerShell/", "kerberos", endpoint.KindOnPremises, 18, 15 * time.Minute},
		{"exchange-server-https", "https://{host}/PowerShell/", "basic ntlm", endpoint.KindOnPremises, 18, 15 * time.Minute},
		{"windows-https", "https://{host}:5986/wsman", "ntlm kerberos basic", endpoint.KindWindows, 30, 2 * time.Hour},
		{"windows-http", "http://{host}:5985/wsman", "kerberos ntlm", endpoint.KindWindows, 30, 2 * time.Hour},
		{"microsoft-365", "https://outlook.office365.com", "modern device app", endpoint.KindOnline, 0, 0},
		{"security-compliance", "https://ps.compliance.protection.outlook.com", "modern device app", endpoint.KindCompliance, 0, 0},
		{"microsoft-365-gcc-high", "https://outlook.office365.us", "modern device app", endpoint.KindOnline, 0, 0},
		{"microsoft-365-dod", "https://outlook-dod.office365.us", "modern device app", endpoint.KindOnline, 0, 0},
		{"microsoft-365-china", "https://partner.outlook.cn", "modern device app", endpoint.KindOnline, 0, 0},
		{"security-compliance-gcc-high", "https://ps.compliance.protection.office365.us", "modern device app", endpoint.KindCompliance, 0, 0},
		{"security-compliance-dod", "https://l5.ps.compliance.protection.office365.us", "modern device app", endpoint.KindCompliance, 0, 0},
		{"security-compliance-china", "https://ps.compliance.protection.partner.outlook.cn", "modern device app", endpoint.KindCompliance, 0, 0},
		{"demo-online", "", "modern device app", endpoint.KindDemo, 0, 0},
		{"demo", "", "basic", endpoint.KindDemo, 3, 15 * time.Minute},
	} {
		e := byID(t, want.id)
		if e.URL != want.url || strings.Join(e.Auth, " ") != want.auth || e.Kind != want.kind ||
			e.SessionLimit != want.limit || e.IdleTimeout != want.idle {
			t.Errorf("%s: %+v", want.id, e)
		}
	}
	for _, e := range catalogue(t) {
		cloud := e.Kind == endpoint.KindEOP || e.Kind == endpoint.KindOnline || e.Kind == endpoint.KindCompliance
		classic := cloud && e.Door != endpoint.REST
		if classic && e.Closed == "" {
			t.Errorf("%s: the note that Microsoft has closed this door is missing", e.ID)
		}
		if classic && (!strings.Contains(e.Closed, "20") || !strings.Contains(e.In("de").Closed, "20")) {
			t.Errorf("%s: nobody can tell when this door was closed: %s", e.ID, e.Closed)
		}
		if cloud && (len(e.RedirectHosts) == 0 || !e.Delegation) {
			t.Errorf("%s: a cloud redirects and delegates", e.ID)
		}
		if m, err := e.SignIn(); cloud && !classic && (err != nil || endpoint.CloudOf(m.Authority) == endpoint.CloudOwn) {
			t.Errorf("%s signs in at %q, %v", e.ID, m.Authority, err)
		}
		german := e.In("de-AT")
		if (e.Closed != "" && german.Closed == e.Closed) || (e.Note != "" && german.Note == e.Note) {
			t.Errorf("%s: a text is not translated", e.ID)
		}
	}
}

// The place that most people want stands first.
func TestTheCatalogueBeginsWithMicrosoft365(t *testing.T) {
	if first := catalogue(t)[0]; first.ID != "microsoft-365" {
		t.Errorf("%s stands first", first.ID)
	}
}

func TestParseCatalogueRefuses(t *testing.T) {
	good := `{"id":"a","name":"A","url":"https://a.example/PowerShell/","kind":"own","configuration":"C","auth":["basic"],"session_limit":3}`
	if _, err := endpoint.ParseCatalogue([]byte("[" + good + "]")); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"not JSON":      `[`,
		"more text":     `[] []`,
		"twice":         `[` + good + `,` + good + `]`,
		"unknown field": `[` + strings.Replace(good, `"name"`, `"nmae"`, 1) + `]`,
		"bad id":        `[` + strings.Replace(good, `"a"`, `"A B"`, 1) + `]`,
		"no limit":      `[` + strings.Replace(good, `3`, `0`, 1) + `]`,
		"bad duration":  `[` + strings.Replace(good, `"auth"`, `"idle_timeout":"soon","auth"`, 1) + `]`,
		"basic on http": `[` + strings.Replace(good, `https`, `http`, 1) + `]`,
	} {
		var fault *endpoint.CatalogueError
		if _, err := endpoint.ParseCatalogue([]byte(text)); !errors.As(err, &fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEndpointSurvivesJSON(t *testing.T) {
	for _, e := range catalogue(t) {
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back endpoint.Endpoint
		if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(e, back) {
			t.Errorf("%s: %v\n%+v\n%+v", e.ID, err, e, back)
		}
	}
}

func TestForTenant(t *testing.T) {
	customer := endpoint.Tenant{Name: "Contoso", Domain: "contoso.onmicrosoft.com"}
	for _, c := range []struct {
		url, want string
		names     bool // a tenant
	}{
		{"https://ps.outlook.com/powershell-liveid", "https://ps.outlook.com/powershell-liveid?DelegatedOrg=contoso.onmicrosoft.com", false},
		{"https://ps.protection.outlook.com/powershell-liveid/", "https://ps.protection.outlook.com/powershell-liveid/?DelegatedOrg=contoso.onmicrosoft.com", false},
		{"https://h.example/p?", "https://h.example/p?DelegatedOrg=contoso.onmicrosoft.com", false},
		{"https://h.example/p?a=%2f&B=1", "https://h.example/p?a=%2f&B=1&DelegatedOrg=contoso.onmicrosoft.com", false},
		{"https://h.example/p?PSVersion=5.1;x=1", "https://h.example/p?PSVersion=5.1;x=1;DelegatedOrg=contoso.onmicrosoft.com", false},
		{"https://h.example/p?delegatedorg=old.example&email=SystemMailbox{1}@x", "https://h.example/p?DelegatedOrg=contoso.onmicrosoft.com&email=SystemMailbox{1}@x", true},
		{"https://h.example/p?a=1&Delegated%4frg=old.example;DelegatedOrg=older.example&b=2", "https://h.example/p?a=1&DelegatedOrg=contoso.onmicrosoft.com;b=2", true},
		{"https://h.example/p?a=1&", "https://h.example/p?a=1&DelegatedOrg=contoso.onmicrosoft.com", false},
	} {
		e := byID(t, "delegated")
		e.URL = c.url
		got, err := e.For(customer)
		if err != nil || got != c.want {
			t.Errorf("For(%s) = %s, %v; want %s", c.url, got, err, c.want)
		}
		own, err := e.For(endpoint.Tenant{})
		if c.names { // as an earlier version kept it: another tenant than the own would be asked
			var invalid *endpoint.InvalidError
			if !errors.As(err, &invalid) || invalid.Field != "URL" || invalid.Value != "DelegatedOrg" {
				t.Errorf("own organization at %s: %s, %v", c.url, own, err)
			}
		} else if err != nil || own != c.url {
			t.Errorf("own organization: %s, %v", own, err)
		}
	}
	e := byID(t, "exchange-server-https").WithHost("mail.corp.example")
	var noDelegation *endpoint.NoDelegationError
	if _, err := e.For(customer); !errors.As(err, &noDelegation) {
		t.Errorf("a server that does not delegate: %v", err)
	}
	var invalid *endpoint.InvalidError
	if _, err := byID(t, "exchange-server-https").For(endpoint.Tenant{}); !errors.As(err, &invalid) {
		t.Errorf("a template: %v", err)
	}
	var domain *endpoint.DomainError
	if _, err := byID(t, "delegated").For(endpoint.Tenant{Domain: "not a domain"}); !errors.As(err, &domain) {
		t.Errorf("a bad domain: %v", err)
	}
}

func TestValidate(t *testing.T) {
	good := byID(t, "eop")
	for field, change := range map[string]func(*endpoint.Endpoint){
		"Name":          func(e *endpoint.Endpoint) { e.Name = " " },
		"Configuration": func(e *endpoint.Endpoint) { e.Configuration = "" },
		"SessionLimit":  func(e *endpoint.Endpoint) { e.SessionLimit = 0 },
		"IdleTimeout":   func(e *endpoint.Endpoint) { e.IdleTimeout = -1 },
	} {
		e := good.Clone()
		change(&e)
		var invalid *endpoint.InvalidError
		if err := e.Validate(); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, bad := range []string{
		"", "ps.example.com", "ftp://h.example/", "https://", "https:///p", "https://a b/", "https://h.example/#x", "://", "https://u:hunter2@h.example/",
		"https://u:hunter2@h.example:port/", "https://h.example:99999/p", "https://h.example:0/p", "https://[2001:db8::1]:65536/p", "https://-..x/", "https://" + strings.Repeat("a", 64) + ".example/",
	} {
		e := good.Clone()
		e.URL = bad
		err := e.Validate()
		var invalid *endpoint.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != "URL" {
			t.Errorf("%q: %v", bad, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
	lacking := good.Clone()
	for _, lacking.URL = range []string{"https://2001:db8::1/p", "https://2001:db8::abcd:444/p"} {
		if err := lacking.Validate(); !errors.Is(err, endpoint.ErrNoBrackets) {
			t.Errorf("%s: %v", lacking.URL, err)
		}
	}
	for _, ok := range []string{"https://h/", "https://10.0.0.1:444/PowerShell", "https://[2001:db8::1]/p", "https://my_server.corp/p?x={1}"} {
		e := good.Clone()
		e.URL = ok
		if err := e.Validate(); err != nil {
			t.Errorf("%q: %v", ok, err)
		}
	}
}

func TestRedirects(t *testing.T) {
	e := byID(t, "eop")
	remembered := []string{"Pod1.Partner.example.", "pod3.partner.example:8443", "[2001:db8::1]:444"}
	for _, c := range []struct {
		from, to string
		allowed  bool
		reason   endpoint.RefusalReason
	}{
		{"https://ps.protection.outlook.com/a", "https://ps.protection.outlook.com/b", true, 0},
		{"https://ps.protection.outlook.com/a", "https://PS.protection.outlook.com.:443/b", true, 0},
		{"https://ps.protection.outlook.com/a", "https://nam02.ps.protection.outlook.com/b", true, 0},
		{"https://ps.protection.outlook.com/a", "https://pod1.partner.example/b", true, 0},
		{"https://ps.protection.outlook.com/a", "https://pod1.partner.example:8443/b", false, endpoint.RefusedUnknownHost},
		{"https://ps.protection.outlook.com:8443/a", "https://pod1.partner.example:8443/b", true, 0},
		{"https://ps.protection.outlook.com:8443/a", "https://pod1.partner.example/b", true, 0},
		{"https://ps.protection.outlook.com/a", "https://pod3.partner.example:8443/b", true, 0},
		{"https://ps.protection.outlook.com/a", "https://pod3.partner.example/b", false, endpoint.RefusedUnknownHost},
		{"https://ps.protection.outlook.com/a", "https://nam02.ps.protection.outlook.com:8443/b", false, endpoint.RefusedUnknownHost},
		{"https://ps.protection.outlook.com/a", "https://[2001:db8::1]:444/b", true, 0},
		{"https://ps.protection.outlook.com/a", "https://pod2.partner.example/b", false, endpoint.RefusedUnknownHost},
		{"https://ps.protection.outlook.com/a", "https://evilprotection.outlook.com.evil.example/b", false, endpoint.RefusedUnknownHost},
		{"https://mail.example/a", "https://outlook.com/", false, endpoint.RefusedUnknownHost},
		{"https://other.example/a", "https://other.example:8443/", false, endpoint.RefusedUnknownHost},
		{"https://ps.protection.outlook.com/a", "http://ps.protection.outlook.com/b", false, endpoint.RefusedDowngrade},
		{"http://mail.corp.example/a", "http://mail.corp.example/b", false, endpoint.RefusedPlaintext},
		{"https://ps.protection.outlook.com/a", "https://u:p@ps.protection.outlook.com/b", false, endpoint.RefusedForm},
		{"https://ps.protection.outlook.com/a", "https://\u043eutlook.office365.com/b", false, endpoint.RefusedForm}, // a Cyrillic o
		{"https://ps.protection.outlook.com/a", "https://xn--utlook-7yf.office365.com/b", false, endpoint.RefusedUnknownHost},
		{"https://ps.protection.outlook.com/a", "file:///etc/passwd", false, endpoint.RefusedForm},
		{"https://ps.protection.outlook.com/a", "ftp://ps.protection.outlook.com/", false, endpoint.RefusedForm},
	} {
		from, err := url.Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := url.Parse(c.to)
		if err != nil {
			t.Fatal(err)
		}
		err = e.AllowRedirect(from, to, remembered...)
		var refused *endpoint.RedirectRefused
		switch {
		case c.allowed && err != nil:
			t.Errorf("%s -> %s: %v", c.from, c.to, err)
		case !c.allowed && !errors.As(err, &refused):
			t.Errorf("%s -> %s is allowed", c.from, c.to)
		case !c.allowed && refused.Reason != c.reason:
			t.Errorf("%s -> %s: reason %d", c.from, c.to, refused.Reason)
		case !c.allowed && refused.Askable() != (c.reason == endpoint.RefusedUnknownHost):
			t.Errorf("%s -> %s: askable %v", c.from, c.to, refused.Askable())
		case !c.allowed && strings.Contains(err.Error(), "u:p"):
			t.Errorf("the error repeats a password: %v", err)
		}
	}
}

func TestParseRedirectHost(t *testing.T) {
	for text, want := range map[string]string{
		"Mail.Contoso.example": "mail.contoso.example", " mail.example:8443 ": "mail.example:8443", "localhost": "localhost",
		"10.0.0.1:444": "10.0.0.1:444", "2001:db8::1": "2001:db8::1", "[2001:db8::1]:444": "[2001:db8::1]:444",
		"https://mail.example/": "", "mail.example/x": "", "a b": "", "me@mail.example": "", "mail.example:": "", "mail.example:0": "",
		"mail.example:many": "", "mail.example:99999": "", "*.example": "", "": "", "m\u00fcller.example": "",
	} {
		got, err := endpoint.ParseRedirectHost(text)
		var invalid *endpoint.InvalidError
		if got != want || (want == "") != errors.As(err, &invalid) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	// What was refused for its port alone is remembered with it.
	from, to := &url.URL{Scheme: "https", Host: "a.example"}, &url.URL{Scheme: "https", Host: "a.example:8443"}
	var refused *endpoint.RedirectRefused
	if err := byID(t, "eop").AllowRedirect(from, to); !errors.As(err, &refused) || refused.Host != "a.example:8443" {
		t.Errorf("%v", err)
	}
}

func TestParseDomain(t *testing.T) {
	for text, want := range map[string]string{
		"contoso.com":                        "contoso.com",
		" Contoso.COM. ":                     "contoso.com",
		"admin@contoso.onmicrosoft.com":      "contoso.onmicrosoft.com",
		"https://www.contoso.com/owa":        "www.contoso.com",
		"müller.example":                     "xn--mller-kva.example",
		"straße.example":                     "xn--strae-oqa.example",
		"例え.テスト":                             "xn--r8jz45g.xn--zckzah",
		"xn--mller-kva.example":              "xn--mller-kva.example",
		"a-b.c1.example":                     "a-b.c1.example",
		strings.Repeat("a", 63) + ".example": strings.Repeat("a", 63) + ".example",
	} {
		got, err := endpoint.ParseDomain(text)
		if err != nil || got != want {
			t.Errorf("ParseDomain(%q) = %q, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", " ", "contoso", "10.0.0.1", "a..example", "-a.example", "a-.example", "a b.example", "a_b.example", "contoso.com,fabrikam.com",
		strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 130) + "example", "xn--\u00fc.example", "con<toso.com", "?x=1.example", "a\x00.example",
	} {
		var bad *endpoint.DomainError
		if got, err := endpoint.ParseDomain(text); !errors.As(err, &bad) {
			t.Errorf("ParseDomain(%q) = %q, %v", text, got, err)
		}
	}
	if got := endpoint.DisplayDomain("xn--mller-kva.example"); got != "müller.example" {
		t.Errorf("DisplayDomain: %q", got)
	}
}

func TestTextIsReadableOnEveryColor(t *testing.T) {
	for rgb := 0; rgb < 1<<24; rgb += 0x1f3 {
		color := "#" + strings.ToLower(hex6(rgb))
		text, err := endpoint.TextOn(color)
		if err != nil {
			t.Fatal(err)
		}
		ratio, err := endpoint.Contrast(color, text)
		if err != nil || ratio < 4.5 {
			t.Fatalf("%s on %s: %.2f, %v", text, color, ratio, err)
		}
	}
	if ratio, err := endpoint.Contrast("#000000", "#FFFFFF"); err != nil || ratio < 20.99 || ratio > 21.01 {
		t.Errorf("black on white: %v, %v", ratio, err)
	}
	var bad *endpoint.ColorError
	for _, c := range []string{"", "red", "#fff", "#12345g", "#-12345", "#1234567"} {
		if _, err := endpoint.TextOn(c); !errors.As(err, &bad) {
			t.Errorf("%q: %v", c, err)
		}
	}
}

func hex6(n int) string {
	const digits = "0123456789abcdef"
	b := make([]byte, 6)
	for i := range b {
		b[5-i] = digits[n>>(4*i)&15]
	}
	return string(b)
}
