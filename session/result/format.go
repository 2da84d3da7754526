package result

import (
	"encoding/base64"
	"math"
	"strconv"
	"unicode/utf8"
)

// form is how cells become text.
type form struct {
	dates     dateForm
	separator string // between the items of a list
	// typeNames writes binary data as PowerShell does: the name of its type.
	typeNames bool
}

type dateForm uint8

const (
	dateShort     dateForm = iota // 2024-03-04 05:06:07Z
	dateISO                       // 2024-03-04T05:06:07.1234567Z
	dateInvariant                 // 03/04/2024 05:06:07
)

// shown is what a grid, a filter and a console see.
var shown = form{dates: dateShort, separator: "; "}

func floatOf(bits uint64) float64 { return math.Float64frombits(bits) }

// append adds the cell's text to dst as valid UTF-8.
func (f form) append(dst []byte, c cell) []byte {
	switch c.kind {
	case cellText, cellDecimal:
		return appendUTF8(dst, c.data)
	case cellBool:
		if c.num != 0 {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	case cellInt:
		return strconv.AppendInt(dst, int64(c.num), 10)
	case cellUint:
		return strconv.AppendUint(dst, c.num, 10)
	case cellFloat:
		return appendFloat(dst, floatOf(c.num))
	case cellTimeUnspecified, cellTimeUTC, cellTimeLocal:
		return f.dates.append(dst, c.time())
	case cellDuration:
		return appendDuration(dst, int64(c.num))
	case cellBytes:
		if f.typeNames {
			return append(dst, "System.Byte[]"...)
		}
		return base64.StdEncoding.AppendEncode(dst, c.data)
	case cellList:
		first := true
		for item := range c.items {
			if !first {
				dst = append(dst, f.separator...)
			}
			first = false
			dst = appendUTF8(dst, item)
		}
		return dst
	case cellNested:
		return appendUTF8(dst, c.display())
	}
	return dst
}

// appendUTF8 appends text that may hold lone surrogates as WTF-8, or bytes that are no
// UTF-8 at all: each becomes one U+FFFD, as PowerShell writes it.
func appendUTF8(dst, text []byte) []byte {
	if utf8.Valid(text) {
		return append(dst, text...)
	}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 && isSurrogate(text) {
			n = 3
		}
		dst = utf8.AppendRune(dst, r)
		text = text[n:]
	}
	return dst
}

// isSurrogate says that text begins with a surrogate in WTF-8: ED A0..BF 80..BF.
func isSurrogate(text []byte) bool {
	return len(text) >= 3 && text[0] == 0xED && text[1] >= 0xA0 && text[1] <= 0xBF && text[2]&0xC0 == 0x80
}

// appendFloat writes a number as .NET's Double.ToString does in the invariant culture:
// the shortest text that reads back the same, with an exponent from 1E+17 and below 1E-04.
func appendFloat(dst []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, "NaN"...)
	case math.IsInf(v, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(v, -1):
		return append(dst, "-Infinity"...)
	}
	if a := math.Abs(v); a != 0 && (a >= 1e17 || a < 1e-4) {
		return strconv.AppendFloat(dst, v, 'E', -1, 64)
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

const (
	ticksPerSecond = 10_000_000
	ticksPerDay    = 24 * 60 * 60 * ticksPerSecond
)

// TimeSpan writes a length of time in whole seconds as the cells of a column do: 2.04:00:00.
// Ticks are of 100 ns.
func TimeSpan(ticks int64) string {
	return string(appendDuration(nil, ticks/ticksPerSecond*ticksPerSecond))
}

// appendDuration writes .NET's constant format: [-][d.]hh:mm:ss[.fffffff].
func appendDuration(dst []byte, ticks int64) []byte {
	n := uint64(ticks)
	if ticks < 0 {
		dst = append(dst, '-')
		n = -n
	}
	if days := n / ticksPerDay; days > 0 {
		dst = append(strconv.AppendUint(dst, days, 10), '.')
		n %= ticksPerDay
	}
	seconds := n / ticksPerSecond
	dst = appendClock(dst, int(seconds/3600), int(seconds/60%60), int(seconds%60))
	if fraction := n % ticksPerSecond; fraction > 0 {
		dst = append(dst, '.')
		dst = appendPadded(dst, fraction, 7)
	}
	return dst
}

func appendClock(dst []byte, hour, minute, second int) []byte {
	dst = append(appendPadded(dst, uint64(hour), 2), ':')
	dst = append(appendPadded(dst, uint64(minute), 2), ':')
	return appendPadded(dst, uint64(second), 2)
}

func appendPadded(dst []byte, n uint64, width int) []byte {
	var digits [20]byte
	i := len(digits)
	for n > 0 || width > 0 {
		i--
		digits[i] = byte('0' + n%10)
		n /= 10
		width--
	}
	return append(dst, digits[i:]...)
}
