package clixml_test

import (
	"fmt"
	"strings"
	"testing"

	"postroom/session/clixml"
)

// grower writes well-formed CLIXML of any shape, also of shapes that no
// PowerShell writes. The choices are the bytes of seed, so that fuzzing can
// steer it; what comes after them is 0, the smallest choice.
type grower struct {
	seed    []byte
	out     strings.Builder
	objects int // ids given out
	open    []string
	closed  []string // of objects that are complete
	types   []string
	depth   int
}

// choose gives a number below n.
func (g *grower) choose(n int) int {
	if len(g.seed) == 0 {
		return 0
	}
	c := int(g.seed[0])
	g.seed = g.seed[1:]
	return c % n
}

func (g *grower) pick(from ...string) string { return from[g.choose(len(from))] }

// noise is what may stand between elements and means nothing.
func (g *grower) noise() {
	g.out.WriteString(g.pick("", "", "", "", "", " ", "\r\n\t", "<!-- <S>no</S> & -->", "<?pi <S> ?>", "<![CDATA[ \n ]]>"))
}

// attributes writes the name and the id in either order and quotes, and one
// that nobody knows.
func (g *grower) attributes(name, id string) {
	var list []string
	if name != "" {
		list = append(list, "N="+quoted(g, name))
	}
	if id != "" {
		list = append(list, "RefId="+quoted(g, id))
	}
	if g.choose(8) == 7 {
		list = append(list, `x:later = 'N="no"'`)
	}
	if g.choose(4) == 3 {
		for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
			list[i], list[j] = list[j], list[i]
		}
	}
	for _, a := range list {
		g.out.WriteString(g.pick(" ", " ", "\n  ") + a)
	}
}

func quoted(g *grower, s string) string {
	if g.choose(3) == 2 {
		return "'" + s + "'"
	}
	return `"` + s + `"`
}

func (g *grower) element(tag, name, text string) {
	g.out.WriteString("<" + tag)
	g.attributes(name, "")
	if text == "" && g.choose(2) == 1 {
		g.out.WriteString(g.pick("/>", " />"))
		return
	}
	g.out.WriteString(">" + text + "</" + tag + g.pick(">", ">", " >"))
}

// primitives has the ends of every type and the odd forms of each.
var primitives = [][]string{
	{"S", "", " ", "a", "_x005F_x0041_", "_xd83d__XDE00_", "_xD83D_", "_xDE00__xD83D_", "\U0001F600", "&lt;&#x26;&amp;", "<![CDATA[<b>]]>c", "a<!-- -->b", "_x0000_", "\r\n", "_x_", "_x12345678_"},
	{"C", "0", "65", "55357", "65535", " 10 "},
	{"B", "true", "false", "1", "0", " true\n"},
	{"SB", "-128", "127", "-0"},
	{"I16", "-32768", "32767"},
	{"I32", "-2147483648", "2147483647", "+7", "007"},
	{"I64", "-9223372036854775808", "9223372036854775807"},
	{"By", "0", "255"},
	{"U16", "65535"},
	{"U32", "4294967295"},
	{"U64", "18446744073709551615", "0"},
	{"Sg", "3.4028235E+38", "-0", "NaN", "INF", "-INF", "1E-45", "1E+10"},
	{"Db", "1.7976931348623157E+308", "5E-324", "-0", "NaN", "-Infinity", "0.1", "1E+400"},
	{"D", "79228162514264337593543950335", "-0.0000000000000000000000000001", "1.00", "-79228162514264337593543950335"},
	{"DT", "0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999", "2024-02-29T24:00:00Z", "2024-02-29T01:02:03.1+14:00", "2024-02-29T01:02:03.00000005-14:00", "2024-02-29"},
	{"TS", "-P10675199DT2H48M5.4775808S", "P10675199DT2H48M5.4775807S", "PT0S", "-PT0.0000001S", "P1Y2M3DT4H5M6.7S"},
	{"BA", "", "AQID", " A\nQ I D "},
	{"G", "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "{6F9619FF-8B86-D011-B42D-00CF4FC964FF}", "6f9619ff8b86d011b42d00cf4fc964ff"},
	{"URI", "http://x/?a&amp;b", ""},
	{"Version", "1.2.3.4"},
	{"XD", "&lt;a&gt;_x000A_&lt;/a&gt;"},
	{"SBK", " $_ ", ""},
	{"SS", "AAAA", ""},
}

func (g *grower) name() string {
	return g.pick("Name", "name", "a b", "_x0041_", "_x005F_x0041_", "_xD83D__xDE00_", "&quot;&lt;", "Größe", "N", "_")
}

// value writes any value; name "" means without one.
func (g *grower) value(name string) {
	n := g.choose(16)
	switch {
	case n < 8 || g.depth > 12 || len(g.seed) == 0:
		p := primitives[g.choose(len(primitives))]
		g.element(p[0], name, p[1+g.choose(len(p)-1)])
	case n == 8:
		g.element("Nil", name, "")
	case n == 9:
		g.element("New", name, g.pick("", "text", "<In a='1'>t</In>", "<S>&amp;</S>"))
	case n == 10:
		g.out.WriteString("<PR")
		g.attributes(name, "")
		g.out.WriteString("><AV>" + g.pick("", "act_x0041_") + "</AV><AI>-1</AI>" + g.pick("<Nil />", "<S>op</S>") +
			"<PI>-1</PI><PC>5</PC><T>Processing</T><SR>-1</SR><SD>" + g.pick("", "status") + "</SD></PR>")
	case n == 11 && len(g.open)+len(g.closed) > 0:
		all := append(append([]string{}, g.closed...), g.open...)
		g.out.WriteString("<Ref")
		g.attributes(name, all[g.choose(len(all))])
		g.out.WriteString(g.pick(" />", "></Ref>"))
	default:
		g.object(name)
	}
}

// object writes an Obj with its parts in any order.
func (g *grower) object(name string) {
	id := fmt.Sprint(g.objects, g.pick("", "", "", "x"))
	g.objects++
	g.depth++
	g.open = append(g.open, id)
	g.out.WriteString("<Obj")
	g.attributes(name, id)
	g.out.WriteString(">")
	for _, part := range []func(){g.typeNames, g.toString, g.base, g.collection, g.props, g.members, g.lateText} {
		g.noise()
		part()
	}
	g.out.WriteString("</Obj>")
	g.depth--
	g.open = g.open[:len(g.open)-1]
	g.closed = append(g.closed, id)
}

func (g *grower) typeNames() {
	switch n := g.choose(8); {
	case n < 3:
	case n < 6 && len(g.types) > 0:
		g.out.WriteString("<TNRef")
		g.attributes("", g.types[g.choose(len(g.types))])
		g.out.WriteString(" />")
	default:
		id := fmt.Sprint("t", len(g.types))
		g.out.WriteString("<TN")
		g.attributes("", id)
		g.out.WriteString(">" + g.pick("<T>A</T>", "<T>A</T><T>System.Enum</T>", "<T>System.Management.Automation.PSCustomObject</T>",
			"<T>Deserialized.System.Management.Automation.PSCustomObject</T><T />", "", "<T>List`1[[_x0041_, b]]</T>") + "</TN>")
		g.types = append(g.types, id)
	}
}

func (g *grower) toString() {
	if g.choose(3) == 2 {
		g.element("ToString", "", g.pick("", "shown", "_xD83D_", "&amp;"))
	}
}

// lateText is a ToString after everything else. It may be the second one, which
// is an error in all readers alike.
func (g *grower) lateText() {
	if g.choose(16) == 15 {
		g.element("ToString", "", "late")
	}
}

func (g *grower) base() {
	if g.choose(4) == 3 {
		g.value("")
	}
}

func (g *grower) collection() {
	tag := g.pick("", "", "LST", "STK", "QUE", "IE", "DCT", "")
	if tag == "" {
		return
	}
	g.out.WriteString("<" + tag + ">")
	for range g.choose(4) {
		g.noise()
		if tag != "DCT" {
			g.value("")
			continue
		}
		g.out.WriteString("<En>")
		g.value("Key")
		g.noise()
		g.value("Value")
		g.out.WriteString("</En>")
	}
	g.out.WriteString("</" + tag + ">")
}

func (g *grower) props() { g.properties("Props") }

func (g *grower) members() { g.properties("MS") }

func (g *grower) properties(tag string) {
	n := g.choose(8)
	if n < 3 {
		return
	}
	g.out.WriteString("<" + tag + ">")
	for range n - 3 {
		g.noise()
		g.value(g.name())
	}
	g.out.WriteString("</" + tag + ">")
}

// grow gives a document: one value, or several as the rows of a list.
func grow(seed []byte) []byte {
	g := &grower{seed: seed}
	g.out.WriteString(g.pick("", "\xEF\xBB\xBF"))
	g.object("")
	return []byte(g.out.String())
}

// growRows gives a document with several rows: values beside each other, bare
// or in Objs, or the items of a list.
func growRows(seed []byte) []byte {
	g := &grower{seed: seed}
	frames := [][2]string{
		{"<Obj RefId='rows'><LST>", "</LST></Obj>"}, {"", ""}, {"<Objs>", "</Objs>"}, {`<Objs Version="1.1.0.1" xmlns='u'>`, "</Objs>"},
	}
	list := g.choose(len(frames))
	frame := frames[list]
	g.out.WriteString(frame[0])
	for range 1 + g.choose(5) {
		if list == 0 {
			g.value("")
		} else {
			g.object("") // a Ref beside the list that it means would be a row
		}
		g.noise()
	}
	g.out.WriteString(frame[1])
	return []byte(g.out.String())
}

// sameRows reads a document as rows and compares with the oracle's values.
func sameRows(doc []byte) error {
	want, oracleErr := oracleDecodeAll(doc)
	got, err := clixml.DecodeAll(doc)
	rowsErr := new(clixml.RowScanner).ScanRows(doc, func(*clixml.RowScanner) error { return nil })
	if (oracleErr == nil) != (err == nil) || (oracleErr == nil) != (rowsErr == nil) {
		return fmt.Errorf("oracle: %w, DecodeAll: %v, ScanRows: %v", oracleErr, err, rowsErr)
	}
	if oracleErr != nil || oddRefs(doc) {
		return nil //lint:ignore nilerr all three refuse it alike
	}
	for i := range want {
		if a, b := encoded(got[i]), encoded(want[i]); a != b {
			return fmt.Errorf("value %d is\n%q, want\n%q", i, a, b)
		}
		o, ok := want[i].(*clixml.Object)
		if !ok || o.Kind == clixml.None || o.Kind == clixml.Dictionary {
			continue
		}
		// as in FuzzRows
		if o.HasBase || o.Adapted != nil || o.Extended != nil || reaches(o.Items, o) {
			return nil
		}
	}
	return rowsLikeTree(string(doc))
}

// agrees reads a document in all ways there are and compares.
func agrees(doc []byte) error {
	var s clixml.RowScanner
	want, oracleErr := oracleDecode(doc)
	got, err := clixml.Decode(doc)
	scanErr := s.Scan(doc)
	rowsErr := new(clixml.RowScanner).ScanRows(doc, func(*clixml.RowScanner) error { return nil })
	if oracleErr != nil {
		if err == nil || scanErr == nil || rowsErr == nil {
			return fmt.Errorf("oracle: %w; Decode: %v, Scan: %v, ScanRows: %v", oracleErr, err, scanErr, rowsErr)
		}
		return nil
	}
	if err != nil || scanErr != nil || rowsErr != nil {
		return fmt.Errorf("the oracle reads it; Decode: %v, Scan: %v, ScanRows: %v", err, scanErr, rowsErr)
	}
	if a, b := encoded(got), encoded(want); a != b {
		return fmt.Errorf("decoded to\n%q, want\n%q", a, b)
	}
	again, err := clixml.Decode([]byte(encoded(got)))
	if err != nil || encoded(again) != encoded(got) {
		return fmt.Errorf("encoded to\n%q, and then to\n%q: %w", encoded(got), encoded(again), err)
	}
	if oddRefs(doc) {
		return nil
	}
	return sameRow(&s, want)
}

// FuzzGrown reads well-formed documents of any shape in all ways there are:
// the tree, the row, the rows of a list and the oracle must agree.
func FuzzGrown(f *testing.F) {
	for i := range 64 {
		seed := make([]byte, 40+i*8)
		for j := range seed {
			seed[j] = byte((j*j*31 + j*(i+3)*17 + i*101) >> 2)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed []byte) {
		doc := grow(seed)
		if err := agrees(doc); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		doc = growRows(seed)
		if err := sameRows(doc); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
	})
}
