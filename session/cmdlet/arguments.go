package cmdlet

import (
	"strings"
	"unicode/utf8"
)

// ParseArguments reads the arguments of a command line, CMDLET [-Parameter [VALUE]]...,
// as the operating system's shell hands them over: args[0] is the cmdlet. A parameter is
// -Name VALUE, -Name:VALUE or, for a switch, -Name or -Name:$false; -- ends the parameters.
//
// A value that begins as a literal of PowerShell is read as one: 'text', "text", $true,
// $false, $null, @('a','b'), @{Add='a'}. Other values are text: with commas a list, where
// the parameter takes one.
//
// With c the description decides: names may be shortened as long as they are
// unambiguous, and values are read by the parameter's kind, as [Cmdlet.Bind] does. With c
// nil the text decides: a,b (no space after the comma) is a list, a number is a number
// when nothing is lost by it, a parameter before another one or at the end is a switch,
// and one whose name ends in Password is a secret. A secret is taken as it stands, quotes
// and all.
//
// Errors are *[BindError], joined.
func ParseArguments(args []string, c *Cmdlet) (Invocation, error) {
	if len(args) == 0 || args[0] == "" {
		return Invocation{}, &BindError{Want: WantCommand}
	}
	var tokens []token
	literal := false
	for _, a := range args[1:] {
		name, value, colon, isParameter := cutParameter(a)
		switch {
		case literal || !isParameter && a != "--":
			tokens = append(tokens, shellToken(a))
		case a == "--":
			literal = true
		case colon && value != "":
			tokens = append(tokens, token{name: name, colon: true}, shellToken(value))
		default:
			tokens = append(tokens, token{name: name, colon: colon})
		}
	}
	return bindTokens(args[0], tokens, c)
}

// shellToken reads a value that the operating system's shell has taken the quotes off.
func shellToken(a string) token {
	v, want := argumentLiteral(a)
	return token{value: v, source: a, want: want, plain: true}
}

// cutParameter takes -Name, -Name: or -Name:value apart.
func cutParameter(a string) (name, value string, colon, ok bool) {
	r, n := utf8.DecodeRuneInString(a)
	if !isDash(r) {
		return "", "", false, false
	}
	name, value, colon = strings.Cut(a[n:], ":")
	return name, value, colon, isParameterName(name)
}

// isParameterName says that PowerShell takes the word after a dash for a name.
func isParameterName(name string) bool {
	for i, r := range name {
		if !isNameStart(r) && (i == 0 || (r < '0' || r > '9') && r != '-') {
			return false
		}
	}
	return name != ""
}

func isNameStart(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r == '?' || 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return r != utf8.RuneError && !isDash(r) && !isSingleQuote(r) && !isDoubleQuote(r) && !isSpace(r)
}

// argumentLiteral reads one argument of the operating system's shell.
func argumentLiteral(a string) (any, Want) {
	s := scanner{src: a}
	r := s.peek()
	quoted := isSingleQuote(r) || isDoubleQuote(r)
	compound := strings.HasPrefix(a, "@{") || strings.HasPrefix(a, "@(")
	if quoted || compound || r == '$' || r == '(' {
		v, want := s.list(false)
		s.skipSpace(true)
		switch {
		case want == wantNothing && s.done():
			return v, want
		case want == WantSyntax && (quoted || compound):
			return nil, want
		case compound && want != wantNothing:
			return nil, want
		}
		return bareword(a), wantNothing
	}
	if strings.Contains(a, ",") && !strings.HasPrefix(a, "{") {
		if items, ok := bareList(a); ok {
			return bareItems{source: a, items: items}, wantNothing
		}
	}
	return bareword(a), wantNothing
}

// bareItems is text with commas: a list where the parameter takes one or nothing is known
// about it, else the text as it is.
type bareItems struct {
	source string
	items  []any
}

// bareList splits at commas; items may be in quotes. ok is false when an item is empty or
// begins with a blank: then the commas are a sentence's.
func bareList(a string) (items []any, ok bool) {
	for a != "" {
		s := scanner{src: a}
		if r := s.peek(); isSingleQuote(r) || isDoubleQuote(r) || r == '@' || r == '(' {
			v, want := s.element(false)
			if want != wantNothing || !s.done() && s.peek() != ',' {
				return nil, false
			}
			items = append(items, v)
		} else {
			end := strings.IndexByte(a, ',')
			if end < 0 {
				end = len(a)
			}
			if end == 0 || isSpace(r) {
				return nil, false
			}
			items = append(items, constant(a[:end]))
			s.pos = end
		}
		if s.done() {
			return items, true
		}
		a = a[s.pos+1:]
	}
	return nil, false
}

// constant reads $true, $false and $null; all else is a bareword.
func constant(text string) any {
	switch strings.ToLower(text) {
	case "$true":
		return true
	case "$false":
		return false
	case "$null":
		return nil
	}
	return bareword(text)
}
