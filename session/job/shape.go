package job

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"postroom/session/cmdlet"
	"postroom/session/result"
)

// Shaped gives what a line asks for beside its pipeline: some rows, or groups of them, in
// an order, the first of them, some columns. missing are the columns that no row has. What
// lists and files are is the face's.
func Shaped(ctx context.Context, v *result.View, s cmdlet.Shape) (shaped *result.View, missing []string, err error) {
	if v, err = kept(ctx, v, s.Where); err != nil {
		return nil, nil, err
	}
	if len(s.Group) > 0 {
		if v, missing, err = grouped(ctx, v, s.Group); err != nil {
			return nil, nil, err
		}
	}
	if v, err = kept(ctx, v, s.Having); err != nil {
		return nil, nil, err
	}
	var by []result.SortKey
	for _, key := range s.Sort {
		col, found := v.Column(key.Column)
		if !found {
			missing = append(missing, key.Column)
			continue
		}
		one := result.SortKey{Column: col}
		if key.Descending {
			one.Direction = result.Descending
		}
		by = append(by, one)
	}
	if len(by) > 0 {
		if v, err = v.SortedBy(ctx, by...); err != nil {
			return nil, nil, err
		}
	}
	if rows, _ := v.Size(); s.First > 0 && int64(rows) > s.First {
		first := make([]int, s.First)
		for i := range first {
			first[i] = i
		}
		v = v.WithRows(first...)
	}
	if len(s.Columns) > 0 {
		var absent []string
		v, absent = v.WithColumnNames(s.Columns...)
		missing = append(missing, absent...)
	}
	return v, missing, nil
}

// kept gives the rows for which the condition holds; all without one.
func kept(ctx context.Context, v *result.View, c *cmdlet.Condition) (*result.View, error) {
	if c == nil {
		return v, nil
	}
	keep, err := holds(ctx, v, *c)
	if err != nil {
		return nil, err
	}
	var rows []int
	for row, kept := range keep {
		if kept {
			rows = append(rows, row)
		}
	}
	return v.WithRows(rows...), nil
}

// holds says for each row of v whether the condition holds.
func holds(ctx context.Context, v *result.View, c cmdlet.Condition) ([]bool, error) {
	if c.Logic == cmdlet.Compare {
		return compared(ctx, v, c.Comparison)
	}
	var all []bool
	for i, part := range c.Parts {
		each, err := holds(ctx, v, part)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			all = each
			continue
		}
		for row := range all {
			if c.Logic == cmdlet.And {
				all[row] = all[row] && each[row]
			} else {
				all[row] = all[row] || each[row]
			}
		}
	}
	if c.Logic == cmdlet.Not {
		for row := range all {
			all[row] = !all[row]
		}
	}
	return all, nil
}

// compared is holds for one comparison. A column that no row has is $null, as in
// PowerShell.
func compared(ctx context.Context, v *result.View, c cmdlet.Comparison) ([]bool, error) {
	rows, _ := v.Size()
	keep := make([]bool, rows)
	operator, not := strings.CutPrefix(c.Operator, "not")
	if operator == "ne" {
		operator, not = "eq", true
	}
	test, err := testOf(operator, c)
	if err != nil {
		return nil, err
	}
	col, found := v.Column(c.Column)
	for row := range keep {
		if row%4096 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		holds := false
		if found {
			holds = test.value(v.Value(row, col), v.Cell(row, col))
		} else {
			holds = test.value(result.Value{}, "")
		}
		keep[row] = holds != not
	}
	return keep, nil
}

// test is a comparison that is ready to be made.
type test struct {
	operator string
	literals []any
	fits     func(text string) bool // of like and match
	exact    bool                   // letter case counts
}

func testOf(operator string, c cmdlet.Comparison) (test, error) {
	t := test{operator: operator, exact: c.CaseSensitive, literals: []any{c.Value}}
	switch list := c.Value.(type) {
	case []string:
		t.literals = nil
		for _, s := range list {
			t.literals = append(t.literals, s)
		}
	case []any:
		t.literals = list
	}
	switch operator {
	case "like":
		like := cmdlet.NewWildcard
		if c.CaseSensitive {
			like = cmdlet.NewExactWildcard
		}
		t.fits = like(fmt.Sprint(c.Value)).Match
	case "match":
		flags := "(?is)"
		if c.CaseSensitive {
			flags = "(?s)"
		}
		pattern, err := regexp.Compile(flags + fmt.Sprint(c.Value))
		if err != nil {
			return t, fmt.Errorf("compare %s with %v: %w", c.Column, c.Value, err)
		}
		t.fits = pattern.MatchString
	}
	return t, nil
}

// value makes the test with a cell.
func (t test) value(v result.Value, text string) bool {
	items := []string{text}
	if v.Kind == result.KindList {
		items = v.Items
	}
	switch t.operator {
	case "":
		return truth(v)
	case "like", "match":
		return slices.ContainsFunc(items, t.fits)
	case "eq", "contains", "in":
		return slices.ContainsFunc(t.literals, func(literal any) bool { return t.equal(v, items, literal) })
	}
	order, comparable := compare(v, text, t.literals[0], t.exact)
	if !comparable {
		return false
	}
	switch t.operator {
	case "gt":
		return order > 0
	case "ge":
		return order >= 0
	case "lt":
		return order < 0
	}
	return order <= 0
}

func (t test) equal(v result.Value, items []string, literal any) bool {
	if literal == nil {
		return v.Kind == result.KindNull || v.Kind == result.KindAbsent
	}
	for _, item := range items {
		if v.Kind == result.KindList {
			v = result.Value{Kind: result.KindText, Text: item}
		}
		if order, comparable := compare(v, item, literal, t.exact); comparable && order == 0 {
			return true
		}
	}
	return false
}

// truth is what PowerShell takes for true: not null, not false, not zero, not
// empty.
func truth(v result.Value) bool {
	switch v.Kind {
	case result.KindNull, result.KindAbsent:
		return false
	case result.KindBool:
		return v.Bool
	case result.KindInt, result.KindDuration:
		return v.Int != 0
	case result.KindUint:
		return v.Uint != 0
	case result.KindFloat:
		return v.Float != 0
	case result.KindText, result.KindDecimal:
		return v.Text != "" && (v.Kind == result.KindText || strings.Trim(v.Text, "-0.") != "")
	case result.KindList:
		return len(v.Items) > 0
	}
	return true
}
