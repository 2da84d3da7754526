package result_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"postroom/session/result"
)

// lists has a row with two lists, a size, dates and a number.
func lists(t *testing.T) *result.View {
	t.Helper()
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox"})
	b := table.Builder()
	feedLists(t, b)
	return table.Snapshot()
}

func feedLists(t *testing.T, b result.Appender) {
	t.Helper()
	b.BeginRow()
	b.Text([]byte("Name"), []byte("Ada"))
	b.List([]byte("Mail"), [][]byte{[]byte("a@x"), []byte("b@x"), []byte("c@x")}, nil)
	b.List([]byte("Tags"), [][]byte{[]byte("t")}, nil)
	b.Text([]byte("Size"), []byte("2 GB (2,147,483,648 bytes)"))
	b.Time([]byte("When"), result.Time{Ticks: 638451255671234567, Kind: result.TimeUTC})
	b.Time([]byte("Bare"), result.Time{Ticks: 638451255670000000})
	b.Float([]byte("Ratio"), 1.5)
	check(t, b.EndRow())
	b.BeginRow()
	b.Text([]byte("Name"), []byte("Bo"))
	b.List([]byte("Mail"), nil, nil)
	b.Text([]byte("Size"), []byte("Unlimited"))
	check(t, b.EndRow())
}

func TestValuesAreWrittenAsChosen(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	plain := result.CSVOptions{NoBOM: true, LF: true, NoHeader: true}
	for name, c := range map[string]struct {
		values result.ValueOptions
		csv    result.CSVOptions
		want   string
	}{
		"as they came": {
			want: "Ada,a@x; b@x; c@x,t,\"2 GB (2,147,483,648 bytes)\",2024-03-04T05:06:07.1234567Z,2024-03-04T05:06:07,1.5\nBo,,,Unlimited,,,\n",
		},
		"bytes and local dates": {
			values: result.ValueOptions{Sizes: result.SizeBytes, Dates: result.LocalDates, Zone: berlin, ListSeparator: "|"},
			want:   "Ada,a@x|b@x|c@x,t,2147483648,2024-03-04 06:06:07+01:00,2024-03-04 05:06:07,1.5\nBo,,,Unlimited,,,\n",
		},
		"exploded": {
			values: result.ValueOptions{Lists: result.ExplodedLists, Sizes: result.SizeBytes, Dates: result.Invariant},
			want: "Ada,a@x,t,2147483648,03/04/2024 05:06:07,03/04/2024 05:06:07,1.5\n" +
				"Ada,b@x,,2147483648,03/04/2024 05:06:07,03/04/2024 05:06:07,1.5\n" +
				"Ada,c@x,,2147483648,03/04/2024 05:06:07,03/04/2024 05:06:07,1.5\nBo,,,Unlimited,,,\n",
		},
		"for Germany": {
			csv:  result.LocaleCSV("de_DE.UTF-8"),
			want: "Ada;\"a@x; b@x; c@x\";t;2 GB (2,147,483,648 bytes);2024-03-04T05:06:07.1234567Z;2024-03-04T05:06:07;1,5\nBo;;;Unlimited;;;\n",
		},
	} {
		options := result.Options{Values: c.values, CSV: plain}
		options.CSV.Delimiter, options.CSV.DecimalComma = c.csv.Delimiter, c.csv.DecimalComma
		var whole, streamed bytes.Buffer
		writeAs(t, &whole, lists(t), options)
		s := result.NewStream(&streamed, result.StreamOptions{Options: options})
		feedLists(t, s)
		check(t, s.Flush(t.Context()))
		if whole.String() != c.want || streamed.String() != c.want {
			t.Errorf("%s:\n%s\nstreamed\n%s\nwant\n%s", name, whole.String(), streamed.String(), c.want)
		}
	}
}

func TestLocales(t *testing.T) {
	for locale, want := range map[string]result.CSVOptions{
		"": {}, "C": {}, "en-US": {}, "en_GB.UTF-8": {}, "ja": {}, "es-MX": {}, "de_CH.UTF-8": {Delimiter: ';'},
		"de": {Delimiter: ';', DecimalComma: true}, "fr-CA": {Delimiter: ';', DecimalComma: true}, "en_ZA": {Delimiter: ';', DecimalComma: true},
	} {
		if got := result.LocaleCSV(locale); got != want {
			t.Errorf("%q: %+v, want %+v", locale, got, want)
		}
	}
}

func TestMarkdownAndHTML(t *testing.T) {
	table := result.NewTable(result.Provenance{Command: "Get-Thing"})
	b := table.Builder()
	b.BeginRow()
	b.Text([]byte("A|b"), []byte("x|y *z*\r\n<script>&\x1b"))
	b.Int([]byte("N"), 5)
	check(t, b.EndRow())
	cover := []result.CoverLine{{Label: "Tenant", Value: "a_b.example"}}
	var out bytes.Buffer
	writeAs(t, &out, table.Snapshot(), result.Options{Format: result.Markdown, Cover: cover})
	want := "- **Tenant:** a\\_b.example\n\n| A\\|b | N |\n| --- | ---: |\n| x\\|y \\*z\\*<br>&lt;script&gt;&amp;  | 5 |\n"
	if out.String() != want {
		t.Errorf("Markdown is\n%q\nwant\n%q", out.String(), want)
	}
	out.Reset()
	writeAs(t, &out, table.Snapshot(), result.Options{Format: result.HTML, Cover: cover})
	for _, part := range []string{
		"<title>Get-Thing</title>", "<b>Tenant:</b> a_b.example<br>", "<th>A|b</th><th>N</th>",
		"<tr><td>x|y *z*&#13;\n&lt;script&gt;&amp;\uFFFD</td><td class=\"n\">5</td></tr>", "</table>",
	} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("HTML lacks %q:\n%s", part, out.String())
		}
	}
}

func TestFormatsAreFoundByName(t *testing.T) {
	for name, want := range map[string]result.Format{
		"csv": result.CSV, "report.CSV": result.CSV, ".xlsx": result.XLSX, "a.b.json": result.JSON, "x.jsonl": result.NDJSON,
		"page.htm": result.HTML, "html": result.HTML, "notes.md": result.Markdown, "markdown": result.Markdown, "t.tsv": result.TSV,
	} {
		if got, ok := result.FormatOf(name); !ok || got != want {
			t.Errorf("%s: %v, %v, want %v", name, got, ok, want)
		}
	}
	if got, ok := result.FormatOf("report.pdf"); ok {
		t.Errorf("report.pdf is %v", got)
	}
}

// TestWorkbooksWithACoverAndASheetPerTenant.
func TestWorkbooksWithACoverAndASheetPerTenant(t *testing.T) {
	table := result.NewTable(result.Provenance{Command: "Get-Mailbox"}, result.TenantColumn)
	for i, tenant := range []string{"b.example", "a.example", "b.example", strings.Repeat("long", 20), strings.Repeat("long", 20) + "er"} {
		b := table.Builder()
		b.BeginRow()
		b.Own(result.TenantColumn, []byte(tenant))
		b.Int([]byte("N"), int64(i))
		check(t, b.EndRow())
	}
	var out bytes.Buffer
	report := writeAs(t, &out, table.Snapshot(), result.Options{
		Format: result.XLSX, XLSX: result.XLSXOptions{SheetPerTenant: true},
		Cover: []result.CoverLine{{Label: "What", Value: "Get-Mailbox"}, {Label: "Whole", Value: "yes"}},
	})
	f := readWorkbook(t, &out)
	want := []string{"About this file", "a.example", "b.example", "longlonglonglonglonglonglonglon", "longlonglonglonglonglonglon (2)"}
	if got := f.GetSheetList(); strings.Join(got, " ") != strings.Join(want, " ") || report.Sheets != 4 || report.Rows != 5 {
		t.Fatalf("sheets %q, %+v", got, report)
	}
	for sheet, rows := range map[string]string{"About this file": "[[What Get-Mailbox] [Whole yes]]", "b.example": "[[Tenant N] [b.example 0] [b.example 2]]"} {
		got, err := f.GetRows(sheet)
		check(t, err)
		if text := fmt.Sprint(got); text != rows {
			t.Errorf("%s: %s, want %s", sheet, text, rows)
		}
	}
}

// TestProgressAndCancel: a long export says how far it is, and ends when it is told to.
func TestProgressAndCancel(t *testing.T) {
	view := numbers(t, 50_000).Snapshot()
	for _, format := range result.Formats() {
		var told []int
		_, err := result.Write(t.Context(), &bytes.Buffer{}, view, result.Options{Format: format, Progress: func(rows int) { told = append(told, rows) }})
		check(t, err)
		if len(told) < 10 || told[len(told)-1] < 45_000 {
			t.Errorf("%s: told %v", format, told)
		}
		if _, err := result.Write(after(3), &bytes.Buffer{}, view, result.Options{Format: format}); err == nil {
			t.Errorf("%s: went on", format)
		}
	}
}

// TestAWorkbookSaysWhatItDropped.
func TestAWorkbookSaysWhatItDropped(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	b.BeginRow()
	for i := range 16_390 {
		b.Int([]byte("c"+strconv.Itoa(i)), int64(i))
	}
	check(t, b.EndRow())
	report := writeAs(t, &bytes.Buffer{}, table.Snapshot(), result.Options{Format: result.XLSX})
	if report.DroppedColumns != 6 || report.Whole() {
		t.Errorf("%+v, want 6 dropped columns", report)
	}
}
