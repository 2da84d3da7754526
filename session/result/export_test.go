package result_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"postroom/session/result"
	"postroom/test/fixture"
)

// kinds gives a view of two rows: one with a cell of every kind, one with a null alone.
func kinds(t *testing.T) *result.View {
	t.Helper()
	table := result.NewTable(result.Provenance{Command: "Get-Thing -Identity x", Tenant: "contoso.com"})
	feedKinds(t, table.Builder())
	return table.Snapshot()
}

func feedKinds(t *testing.T, b result.Appender) {
	t.Helper()
	b.BeginRow()
	b.Text([]byte("text"), []byte("a\"b\\c\r\n\t\x01\u00e9\xed\xa0\x80"))
	b.Bool([]byte("bool"), true)
	b.Int([]byte("int"), math.MinInt64)
	b.Uint([]byte("uint"), math.MaxUint64)
	b.Float([]byte("float"), 1.5)
	b.Float([]byte("nan"), math.NaN())
	b.Decimal([]byte("decimal"), []byte("79228162514264337593543950335"))
	b.Time([]byte("time"), result.Time{Ticks: 638451255671234567, Kind: result.TimeUTC})
	b.Duration([]byte("duration"), 936_600_000_000)
	b.Bytes([]byte("bytes"), []byte{1, 2, 3})
	b.List([]byte("list"), [][]byte{[]byte("a"), []byte("b")}, []byte("<LST/>"))
	b.Nested([]byte("nested"), []byte("@{a=1}"), []byte("<Obj/>"))
	check(t, b.EndRow())
	b.BeginRow()
	b.Null([]byte("text"))
	check(t, b.EndRow())
}

const kindsJSON = `{"text":"a\"b\\c\r\n\t\u0001` + "\u00e9\uFFFD" + `","bool":true,"int":-9223372036854775808,` +
	`"uint":18446744073709551615,"float":1.5,"nan":"NaN","decimal":79228162514264337593543950335,` +
	`"time":"2024-03-04T05:06:07.1234567Z","duration":"1.02:01:00","bytes":"AQID","list":["a","b"],"nested":"@{a=1}"}`

func TestJSON(t *testing.T) {
	view := kinds(t)
	for _, c := range []struct {
		options result.Options
		want    string
	}{
		{result.Options{Format: result.JSON}, "[" + kindsJSON + ",\n{\"text\":null}]\n"},
		{result.Options{Format: result.NDJSON}, kindsJSON + "\n{\"text\":null}\n"},
	} {
		var b bytes.Buffer
		writeAs(t, &b, view, c.options)
		if b.String() != c.want {
			t.Errorf("%+v:\n got %s\nwant %s", c.options, b.String(), c.want)
		}
	}
	var plain, indented []any
	var b bytes.Buffer
	writeAs(t, &b, view, result.Options{Format: result.JSON, Indent: true})
	check(t, json.Unmarshal(b.Bytes(), &indented))
	b.Reset()
	writeAs(t, &b, view, result.Options{Format: result.JSON})
	check(t, json.Unmarshal(b.Bytes(), &plain))
	if !reflect.DeepEqual(plain, indented) {
		t.Errorf("indented %v, want %v", indented, plain)
	}
	for _, c := range []struct {
		options result.Options
		want    string
	}{
		{result.Options{Format: result.JSON}, "[]\n"},
		{result.Options{Format: result.NDJSON}, ""},
		{result.Options{Format: result.JSON, Indent: true}, "[]\n"},
	} {
		b.Reset()
		writeAs(t, &b, result.NewTable(result.Provenance{}).Snapshot(), c.options)
		got := strings.ReplaceAll(b.String(), "[\n  ]", "[]")
		if got != c.want {
			t.Errorf("no rows, %+v: %q, want %q", c.options, got, c.want)
		}
	}
}

// writeAs writes a view, and fails the test when that fails.
func writeAs(t testing.TB, w io.Writer, v *result.View, o result.Options) result.Report {
	t.Helper()
	report, err := result.Write(t.Context(), w, v, o)
	check(t, err)
	return report
}

// writeCSV writes a view as CSV.
func writeCSV(ctx context.Context, w io.Writer, v *result.View, o result.CSVOptions) error {
	_, err := result.Write(ctx, w, v, result.Options{CSV: o})
	return err
}

func TestStreamOfJSONLines(t *testing.T) {
	var b bytes.Buffer
	s := result.NewStream(&b, result.StreamOptions{Options: result.Options{Format: result.NDJSON}})
	feedKinds(t, s)
	s.BeginRow()
	s.Int([]byte("late"), 1)
	check(t, s.EndRow())
	check(t, s.Flush(t.Context()))
	if want := kindsJSON + "\n{\"text\":null}\n{\"late\":1}\n"; b.String() != want {
		t.Errorf(" got %s\nwant %s", b.String(), want)
	}
	if s.Rows() != 3 {
		t.Errorf("%d rows", s.Rows())
	}
}

// TestStreamsHaveOneOrderOfColumns: lines of JSON have the order that CSV has; what comes
// later stands last.
func TestStreamsHaveOneOrderOfColumns(t *testing.T) {
	for format, want := range map[result.Format]string{
		result.NDJSON: "{\"B\":\"b\",\"A\":\"a\"}\n{\"B\":\"b\",\"A\":\"a\",\"C\":\"c\"}\n",
		result.CSV:    "B,A,C\nb,a,\nb,a,c\n",
	} {
		var b bytes.Buffer
		s := result.NewStream(&b, result.StreamOptions{
			Options: result.Options{Format: format, CSV: result.CSVOptions{NoBOM: true, LF: true}},
			Order:   func(names []string) []string { slices.Reverse(names); return names },
		})
		for _, names := range [][]string{{"A", "B"}, {"C", "A", "B"}} {
			s.BeginRow()
			for _, n := range names {
				s.Text([]byte(n), []byte(strings.ToLower(n)))
			}
			check(t, s.EndRow())
		}
		check(t, s.Flush(t.Context()))
		check(t, s.Close())
		if b.String() != want {
			t.Errorf("%s: %q, want %q", format, b.String(), want)
		}
	}
}

func TestStreamOfCSVHasTheColumnsOfAllRows(t *testing.T) {
	rows := func(s *result.Stream) {
		for _, names := range [][]string{{"A", "B"}, {"B", "C", "a"}, {"D"}} { // a is A in other letters
			s.BeginRow()
			for _, n := range names {
				s.Text([]byte(n), []byte(strings.ToLower(n)))
			}
			check(t, s.EndRow())
		}
		check(t, s.Flush(t.Context()))
	}
	options := result.CSVOptions{NoBOM: true, LF: true}
	var b bytes.Buffer
	s := result.NewStream(&b, result.StreamOptions{Options: result.Options{CSV: options}})
	rows(s)
	if want := "A,B,C,D\na,b,,\na,b,c,\n,,,d\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	b.Reset()
	s = result.NewStream(&b, result.StreamOptions{Options: result.Options{CSV: options}, Columns: []string{"c", "B", "Z"}})
	rows(s)
	if want := "c,B,Z\n,b,\nc,b,\n,,\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	if got := s.Missing(); !reflect.DeepEqual(got, []string{"Z"}) {
		t.Errorf("missing %q", got)
	}

	b.Reset()
	s = result.NewStream(&b, result.StreamOptions{Options: result.Options{CSV: options}, Columns: []string{"A"}})
	check(t, s.Flush(t.Context()))
	if b.String() != "A\n" {
		t.Errorf("no rows: %q", b.String())
	}
}

func TestStreamIsWhatTheViewIs(t *testing.T) {
	var streamed, whole bytes.Buffer
	s := result.NewStream(&streamed, result.StreamOptions{})
	feedKinds(t, s)
	check(t, s.Flush(t.Context()))
	check(t, writeCSV(t.Context(), &whole, kinds(t), result.CSVOptions{}))
	compareBytes(t, "stream", streamed.Bytes(), whole.Bytes())
}

// readWorkbook reads a workbook by a library that nobody here wrote.
func readWorkbook(t *testing.T, r io.Reader) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(r)
	check(t, err)
	t.Cleanup(func() { check(t, f.Close()) })
	return f
}

func openWorkbook(t *testing.T, view *result.View, o result.XLSXOptions) (*excelize.File, result.Report) {
	t.Helper()
	var b bytes.Buffer
	report := writeAs(t, &b, view, result.Options{Format: result.XLSX, XLSX: o})
	f := readWorkbook(t, &b)
	return f, report
}

func TestXLSXKeepsTypes(t *testing.T) {
	f, report := openWorkbook(t, kinds(t), result.XLSXOptions{})
	if report.Sheets != 1 || report.CutCells != 0 {
		t.Errorf("report %+v", report)
	}
	sheet := "Get-Thing"
	if got := f.GetSheetList(); !reflect.DeepEqual(got, []string{sheet}) {
		t.Fatalf("sheets %q", got)
	}
	for cell, want := range map[string]struct {
		kind excelize.CellType
		raw  string
	}{
		"A1": {excelize.CellTypeInlineString, "text"},
		"A2": {excelize.CellTypeInlineString, "a\"b\\c\r\n\t\u0001\u00e9\uFFFD"},
		"A3": {excelize.CellTypeUnset, ""},
		"B2": {excelize.CellTypeBool, "1"},
		"C2": {excelize.CellTypeInlineString, "-9223372036854775808"},
		"D2": {excelize.CellTypeInlineString, "18446744073709551615"},
		"E2": {excelize.CellTypeUnset, "1.5"},
		"F2": {excelize.CellTypeInlineString, "NaN"},
		"G2": {excelize.CellTypeInlineString, "79228162514264337593543950335"},
		"I2": {excelize.CellTypeUnset, "1.0840277777777778"},
		"J2": {excelize.CellTypeInlineString, "AQID"},
		"K2": {excelize.CellTypeInlineString, "a; b"},
		"L2": {excelize.CellTypeInlineString, "@{a=1}"},
	} {
		kind, err := f.GetCellType(sheet, cell)
		check(t, err)
		raw, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		check(t, err)
		if kind != want.kind || raw != want.raw {
			t.Errorf("%s: type %d, %q; want type %d, %q", cell, kind, raw, want.kind, want.raw)
		}
	}
	if shown, err := f.GetCellValue(sheet, "H2"); err != nil || shown != "2024-03-04 05:06:07" {
		t.Errorf("date shows as %q, %v", shown, err)
	}
	panes, err := f.GetPanes(sheet)
	check(t, err)
	if !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v", panes)
	}
	names := f.GetDefinedName()
	if len(names) != 1 || names[0].RefersTo != "'Get-Thing'!$A$1:$L$3" {
		t.Errorf("filter %+v", names)
	}
	props, err := f.GetDocProps()
	check(t, err)
	if props.Subject != "contoso.com" || props.Description != "Get-Thing -Identity x" {
		t.Errorf("provenance %+v", props)
	}
}

func TestXLSXTextsAreNeverFormulas(t *testing.T) {
	f, _ := openWorkbook(t, textTable(t, "=1+1", "+1", "@x", "_x0041_", "<a>&"), result.XLSXOptions{Sheet: "S"})
	for cell, want := range map[string]string{"A2": "=1+1", "B2": "+1", "C2": "@x", "D2": "_x0041_", "E2": "<a>&"} {
		formula, err := f.GetCellFormula("S", cell)
		check(t, err)
		got, err := f.GetCellValue("S", cell)
		check(t, err)
		if formula != "" || got != want {
			t.Errorf("%s: formula %q, text %q, want %q", cell, formula, got, want)
		}
	}
}

func TestXLSXGoesOnInMoreSheets(t *testing.T) {
	f, report := openWorkbook(t, numbers(t, 25).Snapshot(), result.XLSXOptions{MaxRows: 11})
	if want := []string{"Get-Number", "Get-Number (2)", "Get-Number (3)"}; report.Sheets != 3 || !reflect.DeepEqual(f.GetSheetList(), want) {
		t.Fatalf("%d sheets %q", report.Sheets, f.GetSheetList())
	}
	for sheet, want := range map[string]struct {
		rows int
		last string
	}{"Get-Number": {11, "9"}, "Get-Number (2)": {11, "19"}, "Get-Number (3)": {6, "24"}} {
		rows, err := f.GetRows(sheet)
		check(t, err)
		if len(rows) != want.rows || rows[0][0] != "N" || rows[len(rows)-1][0] != want.last {
			t.Errorf("%s: %d rows, the last begins with %q", sheet, len(rows), rows[len(rows)-1][0])
		}
	}
}

func TestXLSXSaysWhatItCut(t *testing.T) {
	long := strings.Repeat("a", 32766) + "\U0001F600\U0001F600" // one unit too many for the first of the two
	f, report := openWorkbook(t, textTable(t, long, strings.Repeat("\u00e9", 32767)), result.XLSXOptions{Sheet: "S"})
	if report.CutCells != 1 {
		t.Errorf("%d cells cut, want 1", report.CutCells)
	}
	if got, err := f.GetCellValue("S", "A2"); err != nil || got != long[:32766] {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if got, err := f.GetCellValue("S", "B2"); err != nil || len(got) != 2*32767 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestXLSXSheetNames(t *testing.T) {
	for name, want := range map[string]string{
		"a/b:c*[d]?\\": "a-b-c--d---", "": "Result", "'x'": "x", strings.Repeat("n", 40): strings.Repeat("n", 31),
		"history ": "history (2)", // Excel keeps History for itself
	} {
		f, _ := openWorkbook(t, textTable(t, "x"), result.XLSXOptions{Sheet: name})
		if got := f.GetSheetName(0); got != want && name != "" || name == "" && got != want {
			t.Errorf("%q: sheet %q, want %q", name, got, want)
		}
	}
	if f, _ := openWorkbook(t, result.NewTable(result.Provenance{}).Snapshot(), result.XLSXOptions{}); f.GetSheetName(0) != "Result" {
		t.Error("a workbook without columns has no sheet")
	}
}

func TestConsoleTable(t *testing.T) {
	// Left out: dates and numbers, which here are exact and the same in every culture, and
	// texts of several lines, whose width PowerShell takes from what it does not show.
	for _, name := range []string{"two-props", "cjk", "multi", "longlist-lists", "tenprops", "wide", "bools"} {
		base, _, _ := strings.Cut(name, "-lists")
		table := result.NewTable(result.Provenance{})
		readCLIXML(t, fixture.Read(t, "powershell", "format", base+".clixml")).feed(t, table.Builder())
		view := table.Snapshot()
		if view.Kind(0) == result.KindText && view.Header(0) == "Value" {
			t.Fatalf("%s has no rows", base)
		}
		if base == "longlist" {
			view = view.WithColumns(0, 1) // the dictionary's form needs its entries
		}
		var got bytes.Buffer
		check(t, result.WriteText(t.Context(), &got, view, result.TextOptions{Width: 120}))
		want := trimLines(string(fixture.Read(t, "powershell", "format", base+".ftauto.120.txt")))
		if base == "longlist" {
			want = trimLines(strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(want, " {[a, 1], [b, 2]}", ""), " {[b, 2], [a, 1]}", ""), " H\n", "\n"))
			want = strings.Replace(want, "---- ----          -", "---- ----", 1)
			want = strings.Replace(want, "Name List          H", "Name List", 1)
		}
		if trimLines(got.String()) != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got.String(), want)
		}
	}
}

// trimLines takes off blanks at the ends of lines and empty lines, which Out-String adds.
func trimLines(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \r\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func TestConsoleTableFitsItsWidth(t *testing.T) {
	view := textTable(t, strings.Repeat("x", 30), strings.Repeat("\u738b", 20), "third")
	for width := 1; width < 90; width++ {
		var b bytes.Buffer
		check(t, result.WriteText(t.Context(), &b, view, result.TextOptions{Width: width}))
		for line := range strings.Lines(b.String()) {
			cells := 0
			for _, r := range strings.TrimSuffix(line, "\n") {
				if cells++; r == '\u738b' {
					cells++
				}
			}
			if cells > width {
				t.Fatalf("width %d: %d cells in %q", width, cells, line)
			}
		}
	}
	fitting, dropped, err := result.FitText(t.Context(), view, 45)
	check(t, err)
	if _, cols := fitting.Size(); cols != 2 || !reflect.DeepEqual(dropped, []string{"C"}) {
		t.Errorf("%d columns fit, dropped %q", cols, dropped)
	}
}

func TestConsoleTableObeysNoControlCharacters(t *testing.T) {
	var b bytes.Buffer
	check(t, result.WriteText(t.Context(), &b, textTable(t, "a\x1b[31mb\u009b2Jc\x7f"), result.TextOptions{NoHeader: true}))
	if strings.ContainsAny(b.String(), "\x1b\x7f\u009b") {
		t.Errorf("%q", b.String())
	}
}

func TestFileName(t *testing.T) {
	at := time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, c := range []struct {
		p    result.Provenance
		ext  string
		want string
	}{
		{result.Provenance{Tenant: "contoso.com", Command: "Get-Mailbox -ResultSize 5", Started: at}, "csv", "contoso.com_Get-Mailbox_2024-03-04_0506.csv"},
		{result.Provenance{Account: "kim@fabrikam.com", Command: `microsoft.exchange\Get-Mailbox`, Started: at}, ".xlsx", "fabrikam.com_Get-Mailbox_2024-03-04_0506.xlsx"},
		{result.Provenance{Tenant: "contoso.com", Report: "Mailbox sizes: all", Command: "Get-Mailbox", Started: at}, "csv", "contoso.com_Mailbox sizes- all_2024-03-04_0506.csv"},
		{result.Provenance{Tenant: "contoso.com, fabrikam.com, adatum.com", Command: "Get-Mailbox"}, "csv", "contoso.com+2_Get-Mailbox.csv"},
		{result.Provenance{}, "json", "result.json"},
		{result.Provenance{Tenant: "CON"}, "csv", "_CON.csv"},
		{result.Provenance{Tenant: "lpt1.contoso"}, "csv", "_lpt1.contoso.csv"},
		{result.Provenance{Tenant: "COM\u00b9"}, "", "_COM\u00b9"},
		{result.Provenance{Tenant: "../../etc/passwd", Command: "a|b"}, "c/s", "etc-passwd_a-b.c-s"},
		{result.Provenance{Tenant: "a\x00\n<>:\"/\\|?*b. "}, "csv", "a-----------b.csv"},
		{result.Provenance{Tenant: "g\u00f6tze.de"}, "csv", "g\u00f6tze.de.csv"},
	} {
		if got := c.p.FileName(c.ext); got != c.want {
			t.Errorf("%+v: %q, want %q", c.p, got, c.want)
		}
	}
	long := result.Provenance{Tenant: strings.Repeat("\u738b", 500), Command: strings.Repeat("x", 500), Started: at}
	if got := long.FileName("csv"); len(got) > 200 || filepath.Ext(got) != ".csv" || !strings.Contains(got, "2024-03-04") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

// TestAWorkbookHasSeveralTables: each has sheets of its own behind the one cover, with its
// own columns, and what a table could not hold is counted over all.
func TestAWorkbookHasSeveralTables(t *testing.T) {
	table := func(command, column string, values ...string) *result.View {
		table := result.NewTable(result.Provenance{Command: command})
		b := table.Builder()
		for _, v := range values {
			b.BeginRow()
			b.Text([]byte(column), []byte(v))
			check(t, b.EndRow())
		}
		return table.Snapshot()
	}
	wide := result.NewTable(result.Provenance{Command: "Get-Wide"})
	b := wide.Builder()
	b.BeginRow()
	for col := range 16_400 {
		b.Int(fmt.Appendf(nil, "c%d", col), int64(col))
	}
	check(t, b.EndRow())
	var out bytes.Buffer
	report, err := result.WriteWorkbook(t.Context(), &out, result.Options{
		Cover: []result.CoverLine{{Label: "Pack", Value: "Monday"}}, XLSX: result.XLSXOptions{MaxRows: 3},
	},
		result.WorkbookTable{View: table("Get-Mailbox", "Name", "a", "b", "c")},
		result.WorkbookTable{Sheet: "Rules", View: table("Get-TransportRule", "Rule", "x")},
		result.WorkbookTable{View: wide.Snapshot()},
		result.WorkbookTable{View: table("Get-Mailbox", "Other")})
	check(t, err)
	if report.Rows != 5 || report.Sheets != 5 || report.DroppedColumns != 16 {
		t.Errorf("%+v", report)
	}
	f, err := excelize.OpenReader(&out)
	check(t, err)
	if want := []string{"About this file", "Get-Mailbox", "Get-Mailbox (2)", "Rules", "Get-Wide", "Get-Mailbox (3)"}; !slices.Equal(f.GetSheetList(), want) {
		t.Errorf("sheets %q, want %q", f.GetSheetList(), want)
	}
	for _, c := range [][3]string{{"About this file", "A1", "Pack"}, {"Get-Mailbox (2)", "A2", "c"}, {"Rules", "A1", "Rule"}, {"Rules", "A2", "x"}} {
		if got, err := f.GetCellValue(c[0], c[1]); err != nil || got != c[2] {
			t.Errorf("%s %s: %q, want %q, %v", c[0], c[1], got, c[2], err)
		}
	}
	_, err = result.WriteWorkbook(t.Context(), io.Discard, result.Options{})
	check(t, err)
}
