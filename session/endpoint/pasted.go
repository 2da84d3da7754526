package endpoint

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// bareURL takes text for an address when it is nothing else: without the
// quotes, brackets and punctuation that come along when it is copied.
func bareURL(text string) (string, bool) {
	text = strings.TrimFunc(text, around)
	if r, n := utf8.DecodeLastRuneInString(strings.TrimRight(text, ".,;")); isQuote(r) {
		text = strings.TrimRight(text, ".,;") // "address",
		text = strings.TrimFunc(text[:len(text)-n], around)
	}
	if inside, ok := strings.CutPrefix(text, "<"); ok {
		text = strings.TrimRight(inside, ">.,;")
	}
	lower := strings.ToLower(text)
	spaced := strings.ContainsFunc(text, func(r rune) bool { return isBlank(r) || r == '\n' || r == '\r' })
	if host, path, found := strings.Cut(lower, "/"); found && !spaced && strings.HasPrefix(path, "powershell") {
		if _, cloud := cloudKind(host); cloud {
			return "https://" + text, true // as people read it out
		}
	}
	if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		return "", false
	}
	return text, !spaced || strings.ContainsAny(text, "<>") && !strings.Contains(lower, "-pssession") // a placeholder with spaces in it: told as such
}

func around(r rune) bool {
	return isBlank(r) || r == '\n' || r == '\r' || isQuote(r)
}

// withoutUnseen drops what takes no room and comes along with pasting (Unicode's Cf, such as
// U+200B and the bidirectional marks): no address has it.
func withoutUnseen(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
}

// plainBlanks writes every blank that PowerShell does not know, such as the narrow one of a
// web page (Unicode's Zs), as a plain one.
func plainBlanks(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, text)
}

// withoutPunctuation takes off what ends a sentence, not an address. A query
// may end in anything.
func withoutPunctuation(rawURL string) string {
	if strings.Contains(rawURL, "?") {
		return rawURL
	}
	return strings.TrimRight(rawURL, ".,;:!")
}

// isBlank is white space within a line, and what comes along unseen.
func isBlank(r rune) bool {
	return r != '\n' && r != '\r' && (unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b')
}

// Pasting from documents makes typographic quotes and dashes.
func isQuote(r rune) bool {
	return strings.ContainsRune("'\"\u2018\u2019\u201a\u201b\u201c\u201d\u201e", r)
}
func isDash(r rune) bool { return strings.ContainsRune("-\u2013\u2014\u2015", r) }

var urls = regexp.MustCompile("(?i)https?://[^\\s\"'<>`|\u2018\u2019\u201c\u201d\u201e()\\[\\]]+")

// onlyURL finds the address of a remote PowerShell in a text about it, when it
// has one and no other.
func onlyURL(text string) (string, bool) {
	only := ""
	for _, found := range urls.FindAllString(text, -1) {
		found = withoutPunctuation(strings.TrimRight(found, "?"))
		u, err := url.Parse(found)
		if err != nil || u.User != nil || strings.Contains(found, "$") {
			continue
		}
		path := strings.ToLower(strings.Trim(u.Path, "/"))
		if !strings.HasPrefix(path, "powershell") && path != "wsman" || only == found {
			continue
		}
		if only != "" {
			return "", false
		}
		only = found
	}
	return only, only != ""
}
