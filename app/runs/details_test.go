package runs

import (
	"testing"

	"postroom/session/result"
)

// TestARowWithoutANameHasATitle: a row that was not sent has its object and nothing else.
func TestARowWithoutANameHasATitle(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	for _, cells := range [][2]string{{"ada@contoso.example", "Ada"}, {"bert@contoso.example", ""}, {"", ""}} {
		b.BeginRow()
		for i, name := range []string{"Object", "DisplayName"} {
			if cells[i] != "" {
				b.Text([]byte(name), []byte(cells[i]))
			}
		}
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	view := table.Snapshot()
	name, ok := view.Column("DisplayName")
	if !ok {
		t.Fatal("there is no column for names")
	}
	model := rowModel{view, name}
	for row, want := range []string{"Ada", "bert@contoso.example", ""} {
		if got := model.Title(row); got != want {
			t.Errorf("row %d is called %q, want %q", row, got, want)
		}
	}
}
