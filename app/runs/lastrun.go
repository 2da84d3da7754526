package runs

import (
	"image/color"

	"postroom/session/job"
)

// lastRun is the run of a tab that goes on, or that was the last.
type lastRun struct {
	run   *run // nil before the first
	shown int  // of its messages
	confirmation
}

// Running tells whether a run goes on.
func (l *lastRun) Running() bool { return l.run != nil && !l.run.over }

// busy tells whether a run goes on, or the next is asked about: nothing else begins then.
func (l *lastRun) busy() bool { return l.Running() || l.sheet != nil }

// Ran tells whether a run has come to its end, well or not.
func (l *lastRun) Ran() bool { return l.run != nil && l.run.over }

// Err is why the last run, on one tenant, did not come to its end; nil when it
// did, or was stopped.
func (l *lastRun) Err() error {
	if l.run == nil || l.run.several() {
		return nil
	}
	s := l.run.job.Status()[0]
	if s.State == job.Stopped {
		return nil
	}
	return s.Err
}

// Changing tells whether a run goes on that may change something.
func (l *lastRun) Changing() bool { return l.Running() && !l.run.reads() }

// Summary counts how the tenants of the last run are.
func (l *lastRun) Summary() job.Summary {
	if l.run == nil {
		return job.Summary{}
	}
	return job.Summarize(l.run.job.Status())
}

// Doing says how far the run is that goes on; "" for none.
func (l *lastRun) Doing() string {
	if !l.Running() {
		return ""
	}
	list := l.run.job.Status()
	switch {
	case len(list) > 1:
		return summaryText(job.Summarize(list))
	case len(list[0].Progress) > 0:
		return activity(list[0].Progress[0])
	}
	return stateText(list[0])
}

// tints are the colours of the tenants whose rows there are.
func (l *lastRun) tints() map[string]color.Color {
	if l.run == nil {
		return nil
	}
	return l.run.tints()
}
