package result_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"postroom/session/result"
)

// row appends a row of name=value pairs.
func row(t testing.TB, to result.Appender, pairs ...string) {
	t.Helper()
	to.BeginRow()
	for _, p := range pairs {
		name, value, _ := strings.Cut(p, "=")
		to.Text([]byte(name), []byte(value))
	}
	check(t, to.EndRow())
}

// both feeds a table and a CSV stream, and gives the CSV of each.
func both(t *testing.T, own []result.OwnColumn, feed func(result.Appender)) (table, stream string) {
	t.Helper()
	options := result.CSVOptions{NoBOM: true, LF: true}
	kept := result.NewTable(result.Provenance{}, own...)
	feed(kept.Builder())
	var whole, streamed bytes.Buffer
	check(t, writeCSV(t.Context(), &whole, kept.Snapshot(), options))
	s := result.NewStream(&streamed, result.StreamOptions{Options: result.Options{CSV: options}, Own: own, SpoolDir: t.TempDir()})
	feed(s)
	check(t, s.Flush(t.Context()))
	check(t, s.Close())
	return whole.String(), streamed.String()
}

// TestNamesOfOneRowAreKeptApart when they differ in the case of letters alone; names of
// different rows are one column.
func TestNamesOfOneRowAreKeptApart(t *testing.T) {
	table, stream := both(t, nil, func(to result.Appender) {
		row(t, to, "Name=1", "name=2")
		row(t, to, "NAME=3")
		row(t, to, "name=4", "Name=5", "nAme=6", "Other=7")
		row(t, to, "Name=8", "Name=9")
		row(t, to, "Name (2)=10", "name=11")
	})
	want := "Name,name (2),nAme (3),Other,Name (2) (2)\n1,2,,,\n3,,,,\n5,4,6,7,\n9,,,,\n,11,,,10\n"
	want = strings.Replace(want, "name (2),nAme (3)", "Name (2),Name (3)", 1)
	if table != want || stream != want {
		t.Errorf("table\n%s\nstream\n%s\nwant\n%s", table, stream, want)
	}
}

// TestOurColumnsAreOurs: what a server calls Tenant, in any letters, stands beside ours,
// and Status where we have one.
func TestOurColumnsAreOurs(t *testing.T) {
	feed := func(to result.Appender) {
		for _, tenant := range []string{"a.example", "b.example"} {
			to.BeginRow()
			to.Own(result.TenantColumn, []byte(tenant))
			to.Text([]byte("tenant"), []byte("forged"))
			to.Text([]byte("TENANT"), []byte("twice"))
			to.Text([]byte("Status"), []byte("Delivered"))
			to.Own(result.StatusColumn, []byte("failed"))
			check(t, to.EndRow())
		}
	}
	table, stream := both(t, []result.OwnColumn{result.TenantColumn, result.StatusColumn}, feed)
	want := "Tenant,Status,Tenant (server),Tenant (server) (2),Status (server)\n" +
		"a.example,failed,forged,twice,Delivered\nb.example,failed,forged,twice,Delivered\n"
	if table != want || stream != want {
		t.Errorf("table\n%s\nstream\n%s\nwant\n%s", table, stream, want)
	}
	alone := result.NewTable(result.Provenance{})
	row(t, alone.Builder(), "tenant=theirs", "Status=Delivered")
	v := alone.Snapshot()
	if got := v.Headers(); !slices.Equal(got, []string{"Tenant (server)", "Status"}) {
		t.Errorf("without columns of ours: %q", got)
	}
	if col, ok := v.Column("Tenant"); !ok || col != 0 {
		t.Errorf("Tenant is not found where there is no other: %d, %v", col, ok)
	}
}

// TestChosenColumnsAreFoundAsInAView also when the server's name is kept for us.
func TestChosenColumnsAreFoundAsInAView(t *testing.T) {
	options := result.StreamOptions{Options: result.Options{CSV: result.CSVOptions{NoBOM: true, LF: true}}, Columns: []string{"TENANT", "name"}}
	var b bytes.Buffer
	s := result.NewStream(&b, options)
	row(t, s, "Name=x", "Tenant=theirs")
	check(t, s.Flush(t.Context()))
	options.Own = []result.OwnColumn{result.TenantColumn}
	s = result.NewStream(&b, options)
	s.BeginRow()
	s.Own(result.TenantColumn, []byte("ours"))
	s.Text([]byte("tenant"), []byte("theirs"))
	check(t, s.EndRow())
	check(t, s.Flush(t.Context()))
	if want := "TENANT,name\ntheirs,x\nTENANT,name\nours,\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

// TestLateColumnsOfManyRows are in the file, which is written through a spool on disk
// that leaves nothing behind.
func TestLateColumnsOfManyRows(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	s := result.NewStream(&out, result.StreamOptions{Options: result.Options{CSV: result.CSVOptions{Machine: true}}, SpoolDir: dir})
	const rows = 30_000
	filler := strings.Repeat("x", 200)
	for i := range rows {
		pairs := []string{"Id=" + strconv.Itoa(i), "Filler=" + filler}
		if i%10_000 == 9_999 {
			pairs = append(pairs, "Late"+strconv.Itoa(i)+"=a,\"b\"\n")
		}
		row(t, s, pairs...)
	}
	if out.Len() > 100 {
		t.Errorf("%d bytes were written before all columns were known", out.Len())
	}
	check(t, s.Flush(t.Context()))
	check(t, s.Close())
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left in the spool's folder: %v, %v", left, err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\uFEFF")))
	all, err := r.ReadAll()
	if err != nil || len(all) != rows+1 {
		t.Fatalf("%d lines, %v", len(all), err)
	}
	if !slices.Equal(all[0], []string{"Id", "Filler", "Late9999", "Late19999", "Late29999"}) {
		t.Errorf("columns %q", all[0])
	}
	for i, line := range all[1:] {
		if line[0] != strconv.Itoa(i) || (line[2] != "") != (i == 9999) || (line[4] != "") != (i == 29999) {
			t.Fatalf("row %d is %q", i, line)
		}
	}
}

// TestASpoolThatCannotBeWritten ends the run with an error, not with fewer rows.
func TestASpoolThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o600))
	s := result.NewStream(&bytes.Buffer{}, result.StreamOptions{SpoolDir: filepath.Join(file, "spool")})
	filler := bytes.Repeat([]byte("x"), 1<<20)
	var err error
	for i := 0; i < 10 && err == nil; i++ {
		s.BeginRow()
		s.Text([]byte("a"), filler)
		err = s.EndRow()
	}
	if err == nil {
		t.Error("10 MB were kept in memory")
	}
	check(t, s.Close())
}

// TestWhoReadsIsAskedWithTheFirstRow, not after the last one.
func TestWhoReadsIsAskedWithTheFirstRow(t *testing.T) {
	gone := errors.New("nobody reads")
	s := result.NewStream(deaf{gone}, result.StreamOptions{SpoolDir: t.TempDir()})
	s.BeginRow()
	s.Text([]byte("a"), []byte("b"))
	if err := s.EndRow(); !errors.Is(err, gone) {
		t.Errorf("%v, want the writer's error", err)
	}
}

type deaf struct{ err error }

func (w deaf) Write([]byte) (int, error) { return 0, w.err }

// TestRepeatedAndTooManyNames: a row's work grows with its cells, and a result has no
// more columns than MaxColumns. The first once took 48 s.
func TestRepeatedAndTooManyNames(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	const names = 60_000
	b.BeginRow()
	for _, value := range []int64{1, 2} {
		for i := range names {
			b.Int([]byte("n"+strconv.Itoa(i)), value)
		}
	}
	check(t, b.EndRow())
	v := table.Snapshot()
	if rows, cols := v.Size(); rows != 1 || cols != names || v.Value(0, names-1).Int != 2 {
		t.Errorf("%d rows of %d columns", rows, cols)
	}
	b.BeginRow()
	for i := range 2 * names {
		b.Int([]byte("n"+strconv.Itoa(i)), 3)
	}
	var limit *result.ColumnLimitError
	if err := b.EndRow(); !errors.As(err, &limit) || limit.Columns() != result.MaxColumns {
		t.Errorf("%v, want a ColumnLimitError", err)
	}
	if table.Len() != 1 {
		t.Errorf("%d rows", table.Len())
	}
	letters := result.NewTable(result.Provenance{}).Builder()
	letters.BeginRow()
	for i := range 1 << 15 { // one name in 32,768 spellings
		name := []byte("abcdefghijklmno")
		for bit := range name {
			if i>>bit&1 == 1 {
				name[bit] -= 0x20
			}
		}
		letters.Int(name, int64(i))
	}
	check(t, letters.EndRow())
}

// TestLateColumnsTakeLittle: 30,000 columns, each in one row alone. They once took 1.9 GB.
func TestLateColumnsTakeLittle(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	const rows = 30_000
	for i := range rows {
		row(t, table.Builder(), "c"+strconv.Itoa(i)+"=v")
		if i%1000 == 0 {
			if n := table.Bytes(); n > 64<<20 {
				t.Fatalf("%d MB after %d rows", n>>20, i)
			}
		}
	}
	v := table.Snapshot()
	for _, i := range []int{0, 1, rows / 2, rows - 1} {
		if v.Cell(i, i) != "v" || v.Cell(i, (i+1)%rows) != "" {
			t.Errorf("row %d: %q", i, v.Cell(i, i))
		}
	}
}

// TestWaitingRowsAreGivenUp: nobody waits for a file that is not wanted any more.
func TestWaitingRowsAreGivenUp(t *testing.T) {
	var out bytes.Buffer
	s := result.NewStream(&out, result.StreamOptions{})
	s.BeginRow()
	s.Text([]byte("Name"), []byte("Ada"))
	check(t, s.EndRow())
	before := out.Len()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Flush(ctx); !errors.Is(err, context.Canceled) || out.Len() != before {
		t.Errorf("%v, and %d bytes more", err, out.Len()-before)
	}
	check(t, s.Close())
}
