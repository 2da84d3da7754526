package exchange

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"postroom/session/cmdlet"
)

// filter is a parsed -Filter: OPATH with -eq -ne -like -notlike -gt -ge -lt -le,
// -and -or -not, and parentheses.
type filter interface {
	matches(r *record) bool
}

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

type (
	filterAnd  struct{ a, b filter }
	filterOr   struct{ a, b filter }
	filterNot  struct{ a filter }
	comparison struct {
		column   int
		operator string
		operand  operand
	}
)

func (f filterAnd) matches(r *record) bool { return f.a.matches(r) && f.b.matches(r) }
func (f filterOr) matches(r *record) bool  { return f.a.matches(r) || f.b.matches(r) }
func (f filterNot) matches(r *record) bool { return !f.a.matches(r) }

// operand is the right side of a comparison, read once in every way.
type operand struct {
	null    bool
	text    string
	number  float64
	isNum   bool
	ticks   int64
	isTime  bool
	pattern cmdlet.Wildcard
}

func newOperand(text string) operand {
	o := operand{text: text, pattern: cmdlet.NewWildcard(text)}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		o.number, o.isNum = n, true
	}
	if t, ok := parseTime(text); ok {
		o.ticks, o.isTime = ticksOf(t), true
	}
	return o
}

func (f comparison) matches(r *record) bool {
	c := &r.cells[f.column]
	if c.kind == kindList {
		return f.matchesList(c)
	}
	switch f.operator {
	case "-like":
		return f.operand.pattern.Match(c.display())
	case "-notlike":
		return !f.operand.pattern.Match(c.display())
	}
	order, comparable := f.order(c)
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

// matchesList holds when one item meets the comparison; the negative ones hold
// when none meets the positive one.
func (f comparison) matchesList(c *cell) bool {
	if f.operand.null {
		return (f.operator == "-eq") == (len(c.items) == 0)
	}
	found := false
	for _, item := range c.items {
		text := string(item)
		bare := text[strings.IndexByte(text, ':')+1:] // SMTP:a@b is met by a@b, too
		if f.operand.pattern.Match(text) || f.operand.pattern.Match(bare) {
			found = true
		}
	}
	return found != (f.operator == "-ne" || f.operator == "-notlike")
}

func (f comparison) order(c *cell) (int, bool) {
	switch {
	case f.operand.null:
		return map[bool]int{false: 1}[c.kind == kindNil], true
	case c.kind == kindNil:
		return 0, false
	case c.kind == kindTime:
		return cmp.Compare(c.number, f.operand.ticks), f.operand.isTime
	case c.kind == kindInt32 || c.kind == kindInt64:
		return cmp.Compare(float64(c.number), f.operand.number), f.operand.isNum
	case c.kind == kindFloat:
		return cmp.Compare(c.real, f.operand.number), f.operand.isNum
	default:
		return strings.Compare(strings.ToLower(c.display()), strings.ToLower(f.operand.text)), true
	}
}

// timeLayouts are the ways in which a date may be written, as .NET's invariant
// and US cultures read it.
func timeLayouts() []string {
	return []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.9999999", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04",
		"2006-01-02", "1/2/2006 15:04:05", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "1/2/2006 15:04", "1/2/2006",
	}
}

// parseTime reads a date; without a zone it is UTC, as the server's clock is.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range timeLayouts() {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// parseFilter reads a filter over the columns that column finds by name.
func parseFilter(text string, column func(name string) (int, bool)) (filter, error) {
	p := &filterParser{text: text, column: column}
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
	text   string
	at     int
	column func(string) (int, bool)
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

func (p *filterParser) or() (filter, error) {
	f, err := p.and()
	for err == nil && p.take("-or") {
		var g filter
		if g, err = p.and(); err == nil {
			f = filterOr{f, g}
		}
	}
	return f, err
}

func (p *filterParser) and() (filter, error) {
	f, err := p.unary()
	for err == nil && p.take("-and") {
		var g filter
		if g, err = p.unary(); err == nil {
			f = filterAnd{f, g}
		}
	}
	return f, err
}

func (p *filterParser) unary() (filter, error) {
	switch {
	case p.take("-not", "!"):
		f, err := p.unary()
		return filterNot{f}, err
	case p.take("(", "{"):
		f, err := p.or()
		if err == nil && !p.take(")", "}") {
			err = p.wrong()
		}
		return f, err
	}
	return p.comparison()
}

func (p *filterParser) comparison() (filter, error) {
	start, name := p.at, p.token()
	column, known := p.column(name)
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
	return comparison{column: column, operator: operator, operand: o}, nil
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
