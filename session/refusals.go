package session

import (
	"errors"
	"time"

	"postroom/session/holder"
)

// The small interfaces by which the Manager knows what a door's error says; what
// the error is called is the door's business.
type (
	// quotaError may be a refusal of one more session.
	quotaError interface {
		error
		// Quota says that it is.
		Quota() bool
		// Wait is how long the server asks to wait; 0 when it does not say.
		Wait() time.Duration
	}
	// goneError may be about a session that the server does not know any more.
	goneError interface {
		error
		ShellGone() bool
	}
	// signInError is a sign-in that the server may have refused.
	signInError interface {
		error
		SignInRefused() bool
	}
)

// signInRefused says that the server did not let the account in.
func signInRefused(err error) bool {
	e, ok := errors.AsType[signInError](err)
	return ok && e.SignInRefused()
}

// afterRefusal is how long at least no new attempt is made for an account that
// the server refused: each attempt can lengthen the lock-out.
const afterRefusal = time.Minute

// errRefusedBefore is a refusal that another process on this computer met.
var errRefusedBefore = errors.New("session: the server refused the account another session a moment ago")

// refusals are the servers' refusals that are minded. The Manager's mutex
// guards them.
type refusals map[holder.Holder]*LimitError

// minded gives the longest of the refusals that may be a holder's while it holds, else nil.
func (r refusals) minded(h holder.Holder) (longest *LimitError) {
	for who, refusal := range r {
		switch {
		case !time.Now().Before(refusal.RetryAfter):
			delete(r, who)
		case who.MayBe(h) && (longest == nil || refusal.RetryAfter.After(longest.RetryAfter)):
			longest = refusal
		}
	}
	return longest
}
