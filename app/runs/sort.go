package runs

import (
	"slices"

	"postroom/session/cmdlet"
	"postroom/session/result"
	"postroom/widgets"
)

// sorting is the order of the rows.
type sorting struct {
	*wishes
	grid   *widgets.Grid
	change func(wish func(*look))
}

// sort orders the rows by columns of the grid, the first key first.
func (v sorting) sort(keys []widgets.SortKey) {
	source := v.grid.Source()
	if source == nil {
		return
	}
	sorted := make([]sortKey, len(keys))
	for i, k := range keys {
		sorted[i] = sortKey{column: source.Header(k.Col), order: result.Ascending}
		if k.Order == widgets.Descending {
			sorted[i].order = result.Descending
		}
	}
	v.sorted = sorted
	v.keepWanted()
	v.change(func(l *look) { l.sort = sorted })
}

// showSort puts the arrows on the headings: columns may have other places in a new source.
func (v sorting) showSort() {
	source := v.grid.Source()
	if source == nil {
		return
	}
	var keys []widgets.SortKey
	_, cols := source.Size()
	for _, k := range v.sorted {
		for col := range cols {
			if source.Header(col) == k.column {
				order := widgets.Ascending
				if k.order == result.Descending {
					order = widgets.Descending
				}
				keys = append(keys, widgets.SortKey{Col: col, Order: order})
			}
		}
	}
	if !slices.Equal(keys, v.grid.Sort()) {
		v.grid.SetSort(keys...)
	}
}

// sortToo sorts by a column where those that the rows are sorted by already are equal.
func (v sorting) sortToo(col int) {
	keys := slices.DeleteFunc(v.grid.Sort(), func(k widgets.SortKey) bool { return k.Col == col })
	v.sortBy(append(keys, widgets.SortKey{Col: col, Order: widgets.Ascending})...)
}

// sortBy orders the rows by columns, the first key first, and says so in the headings.
func (v sorting) sortBy(keys ...widgets.SortKey) {
	v.grid.SetSort(keys...)
	v.sort(keys)
}

// sortKeys are what the rows are sorted by, of the columns that a server has.
func (w wanted) sortKeys() (keys []cmdlet.SortKey) {
	for _, k := range w.sorted {
		if k.column != result.TenantColumn.Name() {
			keys = append(keys, cmdlet.SortKey{Column: k.column, Descending: k.order == result.Descending})
		}
	}
	return keys
}
