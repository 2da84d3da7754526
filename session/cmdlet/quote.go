package cmdlet

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"postroom/session/harmless"
)

// This file writes texts in quotes, as both Windows PowerShell 5.1 and PowerShell 7 read
// them.

// appendQuoted writes a text in single quotes; in double quotes, with escapes, where it
// has a character that a terminal or a label would not show as itself: what a person sees
// and copies has to be read back as the same text.
func appendQuoted(b []byte, text string) []byte {
	for i, r := range text {
		if !harmless.IsItself(r) || r == utf8.RuneError && isBroken(text[i:]) {
			return appendDoubleQuoted(b, text)
		}
	}
	return appendSingleQuoted(b, text)
}

// isBroken says that no UTF-8 stands where the text begins.
func isBroken(text string) bool {
	_, n := utf8.DecodeRuneInString(text)
	return n == 1
}

// appendSingleQuoted writes a text in single quotes, every kind of single quote in it
// doubled; all else stands for itself.
func appendSingleQuoted(b []byte, text string) []byte {
	b = append(b, '\'')
	s := scanner{src: text}
	for !s.done() {
		quote := isSingleQuote(s.peek())
		c := s.next()
		b = append(b, c...)
		if quote {
			b = append(b, c...)
		}
	}
	return append(b, '\'')
}

func appendDoubleQuoted(b []byte, text string) []byte {
	b = append(b, '"')
	s := scanner{src: text}
	for !s.done() {
		r := s.peek()
		if half, ok := surrogateAt(s.rest()); ok {
			b = appendCode(b, half)
			s.pos += surrogateSize
			continue
		}
		c := s.next()
		switch {
		case r == utf8.RuneError:
			b = append(b, string(r)...) // what is no text is sent so, too
		case r == '`', r == '$', isDoubleQuote(r):
			b = append(append(b, '`'), c...)
		case harmless.IsItself(r):
			b = append(b, c...)
		default:
			b = appendEscape(b, r)
		}
	}
	return append(b, '"')
}

// escapes are what stands behind a backtick for a control character, in every PowerShell:
// `e and `u{...} are none of Windows PowerShell's.
var escapes = map[rune]byte{0: '0', '\a': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r'}

// appendEscape writes a character that is not shown as itself.
func appendEscape(b []byte, r rune) []byte {
	if letter, ok := escapes[r]; ok {
		return append(b, '`', letter)
	}
	if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
		return appendCode(appendCode(b, high), low)
	}
	return appendCode(b, r)
}

// appendCode writes a character of .NET, which is a half of those beyond U+FFFF.
func appendCode(b []byte, code rune) []byte {
	b = append(b, "$([char]0x"...)
	digits := strconv.FormatInt(int64(code), 16)
	for range 4 - len(digits) {
		b = append(b, '0')
	}
	return append(append(b, strings.ToUpper(digits)...), ')')
}

// surrogateSize is how many bytes a surrogate takes in WTF-8.
const surrogateSize = 3

// surrogateAt gives the half of a character that the text begins with. A server of .NET
// can have one alone, which then is kept as WTF-8 has it.
func surrogateAt(text string) (rune, bool) {
	if len(text) < surrogateSize || text[0] != 0xED || text[1]&0xE0 != 0xA0 || text[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(text[1]&0x3F)<<6 | rune(text[2]&0x3F), true
}

// appendUnit appends a character of .NET as UTF-8, or WTF-8 where it is half of one.
func appendUnit(b []byte, code rune) []byte {
	if utf16.IsSurrogate(code) {
		return append(b, 0xED, byte(0x80|code>>6&0x3F), byte(0x80|code&0x3F))
	}
	return utf8.AppendRune(b, code)
}

// character reads $([char]N), as a text in double quotes has what cannot be typed, and
// both halves of a character where two of them follow each other; ok is false, and nothing
// is read, where something else stands there.
func (s *scanner) character() (text string, ok bool) {
	code, ok := s.charCode()
	if !ok {
		return "", false
	}
	mark := s.pos
	if low, second := s.charCode(); second {
		if r := utf16.DecodeRune(code, low); r != utf8.RuneError {
			return string(r), true
		}
		s.pos = mark
	}
	return string(appendUnit(nil, code)), true
}

// charCode reads one $([char]N), N as PowerShell writes a number.
func (s *scanner) charCode() (code rune, ok bool) {
	mark := s.pos
	if !strings.HasPrefix(s.rest(), "$(") {
		return 0, false
	}
	s.pos += len("$(")
	s.skipSpace(true)
	name, end := s.typeName()
	if name != "char" {
		s.pos = mark
		return 0, false
	}
	s.pos = end
	s.skipSpace(true)
	v, want := s.expressionNumber()
	s.skipSpace(true)
	if word, isWord := v.(bareword); want == wantNothing && isWord && s.peek() == ')' {
		n, _ := parseNumber(string(word))
		if n, whole := n.(int64); whole && n >= 0 && n <= math.MaxUint16 {
			s.next()
			return rune(n), true
		}
	}
	s.pos = mark
	return 0, false
}
