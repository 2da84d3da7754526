package cmdlet

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file reads texts in quotes, their escapes, and the variables that stand for texts.

func (s *scanner) singleQuoted() (string, Want) {
	s.next()
	var b strings.Builder
	for !s.done() {
		quote := isSingleQuote(s.peek())
		c := s.next()
		if quote {
			if !isSingleQuote(s.peek()) {
				return b.String(), wantNothing
			}
			s.next() // the first of a pair stands for both
		}
		b.WriteString(c)
	}
	return "", WantSyntax
}

func (s *scanner) doubleQuoted() (string, Want) {
	s.next()
	var b strings.Builder
	for !s.done() {
		r := s.peek()
		switch {
		case isDoubleQuote(r):
			c := s.next()
			if !isDoubleQuote(s.peek()) {
				return b.String(), wantNothing
			}
			s.next()
			b.WriteString(c)
		case r == '`':
			if w := s.escape(&b); w != wantNothing {
				return "", w
			}
		case r == '$' && s.expands():
			if !s.expand(&b) {
				return "", WantLiteral
			}
		default:
			b.WriteString(s.next())
		}
	}
	return "", WantSyntax
}

// expand writes the text that the variable, or the character's code, here stands for; ok is false where it stands
// for none, or for more than a line should hold. $null stays: PowerShell would make an
// empty text of it, which nobody means who writes a filter in double quotes.
func (s *scanner) expand(b *strings.Builder) (ok bool) {
	if text, is := s.character(); is {
		b.WriteString(text)
		return true
	}
	name, end := s.variableName()
	text, known := s.texts[name]
	if constant := map[string]string{"true": "True", "false": "False", "null": "$null"}[name]; constant != "" {
		text, known = constant, true
	}
	if !known || b.Len()+len(text) > maxExpanded {
		return false
	}
	b.WriteString(text)
	s.pos = end
	return true
}

// maxExpanded is how long a text with variables in it may become, in bytes.
const maxExpanded = 16 << 10

// variableName reads the name of $name, ${name}, $script:name or $($name) in lower case
// and without its scope, and gives where it ends. It moves nothing.
func (s *scanner) variableName() (name string, end int) {
	name, end = s.spelledVariable()
	return scopeless(name), end
}

// spelledVariable is variableName with the name as it is spelled.
func (s *scanner) spelledVariable() (name string, end int) {
	at := s.pos + 1
	if inner, ok := strings.CutPrefix(s.src[at:], "($"); ok {
		if close := strings.IndexByte(inner, ')'); close >= 0 {
			return inner[:close], at + len("($") + close + 1
		}
	}
	if inner, ok := strings.CutPrefix(s.src[at:], "{"); ok {
		if close := strings.IndexByte(inner, '}'); close >= 0 {
			return inner[:close], at + close + 2
		}
	}
	end = at
	for end < len(s.src) && (isWordByte(s.src[end]) || s.src[end] == ':' && end+1 < len(s.src) && isWordByte(s.src[end+1])) {
		end++
	}
	return s.src[at:end], end
}

// scopeless takes the scope off a variable's name: script:uri is uri.
func scopeless(name string) string {
	name = strings.ToLower(name)
	for _, scope := range []string{"global:", "script:", "local:", "private:", "using:"} {
		if rest, ok := strings.CutPrefix(name, scope); ok {
			return rest
		}
	}
	return name
}

// expands says that the $ here begins a variable or a subexpression.
func (s *scanner) expands() bool {
	r, _ := utf8.DecodeRuneInString(s.src[s.pos+1:])
	return s.pos+1 < len(s.src) && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_?^$:{(", r))
}

// escape reads a backtick and what it stands for.
func (s *scanner) escape(b *strings.Builder) Want {
	s.next()
	if s.done() {
		return WantSyntax
	}
	c := s.next()
	switch c {
	case "0":
		c = "\x00"
	case "a":
		c = "\a"
	case "b":
		c = "\b"
	case "e":
		c = "\x1b"
	case "f":
		c = "\f"
	case "n":
		c = "\n"
	case "r":
		c = "\r"
	case "t":
		c = "\t"
	case "v":
		c = "\v"
	case "u":
		return s.unicodeEscape(b)
	}
	b.WriteString(c)
	return wantNothing
}

// unicodeEscape reads {X} to {XXXXXX} after `u.
func (s *scanner) unicodeEscape(b *strings.Builder) Want {
	end := strings.IndexByte(s.rest(), '}')
	if end < 2 || end > 7 || s.peek() != '{' {
		return WantSyntax
	}
	n, err := strconv.ParseUint(s.rest()[1:end], 16, 32)
	if err != nil || n > unicode.MaxRune {
		return WantSyntax
	}
	s.pos += end + 1
	b.WriteRune(rune(n))
	return wantNothing
}
