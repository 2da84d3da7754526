package result

import (
	"cmp"
	"context"
	"slices"

	"postroom/session/bytesize"
)

// Statistics says what is in a column.
type Statistics struct {
	// Rows is the number of cells, Empty of those without anything to see, Distinct of
	// different values, as sorting tells them apart.
	Rows, Empty, Distinct int
	// Unit says what Sum, Average and Median count.
	Unit Unit
	// Numbers is the number of cells that count: numbers, sizes or lengths of time.
	// Cells that are Unlimited do not, they are in Unlimited.
	Numbers, Unlimited int
	// Sum, Average and Median are of the cells that count; 0 when there are none.
	Sum, Average, Median float64
	// Min and Max are the texts of the first and the last value in ascending order, MinRow
	// and MaxRow the rows of the view that have them; -1 when there are none.
	Min, Max       string
	MinRow, MaxRow int
}

// Unit is what numbers count.
type Unit uint8

const (
	// UnitNone is for numbers that are numbers.
	UnitNone Unit = iota
	// UnitBytes is for sizes, in bytes.
	UnitBytes
	// UnitTicks is for lengths of time, in ticks of 100 ns.
	UnitTicks
)

// Statistics looks at a column of the view: for a selection, of the view that
// [View.WithRowIDs] gives. The error is the context's.
func (v *View) Statistics(ctx context.Context, col int) (Statistics, error) {
	a, err := v.arrange(ctx, col)
	if err != nil {
		return Statistics{}, err
	}
	s := Statistics{Rows: v.len(), Empty: len(a.absent), Distinct: a.distinct(), MinRow: -1, MaxRow: -1}
	if len(a.rows) == 0 {
		return s, nil
	}
	first, last := -1, -1
	numbers := make([]float64, 0, len(a.rows))
	for i, row := range a.rows {
		if i%segmentRows == 0 && ctx.Err() != nil {
			return Statistics{}, context.Cause(ctx)
		}
		c := v.cell(int(row), col)
		if c.empty() {
			s.Empty++
			continue
		}
		if last = int(row); first < 0 {
			first = last
		}
		n, unit, counts := countOf(c)
		switch {
		case counts:
			numbers = append(numbers, n)
			s.Sum += n
			s.Unit = max(s.Unit, unit)
		case isUnlimited(c):
			s.Unlimited++
		}
	}
	if s.Empty > len(a.absent) {
		s.Distinct-- // an empty text is none
	}
	if first >= 0 {
		s.MinRow, s.MaxRow = first, last
		s.Min, s.Max = v.Cell(first, col), v.Cell(last, col)
	}
	if s.Numbers = len(numbers); s.Numbers > 0 {
		s.Average = s.Sum / float64(s.Numbers)
		s.Median = median(numbers)
	}
	return s, nil
}

// Number gives what a cell counts: a number, a size in bytes, a length of time in
// ticks; ok is false for a cell that does not count.
func (v *View) Number(row, col int) (n float64, unit Unit, ok bool) { return countOf(v.cell(row, col)) }

// countOf gives the number of a cell that counts, and its unit.
func countOf(c cell) (n float64, unit Unit, ok bool) {
	switch c.kind {
	case cellInt, cellUint, cellFloat, cellDecimal:
		return numberOf(c), UnitNone, true
	case cellDuration:
		return float64(int64(c.num)), UnitTicks, true
	case cellText, cellNested:
		text, _ := c.meaning()
		if size, isSize := bytesize.Exact(text); isSize {
			return float64(size), UnitBytes, true
		}
		if ticks, isSpan := parseSpan(text); isSpan {
			return float64(ticks), UnitTicks, true
		}
	}
	return 0, UnitNone, false
}

// median takes the numbers, which it sorts.
func median(numbers []float64) float64 {
	slices.Sort(numbers)
	middle := len(numbers) / 2
	if len(numbers)%2 == 1 {
		return numbers[middle]
	}
	return numbers[middle-1] + (numbers[middle]-numbers[middle-1])/2
}

// Group is the rows of a view that have one value in a column.
type Group struct {
	// Text is what the value displays; empty for the rows without one.
	Text string
	// Rows are the rows in the order that they had.
	Rows *View
}

// GroupBy gives the rows in groups by a column, the groups in ascending order, those
// without a value last. Sums and the like are the Statistics of a group's Rows. The
// error is the context's.
func (v *View) GroupBy(ctx context.Context, col int) ([]Group, error) {
	a, err := v.arrange(ctx, col)
	if err != nil {
		return nil, err
	}
	var groups []Group
	for from := 0; from < len(a.rows); {
		if len(groups)%1024 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		to := from + 1
		for to < len(a.rows) && a.same.has(to) {
			to++
		}
		groups = append(groups, Group{Text: v.Cell(int(a.rows[from]), col), Rows: v.withRows32(a.rows[from:to])})
		from = to
	}
	if len(a.absent) > 0 {
		groups = append(groups, Group{Rows: v.withRows32(a.absent)})
	}
	return groups, nil
}

func (v *View) withRows32(rows []uint32) *View {
	next := *v
	next.rows = make([]int32, len(rows))
	for i, row := range rows {
		next.rows[i] = int32(v.RowID(int(row)))
	}
	return &next
}

// ValueCount is a text that a column has, and how many rows have it.
type ValueCount struct {
	Text string
	Rows int
}

// Values counts the texts of a column as OneOf compares them, the items of a list each;
// "" stands for cells without anything to see. It gives the most frequent, at most limit
// of them, and how many there are. The error is the context's.
func (v *View) Values(ctx context.Context, col, limit int) (most []ValueCount, distinct int, err error) {
	counts := map[string]int{}
	var text []byte
	count := func(c cell) {
		text = shown.append(text[:0], c)
		counts[string(text)]++ // no allocation for a text that is there
	}
	for row := range v.len() {
		if row%1024 == 0 && ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		switch c := v.cell(row, col); {
		case c.empty():
			counts[""]++
		case c.kind == cellList:
			for item := range c.items {
				count(cell{kind: cellText, data: item})
			}
		default:
			count(c)
		}
	}
	most = make([]ValueCount, 0, len(counts))
	for t, n := range counts {
		most = append(most, ValueCount{Text: t, Rows: n})
	}
	slices.SortFunc(most, func(a, b ValueCount) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Text, b.Text))
	})
	return most[:min(limit, len(most))], len(counts), nil
}
