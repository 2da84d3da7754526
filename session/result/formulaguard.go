package result

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// guardFormulas makes a text harmless that a spreadsheet would run as a formula: an
// apostrophe is put before what begins one. A formula may stand behind characters that
// cannot be seen, may begin with a full-width sign, and may come to stand at the
// beginning of a cell when a program splits at another separator than ours. Plain numbers
// are left as they are.
func guardFormulas(text []byte) []byte {
	if len(text) == 0 || !mayHoldFormula(text) {
		return text
	}
	var out []byte
	first := invisible(text)
	if text[0] == '\t' || text[0] == '\r' || text[0] == '\n' || beginsFormula(text[first:]) {
		out = append(out, '\'')
	}
	copied := 0
	// What cannot be seen may have separators in it: a cell may begin behind each of them.
	for at := nextSeparator(text) + 1; at < len(text); at += nextSeparator(text[at:]) + 1 {
		sign := at + invisible(text[at:])
		if sign < at+nextSeparator(text[at:]) && beginsFormula(text[sign:]) {
			out = append(append(out, text[copied:sign]...), '\'')
			copied = sign
		}
	}
	if len(out) == 0 {
		return text
	}
	return append(out, text[copied:]...)
}

// beginsFormula says that a text begins with a sign of a formula, and is no number up to
// the next separator.
func beginsFormula(text []byte) bool {
	r, n := utf8.DecodeRune(text)
	switch {
	case strings.ContainsRune("+-\uFF0B\uFF0D\uFE62\uFE63", r):
		return !isPlainNumber(text[n : n+nextSeparator(text[n:])])
	case strings.ContainsRune("=@\uFF1D\uFF20\uFE66\uFE6B", r):
		return true
	}
	return false
}

// What a byte may be where a formula is looked for.
const (
	guardStart     byte = 1 << iota // may begin one, or hide one that follows
	guardSeparator                  // a cell may begin behind it
)

var guardBytes = func() (t [256]byte) {
	for i := range t {
		if i < ' ' || i >= 0x7F {
			t[i] = guardStart
		}
	}
	for _, c := range []byte("=+-@ ") {
		t[c] = guardStart
	}
	for _, c := range []byte(",;\t|\r\n") {
		t[c] |= guardSeparator
	}
	return t
}()

// mayHoldFormula is a quick look at a text that is not empty: at its beginning, and
// behind what may be separators and the blanks after them.
func mayHoldFormula(text []byte) bool {
	if guardBytes[text[0]]&guardStart != 0 {
		return true
	}
	for i := 0; i < len(text); i++ {
		if guardBytes[text[i]]&guardSeparator == 0 {
			continue
		}
		for i++; i < len(text) && text[i] == ' '; i++ {
		}
		if i < len(text) && guardBytes[text[i]] != 0 {
			return true
		}
	}
	return false
}

// nextSeparator is how far it is to the next separator that some spreadsheet splits at.
func nextSeparator(text []byte) int {
	for i, c := range text {
		if guardBytes[c]&guardSeparator != 0 {
			return i
		}
	}
	return len(text)
}

// invisible is how many bytes at the beginning cannot be seen.
func invisible(text []byte) int {
	n := 0
	for n < len(text) {
		r, size := utf8.DecodeRune(text[n:])
		if !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Cc, unicode.Mn) && !strings.ContainsRune(blankLetters, r) {
			return n
		}
		n += size
	}
	return n
}

// blankLetters count as letters or signs and show nothing.
const blankLetters = "\u115F\u1160\u2800\u3164\uFFA0"

// isPlainNumber says that there are digits, with group and decimal separators between
// them at most.
func isPlainNumber(text []byte) bool {
	if len(text) == 0 || !isDigit(text[0]) || !isDigit(text[len(text)-1]) {
		return false
	}
	for _, c := range text {
		if !isDigit(c) && c != '.' && c != ',' {
			return false
		}
	}
	return true
}
