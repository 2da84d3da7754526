package result

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"postroom/session/bytesize"
)

// class is what is sorted together; in a column of several kinds, class after class.
type class uint8

const (
	classNumber class = iota
	classTime
	classDuration
	classBool
	classText
	classes
)

// sortKey orders one cell within its class: by prefix, then by more. Of a text, prefix
// has some bytes of its natural key, and more says where the whole is.
type sortKey struct {
	prefix, more uint64
	id           uint32
}

// sortKeys are the keys of a column, one for each different cell as far as its chunks
// tell.
type sortKeys struct {
	byClass [classes][]sortKey
	text    []byte
	next    uint32
	// unlimited are the ids of the text Unlimited, which is more than any number of a
	// column that has some.
	unlimited []uint32
	scratch   []byte
}

// noKey is the id of cells without a value.
const noKey = ^uint32(0)

const keyLengthBits = 16

// sortKeys gives the id of every row's key. Texts that a chunk has once have one key.
func (v *View) sortKeys(ctx context.Context, col int) ([]uint32, *sortKeys, error) {
	ids := make([]uint32, v.len())
	made := make([]*sortKeys, workers())
	starts := make([]int, workers())
	parts := parallel(len(ids), segmentRows, func(part, from, to int) {
		made[part], starts[part] = v.partKeys(ctx, col, ids[from:to], from), from
	})
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	if parts == 0 {
		return ids, &sortKeys{}, nil
	}
	all := made[0]
	for part := 1; part < parts; part++ {
		end := len(ids)
		if part+1 < parts {
			end = starts[part+1]
		}
		all.take(made[part], ids[starts[part]:end])
		made[part] = nil
	}
	all.settleUnlimited()
	return ids, all, nil
}

// partKeys makes the keys of the rows from first on, and their ids.
func (v *View) partKeys(ctx context.Context, col int, ids []uint32, first int) *sortKeys {
	keys := &sortKeys{}
	known := map[*chunk][]uint32{} // id plus one for each entry
	var last *chunk
	var entries []uint32
	for i := range ids {
		if i%segmentRows == 0 && ctx.Err() != nil {
			return keys
		}
		s, row := v.data.find(v.RowID(first + i))
		c := s.chunk(v.cols[col])
		kind := c.kindAt(row)
		switch {
		case kind <= cellNull:
			ids[i] = noKey
			continue
		case !kind.hasData():
			ids[i] = keys.add(c.cell(row))
			continue
		}
		if c != last {
			last, entries = c, known[c]
			if entries == nil {
				entries = make([]uint32, c.texts.count)
				known[c] = entries
				keys.expect(c, len(ids)-i)
			}
		}
		e := c.num(row)
		if entries[e] == 0 {
			entries[e] = keys.add(c.cell(row)) + 1
		}
		ids[i] = entries[e] - 1
	}
	return keys
}

// expect makes room for the texts of a chunk, and when they are different ones in every
// row, for those of all the rows that follow: growing bit by bit would copy them over
// and over.
func (k *sortKeys) expect(c *chunk, rows int) {
	if !c.identity || len(k.text)+len(c.texts.arena) <= cap(k.text) {
		return
	}
	per := len(c.texts.arena)/c.texts.count + 4
	k.text = slices.Grow(k.text, min(rows*per+len(c.texts.arena), 1<<28))
	k.byClass[classText] = slices.Grow(k.byClass[classText], rows)
}

// take puts the keys of another part behind these, and changes their ids.
func (k *sortKeys) take(other *sortKeys, ids []uint32) {
	for i, id := range ids {
		if id != noKey {
			ids[i] = id + k.next
		}
	}
	offset := uint64(len(k.text)) << keyLengthBits
	for in := range classes {
		k.byClass[in] = slices.Grow(k.byClass[in], len(other.byClass[in]))
		for _, key := range other.byClass[in] {
			key.id += k.next
			if in == classText {
				key.more += offset
			}
			k.byClass[in] = append(k.byClass[in], key)
		}
	}
	for _, id := range other.unlimited {
		k.unlimited = append(k.unlimited, id+k.next)
	}
	k.text = append(k.text, other.text...)
	k.next += other.next
}

// settleUnlimited makes Unlimited the largest number of a column that has numbers, and
// leaves it a text in one that has none.
func (k *sortKeys) settleUnlimited() {
	if len(k.unlimited) == 0 {
		return
	}
	if len(k.byClass[classNumber]) == 0 {
		start := uint64(len(k.text))
		k.text = appendNaturalKey(k.text, []byte(unlimitedText))
		more := start<<keyLengthBits | uint64(len(k.text)) - start
		for _, id := range k.unlimited {
			k.byClass[classText] = append(k.byClass[classText], sortKey{more: more, id: id})
		}
		return
	}
	for _, id := range k.unlimited {
		k.byClass[classNumber] = append(k.byClass[classNumber], sortKey{prefix: ^uint64(0), more: ^uint64(0), id: id})
	}
}

// unlimitedText is what Exchange writes for a size or number without a limit.
const unlimitedText = "Unlimited"

func isUnlimited(c cell) bool {
	text, ok := c.meaning()
	return ok && len(text) == len(unlimitedText) && strings.EqualFold(string(text), unlimitedText)
}

// add makes the key of a cell that has a value and gives its id.
func (k *sortKeys) add(c cell) uint32 {
	key := sortKey{id: k.next}
	k.next++
	var in class
	switch c.kind {
	case cellInt, cellUint, cellFloat, cellDecimal:
		in = classNumber
		key.prefix, key.more = numberKey(c)
	case cellTimeUnspecified, cellTimeUTC, cellTimeLocal:
		in = classTime
		key.prefix = signed(c.time().instant())
	case cellDuration:
		in = classDuration
		key.prefix = signed(int64(c.num))
	case cellBool:
		in = classBool
		key.prefix = c.num
	case cellText, cellNested:
		var unlimited bool
		if in, unlimited = k.textKey(&key, c); unlimited {
			k.unlimited = append(k.unlimited, key.id)
			return key.id
		}
	default:
		in = classText
		key.more = k.addText(c)
	}
	k.byClass[in] = append(k.byClass[in], key)
	return key.id
}

// textKey sees what a text means: a size, a length of time, or a text.
func (k *sortKeys) textKey(key *sortKey, c cell) (in class, unlimited bool) {
	text, _ := c.meaning()
	if size, ok := bytesize.Exact(text); ok {
		key.prefix, key.more = numberKey(cell{kind: cellUint, num: size})
		return classNumber, false
	}
	if isUnlimited(c) {
		return classNumber, true
	}
	if ticks, ok := parseSpan(text); ok {
		key.prefix = signed(ticks)
		return classDuration, false
	}
	key.more = k.addText(c)
	return classText, false
}

func (k *sortKeys) addText(c cell) (more uint64) {
	k.scratch = shown.append(k.scratch[:0], c)
	start := len(k.text)
	k.text = appendNaturalKey(k.text, k.scratch)
	return uint64(start)<<keyLengthBits | uint64(len(k.text)-start)
}

// rank sorts the keys and gives for every id its place, equal keys sharing one, and how
// many places there are.
func (k *sortKeys) rank(ctx context.Context) (ranks []uint32, top uint32, err error) {
	ranks = make([]uint32, k.next)
	for in := range classes {
		keys, same, err := k.sorted(ctx, in)
		if err != nil {
			return nil, 0, err
		}
		for i := range keys {
			if i > 0 && !same.has(i) {
				top++
			}
			ranks[keys[i].id] = top
		}
		if len(keys) > 0 {
			top++
		}
	}
	return ranks, top, nil
}

// sorted sorts a class, and says which keys are equal to the one before.
func (k *sortKeys) sorted(ctx context.Context, in class) ([]sortKey, bitmap, error) {
	same := newBitmap(len(k.byClass[in]))
	if in == classText {
		keys, err := sortTexts(ctx, k.byClass[in], k.text, same)
		return keys, same, err
	}
	keys, err := byBoth.sort(ctx, k.byClass[in])
	for i := 1; i < len(keys); i++ {
		if keys[i].prefix == keys[i-1].prefix && keys[i].more == keys[i-1].more {
			same.set(i)
		}
	}
	return keys, same, err
}

func signed(v int64) uint64 { return uint64(v) ^ 1<<63 }

// numberKey orders numbers of all kinds: first as floating point, then, where that is
// equal, whole numbers exactly. Equal first parts have equal signs, so that the second
// may be taken as unsigned.
func numberKey(c cell) (prefix, more uint64) {
	var f float64
	switch c.kind {
	case cellInt:
		f, more = float64(int64(c.num)), c.num
	case cellUint:
		f, more = float64(c.num), c.num
	case cellFloat:
		f = floatOf(c.num)
		more = wholePart(f)
	default:
		text := string(c.data)
		f, _ = strconv.ParseFloat(text, 64) // out of range gives an infinity; no number sorts as 0
		more = wholePart(f)
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			more = uint64(n)
		}
	}
	if f == 0 {
		f = 0 // -0 is 0
	}
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		return ^bits, more
	}
	return bits | 1<<63, more
}

func wholePart(f float64) uint64 {
	switch {
	case math.IsNaN(f), f >= math.MaxUint64, f <= math.MinInt64:
		return 0
	case f < 0:
		return uint64(int64(f))
	}
	return uint64(f)
}
