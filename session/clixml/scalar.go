package clixml

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
)

// scalar is a parsed primitive without any memory of its own. Which fields
// count depends on the tag; those that are text need none.
type scalar struct {
	i  int64
	u  uint64
	f  float64
	dt DateTime
	g  GUID
}

// parseScalar checks the text of a primitive and reads its number, clock or
// GUID. It gives "" or what is wrong.
func parseScalar(t tag, text []byte, v *scalar) string {
	switch t {
	case tagS, tagURI, tagVersion, tagXD, tagSBK, tagSS:
		return ""
	case tagB:
		return parseBool(trim(text), v)
	case tagI32:
		return parseSigned(trim(text), 32, v)
	case tagI64:
		return parseSigned(trim(text), 64, v)
	case tagSB:
		return parseSigned(trim(text), 8, v)
	case tagI16:
		return parseSigned(trim(text), 16, v)
	case tagBy:
		return parseUnsigned(trim(text), 8, v)
	case tagU16, tagC:
		return parseUnsigned(trim(text), 16, v)
	case tagU32:
		return parseUnsigned(trim(text), 32, v)
	case tagU64:
		return parseUnsigned(trim(text), 64, v)
	case tagSg:
		return parseFloat(trim(text), 32, v)
	case tagDB:
		return parseFloat(trim(text), 64, v)
	case tagD:
		if !isDecimal(trim(text)) {
			return "not a decimal"
		}
		return ""
	case tagDT:
		var ok bool
		if v.dt, ok = parseDateTime(trim(text)); !ok {
			return "not a date and time"
		}
		return ""
	case tagTS:
		d, ok := parseDuration(trim(text))
		if !ok {
			return "not a duration, or out of range"
		}
		v.i = int64(d)
		return ""
	case tagG:
		var ok bool
		if v.g, ok = parseWireGUID(trim(text)); !ok {
			return "not a GUID"
		}
		return ""
	case tagBA:
		if base64Size(text) < 0 {
			return "not base64"
		}
		return ""
	default:
		return "not a primitive"
	}
}

func trim(t []byte) []byte {
	for len(t) > 0 && isSpace(t[0]) {
		t = t[1:]
	}
	for len(t) > 0 && isSpace(t[len(t)-1]) {
		t = t[:len(t)-1]
	}
	return t
}

func parseBool(t []byte, v *scalar) string {
	switch string(t) {
	case "true", "1":
		v.i = 1
	case "false", "0":
		v.i = 0
	default:
		return "not a Boolean"
	}
	return ""
}

// digits reads a run of decimal digits. ok is false if there are none, others
// stand beside them, or the number is over 64 bits.
func digits(t []byte) (n uint64, ok bool) {
	if len(t) == 0 {
		return 0, false
	}
	for i, c := range t {
		d := uint64(c) - '0'
		if d > 9 {
			return 0, false
		}
		if i >= 19 && (n > math.MaxUint64/10 || n*10 > math.MaxUint64-d) {
			return 0, false
		}
		n = n*10 + d
	}
	return n, true
}

func parseSigned(t []byte, bits uint, v *scalar) string {
	neg := false
	d := t
	if len(d) > 0 && (d[0] == '-' || d[0] == '+') {
		neg = d[0] == '-'
		d = d[1:]
	}
	n, ok := digits(d)
	if !ok {
		return "not a whole number, or out of range"
	}
	limit := uint64(1) << (bits - 1)
	switch {
	case neg && n <= limit:
		v.i = -int64(n)
	case !neg && n < limit:
		v.i = int64(n)
	default:
		return "not a whole number, or out of range"
	}
	return ""
}

func parseUnsigned(t []byte, bits uint, v *scalar) string {
	if len(t) > 0 && t[0] == '+' {
		t = t[1:]
	}
	n, ok := digits(t)
	if !ok || bits < 64 && n >= 1<<bits {
		return "not a whole number without sign, or out of range"
	}
	v.u = n
	v.i = int64(n)
	return ""
}

// nan has the bits of .NET's NaN, which differ from Go's in the sign.
func nan() float64 { return math.Float64frombits(0xFFF8000000000000) }

// namedFloat reads the floats that have names: those of XML Schema, and those of
// .NET's Double.Parse, which takes them in any letter case and with either sign.
func namedFloat(t string) (f float64, ok bool) {
	switch t {
	case "INF":
		return math.Inf(1), true
	case "-INF":
		return math.Inf(-1), true
	}
	name, negative := t, false
	if t != "" && (t[0] == '-' || t[0] == '+') {
		name, negative = t[1:], t[0] == '-'
	}
	switch {
	case strings.EqualFold(name, "NaN"):
		return nan(), true
	case !strings.EqualFold(name, "Infinity"):
		return 0, false
	case negative:
		return math.Inf(-1), true
	}
	return math.Inf(1), true
}

func parseFloat(t []byte, bits int, v *scalar) string {
	if f, ok := namedFloat(string(t)); ok {
		v.f = f
		return ""
	}
	for _, c := range t {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return "not a number"
		}
	}
	f, err := strconv.ParseFloat(string(t), bits)
	if err != nil && !math.IsInf(f, 0) {
		return "not a number"
	}
	v.f = f // out of range is infinite, as in .NET
	return ""
}

func isDecimal(t []byte) bool {
	if len(t) > 0 && (t[0] == '-' || t[0] == '+') {
		t = t[1:]
	}
	n, dot := 0, false
	for _, c := range t {
		switch {
		case c >= '0' && c <= '9':
			n++
		case c == '.' && !dot:
			dot = true
		default:
			return false
		}
	}
	return n > 0
}

// parseWireGUID accepts what .NET's Guid does of what occurs: 8-4-4-4-12,
// with braces or parentheses around it, or 32 digits.
func parseWireGUID(t []byte) (GUID, bool) {
	if len(t) == 38 && (t[0] == '{' && t[37] == '}' || t[0] == '(' && t[37] == ')') {
		t = t[1:37]
	}
	if len(t) == 32 {
		var b [36]byte
		n := copy(b[:], t[:8])
		for i := 8; i < 32; {
			b[n] = '-'
			size := 4
			if i == 20 {
				size = 12
			}
			n += 1 + copy(b[n+1:], t[i:i+size])
			i += size
		}
		t = b[:]
	}
	return parseGUID(t)
}

// base64Size gives the decoded size, or -1 if t is not base64. White space is
// allowed, as in .NET.
func base64Size(t []byte) int {
	n, pad := 0, 0
	for _, c := range t {
		switch {
		case isSpace(c):
		case c == '=':
			pad++
		case base64Values[c]:
			if pad > 0 {
				return -1
			}
			n++
		default:
			return -1
		}
	}
	if pad > 2 || (n+pad)%4 != 0 {
		return -1
	}
	return n * 6 / 8
}

var base64Values = func() (t [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = true
	}
	return t
}()

// appendBase64 decodes t, which base64Size has accepted.
func appendBase64(dst, t []byte) []byte {
	plain := t
	for _, c := range t {
		if isSpace(c) {
			plain = make([]byte, 0, len(t))
			for _, c := range t {
				if !isSpace(c) {
					plain = append(plain, c)
				}
			}
			break
		}
	}
	dst, _ = base64.StdEncoding.AppendDecode(dst, plain) // checked before
	return dst
}

// appendFloat writes f as .NET's "R" does, with INF as in XML Schema.
func appendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "INF"...)
	case math.IsInf(f, -1):
		return append(dst, "-INF"...)
	}
	var buf [32]byte
	e := strconv.AppendFloat(buf[:0], f, 'e', -1, bits) // d.ddde±xx
	if e[0] == '-' {
		dst = append(dst, '-')
		e = e[1:]
	}
	var dig [24]byte
	n, i := 0, 0
	for ; e[i] != 'e'; i++ {
		if e[i] != '.' {
			dig[n] = e[i]
			n++
		}
	}
	exp, _ := strconv.Atoi(string(e[i+1:])) // of the first digit; strconv wrote it
	scale := exp + 1
	if dig[0] == '0' {
		return append(dst, '0')
	}
	round := 17 // digits that any double needs: .NET's MaxRoundTripDigits
	if bits == 32 {
		round = 9
	}
	switch {
	case scale > max(n, round) || scale < -3:
		return appendScientific(dst, dig[:n], exp)
	case scale <= 0:
		dst = append(dst, "0."...)
		for range -scale {
			dst = append(dst, '0')
		}
		return append(dst, dig[:n]...)
	case scale >= n:
		dst = append(dst, dig[:n]...)
		for range scale - n {
			dst = append(dst, '0')
		}
		return dst
	}
	dst = append(dst, dig[:scale]...)
	return append(append(dst, '.'), dig[scale:n]...)
}

// appendScientific writes d.dddE+xx: the sign always, two digits at least.
func appendScientific(dst, digits []byte, exp int) []byte {
	dst = append(dst, digits[0])
	if len(digits) > 1 {
		dst = append(append(dst, '.'), digits[1:]...)
	}
	dst = append(dst, 'E')
	if exp < 0 {
		dst, exp = append(dst, '-'), -exp
	} else {
		dst = append(dst, '+')
	}
	if exp < 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(exp), 10)
}
