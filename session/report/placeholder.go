package report

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"postroom/session/cmdlet"
)

// placeholder is {Name}, {1.Name}, {?name}, {now-2d}, {today}, {page}, {guid}.
var placeholder = regexp.MustCompile(`\{(\??[A-Za-z][A-Za-z0-9_]*|[1-9]\.[A-Za-z][A-Za-z0-9_]*|(?:now|today)[+-][0-9]+(?:d|h|min))\}`)

// Private characters stand around a placeholder while PowerShell's reader sees
// the step, to which braces mean something else.
const (
	opens  = "\uE000"
	closes = "\uE001"
)

var marked = regexp.MustCompile(opens + "([^" + closes + "]*)" + closes)

// command is a step's pipeline with placeholders in its values.
type command struct {
	pipeline cmdlet.Pipeline
	names    []string // of all placeholders
}

// readCommand reads a step's text by the one reader of PowerShell.
func readCommand(text string, kinds cmdlet.Kinds) (command, error) {
	if strings.ContainsAny(text, opens+closes) {
		return command{}, errors.New("a private character")
	}
	var c command
	shielded := placeholder.ReplaceAllStringFunc(text, func(p string) string {
		name := p[1 : len(p)-1]
		c.names = append(c.names, name)
		return opens + name + closes
	})
	// A list of names is text to the reader; what a step types is not known to
	// it where a placeholder stands, so that values are read as they are.
	line, err := cmdlet.Reader{Kinds: shielding{kinds}}.Line(shielded)
	if err != nil {
		return command{}, err
	}
	if !line.Shape.IsZero() {
		return command{}, errors.New("what the report's own shape does")
	}
	c.pipeline = line.Pipeline
	return c, nil
}

// shielding gives the kinds of parameters as the reader should take them: a
// value with a placeholder cannot be read as a number or a date yet.
type shielding struct{ kinds cmdlet.Kinds }

// Describe is that of the kinds, with switches and lists only.
func (s shielding) Describe(name string) (cmdlet.Cmdlet, bool) {
	if s.kinds == nil {
		return cmdlet.Cmdlet{}, false
	}
	c, ok := s.kinds.Describe(name)
	parameters := make([]cmdlet.Parameter, len(c.Parameters))
	for i, p := range c.Parameters {
		switch p.Kind {
		case cmdlet.SwitchKind, cmdlet.List, cmdlet.Bool:
		default:
			p.Kind, p.Type, p.Choices = cmdlet.Text, "System.String", nil
		}
		parameters[i] = p
	}
	c.Parameters = parameters
	return c, ok
}

// filler gives the value of a placeholder.
type filler func(name string) (value, error)

// errLeaveOut says that the parameter is left out of the call.
var errLeaveOut = errors.New("left out")

// fill gives the pipeline with values in the places of placeholders.
func (c command) fill(with filler, kinds cmdlet.Kinds) (cmdlet.Pipeline, error) {
	filled := make(cmdlet.Pipeline, len(c.pipeline))
	for i, inv := range c.pipeline {
		out := cmdlet.Invocation{Cmdlet: inv.Cmdlet}
		known, _ := describe(kinds, inv.Cmdlet)
		for _, arg := range inv.Args {
			v, err := fillValue(arg.Value, with)
			if errors.Is(err, errLeaveOut) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("%s -%s: %w", inv.Cmdlet, arg.Name, err)
			}
			out.Args = append(out.Args, cmdlet.Arg{Name: arg.Name, Value: typed(v, arg.Name, known)})
		}
		filled[i] = out
	}
	return filled, nil
}

func describe(kinds cmdlet.Kinds, name string) (cmdlet.Cmdlet, bool) {
	if kinds == nil {
		return cmdlet.Cmdlet{}, false
	}
	return kinds.Describe(name)
}

// typed reads a text that stood in the report as the kind that its parameter
// has, as the command line does; what does not read so is left to the server.
func typed(v any, parameter string, c cmdlet.Cmdlet) any {
	s, isText := v.(string)
	p, known := c.Parameter(parameter)
	if !isText || !known || p.Kind == cmdlet.Text {
		return v
	}
	inv, err := cmdlet.Cmdlet{Name: c.Name, Parameters: []cmdlet.Parameter{{Name: p.Name, Type: p.Type, Kind: p.Kind}}}.
		Bind(map[string]string{p.Name: s}, time.Now())
	if err != nil || len(inv.Args) != 1 {
		return v
	}
	return inv.Args[0].Value
}

// fillValue replaces the placeholders within a value of a call.
func fillValue(v any, with filler) (any, error) {
	switch v := v.(type) {
	case string:
		return fillText(v, with)
	case []string:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return fillList(list, with)
	case []any:
		return fillList(v, with)
	}
	return v, nil
}

func fillList(list []any, with filler) (any, error) {
	out := make([]any, 0, len(list))
	for _, item := range list {
		v, err := fillValue(item, with)
		if err != nil {
			return nil, err
		}
		source, text := item.(string)
		several, list := v.([]string)
		if one, is := v.(string); text && is && isAnswer(source) {
			several, list = typedItems(one), true
		}
		if !text || !list {
			out = append(out, v)
			continue
		}
		for _, one := range several { // a placeholder that stands for several gives its items, no list in a list
			out = append(out, one)
		}
	}
	return out, nil
}

// isAnswer says that a text is the answer to a question, and nothing else.
func isAnswer(text string) bool {
	return strings.HasPrefix(text, opens+"?") && strings.HasSuffix(text, closes) && strings.Count(text, opens) == 1
}

// typedItems are the items that a person typed where a parameter takes a list, as the
// command line and forms read them.
func typedItems(text string) []string {
	const name = "Items"
	inv, err := cmdlet.Cmdlet{Parameters: []cmdlet.Parameter{{Name: name, Kind: cmdlet.List}}}.Bind(map[string]string{name: text}, time.Now())
	if err == nil && len(inv.Args) == 1 {
		if items, are := inv.Args[0].Value.([]string); are {
			return items
		}
	}
	return []string{text}
}

// fillText puts a value in the place of a text that is one placeholder, and
// text in the places of those within a longer one.
func fillText(s string, with filler) (any, error) {
	places := marked.FindAllStringSubmatchIndex(s, -1)
	if len(places) == 0 {
		return s, nil
	}
	if len(places) == 1 && places[0][0] == 0 && places[0][1] == len(s) {
		v, err := with(s[places[0][2]:places[0][3]])
		return ofCall(v), err
	}
	var b strings.Builder
	end := 0
	for _, place := range places {
		v, err := with(s[place[2]:place[3]])
		if err != nil {
			return nil, err
		}
		b.WriteString(s[end:place[0]])
		// Within a filter a text stands in single quotes: two stand for one.
		part := text(v)
		if strings.Count(s[:place[0]], "'")%2 == 1 {
			part = strings.ReplaceAll(part, "'", "''")
		}
		b.WriteString(part)
		end = place[1]
	}
	b.WriteString(s[end:])
	return b.String(), nil
}

// ofCall is a value of a row as a call sends it.
func ofCall(v value) any {
	switch v := v.(type) {
	case float64:
		if v == float64(int64(v)) {
			return int64(v)
		}
		return v
	default:
		return v
	}
}

// relative reads now, today, now-2d, today-7d, now-12h; ok is false otherwise.
func relative(name string, at moments) (t time.Time, ok bool) {
	base, rest, isNow := at.now, "", strings.HasPrefix(name, "now")
	switch {
	case isNow:
		rest = strings.TrimPrefix(name, "now")
	case strings.HasPrefix(name, "today"):
		base, rest = at.today, strings.TrimPrefix(name, "today")
	default:
		return time.Time{}, false
	}
	if rest == "" {
		return base, true
	}
	unit := strings.TrimLeft(rest[1:], "0123456789")
	n, err := strconv.Atoi(strings.TrimSuffix(rest[1:], unit))
	span, known := spans[unit]
	if err != nil || !known || rest[0] != '-' && rest[0] != '+' || n > 100_000 {
		return time.Time{}, false
	}
	if rest[0] == '-' {
		n = -n
	}
	if unit == "d" {
		return base.AddDate(0, 0, n), true
	}
	return base.Add(time.Duration(n) * span), true
}

// newGUID makes a random GUID (RFC 9562 5.4).
func newGUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
