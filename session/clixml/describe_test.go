package clixml_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"postroom/session/clixml"
)

// node is one node of the independent descriptions beside the corpus: a walk
// over the live .NET object, not over the XML.
type node struct {
	Kind     text
	Tag      text
	Type     text
	Value    *text
	ID       int
	To       int
	BaseType text
	// of primitives
	TypeNames []text
	Extended  []member
	// of objects
	ToString *text
	Props    []member
	List     text
	Items    []node
	Dict     []struct{ Key, Value node }
	Enum     *text
}

type member struct {
	Name, Member text
	Value        *node
	GetterThrew  json.RawMessage
}

// text is a JSON string with lone surrogates kept, as WTF-8: encoding/json
// would replace them.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '"' {
		*t = text(b) // a number
		return nil
	}
	b = b[1 : len(b)-1]
	var units []uint16
	for i := 0; i < len(b); {
		if b[i] != '\\' {
			r, n := utf8.DecodeRune(b[i:])
			units = utf16.AppendRune(units, r)
			i += n
			continue
		}
		switch c := b[i+1]; c {
		case 'u':
			u, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 16)
			if err != nil {
				return err
			}
			units = append(units, uint16(u))
			i += 6
		default:
			r := strings.IndexByte(`nrtbf`, c)
			if r >= 0 {
				c = "\n\r\t\b\f"[r]
			}
			units = append(units, uint16(c))
			i += 2
		}
	}
	*t = text(wtf8(units))
	return nil
}

func wtf8(units []uint16) string {
	var out []byte
	for i := 0; i < len(units); i++ {
		u := rune(units[i])
		if utf16.IsSurrogate(u) && i+1 < len(units) {
			if r := utf16.DecodeRune(u, rune(units[i+1])); r != utf8.RuneError {
				out = utf8.AppendRune(out, r)
				i++
				continue
			}
		}
		if utf16.IsSurrogate(u) {
			out = append(out, 0xE0|byte(u>>12), 0x80|byte(u>>6)&0x3F, 0x80|byte(u)&0x3F)
			continue
		}
		out = utf8.AppendRune(out, u)
	}
	return string(out)
}

// comparer holds what has been matched so far.
type comparer struct {
	// deserialized: type names have "Deserialized." before them, containers
	// are other classes, dictionaries have lost their order
	deserialized bool
	objects      map[int]*clixml.Object
	nodes        int
}

func (c *comparer) value(path string, n *node, v clixml.Value) error {
	c.nodes++
	if err := c.compare(path, n, v); err != nil {
		return err
	}
	return nil
}

func (c *comparer) compare(path string, n *node, v clixml.Value) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s: "+format, append([]any{path}, args...)...)
	}
	o, isObject := v.(*clixml.Object)
	switch n.Kind {
	case "null":
		if isObject && o.HasBase && o.Base == nil {
			return nil
		}
		if v != nil {
			return fail("%#v, want null", v)
		}
		return nil
	case "ref":
		// A cached object of PowerShell may be written in full again; the
		// node that it refers to has been compared where it stood.
		if !isObject {
			return nil
		}
		if first := c.objects[n.To]; first != nil && first != o && c.deserialized {
			return fail("another object than node %d", n.To)
		}
		return nil
	case "walk-truncated":
		return nil
	case "primitive":
		return c.primitive(path, n, v)
	case "object":
	default:
		return fail("kind %q of the description is not known", n.Kind)
	}
	if c.deserialized && n.BaseType == "System.Net.Sockets.AddressFamily" {
		return nil // a member of a live IPAddress, not of the wire
	}
	if isObject && o.Types == nil && o.HasBase && n.TypeNames != nil {
		v, isObject = o.Base, false // a string in a PSObject
	}
	if !isObject {
		return c.flattened(path, n, v)
	}
	c.objects[n.ID] = o
	return c.object(path, n, o)
}

// flattened: an object that was at PowerShell's depth limit, or PR, which is an
// object for PowerShell and a value for us.
func (c *comparer) flattened(path string, n *node, v clixml.Value) error {
	if p, ok := v.(clixml.Progress); ok {
		return sameProgress(path, n, p)
	}
	if s, ok := v.(string); ok && !c.deserialized {
		if n.ToString != nil && s != string(*n.ToString) && n.Enum == nil {
			return fmt.Errorf("%s: %q, want %q", path, s, *n.ToString)
		}
		return nil
	}
	return fmt.Errorf("%s: %#v, want an object of %v", path, v, n.TypeNames)
}

func sameProgress(path string, n *node, p clixml.Progress) error {
	op, _ := p.CurrentOperation.(string)
	got := map[string]string{
		"Activity": p.Activity, "ActivityId": fmt.Sprint(p.ActivityID), "StatusDescription": p.Status,
		"CurrentOperation": op, "ParentActivityId": fmt.Sprint(p.ParentActivityID),
		"PercentComplete": fmt.Sprint(p.PercentComplete), "SecondsRemaining": fmt.Sprint(p.SecondsRemaining),
		"RecordType": p.Type,
	}
	for _, m := range n.Props {
		want := ""
		switch {
		case m.Value.Value != nil:
			want = string(*m.Value.Value)
		case m.Value.ToString != nil:
			want = string(*m.Value.ToString)
		}
		g, ok := got[string(m.Name)]
		if !ok || g != want {
			return fmt.Errorf("%s.%s: %q, want %q", path, m.Name, g, want)
		}
		delete(got, string(m.Name))
	}
	if len(got) > 0 {
		return fmt.Errorf("%s: not in the description: %v", path, got)
	}
	return nil
}

func (c *comparer) object(path string, n *node, o *clixml.Object) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s: "+format, append([]any{path}, args...)...)
	}
	if err := c.typeNames(path, n.TypeNames, o.Types); err != nil {
		return err
	}
	if n.Enum != nil {
		if got := fmt.Sprint(o.Base); got != string(*n.Enum) || !o.IsEnum() {
			return fail("enum %s, want %s", got, *n.Enum)
		}
	}
	if o.HasToString && n.ToString != nil && o.ToString != string(*n.ToString) {
		return fail("ToString %q, want %q", o.ToString, *n.ToString)
	}
	if got := clixml.Display(o); c.deserialized && n.ToString != nil && !c.live(n, o) && got != string(*n.ToString) && n.flat() {
		return fail("displayed as %q, want %q", got, *n.ToString)
	}
	kinds := map[text]clixml.Container{
		"": clixml.None, "list": clixml.List, "queue": clixml.Queue, "stack": clixml.Stack, "enumerable": clixml.Enumerable,
	}
	want, known := kinds[n.List]
	if !known {
		return fail("list kind %q of the description is not known", n.List)
	}
	if n.Dict != nil {
		want = clixml.Dictionary
	}
	switch {
	case c.deserialized && o.Kind == clixml.Enumerable && want == clixml.List:
		want = clixml.Enumerable // PowerShell makes an ArrayList of an IE
	case !c.deserialized && want == clixml.Enumerable && (o.Kind == clixml.Stack || o.Kind == clixml.Queue):
		want = o.Kind // the walker calls the generic ones enumerable
	}
	if o.Kind != want {
		return fail("container %v, want %v", o.Kind, want)
	}
	if err := c.items(path, n, o); err != nil {
		return err
	}
	return c.members(path, n, o)
}

func (c *comparer) items(path string, n *node, o *clixml.Object) error {
	if len(n.Items) != len(o.Items) || len(n.Dict) != len(o.Entries) {
		return fmt.Errorf("%s: %d items and %d entries, want %d and %d", path, len(o.Items), len(o.Entries), len(n.Items), len(n.Dict))
	}
	for i := range n.Items {
		if err := c.value(fmt.Sprintf("%s[%d]", path, i), &n.Items[i], o.Items[i]); err != nil {
			return err
		}
	}
	used := make([]bool, len(o.Entries))
	for i := range n.Dict {
		found := false
		var last error
		for j := range o.Entries {
			if used[j] || !c.deserialized && j != i {
				continue
			}
			keep := c.nodes
			k := c.value(fmt.Sprintf("%s{key %d}", path, i), &n.Dict[i].Key, o.Entries[j].Key)
			if k == nil {
				k = c.value(fmt.Sprintf("%s{%d}", path, i), &n.Dict[i].Value, o.Entries[j].Value)
			}
			if k == nil {
				used[j], found = true, true
				break
			}
			c.nodes, last = keep, k
		}
		if !found {
			return fmt.Errorf("%s: no entry fits number %d of the description: %w", path, i, last)
		}
	}
	return nil
}

// members compares Props and MS, in order, with the object's members.
func (c *comparer) members(path string, n *node, o *clixml.Object) error {
	var want []member
	for _, m := range n.Props {
		switch {
		case m.Value == nil: // the getter threw: left out on the wire
		case n.Enum != nil && m.Name == "value__": // the enum's number, compared before
		case m.Name == "pstypenames" && o.Kind == clixml.Enumerable: // not written
		default:
			want = append(want, m)
		}
	}
	switch {
	case o.Kind == clixml.Enumerable && len(want) == 0:
		return nil // the walker does not look for them, TestCorpusBytes does
	case c.live(n, o):
		return nil
	}
	var got []clixml.Property
	if c.deserialized {
		// PowerShell puts the extended ones in front
		got = append(append(got, o.Extended...), o.Adapted...)
		if len(got) == len(want) && len(got) > 0 && got[0].Name != string(want[0].Name) {
			got = append(append([]clixml.Property{}, o.Adapted...), o.Extended...)
		}
	} else {
		for _, m := range want {
			v, ok := o.Get(string(m.Name))
			if !ok {
				return fmt.Errorf("%s.%s: not there", path, m.Name)
			}
			got = append(got, clixml.Property{Name: string(m.Name), Value: v})
		}
		if extra := len(o.Adapted) + len(o.Extended) - len(want); extra != 0 {
			return fmt.Errorf("%s: %d properties, want %d", path, len(o.Adapted)+len(o.Extended), len(want))
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("%s: %d properties, want %d", path, len(got), len(want))
	}
	for i, m := range want {
		if got[i].Name != string(m.Name) {
			return fmt.Errorf("%s: property %d is %q, want %q", path, i, got[i].Name, m.Name)
		}
		if err := c.value(path+"."+string(m.Name), m.Value, got[i].Value); err != nil {
			return err
		}
	}
	return nil
}

// flat tells whether nothing inside is a custom object or dictionary: PowerShell shows nothing
// for the one and a type name for the other, this package shows what is in them.
func (n *node) flat() bool {
	for _, m := range n.Props {
		if m.Value != nil && m.Value.Kind != "primitive" && m.Value.Kind != "null" && (m.Value.ToString == nil || m.Value.BaseType == "System.Management.Automation.PSCustomObject") {
			return false
		}
	}
	return true
}

// live tells whether PowerShell made an object of the original class again,
// whose members are computed and not those of the wire.
func (c *comparer) live(n *node, o *clixml.Object) bool {
	if !c.deserialized || o.Kind != clixml.None || n.BaseType == "System.Management.Automation.PSCustomObject" {
		return false
	}
	for _, t := range n.TypeNames {
		if strings.HasPrefix(string(t), "Deserialized.") {
			return false
		}
	}
	return !o.HasBase
}

func (c *comparer) typeNames(path string, want []text, got []string) error {
	plain := func(s string) string { return s }
	if c.deserialized {
		plain = func(s string) string { return strings.TrimPrefix(s, "Deserialized.") }
	}
	switch {
	case len(want) == 0 && len(got) == 0:
		return nil
	case c.deserialized && len(got) == 0 && len(want) == 2 && want[0] == "System.Management.Automation.PSCustomObject":
		return nil // what PowerShell gives to an object without any
	case c.deserialized && len(want) == 2 && want[0] == "System.Collections.ArrayList":
		return nil // the root of a list, which PowerShell hands out bare
	}
	same := len(want) == len(got)
	for i := 0; same && i < len(want); i++ {
		same = plain(string(want[i])) == plain(got[i])
	}
	if !same {
		return fmt.Errorf("%s: type names %q, want %q", path, got, want)
	}
	return nil
}

func (c *comparer) primitive(path string, n *node, v clixml.Value) error {
	if o, ok := v.(*clixml.Object); ok {
		if o.Types != nil && n.TypeNames != nil {
			if err := c.typeNames(path, n.TypeNames, o.Types); err != nil {
				return err
			}
		}
		if n.Enum == nil && len(n.Extended) != len(o.Extended)+len(o.Adapted) {
			return fmt.Errorf("%s: %d extended properties, want %d", path, len(o.Extended), len(n.Extended))
		}
		for i, m := range n.Extended {
			if o.Extended[i].Name != string(m.Name) {
				return fmt.Errorf("%s: extended property %q, want %q", path, o.Extended[i].Name, m.Name)
			}
			if err := c.value(path+"."+string(m.Name), m.Value, o.Extended[i].Value); err != nil {
				return err
			}
		}
		v = o.Base
	} else if len(n.Extended) > 0 {
		return fmt.Errorf("%s: extended properties are not there", path)
	}
	if n.Type == "System.SByte[]" {
		return nil // the walker says BA, PowerShell writes a list, as the other description says
	}
	got, err := described(n.Tag, v)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	want := string(*n.Value)
	if n.Tag == "URI" && !c.deserialized {
		// Uri.ToString, which is what travels, is not OriginalString
		got, want = looseURI(got), looseURI(want)
	}
	if n.Tag == "XD" {
		// OuterXml as .NET writes it again: another form of the same document
		if squeeze(got) == "" || len(want) == 0 {
			return fmt.Errorf("%s: empty XML", path)
		}
		got, want = squeeze(got), squeeze(want)
	}
	if got != want {
		return fmt.Errorf("%s: %s %q, want %q", path, n.Tag, got, want)
	}
	return nil
}

func looseURI(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "%20", " "), `\`, "/")
	return strings.TrimPrefix(s, "file:")
}

func squeeze(s string) string {
	return strings.NewReplacer("\r", "", "\n", "", " ", "", "\t", "").Replace(s)
}

// described writes v as the description writes a primitive of that element.
//
//nolint:gocyclo // one table
func described(tag text, v clixml.Value) (string, error) {
	wrong := fmt.Errorf("a %T where the description has %s", v, tag)
	switch v := v.(type) {
	case string:
		return v, only(tag, "S", wrong)
	case bool:
		return fmt.Sprint(v), only(tag, "B", wrong)
	case clixml.Char:
		return fmt.Sprint(uint16(v)), only(tag, "C", wrong)
	case int8:
		return fmt.Sprint(v), only(tag, "SB", wrong)
	case int16:
		return fmt.Sprint(v), only(tag, "I16", wrong)
	case int32:
		return fmt.Sprint(v), only(tag, "I32", wrong)
	case int64:
		return fmt.Sprint(v), only(tag, "I64", wrong)
	case uint8:
		return fmt.Sprint(v), only(tag, "By", wrong)
	case uint16:
		return fmt.Sprint(v), only(tag, "U16", wrong)
	case uint32:
		return fmt.Sprint(v), only(tag, "U32", wrong)
	case uint64:
		return fmt.Sprint(v), only(tag, "U64", wrong)
	case float32:
		return fmt.Sprintf("%s|bits=0x%08x", roundTrip(v), math.Float32bits(v)), only(tag, "Sg", wrong)
	case float64:
		return fmt.Sprintf("%s|bits=0x%016x", roundTrip(v), math.Float64bits(v)), only(tag, "Db", wrong)
	case clixml.Decimal:
		return string(v), only(tag, "D", wrong)
	case clixml.DateTime:
		return describedTime(v), only(tag, "DT", wrong)
	case clixml.Duration:
		return fmt.Sprintf("ticks=%d|%s", int64(v), v), only(tag, "TS", wrong)
	case []byte:
		return wireText(v), only(tag, "BA", wrong)
	case clixml.GUID:
		return v.String(), only(tag, "G", wrong)
	case clixml.URI:
		return string(v), only(tag, "URI", wrong)
	case clixml.Version:
		return string(v), only(tag, "Version", wrong)
	case clixml.XML:
		return string(v), only(tag, "XD", wrong)
	case clixml.ScriptBlock:
		if tag == "S" { // PowerShell reads SBK as a string
			return string(v), nil
		}
		return string(v), only(tag, "SBK", wrong)
	case clixml.SecureString:
		return clearHex(string(v)), only(tag, "SS", wrong)
	}
	return "", wrong
}

func only(got text, want string, wrong error) error {
	if string(got) != want {
		return wrong
	}
	return nil
}

// roundTrip takes .NET's text of a number from the encoder, with Infinity
// spelled out.
func roundTrip(v clixml.Value) string {
	return strings.ReplaceAll(wireText(v), "INF", "Infinity")
}

func describedTime(d clixml.DateTime) string {
	kind := [...]string{"Unspecified", "Utc", "Local"}[d.Kind]
	t := d.Time()
	clock := fmt.Sprintf("%s.%07d|%s|ticks=%d", t.Format("2006-01-02T15:04:05"), t.Nanosecond()/100, kind, d.Ticks)
	if d.Kind == clixml.Unspecified {
		return clock
	}
	// .NET stops at its first moment
	return clock + fmt.Sprintf("|utcTicks=%d", max(0, d.Ticks-int64(d.OffsetMinutes)*600_000_000))
}

// clearHex reads a SecureString of PowerShell on Unix without a key: hex of
// UTF-16LE.
func clearHex(s string) string {
	var units []uint16
	for i := 0; i+4 <= len(s); i += 4 {
		u, err := strconv.ParseUint(s[i+2:i+4]+s[i:i+2], 16, 16)
		if err != nil {
			return err.Error()
		}
		units = append(units, uint16(u))
	}
	return wtf8(units)
}

// TestCorpusDescriptions compares what every case decodes to with both
// descriptions of it.
func TestCorpusDescriptions(t *testing.T) {
	xml := corpus(t, ".xml")
	cases, nodes := 0, 0
	for name, path := range corpus(t, ".json") {
		var d struct{ Source, Deserialized *node }
		if err := json.Unmarshal(readFixture(t, path), &d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if xml[name] == "" {
			continue // the two strings that PSSerializer cannot write
		}
		t.Run(name, func(t *testing.T) {
			v, err := clixml.Decode(readFixture(t, xml[name]))
			if err != nil {
				t.Fatal(err)
			}
			for what, n := range map[string]*node{"source": d.Source, "deserialized": d.Deserialized} {
				if n == nil {
					continue
				}
				c := comparer{deserialized: what == "deserialized", objects: map[int]*clixml.Object{}}
				if err := c.value(what, n, v); err != nil {
					t.Error(err)
				}
				nodes += c.nodes
			}
			cases++
		})
	}
	t.Logf("%d cases, %d nodes", cases, nodes)
	if cases < 324 || nodes < 80_000 {
		t.Error("too few: the descriptions were not all there, or not all walked")
	}
}
