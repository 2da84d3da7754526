package widgets

import (
	"strings"
	"unicode"
)

// A filter of Exchange (OPATH) that the builder can show: conditions that all hold, or of
// which one holds. Whatever else a filter may be stays text.

// FilterProperty is a property that a filter may ask for.
type FilterProperty struct {
	Name  string
	Words []string // the values that are known of it; none: any text
	Truth bool     // the words are all that there are: $true and $false
	Bare  bool     // its value is written without quotation marks: numbers, $true and $false
}

// opathCondition compares a property with a value.
type opathCondition struct {
	Property string
	Op       opathOp
	Value    string // without quotation marks and stars
}

// opathOp is a comparison as a person says it.
type opathOp int

const (
	opIs opathOp = iota
	opIsNot
	opBegins
	opEnds
	opContains
	opGreater
	opAtLeast
	opLess
	opAtMost
	opEmpty
	opNotEmpty
)

// opathFilter is what the builder shows.
type opathFilter struct {
	Any        bool // one condition is enough
	Conditions []opathCondition
}

// comparison is the operator that a comparison is written with.
func (o opathOp) comparison() string {
	switch o {
	case opIs, opEmpty:
		return "-eq"
	case opIsNot, opNotEmpty:
		return "-ne"
	case opGreater:
		return "-gt"
	case opAtLeast:
		return "-ge"
	case opLess:
		return "-lt"
	case opAtMost:
		return "-le"
	default:
		return "-like"
	}
}

// hasValue tells whether the comparison needs a value.
func (o opathOp) hasValue() bool { return o != opEmpty && o != opNotEmpty }

// text writes the filter; conditions that are not filled in are left out.
func (f opathFilter) text(bare func(property string) bool) string {
	joint := " -and "
	if f.Any {
		joint = " -or "
	}
	var parts []string
	for _, c := range f.Conditions {
		if c.Property != "" && (c.Value != "" || !c.Op.hasValue()) {
			parts = append(parts, c.text(bare(c.Property)))
		}
	}
	return strings.Join(parts, joint)
}

func (c opathCondition) text(bare bool) string {
	value := c.Value
	switch c.Op {
	case opEmpty, opNotEmpty:
		return c.Property + " " + c.Op.comparison() + " $null"
	case opBegins:
		value += "*"
	case opEnds:
		value = "*" + value
	case opContains:
		value = "*" + value + "*"
	}
	if !bare || strings.ContainsFunc(value, unicode.IsSpace) {
		value = "'" + strings.ReplaceAll(value, "'", "''") + "'"
	}
	return c.Property + " " + c.Op.comparison() + " " + value
}

// parseOPATH reads a filter that the builder can show without changing what it means.
func parseOPATH(s string) (opathFilter, bool) {
	var f opathFilter
	joint := ""
	p := &opathReader{rest: s}
	for {
		brackets := p.brackets("(")
		c, ok := p.condition()
		if !ok || p.brackets(")") != brackets {
			return opathFilter{}, false
		}
		f.Conditions = append(f.Conditions, c)
		word := strings.ToLower(p.word())
		switch {
		case word == "" && strings.TrimSpace(p.rest) == "":
			f.Any = joint == "-or"
			return f, true
		case word != "-and" && word != "-or", joint != "" && word != joint:
			return opathFilter{}, false
		}
		joint = word
	}
}

// opathReader reads a filter from left to right.
type opathReader struct{ rest string }

// brackets counts brackets of one kind at the beginning and takes them away.
func (p *opathReader) brackets(which string) (n int) {
	for {
		after, ok := strings.CutPrefix(strings.TrimLeft(p.rest, " \t\r\n"), which)
		if !ok {
			return n
		}
		p.rest, n = after, n+1
	}
}

// word reads up to a blank or bracket.
func (p *opathReader) word() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	end := strings.IndexAny(p.rest, " \t\r\n()'\"")
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return word
}

// condition reads Property -op value.
func (p *opathReader) condition() (opathCondition, bool) {
	c := opathCondition{Property: p.word()}
	if c.Property == "" || strings.HasPrefix(c.Property, "-") {
		return c, false
	}
	op := strings.ToLower(p.word())
	value, isQuoted, ok := p.value()
	if !ok {
		return c, false
	}
	c.Value = value
	for o := opIs; o <= opNotEmpty; o++ {
		if o.comparison() == op && o != opBegins && o != opEnds && o != opContains && o.hasValue() {
			c.Op = o
		}
	}
	null := !isQuoted && strings.EqualFold(value, "$null")
	switch {
	case op == "-like":
		return c.like(), c.likeShows()
	case null && op == "-eq":
		c.Op, c.Value = opEmpty, ""
	case null && op == "-ne":
		c.Op, c.Value = opNotEmpty, ""
	case null, c.Op.comparison() != op:
		return c, false
	}
	return c, value != ""
}

// like makes of stars the comparison that they mean.
func (c opathCondition) like() opathCondition {
	head, tail := strings.HasPrefix(c.Value, "*"), strings.HasSuffix(c.Value, "*")
	c.Value = strings.TrimSuffix(strings.TrimPrefix(c.Value, "*"), "*")
	switch {
	case head && tail:
		c.Op = opContains
	case head:
		c.Op = opEnds
	default:
		c.Op = opBegins
	}
	return c
}

// likeShows tells whether the stars of a value mean a comparison that the builder has.
func (c opathCondition) likeShows() bool {
	inner := strings.TrimSuffix(strings.TrimPrefix(c.Value, "*"), "*")
	return strings.Contains(c.Value, "*") && inner != "" && !strings.Contains(inner, "*")
}

// value reads a text in quotation marks or a bare word.
func (p *opathReader) value() (value string, isQuoted, ok bool) {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	if p.rest == "" {
		return "", false, false
	}
	mark := p.rest[0]
	if mark != '\'' && mark != '"' {
		value = p.word()
		return value, false, value != ""
	}
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		if p.rest[i] == mark {
			if i+1 == len(p.rest) || p.rest[i+1] != mark {
				p.rest = p.rest[i+1:]
				return b.String(), true, mark == '\'' || !strings.Contains(b.String(), "$")
			}
			i++
		}
		b.WriteByte(p.rest[i])
	}
	return "", false, false
}
