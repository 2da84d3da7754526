package signin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"

	"postroom/session"
	"postroom/session/endpoint"
)

// AuthorityError is a refusal of the authority: RFC 6749, section 5.2, with
// Entra's additions. It holds nothing of the request.
type AuthorityError struct {
	Status int    // HTTP's; 0 where the refusal came through the browser
	OAuth  string // such as interaction_required
	Sub    string // such as consent_required
	Number int    // Entra's, of AADSTS50076; 0 when it gave none
	Text   string // the authority's own sentence
	Claims string // the JSON that the next sign-in has to ask for
	// Correlation and Trace are what Microsoft's support finds the request by,
	// Time is the authority's.
	Correlation, Trace, Time string
	// RetryAfter is how long a busy authority wants to be left alone.
	RetryAfter time.Duration
	// Consent is the page where an administrator of the tenant that was asked for
	// consents to the application.
	Consent string
}

// Error names number, OAuth's word and what the authority said.
func (e *AuthorityError) Error() string {
	s := "the authority refuses"
	if e.Number != 0 {
		s += fmt.Sprintf(": AADSTS%d", e.Number)
	}
	for _, part := range []string{e.OAuth, e.Sub} {
		if part != "" {
			s += ", " + part
		}
	}
	if e.OAuth == "" && e.Number == 0 {
		s += fmt.Sprintf(": HTTP %d", e.Status)
	}
	if e.Text != "" {
		s += ": " + e.Text
	}
	return s
}

// Refused gives Entra's number and OAuth's words.
func (e *AuthorityError) Refused() (number int, oauth, sub string) { return e.Number, e.OAuth, e.Sub }

// ConsentPage gives Consent.
func (e *AuthorityError) ConsentPage() string { return e.Consent }

// withConsent tells a refusal where the tenant's administrator could consent to the
// application. Without a tenant it was the account's own: there Entra finds it by who
// opens the page.
func withConsent(m endpoint.Modern, tenant string, err error) error {
	if said, ok := errors.AsType[*AuthorityError](err); ok {
		said.Consent = m.ConsentPage(cmp.Or(tenant, strings.TrimPrefix(sharedAuthority, "/")))
	}
	return err
}

// Wait gives RetryAfter.
func (e *AuthorityError) Wait() time.Duration { return e.RetryAfter }

// Support gives what Microsoft's support finds the request by.
func (e *AuthorityError) Support() (correlation, trace, at string) {
	return e.Correlation, e.Trace, e.Time
}

// needsPerson says that a sign-in of the person may mend the refusal. Where the
// account or the application has no business in the tenant, it cannot.
func (e *AuthorityError) needsPerson() bool {
	hopeless := []int{
		50020, 50034, 50057, // no such account there; it is disabled
		50105, 500011, 700016, // not assigned; no such resource; no such application there
		50059, 90002, // no tenant named; no such tenant
	}
	switch {
	case slices.Contains(hopeless, e.Number):
		return false
	case e.OAuth == "interaction_required", e.OAuth == "login_required", e.OAuth == "consent_required":
		return true
	}
	return e.OAuth == "invalid_grant"
}

// InvalidAnswerError is an answer of the authority that cannot be read. What it
// said is not repeated: it may have tokens in it.
type InvalidAnswerError struct{ Authority string }

// Error names the authority.
func (e *InvalidAnswerError) Error() string {
	return "sign in: the answer of " + e.Authority + " cannot be read"
}

// BadAuthority gives the authority.
func (e *InvalidAnswerError) BadAuthority() string { return e.Authority }

// refusalOf makes of what MSAL gives an error that can be shown: MSAL's own hold
// the request, and texts of theirs whole answers. Errors: *AuthorityError,
// *InvalidAnswerError, *ForeignHostError, *CacheError, those of the network and of
// ctx; nil for what MSAL found out without asking.
func refusalOf(ctx context.Context, authority string, err error) error {
	var call msal.CallErr
	var invalid msal.InvalidJsonErr
	var foreign *ForeignHostError
	var network *url.Error
	var kept *CacheError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &call):
		return authorityError(call.Resp)
	case errors.As(err, &invalid):
		return &InvalidAnswerError{Authority: authority}
	case errors.As(err, &foreign):
		return foreign
	case errors.As(err, &kept):
		return kept
	case errors.As(err, &network):
		return fmt.Errorf("ask %s: %w", authority, network)
	}
	return nil
}

// authorityError reads a refusal.
func authorityError(resp *http.Response) error {
	e := &AuthorityError{Status: resp.StatusCode}
	e.RetryAfter, _ = waitOf(resp.Header)
	var body []byte
	if resp.Request != nil {
		body, _ = resp.Request.Context().Value(refusalBody{}).([]byte) // a status alone says something too
	}
	var said struct {
		OAuth       string          `json:"error"`
		Sub         string          `json:"suberror"`
		Text        string          `json:"error_description"`
		Numbers     []int           `json:"error_codes"`
		Claims      json.RawMessage `json:"claims"`
		Correlation string          `json:"correlation_id"`
		Trace       string          `json:"trace_id"`
		Time        string          `json:"timestamp"`
	}
	if json.Unmarshal(body, &said) != nil {
		return e // a page of a proxy, or of a server that is down: the status says it
	}
	e.OAuth, e.Sub, e.Correlation, e.Trace, e.Time = said.OAuth, said.Sub, said.Correlation, said.Trace, said.Time
	e.Claims = claimsOf(said.Claims)
	e.describe(said.Text)
	if len(said.Numbers) > 0 {
		e.Number = said.Numbers[0]
	}
	return e
}

// claimsOf reads claims, which come as JSON within a text, or as they are.
func claimsOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	if text == "null" || !json.Valid([]byte(text)) {
		return ""
	}
	return text
}

var (
	aadsts  = regexp.MustCompile(`AADSTS(\d{4,9}):?\s*`)
	support = regexp.MustCompile(`(?i)\s*(Trace ID|Correlation ID|Timestamp):\s*(.*?)\s*(?:$|(?:Trace ID|Correlation ID|Timestamp):)`)
)

// describe takes the authority's sentence apart: number, sentence, and what its
// support wants to know.
func (e *AuthorityError) describe(text string) {
	text = strings.Join(strings.Fields(text), " ")
	if m := aadsts.FindStringSubmatchIndex(text); m != nil {
		if n, err := strconv.Atoi(text[m[2]:m[3]]); err == nil {
			e.Number = n
		}
		text = text[m[1]:]
	}
	for {
		m := support.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		value := text[m[4]:m[5]]
		switch strings.ToLower(text[m[2]:m[3]]) {
		case "trace id":
			e.Trace = value
		case "correlation id":
			e.Correlation = value
		default:
			e.Time = value
		}
		text = text[:m[0]] + text[m[5]:]
	}
	e.Text = strings.TrimSpace(text)
}

// BrowserError is a sign-in in the browser that did not come to its end: somebody
// else than the browser called, or its answer was not the one that was waited for.
// Trying again is all that helps.
type BrowserError struct{ Err error }

// Error says so.
func (e *BrowserError) Error() string {
	s := "sign in: the browser's answer did not come as it should"
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the reason, if there is one to show.
func (e *BrowserError) Unwrap() error { return e.Err }

// browserRefusal is what the authority said through the browser; MSAL hands on its
// sentence and nothing else.
func browserRefusal(err error) error {
	text := html.UnescapeString(err.Error())
	if !aadsts.MatchString(text) {
		return &BrowserError{}
	}
	e := &AuthorityError{OAuth: "access_denied"}
	e.describe(text)
	return e
}

// needed is an error of a silent request: of the authority as it is, or, where the
// person may mend it, a *session.NeedsSignInError.
func needed(account string, r session.TokenRequest, err error) error {
	var said *AuthorityError
	switch {
	case err == nil: // nothing is kept that could be redeemed
		return &session.NeedsSignInError{Account: account, Tenant: r.Tenant, Claims: r.Claims}
	case errors.As(err, &said) && said.needsPerson():
		claims := said.Claims
		if claims == "" {
			claims = r.Claims
		}
		return &session.NeedsSignInError{Account: account, Tenant: r.Tenant, Claims: claims, Err: said}
	}
	return fmt.Errorf("sign in %s: %w", account, err)
}
