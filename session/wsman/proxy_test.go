package wsman_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/session/proxy"
	"postroom/session/wsman"
)

// tunnels is a proxy that opens tunnels, to one server whatever it is asked for.
type tunnels struct {
	*httptest.Server
	mu    sync.Mutex
	hosts []string
}

func newTunnels(t *testing.T, to string, refuse func(http.ResponseWriter, string) bool) *tunnels {
	t.Helper()
	p := &tunnels{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.hosts = append(p.hosts, r.Host)
		p.mu.Unlock()
		if r.Method != http.MethodConnect || r.Header.Get("Authorization") != "" {
			t.Errorf("proxy got %s with %v", r.Method, r.Header)
		}
		if refuse == nil || !refuse(w, r.Host) {
			tunnel(w, to)
		}
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *tunnels) asked() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.hosts, " ")
}

func tunnel(w http.ResponseWriter, host string) {
	out, err := net.Dial("tcp", host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
	in, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = out.Close()
		return
	}
	go func() { // ends when the server's side is closed
		_, _ = io.Copy(in, out)
		_ = in.Close()
	}()
	_, _ = io.Copy(out, bufio.NewReader(buffered))
	_ = out.Close()
}

func host(t *testing.T, serverURL string) string {
	t.Helper()
	u, err := url.Parse(serverURL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// A proxy gives one tunnel for all requests, and never sees the sign-in.
func TestProxy(t *testing.T) {
	f := newFake(t, nil)
	tunnels := newTunnels(t, host(t, f.URL), nil)
	u, err := url.Parse(tunnels.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := f.config("/p")
	c.Proxy = proxyAt(t, u)
	s := mustCreate(t, mustClient(t, c))
	if err := s.Delete(t.Context()); err != nil {
		t.Error(err)
	}
	if tunnels.asked() != host(t, f.URL) || len(f.seen()) != 2 {
		t.Errorf("tunnels to %q, %d requests", tunnels.asked(), len(f.seen()))
	}
}

// A proxy that opens no tunnel says why by its status alone: its words are its
// own, in any language.
func TestProxyRefuses(t *testing.T) {
	refusing := newTunnels(t, "", func(w http.ResponseWriter, host string) bool {
		if host == "sign-in.example:443" {
			in, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(in, "HTTP/1.1 407 Bitte anmelden\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
				_ = in.Close()
			}
			return true
		}
		w.WriteHeader(http.StatusForbidden)
		return true
	})
	u, err := url.Parse(refusing.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := newFake(t, nil).config("/p")
	c.Proxy = proxyAt(t, u)
	c.URL = "https://sign-in.example/p"
	_, err = mustClient(t, c).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	var refused *proxy.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusProxyAuthRequired || refused.User != "" ||
		strings.Join(refused.Schemes, " ") != "Negotiate Basic" || wsman.SentMaybe(err) {
		t.Errorf("%v", err)
	}
	c.URL = "https://forbidden.example/p"
	_, err = mustClient(t, c).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	var n *wsman.NetError
	if !errors.As(err, &n) || n.SentMaybe || !errors.As(err, &refused) || refused.Status != http.StatusForbidden {
		t.Errorf("%v", err)
	}
}

// Plain http goes through a tunnel as well: NTLM signs in a connection, which a
// proxy that forwards requests would share.
func TestProxyTunnelsPlainHTTP(t *testing.T) {
	f := newNTLMServer(t)
	tunnels := newTunnels(t, host(t, f.URL), nil)
	u, err := url.Parse(tunnels.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := f.config()
	c.URL, c.Proxy = "http://mail.invalid:5985/powershell", proxyAt(t, u)
	client := mustClient(t, c)
	var steps []string
	err = client.Probe(t.Context(), func(s wsman.Step) { steps = append(steps, s.Name) })
	if !strings.Contains(tunnels.asked(), "mail.invalid:5985") || len(steps) == 0 || steps[0] != "proxy" {
		t.Errorf("tunnels to %q, steps %v, %v", tunnels.asked(), steps, err)
	}
}

func proxyAt(t *testing.T, u *url.URL) proxy.Setting {
	t.Helper()
	s, err := proxy.Parse(u.String())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// proxyChild tells the test below that it runs in a process of its own: the
// environment's proxies are read once in the life of a process.
const proxyChild = "POSTROOM_TEST_PROXY_CHILD"

// The proxies of the environment are used, and what NO_PROXY names goes its own
// way.
func TestProxyOfTheEnvironment(t *testing.T) {
	if os.Getenv(proxyChild) != "" {
		createFromEnvironment(t)
		return
	}
	f := newNamedFake(t, "mail.invalid")
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		variables string
		asked     string
	}{
		"proxy":            {"HTTPS_PROXY=%", "mail.invalid:443"},
		"lower case":       {"https_proxy=%", "mail.invalid:443"},
		"other exceptions": {"HTTPS_PROXY=% NO_PROXY=.example.org,10.0.0.0/8", "mail.invalid:443"},
		"an exception":     {"HTTPS_PROXY=% NO_PROXY=localhost,.invalid", ""},
		"for http only":    {"HTTP_PROXY=%", ""},
	} {
		proxy := newTunnels(t, host(t, f.URL), nil)
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyOfTheEnvironment$")
		cmd.Env = append([]string{proxyChild + "=" + ca}, strings.Fields(strings.ReplaceAll(c.variables, "%", proxy.URL))...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		if proxy.asked() != c.asked {
			t.Errorf("%s: tunnels to %q, want %q\n%s", name, proxy.asked(), c.asked, out)
		}
	}
	if got := len(f.seen()); got != 3 {
		t.Errorf("%d shells, want one through each tunnel", got)
	}
}

// createFromEnvironment opens a shell at a name that only a proxy can reach.
func createFromEnvironment(t *testing.T) {
	b, err := os.ReadFile(os.Getenv(proxyChild))
	if err != nil {
		t.Fatal(err)
	}
	c := newFake(t, nil).config("/p")
	c.URL, c.RootCAs = "https://mail.invalid/p", x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(b) {
		t.Fatal("no certificate")
	}
	_, err = mustClient(t, c).Create(t.Context(), wsman.CreateOptions{ShellID: shellID})
	var direct *net.DNSError
	if err != nil && !errors.As(err, &direct) {
		t.Error(err)
	}
}

// newNamedFake is a fake whose certificate is for one name.
func newNamedFake(t *testing.T, name string) *fake {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{t: t}
	f.Server = httptest.NewUnstartedServer(f)
	f.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	f.StartTLS()
	t.Cleanup(f.Close)
	return f
}
