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
	name   string // as DISPLAY has it
	server *exec.Cmd
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
	defer read.Close() //nolint:errcheck // its one line was read
	// -r: a key whose release comes late is one key, and not many.
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1440x900x24", "+extension", "GLX", "+render", "-noreset", "-r")
	x.ExtraFiles = []*os.File{write}
	startErr := x.Start()
	_ = write.Close() // Xvfb has its own
	if startErr != nil {
		t.Fatal(startErr)
	}
	stopAtEnd(t, x)
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	d := &display{name: ":" + strings.TrimSpace(number), server: x}
	wm := exec.Command("openbox")
	wm.Env = append(os.Environ(), "DISPLAY="+d.name)
	if err := wm.Start(); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, wm)
	wait(t, "the window manager", long, func() bool { return d.tool("wmctrl", "-m") == nil })
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
	_, err := d.ask(name, args...)
	return err
}

// ask runs a tool on the display and gives the words that it prints.
func (d *display) ask(name string, args ...string) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), long)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	out, err := cmd.Output()
	return strings.Fields(string(out)), err
}

// window is the program in a window.
type window struct {
	*display
	cmd    *exec.Cmd
	number string // of the window, for xdotool
	stderr text
	ended  chan struct{}
}

// startWindow starts the program and waits for its window.
func startWindow(t *testing.T, d *display, s *server, env []string) *window {
	t.Helper()
	return startBinary(t, program, d, s, env)
}

func startBinary(t *testing.T, binary string, d *display, s *server, env []string) *window {
	t.Helper()
	w := &window{display: d, cmd: exec.Command(binary), ended: make(chan struct{})}
	w.cmd.Env = append(env, "DISPLAY="+d.name, "SSL_CERT_FILE="+s.ca, "LIBGL_ALWAYS_SOFTWARE=1", "FYNE_SCALE=1",
		"FYNE_THEME=light", "LC_ALL=en_US.UTF-8", "LANGUAGE=en", "XDG_SESSION_TYPE=x11")
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
	wait(t, "the window", long, func() bool {
		words, err := d.ask("xdotool", "search", "--onlyvisible", "--name", "^Postroom$")
		if err == nil && len(words) > 0 {
			w.number = words[0]
		}
		return w.number != ""
	})
	// Keys go to the window that has the focus, and are lost before it does.
	wait(t, "the keyboard", long, func() bool {
		words, err := d.ask("xdotool", "getwindowfocus")
		if err == nil && len(words) == 1 && words[0] == w.number {
			return true
		}
		_ = d.tool("wmctrl", "-i", "-a", w.number) // the window manager may not know it yet
		return false
	})
	return w
}

func (w *window) must(t *testing.T, name string, args ...string) {
	t.Helper()
	if err := w.tool(name, args...); err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
}

func (w *window) key(t *testing.T, key string) {
	t.Helper()
	w.must(t, "xdotool", "key", "--clearmodifiers", key)
}

func (w *window) typed(t *testing.T, text string) {
	t.Helper()
	w.must(t, "xdotool", "type", "--delay", "12", text)
}

// connect signs in by keyboard, as a person would: the dialog stands ready with
// the person's own endpoint and the account to be typed.
func (w *window) connect(t *testing.T, s *server) {
	t.Helper()
	w.key(t, "ctrl+n")
	w.typed(t, s.account)
	w.key(t, "Tab")
	w.typed(t, s.password)
	w.key(t, "Return")
	if !s.reached(t) {
		w.picture(t)
		t.Fatal("the window did not connect")
	}
}

// picture keeps what the display shows.
func (w *window) picture(t *testing.T) {
	t.Helper()
	name := filepath.Join(os.TempDir(), "postroom-e2e-"+strings.ReplaceAll(t.Name(), "/", "-")+".png")
	if err := w.tool("import", "-window", "root", name); err == nil {
		t.Logf("a picture of the display is %s", name)
	}
}

// reached waits for a session on the server.
func (s *server) reached(t *testing.T) bool {
	within, tick := time.After(long), time.NewTicker(50*time.Millisecond)
	defer tick.Stop()
	for s.stats(t).OpenShells == 0 {
		select {
		case <-tick.C:
		case <-within:
			return false
		}
	}
	return true
}

// withEndpoint is a home in which the person has an endpoint of their own: the
// server.
func withEndpoint(t *testing.T, s *server) []string {
	t.Helper()
	env := home(t)
	own, err := endpoint.OpenDirectory(filepath.Join(variable(t, env, "XDG_CONFIG_HOME"), "postroom", folders.Endpoints), nil)
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
	return env
}

// awaitEnd waits until the program has ended by itself.
func (w *window) awaitEnd(t *testing.T) {
	t.Helper()
	select {
	case <-w.ended:
	case <-time.After(long): // that it takes no more than 10 s is session's own test
		w.picture(t)
		_ = w.cmd.Process.Signal(syscall.SIGQUIT) // what it waits for stands in its standard error then
		<-w.ended
		t.Fatalf("the program did not end within %v", long)
	}
}
