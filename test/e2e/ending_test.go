package e2e

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"postroom/session/simulator"
	"postroom/test/fixture"
)

// deaf is a server that answers no Delete before its clock is turned by an
// hour, and whose cmdlets run for a day.
func deaf(t *testing.T) (*server, *simulator.ManualClock) {
	t.Helper()
	clock := simulator.NewManualClock(time.Now())
	s := serve(t, simulator.Options{Clock: clock})
	s.play(t,
		simulator.Rule{Fault: simulator.Delayed, On: simulator.Delete, Delay: simulator.Duration(time.Second)},
		simulator.Rule{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Delay: simulator.Duration(24 * time.Hour)})
	return s, clock
}

// awaitDelete waits until a Delete has come and is not answered.
func (s *server) awaitDelete(t *testing.T) {
	t.Helper()
	s.awaitPlayed(t, simulator.Delayed, 1)
}

// awaitPlayed waits until a simulator in this process plays a fault for the n-th time.
func (s *server) awaitPlayed(t *testing.T, f simulator.Fault, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	if err := s.here.Played(ctx, f, n); err != nil {
		t.Fatal(err)
	}
}

// turn turns a clock until ended is closed: what waits for the clock may begin to wait after
// it was turned.
func turn(t *testing.T, clock *simulator.ManualClock, ended <-chan struct{}) {
	t.Helper()
	wait(t, "the end of the program", long, func() bool {
		clock.Advance(time.Minute)
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
}

func (s *server) onceDeleted(t *testing.T) {
	t.Helper()
	s.empty(t)
	if n := s.stats(t).RequestsByKind["Delete"]; n != 1 {
		t.Errorf("%d Deletes were sent, want 1", n)
	}
}

// TestInterruptedWhileClosing: who presses Ctrl+C twice does not end the
// program before its session.
func TestInterruptedWhileClosing(t *testing.T) {
	t.Parallel()
	s, clock := deaf(t)
	env := home(t)
	p := startRun(t, env, s, "Get-Mailbox")
	s.awaitPlayed(t, simulator.SlowCmdlet, 1)
	sendSignal(t, p.cmd.Process, syscall.SIGINT)
	s.awaitDelete(t)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		sendSignal(t, p.cmd.Process, sig)
	}
	ended := make(chan struct{})
	go func() { p.rest(t); close(ended) }() // ends with the program
	turn(t, clock, ended)
	if code := p.code(); code != 5 {
		t.Errorf("exit %d, want 5\n%s", code, p.stderr.String())
	}
	s.onceDeleted(t)
	cleanLedger(t, env)
}

// TestClosedWhileDisconnecting: the farewell shows what is being disconnected,
// and neither closing again nor a signal answers it.
func TestClosedWhileDisconnecting(t *testing.T) {
	t.Parallel()
	s, clock := deaf(t)
	w, env := signedIn(t, s)
	sendSignal(t, w.cmd.Process, syscall.SIGTERM)
	w.says(t, "Disconnecting ...")
	s.awaitDelete(t)
	sendSignal(t, w.cmd.Process, syscall.SIGTERM)
	sendSignal(t, w.cmd.Process, syscall.SIGINT)
	_ = w.tool("wmctrl", "-c", "Postroom") // on a slow machine the window may have gone, see below
	_ = w.tool("xdotool", "key", "--clearmodifiers", "alt+F4", "ctrl+q", "Escape")
	turn(t, clock, w.ended)
	switch code := w.cmd.ProcessState.ExitCode(); code {
	case 5:
		s.onceDeleted(t)
		cleanLedger(t, env)
	case 3: // the tools took longer than the 8 s after which the server is given up
		if len(inLedger(t, env)) != 1 || !strings.Contains(w.stderr.String(), "could not be confirmed as closed") {
			t.Errorf("the session that is left is forgotten:\n%s", w.stderr.String())
		}
	default:
		t.Errorf("exit %d, want 5\n%s", code, w.stderr.String())
	}
}

// TestNotConfirmed: what the server does not confirm in time is said and stays
// in the ledger, from where it is deleted later.
func TestNotConfirmed(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	s := serve(t, simulator.Options{})
	w, env := signedIn(t, s)
	s.play(t, simulator.Rule{Fault: simulator.Hang, On: simulator.Delete})
	w.must(t, "wmctrl", "-c", "Postroom")
	w.awaitEnd(t)
	if code := w.cmd.ProcessState.ExitCode(); code != 3 {
		t.Errorf("exit %d, want 3", code)
	}
	if last := line(w.stderr.String(), "last word:"); !strings.Contains(last, "could not be confirmed as closed") {
		t.Errorf("the window's last word: %s", last)
	}
	if !strings.Contains(w.stderr.String(), "postroom: ") {
		t.Errorf("standard error does not say what is left:\n%s", w.stderr.String())
	}
	s.play(t)
	s.closeLeftovers(t, env)
}

// closeLeftovers lets the program delete the one session that was left open.
func (s *server) closeLeftovers(t *testing.T, env []string) {
	t.Helper()
	if n := len(inLedger(t, env)); n != 1 {
		t.Errorf("%d sessions are in the ledger, want 1", n)
	}
	got := run(t, env, s.password+"\n", "sessions", "--close", "--user", s.account, "--password-stdin", "--ca", s.ca)
	if got.code != 0 {
		t.Errorf("sessions --close: exit %d\n%s", got.code, got.stderr)
	}
	s.empty(t)
	cleanLedger(t, env)
}

// TestTheDisplayGoesAway: the X server dies, as it does when people log off.
func TestTheDisplayGoesAway(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	s := serve(t, simulator.Options{})
	w, env := signedIn(t, s)
	if err := w.display.server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	w.awaitEnd(t)
	if code := w.cmd.ProcessState.ExitCode(); code != 5 {
		t.Errorf("exit %d, want 5", code)
	}
	s.onceDeleted(t)
	cleanLedger(t, env)
}

// TestTheSessionBusGoesAway: the window goes on without it.
func TestTheSessionBusGoesAway(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	d := startDisplay(t)
	bus := startTray(t)
	s := serve(t, simulator.Options{})
	env := withEndpoint(t, s)
	w := watch(t, d, s, append(env, "DBUS_SESSION_BUS_ADDRESS="+bus.address))
	<-bus.items
	w.signIn(t, s)
	if err := bus.daemon.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	wait(t, "the end of the bus", long, func() bool { return !bus.bus.Connected() })
	w.runs(t, "Get-AcceptedDomain")
	w.says(t, "postroom.example · 0")
	w.must(t, "wmctrl", "-c", "Postroom")
	w.awaitEnd(t)
	if code := w.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit %d, want 0", code)
	}
	s.onceDeleted(t)
	cleanLedger(t, env)
}

// The names of systemd's logind on the system's bus (org.freedesktop.login1).
const (
	logindName      = "org.freedesktop.login1"
	logindPath      = dbus.ObjectPath("/org/freedesktop/login1")
	logindInterface = "org.freedesktop.login1.Manager"
)

// logind hands out locks that delay a shutdown. Reading one ends when it is let go.
type logind struct{ locks chan lock }

// lock is a pipe: reading it ends when the other end was let go, here and by who got it.
type lock struct{ read, write *os.File }

// Inhibit is what a program calls that wants to delay a shutdown.
func (l logind) Inhibit(_, _, _, _ string) (dbus.UnixFD, *dbus.Error) {
	read, write, err := os.Pipe()
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	l.locks <- lock{read, write} // the reply is sent later, and the end must be open then
	return dbus.UnixFD(write.Fd()), nil
}

// TestTheComputerShutsDown: the shutdown waits until the server is clean, and
// the window goes.
func TestTheComputerShutsDown(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	d := startDisplay(t)
	bus := startBus(t)
	system := logind{locks: make(chan lock, 1)}
	if err := bus.bus.Export(system, logindPath, logindInterface); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.bus.RequestName(logindName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	s := serve(t, simulator.Options{})
	env := withEndpoint(t, s)
	w := startWindow(t, d, s, append(env, "DBUS_SYSTEM_BUS_ADDRESS="+bus.address))
	lock := <-system.locks
	defer lock.read.Close()  //nolint:errcheck // nothing was written
	defer lock.write.Close() //nolint:errcheck // nothing was written
	w.connect(t, s)
	if err := bus.bus.Emit(logindPath, logindInterface+".PrepareForShutdown", true); err != nil {
		t.Fatal(err)
	}
	w.awaitEnd(t)
	s.empty(t)
	cleanLedger(t, env)
}

// started is a `run` that goes on.
type started struct {
	cmd    *exec.Cmd
	out    *bufio.Reader
	stderr text
}

// startRun starts `run`, its rows to standard output.
func startRun(t *testing.T, env []string, s *server, words ...string) *started {
	t.Helper()
	return startCommand(t, env, s, exec.Command(program, slices.Concat([]string{"run"}, s.connectFlags(), []string{"--csv", "-"}, words)...))
}

func startCommand(t *testing.T, env []string, s *server, cmd *exec.Cmd) *started {
	t.Helper()
	p := &started{cmd: cmd}
	cmd.Env, cmd.Stdin, cmd.Stderr = env, strings.NewReader(s.password+"\n"), &p.stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it has ended unless the test failed
	return p
}

// line reads a line of the rows.
func (p *started) line(t *testing.T) string {
	t.Helper()
	text, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatalf("no more rows: %v", err)
	}
	return text
}

// says waits until standard error says something.
func (p *started) says(t *testing.T, what string) {
	t.Helper()
	wait(t, what, long, func() bool { return strings.Contains(p.stderr.String(), what) })
}

// text is what a process writes, which may be read meanwhile.
type text struct {
	mu sync.Mutex
	b  strings.Builder
}

// Write writes p.
func (w *text) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

// String gives all that was written.
func (w *text) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// rest reads to the end and counts the lines.
func (p *started) rest(t *testing.T) (lines int) {
	t.Helper()
	for {
		if _, err := p.out.ReadString('\n'); err != nil {
			_ = p.cmd.Wait() // the exit code tells
			return lines
		}
		lines++
	}
}

func (p *started) code() int { return p.cmd.ProcessState.ExitCode() }

// await reads to the end and gives the exit code.
func (p *started) await(t *testing.T) int {
	t.Helper()
	p.rest(t)
	return p.code()
}

// within waits for the end as awaitEnd does.
func (p *started) within(t *testing.T) {
	t.Helper()
	ended := make(chan struct{})
	go func() { p.rest(t); close(ended) }() // ends with the program
	select {
	case <-ended:
	case <-time.After(long):
		t.Fatalf("the program did not end within %v", long)
	}
}

// TestWithoutOutput: started with standard output and standard error closed, or
// into a full disk, the program does its job and cleans up.
func TestWithoutOutput(t *testing.T) {
	t.Parallel()
	s := serve(t, simulator.Options{Rows: 100})
	for _, c := range []struct {
		name, redirection string
		code              int
	}{
		{"closed", ">&- 2>&-", 0},
		{"full", ">/dev/full 2>/dev/full", 3},
		{"no reader of the messages", "2>&-", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := home(t)
			args := slices.Concat([]string{"-c", `exec "$0" "$@" ` + c.redirection, program, "run"}, s.connectFlags(), []string{"--csv", "-", "Get-Mailbox"})
			p := startCommand(t, env, s, exec.Command("sh", args...))
			if code := p.await(t); code != c.code {
				t.Errorf("exit %d, want %d\n%s", code, c.code, p.stderr.String())
			}
			s.empty(t)
			cleanLedger(t, env)
		})
	}
}

// openTerminal opens a terminal: the end where a person would sit, and the program's.
func openTerminal(t *testing.T) (master, terminal *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(filepath.Join("/dev/pts", strconv.Itoa(number)), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	return master, terminal
}

// TestTheTerminalGoesAway: the terminal in which the program runs is closed.
func TestTheTerminalGoesAway(t *testing.T) {
	t.Parallel()
	s := serve(t, simulator.Options{Rows: 100_000})
	env := home(t)
	master, terminal := openTerminal(t)
	defer master.Close()                                                                                                                                                             //nolint:errcheck // closed below
	cmd := exec.Command(program, slices.Concat([]string{"run"}, s.connectFlags(), []string{"--csv", "-", "--columns", "DisplayName", "Get-Mailbox", "-ResultSize", "Unlimited"})...) // with the columns named, rows come at once
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, strings.NewReader(s.password+"\n"), terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	startErr := cmd.Start()
	_ = terminal.Close() // the program has its own
	if startErr != nil {
		t.Fatal(startErr)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })                        // it has ended unless the test failed
	if _, err := bufio.NewReader(master).ReadString('\n'); err != nil { // rows come
		t.Fatal(err)
	}
	if err := master.Close(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code tells
	// Either the hangup is first, or a row that cannot be written any more.
	if code := cmd.ProcessState.ExitCode(); code != 5 && code != 3 {
		t.Errorf("exit %d, want 5 or 3", code)
	}
	s.empty(t)
	cleanLedger(t, env)
}
