package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Pack is several reports that are run in one go, over one tenant or many.
type Pack struct {
	// Name is the id, as that of a report.
	Name  string `json:"name"`
	Title Text   `json:"title"`
	// Asks is what it is for.
	Asks  Text   `json:"asks,omitzero"`
	Parts []Part `json:"parts"`
	// Own says that a person made it.
	Own bool `json:"-"`
}

// Part is one report of a pack.
type Part struct {
	// Report is its name.
	Report string `json:"report"`
	// Title names its sheet; none takes the report's title.
	Title Text `json:"title,omitzero"`
	// Columns are those to give, in this order; none means all of the report's.
	Columns []string `json:"columns,omitempty"`
	// Answers are for the report's questions, by name; a date may be today-7d.
	Answers map[string]string `json:"answers,omitempty"`
}

// mostParts is how many reports a pack has at most.
const mostParts = 60

// loadPacks reads a file of packs: a JSON array of them. Errors are *FormatError.
func loadPacks(file []byte) ([]Pack, error) {
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	var list []Pack
	if err := decoder.Decode(&list); err != nil {
		return nil, &FormatError{Err: err}
	}
	for _, p := range list {
		if err := p.check(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// check says what keeps a pack from running, whatever its reports are. Errors are
// *FormatError.
func (p Pack) check() error {
	wrong := func(format string, args ...any) error {
		return &FormatError{Report: p.Name, Err: fmt.Errorf(format, args...)}
	}
	switch {
	case !nameForm.MatchString(p.Name):
		return wrong("a name of small letters, digits and hyphens is wanted")
	case len(p.Parts) == 0 || len(p.Parts) > mostParts:
		return wrong("a pack of %d reports", len(p.Parts))
	}
	for _, part := range p.Parts {
		if !nameForm.MatchString(part.Report) {
			return wrong("%q names no report", part.Report)
		}
		if len(part.Columns) > mostColumns {
			return wrong("%d columns of %s", len(part.Columns), part.Report)
		}
	}
	return nil
}

// Chosen gives the report with the columns that are named alone, in that order;
// none gives it as it is. The other columns are still computed. Names that the
// report has not are taken for properties.
func (r Report) Chosen(columns []string) Report {
	if len(columns) == 0 {
		return r
	}
	r.Shape = r.Shape.chosen(columns)
	r.Variants = slices.Clone(r.Variants)
	for i, v := range r.Variants {
		if len(v.Columns) > 0 {
			r.Variants[i].Shape = v.Shape.chosen(columns)
		}
	}
	return r
}

// chosen orders the columns. A column that another computes with must stand
// before it, so that those that were not chosen, and then the chosen ones, are
// given under their places in an order of their own.
func (s Shape) chosen(columns []string) Shape {
	all := slices.Clone(s.Columns)
	var order []string
	for _, name := range columns {
		if strings.EqualFold(name, MarksColumn) && len(s.Marks) > 0 {
			continue // it stands last, as ever
		}
		i := slices.IndexFunc(all, func(c Column) bool { return strings.EqualFold(c.Name, name) })
		if i < 0 {
			all = append(all, Column{Name: name})
			i = len(all) - 1
		}
		order = append(order, all[i].Name)
	}
	for i := range all {
		all[i].Hidden = !slices.Contains(order, all[i].Name)
	}
	s.Columns, s.Order = all, order
	return s
}
