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
	"postroom/session/cmdlet"
	"postroom/session/diagnose"
	"postroom/session/ledger"
	"postroom/session/result"
)

// closeTime is how long the sessions may take to close at the end.
const closeTime = 10 * time.Second

// run does `postroom run [flags] CMDLET [-Parameter [VALUE]]...`.
func run(ctx context.Context, args []string, s Streams) error {
	var place connectFlags
	var to output
	var yes bool
	var traceFile string
	f := new(flag.FlagSet)
	place.register(f)
	to.register(f)
	f.BoolVar(&yes, "yes", false, "answer the server's confirmations with yes")
	f.StringVar(&traceFile, "trace", "", "write a protocol trace without secrets to `FILE`")
	if err := parse("run", f, args, s); err != nil {
		return err
	}
	if err := to.check(s, traceFile); err != nil {
		return err
	}
	inv, err := invocation(f)
	if err != nil {
		return err
	}
	targets, err := place.resolve(ctx, s)
	if err != nil {
		return err
	}
	trace, err := openTrace(traceFile)
	if err != nil {
		return err
	}
	for i := range targets {
		targets[i].Trace = trace.tracer()
	}
	j := job{streams: s, targets: targets, inv: inv, yes: yes}
	return join(j.run(ctx, &to), trace.close())
}

// job is one cmdlet for one or several tenants.
type job struct {
	streams Streams
	targets []session.Target
	inv     cmdlet.Invocation
	yes     bool

	manager *session.Manager
	queue   *queue
	sink    *sink
}

// run opens the output first, so that a file that cannot be written costs no
// session, and closes whatever is open at its end.
func (j *job) run(ctx context.Context, to *output) (err error) {
	book, err := openLedger(j.streams.Err)
	if err != nil {
		return err
	}
	defer func() { err = join(err, book.Close()) }()
	j.sink, err = to.open(j.streams, j.provenance(), len(j.targets) > 1)
	if err != nil {
		return err
	}
	j.sink.yes = j.yes
	j.manager = session.NewManager(session.Options{Ledger: book})
	defer j.manager.Guard() // rows are written on this goroutine
	j.queue = newQueue(j.streams, j.targets[0])
	j.manager.Observe(j.queue)
	j.deleteLeftovers(ctx)

	ranErr := j.all(ctx)
	// Closing must go on although ctx has ended: no session is left behind.
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	closeErr := j.manager.CloseAll(closing)
	whole := ranErr == nil && !errors.Is(j.sink.full, errReaderGone)
	outErr := j.sink.close(context.WithoutCancel(ctx), whole)
	if ranErr == nil && j.sink.errors > 0 {
		ranErr = &shownError{code: ExitCmdletErrors}
	}
	return join(ranErr, closeErr, outErr)
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
func (j *job) deleteLeftovers(ctx context.Context) {
	left, err := j.manager.Leftovers()
	if err != nil {
		Explain(j.streams.Err, err)
		return
	}
	t := j.targets[0]
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
		if j.manager.CleanUp(ctx, []ledger.Entry{e}, asThen)[0].Err != nil {
			return
		}
		fmt.Fprintf(j.streams.Err, "postroom: closed a session that was left open at %s\n", e.Server)
	}
}

// all runs the cmdlet for one tenant after the other. One at a time keeps the
// order, holds no rows back in memory, and leaves the account's other sessions
// to its other windows.
func (j *job) all(ctx context.Context) error {
	if len(j.targets) == 1 {
		return j.one(ctx, j.targets[0])
	}
	var failed []string
	asked, worst := 0, ExitDone
	for _, t := range j.targets {
		if j.sink.full != nil {
			break
		}
		j.release(ctx)
		asked++
		errorsBefore := j.sink.errors
		err := j.one(ctx, t)
		if err == nil && j.sink.errors == errorsBefore {
			continue
		}
		failed = append(failed, t.Tenant.Domain)
		if err == nil {
			continue
		}
		worst = max(worst, exitCode(err))
		if worst == ExitInterrupted {
			break
		}
		explainFor(j.streams.Err, t.Tenant.Domain, err)
		if concernsAll(err) {
			break
		}
	}
	j.summarize(asked, failed)
	switch worst {
	case ExitDone:
		return nil
	case ExitInterrupted:
		return errInterrupted
	}
	return &shownError{code: worst}
}

// concernsAll says that the other tenants would meet the same: the account
// cannot sign in, and each further attempt brings it closer to being locked; or
// the server refuses it sessions, and each further attempt lengthens that.
func concernsAll(err error) bool {
	if exitCode(err) == ExitLimit {
		return true
	}
	switch diagnose.Explain(err).ID {
	case "wrong-password", "entra-password", "password-expired", "account-locked", "account-disabled", "account-unknown", "mfa", "rps-disabled":
		return true
	}
	return false
}

func (j *job) summarize(asked int, failed []string) {
	var b strings.Builder
	fmt.Fprintf(&b, "postroom: %d rows of %d of %d tenants", j.sink.count, asked-len(failed), len(j.targets))
	if len(failed) > 0 {
		fmt.Fprintf(&b, "; with errors: %s", strings.Join(failed, ", "))
	}
	if rest := len(j.targets) - asked; rest > 0 {
		fmt.Fprintf(&b, "; not asked any more: %d", rest)
	}
	fmt.Fprintln(j.streams.Err, b.String())
}

// release closes the session of a tenant that has been asked, so that its slot
// is free for the next. The last one is closed by CloseAll, within the one time
// that closing may take; it tries once more what failed here, and says so.
func (j *job) release(ctx context.Context) {
	closing, cancel := context.WithTimeout(ctx, closeTime)
	defer cancel()
	for _, i := range j.manager.Sessions() {
		_ = j.manager.Close(closing, i.ID)
	}
}

// one runs the cmdlet for one tenant, in a session of its own.
func (j *job) one(ctx context.Context, t session.Target) error {
	j.sink.tenant = []byte(t.Tenant.Domain)
	opening, opened := j.queue.watch(ctx)
	id, err := j.manager.Open(opening, t)
	opened()
	if err != nil {
		return interruptedBy(ctx, &openError{err: err})
	}
	err = j.manager.Run(ctx, id, j.inv, j.sink)
	switch {
	case err == nil, errors.Is(err, errEnough), errors.Is(err, errReaderGone):
		return nil
	case is[*session.RemoteError](err) && !is[*session.PartialError](err):
		return &cmdletError{err: err}
	}
	return interruptedBy(ctx, err)
}

// interruptedBy gives errInterrupted for what went wrong because ctx ended.
func interruptedBy(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errInterrupted
	}
	return err
}

func (j *job) provenance() result.Provenance {
	var tenants []string
	for _, t := range j.targets {
		if t.Tenant.Domain != "" {
			tenants = append(tenants, t.Tenant.Domain)
		}
	}
	return result.Provenance{
		Endpoint: j.targets[0].Endpoint.Name, Tenant: strings.Join(tenants, ", "),
		Account: j.targets[0].Credential.User, Command: j.inv.PowerShell(), Started: time.Now(),
	}
}
