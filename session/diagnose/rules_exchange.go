package diagnose

import (
	"net/http"
	"regexp"
	"strconv"
	"time"

	"postroom/session/wsman"
)

// tenantNamed holds for an attempt in which a tenant was named: a server that lets
// the account in, though not there, says the same as to an account without rights.
func tenantNamed(f *facts) bool { return as[tenantError](nil)(f) }

func noRole(f *facts) bool {
	return oneOf(category("AuthZ-CmdletAccessDeniedException"), said("isn't assigned to any management roles",
		"is not assigned to any management roles"))(f)
}

func accessDenied(f *facts) bool {
	return oneOf(faultKind(wsman.FaultAccessDenied), allOf(not(remote), said("access is denied")))(f)
}

// exchangeRules know what Exchange, Entra and PowerShell say in words. The
// texts are those of the servers, in lower case; Exchange answers in English
// because we ask for it.
func exchangeRules() []rule {
	return []rule{
		// Limits.
		{"limit-tenant", Limit, said("maxtenantconcurrency", "maxtenantrunspaces", "maximum number of concurrent requests per tenant",
			"maximum number of concurrent connections for * tenant",
			"tenant is allowed a maximum number of * concurrent shells")},
		{"limit-refused", Limit, oneOf(faultKind(wsman.FaultShellQuota), said("exceeded the maximum number of connections allowed",
			"allowed a maximum number of * concurrent shells", "policy party : maxconcurrency"))},
		{"limit-budget", Limit, said("exceeded your budget to create runspace", "maxrunspacestimeperiod")},
		{"limit-server", Limit, said("errormaxconnectionlimit", "maximum number of concurrent users")},
		{"limit-cmdlets", Cmdlet, said("powershellmaxcmdlets", "operation tarpitting", "maxdestructivecmdlets")},
		{"micro-delay", Cmdlet, said("micro delay applied")},

		// Sessions and back ends.
		{"shell-gone", Connect, oneOf(faultKind(wsman.FaultShellGone), category("WSMan-InvalidShellID"),
			said("shell was not found on the server", "error_wsman_invalid_selectors"))},
		{"backend-certificate", Connect, oneOf(category("Cafe-SendFailure"), code(0x803380BC),
			said("shell handle passed to the wsman shell function is not valid", "-2144108212"))},
		{"exchange-broken", Connect, oneOf(category("AuthZ-TypeInitializationException"),
			said("type initializer for 'nested' threw", "type initializer for * threw an exception"))},
		{"exchange-setup", Connect, said("setupversioninformationcorruptexception", "cannot find path '' because it does not exist", "cannot serialize context")},
		{"access-denied-backend", Connect, allOf(said("access is denied"), oneOf(code(0x803381C3, 0x8033805B), said("2144108477")))},

		// Rights.
		{"not-delegated", Connect, allOf(tenantNamed, noRole)},
		{"no-role", Connect, noRole},
		{"app-role", Connect, said("role assigned to application * isn't supported in this scenario")},
		{"not-delegated", Connect, oneOf(category("AuthZ-DelegatedAccessDeniedException", "AuthZ-DelegatedSecurityAccessDeniedException"),
			said("delegated admin* access denied", "not a delegated administrator", "isn't a delegated admin", "tenant organization * isn't valid",
				"no delegated access", "organization * not found for delegated", "couldn't resolve the delegated organization"))},
		{"no-such-tenant", Connect, said("can't resolve the tenant name", "cannot resolve the tenant name")},
		{"cmdlet-not-allowed", Cmdlet, oneOf(said("is not allowed to call", "is not within a valid server write scope", "isn't within your current write scopes"),
			allOf(remote, said("cmdletaccessdenied")))},
		{"parameter-not-allowed", Cmdlet, said("is not present in the role definition of the current user", "a parameter cannot be found that matches parameter name",
			"namedparameternotfound")},
		{"cmdlet-unknown", Cmdlet, said("is not recognized as the name of a cmdlet", "is not recognized as a name of a cmdlet", "commandnotfoundexception")},
		{"elevation", Cmdlet, said("raise an elevated access request")},
		{"ad-rights", Cmdlet, said("insufficient access rights to perform the operation", "insuff_access_rights", "insuf_access_rights")},
		{"dehydrated", Cmdlet, said("enable-organizationcustomization")},
		{"licence", Cmdlet, said("not licensed for this feature", "does not have a valid license", "isn't licensed", "doesn't have premium license", "subscription within the tenant has lapsed")},
		{"no-language", Cmdlet, said("syntax is not supported by this runspace", "script invocation is not supported in this session configuration",
			"property references are not allowed in restricted language mode", "no-language mode")},

		// Objects.
		{"object-missing", Cmdlet, said("couldn't be found on '", "couldn't be found because object", "managementobjectnotfoundexception")},
		{"object-ambiguous", Cmdlet, said("matches multiple entries", "managementobjectambiguousexception")},
		{"address-taken", Cmdlet, said("proxy address * is already being used", "proxyaddressexistsexception")},
		{"too-many-domains", Cmdlet, said("administrative limit for this request was exceeded")},
		{"text-too-long", Cmdlet, said("length of the property is too long", "maximum length is")},
		{"wrong-mailbox-server", Cmdlet, said("couldn't find database", "exchangeprincipal object contains outdated information",
			"x-anchor mailbox", "errorincorrectroutinghint")},
		{"property-invalid", Cmdlet, allOf(remote, said("parameterbindingvalidationexception", "parameterargumenttransformationerror",
			"parameterargumentvalidationerror", "cannot process argument transformation", "cannot validate argument"))},

		// The server is not well.
		{"transient", Cmdlet, said("ldap server is unavailable", "adtransientexception", "dcoverloadedexception", "suitabilitydirectoryexception",
			"serverinmmexception", "adserversettingschangedexception", "storagetransientexception",
			"cmdletproxynotavailable", "serverbusyexception", "backendcommunicationexception",
			"a server side error has occurred because of which the operation could not be completed")},
		{"old-instructions", Connect, oneOf(code(0x803380DF, 0x803380DE, 0x803380E4, 0x803380E2, 0x803380E1),
			said("create powershell session is failed using oauth", "authentication is currently disabled in the client configuration",
				"unencrypted traffic is currently disabled",
				"https transport must be used or the destination machine must be added"))},
		{"access-lost", Connect, allOf(said("access is denied"), said("starting a command on the remote server failed"))},
	}
}

// faultRules know the codes of MS-WSMV and Windows.
func faultRules() []rule {
	return []rule{
		{"throttled", Connect, faultKind(wsman.FaultThrottled)},
		{"busy", Connect, faultKind(wsman.FaultBusy)},
		{"tenant-denied", Connect, allOf(tenantNamed, oneOf(accessDenied, status(http.StatusForbidden)))},
		{"access-denied", Connect, accessDenied},
		{"no-resource", Connect, oneOf(faultKind(wsman.FaultNoResource), said("was not found in the ws-management catalog"))},
		{"elsewhere", Connect, faultKind(wsman.FaultElsewhere)},
		{"idle-timeout", Connect, faultKind(wsman.FaultIdleTimeout)},
		{"protocol-version", Connect, faultKind(wsman.FaultVersion)},
		{"our-mistake", Connect, oneOf(faultKind(wsman.FaultOurs, wsman.FaultIDConflict),
			said("resource uri is missing or it has an incorrect format"))},
		{"session-ended", Connect, oneOf(faultKind(wsman.FaultEnded, wsman.FaultTimedOut),
			ownWords("session: the server ended the session"))},
		{"server-text", Connect, func(f *facts) bool { return f.fault != nil && f.fault.HTTP != http.StatusUnauthorized }},
		{"wrong-password", Connect, func(f *facts) bool { return f.fault != nil }},
	}
}

var waitForSeconds = regexp.MustCompile(`(?:wait|retry after|try again in|approved for at least)[^0-9.]{0,20}(\d{1,6})\s*(milli)?second`)

// waitIn finds how long a server wants to be left alone, in lower-case text.
func waitIn(text string) (time.Duration, bool) {
	m := waitForSeconds.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, false
	}
	if m[2] != "" {
		return time.Duration(n) * time.Millisecond, true
	}
	return time.Duration(n) * time.Second, true
}
