package result_test

import (
	"reflect"
	"strings"
	"testing"

	"postroom/session/result"
)

// people is a small table with a column of each kind that a filter treats in its own way.
func people(t *testing.T) *result.View {
	t.Helper()
	const day = 864_000_000_000
	const start = 638449344000000000 // 2024-03-02
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	for i, p := range []struct {
		name, size string
		age        int64
		enabled    bool
		addresses  []string
	}{
		{"M\u00fcller, Jos\u00c9", "10 GB (10,737,418,240 bytes)", 30, true, []string{"SMTP:jose@contoso.com", "smtp:j.mueller@fabrikam.com"}},
		{"Kim Akers", "Unlimited", 5, false, []string{"SMTP:kim@contoso.com"}},
		{"kim abercrombie", "900 MB (943,718,400 bytes)", 41, true, nil},
		{"", "", -1, false, []string{}},
	} {
		b.BeginRow()
		b.Text([]byte("Name"), []byte(p.name))
		if p.size == "" {
			b.Null([]byte("Size"))
		} else {
			b.Text([]byte("Size"), []byte(p.size))
		}
		if p.age < 0 {
			b.Null([]byte("Age"))
		} else {
			b.Int([]byte("Age"), p.age)
		}
		b.Bool([]byte("Enabled"), p.enabled)
		b.Time([]byte("Created"), result.Time{Ticks: start + int64(i)*day + 12*36_000_000_000, Kind: result.TimeUTC})
		b.Duration([]byte("Idle"), int64(i)*36_000_000_000)
		if p.addresses != nil {
			var items [][]byte
			for _, a := range p.addresses {
				items = append(items, []byte(a))
			}
			b.List([]byte("Addresses"), items, nil)
		}
		check(t, b.EndRow())
	}
	return table.Snapshot()
}

func TestFilterText(t *testing.T) {
	view := people(t)
	for _, c := range []struct {
		text string
		want []int
	}{
		{"", []int{0, 1, 2, 3}},
		{"  ", []int{0, 1, 2, 3}},
		{"kim", []int{1, 2}},
		{"KIM A", []int{1, 2}},
		{`"kim ak"`, []int{1}},
		{"m\u00dcLLER", []int{0}},
		{"jos\u00e9", []int{0}},
		{"fabrikam kim", []int{}},
		{"mueller@", []int{0}},
		{"41", []int{0, 2}}, // 10,737,418,240 has it too
		{"1 41", []int{0, 2}},
		{"-41", []int{}},
		{"2024-03-03", []int{1}},
		{"true", []int{0, 2}},
		{"rue fals", []int{}},
		{"03:00", []int{3}},
		{"nothing here", []int{}},
		{`"`, []int{0, 1, 2, 3}},
		{"unlimited false", []int{1}},
	} {
		got, err := view.Filter(t.Context(), result.Filter{Text: c.text})
		check(t, err)
		if !reflect.DeepEqual(got.RowIDs(), c.want) {
			t.Errorf("%q: rows %v, want %v", c.text, got.RowIDs(), c.want)
		}
	}
	names := view.WithColumns(0)
	got, err := names.Filter(t.Context(), result.Filter{Text: "contoso"})
	check(t, err)
	if rows, _ := got.Size(); rows != 0 {
		t.Error("a column that the view does not show was searched")
	}
}

func TestFilterCriteria(t *testing.T) {
	view := people(t)
	all := func(where ...result.Criterion) []result.Criterion { return where }
	one := func(column string, op result.Op, value string) []result.Criterion {
		return all(result.Criterion{Column: column, Op: op, Value: value})
	}
	not := func(column string, op result.Op, value string) []result.Criterion {
		return all(result.Criterion{Column: column, Op: op, Value: value, Not: true})
	}
	for _, c := range []struct {
		where []result.Criterion
		want  []int
	}{
		{one("Name", result.Equals, "KIM AKERS"), []int{1}},
		{one("name", result.Contains, "im a"), []int{1, 2}},
		{one("Name", result.StartsWith, "Kim"), []int{1, 2}},
		{one("Name", result.EndsWith, "AKERS"), []int{1}},
		{one("Name", result.Empty, ""), []int{3}},
		{not("Name", result.Empty, ""), []int{0, 1, 2}},
		{not("Name", result.Contains, "kim"), []int{0, 3}},
		{one("Name", result.Greater, "kim b"), []int{0}},
		{one("Name", result.LessOrEqual, "Kim Akers"), []int{1, 2, 3}},
		{one("Age", result.Equals, "5"), []int{1}},
		{one("Age", result.Equals, "5.0"), []int{1}},
		{one("Age", result.Greater, "5"), []int{0, 2}},
		{one("Age", result.GreaterOrEqual, "5"), []int{0, 1, 2}},
		{one("Age", result.Less, "30"), []int{1}},
		{not("Age", result.Less, "30"), []int{0, 2, 3}},
		{one("Age", result.Empty, ""), []int{3}},
		{one("Age", result.StartsWith, "4"), []int{2}},
		{one("Size", result.Greater, "1 GB"), []int{0, 1}},
		{one("Size", result.Less, "1GB"), []int{2}},
		{one("Size", result.Equals, "10 GB"), []int{0}},
		{one("Size", result.Equals, "unlimited"), []int{1}},
		{one("Size", result.GreaterOrEqual, "943718400"), []int{0, 1, 2}},
		{one("Size", result.Empty, ""), []int{3}},
		{one("Enabled", result.Equals, "true"), []int{0, 2}},
		{one("Created", result.Equals, "2024-03-03"), []int{1}},
		{one("Created", result.Equals, "3/3/2024"), []int{1}},
		{one("Created", result.Equals, "2024-03"), []int{0, 1, 2, 3}},
		{one("Created", result.Greater, "2024-03-03"), []int{2, 3}},
		{one("Created", result.GreaterOrEqual, "2024-03-03"), []int{1, 2, 3}},
		{one("Created", result.Less, "2024-03-03"), []int{0}},
		{one("Created", result.LessOrEqual, "2024-03-03"), []int{0, 1}},
		{one("Created", result.Equals, "2024-03-03 12:00"), []int{1}},
		{one("Created", result.Equals, "2024-03-03T14:00:00+02:00"), []int{1}},
		{one("Idle", result.GreaterOrEqual, "02:00:00"), []int{2, 3}},
		{one("Idle", result.Less, "1:30"), []int{0, 1}},
		{one("Addresses", result.Equals, "smtp:kim@contoso.com"), []int{1}},
		{one("Addresses", result.Contains, "FABRIKAM"), []int{0}},
		{one("Addresses", result.StartsWith, "smtp:j."), []int{0}},
		{one("Addresses", result.Empty, ""), []int{2, 3}},
		{not("Addresses", result.Contains, "contoso"), []int{2, 3}},
		{all(result.Criterion{Column: "Enabled", Value: "true"}, result.Criterion{Column: "Age", Op: result.Greater, Value: "35"}), []int{2}},
	} {
		got, err := view.Filter(t.Context(), result.Filter{Where: c.where})
		check(t, err)
		if !reflect.DeepEqual(got.RowIDs(), c.want) {
			t.Errorf("%+v: rows %v, want %v", c.where, got.RowIDs(), c.want)
		}
	}
	for _, c := range []struct {
		where []result.Criterion
		want  int
	}{{one("Nope", result.Empty, ""), 4}, {not("Nope", result.Empty, ""), 0}, {one("Nope", result.Contains, "a"), 0}, {not("Nope", result.Equals, "a"), 4}} {
		got, err := view.Filter(t.Context(), result.Filter{Where: c.where})
		check(t, err)
		if rows, _ := got.Size(); rows != c.want {
			t.Errorf("%+v on a column that is not there: %d rows, want %d", c.where, rows, c.want)
		}
	}
}

// Over many segments the fast path gives what looking at every cell gives.
func TestFilterIsWhatASlowOneGives(t *testing.T) {
	view := numbers(t, 13000).Snapshot()
	backwards, err := view.SortedBy(t.Context(), result.SortKey{Direction: result.Descending})
	check(t, err)
	for _, v := range []*result.View{view, backwards, backwards.WithRows(5, 12999, 4, 7000)} {
		for _, word := range []string{"99", "odd", "name12", "E1", "EVEN", "x"} {
			want := []int{}
			rows, cols := v.Size()
			for row := range rows {
				found := false
				for col := range cols {
					found = found || strings.Contains(v.Cell(row, col), strings.ToLower(word))
				}
				if found {
					want = append(want, v.RowID(row))
				}
			}
			got, err := v.Filter(t.Context(), result.Filter{Text: word})
			check(t, err)
			if !reflect.DeepEqual(got.RowIDs(), want) {
				t.Errorf("%q: %d rows, want %d", word, len(got.RowIDs()), len(want))
			}
		}
	}
}
