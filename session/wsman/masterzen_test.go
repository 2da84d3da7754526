package wsman_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/masterzen/winrm"

	"postroom/session/wsman"
)

// cmdShell answers as a Windows host with a cmd shell.
func cmdShell(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool {
	if c, err := r.Cookie("MS-WSMAN"); q.Op != "Create" && (err != nil || c.Value != "a") {
		return fault(w, q, wsman.ShellGoneFault("EX1", q.ShellID))
	}
	http.SetCookie(w, &http.Cookie{Name: "MS-WSMAN", Value: "a"})
	w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
	switch q.Op {
	case "Create":
		q.ShellID = shellID
		_, _ = w.Write(wsman.AppendCreated(nil, q, wsman.Created{ShellID: shellID, URL: q.To, ResourceURI: q.ResourceURI}))
	case "Command":
		_, _ = w.Write(wsman.AppendCommandResponse(nil, q, commandID))
	case "Receive":
		out := string(wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{CommandID: commandID, State: "Done", ExitCode: 7}))
		streams := fmt.Sprintf(`<rsp:Stream Name="stdout" CommandId="%[1]s">%[2]s</rsp:Stream><rsp:Stream Name="stderr" CommandId="%[1]s">%[3]s</rsp:Stream>`,
			commandID, base64.StdEncoding.EncodeToString([]byte("out")), base64.StdEncoding.EncodeToString([]byte("err")))
		_, _ = w.Write([]byte(strings.Replace(out, "<rsp:CommandState", streams+"<rsp:CommandState", 1)))
	default:
		return false
	}
	return true
}

// riding is masterzen's own client over our connections to a path of a fake.
func riding(t *testing.T, f *fake, path string) *winrm.Client {
	t.Helper()
	cl := mustClient(t, f.config(path))
	tr, err := cl.NewTransport(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.Close)
	client, err := winrm.NewClientWithParameters(cl.Endpoint(), "ignored", "ignored", cl.Parameters(tr))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// masterzen's own client runs a command over our connections: its sign-in,
// path, query, cookies and faults are ours.
func TestMasterzenRides(t *testing.T) {
	f := newFake(t, cmdShell)
	client := riding(t, f, "/wsman-of-ours?a=1&b=2")
	var stdout, stderr bytes.Buffer
	code, err := client.RunWithContext(t.Context(), "ver", &stdout, &stderr)
	if err != nil || code != 7 || stdout.String() != "out" || stderr.String() != "err" {
		t.Errorf("%d, %q, %q, %v", code, stdout.String(), stderr.String(), err)
	}
	for i, q := range f.seen() {
		if q.To != f.URL+"/wsman-of-ours?a=1&b=2" || f.http(i).RequestURI != "/wsman-of-ours?a=1&b=2" {
			t.Errorf("%s went to %q, %s", q.Op, q.To, f.http(i).RequestURI)
		}
		if u, _, _ := f.http(i).BasicAuth(); u != testUser {
			t.Errorf("%s as %q", q.Op, u)
		}
	}
}

// It runs a command at a Windows host, as one answered that was recorded.
func TestMasterzenRidesToAWindowsHost(t *testing.T) {
	var mu sync.Mutex
	answers := map[string][]string{}
	for _, e := range recorded(t) {
		if e.file == "client_execute_cmd.yml" {
			action := parse(t, e.Request).find("Header", "Action")[0].Text
			op := action[strings.LastIndex(action, "/")+1:]
			answers[op] = append(answers[op], e.Response)
		}
	}
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if len(answers[q.Op]) == 0 {
			return fault(w, q, wsman.ShellGoneFault("EX1", q.ShellID))
		}
		w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
		_, _ = io.WriteString(w, answers[q.Op][0])
		answers[q.Op] = answers[q.Op][1:]
		return true
	})
	client := riding(t, f, "/powershell-liveid/?DelegatedOrg=contoso.example&x=1")
	var stdout, stderr bytes.Buffer
	code, err := client.RunWithContext(t.Context(), "dir", &stdout, &stderr)
	if err != nil || code != 0 || !strings.Contains(stdout.String(), "Volume in drive C is Windows 2016") || stderr.Len() != 0 {
		t.Errorf("%d, %q, %q, %v", code, stdout.String(), stderr.String(), err)
	}
	var asked []string
	for i, q := range f.seen() {
		asked = append(asked, q.Op)
		if uri := f.http(i).RequestURI; uri != "/powershell-liveid/?DelegatedOrg=contoso.example&x=1" {
			t.Errorf("%s went to %s", q.Op, uri)
		}
	}
	if want := []string{"Create", "Command", "Receive", "Signal", "Delete"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
}

// Its traps: a fault with HTTP 500 is an error, so is a redirect, and an
// endpoint that would switch off the check of certificates.
func TestMasterzenTraps(t *testing.T) {
	quota := newFake(t, func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
		return fault(w, q, wsman.Fault{Code: 0x803381A5, Message: "three"})
	})
	moved := newFake(t, sendTo("https://elsewhere.example/"))
	page := newFake(t, func(w http.ResponseWriter, _ *http.Request, _ *wsman.Request) bool {
		w.WriteHeader(http.StatusNotFound)
		return true
	})
	for _, c := range []struct {
		f  *fake
		as any
	}{{quota, new(*wsman.Fault)}, {moved, new(*wsman.RedirectError)}, {page, new(*wsman.HTTPError)}} {
		cl := mustClient(t, c.f.config("/p"))
		tr, err := cl.NewTransport(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		client, err := winrm.NewClientWithParameters(cl.Endpoint(), "", "", cl.Parameters(tr))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.CreateShell(); err == nil || !errors.As(err, c.as) {
			t.Errorf("%T: %v", c.as, err)
		}
		if len(c.f.seen()) != 1 {
			t.Errorf("%d requests", len(c.f.seen()))
		}
	}
	cl := mustClient(t, quota.config("/p"))
	tr, err := cl.NewTransport(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ep := cl.Endpoint()
	ep.Insecure = true
	if err := tr.Transport(ep); !errors.Is(err, wsman.ErrConfig) {
		t.Errorf("an insecure endpoint: %v", err)
	}
	if p := cl.Parameters(tr); p == winrm.DefaultParameters || winrm.DefaultParameters.TransportDecorator != nil {
		t.Error("the library's shared defaults were changed")
	}
}
