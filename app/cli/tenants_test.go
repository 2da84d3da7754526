package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
	"postroom/test/fixture"
)

// blocks gives the values of the first column, each run of equal ones once.
func blocks(rows [][]string) []string { return slices.Compact(column(rows[1:], 0)) }

func TestTenantsComeInTheirOrder(t *testing.T) {
	s := start(t, simulator.Options{})
	file := filepath.Join(t.TempDir(), "tenants.txt")
	list := "\uFEFF# the customers\r\nAlpenhof Hotels;alpenhof.example\r\n\r\n# gone.example\r\nnordsee-logistik.example\r\n"
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	got := do(t, s.Password()+"\n", at(s,
		"--tenant", "nordsee-logistik.example", "--tenants", file, "--columns", "Priority,Name", "--csv", "-", "Get-TransportRule")...)
	got.fits(t, cli.ExitDone, s.Password(), "of 2 of 2 tenants")
	rows := readCSV(t, got.stdout)
	if !slices.Equal(rows[0], []string{"Tenant", "Priority", "Name"}) {
		t.Errorf("header %v", rows[0])
	}
	if order := blocks(rows); !slices.Equal(order, []string{"nordsee-logistik.example", "alpenhof.example"}) {
		t.Errorf("order %v", order)
	}
	now := s.Stats()
	if now.ShellsCreated != 2 || now.MaxOpenByAccount > 3 {
		t.Errorf("%d sessions, at most %d at once", now.ShellsCreated, now.MaxOpenByAccount)
	}
	nothingLeft(t, s)
}

func TestOneTenantDoesNotStopTheOthers(t *testing.T) {
	s := start(t, simulator.Options{})
	file := filepath.Join(t.TempDir(), "rules.csv")
	got := do(t, s.Password()+"\n", at(s, "--tenant", "alpenhof.example", "--tenant", "nobody.example",
		"--tenant", "nordsee-logistik.example", "--csv", file, "Get-TransportRule")...)
	got.fits(t, cli.ExitConnect, s.Password(), "nobody.example: The", "of 2 of 3 tenants; with errors: nobody.example")
	b, err := os.ReadFile(file + ".partial")
	if err != nil {
		t.Fatal(err)
	}
	if order := blocks(readCSV(t, string(b))); !slices.Equal(order, []string{"alpenhof.example", "nordsee-logistik.example"}) {
		t.Errorf("order %v", order)
	}
	nothingLeft(t, s)
}

func TestErrorsOfACmdletNameTheirTenant(t *testing.T) {
	s := start(t, simulator.Options{Faults: &simulator.Faults{Rules: []simulator.Rule{
		{Fault: simulator.Transient, On: simulator.Cmdlet, Tenant: "alpenhof.example"},
	}}})
	got := do(t, s.Password()+"\n", at(s, "--tenant", "alpenhof.example", "--tenant", "nordsee-logistik.example",
		"--csv", "-", "Get-TransportRule")...)
	got.fits(t, cli.ExitCmdletErrors, s.Password(), "alpenhof.example: ERROR: ", "with errors: alpenhof.example")
	if order := blocks(readCSV(t, got.stdout)); !slices.Equal(order, []string{"nordsee-logistik.example"}) {
		t.Errorf("order %v", order)
	}
}

// Each attempt with a wrong password brings the account closer to being locked,
// and each session too many lengthens the lock-out.
func TestWhatConcernsAllTenantsEndsTheRun(t *testing.T) {
	for _, c := range []struct {
		fault simulator.Fault
		code  int
	}{{simulator.Unauthorized, cli.ExitConnect}, {simulator.Quota, cli.ExitLimit}} {
		t.Run(string(c.fault), func(t *testing.T) {
			s := start(t, simulator.Options{Faults: &simulator.Faults{Rules: []simulator.Rule{{Fault: c.fault, On: simulator.Create}}}})
			got := do(t, s.Password()+"\n", at(s, "--tenant", "alpenhof.example", "--tenant", "nordsee-logistik.example", "Get-Mailbox")...)
			got.fits(t, c.code, s.Password(), "left out: 1")
			if played := s.Stats().FaultsPlayed[string(c.fault)]; played > 2 { // a challenge may be answered once
				t.Errorf("%d attempts", played)
			}
		})
	}
}

func TestAllTenantsTogetherHaveMaxRows(t *testing.T) {
	s := start(t, simulator.Options{})
	got := do(t, s.Password()+"\n", at(s, "--tenant", "alpenhof.example", "--tenant", "nordsee-logistik.example",
		"--parallel", "1", "--max-rows", "2", "--columns", "Name", "--csv", "-", "Get-TransportRule")...)
	got.fits(t, cli.ExitDone, s.Password(), "2 rows of 1 of 2 tenants; left out: 1")
	if rows := readCSV(t, got.stdout); len(rows) != 3 {
		t.Errorf("%d lines", len(rows))
	}
}

func TestAListOfTenantsMustBeWhole(t *testing.T) {
	s := start(t, simulator.Options{})
	for name, c := range map[string]struct{ text, says string }{
		"a line without a domain": {"alpenhof.example\nnonsense\n", "line 2"},
		"nothing but comments":    {"# alpenhof.example\n", "names no domain"},
	} {
		file := filepath.Join(t.TempDir(), "tenants.txt")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			do(t, s.Password()+"\n", at(s, "--tenants", file, "Get-Mailbox")...).fits(t, cli.ExitUsage, s.Password(), c.says)
		})
	}
}

func TestTwoRunsAtTheSameTime(t *testing.T) {
	mailboxes := 500 / fixture.OneOf(5)
	s := start(t, simulator.Options{Rows: mailboxes})
	results := make(chan outcome)
	ctx := t.Context()
	const runs = 5 // more than the account may hold
	for range runs {
		go func() { // ends with the run
			results <- doIn(ctx, cli.Streams{In: strings.NewReader(s.Password() + "\n")},
				at(s, "--csv", "-", "--columns", "Name", "Get-Mailbox", "-ResultSize", "Unlimited")...)
		}()
	}
	for range runs {
		got := <-results
		got.fits(t, cli.ExitDone, s.Password())
		if rows := readCSV(t, got.stdout); len(rows) != mailboxes+1 {
			t.Errorf("%d lines", len(rows))
		}
	}
	if most := s.Stats().MaxOpenByAccount; most > 3 {
		t.Errorf("%d sessions at once", most)
	}
	nothingLeft(t, s)
}

func TestProgressIsToldWhenItMoved(t *testing.T) {
	s := start(t, simulator.Options{Rows: 3000 / fixture.OneOf(2)})
	got := do(t, s.Password()+"\n", at(s, "--columns", "DisplayName", "--csv", "-", "Get-MailboxStatistics", "-Database", "MDB02")...)
	got.fits(t, cli.ExitDone, s.Password())
	seen := map[string]bool{}
	told := 0
	for line := range strings.Lines(got.stderr) {
		if strings.Contains(line, "%") {
			told++
			if seen[line] {
				t.Errorf("told twice: %s", line)
			}
			seen[line] = true
		}
	}
	if told == 0 || told > 11 {
		t.Error(fmt.Sprintf("%d lines of progress:\n", told) + got.stderr)
	}
}

// What has no end, or never comes, is refused at once.
func TestFilesThatAreNoFilesAreRefused(t *testing.T) {
	s := start(t, simulator.Options{})
	for _, flag := range []string{"--ca", "--tenants"} {
		t.Run(flag, func(t *testing.T) {
			if _, err := os.Stat("/dev/zero"); err != nil {
				t.Skip("no devices here:", err)
			}
			do(t, s.Password()+"\n", at(s, flag, "/dev/zero", "Get-Mailbox")...).fits(t, cli.ExitUsage, s.Password(), flag, "not a regular file", "into a file, and name that")
		})
	}
}

// An account that may not enter a tenant is told of the delegation, not of its password.
func TestADeniedTenantNamesTheDelegation(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{"denied": simulator.AccessDenied, "no role": simulator.NoRole} {
		t.Run(name, func(t *testing.T) {
			s := start(t, simulator.Options{Faults: &simulator.Faults{Rules: []simulator.Rule{{Fault: fault, On: simulator.Create}}}})
			do(t, s.Password()+"\n", at(s, "--tenant", "alpenhof.example", "Get-Mailbox")...).fits(t, cli.ExitConnect, s.Password(), "delegation")
		})
	}
}
