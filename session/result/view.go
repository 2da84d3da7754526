package result

import "context"

// View is an immutable look at a table: some of its rows in some order, some of its
// columns in some order. Any number of goroutines may use it at once.
//
// Rows and columns are counted from 0 within the view. Indices outside are the caller's
// fault and panic, as with a slice.
type View struct {
}

// Direction is the direction of a sort.
type Direction uint8

const (
	// Ascending is from small to large.
	Ascending Direction = iota
	// Descending is from large to small; cells without a value are last all the same.
	Descending
)

// Provenance says where the rows came from.
func (v *View) Provenance() Provenance { return Provenance{} }

// Size gives the number of rows and of columns.
func (v *View) Size() (rows, cols int) { return 0, 0 }

// Header gives a column's name.
func (v *View) Header(col int) string { return "" }

// Column finds a column of this view by name: exactly, else with letter case aside.
func (v *View) Column(name string) (col int, ok bool) { return 0, false }

// Kind gives what a column holds; nulls aside.
func (v *View) Kind(col int) Kind { return KindAbsent }

// Cell gives the text that a cell displays; empty for null and absent.
func (v *View) Cell(row, col int) string { return "" }

// AppendCell appends the text of Cell to dst: no allocation when dst has room.
func (v *View) AppendCell(dst []byte, row, col int) []byte { return dst }

// Value gives a cell, typed.
func (v *View) Value(row, col int) Value { return Value{} }

// Raw gives the CLIXML of a list or a nested object, nil for other cells. It belongs to
// the view: do not change it.
func (v *View) Raw(row, col int) []byte { return nil }

// RowID gives the number that a row has in its table, in order of arrival: the same in
// every view of the table, so that a selection survives sorting and filtering.
func (v *View) RowID(row int) int { return row }

// SortedBy gives a view with the rows in the order of one column. The sort is stable.
// Text is in natural order (letter case aside, a2 before a10), sizes such as
// `99 GB (106,300,440,576 bytes)` by their bytes, cells without a value last in either
// direction. The error is the context's.
func (v *View) SortedBy(ctx context.Context, col int, dir Direction) (*View, error) { return v, nil }

// Filter gives a view with the rows that match, in the same order. The error is the
// context's, or a *[CriterionError].
func (v *View) Filter(ctx context.Context, f Filter) (*View, error) { return v, nil }

// WithColumns gives a view with these columns, by their index in this view, in this
// order. The columns of a view without any are in the server's order.
func (v *View) WithColumns(cols ...int) *View { return v }

// WithRows gives a view with these rows, by their index in this view, in this order.
func (v *View) WithRows(rows ...int) *View { return v }

// WithRowIDs gives a view with those rows of this view whose RowID is in ids, in this
// view's order.
func (v *View) WithRowIDs(ids ...int) *View { return v }
