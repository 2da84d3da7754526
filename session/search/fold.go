package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain writes letters without their marks, and ß as ss.
var plain = strings.NewReplacer(
	"ä", "a", "ö", "o", "ü", "u", "ß", "ss", "é", "e", "è", "e", "ê", "e", "á", "a", "à", "a", "â", "a",
	"ó", "o", "ô", "o", "í", "i", "î", "i", "ú", "u", "û", "u", "ç", "c", "ñ", "n", "å", "a", "ø", "o",
)

// fold makes texts comparable: letter case and marks do not count.
func fold(text string) string {
	text = strings.ToLower(text)
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return plain.Replace(text)
		}
	}
	return text
}

// wordsOf splits a folded text into words of letters and digits.
func wordsOf(folded string) []string { return strings.FieldsFunc(folded, between) }

// Wordless tells that a text has nothing to search for: no letter and no digit.
func Wordless(text string) bool { return len(wordsOf(fold(text))) == 0 }

// between tells what stands between words.
func between(r rune) bool {
	if r < utf8.RuneSelf {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// appendParts splits a name such as Get-MessageTraceV2 at its capitals, folded, with the
// whole noun (messagetracev2) among them, and appends that to found.
func appendParts(found []string, name string) []string {
	folded := fold(name)
	if len(folded) != len(name) { // letters with marks: the places differ
		return append(found, wordsOf(folded)...)
	}
	for start := 0; start < len(name); {
		end := start
		for end < len(name) && !between(rune(name[end])) {
			end++
		}
		pieces := len(found)
		from := start
		for i := start + 1; i < end; i++ {
			if capital(name[i]) && (!capital(name[i-1]) || i+1 < end && !capital(name[i+1]) && !digit(name[i+1])) {
				found = append(found, folded[from:i])
				from = i
			}
		}
		if end > from {
			found = append(found, folded[from:end])
		}
		if len(found) > pieces+1 {
			found = append(found, folded[start:end])
		}
		start = end + 1
	}
	return found
}

func capital(b byte) bool { return b >= 'A' && b <= 'Z' }

func digit(b byte) bool { return b >= '0' && b <= '9' }

// meaning is a folded text without its small words; whole where it has no others.
func meaning(folded string) string {
	words := wordsOf(folded)
	if slices.ContainsFunc(words, small) {
		if said := slices.DeleteFunc(slices.Clone(words), small); len(said) > 0 {
			words = said
		}
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words, " ")
}

// small are words that say nothing by themselves.
func small(word string) bool {
	switch word {
	case "a", "almost", "an", "and", "are", "at", "can", "do", "does", "for", "from", "has", "have", "how", "i", "in", "is", "it", "me", "my",
		"of", "on", "or", "our", "show", "that", "the", "this", "to", "too", "want", "was", "what", "when", "where", "which", "who", "why", "with",
		"alle", "als", "bitte", "am", "auf", "aus", "bei", "darf", "das", "dem", "den", "der", "des", "die", "diese", "diesen", "dieser", "dieses", "ein", "eine", "einem",
		"einen", "einer", "er", "es", "fur", "habe", "haben", "hat", "ich", "im", "ist", "kann", "man", "mein", "meine", "mit", "sein",
		"sind", "und", "vom", "von", "welche", "welcher", "wer", "wie", "wo", "zeig", "zeige", "zu", "zum", "zur":
		return true
	}
	return false
}

// near tells whether b is a misspelt by one letter: one more, one less, another one, or
// two that have changed places.
func near(a, b string) bool {
	if len(b) < len(a)-1 || len(b) > len(a)+1 {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	switch {
	case len(a) == 0 || len(b) == 0:
		return true
	case a[1:] == b[1:], a[1:] == b, a == b[1:]:
		return true
	}
	return len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && a[2:] == b[2:]
}

// nearBeginning tells whether a is the beginning of b, misspelt by one letter.
func nearBeginning(a, b string) bool {
	for n := len(a) - 1; n <= len(a)+1; n++ {
		if n < len(b) && near(a, b[:n]) {
			return true
		}
	}
	return false
}

// compareNatural compares folded texts as people number them: 2 before 10.
func compareNatural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x != "" && y != "" {
			if order := compareNumbers(x, y); order != 0 {
				return order
			}
			a, b = a[len(x):], b[len(y):]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digits(text string) string {
	n := 0
	for n < len(text) && digit(text[n]) {
		n++
	}
	return text[:n]
}

func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
