package report

import (
	"context"
	"errors"
	"slices"
	"strings"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/paging"
	"postroom/session/result"
)

// RowError is a call for one row that failed; the row stays, without what the
// call would have added.
type RowError struct {
	// Row names the row, Command what was called for it.
	Row, Command string
	Err          error
}

// Error names the row.
func (e *RowError) Error() string { return e.Row + ": " + e.Err.Error() }

// Unwrap gives what the server said.
func (e *RowError) Unwrap() error { return e.Err }

// Run runs the steps once and hands the report's rows, and the messages and
// questions of all steps, to the sink. When a step breaks off, the rows that can
// be made of what came are handed on and the error is that step's.
func (p *Plan) Run(ctx context.Context, by session.Runner, to session.Sink) error {
	return newAttempt(p).run(ctx, by, to)
}

// running is one run of an attempt. It has a method for each kind of step, call and
// answer, and all share the rows of the steps before.
type running struct {
	*attempt
	plan  *Plan
	by    session.Runner
	to    session.Sink
	views []*result.View // of the steps that have run
	lists map[string]value
}

// hand gives the rows that can be made of the lines to the sink; whole says that the steps
// came to their end.
func (r *running) hand(ctx context.Context, lines []*line, whole bool) error {
	if whole {
		r.missing()
	}
	shaped, err := r.shaped(ctx, lines)
	if err != nil {
		return err
	}
	status := r.statusName()
	for i, l := range shaped {
		if i%512 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := r.give(l, status); err != nil {
			return err
		}
	}
	return nil
}

// collect runs the steps one after the other and joins their rows.
func (r *running) collect(ctx context.Context) ([]*line, error) {
	var lines []*line
	for i := range r.plan.steps {
		var err error
		switch s := &r.plan.steps[i]; s.How {
		case Each:
			lines, err = r.each(ctx, s, lines)
		case Once, Whole:
			err = r.once(ctx, s)
			if s.How == Once {
				lines = r.join(lines, len(r.views)-1, s.On)
			}
		default:
			err = r.once(ctx, s)
			lines = r.first()
		}
		if err != nil {
			return lines, err
		}
	}
	return lines, nil
}

// first makes a line of each row of the first step.
func (r *running) first() []*line {
	rows, _ := r.views[0].Size()
	lines := make([]*line, 0, rows)
	for row := range rows {
		if l := (&line{run: r, rows: []int{row}}); r.kept(l, 0) {
			lines = append(lines, l)
		}
	}
	return lines
}

// kept says that a line's row of a step is one that the step keeps.
func (r *running) kept(l *line, step int) bool {
	keep := r.plan.steps[step].keep
	return keep == nil || truth(keep.root.eval(l))
}

// once runs a step as it stands, all its pages, unless it was answered before.
func (r *running) once(ctx context.Context, s *plannedStep) error {
	got := r.got[len(r.views)]
	if got.whole {
		r.views = append(r.views, got.table.Snapshot())
		return nil
	}
	got.table = result.NewTable(result.Provenance{})
	err := r.pages(ctx, r.by, s, whole, got.table.Builder())
	got.whole = err == nil
	r.views = append(r.views, got.table.Snapshot())
	return err
}

// pages runs a step, all pages of it where its cmdlet gives pages.
func (r *running) pages(ctx context.Context, by session.Runner, s *plannedStep, row func(string) (value, error), to result.Appender) error {
	filled, err := s.command.fill(r.plan.filler(row), r.plan.options.Kinds)
	if err != nil {
		return err
	}
	return r.send(ctx, by, filled, to, r.to)
}

// send sends a call, all its pages.
func (r *running) send(ctx context.Context, by session.Runner, call cmdlet.Pipeline, to result.Appender, talk talk) error {
	return paging.All(ctx, call, to, func(ctx context.Context, p cmdlet.Pipeline, rows result.Appender) error {
		return by.Run(ctx, r.plan.narrowed(p), &taking{Appender: rows, talk: talk})
	})
}

// whole leaves out what only a row of another step could give.
func whole(string) (value, error) { return nil, errLeaveOut }

// ofOneRow says that an error is about the row that was asked for: the cmdlet
// reported it, or the row lacks what the call needs.
func ofOneRow(err error) bool {
	var remote session.CmdletError
	var reported *reportedError
	return errors.As(err, &remote) || errors.As(err, &reported) || lacks(err)
}

// NoPropertyError is a call that could not be made, as its row has no value for it.
type NoPropertyError struct{ Property string }

// Error names the property.
func (e *NoPropertyError) Error() string { return "The row has no value for " + e.Property + "." }

// lacks says that an error is a *NoPropertyError.
func lacks(err error) bool {
	_, is := errors.AsType[*NoPropertyError](err)
	return is
}

// ofRow gives a property for a call.
func (r *running) ofRow(l *line, name string) (value, error) {
	v := l.property(name)
	if empty(v) {
		return nil, &NoPropertyError{Property: name}
	}
	return v, nil
}

// without are lines for which a step gave nothing.
func without(lines []*line) []*line {
	for _, l := range lines {
		l.rows = append(slices.Clone(l.rows), -1)
	}
	return lines
}

// with makes a line of each row that a step gave for a line; one without any
// when it gave none.
func (r *running) with(l *line, step, from, to int) []*line {
	var out []*line
	for row := from; row < to; row++ {
		next := &line{run: r, rows: append(slices.Clone(l.rows), row), note: l.note}
		if r.kept(next, step) {
			out = append(out, next)
		}
	}
	if len(out) == 0 {
		out = append(out, &line{run: r, rows: append(slices.Clone(l.rows), -1), note: l.note})
	}
	return out
}

// join puts the rows of a step beside the lines that they belong to.
func (r *running) join(lines []*line, step int, on *Join) []*line {
	byKey := map[string][]int{}
	rows, _ := r.views[step].Size()
	for row := range rows {
		for _, key := range items(r.at(step, row, bare(on.Right))) {
			byKey[strings.ToLower(key)] = append(byKey[strings.ToLower(key)], row)
		}
	}
	var out []*line
	for _, l := range lines {
		var matched []*line
		for _, key := range items(l.property(on.Left)) {
			for _, row := range byKey[strings.ToLower(key)] {
				next := &line{run: r, rows: append(slices.Clone(l.rows), row), note: l.note}
				if r.kept(next, step) {
					matched = append(matched, next)
				}
			}
		}
		if matched == nil {
			matched = without([]*line{l})
		}
		out = append(out, matched...)
	}
	return out
}

// bare is a name without its step.
func bare(name string) string {
	_, property, _ := cutStep(name)
	return property
}
