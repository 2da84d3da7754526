package e2e

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/test/fixture"
)

// From the search to a file of what changed, in the real window: a report is found as people
// ask, looked at and run; a mailbox changes; the report runs again, and the comparison of both
// runs is exported. The file says what the other program did, and nothing else.
func TestGalleryRunCompareExport(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	s := startServer(t)
	w, env := signedIn(t, s)
	w.says(t, "Most useful")

	w.key(t, "ctrl+l")
	w.typed(t, "who forwards mail")
	w.says(t, "only reads") // the best of what was found
	w.click(t, "Mailboxes that forward")
	w.says(t, "Whose mail is being forwarded, and where to?")
	run1 := func() {
		t.Helper()
		before := s.stats(t).Commands
		w.key(t, "ctrl+l")
		w.key(t, "Return")
		w.says(t, "PrimarySmtpAddress")
		wait(t, "the run", long, func() bool { return s.stats(t).Commands > before && !strings.Contains(w.text(t), "Running: ") })
	}
	run1()
	address := forwardOne(t, s)
	w.key(t, "ctrl+w")
	run1()

	w.key(t, "ctrl+l")
	w.click(t, "Compare")
	w.says(t, "Added 1")
	w.says(t, address)
	w.key(t, "ctrl+e")
	w.says(t, "Choose a folder")
	w.click(t, "Save")
	var files []string
	wait(t, "the file", long, func() bool {
		files, _ = filepath.Glob(filepath.Join(variable(t, env, "HOME"), "*.csv"))
		return len(files) == 1
	})
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d lines, %v: %s", len(rows), err, raw)
	}
	change, mailbox := slices.Index(rows[0], "Change"), slices.Index(rows[0], "PrimarySmtpAddress")
	if change < 0 || mailbox < 0 || rows[1][change] != "added" || rows[1][mailbox] != address {
		t.Errorf("the file says\n%s", raw)
	}
	w.key(t, "ctrl+q")
	w.awaitEnd(t)
	s.empty(t)
}

// forwardOne makes a mailbox forward that did not, by the command line, and gives its address.
func forwardOne(t *testing.T, s *server) string {
	t.Helper()
	other := home(t)
	cmd := func(words ...string) string {
		t.Helper()
		got := run(t, other, s.password+"\n", slices.Concat([]string{"run"}, s.connectFlags(), words)...)
		if got.code != 0 {
			t.Fatalf("%v: exit %d\n%s", words, got.code, got.stderr)
		}
		return got.stdout
	}
	rows, err := csv.NewReader(strings.NewReader(cmd("--csv", "-", "Get-Mailbox", "-ResultSize", "Unlimited"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	address, smtp, inside := slices.Index(rows[0], "PrimarySmtpAddress"), slices.Index(rows[0], "ForwardingSmtpAddress"), slices.Index(rows[0], "ForwardingAddress")
	for _, row := range rows[1:] {
		if row[smtp] == "" && row[inside] == "" {
			cmd("--yes", "Set-Mailbox", "-Identity", row[address], "-ForwardingSmtpAddress", "elsewhere@postfach.example")
			return row[address]
		}
	}
	t.Fatal("every mailbox forwards")
	return ""
}
