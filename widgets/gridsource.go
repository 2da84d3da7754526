package widgets

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
)

// GridSource is what a Grid shows. It is immutable while the grid has it: news come as a
// new source. It is asked on the UI thread, for the cells in sight only.
type GridSource interface {
	// Size returns the number of rows and columns.
	Size() (rows, cols int)
	// Header returns the heading of a column.
	Header(col int) string
	// Cell returns the text of a cell. Line breaks are shown as spaces.
	Cell(row, col int) string
}

// GridAligner is a GridSource that aligns columns, as numbers to the trailing edge.
type GridAligner interface {
	Align(col int) fyne.TextAlign
}

// GridNuller is a GridSource that tells a cell without a value from an empty text.
type GridNuller interface {
	IsNull(row, col int) bool
}

// GridKeyer is a GridSource whose rows have a lasting number. The selection then follows
// its rows through a new order or filter.
type GridKeyer interface {
	// RowKey returns the lasting number of a row.
	RowKey(row int) int
	// RowOfKey returns where the row with this number is now, and false when it is gone.
	RowOfKey(key int) (row int, ok bool)
}

// GridInOrder is a GridKeyer that knows whether each row's number is its place. From one
// such source to the next no row moves, and a million selected rows cost nothing.
type GridInOrder interface {
	InOrder() bool
}

// GridProvenance is a GridSource that knows where it came from. The grid carries the
// tenant's colour as a strip over its head, and the text for screen readers.
type GridProvenance interface {
	Provenance() (text string, tint color.Color)
}

// GridRowTinter is a GridSource with rows of several tenants: each row carries a colour
// at its leading edge. A nil colour is none.
type GridRowTinter interface {
	RowTint(row int) color.Color
}

// GridMarker is a GridSource of whose cells some stand out, such as those that differ from
// what they were.
type GridMarker interface {
	Marked(row, col int) bool
}

// GridGrouper is a GridSource whose rows stand under headings of groups. A heading takes a
// row of its own: Cell gives what is said of the group in a column, such as a sum.
// Headings are never selected, copied or counted.
type GridGrouper interface {
	// Group returns the heading in a row, and false for a row of the table.
	Group(row int) (heading GridGroup, ok bool)
}

// GridHeadingCounter is a GridGrouper that counts headings faster than by asking for each row.
type GridHeadingCounter interface {
	// Headings returns how many headings stand in the rows from first to last.
	Headings(first, last int) int
}

// GridGroup is the heading of a group of rows.
type GridGroup struct {
	Title string // what the rows have in common
	Count int    // rows of the group, folded ones included
	Open  bool   // its rows follow
	Level int    // how many headings it stands under
}

// SortOrder is the direction of a sorted column.
type SortOrder int

// The orders. Unsorted is the server's own order.
const (
	Unsorted SortOrder = iota
	Ascending
	Descending
)

// SortKey is one of the columns that the rows are sorted by.
type SortKey struct {
	Col   int // of the source
	Order SortOrder
}

// GridColumn is the place of a source's column in the grid: the order of a slice of them
// is the order on screen.
type GridColumn struct {
	Source int     // column of the source, from 0
	Width  float32 // device-independent pixels; 0 fits the content
	Hidden bool
}

// RowRange is a run of rows, both ends included.
type RowRange struct{ First, Last int }

// CopyRequest is what a person asked to copy. It holds the source itself, which does not
// change, so that TSV may be called on a worker.
type CopyRequest struct {
	Source   GridSource
	Rows     []RowRange // rising, not touching
	Columns  []int      // of the source, in the order on screen
	Headings bool
}

// Count returns the number of rows; headings of groups are none.
func (c CopyRequest) Count() int {
	grouper, _ := c.Source.(GridGrouper)
	return countRows(c.Rows, grouper)
}

// countRows counts the rows of ranges that are no headings of groups.
func countRows(rows []RowRange, grouper GridGrouper) int {
	n := 0
	for _, r := range rows {
		n += r.Last - r.First + 1
		if counter, is := grouper.(GridHeadingCounter); is {
			n -= counter.Headings(r.First, r.Last)
			continue
		}
		if grouper == nil {
			continue
		}
		for row := r.First; row <= r.Last; row++ {
			if _, heading := grouper.Group(row); heading {
				n--
			}
		}
	}
	return n
}

// TSV returns tab-separated lines that spreadsheets take. Tabs and line breaks inside a
// cell become spaces; a cell without a value is empty.
func (c CopyRequest) TSV() string {
	var b strings.Builder
	nuller, _ := c.Source.(GridNuller)
	grouper, _ := c.Source.(GridGrouper)
	line := func(cell func(col int) string) {
		for i, col := range c.Columns {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(oneLine(cell(col)))
		}
		b.WriteByte('\n')
	}
	if c.Headings {
		line(c.Source.Header)
	}
	for _, r := range c.Rows {
		for row := r.First; row <= r.Last; row++ {
			if grouper != nil {
				if _, heading := grouper.Group(row); heading {
					continue
				}
			}
			line(func(col int) string {
				if nuller != nil && nuller.IsNull(row, col) {
					return ""
				}
				return c.Source.Cell(row, col)
			})
		}
	}
	return b.String()
}
