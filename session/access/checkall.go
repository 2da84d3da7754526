package access

import (
	"context"
	"slices"

	"postroom/session"
)

// CheckState is how far the check of one of several tenants has come.
type CheckState int

// The states of a check.
const (
	CheckQueued  CheckState = iota
	CheckRunning            // its steps are under way
	CheckDone               // every step went well
	CheckFailed             // the last step did not
	CheckSkipped            // another tenant's failure holds here as well, or the check was stopped
)

// Checked is how far the check of one of several tenants has come.
type Checked struct {
	// Target is the tenant's, with the account that signed in.
	Target session.Target
	State  CheckState
	// Steps are those that have ended; the first that failed is the last.
	Steps []session.Step
	// Err is the error of the step that failed.
	Err error
}

// Several says how several tenants are checked.
type Several struct {
	// AtOnce is how many are under way at the same time; below 2 it is one after the
	// other. With more nobody is asked to sign in but at the first: a tenant that wants
	// a sign-in of its own fails by a *session.NeedsSignInError.
	AtOnce int
	// Everywhere says that an error would be met at every other tenant too: those that
	// have not begun are skipped. nil is no error.
	Everywhere func(error) bool
	// Changed hears of everything that happens to the i-th target. It must be set.
	Changed func(i int, c Checked)
}

// checks are the checks of several targets. The goroutine of CheckAll has them: what
// the others find out comes to it as deeds.
type checks struct {
	access *Access
	c      Checking
	how    Several
	deeds  chan func()

	list    []Checked
	account string // that signed in
	running int
	over    bool // the rest is skipped
}

// CheckAll checks several targets of one account, each as Check does. The first goes
// alone, as who signs in there signs in for all of them. It gives how each came out,
// and tells of it on the way, from the caller's goroutine.
func (a *Access) CheckAll(ctx context.Context, targets []session.Target, c Checking, how Several) []Checked {
	k := &checks{access: a, c: c, how: how, deeds: make(chan func())}
	for _, t := range targets {
		k.list = append(k.list, Checked{Target: t})
	}
	for next := 0; ; {
		for next < len(k.list) && k.running < k.most() {
			k.begin(ctx, next)
			next++
		}
		if k.running == 0 {
			return k.list
		}
		(<-k.deeds)()
	}
}

// most is how many may be under way now.
func (k *checks) most() int {
	if k.account == "" {
		return 1
	}
	return max(1, k.how.AtOnce)
}

// begin begins the check of a target, or skips it.
func (k *checks) begin(ctx context.Context, i int) {
	at := &k.list[i]
	if k.over || ctx.Err() != nil {
		at.State = CheckSkipped
		k.tell(i)
		return
	}
	at.State = CheckRunning
	if at.Target.Account == "" {
		at.Target.Account = k.account
	}
	k.running++
	k.tell(i)
	c := k.c
	c.Step = func(s session.Step) {
		k.deeds <- func() { at.Steps = append(at.Steps, s); k.tell(i) }
	}
	c.Again = func() {
		k.deeds <- func() { at.Steps = nil; k.tell(i) }
		if k.c.Again != nil {
			k.c.Again()
		}
	}
	if k.most() > 1 {
		c.Face = nil
	}
	target := at.Target
	go func() { // ends with the check, which ctx ends
		defer c.Manager.Guard()
		signedIn, err := k.access.Check(ctx, target, c)
		k.deeds <- func() { k.ended(i, signedIn, err) }
	}()
}

// ended takes over how a check came out.
func (k *checks) ended(i int, target session.Target, err error) {
	at := &k.list[i]
	at.Target, at.Err, at.State = target, err, CheckDone
	k.running--
	if k.account == "" {
		k.account = target.Account
	}
	if err != nil {
		at.State = CheckFailed
		k.over = k.over || k.how.Everywhere != nil && k.how.Everywhere(err)
	}
	k.tell(i)
}

// tell tells of a target.
func (k *checks) tell(i int) {
	told := k.list[i]
	told.Steps = slices.Clone(told.Steps)
	k.how.Changed(i, told)
}
