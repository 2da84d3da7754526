package runs

import (
	"context"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/session/result"
	"postroom/widgets"
)

// columnFilter is what a person wants to see of a column.
type columnFilter struct {
	column string
	widgets.ColumnFilter
}

// criterion is the filter as a view understands it.
func (f columnFilter) criterion() result.Criterion {
	c := result.Criterion{Column: f.column, Not: f.Not}
	if len(f.Values) > 0 {
		c.Value = f.Values[0]
	}
	switch f.Op {
	case widgets.FilterContains:
		c.Op = result.Contains
	case widgets.FilterEquals:
		c.Op = result.Equals
	case widgets.FilterStarts:
		c.Op = result.StartsWith
	case widgets.FilterEnds:
		c.Op = result.EndsWith
	case widgets.FilterGreater:
		c.Op = result.Greater
	case widgets.FilterLess:
		c.Op = result.Less
	case widgets.FilterBetween:
		c.Op, c.To = result.Between, f.Values[1]
	case widgets.FilterLastDays: // a number alone is days
		c.Op = result.Last
	case widgets.FilterOlderDays:
		c.Op = result.Older
	case widgets.FilterOneOf:
		c.Op, c.Value, c.Values = result.OneOf, "", f.Values
	case widgets.FilterEmpty:
		c.Op, c.Value = result.Empty, ""
	}
	return c
}

// filtering is the filters of the columns, and the chips that say them.
type filtering struct {
	*wishes
	desk      *desk.Desk
	grid      *widgets.Grid
	now       *looking // what is shown
	look      *look
	change    func(wish func(*look))
	chips     *widgets.FilterBar
	rearrange func() // the chips have come or gone
	ungroup   func()
}

// filterOf finds the filter of a column, nil when it has none.
func (v *filtering) filterOf(column string) *widgets.ColumnFilter {
	for _, f := range v.filters {
		if f.column == column {
			return &f.ColumnFilter
		}
	}
	return nil
}

// setFilter filters by a column; nil takes its filter off.
func (v *filtering) setFilter(column string, filter *widgets.ColumnFilter) {
	filters := slices.DeleteFunc(slices.Clone(v.filters), func(f columnFilter) bool { return f.column == column })
	if filter != nil {
		filters = append(filters, columnFilter{column, *filter})
	}
	v.setFilters(filters)
}

func (v *filtering) setFilters(filters []columnFilter) {
	v.filters = filters
	v.showChips()
	v.keepWanted()
	where := v.criteria()
	v.change(func(l *look) { l.filter.Where = where })
}

// showChips says what filters and by what the rows are grouped, and marks the headings.
func (v *filtering) showChips() {
	v.fillChips()
	v.markFiltered()
	v.rearrange()
}

func (v *filtering) fillChips() {
	var chips []widgets.FilterChip
	for _, f := range v.filters {
		chips = append(chips, widgets.FilterChip{
			Text:     f.Words(f.column),
			OnTapped: func() { v.editFilter(f.column) },
			OnClosed: func() { v.setFilter(f.column, nil) },
		})
	}
	if v.grouped != "" {
		chips = append(chips, widgets.FilterChip{
			Text:     fmt.Sprintf(lang.L("Grouped by %s"), v.grouped),
			OnClosed: v.ungroup,
		})
	}
	v.chips.SetChips(chips)
}

// markFiltered puts the funnels on the headings of the filtered columns.
func (v *filtering) markFiltered() {
	var cols []int
	if source := v.grid.Source(); source != nil {
		_, all := source.Size()
		for col := range all {
			if v.filterOf(source.Header(col)) != nil {
				cols = append(cols, col)
			}
		}
	}
	v.grid.SetFiltered(cols...)
}

// clearFilters takes off what the chips say.
func (v *filtering) clearFilters() {
	v.grouped = ""
	v.look.set(func(l *look) { l.group = "" })
	v.setFilters(nil)
}

// askFilter edits the filter of a column of the grid.
func (v *filtering) askFilter(col int, _ fyne.Position) {
	if source := v.grid.Source(); source != nil {
		v.editFilter(source.Header(col))
	}
}

func (v *filtering) editFilter(column string) {
	all := v.now.whole
	if all == nil {
		return
	}
	col, ok := all.Column(column)
	if !ok {
		v.desk.Note(widgets.Information, fmt.Sprintf(lang.L("These rows have no column %s. Remove its filter above."), column))
		return
	}
	editor := widgets.NewFilterEditor(newColumnModel(v.desk, all, col), v.filterOf(column))
	var s *widgets.Sheet
	apply := func() {
		if !editor.Check() {
			return
		}
		filter, _ := editor.Filter()
		s.Hide()
		v.setFilter(column, &filter)
	}
	editor.OnSubmit = apply
	remove := widgets.NewButton(lang.L("Remove the filter"), func() {
		s.Hide()
		v.setFilter(column, nil)
	})
	if v.filterOf(column) == nil {
		remove.Disable()
	}
	cancel := widgets.NewButton(lang.L("Cancel"), func() { s.Hide() })
	s = v.desk.Sheets.New(widgets.SheetSpec{
		Title: fmt.Sprintf(lang.L("Rows whose %s"), column), Width: 440,
		Foot: widgets.NewFoot(remove, cancel, widgets.NewPrimaryButton(lang.L("Filter"), apply)),
	}, editor)
	s.Show(editor.First())
}

// onlyCell keeps the rows that have the value of a cell, or takes them away.
func (v *filtering) onlyCell(row, col int, but bool) {
	values, _, err := v.now.view.WithRows(row).Values(context.Background(), col, cellItems)
	if err != nil || len(values) == 0 {
		return
	}
	filter := widgets.ColumnFilter{Op: widgets.FilterOneOf, Not: but}
	for _, value := range values {
		filter.Values = append(filter.Values, value.Text)
	}
	v.setFilter(v.now.view.Header(col), &filter)
}

const (
	cellItems    = 1000 // of a list in one cell that are filtered by at most
	listedValues = 300  // of a column that are listed to tick
	sampledRows  = 200  // that tell what a column holds
)

// columnModel answers what the editor of a filter asks about a column. UI thread only.
type columnModel struct {
	desk   *desk.Desk
	view   *result.View
	col    int
	kind   widgets.FilterKind
	cancel context.CancelFunc // of the question before; nil before the first
}

func newColumnModel(d *desk.Desk, all *result.View, col int) *columnModel {
	return &columnModel{desk: d, view: all, col: col, kind: filterKind(all, col)}
}

// Kind says how the values are compared.
func (m *columnModel) Kind() widgets.FilterKind { return m.kind }

// Problem says what a value is not.
func (m *columnModel) Problem(op widgets.FilterOp, value string) string {
	reads := result.Read(value)
	wrong := func(fine bool, text string) string {
		if fine {
			return ""
		}
		return fmt.Sprintf(text, value)
	}
	switch op {
	case widgets.FilterLastDays, widgets.FilterOlderDays:
		return wrong(reads.Ago, lang.L("%s is not a number of days. Enter one such as 30, or a length such as 2 weeks."))
	case widgets.FilterGreater, widgets.FilterLess, widgets.FilterBetween, widgets.FilterEquals:
	default:
		return "" // compared as text
	}
	switch m.kind {
	case widgets.FilterNumber:
		return wrong(reads.Number, lang.L("%s is not a number. Enter one such as 1500 or 1.5."))
	case widgets.FilterSize: // a quota may be Unlimited
		return wrong(reads.Number || op == widgets.FilterEquals, lang.L("%s is not a size. Enter one such as 500 MB or 1.5 GB."))
	case widgets.FilterDuration:
		return wrong(reads.Duration, lang.L("%s is not a length of time. Enter one such as 90 min, 2 days or 1.12:00:00."))
	case widgets.FilterDate:
		return wrong(reads.Time, lang.L("%s is not a date. Enter one such as 2026-12-31 or 2026-12."))
	}
	return ""
}

// Values counts the values on a worker; a newer question ends the one before.
func (m *columnModel) Values(text string, took func([]widgets.ValueCount)) {
	if m.cancel != nil {
		m.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	view, col := m.view, m.col
	m.desk.Spawn(func() { // ends with the values, or when others are asked for
		defer cancel()
		if text != "" {
			found, err := view.Filter(ctx, result.Filter{Where: []result.Criterion{{Column: view.Header(col), Op: result.Contains, Value: text}}})
			if err != nil {
				return // only a newer question ends it
			}
			view = found
		}
		most, _, err := view.Values(ctx, col, listedValues)
		if err != nil {
			return
		}
		values := make([]widgets.ValueCount, len(most))
		for i, v := range most {
			values[i] = widgets.ValueCount{Value: v.Text, Count: v.Rows}
		}
		m.desk.Post(func() { took(values) })
	})
}

// filterKind says how the values of a column are compared. Sizes come as text: a sample
// tells them.
func filterKind(v *result.View, col int) widgets.FilterKind {
	switch v.Kind(col) {
	case result.KindBool:
		return widgets.FilterTruth
	case result.KindTime:
		return widgets.FilterDate
	case result.KindDuration:
		return widgets.FilterDuration
	case result.KindInt, result.KindUint, result.KindFloat, result.KindDecimal:
		return widgets.FilterNumber
	}
	rows, _ := v.Size()
	sample := make([]int, min(rows, sampledRows))
	for i := range sample {
		sample[i] = i
	}
	if s, err := v.WithRows(sample...).Statistics(context.Background(), col); err == nil && s.Unit == result.UnitBytes {
		return widgets.FilterSize
	}
	return widgets.FilterText
}
