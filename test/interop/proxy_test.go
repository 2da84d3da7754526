package interop

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/session/credential"
	"postroom/session/proxy"
	"postroom/test/fixture"
)

// startProxy runs peer/proxy.py until the test ends, and gives its address.
func startProxy(t *testing.T, to string, args ...string) string {
	t.Helper()
	users := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(users, []byte("CONTOSO:ada:geheim 50% ü€\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(fixture.Root(t), "test", "interop", "peer", "proxy.py")
	cmd := exec.Command(python(t), append([]string{script, "--to", to}, args...)...)
	cmd.Env = append(os.Environ(), "NTLM_USER_FILE="+users)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close() // the proxy ends with it
		_ = cmd.Wait()
	})
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return "127.0.0.1:" + strings.TrimSpace(port)
}

// A proxy that nobody here wrote lets us through by each sign-in that it
// offers, and a wrong password is told as refused.
func TestProxySignIn(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	defer srv.Close()
	to := srv.Listener.Addr().String()
	for _, c := range []struct {
		name, user, word, setting string
		args                      []string
		refused                   bool
	}{
		{name: "NTLM", user: `CONTOSO%5Cada`, word: "geheim 50% ü€", args: []string{"--scheme", "NTLM"}},
		{name: "NTLM over Negotiate", user: `CONTOSO%5Cada`, word: "geheim 50% ü€", args: []string{"--scheme", "Negotiate"}},
		{name: "NTLM of a proxy that closes first", user: `CONTOSO%5Cada`, word: "geheim 50% ü€", args: []string{"--scheme", "NTLM", "--closes"}},
		{name: "Basic", user: "ada", word: "50%:ü", args: []string{"--scheme", "Basic", "--user", "ada:50%:ü"}},
		{name: "wrong NTLM password", user: `CONTOSO%5Cada`, word: "no", args: []string{"--scheme", "NTLM"}, refused: true},
		{name: "wrong Basic password", user: "ada", word: "no", args: []string{"--scheme", "Basic", "--user", "ada:yes"}, refused: true},
		{name: "no password known", user: "ada", args: []string{"--scheme", "NTLM"}, refused: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			setting, err := proxy.Parse("http://" + c.user + "@" + startProxy(t, to, c.args...))
			if err != nil {
				t.Fatal(err)
			}
			asked := 0
			d := &proxy.Dialer{Setting: setting, Password: func(_ context.Context, user, at string) (credential.Secret, error) {
				asked++
				if !strings.HasPrefix(at, "127.0.0.1:") || user == "" {
					t.Errorf("asked for %q at %q", user, at)
				}
				if c.word == "" {
					return credential.Secret{}, nil
				}
				return credential.NewSecret(c.word), nil
			}}
			transport, ok := srv.Client().Transport.(*http.Transport)
			if !ok {
				t.Fatal("no transport")
			}
			through := transport.Clone()
			through.Proxy, through.DialContext = nil, func(ctx context.Context, network, _ string) (net.Conn, error) {
				return d.DialContext(ctx, network, "mail.invalid:443")
			}
			defer through.CloseIdleConnections()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := through.RoundTrip(req)
			if err == nil {
				defer resp.Body.Close() //nolint:errcheck // nothing is in it
			}
			var e *proxy.Error
			switch {
			case c.refused && (!errors.As(err, &e) || e.Status != http.StatusProxyAuthRequired || !e.User ||
				!slices.Contains(e.Schemes, c.args[1])):
				t.Errorf("got %v, %+v", err, e)
			case !c.refused && (err != nil || resp.StatusCode != http.StatusTeapot):
				t.Errorf("got %v", err)
			case asked != 1:
				t.Errorf("the password was asked for %d times", asked)
			case err != nil && strings.Contains(err.Error(), "geheim"):
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}
