package cli_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"postroom/app/cli"
	"postroom/session/simulator"
	"postroom/test/fixture"
)

func TestRowsComeInEveryForm(t *testing.T) {
	s := start(t, simulator.Options{})
	dir := t.TempDir()
	csvFile, jsonFile, xlsxFile := filepath.Join(dir, "r.csv"), filepath.Join(dir, "r.json"), filepath.Join(dir, "r.xlsx")
	got := do(t, s.Password()+"\n", at(s, "--csv", csvFile, "--json", jsonFile, "--xlsx", xlsxFile, "Get-TransportRule")...)
	got.fits(t, cli.ExitDone, s.Password())
	if got.stdout != "" {
		t.Errorf("standard output has %q beside the files", got.stdout)
	}
	want := readCSV(t, do(t, s.Password()+"\n", at(s, "--csv", "-", "Get-TransportRule")...).stdout)
	if len(want) < 10 || !slices.Contains(want[0], "Name") {
		t.Fatalf("%d lines of CSV, header %v", len(want), want[0])
	}
	b, err := os.ReadFile(csvFile)
	if err != nil {
		t.Fatal(err)
	}
	if rows := readCSV(t, string(b)); len(rows) != len(want) {
		t.Errorf("CSV file has %d lines, standard output %d", len(rows), len(want))
	}
	if b, err = os.ReadFile(jsonFile); err != nil {
		t.Fatal(err)
	}
	var objects []map[string]any
	if err := json.Unmarshal(b, &objects); err != nil || len(objects) != len(want)-1 {
		t.Errorf("JSON has %d objects, want %d: %v", len(objects), len(want)-1, err)
	}
	book, err := excelize.OpenFile(xlsxFile)
	if err != nil {
		t.Fatal(err)
	}
	about, err := book.GetRows(book.GetSheetName(0))
	if err != nil || len(about) < 5 || about[0][0] != "Command" || about[len(about)-1][1] != "Yes" {
		t.Errorf("the workbook says of itself %q, %v", about, err)
	}
	rows, err := book.GetRows(book.GetSheetName(book.GetActiveSheetIndex()))
	if err != nil || len(rows) < len(want) {
		t.Errorf("workbook has %d lines, want %d: %v", len(rows), len(want), err)
	}
	if err := book.Close(); err != nil {
		t.Error(err)
	}
	if left := workingFiles(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	nothingLeft(t, s)
}

func TestAWorkbookGoesToAPipeButNotToATerminal(t *testing.T) {
	s := start(t, simulator.Options{})
	got := do(t, s.Password()+"\n", at(s, "--xlsx", "-", "Get-TransportRule")...)
	got.fits(t, cli.ExitDone, s.Password())
	book, err := excelize.OpenReader(strings.NewReader(got.stdout))
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Close(); err != nil {
		t.Error(err)
	}
	terminal := cli.Streams{In: strings.NewReader(s.Password() + "\n"), Width: 80}
	doIn(t.Context(), terminal, at(s, "--xlsx", "-", "Get-TransportRule")...).fits(t, cli.ExitUsage, s.Password(), "terminal")
}

// workingFiles are the hidden files of a folder.
func workingFiles(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestColumnsAndRowsAreChosen(t *testing.T) {
	s := start(t, simulator.Options{})
	dir := t.TempDir()
	file := filepath.Join(dir, "rules.csv")
	got := do(t, s.Password()+"\n", at(s, "--columns", "State, name,Nothing,NAME", "--max-rows", "3", "--csv", file, "Get-TransportRule")...)
	got.fits(t, cli.ExitUsage, s.Password(), "no row has the column Nothing")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows := readCSV(t, string(b))
	if len(rows) != 4 || !slices.Equal(rows[0], []string{"State", "name", "Nothing"}) || rows[1][0] != "Enabled" {
		t.Errorf("rows: %v", rows)
	}
	table := do(t, s.Password()+"\n", at(s, "--columns", "Name,State", "--max-rows", "2", "Get-TransportRule")...)
	if lines := strings.Split(strings.TrimSpace(table.stdout), "\n"); table.code != cli.ExitDone || len(lines) != 4 || !strings.HasPrefix(lines[0], "Name") {
		t.Errorf("table: exit %d\n%s", table.code, table.stdout)
	}
	nothingLeft(t, s)
}

func TestNoRowsAreAResult(t *testing.T) {
	s := start(t, simulator.Options{})
	got := do(t, s.Password()+"\n", at(s, "--json", "-", "--columns", "Name", "Get-Mailbox", "-Filter", "Alias -eq 'nobody-has-this'")...)
	got.fits(t, cli.ExitDone, s.Password())
	var objects []any
	if err := json.Unmarshal([]byte(got.stdout), &objects); err != nil || len(objects) != 0 {
		t.Errorf("JSON is %q: %v", got.stdout, err)
	}
}

func TestATableFitsTheTerminal(t *testing.T) {
	s := start(t, simulator.Options{Rows: 5})
	var out strings.Builder
	got := doIn(t.Context(), cli.Streams{In: strings.NewReader(s.Password() + "\n"), Out: &out, Width: 72}, at(s, "Get-Mailbox")...)
	got.fits(t, cli.ExitDone, s.Password(), "columns do not fit", "--columns")
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 72 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
}

func TestASwitchBeforeAWordTakesItAsItsValue(t *testing.T) {
	s := start(t, simulator.Options{Rows: 5})
	if got := do(t, s.Password()+"\n", at(s, "Get-Mailbox", "-Archive", "jeff")...); got.code != cli.ExitCmdletErrors {
		t.Errorf("-Archive jeff: exit %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	got := do(t, s.Password()+"\n", at(s, "--columns", "Name", "Get-Mailbox", "-Archive:$false", "-ResultSize", "1")...)
	got.fits(t, cli.ExitDone, s.Password())
}

// What does not come to its end is named so, with the rows that came.
func TestBrokenOffRunsLeaveAPartialFile(t *testing.T) {
	s := start(t, simulator.Options{Rows: 3000 / fixture.OneOf(3), Faults: &simulator.Faults{Rules: []simulator.Rule{
		{Fault: simulator.DropAfter, On: simulator.Receive, After: 40_000},
	}}})
	dir := t.TempDir()
	file := filepath.Join(dir, "mailboxes.csv")
	if err := os.WriteFile(file, []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := do(t, s.Password()+"\n", at(s, "--csv", file, "Get-Mailbox", "-ResultSize", "Unlimited")...)
	if got.code == cli.ExitDone { // the connection was lost with a reply that had rows in it
		t.Fatalf("exit 0\n%s", got.stderr)
	}
	got.fits(t, cli.ExitConnect, s.Password(), "mailboxes.csv.partial")
	if older, err := os.ReadFile(file); err != nil || string(older) != "older" {
		t.Errorf("the file that was there has %d bytes, %v", len(older), err)
	}
	b, err := os.ReadFile(file + ".partial")
	if err != nil || len(readCSV(t, string(b))) < 2 {
		t.Errorf("%d bytes in the partial file: %v", len(b), err)
	}
	if left := workingFiles(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// cancelling ends a context at the first write.
type cancelling struct {
	cancel context.CancelFunc
	into   strings.Builder
}

func (c *cancelling) Write(p []byte) (int, error) {
	c.cancel()
	return c.into.Write(p)
}

func TestInterruptedInMidRun(t *testing.T) {
	s := start(t, simulator.Options{Rows: 200_000})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	file := filepath.Join(t.TempDir(), "mailboxes.json")
	got := doIn(ctx, cli.Streams{In: strings.NewReader(s.Password() + "\n"), Out: &cancelling{cancel: cancel}},
		at(s, "--csv", "-", "--json", file, "Get-Mailbox", "-ResultSize", "Unlimited")...)
	got.fits(t, cli.ExitInterrupted, s.Password(), "interrupted", "mailboxes.json.partial")
	b, err := os.ReadFile(file + ".partial")
	var objects []any
	if err == nil {
		err = json.Unmarshal(b, &objects)
	}
	if err != nil || len(objects) == 0 {
		t.Errorf("the partial file has %d objects: %v", len(objects), err)
	}
	nothingLeft(t, s)
}

func TestAReaderThatGoesAwayEndsTheRun(t *testing.T) {
	s := start(t, simulator.Options{Rows: 100_000})
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	got := doIn(t.Context(), cli.Streams{In: strings.NewReader(s.Password() + "\n"), Out: w},
		at(s, "--csv", "-", "Get-Mailbox", "-ResultSize", "Unlimited")...)
	got.fits(t, cli.ExitDone, s.Password())
	nothingLeft(t, s)
	if sent := s.Stats().Rows; sent > 50_000 {
		t.Errorf("the server sent %d rows to nobody", sent)
	}
}

func TestADeviceIsNotReplaced(t *testing.T) {
	before, err := os.Stat(os.DevNull)
	if err != nil || before.Mode().IsRegular() {
		t.Skip("no device to write to")
	}
	s := start(t, simulator.Options{Rows: 5})
	got := do(t, s.Password()+"\n", at(s, "--csv", os.DevNull, "Get-Mailbox")...)
	got.fits(t, cli.ExitDone, s.Password())
	if after, err := os.Stat(os.DevNull); err != nil || after.Mode() != before.Mode() {
		t.Errorf("%s is %v now: %v", os.DevNull, after, err)
	}
}

// TestAFileThatIsThereIsReplacedAsItIs: behind its link, with its rights, and
// not at all when it is protected.
func TestAFileThatIsThereIsReplacedAsItIs(t *testing.T) {
	s := start(t, simulator.Options{})
	dir := t.TempDir()
	file, link := filepath.Join(dir, "2026.csv"), filepath.Join(dir, "latest.csv")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Skip("no links here:", err)
	}
	do(t, s.Password()+"\n", at(s, "--csv", link, "Get-TransportRule")...).fits(t, cli.ExitDone, s.Password())
	b, err := os.ReadFile(file)
	if err != nil || len(readCSV(t, string(b))) < 10 {
		t.Errorf("the file has %d bytes: %v", len(b), err)
	}
	if to, err := os.Readlink(link); err != nil || to != file {
		t.Errorf("the link leads to %q: %v", to, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(file, 0o400); err != nil {
		t.Fatal(err)
	}
	if probe, err := os.OpenFile(file, os.O_WRONLY, 0); err == nil {
		_ = probe.Close()
		t.Skip("this account may write whatever it likes")
	}
	got := do(t, s.Password()+"\n", at(s, "--csv", file, "Get-TransportRule")...)
	got.fits(t, cli.ExitUsage, s.Password(), "2026.csv")
	if now, err := os.ReadFile(file); err != nil || string(now) != string(b) {
		t.Errorf("it was written all the same: %v", err)
	}
	nothingLeft(t, s)
}
