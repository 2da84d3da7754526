package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"postroom/app/folders"
	"postroom/session"
	"postroom/session/access"
	"postroom/session/endpoint"
	"postroom/session/harmless"
	"postroom/session/job"
	"postroom/session/ledger"
	"postroom/session/result"
)

// closeTime is how long the sessions may take to close at the end.
const closeTime = 10 * time.Second

// runFlags are the flags of run. It has the many methods of the groups of flags, as it is
// made of them.
type runFlags struct {
	connectFlags
	outputFlags
	yes, show bool
	line      string
	trace     string
	parallel  count
	retry     count
	each      eachFlags
}

func (o *runFlags) register(f *flag.FlagSet) {
	o.registerShared(f)
	f.StringVar(&o.line, "line", "", "run the line of PowerShell `TEXT`, a command or a pipeline; - reads it from standard input")
}

// registerShared registers what run and report have in common.
func (o *runFlags) registerShared(f *flag.FlagSet) {
	o.connectFlags.register(f)
	o.outputFlags.register(f)
	f.BoolVar(&o.yes, "yes", false, "answer the server's confirmations with yes")
	f.BoolVar(&o.show, "show", false, "print the PowerShell and what it would be sent to; ask nobody")
	f.StringVar(&o.trace, "trace", "", "write a protocol trace without secrets to `FILE`")
	o.each.register(f)
	f.Var(&o.parallel, "parallel", "work for `N` tenants at once, at most as many as the account may have sessions (default: as many)")
	f.Var(&o.retry, "retry", "try again what failed, at most `N` times: rows that the server refused, and tenants that gave nothing; a change without an answer is never sent again")
}

// run does `postroom run [flags] CMDLET [-Parameter [VALUE]]...`.
func run(ctx context.Context, args []string, s Streams) error {
	var flags runFlags
	f := new(flag.FlagSet)
	flags.register(f)
	if err := parseFirst("run", f, args, s); err != nil {
		return err
	}
	if err := flagsBehind(f); err != nil {
		return err
	}
	line, err := flags.command(ctx, s, f)
	if err != nil {
		return err
	}
	if err = flags.check(s, flags.trace); err != nil {
		return err
	}
	flags.language = s.language()
	targets, err := flags.resolve(s)
	if err != nil {
		return err
	}
	flags.cmdlet = rowsOf(line.Pipeline)
	if each, eachErr := flags.eachAsked(); each || eachErr != nil {
		if eachErr != nil {
			return eachErr
		}
		task, taskErr := flags.each.task(ctx, s, targets, filledFrom(line.Pipeline))
		if taskErr != nil {
			return taskErr
		}
		return flags.doEach(ctx, s, task, targets)
	}
	if flags.show {
		return show(s.Out, line.PowerShell(), targets)
	}
	return flags.connectAndDo(ctx, s, job.Work{Task: job.Command{Pipeline: line.Pipeline, Columns: flags.needed(line)}, Targets: targets})
}

// show prints what would be sent, and to what: comments, so that the whole can
// be pasted.
func show(w io.Writer, powershell string, targets []session.Target) error {
	for _, t := range targets {
		address, err := t.Endpoint.For(t.Tenant)
		if err != nil {
			return fmt.Errorf("address of %s: %w", t.Tenant.Domain, err)
		}
		say(w, "# %s as %s\n", harmless.Line(address), harmless.Line(whoIs(t))) // a comment is one line
	}
	say(w, "%s\n", powershell)
	return nil
}

// whoIs is who signs in at a target: the account, the application, or whoever will be
// signed in.
func whoIs(t session.Target) string {
	m, err := t.Endpoint.SignIn()
	switch {
	case t.Method() == endpoint.AuthApp && err == nil:
		return "application " + m.ClientID
	case t.Account == "":
		return "the account that is signed in, or chosen at the sign-in"
	}
	return t.Account
}

// do runs the job, whose targets are of one holder. It opens the output first, so that a file that cannot be
// written costs no session, and closes whatever is open at its end.
func (o *runFlags) do(ctx context.Context, s Streams, way *access.Access, w job.Work) (err error) {
	book, err := openLedger(s.Err)
	if err != nil {
		return err
	}
	defer func() { err = join(err, book.Close()) }()
	many := len(w.Targets) > 1
	from := w.Provenance(o.title, time.Now())
	out, err := o.open(s, from, many)
	if err != nil {
		return err
	}
	ran, err := openHistory()
	if err != nil {
		return err
	}
	recording := ran.Begin(from.Started)
	out.Tee = append(out.Tee, recording)
	manager := session.NewManager(session.Options{Doors: way.Doors, Ledger: book})
	defer manager.Guard() // rows are written on this goroutine
	learn := learnFrom(manager)
	f := &face{streams: s, many: many, targets: w.Targets}
	w.Sessions, w.Rows, w.Face, w.Guard = manager, out, f, manager.Guard
	w.Marks = access.Marks{Tenants: o.known, Directory: o.directory, Find: way.Finder.Tenant}
	w.InOrder, w.Parallel, w.Retries = true, int(o.parallel), int(o.retry)
	if o.yes {
		w.Answers = job.AlwaysYes
	}
	j := job.New(w)
	waiting := newQueue(s, j, w.Targets[0])
	if o.tryNow {
		waiting.tryNow = manager.TryNow
	}
	manager.Observe(waiting)
	deleteLeftovers(ctx, s, manager, w.Targets[0])

	fullErr := j.Run(ctx)
	// Closing must go on although ctx has ended: no session is left behind.
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	closeErr := join(manager.CloseAll(closing), learn.keep(closing, s))
	list := j.Status()
	whole := job.Summarize(list).Whole() || errors.Is(fullErr, job.ErrEnough)
	outErr := out.close(ctx, whole)
	if many {
		summarize(s.Err, out.count, list)
	}
	if _, historyErr := recording.Commit(context.WithoutCancel(ctx), j.Entry(from.Started)); historyErr != nil {
		Explain(s.Err, historyErr) // the run is what it is without its history
	}
	return join(ranError(fullErr, list), closeErr, outErr)
}

// ranError is what the exit code follows from: of one tenant its error, of
// several the worst, which have been told.
func ranError(full error, list []job.Status) error {
	if full != nil && !errors.Is(full, job.ErrEnough) && !errors.Is(full, errReaderGone) {
		return full
	}
	if len(list) == 1 && !errors.Is(list[0].Err, job.ErrEnough) && !errors.Is(list[0].Err, errReaderGone) && list[0].Err != nil {
		return runError(list[0].Err)
	}
	worst := ExitDone
	for _, s := range list {
		worst = max(worst, statusCode(s))
	}
	switch worst {
	case ExitDone:
		return nil
	case ExitInterrupted:
		return errInterrupted
	}
	return &shownError{code: worst}
}

// summarize says in a line how the tenants came out.
func summarize(w io.Writer, rows int, list []job.Status) {
	sum := job.Summarize(list)
	named := func(text string, targets []int) string {
		var domains []string
		for _, at := range targets {
			domains = append(domains, list[at].Target.Tenant.Domain)
		}
		if len(domains) == 0 {
			return ""
		}
		return text + strings.Join(domains, ", ")
	}
	text := fmt.Sprintf("%s of %d of %s", result.EnglishCount(rows, "row"), sum.Good, result.EnglishCount(sum.Targets, "tenant"))
	text += named("; with errors: ", sum.WithErrors) + named("; sign in for: ", sum.NeedSignIn)
	if sum.Left > 0 {
		text += fmt.Sprintf("; left out: %d", sum.Left)
	}
	say(w, "postroom: %s\n", text)
}

// openLedger opens the list of sessions that all processes share.
func openLedger(messages io.Writer) (*ledger.Ledger, error) {
	dir, err := folders.State()
	if err != nil {
		return nil, err
	}
	book, err := ledger.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the ledger of sessions: %w", err)
	}
	for _, aside := range book.SetAside() {
		Explain(messages, aside)
	}
	return book, nil
}

// deleteLeftovers deletes what programs that were killed have left open for
// this account on this server: it would count against the limit. What cannot be
// deleted now stays in the ledger.
func deleteLeftovers(ctx context.Context, s Streams, m *session.Manager, t session.Target) {
	left, err := m.Leftovers()
	if err != nil {
		Explain(s.Err, err)
		return
	}
	var ours []ledger.Entry
	for _, e := range left {
		if e.Holder() == t.Holder() {
			ours = append(ours, e)
		}
	}
	asThen := func(_ context.Context, e ledger.Entry) (session.Target, error) {
		old := t // its address and its redirects are what the person allows now
		old.Endpoint.Configuration, old.Auth = e.Configuration, e.Auth
		return old, nil
	}
	for _, e := range ours { // one by one: each attempt with a wrong password counts
		if m.CleanUp(ctx, []ledger.Entry{e}, asThen)[0].Err != nil {
			return
		}
		say(s.Err, "postroom: closed a session that was left open at %s\n", e.Server)
	}
}
