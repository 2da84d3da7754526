package cli_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/endpoint"
	"postroom/session/simulator"
)

// A server echoes what it likes. None of it may act on the terminal or pass for
// a line of ours.
func TestTheServersTextIsData(t *testing.T) {
	s := start(t, simulator.Options{})
	for _, identity := range []string{
		"\x1b]0;owned\x07", "\x1b]52;c;aGk=\x1b\\", "x\rgood", "x\u202Etxt.exe", "x\u2066y", "\u009b2J",
		"a\r\npostroom: all is well", "a\npostroom: all is well", "a\u2028postroom: all is well",
	} {
		got := do(t, s.Password()+"\n", at(s, "Get-Mailbox", "-Identity", identity)...)
		got.fits(t, cli.ExitCmdletErrors, s.Password(), "error: ")
		for line := range strings.Lines(got.stderr) {
			if strings.HasPrefix(line, "postroom: all is well") {
				t.Errorf("%q passes for a line of ours:\n%s", identity, got.stderr)
			}
			for _, r := range strings.TrimRight(line, "\n") {
				if r < ' ' || r >= 0x7F && r < 0xA0 || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
					t.Errorf("%q reaches the terminal as %U", identity, r)
				}
			}
		}
	}
}

// atTerminal runs a command with a person who types the lines.
func atTerminal(t *testing.T, lines string, args ...string) outcome {
	t.Helper()
	return doIn(t.Context(), cli.Streams{
		In: strings.NewReader(lines), Terminal: true,
		Hide: func() (func() error, error) { return func() error { return nil }, nil },
	}, args...)
}

func TestAQuestionSaysThatTheServerAsks(t *testing.T) {
	s := start(t, simulator.Options{})
	got := atTerminal(t, s.Password()+"\n3\n", at(s, "--tenant", "alpenhof.example", "Remove-TransportRule", "-Identity", "Extern kennzeichnen")...)
	got.fits(t, cli.ExitDone, s.Password(), "postroom: the server", "(alpenhof.example) asks:", "    Are you sure", "    1  Yes\n", "    3  No\n")
	if strings.Contains(got.stderr, "&") {
		t.Errorf("the & of a console is shown:\n%s", got.stderr)
	}
}

func TestShowAsksNobody(t *testing.T) {
	s := start(t, simulator.Options{})
	got := do(t, "", "run", "--url", s.URL(), "--ca", s.CAFile(), "--user", s.Account(), "--show",
		"--tenant", "alpenhof.example", "--tenant", "nordsee-logistik.example", "Get-Mailbox", "-Identity", "O'Neill, Ada")
	got.fits(t, cli.ExitDone, s.Password())
	for _, want := range []string{"DelegatedOrg=alpenhof.example", "DelegatedOrg=nordsee-logistik.example", s.Account(), "\nGet-Mailbox -Identity 'O''Neill, Ada'\n"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q is missing:\n%s", want, got.stdout)
		}
	}
	if now := s.Stats(); now.Requests != 0 {
		t.Errorf("%d requests were sent", now.Requests)
	}
}

func TestDelimiter(t *testing.T) {
	s := start(t, simulator.Options{})
	for name, want := range map[string]string{"comma": "Name,Priority", "semicolon": "Name;Priority", "tab": "Name\tPriority"} {
		got := do(t, s.Password()+"\n", at(s, "--csv", "-", "--delimiter", name, "--columns", "Name,Priority", "Get-TransportRule")...)
		got.fits(t, cli.ExitDone, s.Password())
		if head, _, _ := strings.Cut(got.stdout, "\n"); head != want {
			t.Errorf("%s: %q", name, head)
		}
	}
	do(t, s.Password()+"\n", at(s, "--csv", "-", "--delimiter", "pipe", "Get-TransportRule")...).fits(t, cli.ExitUsage, s.Password(), "--delimiter")
	do(t, s.Password()+"\n", at(s, "--delimiter", "tab", "Get-TransportRule")...).fits(t, cli.ExitUsage, s.Password(), "--csv")
}

func TestATraceIsForItsOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such rights")
	}
	s := start(t, simulator.Options{})
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o666); err != nil {
		t.Fatal(err)
	}
	do(t, s.Password()+"\n", at(s, "--trace", file, "--csv", "-", "Get-TransportRule")...).fits(t, cli.ExitDone, s.Password())
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || info.Size() < 100 {
		t.Errorf("%v, %d bytes", info.Mode(), info.Size())
	}
}

func TestAReadOnlyTenantHoldsForTheCommandLineToo(t *testing.T) {
	s := start(t, simulator.Options{})
	config, _ := home(t)
	tenants, err := endpoint.OpenTenants(filepath.Join(config, "tenants.json"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tenants.Add(t.Context(), endpoint.Tenant{Name: "Alpenhof", Domain: "alpenhof.example", ReadOnly: true}); err != nil {
		t.Fatal(err)
	}
	got := do(t, s.Password()+"\n", at(s, "--tenant", "alpenhof.example", "--yes", "Remove-TransportRule", "-Identity", "Extern kennzeichnen")...)
	got.fits(t, cli.ExitUsage, s.Password(), "alpenhof.example is set to read-only", "Remove-TransportRule")
	// The address may name the tenant as well.
	inAddress := at(s, "--yes", "Remove-TransportRule", "-Identity", "Extern kennzeichnen")
	for i, word := range inAddress {
		if word == s.URL() {
			inAddress[i] += "?DelegatedOrg=Alpenhof.example"
		}
	}
	do(t, s.Password()+"\n", inAddress...).fits(t, cli.ExitUsage, s.Password(), "alpenhof.example is set to read-only", "Remove-TransportRule")
	if now := s.Stats(); now.Requests != 0 {
		t.Errorf("%d requests were sent", now.Requests)
	}
	do(t, s.Password()+"\n", at(s, "--tenant", "alpenhof.example", "--csv", "-", "Get-TransportRule")...).fits(t, cli.ExitDone, s.Password())
}

// TestADamagedListHoldsChangesBack: with the list went what is read-only. Reading goes on;
// nothing is changed, by this run or the next, until the person says that the lists are
// right.
func TestADamagedListHoldsChangesBack(t *testing.T) {
	s := start(t, simulator.Options{})
	change := at(s, "--tenant", "alpenhof.example", "--yes", "Set-TransportRule", "-Identity", "Extern kennzeichnen", "-Comments", "x")
	for _, name := range []string{"tenants.json", "endpoints.json"} {
		config, _ := home(t)
		if err := errors.Join(os.MkdirAll(config, 0o700), os.WriteFile(filepath.Join(config, name), []byte(`{"version":1,"data":[{`), 0o600)); err != nil {
			t.Fatal(err)
		}
		before := s.Stats().CommandsByName["Set-TransportRule"]
		for range 2 { // the second run finds no damaged file any more
			do(t, s.Password()+"\n", change...).fits(t, cli.ExitUsage, s.Password(), name+" could not be read: nothing is changed", "postroom tenants --confirm")
		}
		do(t, s.Password()+"\n", at(s, "--tenant", "alpenhof.example", "--csv", "-", "Get-TransportRule")...).fits(t, cli.ExitDone, s.Password())
		if now := s.Stats().CommandsByName["Set-TransportRule"]; now != before {
			t.Fatalf("%d changes were sent", now-before)
		}
		do(t, "", "tenants", "--confirm").fits(t, cli.ExitDone, s.Password(), "confirmed: 0 tenants, 0 of them read-only, and 0 endpoints of your own")
		do(t, s.Password()+"\n", change...).fits(t, cli.ExitDone, s.Password())
	}
}

// TestAReadOnlyTenantHoldsByItsGUID: the list has its domain alone.
func TestAReadOnlyTenantHoldsByItsGUID(t *testing.T) {
	s := start(t, simulator.Options{REST: true, Rows: 1})
	config, _ := home(t)
	tenants, err := endpoint.OpenTenants(filepath.Join(config, "tenants.json"))
	if err != nil {
		t.Fatal(err)
	}
	held, other := s.Tenants()[1], s.Tenants()[2]
	if _, err := tenants.Add(t.Context(), endpoint.Tenant{Domain: held.Domain, ReadOnly: true}); err != nil {
		t.Fatal(err)
	}
	change := func(tenant string) outcome {
		return do(t, "", "run", "--url", s.RESTURL(), "--ca", s.CAFile(), "--auth", "app", "--authority", s.AuthorityURL(), "--client-id", s.ClientID(),
			"--certificate", s.CertificateFile(), "--tenant", tenant, "--yes", "New-TransportRule", "-Name", "x", "-PrependSubject", "y")
	}
	change(held.ID).fits(t, cli.ExitUsage, s.Password(), held.Domain+" is set to read-only: New-TransportRule was not sent.")
	if n := s.Stats().CommandsByName["New-TransportRule"]; n != 0 {
		t.Errorf("%d changes were sent", n)
	}
	change(other.ID).fits(t, cli.ExitDone, s.Password())
}

// What goes to a terminal as CSV or JSON cannot act there either; a file has it
// as it came.
func TestRowsOnATerminalAreHarmless(t *testing.T) {
	s := start(t, simulator.Options{})
	name := "rule \x1b]0;x\x07\u202Etxt"
	made := do(t, s.Password()+"\n", at(s, "New-TransportRule", "-Name", name, "-PrependSubject", "x")...)
	made.fits(t, cli.ExitDone, s.Password())
	for _, width := range []int{0, 80} {
		var out strings.Builder
		got := doIn(t.Context(), cli.Streams{In: strings.NewReader(s.Password() + "\n"), Out: &out, Width: width},
			at(s, "--csv", "-", "--columns", "Name", "Get-TransportRule")...)
		got.fits(t, cli.ExitDone, s.Password())
		raw := strings.ContainsAny(out.String(), "\x1b\x07\u202E")
		if raw != (width == 0) {
			t.Errorf("width %d: raw %t in %q", width, raw, out.String())
		}
	}
}
