package cmdlet

import (
	"strings"
	"unicode/utf8"
)

// Wildcard is a pattern of -like: * is anything, ? is one character.
type Wildcard struct {
	pattern []rune
	exact   bool
}

// NewWildcard makes one for which letter case does not count.
func NewWildcard(pattern string) Wildcard {
	return Wildcard{pattern: []rune(strings.ToLower(pattern))}
}

// NewExactWildcard makes one for which letter case counts, as for -clike.
func NewExactWildcard(pattern string) Wildcard {
	return Wildcard{pattern: []rune(pattern), exact: true}
}

// Match says that the whole text fits. It takes at most the product of both lengths:
// it goes back to the last * alone.
func (w Wildcard) Match(text string) bool {
	if !w.exact {
		text = strings.ToLower(text)
	}
	at, next, star, from := 0, 0, -1, 0
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case next < len(w.pattern) && w.pattern[next] == '*':
			star, from = next, at
			next++
		case next < len(w.pattern) && (w.pattern[next] == '?' || w.pattern[next] == r):
			at, next = at+size, next+1
		case star >= 0:
			_, size = utf8.DecodeRuneInString(text[from:])
			from += size
			at, next = from, star+1
		default:
			return false
		}
	}
	for next < len(w.pattern) && w.pattern[next] == '*' {
		next++
	}
	return next == len(w.pattern)
}
