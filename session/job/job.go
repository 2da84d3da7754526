package job

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/diagnose"
	"postroom/session/result"
)

// Job is one command on its targets. Its methods may be called from any
// goroutine; Run and Retry one at a time. It has a method for each step of a target's way
// and each thing that its face asks, because all of them share the states under one lock.
type Job struct {
	work   Work
	asking chan struct{} // held while a question is open: one at a time

	mu      sync.Mutex
	status  []Status
	cancels []context.CancelCauseFunc // beside status; nil when nothing goes on there
	stopAll context.CancelCauseFunc
	took    time.Duration // of the passes that have ended
	further bool          // another pass of Run may come
	untold  []int         // targets that failed: whether that is how they came out shows then
}

// New makes a job. Nothing is sent before Run.
func New(w Work) *Job {
	j := &Job{
		work: w, asking: make(chan struct{}, 1),
		status: make([]Status, len(w.Targets)), cancels: make([]context.CancelCauseFunc, len(w.Targets)),
	}
	for i, t := range w.Targets {
		j.status[i].Target = t
	}
	if t, ok := w.Task.(retrying); ok && w.Retries > 0 {
		t.Retry(w.Retries)
	}
	return j
}

// Run does the work and returns when all targets have ended, and what failed has been
// tried again as often as Work.Retries says. The error is the
// one with which Work.Rows ended the Job; how the targets came out is in Status.
// Rows and messages come on the goroutine that called Run.
func (j *Job) Run(ctx context.Context) error {
	targets := make([]int, len(j.work.Targets))
	for i := range targets {
		targets[i] = i
	}
	for left := j.work.Retries; ; left-- {
		j.mu.Lock()
		j.further = left > 0
		j.mu.Unlock()
		err := j.over(ctx, targets)
		targets = nil
		if left > 0 && err == nil && ctx.Err() == nil {
			targets = j.unanswered()
		}
		j.tellEnded(targets)
		if len(targets) == 0 {
			return j.finish(err)
		}
	}
}

// tellEnded tells of the targets that failed and are not tried again.
func (j *Job) tellEnded(again []int) {
	j.mu.Lock()
	untold := j.untold
	j.untold, j.further = nil, false
	j.mu.Unlock()
	for _, at := range untold {
		if !slices.Contains(again, at) {
			j.work.Face.Ended(at, j.Status()[at])
		}
	}
}

// Retry does the work again for the targets that Retryable names, after Run has
// returned. rows takes the rows from now on: what those targets gave before
// would come twice, see Carry.
func (j *Job) Retry(ctx context.Context, rows result.Appender) error {
	return j.Resume(ctx, rows, j.Retryable()...)
}

// Resume does the work for some of the targets, as far as they can be tried again;
// their rows go to rows.
func (j *Job) Resume(ctx context.Context, rows result.Appender, targets ...int) error {
	j.work.Rows = rows
	targets = among(targets, j.Retryable())
	if task, ok := j.work.Task.(selective); ok {
		for _, at := range targets {
			task.Anew(at)
		}
	}
	return j.finish(j.over(ctx, targets))
}

// unanswered are the targets that Run tries again by itself: what took the rows goes on, so
// they have given none, or know what is left. Not one that a person stopped or has to sign
// in for, nor an account that is not let in: the same password once more brings it closer to
// being locked.
func (j *Job) unanswered() []int {
	task, knows := j.work.Task.(selective)
	status := j.Status()
	return slices.DeleteFunc(j.Retryable(), func(at int) bool {
		s := status[at]
		switch {
		case s.State == Stopped, s.NeedsPerson(), s.Err != nil && diagnose.Explain(s.Err).OfAccount():
			return true
		case knows:
			return task.Left(at) == 0
		}
		return s.Rows > 0
	})
}

// Unfinished is of how many things of all targets a part failed although the
// targets came to their end; see resumable.
func (j *Job) Unfinished() int {
	task, ok := j.work.Task.(resumable)
	if !ok || !reads(j.work.Task) {
		return 0
	}
	n := 0
	for at := range j.work.Targets {
		n += task.Failed(at)
	}
	return n
}

// Retryable are the targets that can be tried again: those that failed, came
// only in part, were stopped or not asked, and those with rows whose follow-up
// failed. A command that may change something is not among them once it was sent, unless
// its Task knows that the server refused it: it is never sent twice.
func (j *Job) Retryable() []int {
	j.mu.Lock()
	defer j.mu.Unlock()
	onlyReads := reads(j.work.Task)
	task, _ := j.work.Task.(resumable)
	knows, _ := j.work.Task.(selective)
	var again []int
	for i, s := range j.status {
		var readOnly *ReadOnlyError
		if knows != nil {
			if s.State >= Done && knows.Open(i) > 0 && !errors.As(s.Err, &readOnly) {
				again = append(again, i)
			}
			continue
		}
		if s.State == Done && onlyReads && task != nil && task.Failed(i) > 0 {
			again = append(again, i)
			continue
		}
		if s.State > Done && (onlyReads || !s.Sent) && !errors.As(s.Err, &readOnly) {
			again = append(again, i)
		}
	}
	return again
}

// reads says that a task changes nothing, by the verbs of its commands.
func reads(t Task) bool { return changing(t) == "" }

// changing names the first command of a task that may change something.
func changing(t Task) string {
	for _, c := range t.Commands() {
		if cmdlet.RiskOf(c.Cmdlet) != cmdlet.Reads {
			return c.Cmdlet
		}
	}
	return ""
}

// Status gives how far each target is, in the order of Work.Targets.
func (j *Job) Status() []Status {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := slices.Clone(j.status)
	for i := range list {
		list[i].Progress = slices.Clone(list[i].Progress)
	}
	return list
}

// Stop ends the job. Rows that came stay.
func (j *Job) Stop() {
	j.mu.Lock()
	stop := j.stopAll
	j.mu.Unlock()
	if stop != nil {
		stop(ErrStopped)
	}
}

// StopTarget ends one target alone. why is ErrStopped for a person's wish; with
// another error the target has failed for that.
func (j *Job) StopTarget(target int, why error) {
	j.mu.Lock()
	cancel := j.cancels[target]
	j.mu.Unlock()
	if cancel != nil {
		cancel(why)
	}
}

// SessionChanged is told of each change of a session by whoever observes the
// session.Manager: it is how a target knows that it waits, and for what.
func (j *Job) SessionChanged(i session.Info) {
	j.change(func() bool {
		at := j.opening(i)
		if at < 0 {
			return false
		}
		s := &j.status[at]
		switch {
		case i.Waits():
			s.State, s.Place, s.Wait, s.Limit = Waiting, i.Place, i.Wait, i.Limit
		case i.State <= session.Connecting:
			s.State, s.Place, s.Wait = Connecting, 0, session.Wait{}
		default:
			return false
		}
		return true
	})
}

// Opening gives the target that the session is being opened for.
func (j *Job) Opening(i session.Info) (target int, found bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	target = j.opening(i)
	return target, target >= 0
}

// opening is Opening, -1 for none. j.mu must be held.
func (j *Job) opening(i session.Info) int {
	return slices.IndexFunc(j.status, func(s Status) bool {
		return (s.State == Waiting || s.State == Connecting) && i.Of(s.Target)
	})
}

// change changes the status of targets and tells the face when there was news.
func (j *Job) change(do func() bool) {
	j.mu.Lock()
	news := do()
	j.mu.Unlock()
	if news {
		j.work.Face.Changed()
	}
}

// set changes the status of one target.
func (j *Job) set(at int, do func(*Status)) {
	j.change(func() bool { do(&j.status[at]); return true })
}

// Took is how long the work took so far, the passes of Retry and Resume with it. What lay
// between two passes, such as a person's thinking, does not count.
func (j *Job) Took() time.Duration {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.took
}

// over does the work for some of the targets.
func (j *Job) over(ctx context.Context, targets []int) error {
	began := time.Now()
	defer func() {
		j.mu.Lock()
		j.took += time.Since(began)
		j.mu.Unlock()
	}()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	j.change(func() bool {
		j.stopAll = stop
		for _, at := range targets {
			j.status[at] = Status{Target: j.work.Targets[at]}
		}
		return len(targets) > 0
	})
	work := j.together
	if len(j.work.Targets) == 1 && len(targets) == 1 {
		work = j.alone
	}
	return work(ctx, targets)
}

// finish gives the rows that a Task has when all targets have ended, unless err has ended
// the Job.
func (j *Job) finish(err error) error {
	f, more := j.work.Task.(finisher)
	if !more || err != nil {
		return err
	}
	var tenants []string
	for _, t := range j.work.Targets {
		tenants = append(tenants, t.Tenant.Domain)
	}
	if len(tenants) == 1 {
		tenants = nil
	}
	return f.Finish(j.work.Rows, tenants)
}

// begin makes the context of one target.
func (j *Job) begin(ctx context.Context, at int) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	j.set(at, func(s *Status) { s.State, s.Started = Connecting, time.Now(); j.cancels[at] = cancel })
	return ctx, cancel
}

// ended notes how a target came out.
func (j *Job) ended(at int, err error) {
	j.set(at, func(s *Status) {
		j.cancels[at] = nil
		s.Place, s.Progress, s.Err, s.Ended = 0, nil, err, time.Now()
		s.State = outcome(err, s.Rows)
		if _, reported := errors.AsType[session.CmdletError](err); reported && s.State != Stopped {
			s.Errors++ // the one that ended the command
		}
	})
	j.mu.Lock()
	s := j.status[at]
	_, knows := j.work.Task.(selective) // such a one may come to its end with things left
	waits := j.further && (knows || s.State > Done)
	if waits {
		j.untold = append(j.untold, at)
	}
	j.mu.Unlock()
	if !waits {
		j.work.Face.Ended(at, s)
	}
}

func signInNeeded(err error) bool {
	_, needed := errors.AsType[*session.NeedsSignInError](err)
	return needed
}

// outcome is the state of a target whose work ended with err.
func outcome(err error, rows int) State {
	partial, isPartial := errors.AsType[*session.PartialError](err)
	var skipped *SkippedError
	var full *fullError
	switch {
	case err == nil:
		return Done
	case errors.As(err, &skipped):
		return Skipped
	case errors.Is(err, ErrStopped), errors.As(err, &full), errors.Is(err, context.Canceled):
		return Stopped
	case rows > 0, isPartial && partial.Unsure:
		return Partial
	case signInNeeded(err):
		return SignIn
	}
	return Failed
}
