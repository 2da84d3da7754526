package cmdlet

import (
	"strings"
	"unicode/utf8"
)

// at reads what begins with @: a hashtable, an array or a here-string.
func (s *scanner) at() (any, Want) {
	after := s.src[s.pos+1:]
	r, n := utf8.DecodeRuneInString(after)
	switch {
	case after == "":
		return nil, WantSyntax
	case r == '{':
		s.pos += 2
		return s.hashtable()
	case r == '(':
		s.pos += 2
		return s.array()
	case isSingleQuote(r), isDoubleQuote(r):
		s.pos += 1 + n
		return wrap(s.hereString(r))
	}
	return nil, WantLiteral // splatting
}

func (s *scanner) array() (any, Want) {
	items := []any{}
	for {
		s.skipSeparators()
		if s.peek() == ')' {
			s.next()
			return items, wantNothing
		}
		if s.done() {
			return nil, WantSyntax
		}
		v, want := s.list(true)
		if want != wantNothing {
			return nil, want
		}
		if several, ok := v.([]any); ok {
			items = append(items, several...)
		} else {
			items = append(items, v)
		}
		if want := s.endOfStatement(')'); want != wantNothing {
			return nil, want
		}
	}
}

// skipSeparators passes what may stand between statements.
func (s *scanner) skipSeparators() {
	for {
		s.skipSpace(true)
		if s.peek() != ';' {
			return
		}
		s.next()
	}
}

// endOfStatement makes sure that a statement ends here: at ;, a line end or the bracket.
func (s *scanner) endOfStatement(bracket rune) Want {
	s.skipSpace(false)
	switch r := s.peek(); {
	case r < 0:
		return WantSyntax
	case r == ';', r == bracket, isNewline(r):
		return wantNothing
	}
	return WantLiteral
}

func (s *scanner) hashtable() (any, Want) {
	table := map[string]any{}
	for {
		s.skipSeparators()
		if s.peek() == '}' {
			s.next()
			return table, wantNothing
		}
		key, want := s.key()
		if want != wantNothing {
			return nil, want
		}
		s.skipSpace(true)
		if s.peek() != '=' {
			return nil, WantSyntax
		}
		s.next()
		s.skipSpace(true)
		value, want := s.list(true)
		if want != wantNothing {
			return nil, want
		}
		for other := range table {
			if strings.EqualFold(other, key) {
				return nil, WantOnce
			}
		}
		table[key] = value
		if want := s.endOfStatement('}'); want != wantNothing {
			return nil, want
		}
	}
}

// key reads the name of a hashtable's entry: a word, a number or a quoted text.
func (s *scanner) key() (string, Want) {
	r := s.peek()
	switch {
	case r < 0:
		return "", WantSyntax
	case isSingleQuote(r):
		return s.singleQuoted()
	case isDoubleQuote(r):
		return s.doubleQuoted()
	}
	start := s.pos
	for !s.done() && isWordByte(s.src[s.pos]) {
		s.pos++
	}
	if s.pos == start {
		return "", WantLiteral
	}
	return s.src[start:s.pos], wantNothing
}

// hereString reads a text of whole lines, from behind the quote that begins it.
func (s *scanner) hereString(quote rune) (string, Want) {
	text, want := s.hereBody(quote)
	if want != wantNothing {
		return "", want
	}
	return expandHere(text, quote)
}

// hereBody reads the lines up to a line that begins with the quote and @, as they stand.
func (s *scanner) hereBody(quote rune) (string, Want) {
	line := s.rest()
	end := strings.IndexAny(line, "\r\n")
	if end < 0 {
		return "", WantSyntax
	}
	if strings.TrimFunc(line[:end], isSpace) != "" {
		return "", WantSyntax
	}
	s.pos += end
	body := s.pos
	for s.pos < len(s.src) {
		lineEnd := s.pos
		s.lineBreak()
		r, n := utf8.DecodeRuneInString(s.rest())
		same := isSingleQuote(quote) && isSingleQuote(r) || isDoubleQuote(quote) && isDoubleQuote(r)
		if same && strings.HasPrefix(s.rest()[n:], "@") {
			text := s.src[body:lineEnd]
			s.pos += n + 1
			return trimLineBreak(text), wantNothing
		}
		next := strings.IndexAny(s.rest(), "\r\n")
		if next < 0 {
			break
		}
		s.pos += next
	}
	return "", WantSyntax
}

func (s *scanner) lineBreak() {
	if strings.HasPrefix(s.rest(), "\r\n") {
		s.pos++
	}
	s.pos++
}

func trimLineBreak(text string) string {
	if t, ok := strings.CutPrefix(text, "\r\n"); ok {
		return t
	}
	if text != "" {
		return text[1:]
	}
	return text
}

// expandHere reads the escapes of a here-string in double quotes.
func expandHere(text string, quote rune) (string, Want) {
	if isSingleQuote(quote) {
		return text, wantNothing
	}
	s := scanner{src: text}
	var b strings.Builder
	for !s.done() {
		switch r := s.peek(); {
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
	return b.String(), wantNothing
}
