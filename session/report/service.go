package report

import (
	"slices"
	"strings"

	"postroom/session/endpoint"
)

// ServiceOf is the service that an endpoint leads to, as Report.Services name
// it; "" where nobody knows. An address of one's own that is built as the cloud's
// (PowerShell-LiveID with DelegatedOrg=, or the REST interface) leads to Exchange Online.
func ServiceOf(e endpoint.Endpoint) string {
	switch e.Kind {
	case endpoint.KindEOP:
		return "EOP"
	case endpoint.KindOnline, endpoint.KindDemo:
		return "EXO"
	case endpoint.KindCompliance:
		return "SCC"
	case endpoint.KindOnPremises:
		return "ONPREM"
	case endpoint.KindOwn:
		if e.Door == endpoint.REST || e.Delegation {
			return "EXO"
		}
	case endpoint.KindWindows:
	}
	return ""
}

// Given are the names of the report's columns in order, as files have them, for
// the services of which it has no variant.
func (r Report) Given() []string {
	shape, err := planShape(r.Shape)
	if err != nil {
		return nil // Check tells
	}
	return shape.names()
}

// Columns are the names of the report's columns in order, as files have them.
func (p *Plan) Columns() []string { return p.shape.names() }

func (p *plannedShape) names() []string {
	var names []string
	for _, i := range p.given {
		names = append(names, p.columns[i].Name)
	}
	if len(p.marks) > 0 {
		names = append(names, MarksColumn)
	}
	return slices.Clip(names)
}

// Answers are those that were given to the report's questions, and differ from
// what it does without an answer.
func (p *Plan) Answers() map[string]string {
	given := map[string]string{}
	for name, answer := range p.options.Answers {
		q, own := p.report.Question(name)
		if own {
			name = q.Name
		}
		if answer = strings.TrimSpace(answer); answer != "" && answer != q.Default {
			given[name] = answer
		}
	}
	return given
}

// Name is the report's.
func (p *Plan) Name() string { return p.report.Name }
