package cli

import (
	"cmp"
	"context"
	"encoding/json"
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
		enc := json.NewEncoder(s.Out)
		enc.SetIndent("", "  ")
		if jsonErr := enc.Encode(list); jsonErr != nil {
			return join(err, fmt.Errorf("write the check: %w", jsonErr))
		}
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
	list := []checked{}
	worst := ExitDone
	err := o.opened(ctx, s, targets[0], func(passphrase credential.Secret) error {
		list, worst = list[:0], ExitDone
		for i := range targets {
			c := &checking{flags: o, streams: s, many: len(targets) > 1}
			signedIn, err := c.check(opening, way, manager, targets[i], passphrase)
			c.out.Account = signedIn.Account
			list = append(list, c.out)
			for j := range targets[i:] {
				targets[i+j].Account = signedIn.Account
			}
			switch {
			case ctx.Err() != nil:
				return errInterrupted
			case errors.Is(err, signin.ErrPassphrase) && i == 0:
				return err
			case err == nil:
				continue
			}
			worst = max(worst, exitCode(runError(err)))
			explainFor(s.Err, c.whom(targets[i]), runError(err))
			if left := len(targets) - i - 1; left > 0 && (opening.Err() != nil || diagnose.Explain(err).OfAccount()) {
				say(s.Err, "postroom: that holds for the account everywhere; the other tenants (%d) are not tried\n", left)
				break
			}
		}
		return nil
	})
	if err == nil && worst != ExitDone {
		err = &shownError{code: worst}
	}
	return list, err
}

// checking is the check of one target.
type checking struct {
	flags   *checkFlags
	streams Streams
	many    bool
	out     checked
}

func (c *checking) whom(t session.Target) string {
	if !c.many {
		return program
	}
	return placeName(t)
}

// placeName is what a tenant is called in messages.
func placeName(t session.Target) string {
	return cmp.Or(t.Tenant.Domain, program)
}

func (c *checking) check(ctx context.Context, way *access.Access, manager *session.Manager, t session.Target, passphrase credential.Secret) (session.Target, error) {
	if t.Endpoint.Door != endpoint.REST {
		deleteLeftovers(ctx, c.streams, manager, t)
	}
	c.out = checked{Tenant: t.Tenant.Domain, Endpoint: t.Endpoint.URL, Steps: []checkedStep{}}
	if c.many && !c.flags.json {
		say(c.streams.Out, "%s\n", placeName(t))
	}
	signedIn, err := way.Check(ctx, t, access.Checking{
		Manager: manager, Passphrase: passphrase, Face: faceOf(c.streams, t), Step: c.step, Again: func() { c.out.Steps = c.out.Steps[:0] },
	})
	c.out.OK = err == nil
	if p := diagnose.ExplainIn(language(), err); p != nil {
		c.out.Problem = &problem{ID: p.ID, Title: p.Title, Cause: p.Cause, Fix: p.Fix, Who: p.Who}
	}
	return signedIn, err
}

// step writes a step as it ends.
func (c *checking) step(s session.Step) {
	c.out.Steps = append(c.out.Steps, checkedStep{Name: s.Name, OK: s.Err == nil, Seconds: s.Elapsed.Seconds(), Detail: s.Detail})
	if c.flags.json {
		return
	}
	how, before := "ok", ""
	if s.Err != nil {
		how = "FAILED"
	}
	if c.many {
		before = "  "
	}
	text := fmt.Sprintf("%s%-7s %-8s %8s", before, how, s.Name, max(time.Millisecond, s.Elapsed.Round(time.Millisecond)))
	if s.Detail != "" {
		text += "  " + s.Detail
	}
	say(c.streams.Out, "%s\n", text)
}
