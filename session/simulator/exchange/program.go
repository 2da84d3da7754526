package exchange

import (
	"fmt"
	"strconv"
	"strings"
)

// program computes a column of a class. It is written in the tables
// (data/*.txt, whose first lines say how) as alternatives, of which the first
// one whose conditions hold is taken.
type program struct {
	alternatives []alternative
	// constant is the value of a program that has nothing to compute.
	constant *value
}

type alternative struct {
	tests []func(m *maker) bool
	reads []int // columns whose cells the value is made of
	fill  func(m *maker, column int)
}

// maker makes the cells of one row.
type maker struct {
	record *record
	class  *class
	tenant *Tenant
	shape  *template
	nth    int // of the row among its template's, or its parent's, from 0
	dice   dice
	person person // of classes that are people
	owner  int    // the parent's row
	added  bool   // made by a New- cmdlet
}

// cell makes a cell unless it is there already.
func (m *maker) cell(column int) *cell {
	c := &m.record.cells[column]
	if c.kind == kindUnset {
		m.program(column).run(m, column)
	}
	return c
}

func (m *maker) program(column int) *program {
	if m.shape != nil {
		if p := m.shape.programs[column]; p != nil {
			return p
		}
	}
	return m.class.columns[column].program
}

func (p *program) run(m *maker, column int) {
	if p.constant != nil {
		m.record.set(column, *p.constant)
		return
	}
	for i := range p.alternatives {
		a := &p.alternatives[i]
		if !a.holds(m) {
			continue
		}
		for _, r := range a.reads { // before the text begins: both use the record's arena
			m.cell(r)
		}
		a.fill(m, column)
		return
	}
	m.record.cells[column].kind = kindNil
}

func (a *alternative) holds(m *maker) bool {
	for _, t := range a.tests {
		if !t(m) {
			return false
		}
	}
	return true
}

// compiler turns the text of a program into one.
type compiler struct {
	tables *tables
	class  *class
	column int
	salt   uint64 // makes each random choice of a class its own
	reads  []int
}

func (c *compiler) compile(text string) (*program, error) {
	p := &program{}
	if strings.HasSuffix(text, " |") {
		text += " " // else nothing, at the end of a line
	}
	for part := range strings.SplitSeq(text, " | ") {
		a, err := c.alternative(part)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", c.class.name, c.class.columns[c.column].name, err)
		}
		p.alternatives = append(p.alternatives, a)
	}
	if len(p.alternatives) == 1 && len(p.alternatives[0].tests) == 0 && !strings.Contains(text, "{") && c.plain(text) {
		v, err := c.class.columns[c.column].value(c.literal(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", c.class.name, c.class.columns[c.column].name, err)
		}
		p.constant = &v
	}
	return p, nil
}

// plain says that a text without placeholders is a value as it stands.
func (c *compiler) plain(text string) bool {
	switch c.class.columns[c.column].kind {
	case kindTime:
		return text == "null" || text != "" && text[0] >= '0' && text[0] <= '9' && !strings.Contains(text, " ")
	case kindSize:
		return text == "null"
	case kindInt32, kindInt64:
		return text == "null" || !strings.Contains(text, " ")
	}
	return true
}

func (c *compiler) literal(text string) any {
	switch {
	case text == "null":
		return nil
	case c.class.columns[c.column].kind == kindList:
		return items(text)
	}
	return restore(text)
}

func (c *compiler) alternative(text string) (alternative, error) {
	c.reads = nil
	var a alternative
	if tests, rest, ok := strings.Cut(text+" ", " ? "); ok {
		rest = strings.TrimSuffix(rest, " ")
		text = rest
		for t := range strings.SplitSeq(tests, " & ") {
			test, err := c.test(t)
			if err != nil {
				return a, err
			}
			a.tests = append(a.tests, test)
		}
		c.reads = nil // tests make what they read themselves
	}
	var err error
	a.fill, err = c.value(text)
	a.reads = c.reads
	return a, err
}

// test reads a condition: a/b (so many times in so many), added, @Kind,
// {Column}, {Column}=text, and the opposite of each with an exclamation mark.
func (c *compiler) test(text string) (func(*maker) bool, error) {
	if rest, not := strings.CutPrefix(text, "!"); not {
		t, err := c.test(rest)
		return func(m *maker) bool { return !t(m) }, err
	}
	switch {
	case text == "added":
		return func(m *maker) bool { return m.added }, nil
	case strings.HasPrefix(text, "#"):
		nth, err := strconv.Atoi(text[1:])
		return func(m *maker) bool { return m.nth == nth }, err
	case strings.HasPrefix(text, "serves "):
		return func(m *maker) bool { return strings.Contains(m.tenant.services, text[7:]) }, nil
	case strings.HasPrefix(text, "@"):
		return func(m *maker) bool { return m.person.kind == text[1:] }, nil
	case strings.HasPrefix(text, "{"):
		name, rest, closed := strings.Cut(text[1:], "}")
		k, ok := c.class.column(name)
		if !ok || !closed {
			return nil, fmt.Errorf("condition %q: no such column", text)
		}
		if want, compare := strings.CutPrefix(rest, "="); compare {
			return func(m *maker) bool { return strings.EqualFold(m.cell(k).display(), want) }, nil
		}
		return func(m *maker) bool { return m.cell(k).display() != "" }, nil
	}
	some, of, ok := strings.Cut(text, "/")
	a, errA := strconv.Atoi(some)
	b, errB := strconv.Atoi(of)
	if !ok || errA != nil || errB != nil || b < 1 {
		return nil, fmt.Errorf("condition %q cannot be read", text)
	}
	salt := c.nextSalt()
	return func(m *maker) bool { return m.dice.of(salt).n(b) < a }, nil
}

func (c *compiler) nextSalt() uint64 {
	c.salt++
	return hash(c.class.name+"."+c.class.columns[c.column].name) + c.salt
}

// value reads what an alternative gives, by the kind of the column.
func (c *compiler) value(text string) (func(*maker, int), error) {
	if text == "null" {
		return func(m *maker, column int) { m.record.cells[column].kind = kindNil }, nil
	}
	info := c.class.columns[c.column]
	switch info.kind {
	case kindInt32, kindInt64:
		n, err := c.number(text)
		return func(m *maker, column int) { m.record.number(column, info.kind, n(m)) }, err
	case kindSize:
		if text == "Unlimited" {
			return func(m *maker, column int) { m.record.unlimited(column) }, nil
		}
		n, err := c.number(text)
		return func(m *maker, column int) { m.record.size(column, info.kind, n(m)) }, err
	case kindTime:
		t, err := c.moment(text)
		return func(m *maker, column int) { m.record.time(column, t(m), info.clock) }, err
	case kindBool:
		part, err := c.text(text)
		return func(m *maker, column int) {
			yes := strings.EqualFold(string(m.write(part)), "true")
			m.record.number(column, kindBool, map[bool]int64{true: 1}[yes])
		}, err
	case kindList:
		return c.list(text)
	}
	if size, ok := strings.CutPrefix(text, "size "); ok { // a size as text
		n, err := c.number(size)
		return func(m *maker, column int) { m.record.size(column, kindText, n(m)) }, err
	}
	part, err := c.text(text)
	return func(m *maker, column int) {
		b := m.write(part)
		cl := &m.record.cells[column]
		cl.kind, cl.text = info.kind, b
	}, err
}

// write puts the text of a part into the record's arena.
func (m *maker) write(part writer) []byte {
	start := len(m.record.arena)
	m.record.arena = part(m, m.record.arena)
	return m.record.arena[start:len(m.record.arena):len(m.record.arena)]
}

func (c *compiler) list(text string) (func(*maker, int), error) {
	if words := strings.Fields(strings.Trim(text, "{}")); strings.HasPrefix(text, "{members ") && len(words) == 3 {
		least, errA := strconv.Atoi(words[1])
		most, errB := strconv.Atoi(words[2])
		if errA != nil || errB != nil {
			return nil, fmt.Errorf("%q: two numbers are wanted", text)
		}
		salt := c.nextSalt()
		return func(m *maker, column int) {
			m.record.list(column, m.tenant.someAliases(m.dice.of(salt), least, most))
		}, nil
	}
	var parts []writer
	for _, item := range split(text) {
		p, err := c.text(item)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return func(m *maker, column int) {
		var b [8]string
		list := b[:0]
		for _, p := range parts {
			if item := m.write(p); len(item) > 0 {
				list = append(list, string(item))
			}
		}
		m.record.list(column, list)
	}, nil
}

// items takes a list apart at its commas.
func items(text string) []string {
	list := split(text)
	for i := range list {
		list[i] = restore(list[i])
	}
	return list
}

// split takes a list apart at the commas that do not stand in braces.
func split(text string) []string {
	if text == "" {
		return nil
	}
	var list []string
	start, depth := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ',':
			if depth == 0 {
				list, start = append(list, text[start:i]), i+1
			}
		}
	}
	return append(list, text[start:])
}

// What has a backslash before it means itself: a brace begins no placeholder,
// a comma ends no item. Until a text is written these stand for them.
const (
	openBrace  = "\x01"
	closeBrace = "\x02"
	backslash  = "\x03"
	comma      = "\x04"
)

// escapes reads the backslashes of a line of a table.
func escapes(line string) string {
	if !strings.Contains(line, `\`) {
		return line
	}
	return strings.NewReplacer(`\\`, backslash, `\{`, openBrace, `\}`, closeBrace, `\,`, comma, `\r`, "\r", `\n`, "\n", `\t`, "\t").Replace(line)
}

// restore gives the text that is meant.
func restore(text string) string {
	return strings.NewReplacer(backslash, `\`, openBrace, "{", closeBrace, "}", comma, ",").Replace(text)
}
