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

	"postroom/session/wsman"
)

// tlsRules are about certificates and the handshake.
func tlsRules() []rule {
	invalid := func(r x509.InvalidReason) condition {
		return as(func(e x509.CertificateInvalidError) bool { return e.Reason == r })
	}
	return []rule{
		{"not-https", Connect, oneOf(is(http.ErrSchemeMismatch), as[tls.RecordHeaderError](nil),
			said("server gave http response to https client", "first record does not look like a tls handshake"))},
		{"certificate-early", Connect, as(func(e x509.CertificateInvalidError) bool {
			return e.Reason == x509.Expired && e.Cert != nil && time.Now().Before(e.Cert.NotBefore)
		})},
		{"certificate-expired", Connect, oneOf(invalid(x509.Expired), said("certificate has expired"))},
		{"certificate-name", Connect, oneOf(as[x509.HostnameError](nil), said("certificate is valid for", "certificate * common name"))},
		{"certificate-unknown", Connect, oneOf(as[x509.UnknownAuthorityError](nil), said("unknown authority", "certificate is not trusted"))},
		{"certificate-other", Connect, oneOf(as[x509.CertificateInvalidError](nil), as[*tls.CertificateVerificationError](nil),
			as(func(e *wsman.NetError) bool { return e.Certificate() }),
			said("the server certificate on the destination computer"))},
		{"tls-handshake", Connect, oneOf(as[tls.AlertError](nil), said("tls: ", "remote error: tls", "handshake failure"))},
	}
}

// networkRules are about what lies between the program and the server.
func networkRules() []rule {
	notFound := as(func(e *net.DNSError) bool { return e.IsNotFound })
	proxy := as(func(e *net.OpError) bool { return e.Op == "proxyconnect" })
	return []rule{
		{"proxy-sign-in", Connect, oneOf(status(http.StatusProxyAuthRequired), said("proxy authentication required"))},
		{"proxy", Connect, oneOf(proxy, said("proxyconnect", "proxy is not supported under http transport"))},
		{"no-name", Connect, oneOf(notFound, said("no such host", "server name cannot be resolved"))},
		{"dns", Connect, as[*net.DNSError](nil)},
		{"refused", Connect, oneOf(is(syscall.ECONNREFUSED), said("connection refused", "actively refused it",
			"connection to the specified remote host was refused"))},
		{"unreachable", Connect, oneOf(is(syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN),
			said("network is unreachable", "no route to host", "unreachable network", "unreachable host",
				"client cannot connect to the destination specified"))},
		{"clear-text", Connect, is(wsman.ErrClearText)},
		{"server-timeout", Connect, said("winrm client cannot complete the operation within the time specified")},
		{"timeout", Connect, func(f *facts) bool { return f.net != nil && timedOut(f) }},
		{"lost", Connect, allOf(func(f *facts) bool { return f.net != nil }, oneOf(is(io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET,
			syscall.EPIPE, syscall.ECONNABORTED, net.ErrClosed), said("connection reset", "forcibly closed", "broken pipe")))},
		// a fault that has the code for it says more: session-ended
		{"aborted", Connect, allOf(said("i/o operation has been aborted because of either a thread exit"), not(faultKind(wsman.FaultEnded)))},
		{"captive-portal", Connect, oneOf(status(http.StatusNetworkAuthenticationRequired), allOf(status(200, 203), webPage))},
	}
}

func timedOut(f *facts) bool {
	var n net.Error
	return f.net.Timeout || errors.Is(f.err, context.DeadlineExceeded) || errors.Is(f.err, os.ErrDeadlineExceeded) ||
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
		{"entra-password", Connect, entra("50126")},
		{"account-locked", Connect, oneOf(entra("50053"), kerberos("KDC_ERR_CLIENT_REVOKED"), said("account is locked", "account has been locked"))},
		{"account-disabled", Connect, oneOf(entra("50057"), said("account is disabled", "account has been disabled"))},
		{"account-unknown", Connect, oneOf(entra("50034"), kerberos("KDC_ERR_C_PRINCIPAL_UNKNOWN"))},
		{"not-in-tenant", Connect, entra("50020", "50177")},
		{"no-consent", Connect, entra("65001")},
		{"sign-in-expired", Connect, entra("700082", "70043", "50173", "70008")},
		{"wrong-tenant", Connect, entra("9002313", "900023", "5000224", "90002")},
		{"service-missing", Connect, entra("650051", "650052")},
		{"password-expired", Connect, oneOf(kerberos("KDC_ERR_KEY_EXPIRED"), entra("50055"), said("password has expired", "password must change"))},
		{"clock", Connect, oneOf(kerberos("KRB_AP_ERR_SKEW"), said("clock skew too great", "krb_ap_err_skew"))},
		{"kerberos-name", Connect, oneOf(kerberos("KDC_ERR_S_PRINCIPAL_UNKNOWN"), said("kdc_err_s_principal_unknown"))},
		{"wrong-password", Connect, kerberos("KDC_ERR_PREAUTH_FAILED", "KRB_AP_ERR_BAD_INTEGRITY")},
		{"kerberos-kdc", Connect, allOf(signIn, said("no kdc", "could not reach * kdc", "kdc for realm", "networking_error", "no kdcs", "error sending to a kdc", "cannot find * kdc"))},
		{"rps-disabled", Connect, oneOf(said("not allowed to access remote powershell", "isn't allowed to access remote powershell",
			"remotepowershellenabled"), allOf(status(http.StatusBadRequest), not(as[*wsman.ProtocolError](nil))))},
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

// httpRules are about answers that are no SOAP, by their status.
func httpRules() []rule {
	return []rule{
		{"not-found", Connect, oneOf(status(http.StatusNotFound), said("requested http url was not available"))},
		{"forbidden", Connect, status(http.StatusForbidden)},
		{"too-large", Connect, status(http.StatusRequestEntityTooLarge)},
		{"throttled", Connect, status(http.StatusTooManyRequests)},
		{"server-down", Connect, status(http.StatusServiceUnavailable)},
		{"gateway", Connect, status(http.StatusBadGateway, http.StatusGatewayTimeout)},
		{"server-500", Connect, oneOf(status(http.StatusInternalServerError), said("http server error status (500)"))},
		{"not-wsman", Connect, oneOf(as[*wsman.HTTPError](nil), said("content type is absent or invalid"))},
		{"sign-in", Connect, signIn},
		{"network", Connect, as[*wsman.NetError](nil)},
	}
}
