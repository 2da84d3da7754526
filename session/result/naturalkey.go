package result

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxKey is how many bytes of a text take part in a sort.
const maxKey = 1 << 10

// CompareTexts orders two texts as rows are sorted by them: letter case aside, letters with
// marks beside those without, numbers by their value. 0 says that neither comes first.
func CompareTexts(a, b string) int {
	return bytes.Compare(appendNaturalKey(nil, []byte(a)), appendNaturalKey(nil, []byte(b)))
}

// appendNaturalKey appends bytes whose order is the natural order of texts: letter case
// aside, letters with marks beside those without, numbers in them by their value.
func appendNaturalKey(dst, text []byte) []byte {
	if len(text) > maxKey {
		text = text[:maxKey]
	}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			return appendMarkedKey(dst, text[i:])
		case isDigit(c):
			end := i + 1
			for end < len(text) && isDigit(text[end]) {
				end++
			}
			dst = appendNumberKey(dst, text[i:end])
			i = end
			continue
		case 'A' <= c && c <= 'Z':
			c |= 0x20
		}
		dst = append(dst, c)
		i++
	}
	return dst
}

// appendNumberKey writes a number where digits stand in the order of characters: first
// how long it is, then its digits.
func appendNumberKey(dst, digits []byte) []byte {
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	digits = digits[:min(len(digits), 255)]
	dst = append(dst, '0', byte(len(digits)))
	return append(dst, digits...)
}

// letters that are not decomposed by Unicode but sorted as these.
var plainLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i",
}

// appendMarkedKey goes on from the first character beyond ASCII: first the letters
// without their marks, then after a zero byte the text with them, for the order among
// texts that differ in marks alone.
func appendMarkedKey(dst, text []byte) []byte {
	start := len(dst)
	for rest := norm.NFD.Bytes(text); len(rest) > 0; {
		if isDigit(rest[0]) {
			end := 1
			for end < len(rest) && isDigit(rest[end]) {
				end++
			}
			dst = appendNumberKey(dst, rest[:end])
			rest = rest[end:]
			continue
		}
		r, n := utf8.DecodeRune(rest)
		rest = rest[n:]
		r = unicode.ToLower(r)
		if plain, ok := plainLetters[r]; ok {
			dst = append(dst, plain...)
		} else if !unicode.Is(unicode.Mn, r) {
			dst = utf8.AppendRune(dst, r)
		}
	}
	dst = append(dst, 0)
	for _, r := range string(text) {
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
	}
	if len(dst) > start+2*maxKey {
		dst = dst[:start+2*maxKey]
	}
	return dst
}
