package widgets

import (
	"math/bits"
	"slices"
)

// rowSet is a set of row numbers kept as rising ranges that do not touch, so that a
// million selected rows are one entry.
type rowSet []RowRange

func (s rowSet) find(row int) (int, bool) {
	return slices.BinarySearchFunc(s, row, func(r RowRange, row int) int {
		switch {
		case r.Last < row:
			return -1
		case r.First > row:
			return 1
		default:
			return 0
		}
	})
}

func (s rowSet) has(row int) bool {
	_, ok := s.find(row)
	return ok
}

func (s rowSet) count() int {
	n := 0
	for _, r := range s {
		n += r.Last - r.First + 1
	}
	return n
}

// with returns the set and the rows of r.
func (s rowSet) with(r RowRange) rowSet {
	if r.First > r.Last {
		r.First, r.Last = r.Last, r.First
	}
	out := make(rowSet, 0, len(s)+1)
	placed := false
	for _, have := range s {
		switch {
		case have.Last+1 < r.First:
			out = append(out, have)
		case r.Last+1 < have.First:
			if !placed {
				out = append(out, r)
				placed = true
			}
			out = append(out, have)
		default: // they touch: grow r
			r.First, r.Last = min(r.First, have.First), max(r.Last, have.Last)
		}
	}
	if !placed {
		out = append(out, r)
	}
	return out
}

// without returns the set less one row.
func (s rowSet) without(row int) rowSet {
	i, ok := s.find(row)
	if !ok {
		return s
	}
	r := s[i]
	out := slices.Clone(s[:i])
	if r.First < row {
		out = append(out, RowRange{r.First, row - 1})
	}
	if row < r.Last {
		out = append(out, RowRange{row + 1, r.Last})
	}
	return append(out, s[i+1:]...)
}

// clip returns the set without the rows from n on, and without negative ones.
func (s rowSet) clip(n int) rowSet {
	var out rowSet
	for _, r := range s {
		r.First, r.Last = max(r.First, 0), min(r.Last, n-1)
		if r.First <= r.Last {
			out = append(out, r)
		}
	}
	return out
}

// mapped returns the rows that the set's rows have become.
func (s rowSet) mapped(rows int, to func(row int) (int, bool)) rowSet {
	marked := make([]uint64, (rows+63)/64) // sorting a million rows would be seen
	for _, r := range s {
		for row := r.First; row <= r.Last; row++ {
			if now, ok := to(row); ok && now >= 0 && now < rows {
				marked[now/64] |= 1 << (now % 64)
			}
		}
	}
	var out rowSet
	for w, word := range marked {
		for word != 0 {
			row := w*64 + bits.TrailingZeros64(word)
			word &= word - 1
			if n := len(out); n > 0 && out[n-1].Last+1 == row {
				out[n-1].Last = row
				continue
			}
			out = append(out, RowRange{row, row})
		}
	}
	return out
}

// union returns the set and these rows.
func (s rowSet) union(rows []int) rowSet {
	slices.Sort(rows)
	var runs rowSet
	for _, row := range rows {
		if n := len(runs); n > 0 && runs[n-1].Last+1 >= row {
			runs[n-1].Last = row
			continue
		}
		runs = append(runs, RowRange{row, row})
	}
	return merge(s, runs)
}

// merge joins two sets in one walk over both.
func merge(a, b rowSet) rowSet {
	out := make(rowSet, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		var r RowRange
		if len(b) == 0 || len(a) > 0 && a[0].First <= b[0].First {
			r, a = a[0], a[1:]
		} else {
			r, b = b[0], b[1:]
		}
		if n := len(out); n > 0 && out[n-1].Last+1 >= r.First {
			out[n-1].Last = max(out[n-1].Last, r.Last)
			continue
		}
		out = append(out, r)
	}
	return out
}
