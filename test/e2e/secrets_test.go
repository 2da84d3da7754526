package e2e

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"postroom/session/simulator"
)

// secrets are what nobody but the program and its authority may see.
type secrets struct {
	mu    sync.Mutex
	known map[string][]string // by kind: each as it is, and what no escaping changes of it
}

// note takes a secret in. Of one in parts, as tokens are, the last is one by itself: a
// signature, which is in nothing else.
func (s *secrets) note(kind, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string][]string{}
	}
	s.known[kind] = append(s.known[kind], text)
	for _, form := range []string{url.QueryEscape(text), text[strings.LastIndexByte(text, '.')+1:]} {
		if form != text {
			s.known[kind] = append(s.known[kind], form)
		}
	}
	if quoted, err := json.Marshal(text); err == nil {
		s.known[kind] = append(s.known[kind], strings.Trim(string(quoted), `"`))
	}
}

// in are the kinds of secrets that a text has.
func (s *secrets) in(b []byte) (kinds []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for kind, texts := range s.known {
		if slices.ContainsFunc(texts, func(text string) bool { return bytes.Contains(b, []byte(text)) }) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// none checks that a text has no secret.
func (s *secrets) none(t *testing.T, where string, b []byte) {
	t.Helper()
	if kinds := s.in(b); len(kinds) > 0 {
		t.Errorf("%s: there is a secret in it: %v", where, kinds)
	}
}

// noneBelow searches every file below a folder, and gives the names.
func (s *secrets) noneBelow(t *testing.T, root string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		s.none(t, path, b)
		files = append(files, path)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return files
}

// noneInProcesses searches the arguments and the environment of every process that
// may be looked at, and gives how many there were.
func (s *secrets) noneInProcesses(t *testing.T) (n int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, process := range all {
		for _, file := range []string{"cmdline", "environ"} {
			b, err := os.ReadFile(filepath.Join(process, file))
			if err != nil {
				continue // it has ended, or is somebody else's
			}
			n++
			s.none(t, process+"/"+file, b)
		}
	}
	return n
}

// asPFX packs a certificate with its key behind a passphrase.
func asPFX(t *testing.T, in, passphrase string) string {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	out := filepath.Join(t.TempDir(), "application.pfx")
	if said, err := exec.Command("openssl", "pkcs12", "-export", "-in", in, "-out", out, "-passout", "pass:"+passphrase).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return out
}

// noteKey takes the private key of a file of PEM in.
func (s *secrets) noteKey(t *testing.T, file string) {
	t.Helper()
	rest, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return
		}
		if !strings.Contains(block.Type, "PRIVATE KEY") {
			continue
		}
		s.note("private key", string(block.Bytes[len(block.Bytes)/2:len(block.Bytes)/2+48]))
		for line := range strings.Lines(string(pem.EncodeToMemory(block))) {
			if line = strings.TrimSpace(line); len(line) == 64 {
				s.note("private key", line)
			}
		}
	}
}

// The program signs in in every way there is, works, writes traces and results, crashes
// and is killed. Then no token, code, verifier, proof, key or passphrase is in a file, a
// text, an argument or an environment: the sealed sign-ins hold them, and nothing else.
func TestNoTokenIsLeftAnywhere(t *testing.T) {
	t.Parallel()
	const other, passphrase = "ben@postroom.example", "of the certificate ä&\"1"
	var known secrets
	s, err := simulator.Start(simulator.Options{
		Rows: 5, REST: true, Dir: t.TempDir(), Secret: known.note, Password: "Anna's own p&ssword 1",
		Accounts: []simulator.Account{{User: other, Password: "Anna's own p&ssword 1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	known.note("password", s.Password())
	known.note("passphrase", passphrase)
	known.noteKey(t, s.CertificateFile())
	d := startDisplay(t)
	b := newBrowser(t, s, other)
	env := withKeyring(t, withModern(t, s))
	root, out := variable(t, env, "HOME"), t.TempDir()
	env = append(env, b.path(), "TMPDIR="+root, "GOTRACEBACK=all")
	domain := s.Tenants()[1].Domain
	said := func(where, text string) { t.Helper(); known.none(t, where, []byte(text)) }
	flags := func(method string, more ...string) []string {
		return slices.Concat([]string{
			"run", "--url", s.RESTURL(), "--auth", method, "--authority", s.AuthorityURL(), "--client-id", s.ClientID(), "--ca", s.CAFile(),
			"--csv", filepath.Join(out, method+".csv"), "--trace", filepath.Join(out, method+".trace"),
		}, more)
	}

	// An application, whose certificate has a passphrase: right, wrong, and in a tenant that is closed.
	pfx := asPFX(t, s.CertificateFile(), passphrase)
	for _, c := range []struct {
		passphrase, tenant string
		code               int
	}{{passphrase, domain, 0}, {passphrase + "x", domain, 3}, {passphrase, "closed.example", 3}} {
		got := run(t, env, c.passphrase+"\n", flags("app", "--certificate", pfx, "--password-stdin", "--tenant", c.tenant, "Get-Mailbox")...)
		if said("the command line, by certificate", got.stdout+got.stderr); got.code != c.code {
			t.Errorf("by certificate for %s: exit %d: %s", c.tenant, got.code, got.stderr)
		}
	}
	// A code on another device, while the processes are looked at; then silently.
	text, err := atTerminalWithCode(t, env, s, flags("device", "--user", s.Account(), "Get-AcceptedDomain"), func() { known.noneInProcesses(t) })
	if said("the terminal, by code", text); err != nil {
		t.Fatalf("by code: %v\n%s", err, text)
	}
	for _, cmdlet := range []string{"Get-AcceptedDomain", "Get-NoSuchThing"} {
		got := run(t, env, "", flags("device", "--user", s.Account(), "--tenant", domain, cmdlet)...)
		said("silently", got.stdout+got.stderr)
	}
	// The browser, from a terminal.
	text, err = atTerminal(t, env, flags("modern", "--user", other, "Get-AcceptedDomain"), func(string) {})
	if said("the terminal, by browser", text); err != nil || len(b.opened(t)) != 1 {
		t.Fatalf("by browser: %v\n%s", err, text)
	}
	// A run that is asked for its stacks, and one that is killed.
	if err := s.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Cmdlet: "Get-Mailbox", Delay: simulator.Duration(long)}}}); err != nil {
		t.Fatal(err)
	}
	for _, signal := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGKILL} {
		var texts strings.Builder
		before := s.Stats().FaultsPlayed[string(simulator.SlowCmdlet)]
		cmd := exec.CommandContext(t.Context(), program, flags("modern", "--user", other, "--tenant", domain, "Get-Mailbox")...)
		cmd.Env, cmd.Stdout, cmd.Stderr = env, &texts, &texts
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		wait(t, "the slow cmdlet", long, func() bool { return s.Stats().FaultsPlayed[string(simulator.SlowCmdlet)] > before })
		if n := known.noneInProcesses(t); n < 4 {
			t.Errorf("only %d files of processes were looked at", n)
		}
		_ = cmd.Process.Signal(signal) // what it does is looked at below
		_ = cmd.Wait()                 // it ends by the signal
		said(signal.String(), texts.String())
		if signal == syscall.SIGQUIT && !strings.Contains(texts.String(), "goroutine ") {
			t.Errorf("there are no stacks:\n%s", texts.String())
		}
	}
	if err := s.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	// The window, by the same browser; it dies of a panic.
	w := watch(t, d, &server{ca: s.CAFile()}, env)
	w.key(t, "ctrl+n")
	w.says(t, "Compliance of the test")
	w.typed(t, other)
	w.key(t, "Return")
	w.says(t, "for your role")
	w.runs(t, "Get-AcceptedDomain")
	w.says(t, "DomainName")
	known.noneInProcesses(t)
	w.order(t, "panic worker")
	<-w.ended
	if said("the crash of the window", w.stderr.String()); !strings.Contains(w.stderr.String(), "planted in a worker") {
		t.Errorf("the window did not crash:\n%s", w.stderr.String())
	}

	files := slices.Concat(known.noneBelow(t, root), known.noneBelow(t, out), known.noneBelow(t, b.record))
	for _, want := range []string{".sealed", "app.trace", "device.trace", "modern.trace", ".csv", "endpoints.json", "environ.", "parent."} {
		if !slices.ContainsFunc(files, func(f string) bool { return strings.Contains(filepath.Base(f), want) }) {
			t.Errorf("the search has not seen %s among %v", want, files)
		}
	}
	for _, kind := range []string{"token", "rt", "code", "device_code", "code_verifier", "client_assertion", "private key"} {
		if len(known.known[kind]) == 0 {
			t.Errorf("there was no %s to search for", kind)
		} else if planted := "x" + known.known[kind][0] + "y"; !slices.Contains(known.in([]byte(planted)), kind) {
			t.Errorf("the search does not find a %s", kind)
		}
	}
}
