package runs

import (
	"errors"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/widgets"
)

// TestWhatIsNotKnownIsNotSaid: where the rows would be, and at the foot, stands how a run
// came out; nothing is called changed, unchanged or not returned that nobody knows.
func TestWhatIsNotKnownIsNotSaid(t *testing.T) {
	lost := &session.PartialError{Command: "Set-Mailbox", Unsure: true, Err: errors.New("test: broken off")}
	for _, c := range []struct {
		name, cmdlet string
		status       job.Status
		severity     widgets.Severity
		empty, foot  string
	}{
		{"a change", "Set-Mailbox", job.Status{State: job.Done}, widgets.Success, "Changed 1 mailbox.", "Changed 1 mailbox."},
		{
			"an unsure change", "Set-Mailbox",
			job.Status{State: job.Partial, Err: lost},
			widgets.Failure,
			"It is not known whether the server ran the command.", "It is not known whether the server ran the command.",
		},
		{
			"a failed change", "Set-Mailbox",
			job.Status{State: job.Failed, Err: errors.New("test")},
			widgets.Failure,
			"The change was not completed.", "The change was not completed.",
		},
		{
			"a change with errors", "Set-Mailbox",
			job.Status{State: job.Done, Errors: 1},
			widgets.Failure,
			"The change was not completed.", "The change was not completed. · 1 error",
		},
		{
			"a stopped change", "Set-Mailbox",
			job.Status{State: job.Stopped, Err: job.ErrStopped},
			widgets.Warning,
			"Stopped. What the server had already changed stays changed.", "Stopped. What the server had already changed stays changed.",
		},
		{
			"a question that was declined", "Remove-Mailbox",
			job.Status{State: job.Done, Declined: true},
			widgets.Warning,
			"You answered No. That step changed nothing.", "You answered No. That step changed nothing.",
		},
		{
			"a read with errors", "Get-Mailbox",
			job.Status{State: job.Done, Errors: 1},
			widgets.Failure,
			"The server reported an error and returned no rows.", "0 rows",
		},
		{"nothing found", "Get-Mailbox", job.Status{State: job.Done}, widgets.Success, "The server found nothing.", "0 rows"},
		{"a failed read", "Get-Mailbox", job.Status{State: job.Failed, Err: errors.New("test")}, widgets.Failure, "The run failed before any row came.", "0 rows"},
		{
			"a stopped read", "Get-Mailbox",
			job.Status{State: job.Stopped, Err: job.ErrStopped},
			widgets.Warning,
			"The run was stopped before any row came.", "0 rows · stopped, rows may be missing",
		},
	} {
		r := &run{targets: []session.Target{{}}, command: job.Command{Pipeline: cmdlet.Pipeline{{Cmdlet: c.cmdlet}}}}
		o := outcomeOf(r, []job.Status{c.status})
		if o.severity != c.severity || o.empty != c.empty || !strings.HasPrefix(o.text, c.foot) {
			t.Errorf("%s: %+v", c.name, o)
		}
	}
}
