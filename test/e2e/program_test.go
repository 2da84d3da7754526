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
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"postroom/session/ledger"
	"postroom/session/simulator"
)

// program is the path of the built binary.
var program string

// stripped leaves out what debuggers read, as `make dist` does: linking it takes four times as
// long as the rest.
const stripped = "-ldflags=-s -w"

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "postroom-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	program = filepath.Join(dir, "postroom")
	build := exec.Command("go", "build", stripped, "-o", program, "postroom")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program:", err)
		return 1
	}
	return m.Run()
}

// server is a simulator outside of the program under test.
type server struct {
	url, ca, account, password string
	// stats gives its counters.
	stats func(*testing.T) simulator.Stats
	// here is the simulator itself; nil when it is a process of its own.
	here *simulator.Server
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
	s.stats = s.askStats(t)
	return s
}

// askStats gives a function that asks the simulator for its counters.
func (s *server) askStats(t *testing.T) func(*testing.T) simulator.Stats {
	t.Helper()
	pem, err := os.ReadFile(s.ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatal("the simulator's ca has no certificate")
	}
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	u.Path, u.RawQuery = "/simulator/stats", ""
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	t.Cleanup(client.CloseIdleConnections)
	return func(t *testing.T) (now simulator.Stats) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close() //nolint:errcheck // it was only read
		if err := json.NewDecoder(answer.Body).Decode(&now); err != nil {
			t.Fatal(err)
		}
		return now
	}
}

// serve runs a simulator in this process, where the test can play its faults
// and turn its clock. The program under test is another process.
func serve(t *testing.T, o simulator.Options) *server {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	sim, err := simulator.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Errorf("stop the simulator: %v", err)
		}
	})
	return &server{
		url: sim.URL(), ca: sim.CAFile(), account: sim.Account(), password: sim.Password(),
		stats: func(*testing.T) simulator.Stats { return sim.Stats() }, here: sim,
	}
}

// play sets the faults of a simulator in this process.
func (s *server) play(t *testing.T, rules ...simulator.Rule) {
	t.Helper()
	if err := s.here.SetFaults(&simulator.Faults{Rules: rules}); err != nil {
		t.Fatal(err)
	}
}

// empty checks that nothing is left on the server.
func (s *server) empty(t *testing.T) {
	t.Helper()
	if now := s.stats(t); now.OpenShells != 0 {
		t.Errorf("%d of %d sessions are left on the server", now.OpenShells, now.ShellsCreated)
	}
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

// long is how long a test waits for what must happen: far longer than it
// takes, so that a busy machine makes no failures.
const long = 3 * time.Minute

// home is a fresh home folder as environment variables.
func home(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".cache"), 0o700); err != nil { // as every home has it
		t.Fatal(err)
	}
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

// variable gives the value of a variable of a home.
func variable(t *testing.T, env []string, name string) string {
	t.Helper()
	for _, v := range slices.Backward(env) { // the last one counts
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	t.Fatalf("the home has no %s", name)
	return ""
}

// inLedger gives what the ledger of a home holds.
func inLedger(t *testing.T, env []string) []ledger.Entry {
	t.Helper()
	book, err := ledger.Open(filepath.Join(variable(t, env, "XDG_STATE_HOME"), "postroom"))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close() //nolint:errcheck // it was only read
	entries, err := book.Entries()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// cleanLedger checks that the ledger of a home is empty.
func cleanLedger(t *testing.T, env []string) {
	t.Helper()
	for _, e := range inLedger(t, env) {
		t.Errorf("the ledger still has %s of process %d as %v", e.ShellID, e.PID, e.State)
	}
}

// result is how a command came out.
type result struct {
	code           int
	stdout, stderr string
}

// run runs the program to its end, with the password on standard input.
func run(t *testing.T, env []string, stdin string, args ...string) result {
	t.Helper()
	return runBinary(t, program, env, stdin, args...)
}

func runBinary(t *testing.T, binary string, env []string, stdin string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
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
