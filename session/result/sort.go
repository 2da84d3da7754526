package result

import "context"

// Direction is the direction of a sort.
type Direction uint8

const (
	// Ascending is from small to large.
	Ascending Direction = iota
	// Descending is from large to small; cells without a value are last all the same.
	Descending
)

// SortedBy gives a view with the rows in the order of one column. The sort is stable.
// Text is in natural order (letter case aside, a2 before a10), sizes such as
// `99 GB (106,300,440,576 bytes)` by their bytes, cells without a value last in either
// direction. The error is the context's.
func (v *View) SortedBy(ctx context.Context, col int, dir Direction) (*View, error) { return v, nil }
