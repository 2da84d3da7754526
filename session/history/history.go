// Package history keeps what ran: where, when, how long and with what result,
// and, while that is switched on, the rows, to open them without a server and to
// compare them with those of another run.
//
// It holds no secret: commands are PowerShell text in which secrets are left
// out. Its files are for the user alone, and there is an end to how many and how
// large they are.
package history

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"postroom/session/jsonfile"
	"postroom/session/result"
)

// The bounds of what is kept.
const (
	mostEntries = 1000
	mostBytes   = 512 << 20 // of all kept rows, compressed
	mostOfARun  = 64 << 20  // of one run's; a larger one keeps none
)

// Done is the state of a run of which all rows came.
const Done = "done"

// Entry is one run, in all its tenants. It is a line of the history's file, and has
// as many fields as there are facts to keep of a run.
type Entry struct {
	ID string `json:"id"`
	// Command is PowerShell text without secrets; Report is the report's name
	// when it was one.
	Command string `json:"command"`
	Report  string `json:"report,omitempty"`
	// Answers are those that a person gave to the report's questions.
	Answers map[string]string `json:"answers,omitempty"`
	// Tenants are domains, none for the account's own tenant.
	Tenants  []string  `json:"tenants,omitempty"`
	Account  string    `json:"account"`
	Endpoint string    `json:"endpoint"`
	Started  time.Time `json:"started"`
	Seconds  float64   `json:"seconds"`
	Rows     int       `json:"rows"`
	Errors   int       `json:"errors"`
	// State is Done, "partial", "failed" or "stopped".
	State string `json:"state"`
	// Missing are the domains of tenants of which not all rows came.
	Missing []string `json:"missing,omitempty"`
	// Kept says that the rows can be opened; Bytes is how large they are on disk.
	Kept  bool  `json:"kept,omitempty"`
	Bytes int64 `json:"bytes,omitempty"`
}

// Tenant is the entry's tenants as one text; "" for the account's own.
func (e Entry) Tenant() string { return strings.Join(e.Tenants, ", ") }

// Title is what people call the run: the report, or the first cmdlet.
func (e Entry) Title() string {
	if e.Report != "" {
		return e.Report
	}
	name, _, _ := strings.Cut(e.Command, " ")
	return name
}

// alike says that two runs asked the same of the same.
func (e Entry) alike(other Entry) bool {
	same := e.Command == other.Command
	if e.Report != "" { // its times differ from run to run
		same = e.Report == other.Report && maps.Equal(e.Answers, other.Answers)
	}
	return same && e.Endpoint == other.Endpoint && slices.Equal(e.Tenants, other.Tenants)
}

// ErrUnknown means that there is no run of that ID, and ErrNoRows that its rows
// were not kept. ErrFirst: there was no such run before.
var (
	ErrUnknown = errors.New("history: no such run")
	ErrNoRows  = errors.New("history: the rows of the run were not kept")
	ErrFirst   = errors.New("history: the same was not run there before")
)

// Book is the history in a folder. It may be used from any goroutine and by
// several processes at once.
type Book struct{ dir string }

// Open gives the history in a folder; nothing is read or made yet.
func Open(dir string) *Book { return &Book{dir: dir} }

// version is that of the list's file.
const version = 1

// list is what the file holds, the newest entry last.
type list struct {
	// Without says that rows are not kept.
	Without bool    `json:"without_rows,omitempty"`
	Entries []Entry `json:"entries"`
}

func (b *Book) file() string            { return filepath.Join(b.dir, "history.json") }
func (b *Book) rows(id string) string   { return filepath.Join(b.dir, "rows", id+".rows") }
func (b *Book) load() (l list, _ error) { return l, jsonfile.Load(b.file(), version, &l) }

// Entries are all runs, the newest first. A list that cannot be read is set
// aside and reported as *jsonfile.SetAsideError.
func (b *Book) Entries() ([]Entry, error) {
	l, err := b.load()
	slices.Reverse(l.Entries)
	return l.Entries, err
}

// Find gives a run by its ID, or the only one whose ID begins so. It gives
// ErrUnknown.
func (b *Book) Find(id string) (Entry, error) {
	all, err := b.Entries()
	if err != nil {
		return Entry{}, err
	}
	var found []Entry
	for _, e := range all {
		if e.ID == id {
			return e, nil
		}
		if id != "" && strings.HasPrefix(e.ID, id) {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		return Entry{}, fmt.Errorf("%w: %s", ErrUnknown, id)
	}
	return found[0], nil
}

// Before gives the last run before e that asked the same of the same and whose
// rows were kept. It gives ErrFirst.
func (b *Book) Before(e Entry) (Entry, error) {
	all, err := b.Entries()
	if err != nil {
		return Entry{}, err
	}
	for _, earlier := range all {
		if earlier.Started.Before(e.Started) && earlier.Kept && earlier.alike(e) {
			return earlier, nil
		}
	}
	return Entry{}, ErrFirst
}

// Alike gives the runs of the same as e, whose rows are kept, the newest first; e is
// among them.
func (b *Book) Alike(e Entry) ([]Entry, error) {
	all, err := b.Entries()
	return slices.DeleteFunc(all, func(other Entry) bool { return !other.Kept || !other.alike(e) }), err
}

// KeepsRows says whether rows are kept, as they are unless switched off.
func (b *Book) KeepsRows() (bool, error) {
	l, err := b.load()
	return !l.Without, err
}

// Keeping of rows.
type Keeping bool

// Whether rows are kept.
const (
	WithRows    Keeping = true
	WithoutRows Keeping = false
)

// Keep switches the keeping of rows on or off. Off, the rows that are there are
// deleted.
func (b *Book) Keep(ctx context.Context, rows Keeping) error {
	return b.change(ctx, func(l *list) { l.Without = rows == WithoutRows })
}

// Clear forgets all runs and deletes their rows.
func (b *Book) Clear(ctx context.Context) error {
	return b.change(ctx, func(l *list) { l.Entries = nil })
}

// Delete forgets one run and deletes its rows.
func (b *Book) Delete(ctx context.Context, id string) error {
	return b.change(ctx, func(l *list) {
		l.Entries = slices.DeleteFunc(l.Entries, func(e Entry) bool { return e.ID == id })
	})
}

// change changes the list, and deletes the rows that it no longer names while nobody else
// can name new ones.
func (b *Book) change(ctx context.Context, do func(*list)) error {
	var sweeping error
	aside, err := jsonfile.UpdateThen(ctx, b.file(), version, func(l *list) error {
		do(l)
		l.bound()
		return nil
	}, func(l list) { sweeping = b.sweep(l) })
	if err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	if sweeping != nil {
		return sweeping
	}
	if aside != nil {
		return aside
	}
	return nil
}

// bound drops the oldest entries, and the rows of the oldest, where there are
// too many.
func (l *list) bound() {
	if n := len(l.Entries) - mostEntries; n > 0 {
		l.Entries = slices.Delete(l.Entries, 0, n)
	}
	left := int64(mostBytes)
	for i := len(l.Entries) - 1; i >= 0; i-- {
		e := &l.Entries[i]
		left -= e.Bytes
		if l.Without || left < 0 {
			e.Kept, e.Bytes = false, 0
		}
	}
}

// sweep deletes the files of rows that no entry names any more. It runs under the list's
// lock. What has no name yet is not in its way: of rows that nobody writes any more the
// next run clears it away (atomicfile.Create).
func (b *Book) sweep(l list) error {
	files, err := os.ReadDir(filepath.Join(b.dir, "rows"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for kept rows: %w", err)
	}
	named := map[string]bool{}
	for _, e := range l.Entries {
		named[e.ID+".rows"] = e.Kept
	}
	var failed error
	for _, f := range files {
		if named[f.Name()] || strings.HasPrefix(f.Name(), ".") {
			continue
		}
		if err := os.Remove(filepath.Join(b.dir, "rows", f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, fmt.Errorf("delete kept rows: %w", err))
		}
	}
	return failed
}

// newID is the time of the start, and a little chance so that two runs of a
// second have two.
func newID(at time.Time) string {
	return at.UTC().Format("20060102-150405") + "-" + strings.ToLower(rand.Text()[:4])
}

// Rows gives the kept rows of a run to an Appender. It gives ErrNoRows.
func (b *Book) Rows(ctx context.Context, e Entry, to result.Appender) error {
	f, err := b.openRows(e)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it is read only
	return read(ctx, f, to)
}

// openRows opens the file of a run's kept rows. It gives ErrNoRows.
func (b *Book) openRows(e Entry) (*os.File, error) {
	if !e.Kept {
		return nil, fmt.Errorf("%w: %s", ErrNoRows, e.ID)
	}
	f, err := os.Open(b.rows(e.ID))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoRows, e.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("open kept rows: %w", err)
	}
	return f, nil
}

// Table gives the kept rows of a run as a table that says where they came from.
func (b *Book) Table(ctx context.Context, e Entry) (*result.Table, error) {
	var own []result.OwnColumn
	if len(e.Tenants) > 1 {
		own = append(own, result.TenantColumn)
	}
	t := result.NewTable(result.Provenance{
		Endpoint: e.Endpoint, Tenant: e.Tenant(), Account: e.Account, Report: e.Report, Command: e.Command, Started: e.Started,
	}, own...)
	return t, b.Rows(ctx, e, t.Builder())
}

// Earlier gives the run of the same report with the same answers at the endpoint of
// e, of which all rows of e's tenant came and were kept: the newest before a time,
// else the oldest. e has one tenant, or none. It gives ErrFirst.
func (b *Book) Earlier(e Entry, at time.Time) (Entry, error) {
	all, err := b.Entries()
	if err != nil {
		return Entry{}, err
	}
	tenant := e.Tenant()
	found := false
	var earlier Entry
	for _, o := range all {
		if o.Kept && o.Started.Before(e.Started) && o.Report == e.Report && o.Endpoint == e.Endpoint && maps.Equal(o.Answers, e.Answers) && o.whole(tenant) {
			earlier, found = o, true
			if !o.Started.After(at) {
				break
			}
		}
	}
	if !found {
		return Entry{}, ErrFirst
	}
	return earlier, nil
}

// whole says that all rows of a tenant came, with all that belongs to them as far as
// that is known.
func (e Entry) whole(tenant string) bool {
	is := func(other string) bool { return strings.EqualFold(other, tenant) } // domains as lists of tenants have them, or names
	if tenant == "" && len(e.Tenants) > 0 || tenant != "" && !slices.ContainsFunc(e.Tenants, is) {
		return false
	}
	if len(e.Tenants) < 2 {
		return e.State == Done && e.Errors == 0
	}
	return (e.State == Done || len(e.Missing) > 0) && !slices.ContainsFunc(e.Missing, is)
}

// TableOf gives the kept rows of one tenant of a run, without the column that names
// it; "" is the account's own.
func (b *Book) TableOf(ctx context.Context, e Entry, tenant string) (*result.View, error) {
	t, err := b.Table(ctx, e)
	if err != nil {
		return nil, err
	}
	v := t.Snapshot()
	column, several := v.Column(result.TenantColumn.Name())
	if !several || len(e.Tenants) < 2 {
		return v, nil
	}
	var rows []int
	for row, n := 0, t.Len(); row < n; row++ {
		if strings.EqualFold(v.Cell(row, column), tenant) {
			rows = append(rows, row)
		}
	}
	var columns []int
	for col := range v.Headers() {
		if col != column {
			columns = append(columns, col)
		}
	}
	return v.WithRows(rows...).WithColumns(columns...), nil
}
