package cmdlet

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Line is what a line of PowerShell asks for.
type Line struct {
	// Pipeline is what the server runs.
	Pipeline Pipeline
	// Shape is what this program does with the rows that come.
	Shape Shape
}

// Line reads one command or pipeline of PowerShell as a person types or pastes it: cmdlets,
// their parameters and literal values, quoted and continued as PowerShell allows; a prompt
// that was copied along is passed over. What PowerShell would have to run first (a
// variable, a call, a second statement, a redirection) is a *[BindError] that names it.
// Where the line leaves secrets out, each is a *[BindError] that wants a secret, joined,
// and the rest of the line is given beside the error.
// Select-Object and Measure-Object go to the server as they are; Where-Object, Sort-Object,
// Group-Object, Format-Table, Format-List and Export-Csv become the Shape.
func (r Reader) Line(text string) (Line, error) {
	text = withoutPrompts(text)
	s := &scanner{src: text, now: r.now()}
	s.skipSeparators()
	var line Line
	var left []error // secrets that the line leaves out
	for {
		start := s.pos
		name, err := s.command()
		if err != nil {
			return Line{}, err
		}
		stage := stageNamed(name)
		if stage == nil && len(line.Pipeline) > 0 && !strings.Contains(name, "-") || isOfTheClient(name) || stage != nil && len(line.Pipeline) == 0 {
			return Line{}, s.wrong("", start, WantStage)
		}
		if stage != nil {
			err = stage(s, &line)
		} else {
			err = r.command(s, name, &line)
		}
		if onlySecrets(err) {
			left = append(left, err)
		} else if err != nil {
			return Line{}, err
		}
		if s.pipe() {
			continue
		}
		if err := s.end(); err != nil {
			return Line{}, err
		}
		return line, errors.Join(left...)
	}
}

// onlySecrets says that nothing is wrong but that secrets are left out.
func onlySecrets(err error) bool {
	for _, e := range BindErrors(err) {
		if e.Want != WantSecret {
			return false
		}
	}
	return err != nil
}

// command reads the arguments of a command that the server runs.
func (r Reader) command(s *scanner, name string, line *Line) error {
	if stage := line.Shape.last(); stage != "" {
		return &BindError{Text: name, Want: WantBefore, Names: []string{stage}}
	}
	b := r.binder(name)
	tokens, wrong := s.arguments()
	if wrong != nil {
		if wrong.Parameter != "" && b.find(wrong.Parameter).hidden() {
			wrong.Text = ""
		}
		return wrong
	}
	inv, err := b.bind(tokens)
	line.Pipeline = append(line.Pipeline, inv)
	return err
}

// pipe passes the sign between two commands.
func (s *scanner) pipe() bool {
	if s.peek() != '|' || strings.HasPrefix(s.rest(), "||") {
		return false
	}
	s.next()
	s.skipSpace(true)
	return true
}

// end makes sure that the line ends here.
func (s *scanner) end() error {
	s.skipSeparators()
	if s.done() {
		return nil
	}
	return s.wrong("", s.pos, WantCommand)
}

// prompt is what stands before a command that was copied out of a window: PS C:\>,
// [PS] C:\Windows>, [server]: PS>; and >> stands before the lines that follow it.
var prompt = regexp.MustCompile(`(?m)^[ \t]*(?:(?:\[[^\]\n]*\]:?[ \t]*)?PS(?: [^>\n]*)?>+|\[PS\][^>\n]*>+|>>)[ \t]*`)

// withoutPrompts takes the prompts off a text that begins with one.
func withoutPrompts(text string) string {
	text = strings.TrimLeft(text, " \t\r\n\uFEFF")
	if first := prompt.FindStringIndex(text); first == nil || first[0] > 0 || strings.HasPrefix(text, ">>") {
		return text
	}
	return prompt.ReplaceAllString(text, "")
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

// arguments reads up to the end of the command.
func (s *scanner) arguments() ([]token, *BindError) {
	var tokens []token
	literal := false
	for {
		s.skipSpace(false)
		start := s.pos
		switch r := s.peek(); {
		case r < 0, isNewline(r), r == ';', r == '|' && !strings.HasPrefix(s.rest(), "||"):
			return tokens, nil
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
