package result

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// CSVOptions say how CSV is written. The zero value is what a spreadsheet wants: UTF-8
// with a byte order mark, commas, CRLF, quotes as needed, formulas made harmless.
type CSVOptions struct {
	// Delimiter separates fields; 0 is a comma.
	Delimiter rune
	// DecimalComma writes numbers as the spreadsheets of countries read them that write
	// 1,5: see [LocaleCSV].
	DecimalComma bool
	// NoBOM leaves the byte order mark away.
	NoBOM bool
	// LF ends lines with LF instead of CRLF.
	LF bool
	// QuoteAll puts every field with a value in quotes, so that an empty text ("") and no
	// value at all (nothing) differ; else the fields that need quotes have them.
	QuoteAll bool
	// NoHeader leaves the line of column names away.
	NoHeader bool
	// Machine writes the exact data: nothing is done about formulas. Else a text that a
	// spreadsheet would take for a formula is given an apostrophe before what begins it;
	// plain numbers are left as they are.
	Machine bool
	// PowerShell takes PowerShell's rules where they are not options above: the columns
	// are those of the first row, binary data is the name of its type, and quotes as
	// needed are for the delimiter, quotes and LF alone. No face of the program
	// offers it: the tests hold the writer by it against the files of Export-Csv itself.
	PowerShell bool
}

// csv writes CSV or TSV.
func (e *export) csv() error {
	v := e.view
	if e.options.CSV.PowerShell {
		v = v.firstRowColumns()
	}
	encoder := newCSVEncoder(e.options.CSV, e.values.form)
	e.out.buffer = encoder.begin(e.out.buffer, v.Headers())
	if workers() == 1 || v.len() < fewRows {
		return e.eachRow(v, func(cells []cell) error {
			e.out.buffer = encoder.row(e.out.buffer, cells)
			return e.out.flushFull()
		})
	}
	return e.inBlocks(v, func() func(dst []byte, cells []cell) []byte {
		return newCSVEncoder(e.options.CSV, e.values.form).row
	})
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
	bare      bool // numbers, dates and the like never need quotes
	delimiter []byte
	end       string
	special   [256]bool // a text with one of these bytes is looked at twice
	field     []byte    // scratch
}

func newCSVEncoder(o CSVOptions, f form) *csvEncoder {
	e := &csvEncoder{o: o, form: f, end: "\r\n"}
	if o.Delimiter == 0 {
		o.Delimiter = ','
	}
	e.delimiter = utf8.AppendRune(nil, o.Delimiter)
	if o.LF {
		e.end = "\n"
	}
	e.form.typeNames = o.PowerShell
	for c := range e.special {
		e.special[c] = c < ' ' || c >= 0x7F || bytes.IndexByte([]byte("\",;|"), byte(c)) >= 0 || c == int(e.delimiter[0])
	}
	e.bare = !o.QuoteAll && strings.ContainsRune(",;\t|", o.Delimiter)
	return e
}

// isBare says that the text of a cell has digits, letters and signs of numbers and dates
// alone.
func (k cellKind) isBare() bool {
	switch k {
	case cellBool, cellInt, cellUint, cellTimeUnspecified, cellTimeUTC, cellTimeLocal, cellDuration:
		return true
	}
	return false
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
		if e.bare && c.kind.isBare() {
			dst = e.form.append(dst, c)
			continue
		}
		if text, ok := c.meaning(); ok && e.isPlain(text) {
			dst = append(dst, text...)
			continue
		}
		e.field = e.form.append(e.field[:0], c)
		switch c.kind {
		case cellText, cellList, cellNested:
			e.field = e.guard(e.field)
		case cellFloat, cellDecimal:
			if i := bytes.IndexByte(e.field, '.'); i >= 0 && e.o.DecimalComma {
				e.field[i] = ','
			}
		}
		dst = e.quote(dst, len(cells) == 1)
	}
	return dst
}

// isPlain says that a text is written as it is: it is ASCII without anything that quotes or
// the guard of formulas are for. Most texts are, and are looked at once.
func (e *csvEncoder) isPlain(text []byte) bool {
	if len(text) == 0 || e.o.QuoteAll || guardBytes[text[0]]&guardStart != 0 || text[len(text)-1] == ' ' {
		return false
	}
	for _, c := range text {
		if e.special[c] {
			return false
		}
	}
	return true
}

func (e *csvEncoder) guard(field []byte) []byte {
	if e.o.Machine || len(field) == 0 {
		return field
	}
	return guardFormulas(field)
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
