package result

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Filter says which rows to keep. All of it must hold; the zero Filter keeps all rows.
type Filter struct {
	// Text is what a person types: words, each of which must be found in some column,
	// letter case aside. "Several words" in double quotes count as one.
	Text string
	// In are the columns that Text is looked for in, as [View.Column] finds them; none
	// means all columns of the view. A name that the view has not is no column.
	In []string
	// Where are criteria on columns; all must hold.
	Where []Criterion
	// Now is what Last and Older look back from; zero is the present.
	Now time.Time
}

// Criterion is a condition on one column.
type Criterion struct {
	// Column is the column's name, as [View.Column] finds it.
	Column string
	// Op is the comparison.
	Op Op
	// Value is what to compare with, as a person types it: `5`, `2024-03-04`, `10 MB`,
	// `01:30:00`, `true`. It is read as the kind of each cell. Not used by Empty and OneOf.
	Value string
	// To is the other end of Between.
	To string
	// Values are those of OneOf, as [View.Values] gives them.
	Values []string
	// Not turns the condition round.
	Not bool
}

// Op is the comparison of a Criterion. Texts compare with letter case aside.
type Op uint8

const (
	// Equals means the same value; for a list, that one of its items is.
	Equals Op = iota
	// Contains means that the text has the value somewhere in it.
	Contains
	// StartsWith means that the text, or an item of the list, begins with the value.
	StartsWith
	// EndsWith means that the text, or an item of the list, ends with the value.
	EndsWith
	// Greater means later, larger, or after it in natural order.
	Greater
	// GreaterOrEqual is Greater or Equals.
	GreaterOrEqual
	// Less means earlier, smaller, or before it in natural order.
	Less
	// LessOrEqual is Less or Equals.
	LessOrEqual
	// Empty means null, absent, an empty text or an empty list.
	Empty
	// Between means from Value to To, or from To to Value, both included.
	Between
	// OneOf means that the text, or an item of the list, is one of Values, letter by
	// letter; "" stands for cells without anything to see.
	OneOf
	// Last means a time within the length before now that Value has: `30 days`, `12 h`.
	Last
	// Older means a time before that.
	Older
)

// Filter gives a view with the rows that match, in the same order. A column that the view
// does not have is empty in each row, as $null is in PowerShell. The error is the context's.
func (v *View) Filter(ctx context.Context, f Filter) (*View, error) {
	if f.Now.IsZero() {
		f.Now = time.Now()
	}
	kept := make([][]int32, workers())
	parts := parallel(v.len(), segmentRows, func(part, from, to int) {
		conditions := v.conditions(f) // of its own: they have memory to work in
		kept[part] = v.matches(ctx, conditions, from, to)
	})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	next := *v
	next.rows = slices.Concat(kept[:parts]...)
	if next.rows == nil {
		next.rows = []int32{} // nil is all rows
	}
	return &next, nil
}

// matches gives the RowIDs of the rows from one on up to another that match.
func (v *View) matches(ctx context.Context, conditions []condition, from, to int) []int32 {
	var rows []int32
	matchers := make([]*segmentMatcher, len(v.data.segments))
	for row := from; row < to; row++ {
		if row%1024 == 0 && ctx.Err() != nil {
			return nil
		}
		id := v.RowID(row)
		n, i := v.data.locate(id)
		m := matchers[n]
		if m == nil {
			m = newSegmentMatcher(v.data.segments[n], conditions)
			matchers[n] = m
		}
		if m.match(i) {
			rows = append(rows, int32(id))
		}
	}
	return rows
}

// condition is a test that some of the columns must pass.
type condition struct {
	test test
	cols []int // in the table
	// plain are the kinds of cells without data, such as numbers, that can pass, as bits.
	plain uint32
}

func (v *View) conditions(f Filter) []condition {
	var all []condition
	for _, c := range f.Where {
		cols := []int{len(v.data.names)} // beyond the last: no segment has it
		if col, ok := v.Column(c.Column); ok {
			cols = v.cols[col : col+1]
		}
		all = append(all, condition{test: newCriterionTest(c, f.Now), cols: cols, plain: ^uint32(0)})
	}
	in := v.cols
	if len(f.In) > 0 {
		looked, _ := v.WithColumnNames(f.In...) // one that is not there has no word
		in = looked.cols
	}
	for _, word := range splitWords(f.Text) {
		t := newWordTest(word)
		all = append(all, condition{test: t, cols: in, plain: plainKinds(t.word)})
	}
	return all
}

// newSegmentMatcher has the columns of each condition, those first that take the least work.
func newSegmentMatcher(s *segment, conditions []condition) *segmentMatcher {
	m := &segmentMatcher{}
	for _, c := range conditions {
		group := make(columnGroup, 0, len(c.cols))
		for _, col := range c.cols {
			group = append(group, newColumnMatcher(s.chunk(col), c.test, c.plain))
		}
		slices.SortStableFunc(group, func(a, b columnMatcher) int { return cmp.Compare(a.work(), b.work()) })
		m.groups = append(m.groups, group)
	}
	return m
}
