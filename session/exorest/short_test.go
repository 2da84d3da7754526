package exorest_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/exorest"
)

// An error whose text is longer than is read, or broke off, says so; its reason is found
// in the order of all errors, in what came of it.
func TestErrorsThatAreNotReadToTheirEnd(t *testing.T) {
	const head = `{"error":{"code":"BadRequest","message":"Error executing cmdlet",`
	const most = "(not read to its end: it is longer than 1 MB)"
	var begin, again string
	var status int
	w := newWorld(t, func(w http.ResponseWriter, r sent) {
		if strings.Contains(r.uri, "EXOModuleFile") {
			moduleOf().write(w)
			return
		}
		w.WriteHeader(status)
		if again == "" { // breaks off
			_, _ = io.WriteString(w, begin)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		endlessly(w, begin, again)
	})
	for name, c := range map[string]struct {
		status       int
		begin, again string
		says, ends   string
		class        string
		unsure       bool
	}{
		"a stack behind the details": {
			400, head + `"details":[{"code":"Context","message":"Ex1A|Microsoft.Exchange.ManagementObjectNotFoundException|There is no Ada, or two; {[\"}."}],"innererror":{"message":"no","stacktrace":"`, "at %d,{[ ",
			"There is no Ada, or two; {[\"}.", most, "Microsoft.Exchange.ManagementObjectNotFoundException", false,
		},
		"a stack behind the inner exception": {
			400, head + `"innererror":{"internalexception":{"message":"Quota, full","type":"QuotaException","x":"`, "%d\\\\\\\",", "Quota, full", most, "QuotaException", false,
		},
		"more details than are read": {400, head + `"details":[{"code":"Context","message":"||"},`, `{"code":"%d","message":"Ada, Bob"},`, "||", most, "", false},
		"a page":                     {502, "<html><title>Bad gateway</title>", "<p>%d</p>", "HTTP 502: Bad gateway", most, "", true},
		"a message without an end":   {400, head[:len(head)-24], "%d", "HTTP 400", most, "", false},
		"breaks off":                 {400, head + `"details":[{"code":"Context","message":"Taken"}],"innererror":{"mess`, "", "Taken", "(not read to its end: unexpected EOF)", "", false},
	} {
		status, begin, again = c.status, c.begin, c.again
		err := w.dial(&tokens{tenant: tenant}).Run(t.Context(), call("Set-Mailbox", "Identity", "ada", "Confirm", false), newHeard())
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), c.ends) || len(err.Error()) > 2000 {
			t.Errorf("%s: %.600v", name, err)
			continue
		}
		if told, is := errors.AsType[*exorest.CmdletError](err); is && told.Class != c.class {
			t.Errorf("%s: the class is %q", name, told.Class)
		} else if !is && c.class != "" {
			t.Errorf("%s: %T", name, err)
		}
		partial, is := errors.AsType[*session.PartialError](err)
		if unsure := is && partial.Unsure; unsure != c.unsure {
			t.Errorf("%s: unsure is %v", name, unsure)
		}
	}
}
