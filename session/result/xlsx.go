package result

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
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
	// CoverSheet is the name of the sheet with the Cover; empty is that of
	// [EnglishCover].
	CoverSheet string
	// MaxRows is how many rows a sheet holds, its header included; 0 is 1,048,576, the
	// format's own limit. Less than 2 is taken as 2.
	MaxRows int
	// SheetPerTenant gives each tenant a sheet of its own, named after it. Rows without
	// the column of ours are in one sheet.
	SheetPerTenant bool
}

// workbook is a workbook that is being written: types kept, the header frozen, an
// autofilter, more sheets when one is full. Texts are texts and never formulas. Numbers of
// more than the 15 digits that Excel holds are texts, so that no digit is lost. Dates are
// on the clock that they show; those before 1900-03-01 are texts. Control characters
// are escaped as Excel does it (_x0001_). Nothing of it is kept in memory but a few rows.
type workbook struct {
	*export
	archive *zip.Writer
	sheets  []sheet
	maxRows int
	letters []string // of the columns

	page *page
	text []byte
}

// sheet is a sheet that has been written.
type sheet struct {
	name   string
	filter string // the cells of its filter; "" for none
}

// WorkbookTable is one of the tables of a workbook.
type WorkbookTable struct {
	// Sheet is the name of its first sheet; empty takes the cmdlet's name.
	Sheet string
	// View is its rows.
	View *View
}

// WriteWorkbook writes several tables into one workbook, each with sheets of its own behind
// the one cover. The options are those of [Write]; the workbook's author and date are those
// of the first table. The error is the writer's or the context's; the report holds for what
// was written till then, all tables together.
func WriteWorkbook(ctx context.Context, w io.Writer, o Options, tables ...WorkbookTable) (Report, error) {
	e := &export{ctx: ctx, options: o, values: newValueWriter(o.Values), view: newView(&snapshot{})}
	if len(tables) > 0 {
		e.view = tables[0].View
	}
	err := e.xlsx(w, tables)
	return e.report, err
}

// xlsx writes a workbook.
func (e *export) xlsx(w io.Writer, tables []WorkbookTable) error {
	b := &workbook{export: e, archive: zip.NewWriter(w), maxRows: e.options.XLSX.MaxRows}
	registerFastDeflate(b.archive)
	if b.maxRows == 0 || b.maxRows > sheetRows {
		b.maxRows = sheetRows
	}
	b.maxRows = max(2, b.maxRows)
	if err := b.write(tables); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

func (b *workbook) write(tables []WorkbookTable) error {
	if len(b.options.Cover) > 0 || len(tables) == 0 { // a workbook without a sheet is none
		if err := b.cover(); err != nil {
			return err
		}
	}
	for _, t := range tables {
		if err := b.table(t); err != nil {
			return err
		}
	}
	if err := b.parts(); err != nil {
		return err
	}
	return b.archive.Close()
}

// table writes the sheets of a table.
func (b *workbook) table(t WorkbookTable) error {
	v := t.View
	if len(v.cols) > sheetColumns {
		b.report.DroppedColumns += len(v.cols) - sheetColumns
		first := *v
		first.cols = v.cols[:sheetColumns]
		v = &first
	}
	for col := len(b.letters); col < len(v.cols); col++ {
		b.letters = append(b.letters, columnLetters(col))
	}
	groups, err := b.groups(t.Sheet, v)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if err := b.rows(g.Text, g.Rows); err != nil {
			return err
		}
	}
	return nil
}

// groups are the rows that have sheets of their own, with the names of these.
func (b *workbook) groups(name string, v *View) ([]Group, error) {
	if name == "" {
		name = v.Provenance().Title()
	}
	col, ok := v.Column(TenantColumn.Name())
	if !b.options.XLSX.SheetPerTenant || !ok || v.Header(col) != TenantColumn.Name() {
		return []Group{{Text: name, Rows: v}}, nil
	}
	groups, err := v.GroupBy(b.ctx, col)
	for i := range groups {
		if groups[i].Text == "" {
			groups[i].Text = name
		}
	}
	if err == nil && len(groups) == 0 {
		groups = []Group{{Text: name, Rows: v}}
	}
	return groups, err
}

// rows writes rows in as many sheets as they need.
func (b *workbook) rows(name string, v *View) error {
	widths := columnWidths(v)
	if err := b.begin(name, v, widths); err != nil {
		return err
	}
	err := b.eachRow(v, func(cells []cell) error {
		if b.page.rows == b.maxRows {
			if err := b.end(len(widths)); err != nil {
				return err
			}
			if err := b.begin(name, v, widths); err != nil {
				return err
			}
		}
		return b.row(cells)
	})
	if err != nil {
		_ = b.page.abandon() // the first error says more
		return err
	}
	return b.end(len(widths))
}

// begin begins a sheet with its header.
func (b *workbook) begin(name string, v *View, widths []int) error {
	b.report.Sheets++
	b.sheets = append(b.sheets, sheet{name: b.sheetName(name)})
	var err error
	if b.page, err = newPage(b.archive, len(b.sheets)); err != nil {
		return err
	}
	p := b.page
	p.add(`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	p.columns(widths)
	p.add(`<sheetData>`)
	p.rows++
	p.add(`<row r="1">`)
	for i := range v.cols {
		b.textCell(b.letters[i], styleHeading, []byte(v.Header(i)))
	}
	p.add(`</row>`)
	return p.flushFull()
}

func (b *workbook) row(cells []cell) error {
	p := b.page
	p.rows++
	p.number = strconv.AppendInt(p.number[:0], int64(p.rows), 10)
	p.add(`<row r="`)
	p.buffer = append(p.buffer, p.number...)
	p.add(`">`)
	for i, c := range cells {
		b.cell(b.letters[i], c)
	}
	p.add(`</row>`)
	return p.flushFull()
}

// end ends a sheet of so many columns.
func (b *workbook) end(columns int) error {
	p := b.page
	p.add(`</sheetData>`)
	if columns > 0 {
		last := b.letters[columns-1]
		p.add(`<autoFilter ref="A1:` + last + strconv.Itoa(p.rows) + `"/>`)
		b.sheets[len(b.sheets)-1].filter = "$A$1:$" + last + "$" + strconv.Itoa(p.rows)
	}
	return p.close()
}

// cover writes the sheet that says what the file is.
func (b *workbook) cover() error {
	name := b.options.XLSX.CoverSheet
	if name == "" {
		name = EnglishCover().Sheet
	}
	b.sheets = append(b.sheets, sheet{name: b.sheetName(name)})
	p, err := newPage(b.archive, len(b.sheets))
	if err != nil {
		return err
	}
	b.page = p
	p.add(`<sheetViews><sheetView workbookViewId="0" showGridLines="0"/></sheetViews>`)
	p.columns([]int{28, 100})
	p.add(`<sheetData>`)
	for i, line := range b.options.Cover {
		p.rows++
		p.number = strconv.AppendInt(p.number[:0], int64(i+1), 10)
		p.add(`<row r="` + string(p.number) + `">`)
		b.textCell("A", styleHeading, []byte(line.Label))
		b.textCell("B", styleWrapped, []byte(line.Value))
		p.add(`</row>`)
	}
	p.add(`</sheetData>`)
	return p.close()
}

// columnWidths looks at the names and the first rows, and gives widths in characters.
func columnWidths(v *View) []int {
	widths := make([]int, len(v.cols))
	var text []byte
	for i := range widths {
		n := utf8.RuneCountInString(v.Header(i)) + 3 // room for the filter's button
		for row := range min(v.len(), 100) {
			text = v.AppendCell(text[:0], row, i)
			n = max(n, textWidth(text)+1)
		}
		widths[i] = min(max(n, 8), 60)
	}
	return widths
}

// columnLetters names a column: A, B, … Z, AA.
func columnLetters(col int) string {
	var letters []byte
	for col++; col > 0; col = (col - 1) / 26 {
		letters = append([]byte{byte('A' + (col-1)%26)}, letters...)
	}
	return string(letters)
}

// sheetName makes a name that Excel takes and that no sheet has, letter case aside.
func (b *workbook) sheetName(name string) string {
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
	for number := 1; ; number++ {
		suffix := ""
		if number > 1 {
			suffix = fmt.Sprintf(" (%d)", number)
		}
		if full := cutName(name, sheetNameSize-len(suffix)) + suffix; !b.hasSheet(full) {
			return full
		}
	}
}

// cutName cuts a name to so many UTF-16 units.
func cutName(name string, limit int) string {
	units := utf16.Encode([]rune(name))
	if len(units) <= limit {
		return name
	}
	return strings.Trim(strings.TrimRight(string(utf16.Decode(units[:limit])), "\uFFFD"), "' ")
}

// hasSheet says that the name is taken; History is Excel's own.
func (b *workbook) hasSheet(name string) bool {
	if strings.EqualFold(name, "History") {
		return true
	}
	for _, s := range b.sheets {
		if strings.EqualFold(s.name, name) {
			return true
		}
	}
	return false
}
