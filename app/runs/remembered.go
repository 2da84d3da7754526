package runs

import (
	"slices"
	"time"

	"postroom/app/settings"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// wanted is how a person wants to see the rows, beside the columns' places. It comes back
// with the next tab of the same cmdlet or report.
type wanted struct {
	filters  []columnFilter
	sorted   []sortKey
	grouped  string // column that the rows are grouped by; none when empty
	total    total  // what the groups' headings say
	computed []report.Column
}

// filterNames are the comparisons as the settings have them.
var filterNames = map[widgets.FilterOp]string{
	widgets.FilterContains: "contains", widgets.FilterEquals: "equals", widgets.FilterStarts: "starts", widgets.FilterEnds: "ends",
	widgets.FilterGreater: "greater", widgets.FilterLess: "less", widgets.FilterBetween: "between", widgets.FilterLastDays: "last days",
	widgets.FilterOlderDays: "older days", widgets.FilterOneOf: "one of", widgets.FilterEmpty: "empty",
}

// wantedFrom reads what is kept. A comparison of a newer program is left out: its chip
// could not say what it does.
func wantedFrom(kept settings.Columns) wanted {
	w := wanted{grouped: kept.Group, total: totalOf(kept.Total)}
	for _, c := range kept.Computed {
		w.computed = append(w.computed, report.Column{Name: c.Name, Value: c.Value})
	}
	for _, k := range kept.Sort {
		key := sortKey{column: k.Column}
		if k.Descending {
			key.order = result.Descending
		}
		w.sorted = append(w.sorted, key)
	}
	for _, f := range kept.Filters {
		for op, name := range filterNames {
			filter := widgets.ColumnFilter{Op: op, Not: f.Not, Values: slices.Clone(f.Values)}
			if name == f.Op && filter.Complete() {
				w.filters = append(w.filters, columnFilter{f.Column, filter})
			}
		}
	}
	return w
}

// keepIn puts what is wanted into what is kept.
func (w wanted) keepIn(c *settings.Columns) {
	c.Group, c.Total, c.Computed, c.Sort, c.Filters = w.grouped, w.total.String(), nil, nil, nil
	for _, column := range w.computed {
		c.Computed = append(c.Computed, settings.Computed{Name: column.Name, Value: column.Value})
	}
	for _, k := range w.sorted {
		c.Sort = append(c.Sort, settings.SortKey{Column: k.column, Descending: k.order == result.Descending})
	}
	for _, f := range w.filters {
		c.Filters = append(c.Filters, settings.Filter{Column: f.column, Op: filterNames[f.Op], Not: f.Not, Values: slices.Clone(f.Values)})
	}
}

// criteria are the filters as a view understands them.
func (w wanted) criteria() []result.Criterion {
	var where []result.Criterion
	for _, f := range w.filters {
		where = append(where, f.criterion())
	}
	return where
}

// wishes are what a person wants of the rows, kept for the next tab of the same.
type wishes struct {
	wanted
	id   string // under which they are kept
	kept Arrangements
}

// keepWanted remembers what is wanted of the rows.
func (w *wishes) keepWanted() {
	now := w.wanted
	w.keep(now.keepIn)
}

// columns are what is kept of the columns.
func (w *wishes) columns() settings.Columns { return w.kept.Arranged(w.id) }

// keep changes what is kept of the columns, soon.
func (w *wishes) keep(change func(*settings.Columns)) { w.kept.Arrange(w.id, change) }

// recall wants of the rows what was wanted of them before.
func (v *rowsView) recall() {
	v.wanted = wantedFrom(v.columns())
	if _, err := report.Compute(v.computed, time.Now()); err != nil {
		v.desk.Problem(err) // the file was changed by hand: the rows are shown without
		v.computed = nil
	}
	v.look.set(func(l *look) {
		l.filter.Where, l.sort, l.group, l.total = v.criteria(), v.sorted, v.grouped, v.total
		l.compute(v.computed)
	})
}
