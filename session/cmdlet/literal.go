package cmdlet

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A literal is what stands in a command line as one argument, before a parameter's kind
// is known: nil, bool, string (it was quoted), bareword, bareItems, block, []any of
// literals, map[string]any of literals, []byte, time.Time.

// bareword is text without quotes: a number where the parameter is known to take one.
type bareword string

// bareItems are words with commas between and no quotes at all: a list where the
// parameter is known to take one, else the text as it was typed.
type bareItems struct {
	source string
	items  []any
}

// block is the text of a script block, { and } left away.
type block string

// scanner reads PowerShell source as PowerShell's tokenizer does, as far as literals go.
// Its errors are Want values: what was expected instead. It has a method for each rule of
// the grammar.
type scanner struct {
	src string
	pos int
	// now is what (Get-Date) gives; its zone is that of dates without one.
	now time.Time
	// texts are the variables that stand for a text, by name in lower case.
	texts map[string]string
	// depth counts brackets that are open, so that hostile input cannot exhaust the stack.
	depth int
}

const maxDepth = 64

func (s *scanner) rest() string { return s.src[s.pos:] }
func (s *scanner) done() bool   { return s.pos >= len(s.src) }

func (s *scanner) peek() rune {
	r, _ := utf8.DecodeRuneInString(s.rest())
	if s.done() {
		return -1
	}
	return r
}

// next consumes one rune, kept as its bytes: what is no UTF-8 stays what it is.
func (s *scanner) next() string {
	_, n := utf8.DecodeRuneInString(s.rest())
	s.pos += n
	return s.src[s.pos-n : s.pos]
}

func isSingleQuote(r rune) bool { return r == '\'' || r >= 0x2018 && r <= 0x201B }
func isDoubleQuote(r rune) bool { return r == '"' || r >= 0x201C && r <= 0x201E }
func isDash(r rune) bool        { return r == '-' || r >= 0x2013 && r <= 0x2015 }

// isSpace is white space within a line.
func isSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\v' || r == '\f' || r == 0x85 || unicode.Is(unicode.Zs, r)
}

func isNewline(r rune) bool { return r == '\r' || r == '\n' }

// skipSpace passes white space, comments and continued lines; with lines also line ends.
func (s *scanner) skipSpace(lines bool) {
	for !s.done() {
		r := s.peek()
		rest := s.rest()
		switch {
		case isSpace(r), lines && isNewline(r):
			s.next()
		case strings.HasPrefix(rest, "`\r\n"):
			s.pos += 3
		case strings.HasPrefix(rest, "`\n"), strings.HasPrefix(rest, "`\r"):
			s.pos += 2
		case strings.HasPrefix(rest, "<#"):
			end := strings.Index(rest, "#>")
			if end < 0 {
				return
			}
			s.pos += end + 2
		case r == '#':
			if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
				s.pos += end
			} else {
				s.pos = len(s.src)
			}
		default:
			return
		}
	}
}

// list reads one literal, or several with commas between as []any.
func (s *scanner) list(expression bool) (any, Want) {
	first, want := s.element(expression)
	if want != wantNothing {
		return nil, want
	}
	items := []any{first}
	word, bare := first.(bareword)
	source := string(word)
	for {
		mark := s.pos
		s.skipSpace(expression)
		if s.peek() != ',' {
			s.pos = mark
			break
		}
		s.next()
		s.skipSpace(true)
		between := s.src[mark:s.pos]
		item, want := s.element(expression)
		if want != wantNothing {
			return nil, want
		}
		items = append(items, item)
		word, isWord := item.(bareword)
		bare = bare && isWord
		if strings.Trim(between, " ,") != "" {
			between = ", " // a comment or a line's end stood there
		}
		source += between + string(word)
	}
	switch {
	case len(items) == 1:
		return first, wantNothing
	case bare && !expression:
		return bareItems{source: source, items: items}, wantNothing
	}
	return items, wantNothing
}

// element reads one literal. In an expression there are no barewords but numbers.
func (s *scanner) element(expression bool) (any, Want) {
	if s.depth++; s.depth > maxDepth {
		return nil, WantLiteral
	}
	defer func() { s.depth-- }()
	r := s.peek()
	switch {
	case r < 0:
		return nil, WantSyntax
	case isSingleQuote(r):
		return wrap(s.singleQuoted())
	case isDoubleQuote(r):
		return wrap(s.doubleQuoted())
	case r == '$':
		return s.variable(expression)
	case r == '@':
		return s.at()
	case r == '(':
		return s.paren()
	case r == '{':
		return s.scriptBlock()
	case r == '[' && (expression || s.beginsCast()):
		return s.typed(expression)
	case expression:
		return s.expressionNumber()
	}
	return s.bareword()
}

func wrap(text string, w Want) (any, Want) { return text, w }

// variable reads $true, $false or $null; any other variable is not a literal.
func (s *scanner) variable(expression bool) (any, Want) {
	if !s.expands() {
		if expression {
			return nil, WantSyntax
		}
		return s.bareword()
	}
	name, end := s.variableName()
	if text, known := s.texts[name]; known && !expression {
		return s.startsWord(text, end)
	}
	if r, _ := utf8.DecodeRuneInString(s.src[end:]); end < len(s.src) && strings.ContainsRune(":.[?", r) {
		return nil, WantLiteral
	}
	s.pos = end
	if !expression && !s.endsWord() {
		return nil, WantLiteral // $true-x is one text, which PowerShell would have to make
	}
	switch name {
	case "true":
		return true, wantNothing
	case "false":
		return false, wantNothing
	case "null":
		return nil, wantNothing
	}
	if text, known := s.texts[name]; known {
		return text, wantNothing
	}
	return nil, WantLiteral
}

// startsWord reads a word that begins with a variable's text: the text itself where
// nothing follows.
func (s *scanner) startsWord(text string, end int) (any, Want) {
	mark := s.pos
	s.pos = end
	if s.endsWord() {
		return text, wantNothing
	}
	s.pos = mark
	return s.bareword()
}

// endsWord says that here, behind a variable, the argument is at its end.
func (s *scanner) endsWord() bool {
	r := s.peek()
	return r < 0 || isSpace(r) || isNewline(r) || strings.ContainsRune("&|;,(){}", r) ||
		strings.HasPrefix(s.rest(), "`\n") || strings.HasPrefix(s.rest(), "`\r")
}

func isWordByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// scriptBlock reads { to its }, quotes and nested braces in between respected.
func (s *scanner) scriptBlock() (any, Want) {
	s.next()
	start, depth := s.pos, 1
	for !s.done() {
		r := s.peek()
		switch {
		case isSingleQuote(r):
			if _, want := s.singleQuoted(); want != wantNothing {
				return nil, want
			}
			continue
		case isDoubleQuote(r):
			if _, want := s.doubleQuoted(); want == WantSyntax {
				return nil, want
			} else if want != wantNothing {
				return nil, WantLiteral
			}
			continue
		case r == '{':
			depth++
		case r == '}':
			depth--
		}
		s.next()
		if depth == 0 {
			return block(strings.TrimSpace(s.src[start : s.pos-1])), wantNothing
		}
	}
	return nil, WantSyntax
}

// expressionNumber reads a number where a bareword cannot be.
func (s *scanner) expressionNumber() (any, Want) {
	start := s.pos
	if r := s.peek(); isDash(r) || r == '+' {
		s.next()
	}
	for !s.done() && (isWordByte(s.src[s.pos]) || s.src[s.pos] == '.') {
		s.pos++
		if c := s.src[s.pos-1] | 0x20; c == 'e' && s.pos < len(s.src) && (s.src[s.pos] == '+' || s.src[s.pos] == '-') {
			s.pos++
		}
	}
	text := s.src[start:s.pos]
	if _, ok := parseNumber(text); !ok {
		return nil, WantLiteral
	}
	return bareword(text), wantNothing
}

// bareword reads text up to where PowerShell starts a new token. Quotes within it are
// taken off, as PowerShell does.
func (s *scanner) bareword() (any, Want) {
	var b strings.Builder
	for !s.done() {
		r := s.peek()
		switch {
		case isSpace(r), isNewline(r), strings.ContainsRune("&|;,(){}", r):
			return s.word(&b)
		case isSingleQuote(r):
			text, want := s.singleQuoted()
			if want != wantNothing {
				return nil, want
			}
			b.WriteString(text)
		case isDoubleQuote(r):
			text, want := s.doubleQuoted()
			if want != wantNothing {
				return nil, want
			}
			b.WriteString(text)
		case r == '`':
			if want := s.escape(&b); want != wantNothing {
				return nil, want
			}
		case r == '$' && s.expands():
			if !s.expand(&b) {
				return nil, WantLiteral
			}
		default:
			b.WriteString(s.next())
		}
	}
	return s.word(&b)
}

func (s *scanner) word(b *strings.Builder) (any, Want) {
	if b.Len() == 0 && (s.done() || strings.ContainsRune("&|;,(){}", s.peek())) {
		return nil, WantSyntax
	}
	return bareword(b.String()), wantNothing
}
