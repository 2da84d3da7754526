package runs

import (
	"context"

	"postroom/app/desk"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/reference"
	"postroom/session/result"
)

// finderOf tells how the objects for a field are found on the server with what the account
// may run there.
func (t picking) finderOf(field string) (reference.Finder, bool) {
	if t.may == nil {
		return reference.Finder{}, false
	}
	laid := t.known.Lay(t.cmdlet)
	p, _ := laid.Parameter(field)
	return t.known.Finder(t.cmdlet.Name, p, t.may)
}

// objectSearch is a call for the objects that a field may name: a job of its own beside the
// tab's run, which is not remembered. It is the job's face.
type objectSearch struct {
	desk   *desk.Desk
	target session.Target
	job    *job.Job
	table  *result.Table
}

func newSearch(d *desk.Desk, m Manager, at session.Target, call cmdlet.Invocation) *objectSearch {
	s := &objectSearch{desk: d, target: at}
	task := job.Command{Pipeline: cmdlet.Pipeline{call}}
	s.table = result.NewTable(result.Provenance{
		Endpoint: at.Endpoint.Name, Tenant: at.Tenant.Domain, Account: at.Account, Command: task.PowerShell(),
	})
	s.job = job.New(job.Work{
		Sessions: m, Task: task, Targets: []session.Target{at}, Rows: s.table.Builder(), Face: s, Guard: m.Guard,
	})
	return s
}

// run returns when the rows are there; the error is the target's.
func (s *objectSearch) run(ctx context.Context) error {
	if err := s.job.Run(ctx); err != nil {
		return err
	}
	return s.job.Status()[0].Err
}

// Changed is job.Face's.
func (*objectSearch) Changed() {}

// Ended is job.Face's.
func (*objectSearch) Ended(int, job.Status) {}

// Message is job.Face's: what is said beside objects is of no use here.
func (*objectSearch) Message(int, session.Message) {}

// Ask puts a question of the server to the person, as a run does.
func (s *objectSearch) Ask(ctx context.Context, _ int, p session.Prompt) (session.Answer, error) {
	return ask(ctx, s.desk, s.target, p)
}
