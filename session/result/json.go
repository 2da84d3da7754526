package result

import (
	"math"
	"strconv"
)

// json writes an object for each row, keys in column order. Numbers are numbers at full
// precision (NaN and the infinities are texts), dates are texts, durations are texts as
// .NET writes them (1.02:03:04), binary data is base64, lists are arrays of their items'
// texts, an object is the text it displays, null is null, and absent cells are left away.
func (e *export) json() error {
	encoder := newJSONEncoder(e.options, e.values.form, e.view.Headers())
	e.out.buffer = append(e.out.buffer, encoder.open...)
	err := e.eachRow(e.view, func(cells []cell) error {
		e.out.buffer = encoder.next(e.out.buffer, cells)
		return e.out.flushFull()
	})
	if err != nil {
		return err
	}
	e.out.buffer = encoder.finish(e.out.buffer)
	return nil
}

// jsonEncoder turns rows into JSON.
type jsonEncoder struct {
	open, between, close, none string
	start, comma, colon, end   string // of an object
	keys                       [][]byte
	form                       form
	some                       bool // rows have been written
}

func newJSONEncoder(o Options, f form, names []string) *jsonEncoder {
	e := &jsonEncoder{form: f, open: "[", between: ",\n", close: "]\n", none: "]\n", start: "{", comma: ",", colon: ":", end: "}"}
	switch {
	case o.Format == NDJSON:
		e.open, e.between, e.close, e.none = "", "\n", "\n", ""
	case o.Indent:
		e.open, e.between, e.close = "[\n  ", ",\n  ", "\n]\n"
		e.none = "]\n"
		e.start, e.comma, e.colon, e.end = "{\n    ", ",\n    ", ": ", "\n  }"
	}
	e.setKeys(names)
	return e
}

// setKeys names the cells of a row, in their order.
func (e *jsonEncoder) setKeys(names []string) {
	e.keys = e.keys[:0]
	for _, name := range names {
		e.addKey(name)
	}
}

// next writes a row behind those that are there.
func (e *jsonEncoder) next(dst []byte, cells []cell) []byte {
	if e.some {
		dst = append(dst, e.between...)
	}
	e.some = true
	return e.row(dst, cells)
}

// finish writes what comes after the rows.
func (e *jsonEncoder) finish(dst []byte) []byte {
	if e.some {
		return append(dst, e.close...)
	}
	return append(dst, e.none...)
}

func (e *jsonEncoder) addKey(name string) {
	e.keys = append(e.keys, appendJSONString(nil, []byte(name)))
}

// row writes one object; cell i has key i.
func (e *jsonEncoder) row(dst []byte, cells []cell) []byte {
	first := true
	for i, c := range cells {
		if c.kind == cellAbsent {
			continue
		}
		if first {
			dst = append(dst, e.start...)
		} else {
			dst = append(dst, e.comma...)
		}
		first = false
		dst = append(append(dst, e.keys[i]...), e.colon...)
		dst = e.value(dst, c)
	}
	if first {
		return append(dst, "{}"...)
	}
	return append(dst, e.end...)
}

func (e *jsonEncoder) value(dst []byte, c cell) []byte {
	switch c.kind {
	case cellNull, cellAbsent:
		return append(dst, "null"...)
	case cellBool:
		return strconv.AppendBool(dst, c.num != 0)
	case cellInt, cellUint:
		return e.form.append(dst, c)
	case cellFloat:
		if f := floatOf(c.num); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return appendFloat(dst, f)
		}
	case cellDecimal:
		if isJSONNumber(c.data) {
			return append(dst, c.data...)
		}
	case cellText:
		return appendJSONString(dst, c.data)
	case cellNested:
		return appendJSONString(dst, c.display())
	case cellList:
		dst = append(dst, '[')
		first := true
		for item := range c.items {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = appendJSONString(dst, item)
		}
		return append(dst, ']')
	}
	// What is left has no character to escape.
	dst = append(dst, '"')
	dst = e.form.append(dst, c)
	return append(dst, '"')
}

// isJSONNumber says that text is -?(0|[1-9][0-9]*)(\.[0-9]+)?, the forms that a decimal
// has.
func isJSONNumber(text []byte) bool {
	if len(text) > 0 && text[0] == '-' {
		text = text[1:]
	}
	whole := 0
	for whole < len(text) && isDigit(text[whole]) {
		whole++
	}
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	if whole == len(text) {
		return true
	}
	fraction := text[whole+1:]
	for _, c := range fraction {
		if !isDigit(c) {
			return false
		}
	}
	return text[whole] == '.' && len(fraction) > 0
}

// appendJSONString writes a text in quotes; what is no UTF-8 becomes U+FFFD.
func appendJSONString(dst, text []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := len(dst)
	dst = appendUTF8(dst, text)
	clean := true
	for _, c := range dst[start:] {
		clean = clean && c >= ' ' && c != '"' && c != '\\'
	}
	if clean {
		return append(dst, '"')
	}
	plain := append([]byte(nil), dst[start:]...)
	dst = dst[:start]
	for _, c := range plain {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c < ' ':
			dst = append(dst, `\u00`...)
			dst = append(dst, hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
