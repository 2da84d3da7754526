package result_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strconv"
	"sync"
	"testing"

	"postroom/session/result"
)

// randomCell adds a cell of any kind and gives the value that must come back.
func randomCell(r *rand.Rand, b *result.Builder, name []byte) result.Value {
	text := []byte(strconv.Itoa(r.IntN(50)))
	switch r.IntN(14) {
	case 0:
		b.Null(name)
		return result.Value{Kind: result.KindNull}
	case 1:
		b.Text(name, text)
		return result.Value{Kind: result.KindText, Text: string(text)}
	case 2:
		v := r.IntN(2) == 0
		b.Bool(name, v)
		return result.Value{Kind: result.KindBool, Bool: v}
	case 3:
		v := r.Int64() >> r.IntN(64)
		if r.IntN(2) == 0 {
			v = -v - 1
		}
		b.Int(name, v)
		return result.Value{Kind: result.KindInt, Int: v}
	case 4:
		v := r.Uint64() >> r.IntN(64)
		b.Uint(name, v)
		return result.Value{Kind: result.KindUint, Uint: v}
	case 5:
		v := r.NormFloat64()
		b.Float(name, v)
		return result.Value{Kind: result.KindFloat, Float: v}
	case 6:
		b.Decimal(name, text)
		return result.Value{Kind: result.KindDecimal, Text: string(text)}
	case 7, 8, 9:
		v := result.Time{Ticks: r.Int64N(3155378975999999999), Kind: uint8(r.IntN(3))}
		if v.Kind == result.TimeLocal {
			v.OffsetMinutes = int16(r.IntN(1680) - 840)
		}
		b.Time(name, v)
		return result.Value{Kind: result.KindTime, Time: v}
	case 10:
		v := r.Int64() - math.MaxInt64/2
		b.Duration(name, v)
		return result.Value{Kind: result.KindDuration, Int: v}
	case 11:
		b.Bytes(name, text)
		return result.Value{Kind: result.KindBytes, Bytes: text}
	case 12:
		items, raw := [][]byte{}, []byte("<raw>")
		want := result.Value{Kind: result.KindList, Items: []string{}, Raw: raw}
		for range r.IntN(4) {
			items = append(items, text)
			want.Items = append(want.Items, string(text))
		}
		b.List(name, items, raw)
		return want
	}
	b.Nested(name, text, []byte("<obj/>"))
	return result.Value{Kind: result.KindNested, Text: string(text), Raw: []byte("<obj/>")}
}

func TestEveryValueComesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, shape := range []struct{ rows, cols int }{{0, 3}, {1, 1}, {100, 5}, {9000, 7}} {
		table := result.NewTable(result.Provenance{})
		b := table.Builder()
		want := make([]map[string]result.Value, shape.rows)
		for row := range want {
			want[row] = map[string]result.Value{}
			b.BeginRow()
			for col := range shape.cols {
				if r.IntN(5) == 0 {
					continue // absent
				}
				name := "c" + strconv.Itoa((col+row/1000)%(shape.cols+3))
				want[row][name] = randomCell(r, b, []byte(name))
			}
			check(t, b.EndRow())
			if r.IntN(500) == 0 {
				_ = table.Snapshot() // so that slices are shared now and then
			}
		}
		view := table.Snapshot()
		rows, cols := view.Size()
		if rows != shape.rows || table.Len() != rows {
			t.Fatalf("%d rows, Len %d, want %d", rows, table.Len(), shape.rows)
		}
		for row := range rows {
			for col := range cols {
				w := want[row][view.Header(col)]
				if got := view.Value(row, col); !reflect.DeepEqual(got, w) {
					t.Fatalf("row %d column %s: %#v, want %#v", row, view.Header(col), got, w)
				}
			}
		}
	}
}

func TestColumnOfAllKindsKeepsEachKind(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	name := []byte("X")
	add := func(cell func()) {
		b.BeginRow()
		cell()
		check(t, b.EndRow())
	}
	add(func() { b.Int(name, 1) })
	if k := table.Snapshot().Kind(0); k != result.KindInt {
		t.Errorf("kind is %v, want KindInt", k)
	}
	add(func() { b.Null(name) })
	add(func() { b.Uint(name, math.MaxUint64) })
	if k := table.Snapshot().Kind(0); k != result.KindInt {
		t.Errorf("kind is %v, want KindInt", k)
	}
	add(func() { b.Float(name, 1.5) })
	if k := table.Snapshot().Kind(0); k != result.KindFloat {
		t.Errorf("kind is %v, want KindFloat", k)
	}
	before := table.Snapshot()
	add(func() { b.Text(name, nil) })
	after := table.Snapshot()
	if k := after.Kind(0); k != result.KindMixed {
		t.Errorf("kind is %v, want KindMixed", k)
	}
	if k := before.Kind(0); k != result.KindFloat {
		t.Errorf("an earlier view changed to %v", k)
	}
	if after.Value(1, 0).Kind != result.KindNull || after.Value(4, 0).Kind != result.KindText {
		t.Error("null and the empty text are not told apart")
	}
}

func TestColumnsAreInOrderOfArrival(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	row := func(names ...string) {
		b.BeginRow()
		for _, n := range names {
			b.Text([]byte(n), []byte(n))
		}
		check(t, b.EndRow())
	}
	row("B", "A")
	for range 5000 {
		row("B", "A")
	}
	row("A", "C", "b")
	row("C", "C")
	view := table.Snapshot()
	if got := view.Headers(); !reflect.DeepEqual(got, []string{"B", "A", "C"}) {
		t.Errorf("columns %q", got)
	}
	last, _ := view.Size()
	if got := view.Cell(last-2, 0); got != "b" {
		t.Errorf("b in another case is %q", got)
	}
	if got := view.Cell(last-1, 2); got != "C" {
		t.Errorf("the later of two cells should count, got %q", got)
	}
	if k := view.Value(0, 2).Kind; k != result.KindAbsent {
		t.Errorf("a cell before its column came is %v", k)
	}
	if col, ok := view.Column("a"); !ok || col != 1 {
		t.Errorf("column a is %d, %v", col, ok)
	}
}

func TestStrayCellsAreAnError(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	if err := b.EndRow(); !errors.Is(err, result.ErrNoRow) {
		t.Errorf("EndRow without a row: %v", err)
	}
	b.Int([]byte("X"), 1)
	b.BeginRow()
	if err := b.EndRow(); !errors.Is(err, result.ErrNoRow) {
		t.Errorf("a cell before BeginRow: %v", err)
	}
	b.BeginRow()
	check(t, b.EndRow())
	if n := table.Len(); n != 1 {
		t.Errorf("%d rows, want the empty one", n)
	}
}

func TestUnfinishedRowsAreNotSeen(t *testing.T) {
	table := numbers(t, 10)
	b := table.Builder()
	b.BeginRow()
	b.Int([]byte("N"), 99)
	if rows, _ := table.Snapshot().Size(); rows != 10 {
		t.Errorf("%d rows, want 10", rows)
	}
	b.BeginRow()
	b.Int([]byte("N"), 100)
	check(t, b.EndRow())
	view := table.Snapshot()
	if rows, _ := view.Size(); rows != 11 || view.Cell(10, 0) != "100" || view.Cell(10, 1) != "" {
		t.Errorf("%d rows, last is %q %q", rows, view.Cell(10, 0), view.Cell(10, 1))
	}
}

// Run with -race: readers look at every cell while the writer goes on.
func TestSnapshotsWhileTheWriterAppends(t *testing.T) {
	const rows = 30000
	table := result.NewTable(result.Provenance{})
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() { // ends when the writer is done
			for {
				view := table.Snapshot()
				n, cols := view.Size()
				for row := max(0, n-200); row < n; row++ {
					for col := range cols {
						if got := view.Cell(row, col); got != "" && got != strconv.Itoa(row) && got != "t"+strconv.Itoa(row%7) {
							t.Errorf("row %d column %d is %q", row, col, got)
						}
					}
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	b := table.Builder()
	for row := range rows {
		b.BeginRow()
		b.Int([]byte("N"), int64(row))
		b.Text([]byte("U"), strconv.AppendInt(nil, int64(row), 10))
		b.Text([]byte("T"), []byte("t"+strconv.Itoa(row%7)))
		if row > rows/2 && row%3 == 0 {
			b.Uint([]byte("Late"), uint64(row))
		}
		check(t, b.EndRow())
	}
	close(done)
	readers.Wait()
}

func TestSnapshotOfAnUnchangedTableIsTheSame(t *testing.T) {
	table := numbers(t, 5)
	first := table.Snapshot()
	if second := table.Snapshot(); first != second {
		t.Error("two views of the same rows")
	}
	b := table.Builder()
	b.BeginRow()
	check(t, b.EndRow())
	if table.Snapshot() == first {
		t.Error("the same view after another row")
	}
}

func TestHugeCells(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	big := make([]byte, 4<<20)
	for i := range 20 {
		big[0] = 'a' + byte(i)
		b.BeginRow()
		b.Text([]byte("Big"), big)
		b.Int([]byte("N"), int64(i))
		check(t, b.EndRow())
	}
	view := table.Snapshot()
	for i := range 20 {
		if v := view.Value(i, 0).Text; v[0] != 'a'+byte(i) || len(v) != len(big) || view.Cell(i, 1) != strconv.Itoa(i) {
			t.Fatalf("row %d begins with %q", i, v[:1])
		}
	}
}

func TestRowsAndColumnsOfAView(t *testing.T) {
	view := numbers(t, 5000).Snapshot()
	some := view.WithColumns(2, 0).WithRows(4999, 0, 4096)
	if rows, cols := some.Size(); rows != 3 || cols != 2 {
		t.Fatalf("%d rows, %d columns", rows, cols)
	}
	if got := fmt.Sprintln(some.Headers(), some.Cell(0, 1), some.Cell(1, 1), some.Cell(2, 0)); got != "[Parity N] 4999 0 even\n" {
		t.Error(got)
	}
	if got := some.RowIDs(); !reflect.DeepEqual(got, []int{4999, 0, 4096}) {
		t.Errorf("row ids %v", got)
	}
	if row, ok := some.Find(4096); !ok || row != 2 {
		t.Errorf("row of 4096 is %d, %v", row, ok)
	}
	if _, ok := some.Find(1); ok {
		t.Error("row 1 is not in the view")
	}
	if got := some.WithRowIDs(4096, 4999, 17, -1, 99999).RowIDs(); !reflect.DeepEqual(got, []int{4999, 4096}) {
		t.Errorf("selected row ids %v", got)
	}
	if _, missing := view.WithColumnNames("parity", "Nope"); !reflect.DeepEqual(missing, []string{"Nope"}) {
		t.Errorf("missing %q", missing)
	}
}

func TestTextOfCells(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	b.BeginRow()
	want := map[string]string{}
	add := func(name, text string, cell func(name []byte)) {
		cell([]byte(name))
		want[name] = text
	}
	const noon = 638451072000000000 // 2024-03-04T00:00:00
	add("utc", "2024-03-04 00:00:01Z", func(n []byte) { b.Time(n, result.Time{Ticks: noon + 1e7 + 5, Kind: result.TimeUTC}) })
	add("plain", "2024-03-04 00:00:00", func(n []byte) { b.Time(n, result.Time{Ticks: noon}) })
	add("local", "2024-03-04 00:00:00-03:30", func(n []byte) {
		b.Time(n, result.Time{Ticks: noon, Kind: result.TimeLocal, OffsetMinutes: -210})
	})
	add("first", "0001-01-01 00:00:00", func(n []byte) { b.Time(n, result.Time{}) })
	add("last", "9999-12-31 23:59:59", func(n []byte) { b.Time(n, result.Time{Ticks: 3155378975999999999}) })
	add("bool", "True", func(n []byte) { b.Bool(n, true) })
	add("min", "-9223372036854775808", func(n []byte) { b.Int(n, math.MinInt64) })
	add("float", "1E+17", func(n []byte) { b.Float(n, 1e17) })
	add("small", "0.0001", func(n []byte) { b.Float(n, 1e-4) })
	add("exponent", "1E-05", func(n []byte) { b.Float(n, 1e-5) })
	add("ticks", "-10675199.02:48:05.4775808", func(n []byte) { b.Duration(n, math.MinInt64) })
	add("list", "a; b", func(n []byte) { b.List(n, [][]byte{[]byte("a"), []byte("b")}, nil) })
	add("bytes", "AQI=", func(n []byte) { b.Bytes(n, []byte{1, 2}) })
	add("nested", "@{a=1}", func(n []byte) { b.Nested(n, []byte("@{a=1}"), []byte("<Obj/>")) })
	check(t, b.EndRow())
	view := table.Snapshot()
	for name, text := range want {
		col, _ := view.Column(name)
		if got := view.Cell(0, col); got != text {
			t.Errorf("%s: %q, want %q", name, got, text)
		}
	}
	col, _ := view.Column("local")
	if at := view.Value(0, col).Time.Time(); at.UTC().Format("2006-01-02T15:04") != "2024-03-04T03:30" {
		t.Errorf("local time is %v", at)
	}
}
