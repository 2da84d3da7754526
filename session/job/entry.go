package job

import (
	"time"

	"postroom/session/history"
)

// Named is a task with a name of its own, as a report has.
type Named interface{ Name() string }

// Entry is what the history keeps of the job as it stands now.
func (j *Job) Entry(started time.Time) history.Entry {
	first := j.work.Targets[0]
	e := history.Entry{
		Command: j.work.Task.PowerShell(), Account: first.Account, Endpoint: first.Endpoint.Name,
		Started: started, Seconds: time.Since(started).Seconds(),
	}
	if named, ok := j.work.Task.(Named); ok {
		e.Report = named.Name()
	}
	for _, t := range j.work.Targets {
		if t.Tenant.Domain != "" {
			e.Tenants = append(e.Tenants, t.Tenant.Domain)
		}
	}
	for _, status := range j.Status() {
		if status.State != Done && status.Target.Tenant.Domain != "" {
			e.Missing = append(e.Missing, status.Target.Tenant.Domain)
		}
	}
	sum := Summarize(j.Status())
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
