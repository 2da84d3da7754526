package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"postroom/session/ledger"
	"postroom/session/simulator"
	"postroom/test/fixture"
)

// timed is a server of many rows whose clock the test turns.
func timed(t *testing.T) (*server, *simulator.ManualClock) {
	t.Helper()
	clock := simulator.NewManualClock(time.Now())
	return serve(t, simulator.Options{Clock: clock, Rows: 1000, MaxEnvelope: 32 << 10}), clock
}

// slow lets the server's answers come slowly, so that a run can be caught in the
// middle.
func (s *server) slow(t *testing.T) {
	t.Helper()
	s.play(t, simulator.Rule{Fault: simulator.Slow, On: simulator.Receive, Rate: 60_000})
}

// sleeps stops the program for longer than the server keeps an idle session,
// as a lid that is closed does, and wakes it.
func sleeps(t *testing.T, s *server, clock *simulator.ManualClock, p *os.Process) {
	t.Helper()
	sendSignal(t, p, syscall.SIGSTOP)
	s.settle(t)
	wait(t, "the end of the session on the server", long, func() bool { // an answer under way delays it
		clock.Advance(20 * time.Minute)
		return s.stats(t).ShellsExpired == 1
	})
	sendSignal(t, p, syscall.SIGCONT)
}

// aMailbox is the name of the first mailbox, and nowhere else in the window.
const aMailbox = "Vytautas Szabó"

// TestSleepInMidRun: the session that the server dropped meanwhile is noticed
// and shown as lost, the rows that came stay and are marked, the run is not
// repeated, and one click connects again.
func TestSleepInMidRun(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	s, clock := timed(t)
	w, env := signedIn(t, s) // at full speed: what the account may run is a megabyte
	s.slow(t)
	before := s.stats(t).Rows
	w.runs(t, "Get-Mailbox")
	w.says(t, aMailbox) // rows have come
	sleeps(t, s, clock, w.cmd.Process)
	w.says(t, "connection lost")
	w.says(t, "Incomplete: the run stopped")
	w.says(t, aMailbox)
	s.play(t)
	w.click(t, "Reconnect")
	wait(t, "the new session", long, func() bool { return s.stats(t).OpenShells == 1 })
	w.says(t, "idle")
	now := s.stats(t)
	if now.CommandsByName["Get-Mailbox"] != 1 || now.Rows == before || now.ShellsCreated != 2 {
		t.Errorf("the server counts %d sessions, %v, %d rows", now.ShellsCreated, now.CommandsByName, now.Rows-before)
	}
	w.must(t, "wmctrl", "-c", "Postroom")
	w.awaitEnd(t)
	s.empty(t)
	cleanLedger(t, env)
}

// TestSleepOfTheCommandLine: the rows that came are kept under a name that says
// that they are not all.
func TestSleepOfTheCommandLine(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	s, clock := timed(t)
	s.slow(t)
	env := home(t)
	file := filepath.Join(t.TempDir(), "rows.csv")
	p := startCommand(t, env, s, exec.Command(program, slices.Concat([]string{"run"}, s.connectFlags(), []string{"--csv", file, "Get-Mailbox"})...))
	wait(t, "rows", long, func() bool { return s.stats(t).Rows > 200 })
	sleeps(t, s, clock, p.cmd.Process)
	if code := p.await(t); code != 3 || !strings.Contains(p.stderr.String(), "incomplete") {
		t.Errorf("exit %d, want 3 and the loss told:\n%s", code, p.stderr.String())
	}
	if text, err := os.ReadFile(file + ".partial"); err != nil || strings.Count(string(text), "\n") < 10 {
		t.Errorf("%d bytes of the rows were kept, %v", len(text), err)
	}
	if n := s.stats(t).CommandsByName["Get-Mailbox"]; n != 1 {
		t.Errorf("Get-Mailbox was run %d times", n)
	}
	s.empty(t)
	cleanLedger(t, env)
}

// cutOff lets the power go while Create is unanswered, though the server has
// made the session.
func cutOff(t *testing.T, s *server, env []string, p *os.Process, ended func()) {
	t.Helper()
	wait(t, "the session on the server", long, func() bool { return s.stats(t).OpenShells == 1 })
	sendSignal(t, p, syscall.SIGKILL)
	ended()
	if left := inLedger(t, env); len(left) != 1 || left[0].State != ledger.Intended {
		t.Fatalf("the ledger has %+v, want one that was intended", left)
	}
	s.play(t)
}

func unansweredCreate() simulator.Rule {
	return simulator.Rule{Fault: simulator.HangAfter, On: simulator.Create}
}

// TestPowerLossBeforeTheAnswer: the next start asks for the password, which no
// keyring has, and deletes the session with it.
func TestPowerLossBeforeTheAnswer(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	d := startDisplay(t)
	s := serve(t, simulator.Options{})
	env := withEndpoint(t, s)
	s.play(t, unansweredCreate())
	first := startWindow(t, d, s, env)
	first.connect(t, s)
	cutOff(t, s, env, first.cmd.Process, func() { <-first.ended })

	w := watch(t, d, s, env)
	w.says(t, "Sessions are still open")
	w.typed(t, s.password)
	w.key(t, "Return")
	w.noted(t, "earlier run disconnected: 1")
	s.empty(t)
	cleanLedger(t, env)
	w.must(t, "wmctrl", "-c", "Postroom")
	w.awaitEnd(t)
}

// TestPowerLossOfTheCommandLine: the next run for the account cleans up.
func TestPowerLossOfTheCommandLine(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	s := serve(t, simulator.Options{})
	env := home(t)
	s.play(t, unansweredCreate())
	p := startRun(t, env, s, "Get-AcceptedDomain")
	cutOff(t, s, env, p.cmd.Process, func() { p.rest(t) })
	got := run(t, env, s.password, slices.Concat([]string{"run"}, s.connectFlags(), []string{"--csv", "-", "Get-AcceptedDomain"})...)
	if got.code != 0 || !strings.Contains(got.stderr, "closed a session that was left open") {
		t.Errorf("exit %d, standard error:\n%s", got.code, got.stderr)
	}
	if now := s.stats(t); now.OpenShells != 0 || now.ShellsDeleted != 2 {
		t.Errorf("%d sessions are left, %d were deleted", now.OpenShells, now.ShellsDeleted)
	}
	cleanLedger(t, env)
}

// TestPowerLossWithAKeyring: the next start cleans up with the password that
// the keyring has, and asks nothing.
func TestPowerLossWithAKeyring(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	d := startDisplay(t)
	s := serve(t, simulator.Options{})
	env := withKeyring(t, withEndpoint(t, s))
	w := watch(t, d, s, env)
	w.key(t, "ctrl+n")
	w.click(t, "Remember in the keyring of this computer")
	w.click(t, "anna@contoso.example") // what stands in an account that is empty
	w.enter(t, s)
	w.says(t, "for your role")
	w.must(t, "wmctrl", "-c", "Postroom")
	w.awaitEnd(t)
	s.empty(t)

	s.play(t, unansweredCreate())
	w = watch(t, d, s, env)
	w.key(t, "ctrl+n")
	w.says(t, "Sign in to the service")
	w.says(t, s.account)
	w.key(t, "Return")
	cutOff(t, s, env, w.cmd.Process, func() { <-w.ended })

	w = watch(t, d, s, env)
	w.noted(t, "earlier run disconnected: 1")
	s.empty(t)
	if text := w.text(t); strings.Contains(text, "still open") {
		t.Errorf("the window asks all the same:\n%s", text)
	}
	cleanLedger(t, env)
	w.must(t, "wmctrl", "-c", "Postroom")
	w.awaitEnd(t)
}

// unlocked says that the keyring in which secrets are kept is there, and open. It starts none.
func unlocked(bus *dbus.Conn) bool {
	const secrets = "org.freedesktop.secrets"
	var kept dbus.ObjectPath
	err := bus.Object(secrets, "/org/freedesktop/secrets").Call("org.freedesktop.Secret.Service.ReadAlias", dbus.FlagNoAutoStart, "default").Store(&kept)
	if err != nil || kept == "/" { // as there is none
		return false
	}
	var locked bool
	err = bus.Object(secrets, kept).Call("org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, "org.freedesktop.Secret.Collection", "Locked").Store(&locked)
	return err == nil && !locked
}

// withKeyring gives the home a session bus with gnome-keyring on it, unlocked.
func withKeyring(t *testing.T, env []string) []string {
	t.Helper()
	if _, err := exec.LookPath("gnome-keyring-daemon"); err != nil {
		t.Skip("gnome-keyring-daemon is not installed: make setup installs it")
	}
	runtime, err := os.MkdirTemp("", "postroom-") // the names of sockets must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(runtime) })
	bus := startBus(t)
	env = append(env, "DBUS_SESSION_BUS_ADDRESS="+bus.address, "XDG_RUNTIME_DIR="+runtime,
		"XDG_DATA_HOME="+filepath.Join(variable(t, env, "HOME"), ".local", "share"))
	keyring := exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock")
	keyring.Env, keyring.Stdin = env, strings.NewReader("of the keyring")
	if err := keyring.Start(); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, keyring)
	wait(t, "the keyring", long, func() bool {
		return unlocked(bus.bus) // its name may be there before
	})
	return env
}

// TestProcessesShareTheLimit: windows and command lines count their sessions
// together; who waits shows its place, and goes on when a slot is free.
func TestProcessesShareTheLimit(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	d := startDisplay(t)
	s := serve(t, simulator.Options{})
	env := withEndpoint(t, s)
	s.play(t, simulator.Rule{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Cmdlet: "Get-Mailbox", Delay: simulator.Duration(time.Hour)})
	var running []*started
	for i := range 3 {
		running = append(running, startRun(t, env, s, "Get-Mailbox"))
		wait(t, "a session", long, func() bool { return s.stats(t).OpenShells == i+1 })
	}
	w := watch(t, d, s, env)
	w.key(t, "ctrl+n")
	w.says(t, "Sign in to the service")
	w.enter(t, s)
	w.says(t, "place 1")
	second := startRun(t, env, s, "Get-AcceptedDomain")
	second.says(t, "waiting for one to end (place 2)")
	sendSignal(t, running[0].cmd.Process, syscall.SIGTERM) // one closes well
	if code := running[0].await(t); code != 5 {
		t.Errorf("exit %d, want 5", code)
	}
	w.says(t, "for your role")
	sendSignal(t, running[1].cmd.Process, syscall.SIGKILL) // and one does not
	running[1].rest(t)
	if code := second.await(t); code != 0 {
		t.Errorf("exit %d, want 0\n%s", code, second.stderr.String())
	}
	w.must(t, "wmctrl", "-c", "Postroom")
	w.awaitEnd(t)
	sendSignal(t, running[2].cmd.Process, syscall.SIGINT)
	running[2].rest(t)
	now := s.stats(t)
	if now.MaxOpenByAccount > 3 || now.ShellsRefused != 0 {
		t.Errorf("%d sessions were open at once, %d were refused", now.MaxOpenByAccount, now.ShellsRefused)
	}
	s.empty(t)
	cleanLedger(t, env)
}
