package result

import (
	"context"
	"io"
)

// XLSXOptions say how a workbook is written.
type XLSXOptions struct {
	// Sheet is the first sheet's name; empty takes the cmdlet's name.
	Sheet string
	// MaxRows is how many rows a sheet holds, its header included; 0 is 1,048,576, the
	// format's own limit.
	MaxRows int
}

// XLSXReport says what a workbook could not hold as it was.
type XLSXReport struct {
	// Sheets is the number of sheets.
	Sheets int
	// Truncated is the number of cells cut to 32,767 characters.
	Truncated int
	// DroppedColumns is the number of columns beyond the format's 16,384.
	DroppedColumns int
}

// WriteXLSX writes the view as an Excel workbook: types kept, the header frozen, an
// autofilter, more sheets when one is full. Texts are texts and never formulas. The
// error is the writer's or the context's.
func WriteXLSX(ctx context.Context, w io.Writer, v *View, o XLSXOptions) (XLSXReport, error) {
	return XLSXReport{}, nil
}
