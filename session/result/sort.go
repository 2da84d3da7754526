package result

import (
	"context"
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

// SortedBy gives a view with the rows in the order of one column. The sort is stable.
// Text is in natural order (letter case aside, a2 before a10), sizes such as
// `99 GB (106,300,440,576 bytes)` by their bytes, numbers by their value, times by the
// instant, cells without a value last in either direction. In a column of several kinds,
// numbers come before times, durations, booleans and texts. The error is the context's.
func (v *View) SortedBy(ctx context.Context, col int, dir Direction) (*View, error) {
	ids, keys, err := v.sortKeys(ctx, col)
	if err != nil {
		return nil, err
	}
	ranks, top, err := keys.rank(ctx)
	if err != nil {
		return nil, err
	}
	// By counting: where the rows of each rank begin.
	for i, id := range ids {
		switch {
		case id == noKey:
			ids[i] = top
		case dir == Descending:
			ids[i] = top - 1 - ranks[id]
		default:
			ids[i] = ranks[id]
		}
	}
	starts := make([]int32, top+2)
	for _, rank := range ids {
		starts[rank+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	next := *v
	next.rows = make([]int32, len(ids))
	for i, rank := range ids {
		next.rows[starts[rank]] = int32(v.RowID(i))
		starts[rank]++
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return &next, nil
}

// noKey is the id of cells without a value.
const noKey = ^uint32(0)

// sortKeys gives the id of every row's key. Texts that a chunk has once have one key.
func (v *View) sortKeys(ctx context.Context, col int) ([]uint32, *sortKeys, error) {
	keys := &sortKeys{}
	ids := make([]uint32, v.len())
	known := map[*chunk][]uint32{} // id plus one for each entry
	var last *chunk
	var entries []uint32
	for row := range ids {
		if row%4096 == 0 && ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		s, i := v.data.find(v.RowID(row))
		c := s.chunk(v.cols[col])
		kind := c.kindAt(i)
		switch {
		case kind <= cellNull:
			ids[row] = noKey
			continue
		case !kind.hasData():
			ids[row] = keys.add(c.cell(i))
			continue
		}
		if c != last {
			last, entries = c, known[c]
			if entries == nil {
				entries = make([]uint32, len(c.ends))
				known[c] = entries
			}
		}
		e := c.num(i)
		if entries[e] == 0 {
			entries[e] = keys.add(c.cell(i)) + 1
		}
		ids[row] = entries[e] - 1
	}
	return ids, keys, nil
}

// rank sorts the keys and gives for every id its place, equal keys sharing one, and how
// many places there are.
func (k *sortKeys) rank(ctx context.Context) (ranks []uint32, top uint32, err error) {
	ranks = make([]uint32, k.next)
	for in := range classes {
		compare := k.compare(in)
		sorted, err := mergeSort(ctx, k.byClass[in], compare)
		if err != nil {
			return nil, 0, err
		}
		for i, key := range sorted {
			if i > 0 && compare(sorted[i-1], key) != 0 {
				top++
			}
			ranks[key.id] = top
		}
		if len(sorted) > 0 {
			top++
		}
	}
	return ranks, top, nil
}

// sortBlock is sorted in a few milliseconds; between blocks a sort can be cancelled.
const sortBlock = 1 << 14

// mergeSort sorts keys, blocks first. Equal keys may come in any order.
func mergeSort(ctx context.Context, keys []sortKey, compare func(a, b sortKey) int) ([]sortKey, error) {
	for start := 0; start < len(keys); start += sortBlock {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		slices.SortFunc(keys[start:min(start+sortBlock, len(keys))], compare)
	}
	if len(keys) <= sortBlock {
		return keys, nil
	}
	from, to := keys, make([]sortKey, len(keys))
	for size := sortBlock; size < len(keys); size *= 2 {
		for start := 0; start < len(keys); start += 2 * size {
			middle, end := min(start+size, len(keys)), min(start+2*size, len(keys))
			if err := merge(ctx, to[start:end], from[start:middle], from[middle:end], compare); err != nil {
				return nil, err
			}
		}
		from, to = to, from
	}
	return from, nil
}

func merge(ctx context.Context, to, a, b []sortKey, compare func(a, b sortKey) int) error {
	for i := range to {
		if i%sortBlock == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if len(b) == 0 || len(a) > 0 && compare(a[0], b[0]) <= 0 {
			to[i], a = a[0], a[1:]
		} else {
			to[i], b = b[0], b[1:]
		}
	}
	return nil
}
