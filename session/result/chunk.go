package result

import "hash/maphash"

// chunk is the cells of one column in one segment, for readers: immutable. Its numbers
// are either plain (nums, while the segment is still written) or packed.
type chunk struct {
	rows     int        // cells held; rows beyond are absent
	kinds    []cellKind // nil when all cells are of kind
	kind     cellKind
	identity bool // number i is i
	nums     []uint64
	packed   packed
	texts    entries // what cells with data have
	raws     entries // the CLIXML of lists and objects, less what they show
}

func (c *chunk) kindAt(row int) cellKind {
	switch {
	case c == nil || row >= c.rows:
		return cellAbsent
	case c.kinds == nil:
		return c.kind
	}
	return c.kinds[row]
}

// num gives the stored number: that of an entry for kinds with data, a zigzag number for
// cellInt and cellDuration, else the number itself.
func (c *chunk) num(row int) uint64 {
	switch {
	case c.identity:
		return uint64(row)
	case c.nums != nil:
		return c.nums[row]
	}
	return c.packed.at(row)
}

func (c *chunk) entry(i uint64) []byte { return c.texts.at(int(i)) }

func (c *chunk) cell(row int) cell {
	k := c.kindAt(row)
	switch {
	case k <= cellNull:
		return cell{kind: k}
	case k.hasData():
		return cell{kind: k, data: c.entry(c.num(row))}
	case k == cellInt || k == cellDuration:
		return cell{kind: k, num: uint64(unzigzag(c.num(row)))}
	}
	return cell{kind: k, num: c.num(row)}
}

// raw gives the CLIXML of a list or an object, nil for other cells and where there is none.
func (c *chunk) raw(of cell) []byte {
	if of.kind != cellList && of.kind != cellNested {
		return nil
	}
	n := of.rawNumber()
	if n == 0 {
		return nil
	}
	return joinRaw(of, c.raws.at(n-1))
}

// size is the memory that the chunk holds, in bytes.
func (c *chunk) size() int {
	if c == nil {
		return 0
	}
	return len(c.kinds) + 8*cap(c.nums) + cap(c.packed.data) + c.texts.size() + c.raws.size()
}

func zigzag(v int64) uint64   { return uint64(v<<1) ^ uint64(v>>63) }
func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// openChunk is the cells of one column in the segment that is being written. Its slices
// only grow: a reader that took them shorter never sees a change.
type openChunk struct {
	kinds   []cellKind
	nums    []uint64
	texts   openEntries
	raws    openEntries
	scratch []byte
}

// add puts a cell into a row, and says how many cells the column has more than before. data
// is that of the row.
func (o *openChunk) add(row int, seed maphash.Seed, c *stagedCell, data []byte) (more int) {
	before := len(o.kinds)
	for len(o.kinds) < row {
		o.kinds = append(o.kinds, cellAbsent)
		o.nums = append(o.nums, 0)
	}
	num := c.num
	switch {
	case c.kind == cellList || c.kind == cellNested:
		num = o.internRaw(seed, cell{kind: c.kind, data: data[c.start:c.end]}, data[c.end:c.rawEnd])
	case c.kind.hasData():
		num = uint64(o.texts.intern(seed, c.kind, data[c.start:c.end]))
	case c.kind == cellInt || c.kind == cellDuration:
		num = zigzag(int64(num))
	}
	o.kinds = append(o.kinds, c.kind)
	o.nums = append(o.nums, num)
	return len(o.kinds) - before
}

// internRaw keeps a list or an object, and its CLIXML apart from it: of many rows that is the
// same but for what is shown.
func (o *openChunk) internRaw(seed maphash.Seed, c cell, raw []byte) uint64 {
	number := 0
	if len(raw) > 0 {
		o.scratch = appendCutRaw(o.scratch[:0], c, raw)
		number = o.raws.intern(seed, c.kind, o.scratch) + 1
	}
	o.scratch = appendRawNumber(append(o.scratch[:0], c.data...), number)
	return uint64(o.texts.intern(seed, c.kind, o.scratch))
}

// view gives what is there so far, for a reader; nil when there is nothing.
func (o *openChunk) view() *chunk {
	if len(o.kinds) == 0 {
		return nil
	}
	return &chunk{rows: len(o.kinds), kinds: o.kinds, nums: o.nums, texts: o.texts.view(), raws: o.raws.view()}
}

// seal packs what is there; nil when there is nothing.
func (o *openChunk) seal() *chunk {
	if len(o.kinds) == 0 {
		return nil
	}
	c := &chunk{rows: len(o.kinds), kind: o.kinds[0], texts: o.texts.seal(), raws: o.raws.seal()}
	low, high := ^uint64(0), uint64(0)
	c.identity = true
	for i, k := range o.kinds {
		if k != c.kind {
			c.kinds = o.kinds // marks a mixture; copied below
		}
		if k <= cellNull {
			c.identity = false
			continue
		}
		low, high = min(low, o.nums[i]), max(high, o.nums[i])
		c.identity = c.identity && o.nums[i] == uint64(i) && k.hasData()
	}
	if c.kinds != nil {
		c.kinds = append([]cellKind(nil), o.kinds...)
	}
	if !c.identity && low <= high {
		c.packed = pack(o.nums, low, high) // a cell without a value has 0 there, which nobody reads
	}
	return c
}

// reset empties the chunk for the next segment. When a reader may hold its slices they
// are left to it, and new ones of the same capacity are taken.
func (o *openChunk) reset(shared bool) {
	if shared {
		o.kinds = make([]cellKind, 0, cap(o.kinds))
		o.nums = make([]uint64, 0, cap(o.nums))
	} else {
		o.kinds, o.nums = o.kinds[:0], o.nums[:0]
	}
	o.texts.reset(shared)
	o.raws.reset(shared)
}

// size is the memory that the chunk holds, in bytes.
func (o *openChunk) size() int {
	return cap(o.kinds) + 8*cap(o.nums) + o.texts.size() + o.raws.size()
}
