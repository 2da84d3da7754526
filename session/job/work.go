package job

import (
	"context"
	"strings"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/result"
)

// Sessions is what a Job needs of a session.Manager.
type Sessions interface {
	Open(context.Context, session.Target) (session.ID, error)
	Run(context.Context, session.ID, session.Command, session.Sink) error
	Release(context.Context, session.ID) error
	Slots(session.Target) (used, limit int, err error)
	Accepts(session.Target, []cmdlet.Invocation) error
}

// Face is who shows a Job. Targets are named by their number in Work.Targets.
type Face interface {
	// Changed says that Job.Status has news. It is called from any goroutine and
	// must return at once.
	Changed()
	// Message takes a warning, an error or the like, in the server's order. It
	// is called by one goroutine at a time.
	Message(target int, m session.Message)
	// Ended says how a target came out in the end, once for each run, after its last row
	// and message, and on their goroutine. Of one that Work.Retries may try again it says
	// so when that is settled.
	Ended(target int, s Status)
	// Ask puts a question to the person, one at a time for the whole Job; ctx
	// ends with the target's run. Its texts are ready to be shown. ErrDeclined
	// is a person who would rather not say, session.ErrNoAnswer that there is
	// none. Other targets' rows and messages may come meanwhile.
	Ask(ctx context.Context, target int, p session.Prompt) (session.Answer, error)
}

// Marks knows for which tenants a person lets nothing be changed.
type Marks interface {
	// ReadOnly names the tenant of a target that is set to read-only, "" where the target
	// may be changed. An error means that it cannot be told; then nothing is sent.
	ReadOnly(context.Context, session.Target) (tenant string, err error)
}

// Answers says who answers when the server asks for a confirmation.
type Answers uint8

// The ways to answer a confirmation.
const (
	// AskPerson asks the person each time.
	AskPerson Answers = iota
	// ConfirmedOnce is for a person who has confirmed this command already: the
	// server's own 'are you sure', when it comes, is answered with Yes. Any
	// other question is asked.
	ConfirmedOnce
	// AlwaysYes answers every choice with Yes to all where there is one, else
	// with Yes, else with the server's default.
	AlwaysYes
)

// Work is what a Job does.
type Work struct {
	Sessions Sessions
	Task     Task
	Targets  []session.Target
	// Rows takes the rows. With several targets each begins with
	// result.TenantColumn.
	// It is called by one goroutine at a time. An error of EndRow ends the Job.
	Rows result.Appender
	Face Face
	// InOrder holds the rows of later targets back until those before have
	// ended, as far as heldMost bytes allow; else rows come as they arrive.
	InOrder bool
	// Parallel is how many targets are worked on at once at most; 0 is as many
	// as the limits of the accounts allow.
	Parallel int
	// Retries is how often Run tries again what failed and can be tried again: what the
	// server refused, and targets that gave nothing. It sends nothing twice that may have
	// changed something, and waits for nobody who has to sign in.
	Retries int
	Answers Answers
	// Marks says where nothing but reading may be sent, beside what the targets say
	// themselves; nil says nothing.
	Marks Marks
	// Guard is deferred in every goroutine that the Job starts; nil guards
	// nothing.
	Guard func()
}

// Provenance says where the rows of a Work that began at a time come from. report is
// what people call its Task; empty for a command.
func (w Work) Provenance(report string, started time.Time) result.Provenance {
	var tenants []string
	for _, t := range w.Targets {
		if t.Tenant.Domain != "" {
			tenants = append(tenants, t.Tenant.Domain)
		}
	}
	first := w.Targets[0]
	return result.Provenance{
		Endpoint: first.Endpoint.Name, Tenant: strings.Join(tenants, ", "), Account: first.Account,
		Report: report, Command: w.Task.PowerShell(), Started: started,
	}
}
