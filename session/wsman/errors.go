package wsman

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Fault is a fault that the server answered (SOAP 1.2 and MS-WSMV 2.2.4.17).
type Fault struct {
	// HTTP is the status that it came with.
	HTTP int
	// Op is the operation that failed: "Create", "Command", ...
	Op string
	// Code is f:WSManFault's Code: a Windows error or a WS-Man HRESULT; 0
	// when the fault has none.
	Code uint32
	// SOAPCode and Subcode are local names without their prefix: "Sender",
	// "InvalidSelectors".
	SOAPCode, Subcode string
	// Reason is the SOAP reason, Message the text of f:Message, ProviderText
	// the text of the provider's own fault with all that is nested in it.
	Reason, Message, ProviderText string
	Provider, ProviderPath        string
	// Machine is the server that says so; FaultDetail the last part of
	// w:FaultDetail, such as "UnexpectedSelectors".
	Machine, FaultDetail string
	// ServerProtocolVersion is set when the remoting plug-in refused our
	// protocol version (MS-PSRP 3.2.5.3.2).
	ServerProtocolVersion string
	// Exchange has the fields that Exchange puts before its texts; nil when
	// there are none.
	Exchange *ExchangeFault
	// Body is the whole reply, for the details. Never shown as it is.
	Body []byte
}

// ExchangeFault is the prefix of Exchange's error texts:
// [Server=..,RequestId=..,TimeStamp=..] [FailureCategory=Area-Exception].
type ExchangeFault struct {
	Server, BackEndServer, RequestID, TimeStamp, AuthZRequestID string
	FailureCategory                                             string
	// Code is the hexadecimal code after the prefix, Class the word after it.
	Code, Class string
	// Text is the message without the prefix.
	Text string
}

// RedirectReason is why a redirect was not followed.
type RedirectReason string

// The reasons.
const (
	RedirectNoLocation  RedirectReason = "no location"
	RedirectBadLocation RedirectReason = "bad location"
	RedirectDowngrade   RedirectReason = "not https"
	RedirectLoop        RedirectReason = "loop"
	RedirectTooMany     RedirectReason = "too many"
	RedirectRefused     RedirectReason = "refused by policy"
	RedirectTenantLost  RedirectReason = "tenant lost"
	RedirectLate        RedirectReason = "after the shell was opened"
)

// RedirectError is a redirect that was not followed. Nothing was sent to To.
type RedirectError struct {
	From, To *url.URL // To is nil when there was none that could be read
	Location string   // as the server wrote it
	Reason   RedirectReason
	Err      error // what the policy said
}

// AuthError is a sign-in that the server refused, or that could not be made.
type AuthError struct {
	// HTTP is 401; 0 when nothing was sent.
	HTTP int
	// Auth is the sign-in that was tried.
	Auth Auth
	// Schemes are what the server offers, in its order.
	Schemes []string
	// ContentType and Body are the server's page, for the details.
	ContentType string
	Body        []byte
	Exchange    *ExchangeFault
	Header      map[string]string
	// Kerberos is the name of the error that the KDC or the server gave,
	// such as KDC_ERR_PREAUTH_FAILED; "" when there was none.
	Kerberos string
	Err      error
}

// HTTPError is an answer that is not a SOAP envelope.
type HTTPError struct {
	Op          string
	Status      int
	ContentType string
	// Body is the answer, at most 64 KB of it.
	Body []byte
	// Exchange has the fields of Exchange's prefix if the body has one.
	Exchange *ExchangeFault
	// Header has what helps support: request-id, X-FEServer and such.
	Header map[string]string
	// RetryAfter is the server's wish in seconds; 0 when it has none.
	RetryAfter int
}

// NetError is a failure below HTTP: name, connection, TLS, proxy, time.
type NetError struct {
	Op  string
	URL string
	// SentMaybe says that the request may have reached the server.
	SentMaybe bool
	// Timeout says that our own deadline for the operation ran out.
	Timeout bool
	Err     error
}

// ProtocolError is an answer that breaks the protocol.
type ProtocolError struct {
	Op   string
	What string
	Body []byte
	Err  error
}

// Errors of use.
var (
	// ErrClearText: the message would have gone out, or came in, unsealed over http.
	ErrClearText = errors.New("wsman: message encryption was not established over http")
	// ErrBasicOverHTTP: Basic is only sent over TLS.
	ErrBasicOverHTTP = errors.New("wsman: basic sign-in is only sent over https")
	// ErrBasicColon: a colon in the account, which Basic takes for its end.
	ErrBasicColon = errors.New("wsman: basic sign-in cannot send an account with a colon in it")
	// ErrBasicControl: a control character in the account or the password.
	ErrBasicControl = errors.New("wsman: basic sign-in cannot send control characters")
	// ErrTooLarge: the data do not fit into one envelope.
	ErrTooLarge = errors.New("wsman: data do not fit into one envelope")
	// ErrReplyTooLarge: an answer is longer, deeper or has more elements than any
	// envelope may have. What was asked for may have been done.
	ErrReplyTooLarge = errors.New("wsman: an answer is larger than any envelope may be")
)

// The marker method keeps typed errors from being taken for failures of the
// network.
func (*Fault) wsman()         {}
func (*RedirectError) wsman() {}
func (*AuthError) wsman()     {}
func (*HTTPError) wsman()     {}
func (*NetError) wsman()      {}
func (*ProtocolError) wsman() {}
func (*redirected) wsman()    {}

// Error names both ends and the reason.
func (e *RedirectError) Error() string {
	s := "wsman: redirect"
	if e.From != nil {
		s += " from " + e.From.Host
	}
	if e.To != nil {
		s += " to " + e.To.Host
	}
	s += " not followed: " + string(e.Reason)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives what the policy said.
func (e *RedirectError) Unwrap() error { return e.Err }

// Error has the status and what the server offers.
func (e *AuthError) Error() string {
	s := "wsman: sign-in"
	if e.Auth != "" {
		s += " (" + string(e.Auth) + ")"
	}
	if e.HTTP != 0 {
		s += fmt.Sprintf(" refused: HTTP %d", e.HTTP)
	}
	if len(e.Schemes) > 0 {
		s += ", offered: " + strings.Join(e.Schemes, ", ")
	}
	if e.Exchange != nil && e.Exchange.Text != "" {
		s += ": " + e.Exchange.Text
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// SignInRefused reports true: each further attempt may bring the account closer
// to being locked.
func (e *AuthError) SignInRefused() bool { return true }

// Unwrap gives what went wrong before anything was sent.
func (e *AuthError) Unwrap() error { return e.Err }

// Error has the status; the body is for the details.
func (e *HTTPError) Error() string {
	s := fmt.Sprintf("wsman: %s: HTTP %d", e.Op, e.Status)
	if t := http.StatusText(e.Status); t != "" {
		s += " " + t
	}
	if e.Status/100 == 2 {
		s += fmt.Sprintf(", but the answer is not SOAP (%q)", e.ContentType)
	}
	if e.Exchange != nil && e.Exchange.Text != "" {
		s += ": " + e.Exchange.Text
	}
	return s
}

// Error has the operation and the cause.
func (e *NetError) Error() string { return "wsman: " + e.Op + ": " + e.Err.Error() }

// Unwrap gives the cause: an error of package net, crypto/x509 or context.
func (e *NetError) Unwrap() error { return e.Err }

// Certificate reports whether TLS failed because the server's certificate
// does not verify.
func (e *NetError) Certificate() bool { return isCertificate(e.Err) }

// Error says what was expected.
func (e *ProtocolError) Error() string {
	s := "wsman: " + e.Op + ": " + e.What
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the parser's error.
func (e *ProtocolError) Unwrap() error { return e.Err }

// SentMaybe reports whether the request that failed with err may have had its
// effect on the server. It is false when nothing was sent, and when the server
// answered that it refuses to sign in, to be called there, or to be called at
// all; Exchange's authorization comes before anything is done. It is true for an error that is not of this package.
func SentMaybe(err error) bool {
	var n *NetError
	var h *HTTPError
	var f *Fault
	var a *AuthError
	var r *RedirectError
	switch {
	case err == nil, errors.As(err, &a), errors.As(err, &r),
		errors.Is(err, ErrTooLarge), errors.Is(err, ErrBasicOverHTTP), errors.Is(err, ErrConfig):
		return false
	case errors.As(err, &f):
		return !f.Exchange.unauthorized() && (f.Kind() == FaultOther || f.TimedOut() || f.Ended())
	case errors.As(err, &h):
		return !h.Exchange.unauthorized() && (h.Status/100 == 2 || h.Status == http.StatusBadGateway || h.Status == http.StatusGatewayTimeout ||
			h.Status == http.StatusInternalServerError)
	case errors.As(err, &n):
		return n.SentMaybe
	}
	return true
}
