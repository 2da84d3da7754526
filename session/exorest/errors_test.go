package exorest_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/exorest"
)

// saying answers every cmdlet by a status and a body.
func saying(status int, body string, header ...string) func(http.ResponseWriter, sent) {
	headers := map[string]string{"Content-Type": "application/json"}
	for i := 0; i < len(header); i += 2 {
		headers[header[i]] = header[i+1]
	}
	text, _ := json.Marshal(body) // a text is sent as it is
	return playing(sampleResponse{Status: status, Headers: headers, Body: text})
}

// The reason of an error stands in one of five places, and is looked for in their order:
// the details, as JSON or between bars; the innermost exception, unless it says no more than
// that it was thrown; what is around it; the message, which mostly says nothing.
func TestTheReasonOfAnErrorInItsOrder(t *testing.T) {
	const around = `"code":"BadRequest","message":"Error executing cmdlet"`
	const thrown = `"internalexception":{"message":"Exception of type 'X.DirectInvokeException' was thrown.","type":"X.DirectInvokeException"}`
	const inner = `{"error":{"code":"NotFound","message":"Error executing cmdlet","details":[{"message":"Ex6F|X.ManagementObjectNotFoundException|There is no x."}],"innererror":{"stacktrace":"at Secret.Frame()"}}}`
	quoted := func(text string) string { b, _ := json.Marshal(text); return string(b) }
	for name, c := range map[string]struct{ body, text, class, id string }{
		"JSON in the details": {
			around + `,"details":[{"message":"{\"Message\":\"It exists.\",\"TypeName\":\"X.ExistsException\",\"InnerError\":{\"Message\":\"no\"}}"}],"innererror":{"message":"not me"}`,
			"It exists.", "X.ExistsException", "",
		},
		"bars":                          {around + `,"details":[{"message":"Ex1|X.YException|a | b | c"}]`, "a | b | c", "X.YException", "Ex1"},
		"no id":                         {around + `,"details":[{"message":"|X.YException|a"}]`, "a", "X.YException", ""},
		"a class without its namespace": {around + `,"details":[{"message":"|ParameterException|a"}]`, "a", "ParameterException", ""},
		"a text with bars":              {around + `,"details":[{"message":"one | two | three"}]`, "one | two | three", "", ""},
		"the second detail":             {around + `,"details":[{"message":""},{"message":"Ex2|X.ZException|b"}]`, "b", "X.ZException", "Ex2"},
		"the innermost exception":       {around + `,"innererror":{"message":"not me","type":"X.Outer","internalexception":{"message":"me","type":"X.Inner"}}`, "me", "X.Inner", ""},
		"one that was only thrown":      {around + `,"innererror":{"message":"me","type":"X.Outer",` + thrown + `}`, "me", "X.Outer", ""},
		"thrown, and the details":       {around + `,"details":[{"message":"Ex3|X.YException|me"}],"innererror":{"message":"not me",` + thrown + `}`, "me", "X.YException", "Ex3"},
		"around it":                     {around + `,"innererror":{"message":"me","type":"X.Outer"}`, "me", "X.Outer", ""},
		"its message":                   {`"code":"BadRequest","message":"me"`, "me", "", ""},
		"passed on by another server": {
			around + `,"details":[{"message":` + quoted("|X.CmdletProxyException|Error on proxy command 'Remove-Widget' to server B: NotFound: Error executing cmdlet : "+inner) + `}]`,
			"There is no x.", "X.ManagementObjectNotFoundException", "Ex6F",
		},
		"passed on, and cut short": {
			around + `,"details":[{"message":` + quoted("|X.CmdletProxyException|Error on proxy command 'Remove-Widget' to server B: NotFound: Error executing cmdlet : "+inner[:60]) + `}]`,
			"Error on proxy command 'Remove-Widget' to server B: NotFound: Error executing cmdlet", "X.CmdletProxyException", "",
		},
	} {
		w := newWorld(t, saying(400, `{"error":{`+c.body+`}}`))
		err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), call("Get-Mailbox"), newHeard())
		e, ok := errors.AsType[*exorest.CmdletError](err)
		if !ok || e.Message != c.text || e.Class != c.class || e.ID != c.id {
			t.Errorf("%s: %+v", name, err)
			continue
		}
		if strings.Contains(err.Error(), "Secret.Frame") || strings.Contains(err.Error(), "{") {
			t.Errorf("%s: what is within is shown: %v", name, err)
		}
	}
}

// Warnings can stand within an error, and in its header: they are told, each once, in a
// batch too.
func TestWarningsWithinAnError(t *testing.T) {
	const body = `{"error":{"code":"BadRequest","message":"Error executing cmdlet","details":[{"message":"Ex1|X.YException|a"}],"adminapi.warnings@odata.type":"#Collection(String)","@adminapi.warnings":["Mind the gap."]}}`
	w := newWorld(t, func(rw http.ResponseWriter, r sent) {
		if !strings.HasSuffix(r.uri, "$batch") {
			saying(400, body, "X-Warnings", "Another.")(rw, r)
			return
		}
		var in struct{ Requests []struct{ ID string } }
		if err := json.Unmarshal(r.body, &in); err != nil {
			t.Error(err)
		}
		saying(200, `{"responses":[{"id":"`+in.Requests[0].ID+`","status":400,"headers":{"X-Warnings":"Another."},"body":`+body+`}]}`)(rw, r)
	})
	c := w.dial(&tokens{tenant: tenant})
	alone, inBatch := newHeard(), newHeard()
	err := c.Run(t.Context(), call("Get-Mailbox"), alone)
	each, _ := c.(session.EachRunner)
	errs, ok := each.RunEach(t.Context(), []session.Call{{Command: call("Get-Mailbox"), Sink: inBatch}})
	for name, h := range map[string]*heard{"alone": alone, "in a batch": inBatch} {
		if got := strings.Join(h.texts(session.MessageWarning), " "); got != "Mind the gap. Another." {
			t.Errorf("%s: warned %q (%v, %v, %v)", name, got, err, ok, errs)
		}
	}
	if err == nil || !ok || errs[0] == nil {
		t.Errorf("%v, %v, %v", err, ok, errs)
	}
}

// What passes by itself is read again, whichever status it comes with; nothing of it makes a
// change be sent again.
func TestWhatPassesIsReadAgain(t *testing.T) {
	fine := sampleResponse{Status: 200, Body: json.RawMessage(`{"value":[{"Name":"a"}]}`)}
	ofClass := func(status int, class string) sampleResponse {
		return sampleResponse{Status: status, Body: json.RawMessage(`{"error":{"code":"BadRequest","message":"Error executing cmdlet","details":[{"message":"|X.` + class + `|busy"}]}}`)}
	}
	page := func(status int) sampleResponse {
		return sampleResponse{Status: status, Headers: map[string]string{"Content-Type": "text/html"}, Body: json.RawMessage(`"<html>later</html>"`)}
	}
	cases := map[string]struct {
		answer sampleResponse
		again  bool
	}{"no such object": {ofClass(404, "ManagementObjectNotFoundException"), false}, "it exists": {ofClass(400, "ADObjectAlreadyExistsException"), false}, "a page of 400": {page(400), false}}
	for _, status := range []int{408, 500, 502, 503, 504} {
		cases[strconv.Itoa(status)] = struct {
			answer sampleResponse
			again  bool
		}{page(status), true}
	}
	for _, class := range []string{
		"DCOverloadedException", "SuitabilityDirectoryException", "ServerInMMException", "ADServerSettingsChangedException", "StorageTransientException",
		"CmdletProxyNotAvailableFailure", "ServerBusyException", "TransientException", "ADTransientException", "BackendCommunicationException",
	} {
		cases[class] = struct {
			answer sampleResponse
			again  bool
		}{ofClass(400, class), true}
	}
	for name, c := range cases {
		w := newWorld(t, playing(c.answer, fine))
		h := newHeard()
		err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), call("Get-Mailbox"), h)
		all := w.requests()
		if again := err == nil && h.rows() == 1 && len(all) == 2; again != c.again {
			t.Errorf("%s: %d requests, %d rows, %v", name, len(all), h.rows(), err)
		}
		if len(all) == 2 && (all[0].header.Get("Client-Request-Id") != all[1].header.Get("Client-Request-Id") || all[0].header.Get("Connection-Id") != all[1].header.Get("Connection-Id")) {
			t.Errorf("%s: another request: %v, %v", name, all[0].header, all[1].header)
		}
		w = newWorld(t, playing(c.answer, fine))
		if err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), call("Set-Mailbox", "Identity", "ada", "Confirm", false), newHeard()); err == nil {
			t.Errorf("%s: a change is no success", name)
		}
		sentTimes := 0
		for _, r := range w.requests() {
			if strings.Contains(r.uri, "InvokeCommand") {
				sentTimes++
			}
		}
		if sentTimes != 1 {
			t.Errorf("%s: a change was sent %d times", name, sentTimes)
		}
	}
}

// A claims challenge is found in whatever form it comes: beside another scheme, and in
// other letters.
func TestChallengesInOtherForms(t *testing.T) {
	const claims = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ=="
	for _, challenge := range []string{
		`Bearer realm="", error="insufficient_claims", claims="` + claims + `"`,
		`bearer error=insufficient_claims,claims=` + claims,
		`Basic realm="", Bearer authorization_uri="https://login.microsoftonline.com/common", error="insufficient_claims", claims="` + claims + `"`,
	} {
		w := newWorld(t, func(rw http.ResponseWriter, r sent) {
			rw.Header().Set("Www-Authenticate", challenge)
			rw.WriteHeader(401)
		})
		k := &tokens{tenant: tenant}
		err := w.dial(k).Run(t.Context(), call("Get-Mailbox"), newHeard())
		all := k.requests()
		if last := all[len(all)-1]; last.Claims != `{"access_token":{"nbf":{"essential":true}}}` || !last.Fresh {
			t.Errorf("%s: asked for %+v", challenge, last)
		}
		if refused, ok := errors.AsType[*exorest.RefusedError](err); !ok || refused.Challenge != "insufficient_claims" || len(w.requests()) != 2 {
			t.Errorf("%s: %d requests, %v", challenge, len(w.requests()), err)
		}
	}
}

// Whose the tenant is, its GUID says: an account may look after its own by another domain
// of it, and a role that it lacks there is no partner's matter.
func TestWhoseTheTenantIsItsGUIDSays(t *testing.T) {
	const elsewhere = "00000000-1111-2222-3333-444444444444"
	for name, c := range map[string]struct {
		home, domain string
		partner      bool
	}{
		"its own by another domain": {tenant, "nordwind.onmicrosoft.example", false},
		"its own":                   {strings.ToUpper(tenant), "nordwind.example", false},
		"somebody else's":           {elsewhere, "kunde.example", true},
		"a guest's":                 {elsewhere, "nordwind.example", true},
		"not known, by its name":    {"", "kunde.example", true},
		"not known, its own":        {"", "nordwind.example", false},
	} {
		w := newWorld(t, saying(403, "\x00\x00"))
		conn := w.dial(&tokens{tenant: tenant, home: c.home}, func(t *session.Target) { t.Tenant.Domain = c.domain })
		err := conn.Run(t.Context(), call("Get-RoleGroup"), newHeard())
		denied, ok := errors.AsType[*exorest.NotPermittedError](err)
		if !ok || denied.AsPartner() != c.partner {
			t.Errorf("%s: %+v, %v", name, denied, err)
		}
	}
}
