package e2e

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"postroom/test/fixture"
)

// deafOwner starts a program that owns a selection of the display and answers nobody; asked
// waits until somebody wants an answer.
func (d *display) deafOwner(t *testing.T, selection string) (asked func()) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here")
	}
	owner := exec.Command(python, filepath.Join("testdata", "deafclipboard.py"), selection)
	owner.Env = append(os.Environ(), "DISPLAY="+d.name)
	owner.Stderr = os.Stderr
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, owner)
	lines := bufio.NewReader(out)
	says := func(word string) {
		t.Helper()
		if line, err := lines.ReadString('\n'); err != nil || line != word+"\n" {
			t.Fatalf("the owner of %s says %q, not that it is %s: %v", selection, line, word, err)
		}
	}
	says("owned")
	return func() { t.Helper(); says("asked") }
}

// TestADeafClipboardManager: GLFW gives what was copied to the clipboard's manager when
// the window has gone, and waits without end for its answer. The program ends all the same.
func TestADeafClipboardManager(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	w, env := signedIn(t, s)
	w.key(t, "ctrl+k")
	w.focus(t, "Search everything")
	w.typed(t, "copied")
	w.focus(t, "copied")
	w.key(t, "ctrl+a")
	w.key(t, "ctrl+c")
	w.deafOwner(t, "CLIPBOARD_MANAGER")
	w.key(t, "ctrl+v") // what was copied is there: the program owns the clipboard
	w.focus(t, "copied")
	w.must(t, "wmctrl", "-c", "Postroom")
	w.awaitEnd(t)
	if code := w.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit %d, want 0\n%s", code, w.stderr.String())
	}
	s.empty(t)
	cleanLedger(t, env)
}

// TestADeafClipboard: GLFW waits on the UI thread, and without end, for the program that
// owns the clipboard. Who ends ours from outside leaves no session behind.
func TestADeafClipboard(t *testing.T) {
	fixture.Long(t)
	t.Parallel()
	s := startServer(t)
	w, env := signedIn(t, s)
	w.key(t, "ctrl+k")
	w.focus(t, "Search everything")
	asked := w.deafOwner(t, "CLIPBOARD")
	w.key(t, "ctrl+v")
	asked() // so the UI thread waits
	sendSignal(t, w.cmd.Process, syscall.SIGTERM)
	w.awaitEnd(t)
	if code := w.cmd.ProcessState.ExitCode(); code != 5 {
		t.Errorf("exit %d, want 5\n%s", code, w.stderr.String())
	}
	s.empty(t)
	cleanLedger(t, env)
}
