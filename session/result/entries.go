package result

import "hash/maphash"

// entries are the texts and other data of a chunk, each once where they repeat.
type entries struct {
	count int
	arena []byte
	// Where each ends in the arena; it begins where the one before ends. While they are still
	// written that is in ends; then it is packed, less what it would be were all as long.
	ends []uint32
	per  int64 // how long one is, in 1/65536
	less packed
}

func (e *entries) end(i int) int {
	if e.ends != nil {
		return int(e.ends[i])
	}
	return int(int64(e.less.at(i)) + (int64(i+1)*e.per)>>16) //nolint:gosec // as seal wrote it
}

func (e *entries) start(i int) int {
	if i == 0 {
		return 0
	}
	return e.end(i - 1)
}

// at gives an entry.
func (e *entries) at(i int) []byte {
	from, to := e.start(i), e.end(i)
	return e.arena[from:to:to]
}

// holding gives the entry that has a place of the arena, which is none before entry from.
func (e *entries) holding(place, from int) int {
	step := 1
	for from+step < e.count && e.end(from+step-1) <= place {
		from += step
		step *= 2
	}
	to := min(from+step, e.count) - 1 // it ends behind the place
	for from < to {
		if middle := (from + to) / 2; e.end(middle) <= place {
			from = middle + 1
		} else {
			to = middle
		}
	}
	return from
}

// size is the memory that they hold, in bytes.
func (e *entries) size() int { return cap(e.arena) + 4*cap(e.ends) + cap(e.less.data) }

// openEntries are those of the chunk that is being written.
type openEntries struct {
	ends       []uint32
	arena      []byte
	less       []uint64 // scratch
	kind       cellKind // of the first entry
	dictionary dictionary
	others     map[cellKind]*dictionary // of other kinds
	came       int
	unique     bool
}

// After so many entries came it is decided whether they repeat enough to look for them.
const dictionaryTrial = 512

// intern gives the number of an entry, a new one where it is not there yet. Cells of two
// kinds share none, though their bytes be the same: what an entry means its kind says.
func (o *openEntries) intern(seed maphash.Seed, kind cellKind, data []byte) int {
	next := uint32(len(o.ends))
	if o.came++; next == 0 {
		o.kind = kind
	}
	if !o.unique {
		i, known := o.dictionaryOf(kind).find(seed, data, o.entry, next)
		if known {
			return int(i)
		}
		if o.came == dictionaryTrial && next > dictionaryTrial*7/8 {
			o.unique = true
		}
	}
	o.arena = append(o.arena, data...)
	o.ends = append(o.ends, uint32(len(o.arena)))
	return int(next)
}

func (o *openEntries) dictionaryOf(kind cellKind) *dictionary {
	if kind == o.kind {
		return &o.dictionary
	}
	d := o.others[kind]
	if d == nil {
		if o.others == nil {
			o.others = make(map[cellKind]*dictionary)
		}
		d = new(dictionary)
		o.others[kind] = d
	}
	return d
}

func (o *openEntries) entry(i uint32) []byte {
	var start uint32
	if i > 0 {
		start = o.ends[i-1]
	}
	return o.arena[start:o.ends[i]]
}

// view gives what is there so far, for a reader.
func (o *openEntries) view() entries {
	return entries{count: len(o.ends), ends: o.ends, arena: o.arena}
}

// seal packs what is there.
func (o *openEntries) seal() entries {
	e := entries{count: len(o.ends)}
	if e.count == 0 {
		return e
	}
	e.arena = append(e.arena, o.arena...)
	e.per = int64(len(o.arena)) << 16 / int64(e.count)
	// What they all are as long would leave is at most so far off: numbers from 0 on pack.
	far := int64(len(o.arena)) + 1
	low, high := uint64(2*far), uint64(0)
	o.less = o.less[:0]
	per := int64(0)
	for _, end := range o.ends {
		per += e.per
		n := uint64(int64(end) - per>>16 + far)
		low, high = min(low, n), max(high, n)
		o.less = append(o.less, n)
	}
	e.less = pack(o.less, low, high)
	e.less.base -= uint64(far) // past 0, and back where it is added
	return e
}

// reset empties them. When a reader may hold the slices they are left to it.
func (o *openEntries) reset(shared bool) {
	if shared {
		o.ends = make([]uint32, 0, cap(o.ends))
		o.arena = make([]byte, 0, cap(o.arena))
	} else {
		o.ends, o.arena = o.ends[:0], o.arena[:0]
	}
	o.dictionary.reset()
	o.others = nil
	o.came, o.unique = 0, false
}

// size is the memory that they hold, in bytes.
func (o *openEntries) size() int {
	n := 4*cap(o.ends) + cap(o.arena) + 4*cap(o.dictionary.slots)
	for _, d := range o.others {
		n += 4 * cap(d.slots)
	}
	return n
}
