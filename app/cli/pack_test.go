package cli_test

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
)

// An address that is built as the cloud's is asked for the cloud's reports alone: the row and
// the cover say which were left out, and where they are. That is no failure.
func TestAPackLeavesOutWhatTheServiceHasNot(t *testing.T) {
	s := start(t, simulator.Options{})
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "pack.json")
	write(t, file, `{"version": 1, "packs": [{"name": "both", "title": {"en": "Both"}, "parts": [{"report": "accepted-domains"}, {"report": "receive-connectors"}]}]}`)
	do(t, "", "report", "--import", file, "--yes").fits(t, cli.ExitDone, "", "kept both")
	got := do(t, s.Password()+"\n", reportAt(s, "both", "--dir", dir, "--csv", "-", "--tenant", nordsee)...)
	got.fits(t, cli.ExitDone, s.Password(), "wrote")
	rows := readCSV(t, got.stdout)
	if len(rows) != 3 || !slices.Equal(rows[2][1:4], []string{"not available", "0", "0"}) || rows[2][5] != "only in ONPREM" {
		t.Errorf("%s", got.stdout)
	}
	books := files(t, dir)
	if len(books) != 1 || strings.Contains(books[0], "partial") {
		t.Fatalf("%q", books)
	}
	if cover := sheetText(t, filepath.Join(dir, books[0])); !strings.Contains(cover, "not available: only in ONPREM") {
		t.Errorf("the cover says %s", cover)
	}
	nothingLeft(t, s)
}

// The cover of a tenant that lets nobody in says why nothing was asked there.
func TestACoverSaysWhoRefused(t *testing.T) {
	s := start(t, simulator.Options{})
	dir := t.TempDir()
	got := do(t, s.Password()+"\n", small(t, s, dir, "--tenant", "closed.example")...)
	got.fits(t, cli.ExitConnect, s.Password(), "closed.example")
	name := ""
	for _, file := range files(t, dir) {
		if strings.HasPrefix(file, "closed.example") {
			name = file
		}
	}
	if cover := sheetText(t, filepath.Join(dir, name)); strings.Count(cover, "not asked: You are not a delegated administrator of this tenant.") != 2 {
		t.Errorf("the cover in %s says %s", name, cover)
	}
	nothingLeft(t, s)
}

// sheetText is all text in a workbook.
func sheetText(t *testing.T, name string) string {
	t.Helper()
	book, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close() //nolint:errcheck // it is read only
	var all strings.Builder
	for _, part := range book.File {
		r, err := part.Open()
		if err == nil {
			_, err = io.Copy(&all, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// small keeps a pack of two reports and gives its words against the simulator.
func small(t *testing.T, s *simulator.Server, dir string, more ...string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pack.json")
	write(t, file, `{"version": 1, "packs": [{"name": "small", "title": {"en": "Small"}, "parts": [{"report": "accepted-domains", "columns": ["DomainName"]}, {"report": "transport-rules"}]}]}`)
	do(t, "", "report", "--import", file, "--yes").fits(t, cli.ExitDone, "", "kept small")
	return reportAt(s, "small", append([]string{"--dir", dir, "--csv", "-", "--tenant", nordsee, "--tenant", "alpenhof.example"}, more...)...)
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// A report that is refused in one tenant does not keep the others from running: its
// file is named partial, the row says why, and the exit code too. --retry asks for it
// again.
func TestAPackOfWhichAPartFails(t *testing.T) {
	rule := simulator.Rule{Fault: simulator.Transient, On: simulator.Cmdlet, Cmdlet: "Get-TransportRule", Tenant: nordsee, Limit: 1}
	s := start(t, simulator.Options{Faults: &simulator.Faults{Rules: []simulator.Rule{rule}}})
	dir := t.TempDir()
	got := do(t, s.Password()+"\n", small(t, s, dir, "--files", "csv", "--pattern", "{tenant}_{report}")...)
	got.fits(t, cli.ExitCmdletErrors, s.Password(), "wrote")
	rows := readCSV(t, got.stdout)
	state := slices.Index(rows[0], "State")
	if strings.Join(rows[0], ",") != "Tenant,Report,State,Rows,Errors,Seconds,Note" || len(rows) != 5 || strings.Join(column(rows[1:], state), ",") != "whole,failed,whole,whole" {
		t.Errorf("%s", got.stdout)
	}
	names := files(t, dir)
	if want := []string{"alpenhof.example_accepted-domains.csv", "alpenhof.example_transport-rules.csv", nordsee + "_accepted-domains.csv", nordsee + "_transport-rules_partial.csv"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	b, err := os.ReadFile(filepath.Join(dir, "alpenhof.example_accepted-domains.csv"))
	if domains := readCSV(t, strings.TrimPrefix(string(b), "\ufeff")); err != nil || len(domains) < 2 || len(domains[0]) != 1 {
		t.Errorf("%s, %v", b, err)
	}
	nothingLeft(t, s)

	s = start(t, simulator.Options{Faults: &simulator.Faults{Rules: []simulator.Rule{rule}}})
	dir = t.TempDir()
	do(t, s.Password()+"\n", small(t, s, dir, "--files", "all", "--pattern", "everything", "--retry", "1")...).fits(t, cli.ExitDone, s.Password())
	if names := files(t, dir); !slices.Equal(names, []string{"everything.xlsx"}) {
		t.Errorf("%q", names)
	}
	nothingLeft(t, s)
}

func TestPackUsage(t *testing.T) {
	s := start(t, simulator.Options{})
	dir := t.TempDir()
	for name, c := range map[string]struct {
		args  []string
		words []string
	}{
		"a kind of files":  {small(t, s, dir, "--files", "zip"), []string{"zip", "tenant, all, csv"}},
		"names alike":      {reportAt(s, "small", "--dir", dir, "--tenant", nordsee, "--tenant", "alpenhof.example", "--pattern", "same"), []string{"{tenant}"}},
		"a path":           {reportAt(s, "small", "--dir", dir, "--tenant", nordsee, "--pattern", "../{tenant}"), []string{"--pattern"}},
		"files of reports": {reportAt(s, "mailbox-list", "--dir", dir), []string{"mailbox-list is a report"}},
	} {
		t.Run(name, func(t *testing.T) {
			do(t, s.Password()+"\n", c.args...).fits(t, cli.ExitUsage, s.Password(), c.words...)
		})
	}
	if s.Stats().Requests != 0 {
		t.Errorf("%d requests were sent", s.Stats().Requests)
	}
}
