package report

import (
	"slices"
	"strings"
)

// Link leads from a row to a report that says more of it.
type Link struct {
	Report Report
	// Thing is what it says more of, Value its name, Question what it answers.
	Thing    Thing
	Value    string
	Question string
	// Answers are all that the row gives.
	Answers map[string]string
}

// Row is a row that links lead from.
type Row struct {
	// Subject is what the row is about; the zero value where nobody knows.
	Subject Subject
	// Column is the cell that was asked about; "" asks about the row alone.
	Column string
	// Value gives the text of a column; ok is false where the row has none, or
	// several values.
	Value func(column string) (text string, ok bool)
}

// Links are the reports that say more of a row, those of the cell's own thing
// first. They are of the reports that the service has.
func (all Things) Links(list []Report, service string, row Row) []Link {
	var links []Link
	from := func(column string, kinds ...Thing) {
		value, ok := row.Value(column)
		if value = bareAddress(value); !ok || value == "" {
			return
		}
		for _, t := range kinds {
			links = append(links, t.links(list, service, value, row, links)...)
		}
	}
	if row.Column != "" && !strings.EqualFold(row.Column, row.Subject.Column) {
		from(row.Column, all.ofColumn(row.Column)...)
	}
	if row.Subject.Column != "" {
		from(row.Subject.Column, append([]Thing{row.Subject.Thing}, all.ofColumn(row.Subject.Column)...)...)
	}
	return links
}

// links lead from one thing; those to where others lead already are left out.
func (t Thing) links(list []Report, service, value string, row Row, others []Link) []Link {
	var links []Link
	for _, r := range list {
		if !r.Has(service) {
			continue
		}
		for _, q := range r.Questions {
			there := slices.ContainsFunc(others, func(l Link) bool { return l.Report.Name == r.Name && l.Question == q.Name })
			if there || !slices.Contains(q.Of, t.Name) {
				continue
			}
			if answers, ok := r.answersOf(q, value, row); ok {
				links = append(links, Link{Report: r, Thing: t, Value: value, Question: q.Name, Answers: answers})
			}
		}
	}
	return links
}

// Explains says that the report has a question that such a thing answers, and
// needs no other answer but from the row.
func (r Report) Explains(thing string) bool {
	return slices.ContainsFunc(r.Questions, func(q Question) bool { return slices.Contains(q.Of, thing) })
}

// AnswersOf are a report's answers for a row of a kind of thing; ok is false
// where the row does not answer all that is needed.
func (r Report) AnswersOf(row Row) (answers map[string]string, ok bool) {
	value, there := row.Value(row.Subject.Column)
	if value = bareAddress(value); !there || value == "" {
		return nil, false
	}
	for _, q := range r.Questions {
		if slices.Contains(q.Of, row.Subject.Thing.Name) {
			return r.answersOf(q, value, row)
		}
	}
	return nil, false
}

// answersOf answers a question, and the others from the row as they say.
func (r Report) answersOf(asked Question, value string, row Row) (map[string]string, bool) {
	answers := map[string]string{asked.Name: value}
	for _, q := range r.Questions {
		if q.Name == asked.Name {
			continue
		}
		for _, column := range q.From {
			if text, ok := row.Value(column); ok && text != "" {
				answers[q.Name] = text
				break
			}
		}
		if answers[q.Name] == "" && q.Needed && q.Default == "" {
			return nil, false
		}
	}
	return answers, true
}

// bareAddress takes away what Exchange puts before an address: smtp:.
func bareAddress(value string) string {
	value = strings.TrimSpace(value)
	if kind, rest, cut := strings.Cut(value, ":"); cut && strings.EqualFold(kind, "smtp") {
		return rest
	}
	return value
}
