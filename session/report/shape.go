package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"postroom/session/result"
)

// plannedShape is a shape whose expressions were read.
type plannedShape struct {
	Shape
	columns []plannedColumn
	keep    *Expression
	sort    []sortKey
	marks   []*Expression
	given   []int // columns in the order in which they are given
}

type plannedColumn struct {
	Column
	value *Expression // nil: the property of the name, or the rows of a group
}

// source is the property that a column shows as it came; ok is false for what
// is computed.
func (c plannedColumn) source() (name string, ok bool) {
	switch {
	case c.Total != "":
		return "", false
	case c.value == nil:
		return c.Name, true
	}
	p, ok := c.value.root.(property)
	return string(p), ok
}

// descendingKey ends a key of a sort from large to small.
const descendingKey = " desc"

type sortKey struct {
	column     int
	descending bool
}

// planShape reads the expressions of a shape. Errors are *SyntaxError.
func planShape(s Shape) (plannedShape, error) {
	p := plannedShape{Shape: s}
	var err error
	if s.Keep != "" {
		if p.keep, err = Parse(s.Keep); err != nil {
			return p, err
		}
	}
	for _, c := range s.Columns {
		planned := plannedColumn{Column: c}
		if c.Value != "" {
			if planned.value, err = Parse(c.Value); err != nil {
				return p, err
			}
		}
		p.columns = append(p.columns, planned)
	}
	for _, m := range s.Marks {
		when, err := Parse(m.When)
		if err != nil {
			return p, err
		}
		p.marks = append(p.marks, when)
	}
	return p, p.order()
}

// order finds the columns of the keys, and of the order in which they are given.
func (p *plannedShape) order() error {
	unknown := func(name string) error { return &SyntaxError{Expression: name, Want: "a column of the report"} }
	for _, key := range p.Sort {
		i, descending := p.column(key), false
		if name, down := strings.CutSuffix(key, descendingKey); i < 0 && down {
			i, descending = p.column(name), true
		}
		if i < 0 {
			return unknown(key)
		}
		p.sort = append(p.sort, sortKey{i, descending})
	}
	for _, name := range p.Order {
		i := p.column(name)
		if i < 0 || slices.Contains(p.given, i) {
			return unknown(name)
		}
		p.given = append(p.given, i)
	}
	for i, c := range p.Columns {
		if !c.Hidden && !slices.Contains(p.given, i) {
			p.given = append(p.given, i)
		}
	}
	for _, name := range p.GroupBy {
		if p.column(name) < 0 {
			return unknown(name)
		}
	}
	if p.Grouped != "" && p.column(p.Grouped) < 0 {
		return unknown(p.Grouped)
	}
	return nil
}

func (p *plannedShape) column(name string) int {
	return slices.IndexFunc(p.columns, func(c plannedColumn) bool { return strings.EqualFold(c.Name, name) })
}

// line is a row on its way: its rows in the steps' views, what was expanded,
// and what was computed.
type line struct {
	run  *running
	rows []int // beside the steps; -1 where a step gave none
	more map[string]value
	// cells are the values of the columns; a nil cell with direct set is copied
	// from where it came, with its kind.
	cells []value
	marks []int
	note  string // what became of its follow-up, when that failed
}

// property finds a name: computed columns, what was expanded, then the steps,
// the last one first.
func (l *line) property(name string) value {
	if v, ok := l.more[strings.ToLower(name)]; ok {
		return v
	}
	if step, property, qualified := cutStep(name); qualified {
		return l.run.cell(l, step, property)
	}
	if i := l.run.plan.shape.column(name); i >= 0 && i < len(l.cells) {
		return l.cells[i]
	}
	for step := len(l.run.views) - 1; step >= 0; step-- {
		if l.run.plan.steps[step].How == Whole {
			continue
		}
		if v := l.run.cell(l, step, name); v != nil {
			return v
		}
	}
	return nil
}

func (l *line) answer(name string) value { return l.run.plan.answers[strings.ToLower(name)] }
func (l *line) now() moments             { return l.run.plan.at }

// cutStep reads 2.Name.
func cutStep(name string) (step int, property string, ok bool) {
	if len(name) > 2 && name[1] == '.' && '1' <= name[0] && name[0] <= '9' {
		return int(name[0] - '1'), name[2:], true
	}
	return 0, name, false
}

// shaped makes the report's rows of the lines.
func (r *running) shaped(ctx context.Context, lines []*line) ([]*line, error) {
	lines = r.expanded(lines)
	kept := lines[:0]
	for i, l := range lines {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		r.compute(l)
		if r.nothing(l) {
			continue
		}
		// A row whose follow-up failed stays: nobody knows whether it is one to keep.
		if r.plan.shape.keep == nil || l.note != "" || truth(r.plan.shape.keep.root.eval(l)) {
			kept = append(kept, l)
		}
	}
	if len(r.plan.shape.GroupBy) > 0 {
		kept = r.grouped(kept)
	}
	for _, l := range kept {
		for i, when := range r.plan.shape.marks {
			if truth(when.root.eval(l)) {
				l.marks = append(l.marks, i)
			}
		}
	}
	r.sort(kept)
	return kept, nil
}

// nothing says that a line shows nothing: the report shows only what a later step gives, and
// that gave none for it.
func (r *running) nothing(l *line) bool {
	if l.note != "" || !slices.Contains(l.rows, -1) {
		return false
	}
	return !slices.ContainsFunc(r.plan.shape.given, func(i int) bool { return !empty(l.cells[i]) })
}

// compute fills the cells in the columns' order, so that one may use those
// before it.
func (r *running) compute(l *line) {
	l.cells = make([]value, 0, len(r.plan.shape.columns))
	for _, c := range r.plan.shape.columns {
		var v value
		switch {
		case c.value != nil:
			v = c.value.root.eval(l)
		case c.Total == "":
			v = l.property(c.Name)
		}
		l.cells = append(l.cells, v)
	}
}

// expanded makes a line of each entry of the lists that the report names.
func (r *running) expanded(lines []*line) []*line {
	e := r.plan.shape.Expand
	if e == nil {
		return lines
	}
	var out []*line
	for _, l := range lines {
		before := len(out)
		for _, name := range e.Lists {
			for _, entry := range items(l.property(name)) {
				more := map[string]value{strings.ToLower(e.Entry): entry}
				if e.List != "" {
					_, property, _ := cutStep(name)
					more[strings.ToLower(e.List)] = property
				}
				out = append(out, &line{run: r, rows: l.rows, more: more, note: l.note})
			}
		}
		if l.note != "" && len(out) == before {
			out = append(out, l) // its lists did not come
		}
	}
	return out
}

// grouped makes a line of each group.
func (r *running) grouped(lines []*line) []*line {
	var keys []int
	for _, name := range r.plan.shape.GroupBy {
		keys = append(keys, r.plan.shape.column(name))
	}
	groups := map[string][]*line{}
	var order []string
	for _, l := range lines {
		var key strings.Builder
		for _, k := range keys {
			key.WriteString(strings.ToLower(text(l.cells[k])))
			key.WriteByte(0)
		}
		if groups[key.String()] == nil {
			order = append(order, key.String())
		}
		groups[key.String()] = append(groups[key.String()], l)
	}
	out := make([]*line, 0, len(order))
	for _, key := range order {
		group := groups[key]
		l := &line{run: r, rows: group[0].rows, more: group[0].more, cells: slices.Clone(group[0].cells)}
		if i := slices.IndexFunc(group, func(of *line) bool { return of.note != "" }); i >= 0 {
			l.note = group[i].note
		}
		for i, c := range r.plan.shape.columns {
			if c.Total != "" {
				l.cells[i] = total(c, i, group)
			}
		}
		out = append(out, l)
	}
	return out
}

// total is what is made of a group's values.
func total(c plannedColumn, at int, group []*line) value {
	var list []value
	for _, l := range group {
		if c.value == nil || !empty(l.cells[at]) && truth(l.cells[at]) {
			list = append(list, l.cells[at])
		}
	}
	switch c.Total {
	case "count":
		return float64(len(list))
	case "distinct":
		seen := map[string]bool{}
		for _, v := range list {
			seen[strings.ToLower(text(v))] = true
		}
		return float64(len(seen))
	case "sum":
		sum := 0.0
		for _, v := range list {
			n, _ := number(v)
			sum += n
		}
		return sum
	case "min", "max":
		if len(list) == 0 {
			return nil
		}
		if c.Total == "min" {
			return slices.MinFunc(list, compare)
		}
		return slices.MaxFunc(list, compare)
	}
	return nil
}

// compare orders values: those without one last.
func compare(a, b value) int {
	switch {
	case empty(a) && empty(b):
		return 0
	case empty(a):
		return 1
	case empty(b):
		return -1
	}
	if c, ok := order(a, b); ok {
		return c
	}
	if x, ok := a.(time.Duration); ok {
		if y, ok := b.(time.Duration); ok {
			return cmp.Compare(x, y)
		}
	}
	return strings.Compare(strings.ToLower(text(a)), strings.ToLower(text(b)))
}

// sort orders the lines by the report's keys; lines without a value are last in
// either direction.
func (r *running) sort(lines []*line) {
	if len(r.plan.shape.sort) == 0 {
		return
	}
	slices.SortStableFunc(lines, func(a, b *line) int {
		for _, k := range r.plan.shape.sort {
			x, y := a.cells[k.column], b.cells[k.column]
			c := compare(x, y)
			if k.descending && !empty(x) && !empty(y) {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
}

// give hands a line's row to the sink.
func (r *running) give(l *line, status string) error {
	to := r.to
	to.BeginRow()
	for _, i := range r.plan.shape.given {
		c := r.plan.shape.columns[i]
		if source, ok := c.source(); ok && r.copy(l, source, to, []byte(c.Name)) {
			continue
		}
		put(to, c.Name, l.cells[i])
	}
	if len(r.plan.shape.marks) > 0 {
		texts := make([]string, len(l.marks))
		for i, m := range l.marks {
			texts[i] = r.plan.shape.Marks[m].Text.En
		}
		put(to, MarksColumn, marksOf(texts))
	}
	if r.plan.options.Everything {
		r.others(l, to)
	}
	switch {
	case l.note == "":
	case status == result.StatusColumn.Name():
		to.Own(result.StatusColumn, []byte(l.note))
	default:
		to.Text([]byte(status), []byte(l.note))
	}
	return to.EndRow()
}

func marksOf(texts []string) value {
	if len(texts) == 0 {
		return nil
	}
	return strings.Join(texts, marksBetween)
}
