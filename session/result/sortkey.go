package result

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"strconv"
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
// has the first bytes of its natural key, and more says where the rest is.
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
	scratch []byte
}

const keyLengthBits = 16

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
	default:
		if size, ok := parseByteSize(c.data); ok && c.kind == cellText {
			in = classNumber
			key.prefix, key.more = numberKey(cell{kind: cellUint, num: size})
			break
		}
		in = classText
		key.prefix, key.more = k.addText(c)
	}
	k.byClass[in] = append(k.byClass[in], key)
	return key.id
}

func (k *sortKeys) addText(c cell) (prefix, more uint64) {
	k.scratch = shown.append(k.scratch[:0], c)
	start := len(k.text)
	k.text = appendNaturalKey(k.text, k.scratch)
	var head [8]byte
	copy(head[:], k.text[start:])
	return binary.BigEndian.Uint64(head[:]), uint64(start)<<keyLengthBits | uint64(len(k.text)-start)
}

func (k *sortKeys) textOf(more uint64) []byte {
	start := more >> keyLengthBits
	return k.text[start : start+more&(1<<keyLengthBits-1)]
}

// compare orders keys of one class.
func (k *sortKeys) compare(in class) func(a, b sortKey) int {
	if in != classText {
		return func(a, b sortKey) int {
			if a.prefix != b.prefix {
				return cmp.Compare(a.prefix, b.prefix)
			}
			return cmp.Compare(a.more, b.more)
		}
	}
	return func(a, b sortKey) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return bytes.Compare(k.textOf(a.more), k.textOf(b.more))
	}
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
