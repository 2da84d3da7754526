package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"postroom/session/cmdlet"
)

// Options say how a report is to run.
type Options struct {
	// Service is where: EXO, EOP, ONPREM or SCC; "" takes the report's own steps.
	Service string
	// Answers are what a person said, by the questions' names.
	Answers map[string]string
	// Now is the time of the run; its zone is the person's.
	Now time.Time
	// Kinds tell what the parameters of the steps take; nil sends text.
	Kinds cmdlet.Kinds
	// Everything adds what the steps return beside the report's columns, behind them.
	Everything bool
	// Kept is for reports that compare; without it their steps are not known.
	Kept *Kept
}

// AnswerError says that a question has no answer, or one that it cannot take,
// or that the report asks no such question.
type AnswerError struct {
	Question string
	// Text is the answer; "" where one is missing.
	Text string
	// Choices are the answers that can be taken, where they are few.
	Choices []string
	// Unknown says that there is no such question; Choices are the questions then.
	Unknown bool
}

// Error gives the fact.
func (e *AnswerError) Error() string {
	switch {
	case e.Unknown:
		return fmt.Sprintf("report: there is no question %q", e.Question)
	case e.Text == "":
		return fmt.Sprintf("report: the question %s needs an answer", e.Question)
	}
	return fmt.Sprintf("report: %q is not an answer to %s", e.Text, e.Question)
}

// StepError is a step that cannot be read: the report is wrong.
type StepError struct {
	Report string
	Step   int // from 1
	Err    error
}

// Error names report and step.
func (e *StepError) Error() string {
	return fmt.Sprintf("report %s, step %d: %v", e.Report, e.Step, e.Err)
}

// Unwrap gives what the reader said.
func (e *StepError) Unwrap() error { return e.Err }

// Plan is a report with its answers, ready to run. It may run many times, on
// many tenants at once.
type Plan struct {
	report  Report
	options Options
	at      moments
	answers map[string]value
	guid    string
	steps   []plannedStep
	shape   plannedShape
	// compared are the reports that are run to be compared.
	compared []compared
}

// plannedStep is a step that was read.
type plannedStep struct {
	Step
	command command
	keep    *Expression
	// holders gives what holds the rows, ofHolder those of one, where the service
	// has a Per.
	holders, ofHolder *command
}

// Plan reads the report for a service and checks the answers. Errors are
// *AnswerError, *StepError and *SyntaxError.
func (r Report) Plan(o Options) (*Plan, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	p := &Plan{report: r, options: o, guid: newGUID(), answers: map[string]value{}}
	p.at = momentsAt(o.Now)
	if err := p.answer(); err != nil {
		return nil, err
	}
	if r.Compare != nil && o.Kept != nil {
		if err := p.planCompared(); err != nil {
			return nil, err
		}
	}
	steps, shape := r.For(o.Service)
	for i, s := range steps {
		planned, err := s.plan(i, o.Service, o.Kinds)
		if err != nil {
			return nil, &StepError{Report: r.Name, Step: i + 1, Err: err}
		}
		p.steps = append(p.steps, planned)
	}
	var err error
	p.shape, err = planShape(shape)
	return p, err
}

// plan reads a step that may run.
func (s Step) plan(at int, service string, kinds cmdlet.Kinds) (p plannedStep, err error) {
	if err = s.check(at); err != nil {
		return p, err
	}
	p.Step = s
	if p.command, err = readCommand(s.Run, kinds); err == nil && s.Keep != "" {
		p.keep, err = Parse(s.Keep)
	}
	if s.Per == nil || !slices.Contains(s.Per.Services, service) || err != nil {
		return p, err
	}
	var holders, ofHolder command
	if holders, err = readCommand(s.Per.Of, kinds); err == nil {
		ofHolder, err = readCommand(s.Per.Run, kinds)
	}
	p.holders, p.ofHolder = &holders, &ofHolder
	return p, err
}

// answer takes the answers, or the defaults, and checks them.
func (p *Plan) answer() error {
	for name := range p.options.Answers {
		if _, known := p.report.Question(name); !known && p.report.Compare == nil {
			return &AnswerError{Question: name, Unknown: true, Choices: p.report.questionNames()}
		}
	}
	for _, q := range p.report.Questions {
		given := q.Default
		for name, said := range p.options.Answers {
			if strings.EqualFold(name, q.Name) {
				given = said
			}
		}
		v, err := q.read(given, p.at)
		if err != nil {
			return err
		}
		p.answers[strings.ToLower(q.Name)] = v
	}
	return nil
}

// Check says what is wrong with an answer at a time; nil when it can be taken.
// Errors are *AnswerError.
func (q Question) Check(given string, at time.Time) error {
	_, err := q.read(given, momentsAt(at))
	return err
}

// read makes a value of an answer; nil where there is none.
func (q Question) read(given string, at moments) (value, error) {
	given = strings.TrimSpace(given)
	wrong := &AnswerError{Question: q.Name, Text: given, Choices: q.Choices}
	if given == "" {
		if q.Needed {
			return nil, wrong
		}
		return nil, nil //nolint:nilnil // no answer is one
	}
	switch q.Kind {
	case AskDate:
		if t, ok := relative(given, at); ok {
			return t, nil
		}
		for _, form := range []string{"2006-01-02", "2006-01-02 15:04", time.RFC3339} {
			if t, err := time.ParseInLocation(form, given, at.now.Location()); err == nil {
				return t, nil
			}
		}
		return nil, wrong
	case AskNumber:
		if n, err := strconv.ParseFloat(given, 64); err == nil {
			return n, nil
		}
		return nil, wrong
	case AskChoice:
		return q.choose(given, wrong)
	case AskReports:
		var names []string
		for name := range strings.SplitSeq(given, ",") {
			if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return names, nil
	}
	return given, nil
}

// choose takes one of the choices, or several, in their spelling.
func (q Question) choose(given string, wrong error) (value, error) {
	parts := []string{given}
	if q.Several {
		parts = strings.Split(given, ",")
	}
	var taken []string
	for _, part := range parts {
		i := slices.IndexFunc(q.Choices, func(c string) bool { return strings.EqualFold(c, strings.TrimSpace(part)) })
		if i < 0 {
			return nil, wrong
		}
		taken = append(taken, q.Choices[i])
	}
	if q.Several {
		return taken, nil
	}
	return taken[0], nil
}

// PowerShell gives the steps as PowerShell text, a line each.
func (p *Plan) PowerShell() string { return strings.Join(p.Lines(), "\n") }

// Lines gives the steps as PowerShell text, with the answers and times in their
// places; what a row before gives stands as {Name}.
func (p *Plan) Lines() []string {
	if p.report.Compare != nil {
		var lines []string
		for _, c := range p.compared {
			lines = append(lines, c.plan.Lines()...)
		}
		return lines
	}
	lines := make([]string, len(p.steps))
	for i, s := range p.steps {
		filled, err := s.command.fill(p.filler(func(name string) (value, error) { return "{" + name + "}", nil }), p.options.Kinds)
		if err != nil {
			lines[i] = s.Run
			continue
		}
		lines[i] = filled.PowerShell()
	}
	return lines
}

// Commands gives the calls of all steps, for whoever judges what they may do;
// what a row or an answer gives is not in them yet.
func (p *Plan) Commands() []cmdlet.Invocation {
	var list []cmdlet.Invocation
	for _, s := range p.steps {
		list = append(list, s.command.pipeline...)
		if s.holders != nil {
			list = append(append(list, s.holders.pipeline...), s.ofHolder.pipeline...)
		}
	}
	for _, c := range p.compared {
		list = append(list, c.plan.Commands()...)
	}
	return list
}

// Report gives the report that it was made from.
func (p *Plan) Report() Report { return p.report }

// filler gives the values of placeholders: answers, times, the run's GUID, and what row gives.
func (p *Plan) filler(row func(name string) (value, error)) filler {
	return func(name string) (value, error) {
		if question, ok := strings.CutPrefix(name, "?"); ok {
			v := p.answers[strings.ToLower(question)]
			if empty(v) {
				return nil, errLeaveOut
			}
			return v, nil
		}
		switch name {
		case "page": // package paging counts
			return nil, errLeaveOut
		case "guid":
			return p.guid, nil
		}
		if t, ok := relative(name, p.at); ok {
			return t, nil
		}
		return row(name)
	}
}
