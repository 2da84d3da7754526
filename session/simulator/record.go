package simulator

import (
	"strconv"
	"strings"
	"time"
)

// kind is what a cell holds, and by which element it goes on the wire.
type kind uint8

const (
	kindNil kind = iota
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
)

// value is a value that is kept: a default, a change, a row of a small class.
type value struct {
	kind   kind
	text   string // kindText, kindSpan (an xs:duration), kindVersion, kindGUID
	number int64  // kindBool (0, 1), kindInt32, kindInt64, kindTime (ticks)
	real   float64
	clock  clockKind // kindTime
	items  []string  // kindList
}

// clockKind says what a time is relative to.
type clockKind uint8

const (
	clockUTC   clockKind = iota // Z on the wire
	clockLocal                  // an offset, +00:00: the server's own zone
	clockNone                   // nothing
)

// cell is a value of the record that is being filled: it borrows the record's
// arena.
type cell struct {
	kind   kind
	clock  clockKind
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
	*c = cell{kind: v.kind, clock: v.clock, number: v.number, real: v.real}
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

// pen writes one cell of a record.
type pen struct {
	r      *record
	column int
}

func (p pen) cell() *cell { return &p.r.cells[p.column] }

// text writes the parts, one behind the other.
func (p pen) text(parts ...string) {
	c := p.cell()
	c.kind, c.text = kindText, p.r.keep(parts...)
}

func (p pen) yes(b bool) {
	c := p.cell()
	c.kind, c.number = kindBool, 0
	if b {
		c.number = 1
	}
}

func (p pen) int32(n int) {
	c := p.cell()
	c.kind, c.number = kindInt32, int64(n)
}

func (p pen) int64(n int64) {
	c := p.cell()
	c.kind, c.number = kindInt64, n
}

// time writes a moment (100 ns ticks since year 1) as the clock shows it.
func (p pen) time(ticks int64, clock clockKind) {
	c := p.cell()
	c.kind, c.number, c.clock = kindTime, ticks, clock
}

// span writes a TimeSpan, given as xs:duration.
func (p pen) span(duration string) {
	c := p.cell()
	c.kind, c.text = kindSpan, p.r.keep(duration)
}

// size writes a ByteQuantifiedSize as Exchange shows it.
func (p pen) size(bytes int64) {
	c := p.cell()
	start := len(p.r.arena)
	p.r.arena = appendSize(p.r.arena, bytes)
	c.kind, c.text = kindText, p.r.arena[start:len(p.r.arena):len(p.r.arena)]
}

// guid writes a GUID made from the dice.
func (p pen) guid(d dice) {
	c := p.cell()
	start := len(p.r.arena)
	p.r.arena = appendGUID(p.r.arena, d)
	c.kind, c.text = kindGUID, p.r.arena[start:len(p.r.arena):len(p.r.arena)]
}

func (p pen) list(items ...string) { p.r.list(p.column, items) }

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

// appendSize writes "99 GB (106,300,440,576 bytes)".
func appendSize(dst []byte, bytes int64) []byte {
	units := [...]string{"B", "KB", "MB", "GB", "TB"}
	v, u := float64(bytes), 0
	for v >= 1024 && u < len(units)-1 {
		v, u = v/1024, u+1
	}
	switch {
	case v == float64(int64(v)) || v >= 1000:
		dst = strconv.AppendInt(dst, int64(v), 10)
	case v >= 100:
		dst = strconv.AppendFloat(dst, v, 'f', 1, 64)
	case v >= 10:
		dst = strconv.AppendFloat(dst, v, 'f', 2, 64)
	default:
		dst = strconv.AppendFloat(dst, v, 'f', 3, 64)
	}
	dst = append(dst, ' ')
	dst = append(dst, units[u]...)
	dst = append(dst, " ("...)
	dst = appendThousands(dst, bytes)
	return append(dst, " bytes)"...)
}

func appendThousands(dst []byte, n int64) []byte {
	var digits [20]byte
	b := strconv.AppendInt(digits[:0], n, 10)
	for i, d := range b {
		if i > 0 && (len(b)-i)%3 == 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, d)
	}
	return dst
}

func sizeText(bytes int64) string { return string(appendSize(nil, bytes)) }

// display is the text of a cell as PowerShell's -like sees it.
func (c *cell) display() string {
	switch c.kind {
	case kindNil:
		return ""
	case kindBool:
		if c.number != 0 {
			return "True"
		}
		return "False"
	case kindInt32, kindInt64:
		return strconv.FormatInt(c.number, 10)
	case kindFloat:
		return strconv.FormatFloat(c.real, 'G', -1, 64)
	case kindTime:
		return timeOf(c.number).Format("01/02/2006 15:04:05")
	case kindList:
		parts := make([]string, len(c.items))
		for i, item := range c.items {
			parts[i] = string(item)
		}
		return strings.Join(parts, " ")
	default:
		return string(c.text)
	}
}
