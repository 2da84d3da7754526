package result_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/session/result"
	"postroom/test/fixture"
)

// csvCases are the recorded files that a result alone decides; the others depend on what
// a pipeline did before, or on types that rows do not carry.
var csvCases = map[string]func(*result.CSVOptions){
	"dictionary":       nil,
	"empty":            nil,
	"headers":          nil,
	"headers-asneeded": func(o *result.CSVOptions) { o.QuoteAll = false },
	"mailbox-all":      nil,
	"mailbox-select":   nil,
	"mixed-shape":      nil,
	"noheader":         func(o *result.CSVOptions) { o.NoHeader = true },
	"null-items":       nil,
	"remoting-notes":   nil,
	"semicolon": func(o *result.CSVOptions) {
		o.Delimiter, o.QuoteAll, o.NoBOM = ';', false, false
	},
	"typeinfo":  nil,
	"typeinfo2": nil,
}

// selected are the columns that a case's command chose.
func selected(command string) []string {
	_, after, ok := strings.Cut(command, "Select-Object ")
	if !ok {
		return nil
	}
	names, _, _ := strings.Cut(after, "|")
	return strings.Split(names, ",")
}

// powerShellCSV gives the options with which the bytes are those that Export-Csv of
// PowerShell 7 writes for objects from a remote session, in the invariant culture, on
// Linux and macOS; on Windows its lines end with CRLF.
func powerShellCSV() result.Options {
	return result.Options{
		Values: result.ValueOptions{ListSeparator: " ", Dates: result.Invariant},
		CSV:    result.CSVOptions{NoBOM: true, LF: true, QuoteAll: true, Machine: true, PowerShell: true},
	}
}

func TestPowerShellCSVIsThatOfExportCsv(t *testing.T) {
	dir := fixture.Path(t, "powershell", "csv")
	for name, change := range csvCases {
		t.Run(name, func(t *testing.T) {
			want := fixture.Read(t, "powershell", "csv", name+".csv")
			if bytes.HasPrefix(want, []byte("#TYPE")) {
				_, want, _ = bytes.Cut(want, []byte("\n")) // the type's name is not a row's
			}
			command, err := os.ReadFile(filepath.Join(dir, name+".cmd.txt"))
			check(t, err)
			document := readCLIXML(t, fixture.Read(t, "powershell", "csv", name+".clixml"))
			options := powerShellCSV()
			if change != nil {
				change(&options.CSV)
			}

			table := result.NewTable(result.Provenance{})
			document.feed(t, table.Builder())
			view := table.Snapshot()
			columns := selected(string(command))
			if columns != nil {
				var missing []string
				if view, missing = view.WithColumnNames(columns...); missing != nil {
					t.Fatalf("missing columns %q", missing)
				}
			}
			var got bytes.Buffer
			writeAs(t, &got, view, options)
			compareBytes(t, "view", got.Bytes(), want)

			got.Reset()
			stream := result.NewStream(&got, result.StreamOptions{Options: options, Columns: columns})
			document.feed(t, stream)
			check(t, stream.Flush(t.Context()))
			compareBytes(t, "stream", got.Bytes(), want)
		})
	}
}

func compareBytes(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	from := max(0, at-40)
	t.Errorf("%s: differs at byte %d of %d and %d:\n got %q\nwant %q", what, at, len(got), len(want),
		got[from:min(len(got), at+40)], want[from:min(len(want), at+40)])
}

// value is a row of values.json: the value as an independent reader describes it.
type value struct {
	Name   string
	Value  node
	Type   string
	CSV    string `json:"csvDeserialized"`
	Needed string `json:"csvAsNeeded"`
	Semi   string `json:"csvSemicolonAsNeeded"`
}

type node struct {
	Kind, Tag, Value, ToString, BaseType string
	TypeNames                            []string
	String                               *string
	List                                 string
	Items                                []node
	Dict                                 json.RawMessage
}

func TestPowerShellCSVOfEveryKindOfValue(t *testing.T) {
	var values []value
	check(t, json.Unmarshal(fixture.Read(t, "powershell", "csv", "values.json"), &values))
	for _, v := range values {
		for i, form := range []struct {
			want   string
			change func(*result.CSVOptions)
		}{
			{v.CSV, nil},
			{v.Needed, func(o *result.CSVOptions) { o.QuoteAll = false }},
			{v.Semi, func(o *result.CSVOptions) { o.QuoteAll, o.Delimiter = false, ';' }},
		} {
			options := powerShellCSV()
			options.CSV.NoHeader = true
			if form.change != nil {
				form.change(&options.CSV)
			}
			table := result.NewTable(result.Provenance{})
			b := table.Builder()
			b.BeginRow()
			feedNode(t, b, v.Value)
			check(t, b.EndRow())
			var got bytes.Buffer
			writeAs(t, &got, table.Snapshot(), options)
			// The two other forms are of live objects, whose lists are the name of a type.
			if line := strings.TrimSuffix(got.String(), "\n"); line != form.want && (i == 0 || v.Value.List == "") {
				t.Errorf("%s: %q, want %q", v.Name, line, form.want)
			}
		}
	}
	if len(values) < 70 {
		t.Errorf("only %d values", len(values))
	}
}

func feedNode(t *testing.T, b *result.Builder, n node) {
	t.Helper()
	name := []byte("V")
	d := &document{}
	switch {
	case n.Kind == "null":
		b.Null(name)
	case n.Kind == "primitive":
		text, _, _ := strings.Cut(n.Value, "|")
		switch n.Tag {
		case "B":
			text = strings.ToLower(text)
		case "TS":
			ticks := strings.TrimPrefix(text, "ticks=")
			e := element{Text: ticks}
			e.XMLName.Local = "I64"
			b.Duration(name, parseInt(t, ticks))
			return
		case "S", "SBK", "XD", "SS":
			text = strings.ReplaceAll(n.Value, "_x", "_x005F_x")
		case "DT":
			text = strings.Split(n.Value, "|")[0]
		}
		e := element{Text: text}
		e.XMLName.Local = n.Tag
		d.cell(t, b, "V", e)
	case n.List != "":
		var items [][]byte
		for _, item := range n.Items {
			items = append(items, []byte(itemText(item)))
		}
		b.List(name, items, nil)
	case n.ToString != "":
		b.Nested(name, []byte(n.ToString), nil)
	default:
		b.Nested(name, []byte(n.BaseType), nil)
	}
}

func itemText(n node) string {
	switch {
	case n.Kind == "primitive":
		return n.Value
	case len(n.TypeNames) > 0 && strings.HasSuffix(n.TypeNames[0], "PSCustomObject"):
		return ""
	}
	return n.ToString
}

func TestCSVDefaultsAreForSpreadsheets(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	b.BeginRow()
	b.Text([]byte("Name"), []byte("=cmd|' /C calc'!A0"))
	b.List([]byte("Addresses"), [][]byte{[]byte("a"), []byte("b")}, nil)
	b.Time([]byte("When"), result.Time{Ticks: 638451255671234567, Kind: result.TimeUTC})
	b.Text([]byte("@Odd"), []byte(" x"))
	check(t, b.EndRow())
	var got bytes.Buffer
	check(t, writeCSV(t.Context(), &got, table.Snapshot(), result.CSVOptions{}))
	want := "\uFEFFName,Addresses,When,'@Odd\r\n" +
		"'=cmd|' /C calc'!A0,a; b,2024-03-04T05:06:07.1234567Z,\" x\"\r\n"
	if got.String() != want {
		t.Errorf("got\n%q\nwant\n%q", got.String(), want)
	}
}

func TestFormulaGuard(t *testing.T) {
	for text, guarded := range map[string]bool{
		"=1+1": true, "+1+1": true, "-1+1": true, "@SUM(A1)": true, "\tx": true, "\rx": true, "\nx": true,
		"+cmd": true, "-": true, "+": true, "--5": true,
		"-5": false, "+5": false, "-1.5": false, "-1,234.50": false, "+49123456": false,
		"a=1": false, "": false, "5": false, "'x": false, "x-1": false, "-5.": true, "-.5": true,
	} {
		table := textTable(t, text, "other")
		var safe, machine bytes.Buffer
		check(t, writeCSV(t.Context(), &safe, table, result.CSVOptions{NoHeader: true, NoBOM: true, LF: true}))
		check(t, writeCSV(t.Context(), &machine, table, result.CSVOptions{NoHeader: true, NoBOM: true, LF: true, Machine: true}))
		want := text
		if guarded {
			want = "'" + text
		}
		if got := firstField(t, safe.String()); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if got := firstField(t, machine.String()); got != text {
			t.Errorf("%q for machines: %q", text, got)
		}
	}
}

// textTable gives a view of one row with these texts in columns A, B and so on.
func textTable(t *testing.T, texts ...string) *result.View {
	t.Helper()
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	b.BeginRow()
	for i, text := range texts {
		b.Text([]byte{'A' + byte(i)}, []byte(text))
	}
	check(t, b.EndRow())
	return table.Snapshot()
}

func firstField(t *testing.T, text string) string {
	t.Helper()
	quoted := strings.HasPrefix(text, `"`)
	if strings.Contains(text, "\r") {
		// encoding/csv makes LF of CRLF; what is checked here is not that.
		if !quoted {
			t.Errorf("CR without quotes in %q", text)
		}
		end := strings.Index(text[1:], `"`)
		return text[1 : 1+end]
	}
	record, err := csv.NewReader(strings.NewReader(text)).Read()
	check(t, err)
	return record[0]
}

func TestCSVIsReadBack(t *testing.T) {
	texts := []string{"", " ", "a,b", `"`, `""`, "a\nb", "\n", "x\"y,z\n", "é", "a;b", "\ufeffx", "end "}
	for _, all := range []bool{false, true} {
		for _, delimiter := range []rune{',', ';', '\t', '|'} {
			view := textTable(t, texts...)
			var b bytes.Buffer
			check(t, writeCSV(t.Context(), &b, view, result.CSVOptions{NoBOM: true, QuoteAll: all, Delimiter: delimiter, Machine: true}))
			r := csv.NewReader(&b)
			r.Comma = delimiter
			records, err := r.ReadAll()
			check(t, err)
			if len(records) != 2 {
				t.Fatalf("%d records, want 2", len(records))
			}
			for i, text := range texts {
				if records[1][i] != text {
					t.Errorf("%q came back as %q", text, records[1][i])
				}
			}
		}
	}
	// One column whose cell is empty is a line all the same.
	var b bytes.Buffer
	check(t, writeCSV(t.Context(), &b, textTable(t, ""), result.CSVOptions{NoBOM: true}))
	if b.String() != "A\r\n\"\"\r\n" {
		t.Errorf("one empty cell is written as %q", b.String())
	}
}

func TestLoneSurrogatesBecomeReplacementCharacters(t *testing.T) {
	view := textTable(t, "a\xed\xa0\x80b\xed\xb0\x80", "\xff\xfe")
	var b bytes.Buffer
	check(t, writeCSV(t.Context(), &b, view, result.CSVOptions{NoBOM: true, NoHeader: true, LF: true}))
	if want := "a\uFFFDb\uFFFD,\uFFFD\uFFFD\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	if got := view.Value(0, 0).Text; got != "a\xed\xa0\x80b\xed\xb0\x80" {
		t.Errorf("the value itself is %q", got)
	}
}

type failingWriter struct{ after int }

var errDiskFull = errors.New("disk full")

func (w *failingWriter) Write(b []byte) (int, error) {
	if w.after -= len(b); w.after < 0 {
		return 0, errDiskFull
	}
	return len(b), nil
}

func TestWritersReportTheWritersError(t *testing.T) {
	view := numbers(t, 20000).Snapshot()
	ctx := t.Context()
	for name, err := range map[string]error{
		"csv":  writeCSV(ctx, &failingWriter{after: 70000}, view, result.CSVOptions{}),
		"text": result.WriteText(ctx, &failingWriter{}, view, result.TextOptions{}),
	} {
		if !errors.Is(err, errDiskFull) {
			t.Errorf("%s: %v, want %v", name, err, errDiskFull)
		}
	}
	for _, format := range result.Formats() {
		if _, err := result.Write(ctx, &failingWriter{}, view, result.Options{Format: format}); !errors.Is(err, errDiskFull) {
			t.Errorf("%s: %v, want %v", format, err, errDiskFull)
		}
	}
	stream := result.NewStream(&failingWriter{}, result.StreamOptions{})
	var err error
	for i := 0; err == nil && i < 100000; i++ {
		stream.BeginRow()
		stream.Int([]byte("N"), int64(i))
		err = stream.EndRow()
	}
	if !errors.Is(err, errDiskFull) {
		t.Errorf("stream: %v, want %v", err, errDiskFull)
	}
}

// TestFormulasHide behind what cannot be seen, in full width, and behind separators at
// which another program splits.
func TestFormulasHide(t *testing.T) {
	for text, want := range map[string]string{
		"\uFF1D1+1": "'\uFF1D1+1", "\uFF0Bcmd": "'\uFF0Bcmd", "\uFF0Dcmd": "'\uFF0Dcmd", "\uFF20SUM(A1)": "'\uFF20SUM(A1)",
		"\u200B=1": "'\u200B=1", " =1": "' =1", "\u00A0@x": "'\u00A0@x", "\uFEFF+x": "'\uFEFF+x", "\u202E=1": "'\u202E=1",
		"\x00=1": "'\x00=1", "\u3164=1": "'\u3164=1", "\u00AD-x": "'\u00AD-x",
		"a;=1+1": "a;'=1+1", "a,=1": "a,'=1", "a\t@x": "a\t'@x", "a\n=1": "a\n'=1", "a|-x;+y": "a|'-x;'+y",
		"a; =1": "a; '=1", "=1;=2": "'=1;'=2", "a;-5": "a;-5", "a;\uFF0D5": "a;\uFF0D5", "a;-5 EUR": "a;'-5 EUR",
		"\t\n=x": "'\t\n'=x", "\r=x": "'\r'=x", "\n=x": "'\n'=x", " \r\uFF0B": "' \r'\uFF0B", "a; b": "a; b", "a=b;c+d": "a=b;c+d", "\uFF21": "\uFF21", "ends;": "ends;", "é=1": "é=1",
	} {
		var b bytes.Buffer
		check(t, writeCSV(t.Context(), &b, textTable(t, text, "other"), result.CSVOptions{NoHeader: true, NoBOM: true, LF: true, QuoteAll: true}))
		if got := strings.TrimSuffix(strings.TrimPrefix(b.String(), `"`), "\",\"other\"\n"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestCSVOfManyRowsIsThatOfFew: blocks that several processors write are the rows in their
// order, whatever their size, sorted or not, and an end is one at any place.
func TestCSVOfManyRowsIsThatOfFew(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	const rows = 9000
	for i := range rows {
		b.BeginRow()
		b.Int([]byte("N"), int64(i*7919%rows))
		b.Text([]byte("T"), []byte(strings.Repeat("x,", i%50)))
		if i%1000 == 0 {
			b.Text([]byte("Huge"), []byte(strings.Repeat("y", 200_000)))
		}
		b.List([]byte("L"), [][]byte{[]byte("a"), []byte("b")}, nil)
		check(t, b.EndRow())
	}
	all := table.Snapshot()
	sorted, err := all.SortedBy(t.Context(), result.SortKey{})
	check(t, err)
	for _, v := range []*result.View{all, sorted} {
		for _, lists := range []result.ListStyle{result.JoinedLists, result.ExplodedLists} {
			wholeAndInParts(t, v, rows, result.Options{Values: result.ValueOptions{Lists: lists}, CSV: result.CSVOptions{NoBOM: true}})
		}
	}
	full := errDiskFull
	if _, err := result.Write(t.Context(), &failingWriter{after: 100_000}, all, result.Options{}); !errors.Is(err, full) {
		t.Errorf("%v, want that the disk is full", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err = result.Write(ctx, io.Discard, all, result.Options{Progress: func(rows int) {
		if rows > 0 {
			cancel(full)
		}
	}})
	if !errors.Is(err, full) {
		t.Errorf("%v, want the cause of the end", err)
	}
}

// wholeAndInParts writes a view of rows at once, and thousand rows after thousand, which are
// too few for blocks; both give the same bytes.
func wholeAndInParts(t *testing.T, v *result.View, rows int, o result.Options) {
	t.Helper()
	var whole, parts bytes.Buffer
	told := 0
	o.Progress = func(int) { told++ }
	written, err := result.Write(t.Context(), &whole, v, o)
	check(t, err)
	o.Progress = nil
	lines := 0
	for from := 0; from < rows; from += 1000 {
		some := make([]int, 1000)
		for i := range some {
			some[i] = from + i
		}
		o.CSV.NoHeader = from > 0
		part, err := result.Write(t.Context(), &parts, v.WithRows(some...), o)
		check(t, err)
		lines += part.Rows
	}
	if !bytes.Equal(whole.Bytes(), parts.Bytes()) || written.Rows != lines || told == 0 {
		t.Errorf("%d bytes in %d lines, want %d in %d; told %d times", whole.Len(), written.Rows, parts.Len(), lines, told)
	}
}
