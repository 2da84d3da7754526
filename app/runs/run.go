package runs

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"slices"
	"sync"
	"time"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/history"
	"postroom/session/job"
	"postroom/session/report"
	"postroom/session/result"
)

// Manager is what a tab needs of the session.Manager.
type Manager interface {
	job.Sessions
	Guard()
	Explain(ctx context.Context, t session.Target, cmdletName string) (cmdlet.Help, error)
}

// run is one run of a tab: a job, the table that it fills, and what was said. It is the
// job's face; its methods may be called from any goroutine. It has a field for each
// thing that it was asked, for where its rows go, and for what was said in it.
type run struct {
	job     *job.Job
	targets []session.Target
	command job.Task
	started time.Time
	from    result.Provenance
	ask     func(context.Context, session.Target, session.Prompt) (session.Answer, error)
	redraw  *refresher
	over    bool // UI thread only
	before  *run // whose rows stay while none of this one are there; nil for none; UI thread only

	colors    map[string]color.Color // of the tenants of kept rows, by domain; nil where the targets have them
	own       []result.OwnColumn     // of rows that have more than one tenant's without asking several
	book      *history.Book          // nil: the run is not remembered
	shown     func(result.Appender) result.Appender
	recording *history.Recording // of the rows that come now; nil before the first
	entry     history.Entry      // what the history keeps of it; without an ID before its end

	mu       sync.Mutex
	messages []said
	table    *result.Table
}

// said is a message and the target that it is about.
type said struct {
	target int
	session.Message
}

// memory says what a run is remembered in, and which columns of ours its rows have.
type memory struct {
	book   *history.Book
	own    []result.OwnColumn
	report string                 // the title of the report that is run; empty for a command
	colors map[string]color.Color // of the tenants, where the targets have none
	// shown gives what takes the rows for the screen: what is kept stays in the
	// words that files have. nil takes them as they come.
	shown func(result.Appender) result.Appender
}

// newRun makes a run that has not begun.
func newRun(w job.Work, m memory, ask func(context.Context, session.Target, session.Prompt) (session.Answer, error)) *run {
	r := &run{targets: w.Targets, command: w.Task, started: time.Now(), ask: ask, own: m.own, colors: m.colors, book: m.book, shown: m.shown}
	r.from = w.Provenance(m.report, r.started)
	r.table = r.newTable()
	w.Face, w.Rows = r, r.taking(r.table)
	r.job = job.New(w)
	return r
}

// taking is what takes rows for a table, and for the history where they are kept.
func (r *run) taking(table *result.Table) result.Appender {
	var rows result.Appender = table.Builder()
	if r.shown != nil {
		rows = r.shown(rows)
	}
	if r.book == nil {
		return rows
	}
	r.recording = r.book.Begin(r.started)
	return result.Tee{rows, r.recording}
}

// remember writes the run into the history. It is called by a worker.
func (r *run) remember(ctx context.Context) error {
	if r.recording == nil {
		return nil
	}
	e, err := r.recording.Commit(context.WithoutCancel(ctx), r.job.Entry(r.started))
	r.mu.Lock()
	r.entry = e
	r.mu.Unlock()
	return err
}

// newTable is an empty table for the rows, with our column where they are of
// several tenants.
func (r *run) newTable() *result.Table {
	own := slices.Clone(r.own)
	if r.several() {
		own = append(own, result.TenantColumn)
	}
	if task, has := r.command.(interface{ Own() []result.OwnColumn }); has {
		own = append(own, task.Own()...)
	}
	return result.NewTable(r.from, own...)
}

func (r *run) several() bool { return len(r.targets) > 1 }

// reads says that none of the commands may change something.
func (r *run) reads() bool {
	return !slices.ContainsFunc(r.command.Commands(), func(c cmdlet.Invocation) bool { return cmdlet.RiskOf(c.Cmdlet) != cmdlet.Reads })
}

// invocation is the last of the commands: what the form asked for.
func (r *run) invocation() cmdlet.Invocation {
	commands := r.command.Commands()
	return commands[len(commands)-1]
}

// more says that there may be more rows than the page that was asked for.
func (r *run) more() bool {
	return slices.ContainsFunc(r.saidSince(0), func(m said) bool {
		_, is := errors.AsType[*job.MoreError](m.Err)
		return is
	})
}

// rows is the table as it is.
func (r *run) rows() *result.Table {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.table
}

// Changed is job.Face's.
func (r *run) Changed() { r.redraw.news() }

// Ended is job.Face's.
func (r *run) Ended(int, job.Status) { r.redraw.news() }

// Message keeps a message.
func (r *run) Message(target int, m session.Message) {
	if m.Kind == session.MessageProgress {
		return // the job's status has it
	}
	r.mu.Lock()
	r.messages = append(r.messages, said{target, m})
	r.mu.Unlock()
	r.redraw.news()
}

// Ask puts a question to the person.
func (r *run) Ask(ctx context.Context, target int, p session.Prompt) (session.Answer, error) {
	return r.ask(ctx, r.targets[target], p)
}

// saidSince gives the messages from number from on.
func (r *run) saidSince(from int) []said {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.messages[from:len(r.messages):len(r.messages)]
}

// retry does the work again for the targets that failed. Rows that they gave
// before go, those of the others stay.
func (r *run) retry(ctx context.Context) error { return r.resume(ctx, r.again()) }

// again are the targets that can be tried again at a button. A change of chosen rows has
// buttons of its own, which show the commands once more before they are sent.
func (r *run) again() []int {
	if _, each := r.command.(*job.Each); each && !r.reads() {
		return nil
	}
	return r.job.Retryable()
}

// resumes says that a report of a single tenant broke off, or was stopped, in the middle of the
// calls that it makes for each row: what was answered is kept, and the rest can be asked for. Of
// several tenants the strip tells, and offers it.
func (r *run) resumes(list []job.Status) bool {
	task, ok := r.command.(*report.Resumable)
	return ok && task.Status() != "" && !r.several() && list[0].Sent && !r.whole() && len(r.again()) > 0
}

// resume does the work again for some of the targets.
func (r *run) resume(ctx context.Context, targets []int) error {
	table := r.newTable()
	to := r.taking(table)
	if err := r.job.Carry(ctx, to, r.rows().Snapshot(), targets...); err != nil {
		return err
	}
	r.mu.Lock()
	r.table = table
	r.mu.Unlock()
	return r.job.Resume(ctx, to, targets...)
}

// title says where the rows came from.
func (r *run) title() string {
	first := r.targets[0]
	return fmt.Sprintf("%s · %s · %s · %s", place(r.targets), first.Account, first.Endpoint.Name, r.command.PowerShell())
}

// place names the tenants that a run is for.
func place(targets []session.Target) string {
	if len(targets) == 1 {
		return words.Place(targets[0])
	}
	return words.Tenants(len(targets))
}

// tints are the tenants' colours by domain.
func (r *run) tints() map[string]color.Color {
	if r.colors != nil {
		return r.colors
	}
	tints := make(map[string]color.Color, len(r.targets))
	for _, t := range r.targets {
		tints[t.Tenant.Domain] = words.TenantColor(t.Tenant)
	}
	return tints
}

// whole says that all tenants have all their rows.
func (r *run) whole() bool { return job.Summarize(r.job.Status()).Whole() }
