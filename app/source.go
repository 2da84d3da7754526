package app

import (
	"image/color"

	"fyne.io/fyne/v2"

	"postroom/session/result"
	"postroom/widgets"
)

// viewSource shows a result.View in a grid.
type viewSource struct {
	*result.View
	places []int32 // as looking has them
	title  string
	tint   color.Color
}

var (
	_ widgets.GridSource     = viewSource{}
	_ widgets.GridAligner    = viewSource{}
	_ widgets.GridNuller     = viewSource{}
	_ widgets.GridKeyer      = viewSource{}
	_ widgets.GridInOrder    = viewSource{}
	_ widgets.GridProvenance = viewSource{}
)

// Align puts numbers and lengths of time to the trailing edge.
func (s viewSource) Align(col int) fyne.TextAlign {
	switch s.Kind(col) {
	case result.KindInt, result.KindUint, result.KindFloat, result.KindDecimal, result.KindDuration:
		return fyne.TextAlignTrailing
	}
	return fyne.TextAlignLeading
}

// IsNull tells a cell without a value from an empty text.
func (s viewSource) IsNull(row, col int) bool {
	k := s.Value(row, col).Kind
	return k == result.KindNull || k == result.KindAbsent
}

// RowKey is the row's number in the order of arrival.
func (s viewSource) RowKey(row int) int { return s.RowID(row) }

// RowOfKey finds the row again.
func (s viewSource) RowOfKey(key int) (int, bool) {
	if s.places == nil {
		rows, _ := s.Size()
		return key, key < rows
	}
	if key >= len(s.places) || s.places[key] < 0 {
		return 0, false
	}
	return int(s.places[key]), true
}

// InOrder tells whether the rows are all there in the order of arrival.
func (s viewSource) InOrder() bool { return s.places == nil }

// Provenance says where the rows came from.
func (s viewSource) Provenance() (string, color.Color) { return s.title, s.tint }

// headingSource is columns without rows yet.
type headingSource []string

// Size gives the number of columns.
func (s headingSource) Size() (rows, cols int) { return 0, len(s) }

// Header gives the heading of a column.
func (s headingSource) Header(col int) string { return s[col] }

// Cell has nothing to give.
func (s headingSource) Cell(int, int) string { return "" }
