package endpoints

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"postroom/app/desktest"
	"postroom/assets"
	"postroom/session/endpoint"
	"postroom/widgets"
)

func TestMain(m *testing.M) {
	if err := desktest.English(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func newTestPage(t *testing.T) (*page, *desktest.Queue) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "endpoints.json")
	d, q := desktest.New(t)
	d.Window.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { d.Sheets.Typed(k) })
	catalogue, err := endpoint.ParseCatalogue(assets.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	directory, err := endpoint.OpenDirectory(path, catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return newPage(d, directory), q
}

// changed tells that the directory is written, and that the page shows it.
func (p *page) changed(holds bool) bool { return holds && !p.changing }

func (p *page) own() []endpoint.Endpoint {
	var own []endpoint.Endpoint
	for _, e := range p.directory.All() {
		if e.Own {
			own = append(own, e)
		}
	}
	return own
}

// TestOnesOwnEndpointsAreKeptInOrder: added, changed, copied, removed and put
// back, by what stands on the screen.
func TestOnesOwnEndpointsAreKeptInOrder(t *testing.T) {
	p, q := newTestPage(t)
	p.show("")
	p.form.name.SetText("Contoso")
	p.form.address.SetText("https://mail.contoso.example/PowerShell/")
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the endpoint", func() bool { return p.changed(p.chosen.ID != "") })
	desktest.Shot(t, p.desk, "endpoints")

	p.form.limit.SetText("18")
	p.form.auth[endpoint.AuthBasic].SetChecked(true)
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the change", func() bool { return p.changed(p.own()[0].SessionLimit == 18) })
	if got := p.own()[0].Auth; len(got) != 3 || got[0] != endpoint.AuthNTLM {
		t.Errorf("the ways to sign in are %v; those that were there keep their order", got)
	}

	desktest.Press(t, p.desk, "Make a copy")
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the copy", func() bool { return p.changed(len(p.own()) == 2) })
	desktest.Press(t, p.desk, "Remove")
	q.Until(t, "one less", func() bool {
		return p.changed(strings.Contains(p.report.Value(), "removed. Press Save") && len(p.own()) == 1)
	})
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the copy again", func() bool { return p.changed(len(p.own()) == 2) })

	p.form.limit.SetText("many")
	desktest.Press(t, p.desk, "Save")
	if p.report.Value() == "" {
		t.Error("a limit that is no number is not told")
	}
}

// TestWhatIsDoneMeanwhileStays: a file may be held by another process for a while. Until it is
// written nothing else is asked for, by two presses neither, and what was typed or opened
// meanwhile is not overwritten.
func TestWhatIsDoneMeanwhileStays(t *testing.T) {
	p, q := newTestPage(t)
	var held []func()
	spawn := p.desk.Spawn
	written := func() {
		t.Helper()
		if len(held) != 1 {
			t.Fatalf("%d workers write one change", len(held))
		}
		spawn(held[0])
		held = nil
		q.Until(t, "the change", func() bool { return p.changed(true) })
	}
	p.desk.Spawn = func(f func()) { held = append(held, f) }
	p.show("")
	p.form.name.SetText("Contoso")
	p.form.address.SetText("https://mail.contoso.example/PowerShell/")
	desktest.Press(t, p.desk, "Save")
	p.submit() // by Enter in a field
	p.form.limit.SetText("18")
	written()
	if all := p.own(); len(all) != 1 || all[0].SessionLimit != 3 || p.form.limit.Text != "18" || p.chosen.ID != all[0].ID {
		t.Fatalf("kept are %+v; the form has %q of %q", all, p.form.limit.Text, p.chosen.ID)
	}
	desktest.Press(t, p.desk, "Save")
	p.open("exchange-server-https")
	written()
	if all := p.own(); len(all) != 1 || all[0].SessionLimit != 18 || p.chosen.ID != "exchange-server-https" {
		t.Errorf("kept are %+v; in the form is %q", all, p.chosen.ID)
	}
	p.open(p.own()[0].ID)
	desktest.Press(t, p.desk, "Remove")
	p.open("microsoft-365")
	written()
	if len(p.own()) != 0 || p.chosen.ID != "microsoft-365" {
		t.Errorf("kept are %+v; in the form is %q", p.own(), p.chosen.ID)
	}
}

// TestWhatComesWithTheProgramIsCopiedNotChanged: the explanation of the error
// that forbids a change says to make a copy, so that must be possible.
func TestWhatComesWithTheProgramIsCopiedNotChanged(t *testing.T) {
	p, q := newTestPage(t)
	p.show("exchange-server-https")
	if desktest.Buttons(p.desk)["Save"] != nil || desktest.Buttons(p.desk)["Remove"] != nil || !p.form.address.Disabled() {
		t.Error("an endpoint of the catalogue can be changed")
	}
	desktest.Press(t, p.desk, "Make a copy")
	p.form.address.SetText("https://mail.contoso.example/PowerShell/")
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the copy", func() bool { return p.changed(len(p.own()) == 1) })
	if e := p.own()[0]; !strings.HasPrefix(e.Name, "Copy of ") || e.Kind != endpoint.KindOwn {
		t.Errorf("the copy is %+v", e)
	}
}

// TestAPastedLineBecomesAnEndpoint, read as everywhere.
func TestAPastedLineBecomesAnEndpoint(t *testing.T) {
	p, q := newTestPage(t)
	p.show("")
	p.desk.Copy("New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://ex01.contoso.example/PowerShell/ -Authentication Kerberos")
	desktest.Press(t, p.desk, "Paste an address")
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the endpoint", func() bool { return p.changed(len(p.own()) == 1) })
	if e := p.own()[0]; e.URL != "http://ex01.contoso.example/PowerShell/" || e.Auth[0] != endpoint.AuthKerberos {
		t.Errorf("it became %+v", e)
	}
	desktest.Type(p.desk, fyne.KeyEscape)
	if p.desk.Sheets.Count() != 0 {
		t.Error("Escape does not leave the page")
	}
}

// file is a file that a person chose.
// TestACAFileIsShownAndKeptWithItsEndpoint: whose it is, until when and by which
// fingerprint, before it is saved.
func TestACAFileIsShownAndKeptWithItsEndpoint(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Contoso Root"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC), NotAfter: time.Date(2036, 1, 2, 12, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	p, q := newTestPage(t)
	p.show("")
	p.form.name.SetText("Contoso")
	p.form.address.SetText("https://mail.contoso.example/PowerShell/")
	dir := t.TempDir()
	wrong, right := filepath.Join(dir, "wrong.pem"), filepath.Join(dir, "ca.der")
	if err := errors.Join(os.WriteFile(wrong, []byte("no certificate"), 0o600), os.WriteFile(right, der, 0o600)); err != nil {
		t.Fatal(err)
	}
	desktest.Press(t, p.desk, "Add a CA file ...")
	path := desktest.Entries(p.desk)[0]
	path.SetText(wrong)
	path.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	q.Until(t, "the refusal", func() bool { return strings.Contains(desktest.Text(p.desk), "no certificate") })
	desktest.Shot(t, p.desk, "a CA file that is none")
	path.SetText(right)
	path.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	q.Until(t, "the certificate", func() bool { return p.form.trust.Authority() != "" })
	said := desktest.Text(p.desk)
	for _, want := range []string{"CN=Contoso Root", "2026-01-02", "2036-01-02", "SHA-256 "} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	desktest.Shot(t, p.desk, "endpoint with a CA")
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the endpoint", func() bool { return p.changed(len(p.own()) == 1) })
	if kept := p.own()[0].Authority.Certificates(); len(kept) != 1 || kept[0].Subject.CommonName != "Contoso Root" {
		t.Errorf("kept with the endpoint are %v", kept)
	}
	desktest.Press(t, p.desk, "Stop trusting it")
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the change", func() bool { return p.changed(p.own()[0].Authority == "") })
}

// TestAnEndpointOfMicrosoft365IsEdited: base path, version, application, authority, hosts
// and scope are configuration. What is left empty follows from the address, and stands in
// the field as a hint.
func TestAnEndpointOfMicrosoft365IsEdited(t *testing.T) {
	p, q := newTestPage(t)
	p.show("microsoft-365")
	desktest.Shot(t, p.desk, "an endpoint of Microsoft 365")
	desktest.Press(t, p.desk, "Make a copy")
	field := func(label string) *textField {
		t.Helper()
		for _, f := range p.form.texts {
			if f.label == label && f.row.Visible() {
				return f
			}
		}
		t.Fatalf("there is no field %q", label)
		return nil
	}
	for label, want := range map[string]string{
		"Scope": "https://outlook.office365.com/.default", "Base path": endpoint.DefaultBasePath, "Authority": "https://login.microsoftonline.com",
		"Application": endpoint.ModuleClientID, "Module version": endpoint.DefaultModuleVersion, "Microsoft Graph": "https://graph.microsoft.com/v1.0",
	} {
		if f := field(label); f.entry.Text != "" || f.entry.PlaceHolder != want {
			t.Errorf("%s is %q, empty %q", label, f.entry.Text, f.entry.PlaceHolder)
		}
	}
	typed := map[string]string{
		"Scope": "https://outlook.contoso.example/.default", "Base path": "/adminapi/v2.0", "Authority": "https://login.contoso.example",
		"Application": "5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20", "Module version": "3.10.1", "Microsoft Graph": "https://graph.contoso.example/v1.0",
		"Redirect hosts": "*.contoso.example, other.contoso.example", "Requests at once": "6", "Certificate": "/keys/app.pfx",
	}
	for label, text := range typed {
		field(label).entry.SetText(text)
	}
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the copy", func() bool { return p.changed(len(p.own()) == 1) })
	want := endpoint.Modern{
		Authority: typed["Authority"], ClientID: typed["Application"], Scope: typed["Scope"], BasePath: typed["Base path"], ModuleVersion: typed["Module version"],
		Graph: typed["Microsoft Graph"], Certificate: typed["Certificate"],
	}
	e := p.own()[0]
	if e.Door != endpoint.REST || e.Modern != want || e.SessionLimit != 6 || strings.Join(e.RedirectHosts, " ") != "*.contoso.example other.contoso.example" || strings.Join(e.Auth, " ") != "modern device app" {
		t.Errorf("kept is %+v", e)
	}
	// Each that cannot be used is named, has the keyboard, and nothing is kept.
	for label, wrong := range map[string]string{
		"Scope": "outlook", "Base path": "adminapi", "Authority": "https://login.contoso.example/contoso.com", "Application": "mine", "Module version": "three",
		"Microsoft Graph": "graph", "Requests at once": "many", "Redirect hosts": "https://x",
	} {
		f := field(label)
		before := f.entry.Text
		f.entry.SetText(wrong)
		desktest.Press(t, p.desk, "Save")
		if !strings.HasPrefix(p.report.Value(), label+": ") || p.desk.Window.Canvas().Focused() != fyne.Focusable(f.entry) {
			t.Errorf("%s %q: %s", label, wrong, p.report.Value())
		}
		f.entry.SetText(before)
	}
	if p.own()[0].Modern != want {
		t.Errorf("kept is %+v", p.own()[0].Modern)
	}
	// The other door has other fields, and its own ways to sign in.
	p.form.way.OnChosen(widgets.Item{ID: string(endpoint.Remoting)})
	for _, f := range p.form.texts {
		if f.row.Visible() != (f.door != endpoint.REST) {
			t.Errorf("%s is shown: %v", f.label, f.row.Visible())
		}
	}
	field("Configuration").entry.SetText("Microsoft.Exchange")
	field("Sessions for an account").entry.SetText("3")
	desktest.Press(t, p.desk, "Save")
	q.Until(t, "the change", func() bool { return p.changed(p.own()[0].Door != endpoint.REST) })
	if e := p.own()[0]; e.Modern != (endpoint.Modern{}) || strings.Join(e.Auth, " ") != "ntlm kerberos" {
		t.Errorf("kept is %+v", e)
	}
}
