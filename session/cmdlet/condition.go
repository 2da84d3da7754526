package cmdlet

import (
	"regexp"
	"slices"
	"strings"
)

// Condition is which rows Where-Object keeps: a comparison, or several conditions that
// -and, -or and -not make one of.
type Condition struct {
	// Logic says what the condition is.
	Logic Logic
	// Parts are two conditions or more for And and Or, one for Not.
	Parts []Condition
	// Comparison is that of Compare.
	Comparison Comparison
}

// Logic is how a condition is made.
type Logic uint8

const (
	// Compare is one comparison.
	Compare Logic = iota
	// And holds where all parts hold.
	And
	// Or holds where one part holds or more.
	Or
	// Not holds where its part does not.
	Not
)

// Comparison compares a column with a value that stands in the line.
type Comparison struct {
	Column string
	// Operator is how to compare, without the dash and in lower case: eq, ne, gt, ge, lt,
	// le, like, notlike, match, notmatch (with a pattern of package regexp), contains, notcontains, in or notin. It is empty
	// where the column alone is the condition: true, not zero and not empty.
	Operator string
	// Value is nil, bool, string, int64, uint64, float64, time.Time, or for in and notin
	// also []string or []any of these.
	Value any
	// CaseSensitive says that letter case counts, as for -ceq.
	CaseSensitive bool
}

// operators are the comparisons, with what they become when their sides change places.
var operators = map[string]string{
	"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "like": "", "notlike": "", "match": "", "notmatch": "",
	"contains": "in", "notcontains": "notin", "in": "contains", "notin": "notcontains",
}

// condition reads what follows Where-Object: { $_.Name -eq 'x' }, or Name -eq 'x'.
func (s *scanner) condition() (Condition, error) {
	start := s.pos
	if t := s.filterScript(); s.peek() != '{' {
		if t {
			return Condition{}, s.wrong("", start, WantLiteral)
		}
		return s.simpleCondition()
	}
	s.next()
	c, ok := s.anyOf(0)
	s.skipSpace(true)
	if !ok || s.peek() != '}' {
		return Condition{}, s.wrongCondition(start)
	}
	s.next()
	s.skipSpace(false)
	if r := s.peek(); r >= 0 && r != '|' && r != ';' && !isNewline(r) {
		return Condition{}, s.wrong("", s.pos, WantStage)
	}
	return c, nil
}

// filterScript passes the name of the parameter that takes the block.
func (s *scanner) filterScript() bool {
	mark := s.pos
	if isDash(s.peek()) {
		if t, ok := s.parameter(); ok && strings.HasPrefix("filterscript", strings.ToLower(t.name)) {
			s.skipSpace(true)
			return true
		}
	}
	s.pos = mark
	return false
}

// wrongCondition names the block that begins at start.
func (s *scanner) wrongCondition(start int) *BindError {
	text := s.src[start:]
	block := scanner{src: text}
	if _, want := block.scriptBlock(); want == wantNothing {
		text = text[:block.pos]
	}
	return &BindError{Text: text, Want: WantStage}
}

// anyOf reads conditions with -and and -or between. PowerShell works them out from left to
// right: neither goes before the other.
func (s *scanner) anyOf(depth int) (Condition, bool) {
	left, ok := s.term(depth)
	for ok {
		logic, joined := s.junction()
		if !joined {
			break
		}
		var right Condition
		if right, ok = s.term(depth); ok {
			left = join(logic, left, right)
		}
	}
	return left, ok
}

// join adds a part to a condition of the same logic.
func join(logic Logic, left, right Condition) Condition {
	if left.Logic == logic {
		left.Parts = append(slices.Clone(left.Parts), right)
		return left
	}
	return Condition{Logic: logic, Parts: []Condition{left, right}}
}

// junction reads -and or -or.
func (s *scanner) junction() (Logic, bool) {
	switch s.operator() {
	case "and":
		return And, true
	case "or":
		return Or, true
	case "":
		return Compare, false
	}
	s.pos = len(s.src) // another operator: not understood
	return Compare, false
}

// operator reads a dash and a word, in lower case.
func (s *scanner) operator() string {
	s.skipSpace(true)
	mark := s.pos
	if isDash(s.peek()) {
		if t, ok := s.parameter(); ok && !t.colon {
			return strings.ToLower(t.name)
		}
	}
	s.pos = mark
	return ""
}

// term reads one comparison, a condition in parentheses or one that is turned round.
func (s *scanner) term(depth int) (Condition, bool) {
	if depth > maxDepth {
		return Condition{}, false
	}
	s.skipSpace(true)
	mark := s.pos
	switch word := s.operator(); {
	case s.peek() == '!' && word == "":
		s.next()
		return s.negated(depth + 1)
	case word == "not":
		return s.negated(depth + 1)
	case s.peek() == '(':
		s.next()
		c, ok := s.anyOf(depth + 1)
		s.skipSpace(true)
		if ok && s.peek() == ')' {
			s.next()
			return c, true
		}
	}
	s.pos = mark
	return s.comparison()
}

// negated reads what -not turns round: a column or a condition in parentheses. PowerShell
// would turn the column of a comparison round, not the comparison.
func (s *scanner) negated(depth int) (Condition, bool) {
	s.skipSpace(true)
	if s.peek() == '$' {
		column, ok := s.column()
		if mark := s.pos; ok {
			word := s.operator()
			s.pos = mark
			_, compared := operators[strings.TrimPrefix(strings.TrimPrefix(word, "c"), "i")]
			ok = !compared
		}
		return Condition{Logic: Not, Parts: []Condition{{Comparison: Comparison{Column: column}}}}, ok
	}
	c, ok := s.term(depth)
	return Condition{Logic: Not, Parts: []Condition{c}}, ok
}

// comparison reads a column, an operator and a value, or the sides in the other order.
func (s *scanner) comparison() (Condition, bool) {
	mark := s.pos
	column, ok := s.column()
	if !ok {
		s.pos = mark
		return s.turnedComparison()
	}
	mark = s.pos
	name, sensitive, ok := comparisonOperator(s.operator())
	if !ok {
		s.pos = mark
		return Condition{Comparison: Comparison{Column: column}}, true
	}
	value, ok := s.operand()
	c := Comparison{Column: column, Operator: name, Value: value, CaseSensitive: sensitive}
	return Condition{Comparison: c}, ok && c.valid()
}

func (s *scanner) turnedComparison() (Condition, bool) {
	value, ok := s.operand()
	if !ok {
		return Condition{}, false
	}
	name, sensitive, ok := comparisonOperator(s.operator())
	if ok = ok && operators[name] != ""; !ok {
		return Condition{}, false
	}
	s.skipSpace(true)
	column, ok := s.column()
	c := Comparison{Column: column, Operator: operators[name], Value: value, CaseSensitive: sensitive}
	return Condition{Comparison: c}, ok && c.valid()
}

// comparisonOperator takes -ceq and -ieq apart.
func comparisonOperator(word string) (name string, sensitive, ok bool) {
	if _, ok = operators[word]; ok {
		return word, false, true
	}
	if word == "" || word[0] != 'c' && word[0] != 'i' {
		return "", false, false
	}
	_, ok = operators[word[1:]]
	return word[1:], word[0] == 'c', ok
}

// valid says that the operator has a value of its kind.
func (c Comparison) valid() bool {
	switch c.Value.(type) {
	case []string, []any:
		return c.Operator == "in" || c.Operator == "notin"
	case string:
		if c.Operator == "match" || c.Operator == "notmatch" {
			_, err := regexp.Compile(c.Value.(string))
			return err == nil
		}
		return true
	}
	return c.Operator != "like" && c.Operator != "notlike" && c.Operator != "match" && c.Operator != "notmatch"
}

// column reads $_.Name, $PSItem.Name or $_.'A name'.
func (s *scanner) column() (string, bool) {
	rest := strings.ToLower(s.rest())
	switch {
	case strings.HasPrefix(rest, "$_."):
		s.pos += len("$_.")
	case strings.HasPrefix(rest, "$psitem."):
		s.pos += len("$psitem.")
	default:
		return "", false
	}
	name, want := s.key()
	if r := s.peek(); r == '.' || r == '[' || r == '(' || want != wantNothing || name == "" {
		return "", false // a member of a member, or a call
	}
	return name, true
}

// operand reads a literal: a number is one here, since nothing else tells it from a text.
func (s *scanner) operand() (any, bool) {
	s.skipSpace(true)
	v, want := s.list(true)
	if want != wantNothing {
		return nil, false
	}
	return constantOf(v)
}

// constantOf makes the value of a comparison.
func constantOf(v any) (any, bool) {
	switch v := v.(type) {
	case bareword:
		if n, ok := parseNumber(string(v)); ok {
			return n, true
		}
		return string(v), true
	case bareItems:
		return constantOf(v.items)
	case []any:
		values := make([]any, len(v))
		texts := []string{}
		for i, item := range v {
			value, ok := constantOf(item)
			if _, several := item.([]any); !ok || several {
				return nil, false
			}
			values[i] = value
			if text, isText := value.(string); isText {
				texts = append(texts, text)
			}
		}
		if len(texts) == len(values) {
			return texts, true
		}
		return values, true
	case map[string]any, block, []byte:
		return nil, false
	}
	return v, true
}

// simpleCondition reads Name -eq 'x', or Name alone.
func (s *scanner) simpleCondition() (Condition, error) {
	start := s.pos
	tokens, wrong := s.arguments()
	if wrong != nil {
		return Condition{}, wrong
	}
	text := s.src[start:s.pos]
	if len(tokens) > 0 && equalFold(tokens[0].name, "Property") {
		tokens = tokens[1:]
	}
	refused := &BindError{Text: strings.TrimSpace("Where-Object " + text), Want: WantStage}
	if len(tokens) == 0 || tokens[0].name != "" {
		return Condition{}, refused
	}
	column, ok := constantOf(tokens[0].value)
	c := Comparison{}
	if c.Column, _ = column.(string); !ok || c.Column == "" {
		return Condition{}, refused
	}
	if len(tokens) == 1 {
		return Condition{Comparison: c}, nil
	}
	c.Operator, c.CaseSensitive, ok = comparisonOperator(strings.ToLower(tokens[1].name))
	if !ok || len(tokens) != 3 || tokens[2].name != "" {
		return Condition{}, refused
	}
	if c.Value, ok = constantOf(tokens[2].value); !ok || !c.valid() {
		return Condition{}, refused
	}
	return Condition{Comparison: c}, nil
}

// PowerShell gives the condition as it stands between the braces of Where-Object.
func (c Condition) PowerShell() string { return string(c.append(nil)) }

// columns are those that the condition asks for.
func (c Condition) columns() []string {
	if c.Logic == Compare {
		return []string{c.Comparison.Column}
	}
	var all []string
	for _, part := range c.Parts {
		all = append(all, part.columns()...)
	}
	return all
}

func (c Condition) append(b []byte) []byte {
	switch c.Logic {
	case Compare:
		return c.Comparison.append(b)
	case Not:
		return c.Parts[0].appendPart(append(b, "-not "...), true)
	}
	word := " -and "
	if c.Logic == Or {
		word = " -or "
	}
	for i, part := range c.Parts {
		if i > 0 {
			b = append(b, word...)
		}
		b = part.appendPart(b, part.Logic == And || part.Logic == Or)
	}
	return b
}

// appendPart writes a condition within another, in parentheses where they are needed.
func (c Condition) appendPart(b []byte, nested bool) []byte {
	if !nested || c.Logic == Compare && c.Comparison.Operator == "" {
		return c.append(b)
	}
	return append(c.append(append(b, '(')), ')')
}

func (c Comparison) append(b []byte) []byte {
	b = append(b, "$_."...)
	if isIdentifier(c.Column) {
		b = append(b, c.Column...)
	} else {
		b = appendQuoted(b, c.Column)
	}
	if c.Operator == "" {
		return b
	}
	b = append(b, " -"...)
	if c.CaseSensitive {
		b = append(b, 'c')
	}
	return appendValue(append(append(b, c.Operator...), ' '), c.Value, true)
}
