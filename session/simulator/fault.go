package simulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"time"

	"postroom/session/simulator/entra"
)

// Fault is something that goes wrong on demand. Its text is its name in a
// faults file.
type Fault string

// Faults of the connection. They are played when a client connects: their
// rules are On Accept.
const (
	// Refuse resets the connection before a byte is read.
	Refuse Fault = "refuse"
	// TLSExpired, TLSNotYet, TLSWrongName and TLSUnknownCA show a certificate
	// that has run out, is not valid yet (as with a clock that is wrong), is of
	// another host, or of an authority that nobody knows.
	TLSExpired   Fault = "tls-expired"
	TLSNotYet    Fault = "tls-not-yet"
	TLSWrongName Fault = "tls-wrong-name"
	TLSUnknownCA Fault = "tls-unknown-ca"
)

// Faults of a request on its way. They may be played at any kind.
const (
	// DropBefore closes the connection and does nothing; DropAfter does what
	// was asked and closes the connection instead of answering; Truncate
	// answers with the first half (or Bytes) of the answer.
	DropBefore Fault = "drop-before"
	DropAfter  Fault = "drop-after"
	Truncate   Fault = "truncate"
	// Hang does nothing for Delay (0: until the client gives up), then drops
	// the connection. HangAfter does what was asked first.
	Hang      Fault = "hang"
	HangAfter Fault = "hang-after"
	// Slow sends the answer at Rate bytes a second.
	Slow Fault = "slow"
	// Delayed waits for Delay, then serves as ever.
	Delayed Fault = "delay"
)

// Faults that answer instead of the service. They may be played at any kind.
const (
	// Unavailable is HTTP 503 with a page of the load balancer and Retry-After.
	Unavailable Fault = "503"
	// InternalError is HTTP 500 without a body.
	InternalError Fault = "500"
	// BadGateway is HTTP 502, NotFound 404, Forbidden 403, TooManyRequests 429
	// with Retry-After, ProxyAuthentication 407.
	BadGateway          Fault = "502"
	NotFound            Fault = "404"
	Forbidden           Fault = "403"
	TooManyRequests     Fault = "429"
	ProxyAuthentication Fault = "407"
	// TooLarge is HTTP 413.
	TooLarge Fault = "413"
	// HTML is a sign-in page of a captive portal with status 200; NoContentType
	// is an answer that does not say what it is.
	HTML          Fault = "html"
	NoContentType Fault = "no-content-type"
	// Garbage is status 200, the right content type, and no XML.
	Garbage Fault = "garbage"
	// Unauthorized is HTTP 401, as for a wrong password; NotEnabled is HTTP 400
	// "Bad Request", an account not enabled for remote PowerShell; MFA is HTTP
	// 401 for an account that needs a second factor.
	Unauthorized Fault = "unauthorized"
	NotEnabled   Fault = "not-enabled"
	MFA          Fault = "mfa"
	// Redirect sends the client to another name of this server (localhost or
	// 127.0.0.1), or to Location; RedirectLoop to itself; RedirectHTTP to plain
	// http; RedirectForeign to a host that is not the service's;
	// RedirectTenant to the other name without the query, so that the tenant is
	// lost; RedirectNowhere has no Location.
	Redirect        Fault = "redirect"
	RedirectLoop    Fault = "redirect-loop"
	RedirectHTTP    Fault = "redirect-http"
	RedirectForeign Fault = "redirect-foreign"
	RedirectTenant  Fault = "redirect-tenant"
	RedirectNowhere Fault = "redirect-nowhere"
)

// Faults that the service answers with a SOAP fault.
const (
	// LostAffinity: the request went to another server behind the same address,
	// which does not know the shell; the shell is gone. Expire: the session was
	// ended for lack of requests.
	LostAffinity Fault = "lost-affinity"
	Expire       Fault = "expire"
	// Quota refuses a session for the limit of three, TenantQuota for the
	// tenant's limit, Budget for the rate of new sessions, QuotaLimit in the
	// words of WinRM. Meant for Create.
	Quota       Fault = "quota"
	TenantQuota Fault = "quota-tenant"
	Budget      Fault = "quota-budget"
	QuotaLimit  Fault = "quota-winrm"
	// Throttled is the load quota: too many requests in a period.
	Throttled Fault = "throttled"
	// AccessDenied is code 5. NoRole: no management role; NotDelegated: the
	// customer has not delegated, which Exchange tells as having no role in the
	// customer's organization; UnknownTenant: there is no such tenant.
	AccessDenied  Fault = "access-denied"
	NoRole        Fault = "no-role"
	NotDelegated  Fault = "not-delegated"
	UnknownTenant Fault = "unknown-tenant"
	// NoCookie answers as ever, but for the affinity cookie, which is missing:
	// what follows is handed out in turn among the servers. Meant for Create.
	NoCookie Fault = "no-cookie"
	// SendFailure: the front end does not reach the back end. WrongResource:
	// the configuration is not known. VersionRefused: the protocol version is
	// not accepted.
	SendFailure    Fault = "send-failure"
	WrongResource  Fault = "wrong-resource"
	VersionRefused Fault = "version-refused"
)

// Faults of a cmdlet. Their rules are On Cmdlet.
const (
	// BrokenPool opens a session that breaks at once (On Create).
	BrokenPool Fault = "broken-pool"
	// SlowCmdlet waits for Delay before the first row.
	SlowCmdlet Fault = "slow-cmdlet"
	// Transient ends the cmdlet with an error of the directory; HalfWay ends it
	// after half of its rows.
	Transient Fault = "transient"
	HalfWay   Fault = "half-way"
	// MicroDelay adds the warning of a throttled session.
	MicroDelay Fault = "micro-delay"
	// RowError makes one of each Rows objects that the cmdlet is asked for by
	// name, or by the pipeline, fail; 0 stands for 1: each.
	RowError Fault = "row-error"
	// NotInRole: the cmdlet is not among those of the account's roles.
	NotInRole Fault = "not-in-role"
)

// Faults of the REST door. Their rules are On Invoke, Batch or Module; but for
// EntraError, whose rules are On Token.
const (
	// TokenExpired refuses the token; ClaimsWanted asks for one that says more.
	TokenExpired Fault = "token-expired"
	ClaimsWanted Fault = "claims-wanted"
	// NotPermitted is how a cmdlet beyond the role is refused (zeros that are
	// declared gzip); NotAllowed is the same in words.
	NotPermitted Fault = "not-permitted"
	NotAllowed   Fault = "not-allowed"
	// CursorRefused refuses to go on with a list.
	CursorRefused Fault = "cursor-refused"
	// Concurrency is HTTP 429 with a line of text; GatewayTimeout 504.
	Concurrency    Fault = "concurrency"
	GatewayTimeout Fault = "504"
	// WrongAnchor refuses the routing hint; RegionRedirect sends elsewhere.
	WrongAnchor    Fault = "wrong-anchor"
	RegionRedirect Fault = "redirect-region"
	// ServerBusy and DirectoryError pass; ProxyError has another error in its text.
	ServerBusy     Fault = "server-busy"
	DirectoryError Fault = "directory-error"
	ProxyError     Fault = "proxy-error"
	// EntraError refuses a token with Entra's number Code.
	EntraError Fault = "entra"
)

// Faults of Microsoft Graph. Their rules are On Graph.
const (
	// NoConsent refuses what nobody has consented to; ForeignLink sends the next page
	// to another host, SameLink to where it was.
	NoConsent   Fault = "no-consent"
	ForeignLink Fault = "foreign-link"
	SameLink    Fault = "same-link"
)

// Kind is what a fault is played at: a WS-Man operation, or one of the others.
type Kind string

// The kinds. An empty Kind stands for every WS-Man operation and every request to
// the REST door.
const (
	Accept  Kind = "Accept" // a connection that was accepted
	Cmdlet  Kind = "Cmdlet" // a cmdlet that is about to run
	Invoke  Kind = "Invoke" // the REST door: a cmdlet, a batch, the module file
	Batch   Kind = "Batch"
	Module  Kind = "Module"
	Graph   Kind = "Graph"   // Microsoft Graph: a page of a list; the list is the rule's Cmdlet
	Token   Kind = "Token"   // the authority gives a token
	Create  Kind = "Create"  // the operations of WS-Man and MS-WSMV
	Command Kind = "Command" //
	Send    Kind = "Send"
	Receive Kind = "Receive"
	Signal  Kind = "Signal"
	Delete  Kind = "Delete"
)

// Rule says when a fault is played. A rule that says nothing about when is played every
// time. It has a field for each word of a rule in a file of faults.
type Rule struct {
	Fault Fault `json:"fault"`
	On    Kind  `json:"on,omitempty"`
	// Nth are the numbers, counted from 1, among the requests of the kind that
	// meet the conditions. Every plays each one whose number is a multiple.
	Nth   []int `json:"nth,omitempty"`
	Every int   `json:"every,omitempty"`
	// Probability plays by a schedule made from the seed: whether the nth
	// request meets the fault depends on seed, rule and n alone.
	Probability float64 `json:"probability,omitempty"`
	// Limit is how many times it is played at most; 0 means no limit.
	Limit int `json:"limit,omitempty"`

	// Conditions: only of this account, this tenant's domain, this cmdlet.
	Account string `json:"account,omitempty"`
	Tenant  string `json:"tenant,omitempty"`
	Cmdlet  string `json:"cmdlet,omitempty"`
	// After is a condition on Receive: only of a command that has given so many bytes of
	// output. A pool and its pipelines fetch side by side, so a number among the fetches
	// does not say whether there were rows.
	After int `json:"after,omitempty"`

	// Delay is of Hang, HangAfter, Delayed, SlowCmdlet; Retry of Unavailable,
	// TooManyRequests, Budget and Throttled: after how long to come again.
	Delay Duration `json:"delay,omitempty"`
	Retry Duration `json:"retry,omitempty"`
	// Rate is of Slow, in bytes a second; Bytes of Truncate; Location of Redirect;
	// Rows of RowError.
	Rate     int    `json:"rate,omitempty"`
	Bytes    int    `json:"bytes,omitempty"`
	Location string `json:"location,omitempty"`
	Rows     int    `json:"rows,omitempty"`
	// Code is of EntraError: a number such as 50076.
	Code int `json:"code,omitempty"`
}

// Faults are the rules that a server follows. For each request the first rule
// that fits is played.
type Faults struct {
	Seed  int64  `json:"seed,omitempty"`
	Rules []Rule `json:"rules"`
}

// Duration is a time.Duration that JSON writes as "1.5s".
type Duration time.Duration

// MarshalText writes it as time.Duration does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads "1.5s" and the like.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return &FieldError{Field: "a delay or retry", Want: wanted(reflect.TypeFor[Duration]()), Got: strconv.Quote(string(text))}
	}
	*d = Duration(v)
	return nil
}

// RuleError says which rule of a faults file is wrong.
type RuleError struct {
	// Index counts from 0.
	Index int
	What  string
}

// Error names the rule, counted from 1, and what is wrong with it.
func (e *RuleError) Error() string {
	return fmt.Sprintf("simulator: faults: rule %d: %s", e.Index+1, e.What)
}

// ParseFaults reads a faults file: JSON of a Faults. Names that are not known
// are errors; a rule that cannot be played is a *RuleError.
func ParseFaults(r io.Reader) (*Faults, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var f Faults
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("simulator: faults: %w", plainly(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("simulator: faults: something follows the object")
	}
	return &f, f.Validate()
}

// plainly names the field that has a value of another kind, and what it takes: the words
// of the JSON package are about types of Go.
func plainly(err error) error {
	wrong, is := errors.AsType[*json.UnmarshalTypeError](err)
	if !is {
		return err
	}
	return &FieldError{Field: wrong.Field, Want: wanted(wrong.Type), Got: wrong.Value}
}

// FieldError is a value of a faults file that is of another kind than its field.
type FieldError struct {
	Field string // with what it stands in, as rules.rate; "" for the file itself
	Want  string // such as "a whole number"
	Got   string // JSON's word for what stands there, such as "string"
}

// Error names the field, what it takes, and what stands there.
func (e *FieldError) Error() string {
	return fmt.Sprintf("%s must be %s, not %s", cmp.Or(e.Field, "the file"), e.Want, e.Got)
}

// wanted says in JSON's words what a field of a type takes.
func wanted(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[Duration]():
		return `a length of time in quotes, such as "1.5s"`
	case t == reflect.TypeFor[[]int]():
		return "a list of whole numbers, such as [2, 3]"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.Struct:
		return "an object in {}"
	case t.Kind() == reflect.Float64:
		return "a number"
	case t.Kind() == reflect.String:
		return "a text in quotes"
	}
	return "a whole number" // all that is left: int and int64
}

// ReadFaults reads a faults file from disk.
func ReadFaults(path string) (*Faults, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("simulator: faults: %w", err)
	}
	f, err := ParseFaults(file)
	return f, errors.Join(err, file.Close())
}

// Validate says whether all rules can be played; the error is a *RuleError.
func (f *Faults) Validate() error {
	if f == nil {
		return nil
	}
	for i, r := range f.Rules {
		if what := r.wrong(); what != "" {
			return &RuleError{Index: i, What: what}
		}
	}
	return nil
}

// the faults by where they are played.
func connectionFaults() []Fault {
	return []Fault{Refuse, TLSExpired, TLSNotYet, TLSWrongName, TLSUnknownCA}
}

func cmdletFaults() []Fault {
	return []Fault{SlowCmdlet, Transient, HalfWay, MicroDelay, RowError, NotInRole}
}

func requestFaults() []Fault {
	return []Fault{
		DropBefore, DropAfter, Truncate, Hang, HangAfter, Slow, Delayed, Unavailable, InternalError, BadGateway,
		NotFound, Forbidden, TooManyRequests, ProxyAuthentication, TooLarge, HTML, NoContentType, Garbage, Unauthorized, NotEnabled, MFA,
		Redirect, RedirectLoop, RedirectHTTP, RedirectForeign, RedirectTenant, RedirectNowhere, LostAffinity, Expire, Quota, TenantQuota,
		Budget, QuotaLimit, Throttled, AccessDenied, NoRole, NotDelegated, UnknownTenant, SendFailure, WrongResource, VersionRefused, BrokenPool, NoCookie,
	}
}

func restFaults() []Fault {
	return []Fault{TokenExpired, ClaimsWanted, NotPermitted, NotAllowed, CursorRefused, Concurrency, GatewayTimeout, WrongAnchor, RegionRedirect, ServerBusy, DirectoryError, ProxyError}
}

func graphFaults() []Fault {
	return []Fault{NoConsent, ForeignLink, SameLink, TokenExpired, ClaimsWanted}
}

// AllFaults are the faults that a server can play.
func AllFaults() []Fault {
	return slices.Concat(connectionFaults(), requestFaults(), cmdletFaults(), restFaults(), []Fault{EntraError, NoConsent, ForeignLink, SameLink})
}

func operations() []Kind {
	return []Kind{Create, Command, Send, Receive, Signal, Delete}
}

// place are the faults that can be played where the rule's are; false when its
// place is none.
func (r Rule) place() ([]Fault, bool) {
	switch r.On {
	case Accept:
		return connectionFaults(), true
	case Cmdlet:
		return cmdletFaults(), true
	case Token:
		return []Fault{EntraError}, true
	case Graph:
		return append(requestFaults(), graphFaults()...), true
	case Invoke, Batch, Module:
		return append(requestFaults(), restFaults()...), true
	}
	return requestFaults(), r.On == "" || slices.Contains(operations(), r.On)
}

// FaultsOn are the faults that a rule on a kind may play; nil where there is no such kind.
func FaultsOn(k Kind) []Fault {
	place, known := (Rule{On: k}).place()
	if !known {
		return nil
	}
	return place
}

// Kinds are all kinds that a rule may name.
func Kinds() []Kind {
	return append([]Kind{Accept, Cmdlet, Invoke, Batch, Module, Graph, Token}, operations()...)
}

func (r Rule) wrong() string {
	place, known := r.place()
	if !known {
		return fmt.Sprintf("on: %q is not an operation", r.On)
	}
	switch {
	case !slices.Contains(AllFaults(), r.Fault):
		return fmt.Sprintf("fault: %q is not known", r.Fault)
	case !slices.Contains(place, r.Fault):
		return fmt.Sprintf("fault %q cannot be played on %q", r.Fault, r.On)
	case r.Fault == BrokenPool && r.On != Create:
		return `fault "broken-pool" is played on "Create" only`
	case r.Fault == EntraError && !entra.Known(r.Code):
		return fmt.Sprintf("code %d is none of Entra's that is known here", r.Code)
	case r.Fault == Slow && r.Rate <= 0:
		return `fault "slow" needs a rate in bytes a second`
	case r.Probability < 0 || r.Probability > 1:
		return fmt.Sprintf("probability %v is not within 0 to 1", r.Probability)
	case r.Every < 0 || r.Limit < 0 || r.After < 0 || r.Bytes < 0 || r.Rows < 0 || r.Delay < 0 || r.Retry < 0 || slices.ContainsFunc(r.Nth, func(n int) bool { return n < 1 }):
		return "a number is too small"
	}
	return ""
}
