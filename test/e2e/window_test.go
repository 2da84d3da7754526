package e2e

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"postroom/app/folders"
	"postroom/session/endpoint"
)

// display is a virtual screen with a window manager.
type display struct {
	name string // as DISPLAY has it
}

// startDisplay starts Xvfb and openbox, and skips the test where they are not
// installed.
func startDisplay(t *testing.T) *display {
	t.Helper()
	for _, tool := range []string{"Xvfb", "openbox", "xdotool", "wmctrl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: make setup installs it", tool)
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1440x900x24", "+extension", "GLX", "+render", "-noreset")
	x.ExtraFiles = []*os.File{write}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, x)
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	d := &display{name: ":" + strings.TrimSpace(number)}
	wm := exec.Command("openbox")
	wm.Env = append(os.Environ(), "DISPLAY="+d.name)
	if err := wm.Start(); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, wm)
	wait(t, "the window manager", 20*time.Second, func() bool { return d.tool("wmctrl", "-m") == nil })
	return d
}

func stopAtEnd(t *testing.T, cmd *exec.Cmd) {
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended with its display
		_ = cmd.Wait()
	})
}

// tool runs a tool on the display.
func (d *display) tool(name string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	return cmd.Run()
}

// window is the program in a window.
type window struct {
	*display
	cmd    *exec.Cmd
	stderr strings.Builder
	ended  chan struct{}
}

// startWindow starts the program and waits for its window.
func startWindow(t *testing.T, d *display, s *server, env []string) *window {
	t.Helper()
	w := &window{display: d, cmd: exec.Command(program), ended: make(chan struct{})}
	w.cmd.Env = append(env, "DISPLAY="+d.name, "SSL_CERT_FILE="+s.ca, "LIBGL_ALWAYS_SOFTWARE=1", "FYNE_SCALE=1",
		"FYNE_THEME=light", "LANG=en_US.UTF-8", "XDG_SESSION_TYPE=x11")
	w.cmd.Stderr = &w.stderr
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = w.cmd.Wait(); close(w.ended) }() // ends with the program; its exit code is read from cmd
	t.Cleanup(func() {
		_ = w.cmd.Process.Kill() // it has ended unless the test failed
		<-w.ended
		if t.Failed() {
			t.Logf("standard error of the program:\n%s", w.stderr.String())
		}
	})
	wait(t, "the window", 60*time.Second, func() bool {
		return d.tool("xdotool", "search", "--onlyvisible", "--name", "^Postroom$") == nil
	})
	w.must(t, "wmctrl", "-a", "Postroom")
	return w
}

func (w *window) must(t *testing.T, name string, args ...string) {
	t.Helper()
	if err := w.tool(name, args...); err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
}

// connect signs in by keyboard, as a person would: the dialog stands ready with
// the person's own endpoint and the account to be typed.
func (w *window) connect(t *testing.T, s *server) {
	t.Helper()
	for range 3 { // the first keys may come before the window takes them
		w.must(t, "xdotool", "key", "--clearmodifiers", "ctrl+n")
		w.must(t, "xdotool", "type", "--delay", "12", s.account)
		w.must(t, "xdotool", "key", "Tab")
		w.must(t, "xdotool", "type", "--delay", "12", s.password)
		w.must(t, "xdotool", "key", "Return")
		if s.reached(t) {
			return
		}
	}
	w.must(t, "import", "-window", "root", filepath.Join(os.TempDir(), "postroom-e2e.png"))
	t.Fatal("the window did not connect; its picture is postroom-e2e.png in the temporary folder")
}

// reached waits for a session on the server.
func (s *server) reached(t *testing.T) bool {
	for range 200 {
		if s.stats(t).OpenShells > 0 {
			return true
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-t.Context().Done():
		}
	}
	return false
}

// withEndpoint is a home in which the person has an endpoint of their own: the
// server.
func withEndpoint(t *testing.T, s *server) []string {
	t.Helper()
	env := home(t)
	for _, v := range env {
		dir, ok := strings.CutPrefix(v, "XDG_CONFIG_HOME=")
		if !ok {
			continue
		}
		own, err := endpoint.OpenDirectory(filepath.Join(dir, "postroom", folders.Endpoints), nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = own.Add(t.Context(), endpoint.Endpoint{
			Name: "Server of the test", URL: s.url, Kind: endpoint.KindOwn, Configuration: "Microsoft.Exchange",
			Auth: []string{endpoint.AuthBasic}, SessionLimit: 3, Delegation: true,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return env
}

// awaitEnd waits until the program has ended by itself.
func (w *window) awaitEnd(t *testing.T) {
	t.Helper()
	select {
	case <-w.ended:
	case <-time.After(15 * time.Second):
		t.Fatal("the program did not end within 15 s")
	}
}

// TestEveryWayOutOfTheWindow: whichever way the program ends, the server is
// left clean.
func TestEveryWayOutOfTheWindow(t *testing.T) {
	d := startDisplay(t)
	for _, way := range []struct {
		name  string
		leave func(*testing.T, *window)
	}{
		{"title bar", func(t *testing.T, w *window) { w.must(t, "wmctrl", "-c", "Postroom") }},
		{"alt+F4", func(t *testing.T, w *window) { w.must(t, "xdotool", "key", "--clearmodifiers", "alt+F4") }},
		{"ctrl+Q", func(t *testing.T, w *window) { w.must(t, "xdotool", "key", "--clearmodifiers", "ctrl+q") }},
		{"Quit in the menu", func(t *testing.T, w *window) {
			id := w.id(t)
			for range 10 { // the sign-in may still be over the menu, and then the window gone
				_ = w.tool("xdotool", "mousemove", "--window", id, "34", "12", "click", "1")
				_ = w.tool("xdotool", "key", "--clearmodifiers", "--delay", "80", "Up", "Return") // the last entry
				select {
				case <-w.ended:
					return
				case <-time.After(time.Second):
				}
			}
		}},
		{"closed twice", func(t *testing.T, w *window) {
			w.must(t, "wmctrl", "-c", "Postroom")
			_ = w.tool("wmctrl", "-c", "Postroom") // the window may have gone
		}},
		{"SIGINT", signalled(syscall.SIGINT)},
		{"SIGTERM", signalled(syscall.SIGTERM)},
		{"SIGHUP", signalled(syscall.SIGHUP)},
	} {
		t.Run(way.name, func(t *testing.T) {
			s := startServer(t)
			w := startWindow(t, d, s, withEndpoint(t, s))
			w.connect(t, s)
			way.leave(t, w)
			w.awaitEnd(t)
			if now := s.stats(t); now.OpenShells != 0 {
				t.Errorf("%d sessions are left on the server", now.OpenShells)
			}
		})
	}
}

// id is the window's number for xdotool.
func (w *window) id(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "xdotool", "search", "--onlyvisible", "--name", "^Postroom$")
	cmd.Env = append(os.Environ(), "DISPLAY="+w.name)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))[0]
}

// TestKilledWindow: what a killed window leaves is deleted at the next start,
// quietly when the password is in the keyring, and named when it is not.
func TestKilledWindow(t *testing.T) {
	d := startDisplay(t)
	s := startServer(t)
	env := withEndpoint(t, s)
	w := startWindow(t, d, s, env)
	w.connect(t, s)
	if err := w.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-w.ended
	if open := s.stats(t).OpenShells; open != 1 {
		t.Fatalf("%d sessions after the kill, want 1", open)
	}
	got := run(t, env, s.password+"\n", "sessions", "--close", "--password-stdin", "--ca", s.ca)
	if got.code != 0 {
		t.Errorf("sessions --close: exit %d\n%s", got.code, got.stderr)
	}
	if open := s.stats(t).OpenShells; open != 0 {
		t.Errorf("%d sessions are left on the server", open)
	}
}

func signalled(sig syscall.Signal) func(*testing.T, *window) {
	return func(t *testing.T, w *window) {
		if err := w.cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
	}
}
