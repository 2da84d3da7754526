package report

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/result"
)

// Made is what a person saves as a report: what was asked, and how the rows are
// looked at.
type Made struct {
	// Line is the command or pipeline, and what is done with its rows; of no
	// importance with a Base.
	Line cmdlet.Line
	// Base is the report that was run, with Answers as its new defaults, for
	// Service.
	Base    *Report
	Service string
	Answers map[string]string
	// Computed are the person's own columns.
	Computed []Column
	// Columns are those to give, in this order; none means those of the base, or
	// of the line.
	Columns []string
	// Filter is which rows are kept, TextIn the columns in which its text is
	// looked for.
	Filter result.Filter
	TextIn []string
	// Grouped is the column whose values stand as headings over their rows; "" for none.
	// The rows of a heading follow each other.
	Grouped string
	// Sort has the keys, the most important one first; none leaves the order.
	Sort []cmdlet.SortKey
}

// NotSavedError is something that a report cannot hold.
type NotSavedError struct{ What string }

// Error names it.
func (e *NotSavedError) Error() string { return "report: cannot be saved: " + e.What }

// NotSaved gives what cannot be held.
func (e *NotSavedError) NotSaved() string { return e.What }

// ErrNoColumns means that it is not known which columns a report should give.
var ErrNoColumns = errors.New("report: no columns are chosen")

// Report makes a report of it, without name and title. Errors are *NotSavedError
// and ErrNoColumns.
func (m Made) Report() (Report, error) {
	r, err := m.asked()
	if err != nil {
		return r, err
	}
	for _, c := range m.Computed {
		r.Columns = append(slices.Clone(r.Columns), c)
	}
	if len(m.Columns) > 0 {
		r.Shape = r.Shape.chosen(m.Columns)
	}
	if len(r.Columns) == 0 {
		return r, ErrNoColumns
	}
	conditions := []string{}
	if r.Keep != "" {
		conditions = append(conditions, r.Keep)
	}
	if m.Filter.Text != "" {
		conditions = append(conditions, anywhere(m.Filter.Text, m.searched(r)))
	}
	for _, c := range m.Filter.Where {
		text, err := criterion(c)
		if err != nil {
			return r, err
		}
		conditions = append(conditions, text)
	}
	r.Keep = together(conditions, " and ")
	if len(m.Sort) > 0 {
		r.Sort = nil
		for _, key := range m.Sort {
			r.sortBy(key)
		}
	}
	if m.Grouped != "" {
		behind := r.Sort
		r.Sort = nil
		r.sortBy(cmdlet.SortKey{Column: m.Grouped})
		for _, key := range behind {
			if name := strings.TrimSuffix(key, descendingKey); !strings.EqualFold(name, m.Grouped) {
				r.Sort = append(r.Sort, key)
			} else {
				r.Sort[0] = key // the person's own direction
			}
		}
		r.Grouped = strings.TrimSuffix(r.Sort[0], descendingKey)
	}
	r.Rank, r.Own = 0, true
	return r, nil
}

// searched are the columns in which a text is looked for.
func (m Made) searched(r Report) []string {
	if len(m.TextIn) > 0 {
		return m.TextIn
	}
	var names []string
	for _, c := range r.Columns {
		names = append(names, c.Name)
	}
	return names
}

// sortBy adds a key. A column that is not given is computed for it.
func (r *Report) sortBy(key cmdlet.SortKey) {
	if !slices.ContainsFunc(r.Columns, func(c Column) bool { return strings.EqualFold(c.Name, key.Column) }) {
		r.Columns = append(slices.Clone(r.Columns), Column{Name: key.Column, Hidden: true})
	}
	name := key.Column
	if key.Descending {
		name += descendingKey
	}
	r.Sort = append(r.Sort, name)
}

// asked are the steps, and what is done with their rows before the person's own
// wishes.
func (m Made) asked() (Report, error) {
	if m.Base != nil {
		return m.refined()
	}
	r := Report{}
	for _, inv := range m.Line.Pipeline {
		for _, a := range inv.Args {
			if _, secret := a.Value.(interface{ Reveal() string }); secret {
				return r, &NotSavedError{What: inv.Cmdlet + " -" + a.Name + ": a secret"}
			}
		}
	}
	text := m.Line.Pipeline.PowerShell()
	if placeholder.MatchString(text) {
		return r, &NotSavedError{What: placeholder.FindString(text)}
	}
	r.Steps = []Step{{Run: text}}
	if _, err := readCommand(text, nil); err != nil {
		return r, &NotSavedError{What: text}
	}
	return r, r.shapedAs(m.Line.Shape)
}

// refined is the base as it is for the service, with the answers as defaults.
func (m Made) refined() (Report, error) {
	r := *m.Base
	steps, shape := r.For(m.Service)
	if len(r.Variants) > 0 {
		r.Variants = nil
		if m.Service != "" {
			r.Services = []string{m.Service}
		}
	}
	r.Steps, r.Shape = slices.Clone(steps), shape
	r.Columns = slices.Clip(r.Columns) // the catalogue's list is shared
	r.Questions = slices.Clone(r.Questions)
	for i, q := range r.Questions {
		for name, answer := range m.Answers {
			if strings.EqualFold(name, q.Name) {
				r.Questions[i].Default = answer
			}
		}
	}
	return r, nil
}

// shapedAs takes over what a line does with its rows.
func (r *Report) shapedAs(s cmdlet.Shape) error {
	if s.Where != nil {
		text, err := condition(*s.Where)
		if err != nil {
			return err
		}
		r.Keep = text
	}
	switch {
	case s.First > 0:
		return &NotSavedError{What: fmt.Sprintf("Select-Object -First %d", s.First)}
	case s.Having != nil:
		return &NotSavedError{What: "Where-Object behind Group-Object"}
	}
	if len(s.Group) > 0 {
		r.GroupBy = s.Group
		r.Columns = append(r.Columns, Column{Name: "Count", Total: "count"})
		for _, name := range s.Group {
			r.Columns = append(r.Columns, Column{Name: name})
		}
	}
	for _, name := range s.Columns {
		if !slices.ContainsFunc(r.Columns, func(c Column) bool { return strings.EqualFold(c.Name, name) }) {
			r.Columns = append(r.Columns, Column{Name: name})
		}
	}
	for _, key := range s.Sort {
		r.sortBy(key)
	}
	return nil
}

// together joins conditions.
func together(parts []string, word string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	for i, part := range parts {
		parts[i] = "(" + part + ")"
	}
	return strings.Join(parts, word)
}

// anywhere is a text in one of the columns.
func anywhere(text string, columns []string) string {
	parts := make([]string, len(columns))
	for i, name := range columns {
		parts[i] = "contains(" + named(name) + ", " + quotedText(text) + ")"
	}
	return together(parts, " or ")
}

// word is a name that an expression can have as it is.
var word = regexp.MustCompile(`^\p{L}[\p{L}0-9_]*$`)

// reserved are the words of the language.
var reserved = []string{"and", "or", "not", "has", "in", "begins", "ends", "true", "false", "null"}

// named is a property in an expression.
func named(name string) string {
	if word.MatchString(name) && !slices.Contains(reserved, strings.ToLower(name)) {
		return name
	}
	return "column(" + quotedText(name) + ")"
}

func quotedText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// quantity is a number, an amount of data or a length of time as an expression
// has it.
var quantity = regexp.MustCompile(`(?i)^([0-9]+(?:\.[0-9]+)?) ?(kb|mb|gb|tb|d|h|min|days?|hours?|minutes?)?$`)

// literal is a value that a person typed, to be compared with.
func literal(text string) string {
	text = strings.TrimSpace(text)
	if m := quantity.FindStringSubmatch(text); m != nil {
		unit := map[string]string{
			"": "", "kb": "KB", "mb": "MB", "gb": "GB", "tb": "TB", "d": "d", "day": "d", "days": "d",
			"h": "h", "hour": "h", "hours": "h", "min": "min", "minute": "min", "minutes": "min",
		}[strings.ToLower(m[2])]
		return m[1] + unit
	}
	for _, form := range []string{time.DateOnly, "2006-01-02 15:04", time.DateTime} {
		if _, err := time.Parse(form, text); err == nil {
			return "time(" + quotedText(text) + ")"
		}
	}
	if b, err := strconv.ParseBool(strings.ToLower(text)); err == nil && len(text) > 1 {
		return strconv.FormatBool(b)
	}
	return quotedText(text)
}

// criterion is a filter on a column as an expression.
func criterion(c result.Criterion) (string, error) {
	name := named(c.Column)
	text := ""
	switch c.Op {
	case result.Equals:
		text = name + " = " + literal(c.Value)
	case result.Contains:
		text = "contains(" + name + ", " + quotedText(c.Value) + ")"
	case result.StartsWith:
		text = name + " begins " + quotedText(c.Value)
	case result.EndsWith:
		text = name + " ends " + quotedText(c.Value)
	case result.Greater, result.GreaterOrEqual, result.Less, result.LessOrEqual:
		sign := map[result.Op]string{result.Greater: ">", result.GreaterOrEqual: ">=", result.Less: "<", result.LessOrEqual: "<="}[c.Op]
		text = name + " " + sign + " " + literal(c.Value)
	case result.Between:
		text = name + " >= " + literal(c.Value) + " and " + name + " <= " + literal(c.To)
	case result.Empty:
		text = "empty(" + name + ")"
	case result.OneOf:
		text = oneOf(name, c.Values)
	case result.Last, result.Older:
		sign := map[result.Op]string{result.Last: ">=", result.Older: "<"}[c.Op]
		span := literal(c.Value)
		if strings.HasPrefix(span, "'") {
			return "", &NotSavedError{What: c.Column + ": " + c.Value}
		}
		text = "time(" + name + ") " + sign + " now() - " + span
		if c.Op == result.Last {
			text += " and time(" + name + ") <= now()"
		}
	default:
		return "", &NotSavedError{What: c.Column}
	}
	if c.Not {
		text = "not (" + text + ")"
	}
	return text, nil
}

// oneOf is a text, or an item of a list, among others; "" is what has nothing in it.
func oneOf(name string, values []string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = name + " = " + quotedText(v)
		if v == "" {
			parts[i] = "empty(" + name + ")"
		}
	}
	return together(parts, " or ")
}

// condition is what Where-Object keeps as an expression.
func condition(c cmdlet.Condition) (string, error) {
	if c.Logic == cmdlet.Compare {
		return comparison(c.Comparison)
	}
	parts := make([]string, len(c.Parts))
	for i, part := range c.Parts {
		text, err := condition(part)
		if err != nil {
			return "", err
		}
		parts[i] = text
	}
	switch c.Logic {
	case cmdlet.Not:
		return "not (" + parts[0] + ")", nil
	case cmdlet.Or:
		return together(parts, " or "), nil
	}
	return together(parts, " and "), nil
}

func comparison(c cmdlet.Comparison) (string, error) {
	name := named(c.Column)
	operator, not := strings.CutPrefix(c.Operator, "not")
	if c.CaseSensitive || operator == "match" {
		return "", &NotSavedError{What: c.Column + " -" + c.Operator}
	}
	text := ""
	switch operator {
	case "":
		text = name
	case "ne":
		text = "not (" + name + " = " + ofLine(c.Value) + ")"
	case "eq", "gt", "ge", "lt", "le":
		sign := map[string]string{"eq": "=", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}[operator]
		text = name + " " + sign + " " + ofLine(c.Value)
	case "like":
		text = "like(" + name + ", " + quotedText(fmt.Sprint(c.Value)) + ")"
	case "contains", "in":
		var parts []string
		for _, v := range listed(c.Value) {
			parts = append(parts, name+" = "+ofLine(v))
		}
		text = together(parts, " or ")
	}
	if not {
		text = "not (" + text + ")"
	}
	return text, nil
}

func listed(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case []string:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	}
	return []any{v}
}

// ofLine is a value that stands in a line.
func ofLine(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return literal(v)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return "time(" + quotedText(v.UTC().Format(time.RFC3339)) + ")"
	}
	return literal(fmt.Sprint(v))
}
