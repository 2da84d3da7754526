package runs_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/app/runs"
	"postroom/session"
	"postroom/session/cmdlet"
)

// TestPickFromTheRowsOfAnotherTab: values come from a list of the same tenant, and from no
// other's.
func TestPickFromTheRowsOfAnotherTab(t *testing.T) {
	b, list := ranMailboxes(t)
	tab := b.tab("Set-Mailbox", "Identity")
	test.Tap(b.button("Pick"))
	if b.desk.Sheets.Count() != 0 || b.desk.Toasts.Count() != 1 {
		t.Fatal("nothing to pick from is not told")
	}
	b.tabs = []*runs.Tab{list, tab}
	test.Tap(b.button("Pick"))
	b.settle()
	b.reads("Get-Something · Name", "user00")
	keys(b, "user07", fyne.KeyReturn)
	b.settle()
	keys(b, "", fyne.KeyReturn)
	if got := tab.Form().Values()["Identity"]; got != "user07" {
		t.Errorf("picked %q", got)
	}
}

func TestChooseAFile(t *testing.T) {
	b := newBench(t)
	b.usual = nothing
	dir := t.TempDir()
	name := filepath.Join(dir, "root.cer")
	if err := os.WriteFile(name, []byte{0, 1, 2}, 0o600); err != nil {
		t.Fatal(err)
	}
	tab := b.tabOf(cmdlet.Cmdlet{Name: "Import-Something", Parameters: []cmdlet.Parameter{{Name: "FileData", Type: "System.Byte[]", Kind: cmdlet.File, Position: -1}}})
	test.Tap(b.button("Choose a file"))
	keys(b, dir, fyne.KeyReturn)
	b.settle()
	b.reads("This file cannot be read.")
	keys(b, strings.TrimPrefix(name, dir), fyne.KeyReturn)
	b.until("the file", func() bool { return tab.Form().Values()["FileData"] == "AAEC" })
	b.settle()
	b.reads("root.cer")
}

// TestPickFromTheServer: an identity is searched by name on the server, by keyboard, with
// what the account may run; what was found is picked like the rows of another tab.
func TestPickFromTheServer(t *testing.T) {
	b := newBench(t)
	tab := b.tab("Set-Mailbox", "Identity")
	test.Tap(b.button("Pick"))
	if b.desk.Sheets.Count() != 0 || b.desk.Toasts.Count() != 1 {
		t.Fatal("that nothing can be picked is not told")
	}
	b.may = map[string]cmdlet.Cmdlet{"Get-Recipient": {Name: "Get-Recipient", Parameters: []cmdlet.Parameter{{Name: "Anr"}, {Name: "ResultSize"}}}}
	b.usual = rows()
	test.Tap(b.button("Pick"))
	b.reads("Enter searches Alpenhof with Get-Recipient.")
	keys(b, "", fyne.KeyReturn)
	b.reads("Type a name, or a part of it.")
	test.Tap(b.button("Cancel"))
	tab.Form().SetValues(map[string]string{"Identity": "okafor"})
	test.Tap(b.button("Pick")) // what was typed before is what is looked for
	keys(b, "", fyne.KeyReturn)
	b.until("the answer", func() bool { return strings.Contains(b.text(), "The server found nothing with that name.") })
	b.usual = rows("ada.okafor", "ben.okafor")
	test.Tap(b.button("Find on the server"))
	b.until("the rows", func() bool { return strings.Contains(b.text(), "ben.okafor") })
	desktest.Shot(t, b.desk, "pick from the server")
	keys(b, "ben", fyne.KeyReturn)
	b.settle()
	keys(b, "", fyne.KeyReturn)
	if got := tab.Form().Values()["Identity"]; got != "ben.okafor" {
		t.Errorf("picked %q", got)
	}
	if sent := b.commands(); len(sent) != 2 || sent[1] != "alpenhof.example: Get-Recipient -Anr okafor -ResultSize 200" {
		t.Errorf("sent %q", sent)
	}
}

// TestASearchOnTheServerEndsWithItsSheet, and what goes wrong is explained in it.
func TestASearchOnTheServerEndsWithItsSheet(t *testing.T) {
	b := newBench(t)
	b.may = map[string]cmdlet.Cmdlet{"Get-TransportRule": {Name: "Get-TransportRule"}}
	ended := make(chan error, 1)
	b.usual = func(ctx context.Context, _ session.Sink) error {
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return context.Cause(ctx)
	}
	b.tab("Set-TransportRule", "Identity")
	test.Tap(b.button("Pick"))
	test.Tap(b.button("Find on the server")) // all are listed: no name is needed
	b.reads("Asking the server")
	test.Tap(b.button("Cancel"))
	if err := <-ended; err == nil {
		t.Error("the search went on")
	}
	b.settle()
	b.usual = func(context.Context, session.Sink) error { return errors.New("the term is not recognized") }
	test.Tap(b.button("Pick"))
	test.Tap(b.button("Find on the server"))
	b.until("what went wrong", func() bool { return !strings.Contains(b.text(), "Asking the server") })
	if b.desk.Sheets.Count() != 1 {
		t.Error("the sheet is gone")
	}
}
