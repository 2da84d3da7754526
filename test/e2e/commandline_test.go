package e2e

import (
	"bufio"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestRunWritesRowsToStandardOutput(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	got := run(t, home(t), s.password+"\n", slices.Concat([]string{"run"}, s.connectFlags(), []string{"--csv", "-", "Get-TransportRule"})...)
	if got.code != 0 {
		t.Fatalf("exit %d, standard error:\n%s", got.code, got.stderr)
	}
	rows, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 5 || !slices.Contains(rows[0], "Name") {
		t.Errorf("%d lines with header %v", len(rows), rows[0])
	}
	if now := s.stats(t); now.OpenShells != 0 || now.ShellsCreated != 1 || now.ShellsDeleted != 1 {
		t.Errorf("the server counts %+v", now)
	}
}

// TestBadInput is what a person gets wrong: a sentence that says what to do,
// the exit code of the table, and no session left.
func TestBadInput(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	env := home(t)
	folder := t.TempDir()
	for _, c := range []struct {
		name  string
		stdin string
		args  []string
		code  int
		says  string // part of the sentence, letter case aside
	}{
		{"wrong password", "wrong\n", []string{"--url", s.url, "--user", s.account, "--ca", s.ca, "--password-stdin", "Get-Mailbox"}, 3, "password"},
		{"unknown tenant", s.password, append(s.connectFlags(), "--tenant", "nobody.example", "Get-Mailbox"), 3, "nobody.example"},
		{"no tenant at all", s.password, append(s.connectFlags(), "--tenant", "not a domain", "Get-Mailbox"), 2, "domain"},
		{"unknown cmdlet", s.password, append(s.connectFlags(), "Get-Nonsense"), 1, "Get-Nonsense"},
		{"unknown parameter", s.password, append(s.connectFlags(), "Get-Mailbox", "-Nonsense", "1"), 1, "Nonsense"},
		{"unknown host", "x\n", []string{"--url", "https://nowhere.invalid/powershell-liveid/", "--user", s.account, "--password-stdin", "Get-Mailbox"}, 3, "nowhere.invalid"},
		{"http instead of https", s.password, []string{"--url", strings.Replace(s.url, "https:", "http:", 1), "--user", s.account, "--password-stdin", "Get-Mailbox"}, 3, "https"},
		{"certificate not trusted", s.password, []string{"--url", s.url, "--user", s.account, "--password-stdin", "Get-Mailbox"}, 3, "certificate"},
		{"file that cannot be written", s.password, append(s.connectFlags(), "--csv", filepath.Join(folder, "no", "such", "x.csv"), "Get-Mailbox"), 2, "x.csv"},
		{"folder instead of a file", s.password, append(s.connectFlags(), "--csv", folder, "Get-Mailbox"), 2, "folder"},
		{"no user", "", []string{"--url", s.url, "Get-Mailbox"}, 2, "--user"},
		{"no cmdlet", s.password, s.connectFlags(), 2, "cmdlet"},
		{"unknown flag", "", []string{"--nonsense"}, 2, "nonsense"},
		{"flag in place of a value", s.password, append(s.connectFlags(), "Get-Mailbox", "-Identity", "--csv", "-"), 2, "--csv"},
		{"unknown endpoint", "x", []string{"--endpoint", "nonsense", "--user", "a@b.example", "--password-stdin", "Get-Mailbox"}, 2, "nonsense"},
		{"no password remembered", "", []string{"--url", s.url, "--user", s.account, "--ca", s.ca, "Get-Mailbox"}, 3, "password"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := run(t, env, c.stdin, append([]string{"run"}, c.args...)...)
			if got.code != c.code {
				t.Errorf("exit %d, want %d", got.code, c.code)
			}
			if !strings.Contains(strings.ToLower(got.stderr), strings.ToLower(c.says)) {
				t.Errorf("standard error does not speak of %q:\n%s", c.says, got.stderr)
			}
			for _, never := range []string{"goroutine ", "panic", "<s:", "0x", s.password} {
				if strings.Contains(got.stderr, never) {
					t.Errorf("standard error has %q in it:\n%s", never, got.stderr)
				}
			}
			if got.stdout != "" {
				t.Errorf("standard output has %q", got.stdout)
			}
		})
	}
	if now := s.stats(t); now.OpenShells != 0 {
		t.Errorf("%d sessions are left on the server", now.OpenShells)
	}
}

// TestKilledInMidRun: what a killed program leaves is deleted by the next.
func TestKilledInMidRun(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--rows", "200000")
	env := home(t)
	cmd := exec.Command(program, slices.Concat([]string{"run"}, s.connectFlags(), []string{"--csv", "-", "--columns", "DisplayName", "Get-Mailbox", "-ResultSize", "Unlimited"})...) // with the columns named, rows come at once
	cmd.Env = env
	cmd.Stdin = strings.NewReader(s.password + "\n")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil { // rows come: it is in mid-run
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if open := s.stats(t).OpenShells; open != 1 {
		t.Fatalf("%d sessions after the kill, want 1", open)
	}
	listed := run(t, env, "", "sessions")
	if listed.code != 0 || !strings.Contains(listed.stdout, "left open") {
		t.Errorf("sessions: exit %d, %q", listed.code, listed.stdout)
	}
	got := run(t, env, s.password+"\n", "sessions", "--close", "--user", s.account, "--password-stdin", "--ca", s.ca)
	if got.code != 0 {
		t.Errorf("sessions --close: exit %d\n%s", got.code, got.stderr)
	}
	if open := s.stats(t).OpenShells; open != 0 {
		t.Errorf("%d sessions are left on the server", open)
	}
	if after := run(t, env, "", "sessions"); after.stdout != "" {
		t.Errorf("the ledger still lists %q", after.stdout)
	}
}

// TestSignalsCloseTheSessions: each signal that can be caught is a way out.
func TestSignalsCloseTheSessions(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--rows", "500000")
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "rows.csv")
			cmd := exec.Command(program, slices.Concat([]string{"run"}, s.connectFlags(), []string{"--csv", file, "Get-Mailbox", "-ResultSize", "Unlimited"})...)
			cmd.Env = home(t)
			cmd.Stdin = strings.NewReader(s.password + "\n")
			var stderr strings.Builder
			cmd.Stderr = &stderr
			before := s.stats(t).Commands
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			wait(t, "the run", long, func() bool { return s.stats(t).Commands > before })
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the exit code tells
			if code := cmd.ProcessState.ExitCode(); code != 5 {
				t.Errorf("exit %d, want 5\n%s", code, stderr.String())
			}
			if open := s.stats(t).OpenShells; open != 0 {
				t.Errorf("%d sessions are left on the server", open)
			}
			if _, err := os.Stat(file); err == nil {
				t.Errorf("a broken off run left %s as if it were whole", file)
			}
		})
	}
}

// TestAReaderThatHasEnough: `postroom run ... | head` must not be killed by the
// closed pipe with its session open: neither while rows come, which they do at
// once where the columns are named, nor when all have come.
func TestAReaderThatHasEnough(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, rows string
		columns    []string
	}{
		{"while rows come", "200000", []string{"--columns", "DisplayName"}},
		{"when all have come", "1000", nil}, // more than fits into a pipe
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startServer(t, "--rows", c.rows)
			cmd := exec.Command(program, slices.Concat([]string{"run"}, s.connectFlags(), c.columns, []string{"--csv", "-", "Get-Mailbox", "-ResultSize", "Unlimited"})...)
			cmd.Env = home(t)
			cmd.Stdin = strings.NewReader(s.password + "\n")
			var stderr strings.Builder
			cmd.Stderr = &stderr
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the exit code tells
			if code := cmd.ProcessState.ExitCode(); code != 0 || stderr.Len() > 0 {
				t.Errorf("exit %d\n%s", code, stderr.String())
			}
			if now := s.stats(t); now.OpenShells != 0 || now.ShellsCreated != 1 || now.ShellsDeleted != 1 {
				t.Errorf("the server counts %+v", now)
			}
		})
	}
}
