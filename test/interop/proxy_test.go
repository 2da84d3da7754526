package interop

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/app/folders"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/proxy"
	"postroom/session/simulator"
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
			case c.refused && (!errors.As(err, &e) || e.Status != http.StatusProxyAuthRequired || e.User == "" ||
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

// typist is a person at a terminal who types a line when one is read.
type typist func() string

// Read gives the next line.
func (f typist) Read(b []byte) (int, error) { return copy(b, f()+"\n"), nil }

// TestTheCommandLineAsksForAProxysPassword: an endpoint names a user at a proxy of pyspnego's;
// who sits at a terminal is asked, and where nobody does the proxy's refusal is explained.
func TestTheCommandLineAsksForAProxysPassword(t *testing.T) {
	s, err := simulator.Start(simulator.Options{Rows: 5, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // the test has ended
	server, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	at := startProxy(t, server.Host, "--scheme", "NTLM")
	dir := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"} {
		t.Setenv(name, dir)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(dir, "no-bus"))
	directory, err := endpoint.OpenDirectory(filepath.Join(dir, "postroom", folders.Endpoints), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = directory.Add(t.Context(), endpoint.Endpoint{
		Name: "Behind", Kind: endpoint.KindOnPremises, URL: s.URL(), Configuration: "Microsoft.Exchange", Auth: []string{"basic"}, SessionLimit: 3,
		Proxy: proxy.Setting(`http://CONTOSO%5Cada@` + at),
	})
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "--endpoint", "Behind", "--ca", s.CAFile(), "--user", s.Account(), "--csv", "-", "Get-TransportRule"}
	var prompts []string
	run := func(proxyWord string) (code int, stdout, stderr string) {
		var out, told bytes.Buffer
		prompts = nil
		typed := typist(func() string {
			lines := strings.Split(strings.TrimRight(told.String(), " "), "\n")
			prompts = append(prompts, lines[len(lines)-1])
			if strings.Contains(prompts[len(prompts)-1], "proxy") {
				return proxyWord
			}
			return s.Password()
		})
		streams := cli.Streams{In: typed, Out: &out, Err: &told, Terminal: true, Hide: func() (func() error, error) {
			return func() error { return nil }, nil
		}}
		code = cli.Run(t.Context(), args, streams)
		return code, out.String(), told.String()
	}
	if code, out, told := run("geheim 50% ü€"); code != cli.ExitDone || len(prompts) != 2 || !strings.Contains(prompts[1], "for the proxy "+at) || out == "" {
		t.Errorf("exit %d, asked %q\n%s", code, prompts, told)
	}
	if code, _, told := run("wrong"); code != cli.ExitConnect || !strings.Contains(told, "refused the sign-in") || strings.Contains(told, "wrong\n") {
		t.Errorf("a wrong password: exit %d\n%s", code, told)
	}
	var told bytes.Buffer
	nobody := cli.Streams{In: strings.NewReader(s.Password() + "\n"), Out: io.Discard, Err: &told}
	if code := cli.Run(t.Context(), append([]string{"run", "--password-stdin"}, args[1:]...), nobody); code != cli.ExitConnect || !strings.Contains(told.String(), "refused the sign-in") {
		t.Errorf("nobody there: exit %d\n%s", code, told.String())
	}
	if open := s.Stats().OpenShells; open != 0 {
		t.Errorf("%d shells are left", open)
	}
}
