package exchange

import (
	"strconv"
	"time"

	"postroom/session/bytesize"
	"postroom/session/clixml"
)

// kind is what a cell holds, and by which element it goes on the wire.
type kind uint8

const (
	kindUnset kind = iota // not made yet
	kindNil
	kindText
	kindBool
	kindInt32
	kindInt64
	kindFloat
	kindTime
	kindSpan
	kindGUID
	kindVersion
	kindList
	kindSize // a size as an object: Unlimited of ByteQuantifiedSize
)

// value is a value that is kept: a default, a change, a row of a small class.
type value struct {
	kind   kind
	text   string // kindText, kindSpan (an xs:duration), kindVersion, kindGUID
	number int64  // kindBool (0, 1), kindInt32, kindInt64, kindTime (ticks)
	real   float64
	clock  clixml.DateTimeKind // kindTime
	items  []string            // kindList
}

// cell is a value of the record that is being filled: it borrows the record's
// arena.
type cell struct {
	kind   kind
	clock  clixml.DateTimeKind
	number int64
	real   float64
	text   []byte
	items  [][]byte
}

// record is one row while it is made, tested and sent. It is used again for
// the next row; what it lends is valid until then.
type record struct {
	cells []cell
	arena []byte
	items [][]byte
}

// reset empties the record and gives it n cells.
func (r *record) reset(n int) {
	if cap(r.cells) < n {
		r.cells = make([]cell, n)
	}
	r.cells = r.cells[:n]
	clear(r.cells)
	r.arena = r.arena[:0]
	r.items = r.items[:0]
}

// set puts a kept value into a cell.
func (r *record) set(column int, v value) {
	c := &r.cells[column]
	*c = cell{kind: max(v.kind, kindNil), clock: v.clock, number: v.number, real: v.real}
	if v.text != "" {
		c.text = r.keep(v.text)
	}
	if v.kind == kindList {
		r.list(column, v.items)
	}
}

// keep copies parts into the arena.
func (r *record) keep(parts ...string) []byte {
	start := len(r.arena)
	for _, p := range parts {
		r.arena = append(r.arena, p...)
	}
	return r.arena[start:len(r.arena):len(r.arena)]
}

func (r *record) list(column int, items []string) {
	start := len(r.items)
	for _, item := range items {
		r.items = append(r.items, r.keep(item))
	}
	r.cells[column].kind = kindList
	r.cells[column].items = r.items[start:len(r.items):len(r.items)]
}

// number writes a number or, with kindBool, 0 or 1.
func (r *record) number(column int, k kind, n int64) {
	r.cells[column] = cell{kind: k, number: n}
}

// time writes a moment (100 ns ticks since year 1) as the clock shows it.
func (r *record) time(column int, ticks int64, clock clixml.DateTimeKind) {
	r.cells[column] = cell{kind: kindTime, number: ticks, clock: clock}
}

// size writes an amount of bytes as Exchange shows it.
func (r *record) size(column int, k kind, bytes int64) {
	start := len(r.arena)
	r.arena = bytesize.Append(r.arena, bytes)
	r.cells[column] = cell{kind: k, number: bytes, text: r.arena[start:len(r.arena):len(r.arena)]}
}

// unlimited writes the size that has no bound.
func (r *record) unlimited(column int) {
	r.cells[column] = cell{kind: kindSize, number: unlimited, text: r.keep("Unlimited")}
}

// Ticks of .NET: 100 ns since 0001-01-01.
const (
	ticksPerSecond   = 10_000_000
	ticksOfUnixEpoch = 621_355_968_000_000_000
)

func ticksOf(t time.Time) int64 {
	return t.Unix()*ticksPerSecond + int64(t.Nanosecond())/100 + ticksOfUnixEpoch
}

func timeOf(ticks int64) time.Time {
	t := ticks - ticksOfUnixEpoch
	return time.Unix(t/ticksPerSecond, t%ticksPerSecond*100).UTC()
}

// appendGUID writes a version 4 GUID.
func appendGUID(dst []byte, d dice) []byte {
	const hex = "0123456789abcdef"
	a, b := uint64(d.of(1)), uint64(d.of(2))
	a = a&^0xF000 | 0x4000
	b = b&^(3<<62) | 2<<62
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			dst = append(dst, '-')
		}
		word := a
		if i >= 16 {
			word = b
		}
		dst = append(dst, hex[word>>(60-4*(i%16))&15])
	}
	return dst
}

func guidText(d dice) string { return string(appendGUID(nil, d)) }

func sizeText(bytes int64) string { return string(bytesize.Append(nil, bytes)) }

// display is the text of a cell as PowerShell's -like sees it.
func (c *cell) display() string {
	if c.kind == kindText || c.kind == kindGUID {
		return string(c.text)
	}
	return string(c.appendDisplay(nil))
}

func (c *cell) appendDisplay(dst []byte) []byte {
	switch c.kind {
	case kindUnset, kindNil:
		return dst
	case kindBool:
		if c.number != 0 {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	case kindInt32, kindInt64:
		return strconv.AppendInt(dst, c.number, 10)
	case kindFloat:
		return strconv.AppendFloat(dst, c.real, 'G', -1, 64)
	case kindTime:
		return timeOf(c.number).AppendFormat(dst, "01/02/2006 15:04:05")
	case kindList:
		for i, item := range c.items {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = append(dst, item...)
		}
		return dst
	default:
		return append(dst, c.text...)
	}
}
