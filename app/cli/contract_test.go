package cli_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// TestWhatScriptsGetWrong: variables that are not set, texts in an old
// encoding, a password that is none. Nothing is sent for any of it.
func TestWhatScriptsGetWrong(t *testing.T) {
	s := start(t, simulator.Options{})
	right := s.Password() + "\n"
	for name, c := range map[string]struct {
		stdin string
		args  []string
		words []string
	}{
		"no file of rows":       {right, at(s, "--csv", "", "Get-TransportRule"), []string{"--csv is empty", "help run"}},
		"no file of tenants":    {right, at(s, "--tenants", "", "Get-TransportRule"), []string{"--tenants is empty"}},
		"no tenant":             {right, at(s, "--tenant", "", "Get-TransportRule"), []string{"--tenant is empty"}},
		"two are empty":         {right, at(s, "--json", "", "--columns", "", "Get-TransportRule"), []string{"--columns, --json"}},
		"the trace as rows":     {right, at(s, "--trace", "x.csv", "--csv", "./x.csv", "Get-Mailbox"), []string{"x.csv", "twice"}},
		"the trace nowhere":     {right, at(s, "--trace", "-", "Get-Mailbox"), []string{"--trace needs a file"}},
		"no cmdlet":             {right, at(s, ""), []string{"not the name of a cmdlet"}},
		"a cmdlet in Latin 1":   {right, at(s, "Get-Caf\xe9"), []string{"UTF-8"}},
		"a value in Latin 1":    {right, at(s, "Get-Mailbox", "-Identity", "caf\xe9"), []string{"UTF-8"}},
		"columns in Latin 1":    {right, at(s, "--columns", "Stra\xdfe", "Get-Mailbox"), []string{"--columns", "UTF-8"}},
		"an account in Latin 1": {right, at(s, "--user", "m\xfcller@contoso.example", "Get-Mailbox"), []string{"--user", "UTF-8"}},
		"password in Latin 1":   {"gehe\xefm\n", at(s, "Get-Mailbox"), []string{"--password-stdin", "UTF-8"}},
		"a file as password":    {strings.Repeat("a", 1<<17), at(s, "Get-Mailbox"), []string{"--password-stdin", "too long"}},
		"only a line end":       {"\r\n" + right, at(s, "Get-Mailbox"), []string{"no password in its first line"}},
		"neither yes nor no":    {right, at(s, "--yes=maybe", "Get-Mailbox"), []string{"for --yes"}},
		"no such certificate":   {right, at(s, "--ca", filepath.Join(t.TempDir(), "none"), "Get-Mailbox"), []string{"--ca", "help run"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := do(t, c.stdin, c.args...)
			got.fits(t, cli.ExitUsage, s.Password(), c.words...)
			if strings.Contains(got.stderr, "gehe") {
				t.Errorf("standard error has the password:\n%s", got.stderr)
			}
		})
	}
	if now := s.Stats(); now.Requests != 0 {
		t.Errorf("%d requests were sent", now.Requests)
	}
}

// TestPasswordsAsSystemsPipeThem: each is the same password.
func TestPasswordsAsSystemsPipeThem(t *testing.T) {
	s := start(t, simulator.Options{})
	for name, stdin := range map[string]string{
		"a Unix line": s.Password() + "\n", "a Windows line": s.Password() + "\r\n", "no line end": s.Password(),
		"Windows PowerShell": "\uFEFF" + s.Password() + "\r\n", "more lines": s.Password() + "\nno part of it\n",
	} {
		got := do(t, stdin, at(s, "--max-rows", "1", "--csv", "-", "Get-TransportRule")...)
		if got.code != cli.ExitDone {
			t.Errorf("%s: exit %d\n%s", name, got.code, got.stderr)
		}
	}
	nothingLeft(t, s)
}

func TestHelpIsFoundHoweverItIsAskedFor(t *testing.T) {
	home(t)
	for _, args := range [][]string{{"help"}, {"help", "help"}, {"--help"}, {"-h"}, {"-help"}} {
		got := do(t, "", args...)
		if got.code != cli.ExitDone || got.stderr != "" || !strings.Contains(got.stdout, "postroom run") {
			t.Errorf("%v: exit %d, %q, %q", args, got.code, got.stdout, got.stderr)
		}
		if len(args) == 1 && !cli.Has(args[0]) {
			t.Errorf("the window would be asked for %v", args)
		}
	}
	do(t, "", "help", "run", "more").fits(t, cli.ExitUsage, "", `"more"`)
}

// TestTheSimulatorIsFoundFromAnotherFolder: what it prints is for another
// terminal.
func TestTheSimulatorIsFoundFromAnotherFolder(t *testing.T) {
	home(t)
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	printed := &hearing{word: "password: ", heard: cancel}
	doIn(ctx, cli.Streams{Out: printed}, "simulate", "--dir", "sim").fits(t, cli.ExitDone, "")
	_, rest, _ := strings.Cut(printed.text.String(), "\nca: ")
	if file, _, _ := strings.Cut(rest, "\n"); !filepath.IsAbs(file) {
		t.Errorf("it printed %q", printed.text.String())
	}
}
