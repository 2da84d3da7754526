package runs

import (
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/session/report"
	"postroom/session/result"
)

// Saved makes a report of what the form asks and how the rows are looked at:
// columns, filters, groups, order and computed columns. It has no name and no title
// yet. left says what a report cannot hold, in words. Errors are those of report.Made,
// and *cmdlet.BindError.
func (t *Tab) Saved() (_ report.Report, left []string, _ error) {
	made := report.Made{Service: report.ServiceOf(t.base.Endpoint)}
	if t.report != nil {
		made.Base, made.Answers = t.report, map[string]string{}
		for name, v := range t.form.Values() {
			made.Answers[name] = AnswerOf(v)
		}
	} else {
		inv, err := t.cmdlet.Bind(t.form.Values(), time.Now())
		if err != nil {
			return report.Report{}, nil, err
		}
		made.Line = t.pasting.behind.command(inv)
		made.Line.Shape.List, made.Line.Shape.Export = false, nil
	}
	left = t.rows.savedIn(&made)
	r, err := made.Report()
	if errors.Is(err, report.ErrNoColumns) { // it was not run yet
		shown, _ := t.deps.Known.Arrange(t.cmdlet.Name, t.deps.Known.Columns(t.cmdlet.Name))
		made.Columns = shown
		r, err = made.Report()
	}
	return r, left, err
}

// savedIn says how the rows are looked at, and in words what of that a report cannot
// hold: it has no tenants of its own.
func (v *rowsView) savedIn(m *report.Made) (left []string) {
	if v.now.view != nil {
		for _, name := range v.shownColumns() {
			if !ownColumn(name) {
				m.Columns = append(m.Columns, name)
			}
		}
	}
	m.Computed = v.computed
	m.Filter.Text = v.typed()
	if !v.look.everywhere() {
		m.TextIn = m.Columns
	}
	for _, c := range v.criteria() {
		if c.Column == result.TenantColumn.Name() {
			left = append(left, lang.L("the filter on Tenant"))
			continue
		}
		m.Filter.Where = append(m.Filter.Where, c)
	}
	if m.Grouped = v.grouped; m.Grouped == result.TenantColumn.Name() {
		m.Grouped = ""
		left = append(left, lang.L("the groups by Tenant"))
	}
	if slices.ContainsFunc(v.sorted, func(k sortKey) bool { return k.column == result.TenantColumn.Name() }) {
		left = append(left, lang.L("the order by Tenant"))
	}
	m.Sort = v.sortKeys()
	return left
}

// ownColumn tells the columns that are ours, and of no object of a server.
func ownColumn(name string) bool {
	return name == result.TenantColumn.Name() || name == result.StatusColumn.Name() || name == report.MarksColumn
}
