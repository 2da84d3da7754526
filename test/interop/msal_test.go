package interop

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"postroom/session/simulator"
	"postroom/test/fixture"
)

// TestMSALSignsInToTheAuthority: a library of Microsoft's judges our authority,
// in every way to sign in, and our service takes the tokens.
func TestMSALSignsInToTheAuthority(t *testing.T) {
	interpreter := python(t)
	s, err := simulator.Start(simulator.Options{Dir: t.TempDir(), REST: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the simulator: %v", err)
		}
	})
	customer := s.Tenants()[1]
	job, err := json.Marshal(map[string]string{
		"rest": s.RESTURL(), "authority": s.AuthorityURL(), "client": s.ClientID(), "certificate": s.CertificateFile(), "ca": s.CAFile(),
		"account": s.Account(), "password": s.Password(), "home": s.TenantID(), "customer": customer.ID,
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(patient(t), interpreter, filepath.Join(fixture.Root(t), "test", "interop", "peer", "msal_client.py"))
	cmd.Stdin = strings.NewReader(string(job))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("MSAL: %v\n%s", err, said.String())
	}
	var got map[string]struct{ Name, Source, Error, Description string }
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for way, want := range map[string]string{
		"browser": "postroom.onmicrosoft.example", "silent": "postroom.onmicrosoft.example", "customer": "nordsee-logistik.onmicrosoft.example", "device": "postroom.onmicrosoft.example",
		"application": "nordsee-logistik.onmicrosoft.example",
	} {
		if got[way].Name != want {
			t.Errorf("%s: %+v, want %s", way, got[way], want)
		}
	}
	if got["silent"].Source != "cache" || got["customer"].Source == "cache" {
		t.Errorf("silent from %q, the customer's from %q", got["silent"].Source, got["customer"].Source)
	}
}
