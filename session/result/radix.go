package result

import (
	"cmp"
	"context"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

// workers is how many parts a long piece of work is cut into.
func workers() int { return min(runtime.GOMAXPROCS(0), 8) }

// parallel calls fn for the parts of 0 to n, each on a goroutine of its own, and waits.
// Parts begin at multiples of grain.
func parallel(n, grain int, fn func(part, from, to int)) (parts int) {
	size := (n/workers()/grain + 1) * grain
	var group sync.WaitGroup
	for from := 0; from < n; from += size {
		part, to := parts, min(from+size, n)
		parts++
		group.Go(func() { fn(part, from, to) }) // ends with its part
	}
	group.Wait()
	return parts
}

const (
	digitBits = 11
	digits    = 1 << digitBits
	// fewKeys are sorted by comparison: counting digits costs more than they do.
	fewKeys = 1 << 10
)

// keyOrder says what of a sortKey counts.
type keyOrder uint8

const (
	byPrefix keyOrder = iota // more is where a text lies, not what it is
	byBoth
)

func (o keyOrder) compare(a, b *sortKey) int {
	if a.prefix != b.prefix || o == byPrefix {
		return cmp.Compare(a.prefix, b.prefix)
	}
	return cmp.Compare(a.more, b.more)
}

// radixSort sorts keys; equal ones keep their order. scratch is as long as keys. What
// comes back is one of the two.
func (o keyOrder) radixSort(ctx context.Context, keys, scratch []sortKey) ([]sortKey, error) {
	if len(keys) <= fewKeys {
		slices.SortStableFunc(keys, func(a, b sortKey) int { return o.compare(&a, &b) })
		return keys, nil
	}
	var prefix, more varying
	for i := range keys {
		prefix.see(keys[0].prefix, keys[i].prefix)
		if o == byBoth {
			more.see(keys[0].more, keys[i].more)
		}
	}
	for _, shift := range more.shifts() {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		radixPass(keys, scratch, func(k *sortKey) uint64 { return k.more >> shift & (digits - 1) })
		keys, scratch = scratch, keys
	}
	for _, shift := range prefix.shifts() {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		prefixPass(keys, scratch, shift)
		keys, scratch = scratch, keys
	}
	return keys, nil
}

// varying gathers the bits in which numbers differ.
type varying uint64

func (v *varying) see(first, other uint64) { *v |= varying(first ^ other) }

// shifts are those of the digits that differ, the lowest first.
func (v varying) shifts() []uint {
	var list []uint
	for v != 0 {
		low := uint(bits.TrailingZeros64(uint64(v)))
		list = append(list, low)
		if low+digitBits >= 64 {
			break
		}
		v = v >> (low + digitBits) << (low + digitBits)
	}
	return list
}

func radixPass(from, to []sortKey, digit func(*sortKey) uint64) {
	var at [digits]int
	for i := range from {
		at[digit(&from[i])]++
	}
	place(&at)
	for i := range from {
		d := digit(&from[i])
		to[at[d]] = from[i]
		at[d]++
	}
}

// prefixPass is radixPass by a digit of the prefix.
func prefixPass(from, to []sortKey, shift uint) {
	var at [digits]int
	for i := range from {
		at[from[i].prefix>>shift&(digits-1)]++
	}
	place(&at)
	for i := range from {
		d := from[i].prefix >> shift & (digits - 1)
		to[at[d]] = from[i]
		at[d]++
	}
}

// place turns counts into the places where each digit begins.
func place(at *[digits]int) {
	next := 0
	for i, n := range at {
		at[i] = next
		next += n
	}
}

// sort is radixSort on all processors: parts are sorted and then merged.
func (o keyOrder) sort(ctx context.Context, keys []sortKey) ([]sortKey, error) {
	scratch := make([]sortKey, len(keys))
	sorted := make([][]sortKey, workers())
	bounds := make([]int, workers())
	errs := make([]error, workers())
	parts := parallel(len(keys), fewKeys, func(part, from, to int) {
		sorted[part], errs[part] = o.radixSort(ctx, keys[from:to], scratch[from:to])
		bounds[part] = to
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	if parts <= 1 {
		if len(keys) == 0 {
			return keys, nil
		}
		return sorted[0], nil
	}
	// All parts are to lie in one of the two arrays.
	from := 0
	for part := range parts {
		if &sorted[part][0] != &keys[from] {
			copy(keys[from:bounds[part]], sorted[part])
		}
		from = bounds[part]
	}
	return o.mergeParts(ctx, keys, scratch, bounds[:parts])
}

// mergeParts merges sorted parts, which end at bounds, two at a time.
func (o keyOrder) mergeParts(ctx context.Context, keys, scratch []sortKey, bounds []int) ([]sortKey, error) {
	for len(bounds) > 1 {
		var next []int
		var group sync.WaitGroup
		from := 0
		for i := 0; i < len(bounds); i += 2 {
			start, middle, to := from, bounds[i], bounds[min(i+1, len(bounds)-1)]
			group.Go(func() { o.merge(scratch[start:to], keys[start:middle], keys[middle:to]) }) // ends with its part
			next = append(next, to)
			from = to
		}
		group.Wait()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		keys, scratch, bounds = scratch, keys, next
	}
	return keys, nil
}

// merge merges a and b, those of a first where they are equal. The two ends are worked
// on at once.
func (o keyOrder) merge(to, a, b []sortKey) {
	var group sync.WaitGroup
	half := len(to) / 2
	left, right := a, b                                      // which are cut from the front below
	group.Go(func() { o.mergeBack(to[half:], left, right) }) // ends with its half
	for i := range to[:half] {
		if len(b) == 0 || len(a) > 0 && o.compare(&a[0], &b[0]) <= 0 {
			to[i], a = a[0], a[1:]
		} else {
			to[i], b = b[0], b[1:]
		}
	}
	group.Wait()
}

// mergeBack merges the largest of a and b, as many as to holds.
func (o keyOrder) mergeBack(to, a, b []sortKey) {
	for i := len(to) - 1; i >= 0; i-- {
		if len(a) == 0 || len(b) > 0 && o.compare(&a[len(a)-1], &b[len(b)-1]) <= 0 {
			to[i], b = b[len(b)-1], b[:len(b)-1]
		} else {
			to[i], a = a[len(a)-1], a[:len(a)-1]
		}
	}
}
