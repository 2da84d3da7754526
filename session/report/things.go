package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Thing is a kind of thing that rows are about: a mailbox, a group, a message.
// The kinds are data (assets/things.json).
type Thing struct {
	// Name is what Question.Of names.
	Name string `json:"name"`
	// Title is what people call one, Titles what they call several.
	Title  Text `json:"title"`
	Titles Text `json:"titles"`
	// Nouns are those of the cmdlets whose rows are such things.
	Nouns []string `json:"nouns"`
	// Identity are the properties of such a row that name the thing to a cmdlet,
	// the best first.
	Identity []string `json:"identity"`
	// Columns are those of any rows whose values name such a thing.
	Columns []string `json:"columns,omitempty"`
	// Acts are the nouns of the cmdlets that take such a thing, the usual ones.
	Acts []string `json:"acts,omitempty"`
}

// Things are all kinds.
type Things []Thing

// LoadThings reads the file of kinds. A field that is not known is an error.
// Errors are *FormatError.
func LoadThings(file []byte) (Things, error) {
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	var list Things
	if err := decoder.Decode(&list); err != nil {
		return nil, &FormatError{Err: err}
	}
	seen := map[string]bool{}
	for _, t := range list {
		for _, noun := range append([]string{"name " + t.Name}, t.Nouns...) {
			if seen[noun] {
				return nil, &FormatError{Err: fmt.Errorf("%s is there twice", noun)}
			}
			seen[noun] = true
		}
	}
	return list, nil
}

// ofCmdlet is the kind that a cmdlet's rows are, by its noun; ok is false where
// the cmdlet does not read, or nobody knows.
func (all Things) ofCmdlet(name string) (t Thing, ok bool) {
	verb, noun, _ := strings.Cut(name, "-")
	if !strings.EqualFold(verb, "Get") {
		return Thing{}, false
	}
	i := slices.IndexFunc(all, func(t Thing) bool {
		return slices.ContainsFunc(t.Nouns, func(n string) bool { return strings.EqualFold(n, noun) })
	})
	if i < 0 {
		return Thing{}, false
	}
	return all[i], true
}

// Subject says what the rows of a result are about: a kind, and the column that
// names each row's.
type Subject struct {
	Thing  Thing
	Column string
}

// OfRows is what the rows of a cmdlet are about, whose columns are those; ok is
// false where none of them names a row, or nobody knows.
func (all Things) OfRows(cmdlet string, columns []string) (s Subject, ok bool) {
	t, known := all.ofCmdlet(cmdlet)
	if !known {
		return Subject{}, false
	}
	return t.among(columns, func(name string) string { return name })
}

// OfReport is what the rows of a report are about: what those of its first step
// are. columns are those of the result.
func (all Things) OfReport(r Report, service string, columns []string) (s Subject, ok bool) {
	steps, shape := r.For(service)
	if len(shape.GroupBy) > 0 || len(steps) == 0 {
		return Subject{}, false // a row is of a group, not of one thing; or of what changed in whatever
	}
	first, err := readCommand(steps[0].Run, nil)
	if err != nil {
		return Subject{}, false
	}
	t, known := all.ofCmdlet(first.pipeline[len(first.pipeline)-1].Cmdlet)
	if !known {
		return Subject{}, false
	}
	return t.among(columns, func(name string) string { return columnOf(steps, shape, name) })
}

// columnOf is the column that shows a property of the first step; "" where
// another one has its name.
func columnOf(steps []Step, shape Shape, property string) string {
	alone := !slices.ContainsFunc(steps[1:], func(s Step) bool { return s.How != Whole })
	taken := false
	for _, c := range shape.Columns {
		value := c.Value
		if value == "" {
			value = c.Name
		}
		if strings.EqualFold(value, "1."+property) || alone && strings.EqualFold(value, property) {
			return c.Name
		}
		taken = taken || strings.EqualFold(c.Name, property)
	}
	if taken {
		return ""
	}
	return property // where all that the steps return is shown, it stands under its name
}

// among finds the best of the properties that name the thing.
func (t Thing) among(columns []string, column func(property string) string) (s Subject, ok bool) {
	for _, property := range t.Identity {
		name := column(property)
		i := slices.IndexFunc(columns, func(c string) bool { return name != "" && strings.EqualFold(c, name) })
		if i >= 0 {
			return Subject{Thing: t, Column: columns[i]}, true
		}
	}
	return Subject{}, false
}

// ofColumn are the kinds whose names stand in a column, whatever the rows are
// about: an address in SenderAddress.
func (all Things) ofColumn(column string) []Thing {
	var found []Thing
	for _, t := range all {
		if slices.ContainsFunc(t.Columns, func(c string) bool { return strings.EqualFold(c, column) }) {
			found = append(found, t)
		}
	}
	return found
}
