package diagnose

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"postroom/session/wsman"
)

// signInNeededError is what an error says about itself when a person has to sign in
// for a tenant: who, and for which.
type signInNeededError interface {
	error
	SignInNeeded() (account, tenant string)
}

// wrongTenant is what an error says about itself when a sign-in is of another
// tenant than the one that was chosen: both GUIDs.
type wrongTenant interface {
	error
	WrongTenant() (chosen, got string)
}

// cmdletError is what an error says about itself that a cmdlet reported through
// another door than remoting: the error's id and the exception's class. Its text
// is the server's.
type cmdletError interface {
	error
	ErrorID() string
	Exception() string
}

// answeredError is what an error says about itself that came as an answer of Exchange
// Online's REST: its HTTP status, 0 for a request without an answer.
type answeredError interface {
	error
	HTTPStatus() int
}

// supported is what an error says about itself for Microsoft's support: the server
// that answered, and its id of the request.
type supported interface {
	error
	Support() (server, requestID string)
}

// correlated is what an authority's refusal says about itself for Microsoft's
// support.
type correlated interface {
	error
	Support() (correlation, trace, at string)
}

// consentWanted is what an authority's refusal says about itself: the page where an
// administrator of the tenant consents to the application, "" when it is not known.
type consentWanted interface {
	error
	ConsentPage() string
}

// waiting is what an error says about itself when it is known how long to wait;
// 0 when it is not.
type waiting interface {
	error
	Wait() time.Duration
}

// wrongAccount is what an error says about itself when somebody else signed in
// than who was asked to.
type wrongAccount interface {
	error
	WrongAccount() (wanted, got string)
}

// otherCloud is what an error says about itself when a tenant lies in other clouds
// than the endpoint: its name, and which.
type otherCloud interface {
	error
	OtherCloud() (tenant, clouds string)
}

// unknownTenant is what an error says about itself when no cloud knows a tenant:
// its name.
type unknownTenant interface {
	error
	UnknownTenant() (name string)
}

// throttled is what an error says about itself when the service wants to be left
// alone: until when, zero when it did not say.
type throttled interface {
	error
	Throttled() (until time.Time)
}

// notPermitted is what an error says about itself when the account's role does not
// have a cmdlet, or no cmdlet at all: its name, "" for none at all.
type notPermitted interface {
	error
	NotPermitted() (command string)
}

// cannotSend is what an error says about itself when an argument of a command cannot
// be sent through the door of its endpoint: whose and which, and whether it is a user
// name with a password. Nothing was sent.
type cannotSend interface {
	error
	CannotSend() (command, parameter string, credential bool)
}

// answerTooLong is what an error says about itself when a service's answer is longer
// than is read: to what, and how much is read, in bytes.
type answerTooLong interface {
	error
	AnswerTooLong() (asked string, most int64)
}

// unanswered is what an error says about itself when a request had no whole answer: the
// host that it was sent to.
type unanswered interface {
	error
	Host() string
}

// unreadable is what an error says about itself when a service's answer cannot be read:
// not even its beginning, as of a page that something else answered with, or only so far.
type unreadable interface {
	error
	Unreadable() (fromTheBeginning bool)
}

// notFollowedError is what an error says about itself when a redirect of the service was not
// followed, and nothing was sent there: from which host to which address, whether it is
// one without encryption, and whether there were too many.
type notFollowedError interface {
	error
	NotFollowed() (host, to string, plain, loop bool)
}

// notFollowed holds for redirects of the REST door that were not followed.
func notFollowed(matches func(plain, loop bool) bool) condition {
	return as(func(e notFollowedError) bool {
		_, _, plain, loop := e.NotFollowed()
		return matches(plain, loop)
	})
}

// graphRefused is what an error says about itself when Microsoft Graph does not let the
// account or the application read something: what.
type graphRefused interface {
	error
	GraphRefused() (what string)
}

// graphBroken is what an error says about itself when Microsoft Graph gave no answer
// to what was asked.
type graphBroken interface {
	error
	GraphBroken() (what string)
}

// asPartner is what an error says about itself that belongs to an attempt at the
// tenant of somebody else: whoever may mend a role sits at the partner then.
type asPartner interface {
	error
	AsPartner() bool
}

// Mender is who can mend a problem.
type Mender int

// Who can mend a problem.
const (
	MenderUnknown   Mender = iota
	MenderPerson           // whoever sits here
	MenderTenant           // an administrator of the tenant
	MenderPartner          // an administrator of the partner
	MenderHome             // an administrator of the account's own tenant
	MenderApp              // whoever registered the application
	MenderNetwork          // whoever looks after the network
	MenderMicrosoft        // Microsoft
)

// Refused says that the service answered, and lets the account not do this: somebody else
// has to give it the right.
func (p *Problem) Refused() bool {
	switch p.Mender {
	case MenderTenant, MenderPartner, MenderHome:
		return true
	}
	return p.ID == "access-denied" || p.ID == "access-denied-backend" || p.ID == "no-role"
}

// menderOf is who can mend what a row explains.
func menderOf(id string) Mender {
	switch id {
	case "token-elsewhere", "cloud-account", "cloud-browser", "cloud-browser-time", "cloud-unknown-tenant", "cloud-mfa", "cloud-mfa-setup", "cloud-mfa-again", "cloud-code-blocked", "cloud-consent-declined", "cloud-clock",
		"cloud-personal", "cloud-code-over", "cloud-elsewhere", "cloud-often", "cloud-sign-in", "entra-password", "password-expired",
		"account-unknown", "sign-in-expired", "wrong-tenant", "rest-cursor", "rest-credential", "rest-unsendable", "rest-answer-long", "rest-parameter", "rest-value", "object-exists", "rest-version",
		"rest-too-long", "throttled", "limit-tenant", "redirect-loop", "redirect-refused":
		return MenderPerson
	case "cloud-blocked", "cloud-device", "cloud-device-join", "cloud-app-approved", "cloud-defaults", "cloud-app-unknown", "cloud-app-disabled",
		"cloud-app-unassigned", "cloud-admin-consent", "no-consent", "cloud-guest", "service-missing", "cloud-service-off", "cloud-refused",
		"rest-no-role", "rest-not-permitted", "rest-forbidden", "rest-token-refused", "rest-not-found", "cmdlet-not-allowed", "licence", "dehydrated", "not-in-tenant":
		return MenderTenant
	case "cloud-partner-stopped", "cloud-partner-consent", "not-delegated", "tenant-denied", "graph-refused":
		return MenderPartner
	case "cloud-risk", "cloud-deleted", "cloud-agent", "cloud-hours", "cloud-federation", "account-disabled", "account-locked":
		return MenderHome
	case "cloud-app-tenant", "cloud-app-redirect", "cloud-app-public", "cloud-app-permission", "cloud-certificate", "cloud-certificate-old":
		return MenderApp
	case "cloud-network-restricted", "no-name", "dns", "refused", "unreachable", "timeout", "lost", "captive-portal", "proxy", "proxy-refused",
		"proxy-sign-in", "proxy-password", "certificate-unknown", "certificate-name", "certificate-other", "tls-handshake", "rest-page", "redirect-http":
		return MenderNetwork
	case "cloud-entra-down", "rest-down", "rest-broken", "rest-passed-on", "transient", "graph-broken", "rest-unreadable":
		return MenderMicrosoft
	}
	return MenderUnknown
}

// rights are the rows that a role of the tenant mends: a partner's account gets
// its roles from the partner's groups.
func rights(id string) bool {
	switch id {
	case "rest-no-role", "rest-not-permitted", "rest-forbidden", "not-in-tenant", "cmdlet-not-allowed":
		return true
	}
	return false
}

// mender is who can mend it, with what is known of the attempt.
func (f *facts) mender(id string) Mender {
	var partner asPartner
	if rights(id) && errors.As(f.err, &partner) && partner.AsPartner() {
		return MenderPartner
	}
	return menderOf(id)
}

// gatherCloud gathers what came by another door than remoting, and gives what was
// said there.
func (f *facts) gatherCloud() (said []string) {
	if sent, ok := errors.AsType[*url.Error](f.err); ok && f.net == nil && sent.Op != "parse" {
		f.sent, f.host = true, hostOf(sent.URL)
	}
	if lost, ok := errors.AsType[unanswered](f.err); ok && f.net == nil {
		f.sent, f.host = true, lost.Host()
	}
	if elsewhere, ok := errors.AsType[notFollowedError](f.err); ok {
		f.host, _, _, _ = elsewhere.NotFollowed()
	}
	if answered, ok := errors.AsType[answeredError](f.err); ok && answered.HTTPStatus() != 0 {
		f.status, f.answered = answered.HTTPStatus(), true
	}
	if errors.As(f.err, &f.cmdlet) {
		said = append(said, f.cmdlet.Exception(), f.cmdlet.ErrorID(), f.cmdlet.Error())
		f.exchange = first(f.exchange, wsman.ParseExchangeFault(f.cmdlet.Error()))
	}
	return said
}

// cloudValues are the placeholders of what Entra and Exchange Online say.
func (f *facts) cloudValues(w words, set func(name, value string)) {
	set("tenant", w.tenant)
	set("account", w.account)
	set("command", w.command)
	set("consent", w.consent)
	if denied, ok := errors.AsType[notPermitted](f.err); ok {
		set("command", denied.NotPermitted())
	}
	if unsendable, ok := errors.AsType[cannotSend](f.err); ok {
		command, parameter, _ := unsendable.CannotSend()
		set("command", command)
		set("parameter", parameter)
		set("text", rootOf(unsendable).Error())
	}
	if long, ok := errors.AsType[answerTooLong](f.err); ok {
		asked, most := long.AnswerTooLong()
		set("command", asked)
		set("size", fmt.Sprintf("%d MB", most>>20))
	}
	if wanted, ok := errors.AsType[consentWanted](f.err); ok {
		set("consent", wanted.ConsentPage())
	}
	if elsewhere, ok := errors.AsType[notFollowedError](f.err); ok {
		_, to, _, _ := elsewhere.NotFollowed()
		set("to", orWord(to, w.elsewhere))
	}
	if needed, ok := errors.AsType[signInNeededError](f.err); ok {
		account, tenant := needed.SignInNeeded()
		set("account", account)
		set("tenant", f.tenantCalled(tenant))
	}
	if wrong, ok := errors.AsType[wrongTenant](f.err); ok {
		chosen, got := wrong.WrongTenant()
		set("tenant", f.tenantCalled(chosen))
		set("to", orWord(got, w.unnamed))
	}
	if waiting, ok := errors.AsType[waiting](f.err); ok && waiting.Wait() > 0 {
		set("wait", w.duration(waiting.Wait()))
	}
	if other, ok := errors.AsType[wrongAccount](f.err); ok {
		wanted, got := other.WrongAccount()
		set("account", wanted)
		set("to", got)
	}
	if other, ok := errors.AsType[otherCloud](f.err); ok {
		tenant, _ := other.OtherCloud()
		set("tenant", tenant)
	}
	if unknown, ok := errors.AsType[unknownTenant](f.err); ok {
		set("tenant", unknown.UnknownTenant())
	}
}

// tenantCalled is the domain of the tenant that was asked for where the attempt names it, in
// place of its GUID; the details have the GUID.
func (f *facts) tenantCalled(id string) string {
	if named, ok := errors.AsType[tenantError](f.err); ok && named.ForTenant() != "" {
		return named.ForTenant()
	}
	return id
}

// cloudDetails are for support.
func (f *facts) cloudDetails(line func(name, value string)) {
	if f.cmdlet != nil {
		line("Error id", f.cmdlet.ErrorID())
		line("Exception", f.cmdlet.Exception())
		line("Message", f.cmdlet.Error())
	}
	if f.answered {
		line("HTTP status", strconv.Itoa(f.status))
	}
	if known, ok := errors.AsType[supported](f.err); ok {
		server, request := known.Support()
		line("Server", server)
		line("Request id", request)
	}
	if known, ok := errors.AsType[correlated](f.err); ok {
		correlation, trace, at := known.Support()
		line("Correlation id", correlation)
		line("Trace id", trace)
		line("Authority's time", at)
	}
}
