package result_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"

	"postroom/session/result"
	"postroom/test/fixture"
	"postroom/test/manyrows"
)

// wide are rows of 40 columns.
type wide struct{ *manyrows.Rows }

func newWide() wide { return wide{manyrows.Of(manyrows.Usual, "")} }

var wideColumns = manyrows.Usual.Columns()

// table has the rows in random order: data that is sorted already hides what sorting
// costs.
func (w wide) table(t testing.TB, rows int) *result.Table {
	t.Helper()
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox"})
	b := table.Builder()
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(rows) {
		check(t, w.Put(b, i))
	}
	return table
}

// A row costs next to no allocation, and its cells about what they hold.
func TestRowsAreCheap(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred thousand rows")
	}
	rows := 100_000 / fixture.OneOf(4)
	w := newWide()
	b := result.NewTable(result.Provenance{}).Builder()
	check(t, w.Put(b, 0))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range rows {
		check(t, w.Put(b, i))
	}
	runtime.ReadMemStats(&after)
	perRow := float64(after.Mallocs-before.Mallocs) / float64(rows)
	t.Logf("%.3f allocations and %d bytes allocated per row", perRow, (after.TotalAlloc-before.TotalAlloc)/uint64(rows))
	if perRow > 0.5 {
		t.Errorf("%.2f allocations per row of %d columns, want at most 0.5", perRow, wideColumns)
	}
	stream := result.NewStream(io.Discard, result.StreamOptions{})
	check(t, w.Put(stream, 0))
	runtime.ReadMemStats(&before)
	for i := range rows {
		check(t, w.Put(stream, i))
	}
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > uint64(rows/10) {
		t.Errorf("%d allocations for %d rows of a stream: memory is not bounded", n, rows)
	}
	if per := w.table(t, rows).Bytes() / rows; per > 600 {
		t.Errorf("%d bytes per row of %d columns, want at most 600", per, wideColumns)
	} else {
		t.Logf("%d bytes kept per row", per)
	}
}

func BenchmarkBuilder(b *testing.B) {
	w := newWide()
	table := result.NewTable(result.Provenance{})
	builder := table.Builder()
	b.ReportAllocs()
	for i := range b.N {
		if err := w.Put(builder, i); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(table.Bytes())/float64(b.N), "kept-B/row")
}

func BenchmarkStreamCSV(b *testing.B) {
	w := newWide()
	s := result.NewStream(io.Discard, result.StreamOptions{})
	b.ReportAllocs()
	for i := range b.N {
		if err := w.Put(s, i); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkView(b *testing.B) {
	const rows = 1_000_000
	view := newWide().table(b, rows).Snapshot()
	ctx := context.Background()
	perRow := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
	}
	for _, col := range []struct {
		name string
		col  int
	}{{"unique", 0}, {"repeated", 5}, {"bool", 20}, {"number", 32}, {"time", 35}} {
		b.Run("Sort/"+col.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := view.SortedBy(ctx, result.SortKey{Column: col.col}); err != nil {
					b.Fatal(err)
				}
			}
			perRow(b)
		})
	}
	for _, text := range []string{"user1234", "department 7", "2024-03", "nothing"} {
		b.Run(fmt.Sprintf("Filter/%s", text), func(b *testing.B) {
			for b.Loop() {
				if _, err := view.Filter(ctx, result.Filter{Text: text}); err != nil {
					b.Fatal(err)
				}
			}
			perRow(b)
		})
	}
	b.Run("Cell", func(b *testing.B) {
		var text []byte
		b.ReportAllocs()
		for i := range b.N {
			text = view.AppendCell(text[:0], i%rows, i%wideColumns)
		}
	})
	for _, format := range []result.Format{result.CSV, result.JSON} {
		b.Run("Write/"+format.String(), func(b *testing.B) {
			var size counted
			b.ReportAllocs()
			for b.Loop() {
				size = 0
				if _, err := result.Write(ctx, &size, view, result.Options{Format: format}); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(size))
			perRow(b)
		})
	}
	// The yardstick: the library's writer, given the same texts, which are made for it in
	// memory that it uses again.
	b.Run("Write/encoding-csv", func(b *testing.B) {
		var size counted
		record := make([]string, wideColumns)
		var text []byte
		for b.Loop() {
			size = 0
			w := csv.NewWriter(&size)
			w.UseCRLF = true
			for row := range rows {
				text = text[:0]
				for col := range wideColumns {
					from := len(text)
					text = view.AppendCell(text, row, col)
					record[col] = string(text[from:])
				}
				if err := w.Write(record); err != nil {
					b.Fatal(err)
				}
			}
			w.Flush()
		}
		b.SetBytes(int64(size))
		perRow(b)
	})
}

// counted counts what is written, in bytes.
type counted int64

// Write counts.
func (c *counted) Write(p []byte) (int, error) {
	*c += counted(len(p))
	return len(p), nil
}

// BenchmarkXLSX writes 100,000 rows of 40 columns, and as many cells in 16,384 columns.
func BenchmarkXLSX(b *testing.B) {
	long := newWide().table(b, 100_000).Snapshot()
	table := result.NewTable(result.Provenance{})
	builder := table.Builder()
	const cols = 16_384
	for row := range 100_000 * wideColumns / cols {
		builder.BeginRow()
		for col := range cols {
			builder.Int([]byte("c"+strconv.Itoa(col)), int64(row*col))
		}
		check(b, builder.EndRow())
	}
	for _, c := range []struct {
		name string
		view *result.View
	}{{"100000x40", long}, {"244x16384", table.Snapshot()}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := result.Write(context.Background(), io.Discard, c.view, result.Options{Format: result.XLSX}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	w := newWide()
	table := w.table(b, 50_001)
	builder := table.Builder()
	for i := range b.N {
		if err := w.Put(builder, i); err != nil {
			b.Fatal(err)
		}
		_ = table.Snapshot()
	}
}
