package job

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/harmless"
	"postroom/session/result"
)

// releaseTime is how long a session may take to close when its target is done.
const releaseTime = 10 * time.Second

// fullError ends the runs that go on when the rows' taker wants no more.
type fullError struct{ err error }

// Error gives the taker's.
func (e *fullError) Error() string { return "job: no more rows are taken: " + e.err.Error() }

// Unwrap gives the taker's.
func (e *fullError) Unwrap() error { return e.err }

// alone does the work for the only target. Its session stays open: more is often
// asked of the same tenant.
func (j *Job) alone(ctx context.Context, _ []int) error {
	ctx, cancel := j.begin(ctx, 0)
	defer cancel(nil)
	var full error
	_, err := j.one(ctx, 0, &sink{
		Appender: &counted{Appender: j.work.Rows, full: &full, came: func() {
			j.set(0, func(s *Status) { s.Rows++ })
		}},
		job: j, at: 0, say: func(m session.Message) error { j.tell(0, m); return nil },
		opened: func() {},
		settle: func() error { return nil },
	})
	j.ended(0, err)
	return full
}

// counted counts the rows that were taken, and keeps why one was not.
type counted struct {
	result.Appender
	came func()
	full *error
}

// EndRow completes a row.
func (c *counted) EndRow() error {
	err := c.Appender.EndRow()
	if err == nil || errors.Is(err, ErrEnough) {
		c.came()
	}
	if err != nil {
		*c.full = err
		return &fullError{err: err}
	}
	return nil
}

// one opens the target's session and runs the command in it. opened says that
// the account was let in.
func (j *Job) one(ctx context.Context, at int, to *sink) (opened bool, err error) {
	t := j.work.Targets[at]
	id, err := j.open(ctx, t)
	if err != nil {
		if task, accounts := j.work.Task.(refusable); accounts {
			task.Refused(at, err)
		}
		return false, err
	}
	to.opened()
	if len(j.work.Targets) > 1 {
		defer func() {
			closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
			defer cancel()
			// What is not confirmed stays with the Manager, which tries again and tells.
			_ = j.work.Sessions.Release(closing, id)
		}()
	}
	j.set(at, func(s *Status) { s.State, s.Place, s.Sent = Running, 0, true })
	by := inSession{&j.work, t, id}
	if task, differs := j.work.Task.(placed); differs {
		return true, causeOf(ctx, task.RunOn(ctx, at, by, to))
	}
	return true, causeOf(ctx, j.work.Task.Run(ctx, by, to))
}

// open opens the session of a target, where the task may run there and can be sent.
func (j *Job) open(ctx context.Context, t session.Target) (session.ID, error) {
	if err := j.mayChange(ctx, t); err != nil {
		return 0, err
	}
	if err := j.work.Sessions.Accepts(t, j.work.Task.Commands()); err != nil {
		return 0, &OpenError{Err: err}
	}
	id, err := j.work.Sessions.Open(ctx, t)
	if err != nil {
		return 0, causeOf(ctx, &OpenError{Err: err})
	}
	return id, nil
}

// mayChange is nil where the task may be sent for a target: it reads, or nothing keeps the
// tenant from being changed.
func (j *Job) mayChange(ctx context.Context, t session.Target) error {
	command := changing(j.work.Task)
	switch {
	case command == "":
		return nil
	case t.Tenant.ReadOnly:
		return &ReadOnlyError{Tenant: t.Tenant.Domain, Command: command}
	case j.work.Marks == nil:
		return nil
	}
	tenant, err := j.work.Marks.ReadOnly(ctx, t)
	if err != nil {
		return causeOf(ctx, &HeldBackError{Command: command, Err: err})
	}
	if tenant != "" {
		return &ReadOnlyError{Tenant: tenant, Command: command}
	}
	return nil
}

// causeOf puts why ctx ended beside what went wrong because of it.
func causeOf(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("%w: %w", context.Cause(ctx), err)
}

// tell notes what a message counts for and hands it on. The texts are somebody
// else's: they are made harmless here, once for all faces.
func (j *Job) tell(at int, m session.Message) {
	m.Text = harmless.Label(strings.TrimRight(m.Text, "\r\n"))
	m.Progress.Activity, m.Progress.Status = harmless.Line(m.Progress.Activity), harmless.Line(m.Progress.Status)
	m.Progress.Operation = harmless.Line(m.Progress.Operation)
	j.set(at, func(s *Status) {
		switch m.Kind {
		case session.MessageError:
			s.Errors++
		case session.MessageWarning:
			s.Warnings++
		case session.MessageProgress:
			s.Progress = nested(s.Progress, m.Progress)
		}
	})
	j.work.Face.Message(at, m)
}

// nested gives the activities that go on after news of one. One that ends takes
// those within it along.
func nested(before []session.Progress, news session.Progress) []session.Progress {
	var after []session.Progress
	placed := news.Completed
	ended := map[int]bool{}
	for _, p := range before {
		switch {
		case p.ID == news.ID && news.Completed, ended[p.Parent] && p.Parent != p.ID:
			ended[p.ID] = true
		case p.ID == news.ID:
			after = append(after, news)
			placed = true
		default:
			after = append(after, p)
		}
	}
	if !placed {
		after = append(after, news)
	}
	return after
}

// sink takes what one target's run gives.
type sink struct {
	result.Appender
	job    *Job
	at     int
	say    func(session.Message) error
	opened func()       // the session is there
	settle func() error // waits until all that was said before has been handed on
}

// Message hands a message on.
func (s *sink) Message(m session.Message) {
	_ = s.say(m) // fails only when the target has been stopped
}

// Ask answers the server's question, or lets the face ask the person.
func (s *sink) Ask(ctx context.Context, p session.Prompt) (session.Answer, error) {
	if err := s.settle(); err != nil {
		return session.Answer{}, err
	}
	return s.job.ask(ctx, s, p)
}
