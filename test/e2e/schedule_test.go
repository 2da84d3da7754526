package e2e

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/folders"
	"postroom/session/credential"
	"postroom/session/simulator"
)

// scheduled is a schedule as `postroom schedule --json` lists it.
type scheduled struct {
	ID    string
	Code  *int
	Text  string
	Files []string
}

// withSystemctl gives an environment whose systemctl does nothing but write down what it is
// told, the folder that it is in, and the file that it writes.
func withSystemctl(t *testing.T, env []string) (with []string, folder, record string) {
	t.Helper()
	folder = t.TempDir()
	record = filepath.Join(folder, "said")
	script := "#!/bin/sh\necho \"$@\" >> " + record + "\n"
	if err := os.WriteFile(filepath.Join(folder, "systemctl"), []byte(script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	return append(env, "PATH="+folder+":"+os.Getenv("PATH")), folder, record
}

// TestWhatTheSchedulerFires: the command in the unit that systemd is given is run as
// it stands. It takes the password from the keyring, writes its files; without the password it fails, and that is listed until it was seen.
func TestWhatTheSchedulerFires(t *testing.T) {
	s := serve(t, simulator.Options{Rows: 12})
	env := withKeyring(t, home(t))
	env, _, record := withSystemctl(t, env)
	dir := filepath.Join(t.TempDir(), "a folder")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	postroom := func(words ...string) (code int, out string) {
		cmd := exec.CommandContext(t.Context(), program, words...)
		cmd.Env = env
		said, err := cmd.CombinedOutput()
		var ended *exec.ExitError
		if err != nil && !errors.As(err, &ended) {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(said)
	}
	list := func() scheduled {
		_, out := postroom("schedule", "--json")
		var all []scheduled
		if err := json.Unmarshal([]byte(out), &all); err != nil || len(all) != 1 {
			t.Fatalf("%v: %s", err, out)
		}
		return all[0]
	}
	code, out := postroom("schedule", "--add", "Monday 07:00", "--title", "My mailboxes", "--keep", "2", "--dir", dir,
		"report", "mailbox-list", "--url", s.url, "--ca", s.ca, "--user", s.account, "--tenant", "nordsee-logistik.example")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, out)
	}
	id := list().ID
	unit := filepath.Join(variable(t, env, "XDG_CONFIG_HOME"), "systemd", "user", id)
	service, err := os.ReadFile(unit + ".service")
	if err != nil {
		t.Fatal(err)
	}
	if told, err := os.ReadFile(record); err != nil || !strings.Contains(string(told), "--user enable --now "+id+".timer") {
		t.Errorf("systemd was told %s, %v", told, err)
	}
	fire := func() int {
		cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", strings.NewReplacer("%%", "%", "$$", "$").Replace(line(string(service), "ExecStart=")))
		cmd.Env = env
		_ = cmd.Run() // its exit code says how it went
		return cmd.ProcessState.ExitCode()
	}
	if code := fire(); code != 3 {
		t.Errorf("without a password: exit %d, want 3", code)
	}
	if last := list(); last.Code == nil || *last.Code != 3 || last.Text == "" || strings.Contains(last.Text, s.password) {
		t.Errorf("the failure is listed as %+v", last)
	}
	if _, out := postroom("schedule"); !strings.Contains(out, id+" failed") {
		t.Errorf("the failure is not told: %s", out)
	}
	if code, _ := postroom("schedule", "--seen"); code != 0 {
		t.Errorf("exit %d", code)
	}
	if _, out := postroom("schedule"); strings.Contains(out, id+" failed") {
		t.Errorf("the failure is told again: %s", out)
	}
	remember(t, env, s)
	if code := fire(); code != 0 {
		t.Fatalf("exit %d, %+v", code, list())
	}
	last := list()
	if len(last.Files) != 1 {
		t.Fatalf("%+v", last)
	}
	rows, err := os.ReadFile(last.Files[0])
	if err != nil || strings.Count(string(rows), "\n") < 10 || !strings.Contains(filepath.Base(last.Files[0]), "My mailboxes_") {
		t.Errorf("%s has %d lines, %v", last.Files[0], strings.Count(string(rows), "\n"), err)
	}
	if code, out := postroom("schedule", "--remove", id); code != 0 {
		t.Errorf("exit %d: %s", code, out)
	}
	for _, name := range []string{unit + ".service", unit + ".timer"} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s is left", name)
		}
	}
	if _, out := postroom("schedule", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("%s", out)
	}
	if now := s.stats(t); now.OpenShells != 0 {
		t.Errorf("%d sessions are left", now.OpenShells)
	}
}

// line gives what follows the beginning of a line.
func line(text, begin string) string {
	for each := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(each, begin); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// remember puts the server's password into the keyring of a home, as the window does.
func remember(t *testing.T, env []string, s *server) {
	t.Helper()
	for _, name := range []string{"DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_DATA_HOME"} {
		t.Setenv(name, variable(t, env[len(env)-4:], name))
	}
	vault, err := credential.OpenVault(filepath.Join(variable(t, env, "XDG_CONFIG_HOME"), "postroom"), credential.NewKeyring(folders.ID))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := vault.Remember(t.Context(), s.account, s.url, credential.NewSecret(s.password), credential.KeepAlways)
	if err != nil || kept.Err != nil {
		t.Fatal(err, kept.Err)
	}
}
