package cli_test

import (
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// What is typed arrives at the server as it was typed, through the whole program.
func TestTypedIsTyped(t *testing.T) {
	s := start(t, simulator.Options{Rows: 10})
	password := s.Password() + "\n"
	first := do(t, password, at(s, "--columns", "Alias", "--csv", "-", "Get-Mailbox", "-ResultSize", "1")...)
	lines := strings.Fields(first.stdout)
	alias := lines[len(lines)-1]
	for _, name := range []string{"Okafor,Ada", "1.10", "5d", "3kb", "0x1F", "1E2", "'t Hooft", "(E-Mail)", "Invoice 1,000 EUR"} {
		changed := do(t, password, at(s, "--yes", "Set-Mailbox", "-Identity", alias, "-DisplayName", name)...)
		changed.fits(t, cli.ExitDone, s.Password())
		got := do(t, password, at(s, "--columns", "DisplayName", "--json", "-", "Get-Mailbox", "-Identity", alias)...)
		if got.fits(t, cli.ExitDone, s.Password()); !strings.Contains(got.stdout, `"`+name+`"`) {
			t.Errorf("%q arrived as %s", name, got.stdout)
		}
	}
	for line, shown := range map[string]string{
		"Set-Thing -OWAEnabled:$true -Name Okafor,Ada":            "Set-Thing -OWAEnabled:$true -Name 'Okafor,Ada'",
		"Get-Mailbox -Filter {Name -like 'A*'}":                   "Get-Mailbox -Filter 'Name -like ''A*'''",
		"New-Mailbox -Name x -Password (Get-Date)":                "",
		"Get-Mailbox | Where-Object {$_.A -eq 1} | Sort-Object B": "Get-Mailbox | Where-Object {$_.A -eq 1} | Sort-Object -Property B",
	} {
		got := do(t, "", "run", "--url", s.URL(), "--user", s.Account(), "--show", "--line", line)
		if shown == "" {
			got.fits(t, cli.ExitUsage, "", "plain value")
			continue
		}
		if got.code != cli.ExitDone || !strings.Contains(got.stdout, shown) {
			t.Errorf("%s is shown as %s%s", line, got.stdout, got.stderr)
		}
	}
}
