package result

import "encoding/binary"

// cellKind is how a cell is stored: a Kind, with the kinds of time told apart.
type cellKind uint8

const (
	cellAbsent cellKind = iota
	cellNull
	cellText
	cellBool
	cellInt
	cellUint
	cellFloat
	cellDecimal
	cellTimeUnspecified
	cellTimeUTC
	cellTimeLocal
	cellDuration
	cellBytes
	cellList
	cellNested
	cellKinds
)

var publicKinds = [cellKinds]Kind{
	cellAbsent: KindAbsent, cellNull: KindNull, cellText: KindText, cellBool: KindBool,
	cellInt: KindInt, cellUint: KindUint, cellFloat: KindFloat, cellDecimal: KindDecimal,
	cellTimeUnspecified: KindTime, cellTimeUTC: KindTime, cellTimeLocal: KindTime,
	cellDuration: KindDuration, cellBytes: KindBytes, cellList: KindList, cellNested: KindNested,
}

// hasData says that a cell's content is bytes in an arena, not a number.
func (k cellKind) hasData() bool {
	switch k {
	case cellText, cellDecimal, cellTimeLocal, cellBytes, cellList, cellNested:
		return true
	}
	return false
}

// cell is one cell as read from a column: num for kinds without data, data for the others.
//
// The data of a list is: number of items, the length of each, the items. That of a nested
// object is: length of the display text, the text. In a chunk the number of the raw CLIXML
// follows: 0 for none, else one more than that of its entry. Numbers are unsigned varints.
type cell struct {
	kind cellKind
	num  uint64
	data []byte
}

func appendLocalTime(dst []byte, t Time) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, uint64(t.Ticks))
	return binary.LittleEndian.AppendUint16(dst, uint16(t.OffsetMinutes))
}

// time reads a cell of one of the three kinds of time.
func (c cell) time() Time {
	switch c.kind {
	case cellTimeUTC:
		return Time{Ticks: int64(c.num), Kind: TimeUTC}
	case cellTimeLocal:
		return Time{
			Ticks:         int64(binary.LittleEndian.Uint64(c.data)),
			Kind:          TimeLocal,
			OffsetMinutes: int16(binary.LittleEndian.Uint16(c.data[8:])),
		}
	}
	return Time{Ticks: int64(c.num)}
}

func appendListData(dst []byte, items [][]byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(items)))
	for _, item := range items {
		dst = binary.AppendUvarint(dst, uint64(len(item)))
	}
	for _, item := range items {
		dst = append(dst, item...)
	}
	return dst
}

func appendNestedData(dst, display []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(display)))
	return append(dst, display...)
}

func appendRawNumber(dst []byte, n int) []byte { return binary.AppendUvarint(dst, uint64(n)) }

// items walks over a list's items until yield says no.
func (c cell) items(yield func([]byte) bool) {
	lengths, body, n := c.listParts()
	for range n {
		length, w := binary.Uvarint(lengths)
		lengths = lengths[w:]
		if !yield(body[:length:length]) {
			return
		}
		body = body[length:]
	}
}

// listParts gives the item lengths (followed by the rest), the bytes after them, and
// the number of items.
func (c cell) listParts() (lengths, body []byte, n int) {
	count, w := binary.Uvarint(c.data)
	lengths = c.data[w:]
	body = lengths
	for range count {
		_, w := binary.Uvarint(body)
		body = body[w:]
	}
	return lengths, body, int(count)
}

// len is the number of a list's items.
func (c cell) len() int {
	count, _ := binary.Uvarint(c.data)
	return int(count)
}

// display gives what a nested object displays.
func (c cell) display() []byte {
	length, w := binary.Uvarint(c.data)
	return c.data[w : w+int(length)]
}

// meaning gives the text by which a cell is to be understood: a text, or what an object
// displays, such as the size 5 GB (5,368,709,120 bytes) or the length of time 14.00:00:00.
func (c cell) meaning() (text []byte, ok bool) {
	switch c.kind {
	case cellText:
		return c.data, true
	case cellNested:
		return c.display(), true
	}
	return nil, false
}

// displayed walks over the texts that a list or an object shows.
func (c cell) displayed(yield func([]byte) bool) {
	if c.kind == cellList {
		c.items(yield)
		return
	}
	yield(c.display())
}

// rawNumber reads the number of the CLIXML of a list or an object in a chunk.
func (c cell) rawNumber() int {
	var behind []byte
	if c.kind == cellNested {
		length, w := binary.Uvarint(c.data)
		behind = c.data[w+int(length):]
	} else {
		lengths, body, n := c.listParts()
		for range n {
			length, w := binary.Uvarint(lengths)
			lengths, body = lengths[w:], body[length:]
		}
		behind = body
	}
	n, _ := binary.Uvarint(behind)
	return int(n)
}

// empty says that there is nothing to see: no value, an empty text, an empty list.
func (c cell) empty() bool {
	switch c.kind {
	case cellAbsent, cellNull:
		return true
	case cellText, cellBytes:
		return len(c.data) == 0
	case cellList:
		return c.len() == 0
	case cellNested:
		return len(c.display()) == 0
	}
	return false
}

// value makes the public form, but for the CLIXML. Texts are copied, other bytes are not.
func (c cell) value() Value {
	v := Value{Kind: publicKinds[c.kind]}
	switch c.kind {
	case cellText, cellDecimal:
		v.Text = string(c.data)
	case cellBool:
		v.Bool = c.num != 0
	case cellInt, cellDuration:
		v.Int = int64(c.num)
	case cellUint:
		v.Uint = c.num
	case cellFloat:
		v.Float = floatOf(c.num)
	case cellTimeUnspecified, cellTimeUTC, cellTimeLocal:
		v.Time = c.time()
	case cellBytes:
		v.Bytes = c.data
	case cellList:
		v.Items = make([]string, 0, c.len())
		for item := range c.items {
			v.Items = append(v.Items, string(item))
		}
	case cellNested:
		v.Text = string(c.display())
	}
	return v
}
