package cli_test

import (
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// What changed since a report ran before is a report: over two tenants, each compared
// with its own rows.
func TestWhatChangedIsAReport(t *testing.T) {
	s := start(t, simulator.Options{Rows: 20})
	tenants := []string{"--tenant", nordsee, "--tenant", "alpenhof.example"}
	changes := func() [][]string {
		t.Helper()
		got := do(t, s.Password()+"\n", reportAt(s, "changes-since", append(tenants, "--ask", "report=transport-rules,accepted-domains", "--csv", "-")...)...)
		got.fits(t, cli.ExitDone, s.Password())
		lines, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"Tenant", "Report", "Change", "Row", "Column", "Before", "After", "Since"}; !slices.Equal(lines[0], want) {
			t.Errorf("columns %q", lines[0])
		}
		return lines[1:]
	}
	do(t, s.Password()+"\n", reportAt(s, "transport-rules", append(tenants, "--csv", filepath.Join(t.TempDir(), "rules.csv"))...)...).fits(t, cli.ExitDone, s.Password())
	do(t, s.Password()+"\n", at(s, "--tenant", nordsee, "Set-TransportRule", "-Identity", "Block executable attachments", "-Comments", "changed")...).fits(t, cli.ExitDone, s.Password())
	first := changes()
	if len(first) != 4 || first[0][0] != nordsee || first[0][2] != "changed" || first[0][3] != "Block executable attachments" || first[0][4] != "Comments" || first[0][6] != "changed" ||
		first[1][4] != "WhenChanged" || first[2][1] != "accepted-domains" || first[2][2] != "no earlier run" || first[3][0] != "alpenhof.example" || first[3][2] != "no earlier run" {
		t.Errorf("%q", first)
	}
	if second := changes(); len(second) != 2 || second[0][2] != "changed" { // still compared with the run before today
		t.Errorf("the second time: %q", second)
	}
	nothingLeft(t, s)
	do(t, "", reportAt(s, "changes-since", "--ask", "report=no-such-report")...).fits(t, cli.ExitUsage, "", `"no-such-report"`, "accepted-domains")
}

// Flags stand before, between or behind the words of every command.
func TestFlagsStandAnywhere(t *testing.T) {
	s := start(t, simulator.Options{Rows: 12})
	where := []string{"--url", s.URL(), "--ca", s.CAFile(), "--user", s.Account(), "--password-stdin", "--tenant", nordsee}
	run := func(words ...string) string {
		t.Helper()
		got := do(t, s.Password()+"\n", words...)
		got.fits(t, cli.ExitDone, s.Password())
		return got.stdout
	}
	want := run(slices.Concat([]string{"report", "accepted-domains", "--csv", "-"}, where)...)
	for _, words := range [][]string{
		slices.Concat([]string{"report"}, where, []string{"--csv", "-", "accepted-domains"}),
		slices.Concat([]string{"report", "--csv", "-", "accepted-domains"}, where),
		slices.Concat([]string{"report"}, where, []string{"--csv=-", "--", "accepted-domains"}),
	} {
		if got := run(words...); got != want {
			t.Errorf("%q: %.200s", words, got)
		}
	}
	want = run(slices.Concat([]string{"run", "--csv", "-"}, where, []string{"Get-Mailbox", "-ResultSize", "3", "-Archive"})...)
	for _, words := range [][]string{
		slices.Concat([]string{"run", "Get-Mailbox", "-ResultSize", "3", "-Archive", "--csv", "-"}, where),
		slices.Concat([]string{"run"}, where, []string{"Get-Mailbox", "-ResultSize", "3", "--csv", "-", "-Archive"}),
		slices.Concat([]string{"run", "--csv=-", "Get-Mailbox"}, where, []string{"-ResultSize", "3", "-Archive"}),
	} {
		if got := run(words...); got != want {
			t.Errorf("%q: %.200s", words, got)
		}
	}
	list := run("history", "--json")
	_, id, _ := strings.Cut(list, `"id": "`)
	id, _, _ = strings.Cut(id, `"`)
	if got := run("history", "--csv", "-", id); got != want || run("history", id, "--csv", "-") != want {
		t.Errorf("history: %.200s", got)
	}
	one := run("cmdlets", "Get-Mailbox", "--offline", "--json")
	if one != run("cmdlets", "--offline", "--json", "Get-Mailbox") || !strings.Contains(one, "ResultSize") {
		t.Errorf("%.200s", one)
	}
	nothingLeft(t, s)
}
