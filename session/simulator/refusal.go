package simulator

import (
	"fmt"
	"strings"
	"time"

	"postroom/session/simulator/exchange"
	"postroom/session/wsman"
)

// Codes of WS-Man faults (wsmerror.h).
const (
	codeAccessDenied     = 5
	codeOperationAborted = 995
	codePluginFailed     = 0x80338043 // what Exchange's authorization answers with
	codeSchemaError      = 0x80338041
	codeConcurrency      = 0x80338002
	codeWrongResource    = 0x8033803B
	codeTooManyShells    = 0x803381A5
	codeUserLoad         = 0x803381A7
	codeShellIDConflict  = 0x803381D7
	codeCommandConflict  = 0x803381D6
	codeNotSupported     = 0x80338042
	codeWrongClient      = 0x803381C6
	codeProtocolVersion  = 0x80540BC5
)

// prefix begins Exchange's own texts: server, request and time.
func (s *Server) prefix(t *exchange.Tenant, text string) string {
	return fmt.Sprintf("[Server=%s,RequestId=%s,TimeStamp=%s]", t.Server(), exchange.GUID(text+s.options.Clock.Now().String()), s.options.Clock.Now().UTC().Format("1/2/2006 3:04:05 PM"))
}

// authorization is a refusal of Exchange's authorization plug-in.
func (s *Server) authorization(t *exchange.Tenant, exception, text string) wsman.Fault {
	full := fmt.Sprintf("%s [AuthZRequestId=%s][FailureCategory=AuthZ-%s] %s", s.prefix(t, text), exchange.GUID("authz "+text), exception, text)
	return wsman.Fault{
		HTTP: 500, Code: codePluginFailed, SOAPCode: "Receiver", Subcode: "InternalError", Machine: t.Server(), Reason: full,
		Provider: "Microsoft.Exchange", ProviderPath: `C:\Program Files\Microsoft\Exchange Server\V15\bin\Microsoft.Exchange.Configuration.RPSPlugin.dll`, ProviderText: full,
	}
}

// tooMany is Exchange's refusal of the session that is one too many.
func (s *Server) tooMany(t *exchange.Tenant, party string, limit int) wsman.Fault {
	return s.authorization(t, "AuthorizationException", fmt.Sprintf("Fail to create a runspace because you have exceeded the maximum number of connections allowed : %d for the policy party : %s. Please wait for the existing connections to end, or close them.", limit, party))
}

func (s *Server) noRole(t *exchange.Tenant, account string) wsman.Fault {
	return s.authorization(t, "CmdletAccessDeniedException", fmt.Sprintf("The user \"%s\" isn't assigned to any management roles.", account))
}

// notDelegated is the refusal of somebody who may not administer the customer's
// organisation. There they are an account without a role: Exchange has no other
// words for it (MicrosoftDocs/office-docs-powershell issue 6271).
func (s *Server) notDelegated(t *exchange.Tenant, account string) wsman.Fault {
	return s.noRole(t, t.Initial()+`\`+account)
}

func simpleFault(machine, subcode string, code uint32, text string) wsman.Fault {
	return wsman.Fault{HTTP: 500, Code: code, SOAPCode: "Sender", Subcode: subcode, Machine: machine, Reason: text, Message: text}
}

// shellGone is how a request for a shell that is not there is refused.
func (s *Server) shellGone(t *exchange.Tenant, id string) wsman.Fault {
	f := wsman.ShellGoneFault(t.Server(), id)
	f.Message = s.prefix(t, id) + " [FailureCategory=WSMan-InvalidShellID] " + f.Message
	f.Reason = f.Message
	return f
}

func aborted(t *exchange.Tenant) wsman.Fault {
	f := simpleFault(t.Server(), "InternalError", codeOperationAborted, "The I/O operation has been aborted because of either a thread exit or an application request. ")
	f.SOAPCode = "Receiver"
	return f
}

// soapFault is the fault by which a rule is played; false when the rule's
// fault is not one.
func (s *Server) soapFault(r Rule, q *wsman.Request, who signedIn) (wsman.Fault, bool) {
	t := who.tenant
	if t == nil {
		t = s.service.Own()
	}
	retry := time.Duration(r.Retry)
	if retry == 0 {
		retry = 30 * time.Second
	}
	switch r.Fault {
	case LostAffinity:
		return wsman.ShellGoneFault(t.Server(), q.ShellID), true
	case Expire:
		return s.shellGone(t, q.ShellID), true
	case Quota:
		return s.tooMany(t, "MaxConcurrency", s.options.SessionLimit), true
	case TenantQuota:
		return s.tooMany(t, "MaxTenantConcurrency", 9), true
	case Budget:
		return s.authorization(t, "OverBudgetException", fmt.Sprintf("Fail to create runspace because you have exceeded your budget to create runspace. Please wait for %d seconds. Policy: CN=GlobalThrottlingPolicy_1d5cc8d1-9a8a-4b0a-8b3c-4c2ee0ab43a5,CN=Global Settings;", int(retry.Seconds()))), true
	case QuotaLimit:
		return simpleFault(t.Server(), "QuotaLimit", codeTooManyShells, fmt.Sprintf("The WS-Management service cannot process the request. This user is allowed a maximum number of %d concurrent shells, which has been exceeded. Close existing shells or raise the quota for this user. ", s.options.SessionLimit)), true
	case Throttled:
		return simpleFault(t.Server(), "QuotaLimit", codeUserLoad, fmt.Sprintf("The WS-Management service cannot process the request. The user load quota of 1000 requests per 2 seconds has been exceeded. Send future requests at a slower rate or raise the quota for this user. The next request from this user will not be approved for at least %d milliseconds. ", retry.Milliseconds())), true
	case AccessDenied:
		return simpleFault(t.Server(), "AccessDenied", codeAccessDenied, "Access is denied. "), true
	case NoRole:
		return s.noRole(t, who.account), true
	case NotDelegated:
		return s.notDelegated(t, who.account), true
	case UnknownTenant:
		return s.unknownTenant(s.service.Own(), "unknown.example"), true
	case SendFailure:
		text := s.prefix(t, "send") + " [FailureCategory=Cafe-SendFailure] The remote server could not be reached by the front end."
		return wsman.Fault{HTTP: 500, Code: codePluginFailed, SOAPCode: "Receiver", Subcode: "InternalError", Machine: t.Server(), Reason: text, ProviderText: text, Provider: "Microsoft.Exchange"}, true
	case WrongResource:
		f := simpleFault(t.Server(), "DestinationUnreachable", codeWrongResource, "The WS-Management service cannot process the request. The resource URI ("+q.ResourceURI+") was not found in the WS-Management catalog. The catalog contains the metadata that describes resources, or logical endpoints. ")
		return f, true
	case VersionRefused:
		f := simpleFault(t.Server(), "InternalError", codeProtocolVersion, "")
		f.SOAPCode, f.ServerProtocolVersion, f.Reason = "Receiver", "2.1", "The protocol version is not supported."
		return f, true
	}
	return wsman.Fault{}, false
}

// unknownTenant is the refusal of a tenant that does not exist.
func (s *Server) unknownTenant(t *exchange.Tenant, domain string) wsman.Fault {
	return s.authorization(t, "CannotResolveTenantNameException", fmt.Sprintf("Can't resolve the tenant name '%s'.", domain))
}

// page is an answer that is no envelope.
type page struct {
	status      int
	contentType string
	body        string
	header      map[string]string
}

// pageFor is the page by which a rule is played; false when the rule's fault is
// not one.
func (s *Server) pageFor(r Rule, host, uri string) (page, bool) {
	html := "text/html; charset=utf-8"
	retry := map[string]string{"Retry-After": fmt.Sprint(max(1, int(time.Duration(r.Retry).Seconds())))}
	own := "https://" + host + uri
	redirect := func(to string) (page, bool) {
		return page{status: 302, contentType: html, body: "<html><head><title>Object moved</title></head><body><h2>Object moved to <a href=\"#\">here</a>.</h2></body></html>", header: map[string]string{"Location": to}}, true
	}
	switch r.Fault {
	case Unavailable:
		return page{503, html, "<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p></body></html>", retry}, true
	case InternalError:
		return page{status: 500}, true
	case BadGateway:
		return page{502, html, "<html><body><h1>502 Bad Gateway</h1></body></html>", nil}, true
	case NotFound:
		return page{404, html, "<html><body><h2>404 - File or directory not found.</h2></body></html>", nil}, true
	case Forbidden:
		return page{403, html, "<html><body><h2>403 - Forbidden: Access is denied.</h2></body></html>", nil}, true
	case TooManyRequests:
		return page{429, html, "Too Many Requests", retry}, true
	case ProxyAuthentication:
		return page{407, html, "<html><body>Proxy Authentication Required</body></html>", map[string]string{"Proxy-Authenticate": `Basic realm="proxy.example"`}}, true
	case TooLarge:
		return page{413, html, "<html><body><h2>413 - Request entity too large</h2></body></html>", nil}, true
	case HTML:
		return page{200, html, "<!DOCTYPE html><html><head><title>Hotel WLAN – Anmeldung</title></head><body><form action=\"https://login.hotspot.example/\"><h1>Willkommen! Bitte melden Sie sich an.</h1><input name=\"room\"></form></body></html>", nil}, true
	case NoContentType:
		return page{200, "", "OK", nil}, true
	case Garbage:
		return page{200, "application/soap+xml;charset=UTF-8", "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><broken attribute=></s:Envelope>", nil}, true
	case Unauthorized, MFA:
		return s.unauthorized(r.Fault == MFA), true
	case NotEnabled:
		return notEnabled(), true
	case Redirect:
		if r.Location != "" {
			return redirect(r.Location)
		}
		return redirect("https://" + s.otherName(host) + uri)
	case RedirectTenant:
		path, _, _ := strings.Cut(uri, "?")
		return redirect("https://" + s.otherName(host) + path)
	case RedirectLoop:
		return redirect(own)
	case RedirectHTTP:
		return redirect("http://" + host + uri)
	case RedirectForeign:
		return redirect("https://outlook.phisher.example" + uri)
	case RedirectNowhere:
		return page{status: 302, contentType: html}, true
	}
	return page{}, false
}

// otherName is this server under its other name: localhost or 127.0.0.1.
func (s *Server) otherName(host string) string {
	if strings.HasPrefix(host, "localhost") {
		return "127.0.0.1:" + s.port()
	}
	return "localhost:" + s.port()
}

func (s *Server) unauthorized(mfa bool) page {
	p := page{401, "text/html; charset=utf-8", "<html><body><h2>401 - Unauthorized: Access is denied due to invalid credentials.</h2></body></html>", map[string]string{"WWW-Authenticate": `Basic realm="outlook.postroom.example"`}}
	if mfa {
		const why = "AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access 'Exchange'."
		p.body = "<html><body><h2>Access Denied</h2><p>" + why + "</p></body></html>"
		p.header["X-MS-Diagnostics"] = `2000008;reason="` + why + `";error_category="mfa_required"`
	}
	return p
}

func notEnabled() page {
	return page{400, "text/html; charset=us-ascii", "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><HTML><HEAD><TITLE>Bad Request</TITLE></HEAD><BODY><h2>Bad Request</h2></BODY></HTML>", nil}
}
