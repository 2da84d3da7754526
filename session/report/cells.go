package report

import (
	"context"
	"fmt"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/result"
)

// taking collects a step's rows and hands its messages and questions on.
type taking struct {
	result.Appender
	talk
}

// talk is what a run says and asks beside its rows.
type talk interface {
	Message(session.Message)
	Ask(context.Context, session.Prompt) (session.Answer, error)
}

// cell gives a property of a line's row in a step; of a step that is asked
// whole, the values of all rows.
func (r *running) cell(l *line, step int, property string) value {
	switch {
	case step >= len(r.views):
		return nil
	case r.plan.steps[step].How == Whole:
		return r.all(step, property)
	case step >= len(l.rows):
		return nil
	}
	return r.at(step, l.rows[step], property)
}

// at gives a cell of a step's view.
func (r *running) at(step, row int, property string) value {
	if row < 0 {
		return nil
	}
	col, ok := r.views[step].Column(property)
	if !ok {
		return nil
	}
	return fromCell(r.views[step].Value(row, col))
}

// all gives the values that a property has in all rows of a step.
func (r *running) all(step int, property string) value {
	key := fmt.Sprintf("%d.%s", step, strings.ToLower(property))
	if v, ok := r.lists[key]; ok {
		return v
	}
	var list []string
	rows, _ := r.views[step].Size()
	for row := range rows {
		list = append(list, items(r.at(step, row, property))...)
	}
	if r.lists == nil {
		r.lists = map[string]value{}
	}
	r.lists[key] = list
	return list
}

// copy hands a cell on as it came, with its kind; false where the name is not
// that of a step's property.
func (r *running) copy(l *line, name string, to result.Appender, as []byte) bool {
	if _, computed := l.more[strings.ToLower(name)]; computed {
		return false
	}
	first, last := 0, len(r.views)-1
	if step, property, qualified := cutStep(name); qualified {
		name, first, last = property, step, min(step, last)
	}
	for step := last; step >= first; step-- {
		if r.plan.steps[step].How == Whole || step >= len(l.rows) || l.rows[step] < 0 {
			continue
		}
		if col, ok := r.views[step].Column(name); ok {
			result.Copy(to, as, r.views[step].Value(l.rows[step], col))
			return true
		}
	}
	return false
}

// others hands on what the steps returned beside the report's columns. A name
// of a later step that an earlier one has as well gets the step's number.
func (r *running) others(l *line, to result.Appender) {
	seen := map[string]bool{strings.ToLower(MarksColumn): true}
	for _, c := range r.plan.shape.columns {
		seen[strings.ToLower(c.Name)] = true
	}
	for step, v := range r.views {
		if r.plan.steps[step].How == Whole {
			continue
		}
		for col, header := range v.Headers() {
			name := header
			if seen[strings.ToLower(name)] {
				if name = fmt.Sprintf("%s (%d)", header, step+1); step == 0 || seen[strings.ToLower(name)] {
					continue
				}
			}
			seen[strings.ToLower(name)] = true
			if step < len(l.rows) && l.rows[step] >= 0 {
				result.Copy(to, []byte(name), v.Value(l.rows[step], col))
			}
		}
	}
}

// missing says which columns no row had, of a run whose steps all came to their end.
func (r *running) missing() {
	var names []string
	for _, c := range r.plan.shape.columns {
		if source, ok := c.source(); ok && !r.known(source) && r.told(source) {
			names = append(names, c.Name)
		}
	}
	if len(names) > 0 && r.rows() > 0 {
		r.to.Message(session.Message{
			Kind: session.MessageWarning, Time: time.Now(), Text: "Not returned here: " + strings.Join(names, ", "),
			Err: &MissingError{Columns: names},
		})
	}
}

// MissingError names columns of a report that no row had on this server.
type MissingError struct{ Columns []string }

// Error names them.
func (e *MissingError) Error() string {
	return "report: not returned: " + strings.Join(e.Columns, ", ")
}

// told says that every step that may have a property gave rows: what no row has can only
// be told by rows.
func (r *running) told(name string) bool {
	step, _, qualified := cutStep(name)
	for i, v := range r.views {
		rows, _ := v.Size()
		may := i == step
		if !qualified {
			may = r.plan.steps[i].How != Whole
		}
		if may && rows == 0 {
			return false
		}
	}
	return true
}

func (r *running) known(name string) bool {
	if e := r.plan.shape.Expand; e != nil && (strings.EqualFold(name, e.Entry) || strings.EqualFold(name, e.List)) {
		return true
	}
	_, property, _ := cutStep(name)
	for _, v := range r.views {
		if _, ok := v.Column(property); ok {
			return true
		}
	}
	return false
}

// rows counts the rows of the first step.
func (r *running) rows() int {
	if len(r.views) == 0 {
		return 0
	}
	rows, _ := r.views[0].Size()
	return rows
}

// calling are the properties by which people call a row, the best first.
var calling = []string{"PrimarySmtpAddress", "DisplayName", "Name", "Identity"}

// name is what a person calls a line's row.
func (r *running) name(l *line) string {
	for _, property := range calling {
		if v := l.property(property); !empty(v) {
			return text(v)
		}
	}
	return fmt.Sprint(l.rows)
}
