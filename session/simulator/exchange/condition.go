package exchange

import (
	"fmt"
	"slices"
	"strings"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// condition keeps the rows that a parameter asks for.
type condition struct {
	parameter, column string
	how               comparisonKind
	value             string // of whenOn
}

// comparisonKind is how a parameter's value is held against a column.
type comparisonKind uint8

const (
	matches   comparisonKind = iota // equals one of the values; * and ? allowed
	notBefore                       // a time
	notAfter
	startsWith // Anr: any of the names begins with it
	contains   // a text within
	whenOn     // a switch: the column has the value
	nothing    // a switch of which there are no such rows
	anything   // the parameter does not select
)

// conditionsOf reads the words of "where", and adds a condition for each
// parameter that is called as a column is, and for the period of rows with a Date.
func conditionsOf(d *definition, s *settings) ([]condition, error) {
	var list []condition
	said := map[string]bool{}
	for _, w := range s.words["where"] {
		c, err := readCondition(w)
		if err != nil {
			return nil, err
		}
		list, said[strings.ToLower(c.parameter)] = append(list, c), true
	}
	by := strings.Join(s.words["by"], " ")
	for _, p := range d.parameters {
		name := p.Name
		if said[strings.ToLower(name)] || p.technical && name != "Server" || strings.HasPrefix(by, name) || name == "Page" || name == "PageSize" {
			continue
		}
		how, period := map[string]comparisonKind{"StartDate": notBefore, "EndDate": notAfter}[name]
		if period && slices.ContainsFunc(d.classes, func(c *class) bool { _, dated := c.column("Date"); return dated }) {
			list = append(list, condition{parameter: name, column: "Date", how: how})
			continue
		}
		if p.code != "switch" && slices.ContainsFunc(d.classes, func(c *class) bool { _, ok := c.column(name); return ok }) {
			list = append(list, condition{parameter: name, column: name})
		}
	}
	return list, nil
}

// readCondition reads PARAMETER and COLUMN with an operator between them: =
// equal, ~ a beginning, * within, >= and <= for times, ?COLUMN=VALUE when the
// switch is on, ?none when there are no such rows.
func readCondition(text string) (condition, error) {
	for _, o := range []struct {
		operator string
		how      comparisonKind
	}{{">=", notBefore}, {"<=", notAfter}, {"?none", nothing}, {"?any", anything}, {"?", whenOn}, {"~", startsWith}, {"*", contains}, {"=", matches}} {
		parameter, column, ok := strings.Cut(text, o.operator)
		if !ok {
			continue
		}
		c := condition{parameter: parameter, column: column, how: o.how}
		if o.how == whenOn {
			c.column, c.value, _ = strings.Cut(column, "=")
		}
		return c, nil
	}
	return condition{}, fmt.Errorf("condition %q cannot be read", text)
}

// test decides whether a row is wanted.
type test = func(r *record) bool

func (c condition) test(x *execution, k int) test {
	switch c.how {
	case nothing:
		off := !x.args.on(c.parameter)
		return func(*record) bool { return off }
	case whenOn:
		if !x.args.on(c.parameter) {
			return func(*record) bool { return true }
		}
		return func(r *record) bool { return strings.EqualFold(display(r.cell(k)), c.value) }
	case notBefore, notAfter:
		return c.timeTest(x, k)
	case startsWith:
		w := cmdlet.NewWildcard(x.args.text(c.parameter) + "*")
		within := cmdlet.NewWildcard("* " + x.args.text(c.parameter) + "*")
		return func(r *record) bool {
			text := display(r.cell(k))
			return w.Match(text) || within.Match(text)
		}
	}
	if want, ok := x.args[strings.ToLower(c.parameter)].(bool); ok {
		return func(r *record) bool { return (r.cell(k) == true) == want }
	}
	var wanted []cmdlet.Wildcard
	for _, text := range x.args.list(c.parameter) {
		if c.how == contains {
			text = "*" + text + "*"
		}
		wanted = append(wanted, cmdlet.NewWildcard(text))
	}
	return func(r *record) bool { return meets(r.cell(k), wanted) }
}

func (c condition) timeTest(x *execution, k int) test {
	bound, _ := x.args.time(c.parameter)
	ticks := ticksOf(bound)
	return func(r *record) bool {
		t, ok := r.cell(k).(clixml.DateTime)
		return ok && (c.how == notBefore && t.Ticks >= ticks || c.how == notAfter && t.Ticks <= ticks)
	}
}

// meets says that the cell, or one of its items, fits one of the patterns.
func meets(v any, wanted []cmdlet.Wildcard) bool {
	list, ok := v.([]string)
	if !ok {
		list = []string{display(v)}
	}
	return slices.ContainsFunc(list, func(item string) bool {
		return slices.ContainsFunc(wanted, func(w cmdlet.Wildcard) bool { return w.Match(item) })
	})
}
