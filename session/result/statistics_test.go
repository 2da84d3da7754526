package result_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"postroom/session/result"
)

// mailboxes has a table of few rows to filter and to count.
func mailboxes(t *testing.T) *result.View {
	t.Helper()
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	day := func(d time.Time) result.Time {
		return result.Time{Ticks: (d.Unix() + 62135596800) * 10_000_000, Kind: result.TimeUTC}
	}
	for i, m := range []struct {
		name, size, kept, kind string
		items                  int64
		seen                   time.Time
	}{
		{"Ada", "2 GB (2,147,483,648 bytes)", "14.00:00:00", "UserMailbox", 30, time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC)},
		{"Bo", "500 MB (524,288,000 bytes)", "1.00:00:00", "SharedMailbox", 10, time.Date(2024, 1, 31, 8, 0, 0, 0, time.UTC)},
		{"Cy", "Unlimited", "00:30:00", "UserMailbox", 20, time.Date(2023, 12, 1, 8, 0, 0, 0, time.UTC)},
		{"Di", "", "30.00:00:00", "UserMailbox", 40, time.Time{}},
		{"Ed", "100 GB (107,374,182,400 bytes)", "7.00:00:00", "RoomMailbox", 10, time.Date(2024, 2, 10, 8, 0, 0, 0, time.UTC)},
	} {
		b.BeginRow()
		b.Text([]byte("Name"), []byte(m.name))
		b.Text([]byte("Size"), []byte(m.size))
		b.Text([]byte("Kept"), []byte(m.kept))
		b.Text([]byte("Type"), []byte(m.kind))
		b.Int([]byte("Items"), m.items)
		if m.seen.IsZero() {
			b.Null([]byte("Seen"))
		} else {
			b.Time([]byte("Seen"), day(m.seen))
		}
		b.List([]byte("Tags"), [][]byte{[]byte("all"), []byte(fmt.Sprint("t", i%2))}, nil)
		check(t, b.EndRow())
	}
	return table.Snapshot()
}

func namesOf(v *result.View) string {
	rows, _ := v.Size()
	var names []string
	col, _ := v.Column("Name")
	for row := range rows {
		names = append(names, v.Cell(row, col))
	}
	return strings.Join(names, " ")
}

func TestCriteriaByWhatValuesMean(t *testing.T) {
	v := mailboxes(t)
	now := time.Date(2024, 3, 4, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		criterion result.Criterion
		want      string
	}{
		{result.Criterion{Column: "Items", Op: result.Between, Value: "10", To: "20"}, "Bo Cy Ed"},
		{result.Criterion{Column: "Items", Op: result.Between, Value: "10", To: "20", Not: true}, "Ada Di"},
		{result.Criterion{Column: "Items", Op: result.Between, Value: "20", To: "10"}, "Bo Cy Ed"},
		{result.Criterion{Column: "Size", Op: result.Between, Value: "3,5 GB", To: "400 MB"}, "Ada Bo"},
		{result.Criterion{Column: "Seen", Op: result.Between, Value: "2024-02-10", To: "2024-01"}, "Bo Ed"},
		{result.Criterion{Column: "Size", Op: result.Between, Value: "400 MB", To: "3 GB"}, "Ada Bo"},
		{result.Criterion{Column: "Size", Op: result.Greater, Value: "3 GB"}, "Cy Ed"},
		{result.Criterion{Column: "Kept", Op: result.GreaterOrEqual, Value: "7 days"}, "Ada Di Ed"},
		{result.Criterion{Column: "Kept", Op: result.Less, Value: "01:00:00"}, "Cy"},
		{result.Criterion{Column: "Kept", Op: result.Between, Value: "1 Tag", To: "2 weeks"}, "Ada Bo Ed"},
		{result.Criterion{Column: "Seen", Op: result.Between, Value: "2024-01", To: "2024-02-10"}, "Bo Ed"},
		{result.Criterion{Column: "Seen", Op: result.Last, Value: "30 days"}, "Ada Ed"},
		{result.Criterion{Column: "Seen", Op: result.Older, Value: "30 Tage"}, "Bo Cy"},
		{result.Criterion{Column: "Seen", Op: result.Last, Value: "2 months"}, "Ada Bo Ed"},
		{result.Criterion{Column: "Seen", Op: result.Last, Value: "100 h"}, "Ada"},
		{result.Criterion{Column: "Seen", Op: result.Last, Value: "soon"}, ""},
		{result.Criterion{Column: "Type", Op: result.OneOf, Values: []string{"SharedMailbox", "RoomMailbox"}}, "Bo Ed"},
		{result.Criterion{Column: "Type", Op: result.OneOf, Values: []string{"usermailbox"}}, ""},
		{result.Criterion{Column: "Tags", Op: result.OneOf, Values: []string{"t1"}}, "Bo Di"},
		{result.Criterion{Column: "Seen", Op: result.OneOf, Values: []string{"", "2024-03-01 08:00:00Z"}}, "Ada Di"},
	} {
		kept, err := v.Filter(t.Context(), result.Filter{Where: []result.Criterion{c.criterion}, Now: now})
		check(t, err)
		if got := namesOf(kept); got != c.want {
			t.Errorf("%+v: %q, want %q", c.criterion, got, c.want)
		}
	}
	for in, want := range map[string]string{"": "", "Name": "", "Type": "Ada Cy Di"} {
		f := result.Filter{Text: "usermail"}
		if in == "" {
			f.Text = "mail"
			want = "Ada Bo Cy Di Ed"
		} else {
			f.In = []string{in, "Nothing"}
		}
		kept, err := v.Filter(t.Context(), f)
		check(t, err)
		if got := namesOf(kept); got != want {
			t.Errorf("words in %q: %q, want %q", in, got, want)
		}
	}
}

func TestStatistics(t *testing.T) {
	v := mailboxes(t)
	const day = 864_000_000_000
	for name, want := range map[string]result.Statistics{
		"Items": {Rows: 5, Distinct: 4, Numbers: 5, Sum: 110, Average: 22, Median: 20, Min: "10", Max: "40", MinRow: 1, MaxRow: 3},
		"Size": {
			Rows: 5, Empty: 1, Distinct: 4, Unit: result.UnitBytes, Numbers: 3, Unlimited: 1,
			Sum: 110045954048, Average: 110045954048 / 3.0, Median: 2147483648, Min: "500 MB (524,288,000 bytes)", Max: "Unlimited", MinRow: 1, MaxRow: 2,
		},
		"Kept": {Rows: 5, Distinct: 5, Unit: result.UnitTicks, Numbers: 5, Sum: 52*day + day/48, Average: (52*day + day/48) / 5.0, Median: 7 * day, Min: "00:30:00", Max: "30.00:00:00", MinRow: 2, MaxRow: 3},
		"Seen": {Rows: 5, Empty: 1, Distinct: 4, Min: "2023-12-01 08:00:00Z", Max: "2024-03-01 08:00:00Z", MinRow: 2},
		"Type": {Rows: 5, Distinct: 3, Min: "RoomMailbox", Max: "UserMailbox", MinRow: 4, MaxRow: 3},
	} {
		col, _ := v.Column(name)
		got, err := v.Statistics(t.Context(), col)
		check(t, err)
		if got != want {
			t.Errorf("%s: %+v\nwant %+v", name, got, want)
		}
	}
	none, err := v.WithRows().Statistics(t.Context(), 0)
	check(t, err)
	if none != (result.Statistics{MinRow: -1, MaxRow: -1}) {
		t.Errorf("no rows: %+v", none)
	}
	selected, err := v.WithRowIDs(0, 3).Statistics(t.Context(), 4)
	check(t, err)
	if selected.Sum != 70 || selected.Median != 35 {
		t.Errorf("a selection: %+v", selected)
	}
}

func TestGroups(t *testing.T) {
	v := mailboxes(t)
	for column, want := range map[string]string{
		"Type": "RoomMailbox: Ed; SharedMailbox: Bo; UserMailbox: Ada Cy Di",
		"Seen": "2023-12-01 08:00:00Z: Cy; 2024-01-31 08:00:00Z: Bo; 2024-02-10 08:00:00Z: Ed; 2024-03-01 08:00:00Z: Ada; : Di",
	} {
		col, _ := v.Column(column)
		groups, err := v.GroupBy(t.Context(), col)
		check(t, err)
		var got []string
		for _, g := range groups {
			got = append(got, g.Text+": "+namesOf(g.Rows))
		}
		if g := strings.Join(got, "; "); g != want {
			t.Errorf("%s: %q, want %q", column, g, want)
		}
	}
}

func TestValuesAreCounted(t *testing.T) {
	v := mailboxes(t)
	for column, want := range map[string]string{
		"Type": "3 of [{UserMailbox 3} {RoomMailbox 1}]", "Tags": "3 of [{all 5} {t0 3}]", "Seen": "5 of [{ 1} {2023-12-01 08:00:00Z 1}]",
	} {
		col, _ := v.Column(column)
		most, distinct, err := v.Values(t.Context(), col, 2)
		check(t, err)
		if got := fmt.Sprint(distinct, " of ", most); got != want {
			t.Errorf("%s: %s, want %s", column, got, want)
		}
	}
}

func TestLooksEndWithTheirContext(t *testing.T) {
	v := mailboxes(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, stats := v.Statistics(ctx, 0)
	_, groups := v.GroupBy(ctx, 0)
	_, _, values := v.Values(ctx, 0, 1)
	for _, err := range []error{stats, groups, values} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want the context's", err)
		}
	}
}

// TestTypedValuesAreRead: what can be compared with, and what a person has to be told of.
func TestTypedValuesAreRead(t *testing.T) {
	for value, want := range map[string]result.Reading{
		"30":         {Number: true, Ago: true},
		"1.5":        {Number: true},
		"1,5":        {Number: true},
		"1,5 GB":     {Number: true},
		"500 MB":     {Number: true},
		"2026":       {Number: true, Time: true, Ago: true},
		"2026-12":    {Time: true},
		"31.12.2026": {Time: true},
		"2 weeks":    {Duration: true, Ago: true},
		"3 Monate":   {Duration: true, Ago: true},
		"1.12:00:00": {Duration: true},
		"1,500":      {}, // 1500 or 1.5
		"1.234,5":    {},
		"31.12.26":   {},
		"30 apples":  {},
		"viel":       {},
		"":           {},
	} {
		if got := result.Read(value); got != want {
			t.Errorf("%q is read as %+v, want %+v", value, got, want)
		}
	}
}
