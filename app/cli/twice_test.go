package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// TestOneFileIsNotNamedTwice, however its names are spelt: rows, another format, the
// picture, the trace.
func TestOneFileIsNotNamedTwice(t *testing.T) {
	home(t)
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("old", []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"dangling": "new", "linked": "old", "folder": ".", "picture.svg": "old"} {
		if err := os.Symlink(to, link); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Link("old", "hard"); err != nil {
		t.Skip(err)
	}
	for _, two := range [][]string{
		{"--csv", "new", "--json", filepath.Join(dir, "new")},
		{"--csv", "new", "--trace", "./new"},
		{"--xlsx", "new", "--trace", "dangling"},
		{"--csv", "new", "--tsv", "folder/new"},
		{"--csv", "old", "--json", "hard"},
		{"--chart", "picture.svg", "--trace", "linked"},
	} {
		do(t, "", append(append([]string{"run", "--url", "https://127.0.0.1:1/", "--user", "a@b.example"}, two...), "Get-Mailbox")...).
			fits(t, cli.ExitUsage, "", "one file", two[1], two[3])
	}
	out, err := os.OpenFile("old", os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	for _, args := range [][]string{{"--trace", "linked"}, {"--csv", "-", "--json", "hard"}} {
		s := cli.Streams{In: strings.NewReader(""), Out: out}
		doIn(t.Context(), s, append(append([]string{"run", "--url", "https://127.0.0.1:1/", "--user", "a@b.example"}, args...), "Get-Mailbox")...).
			fits(t, cli.ExitUsage, "", "is standard output")
	}
	if b, err := os.ReadFile("old"); err != nil || string(b) != "old" {
		t.Errorf("the file was written to: %q, %v", b, err)
	}
}

// interrupting ends a context when something is said.
type interrupting struct {
	bytes.Buffer
	when string
	stop context.CancelFunc
}

func (i *interrupting) Write(p []byte) (int, error) {
	if strings.Contains(string(p), i.when) {
		i.stop()
	}
	return i.Buffer.Write(p)
}

// TestAFileIsGivenUp when a person interrupts the program while it writes it: the old one
// stays, nothing is left over, and the exit code says why.
func TestAFileIsGivenUp(t *testing.T) {
	s := start(t, simulator.Options{Rows: 200})
	for _, format := range []string{"--xlsx", "--json", "--html"} {
		dir := t.TempDir()
		name := filepath.Join(dir, "rows")
		if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		messages := &interrupting{when: "no row has the column", stop: stop} // all rows are there, and none is written
		o := doIn(ctx, cli.Streams{In: strings.NewReader(s.Password() + "\n"), Err: messages}, at(s, format, name, "--columns", "Name,Nothing", "Get-Mailbox")...)
		if ctx.Err() == nil {
			t.Fatalf("nobody has interrupted it: %s", messages)
		}
		if o.code != cli.ExitInterrupted || !strings.Contains(messages.String(), name+" was not written") || strings.Count(messages.String(), "interrupted") != 1 {
			t.Errorf("%s: code %d\n%s", format, o.code, messages)
		}
		if b, err := os.ReadFile(name); err != nil || string(b) != "old" {
			t.Errorf("%s: %.40q, %v", format, b, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("%s: left are %v, %v", format, left, err)
		}
	}
	nothingLeft(t, s)
}
