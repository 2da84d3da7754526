package partner

import (
	"fmt"
	"time"
)

// RefusedError is something of Graph's that the account or the application may not
// read: most often nobody has consented to it in the partner's tenant.
type RefusedError struct {
	// What was asked for, below the Graph's address.
	What   string
	Status int // HTTP's
	// Code and Message are Graph's, RequestID its name for the request.
	Code, Message, RequestID string
	// Consent is the page where the partner's administrator consents to the application.
	Consent string
}

// Error names what was asked for and Graph's words.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("Microsoft Graph refuses %s: HTTP %d %s: %s", e.What, e.Status, e.Code, e.Message)
}

// GraphRefused gives What.
func (e *RefusedError) GraphRefused() string { return e.What }

// ConsentPage gives Consent.
func (e *RefusedError) ConsentPage() string { return e.Consent }

// Support gives RequestID.
func (e *RefusedError) Support() (server, requestID string) { return "", e.RequestID }

// AnswerError is an answer of Graph's that is none to what was asked.
type AnswerError struct {
	What                     string
	Status                   int
	Code, Message, RequestID string
}

// Error names what was asked for and what came.
func (e *AnswerError) Error() string {
	return fmt.Sprintf("Microsoft Graph answers %s by HTTP %d %s: %s", e.What, e.Status, e.Code, e.Message)
}

// GraphBroken gives What.
func (e *AnswerError) GraphBroken() string { return e.What }

// Support gives RequestID.
func (e *AnswerError) Support() (server, requestID string) { return "", e.RequestID }

// ThrottledError is a Graph that wants to be left alone for longer than is waited.
type ThrottledError struct {
	What  string
	Until time.Time
}

// Error says until when.
func (e *ThrottledError) Error() string {
	return fmt.Sprintf("Microsoft Graph asks to wait with %s until %s", e.What, e.Until.Format(time.TimeOnly))
}

// Wait gives how long from now on.
func (e *ThrottledError) Wait() time.Duration { return max(0, time.Until(e.Until)) }

// Throttled gives Until.
func (e *ThrottledError) Throttled() time.Time { return e.Until }

// ForeignLinkError is a next page that would be somewhere else, or again the same.
// Nothing was sent there.
type ForeignLinkError struct{ Link string }

// Error names the host alone: what stands behind it is the server's.
func (e *ForeignLinkError) Error() string {
	return "Microsoft Graph sends the next page to " + e.Link + ", which is not asked"
}

// GraphBroken gives the link.
func (e *ForeignLinkError) GraphBroken() string { return e.Link }
