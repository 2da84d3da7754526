package cmdlet

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Arguments reads the arguments of a command line, CMDLET [-Parameter [VALUE]]..., as the
// operating system's shell hands them over: args[0] is the cmdlet. A parameter is -Name
// VALUE, -Name:VALUE or, for a switch, -Name or -Name:$false; -- ends the parameters.
// Names may be shortened where the cmdlet is known.
//
// The shell has taken its quotes off, so a text stands for itself, commas and all; a
// parameter that is known to be a list takes a,b as two items. Text in single quotes loses
// them. A parameter before another one or at the end is a switch. Where nothing is known
// of a parameter whose name ends in Password, it is a secret; a secret is taken as it
// stands, quotes and all.
//
// Errors are *[BindError], joined; the call then has what could be read.
func (r Reader) Arguments(args []string) (Invocation, error) {
	if len(args) == 0 || args[0] == "" {
		return Invocation{}, &BindError{Want: WantCommand}
	}
	b := r.binder(args[0])
	var tokens []token
	literal := false
	for _, a := range args[1:] {
		name, value, colon, isParameter := cutParameter(a)
		switch {
		case literal || !isParameter && a != "--":
			tokens = append(tokens, b.typed(a))
		case a == "--":
			literal = true
		case colon && value != "":
			tokens = append(tokens, token{name: name, colon: true}, b.typed(value))
		default:
			tokens = append(tokens, token{name: name, colon: colon})
		}
	}
	return b.bind(tokens)
}

// typed reads a value that stands for itself.
func (b *binder) typed(a string) token {
	v, want := typedLiteral(a, b.now)
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

// typedLiteral reads a text that somebody typed into a field or as an argument: it stands
// for itself unless the whole of it is one of the few things that PowerShell would not
// take for text. A text in double quotes keeps them: a phrase to search for has them.
func typedLiteral(a string, now time.Time) (any, Want) {
	text := strings.TrimSpace(a)
	s := scanner{src: text, now: now}
	v, want := s.list(false)
	s.skipSpace(true)
	whole := want == wantNothing && s.done()
	switch r := (&scanner{src: text}).peek(); {
	case strings.HasPrefix(text, "@{"), strings.HasPrefix(text, "@("), isExpression(text):
		if want == wantNothing && !whole {
			want = WantLiteral
		}
		return v, want
	case !whole:
	case r == '{', r == '$', isSingleQuote(r), isDoubleQuote(r):
		items, several := v.([]any)
		if several && noWords(items) || !several && (!isDoubleQuote(r) || v == "") {
			return v, wantNothing
		}
	}
	return bareword(a), wantNothing
}

// noWords says that none of the items is a word without quotes.
func noWords(items []any) bool {
	for _, item := range items {
		if _, word := item.(bareword); word {
			return false
		}
	}
	return true
}

// isExpression says that the text is something that PowerShell would have to work out, and
// not a text with a remark in it: (Get-Date).AddDays(1), [int]'5', $($x).
func isExpression(text string) bool {
	s := scanner{src: text}
	switch {
	case strings.HasPrefix(text, "$("):
		return true
	case strings.HasPrefix(text, "["):
		return s.beginsCast()
	case !strings.HasPrefix(text, "("):
		return false
	}
	if after := text[closingParenthesis(text):]; after != "" && after[0] != '.' && after[0] != '[' {
		return false
	}
	return beginsExpression(strings.TrimLeft(text, "( \t"))
}

// beginsExpression says that a text within parentheses is for PowerShell: a type, a
// variable, or one of the commands that stand there.
func beginsExpression(text string) bool {
	s := scanner{src: text}
	if name, end := s.typeName(); end > 0 {
		return isCast(name) || strings.HasPrefix(text[end:], "::")
	}
	if name, ok := strings.CutPrefix(text, "$"); ok {
		return name != "" && (isWordByte(name[0]) && name[0] > '9' || name[0] == '{')
	}
	word := strings.ToLower(s.commandWord())
	switch verb, _, _ := strings.Cut(word, "-"); verb {
	case "get", "read", "convertto", "convertfrom", "import":
		return true
	}
	return word == "new-object" || word == "new-timespan"
}

// closingParenthesis gives the place after the one that closes what text begins with.
func closingParenthesis(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}
