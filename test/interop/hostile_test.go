package interop

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"postroom/session/result"
)

// hostileRow is a row of what files of each format get wrong.
type hostileRow struct {
	tenant string // a sheet is named after it
	text   string
	number int64
	when   string
}

const long = "longest.tenant.of.all.contoso.example"

var hostileRows = []hostileRow{
	{"a[b]:c*d?/e\\f", "0123", 1<<53 + 1, "0001-01-01T00:00:00Z"},
	{"'apostrophe'", "_x000D_", -(1<<53 + 1), "1899-12-31T00:00:00Z"},
	{"", "_x0041_ and _xD83D_", 1<<63 - 1, "1900-01-01T00:00:00Z"},
	{long + ".one", "a\x01b\x1fc\x00d", -1 << 63, "1900-02-28T23:59:59Z"},
	{long + ".two", "one\r\ntwo\rthree\n", 999_999_999_999_999, "1900-03-01T00:00:00Z"},
	{"History", strings.Repeat("x", 32_767), 1_000_000_000_000_000, "1904-01-01T12:00:00Z"},
	{"about", strings.Repeat("x", 32_768), 0, "2024-02-29T05:06:07Z"},
	{"ABOUT", strings.Repeat("\U0001F600", 16_384), -1, "9999-12-31T23:59:59Z"},
	{"...", "9007199254740993", 1, "2024-03-04T00:00:00Z"},
	{"\U0001F600\u738b\u00c4", "=cmd|' /C calc'!A0", 2, "2024-03-04T00:00:00Z"},
	{"<&>\"", "a|b\\|c`d*e_f[g](h)~i <b>&amp;</b> &#65;", 3, "2024-03-04T00:00:00Z"},
	{"' '", " lead and trail ", 4, "2024-03-04T00:00:00Z"},
	{"Result", "\u00a0", 5, "2024-03-04T00:00:00Z"},
	{"result", `"`, 6, "2024-03-04T00:00:00Z"},
	{"x", "'-", 7, "2024-03-04T00:00:00Z"},
}

func hostile(t *testing.T) *result.View {
	t.Helper()
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox"}, result.TenantColumn)
	b := table.Builder()
	for i, row := range hostileRows {
		when, err := time.Parse(time.RFC3339, row.when)
		if err != nil {
			t.Fatal(err)
		}
		const year1 = -62135596800 // seconds
		b.BeginRow()
		b.Own(result.TenantColumn, []byte(row.tenant))
		b.Int([]byte("Row"), int64(i))
		b.Text([]byte("Text"), []byte(row.text))
		b.Int([]byte("Number"), row.number)
		b.Time([]byte("When"), result.Time{Ticks: (when.Unix() - year1) * 10_000_000, Kind: result.TimeUTC})
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	return table.Snapshot()
}

// TestHostileValuesAreReadBackByPython in each format that is text.
func TestHostileValuesAreReadBackByPython(t *testing.T) {
	v := hostile(t)
	page := func(text string) string { // HTML has no control characters
		return strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
				return '\uFFFD'
			}
			return r
		}, text)
	}
	line := func(text string) string { // Markdown has neither these nor a CR
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		return strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' {
				return ' '
			}
			return r
		}, text)
	}
	same := func(text string) string { return text }
	for _, c := range []struct {
		format result.Format
		args   []string
		text   func(string) string
	}{
		{result.CSV, []string{"csv", ","}, same},
		{result.TSV, []string{"csv", "\t"}, same},
		{result.HTML, []string{"html"}, page},
		{result.Markdown, []string{"markdown"}, line},
	} {
		var got [][][2]string
		readBack(t, v, result.Options{Format: c.format, CSV: result.CSVOptions{Machine: true, Delimiter: ','}}, c.args, &got)
		if len(got) != len(hostileRows)+1 {
			t.Fatalf("%s: %d rows", c.format, len(got))
		}
		for i, row := range hostileRows {
			want := []string{c.text(row.tenant), strconv.Itoa(i), c.text(row.text), strconv.FormatInt(row.number, 10), row.when}
			for col, w := range want {
				if g := got[i+1][col][1]; g != w {
					t.Errorf("%s, row %d, %s: %.80q, want %.80q", c.format, i, v.Header(col), g, w)
				}
			}
		}
	}
	for _, format := range []result.Format{result.JSON, result.NDJSON} {
		var got []map[string][2]string
		readBack(t, v, result.Options{Format: format}, []string{format.String()}, &got)
		for i, row := range hostileRows {
			want := map[string][2]string{
				"Tenant": {"text", row.tenant}, "Row": {"number", strconv.Itoa(i)}, "Text": {"text", row.text},
				"Number": {"number", strconv.FormatInt(row.number, 10)}, "When": {"text", row.when},
			}
			for name, w := range want {
				if g := got[i][name]; g != w {
					t.Errorf("%s, row %d, %s: %.80q, want %.80q", format, i, name, g, w)
				}
			}
		}
	}
}

// TestHostileValuesAreReadBackByOpenpyxl, with a sheet for each tenant.
func TestHostileValuesAreReadBackByOpenpyxl(t *testing.T) {
	o := result.Options{Format: result.XLSX, XLSX: result.XLSXOptions{SheetPerTenant: true}, Cover: []result.CoverLine{{Label: "What", Value: "_x000D_"}}}
	var book map[string]json.RawMessage
	readBack(t, hostile(t), o, []string{"xlsx"}, &book)
	names, rows := map[string]bool{}, map[int]bool{}
	for name, data := range book {
		if name == "frozen" || name == "filters" || name == "formats" {
			continue
		}
		if names[strings.ToLower(name)] || len(utf16.Encode([]rune(name))) > 31 || strings.ContainsAny(name, `[]:*?/\`) || strings.Trim(name, "'") != name || name == "" || strings.EqualFold(name, "History") {
			t.Errorf("a sheet is named %q", name)
		}
		names[strings.ToLower(name)] = true
		var sheet [][][2]any
		if err := json.Unmarshal(data, &sheet); err != nil {
			t.Fatal(err)
		}
		if name == "About this file" {
			if fmt.Sprint(sheet) != "[[[text What] [text _x000D_]]]" {
				t.Errorf("cover %v", sheet)
			}
			continue
		}
		for _, cells := range sheet[1:] {
			i, err := strconv.Atoi(fmt.Sprint(cells[1][1]))
			if err != nil || rows[i] {
				t.Fatalf("row %v of %q: %v", cells[1], name, err)
			}
			rows[i] = true
			row := hostileRows[i]
			number := [2]any{"number", strconv.FormatInt(row.number, 10)}
			if row.number < -999_999_999_999_999 || row.number > 999_999_999_999_999 {
				number[0] = "text" // Excel would round it
			}
			when := [2]any{"date", strings.TrimSuffix(row.when, "Z")}
			if row.when < "1900-03-01" {
				when = [2]any{"text", row.when} // Excel's calendar is another
			}
			text := utf16.Encode([]rune(row.text))
			if len(text) > 32_767 { // what a cell holds; half a character is none
				end := 32_767
				if utf16.IsSurrogate(rune(text[end-1])) {
					end--
				}
				text = text[:end]
			}
			tenant := [2]any{"text", row.tenant}
			if row.tenant == "" && cells[0] == [2]any{} {
				tenant = [2]any{} // openpyxl has nothing for an empty text
			}
			for col, want := range [][2]any{tenant, {"number", strconv.Itoa(i)}, {"text", string(utf16.Decode(text))}, number, when} {
				if cells[col] != want {
					t.Errorf("%q, row %d, column %d: %.80q, want %.80q", name, i, col, cells[col], want)
				}
			}
		}
	}
	if len(rows) != len(hostileRows) || len(names) != len(hostileRows)-2+1 { // about and Result are there twice but for their case
		t.Errorf("%d rows in %d sheets", len(rows), len(names))
	}
}
