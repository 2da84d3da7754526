package report

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// moments are the times of a run: now, and the start of today where the person is.
type moments struct{ now, today time.Time }

func momentsAt(now time.Time) moments {
	now = now.Truncate(time.Second) // as (Get-Date) has it in a line
	year, month, day := now.Date()
	return moments{now: now, today: time.Date(year, month, day, 0, 0, 0, 0, now.Location())}
}

// constant is a literal.
type constant struct{ value value }

func (c constant) eval(scope) value    { return c.value }
func (c constant) visit(fn func(node)) { fn(c) }
func (p property) eval(s scope) value  { return s.property(string(p)) }
func (p property) visit(fn func(node)) { fn(p) }
func (n negation) eval(s scope) value  { return !truth(n.of.eval(s)) }
func (n negation) visit(fn func(node)) { fn(n); n.of.visit(fn) }
func (b binary) visit(fn func(node))   { fn(b); b.left.visit(fn); b.right.visit(fn) }

// property is a property of the row, by its name.
type property string

// negation turns a condition round.
type negation struct{ of node }

// listing is several values.
type listing []node

func (l listing) eval(s scope) value {
	list := make([]string, 0, len(l))
	room := mostComputed
	for _, part := range l {
		for _, item := range items(part.eval(s)) {
			if room -= len(item) + 1; room < 0 {
				return nil
			}
			list = append(list, item)
		}
	}
	return list
}

func (l listing) visit(fn func(node)) {
	fn(l)
	for _, part := range l {
		part.visit(fn)
	}
}

// call is a function with its arguments.
type call struct {
	function  function
	arguments []node
}

func (c call) eval(s scope) value { return c.function.eval(s, c.arguments) }

func (c call) visit(fn func(node)) {
	fn(c)
	for _, a := range c.arguments {
		a.visit(fn)
	}
}

// binary is an operator between two values.
type binary struct {
	op          string
	left, right node
}

func (b binary) eval(s scope) value {
	switch b.op {
	case "and":
		return truth(b.left.eval(s)) && truth(b.right.eval(s))
	case "or":
		return truth(b.left.eval(s)) || truth(b.right.eval(s))
	}
	left, right := b.left.eval(s), b.right.eval(s)
	switch b.op {
	case "has":
		return contains(left, right)
	case "in":
		return among([]string{text(left)}, items(right))
	case "begins":
		return anyItem(left, right, strings.HasPrefix)
	case "ends":
		return anyItem(left, right, strings.HasSuffix)
	case "=":
		return equal(left, right)
	case "!=":
		return !equal(left, right)
	case "<", "<=", ">", ">=":
		return ordered(b.op, left, right)
	}
	return compute(b.op, left, right)
}

// contains says that a list has an item, or a text another within it.
func contains(left, right value) bool {
	if list, ok := left.([]string); ok {
		return among(items(right), list)
	}
	return anyItem(left, right, strings.Contains)
}

// mostComputed bounds what an expression computes: a text or a list of more
// characters has no value. mostCompared is how many pairs of items it compares.
const (
	mostComputed = 1 << 20
	mostCompared = 1 << 22
)

// bounded is a text that an expression made, nothing where it is too long.
func bounded(s string) value {
	if len(s) > mostComputed {
		return nil
	}
	return s
}

// among says that one of the texts is in the list, letter case aside.
func among(texts, list []string) bool {
	if len(texts) == 1 || len(list) == 1 {
		return slices.ContainsFunc(texts, func(text string) bool {
			return slices.ContainsFunc(list, func(item string) bool { return strings.EqualFold(item, text) })
		})
	}
	known := make(map[string]bool, len(list))
	for _, item := range list {
		known[strings.ToLower(item)] = true
	}
	return slices.ContainsFunc(texts, func(text string) bool { return known[strings.ToLower(text)] })
}

// anyItem says that one of left's items stands so to one of right's.
func anyItem(left, right value, holds func(text, part string) bool) bool {
	texts, parts := items(left), items(right)
	if len(texts)*len(parts) > mostCompared {
		return false
	}
	return slices.ContainsFunc(texts, func(item string) bool {
		return slices.ContainsFunc(parts, func(part string) bool {
			return part != "" && holds(strings.ToLower(item), strings.ToLower(part))
		})
	})
}

// equal compares by kind: what reads as numbers or times by value, a list by
// any of its items, texts with letter case aside. Nothing equals nothing.
func equal(left, right value) bool {
	if empty(left) || empty(right) {
		return empty(left) && empty(right)
	}
	if b, ok := right.(bool); ok {
		return truth(left) == b
	}
	if c, ok := order(left, right); ok {
		return c == 0
	}
	return slices.ContainsFunc(items(left), func(item string) bool { return strings.EqualFold(item, text(right)) })
}

// order compares what can be compared.
func order(left, right value) (c int, ok bool) {
	if a, isTime := left.(time.Time); isTime {
		b, ok := moment(right)
		return a.Compare(b), ok
	}
	if b, isTime := right.(time.Time); isTime {
		a, ok := moment(left)
		return a.Compare(b), ok
	}
	a, okA := number(left)
	b, okB := number(right)
	if okA && okB {
		return cmp.Compare(a, b), true
	}
	if a, ok := sizeOf(left); ok {
		if b, ok := sizeOf(right); ok {
			return cmp.Compare(a, b), true
		}
	}
	return 0, false
}

func ordered(op string, left, right value) value {
	if empty(left) || empty(right) {
		return nil
	}
	c, ok := order(left, right)
	if !ok {
		c = strings.Compare(strings.ToLower(text(left)), strings.ToLower(text(right)))
	}
	switch op {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}

// compute adds, subtracts, multiplies and divides.
func compute(op string, left, right value) value {
	if v, ok := withTimes(op, left, right); ok {
		return v
	}
	a, okA := number(left)
	b, okB := number(right)
	if !okA || !okB {
		if op == "+" && !empty(left) && !empty(right) {
			return bounded(text(left) + text(right))
		}
		return nil
	}
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	}
	if b == 0 {
		return nil
	}
	return a / b
}

// withTimes computes with points in time and lengths of time.
func withTimes(op string, left, right value) (v value, ok bool) {
	at, isTime := left.(time.Time)
	span, isSpan := right.(time.Duration)
	other, bothTimes := right.(time.Time)
	switch {
	case isTime && isSpan && op == "+":
		return at.Add(span), true
	case isTime && isSpan && op == "-":
		return at.Add(-span), true
	case isTime && bothTimes && op == "-":
		return at.Sub(other), true
	}
	return nil, false
}
