package result

import (
	"bytes"
	"context"
	"io"
	"unicode/utf8"
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
	// QuoteAll puts every field with a value in quotes, so that an empty text ("") and no
	// value at all (nothing) differ; else the fields that need quotes have them.
	QuoteAll bool
	// NoHeader leaves the line of column names away.
	NoHeader bool
	// ListSeparator is put between the items of a list; empty is "; ".
	ListSeparator string
	// Dates is the form of dates.
	Dates DateStyle
	// Machine writes the exact data: nothing is done about formulas. Else a text that a
	// spreadsheet would take for a formula is given an apostrophe before it; plain
	// numbers are left as they are.
	Machine bool
	// PowerShell takes PowerShell's rules where they are not options above: the columns
	// are those of the first row, binary data is the name of its type, and quotes as
	// needed are for the delimiter, quotes and LF alone. [PowerShellCSV] gives the whole.
	PowerShell bool
}

// PowerShellCSV gives the options with which the bytes are those that Export-Csv of
// PowerShell 7 writes for objects from a remote session, in the invariant culture, on
// Linux and macOS; on Windows its lines end with CRLF.
func PowerShellCSV() CSVOptions {
	return CSVOptions{
		NoBOM: true, LF: true, QuoteAll: true, ListSeparator: " ", Dates: Invariant,
		Machine: true, PowerShell: true,
	}
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
func WriteCSV(ctx context.Context, w io.Writer, v *View, o CSVOptions) error {
	if o.PowerShell {
		v = v.firstRowColumns()
	}
	e := newCSVEncoder(o)
	out := &output{w: w}
	out.buffer = e.begin(out.buffer, v.Headers())
	err := v.eachRow(ctx, func(_ int, cells []cell) error {
		out.buffer = e.row(out.buffer, cells)
		return out.flushFull()
	})
	if err != nil {
		return err
	}
	return out.flush()
}

// firstRowColumns leaves the columns that the first row has.
func (v *View) firstRowColumns() *View {
	if v.len() == 0 {
		return v
	}
	var cols []int
	for col := range v.cols {
		if v.cell(0, col).kind != cellAbsent {
			cols = append(cols, col)
		}
	}
	return v.WithColumns(cols...)
}

// csvEncoder turns rows into CSV.
type csvEncoder struct {
	o         CSVOptions
	form      form
	delimiter []byte
	end       string
	field     []byte // scratch
}

func newCSVEncoder(o CSVOptions) *csvEncoder {
	e := &csvEncoder{o: o, end: "\r\n"}
	if o.Delimiter == 0 {
		o.Delimiter = ','
	}
	e.delimiter = utf8.AppendRune(nil, o.Delimiter)
	if o.LF {
		e.end = "\n"
	}
	e.form = form{dates: dateISO, separator: o.ListSeparator, typeNames: o.PowerShell}
	if o.Dates == Invariant {
		e.form.dates = dateInvariant
	}
	if e.form.separator == "" {
		e.form.separator = "; "
	}
	return e
}

// begin writes what comes before the rows.
func (e *csvEncoder) begin(dst []byte, names []string) []byte {
	dst = e.mark(dst)
	if e.o.NoHeader || len(names) == 0 {
		return dst
	}
	return append(e.names(dst, names), e.end...)
}

// mark writes the byte order mark.
func (e *csvEncoder) mark(dst []byte) []byte {
	if e.o.NoBOM {
		return dst
	}
	return append(dst, "\uFEFF"...)
}

// names writes column names.
func (e *csvEncoder) names(dst []byte, names []string) []byte {
	for i, name := range names {
		if i > 0 {
			dst = append(dst, e.delimiter...)
		}
		e.field = e.guard(appendUTF8(e.field[:0], []byte(name)))
		dst = e.quote(dst, true)
	}
	return dst
}

func (e *csvEncoder) row(dst []byte, cells []cell) []byte {
	if len(cells) == 0 {
		return dst
	}
	return append(e.fields(dst, cells), e.end...)
}

// fields writes the fields of a row without the end of its line.
func (e *csvEncoder) fields(dst []byte, cells []cell) []byte {
	for i, c := range cells {
		if i > 0 {
			dst = append(dst, e.delimiter...)
		}
		if c.kind <= cellNull && (len(cells) > 1 || e.o.PowerShell || e.o.QuoteAll) {
			continue
		}
		e.field = e.form.append(e.field[:0], c)
		switch c.kind {
		case cellText, cellList, cellNested:
			e.field = e.guard(e.field)
		}
		dst = e.quote(dst, len(cells) == 1)
	}
	return dst
}

// guard makes a text harmless that a spreadsheet would run as a formula.
func (e *csvEncoder) guard(field []byte) []byte {
	if e.o.Machine || len(field) == 0 {
		return field
	}
	switch field[0] {
	case '=', '@', '\t', '\r', '\n':
	case '+', '-':
		if isPlainNumber(field[1:]) {
			return field
		}
	default:
		return field
	}
	field = append(field, 0)
	copy(field[1:], field)
	field[0] = '\''
	return field
}

// isPlainNumber says that there are digits, with group and decimal separators between
// them at most.
func isPlainNumber(text []byte) bool {
	if len(text) == 0 || !isDigit(text[0]) || !isDigit(text[len(text)-1]) {
		return false
	}
	for _, c := range text {
		if !isDigit(c) && c != '.' && c != ',' {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// quote appends the field, in quotes where it must be. alone is a field that is the
// whole line: were it empty, a reader would skip the line.
func (e *csvEncoder) quote(dst []byte, alone bool) []byte {
	if !e.o.QuoteAll && !e.needsQuotes(alone) {
		return append(dst, e.field...)
	}
	dst = append(dst, '"')
	for rest := e.field; ; {
		i := bytes.IndexByte(rest, '"')
		if i < 0 {
			dst = append(dst, rest...)
			return append(dst, '"')
		}
		dst = append(append(dst, rest[:i+1]...), '"')
		rest = rest[i+1:]
	}
}

func (e *csvEncoder) needsQuotes(alone bool) bool {
	f := e.field
	if len(f) == 0 {
		return alone && !e.o.PowerShell
	}
	if bytes.IndexByte(f, '"') >= 0 || bytes.IndexByte(f, '\n') >= 0 || bytes.Contains(f, e.delimiter) {
		return true
	}
	// Readers differ in what they make of these without quotes.
	return !e.o.PowerShell && (bytes.IndexByte(f, '\r') >= 0 || f[0] <= ' ' || f[len(f)-1] <= ' ')
}
