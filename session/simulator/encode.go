package simulator

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// encoder writes records of one shape as CLIXML objects, as remoting does at
// depth 1 (MS-PSRP 2.2.5.2; the recordings in fixtures/powershell). All that is
// the same in each row is made once.
type encoder struct {
	head    []byte // up to the text of ToString, or to the first property
	hasName bool
	name    int // column whose text is ToString
	middle  []byte
	columns []encodedColumn
	tail    []byte
}

type encodedColumn struct {
	from  int // cell of the record; negative: always null
	kind  kind
	open  []byte // `<S N="Name">`
	close []byte
	null  []byte
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
}

func elementOf(k kind) string {
	switch k {
	case kindBool:
		return "B"
	case kindInt32:
		return "I32"
	case kindInt64:
		return "I64"
	case kindFloat:
		return "Db"
	case kindTime:
		return "DT"
	case kindSpan:
		return "TS"
	case kindGUID:
		return "G"
	case kindVersion:
		return "Version"
	default:
		return "S"
	}
}

func newEncoder(s shape) *encoder {
	e := &encoder{hasName: s.name >= 0, name: s.name}
	group := "Props"
	if s.extended {
		group = "MS"
	}
	e.head = appendTypeNames([]byte(`<Obj RefId="0">`), 0, s.types)
	if e.hasName {
		e.head = append(e.head, "<ToString>"...)
		e.middle = append(e.middle, "</ToString>"...)
	}
	e.middle = append(e.middle, "<"+group+">"...)
	e.tail = []byte("</" + group + "></Obj>")
	known := map[string]int{} // RefId of a list's type names
	object, typeID := 1, 1
	for _, c := range s.columns {
		ec := encodedColumn{from: c.from, kind: c.kind}
		attribute := ` N="` + strings.ReplaceAll(string(appendText(nil, []byte(c.name))), `"`, "&quot;") + `"`
		ec.null = []byte("<Nil" + attribute + " />")
		if c.kind != kindList {
			ec.open = []byte("<" + elementOf(c.kind) + attribute + ">")
			ec.close = []byte("</" + elementOf(c.kind) + ">")
			e.columns = append(e.columns, ec)
			continue
		}
		ec.open = append(ec.open, "<Obj"+attribute+` RefId="`+strconv.Itoa(object)+`">`...)
		object++
		if id, ok := known[c.listTypes[0]]; ok {
			ec.open = append(ec.open, `<TNRef RefId="`+strconv.Itoa(id)+`" />`...)
		} else {
			ec.open = appendTypeNames(ec.open, typeID, c.listTypes)
			known[c.listTypes[0]] = typeID
			typeID++
		}
		ec.close = []byte("</Obj>")
		e.columns = append(e.columns, ec)
	}
	return e
}

func appendTypeNames(dst []byte, id int, types []string) []byte {
	dst = append(dst, `<TN RefId="`+strconv.Itoa(id)+`">`...)
	for _, t := range types {
		dst = append(dst, "<T>"...)
		dst = appendText(dst, []byte(t))
		dst = append(dst, "</T>"...)
	}
	return append(dst, "</TN>"...)
}

// append writes the record as one object.
func (e *encoder) append(dst []byte, r *record) []byte {
	dst = append(dst, e.head...)
	if e.hasName {
		dst = appendText(dst, r.cells[e.name].text)
	}
	dst = append(dst, e.middle...)
	for i := range e.columns {
		col := &e.columns[i]
		if col.from < 0 {
			dst = append(dst, col.null...)
			continue
		}
		dst = col.append(dst, &r.cells[col.from])
	}
	return append(dst, e.tail...)
}

func (col *encodedColumn) append(dst []byte, c *cell) []byte {
	if c.kind == kindNil && col.kind != kindList {
		return append(dst, col.null...)
	}
	dst = append(dst, col.open...)
	switch c.kind {
	case kindText:
		dst = appendText(dst, c.text)
	case kindSpan, kindGUID, kindVersion:
		dst = append(dst, c.text...)
	case kindBool:
		if c.number != 0 {
			dst = append(dst, "true"...)
		} else {
			dst = append(dst, "false"...)
		}
	case kindInt32, kindInt64:
		dst = strconv.AppendInt(dst, c.number, 10)
	case kindFloat:
		dst = strconv.AppendFloat(dst, c.real, 'G', -1, 64)
	case kindTime:
		dst = appendTime(dst, c.number, c.clock)
	case kindList:
		dst = appendItems(dst, c.items)
	case kindNil: // a list without items
		dst = appendItems(dst, nil)
	}
	return append(dst, col.close...)
}

func appendItems(dst []byte, items [][]byte) []byte {
	if len(items) == 0 {
		return append(dst, "<LST />"...)
	}
	dst = append(dst, "<LST>"...)
	for _, item := range items {
		dst = append(dst, "<S>"...)
		dst = appendText(dst, item)
		dst = append(dst, "</S>"...)
	}
	return append(dst, "</LST>"...)
}

// appendTime writes a DateTime: at most 7 digits of fraction, trailing zeros cut.
func appendTime(dst []byte, ticks int64, clock clockKind) []byte {
	t := timeOf(ticks)
	y, mo, d := t.Date()
	h, mi, s := t.Clock()
	dst = appendDigits(dst, y, 4)
	dst = appendDigits(append(dst, '-'), int(mo), 2)
	dst = appendDigits(append(dst, '-'), d, 2)
	dst = appendDigits(append(dst, 'T'), h, 2)
	dst = appendDigits(append(dst, ':'), mi, 2)
	dst = appendDigits(append(dst, ':'), s, 2)
	if f := int(ticks % ticksPerSecond); f != 0 {
		dst = appendDigits(append(dst, '.'), f, 7)
		dst = bytes.TrimRight(dst, "0")
	}
	switch clock {
	case clockUTC:
		return append(dst, 'Z')
	case clockLocal:
		return append(dst, "+00:00"...)
	default:
		return dst
	}
}

func appendDigits(dst []byte, n, width int) []byte {
	start := len(dst)
	for range width {
		dst = append(dst, '0')
	}
	for i := len(dst) - 1; i >= start && n > 0; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
	return dst
}

// plain tells the bytes that are written as they are, wherever they stand.
var plain = func() (t [256]bool) {
	for i := range t {
		t[i] = i >= 0x20 && i < 0x7F && i != '<' && i != '>' && i != '&' && i != '_'
	}
	return t
}()

// appendText writes text as PowerShell does (MS-PSRP 2.2.5.3.2): markup as
// entities; control characters, every half of a surrogate pair, and an
// underscore that could be read as an escape as _xHHHH_.
func appendText(dst, text []byte) []byte {
	start := 0
	for i := 0; i < len(text); {
		b := text[i]
		if plain[b] {
			i++
			continue
		}
		r, size := rune(b), 1
		if b >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
			if r >= 0xA0 && r < 0x10000 && r != utf8.RuneError {
				i += size
				continue
			}
		}
		dst = append(dst, text[start:i]...)
		dst = appendEscaped(dst, r, text[i:])
		i += size
		start = i
	}
	return append(dst, text[start:]...)
}

// appendEscaped writes one character that may not stand as it is; rest begins
// with it.
func appendEscaped(dst []byte, r rune, rest []byte) []byte {
	switch {
	case r == '<':
		return append(dst, "&lt;"...)
	case r == '>':
		return append(dst, "&gt;"...)
	case r == '&':
		return append(dst, "&amp;"...)
	case r == '_':
		if len(rest) > 1 && (rest[1] == 'x' || rest[1] == 'X') {
			return appendUnit(dst, '_')
		}
		return append(dst, '_')
	case r >= 0x10000:
		high, low := utf16.EncodeRune(r)
		return appendUnit(appendUnit(dst, high), low)
	case r == utf8.RuneError:
		return append(dst, "\uFFFD"...)
	default:
		return appendUnit(dst, r)
	}
}

func appendUnit(dst []byte, unit rune) []byte {
	const hex = "0123456789ABCDEF"
	return append(dst, '_', 'x', hex[unit>>12&15], hex[unit>>8&15], hex[unit>>4&15], hex[unit&15], '_')
}
