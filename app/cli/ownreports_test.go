package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// A line is kept as a report, shared as a file, taken away, taken back from the
// file and run: its rows are those of the line.
func TestOwnReports(t *testing.T) {
	s := start(t, simulator.Options{Rows: 30})
	const line = "Get-Mailbox -ResultSize Unlimited | Where-Object RecipientTypeDetails -eq 'SharedMailbox' | Sort-Object DisplayName"
	do(t, "", "report", "--save", "shared-ones", "--title", "Shared ones", "--columns", "DisplayName,PrimarySmtpAddress", "--line", line).
		fits(t, cli.ExitDone, "", "shared-ones")
	if list := do(t, "", "report"); !strings.Contains(list.stdout, "Shared ones") || !strings.Contains(list.stdout, "My reports") {
		t.Errorf("%.300s", list.stdout)
	}
	file := filepath.Join(t.TempDir(), "shared.json")
	do(t, "", "report", "--export", "shared-ones", "--to", file).fits(t, cli.ExitDone, "")
	do(t, "", "report", "--remove", "shared-ones").fits(t, cli.ExitDone, "")
	do(t, "", "report", "shared-ones", "--url", s.URL(), "--user", "x@y.example").fits(t, cli.ExitUsage, "", "shared-ones")
	nobody := do(t, "", "report", "--import", file)
	nobody.fits(t, cli.ExitUsage, "", "--yes")
	if !strings.Contains(nobody.stdout, "Get-Mailbox -ResultSize Unlimited") {
		t.Errorf("what would be kept is not shown: %s", nobody.stdout)
	}
	do(t, "", "report", "--import", file, "--yes").fits(t, cli.ExitDone, "", "kept shared-ones")
	do(t, "", "report", "--duplicate", "shared-ones", "--as", "a-copy").fits(t, cli.ExitDone, "", "a-copy")
	got := do(t, s.Password()+"\n", reportAt(s, "a-copy", "--tenant", nordsee, "--csv", "-")...)
	got.fits(t, cli.ExitDone, s.Password())
	raw := do(t, s.Password()+"\n", at(s, "--tenant", nordsee, "--csv", "-", "--columns", "DisplayName,PrimarySmtpAddress", "--line", line)...)
	if raw.code != cli.ExitDone || raw.stdout != got.stdout || len(readCSV(t, got.stdout)) < 2 {
		t.Errorf("the report gives\n%s\nthe line\n%s%s", got.stdout, raw.stdout, raw.stderr)
	}
	var all []struct {
		Name string
		Own  bool
	}
	if err := json.Unmarshal([]byte(do(t, "", "report", "--json").stdout), &all); err != nil {
		t.Fatal(err)
	}
	own := 0
	for _, r := range all {
		if r.Own {
			own++
		}
	}
	if own != 2 {
		t.Errorf("%d own reports, want 2", own)
	}
}

// At a terminal the person sees every command and is asked; only yes keeps.
func TestAnImportIsLookedThrough(t *testing.T) {
	config, _ := home(t)
	file := filepath.Join(t.TempDir(), "r.json")
	write(t, file, `{"version": 1, "reports": [{"name": "x", "title": {"en": "X"}, "steps": [{"run": "Get-Mailbox"}], "columns": [{"name": "Name"}]}]}`)
	for answer, kept := range map[string]bool{"": false, "n": false, "yes": true} {
		got := doIn(t.Context(), cli.Streams{In: strings.NewReader(answer + "\n"), Terminal: true}, "report", "--import", file)
		if got.code != cli.ExitDone || !strings.Contains(got.stdout, "Get-Mailbox") {
			t.Errorf("%q: %d\n%s%s", answer, got.code, got.stdout, got.stderr)
		}
		if _, err := os.Stat(filepath.Join(config, "reports.json")); (err == nil) != kept {
			t.Errorf("%q: kept is %t", answer, err == nil)
		}
		_ = os.Remove(filepath.Join(config, "reports.json"))
	}
}

// A file made to do harm is wrong usage, and nothing is kept of it.
func TestMaliciousReportsAreRefused(t *testing.T) {
	config, _ := home(t)
	steps := func(more string) string {
		return `{"version": 1, "reports": [{"name": "x", "title": {"en": "X"}, "columns": [{"name": "Name"}], "steps": [{"run": "` + more + `"}]}]}`
	}
	for name, text := range map[string]string{
		"changes":    steps("Remove-Mailbox -Identity x"),
		"script":     steps("Get-Mailbox | ForEach-Object { Remove-Mailbox $_ }"),
		"hidden":     steps("Get-Mailbox -Identity a\u202eb"),
		"huge":       steps("Get-Mailbox") + strings.Repeat(" ", 2<<20),
		"escape":     steps(`Get-Mailbox -Identity \u001b]0;x\u0007`),
		"not a file": "",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "r.json")
			if text == "" {
				file = t.TempDir()
			} else {
				write(t, file, text)
			}
			got := do(t, "", "report", "--import", file, "--yes")
			got.fits(t, cli.ExitUsage, "")
			if strings.Contains(got.stdout+got.stderr, "\x1b") {
				t.Error("an escape reached the terminal")
			}
			if _, err := os.Stat(filepath.Join(config, "reports.json")); err == nil {
				t.Error("something was kept")
			}
		})
	}
	file := filepath.Join(t.TempDir(), "r.json")
	write(t, file, steps("Set-Mailbox -Identity x -CustomAttribute1 y"))
	got := do(t, "", "report", "--import", file, "--yes")
	got.fits(t, cli.ExitUsage, "", "--allow-changes")
	if !slices.ContainsFunc(strings.Split(got.stdout, "\n"), func(l string) bool { return strings.HasPrefix(l, "  ! Set-Mailbox") }) {
		t.Errorf("the change is not marked: %s", got.stdout)
	}
	do(t, "", "report", "--import", file, "--yes", "--allow-changes").fits(t, cli.ExitDone, "", "kept x")
}

// write writes a file.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
