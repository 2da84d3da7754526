package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"postroom/session/result"
	"postroom/test/fixture"
)

// bytesOf are those of a file.
func bytesOf(t *testing.T, v *result.View, o result.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := result.Write(t.Context(), &out, v, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestEveryOptionOfCSVIsReadBackByPython: what each option changes, and that it changes
// nothing else.
func TestEveryOptionOfCSVIsReadBackByPython(t *testing.T) {
	const rows = 60
	v := exported(t, rows)
	zone := time.FixedZone("", 90*60)
	plain := func(row, col int) string {
		text := v.Cell(row, col)
		if v.Header(col) == "When" {
			text = strings.Replace(text, " ", "T", 1)
		}
		return text
	}
	instant := func(t *testing.T, layout, text string) time.Time {
		t.Helper()
		at, err := time.Parse(layout, text)
		if err != nil {
			t.Fatal(err)
		}
		return at.UTC()
	}
	for name, c := range map[string]struct {
		options result.Options
		want    func(t *testing.T, row, col int, got string) bool // nil: as it came
		columns string                                            // that the option is about
	}{
		"bar":      {options: result.Options{CSV: result.CSVOptions{Delimiter: '|', Machine: true}}},
		"no mark":  {options: result.Options{CSV: result.CSVOptions{NoBOM: true, Machine: true}}},
		"LF":       {options: result.Options{CSV: result.CSVOptions{LF: true, Machine: true}}},
		"programs": {options: result.Options{CSV: result.CSVOptions{LF: true, NoBOM: true, Machine: true}}},
		"decimal comma": {
			options: result.Options{CSV: result.CSVOptions{Delimiter: ';', DecimalComma: true, Machine: true}}, columns: "Float Decimal",
			want: func(_ *testing.T, row, col int, got string) bool {
				return strings.Replace(got, ",", ".", 1) == v.Cell(row, col) && !strings.Contains(got, ".")
			},
		},
		"dates of no culture": {
			options: result.Options{CSV: result.CSVOptions{Machine: true}, Values: result.ValueOptions{Dates: result.Invariant}}, columns: "When",
			want: func(t *testing.T, row, col int, got string) bool {
				t.Helper()
				return instant(t, "01/02/2006 15:04:05", got).Equal(v.Value(row, col).Time.Time())
			},
		},
		"local dates": {
			options: result.Options{CSV: result.CSVOptions{Machine: true}, Values: result.ValueOptions{Dates: result.LocalDates, Zone: zone}}, columns: "When",
			want: func(t *testing.T, row, col int, got string) bool {
				t.Helper()
				return strings.HasSuffix(got, "+01:30") && instant(t, "2006-01-02 15:04:05Z07:00", got).Equal(v.Value(row, col).Time.Time())
			},
		},
		"another separator of items": {
			options: result.Options{CSV: result.CSVOptions{Machine: true}, Values: result.ValueOptions{ListSeparator: "\n"}}, columns: "List",
			want: func(_ *testing.T, row, col int, got string) bool {
				return got == strings.Join(v.Value(row, col).Items, "\n")
			},
		},
		"bytes": {
			options: result.Options{CSV: result.CSVOptions{Machine: true}, Values: result.ValueOptions{Sizes: result.SizeBytes}}, columns: "Size",
			want: func(_ *testing.T, row, _ int, got string) bool { return got == strconv.Itoa(row*1024) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			delimiter := c.options.CSV.Delimiter
			if delimiter == 0 {
				delimiter = ','
			}
			var got [][][2]string
			readBack(t, v, c.options, []string{"csv", string(delimiter)}, &got)
			if len(got) != rows+1 {
				t.Fatalf("%d lines, want %d", len(got), rows+1)
			}
			for row := range rows {
				for col, heading := range v.Headers() {
					text := got[row+1][col][1]
					if slices.Contains(strings.Fields(c.columns), heading) {
						if !c.want(t, row, col, text) {
							t.Fatalf("row %d, %s: %q of %q", row, heading, text, v.Cell(row, col))
						}
					} else if text != plain(row, col) {
						t.Fatalf("row %d, %s: %q, want %q", row, heading, text, plain(row, col))
					}
				}
			}
			file := bytesOf(t, v, c.options)
			if marked := bytes.HasPrefix(file, []byte("\xEF\xBB\xBF")); marked == c.options.CSV.NoBOM {
				t.Errorf("a byte order mark stands there: %t", marked)
			}
			if crlf := bytes.HasSuffix(file, []byte("\r\n")); crlf == c.options.CSV.LF {
				t.Errorf("the lines end with CRLF: %t", crlf)
			}
		})
	}
}

// TestExplodedListsAreReadBackByPython, from CSV and from a workbook: a line for each item,
// and the other values in each of them.
func TestExplodedListsAreReadBackByPython(t *testing.T) {
	const rows = 60
	v := exported(t, rows)
	values := result.ValueOptions{Lists: result.ExplodedLists}
	var lines [][][2]string
	readBack(t, v, result.Options{CSV: result.CSVOptions{Machine: true}, Values: values}, []string{"csv", ","}, &lines)
	var book map[string]json.RawMessage
	readBack(t, v, result.Options{Format: result.XLSX, Values: values}, []string{"xlsx"}, &book)
	var cells [][][]any
	if err := json.Unmarshal(book["Get-Mailbox"], &cells); err != nil {
		t.Fatal(err)
	}
	list, ok := v.Column("List")
	if !ok {
		t.Fatal("no list")
	}
	line := 0
	for row := range rows {
		items := v.Value(row, list).Items
		for item := range max(1, len(items)) {
			line++
			for col := range v.Headers() {
				want, csv := wanted(v, row, col), strings.Replace(v.Cell(row, col), " ", "T", 1)
				if v.Header(col) != "When" {
					csv = v.Cell(row, col)
				}
				if col == list && len(items) > 0 {
					want, csv = [2]any{"text", items[item]}, items[item]
				}
				if got := lines[line][col][1]; got != csv {
					t.Fatalf("CSV, line %d, %s: %q, want %q", line, v.Header(col), got, csv)
				}
				var got [2]any
				copy(got[:], cells[line][col])
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("workbook, line %d, %s: %q, want %q", line, v.Header(col), got, want)
				}
			}
		}
	}
	if len(lines) != line+1 || len(cells) != line+1 {
		t.Errorf("%d and %d lines, want %d", len(lines), len(cells), line+1)
	}
}

// TestOptionsOfWorkbooksAreReadBackByOpenpyxl: sizes are numbers, dates are on the clock that
// was asked for, each tenant has sheets of its own, and a full one goes on in the next.
func TestOptionsOfWorkbooksAreReadBackByOpenpyxl(t *testing.T) {
	const rows = 50
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox"}, result.TenantColumn)
	b := table.Builder()
	tenants := []string{"alpenhof.example", "nordsee.example", ""}
	for i := range rows {
		b.BeginRow()
		b.Own(result.TenantColumn, []byte(tenants[i%3]))
		b.Int([]byte("N"), int64(i))
		b.Text([]byte("Size"), fmt.Appendf(nil, "%d GB (%d bytes)", i, i<<30))
		b.Time([]byte("When"), result.Time{Ticks: 638451255670000000 + int64(i)*36_000_000_000, Kind: result.TimeUTC})
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	var book map[string]json.RawMessage
	readBack(t, table.Snapshot(), result.Options{
		Format: result.XLSX, XLSX: result.XLSXOptions{SheetPerTenant: true, MaxRows: 11},
		Values: result.ValueOptions{Sizes: result.SizeBytes, Dates: result.LocalDates, Zone: time.FixedZone("", -2*3600)},
	}, []string{"xlsx"}, &book)
	seen := 0
	for name, of := range map[string]int{"alpenhof.example": 0, "nordsee.example": 1, "Get-Mailbox": 2} {
		next := of
		for _, sheet := range []string{name, name + " (2)"} {
			var cells [][][]any
			if err := json.Unmarshal(book[sheet], &cells); err != nil {
				t.Fatalf("%s: %v", sheet, err)
			}
			if len(cells) > 11 || fmt.Sprint(cells[0][1]) != "[text N]" {
				t.Errorf("%s has %d rows under %v", sheet, len(cells), cells[0])
			}
			for _, row := range cells[1:] {
				at := time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC).Add(time.Duration(next-2) * time.Hour).Format("2006-01-02T15:04:05")
				if want := fmt.Sprintf("[[number %d] [number %d] [date %s]]", next, next<<30, at); fmt.Sprint(row[1:]) != want {
					t.Errorf("%s: %v, want %s", sheet, row[1:], want)
				}
				next += 3
				seen++
			}
		}
	}
	if seen != rows {
		t.Errorf("%d rows, want %d", seen, rows)
	}
}

// TestNoFormulaIsLeftInACSV: Python looks for what a spreadsheet could run in texts that were
// made at random of what formulas and their hiding places are made of; what is given to
// programs is as it came.
func TestNoFormulaIsLeftInACSV(t *testing.T) {
	const rows = 4000
	letters := []rune("=+-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B ,;\t|\r\n\"'a1.\u200B\u00A0\uFEFF\u202E\u3164\u00AD\u0301\x00\u2800")
	random := rand.New(rand.NewPCG(7, 11))
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox"})
	b := table.Builder()
	for range rows {
		b.BeginRow()
		var text []rune
		for range 1 + random.IntN(8) {
			text = append(text, letters[random.IntN(len(letters))])
		}
		b.Text([]byte("Text"), []byte(string(text)))
		b.List([]byte("List"), [][]byte{[]byte("a"), []byte(string(text))}, nil)
		b.Int([]byte("Number"), -5)
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	v := table.Snapshot()
	for name, values := range map[string]result.ValueOptions{"joined": {}, "exploded": {Lists: result.ExplodedLists}} {
		var found []string
		readBack(t, v, result.Options{Values: values}, []string{"formulas"}, &found)
		if len(found) > 0 {
			t.Errorf("%s: %d cells could be run, such as %q", name, len(found), found[0])
		}
	}
	var found []string
	readBack(t, v, result.Options{CSV: result.CSVOptions{Machine: true}}, []string{"formulas"}, &found)
	if len(found) < rows/4 {
		t.Errorf("only %d cells of what is for programs could be run: the look for them sees too little", len(found))
	}
}

// TestASheetEndsAtTheLimitOfTheFormat: openpyxl counts 1,048,576 rows in the first sheet, its
// heading among them, and the rest in the second.
func TestASheetEndsAtTheLimitOfTheFormat(t *testing.T) {
	fixture.Long(t)
	const rows = 1_048_576 + 10
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox"})
	b := table.Builder()
	for i := range rows {
		b.BeginRow()
		b.Int([]byte("N"), int64(i))
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	var got map[string][2]any
	readBack(t, table.Snapshot(), result.Options{Format: result.XLSX}, []string{"counts"}, &got)
	if want := "map[Get-Mailbox:[1.048576e+06 1048574] Get-Mailbox (2):[12 1048585]]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}
