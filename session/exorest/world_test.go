package exorest_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/exorest"
	"postroom/session/proxy"
	"postroom/session/result"
	"postroom/test/fixture"
)

const (
	tenant = "5b1f0a52-0d3e-4d5e-9c61-7f2b9a4c1d20" // of the fixtures
	user   = "ada@nordwind.example"
	front  = "https://outlook.office365.com"
	secret = "eyJ0eXAi.postroom-test-token.c2VjcmV0" // what must be nowhere
)

// sent is a request that came to a host.
type sent struct {
	host   string
	method string
	uri    string
	header http.Header
	body   []byte
}

func (s sent) parameters(t *testing.T) map[string]any {
	t.Helper()
	var in struct {
		CmdletInput struct {
			CmdletName string
			Parameters map[string]any
		}
	}
	if err := json.Unmarshal(s.body, &in); err != nil {
		t.Fatalf("%v: %s", err, s.body)
	}
	if in.CmdletInput.Parameters == nil {
		t.Errorf("Parameters are null or missing: %s", s.body)
	}
	return in.CmdletInput.Parameters
}

// world is every host that there is, behind a proxy that notes who was called:
// names are the real ones, and none of them is reached.
type world struct {
	t      *testing.T
	proxy  net.Listener
	server net.Listener
	roots  *x509.CertPool
	answer func(w http.ResponseWriter, r sent)

	mu     sync.Mutex
	called []string // hosts that a tunnel was asked to
	sent   []sent
	wg     sync.WaitGroup
}

func newWorld(t *testing.T, answer func(http.ResponseWriter, sent)) *world {
	t.Helper()
	w := &world{t: t, answer: answer}
	certificate := w.certificate()
	var lc net.ListenConfig
	var err error
	if w.proxy, err = lc.Listen(t.Context(), "tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	inner, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.server = tls.NewListener(inner, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	s := &http.Server{Handler: http.HandlerFunc(w.serve), ReadHeaderTimeout: time.Minute}
	w.wg.Go(func() { _ = s.Serve(w.server) })
	w.wg.Go(w.accept)
	t.Cleanup(func() { _, _ = s.Close(), w.proxy.Close(); w.wg.Wait() })
	return w
}

func (w *world) certificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "world"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		DNSNames: []string{
			"outlook.office365.com", "*.outlook.office365.com", "ps.compliance.protection.outlook.com", "*.ps.compliance.protection.outlook.com",
			"*.ps.compliance.protection.office365.us",
			"*.admin.protection.outlook.com", "*.outlook.office365.com.evil.example", "evil.example",
		},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		w.t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		w.t.Fatal(err)
	}
	w.roots = x509.NewCertPool()
	w.roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// accept is the proxy: every tunnel leads to the one server.
func (w *world) accept() {
	for {
		c, err := w.proxy.Accept()
		if err != nil {
			return
		}
		w.wg.Go(func() {
			defer func() { _ = c.Close() }()
			in := bufio.NewReader(c)
			r, err := http.ReadRequest(in)
			if err != nil || r.Method != http.MethodConnect {
				return
			}
			w.mu.Lock()
			w.called = append(w.called, r.Host)
			w.mu.Unlock()
			var d net.Dialer
			to, err := d.DialContext(context.WithoutCancel(w.t.Context()), "tcp", w.server.Addr().String())
			if err != nil {
				return
			}
			defer func() { _ = to.Close() }()
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			done := make(chan struct{}, 2)
			w.wg.Go(func() { _, _ = io.Copy(to, in); _ = to.Close(); done <- struct{}{} })
			_, _ = io.Copy(c, to)
			_ = c.Close()
			<-done
		})
	}
}

func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s := sent{host: r.Host, method: r.Method, uri: r.URL.RequestURI(), header: r.Header.Clone(), body: body}
	w.mu.Lock()
	w.sent = append(w.sent, s)
	w.mu.Unlock()
	w.answer(rw, s)
}

// requests are those so far.
func (w *world) requests() []sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

func (w *world) hosts() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.called)
}

// tokens gives one token for one tenant.
type tokens struct {
	tenant string
	home   string // the account's own
	mu     sync.Mutex
	asked  []session.TokenRequest
	fail   func(session.TokenRequest) error
}

func (k *tokens) Token(_ context.Context, _ session.Target, r session.TokenRequest) (session.Token, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked = append(k.asked, r)
	if k.fail != nil {
		if err := k.fail(r); err != nil {
			return session.Token{}, err
		}
	}
	return session.Token{Secret: credential.NewSecret(secret), Tenant: k.tenant, Home: k.home, Account: user, Expires: time.Now().Add(time.Hour)}, nil
}

func (k *tokens) requests() []session.TokenRequest {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.asked)
}

func (w *world) target() session.Target {
	return session.Target{
		Endpoint: endpoint.Endpoint{
			ID: "exo", Name: "Exchange Online", URL: front, Kind: endpoint.KindOnline, Door: endpoint.REST, Auth: []string{endpoint.AuthModern},
			Proxy: proxy.Setting("http://" + w.proxy.Addr().String()),
		},
		Tenant: endpoint.Tenant{ID: tenant}, Account: user, RootCAs: w.roots,
	}
}

// dial opens a connection with the fixtures' tenant.
func (w *world) dial(k *tokens, change ...func(*session.Target)) session.Conn {
	w.t.Helper()
	t := w.target()
	for _, f := range change {
		f(&t)
	}
	d := exorest.NewDoor(exorest.Options{Tokens: k, Program: "Postroom/0.9", Pause: time.Millisecond})
	c, err := d.Dial(w.t.Context(), t, session.DialOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

// heard is a sink that keeps everything.
type heard struct {
	*result.Builder
	table    *result.Table
	messages []session.Message
	prompts  []session.Prompt
	answer   int // the choice; -1 for nobody
}

func newHeard() *heard {
	t := result.NewTable(result.Provenance{})
	return &heard{Builder: t.Builder(), table: t}
}

func (h *heard) Message(m session.Message) { h.messages = append(h.messages, m) }

func (h *heard) Ask(_ context.Context, p session.Prompt) (session.Answer, error) {
	h.prompts = append(h.prompts, p)
	if h.answer < 0 {
		return session.Answer{}, session.ErrNoAnswer
	}
	return session.Answer{Choices: []int{h.answer}}, nil
}

func (h *heard) texts(k session.MessageKind) []string {
	var all []string
	for _, m := range h.messages {
		if m.Kind == k {
			all = append(all, m.Text)
		}
	}
	return all
}

func (h *heard) rows() int { n, _ := h.table.Snapshot().Size(); return n }

func (h *heard) cell(t *testing.T, row int, name string) result.Value {
	t.Helper()
	v := h.table.Snapshot()
	col, ok := v.Column(name)
	if !ok {
		t.Errorf("there is no column %s in %v", name, v.Headers())
		return result.Value{}
	}
	return v.Value(row, col)
}

// sample is a file of the fixtures.
type sample struct {
	Note     string          `json:"note"`
	Request  sampleRequest   `json:"request"`
	Response sampleResponse  `json:"response"`
	Exchange []sample        `json:"exchange"`
	Also     json.RawMessage `json:"also"`
	Body     json.RawMessage `json:"body"`
}

type sampleRequest struct {
	Method, URL string
	Headers     map[string]string
	Body        json.RawMessage
}

type sampleResponse struct {
	Status  int
	Headers map[string]string
	Body    json.RawMessage
}

func readSample(t *testing.T, name string) sample {
	t.Helper()
	var s sample
	if err := json.Unmarshal(fixture.Read(t, "exo-rest", name), &s); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

// write answers as a fixture says. A body that is a text is sent as it is.
func (r sampleResponse) write(w http.ResponseWriter) {
	for name, text := range r.Headers {
		w.Header().Set(name, text)
	}
	body := []byte(r.Body)
	var text string
	if json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	}
	if bytes.Equal(body, []byte("null")) {
		body = make([]byte, 4096) // error-rbac-nul: zeros
	}
	w.WriteHeader(r.Status)
	_, _ = w.Write(body)
}

// playing answers with samples in their order, the last again and again.
func playing(list ...sampleResponse) func(http.ResponseWriter, sent) {
	var mu sync.Mutex
	next := 0
	return func(w http.ResponseWriter, s sent) {
		if strings.Contains(s.uri, "EXOModuleFile") {
			moduleOf().write(w)
			return
		}
		mu.Lock()
		r := list[min(next, len(list)-1)]
		next++
		mu.Unlock()
		r.write(w)
	}
}

// moduleOf is a module file with the cmdlets of the fixtures.
func moduleOf() sampleResponse {
	script := "$script:PublicKey = ''\n"
	for name, binding := range map[string]string{
		"Remove-TransportRule": "SupportsShouldProcess=$true, ConfirmImpact='High'", "Set-Mailbox": "SupportsShouldProcess=$true, ConfirmImpact='Medium'",
		"Add-DistributionGroupMember": "SupportsShouldProcess=$true", "Get-Mailbox": "", "Get-MailboxStatistics": "", "Get-OrganizationConfig": "", "Get-AcceptedDomain": "",
	} {
		parameters := "        [Parameter(Position=0, ValueFromPipeline=$true)]\n        [System.Object]\n        ${Identity}"
		if name == "Get-Mailbox" {
			parameters += ",\n        [System.Object]\n        ${ResultSize}"
		}
		script += fmt.Sprintf("\nfunction script:%s\n{\n    [CmdletBinding(%s)]\n    param(\n%s\n    )\n    process { }\n}\n", name, binding, parameters)
	}
	b, err := json.Marshal(map[string]any{"value": []any{map[string]any{"fileName": "ExchangeOnline.psm1", "fileContent": script}}})
	if err != nil {
		panic(err)
	}
	return sampleResponse{Status: 200, Headers: map[string]string{"Content-Type": "application/json"}, Body: b}
}

// invocation reads a fixture's request as a call.
func (r sampleRequest) invocation(t *testing.T) cmdlet.Invocation {
	t.Helper()
	var in struct {
		CmdletInput struct {
			CmdletName string
			Parameters map[string]any
		}
	}
	if err := json.Unmarshal(r.Body, &in); err != nil {
		t.Fatal(err)
	}
	i := cmdlet.Invocation{Cmdlet: in.CmdletInput.CmdletName}
	for name, v := range in.CmdletInput.Parameters {
		if n, ok := v.(float64); ok {
			v = int64(n)
		}
		i.Args = append(i.Args, cmdlet.Arg{Name: name, Value: v})
	}
	return i
}
