package exorest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/bounded"
	"postroom/session/exorest"
)

// endlessly writes an answer that never ends, until the reader has gone.
func endlessly(w http.ResponseWriter, begin, again string) {
	_, err := io.WriteString(w, begin)
	for n := 0; err == nil; n++ {
		_, err = fmt.Fprintf(w, again, n)
	}
}

// No answer is read without end: neither pages, nor batches, nor the module file. What came
// until then is kept, what was read is told to be a part, and a change is not sent again.
func TestAnswersAreBounded(t *testing.T) {
	const row = `{"Guid":"%[1]d","Name":"` + "nobody" + `"},`
	batchOf := func(r sent) string {
		var in struct {
			Requests []struct{ ID string }
		}
		if err := json.Unmarshal(r.body, &in); err != nil || len(in.Requests) == 0 {
			t.Errorf("%v: %.200s", err, r.body)
			return ""
		}
		return in.Requests[0].ID
	}
	w := newWorld(t, func(w http.ResponseWriter, r sent) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.Contains(r.uri, "EXOModuleFile") && strings.Contains(r.uri, "Version=9"):
			endlessly(w, `{"value":[{"fileName":"ExchangeOnline.psm1","fileContent":"`, "# %[1]d ")
		case strings.Contains(r.uri, "EXOModuleFile"):
			moduleOf().write(w)
		case strings.Contains(r.uri, "$batch"):
			endlessly(w, `{"responses":[{"id":"`+batchOf(r)+`","status":200,"body":{"value":[]}},`, `{"id":"%[1]d","status":200,"body":{}},`)
		default:
			endlessly(w, `{"value":[`, row)
		}
	})
	d := exorest.NewDoor(exorest.Options{Tokens: &tokens{tenant: tenant}, Pause: time.Millisecond, MostAnswer: 1 << 20})
	open := func(version string) session.Conn {
		to := w.target()
		to.Endpoint.Modern.ModuleVersion = version
		c, err := d.Dial(t.Context(), to, session.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close(t.Context()) })
		return c
	}
	tooLong := func(what string, err error, most int64) {
		t.Helper()
		long, is := errors.AsType[*bounded.Error](err)
		if !is || long.Most != most {
			t.Errorf("%s: %v", what, err)
		}
	}
	h := newHeard()
	err := open("").Run(t.Context(), call("Get-Mailbox", "ResultSize", "Unlimited"), h)
	tooLong("pages", err, 1<<20)
	if partial, is := errors.AsType[*session.PartialError](err); !is || partial.Rows != h.rows() || partial.Unsure || h.rows() < 1000 {
		t.Errorf("%d rows came: %v", h.rows(), err)
	}
	before := len(w.requests())
	err = open("").Run(t.Context(), call("Set-Mailbox", "Identity", "ada", "Confirm", false), newHeard())
	tooLong("a change", err, 1<<20)
	if partial, is := errors.AsType[*session.PartialError](err); !is || !partial.Unsure || len(w.requests()) != before+2 { // with the module file
		t.Errorf("%d requests: %v", len(w.requests())-before, err)
	}
	one := newHeard()
	errs, can := open("").(session.EachRunner).RunEach(t.Context(), []session.Call{{Command: call("Get-MailboxStatistics", "Identity", "ada"), Sink: one}})
	if !can || len(errs) != 1 {
		t.Fatalf("%v, %v", errs, can)
	}
	tooLong("a batch", errs[0], 1<<19)
	_, err = open("9.9").Commands(t.Context())
	tooLong("the module file", err, 1<<17)
}
