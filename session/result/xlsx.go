package result

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// The limits of the format.
const (
	sheetRows     = 1_048_576
	sheetColumns  = 16_384
	cellUnits     = 32_767 // UTF-16 code units
	sheetNameSize = 31
)

// XLSXOptions say how a workbook is written.
type XLSXOptions struct {
	// Sheet is the first sheet's name; empty takes the cmdlet's name.
	Sheet string
	// MaxRows is how many rows a sheet holds, its header included; 0 is 1,048,576, the
	// format's own limit. Less than 2 is taken as 2.
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
// autofilter, more sheets when one is full. Texts are texts and never formulas. Numbers
// of more than the 15 digits that Excel holds are texts, so that no digit is lost. Dates
// are on the clock that they show; those before 1900-03-01 are texts. Control characters,
// which the format cannot hold, are U+FFFD. The error is the writer's or the context's.
//
// The workbook grows in memory and, beyond 16 MB, in temporary files of the system's
// folder, which are gone at the end.
func WriteXLSX(ctx context.Context, w io.Writer, v *View, o XLSXOptions) (report XLSXReport, err error) {
	if len(v.cols) > sheetColumns {
		report.DroppedColumns = len(v.cols) - sheetColumns
		first := *v
		first.cols = v.cols[:sheetColumns]
		v = &first
	}
	b, err := newWorkbook(v, o, &report)
	if err != nil {
		return report, err
	}
	defer func() {
		if closing := b.file.Close(); err == nil {
			err = closing
		}
	}()
	err = v.eachRow(ctx, func(_ int, cells []cell) error { return b.row(cells) })
	if err != nil {
		return report, err
	}
	if err := b.endSheet(); err != nil {
		return report, err
	}
	if err := b.file.Write(w); err != nil {
		return report, fmt.Errorf("write workbook: %w", err)
	}
	return report, nil
}

// workbook is a workbook that is being written.
type workbook struct {
	file    *excelize.File
	view    *View
	name    string
	maxRows int
	report  *XLSXReport
	widths  []float64

	heading, date, duration int // styles

	sheet  string
	stream *excelize.StreamWriter
	rows   int
	values []any
	text   []byte
}

func newWorkbook(v *View, o XLSXOptions, report *XLSXReport) (*workbook, error) {
	b := &workbook{
		file: excelize.NewFile(), view: v, name: o.Sheet, maxRows: o.MaxRows, report: report,
		values: make([]any, len(v.cols)),
	}
	if b.maxRows == 0 || b.maxRows > sheetRows {
		b.maxRows = sheetRows
	}
	b.maxRows = max(2, b.maxRows)
	p := v.Provenance()
	if b.name == "" {
		b.name = p.Cmdlet()
	}
	creator := p.Account
	if creator == "" {
		creator = "Postroom" // else the library's author
	}
	b.widths = columnWidths(v)
	err := b.styles()
	if err == nil {
		err = b.file.SetDocProps(&excelize.DocProperties{
			Title: p.Cmdlet(), Subject: p.Tenant, Description: strings.ToValidUTF8(p.Command, "\uFFFD"), Creator: creator,
		})
	}
	if err == nil {
		err = b.beginSheet()
	}
	if err != nil {
		_ = b.file.Close() // the first error says more
		return nil, err
	}
	return b, nil
}

func (b *workbook) styles() (err error) {
	dateFormat, durationFormat := "yyyy-mm-dd hh:mm:ss", "[h]:mm:ss"
	for style, to := range map[*excelize.Style]*int{
		{Font: &excelize.Font{Bold: true}}: &b.heading,
		{CustomNumFmt: &dateFormat}:        &b.date,
		{CustomNumFmt: &durationFormat}:    &b.duration,
	} {
		if *to, err = b.file.NewStyle(style); err != nil {
			return fmt.Errorf("workbook style: %w", err)
		}
	}
	return nil
}

func (b *workbook) beginSheet() (err error) {
	b.report.Sheets++
	b.sheet = sheetName(b.name, b.report.Sheets)
	if b.report.Sheets == 1 {
		err = b.file.SetSheetName("Sheet1", b.sheet)
	} else {
		_, err = b.file.NewSheet(b.sheet)
	}
	if err != nil {
		return fmt.Errorf("workbook sheet: %w", err)
	}
	if b.stream, err = b.file.NewStreamWriter(b.sheet); err != nil {
		return fmt.Errorf("workbook sheet: %w", err)
	}
	for i, width := range b.widths {
		if err := b.stream.SetColWidth(i+1, i+1, width); err != nil {
			return fmt.Errorf("workbook column: %w", err)
		}
	}
	err = b.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return fmt.Errorf("workbook panes: %w", err)
	}
	for i := range b.values {
		b.values[i] = excelize.Cell{StyleID: b.heading, Value: b.cut([]byte(b.view.Header(i)))}
	}
	b.rows = 1
	return b.stream.SetRow("A1", b.values)
}

func (b *workbook) row(cells []cell) error {
	if b.rows == b.maxRows {
		if err := b.endSheet(); err != nil {
			return err
		}
		if err := b.beginSheet(); err != nil {
			return err
		}
	}
	b.rows++
	for i, c := range cells {
		b.values[i] = b.value(c)
	}
	if err := b.stream.SetRow("A"+strconv.Itoa(b.rows), b.values); err != nil {
		return fmt.Errorf("workbook row: %w", err)
	}
	return nil
}

func (b *workbook) endSheet() error {
	if n := len(b.values); n > 0 {
		last, err := excelize.CoordinatesToCellName(n, b.rows)
		if err != nil {
			return fmt.Errorf("workbook filter: %w", err)
		}
		if err := b.file.AutoFilter(b.sheet, "A1:"+last, nil); err != nil {
			return fmt.Errorf("workbook filter: %w", err)
		}
	}
	if err := b.stream.Flush(); err != nil {
		return fmt.Errorf("workbook sheet: %w", err)
	}
	return nil
}

const (
	exactWhole = 999_999_999_999_999 // 15 digits
	firstDate  = 61                  // 1900-03-01: before it Excel counts a day too many
	lastDate   = 2958466             // 10000-01-01
	// Days from 0001-01-01 to 1899-12-30, Excel's day 0.
	daysToExcel = 693593
)

// value makes of a cell what excelize writes with its type. Nil is no cell.
func (b *workbook) value(c cell) any {
	switch c.kind {
	case cellAbsent, cellNull:
		return nil
	case cellBool:
		return c.num != 0
	case cellTimeUnspecified, cellTimeUTC, cellTimeLocal:
		serial := float64(c.time().Ticks-daysToExcel*ticksPerDay) / ticksPerDay
		if serial >= firstDate && serial < lastDate {
			return excelize.Cell{StyleID: b.date, Value: serial}
		}
	case cellDuration:
		if ticks := int64(c.num); ticks >= 0 {
			return excelize.Cell{StyleID: b.duration, Value: float64(ticks) / ticksPerDay}
		}
	default:
		if n, ok := sheetNumber(c); ok {
			return n
		}
	}
	b.text = shown.append(b.text[:0], c)
	return b.cut(b.text)
}

// sheetNumber gives the number of a cell when a sheet holds it exactly.
func sheetNumber(c cell) (n any, ok bool) {
	switch c.kind {
	case cellInt:
		n := int64(c.num)
		return n, n >= -exactWhole && n <= exactWhole
	case cellUint:
		return c.num, c.num <= exactWhole
	case cellFloat:
		f := floatOf(c.num)
		return f, !math.IsNaN(f) && !math.IsInf(f, 0)
	case cellDecimal:
		f, err := strconv.ParseFloat(string(c.data), 64)
		return f, err == nil && len(c.data) <= 15
	}
	return nil, false
}

// cut makes a text that a cell can hold, and counts what it cut.
func (b *workbook) cut(text []byte) string {
	s := string(appendUTF8(nil, text))
	if len(s) <= cellUnits {
		return s
	}
	units := 0
	for i, r := range s {
		n := max(1, utf16.RuneLen(r))
		if units+n > cellUnits {
			b.report.Truncated++
			return s[:i]
		}
		units += n
	}
	return s
}

// columnWidths looks at the names and the first rows.
func columnWidths(v *View) []float64 {
	widths := make([]float64, len(v.cols))
	var text []byte
	for i := range widths {
		n := utf8.RuneCountInString(v.Header(i)) + 3 // room for the filter's button
		for row := range min(v.len(), 100) {
			text = v.AppendCell(text[:0], row, i)
			n = max(n, textWidth(text)+1)
		}
		widths[i] = float64(min(max(n, 8), 60))
	}
	return widths
}

// sheetName makes a name that Excel takes, different for each number.
func sheetName(name string, number int) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' || r == utf8.RuneError {
			return '-'
		}
		return r
	}, name)
	name = strings.Trim(name, "' ")
	if name == "" {
		name = "Result"
	}
	suffix := ""
	if number > 1 {
		suffix = fmt.Sprintf(" (%d)", number)
	}
	units := utf16.Encode([]rune(name))
	if limit := sheetNameSize - len(suffix); len(units) > limit {
		name = strings.Trim(strings.TrimRight(string(utf16.Decode(units[:limit])), "\uFFFD"), "' ")
	}
	return name + suffix
}
