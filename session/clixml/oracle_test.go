package clixml_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"postroom/session/clixml"
)

// The oracle: a slow and obvious decoder on encoding/xml, which shares no code
// with the package and takes other ways wherever it can: a tree of XML first,
// regular expressions, UTF-16, package time and math/big.

// xnode is an XML element.
type xnode struct {
	name     string
	attr     map[string]string
	children []*xnode
	text     string // all text directly inside
	raw      string // the element as it stood, without N
}

var errOracle = errors.New("oracle")

func oracleErrorf(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errOracle}, args...)...)
}

// oracleTree reads the XML. The result stands for the document.
func oracleTree(b []byte) (*xnode, error) {
	b = bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))
	for _, m := range regexp.MustCompile(`&#(x?)([0-9a-fA-F]+);`).FindAllSubmatch(b, -1) {
		base := 10
		if len(m[1]) > 0 {
			base = 16
		}
		n, err := strconv.ParseUint(string(m[2]), base, 64)
		if err != nil || n >= 0xD800 && n < 0xE000 {
			return nil, oracleErrorf("surrogate by number") // encoding/xml would read U+FFFD
		}
	}
	b = []byte(disguised(string(b)))
	d := xml.NewDecoder(bytes.NewReader(b))
	root := &xnode{}
	stack := []*xnode{root}
	starts := []int64{0}
	for {
		from := d.InputOffset()
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, oracleErrorf("%v", err)
		}
		top := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if !spacedAttributes(string(b[from:d.InputOffset()])) {
				return nil, oracleErrorf("no space between attributes") // encoding/xml takes that
			}
			n := &xnode{name: fullName(t.Name), attr: map[string]string{}}
			for _, a := range t.Attr {
				name := fullName(a.Name)
				if _, twice := n.attr[name]; twice && (name == "N" || name == "RefId") {
					return nil, oracleErrorf("attribute twice")
				}
				n.attr[name] = undisguised(a.Value)
			}
			top.children = append(top.children, n)
			stack, starts = append(stack, n), append(starts, from)
		case xml.EndElement:
			if len(stack) == 1 || top.name != fullName(t.Name) {
				return nil, oracleErrorf("wrong end tag")
			}
			top.raw = undisguised(withoutN(string(b[starts[len(starts)-1]:d.InputOffset()])))
			stack, starts = stack[:len(stack)-1], starts[:len(starts)-1]
		case xml.CharData:
			top.text += undisguised(string(t))
		case xml.Directive:
			return nil, oracleErrorf("directive")
		}
	}
	if len(stack) != 1 {
		return nil, oracleErrorf("end in the middle")
	}
	return root, nil
}

// disguise is where control characters go while encoding/xml, which refuses them as
// PowerShell's reader does not, reads a document.
const disguise = 0x10FE00

func disguised(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if c := s[i]; c < 0x20 && !strings.ContainsRune("\t\n\r", rune(c)) {
			out = utf8.AppendRune(out, disguise+rune(c))
		} else {
			out = append(out, c)
		}
	}
	return string(out)
}

func undisguised(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= disguise && r < disguise+0x20 {
			return r - disguise
		}
		return r
	}, s)
}

func fullName(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

func spacedAttributes(tag string) bool {
	return regexp.MustCompile(`^<[^ \t\r\n/>]+([ \t\r\n]+[^ \t\r\n=/>"']+[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*'))*[ \t\r\n]*/?>$`).MatchString(tag)
}

// withoutN takes the N attribute out of the first tag.
func withoutN(raw string) string {
	attr := regexp.MustCompile(`^[ \t\r\n]*[^ \t\r\n=/>"']+[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')`)
	i := strings.IndexAny(raw, " \t\r\n/>")
	for {
		m := attr.FindString(raw[i:])
		if m == "" {
			return raw
		}
		name, _, _ := strings.Cut(m, "=")
		if strings.TrimSpace(name) == "N" {
			return raw[:i] + raw[i+len(m):]
		}
		i += len(m)
	}
}

func blank(s string) bool { return strings.Trim(s, " \t\r\n") == "" }

// oracle decodes the values of a document.
type oracle struct {
	objects map[string]*clixml.Object
	types   map[string][]string
}

func oracleDecodeAll(b []byte) ([]clixml.Value, error) {
	root, err := oracleTree(b)
	if err != nil {
		return nil, err
	}
	if !blank(root.text) {
		return nil, oracleErrorf("text at the top")
	}
	list := root.children
	if len(list) > 0 && list[0].name == "Objs" {
		if len(list) > 1 || !blank(list[0].text) {
			return nil, oracleErrorf("something beside Objs or text in it")
		}
		list = list[0].children
	}
	o := oracle{objects: map[string]*clixml.Object{}, types: map[string][]string{}}
	var all []clixml.Value
	for _, n := range list {
		v, err := o.value(n)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

func oracleDecode(b []byte) (clixml.Value, error) {
	all, err := oracleDecodeAll(b)
	if err != nil {
		return nil, err
	}
	switch {
	case len(all) == 1:
		return all[0], nil
	case len(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))) == 0:
		return nil, nil
	}
	return nil, oracleErrorf("%d values", len(all))
}

func (o *oracle) value(n *xnode) (clixml.Value, error) {
	switch n.name {
	case "Nil":
		return nil, n.mustBeEmpty()
	case "Ref":
		v, ok := o.objects[n.attr["RefId"]]
		if _, has := n.attr["RefId"]; !has || !ok {
			return nil, oracleErrorf("unknown Ref")
		}
		return v, n.mustBeEmpty()
	case "Obj":
		return o.object(n)
	case "PR":
		return oracleProgress(n)
	}
	if parse, ok := oraclePrimitives[n.name]; ok {
		if len(n.children) > 0 {
			return nil, oracleErrorf("element in a primitive")
		}
		return parse(decodeName(n.text))
	}
	return clixml.Unknown{Tag: n.name, Raw: n.raw}, nil
}

func (n *xnode) mustBeEmpty() error {
	if len(n.children) > 0 || !blank(n.text) {
		return oracleErrorf("%s is not empty", n.name)
	}
	return nil
}

func (o *oracle) object(n *xnode) (clixml.Value, error) {
	obj := &clixml.Object{}
	if id, ok := n.attr["RefId"]; ok {
		o.objects[id] = obj
	}
	if !blank(n.text) {
		return nil, oracleErrorf("text in Obj")
	}
	for _, c := range n.children {
		if err := o.part(obj, c); err != nil {
			return nil, err
		}
	}
	return obj, nil
}

func (o *oracle) part(obj *clixml.Object, c *xnode) error {
	var err error
	switch c.name {
	case "TN", "TNRef":
		if obj.Types != nil {
			return oracleErrorf("types twice")
		}
		obj.Types, err = o.typeNames(c)
	case "ToString":
		if obj.HasToString || len(c.children) > 0 {
			return oracleErrorf("ToString twice or with elements")
		}
		obj.ToString, obj.HasToString = decodeName(c.text), true
	case "Props":
		err = o.properties(&obj.Adapted, c)
	case "MS":
		err = o.properties(&obj.Extended, c)
	case "LST", "STK", "QUE", "IE", "DCT":
		if obj.Kind != clixml.None || !blank(c.text) {
			return oracleErrorf("collection twice or with text")
		}
		obj.Kind = map[string]clixml.Container{
			"LST": clixml.List, "STK": clixml.Stack, "QUE": clixml.Queue, "IE": clixml.Enumerable, "DCT": clixml.Dictionary,
		}[c.name]
		err = o.collection(obj, c)
	default:
		if obj.HasBase {
			return oracleErrorf("base twice")
		}
		obj.HasBase = true
		obj.Base, err = o.value(c)
	}
	return err
}

func (o *oracle) typeNames(n *xnode) ([]string, error) {
	if n.name == "TNRef" {
		names, ok := o.types[n.attr["RefId"]]
		if _, has := n.attr["RefId"]; !has || !ok {
			return nil, oracleErrorf("unknown TNRef")
		}
		return names, n.mustBeEmpty()
	}
	names := []string{}
	for _, t := range n.children {
		if t.name != "T" || len(t.children) > 0 {
			return nil, oracleErrorf("not a T")
		}
		names = append(names, decodeName(t.text))
	}
	if !blank(n.text) {
		return nil, oracleErrorf("text in TN")
	}
	if id, ok := n.attr["RefId"]; ok {
		o.types[id] = names
	}
	return names, nil
}

func (o *oracle) properties(list *[]clixml.Property, n *xnode) error {
	if *list == nil {
		*list = []clixml.Property{}
	}
	if !blank(n.text) {
		return oracleErrorf("text among properties")
	}
	for _, c := range n.children {
		name, ok := c.attr["N"]
		if !ok {
			return oracleErrorf("no name")
		}
		v, err := o.value(c)
		if err != nil {
			return err
		}
		*list = append(*list, clixml.Property{Name: decodeName(name), Value: v})
	}
	return nil
}

func (o *oracle) collection(obj *clixml.Object, n *xnode) error {
	for _, c := range n.children {
		if obj.Kind != clixml.Dictionary {
			v, err := o.value(c)
			if err != nil {
				return err
			}
			obj.Items = append(obj.Items, v)
			continue
		}
		if c.name != "En" || len(c.children) != 2 || !blank(c.text) ||
			c.children[0].attr["N"] != "Key" || c.children[1].attr["N"] != "Value" {
			return oracleErrorf("not a pair")
		}
		k, err := o.value(c.children[0])
		if err != nil {
			return err
		}
		v, err := o.value(c.children[1])
		if err != nil {
			return err
		}
		obj.Entries = append(obj.Entries, clixml.Entry{Key: k, Value: v})
	}
	return nil
}

func oracleProgress(n *xnode) (clixml.Value, error) {
	want := []string{"AV", "AI", "S", "PI", "PC", "T", "SR", "SD"}
	if len(n.children) != len(want) || !blank(n.text) {
		return nil, oracleErrorf("children of PR")
	}
	var p clixml.Progress
	var ints [8]int32
	var texts [8]string
	for i, c := range n.children {
		if i == 2 && c.name == "Nil" {
			if err := c.mustBeEmpty(); err != nil {
				return nil, err
			}
			continue
		}
		if c.name != want[i] || len(c.children) > 0 {
			return nil, oracleErrorf("child of PR")
		}
		texts[i] = decodeName(c.text)
		switch i {
		case 1, 3, 4, 6:
			v, err := oracleInt[int32](32)(texts[i])
			if err != nil {
				return nil, err
			}
			ints[i] = v.(int32)
		case 2:
			p.CurrentOperation = texts[i]
		}
	}
	p.Activity, p.ActivityID, p.ParentActivityID, p.PercentComplete = texts[0], ints[1], ints[3], ints[4]
	p.Type, p.SecondsRemaining, p.Status = texts[5], ints[6], texts[7]
	return p, nil
}

// decodeName is .NET's XmlConvert.DecodeName, over UTF-16 as there.
func decodeName(s string) string {
	escape := regexp.MustCompile(`_[Xx][0-9a-fA-F]{4}(?:_|[0-9a-fA-F]{4}_)`)
	var units []uint16
	for s != "" {
		m := escape.FindStringIndex(s)
		if m == nil {
			units = append(units, utf16.Encode([]rune(s))...)
			break
		}
		units = append(units, utf16.Encode([]rune(s[:m[0]]))...)
		found := s[m[0]:m[1]]
		n, err := strconv.ParseUint(found[2:len(found)-1], 16, 32)
		switch {
		case err != nil:
			panic(err) // the expression allows nothing else
		case n > utf8.MaxRune:
			units = append(units, utf16.Encode([]rune(found))...)
		case n > 0xFFFF:
			units = append(units, utf16.Encode([]rune{rune(n)})...)
		default:
			units = append(units, uint16(n))
		}
		s = s[m[1]:]
	}
	return wtf8(units)
}

func xmlTrim(s string) string { return strings.Trim(s, " \t\r\n") }

func oracleInt[T int8 | int16 | int32 | int64](bits int) func(string) (clixml.Value, error) {
	return func(s string) (clixml.Value, error) {
		n, err := strconv.ParseInt(xmlTrim(s), 10, bits)
		if err != nil {
			return nil, oracleErrorf("%v", err)
		}
		return T(n), nil
	}
}

func oracleUint[T uint8 | uint16 | uint32 | uint64 | clixml.Char](bits int) func(string) (clixml.Value, error) {
	return func(s string) (clixml.Value, error) {
		s = xmlTrim(s)
		if strings.HasPrefix(s, "+") && len(s) > 1 && s[1] != '+' {
			s = s[1:]
		}
		n, err := strconv.ParseUint(s, 10, bits)
		if err != nil {
			return nil, oracleErrorf("%v", err)
		}
		return T(n), nil
	}
}

func oracleFloat(bits int) func(string) (clixml.Value, error) {
	return func(s string) (clixml.Value, error) {
		s = xmlTrim(s)
		special := map[string]float64{
			"infinity": math.Inf(1), "+infinity": math.Inf(1), "-infinity": math.Inf(-1),
			"nan": math.Float64frombits(0xFFF8000000000000),
		}
		special["+nan"], special["-nan"] = special["nan"], special["nan"]
		f, ok := map[string]float64{"INF": math.Inf(1), "-INF": math.Inf(-1)}[s]
		if !ok {
			f, ok = special[strings.ToLower(s)]
		}
		if !ok {
			if !regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`).MatchString(s) {
				return nil, oracleErrorf("not a number: %q", s)
			}
			var err error
			f, err = strconv.ParseFloat(s, bits)
			if err != nil && !errors.Is(err, strconv.ErrRange) {
				return nil, oracleErrorf("%v", err)
			}
		}
		if bits == 32 {
			if f != f {
				return math.Float32frombits(0xFFC00000), nil
			}
			return float32(f), nil
		}
		return f, nil
	}
}

func oracleText[T ~string](s string) (clixml.Value, error) { return T(s), nil }

var oraclePrimitives = map[string]func(string) (clixml.Value, error){
	"S": oracleText[string], "URI": oracleText[clixml.URI], "Version": oracleText[clixml.Version],
	"XD": oracleText[clixml.XML], "SBK": oracleText[clixml.ScriptBlock], "SS": oracleText[clixml.SecureString],
	"SB": oracleInt[int8](8), "I16": oracleInt[int16](16), "I32": oracleInt[int32](32), "I64": oracleInt[int64](64),
	"By": oracleUint[uint8](8), "U16": oracleUint[uint16](16), "U32": oracleUint[uint32](32), "U64": oracleUint[uint64](64),
	"C": oracleUint[clixml.Char](16), "Sg": oracleFloat(32), "Db": oracleFloat(64),
	"B": func(s string) (clixml.Value, error) {
		v, ok := map[string]bool{"true": true, "1": true, "false": false, "0": false}[xmlTrim(s)]
		if !ok {
			return nil, oracleErrorf("not a Boolean")
		}
		return v, nil
	},
	"D": func(s string) (clixml.Value, error) {
		s = xmlTrim(s)
		if !regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)$`).MatchString(s) {
			return nil, oracleErrorf("not a decimal")
		}
		return clixml.Decimal(s), nil
	},
	"BA": func(s string) (clixml.Value, error) {
		s = strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(s)
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return nil, oracleErrorf("%v", err)
		}
		return b, nil
	},
	"G": func(s string) (clixml.Value, error) {
		const h = `[0-9a-fA-F]`
		s = xmlTrim(s)
		forms := `^(H{8}-H{4}-H{4}-H{4}-H{12}|\{H{8}-H{4}-H{4}-H{4}-H{12}\}|\(H{8}-H{4}-H{4}-H{4}-H{12}\)|H{32})$`
		if !regexp.MustCompile(strings.ReplaceAll(forms, "H", h)).MatchString(s) {
			return nil, oracleErrorf("not a GUID")
		}
		b, err := hex.DecodeString(strings.Trim(strings.ReplaceAll(s, "-", ""), "{}()"))
		return clixml.GUID(b), err
	},
	"DT": oracleDateTime,
	"TS": oracleDuration,
}

var oracleEpoch = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

// oracleTicks is the time since the year 1 in units of 100 ns.
func oracleTicks(t time.Time) int64 {
	return (t.Unix()-oracleEpoch.Unix())*10_000_000 + int64(t.Nanosecond()/100)
}

func oracleDateTime(s string) (clixml.Value, error) {
	if m := regexp.MustCompile(`^(\d{4})(-\d\d)?(Z|[-+]\d\d:\d\d)?$`).FindStringSubmatch(xmlTrim(s)); m != nil {
		month := m[2]
		if month == "" {
			month = "-01"
		}
		return oracleDateTime(m[1] + month + "-01" + m[3])
	}
	m := regexp.MustCompile(`^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d+))?)?(Z|([-+])(\d\d):(\d\d))?$`).FindStringSubmatch(xmlTrim(s))
	if m == nil {
		return nil, oracleErrorf("not a date: %q", s)
	}
	day, err := time.Parse("2006-01-02", m[1])
	if err != nil || m[1] < "0001" {
		return nil, oracleErrorf("not a date: %q", s)
	}
	d := clixml.DateTime{Ticks: oracleTicks(day)}
	if m[2] != "" {
		ticks, ok := oracleClock(m[2], m[3])
		if !ok {
			return nil, oracleErrorf("not a clock: %q", s)
		}
		d.Ticks += ticks
	}
	if d.Ticks > oracleTicks(time.Date(9999, 12, 31, 23, 59, 59, 999_999_900, time.UTC)) {
		return nil, oracleErrorf("after the end of time")
	}
	switch {
	case m[4] == "Z":
		d.Kind = clixml.UTC
	case m[4] != "":
		h, _ := strconv.Atoi(m[6])
		min, _ := strconv.Atoi(m[7])
		if min > 59 || h*60+min > 840 {
			return nil, oracleErrorf("offset out of range")
		}
		d.Kind, d.OffsetMinutes = clixml.Local, int16(h*60+min)
		if m[5] == "-" {
			d.OffsetMinutes *= -1
		}
	}
	return d, nil
}

func oracleClock(clock, fraction string) (int64, bool) {
	frac := oracleFraction(fraction, true)
	if clock == "24:00:00" {
		return 864_000_000_000, frac == 0
	}
	t, err := time.Parse("15:04:05", clock)
	if err != nil {
		return 0, false
	}
	return int64(t.Sub(t.Truncate(24*time.Hour))/100) + frac, true
}

// oracleFraction gives the digits of a second as ticks, rounded half to even
// or cut.
func oracleFraction(digits string, round bool) int64 {
	if digits == "" {
		return 0
	}
	n, _ := new(big.Int).SetString(digits, 10)
	n.Mul(n, big.NewInt(10_000_000))
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(digits))), nil)
	q, r := new(big.Int).QuoRem(n, unit, new(big.Int))
	if round {
		switch r.Lsh(r, 1).Cmp(unit) {
		case 1:
			q.Add(q, big.NewInt(1))
		case 0:
			q.Add(q, big.NewInt(q.Int64()&1))
		}
	}
	return q.Int64()
}

func oracleDuration(s string) (clixml.Value, error) {
	s = xmlTrim(s)
	form := regexp.MustCompile(`^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$`)
	m := form.FindStringSubmatch(s)
	if m == nil || strings.HasSuffix(s, "T") || strings.HasSuffix(s, "P") {
		return nil, oracleErrorf("not a duration: %q", s)
	}
	const second = 10_000_000
	units := map[int]int64{
		2: 365 * 86400 * second, 3: 30 * 86400 * second, 4: 86400 * second,
		6: 3600 * second, 7: 60 * second, 8: second,
	}
	sum := big.NewInt(oracleFraction(m[9], false))
	for i, unit := range units {
		if m[i] == "" {
			continue
		}
		n, _ := new(big.Int).SetString(m[i], 10)
		if n.Cmp(big.NewInt(math.MaxInt32)) > 0 {
			return nil, oracleErrorf("part out of range")
		}
		sum.Add(sum, n.Mul(n, big.NewInt(unit)))
	}
	if m[1] == "-" {
		sum.Neg(sum)
	}
	if !sum.IsInt64() {
		return nil, oracleErrorf("out of range")
	}
	return clixml.Duration(sum.Int64()), nil
}
