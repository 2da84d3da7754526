package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"postroom/session/simulator"
	"postroom/test/fixture"
)

// TestEveryWayOutOfTheWindow: whichever way the program ends, the server is
// left clean.
func TestEveryWayOutOfTheWindow(t *testing.T) {
	ways := []struct {
		name  string
		leave func(*testing.T, *window)
		code  int
	}{
		{"title bar", func(t *testing.T, w *window) { w.must(t, "wmctrl", "-c", "Postroom") }, 0},
		{"alt+F4", func(t *testing.T, w *window) { w.key(t, "alt+F4") }, 0},
		{"ctrl+Q", func(t *testing.T, w *window) { w.key(t, "ctrl+q") }, 0},
		{"Quit in the menu", func(t *testing.T, w *window) {
			// Nothing tells when the menu is there, and the sign-in may still be over it:
			// each try begins anew and gives it more time than the last.
			for pause := 100 * time.Millisecond; pause < long; pause += pause / 2 {
				_ = w.tool("xdotool", "key", "--clearmodifiers", "Escape") // the window may have gone
				_ = w.tool("xdotool", "mousemove", "--window", w.number, "34", "12", "click", "1",
					"sleep", fmt.Sprintf("%.1f", pause.Seconds()), "key", "--clearmodifiers", "--delay", "80", "Up", "Return") // the last entry
				select {
				case <-w.ended:
					return
				case <-time.After(pause + time.Second):
				}
			}
		}, 0},
		{"closed twice", func(t *testing.T, w *window) {
			w.must(t, "wmctrl", "-c", "Postroom")
			_ = w.tool("wmctrl", "-c", "Postroom") // the window may have gone
		}, 0},
		{"SIGINT", signalled(syscall.SIGINT), 5},
		{"SIGTERM", signalled(syscall.SIGTERM), 5},
		{"SIGHUP", signalled(syscall.SIGHUP), 5},
	}
	for n := 0; n < len(ways); n += fixture.OneOf(2) {
		way := ways[n]
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			d := startDisplay(t)
			s := startServer(t)
			env := withEndpoint(t, s)
			w := startWindow(t, d, s, env)
			w.connect(t, s)
			way.leave(t, w)
			w.awaitEnd(t)
			s.empty(t)
			cleanLedger(t, env)
			if code := w.cmd.ProcessState.ExitCode(); code != way.code {
				t.Errorf("exit %d, want %d", code, way.code)
			}
		})
	}
}

func signalled(sig syscall.Signal) func(*testing.T, *window) {
	return func(t *testing.T, w *window) { sendSignal(t, w.cmd.Process, sig) }
}

func sendSignal(t *testing.T, p *os.Process, sig syscall.Signal) {
	t.Helper()
	if err := p.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// TestKilledWindow: what a killed window leaves is deleted at the next start,
// quietly when the password is in the keyring, and named when it is not.
func TestKilledWindow(t *testing.T) {
	t.Parallel()
	d := startDisplay(t)
	s := startServer(t)
	env := withEndpoint(t, s)
	w := startWindow(t, d, s, env)
	w.connect(t, s)
	sendSignal(t, w.cmd.Process, syscall.SIGKILL)
	<-w.ended
	if open := s.stats(t).OpenShells; open != 1 {
		t.Fatalf("%d sessions after the kill, want 1", open)
	}
	got := run(t, env, s.password+"\n", "sessions", "--close", "--password-stdin", "--ca", s.ca)
	if got.code != 0 {
		t.Errorf("sessions --close: exit %d\n%s", got.code, got.stderr)
	}
	s.empty(t)
}

// crashed checks how a program came out that panicked.
func crashed(t *testing.T, s *server, env []string, code int, stderr string) {
	t.Helper()
	s.empty(t)
	cleanLedger(t, env)
	if code != 2 || !strings.Contains(stderr, "panic: ") {
		t.Errorf("exit %d, want 2 and the panic told:\n%s", code, stderr)
	}
	if strings.Contains(stderr, s.password) {
		t.Error("the crash text has the password in it")
	}
}

// TestAPanicClosesTheSessions: on the UI thread and beside it, the sessions are
// closed before the program dies of it.
func TestAPanicClosesTheSessions(t *testing.T) {
	all := []string{"ui", "shortcut", "worker", "redraw", "disconnecting"}
	for n := 0; n < len(all); n += fixture.OneOf(2) {
		where := all[n]
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			d := startDisplay(t)
			s := serve(t, simulator.Options{})
			env := withEndpoint(t, s)
			w := watch(t, d, s, env)
			w.signIn(t, s)
			if where == "redraw" {
				s.play(t, simulator.Rule{Fault: simulator.SlowCmdlet, On: simulator.Cmdlet, Delay: simulator.Duration(time.Hour)})
				w.runs(t, "Get-Mailbox")
				w.says(t, "running")
			}
			w.order(t, "panic "+where)
			if where == "shortcut" {
				w.answer(t)
				w.key(t, "ctrl+j")
			}
			w.awaitEnd(t)
			crashed(t, s, env, w.cmd.ProcessState.ExitCode(), w.stderr.String())
		})
	}
}

// TestAPanicInTheCommandLine: rows are written on the main goroutine.
func TestAPanicInTheCommandLine(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	binary, err := patch{name: "postroom-panics", more: []behind{
		{"app/cli", "\tk.count++\n", "\tif k.count == 10 {\n\t\tpanic(\"planted in a row\")\n\t}\n"},
	}}.build()
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, simulator.Options{Rows: 1000})
	env := home(t)
	got := runBinary(t, binary, env, s.password, slices.Concat([]string{"run"}, s.connectFlags(), []string{"--csv", "-", "Get-Mailbox"})...)
	crashed(t, s, env, got.code, got.stderr)
}
