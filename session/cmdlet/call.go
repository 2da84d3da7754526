package cmdlet

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Call is a command that was found in a pasted text, with its arguments as far as they are
// texts. It is for text that says something about a server, and is never run.
type Call struct {
	// Name is the command's name without a module.
	Name string
	// Variable is what the result is assigned to, in lower case and without its $; empty
	// when it is not.
	Variable string
	// Args are the arguments in their order.
	Args []CallArg
}

// CallArg is an argument of a [Call]: a parameter, its value, or both. Of values with commas
// between each is one, all with the parameter's name.
type CallArg struct {
	// Parameter is the name without the dash; empty for a value without one.
	Parameter string
	// HasValue says that there is a value.
	HasValue bool
	// Text is the value, true or false for $true and $false; empty when it is not known.
	Text string
	// Unknown is what would have to be worked out to know the value: a variable's name
	// with its $, @name, or (...); empty for a script block. It never has a text in it,
	// which may be a password.
	Unknown string
	// Calls are the commands that stand in the value.
	Calls []Call
}

// Calls finds the commands that are wanted in a text that people paste: a line, or a
// script in whose functions and blocks they stand. Variables that the text sets to a plain
// text stand for it; nothing else is worked out. Prompts, comments and typographic quotes
// that were copied along do no harm. Of a text that is longer than a script would be, the
// beginning is read.
func Calls(text string, wanted func(name string) bool) []Call {
	text = text[:min(len(text), longestScript)]
	text = withoutPrompts(pasting.Replace(text))
	s := &scanner{src: text, texts: map[string]string{}}
	return s.calls(wanted)
}

// longestScript is how much of a pasted text is read, in bytes, and deepestCall how many
// commands may stand within each other.
const (
	longestScript = 64 << 10
	deepestCall   = 8
)

// pasting takes out the blank that breaks a continued line.
var pasting = strings.NewReplacer("` \r\n", "`\r\n", "` \n", "`\n", "`\t\n", "`\n")

func (s *scanner) calls(wanted func(string) bool) []Call {
	var found []Call
	variable := ""
	for {
		s.skipSpace(false)
		switch r := s.peek(); {
		case r < 0:
			return found
		case isSingleQuote(r), isDoubleQuote(r):
			s.pass()
		case r == '$':
			variable = s.assigned()
			continue
		case r < utf8.RuneSelf && (isWordByte(byte(r)) || r == '-'):
			if name := plainName(s.callName()); wanted(name) {
				found = append(found, Call{Name: name, Variable: variable, Args: s.callArgs(wanted)})
			}
		default:
			s.next()
		}
		variable = ""
	}
}

// callName reads a word as a command's name has it.
func (s *scanner) callName() string {
	start := s.pos
	for !s.done() && (isWordByte(s.src[s.pos]) || strings.IndexByte(`-\.`, s.src[s.pos]) >= 0) {
		s.pos++
	}
	return s.src[start:s.pos]
}

// assigned reads $name = and gives the name where a command follows. A text that is all
// that follows is what the variable stands for from here on.
func (s *scanner) assigned() string {
	name, end := s.variableName()
	s.pos = max(end, s.pos+1)
	mark := s.pos
	s.skipSpace(false)
	if s.peek() != '=' {
		s.pos = mark
		return ""
	}
	s.next()
	s.skipSpace(false)
	delete(s.texts, name)
	mark = s.pos
	if r := s.peek(); !isSingleQuote(r) && !isDoubleQuote(r) && !strings.HasPrefix(strings.ToLower(s.rest()), "http") {
		return name
	}
	value := s.callValue(nil)
	s.skipSpace(false)
	if r := s.peek(); value.Unknown == "" && (r < 0 || isNewline(r) || r == ';' || r == '}') {
		s.texts[name] = value.Text
		return ""
	}
	s.pos = mark
	s.pass()
	return ""
}

// callArgs reads up to the end of the command. A parameter or an address that begins a
// line belongs to it: mail programs break long lines.
func (s *scanner) callArgs(wanted func(string) bool) []CallArg {
	var args []CallArg
	listed := false // a comma stands before what comes
	for {
		s.skipSpace(listed)
		mark := s.pos
		r := s.peek()
		if isNewline(r) {
			s.skipSpace(true)
			if r = s.peek(); !isDash(r) && !strings.HasPrefix(strings.ToLower(s.rest()), "http") {
				s.pos = mark
				return args
			}
		}
		if r < 0 || strings.ContainsRune(";|&)}", r) {
			return args
		}
		if isDash(r) {
			if t, ok := s.parameter(); ok {
				args = append(args, CallArg{Parameter: t.name})
				continue
			}
		}
		if r == ',' {
			s.next()
			listed = len(args) > 0
			continue
		}
		value := s.callValue(wanted)
		last := len(args) - 1
		switch {
		case last >= 0 && args[last].Parameter != "" && !args[last].HasValue:
			value.Parameter = args[last].Parameter
			args[last] = value
		case listed:
			value.Parameter = args[last].Parameter
			args = append(args, value)
		default:
			args = append(args, value)
		}
		listed = false
	}
}

// callValue reads one value, whatever it is.
func (s *scanner) callValue(wanted func(string) bool) CallArg {
	value := CallArg{HasValue: true}
	if lower := strings.ToLower(s.rest()); strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		value.Text, value.Unknown = s.address()
		return value
	}
	start := s.pos
	v, want := s.element(false)
	member := s.peek() == '.' || s.peek() == '[' // of what a value in brackets or quotes gives
	if _, asked := v.(askedSecret); want == wantNothing && s.pos > start && !asked && !member {
		switch v := v.(type) {
		case string:
			value.Text = v
		case bareword:
			value.Text = string(v)
		case bool:
			value.Text = strconv.FormatBool(v)
		case block:
		default:
			value.Unknown = unknownIn(s.src[start:s.pos])
		}
		return value
	}
	s.pos = start
	s.pass()
	source := s.src[start:s.pos]
	for s.peek() == '.' || s.peek() == '[' {
		s.next()
		s.pass()
	}
	if strings.HasPrefix(source, "{") {
		return value
	}
	value.Unknown = unknownIn(source)
	if wanted != nil && strings.HasPrefix(source, "(") && s.depth < deepestCall {
		inner := scanner{src: strings.TrimSuffix(source[1:], ")"), texts: s.texts, depth: s.depth + 1}
		value.Calls = inner.calls(wanted)
	}
	return value
}

// address reads an address without quotes. & and ; belong to it, although PowerShell would
// want quotes for that.
func (s *scanner) address() (text, unknown string) {
	end := strings.IndexFunc(s.rest(), func(r rune) bool {
		return isSpace(r) || isNewline(r) || isSingleQuote(r) || isDoubleQuote(r) || r == ')' || r == '|'
	})
	if end < 0 {
		end = len(s.rest())
	}
	word := scanner{src: `"` + strings.TrimRight(s.rest()[:end], ";") + `"`, texts: s.texts}
	s.pos += len(word.src) - 2
	text, want := word.doubleQuoted()
	if want != wantNothing {
		return "", unknownIn(word.src)
	}
	return text, ""
}

// unknownIn names what would have to be worked out in a value: the first variable in it,
// or the value as a whole.
func unknownIn(source string) string {
	if strings.HasPrefix(source, "@") && len(source) > 1 && isWordByte(source[1]) {
		return source
	}
	for at := range len(source) {
		if source[at] != '$' {
			continue
		}
		s := scanner{src: source, pos: at}
		if strings.HasPrefix(s.rest(), "$($") {
			s.pos += 2
		}
		_, end := s.variableName()
		if name := source[s.pos:end]; strings.Trim(name, "${}") != "" {
			return name
		}
	}
	return "(...)"
}

// pass goes behind a quoted text, a group in brackets, or a word, whatever is in it.
func (s *scanner) pass() {
	depth := 0
	for {
		r := s.peek()
		quoted := isSingleQuote(r) || isDoubleQuote(r)
		switch {
		case r < 0, depth == 0 && (isSpace(r) || isNewline(r) || strings.ContainsRune(";|,)}", r)):
			return
		case quoted:
			s.passQuoted()
		case strings.ContainsRune("({", r):
			depth++
			s.next()
		default:
			s.next()
			quoted = strings.ContainsRune(")}", r)
			if quoted {
				depth--
			}
		}
		if quoted && depth == 0 {
			return
		}
	}
}

// passQuoted goes behind the quote that closes, or to the end where none does.
func (s *scanner) passQuoted() {
	closes, escapes := isDoubleQuote, true
	if isSingleQuote(s.peek()) {
		closes, escapes = isSingleQuote, false
	}
	s.next()
	for !s.done() {
		r := s.peek()
		s.next()
		switch {
		case r == '`' && escapes:
			s.next()
		case closes(r):
			if !closes(s.peek()) {
				return
			}
			s.next() // the first of a pair stands for both
		}
	}
}
