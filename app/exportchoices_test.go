package app

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/session/result"
)

// TestExportChoices: what is chosen in the sheet is what the file has.
func TestExportChoices(t *testing.T) {
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox", Account: "kim@fabrikam.example"}, result.TenantColumn)
	b := table.Builder()
	for _, tenant := range []string{"a.example", "b.example"} {
		b.BeginRow()
		b.Own(result.TenantColumn, []byte(tenant))
		b.List([]byte("Mail"), [][]byte{[]byte("x"), []byte("y")}, nil)
		b.Text([]byte("Size"), []byte("2 KB (2,048 bytes)"))
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	v := table.Snapshot()
	var chosen exportChoices
	questions := chosen.questions(v)
	if len(questions) != 5 {
		t.Fatalf("%d questions", len(questions))
	}
	for i, option := range []int{2, 1, 1, 1, 1} {
		if option >= len(questions[i].Options) {
			t.Fatalf("%s has no option %d", questions[i].Label, option)
		}
		questions[i].OnChosen(option)
	}
	write := func(name string) (string, result.Report) {
		var out bytes.Buffer
		report, err := result.Write(t.Context(), &out, v, chosen.options(name, v, false))
		if err != nil {
			t.Fatal(err)
		}
		return out.String(), report
	}
	csv, _ := write("rows.csv")
	if want := "\uFEFFTenant;Mail;Size\r\na.example;x;2048\r\na.example;y;2048\r\nb.example;x;2048\r\nb.example;y;2048\r\n"; csv != want {
		t.Errorf("%q, want %q", csv, want)
	}
	if _, report := write("rows.xlsx"); report.Sheets != 2 {
		t.Errorf("%d sheets, want one for each tenant", report.Sheets)
	}
	if page, _ := write("rows.html"); !strings.Contains(page, "kim@fabrikam.example") || !strings.Contains(page, "stopped before all rows") {
		t.Errorf("the page does not say what it is:\n%s", page)
	}
	alone := result.NewTable(result.Provenance{}).Snapshot()
	if n := len(chosen.questions(alone)); n != 4 {
		t.Errorf("%d questions without tenants", n)
	}
}

// TestALongExportCanBeCancelled: it says how far it is, offers to stop, and leaves
// nothing of what was not wanted.
func TestALongExportCanBeCancelled(t *testing.T) {
	w, _ := withDemo(t)
	dir := t.TempDir()
	name := filepath.Join(dir, "rows.csv")
	var o result.Options
	stopped := false
	before := w.desk.Toasts.Count()
	key := w.exporter.begun(name, manyRows, &o, func() { stopped = true })
	if key == "" || o.Progress == nil || w.desk.Toasts.Count() != before+1 {
		t.Fatalf("key %q, %d toasts", key, w.desk.Toasts.Count())
	}
	w.desk.Toasts.Drop(key)
	if w.exporter.begun(name, 10, &o, nil) != "" || w.desk.Toasts.Count() != before || stopped {
		t.Error("few rows are told of")
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errNotWanted)
	if _, err := w.exporter.exports.write(ctx, name, tableOf(t, 5000), result.Options{}); !errors.Is(err, errNotWanted) {
		t.Errorf("%v, want that it was not wanted", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
