// Package harmless makes the text of a server, or of anybody else, fit to be
// shown: it cannot move a cursor, set a title, reach a clipboard, turn the
// direction of what follows round, or pass for a line of ours.
//
// Nothing is left out in silence: what is not shown as itself stands there in
// caret notation (^[ for escape) or as a code (<U+202E>), which every font has. Values of rows are not its business when they
// go to a file; they stay as they are.
package harmless

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Label makes a text fit for a label of the window: as it is, apart from what
// would act instead of being read. Line breaks stay, as \n; tabs are spaces.
func Label(text string) string { return lines(text, "\n") }

// Terminal makes a text fit for a terminal, to stand behind words of ours: its
// further lines begin with indent, so that none can pass for a line of ours.
func Terminal(text, indent string) string { return lines(text, "\n"+indent) }

// Line makes one line of a text: line breaks are spaces.
func Line(text string) string { return lines(text, " ") }

func lines(text, lineBreak string) string {
	if isPlain(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\r' && strings.HasPrefix(text[i+1:], "\n"):
			b.WriteString(lineBreak)
			size++
		case r == '\n', r == '\u0085', r == '\u2028', r == '\u2029':
			b.WriteString(lineBreak)
		case r == '\t':
			b.WriteByte(' ')
		default:
			b.WriteString(shown(r, size))
		}
		i += size
	}
	return b.String()
}

// isPlain is the common case: nothing to do.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7F {
			return false
		}
	}
	return true
}

// shown is a character, or what stands for it.
func shown(r rune, size int) string {
	switch {
	case r == utf8.RuneError && size == 1:
		return string(utf8.RuneError)
	case r < ' ', r == 0x7F:
		return "^" + string(r^0x40)
	case !IsItself(r):
		return fmt.Sprintf("<U+%04X>", r)
	}
	return string(r)
}

// IsItself says that a character is shown as what it is: a text that has no other
// is the same before and after.
func IsItself(r rune) bool {
	return !unicode.IsControl(r) && !turns(r) && r != '\u2028' && r != '\u2029'
}

// Unseen says that a character shows nothing where it stands: Unicode's formatting
// characters (such as U+200B, U+FEFF and the bidirectional marks), and what it lets programs
// ignore (fillers, variation selectors). What is pasted may have such that nobody means.
func Unseen(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// turns says that the character changes the direction of others, or hides: the
// marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX
// #9), and what has no width. A joiner stays: scripts and emoji need it.
func turns(r rune) bool {
	switch r {
	case 0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF:
		return true
	}
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 ||
		r >= 0xFFF9 && r <= 0xFFFB || r >= 0xE0000 && r <= 0xE007F // interlinear marks and tags
}
