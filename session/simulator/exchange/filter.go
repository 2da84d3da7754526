package exchange

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// filterError says where a filter cannot be read. Its text is Exchange's.
type filterError struct {
	text     string
	position int
	property string // set: the property is not known
}

// Error gives the message in Exchange's words.
func (e *filterError) Error() string {
	if e.property != "" {
		return fmt.Sprintf("%q is not a recognized filterable property. For a complete list of filterable properties see the command help.\r\n%q at position %d.",
			e.property, e.text, e.position)
	}
	return fmt.Sprintf("Invalid filter syntax. For a description of the filter parameter syntax see the command help.\r\n%q at position %d.", e.text, e.position)
}

type comparison struct {
	column   int
	operator string
	operand  operand
}

// operand is the right side of a comparison, read once in every way.
type operand struct {
	null    bool
	text    string
	number  any // float64, or nil when it is none
	time    any // clixml.DateTime, or nil when it is none
	pattern cmdlet.Wildcard
}

func newOperand(text string) operand {
	o := operand{text: text, pattern: cmdlet.NewWildcard(text)}
	o.number, _ = convert(kindFloat, text)
	o.time, _ = convert(kindTime, text)
	return o
}

func (f comparison) matches(r *record) bool {
	v := r.cell(f.column)
	if list, ok := v.([]string); ok {
		return f.matchesList(list)
	}
	switch f.operator {
	case "-like":
		return !unset(v) && f.operand.pattern.Match(display(v))
	case "-notlike":
		return unset(v) || !f.operand.pattern.Match(display(v))
	}
	order, comparable := f.order(v)
	switch f.operator {
	case "-eq":
		return comparable && order == 0
	case "-ne":
		return !comparable || order != 0
	case "-gt":
		return comparable && order > 0
	case "-ge":
		return comparable && order >= 0
	case "-lt":
		return comparable && order < 0
	default:
		return comparable && order <= 0
	}
}

// unset says that a row has no value to filter by: a directory holds no empty text, what
// is shown as one is not set.
func unset(v any) bool { return v == nil || v == "" }

// matchesList holds when one item meets the comparison; the negative ones hold
// when none meets the positive one.
func (f comparison) matchesList(list []string) bool {
	if f.operand.null {
		return (f.operator == "-eq") == (len(list) == 0)
	}
	found := false
	for _, item := range list {
		bare := item[strings.IndexByte(item, ':')+1:] // SMTP:a@b is met by a@b, too
		if f.operand.pattern.Match(item) || f.operand.pattern.Match(bare) {
			found = true
		}
	}
	return found != (f.operator == "-ne" || f.operator == "-notlike")
}

func (f comparison) order(v any) (order int, comparable bool) {
	if f.operand.null {
		return map[bool]int{false: 1}[unset(v)], true
	}
	switch v := v.(type) {
	case nil:
		return 0, false
	case clixml.DateTime:
		t, ok := f.operand.time.(clixml.DateTime)
		return cmp.Compare(v.Ticks, t.Ticks), ok
	case int32, int64, uint16, uint32, float64, quota:
		return cmp.Compare(number(v), number(f.operand.number)), f.operand.number != nil
	}
	return strings.Compare(strings.ToLower(display(v)), strings.ToLower(f.operand.text)), true
}

// parseFilter reads a -Filter (OPATH with -eq -ne -like -notlike -gt -ge -lt -le,
// -and -or -not, and parentheses) over the properties that find finds by name.
func parseFilter(text string, find func(name string) (field, bool)) (test, error) {
	p := &filterParser{text: text, find: find}
	f, err := p.or()
	if err == nil && p.token() != "" {
		err = p.wrong()
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

type filterParser struct {
	text string
	at   int
	find func(string) (field, bool)
}

// field is what a filter compares.
type field struct {
	column int
	// kept turns a text into what the column keeps in its place; nil: the text.
	kept func(string) string
}

func (p *filterParser) wrong() error { return &filterError{text: p.text, position: p.at + 1} }

func (p *filterParser) skipSpace() {
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += size
	}
}

// token looks at the next word: a parenthesis, an operator in lower case, or a
// name. It does not take it.
func (p *filterParser) token() string {
	p.skipSpace()
	rest := p.text[p.at:]
	if rest == "" {
		return ""
	}
	if strings.IndexByte("(){}", rest[0]) >= 0 {
		return rest[:1]
	}
	n := 0
	for n < len(rest) && (rest[n] == '-' || rest[n] == '$' || rest[n] == '.' || rest[n] == '_' || rest[n] >= '0' && rest[n] <= '9' || rest[n]|0x20 >= 'a' && rest[n]|0x20 <= 'z') {
		n++
	}
	if n == 0 {
		return rest[:1]
	}
	return rest[:n]
}

func (p *filterParser) take(words ...string) bool {
	t := p.token()
	for _, w := range words {
		if strings.EqualFold(t, w) {
			p.at += len(t)
			return true
		}
	}
	return false
}

func (p *filterParser) or() (test, error) {
	f, err := p.and()
	for err == nil && p.take("-or") {
		left := f
		var right test
		right, err = p.and()
		f = func(r *record) bool { return left(r) || right(r) }
	}
	return f, err
}

func (p *filterParser) and() (test, error) {
	f, err := p.unary()
	for err == nil && p.take("-and") {
		left := f
		var right test
		right, err = p.unary()
		f = func(r *record) bool { return left(r) && right(r) }
	}
	return f, err
}

func (p *filterParser) unary() (test, error) {
	switch {
	case p.take("-not", "!"):
		f, err := p.unary()
		return func(r *record) bool { return !f(r) }, err
	case p.take("(", "{"):
		f, err := p.or()
		if err == nil && !p.take(")", "}") {
			err = p.wrong()
		}
		return f, err
	}
	return p.comparison()
}

func (p *filterParser) comparison() (test, error) {
	start, name := p.at, p.token()
	found, known := p.find(name)
	if name == "" || name[0] == '-' || name[0]|0x20 < 'a' || name[0]|0x20 > 'z' {
		return nil, p.wrong()
	}
	if !known {
		return nil, &filterError{text: p.text, position: start + 1, property: name}
	}
	p.at += len(name)
	operator := strings.ToLower(p.token())
	switch operator {
	case "-eq", "-ne", "-like", "-notlike", "-gt", "-ge", "-lt", "-le":
		p.at += len(operator)
	default:
		return nil, p.wrong()
	}
	o, err := p.operand()
	if err != nil {
		return nil, err
	}
	if found.kept != nil && !o.null {
		o = newOperand(found.kept(o.text))
	}
	return comparison{column: found.column, operator: operator, operand: o}.matches, nil
}

func (p *filterParser) operand() (operand, error) {
	p.skipSpace()
	if p.at < len(p.text) && (p.text[p.at] == '\'' || p.text[p.at] == '"') {
		text, err := p.quoted(p.text[p.at])
		return newOperand(text), err
	}
	t := p.token()
	p.at += len(t)
	switch strings.ToLower(t) {
	case "", ")", "}", "(", "{":
		return operand{}, p.wrong()
	case "$null":
		return operand{null: true}, nil
	case "$true":
		return newOperand("True"), nil
	case "$false":
		return newOperand("False"), nil
	}
	return newOperand(t), nil
}

// quoted reads a quoted text; the quote doubled stands for itself.
func (p *filterParser) quoted(quote byte) (string, error) {
	var b strings.Builder
	for i := p.at + 1; i < len(p.text); i++ {
		if p.text[i] != quote {
			b.WriteByte(p.text[i])
			continue
		}
		if i+1 < len(p.text) && p.text[i+1] == quote {
			b.WriteByte(quote)
			i++
			continue
		}
		p.at = i + 1
		return b.String(), nil
	}
	return "", p.wrong()
}
