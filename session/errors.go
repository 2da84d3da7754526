package session

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"postroom/session/endpoint"
)

// The errors of a Manager that callers tell apart.
var (
	// ErrClosed: the session, or the manager, has been closed.
	ErrClosed = errors.New("session: closed")
	// ErrIdle: the session was closed because nobody used it.
	ErrIdle = errors.New("session: closed after its idle time")
	// ErrExpired: the server dropped the session, since nothing was heard of
	// the client for its idle time: the computer slept, or was cut off.
	ErrExpired = errors.New("session: dropped by the server after its idle time")
	// ErrGap: an answer of the server was lost, and rows may have been in it.
	ErrGap = errors.New("session: an answer of the server was lost on the way")
	// ErrNoDoor: nothing in this program leads to such an endpoint.
	ErrNoDoor = errors.New("session: there is no door to this kind of endpoint")
	// ErrServerEnded: the server reported the end of the session.
	ErrServerEnded = errors.New("session: the server ended the session")
	// ErrStopUnconfirmed: the server did not confirm a stop in time, so the
	// session was closed.
	ErrStopUnconfirmed = errors.New("session: the server did not confirm the stop")
)

// PartialError is a run that did not come to its end, or whose end is in
// doubt. The rows delivered so far are good; others may be missing. The
// command is never sent again by itself.
type PartialError struct {
	Command string // as PowerShell text without secrets
	Rows    int    // delivered
	// Unsure says that it is not known whether the server ran the command.
	Unsure bool
	Err    error
}

// Error says what broke off and why.
func (e *PartialError) Error() string {
	if e.Unsure {
		return fmt.Sprintf("run %s: not known whether the server ran it: %v", e.Command, e.Err)
	}
	return fmt.Sprintf("run %s: broken off after %d rows: %v", e.Command, e.Rows, e.Err)
}

// Unwrap gives the cause.
func (e *PartialError) Unwrap() error { return e.Err }

// Partial reports true: rows may be missing.
func (e *PartialError) Partial() bool { return true }

// Delivered gives the number of rows that came, and whether it is unknown
// that the command ran at all.
func (e *PartialError) Delivered() (rows int, unsure bool) { return e.Rows, e.Unsure }

// LimitError is the server's refusal of a session because the account holds
// too many, though not by our count: another computer has them.
type LimitError struct {
	Account string
	// Ours is how many we hold, Max how many the account may.
	Ours, Max int
	// Frees is when an unused session elsewhere is dropped at the latest. No
	// new attempt is made for the account before RetryAfter: the refusal
	// itself can lengthen the lock-out.
	Frees      time.Time
	RetryAfter time.Time
	Err        error
}

// Error says who and how many.
func (e *LimitError) Error() string {
	return fmt.Sprintf("open session for %s: the server refuses more sessions (%d of %d are ours): %v",
		e.Account, e.Ours, e.Max, e.Err)
}

// Unwrap gives the server's fault.
func (e *LimitError) Unwrap() error { return e.Err }

// Limit gives the sessions we hold, the limit, and when the rest frees itself.
func (e *LimitError) Limit() (used, limit int, frees time.Time) { return e.Ours, e.Max, e.Frees }

// TenantError is a session for a tenant that could not be opened.
type TenantError struct {
	Tenant string // its domain
	// Partner says that it is the tenant of somebody else: whoever may mend the
	// account's rights sits at the partner then.
	Partner bool
	Err     error
}

// OfTenant is an error of an attempt at the target's tenant, if it names one: a
// *TenantError, so that people read the tenant's domain where the error has its GUID.
func (t Target) OfTenant(err error) error {
	if _, named := errors.AsType[*TenantError](err); err == nil || t.Tenant.IsZero() || named {
		return err
	}
	tenant := cmp.Or(t.Tenant.Domain, t.Tenant.Name)
	partner := t.AsPartner()
	if said, sure := errors.AsType[interface {
		error
		AsPartner() bool
	}](err); sure { // the door compares the tenants, not their names
		partner = said.AsPartner()
	}
	return &TenantError{Tenant: tenant, Partner: partner, Err: err}
}

// AsPartner says that the target seems to be the tenant of somebody else: the account's
// name is not of its domain. A tenant may have several: where it was asked, the error says
// whose it is.
func (t Target) AsPartner() bool {
	_, home, named := strings.Cut(t.Account, "@")
	return named && !t.Tenant.IsZero() && !endpoint.SameDomain(home, cmp.Or(t.Tenant.Domain, t.Tenant.Name))
}

// Error names the tenant and the cause.
func (e *TenantError) Error() string { return "for " + e.Tenant + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *TenantError) Unwrap() error { return e.Err }

// AsPartner gives Partner.
func (e *TenantError) AsPartner() bool { return e.Partner }

// ForTenant gives the tenant's domain.
func (e *TenantError) ForTenant() string { return e.Tenant }

// LeftBehindError is a session that could not be opened, where the server may
// have made the shell all the same and did not confirm its deletion.
type LeftBehindError struct {
	Err       error // why it could not be opened
	DeleteErr error // why it could not be deleted
	Record    Record
	// Until is when the server will have dropped it by itself; zero when that
	// is not known.
	Until time.Time
}

// Error gives both causes.
func (e *LeftBehindError) Error() string {
	return e.Err.Error() + "; and it may have been left on the server: " + e.DeleteErr.Error()
}

// Unwrap gives both causes.
func (e *LeftBehindError) Unwrap() []error { return []error{e.Err, e.DeleteErr} }

// Frees gives Until.
func (e *LeftBehindError) Frees() time.Time { return e.Until }

// NotNotedError means that a session is gone from its server, but that the ledger could not
// be told: it counts as open until the next start, or until its idle time has passed.
type NotNotedError struct{ Err error }

// Error gives the ledger's.
func (e *NotNotedError) Error() string { return "note the end of a session: " + e.Err.Error() }

// Unwrap gives the ledger's.
func (e *NotNotedError) Unwrap() error { return e.Err }

// LeftOpenError names sessions whose end the server did not confirm, or the ledger could
// not note. They stay in the ledger; the next start deletes them.
type LeftOpenError struct {
	Sessions []Info
	Errs     []error // beside Sessions
	// Until is when the servers will have dropped the last of them by
	// themselves; zero when that is not known.
	Until time.Time
}

// Error counts them and gives the first cause.
func (e *LeftOpenError) Error() string {
	return fmt.Sprintf("close sessions: %d not confirmed by the server: %v", len(e.Sessions), errors.Join(e.Errs...))
}

// Unwrap gives the causes.
func (e *LeftOpenError) Unwrap() []error { return e.Errs }

// Gone is how many of them are gone from their servers, and are open for the ledger alone
// (*NotNotedError).
func (e *LeftOpenError) Gone() (n int) {
	for _, err := range e.Errs {
		if _, is := errors.AsType[*NotNotedError](err); is {
			n++
		}
	}
	return n
}

// LeftOpen gives their number.
func (e *LeftOpenError) LeftOpen() int { return len(e.Sessions) }

// Frees gives Until.
func (e *LeftOpenError) Frees() time.Time { return e.Until }

// MaybeThereError is a shell of which nobody knows whether it is there: the
// answer to its Create was lost, and with it the way to its server, and no
// server that was asked knew it. It stays in the ledger, and counts, until the
// server would have dropped it.
type MaybeThereError struct {
	ShellID string
	// Until is when the server has dropped it by itself; zero when not known.
	Until time.Time
}

// Error says which shell, and until when.
func (e *MaybeThereError) Error() string {
	text := "session: shell " + e.ShellID + " may still be on the server"
	if e.Until.IsZero() {
		return text
	}
	return text + " until " + e.Until.Format(time.RFC3339)
}

// Frees gives Until.
func (e *MaybeThereError) Frees() time.Time { return e.Until }

// LeftoverRefusedError is a leftover whose address the redirect policy does
// not allow: the ledger may have been tampered with, or the person has taken a
// permission back. Nothing was sent. The entry stays in the ledger.
type LeftoverRefusedError struct {
	// Server is where the session was asked for, Host where the ledger says
	// that it is.
	Server, Host string
	Err          error // what the policy said
}

// Error names both hosts.
func (e *LeftoverRefusedError) Error() string {
	return fmt.Sprintf("session: a leftover of %s is not looked for at %s: %v", e.Server, e.Host, e.Err)
}

// Unwrap gives what the policy said.
func (e *LeftoverRefusedError) Unwrap() error { return e.Err }

// LeftoverRefused gives both hosts.
func (e *LeftoverRefusedError) LeftoverRefused() (server, host string) { return e.Server, e.Host }

// UndecodedError counts what a run could not decode: those values are there as the
// texts that they came as, with a mark; all others are whole.
type UndecodedError struct {
	Values int
	Rows   int   // that have such values
	First  error // what was wrong with the first
}

// Add counts the values of one more row, and keeps the first error.
func (e *UndecodedError) Add(values int, first error) {
	e.Values += values
	e.Rows++
	if e.First == nil {
		e.First = first
	}
}

// Error counts them and says what was wrong with the first.
func (e *UndecodedError) Error() string {
	return fmt.Sprintf("read rows: %d values in %d rows could not be decoded and are shown as they came: %v", e.Values, e.Rows, e.First)
}

// Unwrap gives what was wrong with the first.
func (e *UndecodedError) Unwrap() error { return e.First }

// Undecoded gives both numbers.
func (e *UndecodedError) Undecoded() (values, rows int) { return e.Values, e.Rows }
