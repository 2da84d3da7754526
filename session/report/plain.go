package report

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plain is what a text in HTML says, in one line, as a cell shows it. A text that is no HTML
// stays as it is: its < and & are its own.
func plain(source string) string {
	if !isHTML(source) {
		return source
	}
	var said strings.Builder
	hidden := atom.Atom(0) // what of a page is not read: its style, its script, its title
	for page := html.NewTokenizer(strings.NewReader(source)); ; {
		switch page.Next() {
		case html.ErrorToken: // the end: a reader of a text has no other error
			return strings.Join(strings.Fields(said.String()), " ")
		case html.TextToken:
			if hidden == 0 {
				said.Write(page.Text())
			}
		case html.StartTagToken:
			tag := page.Token().DataAtom
			if hidden == 0 && (tag == atom.Style || tag == atom.Script || tag == atom.Title) {
				hidden = tag
			}
			parted(&said, tag)
		case html.EndTagToken:
			tag := page.Token().DataAtom
			if tag == hidden {
				hidden = 0
			}
			parted(&said, tag)
		case html.SelfClosingTagToken:
			parted(&said, page.Token().DataAtom)
		}
	}
}

// parted parts words that a tag parts on a page; one that marks letters within a word does not.
func parted(said *strings.Builder, tag atom.Atom) {
	switch tag {
	case atom.A, atom.B, atom.Em, atom.Font, atom.I, atom.S, atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.U:
	default:
		said.WriteByte(' ')
	}
}

// isHTML says that a text holds a tag that HTML knows: '<ada@contoso.com>' and 'a < b' are none.
func isHTML(source string) bool {
	for page := html.NewTokenizer(strings.NewReader(source)); ; {
		switch page.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if page.Token().DataAtom != 0 {
				return true
			}
		}
	}
}
