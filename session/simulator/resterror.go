package simulator

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"postroom/session/psrp"
)

// restError is an error as the REST door tells it: what people want to know is
// never in its message.
type restError struct {
	status        int
	code, message string
	class, text   string // of the innermost exception
	detail        string // id|class|text, or JSON
}

// refusal writes an error.
func (d *restDoor) refusal(q restRequest, e restError) answer {
	inner := map[string]any{"message": e.message, "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException", "stacktrace": ""}
	if e.text != "" {
		inner["internalexception"] = map[string]any{"message": e.text, "type": e.class, "stacktrace": ""}
	}
	body := map[string]any{"code": e.code, "message": e.message, "innererror": inner, "adminapi.warnings@odata.type": "#Collection(String)", "@adminapi.warnings": []string{}}
	if e.detail != "" {
		body["details"] = []any{map[string]any{"code": "Client", "target": "", "message": e.detail}}
		inner["internalexception"] = map[string]any{
			"message": "Exception of type 'Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException' was thrown.",
			"type":    "Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException", "stacktrace": "",
		}
	}
	b, err := json.Marshal(map[string]any{"error": body})
	if err != nil {
		panic(err) // texts can be written
	}
	a := answer{status: e.status, header: d.header(q), body: b}
	if e.class != "" {
		a.header.Set("X-ExceptionType", e.class)
	}
	return a
}

func refusedCursor() restError {
	return restError{status: 400, code: "BadRequest", message: "Invalid Operation", class: "Microsoft.Exchange.AdminApi.PaginationException", text: "Expired or Invalid pagination request. Default Expiry time is 00:30:00"}
}

// piped is an error as details and partial errors have it: id, class, text.
func piped(e *psrp.RemoteError) string {
	id := ""
	if at := strings.LastIndex(e.FullyQualifiedID, "] "); at >= 0 {
		id, _, _ = strings.Cut(e.FullyQualifiedID[at+2:], ",")
		id = "Ex" + id[:min(6, len(id))]
	}
	return id + "|" + e.ExceptionType + "|" + e.Message
}

// problemAnswer tells an error of a cmdlet.
func (d *restDoor) problemAnswer(q restRequest, e *psrp.RemoteError) answer {
	r := restError{status: 400, code: "BadRequest", message: "Error executing cmdlet", detail: piped(e)}
	switch {
	case e.FullyQualifiedID == "CommandNotFoundException":
		return notPermitted()
	case strings.HasSuffix(e.ExceptionType, "ManagementObjectNotFoundException"):
		r.status, r.code = 404, "NotFound"
	case strings.HasSuffix(e.ExceptionType, "ADObjectAlreadyExistsException"):
		b, err := json.Marshal(map[string]any{"Message": e.Message, "TypeName": e.ExceptionType, "StackTrace": nil, "InnerError": nil})
		if err == nil {
			r.detail = string(b)
		}
	case strings.HasSuffix(e.ExceptionType, "TransientException"), strings.HasSuffix(e.ExceptionType, "OfflineException"):
		r.status, r.code = 500, "InternalServerError"
	case strings.Contains(e.ExceptionType, "ParameterBinding"):
		r.message, r.detail = "Invalid Operation", ""
		r.class, r.text = "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException", e.Message
		if strings.HasPrefix(e.FullyQualifiedID, "AmbiguousParameterSet") || strings.HasPrefix(e.FullyQualifiedID, "NamedParameterNotFound") {
			r.class = "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException"
		}
	}
	a := d.refusal(q, r)
	a.header.Set("X-ExceptionType", e.ExceptionType)
	return a
}

// faultAnswer is the answer by which a rule is played at the REST door; false
// when its fault is played in another way.
func (d *restDoor) faultAnswer(r Rule, who restCaller) (answer, bool) {
	q := restRequest{who: who, version: "beta"}
	if who.tenant == nil {
		q.who.tenant = d.server.service.Own()
	}
	retry := fmt.Sprint(max(1, int(time.Duration(r.Retry).Seconds())))
	switch r.Fault {
	case TokenExpired:
		return *challenge(d.bearer(`error="invalid_token"`)), true
	case ClaimsWanted:
		claims := base64.StdEncoding.EncodeToString([]byte(`{"access_token":{"nbf":{"essential":true, "value":"1764244800"}}}`))
		return *challenge(`Bearer realm="", authorization_uri="` + d.server.base() + `/common/oauth2/authorize", error="insufficient_claims", claims="` + claims + `"`), true
	case NotPermitted:
		return notPermitted(), true
	case NotAllowed:
		return d.refusal(q, restError{status: 403, code: "Forbidden", message: "User is not allowed to call this cmdlet"}), true
	case CursorRefused:
		return d.refusal(q, refusedCursor()), true
	case Concurrency:
		return answer{status: 429, header: http.Header{"Retry-After": {retry}, "Content-Type": {"text/plain"}}, body: []byte("You have reached the maximum number of concurrent requests per tenant. Please wait and try again")}, true
	case GatewayTimeout:
		return answer{status: 504, header: http.Header{"Content-Type": {"text/html"}}, body: []byte("<html><body>Gateway timeout</body></html>")}, true
	case WrongAnchor:
		return answer{status: 400, header: d.header(q), body: []byte(`{"error":{"code":"ErrorIncorrectRoutingHint","message":"The x-anchor mailbox does not match the target of the request."}}`)}, true
	case ServerBusy:
		return d.refusal(q, restError{status: 400, code: "BadRequest", message: "Error executing cmdlet", detail: "Ex4A4A4A|Microsoft.Exchange.Data.Storage.ServerBusyException|The server is busy. Please try again later."}), true
	case ProxyError:
		inner := `{"error":{"code":"BadRequest","message":"Error executing cmdlet","details":[{"code":"Client","target":"","message":"Ex12F3A4|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'gone' couldn't be found."}]}}`
		return d.refusal(q, restError{status: 400, code: "BadRequest", message: "Error executing cmdlet", detail: "|Microsoft.Exchange.Configuration.CmdletProxyException|Error on proxy command to server: " + inner}), true
	case DirectoryError:
		return answer{status: 500, header: d.header(q), body: []byte(`{"error":{"code":"InternalServerError","message":"The call to Microsoft Exchange Active Directory Topology service returned an error. Active directory response: The LDAP server is unavailable.","innererror":{"message":"The LDAP server is unavailable.","type":"Microsoft.Exchange.Data.Directory.ADTransientException"}}}`)}, true
	case RegionRedirect:
		return answer{status: 302, header: http.Header{"Location": {"https://eur02b.outlook.office365.example/adminapi/beta/" + q.who.tenant.ID + "/InvokeCommand"}}}, true
	}
	return answer{}, false
}
