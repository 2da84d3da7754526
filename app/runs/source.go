package runs

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"

	"postroom/session/result"
	"postroom/widgets"
)

// viewSource shows a result.View in a grid. Most of its methods are the view's, which it
// embeds.
type viewSource struct {
	*result.View
	places []int32 // as looking has them
	title  string
	tint   color.Color
	tints  map[string]color.Color // by domain, where the rows are of several tenants
	// marked says which cells stand out; nil for none.
	marked func(v *result.View, row, col int) bool
}

var (
	_ widgets.GridSource     = viewSource{}
	_ widgets.GridAligner    = viewSource{}
	_ widgets.GridNuller     = viewSource{}
	_ widgets.GridKeyer      = viewSource{}
	_ widgets.GridInOrder    = viewSource{}
	_ widgets.GridProvenance = viewSource{}
	_ widgets.GridRowTinter  = viewSource{}
	_ widgets.GridMarker     = viewSource{}
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

// Cell is what is shown of a value: points in time on the clock of this computer,
// as all times of the window are. Files keep the server's.
func (s viewSource) Cell(row, col int) string {
	if kind := s.Kind(col); kind == result.KindTime || kind == result.KindMixed {
		if v := s.Value(row, col); v.Kind == result.KindTime && v.Time.Kind != result.TimeUnspecified {
			return v.Time.Time().Local().Format(time.DateTime)
		}
	}
	return s.View.Cell(row, col)
}

// RowTint is the colour of the tenant that the row is of; nil where all are of one.
func (s viewSource) RowTint(row int) color.Color {
	if s.tints == nil {
		return nil
	}
	return s.tints[s.View.Cell(row, 0)]
}

// Marked says whether a cell stands out.
func (s viewSource) Marked(row, col int) bool { return s.marked != nil && s.marked(s.View, row, col) }

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
