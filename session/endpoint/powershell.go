package endpoint

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file reads just enough of PowerShell to find a command and its
// arguments in what people paste. It runs nothing and expands only variables
// that the same text sets to a plain string.

type tokenKind int

const (
	tokenWord   tokenKind = iota // an argument, a command name, a parameter
	tokenEnd                     // the end of a statement: newline, ; | or &
	tokenOpen                    // ( or $( or @( or { or @{
	tokenClose                   // ) or }
	tokenAssign                  // =
)

type token struct {
	kind   tokenKind
	text   string
	quoted bool // written in quotes: never a parameter or a variable
	// unknown is the name of a variable in the text that could not be
	// expanded.
	unknown string
}

// lexer cuts PowerShell text into tokens. Variables set so far are expanded in
// double quotes and bare words.
type lexer struct {
	in   string
	pos  int
	vars map[string]string // lower-case name
	// vague are the variables that are set to what another one would have to
	// tell, and that one.
	vague map[string]string
}

func (l *lexer) peek() rune {
	if l.pos >= len(l.in) {
		return -1
	}
	r, _ := utf8.DecodeRuneInString(l.in[l.pos:])
	return r
}

func (l *lexer) skip() rune {
	r, n := utf8.DecodeRuneInString(l.in[l.pos:])
	l.pos += n
	return r
}

func (l *lexer) rest() string { return l.in[l.pos:] }

// next returns the next token, or false at the end of the text.
func (l *lexer) next() (token, bool) {
	l.skipBlank()
	rest := l.rest()
	if rest == "" {
		return token{}, false
	}
	if len(rest) > 1 && (strings.HasPrefix(rest, "@{") || strings.IndexByte("$@", rest[0]) >= 0 && rest[1] == '(') {
		l.pos += 2
		return token{kind: tokenOpen, text: rest[:2]}, true
	}
	if t, ok := single(rest[0]); ok {
		l.pos++
		return t, true
	}
	return l.word(), true
}

// single is the token that a character makes by itself.
func single(c byte) (token, bool) {
	switch c {
	case '\n', '\r', ';', '|', '&':
		return token{kind: tokenEnd}, true
	case ',':
		return token{kind: tokenWord, text: ",", quoted: true}, true
	case '(', '{':
		return token{kind: tokenOpen}, true
	case ')', '}':
		return token{kind: tokenClose}, true
	case '=':
		return token{kind: tokenAssign}, true
	}
	return token{}, false
}

// skipBlank passes white space, escaped line ends and comments.
func (l *lexer) skipBlank() {
	for {
		rest := l.rest()
		switch {
		case strings.HasPrefix(rest, "`\r\n"):
			l.pos += 3
		case strings.HasPrefix(rest, "`\n"), strings.HasPrefix(rest, "`\r"):
			l.pos += 2
		case strings.HasPrefix(rest, "` "), strings.HasPrefix(rest, "`\t"):
			// A space after the backtick breaks the line in PowerShell, and
			// comes from pasting; what was meant is clear.
			l.pos++
			l.skipSpaces()
			if strings.HasPrefix(l.rest(), "\r") {
				l.pos++
			}
			if strings.HasPrefix(l.rest(), "\n") {
				l.pos++
			}
		case strings.HasPrefix(rest, "<#"):
			end := strings.Index(rest, "#>")
			if end < 0 {
				l.pos = len(l.in)
				return
			}
			l.pos += end + 2
		case strings.HasPrefix(rest, "#"):
			end := strings.IndexAny(rest, "\r\n")
			if end < 0 {
				end = len(rest)
			}
			l.pos += end
		case rest != "" && isBlank(l.peek()):
			l.skip()
		default:
			return
		}
	}
}

func (l *lexer) skipSpaces() {
	for l.pos < len(l.in) && isBlank(l.peek()) {
		l.skip()
	}
}

func isBlank(r rune) bool {
	return r != '\n' && r != '\r' && (unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b')
}

// PowerShell takes typographic quotes and dashes for plain ones, and pasting
// from documents makes them.
func isSingleQuote(r rune) bool { return strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) }
func isDoubleQuote(r rune) bool { return strings.ContainsRune("\"\u201c\u201d\u201e", r) }
func isDash(r rune) bool        { return strings.ContainsRune("-\u2013\u2014\u2015", r) }

// word reads a bare or quoted word; parts may follow each other without space.
func (l *lexer) word() token {
	var b strings.Builder
	t := token{kind: tokenWord}
	start := l.pos
	for l.pos < len(l.in) {
		r := l.peek()
		switch {
		case l.joins(start):
			if l.pos == start {
				b.WriteRune(l.skip())
			}
			return t.with(b.String())
		case isSingleQuote(r):
			t.quoted = t.quoted || l.pos == start
			l.inSingleQuotes(&b)
		case isDoubleQuote(r):
			t.quoted = t.quoted || l.pos == start
			l.inDoubleQuotes(&b, &t)
		case r == '`':
			l.escape(&b)
		case r == '$':
			l.variable(&b, &t)
		case l.endsWord(r, b.String()):
			return t.with(b.String())
		default:
			b.WriteRune(l.skip())
		}
	}
	return t.with(b.String())
}

// joins reports whether a + here joins two texts, as in "a"+$b, and so is a
// word of its own.
func (l *lexer) joins(start int) bool {
	rest := l.rest()
	if !strings.HasPrefix(rest, "+") || len(rest) < 2 {
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest[1:])
	before := ' '
	if l.pos > start {
		before, _ = utf8.DecodeLastRuneInString(l.in[:l.pos])
	}
	opens := next == '$' || isSingleQuote(next) || isDoubleQuote(next) || isBlank(next)
	return opens && (l.pos == start || isSingleQuote(before) || isDoubleQuote(before) || l.in[start] == '$')
}

func (t token) with(text string) token {
	t.text = text
	return t
}

// endsWord reports whether r ends a bare word. In a URL, & and ; belong to the
// query when a parameter follows: PowerShell would refuse such a line without
// quotes, but people paste the bare URL too.
func (l *lexer) endsWord(r rune, word string) bool {
	switch {
	case r == '\n' || r == '\r' || isBlank(r):
		return true
	case strings.ContainsRune("&;", r):
		return !strings.Contains(word, "://") || !followsParameter(l.rest()[1:])
	case strings.ContainsRune("|(){},", r):
		return !(strings.ContainsRune("{}", r) && strings.Contains(word, "://"))
	case r == '=':
		return !strings.Contains(word, "://")
	}
	return false
}

// followsParameter reports whether text begins with name=.
func followsParameter(text string) bool {
	name, _, found := strings.Cut(text, "=")
	return found && name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

func (l *lexer) inSingleQuotes(b *strings.Builder) {
	l.skip()
	for l.pos < len(l.in) {
		r := l.skip()
		if !isSingleQuote(r) {
			b.WriteRune(r)
			continue
		}
		if !isSingleQuote(l.peek()) {
			return
		}
		b.WriteRune(l.skip()) // '' stands for one
	}
}

func (l *lexer) inDoubleQuotes(b *strings.Builder, t *token) {
	l.skip()
	for l.pos < len(l.in) {
		r := l.peek()
		switch {
		case isDoubleQuote(r):
			l.skip()
			if !isDoubleQuote(l.peek()) {
				return
			}
			b.WriteRune(l.skip())
		case r == '`':
			l.escape(b)
		case r == '$':
			l.variable(b, t)
		default:
			b.WriteRune(l.skip())
		}
	}
}

// escape reads a backtick and what it stands for.
func (l *lexer) escape(b *strings.Builder) {
	l.skip()
	switch {
	case l.pos >= len(l.in):
	case strings.HasPrefix(l.rest(), "\r\n"):
		l.pos += 2
	case strings.HasPrefix(l.rest(), "\n"):
		l.pos++
	default:
		b.WriteRune(l.skip())
	}
}

// variable reads $name, ${name} or $(...), and writes the value of one that is
// known.
func (l *lexer) variable(b *strings.Builder, t *token) {
	l.skip()
	rest := l.rest()
	switch {
	case strings.HasPrefix(rest, "("):
		n := closing(rest, '(', ')')
		l.pos += n
		l.subexpression(rest[:n], b, t)
		return
	case strings.HasPrefix(rest, "{"):
		n := closing(rest, '{', '}')
		l.pos += n
		l.expand(strings.Trim(rest[:n], "{}"), b, t)
		return
	}
	n := strings.IndexFunc(rest, func(r rune) bool {
		return r != '_' && r != ':' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if n < 0 {
		n = len(rest)
	}
	if n == 0 {
		b.WriteByte('$')
		return
	}
	l.pos += n
	l.expand(rest[:n], b, t)
}

// subexpression expands $($name); of any other $(...) it only tells the first
// variable in it.
func (l *lexer) subexpression(text string, b *strings.Builder, t *token) {
	inside := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, "("), ")"))
	_, after, found := strings.Cut(inside, "$")
	n := strings.IndexFunc(after, func(r rune) bool { return r != '_' && r != ':' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch {
	case !found || n == 0:
		t.unknown = "$(...)"
	case n < 0 && strings.HasPrefix(inside, "$") && after != "":
		l.expand(after, b, t)
	case n < 0:
		t.unknown = "$" + after
	default:
		t.unknown = "$" + after[:n]
	}
}

// longest is how long a text with variables may become, in bytes.
const longest = 16 << 10

func (l *lexer) expand(name string, b *strings.Builder, t *token) {
	_, plain := cutScope(strings.ToLower(name))
	value, ok := l.vars[plain]
	switch because := l.vague[plain]; {
	case b.Len()+len(value) > longest: // $a = "$a$a", again and again
		t.unknown = "$" + name
		return
	case !ok && because != "":
		t.unknown = because
		return
	case !ok:
		t.unknown = "$" + name
		return
	}
	b.WriteString(value)
}

// closing returns the length of text up to and with the bracket that closes
// its first one, or all of it.
func closing(text string, open, shut rune) int {
	depth := 0
	for i, r := range text {
		switch r {
		case open:
			depth++
		case shut:
			depth--
			if depth == 0 {
				return i + utf8.RuneLen(r)
			}
		}
	}
	return len(text)
}
