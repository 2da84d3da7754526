// Package interop tests our protocol rooms against implementations that nobody
// here wrote: psrpcore (a server half of PSRP, wrapped in WS-Man by the scripts
// in peer/), pypsrp (a client, for our simulator), pyspnego and a real KDC for
// NTLM and Kerberos with message encryption. What is missing on a machine is
// skipped with its name.
package interop

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postroom/test/fixture"
)

const (
	account  = "admin@example.org"
	password = "geheim \u00fc:\u20ac"
)

// python is the interpreter that has the foreign implementations. The test is
// skipped where make setup could not install them.
func python(t testing.TB) string {
	t.Helper()
	venv := filepath.Join(fixture.Root(t), ".venv")
	if _, err := os.Stat(filepath.Join(venv, "requirements.installed")); err != nil {
		t.Skip("the Python packages of test/interop/requirements.txt are not installed: make setup")
	}
	return filepath.Join(venv, "bin", "python")
}

// peer is a running peer/server.py.
type peer struct {
	url   string
	roots *x509.CertPool
}

// startPeer runs the psrpcore server until the test ends. An argument "--https"
// gives it a certificate of an authority of its own.
func startPeer(t testing.TB, env []string, args ...string) *peer {
	t.Helper()
	p := &peer{}
	if len(args) > 0 && args[0] == "--https" {
		var file string
		file, p.roots = certificate(t)
		args = append([]string{"--cert", file}, args[1:]...)
	}
	script := filepath.Join(fixture.Root(t), "test", "interop", "peer", "server.py")
	cmd := exec.Command(python(t), append([]string{script}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	first, err := lines.ReadString('\n')
	rest := make(chan string, 1)
	go func() { // ends when the server closes its standard output
		text, _ := io.ReadAll(lines)
		rest <- string(text)
	}()
	t.Cleanup(func() {
		_ = stdin.Close()
		out := <-rest
		waitErr := cmd.Wait()
		if t.Failed() || waitErr != nil {
			t.Logf("server.py ended (%v) and said:\n%s%s", waitErr, out, said.String())
		}
		if waitErr != nil {
			t.Errorf("server.py: %v", waitErr)
		}
	})
	url, found := strings.CutPrefix(strings.TrimSpace(first), "url: ")
	if err != nil || !found {
		t.Fatalf("server.py began with %q (%v)", first, err)
	}
	p.url = url
	return p
}

// startBasic is the server that most tests want: https and Basic.
func startBasic(t testing.TB, args ...string) *peer {
	t.Helper()
	return startPeer(t, []string{"POSTROOM_TEST_PASSWORD=" + password},
		append([]string{"--https", "--user", account, "--password-env", "POSTROOM_TEST_PASSWORD"}, args...)...)
}

// stats are the server's counters.
func (p *peer) stats(t testing.TB) map[string]any {
	t.Helper()
	base, _, _ := strings.Cut(p.url, "/powershell/")
	req, err := http.NewRequestWithContext(patient(t), http.MethodGet, base+"/stats", nil)
	if err != nil {
		t.Fatal(err)
	}
	return getJSON(t, p.roots, req)
}

func (p *peer) count(t testing.TB, name string) int {
	t.Helper()
	n, _ := p.stats(t)[name].(float64)
	return int(n)
}

func getJSON(t testing.TB, roots *x509.CertPool, req *http.Request) map[string]any {
	t.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig.RootCAs = roots
	transport.Proxy = nil
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var values map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&values); err != nil {
		t.Fatal(err)
	}
	return values
}

// certificate makes a self-signed one for localhost: a PEM file with its key,
// and the pool that trusts it.
func certificate(t testing.TB) (file string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})...)
	file = filepath.Join(t.TempDir(), "server.pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return file, roots
}

// patience is the longest that any single step may take; it bounds a test that
// hangs and asserts nothing. It outlives the test's own context, because
// cleaning up needs the network as well.
const patience = 5 * time.Minute

func patient(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	t.Cleanup(cancel)
	return ctx
}
