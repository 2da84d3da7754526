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
	spawn func(func())            // starts a goroutine
	show  func(*result.View, int) // gets a view and the number of all rows; on the worker

	mu     sync.Mutex
	filter result.Filter
	column string
	order  result.Direction
	sorted bool
	cancel context.CancelFunc
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
	filter, column, order, sorted := l.filter, l.column, l.order, l.sorted
	l.mu.Unlock()

	all := l.table.Snapshot()
	rows, _ := all.Size()
	view, err := all.Filter(ctx, filter)
	if err == nil && sorted {
		if col, ok := view.Column(column); ok {
			view, err = view.SortedBy(ctx, col, order)
		}
	}
	if err != nil {
		return // only a newer wish ends it, and that one shows
	}
	if ctx.Err() == nil { // no newer wish came meanwhile
		l.show(view, rows)
	}
}
