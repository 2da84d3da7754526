package wsman

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/masterzen/winrm/soap"
)

var (
	waitMilliseconds = regexp.MustCompile(`(?i)at least (\d+) milliseconds`)
	waitSeconds      = regexp.MustCompile(`(?i)wait for (\d+) seconds?`)
	versionError     = regexp.MustCompile(`PSProtocolVersionError[^>]*ServerProtocolVersion=["']([0-9.]+)`)
)

// FaultKind is what a fault's code means for the caller. It is an error, so
// that errors.Is(err, wsman.FaultShellGone) asks for it.
type FaultKind string

// The kinds of faults, by code (wsmerror.h, MS-WSMV 2.2.4.43).
const (
	FaultOther FaultKind = "other"
	// FaultTimedOut: a Receive with nothing to tell; ask again at once.
	FaultTimedOut FaultKind = "timed out"
	// FaultShellGone: the server does not know the shell or the command. On
	// Delete it means done. It is also what lost cookies look like.
	FaultShellGone FaultKind = "shell gone"
	// FaultEnded: the shell or the stream came to its end while a request
	// was out; a Receive loop ends quietly.
	FaultEnded FaultKind = "ended"
	// FaultShellQuota: the account has as many shells as it may.
	FaultShellQuota FaultKind = "shell quota"
	// FaultBusy: another limit is reached: operations, commands, users.
	// Wait before trying anything.
	FaultBusy FaultKind = "busy"
	// FaultThrottled: too many requests in a time; Wait says how long.
	FaultThrottled FaultKind = "throttled"
	// FaultAccessDenied: signed in, but not allowed. No retry.
	FaultAccessDenied FaultKind = "access denied"
	// FaultNoResource: wrong path or configuration name.
	FaultNoResource FaultKind = "no such resource"
	// FaultIDConflict: the id of the shell or command is taken or bad; a new
	// one is needed.
	FaultIDConflict FaultKind = "id conflict"
	// FaultIdleTimeout: the idle time asked for is out of the server's range;
	// clamp it and create again.
	FaultIdleTimeout FaultKind = "idle timeout out of range"
	// FaultElsewhere: the shell is connected to another client.
	FaultElsewhere FaultKind = "connected elsewhere"
	// FaultVersion: the remoting plug-in refused our protocol version, or
	// failed with a PowerShell error of its own.
	FaultVersion FaultKind = "protocol version"
	// FaultOurs: the server calls our message bad: a defect of this program.
	FaultOurs FaultKind = "bad message"
)

// Error makes a kind a target of errors.Is.
func (k FaultKind) Error() string { return "wsman: " + string(k) }

// kindOfCode is the table of codes. The sub-codes of SOAP are second to it.
func kindOfCode(code uint32) FaultKind {
	switch code {
	case 0x80338029:
		return FaultTimedOut
	case 0x8033805B:
		return FaultShellGone
	case 995, 1223, 0x803381C4, 0x803381DE:
		return FaultEnded
	case 0x803381A5, 0x803381E4:
		return FaultShellQuota
	case 0x803381A6, 0x803381AB, 0x803381E5, 0x803381E6, 0x803381E7, 0x803381E8, 0x803381E9:
		return FaultBusy
	case 0x803381A7, 0x803381A8:
		return FaultThrottled
	case 5, 0x80070005:
		return FaultAccessDenied
	case 0x8033803B:
		return FaultNoResource
	case 0x803381D4, 0x803381D5, 0x803381D6, 0x803381D7:
		return FaultIDConflict
	case 0x803381F2:
		return FaultIdleTimeout
	case 0x803381C6, 0x803381CD:
		return FaultElsewhere
	case 0x8033800F, 0x80338041:
		return FaultOurs
	}
	if code>>16 == 0x8054 { // the facility of the PowerShell plug-in
		return FaultVersion
	}
	return FaultOther
}

// Kind says what the fault means.
func (f *Fault) Kind() FaultKind {
	if f.ServerProtocolVersion != "" {
		return FaultVersion
	}
	if k := f.Exchange.kind(); k != FaultOther {
		return k
	}
	if k := kindOfCode(f.Code); k != FaultOther {
		return k
	}
	switch f.Subcode {
	case "TimedOut":
		return FaultTimedOut
	case "InvalidSelectors":
		return FaultShellGone
	case "AccessDenied":
		return FaultAccessDenied
	case "QuotaLimit":
		return FaultBusy
	case "DestinationUnreachable":
		return FaultNoResource
	case "InvalidMessageInformationHeader", "SchemaValidationError":
		return FaultOurs
	}
	return FaultOther
}

// Is reports whether target is the fault's kind.
func (f *Fault) Is(target error) bool {
	k, ok := target.(FaultKind) //nolint:errorlint // Is compares one level, by its contract
	return ok && k == f.Kind()
}

// TimedOut reports that a Receive had nothing to tell.
func (f *Fault) TimedOut() bool { return f.Kind() == FaultTimedOut }

// ShellGone reports that the server does not know the shell or the command;
// for Delete that is success.
func (f *Fault) ShellGone() bool { return f.Kind() == FaultShellGone }

// Ended reports that shell or stream came to an end in the regular way.
func (f *Fault) Ended() bool { return f.Kind() == FaultEnded }

// Quota reports that the account, or the tenant, has as many shells as the
// server allows. Only fewer shells help.
func (f *Fault) Quota() bool {
	return f.Kind() == FaultShellQuota
}

// BackOff reports that the server wants fewer requests: another limit or
// throttling. Wait says how long, if the server did.
func (f *Fault) BackOff() bool { k := f.Kind(); return k == FaultBusy || k == FaultThrottled }

// AccessDenied reports that the account may not do this.
func (f *Fault) AccessDenied() bool { return f.Kind() == FaultAccessDenied }

// Text is the most telling text of the fault: Exchange's own, the provider's,
// the message, the reason.
func (f *Fault) Text() string {
	switch {
	case f.Exchange != nil && f.Exchange.Text != "":
		return f.Exchange.Text
	case f.ProviderText != "":
		return f.ProviderText
	case f.Message != "":
		return f.Message
	}
	return f.Reason
}

// Wait is how long the server wants to be left alone; 0 when it did not say.
func (f *Fault) Wait() time.Duration {
	for _, text := range []string{f.ProviderText, f.Message, f.Reason} {
		if m := waitMilliseconds.FindStringSubmatch(text); m != nil {
			return parseWait(m[1], time.Millisecond)
		}
		if m := waitSeconds.FindStringSubmatch(text); m != nil {
			return parseWait(m[1], time.Second)
		}
	}
	return 0
}

func parseWait(digits string, unit time.Duration) time.Duration {
	n, err := strconv.ParseUint(digits, 10, 31) // more than that is no advice
	if err != nil {
		return 0
	}
	return time.Duration(n) * unit
}

// Error has the operation, the code and the text; the details are fields.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString("wsman: ")
	if f.Op != "" {
		b.WriteString(f.Op + ": ")
	}
	b.WriteString("fault")
	if f.Code != 0 {
		fmt.Fprintf(&b, " %d (0x%08X)", f.Code, f.Code)
	} else if f.Subcode != "" {
		b.WriteString(" " + f.Subcode)
	}
	if t := f.Text(); t != "" {
		b.WriteString(": " + t)
	}
	if f.Exchange != nil && f.Exchange.RequestID != "" {
		b.WriteString(" (request " + f.Exchange.RequestID + ")")
	}
	return b.String()
}

// maxFaultText is how much is kept of a text of a fault, in bytes. What people
// can read is shorter, and several expressions look through it.
const maxFaultText = 64 << 10

func cutFaultText(text string) string {
	if len(text) <= maxFaultText {
		return text
	}
	return strings.ToValidUTF8(text[:maxFaultText], "") + " ..."
}

// fault reads s:Fault from a body; nil when there is none.
func (e envelope) fault(op string, status int, raw []byte) *Fault {
	x := e.body.child(soap.NS_SOAP_ENV, "Fault")
	if x == nil {
		return nil
	}
	f := &Fault{HTTP: status, Op: op, Body: raw}
	code := x.child(soap.NS_SOAP_ENV, "Code")
	f.SOAPCode = localName(code.childText(soap.NS_SOAP_ENV, "Value"))
	f.Subcode = innermostSubcode(code)
	f.Reason = cutFaultText(x.child(soap.NS_SOAP_ENV, "Reason").childText(soap.NS_SOAP_ENV, "Text"))
	detail := x.child(soap.NS_SOAP_ENV, "Detail")
	if d := detail.childText(soap.NS_WSMAN_DMTF, "FaultDetail"); d != "" {
		f.FaultDetail = d[strings.LastIndexByte(d, '/')+1:]
	}
	f.fromWSManFault(detail.child(soap.NS_WSMAN_FAULT, "WSManFault"))
	f.Message, f.ProviderText = cutFaultText(f.Message), cutFaultText(f.ProviderText)
	if v := findElement(detail, "PSProtocolVersionError", maxDepth); v != nil {
		f.ServerProtocolVersion = v.attr("ServerProtocolVersion")
	} else if m := versionError.FindStringSubmatch(f.Message + f.ProviderText); m != nil {
		f.ServerProtocolVersion = m[1]
	}
	for _, text := range []string{f.ProviderText, f.Message, f.Reason} {
		if f.Exchange = ParseExchangeFault(text); f.Exchange != nil {
			break
		}
	}
	return f
}

func innermostSubcode(code *element) (s string) {
	for code != nil {
		code = code.child(soap.NS_SOAP_ENV, "Subcode")
		if v := code.childText(soap.NS_SOAP_ENV, "Value"); v != "" {
			s = localName(v)
		}
	}
	return s
}

// fromWSManFault reads f:WSManFault. Its message may hold a provider's fault,
// which may hold a WSManFault again; the outer code stands, unless it is 0.
func (f *Fault) fromWSManFault(x *element) {
	if x == nil {
		return
	}
	if n, err := strconv.ParseInt(x.attr("Code"), 10, 64); err == nil && f.Code == 0 {
		f.Code = uint32(n) //nolint:gosec // some servers write HRESULTs with a sign
	}
	if f.Machine == "" {
		f.Machine = x.attr("Machine")
	}
	message := x.child(soap.NS_WSMAN_FAULT, "Message")
	if m := message.trimmed(); m != "" && f.Message == "" {
		f.Message = m
	}
	p := message.child(soap.NS_WSMAN_FAULT, "ProviderFault")
	if p == nil {
		return
	}
	if f.Provider == "" {
		f.Provider, f.ProviderPath = p.attr("provider"), p.attr("path")
	}
	f.ProviderText = strings.Join(append(nonEmpty(f.ProviderText), p.allText(nil)...), "\n")
	f.nestedCode(p)
}

// nestedCode takes the code of the provider's own WSManFault when the outer
// one has none.
func (f *Fault) nestedCode(p *element) {
	inner := p.child(soap.NS_WSMAN_FAULT, "WSManFault")
	if inner == nil {
		return
	}
	if n, err := strconv.ParseInt(inner.attr("Code"), 10, 64); err == nil && f.Code == 0 {
		f.Code = uint32(n) //nolint:gosec // as above
	}
	if f.Machine == "" {
		f.Machine = inner.attr("Machine")
	}
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func findElement(e *element, local string, depth int) *element {
	if e == nil || depth == 0 {
		return nil
	}
	for _, c := range e.children {
		if c.name.Local == local {
			return c
		}
		if f := findElement(c, local, depth-1); f != nil {
			return f
		}
	}
	return nil
}

func localName(qname string) string { return qname[strings.LastIndexByte(qname, ':')+1:] }
