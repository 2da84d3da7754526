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
	tokenOpen                    // ( or $( or @( or {
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
	if len(rest) > 1 && strings.IndexByte("$@", rest[0]) >= 0 && strings.IndexByte("({", rest[1]) >= 0 {
		l.pos += 2
		return token{kind: tokenOpen}, true
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
		l.pos += closing(rest, '(', ')')
		t.unknown = "$(...)"
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

func (l *lexer) expand(name string, b *strings.Builder, t *token) {
	value, ok := l.vars[strings.ToLower(name)]
	if !ok {
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

// argument is one argument of a command: a parameter with or without value, or
// a positional value.
type argument struct {
	parameter string // without the dash; empty for a positional one
	value     token
	hasValue  bool
}

// command is a command of the text with its arguments.
type command struct {
	name string
	args []argument
}

// script collects the commands of a text, and what its variables are set to.
type script struct {
	commands []command
	// users maps a variable, with the dash of none, to the user name that a
	// Get-Credential or PSCredential in its assignment names.
	users map[string]string
}

// readScript cuts text into statements. It never fails: what is not understood
// is left out, and the caller finds what he needs or not.
func readScript(text string) script {
	l := &lexer{in: text, vars: map[string]string{}}
	s := script{users: map[string]string{}}
	var statement []token
	depth := 0
	for {
		t, ok := l.next()
		if !ok {
			break
		}
		switch t.kind {
		case tokenOpen:
			depth++
		case tokenClose:
			depth = max(depth-1, 0)
		case tokenEnd:
			if depth == 0 {
				s.add(l, statement)
				statement = nil
				continue
			}
		case tokenWord, tokenAssign:
		}
		statement = append(statement, t)
	}
	s.add(l, statement)
	return s
}

func (s *script) add(l *lexer, statement []token) {
	target := ""
	if len(statement) > 2 && statement[1].kind == tokenAssign && statement[0].kind == tokenWord {
		target = strings.ToLower(strings.TrimPrefix(statement[0].unknown, "$"))
		statement = statement[2:]
	}
	if len(statement) == 0 {
		return
	}
	if target != "" && len(statement) == 1 && statement[0].kind == tokenWord && statement[0].unknown == "" {
		l.vars[target] = statement[0].text
		return
	}
	if user := credentialUser(statement); target != "" && user != "" {
		s.users[target] = user
	}
	if statement[0].kind == tokenWord {
		s.commands = append(s.commands, readCommand(statement))
	}
}

func readCommand(statement []token) command {
	c := command{name: statement[0].text}
	for i := 1; i < len(statement); i++ {
		t := statement[i]
		name, value, isParameter := parameterOf(t)
		if !isParameter {
			group, next := takeValue(statement, i)
			i = next - 1
			c.args = append(c.args, argument{value: group, hasValue: true})
			continue
		}
		a := argument{parameter: name}
		switch {
		case value != "" || t.unknown != "":
			a.value, a.hasValue = token{kind: tokenWord, text: value, unknown: t.unknown}, true
		case strings.HasSuffix(t.text, ":"):
			if i+1 < len(statement) {
				a.value, i = takeValue(statement, i+1)
				i--
				a.hasValue = true
			}
		case i+1 < len(statement):
			if _, _, again := parameterOf(statement[i+1]); !again && statement[i+1].kind != tokenClose {
				a.value, i = takeValue(statement, i+1)
				i--
				a.hasValue = true
			}
		}
		c.args = append(c.args, a)
	}
	return c
}

// parameterOf takes -Name, -Name: and -Name:value apart.
func parameterOf(t token) (name, value string, ok bool) {
	r, n := utf8.DecodeRuneInString(t.text)
	if t.kind != tokenWord || t.quoted || n == 0 || !isDash(r) || len(t.text) == n {
		return "", "", false
	}
	name, value, _ = strings.Cut(t.text[n:], ":")
	return name, value, true
}

// takeValue takes one value from statement at i: a word, or a bracketed group,
// which becomes a token that only tells the user of a credential in it. It
// returns the index after the value.
func takeValue(statement []token, i int) (token, int) {
	if statement[i].kind != tokenOpen {
		return statement[i], i + 1
	}
	depth := 0
	for j := i; j < len(statement); j++ {
		switch statement[j].kind {
		case tokenOpen:
			depth++
		case tokenClose:
			depth--
			if depth == 0 {
				return groupToken(statement[i+1 : j]), j + 1
			}
		case tokenWord, tokenEnd, tokenAssign:
		}
	}
	return groupToken(statement[i+1:]), len(statement)
}

func groupToken(inside []token) token {
	t := token{kind: tokenOpen, unknown: "(...)", text: credentialUser(inside)}
	if len(inside) == 1 && inside[0].kind == tokenWord { // ("text")
		return inside[0]
	}
	return t
}

// credentialUser finds the user name in Get-Credential user, Get-Credential
// -UserName user, and New-Object PSCredential(user, ...).
func credentialUser(statement []token) string {
	for i, t := range statement {
		name := strings.ToLower(t.text)
		get := name == "get-credential"
		object := strings.HasSuffix(name, "pscredential") || strings.HasSuffix(name, "pscredential]::new")
		if t.kind != tokenWord || !get && !object {
			continue
		}
		for _, next := range statement[i+1:] {
			if next.kind == tokenWord && next.unknown == "" && strings.ContainsAny(next.text, `@\`) {
				return next.text
			}
		}
	}
	return ""
}
