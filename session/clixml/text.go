package clixml

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// decodeText resolves entities, line ends and _xHHHH_ escapes of a text
// without markup. The result is t itself or a part of *arena.
func (x *lexer) decodeText(t []byte, at int, flags byte, arena *[]byte) ([]byte, error) {
	if err := x.checkText(t, at, flags); err != nil {
		return nil, err
	}
	if err := x.checkBrackets(t, at, flags); err != nil {
		return nil, err
	}
	if flags&(classAmp|classCR) == 0 {
		if flags&classUnderscore == 0 || !hasEscape(t) {
			return t, nil
		}
	}
	from := len(*arena)
	out, err := x.appendEntities(*arena, t, at)
	if err != nil {
		return nil, err
	}
	out = out[:from+decodeEscapes(out[from:])]
	*arena = out
	return out[from:len(out):len(out)], nil
}

// decodeName decodes the N attribute of e.
func (x *lexer) decodeName(e *element, arena *[]byte) ([]byte, error) {
	if e.nFlags&classNeedsDecoding == 0 {
		return e.n, nil
	}
	return x.decodeText(e.n, e.nStart, e.nFlags&^(classBracket|classStop), arena)
}

// hasEscape tells whether t may hold an _xHHHH_ escape.
func hasEscape(t []byte) bool {
	for {
		i := bytes.IndexByte(t, '_')
		if i < 0 || i+6 >= len(t) {
			return false
		}
		if t[i+1]|0x20 == 'x' {
			return true
		}
		t = t[i+1:]
	}
}

// appendLines copies t with CR LF and CR turned into LF, as XML 2.11 wants.
func appendLines(dst, t []byte) []byte {
	for {
		i := bytes.IndexByte(t, '\r')
		if i < 0 {
			return append(dst, t...)
		}
		dst = append(dst, t[:i]...)
		dst = append(dst, '\n')
		t = t[i+1:]
		if len(t) > 0 && t[0] == '\n' {
			t = t[1:]
		}
	}
}

// appendEntities copies t with entities resolved and line ends normalized.
func (x *lexer) appendEntities(dst, t []byte, at int) ([]byte, error) {
	whole := t
	for {
		i := bytes.IndexByte(t, '&')
		if i < 0 {
			return appendLines(dst, t), nil
		}
		dst = appendLines(dst, t[:i])
		t = t[i:]
		r, n := entity(t)
		if n == 0 {
			return nil, x.fail(at+len(whole)-len(t), "unknown or malformed entity")
		}
		dst = utf8.AppendRune(dst, r)
		t = t[n:]
	}
}

// checkEntities gives the offset of the first bad entity, or -1.
func checkEntities(t []byte) int {
	for p := 0; ; {
		i := bytes.IndexByte(t[p:], '&')
		if i < 0 {
			return -1
		}
		p += i
		_, n := entity(t[p:])
		if n == 0 {
			return p
		}
		p += n
	}
}

// entity reads the entity that t begins with: its character and its length,
// 0 if it is none. Surrogates cannot be written so.
func entity(t []byte) (r rune, n int) {
	end := bytes.IndexByte(t, ';')
	if end < 2 {
		return 0, 0
	}
	name := t[1:end]
	switch string(name) {
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "amp":
		return '&', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	}
	if name[0] != '#' || len(name) < 2 {
		return 0, 0
	}
	r, ok := numbered(name[1:])
	if !ok {
		return 0, 0
	}
	return r, end + 1
}

// numbered reads the number of a character, decimal or after an x hexadecimal.
func numbered(digits []byte) (r rune, ok bool) {
	base := rune(10)
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	if len(digits) == 0 {
		return 0, false
	}
	for _, c := range digits {
		d := rune(hexValue(c))
		if d < 0 || d >= base || r > utf8.MaxRune {
			return 0, false
		}
		r = r*base + d
	}
	return r, utf8.ValidRune(r)
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// escapeAt reads the escape at t[0]: _xHHHH_, or _xHHHHHHHH_ as .NET's
// XmlConvert.DecodeName takes it, too. n is its length, 0 for none; keep says
// that it is one in form but stands for no character and stays as it is.
func escapeAt(t []byte) (r rune, n int, keep bool) {
	if len(t) < 7 || t[0] != '_' || t[1]|0x20 != 'x' {
		return 0, 0, false
	}
	for i := 2; i < 6; i++ {
		d := hexValue(t[i])
		if d < 0 {
			return 0, 0, false
		}
		r = r<<4 | rune(d)
	}
	if t[6] == '_' {
		return r, 7, false
	}
	if len(t) < 11 || t[10] != '_' {
		return 0, 0, false
	}
	wide := uint32(r)
	for i := 6; i < 10; i++ {
		d := hexValue(t[i])
		if d < 0 {
			return 0, 0, false
		}
		wide = wide<<4 | uint32(d)
	}
	if wide > utf8.MaxRune {
		return 0, 11, true
	}
	return rune(wide), 11, false
}

// decodeEscapes decodes escapes in place and gives the new length. Two
// escapes that make a surrogate pair are joined; a lone surrogate becomes
// three bytes of WTF-8.
func decodeEscapes(t []byte) int {
	w := bytes.IndexByte(t, '_')
	if w < 0 {
		return len(t)
	}
	var high rune // a high surrogate that has just been written
	for p := w; p < len(t); {
		c := t[p]
		if c != '_' {
			high = 0
			t[w] = c
			w, p = w+1, p+1
			continue
		}
		r, n, keep := escapeAt(t[p:])
		if n == 0 || keep {
			n = max(n, 1)
			w += copy(t[w:], t[p:p+n])
			p += n
			high = 0
			continue
		}
		p += n
		if high != 0 && r >= 0xDC00 && r < 0xE000 {
			w -= 3
			r = 0x10000 + (high-0xD800)<<10 + (r - 0xDC00)
		}
		high = 0
		if r >= 0xD800 && r < 0xDC00 {
			high = r
		}
		w += putWTF8(t[w:], r)
	}
	return w
}

// putWTF8 is utf8.EncodeRune that lets surrogates through.
func putWTF8(dst []byte, r rune) int {
	if r >= 0xD800 && r < 0xE000 {
		dst[0], dst[1], dst[2] = 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F
		return 3
	}
	return utf8.EncodeRune(dst, r)
}

// appendWTF8 is utf8.AppendRune that lets surrogates through.
func appendWTF8(dst []byte, r rune) []byte {
	var b [4]byte
	return append(dst, b[:putWTF8(b[:], r)]...)
}

// surrogateAt tells whether s has a WTF-8 surrogate at i.
func surrogateAt(s string, i int) (rune, bool) {
	if i+2 < len(s) && s[i] == 0xED && s[i+1]&0xE0 == 0xA0 && s[i+2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F), true
	}
	return 0, false
}

const hexUpper = "0123456789ABCDEF"

func appendEscape(dst []byte, r rune) []byte {
	return append(dst, '_', 'x', hexUpper[r>>12&15], hexUpper[r>>8&15], hexUpper[r>>4&15], hexUpper[r&15], '_')
}

// appendText escapes s as PowerShell does: every UTF-16 surrogate (of pairs,
// too), control characters, "_x" and "_X", and what XML reserves. ok is false
// if s is neither UTF-8 nor WTF-8.
func appendText(dst []byte, s string, attribute bool) (out []byte, ok bool) {
	done := 0
	for i := 0; ; {
		for i < len(s) && plainBytes[s[i]] {
			i++
		}
		if i == len(s) {
			return append(dst, s[done:]...), true
		}
		r, n := rune(s[i]), 1
		if r >= 0x80 {
			r, n = utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				var sur bool
				if r, sur = surrogateAt(s, i); !sur {
					return dst, false
				}
				n = 3
			}
		}
		if special(r, s[i+n:], attribute) {
			dst = append(dst, s[done:i]...)
			dst = appendSpecial(dst, r)
			done = i + n
		}
		i += n
	}
}

// plainBytes are those that appendText need not look at twice.
var plainBytes = func() (t [256]bool) {
	for c := byte(0x20); c < 0x7F; c++ {
		t[c] = !strings.ContainsRune(`&<>_"`, rune(c))
	}
	return t
}()

// special tells whether r, which rest follows, needs another form than its own.
func special(r rune, rest string, attribute bool) bool {
	switch r {
	case '&', '<', '>':
		return true
	case '"':
		return attribute
	case '_':
		return len(rest) > 0 && rest[0]|0x20 == 'x'
	case 0xFFFE, 0xFFFF:
		return true // PowerShell writes these raw or fails; escaped, everyone reads them
	}
	return r < 0x20 || r >= 0x7F && r < 0xA0 || r >= 0xD800 && r < 0xE000 || r >= 0x10000
}

func appendSpecial(dst []byte, r rune) []byte {
	switch {
	case r == '&':
		return append(dst, "&amp;"...)
	case r == '<':
		return append(dst, "&lt;"...)
	case r == '>':
		return append(dst, "&gt;"...)
	case r == '"':
		return append(dst, "&quot;"...)
	case r >= 0x10000:
		r -= 0x10000
		return appendEscape(appendEscape(dst, 0xD800+r>>10), 0xDC00+r&0x3FF)
	}
	return appendEscape(dst, r)
}
