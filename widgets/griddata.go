package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
)

// gridData is what a grid shows, and what its source knows besides the cells.
type gridData struct {
	source  GridSource
	aligner GridAligner
	nuller  GridNuller
	tinter  GridRowTinter
	marker  GridMarker
	grouper GridGrouper
	rows    int
	headers []string
	number  int // of the sources that a grid has shown
}

// newGridData asks a source for its size and headings; a nil source has neither.
func newGridData(s GridSource) gridData {
	d := gridData{source: s}
	d.aligner, _ = s.(GridAligner)
	d.nuller, _ = s.(GridNuller)
	d.tinter, _ = s.(GridRowTinter)
	d.marker, _ = s.(GridMarker)
	d.grouper, _ = s.(GridGrouper)
	cols := 0
	if s != nil {
		d.rows, cols = s.Size()
	}
	d.headers = make([]string, cols)
	for i := range d.headers {
		d.headers[i] = s.Header(i)
	}
	return d
}

// continues gives for each of the headings of before the column that has it now, -1 where it
// is gone. ok tells whether they are those of before: some may have come among them, or some
// gone, but they stand in the same order.
func (d *gridData) continues(before []string) (now []int, ok bool) {
	if len(before) == 0 || len(d.headers) == 0 {
		return nil, false
	}
	if now, ok = placesAmong(before, d.headers); ok {
		return now, true
	}
	left, ok := placesAmong(d.headers, before)
	if !ok {
		return nil, false
	}
	now = make([]int, len(before))
	for i := range now {
		now[i] = -1
	}
	for col, was := range left {
		now[was] = col
	}
	return now, true
}

// placesAmong finds texts among others, in the same order.
func placesAmong(texts, all []string) (places []int, ok bool) {
	places = make([]int, len(texts))
	next := 0
	for i, text := range texts {
		at := slices.Index(all[next:], text)
		if at < 0 {
			return nil, false
		}
		places[i] = next + at
		next += at + 1
	}
	return places, true
}

func (d *gridData) align(col int) fyne.TextAlign {
	if d.aligner == nil {
		return fyne.TextAlignLeading
	}
	return d.aligner.Align(col)
}

func (d *gridData) null(row, col int) bool { return d.nuller != nil && d.nuller.IsNull(row, col) }

// marked tells whether a cell of a row of the table stands out.
func (d *gridData) marked(row, col int) bool { return d.marker != nil && d.marker.Marked(row, col) }

func (d *gridData) has(row int) bool { return row >= 0 && row < d.rows }

// group returns the heading that stands in a row, and false for a row of the table.
func (d *gridData) group(row int) (GridGroup, bool) {
	if d.grouper == nil || !d.has(row) {
		return GridGroup{}, false
	}
	return d.grouper.Group(row)
}

// isHeading tells the heading of a group from a row of the table.
func (d *gridData) isHeading(row int) bool {
	_, is := d.group(row)
	return is
}

func (d *gridData) tint(row int) color.Color {
	if d.tinter == nil {
		return nil
	}
	return d.tinter.RowTint(row)
}

// provenance says where the rows came from, empty and nil when the source does not know.
func (d *gridData) provenance() (text string, tint color.Color) {
	if p, ok := d.source.(GridProvenance); ok {
		return p.Provenance()
	}
	return "", nil
}

// rowOfKey is where the row of a lasting number is now, if it is there.
func (d *gridData) rowOfKey(key int) (row int, ok bool) {
	keyer, isKeyer := d.source.(GridKeyer)
	if !isKeyer {
		return 0, false
	}
	return keyer.RowOfKey(key)
}

func isHeading(g GridGrouper, row int) bool {
	if g == nil {
		return false
	}
	_, ok := g.Group(row)
	return ok
}

func inOrder(s GridSource) bool {
	o, ok := s.(GridInOrder)
	return ok && o.InOrder()
}
