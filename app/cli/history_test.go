package cli_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// What ran is listed, its rows are written again without a server, and what
// changed since is told.
func TestHistory(t *testing.T) {
	s := start(t, simulator.Options{Rows: 30})
	run := func(words ...string) outcome {
		return do(t, s.Password()+"\n", append(at(s, "--tenant", nordsee, "--csv", "-"), words...)...)
	}
	first := run("Get-TransportRule")
	first.fits(t, cli.ExitDone, s.Password())
	run("Set-TransportRule", "-Identity", "Block executable attachments", "-Comments", "changed").fits(t, cli.ExitDone, s.Password())
	run("Get-TransportRule").fits(t, cli.ExitDone, s.Password())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	got := do(t, "", "history", "--json")
	got.fits(t, cli.ExitDone, s.Password())
	var list []struct {
		ID, Command, Tenant, Account, Endpoint, Started, State string
		Seconds                                                float64
		Rows, Errors                                           int
	}
	if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || len(list) != 3 {
		t.Fatalf("%v\n%s", err, got.stdout)
	}
	newest, oldest := list[0], list[2]
	if newest.Command != "Get-TransportRule" || newest.Tenant != nordsee || newest.Account != s.Account() || newest.State != "done" || newest.Rows == 0 ||
		!strings.HasPrefix(list[1].Command, "Set-TransportRule") {
		t.Errorf("%+v", list)
	}
	again := do(t, "", "history", oldest.ID, "--csv", "-")
	again.fits(t, cli.ExitDone, "")
	if again.stdout != first.stdout {
		t.Errorf("other rows than those that came:\n%.500s\n%.500s", again.stdout, first.stdout)
	}
	diff := do(t, "", "history", newest.ID, "--diff")
	diff.fits(t, cli.ExitDone, "")
	lines := strings.Split(strings.TrimSpace(diff.stdout), "\n")
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "~ ") || !strings.Contains(lines[0], "Comments: ") || !strings.Contains(lines[0], "changed") {
		t.Errorf("%q", diff.stdout)
	}
	// JSON of the rows wherever the flag stands; the marks of a difference are no file.
	for _, words := range [][]string{{"--json", oldest.ID}, {oldest.ID, "--json", "-"}, {"--json", "-", oldest.ID}} {
		var rows []map[string]any
		written := do(t, "", append([]string{"history"}, words...)...)
		if err := json.Unmarshal([]byte(written.stdout), &rows); err != nil || len(rows) != oldest.Rows || written.code != cli.ExitDone {
			t.Errorf("%v: %v, %d rows, want %d: %+v", words, err, len(rows), oldest.Rows, written.stderr)
		}
	}
	do(t, "", "history", newest.ID, "--diff", "--csv", "-").fits(t, cli.ExitUsage, "", "--csv has no place beside it")
	do(t, "", "history", "nonsense").fits(t, cli.ExitUsage, "", "nonsense")
	do(t, "", "history", oldest.ID, "--diff").fits(t, cli.ExitUsage, "", "before")
	do(t, "", "history", "--keep-rows", "maybe").fits(t, cli.ExitUsage, "", "maybe")
	do(t, "", "history", "--keep-rows", "off").fits(t, cli.ExitDone, "")
	if code := do(t, "", "history", oldest.ID).code; code == cli.ExitDone {
		t.Error("rows are there after they were switched off")
	}
}

// Nothing of a password is in what is kept.
// TestHistoryIsFoundByItsRows: --find looks in the kept rows, too.
func TestHistoryIsFoundByItsRows(t *testing.T) {
	s := start(t, simulator.Options{Rows: 5})
	for _, name := range []string{"Get-TransportRule", "Get-AcceptedDomain"} {
		do(t, s.Password()+"\n", at(s, "--csv", "-", name)...).fits(t, cli.ExitDone, s.Password())
	}
	rows := do(t, "", "history", "--find", "Authoritative").stdout
	if strings.Count(rows, "\n") != 1 || !strings.Contains(rows, "Get-AcceptedDomain") {
		t.Errorf("found by its rows:\n%s", rows)
	}
	if none := do(t, "", "history", "--find", "nothing has this").stdout; none != "" {
		t.Errorf("found by nothing:\n%s", none)
	}
}

func TestHistoryHasNoSecret(t *testing.T) {
	s := start(t, simulator.Options{Rows: 30})
	files := 0
	do(t, s.Password()+"\n", at(s, "--tenant", nordsee, "New-Mailbox", "-Name", "x", "-Password", "hunter2-secret")...)
	err := filepath.WalkDir(os.Getenv("XDG_STATE_HOME"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), "hunter2") || strings.Contains(string(b), s.Password()) {
			t.Errorf("%s has a secret", path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files, %v", files, err)
	}
}
