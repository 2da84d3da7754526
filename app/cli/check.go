package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"postroom/session"
	"postroom/session/access"
	"postroom/session/credential"
	"postroom/session/diagnose"
	"postroom/session/endpoint"
	"postroom/session/signin"
)

// checkFlags are the flags of check.
type checkFlags struct {
	connectFlags
	json bool
}

// checked is how the check of a tenant came out, in JSON.
type checked struct {
	Tenant   string        `json:"tenant"` // "" is the account's own
	Endpoint string        `json:"endpoint"`
	Account  string        `json:"account"`
	OK       bool          `json:"ok"`
	Steps    []checkedStep `json:"steps"`
	Problem  *problem      `json:"problem,omitempty"`
}

type checkedStep struct {
	Name    string  `json:"name"`
	OK      bool    `json:"ok"`
	Seconds float64 `json:"seconds"`
	Detail  string  `json:"detail"`
}

// problem is an explanation in JSON.
type problem struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Cause string `json:"cause"`
	Fix   string `json:"fix"`
	Who   string `json:"who"` // can mend it; "" when it is not known
}

// check does `postroom check [flags]`.
func check(ctx context.Context, args []string, s Streams) error {
	var flags checkFlags
	f := new(flag.FlagSet)
	flags.register(f)
	f.BoolVar(&flags.json, "json", false, "write JSON")
	err := parse("check", f, args, s)
	if err == nil {
		err = noArguments("check", f)
	}
	if err == nil {
		err = flags.do(ctx, s)
	}
	if usage, ok := errors.AsType[*usageError](err); ok {
		usage.command = "check"
	}
	return err
}

func (o *checkFlags) do(ctx context.Context, s Streams) (err error) {
	targets, err := o.resolve(s)
	if err != nil {
		return err
	}
	ctx = s.atKeyring(ctx)
	way, err := o.way(ctx, s, targets[0])
	if err != nil {
		return err
	}
	book, err := openLedger(s.Err)
	if err != nil {
		return err
	}
	defer func() { err = join(err, book.Close()) }()
	manager := session.NewManager(session.Options{Doors: way.Doors, Ledger: book})
	defer manager.Guard()
	learn := learnFrom(manager)
	list, checkErr := o.checkAll(ctx, s, way, manager, targets)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	err = join(checkErr, manager.CloseAll(closing), learn.keep(closing, s))
	if o.json {
		return join(err, writeJSON(s.Out, list))
	}
	return err
}

// checkAll checks one target after the other, which says which of them the account's
// own fault ended.
func (o *checkFlags) checkAll(ctx context.Context, s Streams, way *access.Access, manager *session.Manager, targets []session.Target) ([]checked, error) {
	if targets[0].Endpoint.Door == endpoint.REST {
		first, err := onlyAccount(ctx, way, targets[0])
		if err != nil {
			return []checked{}, err
		}
		for i := range targets {
			targets[i].Account = first.Account
		}
	}
	opening, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	waiting := newWaits(s, targets[0])
	waiting.giveUp = func(_ session.Info, why error) { giveUp(why) }
	if o.tryNow {
		waiting.tryNow = manager.TryNow
	}
	manager.Observe(waiting)
	var r *checkReport
	err := o.opened(ctx, s, targets[0], func(passphrase credential.Secret) error {
		r = &checkReport{flags: o, streams: s, many: len(targets) > 1, list: []checked{}, clear: func(t session.Target) {
			if t.Endpoint.Door != endpoint.REST {
				deleteLeftovers(opening, s, manager, t)
			}
		}}
		all := way.CheckAll(opening, targets, access.Checking{Manager: manager, Passphrase: passphrase, Face: faceOf(s, targets[0])}, access.Several{
			Everywhere: func(err error) bool {
				return opening.Err() != nil || errors.Is(err, signin.ErrPassphrase) || diagnose.Explain(err).OfAccount()
			},
			Changed: r.changed,
		})
		if ctx.Err() != nil {
			return errInterrupted
		}
		if errors.Is(all[0].Err, signin.ErrPassphrase) {
			return all[0].Err
		}
		if left := len(all) - len(r.list); left > 0 {
			say(s.Err, "postroom: that holds for the account everywhere; the other tenants (%d) are not tried\n", left)
		}
		return nil
	})
	if r == nil {
		return []checked{}, err
	}
	if err == nil && r.worst != ExitDone {
		err = &shownError{code: r.worst}
	}
	return r.list, err
}

// checkReport tells of the checks as they go on.
type checkReport struct {
	flags   *checkFlags
	streams Streams
	many    bool
	clear   func(session.Target) // of what an earlier run left
	list    []checked            // those that have begun
	worst   int                  // exit code
}

func (r *checkReport) whom(t session.Target) string {
	if !r.many {
		return program
	}
	return placeName(t)
}

// placeName is what a tenant is called in messages.
func placeName(t session.Target) string {
	return cmp.Or(t.Tenant.Domain, program)
}

// changed tells of what happened to a target; one goes after the other.
func (r *checkReport) changed(i int, c access.Checked) {
	switch {
	case c.State == access.CheckSkipped:
		return
	case i == len(r.list):
		r.clear(c.Target)
		r.list = append(r.list, checked{Tenant: c.Target.Tenant.Domain, Endpoint: c.Target.Endpoint.URL, Steps: []checkedStep{}})
		if r.many && !r.flags.json {
			say(r.streams.Out, "%s\n", placeName(c.Target))
		}
	}
	out := &r.list[i]
	out.Steps = out.Steps[:min(len(out.Steps), len(c.Steps))] // the way was gone anew
	for _, s := range c.Steps[len(out.Steps):] {
		out.Steps = append(out.Steps, checkedStep{Name: s.Name, OK: s.Err == nil, Seconds: s.Elapsed.Seconds(), Detail: s.Detail})
		r.step(s)
	}
	if c.State == access.CheckRunning {
		return
	}
	out.OK, out.Account = c.Err == nil, c.Target.Account
	if p := diagnose.ExplainIn(r.streams.language(), c.Err); p != nil {
		out.Problem = &problem{ID: p.ID, Title: p.Title, Cause: p.Cause, Fix: p.Fix, Who: p.Who}
	}
	if c.Err != nil && !errors.Is(c.Err, signin.ErrPassphrase) {
		r.worst = max(r.worst, exitCode(runError(c.Err)))
		explainFor(r.streams.Err, r.whom(c.Target), runError(c.Err))
	}
}

// step writes a step as it ends.
func (r *checkReport) step(s session.Step) {
	if r.flags.json {
		return
	}
	how, before := "ok", ""
	if s.Err != nil {
		how = "FAILED"
	}
	if r.many {
		before = "  "
	}
	text := fmt.Sprintf("%s%-7s %-8s %8s", before, how, s.Name, max(time.Millisecond, s.Elapsed.Round(time.Millisecond)))
	if s.Detail != "" {
		text += "  " + s.Detail
	}
	say(r.streams.Out, "%s\n", text)
}
