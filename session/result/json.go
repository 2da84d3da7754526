package result

import (
	"context"
	"io"
	"math"
	"strconv"
)

// JSONOptions say how JSON is written.
type JSONOptions struct {
	// Lines writes one object a line instead of an array.
	Lines bool
	// Indent makes an array readable; not with Lines.
	Indent bool
}

// WriteJSON writes the view as JSON: an object for each row, keys in column order.
// Numbers are numbers at full precision (NaN and the infinities are texts), dates are
// ISO 8601 texts with the fraction and zone they have, durations are texts as .NET writes
// them (1.02:03:04), binary data is base64, lists are arrays of their items' texts, an
// object is the text it displays, null is null, and absent cells are left away. The error
// is the writer's or the context's.
func WriteJSON(ctx context.Context, w io.Writer, v *View, o JSONOptions) error {
	e := newJSONEncoder(o, v.Headers())
	out := &output{w: w}
	out.buffer = append(out.buffer, e.open...)
	err := v.eachRow(ctx, func(row int, cells []cell) error {
		if row > 0 {
			out.buffer = append(out.buffer, e.between...)
		}
		out.buffer = e.row(out.buffer, cells)
		return out.flushFull()
	})
	if err != nil {
		return err
	}
	if rows, _ := v.Size(); rows == 0 {
		out.buffer = append(out.buffer, e.none...)
	} else {
		out.buffer = append(out.buffer, e.close...)
	}
	return out.flush()
}

// jsonEncoder turns rows into JSON.
type jsonEncoder struct {
	open, between, close, none string
	start, comma, colon, end   string // of an object
	keys                       [][]byte
}

func newJSONEncoder(o JSONOptions, names []string) *jsonEncoder {
	e := &jsonEncoder{open: "[", between: ",\n", close: "]\n", none: "]\n", start: "{", comma: ",", colon: ":", end: "}"}
	switch {
	case o.Lines:
		e.open, e.between, e.close, e.none = "", "\n", "\n", ""
	case o.Indent:
		e.open, e.between, e.close = "[\n  ", ",\n  ", "\n]\n"
		e.none = "]\n"
		e.start, e.comma, e.colon, e.end = "{\n    ", ",\n    ", ": ", "\n  }"
	}
	for _, name := range names {
		e.addKey(name)
	}
	return e
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
		dst = appendJSON(dst, c)
	}
	if first {
		return append(dst, "{}"...)
	}
	return append(dst, e.end...)
}

var jsonForm = form{dates: dateISO}

func appendJSON(dst []byte, c cell) []byte {
	switch c.kind {
	case cellNull, cellAbsent:
		return append(dst, "null"...)
	case cellBool:
		return strconv.AppendBool(dst, c.num != 0)
	case cellInt, cellUint:
		return jsonForm.append(dst, c)
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
	dst = jsonForm.append(dst, c)
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
