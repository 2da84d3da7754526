package diagnose_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"syscall"
	"time"

	"postroom/session/atomicfile"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/holder"
	"postroom/session/jsonfile"
	"postroom/session/ledger"
	"postroom/session/proxy"
	"postroom/session/psrp"
	"postroom/session/result"
	"postroom/session/wsman"
)

type readOnly struct{}

func (readOnly) Error() string                      { return "run Set-Mailbox: tenant is set to read-only" }
func (readOnly) ReadOnly() (tenant, command string) { return "contoso.example", "Set-Mailbox" }

type perhapsReadOnly struct{ error }

func (perhapsReadOnly) PerhapsReadOnly() string { return "contoso.example" }
func (p perhapsReadOnly) Unwrap() error         { return p.error }

type refusedByScheduler struct{}

func (refusedByScheduler) Error() string                     { return "schedule: systemctl: exit status 1: no bus" }
func (refusedByScheduler) Scheduler() (program, said string) { return "systemctl", "no bus" }

type wrongUsage struct{}

func (wrongUsage) Error() string             { return "--dir: no folder" }
func (wrongUsage) WrongUsage() (what string) { return "--dir: no folder" }

type ofReport struct{ error }

func (ofReport) Changing() (report string, commands []string) { return "x", []string{"Set-Mailbox"} }

type malformed struct{ report, what string }

func (m malformed) Error() string { return "reports: " + m.what }

// misread is an expression of a report that lacks its end.
type misread struct{}

func (misread) Error() string { return "expression" }

func (misread) Misread() (expression string, at int, want string) { return "Größe >", 9, "a value" }

func (m malformed) Malformed() (report string, what error) { return m.report, errors.New(m.what) }

type notSaved struct{}

func (notSaved) Error() string           { return "report: cannot be saved: -cmatch" }
func (notSaved) NotSaved() (what string) { return "-cmatch" }

// sample is an error as it reaches the person, and the row that explains it.
type sample struct {
	id  string
	err error
}

// partial, limited and leftOpen stand for the errors of package session.
type noPassword struct{ err error }

func (e *noPassword) Error() string      { return "no password: " + e.err.Error() }
func (e *noPassword) Unwrap() error      { return e.err }
func (e *noPassword) NoPassword() string { return "ada@contoso.example" }

type partial struct {
	rows   int
	unsure bool
	err    error
}

func (e *partial) Error() string          { return "broken off: " + e.err.Error() }
func (e *partial) Unwrap() error          { return e.err }
func (e *partial) Partial() bool          { return true }
func (e *partial) Delivered() (int, bool) { return e.rows, e.unsure }

type waited struct{}

func (waited) Error() string                { return "no session became free" }
func (waited) Waited() (int, time.Duration) { return 3, 15 * time.Minute }

type limited struct{ err error }

func (e *limited) Error() string { return "limit: " + e.err.Error() }
func (e *limited) Unwrap() error { return e.err }
func (e *limited) Limit() (used, limit int, frees time.Time) {
	return 1, 3, time.Date(2026, 3, 1, 10, 30, 0, 0, time.Local)
}

type maybeThere struct{}

func (maybeThere) Error() string { return "session: shell A may still be on the server" }

func (maybeThere) Frees() time.Time { return time.Date(2026, 3, 1, 10, 30, 0, 0, time.Local) }

type leftoverRefused struct{}

func (leftoverRefused) Error() string { return "session: a leftover is not looked for" }

func (leftoverRefused) LeftoverRefused() (server, host string) {
	return "here.example", "there.example"
}

type leftOpen struct{}

func (leftOpen) Error() string { return "left" }
func (leftOpen) LeftOpen() int { return 2 }

// gone has a session, of which n are gone from the server.
type gone struct {
	n   int
	err error
}

func (g gone) Error() string {
	return "close sessions: 1 not confirmed by the server: " + g.err.Error()
}
func (g gone) Unwrap() error { return g.err }
func (gone) LeftOpen() int   { return 1 }
func (g gone) Gone() int     { return g.n }

// nowhere is a path of another computer, or of another system.
type nowhere struct{ computer, system bool }

func (nowhere) Error() string { return "a path" }
func (n nowhere) LeadsNowhere() (text string, ofComputer, ofSystem bool) {
	return "file://server/share", n.computer, n.system
}

type notKept struct{ error }

func (k notKept) Unwrap() error     { return k.error }
func (notKept) RowsNotKept() string { return "/state/history" }

func fault(code uint32, subcode, text string) error {
	return fmt.Errorf("open session: %w", &wsman.Fault{
		HTTP: 500, Op: "Create", Code: code, Subcode: subcode, Reason: text, Exchange: wsman.ParseExchangeFault(text),
		Body: []byte("<s:Envelope>raw</s:Envelope>"),
	})
}

// atTenant is an attempt to open a session for a tenant.
func atTenant(err error) error { return &tenantError{err} }

type tenantError struct{ error }

func (e *tenantError) Unwrap() error     { return e.error }
func (e *tenantError) ForTenant() string { return "contoso.example" }

func said(text string) error {
	return fmt.Errorf("run: %w", &psrp.RemoteError{Message: text})
}

func answer(status int, contentType, body string) error {
	return &wsman.HTTPError{
		Op: "Create", Status: status, ContentType: contentType, Body: []byte(body), Exchange: wsman.ParseExchangeFault(body),
		Header: map[string]string{"request-id": "5a7f", "X-FEServer": "CAS1"},
	}
}

func network(err error) error {
	return &wsman.NetError{Op: "Create", URL: "https://mail.example/PowerShell/", Err: &url.Error{Op: "Post", URL: "https://mail.example/PowerShell/", Err: err}}
}

func dial(err error) error {
	return network(&net.OpError{Op: "dial", Net: "tcp", Err: &os.SyscallError{Syscall: "connect", Err: err}})
}

func signIn(status int, auth wsman.Auth, schemes ...string) *wsman.AuthError {
	return &wsman.AuthError{HTTP: status, Auth: auth, Schemes: schemes}
}

func ticket(name string) error {
	e := signIn(0, wsman.Kerberos)
	e.Kerberos = name
	e.Err = errors.New("kerberos: " + name)
	return e
}

func entra(number string) error {
	e := signIn(401, wsman.Basic, "Basic")
	e.Body = []byte("<html><body>AADSTS" + number + ": something about it. Trace ID: 1</body></html>")
	return e
}

func path(err error) error { return &fs.PathError{Op: "open", Path: "/home/me/report.csv", Err: err} }

func bind(want cmdlet.Want, names ...string) error {
	return &cmdlet.BindError{Parameter: "ResultSize", Text: "many", Want: want, Kind: cmdlet.Number, Names: names}
}

func mustURL(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return u
}

func redirect(reason wsman.RedirectReason) error {
	return &wsman.RedirectError{From: mustURL("https://ps.example/"), To: mustURL("https://pod.example/"), Reason: reason}
}

func refused(reason endpoint.RefusalReason) error {
	return &wsman.RedirectError{
		From: mustURL("https://ps.example/"), To: mustURL("https://pod.example/"), Reason: wsman.RedirectRefused,
		Err: &endpoint.RedirectRefused{From: "https://ps.example/", To: "https://pod.example/", Host: "pod.example", Reason: reason},
	}
}

func lineOf(err error) error { return &endpoint.LineError{Line: 3, Text: "Contoso;nowhere", Err: err} }

var errOther = errors.New("a fault that no row knows")

func samples() []sample {
	all := plainSamples()
	for _, s := range cloudSamples() {
		all = append(all, s.sample)
	}
	return all
}

func plainSamples() []sample {
	soon := &x509.Certificate{NotBefore: time.Now().Add(time.Hour), NotAfter: time.Now().Add(2 * time.Hour)}
	old := &x509.Certificate{NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(-time.Hour)}
	exchange := "[Server=CAS1,RequestId=0f3a8a3c-1111-2222-3333-444455556666,TimeStamp=3/1/2026 10:00:00 AM] [FailureCategory="
	return []sample{
		// Sessions.
		{"no-slot", waited{}},
		{"read-only", readOnly{}},
		{"read-only-unsure", fmt.Errorf("run Set-Mailbox: %w", perhapsReadOnly{network(io.EOF)})},
		{"list-lost", fmt.Errorf("run Set-Mailbox: %w", &endpoint.LostError{Path: "/c/tenants.json", Kept: "/c/tenants.json.unreadable-1"})},
		{"schedule-refused", refusedByScheduler{}},
		{"schedule-none", errors.New("schedule: this computer has no scheduler that can be used")},
		{"schedule-unknown", errors.New("schedule: there is none of that name: x")},
		{"pack-pattern", errors.New("pack: the pattern \"x\" lacks the tenant")},
		{"pack-name", errors.New("pack: \"../x\" names no file")},
		{"pack-unknown", errors.New("pack x: there is no report y")},
		{"wrong-usage", wrongUsage{}},
		{"report-changes", ofReport{errors.New("report x: does more than read: Set-Mailbox")}},
		{"report-file", malformed{what: "no version"}},
		{"report-malformed", malformed{report: "x", what: "0 columns"}},
		{"expression", misread{}},
		{"report-not-saved", notSaved{}},
		{"report-no-columns", errors.New("report: no columns are chosen")},
		{"report-taken", errors.New("report: the name is taken: x")},
		{"report-not-own", errors.New("report: none of your own has that name: x")},
		{"session-limit", &limited{fault(0x803381A5, "QuotaLimit", "too many")}},
		{"leftover-refused", fmt.Errorf("delete shell A: %w", leftoverRefused{})},
		{"maybe-there", maybeThere{}},
		{"left-open", fmt.Errorf("close sessions: 1 not confirmed by the server: %w", maybeThere{})},
		{"left-open", leftOpen{}},
		{"left-open", gone{n: 0, err: &ledger.UnusableError{Dir: "/state", Err: path(syscall.ENOSPC)}}},
		{"list-disk-full", gone{n: 1, err: &ledger.UnusableError{Dir: "/state", Err: path(syscall.ENOSPC)}}},
		{"list-not-written", gone{n: 1, err: &ledger.UnusableError{Dir: "/state", Err: path(fs.ErrPermission)}}},
		{"left-open", errors.New("close sessions: 2 not confirmed by the server: timeout")},
		{"refused", fmt.Errorf("%w; and it may have been left on the server: %w", dial(syscall.ECONNREFUSED), errOther)},
		{"partial-unsure", &partial{0, true, network(io.EOF)}},
		{"partial-unsure-stopped", &partial{0, true, context.Canceled}},
		{"partial-stopped-none", &partial{0, false, context.Canceled}},
		{"partial-none", &partial{0, false, network(io.EOF)}},
		{"no-password", &noPassword{credential.ErrLocked}},
		{"no-password", &noPassword{fmt.Errorf("look up: %w", credential.ErrNotFound)}},
		{"partial-stopped", &partial{12, false, context.Canceled}},
		{"partial", &partial{12, false, network(io.EOF)}},
		{"session-idle", fmt.Errorf("run: %w", errors.New("session: closed after its idle time"))},
		{"session-expired", errors.New("session: dropped by the server after its idle time")},
		{"session-gap", errors.New("session: an answer of the server was lost on the way")},
		{"session-stop", errors.New("session: the server did not confirm the stop")},
		{"session-no-answer", errors.New("session: nobody is there to answer")},
		{"session-no-answer", &psrp.RemoteError{Message: "nobody is there to answer"}},
		{"session-no-answer", said("A command that prompts the user failed because the host program or the command type does not support user interaction.")},
		{"session-closed", errors.New("session: closed")},
		{"cancelled", fmt.Errorf("open: %w", context.Canceled)},

		// Keyring, files, ledger.
		{"keyring-dismissed", fmt.Errorf("get: %w", credential.ErrDismissed)},
		{"keyring-locked", fmt.Errorf("get: %w", credential.ErrLocked)},
		{"keyring-no-bus", &credential.UnavailableError{Reason: credential.ReasonNoBus, Err: errOther}},
		{"keyring-no-service", &credential.UnavailableError{Reason: credential.ReasonNoService}},
		{"keyring-no-collection", &credential.UnavailableError{Reason: credential.ReasonNoCollection}},
		{"keyring-no-logon", &credential.UnavailableError{Reason: credential.ReasonNoLogon}},
		{"keyring-silent", &credential.UnavailableError{Reason: credential.ReasonSilent}},
		{"keyring-platform", &credential.UnavailableError{Reason: credential.ReasonPlatform}},
		{"keyring-other", &credential.UnavailableError{Err: errOther}},
		{"secret-too-long", &credential.TooBigError{Size: 3000, Max: 2560}},
		{"secret-not-found", fmt.Errorf("look up: %w", credential.ErrNotFound)},
		{"no-account", credential.ErrNoAccount},
		{"no-account", fmt.Errorf("open session at Contoso: %w", holder.ErrNoAccount)},
		{"no-server", holder.ErrNoServer},
		{"account-control", holder.ErrControl},
		{"account-colon", fmt.Errorf("connect https://mail.contoso.example: %w", wsman.ErrBasicColon)},
		{"password-control", fmt.Errorf("connect https://mail.contoso.example: %w", wsman.ErrBasicControl)},
		{"file-set-aside", &jsonfile.SetAsideError{Path: "tenants.json", Kept: "tenants.json.unreadable-1", Err: errOther}},
		{"ledger-busy", fmt.Errorf("ledger: wait for the lock: %w", context.DeadlineExceeded)},
		{"ledger-state", ledger.ErrDuplicate},
		{"disk-full", path(syscall.ENOSPC)},
		{"file-read-only", path(syscall.EROFS)},
		{"file-in-use", path(inUse())},
		{"file-not-regular", path(atomicfile.ErrNotRegular)},
		{"file-no-permission", path(fs.ErrPermission)},
		{"file-missing", path(fs.ErrNotExist)},
		{"file-exists", &os.LinkError{Op: "rename", Old: "a", New: "b", Err: fs.ErrExist}},
		{"file-other", path(syscall.EISDIR)},
		{"folder-open", &ledger.UnusableError{Dir: "/state", Err: &jsonfile.OpenFolderError{Dir: "/state"}}},
		{"ledger-unusable", fmt.Errorf("open the ledger of sessions: %w", &ledger.UnusableError{Dir: "state", Err: path(fs.ErrPermission)})},
		{"ledger-disk-full", fmt.Errorf("open the ledger of sessions: %w", &ledger.UnusableError{Dir: "state", Err: path(syscall.ENOSPC)})},
		{"history-disk-full", &notKept{path(syscall.ENOSPC)}},
		{"spool-disk-full", fmt.Errorf("session: %w", &result.SpoolError{Dir: "/state/spool", Err: path(syscall.ENOSPC)})},
		{"pipe-no-reader", path(syscall.ENXIO)},
		{"name-too-long", path(syscall.ENAMETOOLONG)},
		{"path-computer", nowhere{computer: true}},
		{"path-system", nowhere{system: true}},
		{"path-address", nowhere{}},
		{"file-torn", &atomicfile.TornError{Name: "rows.csv", Kept: "rows.csv.new", Err: path(syscall.EIO)}},
		{"no-opener", fmt.Errorf("open /home/me/rows.csv: %w", &exec.Error{Name: "xdg-open", Err: exec.ErrNotFound})},
		{"file-newer", &jsonfile.NewerError{Path: "ledger.json", Version: 2, Known: 1}},
		{"file-busy", &jsonfile.BusyError{Path: "settings.json"}},
		{"result-too-big", fmt.Errorf("keep: %w", result.ErrRowTooBig)},

		// Kept sign-ins, and what applications prove themselves with.
		{"sign-ins-left", fmt.Errorf("sign out: %w", signInsLeft{credential.ErrLocked})},
		{"sign-ins-broken", brokenCache{credential.ErrNotFound}},
		{"sign-ins-locked", memoryOnly{credential.ErrLocked}},
		{"sign-ins-locked", memoryOnly{credential.ErrDismissed}},
		{"sign-ins-no-keyring", memoryOnly{&credential.UnavailableError{Reason: credential.ReasonNoBus}}},
		{"sign-ins-in-memory", memoryOnly{path(fs.ErrPermission)}},
		{"app-certificate-missing", certificateFault("missing")},
		{"app-certificate-form", certificateFault("form")},
		{"app-certificate-key", certificateFault("key")},
		{"app-certificate-encrypted", certificateFault("encrypted")},
		{"app-certificate-passphrase", certificateFault("passphrase")},
		{"bad-authority", badAuthority{}},

		// Addresses, tenants, redirects.
		{"redirect-host", refused(endpoint.RefusedUnknownHost)},
		{"redirect-http", refused(endpoint.RefusedPlaintext)},
		{"redirect-http", redirect(wsman.RedirectDowngrade)},
		{"redirect-form", refused(endpoint.RefusedForm)},
		{"redirect-form", &wsman.RedirectError{Reason: wsman.RedirectNoLocation}},
		{"redirect-loop", redirect(wsman.RedirectTooMany)},
		{"redirect-tenant", redirect(wsman.RedirectTenantLost)},
		{"redirect-late", redirect(wsman.RedirectLate)},
		{"redirect-refused", redirect(wsman.RedirectRefused)},
		{"no-delegation", &endpoint.NoDelegationError{Endpoint: "Mail server", Tenant: "contoso.com"}},
		{"bad-domain", &endpoint.DomainError{Text: "contoso", Err: errOther}},
		{"bad-color", &endpoint.ColorError{Text: "red"}},
		{"basic-over-http", fmt.Errorf("new: %w", wsman.ErrBasicOverHTTP)},
		{"basic-over-http", &endpoint.InvalidError{Field: "Auth", Value: "basic"}},
		{"endpoint-tenant", &endpoint.InvalidError{Field: "URL", Value: "DelegatedOrg", Err: endpoint.ErrNamesTenant}},
		{"authority-tenant", &endpoint.InvalidError{Field: "Modern.Authority", Value: "contoso.com", Err: endpoint.ErrNamesTenant}},
		{"no-brackets", &endpoint.InvalidError{Field: "URL", Value: "https://2001:db8::1/PowerShell/", Err: endpoint.ErrNoBrackets}},
		{"no-brackets", &endpoint.TextError{Reason: endpoint.TextNoBrackets}},
		{"endpoint-host", &endpoint.InvalidError{Field: "URL", Value: "x"}},
		{"endpoint-invalid", &endpoint.InvalidError{Field: "SessionLimit", Value: "0"}},
		{"catalogue", &endpoint.CatalogueError{Err: errOther}},
		{"duplicate-tenant", endpoint.ErrDuplicateTenant},
		{"unknown-tenant", endpoint.ErrUnknownTenant},
		{"unknown-endpoint", endpoint.ErrUnknownEndpoint},
		{"catalogued", endpoint.ErrCatalogued},
		{"no-certificate", endpoint.ErrNoCertificate},
		{"private-key", endpoint.ErrPrivateKey},
		{"authority-long", endpoint.ErrAuthorityLong},
		{"list-too-long", endpoint.ErrListTooLong},
		{"list-line", lineOf(errOther)},
		{"list-line", lineOf(&endpoint.DomainError{Text: "", Err: errOther})},
		{"list-color", lineOf(&endpoint.ColorError{Text: "red"})},
		{"pasted-password", &endpoint.TextError{Reason: endpoint.TextPassword}},
		{"pasted-variable", &endpoint.TextError{Reason: endpoint.TextVariable, Name: "$uri"}},
		{"pasted-placeholder", &endpoint.TextError{Reason: endpoint.TextPlaceholder}},
		{"pasted-unsupported", &endpoint.TextError{Reason: endpoint.TextUnsupported, Name: "-HostName"}},
		{"pasted-retired", &endpoint.TextError{Reason: endpoint.TextRetired, Name: "-ExchangeEnvironmentName"}},
		{"pasted-value", &endpoint.TextError{Reason: endpoint.TextBadValue, Name: "DelegatedOrg"}},
		{"pasted-splatting", &endpoint.TextError{Reason: endpoint.TextSplatting, Name: "@parameters"}},
		{"pasted-port", &endpoint.TextError{Reason: endpoint.TextPort, Name: "-Port"}},
		{"pasted-several", &endpoint.TextError{Reason: endpoint.TextSeveral, Name: "-ComputerName"}},
		{"pasted-beside", &endpoint.TextError{Reason: endpoint.TextBeside, Name: "-Port"}},
		{"pasted-addresses", &endpoint.TextError{Reason: endpoint.TextAddresses}},
		{"pasted-address", &endpoint.TextError{Reason: endpoint.TextBadAddress}},
		{"two-tenants", &endpoint.TenantsError{One: "contoso.example", Other: "fabrikam.example"}},
		{"pasted-elsewhere", &endpoint.TextError{Reason: endpoint.TextElsewhere, Name: "Connect-MgGraph"}},
		{"pasted-text", &endpoint.TextError{Reason: endpoint.TextNoAddress}},

		// What was typed.
		{"bind-choice", bind(cmdlet.WantChoice, "Basic", "Kerberos")},
		{"bind-missing", bind(cmdlet.WantValue)},
		{"bind-unknown", bind(cmdlet.WantKnown)},
		{"bind-ambiguous", bind(cmdlet.WantUnambiguous, "Identity", "IncludeHidden")},
		{"bind-twice", bind(cmdlet.WantOnce)},
		{"bind-syntax", bind(cmdlet.WantSyntax)},
		{"bind-position", bind(cmdlet.WantPosition)},
		{"bind-range", bind(cmdlet.WantRange)},
		{"bind-literal", bind(cmdlet.WantLiteral)},
		{"bind-command", bind(cmdlet.WantCommand)},
		{"bind-stage", bind(cmdlet.WantStage)},
		{"bind-before", bind(cmdlet.WantBefore, "Where-Object")},
		{"bind-secret", bind(cmdlet.WantSecret)},
		{"bind-credential", bind(cmdlet.WantCredential)},
		{"bind-kind", errors.Join(bind(cmdlet.WantKind), bind(cmdlet.WantKind))},

		// TLS.
		{"not-https", network(http.ErrSchemeMismatch)},
		{"not-https", network(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"})},
		{"certificate-early", network(x509.CertificateInvalidError{Cert: soon, Reason: x509.Expired})},
		{"certificate-expired", network(x509.CertificateInvalidError{Cert: old, Reason: x509.Expired})},
		{"certificate-name", network(x509.HostnameError{Certificate: old, Host: "mail.example"})},
		{"certificate-unknown", network(x509.UnknownAuthorityError{Cert: old})},
		{"certificate-other", network(x509.CertificateInvalidError{Cert: old, Reason: x509.NotAuthorizedToSign})},
		{"certificate-other", said("The server certificate on the destination computer (mail.example:443) has the following errors: The SSL certificate is signed in a way ...")},
		{"certificate-name-old", network(x509.HostnameError{Certificate: &x509.Certificate{Subject: pkix.Name{CommonName: "mail.example"}}, Host: "mail.example"})},
		{"certificate-unreadable", network(errors.New("tls: failed to parse certificate from server: x509: negative serial number"))},
		{"tls-version", network(tls.AlertError(70))},
		{"tls-version", network(errors.New("tls: server selected unsupported protocol version 301"))},
		{"tls-cipher", network(tls.AlertError(40))},
		{"tls-handshake", network(tls.AlertError(80))},

		// The way to the server.
		{"proxy-setting", network(&proxy.SettingError{Source: "HTTPS_PROXY", Err: errOther})},
		{"proxy-sign-in", network(&proxy.Error{Proxy: "proxy:3128", Status: 407, Schemes: []string{"NTLM"}})},
		{"proxy-password", network(&proxy.Error{Proxy: "proxy:3128", Status: 407, Schemes: []string{"NTLM"}, User: "ada"})},
		{"proxy-refused", network(&proxy.Error{Proxy: "proxy:3128", Status: 403})},
		{"proxy", network(&proxy.Error{Proxy: "proxy:3128", Err: dial(syscall.ECONNREFUSED)})},
		{"proxy", said("Proxy is not supported under HTTP transport. Change the transport to HTTPS")},
		{"no-name", network(&net.DNSError{Err: "no such host", Name: "nowhere.example", IsNotFound: true})},
		{"no-name", said("The WinRM client cannot process the request because the server name cannot be resolved.")},
		{"dns", network(&net.DNSError{Err: "server misbehaving", Name: "mail.example", IsTemporary: true})},
		{"refused", dial(syscall.ECONNREFUSED)},
		{"refused-cloud", &url.Error{Op: "Post", URL: "https://login.microsoftonline.com/common/oauth2/v2.0/token", Err: syscall.ECONNREFUSED}},
		{"refused", said("The connection to the specified remote host was refused. Verify that the WS-Management service is running")},
		{"unreachable", dial(syscall.EHOSTUNREACH)},
		{"unreachable", said("The client cannot connect to the destination specified in the request. Verify that the service on the destination is running")},
		{"clear-text", wsman.ErrClearText},
		{"server-timeout", said("The WinRM client cannot complete the operation within the time specified.")},
		{"timeout", network(os.ErrDeadlineExceeded)},
		{"timeout", &wsman.NetError{Op: "Receive", Timeout: true, Err: errOther}},
		{"lost", network(syscall.ECONNRESET)},
		{"lost", network(io.ErrUnexpectedEOF)},
		{"aborted", said("The I/O operation has been aborted because of either a thread exit or an application request.")},
		{"captive-portal", answer(511, "text/html", "<html>Sign in to the network</html>")},
		{"captive-portal", answer(200, "text/html; charset=utf-8", "<!DOCTYPE html><html><head><title>x</title></head><body>Welcome to the hotel</body></html>")},

		// Who may come in.
		{"mfa", entra("50076")},
		{"mfa", entra("50079")},
		{"entra-policy", entra("53003")},
		{"entra-password", entra("50126")},
		{"account-locked", entra("50053")},
		{"account-locked", ticket("KDC_ERR_CLIENT_REVOKED")},
		{"account-disabled", entra("50057")},
		{"account-unknown", entra("50034")},
		{"account-unknown", ticket("KDC_ERR_C_PRINCIPAL_UNKNOWN")},
		{"not-in-tenant", entra("50020")},
		{"not-in-tenant", entra("50177")},
		{"no-consent", entra("65001")},
		{"sign-in-expired", entra("700082")},
		{"sign-in-expired", entra("70043")},
		{"wrong-tenant", entra("9002313")},
		{"wrong-tenant", entra("5000224")},
		{"service-missing", entra("650052")},
		{"password-expired", ticket("KDC_ERR_KEY_EXPIRED")},
		{"clock", ticket("KRB_AP_ERR_SKEW")},
		{"kerberos-name", ticket("KDC_ERR_S_PRINCIPAL_UNKNOWN")},
		{"wrong-password", ticket("KDC_ERR_PREAUTH_FAILED")},
		{"kerberos-kdc", &wsman.AuthError{Auth: wsman.Kerberos, Err: errors.New("kerberos: no KDC for realm CORP.EXAMPLE")}},
		{"https-wanted", answer(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n")},
		{"https-wanted", answer(400, "text/html", "<center>The plain HTTP request was sent to HTTPS port</center>")},
		{"rps-disabled", answer(400, "text/plain", "Bad Request")},
		{"rps-disabled", said("This user isn't allowed to access remote PowerShell.")},
		{"scheme-not-offered", signIn(401, wsman.Basic, "Negotiate", "Kerberos")},
		{"wrong-password", signIn(401, wsman.Basic, "Basic", "Negotiate")},
		{"wrong-password", signIn(401, wsman.NTLM, "Negotiate")},
		{"kerberos", ticket("KRB_AP_ERR_MODIFIED")},

		// Exchange's words.
		{"limit-refused", fault(0x803381A5, "QuotaLimit", "This user is allowed a maximum number of 3 concurrent shells, which has been exceeded. Close existing shells or raise the quota for this user.")},
		{"limit-refused", fault(0, "", exchange+"AuthZ-AuthorizationException] Fail to create a runspace because you have exceeded the maximum number of connections allowed : 3 for the policy party : MaxConcurrency. Please close existing runspace and try again.")},
		{"limit-refused", fault(2150859236, "QuotaLimit", "quota")},
		{"limit-budget", fault(0, "", "Fail to create runspace because you have exceeded your budget to create runspace. Please wait for 83 seconds. Policy: CN=GlobalThrottlingPolicy_1")},
		{"limit-tenant", said("You have reached the maximum number of concurrent requests per tenant. Please wait and try again")},
		{"limit-server", fault(0, "", "ErrorMaxConnectionLimit PowerShell")},
		{"limit-cmdlets", said("The operation tarpitting is in effect: PowerShellMaxCmdlets")},
		{"micro-delay", said("Micro delay applied. Actual delayed: 21956 msecs, Enforced: True")},
		{"shell-gone", fault(2150858843, "InvalidSelectors", "The request contained invalid selectors for the resource.")},
		{"shell-gone", fault(0, "", exchange+"WSMan-InvalidShellID] The request for the Windows Remote Shell with ShellId 1 failed because the shell was not found on the server.")},
		{"shell-gone", said("ERROR_WSMAN_INVALID_SELECTORS")},
		{"backend-certificate", fault(0, "", exchange+"Cafe-SendFailure]")},
		{"backend-certificate", fault(0x803380BC, "", "The shell handle passed to the WSMan Shell function is not valid.")},
		{"exchange-broken", fault(0, "", exchange+"AuthZ-TypeInitializationException] The type initializer for 'Nested' threw an exception.")},
		{"exchange-setup", said("SetupVersionInformationCorruptException: Unable to determine the installed file version")},
		{"access-denied-backend", answer(500, "text/plain", "[Server=CAS1,RequestId=1,TimeStamp=2] Access is denied. (-2144108477)")},
		{"no-such-tenant", fault(0, "", "Can't resolve the tenant name 'nobody.example'.")},
		{"no-role", fault(0, "", exchange+"AuthZ-CmdletAccessDeniedException] The user \"contoso.com/Users/admin\" isn't assigned to any management roles.")},
		{"app-role", fault(0, "", "The role assigned to application 00000000-0000-0000-0000-000000000000 isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles")},
		{"not-delegated", fault(0, "", "The tenant organization contoso.com isn't valid or you are not a delegated administrator")},
		{"cmdlet-not-allowed", said("User is not allowed to call Get-Mailbox")},
		{"parameter-not-allowed", said("The parameter 'Database' is not present in the role definition of the current user")},
		{"cmdlet-unknown", said("The term 'Get-Mailbx' is not recognized as the name of a cmdlet, function, script file, or operable program.")},
		{"cmdlet-unknown", said("The term \u2018Get-X\u2019 is not recognized as the name of a cmdlet")},
		{"elevation", said("Insufficient permissions. Please raise an elevated access request for this task.")},
		{"ad-rights", said("Active Directory operation failed on DC1. Additional information: Insufficient access rights to perform the operation. 00002098: SecErr: INSUFF_ACCESS_RIGHTS")},
		{"dehydrated", said("The command you tried to run isn't currently allowed in your organization. To run this command, you first need to run the command: Enable-OrganizationCustomization.")},
		{"licence", said("Your tenant is not licensed for this feature")},
		{"no-language", said("The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.")},
		{"no-language", said("Script invocation is not supported in this session configuration.")},
		{"no-language", said("Property references are not allowed in restricted language mode or a Data section.")},
		{"object-missing", said("The operation couldn't be performed because object 'nobody' couldn't be found on 'DC1.contoso.com'.")},
		{"object-ambiguous", said("The operation couldn't be performed because 'smith' matches multiple entries.")},
		{"address-taken", said("The proxy address \"SMTP:a@contoso.com\" is already being used by \"contoso.com/b\".")},
		{"too-many-domains", said("The administrative limit for this request was exceeded.")},
		{"text-too-long", said("The length of the property is too long. The maximum length is 64 and the length of the value provided is 70.")},
		{"wrong-mailbox-server", said("Couldn't find database \"b1\". Make sure you have typed it correctly.")},
		{"wrong-mailbox-server", said("The x-anchor mailbox 'a' does not match the target of the request")},
		{"property-invalid", &psrp.RemoteError{Message: "Cannot process argument transformation on parameter 'ResultSize'.", FullyQualifiedID: "ParameterArgumentTransformationError,Get-Mailbox"}},
		{"transient", said("Active directory response: The LDAP server is unavailable.")},
		{"transient", said("A server side error has occurred because of which the operation could not be completed. Please try again after some time.")},
		{"old-instructions", fault(0x803380DF, "", "The WinRM client cannot process the request.")},
		{"old-instructions", said("Create Powershell Session is failed using OAuth")},
		{"access-lost", said("Starting a command on the remote server failed with the following error message : Access is denied.")},

		// Codes.
		{"throttled", fault(2150859175, "QuotaLimit", "The user load quota of 100 requests per 5 seconds has been exceeded. Send future requests at a slower rate. The next request from this user will not be approved for at least 150000 milliseconds.")},
		{"busy", fault(2150859174, "QuotaLimit", "too many operations")},
		{"access-denied", fault(5, "AccessDenied", "Access is denied.")},
		{"tenant-denied", atTenant(fault(5, "AccessDenied", "Access is denied."))},
		{"tenant-denied", atTenant(answer(403, "text/html", "<h1>Forbidden</h1>"))},
		{"tenant-denied", atTenant(fmt.Errorf("%w; and it may have been left on the server: %w", fault(5, "AccessDenied", "Access is denied."), errOther))},
		{"not-delegated", atTenant(said("The user isn't assigned to any management roles."))},
		{"access-denied", errors.New("Connecting to remote server failed with the following error message : Access is denied.")},
		{"no-resource", fault(2150858811, "DestinationUnreachable", "The resource URI was not found in the WS-Management catalog.")},
		{"elsewhere", fault(2150859206, "", "")},
		{"idle-timeout", fault(2150859250, "", "")},
		{"protocol-version", fault(2152991685, "", "")},
		{"our-mistake", fault(2150858817, "SchemaValidationError", "")},
		{"our-mistake", fault(2150859223, "", "")},
		{"session-ended", errors.New("session lost: session: the server ended the session as Closed")},
		{"session-ended", fault(995, "", "")},
		{"server-text", fault(42, "Other", "Something new <b>in markup</b> from the server.")},
		{"wrong-password", &wsman.Fault{HTTP: 401, Reason: "sign in"}},

		// Statuses.
		{"header-too-long", answer(400, "text/html", "<h2>Bad Request - Request Too Long</h2>")},
		{"host-unknown", answer(400, "text/html", "<h2>Bad Request - Invalid Hostname</h2>")},
		{"not-found", said("The client got a response saying the requested HTTP URL was not available.")},
		{"forbidden", said("The WinRM client received an HTTP status code of 403 from the remote WS-Management service.")},
		{"server-500", said("The WinRM client received an HTTP server error status (500), but the remote service did not include any other information")},
		{"not-found", answer(404, "text/html", "<html>404</html>")},
		{"forbidden", answer(403, "text/html", "<html>403</html>")},
		{"too-large", answer(413, "", "")},
		{"throttled", &wsman.HTTPError{Op: "Create", Status: 429, RetryAfter: 30}},
		{"server-down", answer(503, "text/html", "<html>503</html>")},
		{"gateway", answer(502, "text/html", "<html>502</html>")},
		{"server-500", answer(500, "text/html", "<html>500</html>")},
		{"not-wsman", answer(418, "text/plain", "teapot")},
		{"not-wsman", said("It cannot determine the content type of the HTTP response from the destination computer. The content type is absent or invalid.")},
		{"sign-in", &wsman.AuthError{Auth: wsman.NTLM, Err: errOther}},
		{"network", network(errOther)},

		// The rest.
		{"bad-configuration", fmt.Errorf("%w: no configuration name", wsman.ErrConfig)},
		{"protocol-version", &psrp.VersionError{Ours: "2.3", Theirs: "3.0"}},
		{"protocol-limit", &psrp.LimitError{Limit: "Message", Max: 1, Got: 2}},
		{"too-many-columns", fmt.Errorf("keep row 2: %w", &result.ColumnLimitError{Max: result.MaxColumns})},
		{"undecoded", undecodedError{}},
		{"protocol-key", psrp.ErrNoKey},
		{"protocol-state", &psrp.StateError{Action: "Start", Is: "Closed", Want: "Opened"}},
		{"protocol", &psrp.ProtocolError{What: "bad fragment"}},
		{"protocol", &wsman.ProtocolError{Op: "Receive", What: "no body"}},
		{"server-error", said("Something that only this server says.")},
		{"timeout", fmt.Errorf("open: %w", context.DeadlineExceeded)},
		{"cut-short", fmt.Errorf("read: %w", io.ErrUnexpectedEOF)},
		{"cut-short", fmt.Errorf("write: %w", syscall.EPIPE)},
		{"unknown", errOther},
	}
}

// undecodedError is a run with values that could not be decoded.
type undecodedError struct{}

func (undecodedError) Error() string { return "read rows: 3 values in 2 rows could not be decoded" }

func (undecodedError) Undecoded() (values, rows int) { return 3, 2 }
