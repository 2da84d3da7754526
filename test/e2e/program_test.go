package e2e

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is the path of the built binary.
var program string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "postroom-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	program = filepath.Join(dir, "postroom")
	build := exec.Command("go", "build", "-o", program, "postroom")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program:", err)
		return 1
	}
	return m.Run()
}

// server is a simulator in a process of its own.
type server struct {
	url, ca, account, password string
	client                     *http.Client
}

// stats are the counters of the simulator that the tests look at.
type stats struct {
	OpenShells       int            `json:"open_shells"`
	ShellsCreated    int            `json:"shells_created"`
	ShellsDeleted    int            `json:"shells_deleted"`
	MaxOpenByAccount int            `json:"max_open_by_account"`
	Requests         int            `json:"requests"`
	Commands         int            `json:"commands"`
	ChangesByCall    map[string]int `json:"changes_by_call"`
}

// startServer starts `postroom simulate` and reads what it prints.
func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	cmd := exec.Command(program, append([]string{"simulate", "--dir", t.TempDir()}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("stop the simulator: %v", err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the simulator ended with %v", err)
		}
	})
	s := &server{}
	fields := map[string]*string{"url": &s.url, "ca": &s.ca, "account": &s.account, "password": &s.password}
	lines := bufio.NewScanner(out)
	for range len(fields) {
		if !lines.Scan() {
			t.Fatal("the simulator printed less than four lines")
		}
		name, value, _ := strings.Cut(lines.Text(), ": ")
		field := fields[name]
		if field == nil {
			t.Fatalf("the simulator printed %q", lines.Text())
		}
		*field = value
	}
	pem, err := os.ReadFile(s.ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatal("the simulator's ca has no certificate")
	}
	s.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	t.Cleanup(s.client.CloseIdleConnections)
	return s
}

// stats asks the simulator for its counters.
func (s *server) stats(t *testing.T) stats {
	t.Helper()
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	u.Path, u.RawQuery = "/simulator/stats", ""
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	var now stats
	if err := json.NewDecoder(answer.Body).Decode(&now); err != nil {
		t.Fatal(err)
	}
	return now
}

// wait polls until cond holds. The processes watched have no other way to tell.
func wait(t *testing.T, what string, within time.Duration, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: not within %v", what, within)
		}
	}
}

// home is a fresh home folder as environment variables.
func home(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "DISPLAY":
		default:
			env = append(env, v)
		}
	}
	return append(env, "HOME="+dir, "XDG_CONFIG_HOME="+filepath.Join(dir, "config"), "XDG_STATE_HOME="+filepath.Join(dir, "state"),
		"DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(dir, "no-bus"))
}

// result is how a command came out.
type result struct {
	code           int
	stdout, stderr string
}

// run runs the program to its end, with the password on standard input.
func run(t *testing.T, env []string, stdin string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = env
	cmd.Stdin = strings.NewReader(stdin)
	var out, err strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &err
	runErr := cmd.Run()
	var exit *exec.ExitError
	if runErr != nil && !errors.As(runErr, &exit) {
		t.Fatal(runErr)
	}
	return result{code: cmd.ProcessState.ExitCode(), stdout: out.String(), stderr: err.String()}
}

// connectFlags are what a `run` against the server needs.
func (s *server) connectFlags() []string {
	return []string{"--url", s.url, "--user", s.account, "--password-stdin", "--ca", s.ca}
}
