package clixml_test

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"postroom/session/clixml"
)

// seeds are small inputs for every element and every path of the scanner. The
// corpus beside (testdata/fuzz) has what fuzzing found on top.
var seeds = []string{
	"", "\xEF\xBB\xBF", "<Nil/>", "<Objs></Objs>", "<Objs Version='1.1.0.1'><S>a</S></Objs>",
	`<?xml version="1.0"?><!-- c --><S>a<!-- b --><![CDATA[<&]]>c</S>`,
	"<S>_xD83D__xDE00_ _xD83D_ _x005F_x0041_ _x00410042_ _x0001F600_ &lt;&#65;&#x42;\r\n</S>",
	"<C>65</C>", "<B>true</B>", "<SB>-128</SB>", "<I16>-1</I16>", "<I32> +7 </I32>", "<I64>-9223372036854775808</I64>",
	"<By>255</By>", "<U16>65535</U16>", "<U32>4294967295</U32>", "<U64>18446744073709551615</U64>",
	"<Sg>3.4E+38</Sg>", "<Db>-INF</Db>", "<Db>NaN</Db>", "<Db>-0</Db>", "<Db>1e400</Db>", "<D>-1.10</D>",
	"<DT>2024-02-29T23:59:59.12345675+05:30</DT>", "<DT>2024-01-01</DT>", "<DT>9998-12-31T24:00:00Z</DT>",
	"<TS>-P10675199DT2H48M5.4775808S</TS>", "<TS>P1Y2M3DT4H5M6.7S</TS>",
	"<BA>AQID</BA>", "<BA />", "<G>6f9619ff-8b86-d011-b42d-00cf4fc964ff</G>", "<G>{6F9619FF-8B86-D011-B42D-00CF4FC964FF}</G>",
	"<URI>http://x/</URI>", "<Version>1.2.3.4</Version>", "<XD>&lt;a /&gt;</XD>", "<SBK>1</SBK>", "<SS>AAAA</SS>",
	"<PR><AV>a</AV><AI>1</AI><Nil /><PI>-1</PI><PC>5</PC><T>Processing</T><SR>-1</SR><SD>b</SD></PR>",
	`<Obj RefId="0"><TN RefId="0"><T>A</T><T>System.Enum</T></TN><ToString>x</ToString><I32>2</I32></Obj>`,
	`<Obj RefId="0"><I32>2</I32><MS><S N="PSComputerName">srv</S></MS></Obj>`,
	`<Obj RefId="0"><TN RefId="0"><T>System.Object[]</T></TN><LST><I32>1</I32><S>b</S><Nil /><Ref RefId="0" /></LST></Obj>`,
	`<Obj RefId="0"><STK><B>true</B></STK></Obj>`, `<Obj RefId="0"><QUE><Db>1.5</Db></QUE></Obj>`, `<Obj RefId="0"><IE /></Obj>`,
	`<Obj RefId="0"><DCT><En><S N="Key">k</S><Obj N="Value" RefId="1"><DCT /></Obj></En></DCT></Obj>`,
	`<Obj RefId="0"><TN RefId="0"><T>A</T></TN><Props><Obj N="a" RefId="1"><TNRef RefId="0" /><Props><Ref N="up" RefId="0" /></Props></Obj><Ref N="b" RefId="1" /></Props><MS><Obj N="c" RefId="2"><TNRef RefId="0" /><LST><Ref RefId="1" /></LST></Obj></MS></Obj>`,
	`<Obj RefId="0"><MS><Obj N="a" RefId="1"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T></TN><MS><I32 N="x">1</I32><TS N="y">PT1H</TS></MS></Obj></MS></Obj>`,
	`<Obj RefId="0"><MS><Obj N="a" RefId="1"><MS><I32 N="x">1</I32></MS><ToString>late</ToString><TN RefId="0"><T>T</T></TN></Obj></MS></Obj>`,
	`<Obj RefId="0"><Props><New N="n" A="b"><In>t</In></New><LST N="l"><S>1</S></LST></Props></Obj>`,
	`<Obj RefId="0"><TN RefId="0"><T>A</T></TN><LST><Obj RefId="1"><TNRef RefId="0" /><MS><S N="a">1</S></MS></Obj><Obj RefId="2"><MS><Ref N="r" RefId="1" /></MS></Obj><Ref RefId="1" /></LST></Obj>`,
	`<Obj RefId="0"><TN RefId="0"><T>A</T></TN><ToString>a</ToString><Obj RefId="1"><TNRef RefId="0" /><Props><S N="a">1</S><Obj N="c" RefId="2"><TNRef RefId="0" /><LST><I32>1</I32></LST></Obj></Props></Obj><MS><S N="b">2</S></MS></Obj>`,
	`<Obj RefId="0"><MS><S N="b">2</S></MS><Ref RefId="0" /></Obj>`,
	"<S>]]></S>", "<S>a<b/></S>", "<S", "<S>", "</S>", "<S N='a' N='b'/>", "<!DOCTYPE a><S/>", "<S>\x00</S>", "<S>\xFF</S>", "<S>&nope;</S>",
	"<S>a\x01b</S>", "<S N='\x1F'>\x00</S>", "<Db>nan</Db>", "<Sg>+infinity</Sg>", "<DT>2024</DT>", "<DT>2024-05Z</DT>", "<DT>2024+01:00</DT>",
}

// mayDiffer tells where encoding/xml and this package take different inputs
// for well-formed, on purpose or for reasons outside of CLIXML.
func mayDiffer(b []byte) bool {
	text := string(b)
	switch {
	case strings.Contains(text, "\uFFFE"), strings.Contains(text, "\uFFFF"):
		return true // encoding/xml refuses them; PowerShell's reader does not
	case strings.Contains(text, "&#"):
		return true // white space by number between elements; U+FFFE by number
	case strings.Contains(text, "<?"):
		return true // encoding/xml looks into XML declarations
	case strings.Contains(text, "<!"):
		return true // and skips over declarations in its own way
	case strings.Contains(text, ":"):
		return true // and has opinions on prefixes
	}
	for _, r := range text {
		if r >= 0x80 {
			return !utf8.ValidString(text) || nonASCIIName(text)
		}
	}
	return false
}

// nonASCIIName tells whether any tag holds other than ASCII: encoding/xml
// knows which letters XML allows in names, this package takes all.
func nonASCIIName(text string) bool {
	for {
		_, tag, ok := strings.Cut(text, "<")
		if !ok {
			return false
		}
		tag, text, _ = strings.Cut(tag, ">")
		for i := range len(tag) {
			if tag[i] >= 0x80 {
				return true
			}
		}
	}
}

// oddRefs tells whether Raw may rightly differ from the value: there are more
// references than are unfolded, or references together with objects that have
// no id or that of another one, as no PowerShell writes them (an object without
// an id in a circle of references is unrolled).
func oddRefs(b []byte) bool {
	refs := bytes.Count(b, []byte("<Ref"))
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`<Obj[ \t\r\n/>][^>]*`).FindAll(b, -1) {
		id := regexp.MustCompile(`[ \t\r\n]RefId[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["']`).FindSubmatch(m)
		if id == nil || ids[string(id[1])] {
			return refs > 0
		}
		ids[string(id[1])] = true
	}
	return refs > 16
}

// reaches tells whether root is somewhere inside of the values.
func reaches(values []clixml.Value, root *clixml.Object) bool {
	seen := map[*clixml.Object]bool{}
	var walk func(v clixml.Value) bool
	walk = func(v clixml.Value) bool {
		o, ok := v.(*clixml.Object)
		if !ok || seen[o] {
			return false
		}
		seen[o] = true
		found := o == root || walk(o.Base)
		for _, item := range o.Items {
			found = found || walk(item)
		}
		for _, en := range o.Entries {
			found = found || walk(en.Key) || walk(en.Value)
		}
		for _, list := range [][]clixml.Property{o.Adapted, o.Extended} {
			for _, p := range list {
				found = found || walk(p.Value)
			}
		}
		return found
	}
	for _, v := range values {
		if walk(v) {
			return true
		}
	}
	return false
}

func checkError(t *testing.T, b []byte, err error) {
	t.Helper()
	var syntax *clixml.SyntaxError
	var limit *clixml.LimitError
	switch {
	case errors.As(err, &syntax):
		if syntax.Offset < 0 || syntax.Offset > len(b) || syntax.Reason == "" {
			t.Errorf("%#v for %d bytes", syntax, len(b))
		}
	case errors.As(err, &limit):
		if limit.Offset < 0 || limit.Offset > len(b) || limit.Max <= 0 {
			t.Errorf("%#v for %d bytes", limit, len(b))
		}
	default:
		t.Errorf("error of type %T: %v", err, err)
	}
}

func isLimit(err error) bool {
	var limit *clixml.LimitError
	return errors.As(err, &limit)
}

// FuzzDecode compares Decode and RowScanner with the oracle, and with
// themselves by way of the encoder.
func FuzzDecode(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	var s clixml.RowScanner
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := clixml.Decode(b)
		scanErr := s.Scan(b)
		if err != nil {
			checkError(t, b, err)
		}
		if scanErr != nil {
			checkError(t, b, scanErr)
		}
		if isLimit(err) || isLimit(scanErr) {
			return
		}
		if (err == nil) != (scanErr == nil) {
			t.Fatalf("Decode: %v, Scan: %v", err, scanErr)
		}
		want, oracleErr := oracleDecode(b)
		if (err == nil) != (oracleErr == nil) {
			if mayDiffer(b) {
				return
			}
			t.Fatalf("Decode: %v, oracle: %v", err, oracleErr)
		}
		if err != nil {
			return
		}
		first := encoded(got)
		if second := encoded(want); first != second {
			t.Fatalf("decoded to\n%q, want\n%q", first, second)
		}
		if strings.HasPrefix(first, "error: ") {
			t.Fatalf("what was decoded cannot be encoded: %s", first)
		}
		again, err := clixml.Decode([]byte(first))
		if err != nil {
			t.Fatalf("what was encoded cannot be decoded: %v\n%q", err, first)
		}
		if second := encoded(again); first != second {
			t.Fatalf("encoded to\n%q, and then to\n%q", first, second)
		}
		if oddRefs(b) {
			return
		}
		if err := sameRow(&s, want); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzRows compares the rows of a document with the oracle's values.
func FuzzRows(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, oracleErr := oracleDecodeAll(b)
		var want []clixml.Value
		odd := oddRefs(b)
		for _, v := range all {
			if o, ok := v.(*clixml.Object); ok && o.Kind != clixml.None && o.Kind != clixml.Dictionary {
				want = append(want, o.Items...)
				// Properties or a value in front of the list make it a row,
				// and a list that its rows refer to is named in Raw.
				odd = odd || o.HasBase || o.Adapted != nil || o.Extended != nil || reaches(o.Items, o)
				continue
			}
			want = append(want, v)
		}
		i := 0
		var wrong error
		err := new(clixml.RowScanner).ScanRows(b, func(s *clixml.RowScanner) error {
			if oracleErr == nil && !odd && wrong == nil {
				if i >= len(want) {
					t.Fatalf("more than %d rows", len(want))
				}
				wrong = sameRow(s, want[i])
			}
			i++
			return nil
		})
		if err != nil {
			checkError(t, b, err)
			if oracleErr == nil && !mayDiffer(b) && !isLimit(err) {
				t.Fatalf("ScanRows: %v, oracle has %d values", err, len(all))
			}
			return
		}
		if oracleErr != nil {
			if !mayDiffer(b) {
				t.Fatalf("ScanRows took it, oracle: %v", oracleErr)
			}
			return
		}
		if wrong != nil {
			t.Fatalf("row %d: %v", i, wrong)
		}
		if !odd && i != len(want) {
			t.Fatalf("%d rows, want %d", i, len(want))
		}
	})
}

// FuzzText writes any string and reads it again; in names, too.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a", "_x0041_", "_X", "_", "\x00\r\n\t\x7f\u0085", "\U0001F600", "\xED\xA0\xBD", "\xED\xB8\x80\xED\xA0\xBD", "<&>\"'", "\uFFFE", "\xFF", "a_\U0001F600_x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := clixml.Append(nil, &clixml.Object{Extended: []clixml.Property{{Name: s, Value: s}}})
		if err != nil {
			var e *clixml.EncodeError
			if !errors.As(err, &e) || wtf8Valid(s) {
				t.Fatal(err)
			}
			return
		}
		if !wtf8Valid(s) {
			t.Fatalf("wrote %q", b)
		}
		for _, c := range b {
			if c < 0x20 || c == 0x7F {
				t.Fatalf("control character in %q", b)
			}
		}
		v, err := clixml.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		p := v.(*clixml.Object).Extended[0]
		if joined := joinPairs(s); p.Value != joined || p.Name != joined {
			t.Fatalf("%q came back as %q, named %q", s, p.Value, p.Name)
		}
		old, err := oracleDecode(b)
		if err != nil || encoded(old) != encoded(v) {
			t.Fatalf("oracle: %v, %s", err, encoded(old))
		}
	})
}

// wtf8Valid tells whether s is UTF-8 but for surrogates.
func wtf8Valid(s string) bool {
	return utf8.ValidString(replaceSurrogates(s))
}

func replaceSurrogates(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == 0xED && b[i+1] >= 0xA0 && b[i+1] <= 0xBF && b[i+2]&0xC0 == 0x80 {
			copy(b[i:], "sur")
		}
	}
	return string(b)
}

// joinPairs is what a string with a high surrogate right before a low one
// means: the character.
func joinPairs(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		if i+5 < len(s) && s[i] == 0xED && s[i+1] >= 0xA0 && s[i+1] < 0xB0 && s[i+3] == 0xED && s[i+4] >= 0xB0 && s[i+4] <= 0xBF {
			hi := rune(s[i+1]&0x0F)<<6 | rune(s[i+2]&0x3F)
			lo := rune(s[i+4]&0x0F)<<6 | rune(s[i+5]&0x3F)
			out = utf8.AppendRune(out, 0x10000+hi<<10+lo)
			i += 5
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}
