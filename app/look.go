package app

import (
	"context"
	"sync"

	"postroom/session/result"
)

// look is how the user wants to see a table: filtered and sorted. Making a
// view of a large table takes time, so it is done by a worker; a newer wish
// cancels the one before it.
type look struct {
	table *result.Table
	spawn func(func())  // starts a goroutine
	show  func(looking) // on the worker; a lower number than one shown is out of date

	mu     sync.Mutex
	number uint64 // of the newest wish
	filter result.Filter
	sort   []sortKey // the first key first; none is the server's order
	cancel context.CancelFunc
}

// sortKey is a column that rows are sorted by.
type sortKey struct {
	column string
	order  result.Direction
}

// looking is a view of a table.
type looking struct {
	number uint64
	view   *result.View
	places []int32 // row of the view by its RowID, -1 where it has none; nil: row and RowID are the same
	all    int     // rows of the table when the view was made
}

// like takes over how another table is looked at.
func (l *look) like(other *look) {
	other.mu.Lock()
	keys := other.sort
	other.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sort = keys
}

// set changes the wish and makes a view of it.
func (l *look) set(change func(l *look)) {
	l.mu.Lock()
	change(l)
	l.mu.Unlock()
	l.spawn(l.refresh) // ends with the view, or when a newer one is wanted
}

// refresh makes a view of what is there now.
func (l *look) refresh() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l.mu.Lock()
	if l.cancel != nil {
		l.cancel()
	}
	l.cancel = cancel
	l.number++
	number, filter, keys := l.number, l.filter, l.sort
	l.mu.Unlock()

	all := l.table.Snapshot()
	rows, _ := all.Size()
	view, err := all.Filter(ctx, filter)
	var by []result.SortKey
	for _, key := range keys {
		if col, ok := all.Column(key.column); ok {
			by = append(by, result.SortKey{Column: col, Direction: key.order})
		}
	}
	if err == nil && len(by) > 0 {
		view, err = view.SortedBy(ctx, by...)
	}
	if err != nil {
		return // only a newer wish ends it, and that one shows
	}
	if ctx.Err() == nil { // no newer wish came meanwhile
		l.show(looking{number: number, view: view, places: placesOf(view, all), all: rows})
	}
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
