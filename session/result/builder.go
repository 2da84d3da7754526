package result

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// ErrNoRow means that a cell came outside BeginRow and EndRow, or EndRow without
// BeginRow.
var ErrNoRow = errors.New("result: cell outside a row")

// ErrRowTooBig means that one row's cells have more than a gigabyte of data; the row is
// left out.
var ErrRowTooBig = errors.New("result: row of more than 1 GiB")

const maxRowBytes = 1 << 30

// ColumnLimitError means that rows have more different names than [MaxColumns].
type ColumnLimitError struct {
	// Max is the limit that was in force.
	Max int
}

// Error gives the limit.
func (e *ColumnLimitError) Error() string {
	return fmt.Sprintf("result: rows of more than %d columns", e.Max)
}

// Columns gives the limit.
func (e *ColumnLimitError) Columns() int { return e.Max }

// MaxColumns is how many columns a result may have. No report is that wide; a server
// that invents names must not take the memory.
const MaxColumns = 1 << 16

// Builder is the Appender of a [Table] or a [Stream]. In a Table a row becomes visible
// when EndRow returns. A name that is new makes a column at the end; names of different
// rows that differ in letter case alone are one column. When a row brings a name twice,
// the later cell counts; names of one row that differ in letter case alone are kept
// apart, the second in a column `name (2)`.
type Builder struct {
	sink    rowSink
	own     []OwnColumn
	ownCols []int // the column of each
	// exact finds a spelling by a name as it came; families by the lower-case name.
	exact    map[string]int
	families map[string]*family
	taken    map[string]bool // lower-case names of columns
	spelled  []spelling
	next     int // the spelling expected next: rows mostly have one order
	seen     []int
	serial   int
	cells    []stagedCell
	data     []byte

	inRow, stray, full bool
}

// spelling is a name as rows have it, in some letter case.
type spelling struct {
	name   string
	family *family
	col    int // where its cells go, unless another spelling has it in the row
	serial int // of the row that has it, and
	cell   int // the place of its cell there
}

// family is the columns of the names that differ in letter case alone.
type family struct {
	name   string
	number int // that the name of the latest column has, as in `name (2)`
	cols   []int
	serial int // of the row for which
	free   int // is the first column that may be free
}

// rowSink takes complete rows.
type rowSink interface {
	// addColumn is called once for each new name, and gives 0, 1, 2 and so on.
	addColumn(name string) int
	// commit takes a row; cells and data are borrowed.
	commit(cells []stagedCell, data []byte) error
}

// init makes the columns of ours, which come first.
func (b *Builder) init(sink rowSink, own []OwnColumn) {
	b.sink, b.own = sink, slices.Clone(own)
	b.exact, b.families, b.taken = make(map[string]int), make(map[string]*family), make(map[string]bool)
	for _, c := range own {
		b.ownCols = append(b.ownCols, b.addColumn(c.Name()))
	}
}

// addColumn gives the number of a new column.
func (b *Builder) addColumn(name string) int {
	b.taken[fold(name)] = true
	b.seen = append(b.seen, 0)
	return b.sink.addColumn(name)
}

// stagedCell is a cell of the row that is being built; its data is data[start:end], its CLIXML
// what follows up to rawEnd.
type stagedCell struct {
	num    uint64
	start  uint32
	end    uint32
	rawEnd uint32
	col    uint32
	kind   cellKind
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
	if b.full {
		return &ColumnLimitError{Max: MaxColumns}
	}
	if len(b.data) > maxRowBytes {
		b.data = nil
		return ErrRowTooBig
	}
	return b.sink.commit(b.cells, b.data)
}

func (b *Builder) stage(name []byte, k cellKind, num uint64, start int) {
	b.stageRaw(name, stagedCell{kind: k, num: num, start: uint32(start), end: uint32(len(b.data))}) //nolint:gosec // EndRow refuses a row of more than a gigabyte
}

// stageRaw stages a cell whose CLIXML stands behind its data.
func (b *Builder) stageRaw(name []byte, c stagedCell) {
	if !b.inRow || b.full {
		b.stray = b.stray || !b.inRow
		return
	}
	at := b.spelling(name)
	if at < 0 {
		b.full = true
		return
	}
	p := &b.spelled[at]
	c.col, c.rawEnd = uint32(p.col), uint32(len(b.data)) //nolint:gosec // as above
	if p.serial == b.serial {
		b.cells[p.cell] = c
		return
	}
	if b.seen[p.col] == b.serial { // by another spelling
		if !b.elsewhere(p) {
			b.full = true
			return
		}
		c.col = uint32(p.col)
	}
	b.seen[p.col] = b.serial
	p.serial, p.cell = b.serial, len(b.cells)
	b.cells = append(b.cells, c)
}

// spelling finds the name among those that rows had; negative when there are too many.
func (b *Builder) spelling(name []byte) int {
	if b.next < len(b.spelled) && b.spelled[b.next].name == string(name) {
		b.next++
		return b.next - 1
	}
	at, ok := b.exact[string(name)]
	if !ok {
		if at = b.newSpelling(string(name)); at < 0 {
			return at
		}
	}
	b.next = at + 1
	return at
}

func (b *Builder) newSpelling(name string) int {
	if len(b.spelled) >= 2*MaxColumns {
		return -1
	}
	f := b.families[fold(name)]
	if f == nil {
		f = &family{name: columnName(name, b.own), number: 1}
		if !b.grow(f) {
			return -1
		}
		b.families[fold(name)] = f
	}
	b.exact[name] = len(b.spelled)
	b.spelled = append(b.spelled, spelling{name: name, family: f, col: f.cols[0]})
	return len(b.spelled) - 1
}

// grow gives the family one more column; false when there are too many.
func (b *Builder) grow(f *family) bool {
	if len(b.seen) >= MaxColumns {
		return false
	}
	name := f.name
	for b.taken[fold(name)] {
		f.number++ // never the same number twice, so that this is done after all names at most
		name = f.name + " (" + strconv.Itoa(f.number) + ")"
	}
	f.cols = append(f.cols, b.addColumn(name))
	return true
}

// elsewhere moves a spelling to a column of its family that this row has not yet; false
// when there are too many.
func (b *Builder) elsewhere(p *spelling) bool {
	f := p.family
	if f.serial != b.serial {
		f.serial, f.free = b.serial, 0
	}
	for ; f.free < len(f.cols); f.free++ {
		if b.seen[f.cols[f.free]] != b.serial {
			p.col = f.cols[f.free]
			return true
		}
	}
	if !b.grow(f) {
		return false
	}
	p.col = f.cols[f.free]
	return true
}

// Own adds the text of a column of ours. One that the table or stream was not made with
// begins here, after the columns that are there; when the server's have its name by now,
// that is the caller's fault, and makes EndRow return ErrNoRow.
func (b *Builder) Own(c OwnColumn, v []byte) {
	col := slices.Index(b.own, c)
	if !b.inRow || col < 0 && b.taken[fold(c.Name())] {
		b.stray = true
		return
	}
	if col < 0 {
		b.ownCols = append(b.ownCols, b.addColumn(c.Name()))
		b.own = append(b.own, c)
		col = len(b.own) - 1
	}
	col = b.ownCols[col]
	start := uint32(len(b.data)) //nolint:gosec // as in stage
	b.data = append(b.data, v...)
	end := uint32(len(b.data)) //nolint:gosec // as in stage
	b.cells = append(b.cells, stagedCell{col: uint32(col), kind: cellText, start: start, end: end, rawEnd: end})
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
	b.data = appendListData(b.data, items)
	end := len(b.data)
	b.data = append(b.data, raw...)
	b.stageRaw(name, stagedCell{kind: cellList, start: uint32(start), end: uint32(end)}) //nolint:gosec // as in stage
}

// Nested adds an object.
func (b *Builder) Nested(name, display, raw []byte) {
	start := len(b.data)
	b.data = appendNestedData(b.data, display)
	end := len(b.data)
	b.data = append(b.data, raw...)
	b.stageRaw(name, stagedCell{kind: cellNested, start: uint32(start), end: uint32(end)}) //nolint:gosec // as in stage
}
