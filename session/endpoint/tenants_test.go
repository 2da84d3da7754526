package endpoint_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"postroom/session/endpoint"
)

func openTenants(t testing.TB, path string) *endpoint.Tenants {
	t.Helper()
	list, err := endpoint.OpenTenants(path)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func add(t testing.TB, list *endpoint.Tenants, tenants ...endpoint.Tenant) {
	t.Helper()
	for _, x := range tenants {
		if _, err := list.Add(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
}

func domains(tenants []endpoint.Tenant) string {
	var out []string
	for _, x := range tenants {
		out = append(out, endpoint.DisplayDomain(x.Domain))
	}
	return strings.Join(out, " ")
}

func TestTenantsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config", "tenants.json")
	list := openTenants(t, path)
	add(t, list, endpoint.Tenant{Name: " Müller GmbH ", Domain: "admin@Müller.example", Tags: []string{"b", " a ", "b", ""}},
		endpoint.Tenant{Domain: "contoso.com", Color: "#0B57D0"}, endpoint.Tenant{Name: "Adatum", Domain: "adatum.example"})
	if got := domains(list.All()); got != "adatum.example contoso.com müller.example" {
		t.Errorf("all: %s", got)
	}
	x, err := list.Find("müller.example")
	if err != nil || x.Name != "Müller GmbH" || x.Domain != "xn--mller-kva.example" || !slices.Equal(x.Tags, []string{"a", "b"}) || x.Color == "" {
		t.Errorf("%+v, %v", x, err)
	}
	if c, err := list.Find("contoso.com"); err != nil || c.Name != "contoso.com" || c.Color != "#0b57d0" {
		t.Errorf("%+v, %v", c, err)
	}
	var domain *endpoint.DomainError
	var color *endpoint.ColorError
	if _, err := list.Add(t.Context(), endpoint.Tenant{Domain: "Contoso.com."}); !errors.Is(err, endpoint.ErrDuplicateTenant) {
		t.Errorf("duplicate: %v", err)
	}
	if _, err := list.Add(t.Context(), endpoint.Tenant{Domain: "nothing"}); !errors.As(err, &domain) {
		t.Errorf("bad domain: %v", err)
	}
	if _, err := list.Add(t.Context(), endpoint.Tenant{Domain: "x.example", Color: "red"}); !errors.As(err, &color) {
		t.Errorf("bad colour: %v", err)
	}
	if _, err := list.Edit(t.Context(), "contoso.com", endpoint.Tenant{Domain: "adatum.example"}); !errors.Is(err, endpoint.ErrDuplicateTenant) {
		t.Errorf("edit to a duplicate: %v", err)
	}
	if _, err := list.Edit(t.Context(), "contoso.com", endpoint.Tenant{Name: "Contoso", Domain: "contoso.onmicrosoft.com"}); err != nil {
		t.Error(err)
	}
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.FixedZone("", 3600))
	if err := errors.Join(list.Used(t.Context(), "contoso.onmicrosoft.com", at), list.Used(t.Context(), "adatum.example", at.Add(time.Hour)),
		list.Remove(t.Context(), "müller.example")); err != nil {
		t.Fatal(err)
	}
	for pinned, pin := range map[bool]func(context.Context, string) error{true: list.Pin, false: list.Unpin} {
		if err := pin(t.Context(), "adatum.example"); err != nil {
			t.Fatal(err)
		}
		if got, err := list.Find("adatum.example"); err != nil || got.Pinned != pinned {
			t.Errorf("pinned %t, want %t, %v", got.Pinned, pinned, err)
		}
	}
	for _, l := range []*endpoint.Tenants{list, openTenants(t, path)} {
		for domain, want := range map[string]time.Time{"contoso.onmicrosoft.com": at, "adatum.example": at.Add(time.Hour)} {
			if got, err := l.Find(domain); err != nil || !got.LastUsed.Equal(want) {
				t.Errorf("%s was used at %v, want %v, %v", domain, got.LastUsed, want, err)
			}
		}
	}
	for name, err := range map[string]error{
		"remove": list.Remove(t.Context(), "gone.example"), "pin": list.Pin(t.Context(), "gone.example"), "used": list.Used(t.Context(), "gone.example", at),
		"find": func() error { _, err := list.Find("gone.example"); return err }(),
	} {
		if !errors.Is(err, endpoint.ErrUnknownTenant) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTwoProcessesShareTheTenants(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tenants.json")
	one, two := openTenants(t, path), openTenants(t, path)
	add(t, one, endpoint.Tenant{Domain: "a.example"})
	add(t, two, endpoint.Tenant{Domain: "b.example"})
	if got := domains(two.All()); got != "a.example b.example" {
		t.Errorf("a tenant of the other window was lost: %s", got)
	}
}

func TestDamagedTenantsAreSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tenants.json")
	if err := os.WriteFile(path, []byte(`{"version":1,"data":[{"name":1}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	list := openTenants(t, path)
	if aside := list.SetAside(); len(aside) != 1 {
		t.Fatalf("reported: %v", aside)
	}
	add(t, list, endpoint.Tenant{Domain: "a.example"})
	if b, err := os.ReadFile(list.SetAside()[0].Kept); err != nil || !bytes.Contains(b, []byte(`"name":1`)) {
		t.Errorf("kept %s, %v", b, err)
	}
}

func TestColorsAreAssignedAndReadable(t *testing.T) {
	list := openTenants(t, filepath.Join(t.TempDir(), "tenants.json"))
	count := map[string]int{}
	for i := range 32 {
		x, err := list.Add(t.Context(), endpoint.Tenant{Domain: fmt.Sprintf("t%d.example", i)})
		if err != nil {
			t.Fatal(err)
		}
		count[x.Color]++
		if ratio, err := endpoint.Contrast(x.Color, "#ffffff"); err != nil || ratio < 4.5 {
			t.Errorf("%s on white: %.2f, %v", x.Color, ratio, err)
		}
	}
	for color, n := range count {
		if n != 2 {
			t.Errorf("%s is given %d times among 32 tenants and 16 colours", color, n)
		}
	}
}

func TestSearch(t *testing.T) {
	list := openTenants(t, filepath.Join(t.TempDir(), "tenants.json"))
	add(t, list,
		endpoint.Tenant{Name: "Contoso", Domain: "contoso.com"}, endpoint.Tenant{Name: "Fabrikam", Domain: "contoso-fabrikam.com"},
		endpoint.Tenant{Name: "The Contoso Club", Domain: "club.example"}, endpoint.Tenant{Name: "Acontoso", Domain: "acme.example"},
		endpoint.Tenant{Name: "Zebra", Domain: "zebra.example", Tags: []string{"Contoso group"}},
		endpoint.Tenant{Name: "Müller Straße", Domain: "müller.example"}, endpoint.Tenant{Name: "Łódź Ørsted", Domain: "lodz.example"},
		endpoint.Tenant{Name: "Contoso Zwei", Domain: "zwei.example", Pinned: true},
	)
	for query, want := range map[string]string{
		"contoso":       "zwei.example contoso.com contoso-fabrikam.com club.example zebra.example acme.example",
		"CONTOSO Club":  "club.example",
		"club contoso":  "club.example",
		"muller strass": "müller.example",
		"MÜLLER":        "müller.example",
		"xn--mller":     "müller.example",
		"lodz orsted":   "lodz.example",
		"ŁÓDŹ":          "lodz.example",
		"nothing":       "",
		"ontos":         "zwei.example acme.example contoso.com contoso-fabrikam.com club.example zebra.example",
	} {
		got := domains(list.Search(query))
		if query == "ontos" { // all of one rank: pinned, then by name
			g, w := strings.Fields(got), strings.Fields(want)
			slices.Sort(g)
			slices.Sort(w)
			if !strings.HasPrefix(got, "zwei.example ") || !slices.Equal(g, w) {
				t.Errorf("%q: %s", query, got)
			}
			continue
		}
		if got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	if all := list.Search("  "); len(all) != 8 || all[0].Domain != "zwei.example" {
		t.Errorf("empty: %s", domains(all))
	}
}

func thousand(t testing.TB) *endpoint.Tenants {
	t.Helper()
	list := openTenants(t, filepath.Join(t.TempDir(), "tenants.json"))
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "Kunde Nummer %d Größe;kunde%d.example\n", i, i)
	}
	got, err := list.Import(context.Background(), strings.NewReader(b.String()))
	if err != nil || len(got.Added) != 1000 {
		t.Fatalf("%d, %v", len(got.Added), err)
	}
	return list
}

func TestAThousandTenants(t *testing.T) {
	list := thousand(t)
	if got := list.Search("groesse 99"); len(got) != 0 {
		t.Errorf("ö is not oe here: %d", len(got))
	}
	if got := list.Search("grosse 99"); len(got) != 19 {
		t.Errorf("found %d", len(got))
	}
	// 111 numbers begin with 7, and 160 more have one inside.
	got := list.Search("kunde nummer 7")
	if len(got) != 271 || got[0].Domain != "kunde7.example" || !strings.HasPrefix(got[110].Domain, "kunde7") || strings.HasPrefix(got[111].Domain, "kunde7") {
		t.Errorf("found %d, %s first", len(got), got[0].Domain)
	}
}

func BenchmarkSearchInAThousand(b *testing.B) {
	list := thousand(b)
	for b.Loop() {
		if len(list.Search("nummer 7")) == 0 {
			b.Fatal("nothing")
		}
	}
}

func TestImport(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("Firma\tDomäne\r\nMüller\tmüller.example\r\n")
	if err != nil {
		t.Fatal(err)
	}
	ansi, err := charmap.Windows1252.NewEncoder().String("Kunde;Domäne\r\nMüller;müller.example\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want, failed string }{
		"plain list":         {"contoso.com\nfabrikam.com\n\n", "contoso.com=contoso.com fabrikam.com=fabrikam.com", ""},
		"partner centre":     {"\ufeffMicrosoft ID,Company name,Primary domain name,Relationship,Tags\r\n1,\"Contoso, Ltd.\",contoso.onmicrosoft.com,GDAP,\r\n", "Contoso, Ltd.=contoso.onmicrosoft.com", ""},
		"semicolons":         {"Name;Domain;Tags;Color;Pinned\nA;a.example;x,y;#112233;yes\n", "A=a.example", ""},
		"tabs":               {"A\ta.example\nB\tb.example", "A=a.example B=b.example", ""},
		"bars":               {"a.example|A\nb.example|B", "A=a.example B=b.example", ""},
		"domain first":       {"a.example,A\nb.example,B", "A=a.example B=b.example", ""},
		"name then domain":   {"Contoso Ltd contoso.com\nFabrikam <fabrikam.com>\nadatum.com - Adatum Corp", "Adatum Corp=adatum.com Contoso Ltd=contoso.com Fabrikam=fabrikam.com", ""},
		"mail addresses":     {"admin@contoso.com\n", "contoso.com=contoso.com", ""},
		"UTF-16":             {utf16, "Müller=müller.example", ""},
		"Windows-1252":       {ansi, "Müller=müller.example", ""},
		"quoted line break":  {"Name,Domain\n\"Con\ntoso\",contoso.com\n", "Con\ntoso=contoso.com", ""},
		"bad lines":          {"Name,Domain\nA,a.example\nB,nothing\n,\nC,c.example\n", "A=a.example C=c.example", "3"},
		"repeated":           {"a.example\nA.example\n", "a.example=a.example", ""},
		"formula from us":    {"Name,Domain\n'=cmd,a.example\n", "=cmd=a.example", ""},
		"bad colour":         {"Name,Domain,Color\nA,a.example,red\n", "", "2"},
		"nothing":            {"", "", ""},
		"no domain anywhere": {"hello\nworld\n", "", "1 2"},
	} {
		t.Run(name, func(t *testing.T) {
			list := openTenants(t, filepath.Join(t.TempDir(), "tenants.json"))
			got, err := list.Import(t.Context(), strings.NewReader(c.text))
			if err != nil {
				t.Fatal(err)
			}
			var have, failed []string
			for _, x := range list.All() {
				have = append(have, x.Name+"="+endpoint.DisplayDomain(x.Domain))
			}
			for _, e := range got.Errors {
				failed = append(failed, fmt.Sprint(e.Line))
			}
			if strings.Join(have, " ") != c.want || strings.Join(failed, " ") != c.failed || len(got.Added) != len(have) {
				t.Errorf("%q; failed %q; %+v", have, failed, got)
			}
		})
	}
}

func TestImportMergesWithWhatIsKnown(t *testing.T) {
	list := openTenants(t, filepath.Join(t.TempDir(), "tenants.json"))
	add(t, list, endpoint.Tenant{Name: "Old", Domain: "a.example", Tags: []string{"x"}}, endpoint.Tenant{Name: "B", Domain: "b.example"})
	got, err := list.Import(t.Context(), strings.NewReader("Name,Domain,Tags\nNew,a.example,y\nB,b.example,\nC,c.example,\n"))
	if err != nil || len(got.Added) != 1 || len(got.Changed) != 1 || got.Unchanged != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if x, err := list.Find("a.example"); err != nil || x.Name != "New" || !slices.Equal(x.Tags, []string{"x", "y"}) {
		t.Errorf("%+v, %v", x, err)
	}
	if _, err := list.Import(t.Context(), strings.NewReader(strings.Repeat("x", endpoint.MaxList+1))); !errors.Is(err, endpoint.ErrListTooLong) {
		t.Errorf("too long: %v", err)
	}
}

func TestExportIsReadBack(t *testing.T) {
	list := openTenants(t, filepath.Join(t.TempDir(), "tenants.json"))
	add(t, list, endpoint.Tenant{Name: `=HYPERLINK("http://evil.example")`, Domain: "a.example", Tags: []string{"-x", "y"}, Pinned: true},
		endpoint.Tenant{Name: "'=quoted", Domain: "b.example", ReadOnly: true}, endpoint.Tenant{Name: "Müller, \"M\"\nGmbH", Domain: "müller.example"})
	var b bytes.Buffer
	if err := list.Export(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(strings.TrimPrefix(line, `"`), "=") {
			t.Errorf("a spreadsheet would run %q", line)
		}
	}
	again := openTenants(t, filepath.Join(t.TempDir(), "tenants.json"))
	if _, err := again.Import(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if want, got := fmt.Sprintf("%+v", list.All()), fmt.Sprintf("%+v", again.All()); want != got {
		t.Errorf("%s\n%s", want, got)
	}
}

func FuzzParseTenants(f *testing.F) {
	for _, seed := range []string{"Name,Domain\nA,a.example\n", "a.example\tA", "\xff\xfea\x00", "\"", "a;b|c\td", "Contoso contoso.com", "'=x,a.example"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		listed, _ := endpoint.ParseTenants(raw)
		for _, x := range listed {
			if again, err := endpoint.ParseDomain(x.Tenant.Domain); err != nil || again != x.Tenant.Domain {
				t.Errorf("%q: %q, %v", x.Tenant.Domain, again, err)
			}
		}
	})
}

// TestListsAsPeopleHaveThem: nothing that names a tenant is lost, whatever
// stands round it.
func TestListsAsPeopleHaveThem(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		want  string // name=domain, in order
		wrong string // lines
	}{
		"one line, commas":       {"contoso.com, fabrikam.com", "=contoso.com =fabrikam.com", ""},
		"one line, semicolons":   {"contoso.com; fabrikam.com; adatum.com", "=contoso.com =fabrikam.com =adatum.com", ""},
		"one line, blanks":       {"contoso.com fabrikam.com", "=contoso.com =fabrikam.com", ""},
		"several on each line":   {"a.example,b.example,c.example\nd.example,e.example,f.example", "=a.example =b.example =c.example =d.example =e.example =f.example", ""},
		"addresses with names":   {"Contoso Ltd <admin@contoso.com>\nFabrikam (fabrikam.com)", "Contoso Ltd=contoso.com Fabrikam=fabrikam.com", ""},
		"bullets and numbers":    {"\u2022 a.example\n- b.example\n* c.example\n1. d.example\n2) Dentist e.example", "=a.example =b.example =c.example =d.example 2) Dentist=e.example", ""},
		"quotes":                 {"'a.example'\n\"b.example\"", "=a.example =b.example", ""},
		"remarks":                {"# mine\na.example\n#1 Dental,b.example", "=a.example #1 Dental=b.example", ""},
		"Excel's first line":     {"sep=;\r\nName;Domain\r\nA, B;a.example", "A, B=a.example", ""},
		"a quote without an end": {"Name,Domain\n\"A, Ltd\",a.example\n\"B,b.example\nC,c.example\n", "A, Ltd=a.example B=b.example C=c.example", ""},
		"the same, and a fault":  {"Name,Domain\n\"A,a.example\nB\nC,c.example\n", "A=a.example C=c.example", "3"},
		"mail addresses":         {"Kunde;E-Mail\nContoso;admin@contoso.com", "Contoso=contoso.com", ""},
		"unknown headings":       {"Wer;Wo\nContoso;contoso.com", "Contoso=contoso.com", ""},
		"UTF-16 without a mark":  {"N\x00a\x00m\x00e\x00\t\x00D\x00o\x00m\x00a\x00i\x00n\x00\n\x00A\x00\t\x00a\x00.\x00d\x00e\x00", "A=a.de", ""},
		"the other way round":    {"\x00A\x00\t\x00a\x00.\x00d\x00e", "A=a.de", ""},
	} {
		listed, failed := endpoint.ParseTenants([]byte(c.text))
		var got, wrong []string
		for _, l := range listed {
			got = append(got, l.Tenant.Name+"="+l.Tenant.Domain)
		}
		for _, f := range failed {
			wrong = append(wrong, strconv.Itoa(f.Line))
		}
		if strings.Join(got, " ") != c.want || strings.Join(wrong, " ") != c.wrong {
			t.Errorf("%s: %q, wrong lines %q; want %q, %q", name, got, wrong, c.want, c.wrong)
		}
	}
}

func TestTagsSurviveExport(t *testing.T) {
	list := openTenants(t, filepath.Join(t.TempDir(), "tenants.json"))
	if _, err := list.Add(t.Context(), endpoint.Tenant{Name: "A", Domain: "a.example", Tags: []string{"x;y", "z|w", " v, u"}}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := list.Export(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b.Bytes(), []byte("\xef\xbb\xbf")) {
		t.Error("Excel takes the file for another encoding")
	}
	again := openTenants(t, filepath.Join(t.TempDir(), "tenants.json"))
	if _, err := again.Import(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(again.All()), fmt.Sprint(list.All()); got != want {
		t.Errorf("%s becomes %s", want, got)
	}
}

func TestADomainIsTheSameHoweverWritten(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"contoso.example", " Contoso.Example. ", true},
		{"https://contoso.example/x", "anna@contoso.example", true},
		{"b\u00fccher.example", "XN--BCHER-KVA.example", true},
		{"bu\u0308cher.example", "xn--bcher-kva.example", true},
		{"\uff43ontoso.example", "contoso.example", true},
		{"Head office", "head OFFICE", true}, // names, where a list has no domains
		{"contoso.example", "contoso.test", false},
		{"contoso.example", "Contoso", false},
		{"bucher.example", "b\u00fccher.example", false},
	} {
		if got := endpoint.SameDomain(c.a, c.b); got != c.same || got != endpoint.SameDomain(c.b, c.a) {
			t.Errorf("SameDomain(%q, %q) = %v", c.a, c.b, got)
		}
	}
}
