package runs

import (
	"postroom/session/result"
	"postroom/widgets"
)

// tabRows are the rows of a tab, as its window and the tour ask for them.
type tabRows struct{ rows *rowsView }

// Grid shows the tab's rows.
func (r tabRows) Grid() *widgets.Grid { return r.rows.grid }

// FocusFilter gives the keyboard to the filter of the rows.
func (r tabRows) FocusFilter() { r.rows.desk.Focus(r.rows.filter) }

// Export exports the rows and columns as they are on screen.
func (r tabRows) Export() { r.rows.taking.exportShown() }

// Shown is what is on screen of the rows; nil before the first run.
func (r tabRows) Shown() *result.View { return r.rows.shown() }

// Extract calls took with what can be exported of the rows now: at once, but where many rows
// are selected; never before there are rows.
func (r tabRows) Extract(took func(Extract)) { r.rows.taking.take(took) }

// Chart shows the chart beside the rows, or takes it away.
func (r tabRows) Chart() { r.rows.chart() }

// Filter shows the rows that have the text.
func (r tabRows) Filter(text string) { r.rows.filter.SetText(text) }

// FilterBy shows the rows for which the filter of a column holds, beside the other filters.
func (r tabRows) FilterBy(column string, f widgets.ColumnFilter) {
	r.rows.filtering.setFilter(column, &f)
}

// Sort orders the rows by columns, the first key first.
func (r tabRows) Sort(keys ...widgets.SortKey) {
	r.rows.sorting.sortBy(keys...)
}
