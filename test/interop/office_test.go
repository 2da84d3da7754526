package interop

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"postroom/session/atomicfile"
	"postroom/session/result"
	"postroom/test/fixture"
)

// TestWorkbooksAreReadBackByLibreOffice: a headless LibreOffice opens the workbook and saves
// it as flat OpenDocument XML, in which each value stands with its type.
func TestWorkbooksAreReadBackByLibreOffice(t *testing.T) {
	fixture.Long(t)
	const rows = 300
	v := exported(t, rows)
	name := filepath.Join(t.TempDir(), "report.xlsx")
	f, err := atomicfile.Create(name, atomicfile.Shared)
	if err != nil {
		t.Fatal(err)
	}
	cover := []result.CoverLine{{Label: "What", Value: "Get-Mailbox"}}
	if _, err := result.Write(t.Context(), f, v, result.Options{Format: result.XLSX, Cover: cover, XLSX: result.XLSXOptions{MaxRows: 201}}); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	sheets := openInLibreOffice(t, name)
	if len(sheets) != 3 || len(sheets[1].rows) != 201 || len(sheets[2].rows) != 101 || sheets[1].name != "Get-Mailbox" {
		t.Fatalf("%d sheets", len(sheets))
	}
	if fmt.Sprint(sheets[0].rows) != "[[[text What] [text Get-Mailbox]]]" {
		t.Errorf("cover %v", sheets[0].rows)
	}
	for row := range rows {
		cells := sheets[1+row/200].rows[1+row%200]
		for col, heading := range v.Headers() {
			want := wanted(v, row, col)
			if text, is := want[1].(string); is && want[0] == "text" { // its lines end in one way
				want[1] = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
			}
			var got [2]any
			if col < len(cells) {
				got = cells[col]
			}
			if kind := v.Value(row, col).Kind; kind == result.KindFloat { // it saves 15 digits, as a cell has them
				f, err := strconv.ParseFloat(strconv.FormatFloat(v.Value(row, col).Float, 'g', 15, 64), 64)
				if err != nil {
					t.Fatal(err)
				}
				want[1] = number(f)
			}
			if want == [2]any{"text", ""} {
				want = [2]any{}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("row %d, %s: %q, want %q", row, heading, fmt.Sprint(got), fmt.Sprint(want))
			}
		}
	}
}

// officeSheet is a sheet as LibreOffice has it.
type officeSheet struct {
	name string
	rows [][][2]any
}

// openInLibreOffice lets LibreOffice, with a profile of its own, turn a workbook into flat XML.
func openInLibreOffice(t *testing.T, name string) []officeSheet {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatalf("no LibreOffice: make test-long installs it: %v", err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+filepath.ToSlash(filepath.Join(dir, "profile")),
		"--headless", "--convert-to", "fods", "--outdir", dir, name)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f, err := os.Open(filepath.Join(dir, "report.fods"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // it was read
	d := xml.NewDecoder(f)
	var sheets []officeSheet
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return sheets
		}
		if err != nil {
			t.Fatal(err)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch element.Name.Local {
		case "table":
			sheets = append(sheets, officeSheet{name: attribute(element, "name")})
		case "table-row":
			var row officeRow
			if err := d.DecodeElement(&row, &element); err != nil {
				t.Fatal(err)
			}
			if cells := row.values(t); len(cells) > 0 {
				last := &sheets[len(sheets)-1]
				last.rows = append(last.rows, cells)
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// officeRow is a row of OpenDocument 1.3, section 9.1.3.
type officeRow struct {
	Cells []struct {
		Type     string `xml:"value-type,attr"`
		Value    string `xml:"value,attr"`
		Date     string `xml:"date-value,attr"`
		Time     string `xml:"time-value,attr"`
		Formula  string `xml:"formula,attr"`
		Repeated int    `xml:"number-columns-repeated,attr"`
		Text     []struct {
			Inner string `xml:",innerxml"`
		} `xml:"p"`
	} `xml:"table-cell"`
}

// values are the cells up to the last one with a value.
func (r officeRow) values(t *testing.T) [][2]any {
	t.Helper()
	var all [][2]any
	filled := 0
	for _, c := range r.Cells {
		var value [2]any
		switch {
		case c.Formula == "of:=TRUE()" || c.Formula == "of:=FALSE()": // what it makes of a workbook's booleans
			value = [2]any{"bool", c.Formula == "of:=TRUE()"}
		case c.Formula != "":
			t.Errorf("a cell has become the formula %q", c.Formula)
		case c.Type == "float":
			n, err := strconv.ParseFloat(c.Value, 64)
			if err != nil {
				t.Fatal(err)
			}
			value = [2]any{"number", number(n)}
		case c.Type == "date":
			value = [2]any{"date", c.Date}
		case c.Type == "time":
			var hours, minutes, seconds int
			if _, err := fmt.Sscanf(c.Time, "PT%dH%dM%dS", &hours, &minutes, &seconds); err != nil {
				t.Fatalf("%q: %v", c.Time, err)
			}
			value = [2]any{"span", strconv.Itoa(hours*3600 + minutes*60 + seconds)}
		case c.Type == "string":
			lines := make([]string, len(c.Text))
			for i, p := range c.Text {
				lines[i] = paragraph(t, p.Inner)
			}
			value = [2]any{"text", strings.Join(lines, "\n")}
		}
		for range max(1, c.Repeated) {
			if all = append(all, value); value[0] != nil {
				filled = len(all)
			}
			if value[0] == nil && len(all) > filled+20 {
				break // the rest of the sheet
			}
		}
	}
	return all[:filled]
}

// paragraph is the text of a paragraph: spaces, tabs and line breaks are elements
// (OpenDocument 1.3, section 6.1).
func paragraph(t *testing.T, inner string) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<p>" + inner + "</p>"))
	d.Strict = false // the prefixes are declared elsewhere
	var b strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			b.Write(token)
		case xml.StartElement:
			switch token.Name.Local {
			case "s":
				n, err := strconv.Atoi(attribute(token, "c"))
				if err != nil {
					n = 1 // one needs no count
				}
				b.WriteString(strings.Repeat(" ", n))
			case "tab":
				b.WriteByte('\t')
			case "line-break":
				b.WriteByte('\n')
			}
		}
	}
}
