package holder

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"postroom/session/harmless"
)

// Clean takes off an account what pasting adds to it: blanks of all kinds around
// it, characters that nobody sees, the brackets of a mail address with the name
// before them, mailto:, smtp: and their kin, quotes of all kinds, and what separates
// it from the next in a list. What is left is what the server is sent: the case of its
// letters stays, and they are composed as RFC 8265's UsernameCasePreserved has them.
// ErrNoAccount says that nothing is left, ErrControl that a control character stands in it.
func Clean(account string) (string, error) {
	text := account
	for before := "\x00"; text != before; {
		before = text
		text = strings.TrimFunc(strip(text), isAround)
		text = withoutScheme(inBrackets(text))
	}
	switch {
	case text == "":
		return "", ErrNoAccount
	case strings.ContainsFunc(text, unicode.IsControl):
		return "", ErrControl
	}
	return text, nil
}

// isAround is what stands around an account and is no part of it.
func isAround(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(";,\"'`", r) || unicode.In(r, unicode.Pi, unicode.Pf) || strings.ContainsRune("\u201A\u201E", r)
}

// strip drops the characters that nobody sees, makes a blank of each of its kin, and
// composes the others.
func strip(text string) string {
	return composed(strings.Map(func(r rune) rune {
		switch {
		case harmless.Unseen(r), r == '\u2800': // or Braille without dots
			return -1
		case unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp):
			return ' '
		case r == '\uFE6B': // the small @ of East Asian keyboards, whose width is usual
			return '@'
		}
		return r
	}, text))
}

// inBrackets is the address of 'Ada Okafor <ada@contoso.example>'. A bracket of
// which the other was not copied is taken off.
func inBrackets(text string) string {
	if _, address, opened := strings.Cut(text, "<"); opened && strings.HasSuffix(address, ">") {
		return strings.Trim(address, "<>")
	}
	return strings.Trim(text, "<>")
}

// schemes are the kinds of address that lists and links put before it; true where that is
// an URL, whose characters may be escaped (RFC 6068 section 2, RFC 3261 section 19.1.2).
var schemes = map[string]bool{"mailto:": true, "sip:": true, "smtp:": false, "upn:": false}

// withoutScheme takes the kind of address off, and what follows it in a link.
func withoutScheme(text string) string {
	for scheme, isURL := range schemes {
		if len(text) < len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) {
			continue
		}
		address, _, _ := strings.Cut(text[len(scheme):], "?")
		if plain, err := url.PathUnescape(address); isURL && err == nil && utf8.ValidString(plain) {
			return plain
		}
		return address // a % of its own
	}
	return text
}
