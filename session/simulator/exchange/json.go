package exchange

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"postroom/session/clixml"
)

// AppendJSON writes the row as the REST door does: whole numbers, GUIDs, times
// and lists with the annotations that say what they are, in front of them, all
// else bare. Only the properties that columns names are written, letter case
// aside; no columns means all.
func (r Row) AppendJSON(dst []byte, columns []string) []byte {
	dst = append(dst, '{')
	first := true
	for i := range r.view.shape.columns {
		col := &r.view.shape.columns[i]
		if len(columns) > 0 && !slices.ContainsFunc(columns, func(name string) bool { return strings.EqualFold(name, col.name) }) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = col.appendJSON(dst, r.record)
	}
	return append(dst, '}')
}

func (col *shapeColumn) appendJSON(dst []byte, r *record) []byte {
	var c cell
	if col.from >= 0 {
		if c = r.cells[col.from]; c.kind == kindUnset && col.constant != nil {
			c = cell{kind: max(col.constant.kind, kindNil), clock: col.constant.clock, number: col.constant.number, real: col.constant.real, text: []byte(col.constant.text)}
		}
	}
	annotate := func(of, text string) {
		dst = append(append(append(append(dst, '"'), col.name...), '@'), of...)
		dst = append(append(append(dst, `":"`...), text...), `",`...)
	}
	switch c.kind {
	case kindInt32:
		annotate("data.type", "System.Int32")
	case kindInt64:
		annotate("data.type", "System.Int64")
		annotate("odata.type", "#Int64")
	case kindGUID:
		annotate("data.type", "System.Guid")
		annotate("odata.type", "#Guid")
	case kindTime:
		if c.clock != clixml.Unspecified {
			annotate("data.type", "System.DateTime")
		}
	case kindList:
		annotate("odata.type", "#Collection(String)")
	}
	dst = append(append(append(dst, '"'), col.name...), `":`...)
	return c.appendJSONValue(dst)
}

func (c *cell) appendJSONValue(dst []byte) []byte {
	switch c.kind {
	case kindUnset, kindNil:
		return append(dst, "null"...)
	case kindBool:
		return strconv.AppendBool(dst, c.number != 0)
	case kindInt32, kindInt64:
		return strconv.AppendInt(dst, c.number, 10)
	case kindFloat:
		return strconv.AppendFloat(dst, c.real, 'g', -1, 64)
	case kindTime:
		return append(appendJSONTime(append(dst, '"'), c), '"')
	case kindSpan:
		return append(append(append(dst, '"'), spanText(spanOf(string(c.text)))...), '"')
	case kindList:
		dst = append(dst, '[')
		for i, item := range c.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSONText(dst, item)
		}
		return append(dst, ']')
	}
	return appendJSONText(dst, c.text)
}

// appendJSONTime writes a time of seven decimals.
func appendJSONTime(dst []byte, c *cell) []byte {
	dst = timeOf(c.number).AppendFormat(dst, "2006-01-02T15:04:05.0000000")
	return append(dst, map[clixml.DateTimeKind]string{clixml.UTC: "Z", clixml.Local: "+00:00"}[c.clock]...)
}

// appendJSONText writes a text; section signs, which Exchange puts between the
// parts of settings, are escaped, as the service does.
func appendJSONText(dst, text []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r < 0x20 || r == 0x7F || r == '§':
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4&15], hex[r&15])
		default:
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return append(dst, '"')
}
