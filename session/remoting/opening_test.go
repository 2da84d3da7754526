package remoting_test

import (
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"postroom/session"
	"postroom/session/ledger"
	"postroom/session/psrp"
	"postroom/session/wsman"
)

// opener is a server that can do one thing: open a pool, with a question on
// the pool's own stream first, which it waits for.
type opener struct {
	mu      sync.Mutex
	more    chan struct{} // closed and made anew when there is something to fetch
	pool    *psrp.Server
	deleted bool
	refused bool // the question was answered with an error
	largest int  // of the envelopes that the client says it takes, after opening
	fail    func(string, ...any)
}

func (o *opener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	if len(body) == 0 { // what the front end is asked before
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	request, err := wsman.ParseRequest(body)
	if err != nil {
		o.fail("request: %v", err)
		return
	}
	var answer []byte
	switch request.Op {
	case "Create":
		o.take(request.Data)
		answer = wsman.AppendCreated(nil, request, wsman.Created{
			URL: "https://" + r.Host + r.URL.Path, ShellID: request.ShellID, ResourceURI: request.ResourceURI,
		})
	case "Send":
		o.take(request.Data)
		answer = wsman.AppendAck(nil, request)
	case "Receive":
		answer = o.receive(r, request)
	case "Command":
		answer = wsman.AppendFault(nil, request, wsman.ShellGoneFault("test", request.ShellID))
	case "Delete":
		o.mu.Lock()
		o.deleted = true
		o.wake()
		o.mu.Unlock()
		answer = wsman.AppendAck(nil, request)
	default:
		o.fail("%s was not expected", request.Op)
	}
	w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
	_, _ = w.Write(answer) // the client may be gone
}

// take handles what the client sent: it asks when the pool is to be opened,
// and opens it when it has an answer.
func (o *opener) take(data []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	events, err := o.pool.Receive(psrp.GUID{}, data)
	for _, e := range events {
		switch e := e.(type) {
		case psrp.Opening:
			_, err = o.pool.HostCall(psrp.GUID{}, psrp.HostWriteWarningLine, "The mailbox of this account moves tonight.")
			if err == nil {
				_, err = o.pool.HostCall(psrp.GUID{}, psrp.HostReadLine)
			}
		case psrp.HostResponse:
			o.refused = e.Err != nil
			err = o.pool.Opened(nil)
		}
	}
	if err != nil {
		o.fail("pool: %v", err)
	}
	o.wake()
}

func (o *opener) wake() {
	close(o.more)
	o.more = make(chan struct{})
}

func (o *opener) receive(r *http.Request, request *wsman.Request) []byte {
	for {
		o.mu.Lock()
		if o.pool.State() == psrp.PoolOpened {
			o.largest = max(o.largest, request.MaxEnvelope)
		}
		data, deleted, more := o.pool.Outgoing(psrp.GUID{}, 32<<10), o.deleted, o.more
		o.mu.Unlock()
		switch {
		case deleted:
			return wsman.AppendFault(nil, request, wsman.ShellGoneFault("test", request.ShellID))
		case data != nil:
			return wsman.AppendReceive(nil, request, wsman.ReceiveAnswer{Data: [][]byte{data}})
		}
		select {
		case <-more:
		case <-r.Context().Done():
			return nil
		}
	}
}

// A server may ask something while the session opens. Nobody can answer, and
// it is told so, instead of being let wait; what it warns of stands before the messages
// of the first run. And envelopes stay small for a
// server of protocol 2.1.
func TestAQuestionWhileTheSessionOpens(t *testing.T) {
	for version, envelope := range map[string]int{psrp.Version21: 153600, psrp.Version23: 512000} {
		t.Run(version, func(t *testing.T) {
			o := &opener{more: make(chan struct{}), pool: psrp.NewServer(psrp.ServerOptions{Version: version}), fail: t.Errorf}
			server := httptest.NewTLSServer(o)
			defer server.Close()
			book, err := ledger.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			m := session.NewManager(session.Options{Doors: behind(knows("x")), Ledger: book})
			at := targetAt(server.URL+"/powershell/", "a@b.example", "")
			at.RootCAs = x509.NewCertPool()
			at.RootCAs.AddCert(server.Certificate())
			at.Trace = newWire()
			id, err := m.Open(patient(t), at)
			if err != nil {
				t.Fatal(err)
			}
			// The Receive after the opening says what the client takes.
			if err := at.Trace.(*wire).wait(patient(t), "request Receive", 3); err != nil {
				t.Error(err)
			}
			for run, want := range []int{1, 0} {
				var heard hearing
				_ = m.Run(patient(t), id, allMailboxes, &heard) // this server has no commands
				if warned := heard.warnings(); len(warned) != want || want > 0 && warned[0] != "The mailbox of this account moves tonight." {
					t.Errorf("run %d heard %q", run, warned)
				}
			}
			if err := closeAll(m); err != nil {
				t.Error(err)
			}
			o.mu.Lock()
			defer o.mu.Unlock()
			if !o.refused {
				t.Error("the question was not answered with an error")
			}
			if o.largest != envelope {
				t.Errorf("the client takes envelopes of %d bytes from a server of protocol %s, want %d", o.largest, version, envelope)
			}
		})
	}
}

// hearing keeps what is said in a run.
type hearing struct {
	runSink
	said []session.Message
}

func (h *hearing) Message(m session.Message) { h.said = append(h.said, m) }

func (h *hearing) warnings() (texts []string) {
	for _, m := range h.said {
		if m.Kind == session.MessageWarning {
			texts = append(texts, m.Text)
		}
	}
	return texts
}
