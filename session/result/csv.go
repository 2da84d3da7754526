package result

import (
	"context"
	"io"
)

// CSVOptions say how CSV is written. The zero value is what a spreadsheet wants: UTF-8
// with a byte order mark, commas, CRLF, quotes as needed, list items joined with "; ",
// ISO 8601 dates, formulas made harmless.
type CSVOptions struct {
	// Delimiter separates fields; 0 is a comma.
	Delimiter rune
	// NoBOM leaves the byte order mark away.
	NoBOM bool
	// LF ends lines with LF instead of CRLF.
	LF bool
	// QuoteAll puts every field in quotes; else those that need it.
	QuoteAll bool
	// NoHeader leaves the line of column names away.
	NoHeader bool
	// ListSeparator is put between the items of a list; empty is "; ".
	ListSeparator string
	// Dates is the form of dates.
	Dates DateStyle
	// Machine writes the exact data: nothing is done about formulas.
	Machine bool
	// PowerShell writes what Export-Csv of PowerShell 7 writes for objects from a remote
	// session, in the invariant culture: all else but Delimiter, LF and NoHeader is
	// ignored; columns are those of the first row.
	PowerShell bool
}

// DateStyle is a form of dates.
type DateStyle uint8

const (
	// ISO8601 is 2024-03-04T05:06:07Z, with the fraction if there is one and the zone if
	// it is known.
	ISO8601 DateStyle = iota
	// Invariant is 03/04/2024 05:06:07, as PowerShell's invariant culture has it: no
	// fraction, no zone.
	Invariant
)

// WriteCSV writes the view as CSV (RFC 4180). The error is the writer's or the context's.
func WriteCSV(ctx context.Context, w io.Writer, v *View, o CSVOptions) error { return nil }
