package result

import (
	"errors"
	"math"
)

// ErrNoRow means that a cell came outside BeginRow and EndRow, or EndRow without
// BeginRow.
var ErrNoRow = errors.New("result: cell outside a row")

// ErrRowTooBig means that one row's cells have more than a gigabyte of data; the row is
// left out.
var ErrRowTooBig = errors.New("result: row of more than 1 GiB")

const maxRowBytes = 1 << 30

// Builder is the Appender of a [Table] or a [Stream]. In a Table a row becomes visible
// when EndRow returns. When a row brings a name twice, letter case aside, the later cell
// counts. A name that is new makes a column at the end.
type Builder struct {
	sink rowSink
	// exact finds a column by a name as it came; folded by the lower-case name, for names
	// that come with letters in another case.
	exact, folded map[string]int
	names         []string
	next          int // the column expected next: rows mostly have one order
	seen          []int
	serial        int
	cells         []stagedCell
	data          []byte
	inRow, stray  bool
}

// rowSink takes complete rows.
type rowSink interface {
	// addColumn is called once for each new name, and gives 0, 1, 2 and so on.
	addColumn(name string) int
	// commit takes a row; cells and data are borrowed.
	commit(cells []stagedCell, data []byte) error
}

func (b *Builder) init(sink rowSink) {
	b.sink = sink
	b.exact, b.folded = make(map[string]int), make(map[string]int)
}

// stagedCell is a cell of the row that is being built; its data is data[start:end].
type stagedCell struct {
	col        int
	kind       cellKind
	num        uint64
	start, end int
}

// BeginRow starts a row. What a row without EndRow had is dropped.
func (b *Builder) BeginRow() {
	b.cells, b.data = b.cells[:0], b.data[:0]
	b.inRow, b.next = true, 0
	b.serial++
}

// EndRow completes the row.
func (b *Builder) EndRow() error {
	if !b.inRow || b.stray {
		b.stray, b.inRow = false, false
		return ErrNoRow
	}
	b.inRow = false
	if len(b.data) > maxRowBytes {
		b.data = nil
		return ErrRowTooBig
	}
	return b.sink.commit(b.cells, b.data)
}

func (b *Builder) stage(name []byte, k cellKind, num uint64, start int) {
	if !b.inRow {
		b.stray = true
		return
	}
	col := b.column(name)
	c := stagedCell{col: col, kind: k, num: num, start: start, end: len(b.data)}
	if b.seen[col] == b.serial {
		for i := range b.cells {
			if b.cells[i].col == col {
				b.cells[i] = c
			}
		}
		return
	}
	b.seen[col] = b.serial
	b.cells = append(b.cells, c)
}

func (b *Builder) column(name []byte) int {
	if b.next < len(b.names) && b.names[b.next] == string(name) {
		b.next++
		return b.next - 1
	}
	col, ok := b.exact[string(name)]
	if !ok {
		col = b.newName(string(name))
	}
	b.next = col + 1
	return col
}

func (b *Builder) newName(name string) int {
	col, ok := b.folded[fold(name)]
	if !ok {
		col = b.sink.addColumn(name)
		b.folded[fold(name)] = col
		b.names = append(b.names, name)
		b.seen = append(b.seen, 0)
	}
	b.exact[name] = col
	return col
}

func (b *Builder) stageData(name []byte, k cellKind, data []byte) {
	start := len(b.data)
	b.data = append(b.data, data...)
	b.stage(name, k, 0, start)
}

// Null adds an empty cell.
func (b *Builder) Null(name []byte) { b.stage(name, cellNull, 0, len(b.data)) }

// Text adds a text.
func (b *Builder) Text(name, v []byte) { b.stageData(name, cellText, v) }

// Bool adds true or false.
func (b *Builder) Bool(name []byte, v bool) {
	var n uint64
	if v {
		n = 1
	}
	b.stage(name, cellBool, n, len(b.data))
}

// Int adds a signed whole number.
func (b *Builder) Int(name []byte, v int64) { b.stage(name, cellInt, uint64(v), len(b.data)) }

// Uint adds an unsigned whole number.
func (b *Builder) Uint(name []byte, v uint64) { b.stage(name, cellUint, v, len(b.data)) }

// Float adds a binary floating-point number.
func (b *Builder) Float(name []byte, v float64) {
	b.stage(name, cellFloat, math.Float64bits(v), len(b.data))
}

// Decimal adds a decimal number as its invariant text.
func (b *Builder) Decimal(name, text []byte) { b.stageData(name, cellDecimal, text) }

// Time adds a point in time.
func (b *Builder) Time(name []byte, t Time) {
	start := len(b.data)
	switch t.Kind {
	case TimeUTC:
		b.stage(name, cellTimeUTC, uint64(t.Ticks), start)
	case TimeLocal:
		b.data = appendLocalTime(b.data, t)
		b.stage(name, cellTimeLocal, 0, start)
	default:
		b.stage(name, cellTimeUnspecified, uint64(t.Ticks), start)
	}
}

// Duration adds a length of time in ticks of 100 ns.
func (b *Builder) Duration(name []byte, ticks int64) {
	b.stage(name, cellDuration, uint64(ticks), len(b.data))
}

// Bytes adds binary data.
func (b *Builder) Bytes(name, v []byte) { b.stageData(name, cellBytes, v) }

// List adds several values.
func (b *Builder) List(name []byte, items [][]byte, raw []byte) {
	start := len(b.data)
	b.data = appendListData(b.data, items, raw)
	b.stage(name, cellList, 0, start)
}

// Nested adds an object.
func (b *Builder) Nested(name, display, raw []byte) {
	start := len(b.data)
	b.data = appendNestedData(b.data, display, raw)
	b.stage(name, cellNested, 0, start)
}
