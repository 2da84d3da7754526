package remoting_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"postroom/session"
	"postroom/session/ledger"
	"postroom/session/simulator"
)

// The environment of a process of processes tests: what to do, the ledger's
// folder, the server, the account, the tenants.
const processEnv = "POSTROOM_TEST_PROCESS"

// process is this test binary once more, as another window of the program.
type process struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Scanner
}

func startProcess(t *testing.T, server *simulator.Server, dir, job string, tenants ...string) *process {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestProcess$")
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+server.CAFile(), processEnv+"="+strings.Join(
		append([]string{job, dir, server.URL(), server.Account()}, tenants...), " "))
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
	p := &process{cmd: cmd, stdin: stdin, lines: bufio.NewScanner(stdout)}
	t.Cleanup(p.kill)
	if _, err := fmt.Fprintln(stdin, server.Password()); err != nil {
		t.Fatal(err)
	}
	return p
}

// says waits for a line of the process.
func (p *process) says(t *testing.T, want string) {
	t.Helper()
	for p.lines.Scan() {
		if strings.HasPrefix(p.lines.Text(), want) {
			return
		}
	}
	t.Fatalf("the process ended without saying %q", want)
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	_ = p.cmd.Wait()
}

// leave lets the process close its sessions and end.
func (p *process) leave(t *testing.T) {
	t.Helper()
	if err := p.stdin.Close(); err != nil {
		t.Error(err)
	}
	for p.lines.Scan() { // to its end
	}
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestProcess is the other process; by itself it does nothing.
func TestProcess(t *testing.T) {
	order := strings.Fields(os.Getenv(processEnv))
	if len(order) < 5 {
		t.Skip("it is only run by other tests, in a process of its own")
	}
	stdin := bufio.NewReader(os.Stdin)
	password, err := stdin.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Open(order[1])
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Doors: behind(knows(strings.TrimSpace(password))), Ledger: book})
	m.Observe(session.ObserverFunc(func(i session.Info) {
		fmt.Printf("%s %d\n", i.State, i.Place)
	}))
	var id session.ID
	for _, domain := range order[4:] {
		at := targetAt(order[2], order[3], domain)
		at.Trace = fuse(order[0])
		if id, err = m.Open(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Println("open")
	switch order[0] {
	case "panic-run", "panic-pool":
		_ = m.Run(t.Context(), id, mailboxes(10), newKeeper())
		select {} // the panic of the other goroutine ends the process
	case "panic-sink":
		defer m.Guard()
		sink := newKeeper()
		sink.each = func(int) error { panic("as arranged") }
		_ = m.Run(t.Context(), id, mailboxes(10), sink)
	}
	_, _ = io.Copy(io.Discard, stdin) // until the parent closes it
	if err := closeAll(m); err != nil {
		t.Error(err)
	}
}

// fuse is a trace that panics in a goroutine of the session.
type fuse string

func (f fuse) Trace(e session.TraceEvent) {
	if e.Kind != "request" || e.Op != "Receive" && e.Op != "Command" {
		return
	}
	ofCommand := strings.Contains(e.Body, `CommandId="`)
	if f == "panic-run" && e.Op == "Receive" && ofCommand || f == "panic-pool" && e.Op == "Command" {
		panic("as arranged")
	}
}

// A panic in any goroutine closes the sessions before the program dies of it.
func TestAPanicAnywhereLeavesTheServerClean(t *testing.T) {
	for _, where := range []string{"panic-run", "panic-pool", "panic-sink"} {
		t.Run(where, func(t *testing.T) {
			b := newBench(t, simulator.Options{Rows: 100})
			dir := t.TempDir()
			domains := []string{b.server.Tenants()[0].Domain, b.server.Tenants()[1].Domain}
			p := startProcess(t, b.server, dir, where, domains...)
			p.says(t, "open")
			for p.lines.Scan() { // to its end
			}
			if err := p.cmd.Wait(); err == nil {
				t.Error("the process ended well; it was to panic")
			}
			if n := b.server.Stats(); n.OpenShells != 0 || n.ShellsCreated != 2 {
				t.Errorf("%d of %d sessions are left on the server", n.OpenShells, n.ShellsCreated)
			}
			book, err := ledger.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			if n := entries(t, book); n != 0 {
				t.Errorf("%d entries are left in the ledger", n)
			}
		})
	}
}

// Three slots are shared by processes: the fourth waits, and gets its turn.
func TestTheLimitCountsOverProcesses(t *testing.T) {
	b := newBench(t, simulator.Options{Rows: 10})
	dir := t.TempDir()
	domain := func(i int) string { return b.server.Tenants()[i].Domain }
	two := startProcess(t, b.server, dir, "hold", domain(0), domain(1))
	two.says(t, "open")
	one := startProcess(t, b.server, dir, "hold", domain(2))
	one.says(t, "open")
	fourth := startProcess(t, b.server, dir, "hold", domain(3))
	fourth.says(t, "waiting 1")
	fifth := startProcess(t, b.server, dir, "hold", domain(0))
	fifth.says(t, "waiting 2")
	if n := b.server.Stats(); n.OpenShells != 3 || n.ShellsRefused != 0 {
		t.Errorf("%d open, %d refused, want 3 and none sent to be refused", n.OpenShells, n.ShellsRefused)
	}
	fourth.kill() // who dies in the queue does not hold it up
	one.leave(t)
	fifth.says(t, "open")

	// Who dies with sessions open leaves them in the ledger, where they count,
	// until somebody deletes them: whoever waits for their slots does.
	sixth := startProcess(t, b.server, dir, "hold", domain(3))
	sixth.says(t, "waiting 1")
	two.kill()
	sixth.says(t, "open")
	sixth.leave(t)
	fifth.leave(t)
	book, err := ledger.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if n := entries(t, book); n != 0 {
		t.Errorf("%d entries are left in the ledger", n)
	}
}
