package wsman_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"postroom/session/wsman"
)

// What MS-WSMV and wsmerror.h say of faults: code, and how it is to be treated.
func TestFaultKinds(t *testing.T) {
	for code, want := range map[uint32]wsman.FaultKind{
		2150858793: wsman.FaultTimedOut,
		2150858843: wsman.FaultShellGone,
		995:        wsman.FaultEnded, 1223: wsman.FaultEnded, 2150859204: wsman.FaultEnded, 2150859230: wsman.FaultEnded,
		2150859173: wsman.FaultShellQuota, 2150859236: wsman.FaultShellQuota,
		2150859174: wsman.FaultBusy, 2150859240: wsman.FaultBusy, 2150859241: wsman.FaultBusy, 2150859179: wsman.FaultBusy,
		2150859237: wsman.FaultBusy, 2150859238: wsman.FaultBusy, 2150859239: wsman.FaultBusy,
		2150859175: wsman.FaultThrottled, 2150859176: wsman.FaultThrottled,
		5: wsman.FaultAccessDenied, 2147942405: wsman.FaultAccessDenied,
		2150858811: wsman.FaultNoResource,
		2150859223: wsman.FaultIDConflict, 2150859222: wsman.FaultIDConflict, 2150859221: wsman.FaultIDConflict, 2150859220: wsman.FaultIDConflict,
		2150859250: wsman.FaultIdleTimeout,
		2150859206: wsman.FaultElsewhere, 2150859213: wsman.FaultElsewhere,
		2152991685: wsman.FaultVersion, 2152992672: wsman.FaultVersion,
		2150858767: wsman.FaultOurs, 2150858817: wsman.FaultOurs,
		87: wsman.FaultOther, 2147942402: wsman.FaultOther, 0: wsman.FaultOther,
	} {
		f := readFault(t, wsman.Fault{Code: code, Message: "text", Machine: "EX1"})
		if f.Kind() != want || !errors.Is(fmt.Errorf("opening: %w", f), want) || f.Code != code {
			t.Errorf("%d (0x%08X) is %q, want %q", code, code, f.Kind(), want)
		}
	}
}

func TestFaultKindsWithoutCode(t *testing.T) {
	for subcode, want := range map[string]wsman.FaultKind{
		"TimedOut": wsman.FaultTimedOut, "InvalidSelectors": wsman.FaultShellGone, "AccessDenied": wsman.FaultAccessDenied,
		"QuotaLimit": wsman.FaultBusy, "DestinationUnreachable": wsman.FaultNoResource,
		"InvalidMessageInformationHeader": wsman.FaultOurs, "SchemaValidationError": wsman.FaultOurs, "Other": wsman.FaultOther,
	} {
		if f := readFault(t, wsman.Fault{Subcode: subcode}); f.Kind() != want || f.Subcode != subcode {
			t.Errorf("%s is %q, want %q", subcode, f.Kind(), want)
		}
	}
}

func TestFaultPredicates(t *testing.T) {
	quota := readFault(t, wsman.Fault{Code: 0x803381A5})
	if !quota.Quota() || quota.ShellGone() || quota.BackOff() || quota.TimedOut() || quota.Ended() || quota.AccessDenied() {
		t.Error("a quota of shells is only that")
	}
	busy := readFault(t, wsman.Fault{Code: 0x803381A6})
	throttled := readFault(t, wsman.Fault{Code: 0x803381A7, Message: "the user load quota of 1000 requests per 2 seconds. " +
		"The next request from this user will not be approved for at least 1700 milliseconds. "})
	if !busy.BackOff() || busy.Quota() || busy.Wait() != 0 || !throttled.BackOff() || throttled.Wait() != 1700*time.Millisecond {
		t.Errorf("back off: %v, %v", busy.Wait(), throttled.Wait())
	}
	budget := readFault(t, wsman.Fault{Message: "you have exceeded your budget to create runspace. Please wait for 40 seconds."})
	if budget.Wait() != 40*time.Second {
		t.Errorf("wait %v", budget.Wait())
	}
	if f := readFault(t, wsman.Fault{Code: 5}); !f.AccessDenied() {
		t.Error("access denied")
	}
	if f := readFault(t, wsman.Fault{Code: 995}); !f.Ended() {
		t.Error("ended")
	}
}

func readFault(t *testing.T, f wsman.Fault) *wsman.Fault {
	t.Helper()
	got, err := wsman.ReadFault(http.StatusInternalServerError, wsman.AppendFault(nil, nil, f))
	if err != nil || got == nil {
		t.Fatalf("fault: %v, %v", got, err)
	}
	return got
}

const exchangePrefix = "[Server=AM0PR01MB1234,RequestId=0d8f5a3e-52ab-4e0b-9f0c-6f1d0a3c9c11,TimeStamp=11/21/2026 8:15:07 PM] "

// Faults as Exchange writes them, made by hand from texts that people have
// published, as no recording of Exchange is free to use.
func TestExchangeFaults(t *testing.T) {
	for name, c := range map[string]struct {
		text, category, code, class, plain string
		kind                               wsman.FaultKind
	}{
		"three sessions": {
			exchangePrefix + "[AuthZRequestId=7c1c][FailureCategory=AuthZ-AuthorizationException] Fail to create a runspace because you have exceeded the maximum number of connections allowed : 3 for the policy party : MaxConcurrency.",
			"AuthZ-AuthorizationException", "", "", "Fail to create a runspace because you have exceeded the maximum number of connections allowed : 3 for the policy party : MaxConcurrency.", wsman.FaultShellQuota,
		},
		"shell lost": {
			exchangePrefix + "[FailureCategory=WSMan-InvalidShellID] The request for the Windows Remote Shell with ShellId 76056A84 failed because the shell was not found on the server.",
			"WSMan-InvalidShellID", "", "", "The request for the Windows Remote Shell with ShellId 76056A84 failed because the shell was not found on the server.", wsman.FaultShellGone,
		},
		"budget": {
			exchangePrefix + "[FailureCategory=AuthZ-OverBudgetException] Fail to create runspace because you have exceeded your budget to create runspace. Please wait for 40 seconds.",
			"AuthZ-OverBudgetException", "", "", "Fail to create runspace because you have exceeded your budget to create runspace. Please wait for 40 seconds.", wsman.FaultThrottled,
		},
		"no role": {
			exchangePrefix + "[FailureCategory=AuthZ-CmdletAccessDeniedException] 4BA5FBBD,Microsoft.Exchange.Configuration.Tasks.Denied The user \"contoso.example/x\" isn't assigned to any management roles.",
			"AuthZ-CmdletAccessDeniedException", "4BA5FBBD", "Microsoft.Exchange.Configuration.Tasks.Denied", "The user \"contoso.example/x\" isn't assigned to any management roles.", wsman.FaultAccessDenied,
		},
		"text first": {"Access is denied. " + strings.TrimSpace(exchangePrefix), "", "", "", "Access is denied.", wsman.FaultAccessDenied},
	} {
		f := readFault(t, wsman.Fault{
			Code: 5, Subcode: "AccessDenied", Machine: "EX1", Message: "outer",
			Provider: "Microsoft Exchange plugin", ProviderPath: `C:\x & y.dll`, ProviderText: c.text,
		})
		x := f.Exchange
		if x == nil {
			t.Errorf("%s: no Exchange fields in %q", name, f.ProviderText)
			continue
		}
		if x.Server != "AM0PR01MB1234" || x.RequestID != "0d8f5a3e-52ab-4e0b-9f0c-6f1d0a3c9c11" || x.TimeStamp != "11/21/2026 8:15:07 PM" {
			t.Errorf("%s: %+v", name, x)
		}
		if x.FailureCategory != c.category || x.Code != c.code || x.Class != c.class || x.Text != c.plain || f.Text() != c.plain {
			t.Errorf("%s: %+v", name, x)
		}
		if f.Kind() != c.kind {
			t.Errorf("%s is %q, want %q", name, f.Kind(), c.kind)
		}
		if f.ProviderPath != `C:\x & y.dll` || !strings.Contains(f.Error(), x.RequestID) {
			t.Errorf("%s: %v", name, f)
		}
	}
	if x := wsman.ParseExchangeFault("[Server=A,BackEndServer=B,RequestId=C,TimeStamp=D] [FailureCategory=Cafe-SendFailure] "); x == nil || x.BackEndServer != "B" || x.FailureCategory != "Cafe-SendFailure" {
		t.Errorf("%+v", x)
	}
	for _, s := range []string{"", "plain", "[x] y", "[Server", "Array[Server]"} {
		if x := wsman.ParseExchangeFault(s); x != nil {
			t.Errorf("%q has no fields: %+v", s, x)
		}
	}
}

// A provider's fault may hold a whole WSManFault, and the code may be only
// there.
func TestNestedProviderFault(t *testing.T) {
	const body = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>w:Outer</s:Value><s:Subcode><s:Value>w:QuotaLimit</s:Value></s:Subcode></s:Subcode></s:Code><s:Reason><s:Text xml:lang="de">Zu viel</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="0"><f:Message>before<f:ProviderFault provider="P" path="Q">one <f:WSManFault Code="-2144108123" Machine="EX2"><f:Message>This user is allowed a maximum number of 3 concurrent shells, which has been exceeded.</f:Message></f:WSManFault><f:ExtendedError>two</f:ExtendedError></f:ProviderFault></f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>`
	f, err := wsman.ReadFault(500, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if f.Code != 2150859173 || !f.Quota() || f.Machine != "EX2" || f.Subcode != "QuotaLimit" || f.Message != "before" || f.Reason != "Zu viel" {
		t.Errorf("%+v", f)
	}
	for _, part := range []string{"one", "maximum number of 3", "two"} {
		if !strings.Contains(f.ProviderText, part) {
			t.Errorf("%q lost %q", f.ProviderText, part)
		}
	}
}

func TestProtocolVersionFault(t *testing.T) {
	f := readFault(t, wsman.Fault{Code: 2152991685, ServerProtocolVersion: "2.0", Message: "refused"})
	if f.Kind() != wsman.FaultVersion || f.ServerProtocolVersion != "2.0" {
		t.Errorf("%+v", f)
	}
	f = readFault(t, wsman.Fault{Code: 87, Message: `<PSProtocolVersionError ServerProtocolVersion="2.1" />`})
	if f.Kind() != wsman.FaultVersion || f.ServerProtocolVersion != "2.1" {
		t.Errorf("as text: %+v", f)
	}
}

// Each fault reaches the caller of the operation as a *Fault, with HTTP 500
// and with HTTP 200.
func TestFaultsOfOperations(t *testing.T) {
	for _, status := range []int{200, 500} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
			if q.Op == "Create" {
				return false
			}
			w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
			w.WriteHeader(status)
			_, _ = w.Write(wsman.AppendFault(nil, q, wsman.ShellGoneFault("EX1", q.ShellID)))
			return true
		})
		s := mustCreate(t, mustClient(t, f.config("/p")))
		ctx := t.Context()
		_, receive := s.Receive(ctx, commandID)
		for op, err := range map[string]error{
			"Command": s.Command(ctx, commandID, nil), "Send": s.Send(ctx, "", "stdin", []byte("x")), "Receive": receive,
			"Signal": s.Signal(ctx, commandID, wsman.SignalStop),
		} {
			var fault *wsman.Fault
			if !errors.As(err, &fault) || !fault.ShellGone() || fault.Op != op || fault.HTTP != status || fault.Machine != "EX1" || len(fault.Body) == 0 {
				t.Errorf("%s with HTTP %d: %v", op, status, err)
			}
		}
		if err := s.Delete(ctx); err != nil {
			t.Errorf("a shell that is gone is deleted: %v", err)
		}
	}
}

// w:TimedOut on a Receive is no error.
func TestReceiveTimedOut(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
		return q.Op == "Receive" && fault(w, q, wsman.TimedOutFault("EX1"))
	})
	s := mustCreate(t, mustClient(t, f.config("/p")))
	if r, err := s.Receive(t.Context(), ""); err != nil || r.Data != nil || r.Done {
		t.Errorf("%+v, %v", r, err)
	}
}
