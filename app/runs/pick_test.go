package runs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/runs"
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
	b.reads("This is not a file that can be read.")
	keys(b, strings.TrimPrefix(name, dir), fyne.KeyReturn)
	b.until("the file", func() bool { return tab.Form().Values()["FileData"] == "AAEC" })
	b.settle()
	b.reads("root.cer")
}
