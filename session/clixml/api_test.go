package clixml_test

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"postroom/session/clixml"
)

// TestPrimitives decodes forms that the corpus does not have, and writes them
// in PowerShell's.
func TestPrimitives(t *testing.T) {
	tests := []struct {
		in   string
		want clixml.Value
		out  string // "" for the same as in
	}{
		{"", nil, "<Nil />"},
		{"\xEF\xBB\xBF", nil, "<Nil />"},
		{"\xEF\xBB\xBF<Nil/>", nil, "<Nil />"},
		{"<S/>", "", "<S></S>"},
		{`<S S="Error">x_x000D__x000A_</S>`, "x\r\n", "<S>x_x000D__x000A_</S>"},
		{"<S>_xD83D__xDE00_</S>", "\U0001F600", ""},
		{"<S>\U0001F600</S>", "\U0001F600", "<S>_xD83D__xDE00_</S>"},
		{"<S>a_xDE00__xD83D_</S>", "a\xED\xB8\x80\xED\xA0\xBD", ""},
		{"<S>_x005F_x0041_</S>", "_x0041_", ""},
		{"<S>_x004g_ _X0041_ _x00</S>", "_x004g_ A _x00", "<S>_x005F_x004g_ A _x005F_x00</S>"},
		{"<S>_x0001F600_</S>", "\U0001F600", "<S>_xD83D__xDE00_</S>"},
		{"<S>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;</S>", `<>&"'AB`, `<S>&lt;&gt;&amp;"'AB</S>`},
		{"<S>&#95;x0041_</S>", "A", "<S>A</S>"},
		{"<S>a\r\nb\rc\nd</S>", "a\nb\nc\nd", "<S>a_x000A_b_x000A_c_x000A_d</S>"},
		{"<S>a<!-- no --><![CDATA[<&]]>b<?pi ?></S>", "a<&b", "<S>a&lt;&amp;b</S>"},
		{"<S>\uFFFE\uFFFF</S>", "\uFFFE\uFFFF", "<S>_xFFFE__xFFFF_</S>"},
		{"<C>55357</C>", clixml.Char(0xD83D), ""},
		{"<B> 1\n</B>", true, "<B>true</B>"},
		{"<SB>-128</SB>", int8(-128), ""},
		{"<I16>-32768</I16>", int16(-32768), ""},
		{"<I32>+0005</I32>", int32(5), "<I32>5</I32>"},
		{"<I64>-9223372036854775808</I64>", int64(math.MinInt64), ""},
		{"<By>255</By>", uint8(255), ""},
		{"<U16>65535</U16>", uint16(65535), ""},
		{"<U32>4294967295</U32>", uint32(math.MaxUint32), ""},
		{"<U64>18446744073709551615</U64>", uint64(math.MaxUint64), ""},
		{"<Db>INF</Db>", math.Inf(1), ""},
		{"<Db>-Infinity</Db>", math.Inf(-1), "<Db>-INF</Db>"},
		{"<Db>-0</Db>", math.Copysign(0, -1), ""},
		{"<Db>1e999</Db>", math.Inf(1), "<Db>INF</Db>"},
		{"<Db>1E-05</Db>", 1e-5, ""},
		{"<Db>123456789012345680000</Db>", 1.2345678901234568e20, "<Db>1.2345678901234568E+20</Db>"},
		{"<Sg>1E+10</Sg>", float32(1e10), ""},
		{"<D>79228162514264337593543950335</D>", clixml.Decimal("79228162514264337593543950335"), ""},
		{"<D>-1.10</D>", clixml.Decimal("-1.10"), ""},
		{"<DT>2024-02-29T23:59:59.1234567</DT>", clixml.DateTime{Ticks: 638448479991234567}, ""},
		{"<DT>2024-02-29T23:59:59.12345675Z</DT>", clixml.DateTime{Ticks: 638448479991234568, Kind: clixml.UTC}, "<DT>2024-02-29T23:59:59.1234568Z</DT>"},
		{"<DT>2024-02-29T23:59:59-03:30</DT>", clixml.DateTime{Ticks: 638448479990000000, Kind: clixml.Local, OffsetMinutes: -210}, ""},
		{"<DT>2024-02-28T24:00:00</DT>", clixml.DateTime{Ticks: 638447616000000000}, "<DT>2024-02-29T00:00:00</DT>"},
		{"<DT>2024-02-29</DT>", clixml.DateTime{Ticks: 638447616000000000}, "<DT>2024-02-29T00:00:00</DT>"},
		{"<TS>P1Y1M</TS>", clixml.Duration(395 * 864_000_000_000), "<TS>P395D</TS>"},
		{"<TS>-PT0.0000001S</TS>", clixml.Duration(-1), ""},
		{"<TS>PT36H</TS>", clixml.Duration(36 * 36_000_000_000), "<TS>P1DT12H</TS>"},
		{"<BA/>", []byte{}, "<BA />"},
		{"<BA> A Q\nI=</BA>", []byte{1, 2}, "<BA>AQI=</BA>"},
		{"<G>{6F9619FF-8B86-D011-B42D-00CF4FC964FF}</G>", guid("6f9619ff-8b86-d011-b42d-00cf4fc964ff"), "<G>6f9619ff-8b86-d011-b42d-00cf4fc964ff</G>"},
		{"<G>6f9619ff8b86d011b42d00cf4fc964ff</G>", guid("6f9619ff-8b86-d011-b42d-00cf4fc964ff"), "<G>6f9619ff-8b86-d011-b42d-00cf4fc964ff</G>"},
		{"<URI>http://x/?a=1&amp;b</URI>", clixml.URI("http://x/?a=1&b"), ""},
		{"<Version>1.2.3.4</Version>", clixml.Version("1.2.3.4"), ""},
		{"<XD>&lt;a /&gt;</XD>", clixml.XML("<a />"), ""},
		{"<SBK>{ 1 }</SBK>", clixml.ScriptBlock("{ 1 }"), ""},
		{"<SS>AAECAw==</SS>", clixml.SecureString("AAECAw=="), ""},
		{`<New a="1"><B>2</B> text</New>`, clixml.Unknown{Tag: "New", Raw: `<New a="1"><B>2</B> text</New>`}, ""},
	}
	for _, test := range tests {
		v, err := clixml.Decode([]byte(test.in))
		if err != nil {
			t.Errorf("%q: %v", test.in, err)
			continue
		}
		if !reflect.DeepEqual(v, test.want) {
			t.Errorf("%q: %#v, want %#v", test.in, v, test.want)
		}
		out := test.out
		if out == "" {
			out = test.in
		}
		if got := encoded(v); got != out {
			t.Errorf("%q: written as %q, want %q", test.in, got, out)
		}
	}
}

func guid(s string) clixml.GUID {
	g, err := clixml.ParseGUID(s)
	if err != nil {
		panic(err)
	}
	return g
}

// TestSyntaxErrors: malformed input is an error at its place, for the tree and
// for rows, never a panic or less than there was.
func TestSyntaxErrors(t *testing.T) {
	tests := []struct {
		in     string
		offset int
	}{
		{" ", 1},
		{"x", 0},
		{"<", 0},
		{"<S", 0},
		{"<S>", 0},
		{"<S>a", 0},
		{"<S>a</B>", 4},
		{"</S>", 0},
		{"<S>a</S>b", 8},
		{"<S>a</S><S>b</S>", 8},
		{"<S>a<B>b</B></S>", 4},
		{"<S>a\xFFb</S>", 3},
		{"<S>&nope;</S>", 3},
		{"<S>a&#xD800;</S>", 4},
		{"<S>]]></S>", 3},
		{"<S N=a>b</S>", 3},
		{`<S N="<">b</S>`, 6},
		{`<S N="a" N="b"/>`, 9},
		{"<!DOCTYPE S><S/>", 0},
		{"<Objs><S/>", 0},
		{"<Objs><S/></Objs><S/>", 17},
		{"<Objs></Objs>", 13},
		{"<Nil>x</Nil>", 5},
		{"<I32>2147483648</I32>", 5},
		{"<I32></I32>", 5},
		{"<By>-1</By>", 4},
		{"<B>True</B>", 3},
		{"<Db>0x10</Db>", 4},
		{"<Db>1_0</Db>", 4},
		{"<D>1e5</D>", 3},
		{"<DT>2023-02-29T00:00:00</DT>", 4},
		{"<DT>2023-02-28T25:00:00</DT>", 4},
		{"<DT>2023-02-28T00:00:00+15:00</DT>", 4},
		{"<TS>1:00:00</TS>", 4},
		{"<TS>P10675200D</TS>", 4},
		{"<TS>PT</TS>", 4},
		{"<BA>A</BA>", 4},
		{"<G>6f9619ff</G>", 3},
		{`<Ref RefId="7" />`, 0},
		{`<Obj RefId="0"><TNRef RefId="0" /></Obj>`, 15},
		{`<Obj RefId="0"><TN><T>a</T></TN><TN><T>a</T></TN></Obj>`, 32},
		{`<Obj RefId="0"><TN><S>a</S></TN></Obj>`, 19},
		{`<Obj RefId="0"><ToString>a</ToString><ToString>a</ToString></Obj>`, 37},
		{`<Obj RefId="0"><LST /><QUE /></Obj>`, 22},
		{`<Obj RefId="0"><I32>1</I32><I32>1</I32></Obj>`, 27},
		{`<Obj RefId="0"><MS><S>a</S></MS></Obj>`, 19},
		{`<Obj RefId="0">text</Obj>`, 15},
		{`<Obj RefId="0"><DCT><S>a</S></DCT></Obj>`, 20},
		{`<Obj RefId="0"><DCT><En><S N="Key">a</S></En></DCT></Obj>`, 40},
		{`<Obj RefId="0"><MS><DT N="d">never</DT></MS></Obj>`, 29},
		{`<PR><AV>a</AV></PR>`, 14},
	}
	var s clixml.RowScanner
	for _, test := range tests {
		_, err := clixml.Decode([]byte(test.in))
		var syntax *clixml.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: %v, want a SyntaxError", test.in, err)
			continue
		}
		if syntax.Offset != test.offset {
			t.Errorf("%q: at %d, want %d (%v)", test.in, syntax.Offset, test.offset, err)
		}
		var row *clixml.SyntaxError
		if err := s.Scan([]byte(test.in)); !errors.As(err, &row) || row.Offset != syntax.Offset {
			t.Errorf("%q: row: %v, want %v", test.in, err, syntax)
		}
		if len(s.Cells()) != 0 {
			t.Errorf("%q: cells after an error", test.in)
		}
	}
}

// TestCutAnywhere: no part of a payload but the whole is taken for a value.
func TestCutAnywhere(t *testing.T) {
	for _, seed := range seeds {
		if _, err := clixml.Decode([]byte(seed)); err != nil || !strings.HasPrefix(seed, "<Obj") {
			continue
		}
		for i := 1; i < len(seed); i++ {
			if _, err := clixml.Decode([]byte(seed[:i])); err == nil {
				t.Errorf("%q was taken for a whole", seed[:i])
			}
		}
	}
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat(`<Obj RefId="0"><LST>`, 20) + strings.Repeat("</LST></Obj>", 20)
	unknown := strings.Repeat("<x>", 20) + strings.Repeat("</x>", 20)
	tests := []struct {
		in     string
		limits clixml.Limits
		limit  clixml.Limit
	}{
		{deep, clixml.Limits{Depth: 19}, clixml.LimitDepth},
		{unknown, clixml.Limits{Depth: 19}, clixml.LimitDepth},
		{`<Obj RefId="0"><MS><S N="12345678">a</S></MS></Obj>`, clixml.Limits{Name: 7}, clixml.LimitName},
		{`<Obj RefId="0"><TN RefId="0"><T>12345678</T></TN></Obj>`, clixml.Limits{Name: 7}, clixml.LimitName},
		{`<Obj RefId="12345678" />`, clixml.Limits{Name: 7}, clixml.LimitName},
		{"<S>12345678</S>", clixml.Limits{Size: 14}, clixml.LimitSize},
	}
	for _, test := range tests {
		_, err := clixml.Decoder{Limits: test.limits}.Decode([]byte(test.in))
		s := clixml.RowScanner{Limits: test.limits}
		for _, err := range []error{err, s.Scan([]byte(test.in))} {
			var limit *clixml.LimitError
			if !errors.As(err, &limit) || limit.Limit != test.limit {
				t.Errorf("%q: %v, want a LimitError: %v", test.in, err, test.limit)
			}
		}
		s.Limits = clixml.Limits{Depth: 20, Name: 8, Size: len(test.in)}
		if err := s.Scan([]byte(test.in)); err != nil {
			t.Errorf("%q: %v, though it is at the limit", test.in, err)
		}
		if _, err := (clixml.Decoder{Limits: s.Limits}).Decode([]byte(test.in)); err != nil {
			t.Errorf("%q: %v, though it is at the limit", test.in, err)
		}
	}
}

// TestRefsCannotExplode: a payload whose objects refer to those before them,
// twice each, would unfold to more than any memory.
func TestRefsCannotExplode(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<Obj RefId="0"><MS><Obj N="a" RefId="1"><LST><S>x</S></LST></Obj>`)
	for i := 2; i < 200; i++ {
		b.WriteString(`<Obj N="a" RefId="` + strconv.Itoa(i) + `"><LST>` + strings.Repeat(`<Ref RefId="`+strconv.Itoa(i-1)+`" />`, 20) + `</LST></Obj>`)
	}
	b.WriteString("</MS></Obj>")
	s := clixml.RowScanner{Limits: clixml.Limits{Size: 4 << 20}}
	err := s.Scan([]byte(b.String()))
	var limit *clixml.LimitError
	if err != nil && !errors.As(err, &limit) {
		t.Fatal(err)
	}
	total := 0
	for _, c := range s.Cells() {
		total += len(c.Raw) + len(c.Text)
	}
	if total > 16<<20 {
		t.Errorf("%d bytes from %d", total, b.Len())
	}
}

func TestReferences(t *testing.T) {
	const in = `<Obj RefId="0"><TN RefId="0"><T>A</T></TN><Props><Obj N="x" RefId="1"><TNRef RefId="0" /><LST><Ref RefId="0" /></LST></Obj><Ref N="y" RefId="1" /></Props></Obj>`
	v, err := clixml.Decode([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	o := v.(*clixml.Object)
	x, _ := o.Get("X")
	y, _ := o.Get("y")
	if x != y || x.(*clixml.Object).Items[0] != o {
		t.Error("references are not the same objects")
	}
	if got := encoded(v); got != in {
		t.Errorf("written as %s", got)
	}
	if _, ok := o.Get("z"); ok {
		t.Error("a property that is not there")
	}
	all, err := clixml.DecodeAll([]byte(`<Objs><Obj RefId="0"><LST /></Obj><Ref RefId="0" /></Objs>`))
	if err != nil || len(all) != 2 || all[0] != all[1] {
		t.Errorf("%v, %v", all, err)
	}
}

func TestGetPrefersExtended(t *testing.T) {
	o := &clixml.Object{
		Adapted:  []clixml.Property{{Name: "A", Value: "adapted"}, {Name: "B", Value: "B"}},
		Extended: []clixml.Property{{Name: "A", Value: "extended"}, {Name: "a", Value: "lower"}},
	}
	for name, want := range map[string]string{"A": "extended", "a": "lower", "b": "B"} {
		if v, ok := o.Get(name); !ok || v != want {
			t.Errorf("%s: %v", name, v)
		}
	}
	outer := &clixml.Object{Base: o, HasBase: true, Extended: []clixml.Property{{Name: "B", Value: "outer"}}}
	for name, want := range map[string]string{"A": "extended", "B": "outer"} {
		if v, ok := outer.Get(name); !ok || v != want {
			t.Errorf("outer %s: %v", name, v)
		}
	}
	circle := &clixml.Object{HasBase: true}
	circle.Base = circle
	if _, ok := circle.Get("A"); ok || clixml.Display(circle) == "x" {
		t.Error("found in a circle")
	}
	if v, ok := (*clixml.Object)(nil).Get("A"); ok || v != nil {
		t.Error("found in nil")
	}
}

func TestEncodeErrors(t *testing.T) {
	deep := &clixml.Object{Kind: clixml.List}
	for range 300 {
		deep = &clixml.Object{Kind: clixml.List, Items: []clixml.Value{deep}}
	}
	at := func(v clixml.Value) clixml.Value {
		return &clixml.Object{Extended: []clixml.Property{{Name: "p", Value: &clixml.Object{Kind: clixml.List, Items: []clixml.Value{nil, v}}}}}
	}
	tests := []struct {
		v    clixml.Value
		path string
	}{
		{at(5), "p[1]"},
		{at(time.Time{}), "p[1]"},
		{at("\xFF"), "p[1]"},
		{at(clixml.Decimal("x")), "p[1]"},
		{at(clixml.DateTime{Ticks: -1}), "p[1]"},
		{at(clixml.DateTime{Ticks: math.MaxInt64}), "p[1]"},
		{at(clixml.Unknown{Tag: "S", Raw: "<S>a</S>"}), "p[1]"},
		{at(clixml.Unknown{Tag: "X", Raw: "<X/><S>injected</S>"}), "p[1]"},
		{at(clixml.Unknown{Tag: "X", Raw: "<X>"}), "p[1]"},
		{at(clixml.Unknown{Tag: "X", Raw: ""}), "p[1]"},
		{at(clixml.Unknown{Tag: "X", Raw: `<X N="twice"/>`}), "p[1]"},
		{at(&clixml.Object{Items: []clixml.Value{nil}}), "p[1]"},
		{at(&clixml.Object{Kind: clixml.List, Entries: []clixml.Entry{{}}}), "p[1]"},
		{at(clixml.Progress{CurrentOperation: 5}), "p[1]"},
		{deep, strings.Repeat("[0]", 256)},
	}
	for _, test := range tests {
		dst := []byte("kept")
		out, err := clixml.Append(dst, test.v)
		var e *clixml.EncodeError
		if !errors.As(err, &e) {
			t.Errorf("%v: %v, want an EncodeError", test.v, err)
			continue
		}
		if e.Path != test.path || e.Reason == "" {
			t.Errorf("%#v, want path %q", e, test.path)
		}
		if string(out) != "kept" {
			t.Errorf("dst is %q after an error", out)
		}
	}
	if got := encoded((*clixml.Object)(nil)); got != "<Nil />" {
		t.Errorf("a nil *Object is %s", got)
	}
}

func TestGUID(t *testing.T) {
	const text = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
	for _, s := range []string{text, strings.ToUpper(text), "{" + text + "}"} {
		if g, err := clixml.ParseGUID(s); err != nil || g.String() != text || g[0] != 0x6F || g.IsZero() {
			t.Errorf("%s: %v, %v", s, g, err)
		}
	}
	for _, s := range []string{"", "x", text + "0", "{" + text, strings.Replace(text, "6", "g", 1), strings.ReplaceAll(text, "-", "")} {
		var e *clixml.GUIDError
		if _, err := clixml.ParseGUID(s); !errors.As(err, &e) || e.Text != s {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestTimes(t *testing.T) {
	for _, s := range []string{
		"0001-01-01T00:00:00Z", "1600-02-29T01:02:03.0000001Z", "1969-12-31T23:59:59.9999999Z", "1970-01-01T00:00:00Z",
		"2000-12-31T12:00:00+14:00", "2024-02-29T23:59:59-00:30", "9999-12-31T23:59:59.9999999Z",
	} {
		want, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		v, err := clixml.Decode([]byte("<DT>" + s + "</DT>"))
		if err != nil {
			t.Fatal(err)
		}
		d := v.(clixml.DateTime)
		if !d.Time().Equal(want) || d.String() != s {
			t.Errorf("%s: %v, %s", s, d.Time(), d)
		}
		if again := clixml.DateTimeOf(d.Time()); again != d {
			t.Errorf("%s: %v from %v", s, again, d.Time())
		}
	}
	for ticks, want := range map[clixml.Duration]string{
		0: "00:00:00", 1: "00:00:00.0000001", -864_000_000_000: "-1.00:00:00",
		math.MinInt64: "-10675199.02:48:05.4775808",
	} {
		if ticks.String() != want {
			t.Errorf("%d: %s, want %s", int64(ticks), ticks, want)
		}
	}
	if d, ok := clixml.Duration(-15).Std(); !ok || d != -1500*time.Nanosecond {
		t.Error(d, ok)
	}
	if _, ok := clixml.Duration(math.MaxInt64).Std(); ok {
		t.Error("29,000 years as a time.Duration")
	}
}

// TestDisplay: what PowerShell shows, and what is shown where it shows nothing.
func TestDisplay(t *testing.T) {
	tests := map[string]string{
		"<Nil/>":                          "",
		"<B>true</B>":                     "True",
		"<C>9786</C>":                     "\u263A",
		"<Db>-INF</Db>":                   "-Infinity",
		"<DT>2024-03-04T05:06:07.9Z</DT>": "03/04/2024 05:06:07",
		"<TS>P1DT1H1M1.5S</TS>":           "1.01:01:01.5000000",
		"<BA>AQID</BA>":                   "System.Byte[]",
		"<SS>AA==</SS>":                   "System.Security.SecureString",
		"<New>5</New>":                    "<New>5</New>",
		`<Obj><ToString>t</ToString><LST/></Obj>`:                                                                                                  "t",
		`<Obj><TN><T>System.Object[]</T></TN><LST><I32>1</I32><Nil/><S>b</S></LST></Obj>`:                                                          "1  b",
		`<Obj><TN><T>H</T></TN><DCT><En><S N="Key">a</S><I32 N="Value">1</I32></En><En><S N="Key">b</S><B N="Value">true</B></En></DCT></Obj>`:     "{[a, 1], [b, True]}",
		`<Obj><TN><T>Deserialized.System.Management.Automation.PSCustomObject</T></TN><MS><I32 N="A">1</I32><S N="B">x</S></MS></Obj>`:             "@{A=1; B=x}",
		`<Obj><TN><T>Some.Type</T></TN><Props><I32 N="A">1</I32></Props></Obj>`:                                                                    "Some.Type",
		`<Obj><TN><T>E</T><T>System.Enum</T></TN><ToString>Friday</ToString><I32>5</I32></Obj>`:                                                    "Friday",
		`<Obj><I32>7</I32><MS><S N="PSComputerName">s</S></MS></Obj>`:                                                                              "7",
		`<Obj><TN><T>L</T></TN><LST><Obj><TN><T>M</T></TN><LST><S>a</S><Obj><TN><T>Deep</T></TN><LST><S>b</S></LST></Obj></LST></Obj></LST></Obj>`: "a Deep",
		`<PR><AV>a</AV><AI>1</AI><Nil /><PI>-1</PI><PC>5</PC><T>Processing</T><SR>-1</SR><SD>b</SD></PR>`:                                          "a: b",
	}
	for in, want := range tests {
		v, err := clixml.Decode([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := clixml.Display(v); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// TestRow goes through the fields of cells by hand.
func TestRow(t *testing.T) {
	const in = `<Obj RefId="0"><TN RefId="0"><T>Mailbox</T><T>System.Object</T></TN><ToString>joe</ToString><Props>` +
		`<S N="a_x0020_b">x_x000A_y</S><B N="on">true</B><U64 N="big">18446744073709551615</U64><BA N="raw">AQID</BA>` +
		`<Obj N="list" RefId="1"><TN RefId="1"><T>L</T></TN><LST><S>a</S><I32>2</I32></LST></Obj>` +
		`<Obj N="kind" RefId="2"><TN RefId="2"><T>K</T><T>System.Enum</T></TN><ToString>User</ToString><I64>4</I64></Obj>` +
		`<Obj N="other" RefId="3"><TNRef RefId="1" /><LST><Ref RefId="2" /></LST></Obj>` +
		`<New N="new" x="y">1</New></Props><MS><Nil N="none" /></MS></Obj>`
	var s clixml.RowScanner
	if err := s.Scan([]byte(in)); err != nil {
		t.Fatal(err)
	}
	if string(s.TypeName()) != "Mailbox" || string(s.ToString()) != "joe" {
		t.Errorf("%s, %s", s.TypeName(), s.ToString())
	}
	want := []clixml.Cell{
		{Name: []byte("a b"), Kind: clixml.KindText, Text: []byte("x\ny")},
		{Name: []byte("on"), Kind: clixml.KindBool, Text: []byte("true"), Int: 1},
		{Name: []byte("big"), Kind: clixml.KindUint, Text: []byte("18446744073709551615"), Uint: math.MaxUint64, Int: -1},
		{Name: []byte("raw"), Kind: clixml.KindBytes, Text: []byte("AQID"), Bytes: []byte{1, 2, 3}},
		{
			Name: []byte("list"), Kind: clixml.KindList, Text: []byte("a 2"), Items: [][]byte{[]byte("a"), []byte("2")},
			Raw: []byte(`<Obj N="list" RefId="1"><TN RefId="1"><T>L</T></TN><LST><S>a</S><I32>2</I32></LST></Obj>`),
		},
		{
			Name: []byte("kind"), Kind: clixml.KindEnum, Text: []byte("User"), Int: 4, Uint: 4,
			Raw: []byte(`<Obj N="kind" RefId="2"><TN RefId="2"><T>K</T><T>System.Enum</T></TN><ToString>User</ToString><I64>4</I64></Obj>`),
		},
		{
			Name: []byte("other"), Kind: clixml.KindList, Text: []byte("User"), Items: [][]byte{[]byte("User")},
			Raw: []byte(`<Obj N="other" RefId="3"><TN RefId="1"><T>L</T></TN><LST><Obj RefId="2"><TN RefId="2"><T>K</T><T>System.Enum</T></TN><ToString>User</ToString><I64>4</I64></Obj></LST></Obj>`),
		},
		{Name: []byte("new"), Kind: clixml.KindUnknown, Text: []byte(`<New x="y">1</New>`), Raw: []byte(`<New x="y">1</New>`)},
		{Name: []byte("none")},
	}
	if got := s.Cells(); !reflect.DeepEqual(got, want) {
		for i := range want {
			if i < len(got) && !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("cell %d:\n%+v\n%s\nwant\n%+v\n%s", i, got[i], got[i].Raw, want[i], want[i].Raw)
			}
		}
		t.Errorf("%d cells", len(got))
	}
}

// TestRowsOfOtherShapes: what has no properties is a cell of its own.
func TestRowsOfOtherShapes(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "Value:0="},
		{"<S>a</S>", "Value:1=a"},
		{"<TS>PT1H</TS>", "Value:9=PT1H"},
		{`<Obj RefId="0"><I32>5</I32><MS><S N="PSComputerName">s</S></MS></Obj>`, "Value:4=5 PSComputerName:1=s"},
		{`<Obj RefId="0"><TN RefId="0"><T>E</T><T>System.Enum</T></TN><ToString>User</ToString><I32>2</I32></Obj>`, "Value:17=User"},
		{`<Obj RefId="0"><TN RefId="0"><T>T</T></TN><DCT><En><S N="Key">k</S><S N="Value">v</S></En></DCT></Obj>`, "k:1=v"},
		{`<Obj RefId="0"><TN RefId="0"><T>T</T></TN><DCT /></Obj>`, "Value:19={}"},
		{`<Obj RefId="0"><LST><S>a</S><S>b</S></LST><Props><I32 N="Count">2</I32></Props></Obj>`, "Value:18=a b Count:4=2"},
		{`<Obj RefId="0"><TN RefId="0"><T>T</T></TN><ToString>only</ToString></Obj>`, "Value:20=only"},
		{`<Obj RefId="0"><TN RefId="0"><T>W</T></TN><Obj RefId="1"><TNRef RefId="0" /><Props><S N="a">1</S></Props></Obj><MS><S N="b">2</S></MS></Obj>`, "a:1=1 b:1=2"},
		{`<Obj RefId="0"><Props><S N="a">p</S></Props><MS><S N="a">m</S></MS></Obj>`, "a:1=p a:1=m"},
	}
	var s clixml.RowScanner
	for _, test := range tests {
		if err := s.Scan([]byte(test.in)); err != nil {
			t.Errorf("%s: %v", test.in, err)
			continue
		}
		var got []string
		for _, c := range s.Cells() {
			got = append(got, string(c.Name)+":"+strconv.Itoa(int(c.Kind))+"="+string(c.Text))
		}
		if g := strings.Join(got, " "); g != test.want {
			t.Errorf("%s: %q, want %q", test.in, g, test.want)
		}
	}
}

// TestScanRowsStops: the caller's error ends it and comes back as it is.
func TestScanRowsStops(t *testing.T) {
	doc := []byte(`<Objs><Obj RefId="0"><LST><S>a</S><S>b</S></LST></Obj></Objs>`)
	stop := errors.New("enough")
	n := 0
	err := new(clixml.RowScanner).ScanRows(doc, func(s *clixml.RowScanner) error {
		n++
		if !bytes.Equal(s.Cells()[0].Text, []byte("a")) {
			t.Errorf("%s", s.Cells()[0].Text)
		}
		return stop
	})
	if err != stop || n != 1 { //nolint:errorlint // the very same error is promised
		t.Error(err, n)
	}
}

// TestNoAllocation: reading rows takes no memory once the scanner has grown.
func TestNoAllocation(t *testing.T) {
	doc := compact(readFixture(t, corpus(t, ".xml")["mailbox-one-d2"]))
	var s clixml.RowScanner
	if err := s.Scan(doc); err != nil {
		t.Fatal(err)
	}
	cells := len(s.Cells())
	allocs := testing.AllocsPerRun(100, func() {
		if err := s.Scan(doc); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 10 || cells < 40 {
		t.Errorf("%v allocations for a row of %d cells", allocs, cells)
	}
}
