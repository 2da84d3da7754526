package clixml_test

import (
	"errors"
	"strings"
	"testing"

	"postroom/session/clixml"
)

// TestPowerShellsReader: what PowerShell's own reader takes although XML or a schema
// would not.
func TestPowerShellsReader(t *testing.T) {
	for in, want := range map[string]string{
		"<S>a\x01b\x00</S>":                        "a\x01b\x00",
		"<S>&#1;&#x1F;&#0;</S>":                    "\x01\x1F\x00",
		"<S><![CDATA[\x02]]></S>":                  "\x02",
		"<Db>nan</Db>":                             "NaN",
		"<Db>NAN</Db>":                             "NaN",
		"<Db>-infinity</Db>":                       "-Infinity",
		"<Sg>+Infinity</Sg>":                       "Infinity",
		"<DT>2024</DT>":                            "01/01/2024 00:00:00",
		"<DT>2024Z</DT>":                           "01/01/2024 00:00:00",
		"<DT>2024-05</DT>":                         "05/01/2024 00:00:00",
		"<DT>2024-05-02:00</DT>":                   "05/01/2024 00:00:00",
		"<DT>2024-02:00</DT>":                      "01/01/2024 00:00:00",
		"<New A='\x03'>x</New>":                    "<New A='\x03'>x</New>",
		"<Obj><MS><S N='a'>\x04</S></MS></Obj>":    "@{a=\x04}",
		"<Obj><ToString>\x05\x06</ToString></Obj>": "\x05\x06",
	} {
		v, err := clixml.Decode([]byte(in))
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := clixml.Display(v); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for _, in := range []string{"<DT>24-01-02T00:00:00</DT>", "<DT>2024-13</DT>", "<DT>0000</DT>", "<Db>inf</Db>", "<S>&#xD800;</S>"} {
		if v, err := clixml.Decode([]byte(in)); err == nil {
			t.Errorf("%q was taken as %v", in, v)
		}
	}
}

// TestLenientRows: a value that cannot be decoded is its text, and is counted; all
// others of the row are there.
func TestLenientRows(t *testing.T) {
	tests := []struct {
		in, want  string
		undecoded int
	}{
		{`<Obj RefId="0"><Props><S N="a">x</S><DT N="b">yesterday</DT><I32 N="c">3</I32></Props></Obj>`, "a=x b!yesterday c=3", 1},
		{`<Obj RefId="0"><Props><G N="a">?</G><BA N="b">%</BA><I32 N="c">9999999999</I32></Props></Obj>`, "a!? b!% c!9999999999", 3},
		{`<Obj RefId="0"><Props><Obj N="l" RefId="1"><LST><I32>1</I32><I32>two</I32></LST></Obj></Props></Obj>`, "l=1 two", 1},
		{`<Obj RefId="0"><Props><Obj N="e" RefId="1"><I32>x</I32></Obj></Props></Obj>`, "e=x", 1},
		{`<Obj RefId="0"><DCT><En><S N="Key">k</S><DT N="Value">x</DT></En></DCT></Obj>`, "k!x", 1},
		{`<I32>much</I32>`, "Value!much", 1},
		{`<Obj RefId="0"><Props><I32 N="c">3</I32></Props></Obj>`, "c=3", 0},
	}
	lenient := clixml.RowScanner{Lenient: true}
	var strict clixml.RowScanner
	for _, test := range tests {
		if err := lenient.Scan([]byte(test.in)); err != nil {
			t.Errorf("%s: %v", test.in, err)
			continue
		}
		var got []string
		for _, c := range lenient.Cells() {
			sign := "="
			if c.Kind == clixml.KindUndecoded {
				sign = "!"
			}
			got = append(got, string(c.Name)+sign+string(c.Text))
		}
		if g := strings.Join(got, " "); g != test.want {
			t.Errorf("%s: %q, want %q", test.in, g, test.want)
		}
		n, first := lenient.Undecoded()
		if n != test.undecoded {
			t.Errorf("%s: %d undecoded, want %d", test.in, n, test.undecoded)
		}
		var syntax *clixml.SyntaxError
		if n > 0 && !errors.As(first, &syntax) {
			t.Errorf("%s: first is %v", test.in, first)
		}
		if err := strict.Scan([]byte(test.in)); (err != nil) != (test.undecoded > 0) {
			t.Errorf("%s: strict: %v", test.in, err)
		}
	}
}

// TestNullRows: a null is told from an object that has a property named Value.
func TestNullRows(t *testing.T) {
	var s clixml.RowScanner
	for in, want := range map[string]bool{
		"": true, "\xEF\xBB\xBF": true, "<Nil/>": true, "<Nil></Nil>": true,
		"<S></S>": false, `<Obj RefId="0"><Props><Nil N="Value" /></Props></Obj>`: false,
	} {
		if err := s.Scan([]byte(in)); err != nil || s.Null() != want {
			t.Errorf("%q: null %v, %v, want %v", in, s.Null(), err, want)
		}
	}
}
