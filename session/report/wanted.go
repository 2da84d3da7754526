package report

import (
	"maps"
	"slices"
	"strings"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/paging"
)

// wanted are the properties of the rows that a report of one step looks at, so
// that a server needs to send no others; none where all are wanted, or where it
// is not clear whose a name is.
func (p *Plan) wanted() []string {
	if len(p.steps) != 1 || p.options.Everything {
		return nil
	}
	all := names{}
	all.of(p.steps[0].keep, p.shape.keep)
	all.of(p.shape.marks...)
	for _, c := range p.shape.columns {
		if c.value == nil && c.Total == "" {
			all.add(c.Name)
		}
		all.of(c.value)
	}
	if e := p.shape.Expand; e != nil {
		for _, name := range e.Lists {
			all.add(name)
		}
		for _, made := range []string{e.Entry, e.List} {
			delete(all, strings.ToLower(made))
		}
	}
	for _, name := range paging.Needs(p.steps[0].command.pipeline) {
		all.add(name)
	}
	return slices.Sorted(maps.Values(all))
}

// names are properties by their names in lower case.
type names map[string]string

// add adds a property, without the step before its name.
func (n names) add(name string) {
	if _, property, qualified := cutStep(name); qualified {
		name = property
	}
	if key := strings.ToLower(name); n[key] == "" {
		n[key] = name
	}
}

// of adds the properties that expressions look at.
func (n names) of(expressions ...*Expression) {
	for _, e := range expressions {
		if e == nil {
			continue
		}
		e.root.visit(func(part node) {
			if name, ok := part.(property); ok {
				n.add(string(name))
			}
		})
	}
}

// narrowed is a pipeline of which only what the report looks at is wanted.
func (p *Plan) narrowed(pipeline cmdlet.Pipeline) session.Command {
	return session.Narrowed{Command: pipeline, Columns: p.wanted()}
}
