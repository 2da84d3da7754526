package cli

import (
	"cmp"
	"fmt"
	"time"

	"postroom/session"
	"postroom/session/job"
	"postroom/session/result"
)

// face is what the command line shows of a job beside its rows: messages on
// standard error, questions at the terminal.
type face struct {
	streams Streams
	many    bool // rows of several tenants
	targets []session.Target
	told    map[progressKey]string // how far each activity was when it was told
}

// progressKey names an activity of a target.
type progressKey struct{ target, activity int }

// Changed has nothing to do: how far a target is, is told when it waits, and
// when it has ended.
func (*face) Changed() {}

// Ended explains what went wrong with one tenant of several; of a single one it
// is the command's own error.
func (f *face) Ended(target int, s job.Status) {
	if f.many && (s.State == job.Failed || s.State == job.Partial || s.State == job.SignIn) {
		explainFor(f.streams.Err, f.targets[target].Tenant.Domain, runError(s.Err))
	}
}

// Message writes a message to standard error, errors in the server's words.
func (f *face) Message(target int, m session.Message) {
	switch m.Kind {
	case session.MessageError:
		f.say(target, "ERROR", m.Text)
	case session.MessageWarning:
		f.say(target, "WARNING", m.Text)
	case session.MessageVerbose:
		f.say(target, "VERBOSE", m.Text)
	case session.MessageDebug:
		f.say(target, "DEBUG", m.Text)
	case session.MessageInformation:
		f.say(target, "INFORMATION", m.Text)
	case session.MessageProgress:
		f.progress(target, m.Progress)
	}
}

func (f *face) say(target int, kind, text string) {
	if f.many {
		kind = f.targets[target].Tenant.Domain + ": " + kind
	}
	say(f.streams.Err, "%s: %s\n", kind, text)
}

// progress writes a line when an activity has come ten percent further, or,
// where the server gives no percentage, says something new.
func (f *face) progress(target int, p session.Progress) {
	key := progressKey{target, p.ID}
	if p.Completed {
		delete(f.told, key)
		return
	}
	line := p.Activity
	switch {
	case p.Total > 0:
		line += fmt.Sprintf(": %s of %s", result.Grouped(p.Done, ","), result.Grouped(p.Total, ","))
		if p.Remaining > 0 {
			line += ", " + about(p.Remaining)
		}
	case p.Status != "" || p.Doing != (session.Doing{}):
		line += ": " + cmp.Or(p.Status, p.Doing.String())
	}
	step := line
	if p.Percent >= 0 {
		step = fmt.Sprint(p.Activity, p.Percent/10)
		line += fmt.Sprintf(" (%d %%)", p.Percent)
	}
	if f.told[key] == step {
		return
	}
	if f.told == nil {
		f.told = map[progressKey]string{}
	}
	f.told[key] = step
	f.say(target, "PROGRESS", line)
}

// about is a length of time as one says it.
func about(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return fmt.Sprintf("about %d s", max(1, int(d.Round(time.Second).Seconds())))
	case d < 90*time.Minute:
		return fmt.Sprintf("about %d min", int(d.Round(time.Minute).Minutes()))
	}
	return fmt.Sprintf("about %d h", int(d.Round(time.Hour).Hours()))
}
