package result_test

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"postroom/session/result"
)

// element is one element of a CLIXML document: a slow reader for tests, so that this room
// is checked without the scanner of another.
type element struct {
	XMLName  xml.Name
	Name     string    `xml:"N,attr"`
	ID       string    `xml:"RefId,attr"`
	Text     string    `xml:",chardata"`
	Children []element `xml:",any"`
	Inner    string    `xml:",innerxml"`
}

func (e element) child(name string) (element, bool) {
	for _, c := range e.Children {
		if c.XMLName.Local == name {
			return c, true
		}
	}
	return element{}, false
}

// document holds the type names that elements refer to.
type document struct {
	types map[string][]string
	rows  []element
}

func readCLIXML(t testing.TB, data []byte) *document {
	t.Helper()
	var root element
	if err := xml.Unmarshal([]byte(strings.TrimPrefix(string(data), "\uFEFF")), &root); err != nil {
		t.Fatal(err)
	}
	d := &document{types: map[string][]string{}}
	d.collect(root)
	for _, top := range root.Children {
		if list, ok := top.child("LST"); ok {
			d.rows = append(d.rows, list.Children...)
		} else {
			d.rows = append(d.rows, top)
		}
	}
	return d
}

func (d *document) collect(e element) {
	if e.XMLName.Local == "TN" {
		for _, t := range e.Children {
			d.types[e.ID] = append(d.types[e.ID], t.Text)
		}
	}
	for _, c := range e.Children {
		d.collect(c)
	}
}

func (d *document) typeName(e element) string {
	names := d.types[e.reference("TN")]
	if len(names) == 0 {
		names = d.types[e.reference("TNRef")]
	}
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func (e element) reference(name string) string {
	c, _ := e.child(name)
	return c.ID
}

// feed gives all rows to an Appender as the session does.
func (d *document) feed(t testing.TB, a result.Appender) {
	t.Helper()
	for _, row := range d.rows {
		if row.XMLName.Local == "Nil" {
			continue
		}
		a.BeginRow()
		if row.XMLName.Local != "Obj" {
			d.cell(t, a, "Value", row)
		} else if dct, ok := row.child("DCT"); ok {
			for _, entry := range dct.Children {
				d.cell(t, a, unescape(entry.Children[0].Text), entry.Children[1])
			}
		}
		for _, part := range []string{"Props", "MS"} {
			members, _ := row.child(part)
			for _, m := range members.Children {
				d.cell(t, a, unescape(m.Name), m)
			}
		}
		if err := a.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
}

func (d *document) cell(t testing.TB, a result.Appender, name string, e element) {
	t.Helper()
	n := []byte(name)
	switch e.XMLName.Local {
	case "Nil":
		a.Null(n)
	case "S", "SBK", "G", "URI", "Version":
		a.Text(n, []byte(unescape(e.Text)))
	case "XD":
		a.Nested(n, []byte("System.Xml.XmlDocument"), []byte(e.Inner))
	case "SS":
		a.Nested(n, []byte("System.Security.SecureString"), []byte(e.Inner))
	case "C":
		code, err := strconv.Atoi(e.Text)
		check(t, err)
		a.Text(n, []byte(string(rune(code))))
	case "B":
		a.Bool(n, e.Text == "true")
	case "By", "U16", "U32", "U64":
		v, err := strconv.ParseUint(e.Text, 10, 64)
		check(t, err)
		a.Uint(n, v)
	case "SB", "I16", "I32", "I64":
		v, err := strconv.ParseInt(e.Text, 10, 64)
		check(t, err)
		a.Int(n, v)
	case "Sg", "Db":
		a.Float(n, parseFloat(t, e.Text))
	case "D":
		a.Decimal(n, []byte(e.Text))
	case "DT":
		a.Time(n, parseTime(t, e.Text))
	case "TS":
		a.Duration(n, parseTicks(t, e.Text))
	case "BA":
		a.Bytes(n, []byte(e.Text))
	case "Obj":
		d.object(a, n, e)
	default:
		t.Fatalf("element %s", e.XMLName.Local)
	}
}

func (d *document) object(a result.Appender, name []byte, e element) {
	for _, kind := range []string{"LST", "IE", "STK", "QUE"} {
		list, ok := e.child(kind)
		if !ok {
			continue
		}
		var items [][]byte
		for _, item := range list.Children {
			items = append(items, []byte(d.itemText(item)))
		}
		a.List(name, items, []byte(e.Inner))
		return
	}
	a.Nested(name, []byte(d.display(e)), []byte(e.Inner))
}

// itemText is what PowerShell joins: a bag of properties within a list is nothing.
func (d *document) itemText(e element) string {
	if _, hasText := e.child("ToString"); e.XMLName.Local == "Obj" && !hasText {
		return ""
	}
	return d.display(e)
}

func (d *document) display(e element) string {
	if e.XMLName.Local != "Obj" {
		return unescape(e.Text)
	}
	if s, ok := e.child("ToString"); ok {
		return unescape(s.Text)
	}
	for _, c := range e.Children {
		if c.Name == "" && len(c.Children) == 0 && c.XMLName.Local != "TNRef" {
			return unescape(c.Text)
		}
	}
	if members, ok := e.child("MS"); ok && strings.HasSuffix(d.typeName(e), "PSCustomObject") {
		var parts []string
		for _, m := range members.Children {
			parts = append(parts, m.Name+"="+d.display(m))
		}
		return "@{" + strings.Join(parts, "; ") + "}"
	}
	return d.typeName(e)
}

// unescape takes _xHHHH_ apart; lone surrogates stay as WTF-8.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		code, ok := escapeAt(s, i)
		if !ok {
			b.WriteByte(s[i])
			i++
			continue
		}
		i += 7
		if low, ok := escapeAt(s, i); code >= 0xD800 && code < 0xDC00 && ok && low >= 0xDC00 && low < 0xE000 {
			i += 7
			b.WriteRune(0x10000 + (code-0xD800)<<10 + low - 0xDC00)
		} else if code >= 0xD800 && code < 0xE000 {
			b.Write([]byte{0xE0 | byte(code>>12), 0x80 | byte(code>>6)&0x3F, 0x80 | byte(code)&0x3F})
		} else {
			b.WriteRune(code)
		}
	}
	return b.String()
}

func escapeAt(s string, i int) (rune, bool) {
	if i+7 > len(s) || s[i] != '_' || s[i+1] != 'x' || s[i+6] != '_' {
		return 0, false
	}
	code, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
	return rune(code), err == nil
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func parseFloat(t testing.TB, text string) float64 {
	t.Helper()
	switch text {
	case "INF", "Infinity":
		return math.Inf(1)
	case "-INF", "-Infinity":
		return math.Inf(-1)
	}
	v, err := strconv.ParseFloat(text, 64)
	check(t, err)
	return v
}

const secondsBefore1970 = 62135596800

func parseTime(t testing.TB, text string) result.Time {
	t.Helper()
	kind := result.TimeUnspecified
	layout := "2006-01-02T15:04:05"
	switch {
	case strings.HasSuffix(text, "Z"):
		kind, layout = result.TimeUTC, time.RFC3339
	case len(text) > 19 && strings.ContainsAny(text[19:], "+-"):
		kind, layout = result.TimeLocal, time.RFC3339
	}
	at, err := time.Parse(layout, text)
	check(t, err)
	_, offset := at.Zone()
	return result.Time{
		Ticks:         (at.Unix()+int64(offset)+secondsBefore1970)*10_000_000 + int64(at.Nanosecond()/100),
		Kind:          kind,
		OffsetMinutes: int16(offset / 60),
	}
}

// parseTicks reads xs:duration.
func parseTicks(t testing.TB, text string) int64 {
	t.Helper()
	body, negative := strings.CutPrefix(text, "-")
	body = strings.TrimPrefix(body, "P")
	var ticks float64
	units := map[byte]float64{'D': 86400e7, 'H': 3600e7, 'M': 60e7, 'S': 1e7}
	for body = strings.Replace(body, "T", "", 1); body != ""; {
		end := strings.IndexAny(body, "DHMS")
		v, err := strconv.ParseFloat(body[:end], 64)
		check(t, err)
		ticks += v * units[body[end]]
		body = body[end+1:]
	}
	if negative {
		ticks = -ticks
	}
	return int64(ticks)
}

func parseInt(t testing.TB, text string) int64 {
	t.Helper()
	v, err := strconv.ParseInt(text, 10, 64)
	check(t, err)
	return v
}

// numbers gives a table with n rows: N counts up, Name is a text for each, Parity repeats.
func numbers(t testing.TB, n int) *result.Table {
	t.Helper()
	table := result.NewTable(result.Provenance{Command: "Get-Number"})
	b := table.Builder()
	for i := range n {
		b.BeginRow()
		b.Int([]byte("N"), int64(i))
		b.Text([]byte("Name"), []byte("name"+strconv.Itoa(i)))
		b.Text([]byte("Parity"), [][]byte{[]byte("even"), []byte("odd")}[i%2])
		check(t, b.EndRow())
	}
	return table
}
