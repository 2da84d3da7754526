package report

import (
	"slices"
	"strings"

	"postroom/session"
	"postroom/session/cmdlet"
)

// wanted are the properties of the rows that a report of one step looks at, so
// that a server needs to send no others; none where all are wanted, or where it
// is not clear whose a name is.
func (p *Plan) wanted() []string {
	if len(p.steps) != 1 || p.options.Everything {
		return nil
	}
	names := map[string]string{}
	add := func(name string) {
		if _, property, qualified := cutStep(name); qualified {
			name = property
		}
		if key := strings.ToLower(name); names[key] == "" {
			names[key] = name
		}
	}
	visit := func(e *Expression) {
		if e == nil {
			return
		}
		e.root.visit(func(n node) {
			if name, ok := n.(property); ok {
				add(string(name))
			}
		})
	}
	visit(p.steps[0].keep)
	visit(p.shape.keep)
	for _, c := range p.shape.columns {
		if c.value == nil && c.Total == "" {
			add(c.Name)
		}
		visit(c.value)
	}
	for _, m := range p.shape.marks {
		visit(m)
	}
	if e := p.shape.Expand; e != nil {
		for _, name := range e.Lists {
			add(name)
		}
		for _, made := range []string{e.Entry, e.List} {
			delete(names, strings.ToLower(made))
		}
	}
	for _, name := range []string{"RecipientAddress", "Received"} { // by which package paging goes on
		if p.steps[0].command.pipeline[0].Cmdlet == "Get-MessageTraceV2" {
			add(name)
		}
	}
	list := make([]string, 0, len(names))
	for _, name := range names {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// narrowed is a pipeline of which only what the report looks at is wanted.
func (p *Plan) narrowed(pipeline cmdlet.Pipeline) session.Command {
	return session.Narrowed{Command: pipeline, Columns: p.wanted()}
}
