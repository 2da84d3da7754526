package diagnose

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"postroom/session/proxy"
	"postroom/session/wsman"
)

// tlsRules are about certificates and the handshake.
func tlsRules() []rule {
	invalid := func(r x509.InvalidReason) condition {
		return as(func(e x509.CertificateInvalidError) bool { return e.Reason == r })
	}
	return []rule{
		{"not-https", Connect, oneOf(is(http.ErrSchemeMismatch), as[tls.RecordHeaderError](nil),
			ownWords("server gave http response to https client", "first record does not look like a tls handshake"))},
		{"certificate-early", Connect, as(func(e x509.CertificateInvalidError) bool {
			return e.Reason == x509.Expired && e.Cert != nil && time.Now().Before(e.Cert.NotBefore)
		})},
		{"certificate-expired", Connect, oneOf(invalid(x509.Expired), ownWords("certificate has expired"))},
		{"certificate-name-old", Connect, oneOf(as(nameInSubjectOnly), ownWords("certificate relies on legacy common name"))},
		{"certificate-name", Connect, oneOf(as[x509.HostnameError](nil), ownWords("certificate is valid for", "certificate * common name"))},
		{"certificate-unknown", Connect, oneOf(as[x509.UnknownAuthorityError](nil), ownWords("unknown authority", "certificate is not trusted"))},
		{"certificate-other", Connect, oneOf(as[x509.CertificateInvalidError](nil), as[*tls.CertificateVerificationError](nil),
			as(func(e *wsman.NetError) bool { return e.Certificate() }),
			said("the server certificate on the destination computer"))},
		{"certificate-unreadable", Connect, ownWords("failed to parse certificate from server", "x509: malformed", "x509: negative serial number")},
		{"tls-version", Connect, oneOf(alert(alertProtocolVersion), ownWords("protocol version not supported", "server selected unsupported protocol version"))},
		{"tls-cipher", Connect, oneOf(alert(alertHandshakeFailure, alertInsufficientSecurity), ownWords("server chose an unconfigured cipher suite", "handshake failure", "insufficient security level"))},
		{"tls-handshake", Connect, oneOf(as[tls.AlertError](nil), ownWords("tls: ", "remote error: tls"))},
	}
}

// Alerts of TLS (RFC 8446 6) that say what the two ends do not agree on.
const (
	alertHandshakeFailure     = 40
	alertProtocolVersion      = 70
	alertInsufficientSecurity = 71
)

func alert(numbers ...tls.AlertError) condition {
	return as(func(e tls.AlertError) bool { return slices.Contains(numbers, e) })
}

// nameInSubjectOnly says that a certificate has no name but its subject's, which
// nobody takes any more (RFC 6125 6.4.4).
func nameInSubjectOnly(e x509.HostnameError) bool {
	c := e.Certificate
	return c != nil && len(c.DNSNames)+len(c.IPAddresses)+len(c.EmailAddresses)+len(c.URIs) == 0 && c.Subject.CommonName != ""
}

// networkRules are about what lies between the program and the server.
func networkRules() []rule {
	notFound := as(func(e *net.DNSError) bool { return e.IsNotFound })
	at := func(status int, user bool) condition {
		return as(func(e *proxy.Error) bool { return e.Status == status && (e.User != "") == user })
	}
	return []rule{
		{"proxy-setting", Connect, as[*proxy.SettingError](nil)},
		{"proxy-password", Connect, at(http.StatusProxyAuthRequired, true)},
		{"proxy-sign-in", Connect, oneOf(at(http.StatusProxyAuthRequired, false), status(http.StatusProxyAuthRequired))},
		{"proxy-refused", Connect, as(func(e *proxy.Error) bool { return e.Status != 0 })},
		{"proxy", Connect, oneOf(as[*proxy.Error](nil), said("proxy is not supported under http transport"))},
		{"no-name", Connect, oneOf(notFound, ownWords("no such host"), said("server name cannot be resolved"))},
		{"dns", Connect, as[*net.DNSError](nil)},
		{"refused-cloud", Connect, allOf(not(classic), sent, is(syscall.ECONNREFUSED))}, // no port of PowerShell's
		{"refused", Connect, oneOf(is(syscall.ECONNREFUSED), ownWords("connection refused", "actively refused it"),
			said("connection to the specified remote host was refused"))},
		{"unreachable", Connect, oneOf(is(syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN),
			ownWords("network is unreachable", "no route to host", "unreachable network", "unreachable host"),
			said("client cannot connect to the destination specified"))},
		{"clear-text", Connect, is(wsman.ErrClearText)},
		{"server-timeout", Connect, said("winrm client cannot complete the operation within the time specified")},
		{"timeout", Connect, allOf(onTheWay, timedOut)},
		{"lost", Connect, allOf(onTheWay, oneOf(is(io.EOF, io.ErrUnexpectedEOF), brokenOff))},
		// a fault that has the code for it says more: session-ended
		{"aborted", Connect, allOf(said("i/o operation has been aborted because of either a thread exit"), not(faultKind(wsman.FaultEnded)))},
		{"captive-portal", Connect, oneOf(status(http.StatusNetworkAuthenticationRequired), allOf(status(200, 203), webPage))},
	}
}

// brokenOff holds for a connection or a pipe that the other end, or what lies between, has
// closed.
func brokenOff(f *facts) bool {
	return oneOf(is(syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED, net.ErrClosed),
		ownWords("connection reset", "forcibly closed", "broken pipe"))(f)
}

// onTheWay holds for a request that had no answer.
func onTheWay(f *facts) bool { return f.net != nil || f.sent }

func timedOut(f *facts) bool {
	var n net.Error
	return f.net != nil && f.net.Timeout || errors.Is(f.err, context.DeadlineExceeded) || errors.Is(f.err, os.ErrDeadlineExceeded) ||
		errors.As(f.err, &n) && n.Timeout()
}

func webPage(f *facts) bool {
	return f.http != nil && (strings.Contains(strings.ToLower(f.http.ContentType), "html") ||
		strings.Contains(strings.ToLower(string(f.http.Body[:min(len(f.http.Body), 512)])), "<html"))
}

// signInRules are about who may come in.
func signInRules() []rule {
	return []rule{
		{"mfa", Connect, oneOf(entra("50076", "50079", "50078", "50074", "50072"), allOf(signIn, said("multi-factor", "multifactor")))},
		{"entra-policy", Connect, entra("53003", "53000", "53001", "53002", "530002")},
		{"entra-password", Connect, entra("50126", "50056", "50064")},
		{"account-locked", Connect, oneOf(entra("50053"), kerberos("KDC_ERR_CLIENT_REVOKED"), notByCmdlet("account is locked", "account has been locked"))},
		{"account-disabled", Connect, oneOf(entra("50057"), notByCmdlet("account is disabled", "account has been disabled"))},
		{"account-unknown", Connect, oneOf(entra("50034", "51004"), kerberos("KDC_ERR_C_PRINCIPAL_UNKNOWN"))},
		{"not-in-tenant", Connect, entra("50020", "50177", "90072")},
		{"no-consent", Connect, entra("65001")},
		{"sign-in-expired", Connect, entra("700082", "70043", "50173", "70008", "70044", "50132", "50133", "50089", "50085", "700084")},
		{"wrong-tenant", Connect, entra("9002313", "900023", "5000224", "90002", "50059", "50128", "900021")},
		{"service-missing", Connect, entra("650051", "650052", "500011", "50001")},
		{"password-expired", Connect, oneOf(kerberos("KDC_ERR_KEY_EXPIRED"), entra("50055", "50144", "50125"), notByCmdlet("password has expired", "password must change"))},
		{"clock", Connect, oneOf(kerberos("KRB_AP_ERR_SKEW"), notByCmdlet("clock skew too great", "krb_ap_err_skew"))},
		{"kerberos-name", Connect, oneOf(kerberos("KDC_ERR_S_PRINCIPAL_UNKNOWN"), notByCmdlet("kdc_err_s_principal_unknown"))},
		{"wrong-password", Connect, kerberos("KDC_ERR_PREAUTH_FAILED", "KRB_AP_ERR_BAD_INTEGRITY")},
		{"kerberos-kdc", Connect, allOf(signIn, said("no kdc", "could not reach * kdc", "kdc for realm", "networking_error", "no kdcs", "error sending to a kdc", "cannot find * kdc"))},
		{"rps-disabled", Connect, oneOf(said("not allowed to access remote powershell", "isn't allowed to access remote powershell"),
			notByCmdlet("remotepowershellenabled"))},
		{"scheme-not-offered", Connect, allOf(status(http.StatusUnauthorized), schemeMissing)},
		{"wrong-password", Connect, status(http.StatusUnauthorized)},
		{"kerberos", Connect, allOf(signIn, func(f *facts) bool { return f.auth.Kerberos != "" || f.auth.Auth == wsman.Kerberos })},
	}
}

// schemeMissing reports whether the server says which ways to sign in it has,
// and ours is not among them.
func schemeMissing(f *facts) bool {
	if f.auth == nil || len(f.auth.Schemes) == 0 {
		return false
	}
	ours := []string{strings.ToLower(string(f.auth.Auth))}
	if ours[0] != "basic" {
		ours = append(ours, "negotiate")
	}
	return !slices.ContainsFunc(f.auth.Schemes, func(s string) bool { return slices.Contains(ours, strings.ToLower(s)) })
}

// quotedRules know what one server says of another, in the words of Windows.
func quotedRules() []rule {
	return []rule{
		{"not-found", Connect, said("requested http url was not available")},
		{"forbidden", Connect, said("http status code of 403")},
		{"server-500", Connect, said("http server error status (500)")},
		{"not-wsman", Connect, said("content type is absent or invalid")},
	}
}

// httpRules are about answers that are no SOAP, by their status.
func httpRules() []rule {
	return []rule{
		{"header-too-long", Connect, allOf(status(http.StatusBadRequest, http.StatusRequestHeaderFieldsTooLarge),
			said("request too long", "request headers is too long", "header or cookie too large"))},
		{"host-unknown", Connect, allOf(status(http.StatusBadRequest), said("invalid hostname", "request hostname is invalid"))},
		{"https-wanted", Connect, allOf(status(http.StatusBadRequest), said("http request to an https server", "plain http request was sent to https port", "speaking plain http to an ssl-enabled server"))},
		{"rps-disabled", Connect, allOf(status(http.StatusBadRequest), not(as[*wsman.ProtocolError](nil)))},
		{"not-found", Connect, status(http.StatusNotFound)},
		{"forbidden", Connect, status(http.StatusForbidden)},
		{"too-large", Connect, status(http.StatusRequestEntityTooLarge)},
		{"throttled", Connect, status(http.StatusTooManyRequests)},
		{"server-down", Connect, status(http.StatusServiceUnavailable)},
		{"gateway", Connect, status(http.StatusBadGateway, http.StatusGatewayTimeout)},
		{"server-500", Connect, status(http.StatusInternalServerError)},
		{"not-wsman", Connect, as[*wsman.HTTPError](nil)},
		{"sign-in", Connect, signIn},
		{"network", Connect, onTheWay},
	}
}
