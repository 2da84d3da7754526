package job

import (
	"context"
	"fmt"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/paging"
	"postroom/session/result"
)

// Task is what a Job does on each of its targets, in an open session: a command,
// or a report. It may run on several targets at once.
type Task interface {
	// Commands are the calls that it makes, for whoever judges what they may do.
	Commands() []cmdlet.Invocation
	// PowerShell is the text that a person would type, without secrets.
	PowerShell() string
	// Run does the work by commands in the session and gives rows, messages and
	// questions to the sink.
	Run(context.Context, session.Runner, session.Sink) error
}

// placed is a Task that tells the targets of its Job apart, by their numbers in
// Work.Targets: RunOn is called in place of Run.
type placed interface {
	RunOn(ctx context.Context, target int, by session.Runner, to session.Sink) error
}

// resumable is a Task that can go on where a part of it failed.
type resumable interface {
	// Failed is of how many things of a target, such as rows, a part failed when
	// it ran last although the target came to its end. Running it again asks for
	// those alone, and gives all rows anew.
	Failed(target int) int
}

// selective is a Task that knows of each of its things, such as a row, whether it was sent
// and done: what was done, and what may have been, is never sent again.
type selective interface {
	// Open is how many things of a target running it again would send: those that were
	// never sent, and those that the server refused.
	Open(target int) int
	// Left is how many of them a further pass of the same run would send.
	Left(target int) int
	// Anew makes ready for a taker of rows who has none yet.
	Anew(target int)
}

// retrying is a Task that tries again by itself what the server refused of it.
type retrying interface {
	// Retry says how often at most, before it is run.
	Retry(times int)
}

// inTurn is a Task whose targets may have to wait for each other.
type inTurn interface {
	// InTurn says that they come one after the other, in their order.
	InTurn() bool
}

// refusable is a Task that keeps account of what could not be sent.
type refusable interface {
	// Refused says that no session could be had for a target, and why.
	Refused(target int, why error)
}

// finisher is a Task that has more rows to give when all targets have ended.
type finisher interface {
	// Finish gives them. tenants are the domains of the targets where rows carry
	// their tenant, and nil where the Job has one target.
	Finish(to result.Appender, tenants []string) error
}

// Pages says how much is asked of a cmdlet that gives its rows in pages.
type Pages uint8

// How many pages.
const (
	AllPages  Pages = iota // until one is short
	FirstPage              // one; a MoreError tells when it came back full
)

// Command is a command or a pipeline as a Task.
type Command struct {
	Pipeline cmdlet.Pipeline
	Pages    Pages
	// Columns are the properties of the rows that are wanted, of a door that can leave
	// the others out; none means all.
	Columns []string
}

// Commands are those of the pipeline.
func (c Command) Commands() []cmdlet.Invocation { return c.Pipeline }

// PowerShell is that of the pipeline.
func (c Command) PowerShell() string { return c.Pipeline.PowerShell() }

// Run sends the pipeline. With FirstPage a page that came back full is followed
// by a warning whose Err is *MoreError.
func (c Command) Run(ctx context.Context, by session.Runner, to session.Sink) error {
	one := func(ctx context.Context, p cmdlet.Pipeline, rows result.Appender) error {
		return by.Run(ctx, session.Narrowed{Command: p, Columns: c.Columns}, &page{Appender: rows, talk: to})
	}
	if c.Pages == AllPages {
		return paging.All(ctx, c.Pipeline, to, one)
	}
	more, err := paging.First(ctx, c.Pipeline, to, one)
	if more {
		e := &MoreError{Cmdlet: c.Pipeline[0].Cmdlet}
		to.Message(session.Message{Kind: session.MessageWarning, Time: time.Now(), Text: e.Error(), Err: e})
	}
	return err
}

// MoreError says that a page came back full: there may be more rows, which
// AllPages brings.
type MoreError struct{ Cmdlet string }

// Error gives the fact.
func (e *MoreError) Error() string { return fmt.Sprintf("%s: there may be more rows", e.Cmdlet) }

// More names the cmdlet.
func (e *MoreError) More() string { return e.Cmdlet }

// page gives a run's rows to whoever counts them, and the rest to the sink.
type page struct {
	result.Appender
	talk session.Sink
}

// Message hands a message on.
func (p *page) Message(m session.Message) { p.talk.Message(m) }

// Ask hands a question on.
func (p *page) Ask(ctx context.Context, q session.Prompt) (session.Answer, error) {
	return p.talk.Ask(ctx, q)
}
