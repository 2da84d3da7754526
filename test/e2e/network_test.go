package e2e

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"postroom/session/simulator"
	"postroom/test/fixture"
)

// network is three computers joined by cables: the program's, a router, the
// server's. Each is a network namespace, held by a process that ends with the
// test.
type network struct{ person, router, server namespace }

// namespace is a network namespace by the process that holds it.
type namespace string

// The addresses of the network.
const (
	personAddress, otherAddress = "10.98.1.2", "10.98.1.3"
	serverAddress               = "10.98.2.2"
)

// newNetwork makes one, and skips the test where that is not permitted.
func newNetwork(t *testing.T) *network {
	t.Helper()
	for _, tool := range []string{"ip", "nsenter", "unshare"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: make setup installs it", tool)
		}
	}
	if out, err := exec.Command("unshare", "--net", "ip", "link", "add", "name", "a", "type", "veth", "peer", "name", "b").CombinedOutput(); err != nil {
		t.Skipf("this user may not make networks (it takes root): %v: %s", err, out)
	}
	n := &network{person: newNamespace(t), router: newNamespace(t), server: newNamespace(t)}
	n.person.must(t, "ip link add name wire type veth peer name person netns "+string(n.router))
	n.server.must(t, "ip link add name wire type veth peer name server netns "+string(n.router))
	n.router.must(t, "ip link set lo up; ip addr add 10.98.1.1/24 dev person; ip addr add 10.98.2.1/24 dev server; "+
		"ip link set person up; ip link set server up; echo 1 > /proc/sys/net/ipv4/ip_forward")
	n.server.must(t, "ip link set lo up; ip addr add "+serverAddress+"/24 dev wire; ip link set wire up; ip route add default via 10.98.2.1")
	n.person.must(t, "ip link set lo up")
	n.up(t, personAddress)
	// Nobody waits a quarter of an hour here for a connection to be given up.
	n.person.must(t, "echo 3 > /proc/sys/net/ipv4/tcp_retries2; echo 1 > /proc/sys/net/ipv4/tcp_syn_retries")
	return n
}

// newNamespace makes a namespace that lasts as long as the test.
func newNamespace(t *testing.T) namespace {
	t.Helper()
	holder := exec.Command("unshare", "--net", "sh", "-c", "echo; exec cat")
	stdin, err := holder.StdinPipe() // its end ends cat, also when the test is killed
	if err != nil {
		t.Fatal(err)
	}
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = holder.Wait()
	})
	if _, err := io.ReadFull(out, make([]byte, 1)); err != nil { // it is in its namespace
		t.Fatal(err)
	}
	return namespace(fmt.Sprint(holder.Process.Pid))
}

// command is a command that runs in the namespace, under its own process id.
func (n namespace) command(words ...string) *exec.Cmd {
	return exec.Command("nsenter", slices.Concat([]string{"--net=/proc/" + string(n) + "/ns/net"}, words)...)
}

func (n namespace) must(t *testing.T, script string) {
	t.Helper()
	if out, err := n.command("sh", "-ec", script).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

// down pulls the program's cable out.
func (n *network) down(t *testing.T) {
	t.Helper()
	n.person.must(t, "ip link set wire down; ip addr flush dev wire")
}

// up puts it in again, with an address that may be another than before.
func (n *network) up(t *testing.T, address string) {
	t.Helper()
	n.person.must(t, "ip addr add "+address+"/24 dev wire; ip link set wire up; ip route add default via 10.98.1.1")
}

// serve runs a simulator on the server's computer.
func (n *network) serve(t *testing.T, o simulator.Options) (s *server) {
	t.Helper()
	o.Listen = serverAddress + ":0"
	n.server.enter(t, func() { s = serve(t, o) })
	return s
}

// enter runs f on a thread that is in the namespace: a socket stays where it
// was made.
func (n namespace) enter(t *testing.T, f func()) {
	t.Helper()
	done := make(chan error)
	go func() { // ends with f; its thread ends with it, being locked
		runtime.LockOSThread()
		done <- func() (err error) {
			fd, err := unix.Open("/proc/"+string(n)+"/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, unix.Close(fd)) }()
			if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
				return err
			}
			f()
			return nil
		}()
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// cut is a way in which a network can fail.
type cut struct {
	name      string
	cut, mend func(*testing.T, *network)
}

func cuts() []cut {
	pull := func(t *testing.T, n *network) { n.down(t) }
	const swallow = "ip route %[1]s blackhole " + serverAddress + "; ip route %[1]s blackhole " + personAddress
	const refuse = "ip addr %s " + serverAddress + "/32 dev lo" // the router says in the server's place that there is nothing
	router := func(script, verb string) func(*testing.T, *network) {
		return func(t *testing.T, n *network) { n.router.must(t, fmt.Sprintf(script, verb)) }
	}
	return []cut{
		{"cable", pull, func(t *testing.T, n *network) { n.up(t, personAddress) }},
		{"another address", pull, func(t *testing.T, n *network) { n.up(t, otherAddress) }},
		{"swallowed", router(swallow, "add"), router(swallow, "del")},
		{"refused", router(refuse, "add"), router(refuse, "del")},
	}
}

// remoteRun is a run over a network.
type remoteRun struct {
	cut
	*started
	network *network
	server  *server
	env     []string
}

// overNetworks starts a run over a network of its own for each way to fail.
// All go on at once: they wait more than they do.
func overNetworks(t *testing.T, o simulator.Options, fault []simulator.Rule, words ...string) (runs []remoteRun) {
	t.Helper()
	for _, c := range cuts() {
		n := newNetwork(t)
		r := remoteRun{cut: c, network: n, server: n.serve(t, o), env: home(t)}
		r.server.play(t, fault...)
		r.started = startCommand(t, r.env, r.server, n.person.command(slices.Concat([]string{program, "run"}, r.server.connectFlags(),
			[]string{"--csv", "-", "--columns", "DisplayName"}, words)...)) // with the columns named, rows come at once
		runs = append(runs, r)
	}
	return runs
}

// TestTheNetworkGoesAwayInMidRun: however it goes, the run is broken off with
// the rows that came, nothing is sent twice, and what is left on the server is
// deleted by the next `sessions --close`.
func TestTheNetworkGoesAwayInMidRun(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	runs := overNetworks(t, simulator.Options{Rows: 100_000}, nil, "Get-Mailbox", "-ResultSize", "Unlimited")
	for _, r := range runs {
		r.line(t)
		// Held where no answer is on its way: one that is lost would be waited
		// for as long as a Receive lasts, three minutes.
		sendSignal(t, r.cmd.Process, syscall.SIGSTOP)
		r.server.settle(t)
		r.cut.cut(t, r.network)
		sendSignal(t, r.cmd.Process, syscall.SIGCONT)
	}
	for _, r := range runs {
		rows := r.rest(t)
		if code := r.code(); code != 3 {
			t.Errorf("%s: exit %d, want 3", r.name, code)
		}
		if said := r.stderr.String(); !strings.Contains(said, "incomplete") || rows == 0 {
			t.Errorf("%s: %d rows came, and standard error says:\n%s", r.name, rows, said)
		}
		if now := r.server.stats(t); now.OpenShells != 1 || now.CommandsByName["Get-Mailbox"] != 1 {
			t.Errorf("%s: the server counts %d sessions and %v", r.name, now.OpenShells, now.CommandsByName)
		}
		r.mend(t, r.network)
		r.network.closeLeftovers(t, r.server, r.env)
	}
}

// settle waits until the server has nothing more to say to a client that is
// held.
func (s *server) settle(t *testing.T) {
	t.Helper()
	before, same := s.stats(t), 0
	wait(t, "the server's silence", long, func() bool {
		now := s.stats(t)
		same++
		if now.Rows != before.Rows || now.Requests != before.Requests {
			before, same = now, 0
		}
		return same == 10
	})
}

// TestInterruptedWithoutNetwork: who interrupts a run whose network has gone
// waits 10 s at most, and is told what is left.
func TestInterruptedWithoutNetwork(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	runs := overNetworks(t, simulator.Options{}, []simulator.Rule{{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Delay: simulator.Duration(time.Hour)}}, "Get-Mailbox")
	for _, r := range runs {
		r.server.awaitPlayed(t, simulator.SlowCmdlet, 1)
		r.cut.cut(t, r.network)
		sendSignal(t, r.cmd.Process, syscall.SIGTERM)
	}
	for _, r := range runs {
		r.within(t)
		if code := r.code(); code != 5 {
			t.Errorf("%s: exit %d, want 5", r.name, code)
		}
		if !strings.Contains(r.stderr.String(), "could not be confirmed as closed") {
			t.Errorf("%s: standard error does not say what is left:\n%s", r.name, r.stderr.String())
		}
		r.mend(t, r.network)
		r.network.closeLeftovers(t, r.server, r.env)
	}
}

// closeLeftovers lets the program delete the one session that was left open.
func (n *network) closeLeftovers(t *testing.T, s *server, env []string) {
	t.Helper()
	if n := len(inLedger(t, env)); n != 1 {
		t.Errorf("%d sessions are in the ledger, want 1", n)
	}
	p := startCommand(t, env, s, n.person.command(program, "sessions", "--close", "--user", s.account, "--password-stdin", "--ca", s.ca))
	if code := p.await(t); code != 0 {
		t.Errorf("sessions --close: exit %d\n%s", code, p.stderr.String())
	}
	s.empty(t)
	cleanLedger(t, env)
}
