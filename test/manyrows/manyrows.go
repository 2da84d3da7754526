// Package manyrows makes rows by the million that are as mailboxes are: texts that
// differ in every row, texts that repeat, numbers, dates, booleans, nulls and
// lists. Only tests and benchmarks import it.
package manyrows

import (
	"strconv"

	"postroom/session/result"
)

// Shape is how many columns there are of each kind, from left to right.
type Shape struct{ Unique, Repeated, Bools, Nulls, Ints, Times, Floats, Lists int }

// Usual is what Get-Mailbox gives with its columns chosen: 40.
var Usual = Shape{Unique: 5, Repeated: 15, Bools: 8, Nulls: 4, Ints: 3, Times: 3, Floats: 1, Lists: 1}

// Columns is the number of columns.
func (s Shape) Columns() int {
	return s.Unique + s.Repeated + s.Bools + s.Nulls + s.Ints + s.Times + s.Floats + s.Lists
}

// departments is how many texts there are in the columns whose texts repeat.
const departments = 20

// Rows makes rows of a shape. It makes nothing for a row that it could keep; one
// goroutine at a time may use it.
type Rows struct {
	kinds  []kind // of the columns
	names  [][]byte
	unique int    // columns whose texts differ
	tail   string // of those texts
	common [][]byte
	text   []byte
	items  [][]byte
	raw    []byte
}

// kind adds a cell to a row.
type kind func(r *Rows, a result.Appender, row, col int)

// Of makes rows of a shape, whose differing texts have a tail that makes them as
// long as wanted.
func Of(s Shape, tail string) *Rows {
	r := &Rows{unique: s.Unique, tail: tail, text: make([]byte, 0, 64+len(tail)), items: make([][]byte, 2)}
	r.raw = []byte(`<Obj N="EmailAddresses"><LST><S>SMTP:user@contoso.example</S><S>smtp:user@fabrikam.example</S></LST></Obj>`)
	for _, part := range []struct {
		columns int
		kind    kind
	}{
		{s.Unique, (*Rows).own},
		{s.Repeated, func(r *Rows, a result.Appender, row, col int) { a.Text(r.names[col], r.common[(row+col)%departments]) }},
		{s.Bools, func(r *Rows, a result.Appender, row, col int) { a.Bool(r.names[col], (row+col)%3 == 0) }},
		{s.Nulls, func(r *Rows, a result.Appender, _, col int) { a.Null(r.names[col]) }},
		{s.Ints, func(r *Rows, a result.Appender, row, col int) { a.Int(r.names[col], int64(row*col)) }},
		{s.Times, func(r *Rows, a result.Appender, row, col int) {
			a.Time(r.names[col], result.Time{Ticks: 638451255670000000 + int64(row)*12345678, Kind: result.TimeUTC})
		}},
		{s.Floats, func(r *Rows, a result.Appender, row, col int) { a.Float(r.names[col], float64(row)/7) }},
		{s.Lists, (*Rows).addresses},
	} {
		for range part.columns {
			r.names = append(r.names, []byte("Property"+strconv.Itoa(len(r.names))))
			r.kinds = append(r.kinds, part.kind)
		}
	}
	for i := range departments {
		r.common = append(r.common, []byte("contoso.example/Department "+strconv.Itoa(i)))
	}
	return r
}

// Put adds row i.
func (r *Rows) Put(a result.Appender, i int) error {
	a.BeginRow()
	for col, add := range r.kinds {
		add(r, a, i, col)
	}
	return a.EndRow()
}

// own is a text that no other cell has.
func (r *Rows) own(a result.Appender, row, col int) {
	r.text = strconv.AppendInt(append(r.text[:0], "user"...), int64(row*r.unique+col), 10)
	r.text = append(append(r.text, "@contoso.example"...), r.tail...)
	a.Text(r.names[col], r.text)
}

// addresses is a list of two.
func (r *Rows) addresses(a result.Appender, row, col int) {
	r.text = strconv.AppendInt(append(r.text[:0], "SMTP:user"...), int64(row), 10)
	r.items[0], r.items[1] = r.text, r.common[0]
	a.List(r.names[col], r.items, r.raw)
}
