package widgets

import (
	"slices"
	"strings"
)

// FilterKind says how the values of a column are compared.
type FilterKind int

// The kinds of columns.
const (
	FilterText FilterKind = iota
	FilterNumber
	FilterSize
	FilterDuration
	FilterDate
	FilterTruth
)

// FilterOp is a comparison.
type FilterOp int

// The comparisons. Empty needs no value, between two, one of any number, the others one.
const (
	FilterContains FilterOp = iota
	FilterEquals
	FilterStarts
	FilterEnds
	FilterGreater
	FilterLess
	FilterBetween // both ends included
	FilterLastDays
	FilterOlderDays
	FilterOneOf
	FilterEmpty
)

// ColumnFilter is what a person wants to see of a column.
type ColumnFilter struct {
	Op     FilterOp
	Not    bool // the rows for which it does not hold
	Values []string
}

// Complete tells whether nothing is missing.
func (f ColumnFilter) Complete() bool {
	filled := 0
	for _, v := range f.Values {
		if v != "" {
			filled++
		}
	}
	switch f.Op {
	case FilterEmpty:
		return true
	case FilterBetween:
		return filled == 2
	case FilterOneOf:
		return len(f.Values) > 0 // the empty value is one
	}
	return filled >= 1
}

// Words says what the filter wants of a column, for a chip: "Kind: User, Shared".
func (f ColumnFilter) Words(column string) string {
	value := func(i int) string {
		if i < len(f.Values) {
			return f.Values[i]
		}
		return ""
	}
	switch f.Op {
	case FilterOneOf:
		return column + ": " + f.oneOf()
	case FilterBetween:
		return column + ": " + tr("{{.from}} to {{.to}}", "from", value(0), "to", value(1))
	case FilterLastDays:
		return column + ": " + filterDays(value(0), tr("last day"), tr("last {{.n}} days", "n", value(0)), tr("last {{.length}}", "length", value(0)))
	case FilterOlderDays:
		return column + ": " + filterDays(value(0), tr("older than 1 day"), tr("older than {{.n}} days", "n", value(0)), tr("older than {{.length}}", "length", value(0)))
	}
	return strings.TrimSpace(column + ": " + f.verb() + " " + value(0))
}

// filterDays says one day as one, and a length that has its own unit as it was typed.
func filterDays(n, one, many, length string) string {
	switch {
	case n == "1":
		return one
	case strings.Trim(n, "0123456789") != "":
		return length
	}
	return many
}

// oneOf lists the values, the first three of many.
func (f ColumnFilter) oneOf() string {
	const most = 3
	shown := make([]string, 0, most)
	for _, v := range f.Values[:min(most, len(f.Values))] {
		if v == "" {
			v = tr("empty")
		}
		shown = append(shown, v)
	}
	text := strings.Join(shown, ", ")
	if n := len(f.Values) - most; n > 0 {
		text = tr("{{.list}} and {{.n}} more", "list", text, "n", grouped(n))
	}
	if f.Not {
		return tr("none of {{.list}}", "list", text)
	}
	return text
}

// verb is the comparison in words.
func (f ColumnFilter) verb() string {
	for _, c := range comparisons(FilterText) {
		if c.Op == f.Op && c.Not == f.Not {
			return c.Words
		}
	}
	for _, c := range comparisons(FilterNumber) {
		if c.Op == f.Op && c.Not == f.Not {
			return c.Words
		}
	}
	return ""
}

// comparison is a line of the list of comparisons.
type comparison struct {
	Op    FilterOp
	Not   bool
	Words string
}

// comparisons lists what can be asked of a column of a kind, the most used first.
func comparisons(k FilterKind) []comparison {
	oneOf := []comparison{{FilterOneOf, false, tr("is one of")}, {FilterOneOf, true, tr("is none of")}}
	is := []comparison{{FilterEquals, false, tr("is")}, {FilterEquals, true, tr("is not")}}
	empty := []comparison{{FilterEmpty, false, tr("is empty")}, {FilterEmpty, true, tr("is not empty")}}
	measured := []comparison{{FilterGreater, false, tr("is more than")}, {FilterLess, false, tr("is less than")}, {FilterBetween, false, tr("is between")}}
	switch k {
	case FilterTruth:
		return slices.Concat(oneOf, empty)
	case FilterNumber, FilterSize, FilterDuration:
		return slices.Concat(measured, is, oneOf, empty)
	case FilterDate:
		return slices.Concat([]comparison{
			{FilterLastDays, false, tr("is in the last … days")},
			{FilterOlderDays, false, tr("is older than … days")},
			{FilterGreater, false, tr("is after")},
			{FilterLess, false, tr("is before")},
			{FilterBetween, false, tr("is between")},
			{FilterEquals, false, tr("is on")},
		}, oneOf, empty)
	default:
		return slices.Concat([]comparison{
			{FilterContains, false, tr("contains")},
			{FilterContains, true, tr("does not contain")},
			{FilterStarts, false, tr("begins with")},
			{FilterEnds, false, tr("ends with")},
		}, is, oneOf, empty)
	}
}

// FilterModel is what a FilterEditor asks about the column.
type FilterModel interface {
	ValueModel
	// Kind says how the values are compared.
	Kind() FilterKind
	// Problem says why a value that a person typed cannot be compared with; "" when it can.
	Problem(op FilterOp, value string) string
}
