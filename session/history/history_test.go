package history_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session/history"
	"postroom/session/result"
)

var noon = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)

// record writes a run with rows of two columns.
func record(t *testing.T, b *history.Book, at time.Time, rows ...[2]string) history.Entry {
	t.Helper()
	r := b.Begin(at)
	for _, row := range rows {
		r.BeginRow()
		r.Text([]byte("Name"), []byte(row[0]))
		r.Text([]byte("City"), []byte(row[1]))
		if err := r.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	e, err := r.Commit(t.Context(), history.Entry{
		Command: "Get-Mailbox", Account: "ada@contoso.example", Endpoint: "Exchange", Tenants: []string{"a.example"},
		Started: at, Seconds: 1.5, Rows: len(rows), State: "done",
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func table(t *testing.T, b *history.Book, e history.Entry) *result.View {
	t.Helper()
	rows, err := b.Table(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return rows.Snapshot()
}

// Every kind of value comes back as it went in.
func TestRowsComeBack(t *testing.T) {
	b := history.Open(filepath.Join(t.TempDir(), "history"))
	r := b.Begin(noon)
	want := result.NewTable(result.Provenance{})
	both := []result.Appender{r, want.Builder()}
	for i := range 3 {
		for _, a := range both {
			a.BeginRow()
			a.Null([]byte("Null"))
			a.Text([]byte("Text"), []byte("Ä\x00\n"))
			a.Bool([]byte("Bool"), i == 1)
			a.Int([]byte("Int"), -5)
			a.Uint([]byte("Uint"), 1<<63)
			a.Float([]byte("Float"), 1.5)
			a.Decimal([]byte("Decimal"), []byte("1.10"))
			a.Time([]byte("Time"), result.Time{Ticks: 5, Kind: result.TimeLocal, OffsetMinutes: 90})
			a.Duration([]byte("Duration"), 7)
			a.Bytes([]byte("Bytes"), []byte{0, 1})
			a.List([]byte("List"), [][]byte{[]byte("a"), []byte("b")}, []byte("<LST/>"))
			a.Nested([]byte("Nested"), []byte("shown"), []byte("<Obj/>"))
			if i == 2 {
				a.Text([]byte("Late"), []byte("x"))
			}
			if err := a.EndRow(); err != nil {
				t.Fatal(err)
			}
		}
	}
	e, err := r.Commit(t.Context(), history.Entry{Started: noon})
	if err != nil || !e.Kept {
		t.Fatalf("%+v, %v", e, err)
	}
	got, expected := table(t, b, e), want.Snapshot()
	if !slices.Equal(got.Headers(), expected.Headers()) {
		t.Fatalf("columns %v, want %v", got.Headers(), expected.Headers())
	}
	rows, cols := expected.Size()
	for row := range rows {
		for col := range cols {
			if x, y := fmt.Sprintf("%+v", got.Value(row, col)), fmt.Sprintf("%+v", expected.Value(row, col)); x != y {
				t.Errorf("%s: %s, want %s", expected.Header(col), x, y)
			}
		}
	}
}

// TestRunsThatEndTogetherKeepTheirRows: a run that ends deletes rows that no entry has,
// and not those of one that ends beside it, in this process or in another.
func TestRunsThatEndTogetherKeepTheirRows(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "history")
	var work sync.WaitGroup
	for range 4 {
		b := history.Open(dir) // as another process has it
		work.Go(func() {
			for range 10 {
				r := b.Begin(noon)
				r.BeginRow()
				r.Text([]byte("Name"), []byte("a"))
				err := r.EndRow()
				if _, commitErr := r.Commit(t.Context(), history.Entry{Started: noon}); err != nil || commitErr != nil {
					t.Error(err, commitErr)
				}
			}
		})
	}
	work.Wait()
	b := history.Open(dir)
	all, err := b.Entries()
	if err != nil || len(all) != 40 {
		t.Fatalf("%d runs, want 40: %v", len(all), err)
	}
	for _, e := range all {
		if rows, _ := table(t, b, e).Size(); rows != 1 {
			t.Errorf("%s has %d rows, want 1", e.ID, rows)
		}
	}
}

func TestEntriesAreFoundAndCompared(t *testing.T) {
	b := history.Open(filepath.Join(t.TempDir(), "history"))
	if all, err := b.Entries(); len(all) != 0 || err != nil {
		t.Fatalf("%v, %v", all, err)
	}
	first := record(t, b, noon, [2]string{"ada", "London"}, [2]string{"bob", "Rome"})
	second := record(t, b, noon.Add(time.Hour), [2]string{"ada", "Paris"}, [2]string{"cy", "Bonn"})
	all, err := b.Entries()
	if err != nil || len(all) != 2 || all[0].ID != second.ID {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, err := b.Find("2026"); !errors.Is(err, history.ErrUnknown) {
		t.Errorf("a beginning of two is found: %v", err)
	}
	if e, err := b.Find(first.ID[:15]); err != nil || e.ID != first.ID {
		t.Errorf("%+v, %v", e, err)
	}
	before, err := b.Before(second)
	if err != nil || before.ID != first.ID {
		t.Fatalf("%+v, %v", before, err)
	}
	if _, err := b.Before(first); !errors.Is(err, history.ErrFirst) {
		t.Errorf("%v", err)
	}
	d, err := history.Compare(t.Context(), table(t, b, before), table(t, b, second), history.How{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range d.Rows {
		lines = append(lines, fmt.Sprintf("%c %s %v", r.Change, r.Key, r.Cells))
	}
	want := []string{"~ ada [{City London Paris}]", "+ cy []", "- bob []"}
	if !slices.Equal(lines, want) || !slices.Equal(d.Key, []string{"Name"}) {
		t.Errorf("%q by %v, want %q", lines, d.Key, want)
	}
	d, err = history.Compare(t.Context(), table(t, b, before), table(t, b, second), history.How{LeaveOut: func(c string) bool { return c == "City" }})
	if err != nil || len(d.Rows) != 2 {
		t.Errorf("a column that is left out counts: %+v, %v", d, err)
	}
}

// Rows are matched by the columns that a person names; what tells all rows of both apart is
// offered.
func TestRowsAreMatchedByWhatOneSays(t *testing.T) {
	view := func(rows ...[2]string) *result.View {
		made := result.NewTable(result.Provenance{})
		for _, r := range rows {
			made.Builder().BeginRow()
			made.Builder().Text([]byte("Name"), []byte(r[0]))
			made.Builder().Text([]byte("Mail"), []byte(r[1]))
			_ = made.Builder().EndRow()
		}
		return made.Snapshot()
	}
	before, after := view([2]string{"ada", "a@x"}, [2]string{"bob", "b@x"}), view([2]string{"ada", "a@x"}, [2]string{"robert", "b@x"})
	d, err := history.Compare(t.Context(), before, after, history.How{By: []string{"Mail"}})
	if err != nil || len(d.Rows) != 1 || d.Rows[0].Change != history.Changed || d.Rows[0].Key != "b@x" || !slices.Equal(d.Same, []int{0}) || d.Named(after, 0) != "a@x" {
		t.Errorf("by address: %+v, %v", d, err)
	}
	if d, err = history.Compare(t.Context(), before, after, history.How{}); err != nil || len(d.Rows) != 2 || !slices.Equal(d.Key, []string{"Name"}) {
		t.Errorf("by the surest: %+v, %v", d, err)
	}
	var unknown *history.KeyError
	if _, err := history.Compare(t.Context(), before, after, history.How{By: []string{"City"}}); !errors.As(err, &unknown) || !slices.Equal(unknown.Columns, []string{"City"}) || unknown.Alike {
		t.Errorf("%v", err)
	}
	alike := view([2]string{"ada", "a@x"}, [2]string{"ada", "b@x"})
	if _, err := history.Compare(t.Context(), before, alike, history.How{By: []string{"Name"}}); !errors.As(err, &unknown) || !unknown.Alike {
		t.Errorf("%v", err)
	}
	if keys, err := history.Keys(t.Context(), before, alike); err != nil || !slices.Equal(keys, []string{"Mail"}) {
		t.Errorf("%q, %v", keys, err)
	}
}

// What a run of one tenant has not read is not there as removed, nor as added.
func TestABrokenOffRunIsNotCompared(t *testing.T) {
	b := history.Open(filepath.Join(t.TempDir(), "history"))
	before := record(t, b, noon, [2]string{"ada", "London"}, [2]string{"bob", "Rome"})
	after := record(t, b, noon.Add(time.Hour), [2]string{"ada", "Paris"})
	if c, err := b.Compare(t.Context(), before, after, history.How{}); err != nil || len(c.Rows) != 2 || len(c.NotRead) > 0 {
		t.Fatalf("%+v, %v", c, err)
	}
	for _, tenants := range [][]string{{"contoso.example"}, nil} {
		before.Tenants, after.Tenants, after.Account, before.Account = tenants, tenants, "ada@contoso.example", "ada@contoso.example"
		for _, broken := range []func(){func() { after.State = "stopped" }, func() { after.State, after.Errors = history.Done, 1 }} {
			broken()
			for _, two := range [][2]history.Entry{{before, after}, {after, before}} {
				c, err := b.Compare(t.Context(), two[0], two[1], history.How{})
				if err != nil || len(c.Rows) > 0 || len(c.NotRead) != 1 || !strings.Contains(c.NotRead[0], "contoso.example") {
					t.Errorf("%v: %+v, %v", tenants, c, err)
				}
			}
		}
	}
}

// Rows without anything that tells them apart are matched as a whole, as often
// as they are there.
func TestRowsWithoutIdentity(t *testing.T) {
	view := func(cells ...string) *result.View {
		rows := result.NewTable(result.Provenance{})
		for _, c := range cells {
			rows.Builder().BeginRow()
			rows.Builder().Text([]byte("Kind"), []byte(c))
			_ = rows.Builder().EndRow()
		}
		return rows.Snapshot()
	}
	d, err := history.Compare(t.Context(), view("a", "a", "b"), view("a", "c", "c"), history.How{})
	if err != nil || len(d.Key) != 0 {
		t.Fatalf("%+v, %v", d, err)
	}
	counts := map[history.Change]int{}
	for _, r := range d.Rows {
		counts[r.Change]++
	}
	if counts[history.Added] != 2 || counts[history.Removed] != 2 || counts[history.Changed] != 0 {
		t.Errorf("%+v", d.Rows)
	}
}

func TestFilesAreForTheUserAloneAndCanBeSwitchedOff(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "history")
	b := history.Open(dir)
	kept := record(t, b, noon, [2]string{"ada", "London"})
	count := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if count++; info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is of mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || count < 3 {
		t.Fatalf("%d files, %v", count, err)
	}
	if err := b.Keep(t.Context(), history.WithoutRows); err != nil {
		t.Fatal(err)
	}
	if err := b.Rows(t.Context(), kept, result.NewTable(result.Provenance{}).Builder()); !errors.Is(err, history.ErrNoRows) {
		t.Errorf("rows are kept after switching off: %v", err)
	}
	if later := record(t, b, noon.Add(time.Hour), [2]string{"bob", "Rome"}); later.Kept {
		t.Error("rows are kept though that is switched off")
	}
	if err := b.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all, err := b.Entries(); len(all) != 0 || err != nil {
		t.Errorf("%v, %v", all, err)
	}
}

// A run that is given up leaves nothing, and a damaged file of rows is an error
// and no rows that were never there.
func TestDiscardAndDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "history")
	b := history.Open(dir)
	r := b.Begin(noon)
	r.BeginRow()
	r.Text([]byte("Name"), []byte("ada"))
	if err := errors.Join(r.EndRow(), r.Discard()); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(filepath.Join(dir, "rows")); err != nil || len(files) != 0 {
		t.Errorf("%v, %v", files, err)
	}
	e := record(t, b, noon, [2]string{"ada", "London"})
	path := filepath.Join(dir, "rows", e.ID+".rows")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{whole[:len(whole)-9], []byte("nonsense"), {}} {
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := b.Rows(t.Context(), e, result.NewTable(result.Provenance{}).Builder()); err == nil {
			t.Errorf("%d bytes are read without an error", len(damaged))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.Rows(ctx, e, result.NewTable(result.Provenance{}).Builder()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// There is an end to how many runs are remembered.
func TestOldRunsAreForgotten(t *testing.T) {
	b := history.Open(filepath.Join(t.TempDir(), "history"))
	for i := range 12 {
		record(t, b, noon.Add(time.Duration(i)*time.Minute), [2]string{"ada", strings.Repeat("x", i)})
	}
	all, err := b.Entries()
	if err != nil || len(all) != 12 {
		t.Fatalf("%d, %v", len(all), err)
	}
	if err := b.Delete(t.Context(), all[3].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Find(all[3].ID); !errors.Is(err, history.ErrUnknown) {
		t.Errorf("%v", err)
	}
}
