package exorest

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"postroom/session/bounded"
)

// The errors that callers tell apart.
var (
	// ErrNoTenant: the target does not say which tenant's token is to be asked
	// for, and it could not be found out. Without it a partner's own token would
	// be taken.
	ErrNoTenant = errors.New("exorest: the tenant's id is not known")
	// ErrCursor: the service refused to go on with a list. What came is not all.
	ErrCursor = errors.New("exorest: the service refuses to go on with the list")
	// errNoPreview: -WhatIf was asked for, and the service said nothing of what
	// would be done.
	errNoPreview = errors.New("exorest: the service did not say what would be done")
	// ErrTooManyRedirects: regions send each other the request.
	ErrTooManyRedirects = errors.New("exorest: too many redirects")
)

// Origin is what support wants to know of an answer.
type Origin struct {
	// Op is the cmdlet, "$batch" or "EXOModuleFile"; URL where it was sent.
	Op, URL string
	// Status is the HTTP status.
	Status int
	// Server and RequestID are the service's own names; Time is its clock.
	Server, RequestID string
	Time              time.Time
	// Partner says that the tenant is not the account's own: its rights there come from
	// whom the account belongs to.
	Partner bool
	// Short is why no more of an error's text was read than is shown; nil where it is
	// whole.
	Short error
}

// short puts behind an error's text that it is not the whole one.
func (o Origin) short(text string) string {
	if o.Short == nil {
		return text
	}
	return fmt.Sprintf("%s (not read to its end: %v)", text, o.Short)
}

// AsPartner gives Partner.
func (o Origin) AsPartner() bool { return o.Partner }

// HTTPStatus gives Status.
func (o Origin) HTTPStatus() int { return o.Status }

// Support gives the service's names for its server and for the request.
func (o Origin) Support() (server, requestID string) { return o.Server, o.RequestID }

// CmdletError is an error that the service reported for a cmdlet. It is a
// session.CmdletError.
type CmdletError struct {
	Origin
	// Message is the reason, as the cmdlet gave it.
	Message string
	// Class is the .NET type of the exception, ID the service's short name for
	// the place; either may be empty.
	Class, ID string
	// Code is the service's own, such as "BadRequest".
	Code string
	// Warnings came with the error; a run tells them before it.
	Warnings []string
}

// Error gives the reason.
func (e *CmdletError) Error() string { return e.short(e.Message) }

// ErrorID gives ID and cmdlet as PowerShell writes them.
func (e *CmdletError) ErrorID() string {
	if e.ID == "" {
		return ""
	}
	return e.ID + "," + e.Op
}

// Exception gives Class.
func (e *CmdletError) Exception() string { return e.Class }

// CmdletFailed gives class, id and reason.
func (e *CmdletError) CmdletFailed() (class, id, text string) { return e.Class, e.ID, e.Message }

// NotPermittedError is a cmdlet that the role may not run, or that there is not:
// the service does not say which. It is a session.CmdletError.
type NotPermittedError struct {
	Origin
	// Message is what the service said; "" where it said nothing.
	Message string
}

// Error names the cmdlet.
func (e *NotPermittedError) Error() string {
	if e.Message != "" {
		return e.Message
	}
	return fmt.Sprintf("the account may not run %s here, or there is no such cmdlet", e.Op)
}

// ErrorID gives one of our own: the service has none.
func (e *NotPermittedError) ErrorID() string { return "NotPermitted," + e.Op }

// Exception gives nothing: the service has none.
func (e *NotPermittedError) Exception() string { return "" }

// NotPermitted names the cmdlet.
func (e *NotPermittedError) NotPermitted() string { return e.Op }

// ThrottledError is a request that the service did not take for the tenant's
// pace. It was not run.
type ThrottledError struct {
	Origin
	// Until is when the service may be asked again.
	Until   time.Time
	Message string
}

// Error says until when.
func (e *ThrottledError) Error() string {
	return fmt.Sprintf("%s: the service asks to wait until %s: %s", e.Op, e.Until.Format(time.TimeOnly), e.Message)
}

// Wait gives how long from now on.
func (e *ThrottledError) Wait() time.Duration { return max(0, time.Until(e.Until)) }

// Throttled gives Until.
func (e *ThrottledError) Throttled() time.Time { return e.Until }

// RefusedError is a token that the service did not take.
type RefusedError struct {
	Origin
	// Challenge is the error in WWW-Authenticate, such as "invalid_token"; "".
	Challenge string
}

// Error says so.
func (e *RefusedError) Error() string {
	if e.Challenge == "" {
		return fmt.Sprintf("%s: HTTP %d: the service does not take the token", e.Op, e.Status)
	}
	return fmt.Sprintf("%s: HTTP %d: the service does not take the token: %s", e.Op, e.Status, e.Challenge)
}

// HTTPError is an answer that is none of the service's own.
type HTTPError struct {
	Origin
	// Text is the first line of the body; may be empty.
	Text string
}

// Error gives status and first line.
func (e *HTTPError) Error() string {
	if e.Text == "" {
		return e.short(fmt.Sprintf("%s: HTTP %d", e.Op, e.Status))
	}
	return e.short(fmt.Sprintf("%s: HTTP %d: %s", e.Op, e.Status, e.Text))
}

// TooLongError is an answer of success that is longer than is read. Rows of it may have
// been handed on.
type TooLongError struct {
	Origin
	Err *bounded.Error
}

// Error names what was asked for and the bound.
func (e *TooLongError) Error() string { return e.Err.Error() }

// Unwrap gives the bound.
func (e *TooLongError) Unwrap() error { return e.Err }

// NetError is a request without a whole answer.
type NetError struct {
	// Op is the cmdlet or the resource, URL where it was sent.
	Op, URL string
	// Sent says that the service may have got it.
	Sent bool
	Err  error
}

// Error says where it was sent.
func (e *NetError) Error() string {
	if _, names := errors.AsType[*url.Error](e.Err); names {
		return e.Op + ": " + e.Err.Error()
	}
	return fmt.Sprintf("%s at %s: %v", e.Op, e.URL, e.Err)
}

// Unwrap gives the network's error.
func (e *NetError) Unwrap() error { return e.Err }

// Host gives the host that was asked.
func (e *NetError) Host() string { return hostname(e.URL) }

func hostname(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// RedirectError is a redirect that was not followed: no token went there.
type RedirectError struct {
	// Op is the cmdlet or the resource, URL where it was sent.
	Op, URL string
	// To is the host that was named; "" where none was.
	To  string
	Err error // why not
}

// Error names both hosts.
func (e *RedirectError) Error() string {
	return fmt.Sprintf("%s at %s: redirect to %q is not followed: %v", e.Op, e.URL, e.To, e.Err)
}

// Unwrap gives the reason.
func (e *RedirectError) Unwrap() error { return e.Err }

// NotFollowed gives the host that redirected, where to, and why it was not followed.
func (e *RedirectError) NotFollowed() (host, to string, plain, loop bool) {
	return hostname(e.URL), e.To, errors.Is(e.Err, errPlain), errors.Is(e.Err, ErrTooManyRedirects)
}

// UnsupportedError is what a call asks for and the cmdlet does not have.
type UnsupportedError struct{ Cmdlet, Parameter string }

// Error names both.
func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s: there is no -%s", e.Cmdlet, e.Parameter)
}

// unsure says that nobody knows whether a change was run: the answer is lost, or
// came from something between the service and us.
func unsure(err error) bool {
	var network *NetError
	var answer *HTTPError
	var body *JSONError
	var long *TooLongError
	switch {
	case errors.As(err, &network):
		return network.Sent
	case errors.As(err, &answer):
		return answer.Status >= 500 || answer.Status == 408 || answer.Status/100 == 2
	case errors.As(err, &body), errors.As(err, &long):
		return true
	}
	return errors.Is(err, errNoPreview)
}
