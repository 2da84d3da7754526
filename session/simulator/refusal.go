package simulator

import (
	"cmp"
	_ "embed" // refusals.json
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"postroom/session/simulator/exchange"
	"postroom/session/wsman"
)

// Codes of WS-Man faults (wsmerror.h).
const (
	codeOperationAborted = 995
	codePluginFailed     = 0x80338043 // what Exchange's authorization answers with
	codeSchemaError      = 0x80338041
	codeConcurrency      = 0x80338002
	codeShellIDConflict  = 0x803381D7
	codeCommandConflict  = 0x803381D6
	codeNotSupported     = 0x80338042 // ERROR_WSMAN_UNSUPPORTED_FEATURE
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

//go:embed refusals.json
var refusalsFile []byte

// refusals are what faults answer instead of the service, by their names:
// refusals.json. What stands in braces is filled in.
var refusals = sync.OnceValue(func() (all struct {
	Pages  map[Fault]page
	Faults map[Fault]struct {
		Exception     string // of Exchange's authorization; "" for a fault of WinRM
		Subcode, Code string
		Text          string
	}
},
) {
	if err := json.Unmarshal(refusalsFile, &all); err != nil {
		panic("simulator: refusals.json: " + err.Error())
	}
	return all
})

// refusal is the SOAP fault that has a fault's name, as somebody gets it who asks.
func (s *Server) refusal(r Rule, q *wsman.Request, who signedIn) (wsman.Fault, bool) {
	said, ok := refusals().Faults[r.Fault]
	retry := cmp.Or(time.Duration(r.Retry), 30*time.Second)
	text := strings.NewReplacer("{limit}", itoa(s.options.SessionLimit), "{seconds}", itoa(int(retry.Seconds())), "{milliseconds}", itoa(int(retry.Milliseconds())),
		"{account}", who.account, "{initial}", who.tenant.Initial(), "{asked}", cmp.Or(who.asked, "unknown.example"), "{resource}", q.ResourceURI).Replace(said.Text)
	if said.Exception != "" {
		return s.authorization(who.tenant, said.Exception, text), ok
	}
	code, _ := strconv.ParseUint(said.Code, 16, 32) // "" where there is none
	return simpleFault(who.tenant.Server(), said.Subcode, uint32(code), text), ok
}

// soapFault is the fault by which a rule is played; false when the rule's
// fault is not one.
func (s *Server) soapFault(r Rule, q *wsman.Request, who signedIn) (wsman.Fault, bool) {
	if who.tenant == nil {
		who.tenant = s.service.Own()
	}
	machine := who.tenant.Server()
	switch r.Fault {
	case LostAffinity:
		return wsman.ShellGoneFault(machine, q.ShellID), true
	case Expire:
		return s.shellGone(who.tenant, q.ShellID), true
	case SendFailure:
		text := s.prefix(who.tenant, "send") + " [FailureCategory=Cafe-SendFailure] The remote server could not be reached by the front end."
		return wsman.Fault{HTTP: 500, Code: codePluginFailed, SOAPCode: "Receiver", Subcode: "InternalError", Machine: machine, Reason: text, ProviderText: text, Provider: "Microsoft.Exchange"}, true
	case VersionRefused:
		f := simpleFault(machine, "InternalError", codeProtocolVersion, "")
		f.SOAPCode, f.ServerProtocolVersion, f.Reason = "Receiver", "2.1", "The protocol version is not supported."
		return f, true
	}
	return s.refusal(r, q, who)
}

// page is an answer that is no envelope.
type page struct {
	Status int
	Type   string // of the content
	Body   string
	Header map[string]string
}

// pageOf is the page of a fault that is played without conditions.
func (s *Server) pageOf(f Fault) page {
	p, _ := s.pageFor(Rule{Fault: f}, "", "")
	return p
}

// pageFor is the page by which a rule is played; false when the rule's fault is
// not one.
func (s *Server) pageFor(r Rule, host, uri string) (page, bool) {
	p, ok := refusals().Pages[r.Fault]
	path, _, _ := strings.Cut(uri, "?")
	fill := strings.NewReplacer("{host}", host, "{other}", s.otherName(host), "{uri}", uri, "{path}", path, "{retry}", itoa(max(1, int(time.Duration(r.Retry).Seconds()))))
	p.Header = maps.Clone(p.Header)
	for name, text := range p.Header {
		p.Header[name] = fill.Replace(text)
	}
	if r.Fault == Redirect && r.Location != "" {
		p.Header["Location"] = r.Location
	}
	return p, ok
}

// otherName is this server under its other name: localhost or 127.0.0.1.
func (s *Server) otherName(host string) string {
	if strings.HasPrefix(host, "localhost") {
		return "127.0.0.1:" + s.port()
	}
	return "localhost:" + s.port()
}
