//go:build linux

package credential_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"postroom/session/credential"
)

// These tests use a real gnome-keyring-daemon on a real session bus of their
// own. Each scenario is the test binary again, under dbus-run-session, with a
// home of its own.

const (
	scenarioVariable = "POSTROOM_TEST_SCENARIO"
	keyringPassword  = "the-keyring-of-the-test"
	service          = "postroom-test"
	// patience bounds a scenario that hangs; it decides nothing else.
	patience = 6 * time.Minute
)

// scenarios run in the child.
func scenarios() map[string]func(*testing.T) {
	return map[string]func(*testing.T){
		"stored": stored, "locked without a prompt": lockedQuiet, "waiting is cancelled": lockedCancelled,
		"waiting ends by an unlock": lockedThenUnlocked, "prompt dismissed while nobody waits": dismissedWhileNobodyWaits,
		"keyring ends under the prompt": endsUnderPrompt,
		"prompt dismissed":              dismissed, "prompter missing": noPrompter,
		"entry locked on its own": entryLocked, "no default collection": noCollection, "no keyring": noService, "no session bus": noBus, "dead session bus": deadBus,
	}
}

// emptyBus is a bus without any service that could be started.
const emptyBus = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

func TestRealKeyring(t *testing.T) {
	if name := os.Getenv(scenarioVariable); name != "" {
		scenarios()[name](t)
		return
	}
	if testing.Short() {
		t.Skip("starts a session bus and a keyring for each scenario; not in short mode")
	}
	for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed; 'make setup' installs it", tool)
		}
	}
	for name := range scenarios() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home, runtime := t.TempDir(), t.TempDir()
			if err := os.Chmod(runtime, 0o700); err != nil { //nolint:gosec // the specification of XDG_RUNTIME_DIR wants this mode
				t.Fatal(err)
			}
			config := filepath.Join(home, "bus.conf")
			if err := os.WriteFile(config, []byte(emptyBus), 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"--", os.Args[0], "-test.run=^TestRealKeyring$", "-test.v", "-test.timeout=5m"}
			if name != "stored" && name != "no default collection" {
				args = append([]string{"--config-file=" + config}, args...)
			}
			program := "dbus-run-session"
			if strings.HasSuffix(name, "session bus") {
				program, args = os.Args[0], args[len(args)-3:]
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			command := exec.CommandContext(ctx, program, args...)
			command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
			command.WaitDelay = time.Minute // a daemon may hold the pipe
			command.Env = []string{
				scenarioVariable + "=" + name, "HOME=" + home, "XDG_RUNTIME_DIR=" + runtime, "PATH=" + os.Getenv("PATH"),
				"XDG_DATA_HOME=" + filepath.Join(home, ".local", "share"), "LANG=C.UTF-8", "GOCOVERDIR=" + home,
			}
			out, err := command.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if !bytes.Contains(out, []byte("--- PASS: TestRealKeyring")) {
				t.Errorf("the scenario did not run:\n%s", out)
			}
			if leaks(string(out)) {
				t.Errorf("the password is in the output:\n%s", out)
			}
		})
	}
}

// daemon starts gnome-keyring-daemon for the scenario. With a password it
// makes the login keyring and unlocks it.
func daemon(t *testing.T, unlock string) *os.Process {
	t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if unlock != "" {
		args = append(args, "--unlock")
	}
	command := exec.Command("gnome-keyring-daemon", args...)
	command.Stdin = strings.NewReader(unlock)
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill() // the bus goes away with the scenario
		_ = command.Wait()
	})
	awaitName(t, "org.freedesktop.secrets")
	return command.Process
}

func bus(t *testing.T) *dbus.Conn {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// awaitName waits until somebody has the name on the bus.
func awaitName(t *testing.T, name string) {
	t.Helper()
	conn := bus(t)
	signals := make(chan *dbus.Signal, 64)
	conn.Signal(signals)
	if err := conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged")); err != nil {
		t.Fatal(err)
	}
	for {
		var has bool
		if err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&has); err != nil {
			t.Fatal(err)
		}
		if has {
			return
		}
		if _, ok := <-signals; !ok {
			t.Fatal("the bus went away")
		}
	}
}

const loginPath = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")

func lock(t *testing.T) {
	t.Helper()
	err := bus(t).Object("org.freedesktop.secrets", "/org/freedesktop/secrets").
		Call("org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{loginPath}).Err
	if err != nil {
		t.Fatal(err)
	}
}

// lockedKeyring stores a password and locks the keyring over it.
func lockedKeyring(t *testing.T) *credential.Keyring {
	t.Helper()
	k, _ := lockedDaemon(t)
	return k
}

func lockedDaemon(t *testing.T) (*credential.Keyring, *os.Process) {
	t.Helper()
	process := daemon(t, keyringPassword)
	k := credential.NewKeyring(service)
	k.TellOfPromptsAlone()
	if err := k.Set(t.Context(), "ref", credential.NewSecret(password)); err != nil {
		t.Fatal(err)
	}
	lock(t)
	return k, process
}

func stored(t *testing.T) {
	daemon(t, keyringPassword)
	k := credential.NewKeyring(service)
	ctx := credential.NotifyWaiting(t.Context(), func(bool) { t.Log("told to wait") })
	if _, err := k.Get(ctx, "ref"); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	if err := k.Set(ctx, "ref", credential.NewSecret(password)); err != nil {
		t.Fatal(err)
	}
	again := credential.NewKeyring(service)
	if s, err := again.Get(ctx, "ref"); err != nil || s.Reveal() != password {
		t.Errorf("got it: %v, %v", s.Reveal() == password, err)
	}
	if err := again.Set(ctx, "ref", credential.NewSecret("changed")); err != nil {
		t.Error(err)
	}
	if s, err := k.Get(ctx, "ref"); err != nil || s.Reveal() != "changed" {
		t.Errorf("changed: %v", err)
	}
	if err := k.Delete(ctx, "ref"); err != nil {
		t.Error(err)
	}
	if err := k.Delete(ctx, "ref"); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("second delete: %v", err)
	}
	storedByVault(t, k)
}

func storedByVault(t *testing.T, k *credential.Keyring) {
	dir := filepath.Join(os.Getenv("HOME"), "config")
	v := openVault(t, dir, k)
	if kept := remember(t, v, "a@contoso.example", "ps.example", password, credential.KeepAlways); kept.Place != credential.InKeyring {
		t.Fatalf("%+v", kept)
	}
	mustFind(t, openVault(t, dir, credential.NewKeyring(service)), "a@contoso.example", "ps.example", password)
	err := filepath.WalkDir(os.Getenv("HOME"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(password)) {
			t.Errorf("%s holds the password", path)
		}
		if strings.HasSuffix(path, ".keyring") && bytes.Contains(b, []byte("contoso")) {
			t.Errorf("%s tells the account", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.ForgetAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustMiss(t, v, "a@contoso.example", "ps.example")
}

func lockedQuiet(t *testing.T) {
	k := lockedKeyring(t)
	ctx := credential.WithoutPrompt(t.Context())
	_, err := k.Get(ctx, "ref")
	for _, err := range []error{err, k.Set(ctx, "ref", credential.NewSecret("x")), k.Delete(ctx, "ref")} {
		if !errors.Is(err, credential.ErrLocked) {
			t.Errorf("%v", err)
		}
	}
	v := openVault(t, t.TempDir(), k)
	kept, err := v.Remember(ctx, "a", "s", credential.NewSecret("x"), credential.KeepAlways)
	if err != nil || kept.Place != credential.InMemory || !errors.Is(kept.Err, credential.ErrLocked) {
		t.Errorf("vault: %+v, %v", kept, err)
	}
}

// prompter stands in for the desktop's unlock dialog (gcr's
// org.gnome.keyring.internal.Prompter).
type prompter struct {
	conn    *dbus.Conn
	begun   chan struct{}
	decline bool
	shown   atomic.Int32 // dialogs
	// Who asked for the dialog last; written before begun is sent to.
	daemon dbus.Sender
	path   dbus.ObjectPath
}

const callback = "org.gnome.keyring.internal.Prompter.Callback.PromptReady"

// startPrompter shows the dialog and lets it stand, or declines it at once.
func startPrompter(t *testing.T, decline bool) *prompter {
	t.Helper()
	p := &prompter{conn: bus(t), begun: make(chan struct{}, 4), decline: decline}
	if err := p.conn.Export(p, "/org/gnome/keyring/Prompter", "org.gnome.keyring.internal.Prompter"); err != nil {
		t.Fatal(err)
	}
	reply, err := p.conn.RequestName("org.gnome.keyring.SystemPrompter", dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return p
}

// BeginPrompting is called when the daemon wants to show something.
func (p *prompter) BeginPrompting(sender dbus.Sender, path dbus.ObjectPath) *dbus.Error {
	go p.say(sender, path, "") // ends with the call
	return nil
}

// PerformPrompt asks for a password or a confirmation.
func (p *prompter) PerformPrompt(sender dbus.Sender, path dbus.ObjectPath, _ string, _ map[string]dbus.Variant, _ string) *dbus.Error {
	p.shown.Add(1)
	p.daemon, p.path = sender, path
	p.begun <- struct{}{}
	if p.decline {
		go p.say(sender, path, "no") // ends with the call
	}
	return nil
}

// StopPrompting takes the dialog away.
func (p *prompter) StopPrompting(dbus.Sender, dbus.ObjectPath) *dbus.Error { return nil }

// say calls back. The daemon takes it badly when that overtakes the answer to
// its own call, which goes out when the handler has returned: a few round trips
// on the same connection come first.
func (p *prompter) say(sender dbus.Sender, path dbus.ObjectPath, answer string) {
	for range 20 {
		_ = p.conn.BusObject().Call("org.freedesktop.DBus.Peer.Ping", 0).Err
	}
	_ = p.conn.Object(string(sender), path).Call(callback, 0, answer, map[string]dbus.Variant{}, "").Err
}

func lockedCancelled(t *testing.T) {
	k := lockedKeyring(t)
	p := startPrompter(t, false)
	var told []bool
	ctx, cancel := context.WithCancel(credential.NotifyWaiting(t.Context(), func(w bool) { told = append(told, w) }))
	go func() { // ends when the dialog is up
		<-p.begun
		cancel()
	}()
	if _, err := k.Get(ctx, "ref"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if fmt.Sprint(told) != "[true false]" {
		t.Errorf("told %v", told)
	}
	// The dialog stays up, and whoever comes next waits for that one: a second
	// beside it, or a client that is gone, can end the daemon.
	for range 2 {
		again, stop := context.WithCancel(t.Context())
		again = credential.NotifyWaiting(again, func(waiting bool) {
			if waiting {
				stop()
			}
		})
		if _, err := k.Get(again, "ref"); !errors.Is(err, context.Canceled) {
			t.Errorf("again: %v", err)
		}
	}
	conn := bus(t)
	waits := credential.NotifyWaiting(t.Context(), func(waiting bool) {
		if !waiting {
			return
		}
		if err := unlock(conn); err != nil {
			t.Error(err)
		}
	})
	if s, err := k.Get(waits, "ref"); err != nil || s.Reveal() != password {
		t.Errorf("after the unlock: %v, %v", s.Reveal() == password, err)
	}
	if shown := p.shown.Load(); shown != 1 {
		t.Errorf("%d dialogs were shown", shown)
	}
	// The daemon has survived it all: it locks, and asks anew.
	lock(t)
	if _, err := k.Get(credential.WithoutPrompt(t.Context()), "ref"); !errors.Is(err, credential.ErrLocked) {
		t.Errorf("locked again: %v", err)
	}
}

// dismissedWhileNobodyWaits declines the dialog after the operation that asked
// for it was cancelled; the next one asks again.
func dismissedWhileNobodyWaits(t *testing.T) {
	k := lockedKeyring(t)
	p := startPrompter(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { // ends when the dialog is up
		<-p.begun
		cancel()
	}()
	if _, err := k.Get(ctx, "ref"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	// The operation that waits for the same dialog learns of the answer.
	waits := credential.NotifyWaiting(t.Context(), func(waiting bool) {
		if waiting {
			go p.say(p.daemon, p.path, "no") // ends with the call
		}
	})
	if _, err := k.Get(waits, "ref"); !errors.Is(err, credential.ErrDismissed) {
		t.Errorf("dismissed: %v", err)
	}
	go func() { // ends when the second dialog is up
		<-p.begun
		p.say(p.daemon, p.path, "no")
	}()
	if _, err := k.Get(t.Context(), "ref"); !errors.Is(err, credential.ErrDismissed) {
		t.Errorf("asked anew: %v", err)
	}
	if shown := p.shown.Load(); shown != 2 {
		t.Errorf("%d dialogs were shown", shown)
	}
}

// lockedThenUnlocked has the keyring unlocked elsewhere while we wait.
func lockedThenUnlocked(t *testing.T) {
	k := lockedKeyring(t)
	p := startPrompter(t, false)
	conn := bus(t)
	go func() { // ends with the unlock
		<-p.begun
		if err := unlock(conn); err != nil {
			t.Error(err)
		}
	}()
	if s, err := k.Get(t.Context(), "ref"); err != nil || s.Reveal() != password {
		t.Errorf("got it: %v, %v", s.Reveal() == password, err)
	}
}

func unlock(conn *dbus.Conn) error {
	o := conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	var ignored dbus.Variant
	var session dbus.ObjectPath
	if err := o.Call("org.freedesktop.Secret.Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&ignored, &session); err != nil {
		return err
	}
	master := struct {
		Session     dbus.ObjectPath
		Parameters  []byte
		Value       []byte
		ContentType string
	}{session, []byte{}, []byte(keyringPassword), "text/plain"}
	return o.Call("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface.UnlockWithMasterPassword", 0, loginPath, master).Err
}

func dismissed(t *testing.T) {
	k := lockedKeyring(t)
	startPrompter(t, true)
	if _, err := k.Get(t.Context(), "ref"); !errors.Is(err, credential.ErrDismissed) {
		t.Errorf("get: %v", err)
	}
	v := openVault(t, t.TempDir(), k)
	kept := remember(t, v, "a", "s", "x", credential.KeepAlways)
	if kept.Place != credential.InMemory || !errors.Is(kept.Err, credential.ErrDismissed) {
		t.Errorf("vault: %+v", kept)
	}
	mustFind(t, v, "a", "s", "x")
}

// endsUnderPrompt has the service end while the dialog is up.
func endsUnderPrompt(t *testing.T) {
	k, process := lockedDaemon(t)
	p := startPrompter(t, false)
	go func() { // ends when the dialog is up
		<-p.begun
		_ = process.Kill() // it runs: the dialog is its own
	}()
	var unavailable *credential.UnavailableError
	if _, err := k.Get(t.Context(), "ref"); !errors.As(err, &unavailable) || unavailable.Reason != credential.ReasonNoService {
		t.Errorf("%v", err)
	}
	// A daemon that runs again is asked again.
	daemon(t, keyringPassword)
	if s, err := k.Get(t.Context(), "ref"); err != nil || s.Reveal() != password {
		t.Errorf("got it: %v, %v", s.Reveal() == password, err)
	}
}

func noPrompter(t *testing.T) {
	k := lockedKeyring(t)
	_, err := k.Get(t.Context(), "ref")
	if !errors.Is(err, credential.ErrDismissed) && !errors.Is(err, credential.ErrLocked) {
		t.Errorf("%v", err)
	}
}

func mustBeUnavailable(t *testing.T, want credential.Reason) {
	t.Helper()
	k := credential.NewKeyring(service)
	_, err := k.Get(t.Context(), "ref")
	for _, err := range []error{err, k.Set(t.Context(), "ref", credential.NewSecret(password)), k.Delete(t.Context(), "ref"), k.DeleteAll(t.Context())} {
		var unavailable *credential.UnavailableError
		if !errors.As(err, &unavailable) || unavailable.Reason != want || !errors.Is(err, credential.ErrUnavailable) {
			t.Errorf("%v (%+v); want reason %d", err, unavailable, want)
		}
	}
	v := openVault(t, t.TempDir(), k)
	kept := remember(t, v, "a", "s", password, credential.KeepAlways)
	if kept.Place != credential.InMemory || !errors.Is(kept.Err, credential.ErrUnavailable) {
		t.Errorf("vault: %+v", kept)
	}
	mustFind(t, v, "a", "s", password)
}

func noCollection(t *testing.T) {
	daemon(t, "")
	mustBeUnavailable(t, credential.ReasonNoCollection)
}

func noService(t *testing.T) { mustBeUnavailable(t, credential.ReasonNoService) }

func noBus(t *testing.T) { mustBeUnavailable(t, credential.ReasonNoBus) }

func deadBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "gone"))
	mustBeUnavailable(t, credential.ReasonNoBus)
}
