package app

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/app/runs"
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
	x := runs.Extract{Shown: v.WithRows(1), Selected: v.WithRows(0), All: v, Visible: 2, Filtered: "Name: contains b", Whole: false}
	choice := chosen.of(x)
	questions := choice.questions()
	if len(questions) != 8 {
		t.Fatalf("%d questions", len(questions))
	}
	for i, option := range []int{1, 1, 2, 0, 1, 1, 1, 1} {
		if option >= len(questions[i].Options) {
			t.Fatalf("%s has no option %d", questions[i].Label, option)
		}
		questions[i].OnChosen(option)
	}
	write := func(name string) (string, result.Report) {
		var out bytes.Buffer
		view, options := choice.take(name)
		report, err := result.Write(t.Context(), &out, view, options)
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
	questions[3].OnChosen(1) // for programs
	questions[1].OnChosen(0)
	questions[0].OnChosen(0)
	x.Whole = true
	choice.extract.Whole = true
	if csv, _ = write("rows.csv"); csv != "Tenant;Mail\nb.example;x\nb.example;y\n" {
		t.Errorf("the visible columns of the shown rows for programs: %q", csv)
	}
	if page, _ := write("rows.html"); !strings.Contains(page, "only some of the rows") || !strings.Contains(page, "1 of 2") || !strings.Contains(page, "Name: contains b") {
		t.Errorf("the page does not say which rows it has:\n%s", page)
	}
	x.OfSelected = true
	if view, _ := chosen.of(x).take("a.csv"); view.Cell(0, 0) != "a.example" {
		t.Error("the selection is not what is proposed")
	}
	alone := result.NewTable(result.Provenance{}).Snapshot()
	if n := len(chosen.of(runs.Extract{Shown: alone, All: alone}).questions()); n != 7 {
		t.Errorf("%d questions without tenants", n)
	}
}

// TestBothFacesSayTheSameOfAFile: what the window puts before the rows of a file is what the
// command line puts there.
func TestBothFacesSayTheSameOfAFile(t *testing.T) {
	if window, line := runs.CoverWords(), result.EnglishCover(); window != line {
		t.Errorf("the window says %+v, the command line %+v", window, line)
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

// extracted is what can be exported of a tab's rows, of which few are selected.
func extracted(t *testing.T, tab *runs.Tab) (x runs.Extract) {
	t.Helper()
	tab.Extract(func(e runs.Extract) { x = e })
	if x.Shown == nil {
		t.Fatal("there are no rows")
	}
	return x
}
