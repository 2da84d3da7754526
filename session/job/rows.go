package job

import "postroom/session/result"

// heldMost is how many bytes of rows are held back for the sake of the order.
const heldMost = 32 << 20

// span is a piece of a row's bytes.
type span struct{ from, to int }

// cell is one call of an Appender.
type cell struct {
	kind    result.Kind
	name    span
	a, b    span // text, data, display; CLIXML
	integer int64
	whole   uint64
	float   float64
	yes     bool
	ours    bool // a column of ours, whose number is whole
	time    result.Time
	items   []span
}

// row is a row on its way from a target's run to the one who writes. All its
// texts are in one piece of memory.
type row struct {
	bytes []byte
	cells []cell
}

func (r *row) keep(b []byte) span {
	from := len(r.bytes)
	r.bytes = append(r.bytes, b...)
	return span{from, len(r.bytes)}
}

func (r *row) at(s span) []byte { return r.bytes[s.from:s.to:s.to] }

// replay writes the row, our own column first.
func (r *row) replay(to result.Appender, tenant []byte) error {
	to.BeginRow()
	to.Own(result.TenantColumn, tenant)
	for i := range r.cells {
		r.cell(to, &r.cells[i])
	}
	return to.EndRow()
}

func (r *row) cell(to result.Appender, c *cell) {
	name := r.at(c.name)
	if c.ours {
		to.Own(result.OwnColumn(c.whole), r.at(c.a))
		return
	}
	switch c.kind {
	case result.KindText:
		to.Text(name, r.at(c.a))
	case result.KindBool:
		to.Bool(name, c.yes)
	case result.KindInt:
		to.Int(name, c.integer)
	case result.KindUint:
		to.Uint(name, c.whole)
	case result.KindFloat:
		to.Float(name, c.float)
	case result.KindDecimal:
		to.Decimal(name, r.at(c.a))
	case result.KindTime:
		to.Time(name, c.time)
	case result.KindDuration:
		to.Duration(name, c.integer)
	case result.KindBytes:
		to.Bytes(name, r.at(c.a))
	case result.KindList:
		items := make([][]byte, len(c.items))
		for i, s := range c.items {
			items[i] = r.at(s)
		}
		to.List(name, items, r.at(c.b))
	case result.KindNested:
		to.Nested(name, r.at(c.a), r.at(c.b))
	default:
		to.Null(name)
	}
}

// recorder is an Appender that keeps a row and hands it on whole: rows of
// several targets come at the same time, and each must arrive in one piece.
type recorder struct {
	row  *row // nil outside a row
	pass func(*row) error
}

// BeginRow starts a row. What a row without EndRow had is dropped.
func (r *recorder) BeginRow() { r.row = &row{} }

// EndRow hands the row on.
func (r *recorder) EndRow() error {
	done := r.row
	r.row = nil
	if done == nil {
		return result.ErrNoRow
	}
	return r.pass(done)
}

// add keeps a cell. Outside a row it keeps one that EndRow of the Appender
// behind refuses, as the contract of Appender wants.
func (r *recorder) add(name []byte, c cell) {
	if r.row == nil {
		return
	}
	c.name = r.row.keep(name)
	r.row.cells = append(r.row.cells, c)
}

func (r *recorder) keep(b []byte) span {
	if r.row == nil {
		return span{}
	}
	return r.row.keep(b)
}

// Own keeps a text of a column of ours.
func (r *recorder) Own(c result.OwnColumn, v []byte) {
	r.add(nil, cell{ours: true, whole: uint64(c), a: r.keep(v)})
}

// Null keeps an empty cell.
func (r *recorder) Null(name []byte) { r.add(name, cell{kind: result.KindNull}) }

// Text keeps a text.
func (r *recorder) Text(name, v []byte) { r.add(name, cell{kind: result.KindText, a: r.keep(v)}) }

// Bool keeps true or false.
func (r *recorder) Bool(name []byte, v bool) { r.add(name, cell{kind: result.KindBool, yes: v}) }

// Int keeps a signed whole number.
func (r *recorder) Int(name []byte, v int64) { r.add(name, cell{kind: result.KindInt, integer: v}) }

// Uint keeps an unsigned whole number.
func (r *recorder) Uint(name []byte, v uint64) { r.add(name, cell{kind: result.KindUint, whole: v}) }

// Float keeps a binary floating-point number.
func (r *recorder) Float(name []byte, v float64) {
	r.add(name, cell{kind: result.KindFloat, float: v})
}

// Decimal keeps a decimal number.
func (r *recorder) Decimal(name, text []byte) {
	r.add(name, cell{kind: result.KindDecimal, a: r.keep(text)})
}

// Time keeps a point in time.
func (r *recorder) Time(name []byte, t result.Time) {
	r.add(name, cell{kind: result.KindTime, time: t})
}

// Duration keeps a length of time.
func (r *recorder) Duration(name []byte, ticks int64) {
	r.add(name, cell{kind: result.KindDuration, integer: ticks})
}

// Bytes keeps binary data.
func (r *recorder) Bytes(name, v []byte) { r.add(name, cell{kind: result.KindBytes, a: r.keep(v)}) }

// List keeps several values.
func (r *recorder) List(name []byte, items [][]byte, raw []byte) {
	c := cell{kind: result.KindList, items: make([]span, len(items)), b: r.keep(raw)}
	for i, item := range items {
		c.items[i] = r.keep(item)
	}
	r.add(name, c)
}

// Nested keeps an object.
func (r *recorder) Nested(name, display, raw []byte) {
	r.add(name, cell{kind: result.KindNested, a: r.keep(display), b: r.keep(raw)})
}
