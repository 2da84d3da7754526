package interop

import (
	"encoding/json"
	"fmt"
	"math"
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

// oddTexts are what files get wrong: separators, quotes, line ends, blanks, escapes,
// formulas, characters of every plane.
var oddTexts = []string{
	"plain", "", " lead and trail ", "a,b;c\td|e", `say "hi"`, `"`, "two\nlines", "one\r\ntwo\rthree", "\u00c4\u00df \u738b \U0001F600",
	"_x0041_", "<a href='x'>&amp;</a>", "'quoted", "=1+1", "-", "0123", "1e5", "true", "\ufeffmark", "\u202eevil", "NaN", "#N/A",
	"2024-03-04", "50%", "{\"a\":1}", "\\n", "a\u00a0b", strings.Repeat("long ", 4000),
}

// exported is a table with a column of each kind.
func exported(t *testing.T, rows int) *result.View {
	t.Helper()
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox", Tenant: "contoso.example"})
	b := table.Builder()
	for i := range rows {
		b.BeginRow()
		b.Text([]byte("Text"), []byte(oddTexts[i%len(oddTexts)]))
		b.Text([]byte("Again"), []byte(oddTexts[(i*7+3)%len(oddTexts)]))
		b.Bool([]byte("Bool"), i%2 == 0)
		b.Int([]byte("Int"), int64(i)*1_000_003-5)
		b.Uint([]byte("Huge"), math.MaxUint64-uint64(i))
		b.Float([]byte("Float"), float64(i)/7-3)
		b.Decimal([]byte("Decimal"), []byte(strconv.Itoa(i)+".50"))
		b.Time([]byte("When"), result.Time{Ticks: 638451255670000000 + int64(i)*36_000_000_000, Kind: result.TimeUTC})
		b.Duration([]byte("Span"), int64(i)*600_000_000)
		if i%3 > 0 {
			b.List([]byte("List"), [][]byte{[]byte("SMTP:a@x"), []byte(oddTexts[i%len(oddTexts)])}, nil)
		} else {
			b.Null([]byte("List"))
		}
		b.Text([]byte("Size"), []byte(fmt.Sprintf("%d KB (%d bytes)", i, i*1024)))
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	return table.Snapshot()
}

// readBack writes a view, and lets Python read the file.
func readBack(t *testing.T, v *result.View, o result.Options, args []string, to any) {
	t.Helper()
	interpreter := python(t)
	name := filepath.Join(t.TempDir(), "report"+o.Format.Extension())
	f, err := atomicfile.Create(name, atomicfile.Shared)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := result.Write(t.Context(), f, v, o); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(fixture.Root(t), "test", "interop", "readback.py")
	cmd := exec.CommandContext(t.Context(), interpreter, append([]string{script, args[0], name}, args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, to); err != nil {
		t.Fatal(err)
	}
}

// TestCSVIsReadBackByPython: every value of every separator, as Python's csv reads it.
func TestCSVIsReadBackByPython(t *testing.T) {
	const rows = 200
	v := exported(t, rows)
	for _, c := range []struct {
		format    result.Format
		delimiter rune
	}{{result.CSV, ','}, {result.CSV, ';'}, {result.TSV, '\t'}} {
		for _, all := range []bool{false, true} {
			options := result.Options{Format: c.format, CSV: result.CSVOptions{Delimiter: c.delimiter, QuoteAll: all, Machine: true}}
			var got [][][2]string
			readBack(t, v, options, []string{"csv", string(c.delimiter)}, &got)
			if len(got) != rows+1 {
				t.Fatalf("%q: %d lines, want %d", c.delimiter, len(got), rows+1)
			}
			for row := range rows {
				for col, name := range v.Headers() {
					want := v.Cell(row, col)
					if name == "When" {
						want = strings.Replace(want, " ", "T", 1)
					}
					if g := got[row+1][col][1]; g != want {
						t.Fatalf("%q, row %d, %s: %q, want %q", c.delimiter, row, name, g, want)
					}
				}
			}
		}
	}
}

// TestJSONIsReadBackByPython, as an array and line by line.
func TestJSONIsReadBackByPython(t *testing.T) {
	const rows = 100
	v := exported(t, rows)
	for _, format := range []result.Format{result.JSON, result.NDJSON} {
		var got []map[string][2]any
		readBack(t, v, result.Options{Format: format, Indent: true}, []string{format.String()}, &got)
		if len(got) != rows {
			t.Fatalf("%s: %d rows", format, len(got))
		}
		for row, cells := range got {
			for col, name := range v.Headers() {
				want := wantedJSON(v, row, col)
				if g := fmt.Sprint(cells[name]); g != fmt.Sprint(want) {
					t.Fatalf("%s, row %d, %s: %v, want %v", format, row, name, g, want)
				}
			}
		}
	}
}

func wantedJSON(v *result.View, row, col int) [2]any {
	value := v.Value(row, col)
	switch value.Kind {
	case result.KindNull:
		return [2]any{}
	case result.KindTime:
		return [2]any{"text", strings.Replace(v.Cell(row, col), " ", "T", 1)}
	case result.KindDuration:
		return [2]any{"text", v.Cell(row, col)}
	case result.KindUint:
		return [2]any{"number", v.Cell(row, col)}
	case result.KindList:
		list, _ := json.Marshal(value.Items)
		var items []string
		_ = json.Unmarshal(list, &items)
		return [2]any{"list", pythonList(items)}
	}
	return wanted(v, row, col)
}

// pythonList is json.dumps of a list of texts.
func pythonList(items []string) string {
	var parts []string
	for _, item := range items {
		var b strings.Builder
		b.WriteByte('"')
		for _, r := range item {
			switch {
			case r == '"' || r == '\\':
				b.WriteString(`\` + string(r))
			case r == '\n':
				b.WriteString(`\n`)
			case r == '\r':
				b.WriteString(`\r`)
			case r == '\t':
				b.WriteString(`\t`)
			case r > 0xFFFF:
				r -= 0x10000
				fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
			case r > 0x7E:
				fmt.Fprintf(&b, `\u%04x`, r)
			default:
				b.WriteRune(r)
			}
		}
		b.WriteByte('"')
		parts = append(parts, b.String())
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// wanted is what a workbook's cell is to be.
func wanted(v *result.View, row, col int) [2]any {
	value := v.Value(row, col)
	switch value.Kind {
	case result.KindBool:
		return [2]any{"bool", value.Bool}
	case result.KindInt:
		return [2]any{"number", strconv.FormatInt(value.Int, 10)}
	case result.KindFloat:
		return [2]any{"number", number(value.Float)}
	case result.KindDecimal:
		f, _ := strconv.ParseFloat(value.Text, 64)
		return [2]any{"number", number(f)}
	case result.KindTime:
		return [2]any{"date", strings.TrimSuffix(strings.Replace(v.Cell(row, col), " ", "T", 1), "Z")}
	case result.KindDuration:
		return [2]any{"span", strconv.FormatInt(value.Int/10_000_000, 10)}
	case result.KindNull:
		return [2]any{}
	}
	return [2]any{"text", v.Cell(row, col)}
}

// number is repr of a float, or of a whole number that a workbook has.
func number(f float64) string {
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// TestWorkbooksAreReadBackByOpenpyxl: every value with its type, a frozen header, a
// filter, formats, a cover.
func TestWorkbooksAreReadBackByOpenpyxl(t *testing.T) {
	const rows = 300
	v := exported(t, rows)
	cover := []result.CoverLine{{Label: "What", Value: "Get-Mailbox"}, {Label: "Whole", Value: "yes"}}
	var got map[string]json.RawMessage
	readBack(t, v, result.Options{Format: result.XLSX, Cover: cover}, []string{"xlsx"}, &got)
	var about, sheet [][][]any
	var frozen []*string
	var filters []*string
	var formats [][]string
	for name, to := range map[string]any{"About this file": &about, "Get-Mailbox": &sheet, "frozen": &frozen, "filters": &filters, "formats": &formats} {
		if err := json.Unmarshal(got[name], to); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if fmt.Sprint(about) != "[[[text What] [text Get-Mailbox]] [[text Whole] [text yes]]]" {
		t.Errorf("cover %v", about)
	}
	if frozen[1] == nil || *frozen[1] != "A2" || filters[1] == nil || *filters[1] != "A1:K301" {
		t.Errorf("frozen at %v, filter %v", frozen, filters)
	}
	for col, want := range map[int]string{3: "0", 5: "General", 7: `yyyy\-mm\-dd\ hh:mm:ss`, 8: "[h]:mm:ss"} {
		if f := strings.ReplaceAll(formats[0][col], " hh", `\ hh`); f != want && formats[0][col] != want {
			t.Errorf("column %d has the format %q, want %q", col, formats[0][col], want)
		}
	}
	if len(sheet) != rows+1 {
		t.Fatalf("%d rows", len(sheet))
	}
	for row := range rows {
		for col, name := range v.Headers() {
			want := wanted(v, row, col)
			var g [2]any
			copy(g[:], sheet[row+1][col])
			if fmt.Sprint(g) != fmt.Sprint(want) {
				t.Fatalf("row %d, %s: %q, want %q", row, name, fmt.Sprint(g), fmt.Sprint(want))
			}
		}
	}
}
