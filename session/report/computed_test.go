package report_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"postroom/session/report"
	"postroom/session/result"
)

// TestComputedColumns: they are columns as others, typed, also for rows that come later,
// and each may use those before it.
func TestComputedColumns(t *testing.T) {
	table := result.NewTable(result.Provenance{}, result.TenantColumn)
	b := table.Builder()
	add := func(n int) {
		b.BeginRow()
		b.Own(result.TenantColumn, []byte("contoso.example"))
		b.Text([]byte("Mail"), fmt.Appendf(nil, "user%d@d%d.example", n, n%3))
		b.Text([]byte("Size"), fmt.Appendf(nil, "1 KB (%d bytes)", 1024*n))
		b.Time([]byte("Created"), result.Time{Ticks: 638_000_000_000_000_000, Kind: result.TimeUTC})
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 5000 { // more than one segment
		add(n)
	}
	c, err := report.Compute([]report.Column{
		{Name: "Domain", Value: "domain(Mail)"},
		{Name: "KB", Value: "bytes(Size) / 1KB"},
		{Name: "Large", Value: "KB > 4000"},
		{Name: "Size", Value: "amount(bytes(Size))"},
		{Name: "Age", Value: "days(Created)"},
	}, time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.View(t.Context(), table.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5000 {
		add(5000 + n)
	}
	v, err := c.View(t.Context(), table.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	if rows, cols := first.Size(); rows != 5000 || cols != 9 {
		t.Fatalf("%d rows, %d columns", rows, cols)
	}
	if rows, _ := v.Size(); rows != 10_000 {
		t.Fatalf("%d rows, want those that came later too", rows)
	}
	for _, n := range []int{0, 4095, 4096, 7777, 9999} {
		got := fmt.Sprint(v.Cell(n, 4), " ", v.Value(n, 5).Int, " ", v.Value(n, 6).Bool)
		if want := fmt.Sprintf("d%d.example %d %t", n%3, n, n > 4000); got != want {
			t.Errorf("row %d: %s, want %s", n, got, want)
		}
	}
	if name := v.Header(7); name != "Size (2)" {
		t.Errorf("a name that is taken became %q", name)
	}
	if kind := v.Kind(5); kind != result.KindInt {
		t.Errorf("a number is %v", kind)
	}
	sorted, err := v.SortedBy(t.Context(), result.SortKey{Column: 5, Direction: result.Descending})
	if err != nil || sorted.RowID(0) != 9999 {
		t.Errorf("sorted by it row %d is first, %v", sorted.RowID(0), err)
	}
	few := table.Snapshot().WithRows(7, 3).WithColumns(1)
	few, err = c.View(t.Context(), few)
	if rows, cols := few.Size(); err != nil || rows != 2 || cols != 6 || few.Cell(0, 2) != "7" || few.RowID(1) != 3 {
		t.Errorf("of two rows: %d rows, %d columns, %q, %v", rows, cols, few.Cell(0, 2), err)
	}
}

// TestComputedColumnsThatCannotBe name the column.
func TestComputedColumnsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		columns []report.Column
		syntax  bool
	}{
		{[]report.Column{{Name: " ", Value: "1"}}, false},
		{[]report.Column{{Name: "A", Value: "1"}, {Name: "a", Value: "2"}}, false},
		{[]report.Column{{Name: "A", Value: "1 +"}}, true},
		{[]report.Column{{Name: "A", Value: ""}}, true},
	} {
		_, err := report.Compute(c.columns, time.Now())
		wrong, is := errors.AsType[*report.ColumnError](err)
		_, syntax := errors.AsType[*report.SyntaxError](err)
		if !is || wrong.Column.Name != c.columns[len(c.columns)-1].Name || syntax != c.syntax {
			t.Errorf("%+v: %v", c.columns, err)
		}
	}
}

// TestComputedColumnsNameWhatIsNotThere: a misspelt property is empty in each row, and has to
// be told.
func TestComputedColumnsNameWhatIsNotThere(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	b.BeginRow()
	b.Text([]byte("Size"), []byte("1 KB (1,024 bytes)"))
	if err := b.EndRow(); err != nil {
		t.Fatal(err)
	}
	c, err := report.Compute([]report.Column{
		{Name: "KB", Value: "bytes(size) / 1KB + Bonus"},
		{Name: "Large", Value: "KB > Limit or Later"},
		{Name: "Later", Value: "'Limits'"},
	}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Missing(table.Snapshot()); !slices.Equal(got, []string{"Bonus", "Later", "Limit"}) {
		t.Errorf("missing are %q", got)
	}
}
