package cli_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// start starts a simulator that ends with the test, and gives the test a home
// of its own without a keyring.
func start(t *testing.T, o simulator.Options) *simulator.Server {
	t.Helper()
	home(t)
	s, err := simulator.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// home gives the test folders of its own for settings and state.
func home(t *testing.T) (config, state string) { return homeOf(t) }

// homeOf is home, for benchmarks too.
func homeOf(t testing.TB) (config, state string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(dir, "no-bus"))
	return filepath.Join(dir, "config", "postroom"), filepath.Join(dir, "state", "postroom")
}

// outcome is how a command came out.
type outcome struct {
	code           int
	stdout, stderr string
}

// do runs a command with nobody at the terminal.
func do(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	return doIn(t.Context(), cli.Streams{In: strings.NewReader(stdin)}, args...)
}

// typing runs a command with a person at a terminal who types secrets, and gives how many
// were typed: each with nothing asked before the terminal hid it, and then it shows again.
func typing(t *testing.T, secrets string, args ...string) (o outcome, typed int) {
	t.Helper()
	var said bytes.Buffer
	hidden := false
	o = doIn(t.Context(), cli.Streams{In: strings.NewReader(secrets), Err: &said, Terminal: true, Hide: func() (func() error, error) {
		if question := said.String(); hidden || strings.HasSuffix(question, ": ") {
			t.Errorf("asked for before it is hidden: %q", question)
		}
		hidden = true
		typed++
		return func() error { hidden = false; return nil }, nil
	}}, args...)
	if hidden {
		t.Error("the terminal does not show any more what is typed")
	}
	o.stderr = said.String()
	return o, typed
}

func doIn(ctx context.Context, s cli.Streams, args ...string) outcome {
	var out, err bytes.Buffer
	if s.Out == nil {
		s.Out = &out
	}
	if s.Err == nil {
		s.Err = &err
	}
	code := cli.Run(ctx, args, s)
	return outcome{code: code, stdout: out.String(), stderr: err.String()}
}

// at are the words of a run against the server, up to the cmdlet.
func at(s *simulator.Server, more ...string) []string {
	return slices.Concat([]string{
		"run", "--url", s.URL(), "--ca", s.CAFile(), "--user", s.Account(), "--password-stdin",
	}, more)
}

// nothingLeft fails when the server holds a session.
func nothingLeft(t *testing.T, s *simulator.Server) {
	t.Helper()
	if now := s.Stats(); now.OpenShells != 0 || now.ShellsCreated != now.ShellsDeleted {
		t.Errorf("%d sessions are open, %d created, %d deleted", now.OpenShells, now.ShellsCreated, now.ShellsDeleted)
	}
}

func readCSV(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF"))).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d lines of CSV: %v", len(rows), err)
	}
	return rows
}

func column(rows [][]string, n int) []string {
	var values []string
	for _, row := range rows {
		values = append(values, row[n])
	}
	return values
}

// fits fails unless the outcome has the code and standard error the words,
// letter case aside, and nothing that is not for people's eyes.
func (o outcome) fits(t *testing.T, code int, secret string, words ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit code %d, want %d", o.code, code)
	}
	for _, w := range words {
		if !strings.Contains(strings.ToLower(o.stderr), strings.ToLower(w)) {
			t.Errorf("standard error does not speak of %q", w)
		}
	}
	for _, never := range []string{"goroutine ", "panic", "<s:", "<?xml", "</", "%!", "postroom/session", secret} {
		if never != "" && strings.Contains(o.stderr, never) {
			t.Errorf("standard error has %q in it", never)
		}
	}
	if t.Failed() {
		t.Logf("standard error:\n%s", o.stderr)
	}
}

func TestHelpNamesEveryFlagOfTheContract(t *testing.T) {
	home(t)
	for command, flags := range map[string][]string{
		"run": {
			"url", "endpoint", "tenant", "tenants", "user", "password-stdin", "auth", "configuration", "ca", "allow-redirect",
			"csv", "json", "xlsx", "columns", "max-rows", "session-limit", "yes", "trace",
		},
		"cmdlets":  {"offline", "service", "json", "url", "endpoint", "tenant", "user", "password-stdin", "auth", "ca", "allow-redirect"},
		"sessions": {"close", "user", "server", "allow-redirect", "password-stdin", "ca"},
		"simulate": {"listen", "dir", "rows", "seed", "faults"},
	} {
		for _, args := range [][]string{{command, "--help"}, {"help", command}} {
			got := do(t, "", args...)
			if got.code != cli.ExitDone || got.stderr != "" {
				t.Errorf("%v: exit %d, %q", args, got.code, got.stderr)
			}
			for _, f := range flags {
				if !strings.Contains(got.stdout, "  --"+f+" ") && !strings.Contains(got.stdout, "  --"+f+"\n") {
					t.Errorf("%v does not list --%s", args, f)
				}
			}
		}
	}
	got := do(t, "")
	if got.code != cli.ExitDone || !strings.Contains(got.stdout, "--demo") || !strings.Contains(got.stdout, "simulate") {
		t.Errorf("overview: exit %d, %q", got.code, got.stdout)
	}
}

func TestWrongUsage(t *testing.T) {
	s := start(t, simulator.Options{Rows: 10})
	folder := t.TempDir()
	signIn := []string{"--user", s.Account(), "--password-stdin"}
	for _, c := range []struct {
		name  string
		args  []string
		words []string
	}{
		{"an unknown command", []string{"mailboxes"}, []string{`"mailboxes"`, "run, report, cmdlets, history, sessions, check, tenants, sign-ins, passwords, simulate"}},
		{"an empty command", []string{""}, []string{"no command"}},
		{"unknown flag", []string{"run", "--nonsense"}, []string{"--nonsense", "postroom help run"}},
		{"no place", slices.Concat([]string{"run"}, signIn, []string{"Get-Mailbox"}), []string{"--url or --endpoint"}},
		{"two places", at(s, "--endpoint", "demo", "Get-Mailbox"), []string{"give one"}},
		{"no user", []string{"run", "--url", s.URL(), "Get-Mailbox"}, []string{"--user"}},
		{"no cmdlet", at(s), []string{"cmdlet is missing"}},
		{"a script", at(s, "Get-Mailbox | Remove-Mailbox"), []string{"not the name of a cmdlet"}},
		{"a flag where a parameter has its value", at(s, "Get-Mailbox", "-Identity", "--csv", "-"), []string{"--csv stands where -Identity has its value"}},
		{"two names of reports", append([]string{"report", "mailbox-list", "mailbox-sizes", "--url", s.URL()}, signIn...), []string{"one name", "mailbox-sizes"}},
		{"flags of a report alone", append([]string{"report", "--url", s.URL()}, signIn...), []string{"name of the report is missing"}},
		{"a switch twice", at(s, "Get-Mailbox", "-Verbose", "-Verbose"), []string{"Get-Mailbox"}},
		{"an expression", at(s, "Get-MessageTrace", "-StartDate", "(Get-Mailbox ada).WhenCreated"), []string{"StartDate", "(Get-Mailbox ada).WhenCreated"}},
		{"not a URL", append([]string{"run", "--url", "https://me:hidden%zz@host/"}, append(signIn, "Get-Mailbox")...), []string{"address"}},
		{"a URL with a password", append([]string{"run", "--url", "https://me:hidden@host/"}, append(signIn, "Get-Mailbox")...), []string{"address"}},
		{"http", append([]string{"run", "--url", "http://host/", "--auth", "basic"}, append(signIn, "Get-Mailbox")...), []string{"https"}},
		{"two tenants in the address", append([]string{"run", "--url", "https://h.example/powershell-liveid/?Delegated%4frg=a.example&DelegatedOrg=b.example"}, append(signIn, "Get-Mailbox")...), []string{"--url"}},
		{"unknown endpoint", append([]string{"run", "--endpoint", "nowhere"}, append(signIn, "Get-Mailbox")...), []string{`"nowhere"`, "exchange-server-https"}},
		{"endpoint without its host", append([]string{"run", "--endpoint", "exchange-server-https"}, append(signIn, "Get-Mailbox")...), []string{"address"}},
		{"unknown sign-in", at(s, "--auth", "digest", "Get-Mailbox"), []string{"--auth", "basic, ntlm, kerberos"}},
		{"redirect to a URL", at(s, "--allow-redirect", "https://mail.example/", "Get-Mailbox"), []string{"name of a host"}},
		{"no tenant", at(s, "--tenant", "not a domain", "Get-Mailbox"), []string{"contoso.com"}},
		{"no file of tenants", at(s, "--tenants", filepath.Join(folder, "none"), "Get-Mailbox"), []string{"--tenants", "exist"}},
		{"no password", at(s, "Get-Mailbox"), []string{"first line"}},
		{"no certificate", at(s, "--ca", folder, "Get-Mailbox"), []string{"--ca"}},
		{"no limit", at(s, "--session-limit", "0", "Get-Mailbox"), []string{"--session-limit", "from 1"}},
		{"negative rows", at(s, "--max-rows", "-1", "Get-Mailbox"), []string{"--max-rows", "from 1"}},
		{"two on standard output", at(s, "--csv", "-", "--json", "-", "Get-Mailbox"), []string{"only one of"}},
		{"three on standard output", at(s, "--xlsx", "-", "--json", "-", "Get-Mailbox"), []string{"only one of"}},
		{"one file twice", at(s, "--csv", "x", "--json", "./x", "Get-Mailbox"), []string{"twice"}},
		{"no column", at(s, "--columns", ",", "Get-Mailbox"), []string{"names no column"}},
		{"sessions with a word", []string{"sessions", "all"}, []string{`"all"`}},
		{"simulate with a word", []string{"simulate", "all"}, []string{`"all"`}},
		{"simulate without faults", []string{"simulate", "--faults", filepath.Join(folder, "none")}, []string{"--faults"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdin := ""
			if c.name != "no password" {
				stdin = s.Password() + "\n"
			}
			got := do(t, stdin, c.args...)
			got.fits(t, cli.ExitUsage, "hidden", c.words...)
			if got.stdout != "" {
				t.Errorf("standard output has %q", got.stdout)
			}
		})
	}
	for name, args := range map[string][]string{
		"a file that cannot be written": at(s, "--csv", filepath.Join(folder, "no", "rules.csv"), "Get-Mailbox"),
		"a folder as a file":            at(s, "--json", folder, "Get-Mailbox"),
		"a trace nowhere":               at(s, "--trace", filepath.Join(folder, "no", "trace"), "Get-Mailbox"),
	} {
		got := do(t, s.Password()+"\n", args...)
		got.fits(t, cli.ExitUsage, s.Password(), filepath.Base(folder))
		if strings.Contains(got.stderr, "/.") {
			t.Errorf("%s: standard error names a working file:\n%s", name, got.stderr)
		}
	}
	if created := s.Stats().ShellsCreated; created != 0 {
		t.Errorf("%d sessions were opened for what could not be done", created)
	}
}
