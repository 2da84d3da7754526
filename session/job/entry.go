package job

import (
	"time"

	"postroom/session/history"
)

// named is a task with a name of its own, as a report has.
type named interface{ Name() string }

// answered is a task that asked a person, as a report does.
type answered interface{ Answers() map[string]string }

// Entry is what the history keeps of the job as it stands now.
func (j *Job) Entry(started time.Time) history.Entry {
	first := j.work.Targets[0]
	e := history.Entry{
		Command: j.work.Task.PowerShell(), Account: first.Account, Endpoint: first.Endpoint.Name,
		Started: started, Seconds: j.Took().Seconds(),
	}
	if named, ok := j.work.Task.(named); ok {
		e.Report = named.Name()
	}
	for _, t := range j.work.Targets {
		if t.Tenant.Domain != "" {
			e.Tenants = append(e.Tenants, t.Tenant.Domain)
		}
	}
	status := j.Status()
	for _, s := range status {
		if s.State != Done && s.Target.Tenant.Domain != "" {
			e.Missing = append(e.Missing, s.Target.Tenant.Domain)
		}
	}
	if answered, ok := j.work.Task.(answered); ok {
		e.Answers = answered.Answers()
	}
	sum := Summarize(status)
	e.Rows, e.Errors = sum.Rows, sum.Errors
	e.State = sum.outcome()
	return e
}

// outcome is how the whole came out, in a word.
func (s Summary) outcome() string {
	switch {
	case s.Whole():
		return "done"
	case s.ByState[Stopped] > 0:
		return "stopped"
	case s.Rows > 0 || s.ByState[Done] > 0 || s.ByState[Partial] > 0:
		return "partial"
	}
	return "failed"
}
