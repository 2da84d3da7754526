package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// watched is the program in a window that tells what stands in it, and panics
// when it is told to. Its binary has a file more than the one that people have:
// testdata/watched.go.
type watched struct {
	*window
	socket string
	conn   net.Conn
	lines  *bufio.Reader
}

// patch is a change to the program that only a test's build of it has: texts of
// files in the module, by their paths.
type patch struct {
	name  string // of the binary
	files map[string]func(module string) ([]byte, error)
	// more is put behind lines, wherever in its folder a line stands.
	more []behind
}

// behind puts more behind a line, which must be there once in the files of a folder.
type behind struct{ folder, line, more string }

// in finds the file with the line, and gives its path and its text with more.
func (b behind) in(module string) (path string, text []byte, err error) {
	files, err := filepath.Glob(filepath.Join(module, filepath.FromSlash(b.folder), "*.go"))
	times := 0
	for _, file := range files {
		read, unread := os.ReadFile(file)
		if unread != nil {
			return "", nil, unread
		}
		if n := bytes.Count(read, []byte(b.line)); n > 0 {
			times += n
			path, text = file, bytes.Replace(read, []byte(b.line), []byte(b.line+b.more), 1)
		}
	}
	if err == nil && times != 1 {
		err = fmt.Errorf("%s has the line %q %d times, not once", b.folder, b.line, times)
	}
	return path, text, err
}

// build builds the program with the patch beside the unchanged one.
func (p patch) build() (string, error) {
	module, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return "", err
	}
	binary := filepath.Join(filepath.Dir(program), p.name)
	replaced := map[string]string{}
	for _, at := range p.more {
		var path string
		var text []byte
		if path, text, err = at.in(module); err != nil {
			return "", err
		}
		as := binary + "-" + strings.ReplaceAll(at.folder, "/", "-") + "-" + filepath.Base(path)
		if err = os.WriteFile(as, text, 0o600); err != nil {
			return "", err
		}
		replaced[path] = as
	}
	for file, text := range p.files {
		var b []byte
		if b, err = text(module); err != nil {
			return "", err
		}
		as := binary + "-" + strings.ReplaceAll(file, "/", "-")
		if err = os.WriteFile(as, b, 0o600); err != nil {
			return "", err
		}
		replaced[filepath.Join(module, filepath.FromSlash(file))] = as
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": replaced})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(binary+".json", overlay, 0o600); err != nil {
		return "", err
	}
	if out, err := exec.Command("go", "build", stripped, "-overlay", binary+".json", "-o", binary, "postroom").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", p.name, err, out)
	}
	return binary, nil
}

// added is a file that the program does not have.
func added(name string) func(string) ([]byte, error) {
	return func(string) ([]byte, error) { return os.ReadFile(filepath.Join("testdata", name)) }
}

var watchedProgram = sync.OnceValues(patch{name: "postroom-watched", files: map[string]func(string) ([]byte, error){
	"app/watched.go":      added("watched.go"),
	"app/runs/watched.go": added("watchedruns.go"),
	"widgets/watched.go":  added("watchedtoasts.go"),
}, more: []behind{
	{"app", "\tw.desk = desk.New(a.fyne, w.window, a.post, a.spawn)\n", "\ttheWindow = w\n"},
	{"app", "\tc.farewell.say(p.Title + \"\\n\" + p.Fix)\n", "\ttellLastWord()\n"},
	{"app/runs", "\t\tdefer t.manager.Guard() // a timer's goroutine\n", "\t\tplantedRedraw()\n"},
	{"widgets", "func (l *ToastLayer) Add(t Toast) {\n", "\ttellToast(t)\n"},
}}.build)

// withoutAnimations turns Fyne's animations off in a home. A cursor that blinks is a frame of the
// whole window each time, which here the processor draws: more work than all else of such a test.
// Those that only start a window (startWindow) keep them.
func withoutAnimations(t *testing.T, env []string) {
	t.Helper()
	folder := filepath.Join(variable(t, env, "XDG_CONFIG_HOME"), "fyne")
	err := os.MkdirAll(folder, 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "settings.json"), []byte(`{"no_animations": true}`), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// watch starts the program and waits for its window.
func watch(t *testing.T, d *display, s *server, env []string) *watched {
	t.Helper()
	binary, err := watchedProgram()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "postroom-") // the names of sockets must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	withoutAnimations(t, env)
	w := &watched{socket: filepath.Join(folder, "s")}
	w.window = startBinary(t, binary, d, s, append(env, "POSTROOM_WATCHED="+w.socket))
	if w.conn, err = net.Dial("unix", w.socket); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.conn.Close() })
	w.lines = bufio.NewReader(w.conn)
	t.Cleanup(func() {
		if t.Failed() {
			w.picture(t)
		}
	})
	return w
}

// signedIn is the window, on a display of its own, of a person who is connected to the
// server; env is their home.
func signedIn(t *testing.T, s *server) (w *watched, env []string) {
	t.Helper()
	d := startDisplay(t)
	env = withEndpoint(t, s)
	w = watch(t, d, s, env)
	w.signIn(t, s)
	return w, env
}

// order sends a command.
func (w *watched) order(t *testing.T, command string) {
	t.Helper()
	if _, err := fmt.Fprintln(w.conn, command); err != nil {
		t.Fatal(err)
	}
}

// answer is what came of the last order.
func (w *watched) answer(t *testing.T) []byte {
	t.Helper()
	line, err := w.lines.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// seen is a text in the window and where it stands, in pixels.
type seen struct {
	Text       string
	X, Y, W, H float32
	Focused    bool
}

// see gives the texts that stand in the window.
func (w *watched) see(t *testing.T) (all []seen) {
	t.Helper()
	w.order(t, "see")
	if err := json.Unmarshal(w.answer(t), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// text is all that stands in the window, its lines joined.
func (w *watched) text(t *testing.T) string {
	t.Helper()
	var all []string
	for _, s := range w.see(t) {
		all = append(all, s.Text)
	}
	return strings.Join(all, " ")
}

// says waits until a text stands in the window, in whatever case: titles are
// shown in capitals.
func (w *watched) says(t *testing.T, text string) {
	t.Helper()
	now := ""
	within, tick := time.After(long), time.NewTicker(50*time.Millisecond)
	defer tick.Stop()
	for {
		if now = w.text(t); strings.Contains(strings.ToLower(now), strings.ToLower(text)) {
			return
		}
		select {
		case <-tick.C:
		case <-w.ended:
			t.Fatalf("the program ended before the window said %q", text)
		case <-within:
			t.Fatalf("the window does not say %q but:\n%s", text, now)
		}
	}
}

// noted waits until the window has shown a note with a text. Some go after seconds, so that
// whoever looks from time to time may see none of them.
func (w *watched) noted(t *testing.T, text string) {
	t.Helper()
	wait(t, "the note "+text, long, func() bool {
		for line := range strings.Lines(w.stderr.String()) {
			if note, is := strings.CutPrefix(line, "toast: "); is && strings.Contains(note, text) {
				return true
			}
		}
		return false
	})
}

// click clicks with the mouse on a text. While there is more to come the window may still move
// it, so it must stand where it stood when the mouse was sent there.
func (w *watched) click(t *testing.T, text string) {
	t.Helper()
	var at *seen
	wait(t, "the text "+text, long, func() bool {
		all := w.see(t)
		found := slices.IndexFunc(all, func(s seen) bool { return s.Text == text })
		if found < 0 {
			return false
		}
		before := at
		at = &all[found]
		if before != nil && before.X == at.X && before.Y == at.Y && before.W == at.W {
			return true
		}
		w.must(t, "xdotool", "mousemove", "--window", w.number, fmt.Sprint(int(at.X+at.W/2)), fmt.Sprint(int(at.Y+at.H/2)))
		return false
	})
	w.must(t, "xdotool", "click", "1")
}

// signIn connects to the server, by keyboard, and waits until it is done.
func (w *watched) signIn(t *testing.T, s *server) {
	t.Helper()
	w.key(t, "ctrl+n")
	w.says(t, "Sign in to the service")
	w.enter(t, s)
	w.says(t, "for your role")
}

// enter types account and password.
func (w *watched) enter(t *testing.T, s *server) {
	t.Helper()
	w.typed(t, s.account)
	w.key(t, "Tab")
	w.typed(t, s.password)
	w.key(t, "Return")
}

// runs runs a cmdlet without parameters.
func (w *watched) runs(t *testing.T, cmdlet string) {
	t.Helper()
	w.key(t, "ctrl+l")
	w.typed(t, cmdlet)
	w.key(t, "Return")
	w.says(t, "Filter rows")
	w.key(t, "ctrl+Return")
}
