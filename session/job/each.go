package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/diagnose"
	"postroom/session/result"
)

// EachRow is what an Each does for one of its rows.
type EachRow struct {
	// Target is the number of the target that the row belongs to, in Work.Targets.
	Target int
	// Object is what a person calls the row.
	Object string
	// Task is the command or the report with the row's values filled in.
	Task Task
}

// RowState says what became of a row of an Each.
type RowState uint8

// The states of a row.
const (
	RowNotSent RowState = iota // nothing was sent for it
	RowRunning                 // sent, and no answer yet
	RowDone                    // the server did it
	RowFailed                  // the server reported an error
	RowUnknown                 // sent, and it is not known whether the server did it
)

// rowStates are the words of the column Status. They are the same in every
// language, so that a file can be read by a program.
var rowStates = [...]string{RowNotSent: "not sent", RowRunning: "running", RowDone: "done", RowFailed: "failed", RowUnknown: "unknown"}

// String gives the word of the column Status.
func (s RowState) String() string {
	if int(s) < len(rowStates) {
		return rowStates[s]
	}
	return "unknown"
}

// EachResult is what became of a row.
type EachResult struct {
	State RowState
	// Rows is how many rows came for it, Took how long it took.
	Rows int
	Took time.Duration
	// Err is why it failed; nil otherwise.
	Err error
}

// Each is a Task that does another one for each of some rows, one after the
// other within a tenant. Each row gives its result as rows that begin with
// result.ObjectColumn, result.StatusColumn and result.ReasonColumn: those that
// its task gave, or one without more when it gave none. What can be sent again,
// and what never is, stands in again.go.
//
// It is used by one Job. Results may be called from any goroutine. It has a method for each
// question about a row (what it may send, how it came out, whether it is sent again), and
// they share the rows and their lock.
type Each struct {
	rows []EachRow
	// reading says that nothing but reading is sent.
	reading bool
	// retries is how often what the server refused is sent again within a run.
	retries int
	// goOn says that an error does not keep the rest from being sent.
	goOn bool
	// before is the task that this one goes on with; nil for none.
	before *Each
	// language is that of the reasons that no server gave.
	language string

	mu      sync.Mutex
	results []EachResult
	told    []bool // whose result stands among the rows
	stopped bool
}

// OnError says what an error in one row means for those behind it.
type OnError uint8

// What an error means.
const (
	StopOnError OnError = iota // nothing more is sent
	GoOnOnError                // the other rows are sent all the same
)

// What a Job asks of a Task beyond the least.
var _ interface {
	placed
	inTurn
	refusable
	finisher
	retrying
	selective
} = (*Each)(nil)

// NewEach makes a task of rows; there must be one at least.
func NewEach(rows []EachRow, on OnError) *Each {
	e := &Each{rows: slices.Clone(rows), goOn: on == GoOnOnError, results: make([]EachResult, len(rows)), told: make([]bool, len(rows))}
	e.reading = reads(e)
	return e
}

// Speak sets the language, a BCP 47 tag, of the reasons that no server gave; else they are
// English. Call it before the task is run.
func (e *Each) Speak(language string) { e.language = language }

// Rows are the rows in their order.
func (e *Each) Rows() []EachRow { return slices.Clone(e.rows) }

// Results says what became of each row, beside Rows.
func (e *Each) Results() []EachResult {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.results)
}

// Outcomes counts the rows by what became of them in the end: those of the task that it is
// the rest of, or that it asks again for, count with it.
func (e *Each) Outcomes() map[RowState]int {
	counts := map[RowState]int{}
	for l := range e.lastly() {
		counts[l.came.State]++
	}
	return counts
}

// last is a row's last result, and the task that it comes from.
type last struct {
	of   *Each
	at   int
	came EachResult
}

// lastly gives each row of the task, and of those before it, with its last result.
func (e *Each) lastly() iter.Seq[last] {
	type row struct {
		target int
		object string
	}
	return func(yield func(last) bool) {
		later := map[row]bool{}
		for ; e != nil; e = e.before {
			results := e.Results()
			for i, r := range e.rows {
				if !later[row{r.Target, r.Object}] && !yield(last{e, i, results[i]}) {
					return
				}
			}
			for _, r := range e.rows {
				later[row{r.Target, r.Object}] = true
			}
		}
	}
}

// Commands are those of all rows.
func (e *Each) Commands() []cmdlet.Invocation {
	var all []cmdlet.Invocation
	for _, r := range e.rows {
		all = append(all, r.Task.Commands()...)
	}
	return all
}

// PowerShell has the commands of all rows, a line each.
func (e *Each) PowerShell() string {
	lines := make([]string, len(e.rows))
	for i, r := range e.rows {
		lines[i] = r.Task.PowerShell()
	}
	return strings.Join(lines, "\n")
}

// Name is the report's when all rows run one.
func (e *Each) Name() string {
	if named, ok := e.rows[0].Task.(named); ok {
		return named.Name()
	}
	return ""
}

// Own are the columns of ours that its rows have.
func (*Each) Own() []result.OwnColumn {
	return []result.OwnColumn{result.ObjectColumn, result.StatusColumn, result.ReasonColumn}
}

// InTurn says that the targets' turns come one after the other: an error in one
// may keep the rest from being sent.
func (e *Each) InTurn() bool { return !e.goOn || !e.reading }

// Run does the task for the rows of the only target.
func (e *Each) Run(ctx context.Context, by session.Runner, to session.Sink) error {
	return e.RunOn(ctx, 0, by, to)
}

// RunOn does the task for the rows of a target, and then for those again that the server
// refused, as often as is wished.
func (e *Each) RunOn(ctx context.Context, target int, by session.Runner, to session.Sink) error {
	mine := e.of(target)
	for again := 0; ; again++ {
		e.begin(mine)
		waiting, err := e.pass(ctx, mine, by, to, again < e.retries)
		if err == nil && len(waiting) > 0 && ctx.Err() == nil {
			continue
		}
		return cmp.Or(err, e.settle(mine, to, waiting), e.doubt(mine))
	}
}

// of are the rows of a target, by their numbers.
func (e *Each) of(target int) (mine []int) {
	for i, r := range e.rows {
		if r.Target == target {
			mine = append(mine, i)
		}
	}
	return mine
}

// pass sends the rows that were not sent, as far as errors allow. Where more passes may
// come, waiting is what was said of the rows that the server refused: their results wait.
func (e *Each) pass(ctx context.Context, mine []int, by session.Runner, to session.Sink, more bool) (waiting map[int][]session.Message, err error) {
	waiting = map[int][]session.Message{}
	for n, i := range mine {
		if ctx.Err() != nil {
			return waiting, context.Cause(ctx)
		}
		if e.sent(i) {
			continue
		}
		if e.isStopped() {
			return waiting, nil
		}
		said, waits, err := e.one(ctx, i, by, to, more)
		if err != nil {
			return waiting, err
		}
		if waits {
			waiting[i] = said
			continue
		}
		e.progress(to, n+1, len(mine))
	}
	return waiting, nil
}

// settle tells of the rows whose results waited, in their order.
func (e *Each) settle(mine []int, to session.Sink, waiting map[int][]session.Message) error {
	for _, i := range mine {
		said, waits := waiting[i]
		if !waits {
			continue
		}
		for _, m := range said {
			to.Message(m)
		}
		if err := e.give(i, to, ""); err != nil {
			return err
		}
		e.given(i)
	}
	return nil
}

func (e *Each) sent(i int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.results[i].State != RowNotSent
}

// Refused notes that nothing can be sent to a target, such as one that cannot be
// signed in to.
func (e *Each) Refused(target int, why error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, r := range e.rows {
		if r.Target == target && e.results[i].State == RowNotSent {
			e.results[i].Err = why
		}
	}
	e.stopped = !e.goOn
}

// one does the task for a row and gives its result. An error that the server
// reported for it is the row's own; another one ends the session's work. Where more passes
// may come, the result of a row that can be sent again waits, with what was said.
func (e *Each) one(ctx context.Context, i int, by session.Runner, to session.Sink, more bool) (said []session.Message, waits bool, err error) {
	r, began := e.rows[i], time.Now()
	e.set(i, EachResult{State: RowRunning})
	rows := &rowSink{Appender: to, talk: to, object: r.Object, hold: more}
	err = r.Task.Run(ctx, by, rows)
	if reported, is := session.Refused(err); is { // the row names its command
		rows.Message(session.Message{Kind: session.MessageError, Time: time.Now(), Text: reported.Error(), Err: reported})
		err = nil
	}
	came := EachResult{State: RowDone, Rows: rows.rows, Took: time.Since(began)}
	switch {
	case err != nil:
		came.State, came.Err = RowUnknown, err
	case rows.failed != nil:
		came.State, came.Err = RowFailed, rows.failed
	}
	e.set(i, came)
	if more && ctx.Err() == nil && e.resends(i) {
		return rows.held, err == nil, err // without a session the job has the next pass
	}
	for _, m := range rows.held {
		to.Message(m)
	}
	if _, full := errors.AsType[*fullError](err); full || ctx.Err() != nil {
		return nil, false, err // nobody takes rows any more; Finish gives the row's result
	}
	if rows.rows == 0 || came.Err != nil {
		if giveErr := e.give(i, to, ""); giveErr != nil {
			return nil, false, giveErr
		}
	}
	e.given(i)
	return nil, false, err
}

// set notes what became of a row, and stops the rest after an error where that
// is wished.
func (e *Each) set(i int, r EachResult) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.results[i] = r
	if r.Err != nil && !e.goOn {
		e.stopped = true
	}
}

func (e *Each) isStopped() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stopped
}

func (e *Each) given(i int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told[i] = true
}

// Finish gives the results of the rows that have none yet: those that were not
// sent. The Job calls it when all targets have ended; tenants are the domains of
// its targets where its rows carry their tenant.
func (e *Each) Finish(to result.Appender, tenants []string) error {
	e.mu.Lock()
	told := slices.Clone(e.told)
	e.mu.Unlock()
	for i, r := range e.rows {
		if told[i] {
			continue
		}
		tenant := ""
		if tenants != nil {
			tenant = tenants[r.Target]
		}
		if err := e.give(i, to, tenant); err != nil {
			return err
		}
		e.given(i)
	}
	return nil
}

// give hands on a row's result, without rows of the server's.
func (e *Each) give(i int, to result.Appender, tenant string) error {
	e.mu.Lock()
	came := e.results[i]
	e.mu.Unlock()
	to.BeginRow()
	if tenant != "" {
		to.Own(result.TenantColumn, []byte(tenant))
	}
	to.Own(result.ObjectColumn, []byte(e.rows[i].Object))
	to.Own(result.StatusColumn, []byte(came.State.String()))
	if came.Err != nil {
		to.Own(result.ReasonColumn, []byte(e.reason(came)))
	}
	return to.EndRow()
}

// reason says why a row is not done: what the server reported for it in its words, all else
// in a person's. What changes something and gave no row may have been done, also where the
// server confirmed the stop: it does not say what it had done by then.
func (e *Each) reason(came EachResult) string {
	if came.State == RowFailed {
		return came.Err.Error()
	}
	if partial, is := errors.AsType[*session.PartialError](came.Err); is && came.State == RowUnknown && !e.reading && partial.Rows == 0 {
		return diagnose.ExplainIn(e.language, &session.PartialError{Command: partial.Command, Unsure: true, Err: partial.Err}).Line()
	}
	return diagnose.ExplainIn(e.language, came.Err).Line()
}

// progress says how far the rows are.
func (e *Each) progress(to session.Sink, done, total int) {
	to.Message(session.Message{Kind: session.MessageProgress, Time: time.Now(), Progress: session.Progress{
		ID: eachProgress, Parent: -1, Activity: e.rows[0].Task.Commands()[0].Cmdlet, Status: fmt.Sprintf("%d / %d", done, total),
		Percent: 100 * done / total, Remaining: -1, Completed: done == total,
	}})
}

// eachProgress is the number of our own activity: the servers' begin at 0.
const eachProgress = 1 << 20

// rowSink puts the object in front of the rows that came for it, and notes
// errors that did not end its command.
type rowSink struct {
	result.Appender
	talk   session.Sink
	object string
	rows   int
	failed error
	hold   bool // errors: they are told if this was the last attempt
	held   []session.Message
}

// BeginRow starts a row of the object.
func (s *rowSink) BeginRow() {
	s.Appender.BeginRow()
	s.Own(result.ObjectColumn, []byte(s.object))
	s.Own(result.StatusColumn, []byte(RowDone.String()))
}

// EndRow completes it.
func (s *rowSink) EndRow() error {
	err := s.Appender.EndRow()
	if err == nil {
		s.rows++
	}
	return err
}

// Message hands a message on, an error with the object in front.
func (s *rowSink) Message(m session.Message) {
	if m.Kind == session.MessageError {
		if s.failed == nil {
			s.failed = m.Err
			if m.Err == nil {
				s.failed = &reportedError{m.Text}
			}
		}
		m.Text = s.object + ": " + m.Text
		if s.hold {
			s.held = append(s.held, m)
			return
		}
	}
	s.talk.Message(m)
}

// Ask hands a question on.
func (s *rowSink) Ask(ctx context.Context, p session.Prompt) (session.Answer, error) {
	return s.talk.Ask(ctx, p)
}

// reportedError is an error of which only the text came.
type reportedError struct{ text string }

// Error gives the text.
func (e *reportedError) Error() string { return e.text }
