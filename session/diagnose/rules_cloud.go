package diagnose

import (
	"net/http"
	"slices"
)

// modern holds for numbers of Entra at a modern sign-in: the classic door, whose
// server asks Entra with the account's password, has sentences of its own.
func modern(numbers ...string) condition { return allOf(not(classic), entra(numbers...)) }

func classic(f *facts) bool { return f.auth != nil || f.http != nil || f.fault != nil || f.net != nil }

// sent holds where a request of the sign-in or of the cloud's REST went to a host.
func sent(f *facts) bool { return f.sent && f.host != "" }

// answered holds for these statuses of Exchange Online's REST.
func answered(statuses ...int) condition {
	return func(f *facts) bool { return f.answered && slices.Contains(statuses, f.status) }
}

// cloudRules are about sign-ins at Entra by browser, code and certificate. The
// numbers are those of Microsoft's list of AADSTS codes. What the tenant's own
// texts say stands in the details; the number decides, and where several are said
// the one that tells most stands first here.
func cloudRules() []rule {
	return []rule{
		{"token-elsewhere", Connect, as[wrongTenant](nil)},
		{"cloud-account", Connect, as[wrongAccount](nil)},
		{"cloud-elsewhere", Connect, as[otherCloud](nil)},
		{"cloud-unknown-tenant", Connect, as[unknownTenant](nil)},
		{"cloud-browser-time", Connect, ownWords("sign in: nobody signed in in the browser in time")},
		{"cloud-browser", Connect, oneOf(ownWords("sign in: the browser's answer did not come"), ownWords("open the browser: "))},
		{"cloud-code-blocked", Connect, oneOf(modern("530036"), allOf(modern("53003"), ownWords("device code")))},
		{"cloud-partner-stopped", Connect, modern("530034")},
		{"cloud-defaults", Connect, modern("530035")},
		{"cloud-mfa", Connect, modern("50074", "50076", "50158")},
		{"cloud-mfa-setup", Connect, modern("50072", "50079", "53010")},
		{"cloud-mfa-again", Connect, modern("50078")},
		{"cloud-device", Connect, modern("53000", "530002")},
		{"cloud-device-join", Connect, modern("53001", "50097", "50129", "530003")},
		{"cloud-app-approved", Connect, modern("53002", "53009", "530021", "50127")},
		{"cloud-risk", Connect, modern("53004", "53011")},
		{"cloud-blocked", Connect, modern("53003", "50131", "530032")},
		{"cloud-network-restricted", Connect, modern("500021", "500022")},
		{"cloud-app-unknown", Connect, modern("700016")},
		{"cloud-app-disabled", Connect, modern("7000112")},
		{"cloud-app-unassigned", Connect, modern("50105")},
		{"cloud-admin-consent", Connect, modern("90094", "90095")},
		{"cloud-consent-declined", Connect, modern("65004")},
		{"cloud-partner-consent", Connect, modern("90099")},
		{"cloud-app-tenant", Connect, modern("50194")},
		{"cloud-app-redirect", Connect, modern("50011", "500113")},
		{"cloud-app-public", Connect, modern("7000218")},
		{"cloud-app-permission", Connect, modern("650056", "650057")},
		{"cloud-certificate", Connect, modern("700027")},
		{"cloud-certificate-old", Connect, modern("7000222")},
		{"cloud-clock", Connect, modern("700024", "500133")},
		{"cloud-guest", Connect, modern("500571")},
		{"cloud-deleted", Connect, modern("500341")},
		{"cloud-personal", Connect, modern("70012", "500200", "500207", "500208")},
		{"cloud-agent", Connect, modern("80001", "80002", "80005", "80007", "80014")},
		{"cloud-hours", Connect, modern("80012")},
		{"cloud-federation", Connect, modern("50107", "50008")},
		{"cloud-code-over", Connect, modern("70018", "70019", "70020")},
		{"cloud-elsewhere", Connect, modern("90038", "900382", "900432", "900439")},
		{"cloud-entra-down", Connect, modern("90033", "90024")},
		{"cloud-often", Connect, modern("50196")},
		{"cloud-service-off", Connect, modern("500014")},
	}
}

// signInNeeded explains a sign-in that is missing without a reason that another
// row knows; it stands behind them.
func signInNeeded() []rule {
	return []rule{
		{"cloud-refused", Connect, allOf(not(classic), not(remote), said("aadsts"))},
		{"cloud-sign-in", Connect, as[signInNeededError](nil)},
	}
}

// moduleFile is what an account asks for to learn what it may run: who may not has
// no role at all.
const moduleFile = "EXOModuleFile"

// restRules are about Exchange Online's REST: what it says in words, then its
// statuses.
func restRules() []rule {
	return []rule{
		{"rest-no-role", Connect, as(func(e notPermitted) bool { return e.NotPermitted() == "" || e.NotPermitted() == moduleFile })},
		{"rest-not-permitted", Cmdlet, as[notPermitted](nil)},
		{"rest-credential", Usage, as(func(e cannotSend) bool { _, _, credential := e.CannotSend(); return credential })},
		{"rest-unsendable", Usage, as[cannotSend](nil)},
		{"rest-answer-long", Connect, as[answerTooLong](nil)},
		{"rest-page", Connect, as(func(e unreadable) bool { return e.Unreadable() })},
		{"rest-unreadable", Connect, as[unreadable](nil)},
		{"throttled", Connect, as[throttled](nil)},
		{"graph-refused", Connect, as[graphRefused](nil)},
		{"graph-broken", Connect, as[graphBroken](nil)},
		{"rest-cursor", Connect, said("expired or invalid pagination request")},
		{"rest-parameter", Cmdlet, allOf(remote, said("ambiguousparametersetexception", "parameter set cannot be resolved"))},
		{"rest-value", Cmdlet, allOf(remote, said("parametertransformationexception", "unable to match the identifier name"))},
		{"object-exists", Cmdlet, allOf(remote, said("adobjectalreadyexistsexception", "objectalreadyexists"))},
	}
}

// restStatusRules explain an answer of Exchange Online of which the status alone
// is known.
func restStatusRules() []rule {
	return []rule{
		{"rest-passed-on", Cmdlet, allOf(remote, said("cmdletproxyexception"))},
		{"rest-token-refused", Connect, allOf(not(remote), answered(http.StatusUnauthorized))},
		{"rest-forbidden", Connect, allOf(not(remote), answered(http.StatusForbidden))},
		{"rest-version", Connect, answered(http.StatusMethodNotAllowed)},
		{"rest-not-found", Connect, allOf(not(remote), answered(http.StatusNotFound))},
		{"throttled", Connect, answered(http.StatusTooManyRequests)},
		{"rest-down", Connect, allOf(not(remote), answered(http.StatusServiceUnavailable, http.StatusBadGateway))},
		{"rest-too-long", Connect, allOf(not(remote), answered(http.StatusGatewayTimeout, http.StatusRequestTimeout))},
		{"rest-broken", Connect, allOf(not(remote), func(f *facts) bool { return f.answered })},
	}
}
