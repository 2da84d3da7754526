package report

import (
	"slices"
	"strings"

	"postroom/session/cmdlet"
	"postroom/session/paging"
)

// Looked is what somebody looks at of the rows of a cmdlet.
type Looked struct {
	// Columns are those that are shown or written; none means all.
	Columns []string
	// Computed are columns of the person's own, computed of the others.
	Computed []Column
	// Shape is what is done with the rows when they are there.
	Shape cmdlet.Shape
	// More are others that are needed, such as those that rows are filtered by.
	More []string
	// Ours are columns that no server sends, such as that of the tenants.
	Ours []string
	// Identities tell rows apart; those that the rows are known to have are wanted too.
	Identities []string
}

// Wanted gives the properties that a server needs to send of the rows of a pipeline, so
// that nothing that is looked at lacks its value. None means all: where all are looked at,
// and where a name is not among known, those that the rows of its last cmdlet are known to
// have: a server may know it all the same, and may refuse a name that it does not.
func Wanted(p cmdlet.Pipeline, known []string, l Looked) []string {
	if len(p) == 0 || len(l.Columns) == 0 && len(l.Shape.Columns) == 0 && len(l.Shape.Group) == 0 {
		return nil
	}
	spelling := names{}
	for _, name := range known {
		spelling.add(name)
	}
	all := l.names()
	for _, name := range paging.Needs(p) {
		all.add(name)
	}
	for _, name := range l.Ours {
		delete(all, strings.ToLower(name))
	}
	var wanted []string
	for key := range all {
		name, is := spelling[key]
		if !is {
			return nil
		}
		wanted = append(wanted, name)
	}
	for _, name := range l.Identities {
		if name, is := spelling[strings.ToLower(name)]; is && !slices.Contains(wanted, name) {
			wanted = append(wanted, name)
		}
	}
	slices.Sort(wanted)
	return wanted
}

// names are the properties that are looked at, computed columns resolved.
func (l Looked) names() names {
	all := names{}
	add := func(list ...string) {
		for _, name := range list {
			all.add(name)
		}
	}
	add(l.More...)
	add(conditionColumns(l.Shape.Where)...)
	if add(l.Shape.Group...); len(l.Shape.Group) == 0 { // else the others are columns of the groups
		add(l.Columns...)
		add(l.Shape.Columns...)
		add(conditionColumns(l.Shape.Having)...)
		for _, key := range l.Shape.Sort {
			add(key.Column)
		}
	}
	for _, c := range slices.Backward(l.Computed) { // one may use those before it, and the property of its own name
		delete(all, strings.ToLower(c.Name))
		if value, err := Parse(c.Value); err == nil { // whoever computes it says what is wrong
			all.of(value)
		}
	}
	return all
}

// conditionColumns are the columns that a condition looks at.
func conditionColumns(c *cmdlet.Condition) []string {
	if c == nil {
		return nil
	}
	if c.Logic == cmdlet.Compare {
		return []string{c.Comparison.Column}
	}
	var all []string
	for i := range c.Parts {
		all = append(all, conditionColumns(&c.Parts[i])...)
	}
	return all
}
