package result_test

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	"postroom/session/result"
)

// sorted gives the texts of a column in the order of a sort.
func sorted(t *testing.T, dir result.Direction, cells ...func(b *result.Builder, name []byte)) []string {
	t.Helper()
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	for _, cell := range cells {
		b.BeginRow()
		if cell != nil {
			cell(b, []byte("X"))
		}
		check(t, b.EndRow())
	}
	view, err := table.Snapshot().SortedBy(t.Context(), result.SortKey{Column: 0, Direction: dir})
	check(t, err)
	rows, _ := view.Size()
	var got []string
	for row := range rows {
		got = append(got, view.Cell(row, 0))
	}
	return got
}

func text(s string) func(*result.Builder, []byte) {
	return func(b *result.Builder, n []byte) { b.Text(n, []byte(s)) }
}

// Titles of the window stand in the order of rows.
func TestTextsAreComparedAsRowsAreSorted(t *testing.T) {
	list := []string{"Sicherheit", "Öffentliche Ordner", "Pakete", "Überwachung", "Nachrichtenfluss", "öffentlich 10", "öffentlich 9"}
	slices.SortFunc(list, result.CompareTexts)
	want := []string{"Nachrichtenfluss", "öffentlich 9", "öffentlich 10", "Öffentliche Ordner", "Pakete", "Sicherheit", "Überwachung"}
	if !slices.Equal(list, want) {
		t.Errorf("%q", list)
	}
}

func TestTextIsSortedNaturally(t *testing.T) {
	want := []string{
		"", " x", "-", "2", "010", "10", "100", "a", "A", "a1", "a2", "A10", "a10b", "a11", "\u00c6on", "\u00c4gypten", "b", "Muller", "M\u00fcller",
		"muller2", "Stra\u00dfe", "strasse 2", "z", "\u0416", "\u738b",
	}
	var cells []func(*result.Builder, []byte)
	for _, s := range want {
		cells = append(cells, text(s))
	}
	// Texts that are equal but for letter case keep their order, so only the others move.
	r := rand.New(rand.NewPCG(5, 5))
	r.Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
	got := sorted(t, result.Ascending, cells...)
	i, j := slices.Index(got, "a"), slices.Index(got, "A")
	if i > j {
		got[i], got[j] = got[j], got[i]
	}
	i, j = slices.Index(got, "10"), slices.Index(got, "010")
	if i < j {
		got[i], got[j] = got[j], got[i]
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestSortIsTypedAndNullsAreLast(t *testing.T) {
	null := func(b *result.Builder, n []byte) { b.Null(n) }
	integer := func(v int64) func(*result.Builder, []byte) {
		return func(b *result.Builder, n []byte) { b.Int(n, v) }
	}
	number := func(v float64) func(*result.Builder, []byte) {
		return func(b *result.Builder, n []byte) { b.Float(n, v) }
	}
	unsigned := func(v uint64) func(*result.Builder, []byte) {
		return func(b *result.Builder, n []byte) { b.Uint(n, v) }
	}
	decimal := func(v string) func(*result.Builder, []byte) {
		return func(b *result.Builder, n []byte) { b.Decimal(n, []byte(v)) }
	}
	boolean := func(v bool) func(*result.Builder, []byte) {
		return func(b *result.Builder, n []byte) { b.Bool(n, v) }
	}
	at := func(ticks int64, kind uint8, offset int16) func(*result.Builder, []byte) {
		return func(b *result.Builder, n []byte) {
			b.Time(n, result.Time{Ticks: ticks, Kind: kind, OffsetMinutes: offset})
		}
	}
	lasting := func(v int64) func(*result.Builder, []byte) {
		return func(b *result.Builder, n []byte) { b.Duration(n, v) }
	}
	const hour = 36_000_000_000
	const day = 638451072000000000
	for _, c := range []struct {
		name  string
		cells []func(*result.Builder, []byte)
		want  []string
	}{
		{
			"numbers",
			[]func(*result.Builder, []byte){integer(10), null, integer(-3), number(2.5), unsigned(math.MaxUint64), decimal("-3.5"), integer(9), nil, number(math.Inf(-1)), integer(9007199254740993), integer(9007199254740992)},
			[]string{"-Infinity", "-3.5", "-3", "2.5", "9", "10", "9007199254740992", "9007199254740993", "18446744073709551615", "", ""},
		},
		{
			"negative whole numbers",
			[]func(*result.Builder, []byte){integer(math.MinInt64), integer(-9007199254740993), integer(-9007199254740992), integer(0)},
			[]string{"-9223372036854775808", "-9007199254740993", "-9007199254740992", "0"},
		},
		{
			"sizes",
			[]func(*result.Builder, []byte){text("Unlimited"), text("99 GB (106,300,440,576 bytes)"), text("2 GB (2.147.483.648 bytes)"), text("10 MB (10\u202f485\u202f760 bytes)"), text("500 B (500 bytes)")},
			[]string{"500 B (500 bytes)", "10 MB (10\u202f485\u202f760 bytes)", "2 GB (2.147.483.648 bytes)", "99 GB (106,300,440,576 bytes)", "Unlimited"},
		},
		{
			"booleans",
			[]func(*result.Builder, []byte){boolean(true), null, boolean(false), boolean(true)},
			[]string{"False", "True", "True", ""},
		},
		{
			"times by the instant",
			[]func(*result.Builder, []byte){at(day+2*hour, result.TimeUTC, 0), at(day+3*hour, result.TimeLocal, 120), at(day, result.TimeUnspecified, 0)},
			[]string{"2024-03-04 00:00:00", "2024-03-04 03:00:00+02:00", "2024-03-04 02:00:00Z"},
		},
		{
			"kinds one after another",
			[]func(*result.Builder, []byte){text("1"), boolean(true), lasting(hour), at(day, 0, 0), integer(7), lasting(-hour), null},
			[]string{"7", "2024-03-04 00:00:00", "-01:00:00", "01:00:00", "True", "1", ""},
		},
	} {
		if got := sorted(t, result.Ascending, c.cells...); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		values := c.want
		for len(values) > 0 && values[len(values)-1] == "" {
			values = values[:len(values)-1]
		}
		want := slices.Clone(values)
		slices.Reverse(want)
		want = append(want, c.want[len(values):]...)
		if got := sorted(t, result.Descending, c.cells...); !reflect.DeepEqual(got, want) {
			t.Errorf("%s, descending: %q, want %q", c.name, got, want)
		}
	}
}

func TestSortIsStableInBothDirections(t *testing.T) {
	view := numbers(t, 40000).Snapshot()
	for _, dir := range []result.Direction{result.Ascending, result.Descending} {
		byParity, err := view.SortedBy(t.Context(), result.SortKey{Column: 2, Direction: dir})
		check(t, err)
		for row := 1; row < 40000; row++ {
			if byParity.Cell(row-1, 2) == byParity.Cell(row, 2) && byParity.RowID(row-1) >= byParity.RowID(row) {
				t.Fatalf("direction %d: row %d is before row %d", dir, byParity.RowID(row-1), byParity.RowID(row))
			}
		}
	}
}

func TestSortOfManyDifferentValues(t *testing.T) {
	const n = 100000
	r := rand.New(rand.NewPCG(7, 7))
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	var want []int64
	for range n {
		v := r.Int64() >> r.IntN(60)
		want = append(want, v)
		b.BeginRow()
		b.Int([]byte("N"), v)
		b.Text([]byte("T"), []byte("t"+string(rune('a'+v%26&15))))
		check(t, b.EndRow())
	}
	slices.Sort(want)
	view, err := table.Snapshot().SortedBy(t.Context(), result.SortKey{Column: 0, Direction: result.Ascending})
	check(t, err)
	for row, v := range want {
		if got := view.Value(row, 0).Int; got != v {
			t.Fatalf("row %d is %d, want %d", row, got, v)
		}
	}
	ids := view.RowIDs()
	slices.Sort(ids)
	for i, id := range ids {
		if i != id {
			t.Fatalf("row %d is missing", i)
		}
	}
}

// cancelled is a context that ends after some looks at it.
type cancelled struct {
	context.Context
	looks atomic.Int64
}

func (c *cancelled) Err() error {
	if c.looks.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func after(looks int) *cancelled {
	c := &cancelled{Context: context.Background()}
	c.looks.Store(int64(looks))
	return c
}

func TestSortAndFilterEndWithTheirContext(t *testing.T) {
	view := numbers(t, 50000).Snapshot()
	for looks := range 20 {
		ctx := after(looks)
		if _, err := view.SortedBy(ctx, result.SortKey{Column: 1}); err == nil && ctx.looks.Load() < 0 {
			t.Errorf("sort went on after look %d", looks)
		}
		ctx = after(looks)
		if _, err := view.Filter(ctx, result.Filter{Text: "name1"}); err == nil && ctx.looks.Load() < 0 {
			t.Errorf("filter went on after look %d", looks)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("another click")
	cancel(why)
	if _, err := view.SortedBy(ctx, result.SortKey{Column: 1, Direction: result.Ascending}); !errors.Is(err, why) {
		t.Errorf("sort: %v, want the cause", err)
	}
	if _, err := view.Filter(ctx, result.Filter{Text: "x"}); !errors.Is(err, why) {
		t.Errorf("filter: %v, want the cause", err)
	}
}

// TestSortOfManyTexts with much in common and many alike, in every length: an order that
// is looked at eight bytes at a time.
func TestSortOfManyTexts(t *testing.T) {
	const n = 60_000
	r := rand.New(rand.NewPCG(8, 8))
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	texts := make([]string, n)
	for i := range texts {
		text := []byte("in common for all ")
		switch r.IntN(4) {
		case 0:
			text = append(text, "and for a quarter of them more than eight bytes "...)
		case 1:
			text = text[:r.IntN(len(text))]
		}
		for range r.IntN(24) {
			text = append(text, byte('a'+r.IntN(2)))
		}
		texts[i] = string(text)
		b.BeginRow()
		b.Text([]byte("T"), text)
		b.Int([]byte("N"), int64(r.IntN(3)))
		check(t, b.EndRow())
	}
	want := make([]int, n)
	for i := range want {
		want[i] = i
	}
	view := table.Snapshot()
	slices.SortStableFunc(want, func(a, b int) int { return cmp.Compare(texts[a], texts[b]) })
	for _, dir := range []result.Direction{result.Ascending, result.Descending} {
		sorted, err := view.SortedBy(t.Context(), result.SortKey{Direction: dir})
		check(t, err)
		if dir == result.Descending {
			slices.SortStableFunc(want, func(a, b int) int { return cmp.Compare(texts[b], texts[a]) })
		}
		if got := sorted.RowIDs(); !slices.Equal(got, want) {
			t.Fatalf("direction %d: another order than by comparison", dir)
		}
	}
	slices.SortStableFunc(want, func(a, b int) int { return cmp.Compare(a, b) })
	slices.SortStableFunc(want, func(a, b int) int {
		return cmp.Or(cmp.Compare(view.Value(b, 1).Int, view.Value(a, 1).Int), cmp.Compare(texts[a], texts[b]))
	})
	sorted, err := view.SortedBy(t.Context(), result.SortKey{Column: 1, Direction: result.Descending}, result.SortKey{Column: 0})
	check(t, err)
	if got := sorted.RowIDs(); !slices.Equal(got, want) {
		t.Fatal("two keys: another order than by comparison")
	}
}

// TestTextsSortByWhatTheyMean: lengths of time by their length, and Unlimited after the
// sizes of a column, but among the texts of one that has no sizes.
func TestTextsSortByWhatTheyMean(t *testing.T) {
	for _, want := range [][]string{
		{"-1.00:00:00", "00:30:00", "23:59:59.5000000", "14.00:00:00", "100.00:00:00", "never"},
		{"20 KB (20,480 bytes)", "3 MB (3,145,728 bytes)", "Unlimited", "none"},
		{"Limited", "Unlimited", "Very"},
	} {
		var cells []func(*result.Builder, []byte)
		for _, s := range want {
			cells = append(cells, text(s))
		}
		slices.Reverse(cells)
		if got := sorted(t, result.Ascending, cells...); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
