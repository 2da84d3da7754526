package catalogue_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"postroom/session/catalogue"
	"postroom/session/cmdlet"
	"postroom/session/holder"
	"postroom/session/reference"
	"postroom/session/search"
)

func owner(tb testing.TB, tenant string) catalogue.Owner {
	tb.Helper()
	h, err := holder.Of("ada@contoso.example", "https://mail.contoso.example/PowerShell/")
	if err != nil {
		tb.Fatal(err)
	}
	return catalogue.Owner{Holder: h, Tenant: tenant}
}

// odd has everything that a server could say, and the letters that the format uses.
func odd() catalogue.Catalogue {
	return catalogue.Catalogue{Key: "-1846152\t", Cmdlets: []cmdlet.Cmdlet{
		{Name: "Get-Nothing"},
		{Name: "Get-Odd", Synopsis: "Tabs\tand\nlines \\ \x1f\x1e ä", DefaultSet: "A", Parameters: []cmdlet.Parameter{
			{Name: "Plain", Type: "System.String", Position: -1},
			{
				Name: "All", Type: "Unlimited`1[[System.UInt32, mscorlib]]", Kind: cmdlet.UnlimitedNumber, Position: 2, Mandatory: true,
				Aliases: []string{"a\tb", "c"}, Sets: []string{"A", "B\x1e"}, Choices: []string{"\\u", "\x1f"}, Help: "One\nline.",
			},
			{Name: "Password", Type: "System.Security.SecureString", Kind: cmdlet.SecretKind, Secret: true, Position: -1},
		}},
	}}
}

func TestACatalogueComesBackAsItWas(t *testing.T) {
	s := catalogue.At(filepath.Join(t.TempDir(), "state", catalogue.Folder))
	if _, err := s.Load(owner(t, "")); !errors.Is(err, catalogue.ErrNone) {
		t.Errorf("before: %v", err)
	}
	other := catalogue.Catalogue{Key: "2"}
	for tenant, c := range map[string]catalogue.Catalogue{"": odd(), "alpenhof.example": other} {
		if err := s.Save(owner(t, tenant), c); err != nil {
			t.Fatal(err)
		}
	}
	for tenant, want := range map[string]catalogue.Catalogue{"": odd(), "Alpenhof.example": other} {
		got, err := s.Load(owner(t, tenant))
		if err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%q: %+v, %v", tenant, got, err)
		}
	}
	if err := s.Save(owner(t, ""), other); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load(owner(t, "")); err != nil || !reflect.DeepEqual(got, other) {
		t.Errorf("replaced: %+v, %v", got, err)
	}
}

// TestAnythingElseIsNone cuts a catalogue at every place, and changes each byte of it.
func TestAnythingElseIsNone(t *testing.T) {
	dir := t.TempDir()
	s := catalogue.At(dir)
	if err := s.Save(owner(t, ""), odd()); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	if info, statErr := os.Stat(names[0]); statErr != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("rights %v, %v", info.Mode(), statErr)
	}
	if strings.Contains(filepath.Base(names[0]), "ada") {
		t.Errorf("%s tells whose it is", names[0])
	}
	whole, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if err := os.WriteFile(names[0], whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Load(owner(t, "")); !errors.Is(err, catalogue.ErrNone) {
			t.Fatalf("cut at %d: %v", n, err)
		}
		changed := append([]byte(nil), whole...)
		changed[n] ^= 0x15
		if err := os.WriteFile(names[0], changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Load(owner(t, "")); err != nil && !errors.Is(err, catalogue.ErrNone) {
			t.Fatalf("changed at %d: %v", n, err)
		}
	}
}

// TestTheServersKeyDecides when the server is asked.
func TestTheServersKeyDecides(t *testing.T) {
	s := catalogue.At(t.TempDir())
	asked := 0
	ask := func(context.Context) ([]cmdlet.Cmdlet, error) {
		asked++
		return odd().Cmdlets, nil
	}
	for i, step := range []struct {
		key   string
		asked int
	}{{"1", 1}, {"1", 1}, {"2", 2}, {"2", 2}, {"", 3}, {"", 4}} {
		c, err := s.Of(t.Context(), owner(t, ""), step.key, ask)
		if err != nil || len(c.Cmdlets) != 2 || asked != step.asked {
			t.Errorf("%d: %d cmdlets, asked %d times: %v", i, len(c.Cmdlets), asked, err)
		}
	}
	refused := errors.New("refused")
	_, err := s.Of(t.Context(), owner(t, ""), "3", func(context.Context) ([]cmdlet.Cmdlet, error) { return nil, refused })
	if !errors.Is(err, refused) {
		t.Errorf("a server that refuses: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.At(file).Of(t.Context(), owner(t, ""), "1", ask)
	if _, told := errors.AsType[*catalogue.NotKeptError](err); !told || len(c.Cmdlets) != 2 {
		t.Errorf("a folder that is a file: %d cmdlets, %v", len(c.Cmdlets), err)
	}
}

func TestOldCataloguesGo(t *testing.T) {
	dir := t.TempDir()
	s := catalogue.At(dir)
	for i := range 404 {
		name := filepath.Join(dir, fmt.Sprint(i))
		old := time.Unix(int64(1_700_000_000+i), 0)
		if err := errors.Join(os.WriteFile(name, nil, 0o600), os.Chtimes(name, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Save(owner(t, "t.example"), catalogue.Catalogue{Key: "k"}); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 400 {
		t.Errorf("%d files, %v", len(names), err)
	}
	if _, err := s.Load(owner(t, "t.example")); err != nil {
		t.Errorf("the newest went: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "4")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the oldest stayed: %v", err)
	}
}

// account is a catalogue as a server gives one: so many cmdlets, names and types alone.
func account(cmdlets int) catalogue.Catalogue {
	r := reference.New()
	c := catalogue.Catalogue{Key: "1"}
	for _, name := range r.Names(0)[:cmdlets] {
		known, _ := r.Cmdlet(name)
		server := cmdlet.Cmdlet{Name: name}
		for _, p := range known.Parameters {
			server.Parameters = append(server.Parameters, cmdlet.Parameter{
				Name: p.Name, Type: "Microsoft.Exchange.Configuration.Tasks." + p.Type, Position: -1,
			})
		}
		c.Cmdlets = append(c.Cmdlets, server)
	}
	return c
}

// BenchmarkSearchableFromDisk is what an account's list takes: load 880 cmdlets and make
// them searchable. The share is of what it takes to read the words of these cmdlets anew,
// in the same run: a busy computer does both slower.
func BenchmarkSearchableFromDisk(b *testing.B) {
	s := catalogue.At(b.TempDir())
	if err := s.Save(owner(b, ""), account(880)); err != nil {
		b.Fatal(err)
	}
	r := reference.New()
	reference.Prepare() // as the program does while nobody waits
	list := func() (names []string) {
		c, err := s.Load(owner(b, ""))
		if err != nil {
			b.Fatal(err)
		}
		for _, each := range c.Cmdlets {
			names = append(names, each.Name)
		}
		return names
	}
	anew, quickest := time.Hour, time.Hour
	took := func(do func()) time.Duration {
		began := time.Now()
		do()
		return time.Since(began)
	}
	b.ReportAllocs()
	for b.Loop() {
		quickest = min(quickest, took(func() { r.Index(list()) }))
		b.StopTimer()
		anew = min(anew, took(func() { search.New(r.Entries(list())) }))
		b.StartTimer()
	}
	b.ReportMetric(float64(quickest)/float64(anew), "share")
	b.ReportMetric(float64(quickest.Microseconds())/1000, "best-ms")
}

func BenchmarkLoad(b *testing.B) {
	s := catalogue.At(b.TempDir())
	if err := s.Save(owner(b, ""), account(880)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Load(owner(b, "")); err != nil {
			b.Fatal(err)
		}
	}
}
