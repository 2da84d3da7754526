package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/result"
)

// crew is a session.Runner that can do several commands at once.
type crew interface {
	session.Runner
	// Hands gives at least one and at most n runners, to be used at the same time,
	// and what lets go of them afterwards. It waits for no slot.
	Hands(ctx context.Context, n int) (hands []session.Runner, release func())
}

// pipes says that the server takes both steps as one pipeline.
func (r *running) pipes() bool {
	says, can := r.by.(interface{ Pipes() bool })
	return !can || says.Pipes()
}

// each runs a step for each line, the cheap way first. Where the report says how to
// tell the rows apart that is one pipeline of both steps, else a call for each
// thing that holds such rows where the service has those; else a call for each line.
// What was answered for all before is not asked again: the rows that it gave nothing
// for get a call each.
func (r *running) each(ctx context.Context, s *plannedStep, lines []*line) ([]*line, error) {
	got := r.got[len(r.views)]
	if got.table == nil {
		got.table = result.NewTable(result.Provenance{})
	}
	if rowByRow := s.On == nil || !r.pipes() && s.holders == nil; rowByRow && !got.whole {
		called, err := r.calls(ctx, s, lines)
		return slices.Concat(called...), err
	}
	resumed := got.whole && len(got.said) > 0
	if !got.whole {
		if err := r.forAll(ctx, s, got); err != nil {
			r.views = append(r.views, got.table.Snapshot())
			return r.join(lines, len(r.views)-1, s.On), err
		}
	}
	step := len(r.views)
	joined := r.join(lines, r.look(got), s.On)
	if !resumed && (r.retries == 0 || len(got.said) == 0) {
		r.noteUnmatched(joined, step, s.On, got)
		return joined, nil
	}
	return r.callUnmatched(ctx, s, step, joined)
}

// callUnmatched makes a call for each line for which a step gave nothing so far.
func (r *running) callUnmatched(ctx context.Context, s *plannedStep, step int, joined []*line) ([]*line, error) {
	var open []*line
	for _, l := range joined {
		if l.rows[step] < 0 {
			open = append(open, &line{run: r, rows: l.rows[:step], note: l.note})
		}
	}
	r.views = r.views[:step]
	called, err := r.calls(ctx, s, open)
	var out []*line
	for _, l := range joined {
		if l.rows[step] >= 0 {
			out = append(out, l)
			continue
		}
		out = append(out, called[0]...)
		called = called[1:]
	}
	return out, err
}

// look adds the view of what a step gave; it gives the step.
func (r *running) look(got *gotten) int {
	r.views = append(r.views, got.table.Snapshot())
	return len(r.views) - 1
}

// forAll asks for the rows of all lines. Where the server refuses the pipeline as a
// whole it is asked by what holds the rows.
func (r *running) forAll(ctx context.Context, s *plannedStep, got *gotten) error {
	if r.pipes() {
		err := r.pipe(ctx, s, got)
		if err == nil || s.holders == nil || got.table.Len() > 0 || !ofOneRow(err) {
			return err
		}
	}
	return r.perHolder(ctx, s, got)
}

// perHolder makes a call for each thing that holds rows of the step. What the server
// reports for one of them is said of its rows alone.
func (r *running) perHolder(ctx context.Context, s *plannedStep, got *gotten) error {
	got.said = nil
	call, err := s.holders.fill(r.plan.filler(whole), r.plan.options.Kinds)
	if err != nil {
		return err
	}
	table := result.NewTable(result.Provenance{})
	if err := r.send(ctx, r.by, call, table.Builder(), r.to); err != nil {
		return err
	}
	holders := table.Snapshot()
	n, _ := holders.Size()
	all := make([]*rowCall, n)
	for row := range all {
		c := &rowCall{line: &line{run: r}}
		c.call, c.err = s.ofHolder.fill(r.plan.filler(func(name string) (value, error) {
			if col, has := holders.Column(name); has {
				return fromCell(holders.Value(row, col)), nil
			}
			return nil, &NoPropertyError{Property: name}
		}), r.plan.options.Kinds)
		all[row] = c
	}
	if err := r.sendAll(ctx, s.ofHolderStep(), all, got); err != nil {
		return err
	}
	for _, c := range all {
		if c.err != nil {
			got.said = append(got.said, c.err.Error())
			r.to.Message(session.Message{Kind: session.MessageError, Time: time.Now(), Text: c.err.Error(), Err: c.err})
		}
	}
	got.whole = true
	return nil
}

// ofHolderStep is the step as it is sent for what holds its rows.
func (s *plannedStep) ofHolderStep() *plannedStep {
	return &plannedStep{Step: Step{Run: s.Per.Run}, command: *s.ofHolder}
}

// pipe lets the server hand the rows of the step before to this one: one
// pipeline, whatever the number of rows.
func (r *running) pipe(ctx context.Context, s *plannedStep, got *gotten) error {
	var both cmdlet.Pipeline
	for _, step := range []*plannedStep{&r.plan.steps[len(r.views)-1], s} {
		filled, err := step.command.fill(r.plan.filler(whole), r.plan.options.Kinds)
		if err != nil {
			return err
		}
		both = append(both, filled...)
	}
	got.said = nil
	listening := &listening{talk: r.to, errors: &got.said}
	err := r.by.Run(ctx, both, &taking{Appender: got.table.Builder(), talk: listening})
	got.whole = err == nil
	return err
}

// listening keeps the errors that are said.
type listening struct {
	talk
	errors *[]string
}

// Message keeps an error and hands it on.
func (l *listening) Message(m session.Message) {
	if m.Kind == session.MessageError {
		*l.errors = append(*l.errors, m.Text)
	}
	l.talk.Message(m)
}

// noteUnmatched says at the rows that a pipeline gave nothing for what the server
// said of them, and counts those errors.
func (r *running) noteUnmatched(lines []*line, step int, on *Join, got *gotten) {
	r.mu.Lock()
	got.failed = len(got.said)
	r.mu.Unlock()
	for _, l := range lines {
		if l.rows[step] >= 0 || len(got.said) == 0 {
			continue
		}
		names := append(items(l.property(on.Left)), r.name(l))
		for _, said := range got.said {
			if slices.ContainsFunc(names, func(name string) bool { return name != "" && strings.Contains(said, name) }) {
				l.note = said
			}
		}
	}
}

// rowCall is what is to be sent for a line.
type rowCall struct {
	line *line
	key  string
	call cmdlet.Pipeline // nil: the row lacks what it needs
	err  error           // why it cannot be sent, or how it failed
	rows span            // of the step's table
	done bool
}

// calls sends a call for each line, as many at once as the session can do, but
// for those that were answered before. It gives the lines that became of each.
func (r *running) calls(ctx context.Context, s *plannedStep, lines []*line) ([][]*line, error) {
	step := len(r.views)
	got := r.got[step]
	all := make([]*rowCall, len(lines))
	for i, l := range lines {
		c := &rowCall{line: l}
		all[i] = c
		c.call, c.err = s.command.fill(r.plan.filler(func(name string) (value, error) { return r.ofRow(l, name) }), r.plan.options.Kinds)
		switch {
		case c.err == nil:
			c.key = key(c.call)
			c.rows, c.done = got.calls[c.key]
		case lacks(c.err) && l.rows[len(l.rows)-1] < 0:
			c.err = nil // the step before gave nothing for it, or said why: there is nothing to ask for
		}
	}
	err := r.sendAll(ctx, s, all, got)
	for again := 0; again < r.retries && err == nil && ctx.Err() == nil && failures(all) > 0; again++ {
		err = r.sendAll(ctx, s, all, got)
	}
	r.mu.Lock()
	got.failed = failures(all)
	r.mu.Unlock()
	r.views = append(r.views, got.table.Snapshot())
	out := make([][]*line, len(all))
	for i, c := range all {
		if c.err != nil {
			name := r.name(c.line)
			c.line.note = firstLine(c.err.Error())
			r.to.Message(session.Message{
				Kind: session.MessageError, Time: time.Now(), Text: name + ": " + c.err.Error(),
				Err: &RowError{Row: name, Command: s.Run, Err: c.err},
			})
		}
		out[i] = r.with(c.line, step, c.rows.from, c.rows.to)
	}
	return out, err
}

// failures counts the calls that failed and can be sent again.
func failures(all []*rowCall) int {
	n := 0
	for _, c := range all {
		if c.err != nil && c.call != nil {
			n++
		}
	}
	return n
}

func firstLine(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(text)
}

// reply is what a call gave.
type reply struct {
	call *rowCall
	rows *result.View
	err  error
}

// sendAll sends the calls that have no answer yet. An error that is not about one
// row ends it.
func (r *running) sendAll(ctx context.Context, s *plannedStep, all []*rowCall, got *gotten) error {
	var open []*rowCall
	for _, c := range all {
		if !c.done && c.call != nil {
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return nil
	}
	pace := pace{step: session.CmdletOf(s.Run), began: time.Now(), total: len(all), before: len(all) - len(open)}
	take := func(reply reply) error {
		if reply.err != nil && !ofOneRow(reply.err) {
			return reply.err
		}
		err := got.take(reply)
		pace.done++
		pace.tell(r.to)
		return err
	}
	if done, err := r.together(ctx, open, take); done {
		return err
	}
	hands, release := []session.Runner{r.by}, func() {}
	if crew, ok := r.by.(crew); ok && len(open) > 1 {
		hands, release = crew.Hands(ctx, len(open))
	}
	defer release()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var ended error
	for reply := range r.replies(ctx, stop, hands, open) {
		if err := take(reply); err != nil {
			ended = cmp.Or(ended, err)
			stop()
		}
	}
	if ended == nil && ctx.Err() != nil {
		ended = context.Cause(ctx)
	}
	return ended
}

// take keeps what a call gave, and how it failed.
func (g *gotten) take(reply reply) error {
	rows, err := keep(g.table, reply.rows)
	c := reply.call
	c.rows, c.err, c.done = rows, reply.err, reply.err == nil
	if c.done {
		g.calls[c.key] = rows
	}
	return err
}

// replies sends the calls by the hands, each one at a time, until ctx ends. What
// ends the step calls stop.
func (r *running) replies(ctx context.Context, stop func(), hands []session.Runner, open []*rowCall) <-chan reply {
	todo, replies := make(chan *rowCall), make(chan reply)
	var working sync.WaitGroup
	for _, by := range hands {
		working.Go(func() { // ends when todo is closed
			for c := range todo {
				if ctx.Err() != nil {
					continue
				}
				table, heard := result.NewTable(result.Provenance{}), &hearing{talk: r.to}
				err := heard.outcome(r.send(ctx, by, c.call, table.Builder(), heard))
				if err != nil && !ofOneRow(err) {
					stop() // before the next is taken
				}
				replies <- reply{c, table.Snapshot(), err}
			}
		})
	}
	go func() { // ends when all are handed out, or ctx has ended
		defer close(todo)
		for _, c := range open {
			select {
			case todo <- c:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() { working.Wait(); close(replies) }() // ends with the workers
	return replies
}

// keep copies what a call gave behind the step's rows.
func keep(table *result.Table, rows *result.View) (span, error) {
	from := table.Len()
	n, cols := rows.Size()
	names := make([][]byte, cols)
	for col := range names {
		names[col] = []byte(rows.Header(col))
	}
	to := table.Builder()
	for row := range n {
		to.BeginRow()
		for col := range names {
			result.Copy(to, names[col], rows.Value(row, col))
		}
		if err := to.EndRow(); err != nil {
			return span{from, table.Len()}, err
		}
	}
	return span{from, table.Len()}, nil
}

// pace says how far a step is that makes a call for each row, and how long the
// rest takes as it goes.
type pace struct {
	step   string
	began  time.Time
	total  int
	before int // answered in an earlier run
	done   int
	told   time.Time
}

// telling is how often it is said at most.
const telling = 200 * time.Millisecond

func (p *pace) tell(to session.Sink) {
	done := p.before + p.done
	if done < p.total && time.Since(p.told) < telling {
		return
	}
	p.told = time.Now()
	m := session.Progress{
		ID: 1, Parent: -1, Activity: p.step, Status: fmt.Sprintf("%d / %d", done, p.total), Done: done, Total: p.total,
		Percent: 100 * done / p.total, Remaining: -1, Completed: done == p.total,
	}
	if done < p.total {
		m.Remaining = time.Since(p.began) / time.Duration(p.done) * time.Duration(p.total-done)
	}
	to.Message(session.Message{Kind: session.MessageProgress, Time: time.Now(), Progress: m})
}
