package result

import (
	"context"
	"math/bits"
	"slices"
)

// Direction is the direction of a sort.
type Direction uint8

const (
	// Ascending is from small to large.
	Ascending Direction = iota
	// Descending is from large to small; cells without a value are last all the same.
	Descending
)

// SortKey is a column to sort by.
type SortKey struct {
	// Column is the column's index in the view.
	Column int
	// Direction is Ascending or Descending.
	Direction Direction
}

// SortedBy gives a view with the rows in the order of the first key, those that are equal
// there in that of the second, and so on; the sort is stable. Text is in natural order
// (letter case aside, a2 before a10), sizes such as `99 GB (106,300,440,576 bytes)` by
// their bytes with Unlimited after them, lengths of time such as `14.00:00:00` by their
// length, numbers by their value, times by the instant, cells without a value last in
// either direction. In a column of several kinds, numbers come before times, durations,
// booleans and texts. The error is the context's.
func (v *View) SortedBy(ctx context.Context, keys ...SortKey) (*View, error) {
	order, err := v.order(ctx, keys)
	if err != nil {
		return nil, err
	}
	next := *v
	next.rows = make([]int32, len(order))
	parallel(len(order), 1<<14, func(_, from, to int) {
		for i := from; i < to; i++ {
			next.rows[i] = int32(v.RowID(int(order[i])))
		}
	})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return &next, nil
}

// order gives the rows of the view in the order of the keys.
func (v *View) order(ctx context.Context, keys []SortKey) ([]uint32, error) {
	if len(keys) == 1 {
		a, err := v.arrange(ctx, keys[0].Column)
		if err != nil {
			return nil, err
		}
		return a.order(keys[0].Direction), nil
	}
	order := make([]uint32, v.len())
	for i := range order {
		order[i] = uint32(i)
	}
	for i := len(keys) - 1; i >= 0; i-- { // stable, so that the last key is sorted by first
		a, err := v.arrange(ctx, keys[i].Column)
		if err != nil {
			return nil, err
		}
		ranks, top := a.ranks(len(order), keys[i].Direction)
		order = byRank(order, ranks, top)
	}
	return order, nil
}

// arrangement is the rows of a view in the order of one column.
type arrangement struct {
	rows   []uint32 // that have a value, in ascending order
	same   bitmap   // positions in rows that are equal to the one before
	absent []uint32 // that have none
}

// order gives all rows in a direction.
func (a *arrangement) order(dir Direction) []uint32 {
	all := make([]uint32, 0, len(a.rows)+len(a.absent))
	if dir == Ascending {
		return append(append(all, a.rows...), a.absent...)
	}
	for to := len(a.rows); to > 0; {
		from := to - 1
		for a.same.has(from) {
			from--
		}
		all = append(all, a.rows[from:to]...)
		to = from
	}
	return append(all, a.absent...)
}

// ranks gives for each of n rows its place in a direction, equal ones sharing one, and
// the highest place.
func (a *arrangement) ranks(n int, dir Direction) (ranks []uint32, top uint32) {
	ranks = make([]uint32, n)
	distinct := uint32(a.distinct())
	var rank uint32
	for i, row := range a.rows {
		if i > 0 && !a.same.has(i) {
			rank++
		}
		ranks[row] = rank
		if dir == Descending {
			ranks[row] = distinct - 1 - rank
		}
	}
	for _, row := range a.absent {
		ranks[row] = distinct
	}
	return ranks, distinct
}

// distinct is the number of different values.
func (a *arrangement) distinct() int {
	repeated := 0
	for _, word := range a.same {
		repeated += bits.OnesCount64(word)
	}
	return len(a.rows) - repeated
}

// byRank sorts rows by their ranks, of 0 to top, by counting; stable.
func byRank(rows, ranks []uint32, top uint32) []uint32 {
	starts := make([]uint32, top+2)
	for _, row := range rows {
		starts[ranks[row]+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	sorted := make([]uint32, len(rows))
	for _, row := range rows {
		place := &starts[ranks[row]]
		sorted[*place] = row
		*place++
	}
	return sorted
}

// arrange sorts the rows by one column.
func (v *View) arrange(ctx context.Context, col int) (*arrangement, error) {
	if plain := v.plainKind(col); plain != cellAbsent {
		return v.arrangePlain(ctx, col, plain)
	}
	ids, keys, err := v.sortKeys(ctx, col)
	if err != nil {
		return nil, err
	}
	ranks, top, err := keys.rank(ctx)
	if err != nil {
		return nil, err
	}
	a := &arrangement{}
	parallel(len(ids), 1<<14, func(_, from, to int) {
		for i, id := range ids[from:to] {
			if id == noKey {
				ids[from+i] = top
			} else {
				ids[from+i] = ranks[id]
			}
		}
	})
	all := make([]uint32, len(ids))
	for i := range all {
		all[i] = uint32(i)
	}
	sorted := byRank(all, ids, top)
	a.same = newBitmap(len(sorted))
	for i, row := range sorted {
		if ids[row] == top {
			a.rows, a.absent = sorted[:i:i], sorted[i:]
			return a, nil
		}
		if i > 0 && ids[row] == ids[sorted[i-1]] {
			a.same.set(i)
		}
	}
	a.rows = sorted
	return a, nil
}

// plainKind gives the kind of a column whose cells with a value are all of one kind that
// is a number in itself; else cellAbsent.
func (v *View) plainKind(col int) cellKind {
	mask := v.data.masks[v.cols[col]] &^ (1<<cellAbsent | 1<<cellNull)
	for _, k := range []cellKind{cellBool, cellInt, cellUint, cellFloat, cellTimeUTC, cellTimeUnspecified, cellDuration} {
		if mask == 1<<k {
			return k
		}
	}
	return cellAbsent
}

// arrangePlain sorts by a column of numbers.
func (v *View) arrangePlain(ctx context.Context, col int, kind cellKind) (*arrangement, error) {
	n := v.len()
	numbers := make([]uint64, n) // of the rows that have one
	absent := make([][]uint32, workers())
	ranges := make([]numberRange, workers())
	parts := parallel(n, segmentRows, func(part, from, to int) {
		absent[part], ranges[part] = v.plainNumbers(ctx, plainColumn{v.cols[col], kind}, numbers, [2]int{from, to})
	})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	a := &arrangement{absent: slices.Concat(absent[:parts]...)}
	whole := numberRange{low: ^uint64(0)}
	for _, r := range ranges[:parts] {
		whole.low, whole.high = min(whole.low, r.low), max(whole.high, r.high)
	}
	if len(a.absent) == n {
		return a, nil
	}
	s := newNumberSort(numbers)
	drop, _ := s.shape(whole)
	keys := make([]uint64, n-len(a.absent))
	parallel(n, segmentRows, func(_, from, to int) {
		skipped, _ := slices.BinarySearch(a.absent, uint32(from))
		for row := from; row < to; row++ {
			if skipped < len(a.absent) && a.absent[skipped] == uint32(row) {
				skipped++
				continue
			}
			keys[row-skipped] = s.key(whole, drop, uint32(row))
		}
	})
	sorted, err := s.sort(ctx, keys, whole)
	if err != nil {
		return nil, err
	}
	a.rows, a.same = make([]uint32, len(sorted)), newBitmap(len(sorted))
	parallel(len(sorted), 1<<14, func(_, from, to int) { // parts begin with a word of the bitmap
		for i := from; i < to; i++ {
			a.rows[i] = s.row(sorted[i])
			if i == 0 || drop == 0 && sorted[i]>>s.rowBits != sorted[i-1]>>s.rowBits {
				continue
			}
			if drop == 0 || s.number(sorted[i]) == s.number(sorted[i-1]) {
				a.same.set(i)
			}
		}
	})
	return a, nil
}

// plainColumn is a column of the table whose cells with a value are of one kind.
type plainColumn struct {
	col  int
	kind cellKind
}

// plainNumbers puts the numbers of the rows from one on up to another in their places, and
// gives the rows without one.
func (v *View) plainNumbers(ctx context.Context, of plainColumn, numbers []uint64, rows [2]int) (absent []uint32, r numberRange) {
	r.low = ^uint64(0)
	for row := rows[0]; row < rows[1]; row++ {
		if row%segmentRows == 0 && ctx.Err() != nil {
			return absent, r
		}
		s, i := v.data.find(v.RowID(row))
		c := s.chunk(of.col)
		if c.kindAt(i) <= cellNull {
			absent = append(absent, uint32(row))
			continue
		}
		n := plainKey(of.kind, c.num(i))
		numbers[row] = n
		r.low, r.high = min(r.low, n), max(r.high, n)
	}
	return absent, r
}

// plainKey makes a number that orders the stored numbers of a kind.
func plainKey(kind cellKind, num uint64) uint64 {
	switch kind {
	case cellInt, cellDuration:
		return signed(unzigzag(num))
	case cellFloat:
		prefix, _ := numberKey(cell{kind: kind, num: num})
		return prefix
	case cellTimeUTC, cellTimeUnspecified:
		return signed(int64(num))
	}
	return num
}
