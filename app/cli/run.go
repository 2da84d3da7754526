package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"postroom/app/folders"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/ledger"
	"postroom/session/result"
)

// closeTime is how long the sessions may take to close at the end.
const closeTime = 10 * time.Second

// runFlags are the flags of run.
type runFlags struct {
	target
	output
	yes bool
}

// run does `postroom run [flags] CMDLET [-Parameter [VALUE]]...`.
func run(ctx context.Context, args []string, s Streams) error {
	var o runFlags
	f := flag.NewFlagSet("run [flags] CMDLET [-Parameter [VALUE]]...", flag.ContinueOnError)
	o.target.register(f)
	o.output.register(f)
	f.BoolVar(&o.yes, "yes", false, "answer the server's confirmations with yes")
	if err := parse(f, args, s.Out); err != nil {
		return err
	}
	inv, err := invocation(f.Args())
	if err != nil {
		return err
	}
	targets, err := o.resolve(ctx, s)
	if err != nil {
		return err
	}
	return o.job(ctx, s, targets, inv)
}

// invocation reads the cmdlet and its arguments.
func invocation(args []string) (cmdlet.Invocation, error) {
	if len(args) == 0 {
		return cmdlet.Invocation{}, &usageError{what: "the cmdlet is missing, such as Get-TransportRule"}
	}
	inv, err := cmdlet.ParseArguments(args, nil)
	if err != nil {
		return inv, &usageError{what: "the cmdlet's arguments", err: err}
	}
	return inv, nil
}

// job runs the cmdlet for each target and writes what comes. The output is
// opened first, so that a file that cannot be written costs no session.
func (o *runFlags) job(ctx context.Context, s Streams, targets []session.Target, inv cmdlet.Invocation) (err error) {
	trace, closeTrace, err := openTrace(o.trace)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeTrace()) }()
	for i := range targets {
		targets[i].Trace = trace
	}
	manager, err := newManager()
	if err != nil {
		return err
	}
	sink, err := o.open(s, provenance(targets, inv), len(targets) > 1)
	if err != nil {
		return err
	}
	sink.yes = o.yes
	err = o.each(ctx, manager, targets, inv, sink)
	// Closing must go on although ctx has ended: no session is left behind.
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	closeErr := manager.CloseAll(closing)
	if ctx.Err() != nil {
		err = errors.Join(errInterrupted, err)
	}
	if outErr := sink.close(context.WithoutCancel(ctx), err); outErr != nil {
		err = errors.Join(err, outErr)
	}
	if closeErr != nil {
		err = errors.Join(err, closeErr)
	}
	if err == nil && sink.errors > 0 {
		return &shownError{count: sink.errors}
	}
	return err
}

// each runs the cmdlet in one tenant after the other. What goes wrong in one
// does not keep the others from their turn.
func (o *runFlags) each(ctx context.Context, m *session.Manager, targets []session.Target, inv cmdlet.Invocation, sink *sink) error {
	var failed []error
	for _, t := range targets {
		if ctx.Err() != nil {
			break
		}
		err := o.one(ctx, m, t, inv, sink)
		if errors.Is(err, errEnough) {
			break
		}
		if err != nil {
			failed = append(failed, err)
			if len(targets) > 1 && ctx.Err() == nil {
				fmt.Fprintf(sink.err, "%s: ", t.Tenant.Domain)
				Explain(sink.err, err)
			}
		}
	}
	if len(failed) == 1 {
		return failed[0]
	}
	return errors.Join(failed...)
}

func (o *runFlags) one(ctx context.Context, m *session.Manager, t session.Target, inv cmdlet.Invocation, sink *sink) error {
	sink.tenant = []byte(t.Tenant.Domain)
	m.Observe(session.ObserverFunc(func(i session.Info) {
		if i.State == session.Waiting && i.Place > 0 {
			fmt.Fprintf(sink.err, "postroom: %s holds %d sessions; waiting for one to end (place %d)\n", i.Account, i.Limit, i.Place)
		}
	}))
	id, err := m.Open(ctx, t)
	if err != nil {
		return err
	}
	err = m.Run(ctx, id, inv, sink)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	if closeErr := m.Close(closing, id); closeErr != nil && err == nil {
		// CloseAll tries once more and says so.
		return nil
	}
	return err
}

// newManager opens the ledger and makes a manager over it.
func newManager() (*session.Manager, error) {
	dir, err := folders.State()
	if err != nil {
		return nil, err
	}
	book, err := ledger.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the ledger of sessions: %w", err)
	}
	return session.NewManager(session.Options{Ledger: book}), nil
}

func provenance(targets []session.Target, inv cmdlet.Invocation) result.Provenance {
	var tenants []string
	for _, t := range targets {
		if t.Tenant.Domain != "" {
			tenants = append(tenants, t.Tenant.Domain)
		}
	}
	return result.Provenance{
		Endpoint: targets[0].Endpoint.Name, Tenant: strings.Join(tenants, ", "),
		Account: targets[0].Credential.User, Command: inv.PowerShell(), Started: time.Now(),
	}
}
