package wsman_test

import (
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session/credential"
	"postroom/session/wsman"
)

const (
	testUser     = "admin@contoso.example"
	testPassword = "p&ss<W\"rd>'ü"
	shellID      = "76056A84-51DC-4F24-9262-CA2A55464B2B"
	commandID    = "79590BBD-46E2-486A-85B0-70EA7049235E"
)

// fake is a server for tests: it records what arrives and answers by a
// function, or as a server with nothing to tell.
type fake struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	requests []*wsman.Request
	https    []*http.Request
	bodies   []string
	// answer writes the response; false means: answer as usual.
	answer func(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool
}

func newFake(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, q *wsman.Request) bool) *fake {
	t.Helper()
	f := &fake{t: t, answer: answer}
	f.Server = httptest.NewTLSServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	q, err := wsman.ParseRequest(body)
	if err != nil && len(body) > 0 {
		f.t.Errorf("request cannot be parsed: %v\n%s", err, body)
	}
	if q == nil {
		q = &wsman.Request{}
	}
	f.mu.Lock()
	f.requests, f.https, f.bodies = append(f.requests, q), append(f.https, r), append(f.bodies, string(body))
	f.mu.Unlock()
	if f.answer != nil && f.answer(w, r, q) {
		return
	}
	f.usual(w, r, q)
}

func (f *fake) usual(w http.ResponseWriter, r *http.Request, q *wsman.Request) {
	w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
	var out []byte
	switch q.Op {
	case "Create":
		out = wsman.AppendCreated(nil, q, wsman.Created{
			URL: q.To, ShellID: q.ShellID, ResourceURI: q.ResourceURI,
			IdleTimeout: 15 * time.Minute, MaxIdleTimeout: 12 * time.Hour,
		})
	case "Command":
		out = wsman.AppendCommandResponse(nil, q, q.CommandID)
	case "Receive":
		out = wsman.AppendReceive(nil, q, wsman.ReceiveAnswer{CommandID: q.CommandID})
	default:
		out = wsman.AppendAck(nil, q)
	}
	_, _ = w.Write(out)
}

func (f *fake) seen() []*wsman.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]*wsman.Request(nil), f.requests...)
}

func (f *fake) http(i int) *http.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.https[i]
}

func fault(w http.ResponseWriter, q *wsman.Request, f wsman.Fault) bool {
	w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(wsman.AppendFault(nil, q, f))
	return true
}

func (f *fake) roots() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(f.Certificate())
	return p
}

// config is a Config for the fake server that signs in with Basic.
func (f *fake) config(path string) wsman.Config {
	return wsman.Config{
		URL: f.URL + path, Configuration: "Microsoft.Exchange", Auth: wsman.Basic,
		Credential: credential.Credential{User: testUser, Secret: credential.NewSecret(testPassword)},
		RootCAs:    f.roots(),
	}
}

func mustClient(t *testing.T, c wsman.Config) *wsman.Client {
	t.Helper()
	cl, err := wsman.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.Close)
	return cl
}

func mustCreate(t *testing.T, cl *wsman.Client) *wsman.Shell {
	t.Helper()
	s, err := cl.Create(t.Context(), wsman.CreateOptions{ShellID: strings.ToLower(shellID), Open: []byte("open")})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// benchShell is a shell whose every Receive is answered by the same bytes.
func benchShell(b *testing.B, answer []byte) *wsman.Shell {
	b.Helper()
	f := &fake{}
	f.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
		if strings.Contains(string(body), "DesiredStream") {
			_, _ = w.Write(answer)
			return
		}
		q, err := wsman.ParseRequest(body)
		if err != nil {
			return
		}
		_, _ = w.Write(wsman.AppendCreated(nil, q, wsman.Created{URL: q.To, ShellID: q.ShellID}))
	}))
	b.Cleanup(f.Close)
	cl, err := wsman.New(f.config("/p"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(cl.Close)
	s, err := cl.Create(b.Context(), wsman.CreateOptions{ShellID: shellID})
	if err != nil {
		b.Fatal(err)
	}
	return s
}
