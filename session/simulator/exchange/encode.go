package exchange

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"postroom/session/clixml"
)

// encoder writes records of one shape as CLIXML objects, as remoting does at
// depth 1 (MS-PSRP 2.2.5.2; recordings of PowerShell), with the
// few values that Exchange's servers serialize deeper. All that is the same in
// each row is made once.
type encoder struct {
	head    []byte // up to the text of ToString, or to the first property
	name    int    // column whose text is ToString; negative: none
	middle  []byte
	columns []encodedColumn
	tail    []byte // closes the properties
	// blob is what begins the SerializationData of every row; empty for
	// objects that Select-Object made, which have none.
	blob []byte
}

type encodedColumn struct {
	from       int // cell of the record; negative: always null
	kind       kind
	attribute  []byte // ` N="Name"`
	constant   []byte // what is written when the record has no cell
	types      []string
	empty      bool // a list that is empty when the record has no cell
	asDuration bool // a span as TS, not as an EnhancedTimeSpan
}

// shape is what an encoder needs to know of a class or of a projection.
type shape struct {
	types    []string
	name     int  // column whose text is ToString; negative: none
	extended bool // properties as MS (PSCustomObject) and not as Props
	columns  []shapeColumn
}

type shapeColumn struct {
	from      int
	name      string
	kind      kind
	listTypes []string
	constant  *value
	short     bool // a span as a TimeSpan
}

// elements are what cells are written as, S where nothing stands.
var elements = map[kind]string{
	kindBool: "B", kindInt32: "I32", kindInt64: "I64", kindFloat: "Db", kindTime: "DT", kindSpan: "TS", kindGUID: "G", kindVersion: "Version",
}

func newEncoder(s shape) *encoder {
	e := &encoder{name: s.name}
	group := "Props"
	if s.extended {
		group = "MS"
	}
	e.head = appendTypeNames([]byte(`<Obj RefId="0">`), 0, s.types)
	if s.name >= 0 {
		e.head = append(e.head, "<ToString>"...)
		e.middle = append(e.middle, "</ToString>"...)
	}
	e.middle = append(e.middle, "<"+group+">"...)
	e.tail = []byte("</" + group + ">")
	if !s.extended {
		e.blob = serialized(s.types[0], 16)
	}
	for _, c := range s.columns {
		ec := encodedColumn{from: c.from, kind: c.kind, types: c.listTypes, asDuration: c.short}
		ec.attribute = []byte(` N="` + strings.ReplaceAll(string(clixml.AppendText(nil, []byte(c.name))), `"`, "&quot;") + `"`)
		if c.kind == kindSize {
			ec.types = sizeTypes()
		} else if c.kind == kindSpan && !c.short {
			ec.types = spanTypes()
		}
		if c.constant != nil {
			var r record
			r.reset(1)
			r.set(0, *c.constant)
			if ec.object(&r.cells[0]) {
				ec.empty = true
			} else {
				ec.constant = ec.appendPlain(nil, &r.cells[0])
			}
		}
		e.columns = append(e.columns, ec)
	}
	return e
}

// object says that a cell is written as an object of its own, with a number.
func (col *encodedColumn) object(c *cell) bool {
	return col.kind == kindList || c.kind == kindSize || c.kind == kindSpan && !col.asDuration
}

// Types of the values that Exchange serializes deeper.
func sizeTypes() []string {
	return []string{"Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize" + exchangeData + "]]", "System.ValueType", "System.Object"}
}

func spanTypes() []string {
	return []string{"Microsoft.Exchange.Data.EnhancedTimeSpan", "System.ValueType", "System.Object"}
}

// serialized begins a SerializationData: the object written by .NET's
// BinaryFormatter, as far as the name of its type, with as many bytes more as
// make the base64 of what follows begin anew.
func serialized(typeName string, room int) []byte {
	assembly := strings.TrimPrefix(exchangeData, ", ")
	b := []byte{0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0, 0, 0, 0x0C, 2, 0, 0, 0, byte(len(assembly))}
	b = append(b, assembly...)
	b = append(b, 5, 1, 0, 0, 0, byte(min(len(typeName), 127)))
	b = append(b, typeName[:min(len(typeName), 127)]...)
	b = append(b, 1, 0, 0, 0, 5, '_', 'd', 'a', 't', 'a', 7, 2, 2, 0, 0, 0, 9, 3, 0, 0, 0, 0x0F, 3, 0, 0, 0, byte(room))
	for len(b)%3 != 0 {
		b = append(b, 0)
	}
	return []byte(base64.StdEncoding.EncodeToString(b))
}

func appendTypeNames(dst []byte, id int, types []string) []byte {
	dst = append(dst, `<TN RefId="`+strconv.Itoa(id)+`">`...)
	for _, t := range types {
		dst = append(dst, "<T>"...)
		dst = clixml.AppendText(dst, []byte(t))
		dst = append(dst, "</T>"...)
	}
	return append(dst, "</TN>"...)
}

// writing is the state of one object while it is written: the numbers of its
// parts, and of the lists of types that were named.
type writing struct {
	objects int
	types   []string // first type of each list, in the order of their numbers
}

// append writes the record as one object; origin are the properties that say
// where it came from.
func (e *encoder) append(dst []byte, r *record, origin []byte) []byte {
	var room [12]string
	w := writing{objects: 1, types: append(room[:0], "")}
	dst = append(dst, e.head...)
	if e.name >= 0 {
		dst = clixml.AppendText(dst, r.cells[e.name].text)
	}
	dst = append(dst, e.middle...)
	for i := range e.columns {
		dst = e.columns[i].append(dst, r, &w)
	}
	dst = append(dst, e.tail...)
	if len(e.blob) > 0 {
		dst = append(append(dst, "<MS>"...), origin...)
		dst = append(append(dst, `<BA N="SerializationData">`...), e.blob...)
		var own [17]byte
		sum := uint64(17)
		if e.name >= 0 {
			sum = hashBytes(r.cells[e.name].text)
		}
		binary.LittleEndian.PutUint64(own[:], sum)
		binary.LittleEndian.PutUint64(own[8:], scramble(sum))
		own[16] = 0x0B
		dst = base64.StdEncoding.AppendEncode(dst, own[:])
		dst = append(dst, "</BA></MS>"...)
	}
	return append(dst, "</Obj>"...)
}

func (col *encodedColumn) append(dst []byte, r *record, w *writing) []byte {
	if col.from < 0 {
		return append(append(append(dst, "<Nil"...), col.attribute...), " />"...)
	}
	c := &r.cells[col.from]
	if c.kind == kindUnset && !col.empty {
		return append(dst, col.constant...)
	}
	if !col.object(c) {
		return col.appendPlain(dst, c)
	}
	dst = append(append(dst, "<Obj"...), col.attribute...)
	dst = append(strconv.AppendInt(append(dst, ` RefId="`...), int64(w.objects), 10), `">`...)
	w.objects++
	dst = w.typeNames(dst, col.types)
	switch {
	case col.kind == kindList:
		dst = appendItems(dst, c.items)
	case c.kind == kindSize:
		dst = appendSizeObject(dst, c)
	default:
		dst = appendSpanObject(dst, c)
	}
	return append(dst, "</Obj>"...)
}

// typeNames writes a list of types, or a reference when it was written before.
func (w *writing) typeNames(dst []byte, types []string) []byte {
	for id, first := range w.types {
		if first == types[0] {
			dst = strconv.AppendInt(append(dst, `<TNRef RefId="`...), int64(id), 10)
			return append(dst, `" />`...)
		}
	}
	w.types = append(w.types, types[0])
	return appendTypeNames(dst, len(w.types)-1, types)
}

func appendSizeObject(dst []byte, c *cell) []byte {
	dst = append(append(append(dst, "<ToString>"...), c.text...), "</ToString><Props>"...)
	if c.number == unlimited {
		dst = append(dst, `<B N="IsUnlimited">true</B>`...)
	} else {
		dst = append(append(append(dst, `<B N="IsUnlimited">false</B><S N="Value">`...), c.text...), "</S>"...)
	}
	return append(append(append(dst, `</Props><MS><BA N="SerializationData">`...), serialized(sizeTypes()[0], 0)...), "</BA></MS>"...)
}

func appendSpanObject(dst []byte, c *cell) []byte {
	d := spanOf(string(c.text))
	dst = append(append(append(dst, "<ToString>"...), spanText(d)...), "</ToString><Props>"...)
	for _, part := range []struct {
		name string
		n    time.Duration
	}{{"Days", d / (24 * time.Hour)}, {"Hours", d / time.Hour % 24}, {"Milliseconds", d / time.Millisecond % 1000}, {"Minutes", d / time.Minute % 60}, {"Seconds", d / time.Second % 60}} {
		dst = fmt.Appendf(dst, `<I32 N="%s">%d</I32>`, part.name, int64(part.n))
	}
	dst = fmt.Appendf(dst, `<I64 N="Ticks">%d</I64>`, int64(d)/100)
	for _, part := range []struct {
		name string
		unit time.Duration
	}{{"TotalDays", 24 * time.Hour}, {"TotalHours", time.Hour}, {"TotalMilliseconds", time.Millisecond}, {"TotalMinutes", time.Minute}, {"TotalSeconds", time.Second}} {
		dst = strconv.AppendFloat(append(append(append(dst, `<Db N="`...), part.name...), `">`...), float64(d)/float64(part.unit), 'f', -1, 64)
		dst = append(dst, "</Db>"...)
	}
	dst = fmt.Appendf(dst, `<I32 N="Sign">%d</I32></Props>`, cmp.Compare(d, 0))
	return append(append(append(dst, `<MS><BA N="SerializationData">`...), serialized(spanTypes()[0], 0)...), "</BA></MS>"...)
}

// appendPlain writes a cell that is no object of its own.
func (col *encodedColumn) appendPlain(dst []byte, c *cell) []byte {
	if c.kind == kindNil {
		return append(append(append(dst, "<Nil"...), col.attribute...), " />"...)
	}
	element := cmp.Or(elements[col.kind], "S")
	dst = append(append(append(append(dst, '<'), element...), col.attribute...), '>')
	switch c.kind {
	case kindSpan, kindGUID, kindVersion:
		dst = append(dst, c.text...)
	case kindBool:
		dst = strconv.AppendBool(dst, c.number != 0)
	case kindInt32, kindInt64:
		dst = strconv.AppendInt(dst, c.number, 10)
	case kindFloat:
		dst = strconv.AppendFloat(dst, c.real, 'G', -1, 64)
	case kindTime:
		dst, _ = clixml.DateTime{Ticks: c.number, Kind: c.clock}.AppendText(dst) // never fails
	default:
		dst = clixml.AppendText(dst, c.text)
	}
	return append(append(append(dst, "</"...), element...), '>')
}

func appendItems(dst []byte, items [][]byte) []byte {
	if len(items) == 0 {
		return append(dst, "<LST />"...)
	}
	dst = append(dst, "<LST>"...)
	for _, item := range items {
		dst = append(dst, "<S>"...)
		dst = clixml.AppendText(dst, item)
		dst = append(dst, "</S>"...)
	}
	return append(dst, "</LST>"...)
}
