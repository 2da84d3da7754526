package diagnose

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"postroom/session/atomicfile"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/jsonfile"
	"postroom/session/ledger"
	"postroom/session/psrp"
	"postroom/session/result"
	"postroom/session/wsman"
)

// sessionRules are about runs and sessions. Errors of package session are
// known by the methods that this package names, and the few without a method
// by their fixed texts.
func sessionRules() []rule {
	isPartial := as(func(e partial) bool { return e.Partial() })
	unsure := as(func(e deliveredError) bool { _, unsure := e.Delivered(); return unsure })
	gone := as(func(e goneError) bool { return e.Gone() > 0 && e.Gone() == e.LeftOpen() })
	none := as(func(e deliveredError) bool { rows, _ := e.Delivered(); return rows == 0 })
	return []rule{
		{"no-slot", Limit, as[waitedError](nil)},
		{"read-only", Usage, as[readOnlyError](nil)},
		{"read-only-unsure", Connect, as[perhapsReadOnly](nil)},
		{"list-lost", Usage, as[*endpoint.LostError](nil)},
		{"schedule-refused", Local, as[schedulerRefused](nil)},
		{"schedule-none", Local, notByCmdlet("schedule: this computer has no scheduler that can be used")},
		{"schedule-unknown", Usage, notByCmdlet("schedule: there is none of that name")},
		{"pack-pattern", Usage, notByCmdlet("pack: the pattern * lacks *")},
		{"pack-name", Usage, notByCmdlet("pack: * names no file")},
		{"pack-unknown", Usage, notByCmdlet("pack *: there is no report *")},
		{"wrong-usage", Usage, as[wrongUsage](nil)},
		{"report-changes", Usage, as[reportChanges](nil)},
		{"report-file", Usage, as(func(e reportMalformed) bool { name, _ := e.Malformed(); return name == "" })},
		{"report-malformed", Usage, as[reportMalformed](nil)},
		{"expression", Usage, as[Misread](nil)},
		{"report-not-saved", Usage, as[notSaved](nil)},
		{"report-no-columns", Usage, notByCmdlet("report: no columns are chosen")},
		{"report-taken", Usage, notByCmdlet("report: the name is taken")},
		{"report-not-own", Usage, notByCmdlet("report: none of your own has that name")},
		{"session-limit", Limit, as[limitedError](nil)},
		{"leftover-refused", Connect, as[leftoverRefused](nil)},
		{"list-disk-full", Local, allOf(gone, diskFull)},
		{"list-not-written", Local, gone},
		{"left-open", Connect, oneOf(as[leftOpen](nil), notByCmdlet("close sessions: * not confirmed by the server"))},
		{"left-behind", Connect, said("and it may have been left on the server")},
		{"maybe-there", Connect, said("session: shell * may still be on the server")},
		{"partial-unsure-stopped", Interrupted, allOf(isPartial, unsure, (*facts).cancelled)},
		{"partial-unsure", Connect, allOf(isPartial, unsure)},
		{"partial-stopped-none", Interrupted, allOf(isPartial, none, (*facts).cancelled)},
		{"partial-none", Connect, allOf(isPartial, none)},
		{"partial-stopped", Interrupted, allOf(isPartial, (*facts).cancelled)},
		{"partial", Connect, isPartial},
		{"session-idle", Connect, notByCmdlet("session: closed after its idle time")},
		{"session-expired", Connect, said("session: dropped by the server after its idle time")},
		{"session-gap", Connect, notByCmdlet("session: an answer of the server was lost")},
		{"session-stop", Connect, notByCmdlet("session: the server did not confirm the stop")},
		{"session-no-answer", Usage, notByCmdlet(psrp.NoAnswer)},
		{"session-no-answer", Cmdlet, sentBack},
		{"session-closed", Local, notByCmdlet("session: closed")},
		{"cancelled", Interrupted, (*facts).cancelled},
	}
}

// sentBack holds for a cmdlet's error that is our own refusal to answer, or what
// PowerShell makes of it: the words are not the server's.
func sentBack(f *facts) bool {
	return f.remote != nil && (strings.HasPrefix(f.remote.Message, psrp.NoAnswer) || said("does not support user interaction")(f))
}

// localRules are about this computer: keyring, files, ledger.
func localRules() []rule {
	return []rule{
		{"no-password", Connect, as[noPassword](nil)},
		{"keyring-dismissed", Local, is(credential.ErrDismissed)},
		{"keyring-locked", Local, is(credential.ErrLocked)},
		{"keyring-no-bus", Local, unavailable(credential.ReasonNoBus)},
		{"keyring-no-service", Local, unavailable(credential.ReasonNoService)},
		{"keyring-no-collection", Local, unavailable(credential.ReasonNoCollection)},
		{"keyring-no-logon", Local, unavailable(credential.ReasonNoLogon)},
		{"keyring-silent", Local, unavailable(credential.ReasonSilent)},
		{"keyring-platform", Local, unavailable(credential.ReasonPlatform)},
		{"keyring-other", Local, is(credential.ErrUnavailable)},
		{"secret-too-long", Local, as[*credential.TooBigError](nil)},
		{"secret-not-found", Connect, func(f *facts) bool { return f.auth == nil && is(credential.ErrNotFound)(f) }}, // one that was refused is told as that
		{"account-control", Usage, is(holder.ErrControl)},
		{"no-account", Usage, is(credential.ErrNoAccount, holder.ErrNoAccount)},
		{"no-server", Usage, is(holder.ErrNoServer)},
		{"account-colon", Usage, is(wsman.ErrBasicColon)},
		{"password-control", Usage, is(wsman.ErrBasicControl)},
		{"file-set-aside", Local, as[*jsonfile.SetAsideError](nil)},
		{"file-newer", Local, as[*jsonfile.NewerError](nil)},
		{"ledger-busy", Local, allOf(ownWords("ledger: "), is(context.DeadlineExceeded))},
		{"file-busy", Local, as[*jsonfile.BusyError](nil)},
		{"folder-open", Local, as[openFolder](nil)},
		{"no-opener", Local, as(func(e *exec.Error) bool { return e.Name == opener && errors.Is(e, exec.ErrNotFound) })},
		{"ledger-disk-full", Local, allOf(as[*ledger.UnusableError](nil), diskFull)},
		{"ledger-unusable", Local, as[*ledger.UnusableError](nil)},
		{"ledger-state", Local, is(ledger.ErrDuplicate, ledger.ErrCleared, ledger.ErrNoEntry, ledger.ErrURL,
			ledger.ErrIncomplete, ledger.ErrLimit, ledger.ErrClosed)},
		{"file-not-regular", Usage, allOf(onFile, is(atomicfile.ErrNotRegular))},
		{"path-computer", Usage, as(func(e leadsNowhere) bool { _, computer, _ := e.LeadsNowhere(); return computer })},
		{"path-system", Usage, as(func(e leadsNowhere) bool { _, _, system := e.LeadsNowhere(); return system })},
		{"path-address", Usage, as[leadsNowhere](nil)},
		{"pipe-no-reader", Usage, allOf(onFile, is(syscall.ENXIO))},
		{"name-too-long", Usage, allOf(onFile, is(syscall.ENAMETOOLONG))},
		{"file-torn", Local, as[*atomicfile.TornError](nil)},
		{"history-disk-full", Local, allOf(as[rowsNotKept](nil), diskFull)},
		{"spool-disk-full", Local, allOf(as[*result.SpoolError](nil), diskFull)},
		{"disk-full", Local, diskFull},
		{"file-read-only", Local, readOnly},
		{"file-in-use", Local, allOf(onFile, inUse)},
		{"file-no-permission", Local, allOf(onFile, is(fs.ErrPermission))},
		{"file-missing", Local, allOf(onFile, is(fs.ErrNotExist))},
		{"file-exists", Local, allOf(onFile, is(fs.ErrExist))},
		{"file-other", Local, onFile},
		{"result-too-big", Local, is(result.ErrRowTooBig)},
	}
}

// opener is what opens files, folders and pages on the desktops of Linux and BSD; other
// systems have theirs always.
const opener = "xdg-open"

func onFile(f *facts) bool {
	return oneOf(as[*fs.PathError](nil), as[*os.LinkError](nil))(f)
}

// endpointRules are about addresses, tenants and redirects.
func endpointRules() []rule {
	return []rule{
		{"redirect-host", Connect, refusal(endpoint.RefusedUnknownHost)},
		{"redirect-http", Connect, oneOf(refusal(endpoint.RefusedPlaintext, endpoint.RefusedDowngrade), redirected(wsman.RedirectDowngrade), notFollowed(func(plain, _ bool) bool { return plain }))},
		{"redirect-form", Connect, oneOf(refusal(endpoint.RefusedForm), redirected(wsman.RedirectBadLocation, wsman.RedirectNoLocation))},
		{"redirect-loop", Connect, oneOf(redirected(wsman.RedirectLoop, wsman.RedirectTooMany), notFollowed(func(_, loop bool) bool { return loop }))},
		{"redirect-tenant", Connect, redirected(wsman.RedirectTenantLost)},
		{"redirect-late", Connect, redirected(wsman.RedirectLate)},
		{"redirect-refused", Connect, oneOf(as[*wsman.RedirectError](nil), as[notFollowedError](nil))},
		{"no-delegation", Usage, as[*endpoint.NoDelegationError](nil)},
		{"list-color", Usage, allOf(as[*endpoint.LineError](nil), as[*endpoint.ColorError](nil))},
		{"list-line", Usage, as[*endpoint.LineError](nil)},
		{"bad-domain", Usage, as[*endpoint.DomainError](nil)},
		{"bad-color", Usage, as[*endpoint.ColorError](nil)},
		{"basic-over-http", Usage, oneOf(is(wsman.ErrBasicOverHTTP),
			as(func(e *endpoint.InvalidError) bool { return e.Field == "Auth" && e.Value == endpoint.AuthBasic }))},
		{"endpoint-tenant", Usage, allOf(is(endpoint.ErrNamesTenant), as(func(e *endpoint.InvalidError) bool { return e.Field == "URL" }))},
		{"authority-tenant", Usage, is(endpoint.ErrNamesTenant)},
		{"no-brackets", Usage, oneOf(is(endpoint.ErrNoBrackets), pasted(endpoint.TextNoBrackets))},
		{"endpoint-host", Usage, as(func(e *endpoint.InvalidError) bool { return e.Field == "URL" })},
		{"endpoint-invalid", Usage, as[*endpoint.InvalidError](nil)},
		{"catalogue", Local, as[*endpoint.CatalogueError](nil)},
		{"duplicate-tenant", Usage, is(endpoint.ErrDuplicateTenant)},
		{"unknown-tenant", Usage, is(endpoint.ErrUnknownTenant)},
		{"unknown-endpoint", Usage, is(endpoint.ErrUnknownEndpoint)},
		{"catalogued", Usage, is(endpoint.ErrCatalogued)},
		{"no-certificate", Usage, is(endpoint.ErrNoCertificate)},
		{"private-key", Usage, is(endpoint.ErrPrivateKey)},
		{"authority-long", Usage, is(endpoint.ErrAuthorityLong)},
		{"list-too-long", Usage, is(endpoint.ErrListTooLong)},
		{"two-tenants", Usage, as[*endpoint.TenantsError](nil)},
		{"pasted-password", Usage, pasted(endpoint.TextPassword)},
		{"pasted-variable", Usage, pasted(endpoint.TextVariable)},
		{"pasted-splatting", Usage, pasted(endpoint.TextSplatting)},
		{"pasted-placeholder", Usage, pasted(endpoint.TextPlaceholder)},
		{"pasted-unsupported", Usage, pasted(endpoint.TextUnsupported)},
		{"pasted-retired", Usage, pasted(endpoint.TextRetired)},
		{"pasted-value", Usage, pasted(endpoint.TextBadValue)},
		{"pasted-port", Usage, pasted(endpoint.TextPort)},
		{"pasted-several", Usage, pasted(endpoint.TextSeveral)},
		{"pasted-beside", Usage, pasted(endpoint.TextBeside)},
		{"pasted-addresses", Usage, pasted(endpoint.TextAddresses)},
		{"pasted-address", Usage, pasted(endpoint.TextBadAddress)},
		{"pasted-elsewhere", Usage, pasted(endpoint.TextElsewhere)},
		{"pasted-text", Usage, as[*endpoint.TextError](nil)},
	}
}

// bindRules are about what was typed for a parameter.
func bindRules() []rule {
	return []rule{
		{"bind-choice", Usage, bind(cmdlet.WantChoice)},
		{"bind-missing", Usage, bind(cmdlet.WantValue)},
		{"bind-unknown", Usage, bind(cmdlet.WantKnown)},
		{"bind-ambiguous", Usage, bind(cmdlet.WantUnambiguous)},
		{"bind-twice", Usage, bind(cmdlet.WantOnce)},
		{"bind-syntax", Usage, bind(cmdlet.WantSyntax)},
		{"bind-position", Usage, bind(cmdlet.WantPosition)},
		{"bind-range", Usage, bind(cmdlet.WantRange)},
		{"bind-literal", Usage, bind(cmdlet.WantLiteral)},
		{"bind-command", Usage, bind(cmdlet.WantCommand)},
		{"bind-stage", Usage, bind(cmdlet.WantStage)},
		{"bind-before", Usage, bind(cmdlet.WantBefore)},
		{"bind-secret", Usage, bind(cmdlet.WantSecret)},
		{"bind-credential", Usage, bind(cmdlet.WantCredential)},
		{"bind-kind", Usage, as[*cmdlet.BindError](nil)},
	}
}

// lastRules explain what no other row knows.
func lastRules() []rule {
	return []rule{
		{"bad-configuration", Usage, is(wsman.ErrConfig)},
		{"protocol-version", Connect, as[*psrp.VersionError](nil)},
		{"protocol-limit", Connect, oneOf(as[*psrp.LimitError](nil), is(wsman.ErrTooLarge, wsman.ErrReplyTooLarge))},
		{"too-many-columns", Cmdlet, as[*result.ColumnLimitError](nil)},
		{"undecoded", Cmdlet, as[undecoded](nil)},
		{"protocol-key", Connect, is(psrp.ErrNoKey, psrp.ErrBadSecureString)},
		{"protocol-state", Local, as[*psrp.StateError](nil)},
		{"protocol", Connect, oneOf(as[*psrp.ProtocolError](nil), as[*wsman.ProtocolError](nil))},
		{"server-error", Cmdlet, remote},
		{"timeout", Connect, is(context.DeadlineExceeded, os.ErrDeadlineExceeded)},
		{"cut-short", Connect, oneOf(is(io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe), brokenOff)}, // of what, nobody said
		{"unknown", Local, func(*facts) bool { return true }},
	}
}
