package holder

import (
	"strings"
	"unicode"
)

// Clean takes off an account what pasting adds to it: blanks of all kinds around
// it, characters that nobody sees, the brackets of a mail address with the name
// before them, mailto:, smtp: and their kin, quotes, and what separates it from
// the next in a list. The letters stay as they are. ErrNoAccount says that
// nothing is left, ErrControl that a control character stands in it.
func Clean(account string) (string, error) {
	text := strip(account)
	for before := ""; text != before; {
		before = text
		text = strings.TrimFunc(text, isAround)
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
func isAround(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`;,"'`, r) }

// strip makes an @ of those that East Asian keyboards type, drops the characters that take no room (Unicode's Cf, such as U+200B,
// U+FEFF and the bidirectional marks), and makes a blank of each of its kin.
func strip(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.Is(unicode.Zs, r):
			return ' '
		case r == '\uFF20', r == '\uFE6B':
			return '@'
		}
		return r
	}, text)
}

// inBrackets is the address of 'Ada Okafor <ada@contoso.example>'. A bracket of
// which the other was not copied is taken off.
func inBrackets(text string) string {
	if _, address, opened := strings.Cut(text, "<"); opened && strings.HasSuffix(address, ">") {
		return strings.Trim(address, "<>")
	}
	return strings.Trim(text, "<>")
}

// schemes are the kinds of address that lists and links put before it.
var schemes = [...]string{"mailto:", "smtp:", "sip:", "upn:"}

// withoutScheme takes the kind of address off, and what follows it in a link.
func withoutScheme(text string) string {
	for _, scheme := range schemes {
		if len(text) < len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) {
			continue
		}
		address, _, _ := strings.Cut(text[len(scheme):], "?")
		return address
	}
	return text
}
