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

	// A change is not "0 rows".
	listed := do(t, "", "history")
	listed.fits(t, cli.ExitDone, s.Password())
	if lines := strings.Split(listed.stdout, "\n"); len(lines) < 3 || !strings.Contains(strings.Join(strings.Fields(lines[1]), " "), " done changed "+nordsee) {
		t.Errorf("%s", listed.stdout)
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
	// The other rows are there when they are asked for, and rows are matched by what one says.
	same := do(t, "", "history", newest.ID, "--diff", "--same", "--by", "Name")
	same.fits(t, cli.ExitDone, "", "changes since")
	if n := strings.Count(same.stdout, "\n= "); n != newest.Rows-1 || !strings.Contains(same.stdout, "~ Block executable attachments") {
		t.Errorf("%d rows are the same, want %d:\n%s", n, newest.Rows-1, same.stdout)
	}
	do(t, "", "history", newest.ID, "--diff", "--by", "Comments").fits(t, cli.ExitUsage, "", "Comments", "alike")
	do(t, "", "history", newest.ID, "--diff", "--by", "Colour").fits(t, cli.ExitUsage, "", "Colour")
	do(t, "", "history", newest.ID, "--by", "Name").fits(t, cli.ExitUsage, "", "--diff")
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

// Rows of a tenant that was not read are not told as removed; it is told which.
func TestWhatWasNotReadIsNotCompared(t *testing.T) {
	const other = "alpenhof.example"
	s := start(t, simulator.Options{})
	run := func(s *simulator.Server) outcome {
		return do(t, s.Password()+"\n", at(s, "--tenant", nordsee, "--tenant", other, "--csv", "-", "Get-TransportRule")...)
	}
	run(s).fits(t, cli.ExitDone, s.Password())
	if err := s.SetFaults(&simulator.Faults{Rules: []simulator.Rule{{Fault: simulator.Transient, On: simulator.Cmdlet, Cmdlet: "Get-TransportRule", Tenant: other}}}); err != nil {
		t.Fatal(err)
	}
	run(s).fits(t, cli.ExitCmdletErrors, s.Password())
	var list []struct{ ID string }
	if err := json.Unmarshal([]byte(do(t, "", "history", "--json").stdout), &list); err != nil || len(list) != 2 {
		t.Fatalf("%v, %+v", err, list)
	}
	got := do(t, "", "history", list[0].ID, "--diff")
	got.fits(t, cli.ExitDone, "", "not compared, because rows are missing: "+other, "changes since "+list[1].ID+": 0")
	if got.stdout != "" {
		t.Errorf("told as changed: %s", got.stdout)
	}
}

// Nothing of a password is in what is kept.
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

// TestALineOfTheHistoryCanBeRead: a report has its title in the language of the session,
// a change of many rows its first command, a run of many tenants the first of them.
func TestALineOfTheHistoryCanBeRead(t *testing.T) {
	s := start(t, simulator.Options{Rows: 12})
	tenants := []string{"--tenant", nordsee, "--tenant", "alpenhof.example", "--tenant", "soleil.example"}
	file := written(t, "Identity\nBlock executable attachments\nExtern kennzeichnen\nTLS zu Partnern erzwingen\n")
	do(t, s.Password()+"\n", runAt(s, append(tenants[:2:2], "--each", file, "--map", "Identity=Identity", "--yes", "--csv", "-", "Set-TransportRule", "-Comments", "done")...)...).fits(t, cli.ExitDone, s.Password())
	do(t, s.Password()+"\n", reportAt(s, "mailbox-forwarding", append(tenants, "--csv", "-")...)...).fits(t, cli.ExitDone, s.Password())

	t.Setenv("LC_ALL", "de_DE.UTF-8")
	list := do(t, "", "history")
	list.fits(t, cli.ExitDone, s.Password())
	lines := strings.Split(strings.TrimSpace(list.stdout), "\n")
	if len(lines) != 2 || !strings.HasSuffix(lines[0], "  Postfächer mit Weiterleitung") || !strings.Contains(lines[0], nordsee+" (and 2 more)  ") ||
		!strings.HasSuffix(lines[1], "  Set-TransportRule -Identity 'Block executable attachments' -Comments done (and 2 more)") {
		t.Errorf("%s", list.stdout)
	}
	if all := do(t, "", "history", "--json").stdout; strings.Count(all, "Set-TransportRule") != 3 || !strings.Contains(all, "soleil.example") {
		t.Errorf("%s", all)
	}
}
