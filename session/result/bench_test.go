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
)

const wideColumns = 40

// wide feeds rows of 40 columns as mailboxes have them: texts that differ in every row,
// texts that repeat, numbers, dates, booleans, nulls and a list.
type wide struct {
	names  [wideColumns][]byte
	text   []byte
	common [][]byte
	items  [][]byte
	raw    []byte
}

func newWide() *wide {
	w := &wide{text: make([]byte, 0, 64), items: make([][]byte, 2), raw: []byte(`<Obj N="EmailAddresses"><LST><S>SMTP:user@contoso.example</S><S>smtp:user@fabrikam.example</S></LST></Obj>`)}
	for i := range w.names {
		w.names[i] = []byte("Property" + strconv.Itoa(i))
	}
	for i := range 20 {
		w.common = append(w.common, []byte("contoso.example/Department "+strconv.Itoa(i)))
	}
	return w
}

func (w *wide) row(a result.Appender, i int) error {
	a.BeginRow()
	for c, name := range w.names {
		switch {
		case c < 5:
			w.text = append(w.text[:0], "user"...)
			w.text = strconv.AppendInt(w.text, int64(i*5+c), 10)
			a.Text(name, append(w.text, "@contoso.example"...))
		case c < 20:
			a.Text(name, w.common[(i+c)%len(w.common)])
		case c < 28:
			a.Bool(name, (i+c)%3 == 0)
		case c < 32:
			a.Null(name)
		case c < 35:
			a.Int(name, int64(i*c))
		case c < 38:
			a.Time(name, result.Time{Ticks: 638451255670000000 + int64(i)*12345678, Kind: result.TimeUTC})
		case c < 39:
			a.Float(name, float64(i)/7)
		default:
			w.text = strconv.AppendInt(append(w.text[:0], "SMTP:user"...), int64(i), 10)
			w.items[0], w.items[1] = w.text, w.common[0]
			a.List(name, w.items, w.raw)
		}
	}
	return a.EndRow()
}

// table has the rows in random order: data that is sorted already hides what sorting
// costs.
func (w *wide) table(t testing.TB, rows int) *result.Table {
	t.Helper()
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox"})
	b := table.Builder()
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(rows) {
		check(t, w.row(b, i))
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
	check(t, w.row(b, 0))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range rows {
		check(t, w.row(b, i))
	}
	runtime.ReadMemStats(&after)
	perRow := float64(after.Mallocs-before.Mallocs) / float64(rows)
	t.Logf("%.3f allocations and %d bytes allocated per row", perRow, (after.TotalAlloc-before.TotalAlloc)/uint64(rows))
	if perRow > 0.5 {
		t.Errorf("%.2f allocations per row of %d columns, want at most 0.5", perRow, wideColumns)
	}
	stream := result.NewStream(io.Discard, result.StreamOptions{})
	check(t, w.row(stream, 0))
	runtime.ReadMemStats(&before)
	for i := range rows {
		check(t, w.row(stream, i))
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
		if err := w.row(builder, i); err != nil {
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
		if err := w.row(s, i); err != nil {
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
		if err := w.row(builder, i); err != nil {
			b.Fatal(err)
		}
		_ = table.Snapshot()
	}
}
