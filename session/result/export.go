package result

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"time"
)

// Format is a kind of file that rows can be written as.
type Format uint8

const (
	// CSV is comma-separated values (RFC 4180), or with another delimiter.
	CSV Format = iota
	// TSV is CSV with tabs, as spreadsheets paste it.
	TSV
	// XLSX is an Excel workbook.
	XLSX
	// JSON is an array with an object for each row.
	JSON
	// NDJSON is JSON, one object a line.
	NDJSON
	// Markdown is a table for tickets.
	Markdown
	// HTML is a table for mails and browsers.
	HTML
	formats
)

// formatNames has what a format is called on the command line, and the ending of its
// files.
var formatNames = [formats]struct{ name, extension string }{
	CSV: {"csv", ".csv"}, TSV: {"tsv", ".tsv"}, XLSX: {"xlsx", ".xlsx"}, JSON: {"json", ".json"},
	NDJSON: {"ndjson", ".ndjson"}, Markdown: {"markdown", ".md"}, HTML: {"html", ".html"},
}

// Formats gives all formats, the usual ones first.
func Formats() []Format {
	all := make([]Format, formats)
	for i := range all {
		all[i] = Format(i)
	}
	return all
}

// String gives the format's name on the command line.
func (f Format) String() string {
	if f < formats {
		return formatNames[f].name
	}
	return "?"
}

// Extension gives the ending of the format's files, with its dot.
func (f Format) Extension() string {
	if f < formats {
		return formatNames[f].extension
	}
	return ""
}

// Streams says that a [Stream] writes the format.
func (f Format) Streams() bool { return f == CSV || f == TSV || f == JSON || f == NDJSON }

// FormatOf finds a format by its name, or by that of a file, letter case aside; .htm,
// .jsonl and .txt (tabs) are known too.
func FormatOf(name string) (Format, bool) {
	name = strings.ToLower(name)
	if ext := filepath.Ext(name); ext != "" {
		name = ext[1:]
	}
	switch name {
	case "htm":
		return HTML, true
	case "jsonl":
		return NDJSON, true
	case "txt":
		return TSV, true
	}
	for _, f := range Formats() {
		if name == f.String() || "."+name == f.Extension() {
			return f, true
		}
	}
	return 0, false
}

// Options say how rows are written. The zero value is CSV as a spreadsheet wants it.
type Options struct {
	// Format is the kind of file.
	Format Format
	// Values say how values are written, in every format.
	Values ValueOptions
	// CSV is for CSV and TSV.
	CSV CSVOptions
	// Indent makes JSON readable.
	Indent bool
	// XLSX is for workbooks.
	XLSX XLSXOptions
	// Cover is what the file says about itself where the format has room for it: the
	// first sheet of a workbook, the head of HTML and Markdown.
	Cover []CoverLine
	// Progress is told now and then how many rows have been written; it must return soon.
	Progress func(rows int)
}

// CoverLine is a line of a cover: what it says, and the value.
type CoverLine struct{ Label, Value string }

// Report says what a file could not hold as it was. All faces tell it to the person.
type Report struct {
	// Rows is the number of rows written; of exploded lists, of their lines.
	Rows int
	// Sheets is the number of sheets with rows of a workbook.
	Sheets int
	// CutCells is the number of texts cut to the 32,767 characters of a workbook's cell.
	CutCells int
	// DroppedColumns is the number of columns beyond the 16,384 of a workbook's sheet.
	DroppedColumns int
}

// Whole says that nothing was cut and nothing dropped.
func (r Report) Whole() bool { return r.CutCells == 0 && r.DroppedColumns == 0 }

// Write writes the view. The error is the writer's or the context's; the report holds
// for what was written till then.
func Write(ctx context.Context, w io.Writer, v *View, o Options) (Report, error) {
	e := &export{ctx: ctx, view: v, options: o, values: newValueWriter(o.Values)}
	e.out.w = w
	var err error
	switch o.Format {
	case TSV:
		e.options.CSV.Delimiter = '\t'
		err = e.csv()
	case XLSX:
		err = e.xlsx(w, []WorkbookTable{{Sheet: o.XLSX.Sheet, View: v}})
	case JSON, NDJSON:
		err = e.json()
	case Markdown:
		err = e.markdown()
	case HTML:
		err = e.html()
	default:
		err = e.csv()
	}
	if err != nil {
		return e.report, err
	}
	return e.report, e.out.flush()
}

// export is a view that is being written.
type export struct {
	ctx     context.Context //nolint:containedctx // of the one call that the export lives for
	view    *View
	options Options
	values  *valueWriter
	out     output
	report  Report
}

// eachRow calls fn with the cells of each row as the options want them.
func (e *export) eachRow(v *View, fn func(cells []cell) error) error {
	return v.eachRow(e.ctx, func(_ int, cells []cell) error {
		if e.options.Progress != nil && e.report.Rows%4096 == 0 {
			e.options.Progress(e.report.Rows)
		}
		return e.values.rows(cells, func(cells []cell) error {
			e.report.Rows++
			return fn(cells)
		})
	})
}

// ValueOptions say how values become text or numbers. The zero value keeps them as they
// came: ISO 8601 dates, list items joined with "; ", sizes as Exchange writes them.
type ValueOptions struct {
	// Dates is the form of dates.
	Dates DateStyle
	// Zone is that of LocalDates; nil is the computer's.
	Zone *time.Location
	// Lists says what becomes of lists.
	Lists ListStyle
	// ListSeparator is put between joined items; empty is "; ".
	ListSeparator string
	// Sizes is the form of sizes.
	Sizes SizeStyle
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
	// LocalDates is 2024-03-04 06:06:07+01:00, on the clock of Zone; what does not say
	// its zone stays as it is.
	LocalDates
)

// ListStyle says what becomes of lists.
type ListStyle uint8

const (
	// JoinedLists are one text with a separator; in JSON they are arrays.
	JoinedLists ListStyle = iota
	// ExplodedLists make a line of each item; what is no list stands in each of them.
	// The second items of several lists are in one line.
	ExplodedLists
)

// SizeStyle is the form of sizes such as 99 GB (106,300,440,576 bytes).
type SizeStyle uint8

const (
	// SizeText keeps them as they came.
	SizeText SizeStyle = iota
	// SizeBytes makes numbers of them: 106300440576. Unlimited stays a text.
	SizeBytes
)
