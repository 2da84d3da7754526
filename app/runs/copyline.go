package runs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// copying writes a tab's rows as a line of PowerShell.
type copying struct {
	desk  *desk.Desk
	known *reference.Reference
	rows  *onScreen
	want  *wishes
	typed func() string // in the filter over the rows
	about *origins
}

// copyLine puts the PowerShell on the clipboard that gives the rows again: the selected
// ones, else those that are shown, in their order and with their columns. What is pasted
// here is read back.
func (t copying) copyLine() {
	if t.rows.run == nil {
		t.desk.Note(widgets.Information, lang.L("Run it first: then its rows can be copied."))
		return
	}
	if n := t.rows.grid.SelectedCount(); n > lineRows {
		t.desk.Note(widgets.Warning, fmt.Sprintf(lang.L("%s are too many for one line of PowerShell. Filter the rows instead."), words.Rows(n)))
		return
	}
	text, rest := t.rowsLine()
	t.desk.Copy(text)
	if len(rest) > 0 {
		t.desk.Note(widgets.Warning, fmt.Sprintf(lang.L("Copied as PowerShell, without %s"), strings.Join(rest, ", ")))
		return
	}
	t.desk.Note(widgets.Success, lang.L("Copied as PowerShell"))
}

// lineRows are how many rows are named in a line at most: nobody reads more, and no console
// takes it.
const lineRows = 1000

// rowsLine writes what ran, and what of its rows is wanted. rest names the columns that
// PowerShell cannot say: those that are computed here.
func (t copying) rowsLine() (text string, rest []string) {
	line, ok := t.ranLine()
	if !ok || len(line.Shape.Group) > 0 {
		return t.rows.run.command.PowerShell(), nil // steps with calls between them, or groups as they were asked for
	}
	where := t.wantedRows()
	if line.Shape.Where != nil {
		where = append([]cmdlet.Condition{*line.Shape.Where}, where...)
	}
	line.Shape.Where = joined(cmdlet.And, where)
	if len(t.want.sorted) > 0 {
		line.Shape.Sort = t.want.sortKeys()
	}
	line.Shape.Columns, line.Shape.Table, line.Shape.List, line.Shape.Export = nil, false, false, nil
	for _, name := range t.rows.shownColumns() {
		switch {
		case slices.ContainsFunc(t.want.computed, func(c report.Column) bool { return c.Name == name }):
			rest = append(rest, name)
		case !ownColumn(name):
			line.Shape.Columns = append(line.Shape.Columns, name)
		}
	}
	return line.PowerShell(), rest
}

// ranLine is what gave the rows, as one line; false where it is more than that.
func (t copying) ranLine() (cmdlet.Line, bool) {
	if c, is := t.rows.run.command.(job.Command); is {
		return cmdlet.Line{Pipeline: c.Pipeline, Shape: t.rows.look.line()}, true
	}
	line, err := cmdlet.Reader{Kinds: t.known}.Line(t.rows.run.command.PowerShell())
	return line, err == nil
}

// wantedRows are the conditions of the selected rows; where none are selected, those of the
// filters.
func (t copying) wantedRows() []cmdlet.Condition {
	view := t.rows.now.view
	if view == nil {
		return nil
	}
	rows := t.rows.selection()()
	if column, values := t.naming(view, rows); len(values) > 0 {
		return []cmdlet.Condition{oneOfTexts(column, values)}
	}
	var where []cmdlet.Condition
	for _, c := range t.want.criteria() {
		if !ownColumn(c.Column) {
			where = append(where, conditionOf(c, time.Now()))
		}
	}
	if text := t.typed(); text != "" {
		columns := t.rows.shownColumns()
		if t.rows.look.everywhere() {
			columns = view.Headers()
		}
		var any []cmdlet.Condition
		for _, name := range columns {
			if !ownColumn(name) {
				any = append(any, compared(name, "like", "*"+plainLike(text)+"*"))
			}
		}
		where = append(where, *joined(cmdlet.Or, any))
	}
	return where
}

// naming gives a column by which the rows can be told, and their values in it: that which
// names their objects, else the first that has a value of its own in each of them.
func (t copying) naming(view *result.View, rows []int) (column string, values []string) {
	if len(rows) == 0 {
		return "", nil
	}
	for _, name := range append([]string{t.about.subjectOf(view.Headers()).Column}, t.rows.shownColumns()...) {
		if values = ownValues(view, rows, name); values != nil && !ownColumn(name) {
			return name, values
		}
	}
	return "", nil
}

// ownValues are the values of rows in a column; nil where one has none of its own.
func ownValues(view *result.View, rows []int, column string) []string {
	var values []string
	seen := map[string]bool{}
	for _, at := range rows {
		text, ok := single(view, at, column)
		if !ok || seen[text] {
			return nil
		}
		seen[text] = true
		values = append(values, text)
	}
	return values
}

func compared(column, operator string, value any) cmdlet.Condition {
	return cmdlet.Condition{Comparison: cmdlet.Comparison{Column: column, Operator: operator, Value: value}}
}

func oneOfTexts(column string, values []string) cmdlet.Condition {
	if len(values) == 1 {
		return compared(column, "eq", values[0])
	}
	return compared(column, "in", values)
}

// joined makes one condition of several; nil of none.
func joined(logic cmdlet.Logic, parts []cmdlet.Condition) *cmdlet.Condition {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return &parts[0]
	}
	return &cmdlet.Condition{Logic: logic, Parts: parts}
}

// plainLike is a text in which -like finds no sign of its own.
func plainLike(text string) string {
	return strings.NewReplacer("`", "``", "*", "`*", "?", "`?", "[", "`[", "]", "`]").Replace(text)
}

// conditionOf writes a column's filter as PowerShell compares.
func conditionOf(c result.Criterion, now time.Time) cmdlet.Condition {
	is := func(operator string, value any) cmdlet.Condition { return compared(c.Column, operator, value) }
	var all cmdlet.Condition
	switch c.Op {
	case result.Contains:
		all = is("like", "*"+plainLike(c.Value)+"*")
	case result.StartsWith:
		all = is("like", plainLike(c.Value)+"*")
	case result.EndsWith:
		all = is("like", "*"+plainLike(c.Value))
	case result.Greater:
		all = is("gt", c.Value)
	case result.GreaterOrEqual:
		all = is("ge", c.Value)
	case result.Less:
		all = is("lt", c.Value)
	case result.LessOrEqual:
		all = is("le", c.Value)
	case result.Between:
		all = cmdlet.Condition{Logic: cmdlet.And, Parts: []cmdlet.Condition{is("ge", c.Value), is("le", c.To)}}
	case result.OneOf:
		all = oneOfTexts(c.Column, c.Values)
	case result.Empty:
		all = cmdlet.Condition{Logic: cmdlet.Or, Parts: []cmdlet.Condition{is("eq", nil), is("eq", "")}}
	case result.Last, result.Older:
		operator := map[result.Op]string{result.Last: "ge", result.Older: "lt"}[c.Op]
		if since, ok := result.Ago(c.Value, now); ok {
			all = is(operator, since)
		}
	default:
		all = is("eq", c.Value)
	}
	if c.Not {
		return cmdlet.Condition{Logic: cmdlet.Not, Parts: []cmdlet.Condition{all}}
	}
	return all
}
