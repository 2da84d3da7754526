package wsman_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"testing"

	"postroom/session/wsman"
)

func discard() *log.Logger { return log.New(io.Discard, "", 0) }

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// affine answers InvalidSelectors to a client that does not bring the cookie
// of the server that has the shell, as Exchange Online's front end did.
func affine(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
	if q.Op == "Create" {
		http.SetCookie(w, &http.Cookie{Name: "MS-WSMAN", Value: "pod51", Path: "/powershell-liveid", Secure: true, HttpOnly: true, MaxAge: 900})
		http.SetCookie(w, &http.Cookie{Name: "old", Value: "x", Path: "/", MaxAge: 900})
		return false
	}
	if c, err := r.Cookie("MS-WSMAN"); err != nil || c.Value != "pod51" {
		return fault(w, q, wsman.ShellGoneFault("EX2", q.ShellID))
	}
	http.SetCookie(w, &http.Cookie{Name: "old", Value: "", Path: "/", MaxAge: -1})
	return false
}

func TestAffinityCookie(t *testing.T) {
	f := newFake(t, affine)
	cl := mustClient(t, f.config("/PowerShell-LiveID/?x=1")) // the cookie's path has another case
	s := mustCreate(t, cl)
	if err := s.Command(t.Context(), commandID, nil); err != nil {
		t.Fatal(err)
	}
	record := s.Record()
	if len(record.Cookies) != 1 || record.Cookies[0].Name != "MS-WSMAN" || record.Cookies[0].Expires.IsZero() || !record.Cookies[0].Secure {
		t.Errorf("cookies: %+v", record.Cookies)
	}
	other := mustCreate(t, cl) // a session has a jar of its own: nothing of s goes with it
	if h := f.http(2); h.Header.Get("Cookie") != "" {
		t.Errorf("a new session brings %s", h.Header.Get("Cookie"))
	}
	if err := other.Delete(t.Context()); err != nil {
		t.Error(err)
	}
	// What the ledger keeps is enough for another process.
	b, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	var again wsman.Record
	if err := json.Unmarshal(b, &again); err != nil {
		t.Fatal(err)
	}
	found, err := mustClient(t, f.config("/another/path")).Attach(again)
	if err != nil {
		t.Fatal(err)
	}
	if err := found.Signal(t.Context(), "", wsman.SignalTerminate); err != nil {
		t.Errorf("without affinity: %v", err)
	}
	if err := found.Delete(t.Context()); err != nil {
		t.Error(err)
	}
	last := f.seen()[len(f.seen())-1]
	if last.Op != "Delete" || last.ShellID != shellID || last.To != record.URL {
		t.Errorf("%+v", last)
	}
	if len(found.Record().Cookies) != 1 {
		t.Errorf("cookies after: %+v", found.Record().Cookies)
	}
}

// The body of an answer to Create may be lost, and its cookie come all the same:
// then the Delete goes to the server that has the shell.
func TestAffinityOfAnAnswerCutOff(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
		if q.Op != "Create" {
			return affine(w, r, q)
		}
		http.SetCookie(w, &http.Cookie{Name: "MS-WSMAN", Value: "pod51", Path: "/p", Secure: true})
		w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "<s:Envelope")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		panic(http.ErrAbortHandler)
	})
	s, err := mustClient(t, f.config("/p")).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	if s == nil || !wsman.SentMaybe(err) {
		t.Fatalf("%v, %v", s, err)
	}
	if c := s.Record().Cookies; len(c) != 1 || c[0].Value != "pod51" {
		t.Errorf("cookies: %+v", c)
	}
	if existed, err := s.DeleteExisting(t.Context()); err != nil || !existed {
		t.Errorf("the shell was looked for elsewhere: %v, %v", existed, err)
	}
}
