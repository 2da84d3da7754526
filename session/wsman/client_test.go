package wsman_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"postroom/session/wsman"
)

func TestOperations(t *testing.T) {
	data := bytes.Repeat([]byte{0, 1, 2, 250, 255}, 20_000)
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request, q *wsman.Request) bool {
		if q.Op != "Receive" || q.CommandID == "" {
			return false
		}
		w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
		_, _ = w.Write(wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{
			CommandID: q.CommandID, Data: [][]byte{data[:7], data[7:]}, State: "Done", ExitCode: 3,
		}))
		return true
	})
	c := f.config("/powershell-liveid/?DelegatedOrg=contoso.example&x=<1>;b='2'")
	c.URL = f.URL + "/powershell-liveid/?DelegatedOrg=contoso.example&x=%3C1%3E;b='2'"
	cl := mustClient(t, c)
	ctx := t.Context()
	s := mustCreate(t, cl)
	if s.ID() != shellID || s.IdleTimeout() != 15*time.Minute || s.MaxIdleTimeout() != 12*time.Hour {
		t.Errorf("shell %s, idle %v of %v", s.ID(), s.IdleTimeout(), s.MaxIdleTimeout())
	}
	for name, err := range map[string]error{
		"command":   s.Command(ctx, commandID, []byte("first")),
		"send":      s.Send(ctx, commandID, "stdin", []byte("more")),
		"send pool": s.Send(ctx, "", "pr", []byte("answer")),
		"signal":    s.Signal(ctx, commandID, wsman.SignalStop),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, err := s.Receive(ctx, commandID)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(r.Data, data) || !r.Done || r.State != "Done" || r.ExitCode != 3 {
		t.Errorf("received %d bytes, done %v, %q, exit %d", len(r.Data), r.Done, r.State, r.ExitCode)
	}
	twin := r
	r.Release()
	r.Release()
	twin.Release() // a copy gives nothing back twice
	if r, err = s.Receive(ctx, ""); err != nil || len(r.Data) != 0 || r.Done {
		t.Errorf("receive of the shell: %+v, %v", r, err)
	}
	if err := s.Delete(ctx); err != nil {
		t.Error(err)
	}
	for _, q := range f.seen() {
		if q.To != c.URL || q.ShellID != shellID || q.ResourceURI != "http://schemas.microsoft.com/powershell/Microsoft.Exchange" {
			t.Errorf("%s: to %q, shell %q, resource %q", q.Op, q.To, q.ShellID, q.ResourceURI)
		}
	}
	for i := range f.seen() {
		if h := f.http(i); h.RequestURI != "/powershell-liveid/?DelegatedOrg=contoso.example&x=%3C1%3E;b='2'" {
			t.Errorf("path and query are not verbatim: %s", h.RequestURI)
		} else if u, p, ok := h.BasicAuth(); !ok || u != testUser || p != testPassword {
			t.Error("not signed in")
		}
	}
}
