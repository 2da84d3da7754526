package diagnose_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"postroom/session/diagnose"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

// reported is an error of a cmdlet that ran, as a German server may send it:
// only its ids are stable.
func reported(exception, id, message string) error {
	return &psrp.RemoteError{Message: message, ExceptionType: exception, FullyQualifiedID: id}
}

// TestTheKnownTextsAreExplained goes through the catalogue of error texts that
// Microsoft's pages and users' reports gave, by its numbers, in the form in
// which each arrives here. None may end in a row that only repeats the server.
func TestTheKnownTextsAreExplained(t *testing.T) {
	const server = "[Server=CAS1,RequestId=0f3a8a3c-1111-2222-3333-444455556666,TimeStamp=3/1/2026 10:00:00 AM] "
	for _, c := range []struct {
		number int
		id     string
		err    error
	}{
		{1, "access-denied", fault(5, "AccessDenied", "Connecting to remote server failed with the following error message : Access is denied.")},
		{2, "access-denied-backend", fault(0x803381C3, "", server+"Access is denied. (-2144108477)")},
		{2, "access-denied-backend", answer(500, "text/plain", server+"Access is denied. (\u20112144108477)")},
		{3, "rps-disabled", answer(400, "text/html", "Bad Request")},
		{4, "no-name", fault(0, "", "The WinRM client cannot process the request because the server name cannot be resolved.")},
		{5, "old-instructions", fault(0x803380DF, "", "Basic authentication is currently disabled in the client configuration.")},
		{6, "old-instructions", fault(0x803380DE, "", "Unencrypted traffic is currently disabled in the client configuration.")},
		{7, "old-instructions", said("Create Powershell Session is failed using OAuth")},
		{8, "old-instructions", fault(0, "", "If the authentication scheme is different from Kerberos, or if the client computer is not joined to a domain, then HTTPS transport must be used or the destination machine must be added to the TrustedHosts configuration setting.")},
		{9, "old-instructions", fault(0, "", "Kerberos authentication is currently disabled in the client configuration.")},
		{9, "old-instructions", fault(0x803380E1, "", "Negotiate authentication is currently disabled in the client configuration.")},
		{10, "not-wsman", fault(0x803380F7, "", "It cannot determine the content type of the HTTP response from the destination computer. The content type is absent or invalid.")},
		{11, "not-found", fault(0, "", "The client got a response saying the requested HTTP URL was not available. This is usually returned by a HTTP server that does not support the WS-Management protocol.")},
		{12, "server-500", fault(0, "", "The WinRM client received an HTTP server error status (500), but the remote service did not include any other information about the cause of the failure.")},
		{13, "refused", fault(0, "", "The connection to the specified remote host was refused. Verify that the WS-Management service is running on the remote host.")},
		{14, "forbidden", fault(0, "", "The WinRM client received an HTTP status code of 403 from the remote WS-Management service.")},
		{15, "unreachable", fault(0, "", "The client cannot connect to the destination specified in the request. Verify that the service on the destination is running and is accepting requests.")},
		{16, "no-resource", fault(2150858811, "DestinationUnreachable", "The WS-Management service cannot process the request. The resource URI (http://schemas.microsoft.com/powershell/Microsoft.Exchange) was not found in the WS-Management catalog.")},
		{17, "our-mistake", fault(0, "", "The WS-Management service cannot process the request. The resource URI is missing or it has an incorrect format.")},
		{18, "shell-gone", fault(0, "", server+"[FailureCategory=WSMan-InvalidShellID] The request for the Windows Remote Shell with ShellId 1 failed because the shell was not found on the server.")},
		{19, "shell-gone", fault(0, "", "ERROR_WSMAN_INVALID_SELECTORS")},
		{20, "backend-certificate", fault(0x803380BC, "", "The shell handle passed to the WSMan Shell function is not valid.")},
		{21, "backend-certificate", answer(500, "text/plain", server+"[FailureCategory=Cafe-SendFailure]")},
		{22, "exchange-broken", answer(500, "text/plain", server+"[FailureCategory=AuthZ-TypeInitializationException] The type initializer for 'Nested' threw an exception.")},
		{23, "exchange-broken", said("The type initializer for 'Microsoft.Exchange.Management.InitialSessionStateBuilder' threw an exception.")},
		{24, "no-role", answer(500, "text/plain", server+"[AuthZRequestId=1][FailureCategory=AuthZ-CmdletAccessDeniedException] The user \"contoso.com/Users/admin\" isn't assigned to any management roles.")},
		{25, "app-role", answer(403, "text/plain", "The role assigned to application 00000000-0000-0000-0000-000000000000 isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.")},
		{26, "cmdlet-not-allowed", answer(403, "application/json", `{"error":{"code":"Forbidden","message":"User is not allowed to call Get-Mailbox"}}`)},
		{27, "cmdlet-unknown", said("The term 'Get-X' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name")},
		{27, "cmdlet-unknown", reported("System.Management.Automation.CommandNotFoundException", "CommandNotFoundException", "Die Benennung \"Get-X\" wurde nicht als Name eines Cmdlet erkannt.")},
		{28, "limit-refused", fault(0, "", server+"[FailureCategory=AuthZ-AuthorizationException] Fail to create a runspace because you have exceeded the maximum number of connections allowed : 3 for the policy party : MaxConcurrency. Please close existing runspace and try again.")},
		{29, "limit-budget", fault(0, "", server+"[FailureCategory=AuthZ-AuthorizationException] Fail to create runspace because you have exceeded your budget to create runspace. Please wait for 83 seconds. Policy: CN=GlobalThrottlingPolicy_1")},
		{30, "limit-tenant", fault(0, "", server+"Fail to create a runspace because the tenant is over budget for the policy party : MaxTenantConcurrency.")},
		{31, "limit-server", fault(0, "", server+"ErrorMaxConnectionLimit PowerShell")},
		{32, "limit-cmdlets", said("Operation tarpitting: PowerShellMaxCmdlets")},
		{33, "micro-delay", said("Micro delay applied. Actual delayed: 21956 msecs, Enforced: True, Capped delay: 21956 msecs, Required: False, Additional info: .; PolicyDN: ; Snapshot: Owner: Sid~")},
		{34, "limit-tenant", answer(http.StatusTooManyRequests, "text/plain", "You have reached the maximum number of concurrent requests per tenant. Please wait and try again")},
		{35, "throttled", &wsman.HTTPError{Op: "Create", Status: http.StatusTooManyRequests, RetryAfter: 30}},
		{36, "transient", answer(500, "application/json", "A server side error has occurred because of which the operation could not be completed. Please try again after some time.")},
		{37, "transient", said("Active directory response: The LDAP server is unavailable.")},
		{37, "transient", reported("Microsoft.Exchange.Data.Directory.ADTransientException", "x,Get-Mailbox", "Antwort: Der LDAP-Server ist nicht verfügbar.")},
		{38, "transient", reported("Microsoft.Exchange.DCOverloadedException", "[Server=S,RequestId=1,TimeStamp=2] [FailureCategory=Cmdlet-DCOverloadedException] 1,Get-X", "overloaded")},
		{38, "transient", said("SuitabilityDirectoryException: none")},
		{38, "transient", said("ServerInMMException: maintenance")},
		{38, "transient", said("ADServerSettingsChangedException: changed")},
		{38, "transient", said("StorageTransientException: later")},
		{39, "access-lost", said("Starting a command on the remote server failed with the following error message : Access is denied.")},
		{40, "aborted", fault(0, "", "The I/O operation has been aborted because of either a thread exit or an application request.")},
		{41, "server-timeout", fault(0, "", "The WinRM client cannot complete the operation within the time specified. Check if the machine name is valid and is reachable over the network.")},
		{42, "access-denied", fault(5, "AccessDenied", "Processing data for a remote command failed with the following error message: Access is denied.")},
		{43, "proxy", fault(0, "", "Proxy is not supported under HTTP transport. Change the transport to HTTPS and specify valid proxy information and try again.")},
		{44, "certificate-other", fault(0, "", "The server certificate on the destination computer (mail.example:443) has the following errors: Encountered an internal error in the SSL library.")},
		{45, "no-language", said("The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.")},
		{46, "no-language", said("Script invocation is not supported in this session configuration. This can occur if the session configuration is in no-language mode.")},
		{47, "no-language", said("Property references are not allowed in restricted language mode or a Data section.")},
		{48, "redirect-host", refusedSample()},
		{49, "wrong-mailbox-server", said("Couldn't find database \"b1\". Make sure you have typed it correctly.")},
		{49, "wrong-mailbox-server", said("Can't connect to the mailbox of user x because the ExchangePrincipal object contains outdated information.")},
		{50, "wrong-mailbox-server", answer(400, "application/json", `{"error":{"code":"ErrorIncorrectRoutingHint","message":"The x-anchor mailbox 'a' does not match the target of the request."}}`)},
		{51, "object-missing", said("The operation couldn't be performed because object 'nobody' couldn't be found on 'DC1.contoso.com'.")},
		{51, "object-missing", reported("Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException", "[Server=S,RequestId=1,TimeStamp=2] [FailureCategory=Cmdlet-ManagementObjectNotFoundException] 1A2B3C4D,Get-Mailbox", "Der Vorgang konnte nicht ausgeführt werden.")},
		{52, "object-ambiguous", said("The operation couldn't be performed because 'smith' matches multiple entries.")},
		{52, "object-ambiguous", reported("Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException", "", "'smith' stimmt mit mehreren Einträgen überein.")},
		{53, "address-taken", said("The proxy address \"SMTP:a@contoso.com\" is already being used by \"contoso.com/b\". Please choose another proxy address.")},
		{53, "address-taken", reported("Microsoft.Exchange.Data.Directory.ProxyAddressExistsException", "", "Die Adresse wird bereits verwendet.")},
		{54, "dehydrated", said("The command you tried to run isn't currently allowed in your organization. To run this command, you first need to run the command: Enable-OrganizationCustomization.")},
		{55, "elevation", said("Insufficient permissions. Please raise an elevated access request for this task.")},
		{56, "ad-rights", said("Active Directory operation failed on DC1. Additional information: Insufficient access rights to perform the operation. Active Directory response: 00002098: SecErr: DSID-03150F94, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0")},
		{56, "ad-rights", said("Active Directory response: 00002098: SecErr: INSUF_ACCESS_RIGHTS")},
		{57, "too-many-domains", said("The administrative limit for this request was exceeded.")},
		{58, "text-too-long", said("The length of the property is too long. The maximum length is 64 and the length of the value provided is 70.")},
		{59, "not-in-tenant", entra("50020")},
		{59, "not-in-tenant", entra("50177")},
		{60, "mfa", entra("50076")},
		{60, "mfa", entra("50079")},
		{60, "mfa", entra("50078")},
		{61, "entra-policy", entra("53003")},
		{62, "no-consent", entra("65001")},
		{63, "sign-in-expired", entra("700082")},
		{63, "sign-in-expired", entra("70043")},
		{64, "wrong-tenant", entra("9002313")},
		{64, "wrong-tenant", entra("900023")},
		{64, "wrong-tenant", entra("5000224")},
		{65, "service-missing", entra("650051")},
		{65, "service-missing", entra("650052")},
		{66, "account-locked", entra("50053")},
		{66, "entra-password", entra("50126")},
		{66, "account-disabled", entra("50057")},
		{66, "account-unknown", entra("50034")},
		{67, "parameter-not-allowed", said("The parameter 'Database' is not present in the role definition of the current user.")},
		{67, "parameter-not-allowed", reported("System.Management.Automation.ParameterBindingException", "NamedParameterNotFound,Get-Mailbox", "Es wurde kein Parameter gefunden, der dem Parameternamen \"Database\" entspricht.")},
		// Those without a number.
		{68, "licence", said("Neither tenant is B2C or tenant doesn't have premium license")},
		{68, "licence", said("Your tenant is not licensed for this feature.")},
		{68, "licence", said("The subscription within the tenant has lapsed")},
		{68, "exchange-setup", fault(0, "", "Connecting to remote server failed: Cannot serialize context. (-2144108477)")},
		{68, "exchange-setup", said("SetupVersionInformationCorruptException: Unable to determine the installed file version")},
		{68, "exchange-setup", said("Cannot find path '' because it does not exist.")},
		// The codes of WS-Management.
		{-1, "session-ended", fault(2150858793, "TimedOut", "")},
		{-1, "shell-gone", fault(2150858843, "InvalidSelectors", "")},
		{-1, "session-ended", fault(995, "", "")},
		{-1, "session-ended", fault(1223, "", "")},
		{-1, "session-ended", fault(2150859204, "", "")},
		{-1, "session-ended", fault(2150859230, "", "")},
		{-1, "limit-refused", fault(2150859173, "QuotaLimit", "")},
		{-1, "limit-refused", fault(2150859236, "QuotaLimit", "")},
		{-1, "limit-tenant", fault(2150859173, "QuotaLimit", "This tenant is allowed a maximum number of 9 concurrent shells, which has been exceeded.")},
		{-1, "busy", fault(2150859174, "QuotaLimit", "")},
		{-1, "busy", fault(2150859240, "QuotaLimit", "")},
		{-1, "busy", fault(2150859241, "QuotaLimit", "")},
		{-1, "busy", fault(2150859179, "QuotaLimit", "")},
		{-1, "busy", fault(2150859237, "QuotaLimit", "")},
		{-1, "busy", fault(2150859238, "QuotaLimit", "")},
		{-1, "busy", fault(2150859239, "QuotaLimit", "")},
		{-1, "throttled", fault(2150859175, "QuotaLimit", "")},
		{-1, "throttled", fault(2150859176, "QuotaLimit", "")},
		{-1, "access-denied", fault(5, "AccessDenied", "")},
		{-1, "no-resource", fault(2150858811, "DestinationUnreachable", "")},
		{-1, "our-mistake", fault(2150859223, "", "")},
		{-1, "our-mistake", fault(2150859222, "", "")},
		{-1, "our-mistake", fault(2150859221, "", "")},
		{-1, "our-mistake", fault(2150859220, "", "")},
		{-1, "idle-timeout", fault(2150859250, "", "")},
		{-1, "elsewhere", fault(2150859206, "", "")},
		{-1, "elsewhere", fault(2150859213, "", "")},
		{-1, "protocol-version", fault(2152991685, "", "")},
		{-1, "protocol-version", fault(2152992672, "", "")},
		{-1, "our-mistake", fault(2150858767, "InvalidMessageInformationHeader", "")},
		{-1, "our-mistake", fault(2150858817, "SchemaValidationError", "")},
	} {
		if p := diagnose.Explain(c.err); p.ID != c.id {
			t.Errorf("%d: %v\n is explained as %s, not as %s", c.number, c.err, p.ID, c.id)
		}
	}
}

// TestACmdletsErrorIsNoConnection holds the words of the transport against the
// errors of cmdlets, which are about connectors, certificates and accounts all
// the time: the command ran, and the server reported an error.
func TestACmdletsErrorIsNoConnection(t *testing.T) {
	for _, text := range []string{
		"The value for RequireTls: False is not valid for the connector.",
		"The user's account is disabled.",
		"The account has been locked by policy.",
		"The password has expired for user x.",
		"The certificate has expired: CN=mail.contoso.com.",
		"The certificate is valid for mail.contoso.com only.",
		"Connection refused by the smart host.",
		"Unable to relay: no such host smart.contoso.com",
		"The remote certificate was issued by an unknown authority.",
		"Network is unreachable from the transport server.",
		"The connection reset count of the connector is invalid.",
		"Proxy authentication required on the connector.",
		"Clock skew too great on DC1.",
		"session: closed",
		"ledger: x",
		"Close sessions: 2 not confirmed by the server",
		"session: closed after its idle time",
		"Set-User: RemotePowerShellEnabled is read-only",
		"Nobody is there to answer the call queue.",
		"Could not reach the KDC of the domain.",
		"AADSTS50034: the user does not exist.",
	} {
		p := diagnose.Explain(said(text))
		if p.Kind != diagnose.Cmdlet {
			t.Errorf("%q of a cmdlet is explained as %s: %s", text, p.ID, p.Title)
		}
	}
}

func signInPage(status int, text string) error {
	e := signIn(status, wsman.Basic, "Basic", "Negotiate")
	e.Body = []byte("<html><body>" + text + "</body></html>")
	return e
}

// TestWhatMatchesTwoRows says which of two explanations an error gets.
func TestWhatMatchesTwoRows(t *testing.T) {
	page := func(status int, text string) error {
		return answer(status, "text/html; charset=utf-8", "<html><head><title>x</title></head><body>"+text+"</body></html>")
	}
	for _, c := range []struct {
		id   string
		err  error
		note string
	}{
		{"gateway", page(502, "Squid: The system returned: (111) Connection refused"), "a gateway's page quotes its own failure"},
		{"server-down", page(503, "upstream connect error: no such host; tls: handshake failure"), "as does a load balancer's"},
		{"proxy-sign-in", page(407, "Access is denied. Proxy Authentication Required"), "a proxy denies, not the server"},
		{"header-too-long", page(400, "<h2>Bad Request - Request Too Long</h2><p>HTTP Error 400. The size of the request headers is too long.</p>"), "not switched off: too many groups"},
		{"host-unknown", page(400, "<h2>Bad Request - Invalid Hostname</h2><p>HTTP Error 400. The request hostname is invalid.</p>"), "not switched off: another site"},
		{"wrong-password", signInPage(401, "<h2>401 - Unauthorized: Access is denied due to invalid credentials.</h2>"), "IIS says access denied for a wrong password"},
		{"session-limit", &limited{fault(0x803381A5, "QuotaLimit", "This user is allowed a maximum number of 3 concurrent shells")}, "what we know of our own sessions says more"},
		{"limit-refused", answer(500, "text/plain", "[FailureCategory=AuthZ-AuthorizationException] Fail to create a runspace because you have exceeded the maximum number of connections allowed : 3. Access is denied."), "the limit, not the denial"},
		{"cancelled", network(errors.Join(errors.New("connection reset by peer"), context.Canceled)), "who cancels resets the connection too"},
	} {
		if p := diagnose.Explain(c.err); p.ID != c.id {
			t.Errorf("%s:\n %v\n is explained as %s, not as %s", c.note, c.err, p.ID, c.id)
		}
	}
}
