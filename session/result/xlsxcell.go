package result

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// The styles of a workbook, in the order of styles.xml.
const (
	styleHeading = 1 + iota
	styleDate
	styleDuration
	styleWhole
	styleSize
	styleWrapped
)

const (
	exactWhole = 999_999_999_999_999 // 15 digits
	firstDate  = 61                  // 1900-03-01: before it Excel counts a day too many
	lastDate   = 2958466             // 10000-01-01
	// Days from 0001-01-01 to 1899-12-30, Excel's day 0.
	daysToExcel = 693593
)

// cell writes a cell with its type; one without a value is none.
func (b *workbook) cell(letters string, c cell) {
	switch c.kind {
	case cellAbsent, cellNull:
		return
	case cellBool:
		b.open(letters, 0, ` t="b"><v>`)
		b.page.buffer = append(b.page.buffer, byte('0'+c.num&1))
		b.page.add(`</v></c>`)
		return
	case cellTimeUnspecified, cellTimeUTC, cellTimeLocal:
		serial := float64(c.time().Ticks-daysToExcel*ticksPerDay) / ticksPerDay
		if serial >= firstDate && serial < lastDate {
			b.number(letters, styleDate, serial)
			return
		}
	case cellDuration:
		if ticks := int64(c.num); ticks >= 0 {
			b.number(letters, styleDuration, float64(ticks)/ticksPerDay)
			return
		}
	default:
		if b.plainNumber(letters, c) {
			return
		}
	}
	b.text = b.values.form.append(b.text[:0], c)
	b.textCell(letters, 0, b.text)
}

// plainNumber writes the number of a cell when a sheet holds it exactly.
func (b *workbook) plainNumber(letters string, c cell) bool {
	whole := styleWhole
	if b.options.Values.Sizes == SizeBytes {
		whole = styleSize
	}
	switch c.kind {
	case cellInt:
		if n := int64(c.num); n >= -exactWhole && n <= exactWhole {
			b.open(letters, whole, `><v>`)
			b.page.buffer = strconv.AppendInt(b.page.buffer, n, 10)
			b.page.add(`</v></c>`)
			return true
		}
	case cellUint:
		if c.num <= exactWhole {
			b.open(letters, whole, `><v>`)
			b.page.buffer = strconv.AppendUint(b.page.buffer, c.num, 10)
			b.page.add(`</v></c>`)
			return true
		}
	case cellFloat:
		if f := floatOf(c.num); !math.IsNaN(f) && !math.IsInf(f, 0) {
			b.number(letters, 0, f)
			return true
		}
	case cellDecimal:
		if f, err := strconv.ParseFloat(string(c.data), 64); err == nil && len(c.data) <= 15 {
			b.number(letters, 0, f)
			return true
		}
	}
	return false
}

func (b *workbook) number(letters string, style int, f float64) {
	b.open(letters, style, `><v>`)
	b.page.buffer = strconv.AppendFloat(b.page.buffer, f, 'g', -1, 64)
	b.page.add(`</v></c>`)
}

// open writes a cell's tag up to what rest has.
func (b *workbook) open(letters string, style int, rest string) {
	p := b.page
	p.add(`<c r="`)
	p.add(letters)
	if p.rows == 1 && len(p.number) == 0 {
		p.add("1")
	} else {
		p.buffer = append(p.buffer, p.number...)
	}
	p.add(`"`)
	if style > 0 {
		p.add(` s="`)
		p.buffer = append(p.buffer, byte('0'+style))
		p.add(`"`)
	}
	p.add(rest)
}

// textCell writes a text, cut to what a cell can hold.
func (b *workbook) textCell(letters string, style int, text []byte) {
	b.open(letters, style, ` t="inlineStr"><is><t xml:space="preserve">`)
	if len(text) > cellUnits {
		text = b.cut(text)
	}
	b.page.buffer = appendSheetText(b.page.buffer, text)
	b.page.add(`</t></is></c>`)
}

// cut cuts a text to 32,767 UTF-16 units, and counts what it cut.
func (b *workbook) cut(text []byte) []byte {
	units := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		n := 1
		if r > 0xFFFF {
			n = 2
		}
		if units+n > cellUnits {
			b.report.CutCells++
			return text[:i]
		}
		units += n
		i += size
	}
	return text
}

// appendSheetText writes a text as a sheet's XML. What reads as an escape of the format
// (_x0041_) is escaped itself.
func appendSheetText(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '&':
				dst = append(dst, "&amp;"...)
			case c == '<':
				dst = append(dst, "&lt;"...)
			case c == '>':
				dst = append(dst, "&gt;"...)
			case c == '\r':
				dst = append(dst, "&#13;"...)
			case c < ' ' && c != '\t' && c != '\n':
				dst = fmt.Appendf(dst, "_x%04X_", c) // as XML has none of them
			case c == '_' && isSheetEscape(text[i-1:]):
				dst = append(dst, "_x005F_"...)
			default:
				dst = append(dst, c)
			}
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 && isSurrogate(text[i:]) {
			size = 3
		}
		if r == 0xFFFE || r == 0xFFFF {
			r = utf8.RuneError
		}
		dst = utf8.AppendRune(dst, r)
		i += size
	}
	return dst
}

// isSheetEscape says that text begins with _xHHHH_.
func isSheetEscape(text []byte) bool {
	if len(text) < 7 || text[1] != 'x' || text[6] != '_' {
		return false
	}
	for _, c := range text[2:6] {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
