package cmdlet

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Function is a function that a module declares, as far as its declaration goes: nothing of
// what it does is read.
type Function struct {
	Name       string
	Attributes []Attribute // those before param, CmdletBinding among them
	Parameters []FunctionParameter
}

// FunctionParameter is a parameter of a [Function].
type FunctionParameter struct {
	Name string
	// Attributes stand before the name, in their order; the type is one of them.
	Attributes []Attribute
}

// Attribute is what stands in square brackets: a type, or an attribute with arguments.
type Attribute struct {
	// Name is the attribute's, or the type's as it is spelled.
	Name string
	// IsType says that no parentheses follow the name.
	IsType bool
	// Values are the arguments without a name. One that is no literal is empty.
	Values []string
	// Named are those with one, by it in lower case: true and false for $true and $false,
	// and true for one without a value, as PowerShell has it.
	Named map[string]string
}

// functionLine begins a function in a module that a server makes for a role.
const functionLine = "function script:"

// Functions reads the functions Verb-Noun of a module's text that begin at the beginning of
// a line with the scope script, as the modules do that servers make. What stands in texts
// and comments of a function is none. A function that does not end takes no other with it:
// the next one begins at its line.
func Functions(module string) []Function {
	var found []Function
	for s := (&scanner{src: module}); s.nextFunction(); {
		mark := s.pos
		f := Function{Name: s.declaredName()}
		if !strings.Contains(f.Name, "-") {
			s.pos = mark
			continue
		}
		s.declaration(&f)
		found = append(found, f)
	}
	return found
}

// nextFunction goes behind the words that begin the next function.
func (s *scanner) nextFunction() bool {
	for {
		i := strings.Index(s.rest(), functionLine)
		if i < 0 {
			return false
		}
		start := s.pos + i
		s.pos = start + len(functionLine)
		if start == 0 || s.src[start-1] == '\n' {
			return true
		}
	}
}

// declaredName reads the name of a function.
func (s *scanner) declaredName() string {
	s.skipSpace(true)
	return s.callName()
}

// declaration reads a function from behind its name on.
func (s *scanner) declaration(f *Function) {
	s.skipSpace(true)
	if s.peek() != '{' {
		return
	}
	start := s.pos
	inside, closed := s.group()
	if !closed { // something in it is not understood
		inside, _, _ = strings.Cut(inside, "\n"+functionLine)
		s.pos = start
	}
	body := &scanner{src: inside}
	for body.skipSpace(true); body.peek() == '['; body.skipSpace(true) {
		f.Attributes = append(f.Attributes, body.attribute())
	}
	if !equalFold(body.callName(), "param") {
		return
	}
	body.skipSpace(true)
	if body.peek() == '(' {
		list, _ := body.group()
		f.Parameters = (&scanner{src: list}).declaredParameters()
	}
}

// declaredParameters reads what is inside of param( ).
func (s *scanner) declaredParameters() []FunctionParameter {
	var found []FunctionParameter
	var p FunctionParameter
	for {
		s.skipSpace(true)
		switch r := s.peek(); {
		case r < 0:
			return found
		case r == '[':
			p.Attributes = append(p.Attributes, s.attribute())
		case r == '$':
			name, end := s.spelledVariable()
			s.pos = max(end, s.pos+1)
			if p.Name = strings.TrimSpace(name); p.Name != "" {
				found = append(found, p)
			}
			p = FunctionParameter{}
		case r == '=': // a default
			s.passArgument()
		default:
			s.next()
		}
	}
}

// attribute reads what stands in square brackets.
func (s *scanner) attribute() Attribute {
	inside, _ := s.group()
	name, _, has := strings.Cut(inside, "(")
	a := Attribute{Name: strings.TrimSpace(name), IsType: !has}
	if has {
		list := scanner{src: inside, pos: len(name)}
		arguments, _ := list.group()
		a.read(arguments)
	}
	return a
}

// read reads the arguments of an attribute.
func (a *Attribute) read(arguments string) {
	s := &scanner{src: arguments}
	for {
		s.skipSpace(true)
		if s.done() {
			return
		}
		mark := s.pos
		name := s.argumentName()
		s.skipSpace(true)
		switch r := s.peek(); {
		case name != "" && r == '=':
			s.next()
			a.name(name, s.argumentText())
		case name != "" && isWordByte(name[0]) && name[0] > '9' && (r < 0 || r == ','):
			a.name(name, "true")
		default:
			s.pos = mark
			a.Values = append(a.Values, s.argumentText())
		}
		s.passArgument()
		s.next() // the comma
	}
}

// argumentName reads a word, in lower case; empty where none begins.
func (s *scanner) argumentName() string {
	if r := s.peek(); isSingleQuote(r) || isDoubleQuote(r) {
		return ""
	}
	return strings.ToLower(s.callName())
}

func (a *Attribute) name(name, value string) {
	if a.Named == nil {
		a.Named = map[string]string{}
	}
	a.Named[name] = value
}

// argumentText reads a literal; empty where something else stands there.
func (s *scanner) argumentText() string {
	s.skipSpace(true)
	mark := s.pos
	v, want := s.element(true)
	s.skipSpace(true)
	if want != wantNothing || !s.done() && s.peek() != ',' {
		s.pos = mark
		return ""
	}
	switch v := v.(type) {
	case string:
		return v
	case bareword:
		return string(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// passArgument goes to the comma that ends an argument, or to the end.
func (s *scanner) passArgument() {
	for s.toMark(); !s.done() && s.peek() != ','; s.toMark() {
		s.passMark()
	}
}

// group goes behind the bracket that closes the one here, and gives what is inside. Brackets
// in texts and comments do not count. Where none closes it, closed is false and all of the
// rest is inside.
func (s *scanner) group() (inside string, closed bool) {
	start, depth := s.pos+1, 0
	for s.toMark(); !s.done(); s.toMark() {
		switch s.peek() {
		case '(', '[', '{':
			depth++
			s.next()
		case ')', ']', '}':
			s.next()
			if depth--; depth == 0 {
				return s.src[start : s.pos-1], true
			}
		default:
			s.passMark()
		}
	}
	return s.src[min(start, len(s.src)):], false
}

// marks are the characters that mean something to who looks for the end of a group, besides
// those that are not ASCII, among which are quotes.
var marks = func() (is [utf8.RuneSelf]bool) {
	for _, c := range "()[]{}'\"`@#<," {
		is[c] = true
	}
	return is
}()

// toMark goes to the next character that may mean something: modules are megabytes.
func (s *scanner) toMark() {
	for s.pos < len(s.src) && s.src[s.pos] < utf8.RuneSelf && !marks[s.src[s.pos]] {
		s.pos++
	}
}

// passMark goes behind what begins here: a text, a comment, a group, or one character.
func (s *scanner) passMark() {
	switch r := s.peek(); {
	case isSingleQuote(r), isDoubleQuote(r):
		s.passQuoted()
	case r == '(', r == '[', r == '{':
		s.group()
	case r == '`':
		s.next()
		s.next()
	case r == '@':
		s.next()
		if r = s.peek(); isSingleQuote(r) || isDoubleQuote(r) {
			s.next()
			if _, want := s.hereBody(r); want != wantNothing {
				s.pos = len(s.src)
			}
		}
	case r == '#', strings.HasPrefix(s.rest(), "<#"):
		mark := s.pos
		if s.skipSpace(true); s.pos == mark { // a comment that does not end
			s.pos = len(s.src)
		}
	default:
		s.next()
	}
}
