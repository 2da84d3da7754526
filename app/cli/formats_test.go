package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// TestFilesHaveTheWindowsChoices: every format, how values stand in it, and a computed
// column, from one run.
func TestFilesHaveTheWindowsChoices(t *testing.T) {
	s := start(t, simulator.Options{})
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	t.Setenv("LC_ALL", "de_DE.UTF-8")
	do(t, s.Password()+"\n", at(s,
		"--csv", file("a.csv"), "--delimiter", "locale", "--tsv", file("a.tsv"), "--csv-for", "programs", "--ndjson", file("a.ndjson"),
		"--markdown", file("a.md"), "--html", file("a.html"), "--xlsx", file("a.xlsx"), "--sheets", "tenant",
		"--lists", "exploded", "--sizes", "bytes", "--dates", "local", "--compute", "Domain=domain(PrimarySmtpAddress)",
		"--columns", "PrimarySmtpAddress,EmailAddresses,ProhibitSendQuota,WhenCreated,Domain", "--max-rows", "5", "Get-Mailbox")...).
		fits(t, cli.ExitDone, s.Password())
	read := func(name string) string {
		b, err := os.ReadFile(file(name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	csv := read("a.csv")
	if !strings.HasPrefix(csv, "PrimarySmtpAddress;EmailAddresses;ProhibitSendQuota;WhenCreated;Domain\n") || strings.Contains(csv, "\r") {
		t.Errorf("CSV begins %.100q", csv)
	}
	if n := strings.Count(csv, "\n"); n <= 6 {
		t.Errorf("%d lines for five mailboxes whose addresses have lines of their own", n)
	}
	line := strings.Split(csv, "\n")[1]
	domain := line[strings.LastIndexByte(line, ';')+1:]
	if !strings.Contains(line, "@"+domain+";") || !regexp.MustCompile(`;\d+;\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d;`).MatchString(line) {
		t.Errorf("the line %q has no bytes, no local date or no domain", line)
	}
	for name, want := range map[string]string{
		"a.tsv": "\t" + domain + "\n", "a.ndjson": `"Domain":"` + domain + `"}`, "a.md": "| " + domain + " |", "a.html": "<td>" + domain + "</td>",
	} {
		if text := read(name); !strings.Contains(text, want) {
			t.Errorf("%s has no %q: %.300q", name, want, text)
		}
	}
	if page := read("a.html"); !strings.Contains(page, "Get-Mailbox") {
		t.Error("the page does not say what it is")
	}
	book, err := excelize.OpenFile(file("a.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	}()
	if kind, err := book.GetCellType(book.GetSheetName(1), "C2"); err != nil || kind != excelize.CellTypeUnset {
		t.Errorf("a size is of type %v, %v, want a number", kind, err)
	}
	nothingLeft(t, s)
}

// TestFormatFlagsThatCannotBe are wrong usage, before anybody is asked.
func TestFormatFlagsThatCannotBe(t *testing.T) {
	for want, args := range map[string][]string{
		"none of comma, semicolon, tab, locale": {"--csv", "-", "--delimiter", "pipe"},
		"--sheets is for --xlsx":                {"--csv", "-", "--sheets", "tenant"},
		"--dates is for files":                  {"--dates", "local"},
		"only one of the files":                 {"--csv", "-", "--html", "-"},
		"NAME=EXPRESSION":                       {"--compute", "Domain"},
		"a value expected at 3":                 {"--compute", "Domain=1 +"},
	} {
		do(t, "", append(append([]string{"run", "--url", "https://127.0.0.1:1/", "--user", "a@b.example"}, args...), "Get-Mailbox")...).fits(t, cli.ExitUsage, "", want)
	}
}

// TestACoverSaysWhichRows: what kept rows away, how many of how many there are, and that more
// may be there where a run was ended after as many as were wanted.
func TestACoverSaysWhichRows(t *testing.T) {
	s := start(t, simulator.Options{})
	name := filepath.Join(t.TempDir(), "a.md")
	cover := func(args ...string) string {
		t.Helper()
		do(t, s.Password()+"\n", at(s, append([]string{"--markdown", name}, args...)...)...).fits(t, cli.ExitDone, s.Password())
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	text := cover("--line", "Get-Mailbox | Where-Object {$_.Alias -like 'a*'} | Select-Object -First 3")
	all := cover("Get-Mailbox")
	for _, want := range []string{`Filter[^\n]*Alias -like 'a\*'[^\n]*-First 3`, `Rows[^\n]*3 of \d+`, `only some of the rows`} {
		if !regexp.MustCompile(strings.ReplaceAll(want, `\*'`, `\\?\*'`)).MatchString(text) {
			t.Errorf("the cover has no %s:\n%.600s", want, text)
		}
	}
	if strings.Contains(all, "Filter") || strings.Contains(all, " of ") && strings.Contains(all, "only some") || !strings.Contains(all, "Yes") {
		t.Errorf("the cover of all rows:\n%.600s", all)
	}
	if text = cover("--max-rows", "2", "Get-Mailbox"); !strings.Contains(text, "only some of the rows") {
		t.Errorf("the cover of the first rows:\n%.600s", text)
	}
}
