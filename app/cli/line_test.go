package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

func TestALineRuns(t *testing.T) {
	s := start(t, simulator.Options{})
	file := filepath.Join(t.TempDir(), "rules.csv")
	for name, c := range map[string]struct{ line, want string }{
		"a command":  {"Get-TransportRule -Identity 'Block executable attachments' | Select-Object Name", "Name\nBlock executable attachments\n"},
		"a filter":   {"Get-TransportRule | Where-Object Name -like 'Block*' | Format-Table Name", "Name\nBlock executable attachments\n"},
		"a sort":     {"Get-TransportRule | Where-Object { $_.Name -match '^(Block|Extern) ' } | Sort-Object Name | Format-Table Name", "Name\nBlock executable attachments\nExtern kennzeichnen\n"},
		"a variable": {"Get-Mailbox -Identity $x", ""},
		"a script":   {"Get-Mailbox | ForEach-Object { $_.Name }", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := do(t, s.Password()+"\n", at(s, "--csv", "-", "--line", c.line)...)
			if c.want == "" {
				got.fits(t, cli.ExitUsage, s.Password(), "--line")
				return
			}
			got.fits(t, cli.ExitDone, s.Password())
			if got.stdout != c.want {
				t.Errorf("%q", got.stdout)
			}
		})
	}
	got := do(t, s.Password()+"\n", at(s, "--line", "Get-TransportRule | Sort-Object Name | Export-Csv -Path '"+file+"' -Delimiter ';'")...)
	got.fits(t, cli.ExitDone, s.Password())
	b, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(b), "Name;") {
		t.Errorf("%v: %.80q", err, b)
	}
}

func TestALineFromStandardInput(t *testing.T) {
	s := start(t, simulator.Options{})
	got := do(t, "Get-Mailbox `\n  -Identity 'Ada Lovelace'\n", "run", "--url", s.URL(), "--user", s.Account(), "--show", "--line", "-")
	got.fits(t, cli.ExitDone, s.Password())
	if !strings.HasSuffix(got.stdout, "\nGet-Mailbox -Identity 'Ada Lovelace'\n") {
		t.Errorf("%q", got.stdout)
	}
	do(t, s.Password()+"\n", at(s, "--line", "-")...).fits(t, cli.ExitUsage, s.Password(), "--line")
	do(t, s.Password()+"\n", at(s, "--line", "Get-Mailbox", "Get-User")...).fits(t, cli.ExitUsage, s.Password(), "--line")
	if now := s.Stats(); now.Requests != 0 {
		t.Errorf("%d requests were sent", now.Requests)
	}
	// The password is the first line, what is to run the others.
	both := do(t, s.Password()+"\nGet-TransportRule |\n  Select-Object Name\n", at(s, "--csv", "-", "--line", "-")...)
	both.fits(t, cli.ExitDone, s.Password())
	if !strings.HasPrefix(both.stdout, "Name\n") {
		t.Errorf("%q", both.stdout)
	}
}
