package cmdlet

import (
	"strings"
	"unicode/utf8"
)

// ParseLine reads one PowerShell command as a person types or pastes it: a cmdlet, its
// parameters and literal values, quoted and continued as PowerShell allows. c is as for
// [ParseArguments]. What PowerShell would have to run first (a variable, a subexpression,
// a pipeline, a second command, a redirection) is a *[BindError] that wants a literal or
// one command, with the text where it begins. A script block is taken as text for
// parameters whose name ends in Filter.
func ParseLine(line string, c *Cmdlet) (Invocation, error) {
	s := scanner{src: line}
	s.skipSeparators()
	name, err := s.command()
	if err != nil {
		return Invocation{}, err
	}
	tokens, wrong := s.arguments()
	if wrong != nil {
		b := binder{cmdlet: c}
		if p, err := b.find(wrong.Parameter); wrong.Parameter != "" && err == nil && p.hidden() {
			wrong.Text = ""
		}
		return Invocation{}, wrong
	}
	return bindTokens(name, tokens, c)
}

// wrong makes the error for what begins at start: up to the next parameter or the line's
// end, so that it never has the value of another parameter, which may be a secret.
func (s *scanner) wrong(name string, start int, want Want) *BindError {
	text := s.src[start:]
	for i := 1; i < len(text); i++ {
		if isNewline(rune(text[i])) || text[i-1] == ' ' && text[i] == '-' {
			text = strings.TrimRight(text[:i], " ")
			break
		}
	}
	return &BindError{Parameter: name, Text: text, Want: want}
}

// command reads the cmdlet's name; & may stand before it.
func (s *scanner) command() (string, error) {
	start := s.pos
	called := s.peek() == '&'
	if called {
		s.next()
		s.skipSpace(false)
	}
	r := s.peek()
	var v any
	want := WantCommand
	switch {
	case r < 0:
	case isSingleQuote(r), isDoubleQuote(r):
		if called {
			v, want = s.element(false)
		}
	case !strings.ContainsRune("$@({[.!<>", r):
		v, want = s.bareword()
	}
	if want != wantNothing {
		return "", s.wrong("", start, want)
	}
	var name string
	switch v := v.(type) {
	case bareword:
		name = string(v)
	case string:
		name = v
	}
	if _, number := parseNumber(name); number || name == "" || isKeyword(name) || isDash([]rune(name)[0]) {
		return "", s.wrong("", start, WantCommand)
	}
	return name, nil
}

// isKeyword says that a statement of the language begins with the word.
func isKeyword(word string) bool {
	switch strings.ToLower(word) {
	case "if", "for", "foreach", "while", "do", "switch", "function", "filter", "return",
		"throw", "try", "trap", "param", "begin", "process", "end", "exit", "break",
		"continue", "class", "enum", "using", "data", "workflow", "configuration", "until",
		"clean", "dynamicparam":
		return true
	}
	return false
}

// arguments reads up to the end of the line.
func (s *scanner) arguments() ([]token, *BindError) {
	var tokens []token
	literal := false
	for {
		s.skipSpace(false)
		start := s.pos
		switch r := s.peek(); {
		case r < 0:
			return tokens, nil
		case isNewline(r), r == ';':
			s.skipSeparators()
			if s.done() {
				return tokens, nil
			}
			return nil, s.wrong("", s.pos, WantCommand)
		case s.leaves(), strings.HasPrefix(s.rest(), "--%"):
			return nil, s.wrong("", start, WantCommand)
		case !literal && s.rest() == "--" || !literal && strings.HasPrefix(s.rest(), "-- "):
			literal = true
			s.pos += 2
			continue
		case isDash(r) && !literal:
			if t, ok := s.parameter(); ok {
				tokens = append(tokens, t)
				continue
			}
		}
		v, want := s.list(false)
		if want != wantNothing {
			return nil, s.wrong(lastParameter(tokens), start, want)
		}
		tokens = append(tokens, token{value: v, source: s.src[start:s.pos]})
	}
}

func lastParameter(tokens []token) string {
	if len(tokens) == 0 {
		return ""
	}
	return tokens[len(tokens)-1].name
}

// leaves says that here begins what is not an argument: a pipeline, a redirection, a
// background job.
func (s *scanner) leaves() bool {
	rest := s.rest()
	if strings.ContainsRune("|&<>", s.peek()) {
		return true
	}
	return len(rest) > 1 && strings.IndexByte("123456*", rest[0]) >= 0 && rest[1] == '>'
}

// parameter reads -Name or -Name: ; ok is false when it is a value after all.
func (s *scanner) parameter() (token, bool) {
	mark := s.pos
	s.next()
	start := s.pos
	for !s.done() {
		r := s.peek()
		if isSpace(r) || isNewline(r) || strings.ContainsRune("&|;,(){}[].:'\"`", r) || isSingleQuote(r) || isDoubleQuote(r) {
			break
		}
		s.next()
	}
	name := s.src[start:s.pos]
	if r, _ := utf8.DecodeRuneInString(name); name == "" || r >= '0' && r <= '9' || isDash(r) {
		s.pos = mark
		return token{}, false
	}
	t := token{name: name}
	if s.peek() == ':' {
		s.next()
		t.colon = true
	}
	return t, true
}
