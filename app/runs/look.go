package runs

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/report"
	"postroom/session/result"
)

// look is how the user wants to see a table: filtered and sorted. Making a view of a large
// table takes time, so it is done by a worker; a newer wish cancels the one before it. Its
// fields are the parts of a wish, which a worker copies together under one mutex.
type look struct {
	spawn func(func())  // starts a goroutine
	show  func(looking) // on the worker; a lower number than one shown is out of date

	mu        sync.Mutex
	table     *result.Table // nil: there is nothing to see
	number    uint64        // of the newest wish
	filter    result.Filter
	all       bool         // the filter's text is looked for in all columns, not in those of columns alone
	columns   []string     // on screen; none while they are not known
	tenants   []string     // domains of those whose rows are wanted; none is all
	sort      []sortKey    // the first key first; none is the server's order
	shape     cmdlet.Shape // what a pasted line makes of the rows, before all else
	group     string       // column that the rows are grouped by; none when empty
	total     total        // what the groups' headings say of the columns on screen
	own       []report.Column
	computing *report.Computing // of own, for table; nil without
	cancel    context.CancelFunc
}

// sortKey is a column that rows are sorted by.
type sortKey struct {
	column string
	order  result.Direction
}

// looking is a view of a table.
type looking struct {
	number uint64
	table  *result.Table
	whole  *result.View // all rows in the order of arrival, computed columns among the others
	view   *result.View
	groups []group
	places []int32 // row of the view by its RowID, -1 where it has none; nil: row and RowID are the same
	all    int     // rows of the table when the view was made
	shaped bool    // its columns are those that a line asks for, in its order
}

// headers are the names of all columns; none before there are rows.
func (l looking) headers() []string {
	if l.whole == nil {
		return nil
	}
	return l.whole.Headers()
}

// column finds a column by its name.
func (l looking) column(name string) (col int, ok bool) {
	if l.whole == nil {
		return 0, false
	}
	return l.whole.Column(name)
}

// watch looks at another table in the same way.
func (l *look) watch(t *result.Table) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.table, l.tenants = t, nil
	l.compute(l.own)
}

// compute wants these columns beside the others; they can be read. What was computed of the
// table is forgotten, and a day is today again. The caller holds the lock.
func (l *look) compute(columns []report.Column) {
	l.own, l.computing = columns, nil
	if c, err := report.Compute(columns, time.Now()); err == nil && len(columns) > 0 {
		l.computing = c
	}
}

// watched is the table that is looked at.
func (l *look) watched() *result.Table {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.table
}

// line is what a pasted line makes of the rows.
func (l *look) line() cmdlet.Shape {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shape
}

// everywhere tells whether the filter looks at all columns.
func (l *look) everywhere() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all
}

// taken says what takes rows away before the filters do: the choice of tenants, and what a
// pasted line keeps.
func (l *look) taken() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var words []string
	if len(l.tenants) > 0 {
		words = append(words, result.TenantColumn.Name()+": "+strings.Join(l.tenants, ", "))
	}
	if filter := l.shape.Filter(); filter != "" {
		words = append(words, filter)
	}
	return words
}

// set changes the wish and makes a view of it.
func (l *look) set(change func(l *look)) {
	l.mu.Lock()
	change(l)
	nothing := l.table == nil
	l.mu.Unlock()
	if !nothing {
		l.spawn(l.refresh) // ends with the view, or when a newer one is wanted
	}
}

// refresh makes a view of what is there now.
func (l *look) refresh() { l.refreshUnless(func() bool { return false }) }

// refreshUnless makes a view of what is there now, unless that is too late: another, which is to
// be the last, has begun or will, and must not be cancelled by an older one. late must not call out.
func (l *look) refreshUnless(late func() bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l.mu.Lock()
	if late() {
		l.mu.Unlock()
		return
	}
	if l.cancel != nil {
		l.cancel()
	}
	l.cancel = cancel
	l.number++
	wish := wish{table: l.table, filter: l.filter, columns: l.columns, tenants: l.tenants, sort: l.sort, shape: l.shape, group: l.group, total: l.total, computing: l.computing}
	wish.shown = l.columns
	if l.all {
		wish.columns = nil
	}
	number := l.number
	l.mu.Unlock()
	if wish.table == nil {
		return
	}
	all := wish.table.Snapshot()
	if wish.computing != nil {
		computed, err := wish.computing.View(ctx, all)
		if err != nil {
			return // only a newer wish ends it, and that one shows
		}
		all = computed
	}
	view, err := wish.view(ctx, all)
	var groups []group
	if err == nil && wish.group != "" {
		view, groups, err = grouped(ctx, view, wish.group, wish.total, wish.shown)
	}
	if err != nil {
		return // only a newer wish ends it, and that one shows
	}
	if ctx.Err() == nil { // no newer wish came meanwhile
		rows, _ := all.Size()
		l.show(looking{number: number, table: wish.table, whole: all, view: view, groups: groups, places: placesOf(view, all), all: rows, shaped: wish.shape.Columns != nil || wish.shape.Group != nil})
	}
}

// wish is what a view is made of.
type wish struct {
	table     *result.Table
	filter    result.Filter
	columns   []string // where the text is looked for; none is everywhere
	tenants   []string
	sort      []sortKey
	shape     cmdlet.Shape
	group     string
	total     total
	shown     []string // columns on screen
	computing *report.Computing
}

func (w wish) view(ctx context.Context, all *result.View) (*result.View, error) {
	view := all
	if len(w.tenants) > 0 {
		var rows []int
		n, _ := all.Size()
		for row := range n {
			if slices.Contains(w.tenants, all.Cell(row, 0)) {
				rows = append(rows, row)
			}
		}
		view = all.WithRows(rows...)
	}
	var err error
	if !w.shape.IsZero() {
		if view, _, err = job.Shaped(ctx, view, w.shape); err != nil {
			return nil, err
		}
	}
	searched := view
	if len(w.columns) > 0 && w.filter.Text != "" {
		searched, _ = view.WithColumnNames(w.columns...)
	}
	found, err := searched.Filter(ctx, w.filter)
	if err != nil {
		return nil, err
	}
	if searched != view {
		found = view.WithRowIDs(found.RowIDs()...)
	}
	var keys []result.SortKey
	for _, key := range w.sort {
		if col, ok := found.Column(key.column); ok {
			keys = append(keys, result.SortKey{Column: col, Direction: key.order})
		}
	}
	if len(keys) == 0 {
		return found, nil
	}
	return found.SortedBy(ctx, keys...)
}

// placesOf says where each row of a table is in a view of it. The grid asks for
// it once for each selected row, on the UI thread.
func placesOf(view, all *result.View) []int32 {
	rows, _ := view.Size()
	size, _ := all.Size()
	places := make([]int32, size)
	for id := range places {
		places[id] = -1
	}
	moved := rows != size
	for row := range rows {
		id := view.RowID(row)
		places[id] = int32(row)
		moved = moved || id != row
	}
	if !moved {
		return nil
	}
	return places
}
