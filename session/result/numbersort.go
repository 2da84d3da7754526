package result

import (
	"context"
	"math/bits"
	"slices"
	"sync"
)

// numberSort sorts rows by numbers. A number and its row are one word: the number less the
// smallest in the upper bits, without its lowest ones where there is no room for them, the row
// in the lower bits. So a key is eight bytes, equal ones keep their order by themselves, and
// those that the lost bits leave equal are sorted once more among themselves.
type numberSort struct {
	numbers []uint64 // by row
	rowBits int
}

func newNumberSort(numbers []uint64) *numberSort {
	return &numberSort{numbers: numbers, rowBits: bits.Len(uint(len(numbers)))}
}

func (s *numberSort) row(key uint64) uint32 { return uint32(key & (1<<s.rowBits - 1)) }

func (s *numberSort) number(key uint64) uint64 { return s.numbers[s.row(key)] }

// numberRange is the numbers of some rows.
type numberRange struct{ low, high uint64 }

// shape says of keys of a range how many bits a number loses, and how many are left.
func (s *numberSort) shape(r numberRange) (drop, width int) {
	width = bits.Len64(r.high - r.low)
	drop = max(0, width+s.rowBits-64)
	return drop, width - drop
}

func (s *numberSort) key(r numberRange, drop int, row uint32) uint64 {
	return (s.numbers[row]-r.low)>>drop<<s.rowBits | uint64(row)
}

// sort sorts keys of rows, as key made them with a range.
func (s *numberSort) sort(ctx context.Context, keys []uint64, r numberRange) ([]uint64, error) {
	drop, width := s.shape(r)
	sorted, err := sortWords(ctx, keys, s.rowBits, s.rowBits+width)
	if err != nil || drop == 0 {
		return sorted, err
	}
	for from := 0; from < len(sorted); {
		to := from + 1
		for to < len(sorted) && sorted[to]>>s.rowBits == sorted[from]>>s.rowBits {
			to++
		}
		if to-from > 1 {
			if err := s.again(ctx, sorted[from:to]); err != nil {
				return nil, err
			}
		}
		from = to
	}
	return sorted, nil
}

// again sorts keys that the lost bits left equal, by a range of their own.
func (s *numberSort) again(ctx context.Context, keys []uint64) error {
	r := numberRange{s.number(keys[0]), s.number(keys[0])}
	for _, key := range keys {
		n := s.number(key)
		r.low, r.high = min(r.low, n), max(r.high, n)
	}
	if r.low == r.high {
		return nil
	}
	drop, _ := s.shape(r)
	for i, key := range keys {
		keys[i] = s.key(r, drop, s.row(key))
	}
	sorted, err := s.sort(ctx, keys, r)
	if err == nil && &sorted[0] != &keys[0] {
		copy(keys, sorted)
	}
	return err
}

// sortWords sorts numbers, all different, by their bits from one on up to another, on all
// processors; below, they rise already. What comes back is keys or a new slice.
func sortWords(ctx context.Context, keys []uint64, from, to int) ([]uint64, error) {
	if len(keys) <= fewKeys {
		slices.Sort(keys)
		return keys, nil
	}
	scratch := make([]uint64, len(keys))
	sorted := make([][]uint64, workers())
	bounds := make([]int, 0, workers())
	ends := make([]int, workers())
	parts := parallel(len(keys), fewKeys, func(part, first, last int) {
		sorted[part] = radixWords(ctx, keys[first:last], scratch[first:last], from, to)
		ends[part] = last
	})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	first := 0
	for part := range parts { // all parts are to lie in one of the two slices
		if &sorted[part][0] != &keys[first] {
			copy(keys[first:ends[part]], sorted[part])
		}
		first = ends[part]
		bounds = append(bounds, first)
	}
	for len(bounds) > 1 {
		var next []int
		var group sync.WaitGroup
		start := 0
		for i := 0; i < len(bounds); i += 2 {
			from, middle, to := start, bounds[i], bounds[min(i+1, len(bounds)-1)]
			group.Go(func() { mergeWords(scratch[from:to], keys[from:middle], keys[middle:to]) }) // ends with its part
			next, start = append(next, to), to
		}
		group.Wait()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		keys, scratch, bounds = scratch, keys, next
	}
	return keys, nil
}

// radixWords sorts by bits, digit by digit, those in which no two numbers differ left out.
func radixWords(ctx context.Context, keys, scratch []uint64, from, to int) []uint64 {
	first := keys[0]
	var differ varying
	for _, key := range keys {
		differ.see(first, key)
	}
	differ = differ >> from << from
	if to < 64 {
		differ &= 1<<to - 1
	}
	for _, shift := range differ.shifts() {
		if ctx.Err() != nil {
			return keys
		}
		var at [digits]int
		for _, key := range keys {
			at[key>>shift&(digits-1)]++
		}
		place(&at)
		for _, key := range keys {
			d := key >> shift & (digits - 1)
			scratch[at[d]] = key
			at[d]++
		}
		keys, scratch = scratch, keys
	}
	return keys
}

// mergeWords merges a and b, from both ends at once.
func mergeWords(to, a, b []uint64) {
	var group sync.WaitGroup
	half := len(to) / 2
	group.Go(func() { // ends with the upper half
		x, y := len(a)-1, len(b)-1
		for i := len(to) - 1; i >= half; i-- {
			if x < 0 || y >= 0 && a[x] < b[y] {
				to[i] = b[y]
				y--
			} else {
				to[i] = a[x]
				x--
			}
		}
	})
	x, y := 0, 0
	for i := range half {
		if y == len(b) || x < len(a) && a[x] < b[y] {
			to[i] = a[x]
			x++
		} else {
			to[i] = b[y]
			y++
		}
	}
	group.Wait()
}
