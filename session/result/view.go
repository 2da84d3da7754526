package result

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// snapshot is the rows that a view looks at: complete segments and what the open one had
// when it was taken.
type snapshot struct {
	provenance Provenance
	names      []string
	masks      []uint32
	segments   []*segment
	rows       int
}

// find gives the segment of a row and the row's place in it.
func (s *snapshot) find(row int) (*segment, int) {
	n, i := s.locate(row)
	return s.segments[n], i
}

// locate gives the number of a row's segment and the row's place in it.
func (s *snapshot) locate(row int) (n, i int) {
	// Segments have segmentRows rows or less, so the guess is never too far.
	n = row / segmentRows
	if g := s.segments[n]; row < g.first+g.rows {
		return n, row - g.first
	}
	n, _ = slices.BinarySearchFunc(s.segments, row, func(g *segment, row int) int {
		return cmp.Compare(g.first+g.rows-1, row)
	})
	return n, row - s.segments[n].first
}

// View is an immutable look at a table: some of its rows in some order, some of its
// columns in some order. Any number of goroutines may use it at once.
//
// Rows and columns are counted from 0 within the view. Indices outside are the caller's
// fault and panic, as with a slice. It has a method for each question about rows and
// columns, and for each view that can be made of it: whoever shows, exports or compares
// rows asks it alone.
type View struct {
	data *snapshot
	rows []int32 // nil is all rows in order of arrival
	cols []int
}

func newView(s *snapshot) *View {
	v := &View{data: s, cols: make([]int, len(s.names))}
	for i := range v.cols {
		v.cols[i] = i
	}
	return v
}

// len is the number of rows.
func (v *View) len() int {
	if v.rows == nil {
		return v.data.rows
	}
	return len(v.rows)
}

// cell reads one cell.
func (v *View) cell(row, col int) cell {
	s, i := v.data.find(v.RowID(row))
	return s.chunk(v.cols[col]).cell(i)
}

// eachRow calls fn with the cells of every row, in a slice that is used again, until fn
// fails or ctx ends.
func (v *View) eachRow(ctx context.Context, fn func(row int, cells []cell) error) error {
	return v.rowsFrom(ctx, 0, v.len(), fn)
}

// rowsFrom is eachRow for the rows from one on up to another.
func (v *View) rowsFrom(ctx context.Context, from, to int, fn func(row int, cells []cell) error) error {
	cells := make([]cell, len(v.cols))
	for row := from; row < to; row++ {
		if row%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s, i := v.data.find(v.RowID(row))
		for n, col := range v.cols {
			cells[n] = s.chunk(col).cell(i)
		}
		if err := fn(row, cells); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// Provenance says where the rows came from.
func (v *View) Provenance() Provenance { return v.data.provenance }

// Size gives the number of rows and of columns.
func (v *View) Size() (rows, cols int) { return v.len(), len(v.cols) }

// Header gives a column's name.
func (v *View) Header(col int) string {
	return v.data.names[v.cols[col]]
}

// Headers gives the names of all columns of the view, in its order.
func (v *View) Headers() []string {
	names := make([]string, len(v.cols))
	for i := range names {
		names[i] = v.Header(i)
	}
	return names
}

// Column finds a column of this view by name: exactly, else with letter case aside, else
// the server's property that stands under another name because of a column of ours.
func (v *View) Column(name string) (col int, ok bool) {
	for i, c := range v.cols {
		if v.data.names[c] == name {
			return i, true
		}
	}
	for i, c := range v.cols {
		if strings.EqualFold(v.data.names[c], name) {
			return i, true
		}
	}
	for i, c := range v.cols {
		if strings.EqualFold(v.data.names[c], serverName(name)) {
			return i, true
		}
	}
	return 0, false
}

// Kind gives what a column holds in the whole table, cells without a value aside:
// KindNull when none has one, KindMixed when they differ. Whole numbers together with
// other numbers are KindInt, KindDecimal or KindFloat, the widest that is there.
func (v *View) Kind(col int) Kind {
	const (
		whole   = 1<<cellInt | 1<<cellUint
		numbers = whole | 1<<cellDecimal | 1<<cellFloat
		times   = 1<<cellTimeUnspecified | 1<<cellTimeUTC | 1<<cellTimeLocal
	)
	mask := v.data.masks[v.cols[col]] &^ (1<<cellAbsent | 1<<cellNull)
	switch {
	case mask == 0:
		return KindNull
	case mask&^times == 0:
		return KindTime
	case mask&(mask-1) == 0:
		for k := range cellKinds {
			if mask == 1<<k {
				return publicKinds[k]
			}
		}
	case mask&^whole == 0:
		return KindInt
	case mask&^numbers == 0 && mask&(1<<cellFloat) != 0:
		return KindFloat
	case mask&^numbers == 0:
		return KindDecimal
	}
	return KindMixed
}

// Cell gives the text that a cell displays, valid UTF-8; empty for null and absent. A
// date shows whole seconds and its zone, a list its items with "; " between.
func (v *View) Cell(row, col int) string {
	c := v.cell(row, col)
	if c.kind <= cellNull {
		return ""
	}
	var buffer [64]byte
	return string(shown.append(buffer[:0], c))
}

// AppendCell appends the text of Cell to dst: no allocation when dst has room.
func (v *View) AppendCell(dst []byte, row, col int) []byte {
	return shown.append(dst, v.cell(row, col))
}

// Value gives a cell, typed.
func (v *View) Value(row, col int) Value {
	s, i := v.data.find(v.RowID(row))
	chunk := s.chunk(v.cols[col])
	c := chunk.cell(i)
	value := c.value()
	value.Raw = chunk.raw(c)
	return value
}

// raw gives the CLIXML of a list or a nested object, nil for other cells. It belongs to
// the view: do not change it.
func (v *View) raw(row, col int) []byte {
	s, i := v.data.find(v.RowID(row))
	chunk := s.chunk(v.cols[col])
	return chunk.raw(chunk.cell(i))
}

// RowID gives the number that a row has in its table, in order of arrival: the same in
// every view of the table, so that a selection survives sorting and filtering.
func (v *View) RowID(row int) int {
	if v.rows == nil {
		return row
	}
	return int(v.rows[row])
}

// RowIDs gives the RowID of every row of the view, in its order.
func (v *View) RowIDs() []int {
	ids := make([]int, v.len())
	for i := range ids {
		ids[i] = v.RowID(i)
	}
	return ids
}

// WithColumns gives a view with these columns, by their index in this view, in this
// order.
func (v *View) WithColumns(cols ...int) *View {
	next := *v
	next.cols = make([]int, len(cols))
	for i, c := range cols {
		next.cols[i] = v.cols[c]
	}
	return &next
}

// WithColumnNames gives a view with these columns, as [View.Column] finds them, in this
// order; missing are the names that it has not.
func (v *View) WithColumnNames(names ...string) (next *View, missing []string) {
	cols := make([]int, 0, len(names))
	for _, name := range names {
		if col, ok := v.Column(name); ok {
			cols = append(cols, col)
		} else {
			missing = append(missing, name)
		}
	}
	return v.WithColumns(cols...), missing
}

// WithRows gives a view with these rows, by their index in this view, in this order.
func (v *View) WithRows(rows ...int) *View {
	next := *v
	next.rows = make([]int32, len(rows))
	for i, r := range rows {
		next.rows[i] = int32(v.RowID(r))
	}
	return &next
}

// WithRowIDs gives a view with those rows of this view whose RowID is in ids, in this
// view's order.
func (v *View) WithRowIDs(ids ...int) *View {
	wanted := newBitmap(v.data.rows)
	for _, id := range ids {
		if id >= 0 && id < v.data.rows {
			wanted.set(id)
		}
	}
	next := *v
	next.rows = make([]int32, 0, len(ids))
	for i := range v.len() {
		if id := v.RowID(i); wanted.has(id) {
			next.rows = append(next.rows, int32(id))
		}
	}
	return &next
}

// Find gives the row of the view that has the RowID, and whether there is one.
func (v *View) Find(id int) (row int, ok bool) {
	if v.rows == nil {
		return id, id >= 0 && id < v.data.rows
	}
	row = slices.Index(v.rows, int32(id))
	return row, row >= 0
}
