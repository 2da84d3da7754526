package endpoint

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Resembles says that a text is an address or a line that connects, whether it can be read
// or not, rather than the name of an account or a place.
func Resembles(text string) bool {
	lower := strings.ToLower(plainText(text))
	if _, bare := bareURL(lower); bare || strings.Contains(lower, "://") || strings.Contains(lower, "-connectionuri") {
		return true
	}
	return slices.ContainsFunc(connecting(), func(command string) bool {
		return strings.Contains(command, "-") && command != "invoke-command" && strings.Contains(lower, command)
	})
}

// bareURL takes plain text for an address when it is nothing else: without the quotes,
// brackets and punctuation that come along when it is copied.
func bareURL(text string) (string, bool) {
	text = strings.TrimFunc(text, around)
	if bare := strings.TrimRight(text, ".,;"); strings.TrimRightFunc(bare, around) != bare {
		text = strings.TrimFunc(bare, around) // "address",
	}
	if inside, ok := strings.CutPrefix(text, "<"); ok {
		text = strings.TrimRight(inside, ">.,;")
	}
	lower := strings.ToLower(text)
	spaced := strings.ContainsFunc(text, unicode.IsSpace)
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

// around is what comes along on both sides of an address.
func around(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("'\"`*()", r) }

// withoutPunctuation takes off what ends a sentence, not an address. A query
// may end in anything.
func withoutPunctuation(rawURL string) string {
	rawURL = strings.TrimSuffix(rawURL, "?")
	if strings.Contains(rawURL, "?") {
		return rawURL
	}
	return strings.TrimRight(rawURL, ".,;:!\u2026")
}

var urls = regexp.MustCompile("(?i)https?://(?:\\[[0-9a-f:.%]+\\])?[^\\s\"'<>`|()\\[\\]]+")

// onlyURL finds the address of a remote PowerShell in a text about it: "" where it has
// none, *TextError where it has several, or only one with an IPv6 address without brackets.
func onlyURL(text string) (string, error) {
	only, lacks, several := "", false, false
	for _, found := range urls.FindAllString(text, -1) {
		found = withoutPunctuation(strings.TrimRight(found, "?"))
		if lacksBrackets(found) { // which no URL can be
			lacks = true
			_, _, path, _ := cutHost(found)
			several = several || isRemote(path)
			continue
		}
		u, err := url.Parse(found)
		if err != nil || u.User != nil || strings.Contains(found, "$") {
			continue
		}
		if !isRemote(u.Path) || only == found {
			continue
		}
		if only != "" {
			return "", &TextError{Reason: TextAddresses}
		}
		only = found
	}
	switch {
	case several && only != "":
		return "", &TextError{Reason: TextAddresses}
	case lacks && only == "":
		return "", &TextError{Reason: TextNoBrackets}
	}
	return only, nil
}

// isRemote tells the path of a place to connect to from that of a page for the browser.
func isRemote(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	path = strings.ToLower(strings.Trim(path, "/"))
	return isPowerShell(path) || strings.HasPrefix(path, "adminapi/") || path == "wsman"
}

// isPowerShell tells the path of a remote PowerShell, such as powershell-liveid, from the
// pages about it, such as learn.microsoft.com/powershell/exchange.
func isPowerShell(path string) bool {
	return strings.HasPrefix(path, "powershell") && !strings.Contains(path, "/")
}
