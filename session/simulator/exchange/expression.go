package exchange

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"postroom/session/bytesize"
	"postroom/session/clixml"
)

// text reads a text with placeholders in braces. A placeholder that stands alone
// gives its value, and not only its text.
func (c *compiler) text(text string) (expr, error) {
	var parts []expr
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			var fixed any = restored.Replace(before) // boxed once
			parts = append(parts, func(*record) any { return fixed })
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
	return func(r *record) any {
		start := len(r.text) // behind the text that this one is a part of
		for _, p := range parts {
			part := display(p(r))
			r.text = append(r.text, part...)
		}
		whole := string(r.text[start:])
		r.text = r.text[:start]
		return whole
	}, nil
}

// placeholder reads what stands in braces; data/classes.txt lists the words.
//
//nolint:gocyclo // one table
func (c *compiler) placeholder(text string) (expr, error) {
	word, rest, _ := strings.Cut(text, " ")
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, fmt.Errorf("an empty placeholder")
	}
	if field, ok := strings.CutPrefix(word, "p."); ok {
		return personField(field, func(r *record) *person { return &r.person })
	}
	if field, ok := strings.CutPrefix(word, "t."); ok {
		return tenantField(field)
	}
	switch word {
	case "parent": // the value of a column of the row that this one belongs to
		if c.class.parent == nil {
			return nil, missing(false, word)
		}
		k, ok := c.class.parent.column(rest)
		return func(r *record) any { return r.parent(k) }, missing(ok, rest)
	case "someone": // a person of the tenant, the same one for a label in all columns of a row
		if len(words) != 3 {
			return nil, fmt.Errorf("%q: a label and a field are wanted", text)
		}
		salt := hash("someone " + words[1])
		return personField(words[2], func(r *record) *person { p := r.tenant.someone(r.dice.of(salt)); return &p })
	case "boss":
		return personField("name", func(r *record) *person {
			p := mailboxOwner(r.tenant, r.person.i/8*12%max(r.tenant.Counts["mailboxes"], 1))
			return &p
		})
	case "pick":
		return c.pick(strings.TrimSpace(rest))
	case "n":
		return c.random(words)
	case "guid":
		salt := hash(text)
		return func(r *record) any { return guid(r.dice.of(salt)) }, nil
	case "hex":
		salt := hash(text)
		return func(r *record) any {
			return strings.ToUpper(strings.ReplaceAll(guid(r.dice.of(salt)).String(), "-", ""))
		}, nil
	case "ip":
		salt := c.nextSalt()
		return func(r *record) any { return fmt.Sprintf("203.0.113.%d", 1+r.dice.of(salt).n(254)) }, nil
	case "subject":
		salt := c.nextSalt()
		return func(r *record) any { return r.tenant.subject(r.dice.of(salt)) }, nil
	case "i":
		return func(r *record) any { return fmt.Sprintf("%0*d", len(words), r.nth+1) }, nil
	case "json": // as it stands between the quotes of JSON
		inner, err := c.placeholder(strings.TrimSpace(rest))
		return func(r *record) any {
			quoted, _ := json.Marshal(display(inner(r))) // a text always can be
			return string(quoted[1 : len(quoted)-1])
		}, err
	case "ascii":
		inner, err := c.placeholder(strings.TrimSpace(rest))
		return func(r *record) any { return plainASCII(display(inner(r))) }, err
	}
	k, ok := c.class.column(text)
	return func(r *record) any { return r.cell(k) }, missing(ok, text)
}

func missing(found bool, name string) error {
	if found {
		return nil
	}
	return fmt.Errorf("{%s} is neither a word nor a column", name)
}

// pick is one word of a list: of the tables, of the tenant's names, or one that
// stands here.
func (c *compiler) pick(name string) (expr, error) {
	salt := c.nextSalt()
	list := c.tables.lists[name]
	switch {
	case list != nil:
	case name == "cities", name == "departments", name == "titles":
		return func(r *record) any { return pick(r.dice.of(salt), r.tenant.names.Lists[name]) }, nil
	case strings.Contains(name, ","):
		for _, item := range items(name) {
			list = append(list, strings.TrimSpace(item))
		}
	default:
		return nil, fmt.Errorf("pick: there is no list %q", name)
	}
	return func(r *record) any { return pick(r.dice.of(salt), list) }, nil
}

// random is "n least greatest".
func (c *compiler) random(words []string) (expr, error) {
	if len(words) != 3 {
		return nil, fmt.Errorf("%q: two numbers are wanted", strings.Join(words, " "))
	}
	least, okA := bytesize.Parse(words[1])
	most, okB := bytesize.Parse(words[2])
	if !okA || !okB || most < least {
		return nil, fmt.Errorf("%q: two numbers are wanted, the smaller first", strings.Join(words, " "))
	}
	salt := c.nextSalt()
	return func(r *record) any { return int64(least) + int64(r.dice.of(salt).n(int(most-least+1))) }, nil
}

// number reads numbers and placeholders with + - * / between them, worked out
// from left to right.
func (c *compiler) number(text string) (func(*record) int64, error) {
	type step struct {
		operator byte
		operand  func(*record) int64
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
	return func(r *record) int64 {
		var n int64
		for _, s := range steps {
			v := s.operand(r)
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

func (c *compiler) operand(word string) (func(*record) int64, error) {
	inner, placeholder := strings.CutPrefix(word, "{")
	switch {
	case !placeholder:
		n, ok := bytesize.Parse(word)
		return func(*record) int64 { return int64(n) }, missing(ok, word)
	case inner == "i}":
		return func(r *record) int64 { return int64(r.nth) }, nil
	}
	e, err := c.placeholder(strings.TrimSuffix(inner, "}"))
	return func(r *record) int64 { return int64(number(e(r))) }, err
}

// moment is a time in ticks; false when what it is counted from is null.
type moment func(r *record) (int64, bool)

// moment reads a time: epoch, created, changed, {Column}, a date, "ago 1h 30d"
// (some time between), or "spread 10d" (the rows evenly over so long before the
// epoch, the newest first); then perhaps + or - and a duration.
func (c *compiler) moment(text string) (moment, error) {
	base, rest, err := c.base(text)
	words := strings.Fields(rest)
	if err != nil || len(words) == 0 {
		return base, err
	}
	sign := map[string]int64{"+": 1, "-": -1}[words[0]]
	if sign == 0 || len(words) == 1 {
		return nil, fmt.Errorf("time %q cannot be read", text)
	}
	amount := strings.Join(words[1:], " ")
	n, unit := func(*record) int64 { return 1 }, int64(0)
	if d, ok := duration(amount); ok {
		unit = d
	} else if n, err = c.number(strings.TrimRight(amount, "smhd")); err == nil {
		unit, ok = duration("1" + amount[len(amount)-1:])
		err = missing(ok, amount)
	}
	return func(r *record) (int64, bool) {
		ticks, ok := base(r)
		return ticks + sign*n(r)*unit, ok
	}, err
}

// base reads where a time counts from, and gives what stands behind it.
func (c *compiler) base(text string) (at moment, rest string, err error) {
	if inner, ok := strings.CutPrefix(text, "{"); ok {
		inner, rest, _ = strings.Cut(inner, "}")
		e, err := c.placeholder(inner)
		return func(r *record) (int64, bool) {
			t, ok := e(r).(clixml.DateTime)
			return t.Ticks, ok
		}, rest, err
	}
	word, rest, _ := strings.Cut(text, " ")
	words := strings.Fields(rest)
	var ticks func(r *record) int64
	ok := true
	switch word {
	case "epoch":
		ticks = func(r *record) int64 { return r.tenant.epoch }
	case "created":
		ticks = func(r *record) int64 { return r.person.created }
	case "changed":
		ticks = func(r *record) int64 { return r.person.changed }
	case "spread":
		var length int64
		length, ok = duration(rest)
		salt := c.nextSalt()
		rest = ""
		ticks = func(r *record) int64 {
			spacing := max(length/int64(max(r.shape.rows(r.tenant), 1)), 1)
			return r.tenant.epoch - int64(r.nth+1)*spacing + int64(r.dice.of(salt).n(int(spacing)))
		}
	case "ago":
		if len(words) < 2 {
			return nil, "", missing(false, text)
		}
		from, okA := duration(words[0])
		to, okB := duration(words[1])
		ok, rest = okA && okB, strings.Join(words[2:], " ")
		salt := c.nextSalt()
		seconds := max((to-from)/ticksPerSecond, 1)
		ticks = func(r *record) int64 {
			return r.tenant.epoch - from - int64(r.dice.of(salt).n(int(seconds)))*ticksPerSecond
		}
	default:
		var t time.Time
		t, ok = parseTime(word)
		ticks = func(*record) int64 { return ticksOf(t) }
	}
	return func(r *record) (int64, bool) { return ticks(r), true }, rest, missing(ok, text)
}

// duration reads 30d, 2h, 10m, 5s, as ticks.
func duration(text string) (int64, bool) {
	if text == "" {
		return 0, false
	}
	n, days := strings.CutSuffix(text, "d")
	if days {
		text = n + "h"
	}
	d, err := time.ParseDuration(text)
	if days {
		d *= 24
	}
	return int64(d) / 100, err == nil
}

// personField is a field of a person.
func personField(field string, of func(*record) *person) (expr, error) {
	read, ok := map[string]func(p *person) string{
		"name":    (*person).name,
		"alias":   func(p *person) string { return p.alias },
		"display": func(p *person) string { return p.display },
		"first":   func(p *person) string { return p.first },
		"last":    func(p *person) string { return p.last },
		"kind":    func(p *person) string { return p.kind },
		"city":    func(p *person) string { return p.city },
		"number":  func(p *person) string { return itoa(p.i) },
		"address": func(p *person) string { return p.alias + "@" + p.domain },
	}[field]
	return func(r *record) any { return read(of(r)) }, missing(ok, field)
}

// tenantField is a field of the tenant.
func tenantField(field string) (expr, error) {
	if field == "other" { // a domain beside the default and the first one
		return func(r *record) any { return r.tenant.Domains[1+r.nth] }, nil
	}
	read, ok := map[string]func(t *Tenant) string{
		"name":     func(t *Tenant) string { return t.Name },
		"domain":   func(t *Tenant) string { return t.Domain },
		"initial":  func(t *Tenant) string { return t.initial },
		"label":    (*Tenant).label,
		"country":  func(t *Tenant) string { return t.Country },
		"language": func(t *Tenant) string { return t.Language },
		"server":   func(t *Tenant) string { return t.server },
		"id":       func(t *Tenant) string { return t.ID },
		"city":     func(t *Tenant) string { return t.names.Lists["cities"][0] },
	}[field]
	return func(r *record) any { return read(r.tenant) }, missing(ok, field)
}
