package report

import (
	"fmt"
	"slices"
	"strings"
)

// Notation is a report as a person edits it: a line for each step and each
// column.
type Notation struct {
	// Steps are lines such as Get-Mailbox, each: Get-InboxRule -Mailbox {Guid},
	// whole: Get-AcceptedDomain.
	Steps string
	// Columns are lines such as DisplayName, or Percent := bytes(Size) / 1GB; one
	// that begins with # is computed and not given.
	Columns string
	// Keep is the condition on a row, Sort the keys with commas between.
	Keep, Sort string
}

// hiddenMark begins the line of a column that is not given.
const hiddenMark = "#"

// Notation gives the report in lines, as it is without its variants.
func (r Report) Notation() Notation {
	var steps, columns []string
	for _, s := range r.Steps {
		line := s.Run
		if s.How != "" {
			line = s.How + ": " + line
		}
		steps = append(steps, line)
	}
	shape, err := planShape(r.Shape)
	if err != nil { // it is being mended
		shape.columns = nil
	}
	line := func(c Column) string {
		if c.Value == "" {
			return c.Name
		}
		return c.Name + " := " + c.Value
	}
	for _, i := range shape.given {
		columns = append(columns, line(r.Columns[i]))
	}
	for _, c := range r.Columns {
		if c.Hidden {
			columns = append(columns, hiddenMark+" "+line(c))
		}
	}
	return Notation{Steps: strings.Join(steps, "\n"), Columns: strings.Join(columns, "\n"), Keep: r.Keep, Sort: strings.Join(r.Sort, ", ")}
}

// Noted gives the report as the lines say. What they do not tell, such as how the
// rows of two steps are joined, stays as it was; variants by service go, and the
// services that had them. Errors are *FormatError.
func (r Report) Noted(n Notation) (Report, error) {
	for _, v := range r.Variants {
		r.Services = slices.DeleteFunc(slices.Clone(r.Services), func(s string) bool { return slices.Contains(v.Services, s) })
	}
	r.Variants = nil
	before := r.Steps
	r.Steps = nil
	for line := range lines(n.Steps) {
		s := Step{Run: line}
		for _, how := range []string{Each, Once, Whole} {
			if rest, is := strings.CutPrefix(line, how+":"); is {
				s = Step{Run: strings.TrimSpace(rest), How: how}
			}
		}
		if at := len(r.Steps); at < len(before) && before[at].How == s.How {
			s.On, s.Keep = before[at].On, before[at].Keep
			if before[at].Run == s.Run {
				s.Per = before[at].Per
			}
		}
		r.Steps = append(r.Steps, s)
	}
	r.Columns, r.Order = notedColumns(r.Columns, n.Columns)
	r.Keep, r.Sort = strings.TrimSpace(n.Keep), nil
	for key := range strings.SplitSeq(n.Sort, ",") {
		if key = strings.TrimSpace(key); key != "" {
			r.Sort = append(r.Sort, key)
		}
	}
	r.Marks = slices.DeleteFunc(slices.Clone(r.Marks), func(m Mark) bool {
		return !slices.ContainsFunc(r.Columns, func(c Column) bool { return strings.EqualFold(c.Name, m.Column) })
	})
	if !slices.ContainsFunc(r.Columns, func(c Column) bool { return strings.EqualFold(c.Name, r.Grouped) }) {
		r.Grouped = ""
	}
	if len(r.Columns) == 0 {
		return r, &FormatError{Report: r.Name, Err: fmt.Errorf("no column")}
	}
	return r, r.Check()
}

// notedColumns are the columns of lines: those that were there in their old order,
// in which one is computed from others, then the new ones; order is the lines'.
func notedColumns(before []Column, text string) (columns []Column, order []string) {
	noted := map[string]Column{}
	var names []string
	for line := range lines(text) {
		rest, hidden := strings.CutPrefix(line, hiddenMark)
		name, value, _ := strings.Cut(rest, ":=")
		c := Column{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value), Hidden: hidden}
		i := slices.IndexFunc(before, func(old Column) bool { return strings.EqualFold(old.Name, c.Name) })
		if i >= 0 {
			c.Title, c.Total = before[i].Title, before[i].Total
		}
		if !hidden {
			order = append(order, c.Name)
		}
		noted[strings.ToLower(c.Name)] = c
		names = append(names, c.Name)
	}
	for _, old := range before {
		if c, there := noted[strings.ToLower(old.Name)]; there {
			columns = append(columns, c)
			delete(noted, strings.ToLower(old.Name))
		}
	}
	for _, name := range names {
		if c, there := noted[strings.ToLower(name)]; there {
			columns = append(columns, c)
			delete(noted, strings.ToLower(name))
		}
	}
	return columns, order
}

// lines are the lines with something in them.
func lines(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// Notation gives the pack's parts in lines: the name of a report, and behind a
// colon the columns that it should have.
func (p Pack) Notation() string {
	var all []string
	for _, part := range p.Parts {
		line := part.Report
		if len(part.Columns) > 0 {
			line += ": " + strings.Join(part.Columns, ", ")
		}
		all = append(all, line)
	}
	return strings.Join(all, "\n")
}

// Noted gives the pack with the parts that lines say. Answers and titles of parts
// that stay are kept. Errors are *FormatError.
func (p Pack) Noted(text string) (Pack, error) {
	before := p.Parts
	p.Parts = nil
	for line := range lines(text) {
		name, columns, _ := strings.Cut(line, ":")
		part := Part{Report: strings.TrimSpace(name)}
		for c := range strings.SplitSeq(columns, ",") {
			if c = strings.TrimSpace(c); c != "" {
				part.Columns = append(part.Columns, c)
			}
		}
		if i := slices.IndexFunc(before, func(old Part) bool { return old.Report == part.Report }); i >= 0 {
			part.Title, part.Answers = before[i].Title, before[i].Answers
		}
		p.Parts = append(p.Parts, part)
	}
	return p, p.check()
}
