package diagnose

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// hidden stands for what was taken out of a text.
const hidden = "[removed]"

// What must not be shown, wherever it stands. Groups 1 are kept.
var secretPatterns = []*regexp.Regexp{
	regexp.MustCompile(`(://)[^/\s@"']+@`),
	regexp.MustCompile(`(?i)\b((?:proxy-)?authorization|set-cookie|cookie|www-authenticate)\s*[:=]\s*[^\r\n]*`),
	regexp.MustCompile(`(?i)\b(basic|bearer|negotiate|ntlm|kerberos)\s+[A-Za-z0-9+/=_.~-]{12,}`),
	regexp.MustCompile(`(?i)\b(password|passwd|pwd|passphrase|kennwort|passwort|secret|token|client_secret)["']?\s*[=:]\s*(?:"[^"]*"|'[^']*'|[^\s,;&"']+)`),
	regexp.MustCompile(`(?i)\b(code)=[A-Za-z0-9._~+/%-]{16,}`), // of a sign-in; an error code is no secret
	regexp.MustCompile(`(?i)\b(MS-WSMAN|X-BackEndCookie)\s*=\s*[^\s;]+`),
	regexp.MustCompile(`()\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*`), // a JSON web token
}

// Elements whose content is no text for people, and all other tags.
var (
	invisible = regexp.MustCompile(`(?is)<(script|style|head)\b.*?</(script|style|head)\s*>|<!--.*?-->`)
	markup    = regexp.MustCompile(`(?s)</?[A-Za-z!?][^<>]*>`)
	halfTag   = regexp.MustCompile(`(?s)<[/!?A-Za-z][^<>]*$`)
)

// mostText is how much of a text is looked at, in bytes. Nobody reads more.
const mostText = 8 << 10

// longRun is from how many characters of base64 on a run of them is taken for
// a key, ciphertext or an envelope.
const longRun = 80

// hideRuns takes long runs of base64 out. A regular expression that counts to
// longRun is a hundred times slower.
func hideRuns(text string) string {
	var b strings.Builder
	kept := 0
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && isBase64(text[end]) {
			end++
		}
		if end-start >= longRun {
			b.WriteString(text[kept:start])
			b.WriteString(hidden)
			kept = end
		}
		start = end + 1
	}
	b.WriteString(text[kept:])
	return b.String()
}

func isBase64(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("+/_-=", c) >= 0
}

// clean makes a text fit to be shown: without secrets, without markup, without
// control characters, lines joined.
func clean(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), mostText)], "\ufffd")
	if strings.Contains(text, "<") {
		text = invisible.ReplaceAllString(text, " ")
		text = markup.ReplaceAllString(text, " ")
		text = halfTag.ReplaceAllString(text, " ")
	}
	if strings.Contains(text, "&") {
		text = markup.ReplaceAllString(html.UnescapeString(text), " ")
	}
	for _, p := range secretPatterns {
		text = p.ReplaceAllString(text, "${1} "+hidden)
	}
	text = hideRuns(text)
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// excerptLength is how much of a page is worth showing, in characters.
const excerptLength = 200

func excerpt(page []byte) string { return cut(string(page), excerptLength) }

// lineLength is how much of a line of a list is worth showing, in characters.
const lineLength = 60

func shortened(line string) string { return cut(line, lineLength) }

func cut(text string, most int) string {
	runes := []rune(clean(text))
	if len(runes) > most {
		return string(runes[:most]) + "\u2026"
	}
	return string(runes)
}

func secretHeader(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization", "www-authenticate", "cookie", "set-cookie":
		return true
	}
	return false
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
