package report

import (
	"context"
	"slices"
	"strings"
	"sync"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/result"
)

// Resumable is a plan on several targets that remembers what each gave: when it
// is run again on a target, only the calls that failed are sent again, and all
// rows come anew. It may run on several targets at once, on each once at a time.
type Resumable struct {
	*Plan
	retries int

	mu       sync.Mutex
	attempts map[int]*attempt
}

// Resumable gives the plan so that it can be resumed.
func (p *Plan) Resumable() *Resumable { return &Resumable{Plan: p, attempts: map[int]*attempt{}} }

// Retry says how often the calls for single rows that failed are sent again within a run;
// 0 leaves that to a further run. A report that changes something sends nothing again.
func (r *Resumable) Retry(times int) {
	if r.report.Reads() {
		r.retries = times
	}
}

// RunOn runs the plan on a target, which a number names. Rows, messages and the
// error are as Plan.Run has them.
func (r *Resumable) RunOn(ctx context.Context, target int, by session.Runner, to session.Sink) error {
	r.mu.Lock()
	a := r.attempts[target]
	if a == nil {
		a = newAttempt(r.Plan)
		r.attempts[target] = a
	}
	a.retries = r.retries
	r.mu.Unlock()
	return a.run(ctx, by, to)
}

// Failed is for how many rows of a target a follow-up failed when it ran last.
func (r *Resumable) Failed(target int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.attempts[target]; a != nil {
		return a.failed()
	}
	return 0
}

// attempt is a plan on one target: what its steps gave so far.
type attempt struct {
	plan    *Plan
	retries int
	talking sync.Mutex // of the sink, which takes one message at a time

	mu  sync.Mutex
	got []*gotten // beside the steps
}

// gotten is what a step gave.
type gotten struct {
	table *result.Table
	// whole says that the step, or the pipeline of both steps, was answered.
	whole bool
	// calls are the rows in table of each call for a row that was answered, by
	// the call's PowerShell.
	calls map[string]span
	// failed are the rows whose call failed when it was sent last, and how.
	failed int
	// said are the errors that the server reported during a pipeline for all rows.
	said []string
}

// span is a piece of a table's rows.
type span struct{ from, to int }

func newAttempt(p *Plan) *attempt {
	a := &attempt{plan: p, got: make([]*gotten, len(p.steps))}
	for i := range a.got {
		a.got[i] = &gotten{calls: map[string]span{}}
	}
	return a
}

// failed counts the rows without their follow-up.
func (a *attempt) failed() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, g := range a.got {
		n += g.failed
	}
	return n
}

// run runs the steps, but for what was answered before.
func (a *attempt) run(ctx context.Context, by session.Runner, to session.Sink) error {
	r := &running{attempt: a, plan: a.plan, by: by, to: &oneAtATime{Sink: to, turn: &a.talking}}
	if a.plan.report.Compare != nil {
		return r.compare(ctx)
	}
	lines, err := r.collect(ctx)
	if handErr := r.hand(ctx, lines, err == nil); err == nil {
		err = handErr
	}
	return err
}

// oneAtATime lets several calls speak at once. What a server warns of in the same words for
// one row after another is said once.
type oneAtATime struct {
	session.Sink
	turn   *sync.Mutex
	warned map[string]bool
}

// Message hands a message on.
func (s *oneAtATime) Message(m session.Message) {
	s.turn.Lock()
	defer s.turn.Unlock()
	if m.Kind == session.MessageWarning {
		if s.warned[m.Text] {
			return
		}
		if s.warned == nil {
			s.warned = map[string]bool{}
		}
		s.warned[m.Text] = true
	}
	s.Sink.Message(m)
}

// Status is what the column is called that says at a row why its follow-up
// failed: Status, unless the report has one of its own; "" where no step makes a
// call for each row. Only rows of a run in which some failed have it, behind the
// report's columns.
func (p *Plan) Status() string {
	if !slices.ContainsFunc(p.steps, func(s plannedStep) bool { return s.How == Each }) {
		return ""
	}
	name := result.StatusColumn.Name()
	for _, c := range p.shape.columns {
		if strings.EqualFold(c.Name, name) {
			return name + otherStatus
		}
	}
	return name
}

// otherStatus tells our column from one that is called the same.
const otherStatus = " (follow-up)"

// statusName is Status, seen beside what the steps returned too.
func (r *running) statusName() string {
	name := r.plan.Status()
	if name == result.StatusColumn.Name() && r.plan.options.Everything && r.known(name) {
		return name + otherStatus
	}
	return name
}

// key is under which a call is remembered.
func key(call cmdlet.Pipeline) string { return call.PowerShell() }
