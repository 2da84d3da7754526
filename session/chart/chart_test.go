package chart_test

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"postroom/session/chart"
	"postroom/session/result"
)

// mailbox is a row of the tests.
type mailbox struct {
	tenant, name string
	size         string
	items        int64
	day          int // of March 2026
}

var mailboxes = []mailbox{
	{"alpenhof.example", "Ada", "2 GB (2,147,483,648 bytes)", 10, 1},
	{"alpenhof.example", "Ben", "1 GB (1,073,741,824 bytes)", 20, 1},
	{"nordsee.example", "Cora", "4 GB (4,294,967,296 bytes)", 30, 3},
	{"nordsee.example", "Ada", "512 MB (536,870,912 bytes)", 5, 4},
	{"nordsee.example", "Dora", "Unlimited", 7, 4},
}

func view(t testing.TB, rows []mailbox) *result.View {
	t.Helper()
	table := result.NewTable(result.Provenance{}, result.TenantColumn)
	b := table.Builder()
	for _, m := range rows {
		b.BeginRow()
		b.Own(result.TenantColumn, []byte(m.tenant))
		b.Text([]byte("DisplayName"), []byte(m.name))
		b.Text([]byte("TotalItemSize"), []byte(m.size))
		b.Int([]byte("ItemCount"), m.items)
		at := time.Date(2026, 3, m.day, 12, 0, 0, 0, time.UTC)
		b.Time([]byte("WhenCreated"), result.Time{Ticks: at.Unix()*10_000_000 + 621_355_968_000_000_000})
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	return table.Snapshot()
}

func made(t testing.TB, v *result.View, s chart.Spec) *chart.Chart {
	t.Helper()
	c, err := chart.Of(t.Context(), v, s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBarsOfTheLargest(t *testing.T) {
	labels, series := made(t, view(t, mailboxes), chart.Spec{Kind: chart.Bars, Value: "TotalItemSize", Label: "DisplayName", Stack: "Tenant"}).Points()
	// Two people of one name in two tenants are two.
	if want := []string{"Cora", "Ada · alpenhof.example", "Ben", "Ada · nordsee.example"}; !slices.Equal(labels, want) {
		t.Errorf("bars %q, want %q", labels, want)
	}
	const gb = 1 << 30
	if got := series["alpenhof.example"]; !slices.Equal(got, []float64{0, 2 * gb, 1 * gb, 0}) {
		t.Errorf("alpenhof %v", got)
	}
	if got := series["nordsee.example"]; !slices.Equal(got, []float64{4 * gb, 0, 0, gb / 2}) {
		t.Errorf("nordsee %v", got)
	}
}

func TestBarsOfRows(t *testing.T) {
	labels, series := made(t, view(t, mailboxes), chart.Spec{Kind: chart.Bars, Label: "Tenant", Stack: "Tenant"}).Points()
	if !slices.Equal(labels, []string{"nordsee.example", "alpenhof.example"}) || !slices.Equal(series["nordsee.example"], []float64{3, 0}) || !slices.Equal(series["alpenhof.example"], []float64{0, 2}) {
		t.Errorf("%q %v", labels, series)
	}
}

// Every row is in one range, and each range's rows are those that a count of the
// numbers finds.
func TestHistogram(t *testing.T) {
	var rows []mailbox
	for i := range 400 {
		rows = append(rows, mailbox{"a.example", fmt.Sprint(i), "1 KB (1,024 bytes)", int64(i*i%997 - 100), 1})
	}
	labels, series := made(t, view(t, rows), chart.Spec{Kind: chart.Histogram, Value: "ItemCount"}).Points()
	total := 0.0
	for i, label := range labels {
		var from, to float64
		if _, err := fmt.Sscanf(label, "%g-%g", &from, &to); err != nil {
			from, to = between(t, label)
		}
		want := 0.0
		for _, r := range rows {
			if n := float64(r.items); n >= from && n < to {
				want++
			}
		}
		if got := series[""][i]; got != want {
			t.Errorf("%s: %v rows, want %v", label, got, want)
		}
		total += series[""][i]
	}
	if total != 400 || len(labels) < 5 {
		t.Errorf("%v rows in %d ranges", total, len(labels))
	}
}

func between(t *testing.T, label string) (from, to float64) {
	t.Helper()
	at := strings.Index(label[1:], "-") + 1
	if _, err := fmt.Sscan(label[:at], &from); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(label[at+1:], &to); err != nil {
		t.Fatal(err)
	}
	return from, to
}

// A day without rows is there, and counts none.
func TestLineByDay(t *testing.T) {
	labels, series := made(t, view(t, mailboxes), chart.Spec{Kind: chart.Line, Label: "WhenCreated", Stack: "Tenant"}).Points()
	if want := []string{"2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"}; !slices.Equal(labels, want) {
		t.Errorf("days %q", labels)
	}
	if !slices.Equal(series["alpenhof.example"], []float64{2, 0, 0, 0}) || !slices.Equal(series["nordsee.example"], []float64{0, 0, 1, 2}) {
		t.Errorf("%v", series)
	}
}

// Years of days are put together by weeks, and no row is lost: a line of thousands of points
// took minutes to draw.
func TestYearsAreDrawnByWeeks(t *testing.T) {
	var rows []mailbox
	for i := range 300 {
		rows = append(rows, mailbox{[]string{"alpenhof.example", "nordsee.example"}[i%2], "Ada", "1 GB (1,073,741,824 bytes)", 1, i * 10})
	}
	c := made(t, view(t, rows), chart.Spec{Kind: chart.Line, Label: "WhenCreated", Stack: "Tenant"})
	labels, series := c.Points()
	sum := 0.0
	for _, values := range series {
		for _, v := range values {
			sum += v
		}
	}
	if sum != 300 || len(labels) > 450 || len(labels) < 200 || len(series["nordsee.example"]) != len(labels) {
		t.Errorf("%v rows at %d points", sum, len(labels))
	}
	var svg bytes.Buffer
	if err := c.SVG(&svg, chart.Style{Language: "de"}); err != nil {
		t.Fatal(err)
	}
	if text := texts(t, &svg); !strings.Contains(text, "je 14 Tage") {
		t.Errorf("it does not say what a point is: %q", text)
	}
}

// A chart shows the view as it is filtered.
func TestTheFilterCounts(t *testing.T) {
	v := view(t, mailboxes).WithRows(0, 1)
	if labels, _ := made(t, v, chart.Spec{Kind: chart.Bars, Value: "ItemCount", Label: "DisplayName"}).Points(); !slices.Equal(labels, []string{"Ben", "Ada"}) {
		t.Errorf("bars %q", labels)
	}
}

func TestOffers(t *testing.T) {
	got, err := chart.Offers(t.Context(), view(t, mailboxes))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) == 0 || got[0] != (chart.Spec{Kind: chart.Bars, Value: "TotalItemSize", Label: "DisplayName", Stack: "Tenant"}) {
		t.Errorf("first is %+v", got)
	}
	for _, s := range got {
		made(t, view(t, mailboxes), s)
	}
	if !slices.ContainsFunc(got, func(s chart.Spec) bool { return s.Kind == chart.Line && s.Label == "WhenCreated" }) {
		t.Errorf("no line among %+v", got)
	}
	if none, _ := chart.Offers(t.Context(), view(t, nil)); len(none) != 0 {
		t.Errorf("nothing offers %+v", none)
	}
}

func TestWhatCannotBeDrawn(t *testing.T) {
	var missing *chart.ColumnError
	if _, err := chart.Of(t.Context(), view(t, mailboxes), chart.Spec{Kind: chart.Bars, Value: "Colour"}); !errors.As(err, &missing) || missing.Column != "Colour" {
		t.Errorf("%v", err)
	}
	if _, err := chart.Of(t.Context(), view(t, mailboxes), chart.Spec{Kind: chart.Histogram, Value: "DisplayName"}); !errors.Is(err, chart.ErrNothing) {
		t.Errorf("%v", err)
	}
	if _, err := chart.Of(t.Context(), view(t, mailboxes), chart.Spec{Kind: chart.Line, Label: "DisplayName"}); !errors.Is(err, chart.ErrNothing) {
		t.Errorf("%v", err)
	}
}

// The pictures are what their readers take: a PNG of the size in pixels, a
// well-formed SVG with the labels in the language.
func TestPictures(t *testing.T) {
	v := view(t, mailboxes)
	offers, err := chart.Offers(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range offers {
		c := made(t, v, s)
		for _, style := range []chart.Style{
			{Title: "Größen", Language: "de-DE", Width: 480, Height: 300, Scale: 1.5, Colors: map[string]color.Color{"nordsee.example": color.NRGBA{0, 0x6b, 0x7b, 0xff}}},
			{Dark: true, Width: 320, Height: 240, Scale: 1},
		} {
			var picture bytes.Buffer
			if err := c.PNG(&picture, style); err != nil {
				t.Fatal(err)
			}
			keep(t, fmt.Sprintf("chart-%d-%t.png", i, style.Dark), picture.Bytes())
			img, err := png.Decode(&picture)
			if err != nil {
				t.Fatalf("%+v: %v", s, err)
			}
			if got := float64(img.Bounds().Dx()); math.Abs(got-style.Width*style.Scale) > 1 {
				t.Errorf("%+v: %v pixels wide", s, got)
			}
			var svg bytes.Buffer
			if err := c.SVG(&svg, style); err != nil {
				t.Fatal(err)
			}
			if text := texts(t, &svg); !style.Dark && (!strings.Contains(text, "Größen") || s.Kind == chart.Bars && s.Label == "DisplayName" && !strings.Contains(text, "Ada")) {
				t.Errorf("%+v: the SVG says %q", s, text)
			}
		}
	}
}

// German numbers have a decimal comma.
func TestNumbersInGerman(t *testing.T) {
	c := made(t, view(t, mailboxes), chart.Spec{Kind: chart.Bars, Value: "TotalItemSize", Label: "DisplayName"})
	for language, want := range map[string]string{"de": "2,5", "en": "2.5"} {
		var svg bytes.Buffer
		if err := c.SVG(&svg, chart.Style{Language: language}); err != nil {
			t.Fatal(err)
		}
		if text := texts(t, &svg); !strings.Contains(text, want) {
			t.Errorf("%s: %q is not in %q", language, want, text)
		}
	}
}

// Labels stand clear of each other in a narrow chart, however many days there are.
func TestLabelsStandClear(t *testing.T) {
	var rows []mailbox
	for i := range 40 {
		rows = append(rows, mailbox{"alpenhof.example", "Ada", "1 GB (1,073,741,824 bytes)", 1_000_000 * int64(i), i * 12})
	}
	for _, spec := range []chart.Spec{
		{Kind: chart.Line, Label: "WhenCreated"},
		{Kind: chart.Histogram, Value: "ItemCount"},
		{Kind: chart.Bars, Value: "ItemCount", Label: "DisplayName"},
	} {
		for _, width := range []float64{220, 330, 900} {
			var svg bytes.Buffer
			if err := made(t, view(t, rows), spec).SVG(&svg, chart.Style{Width: width, Height: 400}); err != nil {
				t.Fatal(err)
			}
			lines := map[string][]word{} // by their height
			for _, w := range wordsOf(t, &svg) {
				lines[w.y] = append(lines[w.y], w)
			}
			most := 0
			for _, line := range lines {
				slices.SortFunc(line, func(a, b word) int { return cmp.Compare(a.x, b.x) })
				most = max(most, len(line))
				for i, w := range line[:len(line)-1] {
					if end := w.x + 4.4*float64(len(w.text)); end > line[i+1].x { // a digit is 5 wide, a comma 2.5
						t.Errorf("%v, %v wide: %q reaches into %q", spec.Kind, width, w.text, line[i+1].text)
					}
				}
			}
			if most < 2 {
				t.Errorf("%v, %v wide: the axis has %d labels", spec.Kind, width, most)
			}
		}
	}
}

// word is a text in an SVG and where it begins.
type word struct {
	text, y string
	x       float64
}

func wordsOf(t *testing.T, r io.Reader) []word {
	t.Helper()
	var words []word
	for d := xml.NewDecoder(r); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return words
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local != "text" {
				continue
			}
			w := word{}
			for _, a := range token.Attr {
				switch a.Name.Local {
				case "x":
					if w.x, err = strconv.ParseFloat(a.Value, 64); err != nil {
						t.Fatal(err)
					}
				case "y":
					w.y = a.Value
				}
			}
			if d.DecodeElement(&w.text, &token) != nil {
				t.Fatal("a text is not read")
			}
			words = append(words, w)
		}
	}
}

// texts reads an SVG and gives what stands in it.
func texts(t *testing.T, r io.Reader) string {
	t.Helper()
	var all strings.Builder
	for d := xml.NewDecoder(r); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			all.Write(text)
			all.WriteByte('\n')
		}
	}
}

// keep writes a picture where somebody wants to look at it.
func keep(t *testing.T, name string, content []byte) {
	t.Helper()
	if dir := os.Getenv("POSTROOM_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
