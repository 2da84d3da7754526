package exchange

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"postroom/session/bytesize"
)

// writer appends what a placeholder stands for.
type writer func(m *maker, dst []byte) []byte

// text reads a text with placeholders in braces.
func (c *compiler) text(text string) (writer, error) {
	var parts []writer
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			fixed := restore(before)
			parts = append(parts, func(_ *maker, dst []byte) []byte { return append(dst, fixed...) })
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, fmt.Errorf("%q has no end", "{"+rest)
		}
		p, err := c.placeholder(inner)
		if err != nil {
			return nil, err
		}
		parts, text = append(parts, p), after
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return func(m *maker, dst []byte) []byte {
		for _, p := range parts {
			dst = p(m, dst)
		}
		return dst
	}, nil
}

// placeholder reads what stands in braces; data/classes.txt lists the words.
func (c *compiler) placeholder(text string) (writer, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, fmt.Errorf("an empty placeholder")
	}
	if field, ok := strings.CutPrefix(words[0], "p."); ok {
		return personField(field, func(m *maker) person { return m.person })
	}
	if field, ok := strings.CutPrefix(words[0], "t."); ok {
		return tenantField(field)
	}
	if words[0] == "parent" {
		return c.ofParent(strings.TrimSpace(text[6:]))
	}
	switch words[0] {
	case "someone":
		return c.someone(words)
	case "boss":
		return personField("name", func(m *maker) person {
			return mailboxOwner(m.tenant, m.person.i/8*12%max(m.tenant.mailboxes, 1))
		})
	case "pick":
		return c.pick(strings.TrimSpace(text[4:]))
	case "n":
		n, err := c.random(words)
		return func(m *maker, dst []byte) []byte { return strconv.AppendInt(dst, n(m), 10) }, err
	case "guid":
		salt := hash(strings.Join(words, " "))
		return func(m *maker, dst []byte) []byte { return appendGUID(dst, m.dice.of(salt)) }, nil
	case "hex":
		salt := hash(strings.Join(words, " "))
		return func(m *maker, dst []byte) []byte {
			return append(dst, strings.ToUpper(strings.ReplaceAll(guidText(m.dice.of(salt)), "-", ""))...)
		}, nil
	case "ip":
		salt := c.nextSalt()
		return func(m *maker, dst []byte) []byte {
			return strconv.AppendInt(append(dst, "203.0.113."...), int64(1+m.dice.of(salt).n(254)), 10)
		}, nil
	case "subject":
		salt := c.nextSalt()
		return func(m *maker, dst []byte) []byte { return append(dst, m.tenant.subject(m.dice.of(salt))...) }, nil
	case "i":
		return func(m *maker, dst []byte) []byte { return appendPadded(dst, m.nth+1, len(words)) }, nil
	case "json":
		inner, err := c.placeholder(strings.TrimSpace(strings.TrimPrefix(text, "json")))
		return func(m *maker, dst []byte) []byte { return appendWithinJSON(dst, string(inner(m, nil))) }, err
	case "ascii":
		k, ok := c.read(words[len(words)-1])
		return func(m *maker, dst []byte) []byte { return append(dst, plainASCII(m.record.cells[k].display())...) }, missing(ok, text)
	}
	k, ok := c.read(text)
	return func(m *maker, dst []byte) []byte { return m.record.cells[k].appendDisplay(dst) }, missing(ok, text)
}

// appendWithinJSON writes a text as it stands between the quotes of JSON.
func appendWithinJSON(dst []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // a text always can be
	return append(dst, quoted[1:len(quoted)-1]...)
}

func missing(found bool, name string) error {
	if found {
		return nil
	}
	return fmt.Errorf("{%s} is neither a word nor a column", name)
}

// read notes that the value is made of a column.
func (c *compiler) read(name string) (int, bool) {
	k, ok := c.class.column(name)
	if ok {
		c.reads = append(c.reads, k)
	}
	return k, ok
}

// appendPadded writes a number of at least so many digits.
func appendPadded(dst []byte, n, width int) []byte {
	return append(dst, fmt.Sprintf("%0*d", width, n)...)
}

// someone is "someone LABEL field": a person of the tenant, the same one for a
// label in all columns of a row.
func (c *compiler) someone(words []string) (writer, error) {
	if len(words) != 3 {
		return nil, fmt.Errorf("%q: a label and a field are wanted", strings.Join(words, " "))
	}
	salt := hash("someone " + words[1])
	return personField(words[2], func(m *maker) person { return m.tenant.someone(m.dice.of(salt)) })
}

func (c *compiler) pick(name string) (writer, error) {
	salt := c.nextSalt()
	if list := c.tables.lists[name]; list != nil {
		return func(m *maker, dst []byte) []byte { return append(dst, pick(m.dice.of(salt), list)...) }, nil
	}
	var of func(n *names) []string
	switch name {
	case "cities":
		of = func(n *names) []string { return n.cities }
	case "departments":
		of = func(n *names) []string { return n.departments }
	case "titles":
		of = func(n *names) []string { return n.titles }
	default:
		if !strings.Contains(name, ",") {
			return nil, fmt.Errorf("pick: there is no list %q", name)
		}
		list := items(name)
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
		return func(m *maker, dst []byte) []byte { return append(dst, pick(m.dice.of(salt), list)...) }, nil
	}
	return func(m *maker, dst []byte) []byte { return append(dst, pick(m.dice.of(salt), of(m.tenant.names))...) }, nil
}

// ofParent is the text of a column of the row that this one belongs to.
func (c *compiler) ofParent(name string) (writer, error) {
	if c.class.parent == nil {
		return nil, fmt.Errorf("class %s has no parent", c.class.name)
	}
	return func(m *maker, dst []byte) []byte {
		k, _ := m.class.parent.column(name)
		return append(dst, m.tenant.table(m.class.parent).text(m.owner, k)...)
	}, nil
}

// random is "n least greatest".
func (c *compiler) random(words []string) (func(*maker) int64, error) {
	if len(words) != 3 {
		return nil, fmt.Errorf("%q: two numbers are wanted", strings.Join(words, " "))
	}
	least, okA := bytesize.Parse(words[1])
	most, okB := bytesize.Parse(words[2])
	if !okA || !okB || most < least {
		return nil, fmt.Errorf("%q: two numbers are wanted, the smaller first", strings.Join(words, " "))
	}
	salt := c.nextSalt()
	return func(m *maker) int64 { return int64(least) + int64(m.dice.of(salt).n(int(most-least+1))) }, nil
}

// number reads numbers and placeholders with + - * / between them, worked out
// from left to right.
func (c *compiler) number(text string) (func(*maker) int64, error) {
	type step struct {
		operator byte
		operand  func(*maker) int64
	}
	var steps []step
	operator := byte('+')
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		var word string
		if text[0] == '{' {
			end := strings.IndexByte(text, '}')
			if end < 0 {
				return nil, fmt.Errorf("%q has no end", text)
			}
			word, text = text[:end+1], text[end+1:]
		} else {
			word, text, _ = strings.Cut(text, " ")
		}
		if len(word) == 1 && strings.Contains("+-*/", word) {
			operator = word[0]
			continue
		}
		operand, err := c.operand(word)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step{operator, operand})
	}
	return func(m *maker) int64 {
		var n int64
		for _, s := range steps {
			v := s.operand(m)
			switch s.operator {
			case '+':
				n += v
			case '-':
				n -= v
			case '*':
				n *= v
			case '/':
				n /= max(v, 1)
			}
		}
		return n
	}, nil
}

func (c *compiler) operand(word string) (func(*maker) int64, error) {
	inner, placeholder := strings.CutPrefix(word, "{")
	if !placeholder {
		n, ok := bytesize.Parse(word)
		return func(*maker) int64 { return int64(n) }, missing(ok, word)
	}
	inner = strings.TrimSuffix(inner, "}")
	switch words := strings.Fields(inner); words[0] {
	case "n":
		return c.random(words)
	case "i":
		return func(m *maker) int64 { return int64(m.nth) }, nil
	}
	k, ok := c.read(inner)
	return func(m *maker) int64 { return m.record.cells[k].number }, missing(ok, inner)
}

// moment reads a time: epoch, created, changed, {Column}, a date, "ago 1h 30d"
// (some time between), or "spread 10d" (the rows evenly over so long before the
// epoch, the newest first); then perhaps + or - and a duration.
func (c *compiler) moment(text string) (func(*maker) int64, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, fmt.Errorf("no time")
	}
	base, used, err := c.base(words)
	if err != nil || len(words) == used {
		return base, err
	}
	sign := map[string]int64{"+": 1, "-": -1}[words[used]]
	rest := strings.Join(words[used+1:], " ")
	if sign == 0 || rest == "" {
		return nil, fmt.Errorf("time %q cannot be read", text)
	}
	if d, ok := duration(rest); ok {
		return func(m *maker) int64 { return base(m) + sign*d }, nil
	}
	n, err := c.number(strings.TrimRight(rest, "smhd"))
	unit, ok := duration("1" + rest[len(rest)-1:])
	if err != nil || !ok {
		return nil, fmt.Errorf("time %q cannot be read", text)
	}
	return func(m *maker) int64 { return base(m) + sign*n(m)*unit }, nil
}

// base reads where a time counts from, and says how many words that took.
func (c *compiler) base(words []string) (func(*maker) int64, int, error) {
	switch words[0] {
	case "epoch":
		return func(m *maker) int64 { return m.tenant.epoch }, 1, nil
	case "created":
		return func(m *maker) int64 { return m.person.created }, 1, nil
	case "changed":
		return func(m *maker) int64 { return m.person.changed }, 1, nil
	case "spread":
		length, ok := duration(words[len(words)-1])
		salt := c.nextSalt()
		return func(m *maker) int64 {
			spacing := max(length/int64(max(m.shape.rows(m.tenant), 1)), 1)
			return m.tenant.epoch - int64(m.nth+1)*spacing + int64(m.dice.of(salt).n(int(spacing)))
		}, 2, missing(ok && len(words) == 2, strings.Join(words, " "))
	case "ago":
		if len(words) < 3 {
			break
		}
		from, okA := duration(words[1])
		to, okB := duration(words[2])
		salt := c.nextSalt()
		seconds := max((to-from)/ticksPerSecond, 1)
		return func(m *maker) int64 {
			return m.tenant.epoch - from - int64(m.dice.of(salt).n(int(seconds)))*ticksPerSecond
		}, 3, missing(okA && okB, strings.Join(words, " "))
	}
	if words[0] == "{parent" && len(words) == 2 {
		name := strings.TrimSuffix(words[1], "}")
		return func(m *maker) int64 {
			var r record
			k, _ := m.class.parent.column(name)
			parent := m.tenant.table(m.class.parent)
			parent.load(parent.state.Load(), m.owner, &r, []int{k})
			return r.cells[k].number
		}, 2, missing(c.class.parent != nil, "parent")
	}
	if name, ok := strings.CutPrefix(words[0], "{"); ok {
		k, found := c.read(strings.TrimSuffix(name, "}"))
		return func(m *maker) int64 { return m.record.cells[k].number }, 1, missing(found, name)
	}
	t, ok := parseTime(words[0])
	ticks := ticksOf(t)
	return func(*maker) int64 { return ticks }, 1, missing(ok, words[0])
}

// duration reads 30d, 2h, 10m, 5s, as ticks.
func duration(text string) (int64, bool) {
	if text == "" {
		return 0, false
	}
	unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[text[len(text)-1]]
	n, err := strconv.ParseInt(text[:len(text)-1], 10, 64)
	return n * int64(unit) / 100, err == nil && unit > 0
}

// personField writes a field of a person.
func personField(field string, of func(*maker) person) (writer, error) {
	fields := map[string]func(p *person, dst []byte) []byte{
		"name":    func(p *person, dst []byte) []byte { return append(dst, p.name()...) },
		"alias":   func(p *person, dst []byte) []byte { return append(dst, p.alias...) },
		"display": func(p *person, dst []byte) []byte { return append(dst, p.display...) },
		"first":   func(p *person, dst []byte) []byte { return append(dst, p.first...) },
		"last":    func(p *person, dst []byte) []byte { return append(dst, p.last...) },
		"kind":    func(p *person, dst []byte) []byte { return append(dst, p.kind...) },
		"city":    func(p *person, dst []byte) []byte { return append(dst, p.city...) },
		"number":  func(p *person, dst []byte) []byte { return strconv.AppendInt(dst, int64(p.i), 10) },
		"address": func(p *person, dst []byte) []byte { return append(append(append(dst, p.alias...), '@'), p.domain...) },
	}
	write, ok := fields[field]
	return func(m *maker, dst []byte) []byte {
		p := of(m)
		return write(&p, dst)
	}, missing(ok, field)
}

// tenantField writes a field of the tenant.
func tenantField(field string) (writer, error) {
	fields := map[string]func(t *Tenant) string{
		"name":     func(t *Tenant) string { return t.Name },
		"domain":   func(t *Tenant) string { return t.Domain },
		"initial":  func(t *Tenant) string { return t.initial },
		"label":    func(t *Tenant) string { return strings.Split(t.Domain, ".")[0] },
		"country":  func(t *Tenant) string { return t.country },
		"language": func(t *Tenant) string { return t.language },
		"server":   func(t *Tenant) string { return t.server },
		"id":       func(t *Tenant) string { return t.ID },
		"city":     func(t *Tenant) string { return t.names.cities[0] },
	}
	if field == "other" { // a domain beside the default and the first one
		return func(m *maker, dst []byte) []byte { return append(dst, m.tenant.domains[1+m.nth]...) }, nil
	}
	read, ok := fields[field]
	return func(m *maker, dst []byte) []byte { return append(dst, read(m.tenant)...) }, missing(ok, field)
}
