package app

import (
	"bytes"
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
