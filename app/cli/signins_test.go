package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the command line says of sign-ins, where nobody is signed in and where a file
// cannot be read: there is no keyring here.
func TestSignIns(t *testing.T) {
	_, state := home(t)
	if r := do(t, "", "sign-ins"); r.code != 0 || r.stdout != "" {
		t.Errorf("%+v", r)
	}
	if r := do(t, "", "sign-ins", "--json"); r.code != 0 || strings.TrimSpace(r.stdout) != "[]" {
		t.Errorf("%+v", r)
	}
	if r := do(t, "", "sign-ins", "--sign-out", "--json"); r.code != 2 {
		t.Errorf("%+v", r)
	}
	if r := do(t, "", "sign-ins", "--sign-out", "--user", "ada@contoso.example"); r.code != 0 || !strings.Contains(r.stderr, "nobody was signed in as ada@contoso.example") {
		t.Errorf("%+v", r)
	}
	file := filepath.Join(state, "sign-ins", "login.microsoftonline.com-fb78d390-0c51-40cd-8e17-fdbfab77341b.sealed")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("\x01something"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := do(t, "", "sign-ins"); r.code != 0 || r.stdout != "" || !strings.Contains(r.stderr, "until the program ends") {
		t.Errorf("a file without a keyring: %+v", r)
	}
	if r := do(t, "", "sign-ins", "--sign-out"); r.code != 0 || !strings.Contains(r.stderr, "nobody was signed in") {
		t.Errorf("sign out: %+v", r)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file is there after the sign-out")
	}
}
