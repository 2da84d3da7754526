package exchange

import (
	"fmt"
	"strconv"
	"strings"

	"postroom/session/clixml"
)

// expr computes a value of a row. It is made of a program: a text of the tables
// (data/classes.txt, whose first lines say how).
type expr func(r *record) any

// compiler turns the text of a column's program into an expression.
type compiler struct {
	tables *tables
	class  *class
	column columnInfo
	salt   uint64 // makes each random choice of a class its own
}

// compile reads the alternatives, of which the first one whose conditions hold
// is taken.
func (c *compiler) compile(text string) (expr, error) {
	type alternative struct {
		tests []func(*record) bool
		value expr
	}
	var all []alternative
	if strings.HasSuffix(text, " |") {
		text += " " // else nothing, at the end of a line
	}
	for part := range strings.SplitSeq(text, " | ") {
		var a alternative
		if tests, rest, ok := strings.Cut(part+" ", " ? "); ok {
			part = strings.TrimSuffix(rest, " ")
			for t := range strings.SplitSeq(tests, " & ") {
				test, err := c.test(t)
				if err != nil {
					return nil, err
				}
				a.tests = append(a.tests, test)
			}
		}
		var err error
		if a.value, err = c.value(part); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	if len(all) == 1 && len(all[0].tests) == 0 {
		return all[0].value, nil
	}
	return func(r *record) any {
		for _, a := range all {
			if holds(a.tests, r) {
				return a.value(r)
			}
		}
		return nil
	}, nil
}

func holds[T any](tests []func(T) bool, of T) bool {
	for _, t := range tests {
		if !t(of) {
			return false
		}
	}
	return true
}

// test reads a condition: a/b (so many times in so many), added, @Kind,
// {Column}, {Column}=text, and the opposite of each with an exclamation mark.
func (c *compiler) test(text string) (func(*record) bool, error) {
	if rest, not := strings.CutPrefix(text, "!"); not {
		t, err := c.test(rest)
		return func(r *record) bool { return !t(r) }, err
	}
	switch {
	case text == "added":
		return func(r *record) bool { return r.added }, nil
	case strings.HasPrefix(text, "#"):
		nth, err := strconv.Atoi(text[1:])
		return func(r *record) bool { return r.nth == nth }, err
	case strings.HasPrefix(text, "serves "):
		return func(r *record) bool { return strings.Contains(r.tenant.Services, text[7:]) }, nil
	case strings.HasPrefix(text, "@"):
		return func(r *record) bool { return r.person.kind == text[1:] }, nil
	case strings.HasPrefix(text, "{"):
		name, rest, _ := strings.Cut(text[1:], "}")
		k, ok := c.class.column(name)
		if want, compare := strings.CutPrefix(rest, "="); compare {
			return func(r *record) bool { return strings.EqualFold(display(r.cell(k)), want) }, missing(ok, name)
		}
		return func(r *record) bool { return display(r.cell(k)) != "" }, missing(ok, name)
	}
	some, of, ok := strings.Cut(text, "/")
	a, errA := strconv.Atoi(some)
	b, errB := strconv.Atoi(of)
	if !ok || errA != nil || errB != nil || b < 1 {
		return nil, fmt.Errorf("condition %q cannot be read", text)
	}
	salt := c.nextSalt()
	return func(r *record) bool { return r.dice.of(salt).n(b) < a }, nil
}

func (c *compiler) nextSalt() uint64 {
	c.salt++
	return hash(c.class.name+"."+c.column.name) + c.salt
}

// value reads what an alternative gives, by the kind of the column.
func (c *compiler) value(text string) (expr, error) {
	info := c.column
	size, isSize := strings.CutPrefix(text, "size ")
	switch {
	case text == "null":
		return func(*record) any { return nil }, nil
	case info.kind >= kindInt32 && info.kind <= kindUint32, info.kind == kindSize && text != "Unlimited":
		n, err := c.number(text)
		return func(r *record) any { return ofNumber(info.kind, n(r)) }, err
	case info.kind == kindTime:
		moment, err := c.moment(text)
		return func(r *record) any {
			if ticks, ok := moment(r); ok {
				return clixml.DateTime{Ticks: ticks, Kind: info.clock}
			}
			return nil
		}, err
	case info.kind == kindList:
		return c.list(text)
	case isSize: // a size as text
		n, err := c.number(size)
		return func(r *record) any { return sizeText(n(r)) }, err
	}
	e, err := c.text(text)
	if err != nil || strings.Contains(text, "{") {
		return func(r *record) any { return info.convert(e(r)) }, err
	}
	constant, err := info.value(restored.Replace(text))
	return func(*record) any { return constant }, err
}

// convert is value for what a program gives: a text that is none of the kind is
// left as it is, and of bool all but true is false.
func (info columnInfo) convert(v any) any {
	if info.kind == kindBool {
		return strings.EqualFold(display(v), "true")
	}
	converted, err := info.value(v)
	if err != nil {
		return v
	}
	return converted
}

func (c *compiler) list(text string) (expr, error) {
	if words := strings.Fields(strings.Trim(text, "{}")); strings.HasPrefix(text, "{members ") && len(words) == 3 {
		least, most, err := span(words[1] + ".." + words[2])
		salt := c.nextSalt()
		return func(r *record) any { return r.tenant.someAliases(r.dice.of(salt), least, most) }, err
	}
	var parts []expr
	for _, item := range split(text) {
		p, err := c.text(item)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	list := func(r *record) any {
		list := make([]string, 0, len(parts))
		for _, p := range parts {
			if item := display(p(r)); item != "" {
				list = append(list, item)
			}
		}
		return list
	}
	if !strings.Contains(text, "{") { // the same for every row
		constant := list(nil)
		return func(*record) any { return constant }, nil
	}
	return list, nil
}

// items takes a list apart at its commas.
func items(text string) []string {
	list := split(text)
	for i := range list {
		list[i] = restored.Replace(list[i])
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

// escapes reads the backslashes of a line of a table; restored gives the text that
// is meant.
var (
	escapes  = strings.NewReplacer(`\\`, backslash, `\{`, openBrace, `\}`, closeBrace, `\,`, comma, `\r`, "\r", `\n`, "\n", `\t`, "\t")
	restored = strings.NewReplacer(backslash, `\`, openBrace, "{", closeBrace, "}", comma, ",")
)
