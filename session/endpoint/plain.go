package endpoint

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"postroom/session/harmless"
)

// This file makes of what was copied out of a web page, a document or a mail what was meant
// by it, before it is read.

// plainText writes a text as it would be typed: what takes no room goes, blanks, line ends,
// dashes, quotes and full-width letters are those of ASCII, and what mail programs put
// around and behind addresses is taken off, as are the tags of HTML.
func plainText(text string) string {
	text = anchors.ReplaceAllString(text, "$1")
	text = blocks.ReplaceAllString(text, "\n")
	text = inlines.ReplaceAllString(text, "")
	text = entities.ReplaceAllStringFunc(text, html.UnescapeString)
	text = strings.Map(plainRune, text)
	text = bullet.ReplaceAllString(text, "")
	text = linked.ReplaceAllString(text, "$1")
	return safeLinks.ReplaceAllStringFunc(text, withoutSafeLink)
}

var (
	// anchors are links whose text is the address; of others the address is all that is of use.
	anchors = regexp.MustCompile(`(?i)<a\s[^<>]*>\s*(https?://[^<>\s]*)\s*</a>`)
	// blocks begin or end a line, inlines do not. A placeholder has another name.
	blocks  = regexp.MustCompile(`(?i)</?(?:p|br|div|li|ul|ol|pre|tr|td|table|tbody|h[1-6]|body|html)(?:\s[^<>]*)?/?>`)
	inlines = regexp.MustCompile(`(?i)</?(?:span|code|b|i|u|em|strong|font|o:p)(?:\s[^<>]*)?/?>`)
	// entities are those of HTML with their semicolon: without it, it is a parameter of a query.
	entities = regexp.MustCompile(`(?i)&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|amp|quot|apos|nbsp|lt|gt|shy|[lr][sd]quo|[nm]dash|hellip|laquo|raquo);`)
	// bullet stands before an item of a list.
	bullet = regexp.MustCompile(`^\s*[-*•·▪●◦‣]\s+`)
	// linked is the target of a link behind its text, as Outlook makes plain text of both.
	linked = regexp.MustCompile(`(?i)([\pL\pN/])<(?:https?://|mailto:)[^<>\s]*>`)
	// safeLinks are the addresses that Microsoft Defender puts in the place of others, in
	// mails and in Teams.
	safeLinks = regexp.MustCompile("(?i)https://(?:[a-z0-9-]+\\.safelinks\\.protection\\.(?:outlook\\.com|office365\\.us|partner\\.outlook\\.cn)/|statics\\.teams\\.cdn\\.office\\.net/)[^\\s\"'<>`()]+")
)

// withoutSafeLink is the address that was replaced.
func withoutSafeLink(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	if meant := u.Query().Get("url"); strings.HasPrefix(meant, "https://") || strings.HasPrefix(meant, "http://") {
		return meant
	}
	return link
}

// plainRune is the character of ASCII that a person means by a look-alike; -1 for what is
// not seen.
func plainRune(r rune) rune {
	if r < 0x80 {
		if r == '\v' || r == '\f' { // Word's line end within a paragraph
			return '\n'
		}
		return r
	}
	switch {
	case harmless.Unseen(r), r == '\ufffc': // the place of a picture
		return -1
	case unicode.Is(unicode.Zs, r):
		return ' '
	case r >= 0xFF01 && r <= 0xFF5E: // full-width
		return r - 0xFF01 + '!'
	}
	if plain, ok := lookAlikes[r]; ok {
		return plain
	}
	return r
}

// lookAlikes give the character of ASCII for what documents and keyboards write in its
// place. PowerShell takes some of the dashes and quotes itself.
var lookAlikes = func() map[rune]rune {
	all := map[rune]rune{}
	for plain, alike := range map[rune]string{
		' ':  "\u2800", // of Braille, without dots
		'\n': "\u0085\u2028\u2029",
		'-':  "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63",
		'.':  "\u3002\uff61",
		',':  "\u3001\uff64",
		'\'': "\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u00b4",
		'"':  "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300a\u300b\u300c\u300d\u300e\u300f",
		'<':  "\u3008\u2329\u27e8",
		'>':  "\u3009\u232a\u27e9",
		'/':  "\u2044\u2215\u29f8",
		':':  "\u2236\ua789\ufe55",
	} {
		for _, r := range alike {
			all[r] = plain
		}
	}
	return all
}()
