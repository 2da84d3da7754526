package result

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// chunk is the cells of one column in one segment, for readers: immutable. Its numbers
// are either plain (nums, while the segment is still written) or packed: each number
// less base in width bytes.
type chunk struct {
	rows     int        // cells held; rows beyond are absent
	kinds    []cellKind // nil when all cells are of kind
	kind     cellKind
	width    uint8
	identity bool // number i is i
	base     uint64
	packed   []byte // width*rows bytes and 8 more, so that 8 can be read anywhere
	nums     []uint64
	ends     []uint32 // entry i of the arena ends here; it begins where i-1 ends
	arena    []byte
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

// num gives the stored number: an index of an entry for kinds with data, a zigzag number
// for cellInt and cellDuration, else the number itself.
func (c *chunk) num(row int) uint64 {
	switch {
	case c.identity:
		return uint64(row)
	case c.nums != nil:
		return c.nums[row]
	case c.width == 0:
		return c.base
	}
	w := int(c.width)
	v := binary.LittleEndian.Uint64(c.packed[row*w:])
	if w < 8 {
		v &= 1<<(8*w) - 1
	}
	return c.base + v
}

func (c *chunk) entry(i uint64) []byte {
	var start uint32
	if i > 0 {
		start = c.ends[i-1]
	}
	end := c.ends[i]
	return c.arena[start:end:end]
}

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

// size is the memory that the chunk holds, in bytes.
func (c *chunk) size() int {
	if c == nil {
		return 0
	}
	return len(c.kinds) + cap(c.packed) + 8*cap(c.nums) + 4*cap(c.ends) + cap(c.arena)
}

func zigzag(v int64) uint64   { return uint64(v<<1) ^ uint64(v>>63) }
func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// openChunk is the cells of one column in the segment that is being written. Its slices
// only grow: a reader that took them shorter never sees a change.
type openChunk struct {
	kinds      []cellKind
	nums       []uint64
	ends       []uint32
	arena      []byte
	dictionary dictionary
	data       int // cells with data
	unique     bool
}

// After this many cells with data it is decided whether texts repeat enough to look for
// them.
const dictionaryTrial = 512

// add puts a cell into a row, and says how many cells the column has more than before.
func (o *openChunk) add(row int, seed maphash.Seed, k cellKind, num uint64, data []byte) (more int) {
	before := len(o.kinds)
	for len(o.kinds) < row {
		o.kinds = append(o.kinds, cellAbsent)
		o.nums = append(o.nums, 0)
	}
	switch {
	case k.hasData():
		num = uint64(o.intern(seed, data))
	case k == cellInt || k == cellDuration:
		num = zigzag(int64(num))
	}
	o.kinds = append(o.kinds, k)
	o.nums = append(o.nums, num)
	return len(o.kinds) - before
}

func (o *openChunk) intern(seed maphash.Seed, data []byte) uint32 {
	next := uint32(len(o.ends))
	o.data++
	if !o.unique {
		i, known := o.dictionary.find(seed, data, o.entry, next)
		if known {
			return i
		}
		if o.data == dictionaryTrial && next > dictionaryTrial*7/8 {
			o.unique = true
		}
	}
	o.arena = append(o.arena, data...)
	o.ends = append(o.ends, uint32(len(o.arena)))
	return next
}

func (o *openChunk) entry(i uint32) []byte {
	var start uint32
	if i > 0 {
		start = o.ends[i-1]
	}
	return o.arena[start:o.ends[i]]
}

// view gives what is there so far, for a reader; nil when there is nothing.
func (o *openChunk) view() *chunk {
	if len(o.kinds) == 0 {
		return nil
	}
	return &chunk{rows: len(o.kinds), kinds: o.kinds, nums: o.nums, ends: o.ends, arena: o.arena}
}

// seal packs what is there; nil when there is nothing.
func (o *openChunk) seal() *chunk {
	if len(o.kinds) == 0 {
		return nil
	}
	c := &chunk{rows: len(o.kinds), kind: o.kinds[0]}
	low, high := ^uint64(0), uint64(0)
	identity := true
	for i, k := range o.kinds {
		if k != c.kind {
			c.kinds = o.kinds // marks a mixture; copied below
		}
		if k <= cellNull {
			identity = false
			continue
		}
		low, high = min(low, o.nums[i]), max(high, o.nums[i])
		identity = identity && o.nums[i] == uint64(i) && k.hasData()
	}
	if c.kinds != nil {
		c.kinds = append([]cellKind(nil), o.kinds...)
	}
	c.ends = append([]uint32(nil), o.ends...)
	c.arena = append([]byte(nil), o.arena...)
	switch {
	case identity:
		c.identity = true
	case low <= high:
		c.pack(o.nums, low, high)
	}
	return c
}

func (c *chunk) pack(nums []uint64, low, high uint64) {
	c.base = low
	c.width = uint8((bits.Len64(high-low) + 7) / 8)
	if c.width == 0 {
		return
	}
	w := int(c.width)
	c.packed = make([]byte, len(nums)*w+8)
	for i, n := range nums {
		if c.kindAt(i) <= cellNull {
			n = low
		}
		// Written in order: what the 8 bytes spill over is written next.
		binary.LittleEndian.PutUint64(c.packed[i*w:], n-low)
	}
}

// reset empties the chunk for the next segment. When a reader may hold its slices they
// are left to it, and new ones of the same capacity are taken.
func (o *openChunk) reset(shared bool) {
	if shared {
		o.kinds = make([]cellKind, 0, cap(o.kinds))
		o.nums = make([]uint64, 0, cap(o.nums))
		o.ends = make([]uint32, 0, cap(o.ends))
		o.arena = make([]byte, 0, cap(o.arena))
	} else {
		o.kinds, o.nums, o.ends, o.arena = o.kinds[:0], o.nums[:0], o.ends[:0], o.arena[:0]
	}
	o.dictionary.reset()
	o.data, o.unique = 0, false
}
