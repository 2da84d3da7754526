// Package pack runs several reports in one go, on one target or many, and writes
// what came as workbooks or CSV files: a workbook for each tenant with a sheet for
// each report and a cover, one for all, or a file for each report by a pattern.
//
// What a pack and its reports are is session/report's, how targets are opened,
// stopped and tried again session/job's. Its Run is a task of a Job; the rows that
// it hands on say how each report came out, the reports' own rows are kept here
// until they are written.
package pack

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
	"postroom/session/report"
	"postroom/session/result"
)

// Options say how a pack is to run.
type Options struct {
	// Service is where: EXO, EOP, ONPREM or SCC; "" takes each report as it is.
	Service string
	// Now is the time of the run; its zone is the person's.
	Now time.Time
	// Kinds tell what the parameters of the steps take.
	Kinds cmdlet.Kinds
	// Language is that of titles, a BCP 47 tag.
	Language string
	// Explain says in the person's words why a report failed or is not there, for rows and
	// covers; nil gives the error's own text.
	Explain func(error) string
	// Kept is for reports that compare.
	Kept *report.Kept
}

// Run is a pack that runs. It is a task of one job, on as many targets as that
// has, and remembers what each gave: when it is run again on a target, only what
// failed is asked for again. It may run on several targets at once.
type Run struct {
	pack    report.Pack
	options Options
	parts   []part
	retries int

	mu     sync.Mutex
	sheets map[int][]*sheet // by target, beside parts
}

// part is a report of the pack.
type part struct {
	name, title string
	plan        *report.Resumable // nil where the service has it not
	lacks       error             // why, then
}

// sheet is what a report gave on a target.
type sheet struct {
	state   State
	table   *result.Table
	errors  int
	err     error
	seconds float64
}

// State is how far a report of the pack is on a target.
type State uint8

// The states.
const (
	Waiting State = iota // not asked yet
	Absent               // the service has no such report
	Whole                // all rows are there
	Partial              // rows are there, and others, or what belongs to some, are missing
	Failed               // nothing came
	Stopped              // nothing came before a person stopped it
)

var stateNames = [...]string{Waiting: "not asked", Absent: "not available", Whole: "whole", Partial: "partial", Failed: "failed", Stopped: "stopped"}

// String gives the state's name.
func (s State) String() string { return stateNames[s] }

// UnknownError is a report that a pack names and that there is not.
type UnknownError struct{ Pack, Report string }

// Error names both.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("pack %s: there is no report %s", e.Pack, e.Report)
}

// New reads the reports of a pack for a service; they only read. Reports that the service has not
// are passed over, and said. Errors are *UnknownError,
// *report.ChangesError, and those of report.Report.Plan, with the report's name.
func New(p report.Pack, reports []report.Report, o Options) (*Run, error) {
	r := &Run{pack: p, options: o, sheets: map[int][]*sheet{}}
	for _, each := range p.Parts {
		i := slices.IndexFunc(reports, func(r report.Report) bool { return strings.EqualFold(r.Name, each.Report) })
		if i < 0 {
			return nil, &UnknownError{Pack: p.Name, Report: each.Report}
		}
		of := reports[i].Chosen(each.Columns)
		next := part{name: of.Name, title: each.Title.In(o.Language)}
		if next.title == "" {
			next.title = of.Title.In(o.Language)
		}
		if of.Has(o.Service) {
			plan, err := of.Plan(report.Options{Service: o.Service, Answers: each.Answers, Now: o.Now, Kinds: o.Kinds, Kept: o.Kept})
			if err != nil {
				return nil, fmt.Errorf("pack %s: %s: %w", p.Name, each.Report, err)
			}
			if !of.Reads() {
				return nil, &report.ChangesError{Report: of.Name, Commands: plan.Lines()}
			}
			next.plan = plan.Resumable()
		} else {
			next.lacks = &report.LackError{Services: of.Services}
		}
		r.parts = append(r.parts, next)
	}
	return r, nil
}

// Retry says how often reports, and calls for single rows, that failed are asked for again
// within a run.
func (r *Run) Retry(times int) {
	r.retries = times
	for _, p := range r.parts {
		if p.plan != nil {
			p.plan.Retry(times)
		}
	}
}

// Name is the pack's.
func (r *Run) Name() string { return r.pack.Name }

// Commands are those of all reports.
func (r *Run) Commands() []cmdlet.Invocation {
	var all []cmdlet.Invocation
	for _, p := range r.parts {
		if p.plan != nil {
			all = append(all, p.plan.Commands()...)
		}
	}
	return all
}

// PowerShell is that of all reports, a line for each step.
func (r *Run) PowerShell() string {
	var lines []string
	for _, p := range r.parts {
		if p.plan != nil {
			lines = append(lines, p.plan.PowerShell())
		}
	}
	return strings.Join(lines, "\n")
}

// Columns are the names of the columns of the rows that say how each report came
// out.
func Columns() []string { return []string{"Report", "State", "Rows", "Errors", "Seconds", "Note"} }

// Run runs the pack on the only target.
func (r *Run) Run(ctx context.Context, by session.Runner, to session.Sink) error {
	return r.RunOn(ctx, 0, by, to)
}

// RunOn runs the reports on a target one after the other, but for those of which
// all is there, and gives a row for each. A report that the server refuses does
// not keep the others from running; the error is then the first report's. What
// breaks the connection off ends the target.
func (r *Run) RunOn(ctx context.Context, target int, by session.Runner, to session.Sink) error {
	sheets := r.of(target)
	var refused, broken error
	for i, p := range r.parts {
		s := sheets[i]
		if p.plan != nil && broken == nil && (s.state != Whole) {
			err := r.ask(ctx, target, p, s, by, to)
			for again := 0; again < r.retries && ofReport(err) && ctx.Err() == nil; again++ {
				err = r.ask(ctx, target, p, s, by, to)
			}
			if err != nil {
				err = fmt.Errorf("%s: %w", p.name, err)
			}
			switch {
			case err == nil:
			case ofReport(err) && ctx.Err() == nil:
				refused = cmp.Or(refused, err)
			default:
				broken = err
			}
		}
		if err := r.give(to, p, s); err != nil {
			return err
		}
		progress(to, p, i+1, len(r.parts))
	}
	if broken != nil {
		return broken
	}
	return refused
}

// ofReport says that an error is about one report: the server refused it, and takes
// the next.
func ofReport(err error) bool {
	_, refused := session.Refused(err)
	return refused
}

// Refused notes why a target could not be asked: its cover says so.
func (r *Run) Refused(target int, why error) {
	for _, s := range r.of(target) {
		r.mu.Lock()
		if s.state == Waiting {
			s.err = why
		}
		r.mu.Unlock()
	}
}

// of gives the sheets of a target.
func (r *Run) of(target int) []*sheet {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sheets[target] == nil {
		for _, p := range r.parts {
			s := &sheet{}
			if p.plan == nil {
				s.state, s.err = Absent, p.lacks
			}
			r.sheets[target] = append(r.sheets[target], s)
		}
	}
	return r.sheets[target]
}

// ask runs a report into a table of its own.
func (r *Run) ask(ctx context.Context, target int, p part, s *sheet, by session.Runner, to session.Sink) error {
	began := time.Now()
	table := result.NewTable(result.Provenance{Command: p.plan.PowerShell(), Started: began})
	into := &counting{Appender: table.Builder(), to: to}
	err := p.plan.RunOn(ctx, target, by, into)
	r.mu.Lock()
	defer r.mu.Unlock()
	s.table, s.errors, s.err, s.seconds = table, into.errors, err, time.Since(began).Seconds()
	switch {
	case err != nil && table.Len() == 0 && ctx.Err() != nil:
		s.state = Stopped
	case err != nil && table.Len() == 0:
		s.state = Failed
	case err != nil, p.plan.Failed(target) > 0:
		s.state = Partial
	default:
		s.state = Whole
	}
	if err != nil {
		s.errors++
	}
	return err
}

// counting takes the rows of a report, hands its messages and questions on, and
// counts errors.
type counting struct {
	result.Appender
	to     session.Sink
	errors int
}

// Message hands a message on.
func (c *counting) Message(m session.Message) {
	if m.Kind == session.MessageError {
		c.errors++
	}
	c.to.Message(m)
}

// Ask hands a question on.
func (c *counting) Ask(ctx context.Context, p session.Prompt) (session.Answer, error) {
	return c.to.Ask(ctx, p)
}

// give says in a row how a report came out.
func (r *Run) give(to session.Sink, p part, s *sheet) error {
	rows := 0
	if s.table != nil {
		rows = s.table.Len()
	}
	to.BeginRow()
	to.Text([]byte("Report"), []byte(p.title))
	to.Text([]byte("State"), []byte(s.state.String()))
	to.Int([]byte("Rows"), int64(rows))
	to.Int([]byte("Errors"), int64(s.errors))
	to.Float([]byte("Seconds"), float64(int(s.seconds*10+0.5))/10)
	if s.err != nil {
		to.Text([]byte("Note"), []byte(r.why(s.err)))
	} else {
		to.Null([]byte("Note"))
	}
	return to.EndRow()
}

// why says why a report failed.
func (r *Run) why(err error) string {
	if r.options.Explain != nil {
		return r.options.Explain(err)
	}
	return err.Error()
}

// progress says how many reports of the target are done.
func progress(to session.Sink, p part, done, all int) {
	to.Message(session.Message{Kind: session.MessageProgress, Time: time.Now(), Progress: session.Progress{
		ID: 0, Parent: -1, Activity: p.title, Status: fmt.Sprintf("%d / %d", done, all), Done: done, Total: all,
		Percent: 100 * done / all, Remaining: -1, Completed: done == all,
	}})
}

// Failed is of how many reports of a target something is missing although the
// target came to its end.
func (r *Run) Failed(target int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, s := range r.sheets[target] {
		if s.state == Partial || s.state == Failed || s.state == Stopped {
			n++
		}
	}
	return n
}

// whole says that every report that the service has is there with all its rows,
// for so many targets.
func (r *Run) whole(targets int) bool {
	for target := range targets {
		for _, s := range r.of(target) {
			if s.state != Whole && s.state != Absent {
				return false
			}
		}
	}
	return true
}

// Asked says that a report was asked for on one of so many targets: there is
// something to write.
func (r *Run) Asked(targets int) bool {
	for target := range targets {
		for _, s := range r.of(target) {
			if s.table != nil {
				return true
			}
		}
	}
	return false
}
