package endpoint

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// This file finds commands, their arguments and what variables are set to in
// the tokens of a pasted text.

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
	at   int // its place in the text
	args []argument
}

// script collects the commands of a text, and what its variables are set to.
type script struct {
	commands []command // in the order of the text, those in brackets too
	// users maps a variable, with the dash of none, to the user name that a
	// Get-Credential or PSCredential in its assignment names.
	users map[string]string
	// tables are the hash tables of the text, by variable: @name hands one
	// over as parameters.
	tables map[string][]argument
}

// deepest is how many brackets inside each other are looked into.
const deepest = 12

// readScript cuts text into statements, those in brackets and blocks included.
// It never fails: what is not understood is left out, and the caller finds what
// he needs or not.
func readScript(text string) script {
	r := reader{
		lexer:  lexer{in: text, vars: map[string]string{}, vague: map[string]string{}},
		script: script{users: map[string]string{}, tables: map[string][]argument{}},
		open:   []statement{{}},
	}
	for {
		at := r.lexer.pos
		t, ok := r.lexer.next()
		if !ok {
			break
		}
		r.take(t, at)
	}
	for len(r.open) > 0 {
		r.end()
		r.open = r.open[:len(r.open)-1]
	}
	slices.SortStableFunc(r.script.commands, func(a, b command) int { return a.at - b.at })
	return r.script
}

// reader reads a script.
type reader struct {
	lexer  lexer
	script script
	open   []statement // the one that is being read, after those that it stands in
	deeper int         // brackets beyond the deepest
}

// take adds a token to the statements that it is part of.
func (r *reader) take(t token, at int) {
	if r.deeper == 0 {
		switch {
		case t.kind == tokenEnd:
			r.end()
		case t.kind == tokenClose && len(r.open) > 1:
			r.end()
			r.open = r.open[:len(r.open)-1]
		}
	}
	for i := range r.open {
		if t.kind != tokenEnd || i < len(r.open)-1 || r.deeper > 0 {
			r.open[i].take(t, at)
		}
	}
	switch {
	case t.kind == tokenOpen && len(r.open) < deepest && r.deeper == 0:
		r.open = append(r.open, statement{table: t.text == "@{"})
	case t.kind == tokenOpen:
		r.deeper++
	case t.kind == tokenClose && r.deeper > 0:
		r.deeper--
	}
}

// end ends the statement that is being read. Entries of a hash table go on
// after each other.
func (r *reader) end() {
	last := len(r.open) - 1
	r.script.add(&r.lexer, r.open[last])
	r.open[last] = statement{table: r.open[last].table}
}

// statement is the tokens of one, with the groups that stand in it.
type statement struct {
	tokens []token
	at     int
	table  bool // it is an entry of a hash table, no command
}

func (st *statement) take(t token, at int) {
	if len(st.tokens) == 0 {
		st.at = at
	}
	st.tokens = append(st.tokens, t)
}

func (s *script) add(l *lexer, st statement) {
	tokens, target, key := st.tokens, "", ""
	if len(tokens) > 2 && tokens[1].kind == tokenAssign && tokens[0].kind == tokenWord {
		target = strings.ToLower(strings.TrimPrefix(tokens[0].unknown, "$"))
		_, target = cutScope(target)
		key = strings.TrimPrefix(tokens[0].text, ".")
		tokens = tokens[2:]
	}
	if len(tokens) == 0 || st.table {
		return
	}
	if target != "" && s.assign(l, target, key, tokens) {
		return
	}
	if tokens[0].kind == tokenWord {
		c := readCommand(tokens)
		c.at = st.at
		s.commands = append(s.commands, c)
	}
}

// cutScope takes the scope off a variable's name: script:uri is uri.
func cutScope(name string) (scope, rest string) {
	for _, scope := range []string{"global", "script", "local", "private", "using"} {
		if rest, ok := strings.CutPrefix(name, scope+":"); ok {
			return scope, rest
		}
	}
	return "", name
}

// assign notes what a variable is set to, and reports whether that was all
// that the statement does.
func (s *script) assign(l *lexer, target, key string, tokens []token) bool {
	if user := credentialUser(tokens); user != "" {
		s.users[target] = user
	}
	switch value := joined(tokens); {
	case key != "" && s.tables[target] != nil: // $parameters.Name = value
		s.tables[target] = append(s.tables[target], argument{parameter: key, value: value, hasValue: true})
		return true
	case tokens[0].kind == tokenOpen && tokens[0].text == "@{":
		s.tables[target] = tableOf(tokens)
		return true
	case value.kind == tokenWord && value.unknown == "" && (len(tokens) == 1 || value.quoted):
		l.vars[target] = value.text
		return true
	case value.kind == tokenWord && strings.HasPrefix(value.unknown, "$") && (len(tokens) == 1 || value.quoted):
		delete(l.vars, target)
		l.vague[target] = value.unknown
		return true
	}
	return false
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
	if t := joined(inside); t.quoted { // ("text"), ("a" + "b")
		return t
	}
	return token{kind: tokenOpen, unknown: unknownIn(inside), text: credentialUser(inside)}
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
