package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"postroom/app/cli"
	"postroom/session/simulator"
	"postroom/test/fixture"
)

// onDisk is set where a test runs with a file system of its own.
const onDisk = "POSTROOM_TEST_DISK"

// withDisk runs the test once more, in a process with mounts of its own, and says that
// this is not that one.
func withDisk(t *testing.T) bool {
	t.Helper()
	if os.Getenv(onDisk) != "" {
		return true
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), onDisk+"=1")
	again.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if me := os.Getuid(); me != 0 {
		again.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		again.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: me, Size: 1}}
	}
	out, err := again.CombinedOutput()
	switch {
	case len(out) == 0 && err != nil:
		t.Skip("no mounts of one's own here:", err)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	}
	return false
}

// disk is a folder of its own with so much room.
func disk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+size); err != nil {
		t.Skip("no mounts here:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// runOn runs a command whose state is in a folder with too little room.
func runOn(t *testing.T, s *simulator.Server, state string, args ...string) outcome {
	t.Helper()
	t.Setenv("XDG_STATE_HOME", state)
	o := do(t, s.Password()+"\n", at(s, args...)...)
	nothingLeft(t, s)
	if strings.Contains(o.stderr, "could not be confirmed") || strings.Count(o.stderr, "disk is full") != 1 {
		t.Errorf("it is told as\n%s", o.stderr)
	}
	return o
}

// TestAFullStateFolderIsToldAsThat: where the history has taken the last room, it
// gives it back for the list of open sessions, and is told; where nobody gives it back no
// session is opened.
func TestAFullStateFolderIsToldAsThat(t *testing.T) {
	if !withDisk(t) {
		return
	}
	s := start(t, simulator.Options{Rows: 500})
	name := filepath.Join(t.TempDir(), "rows.csv")

	small := disk(t, "16k")
	runOn(t, s, small, "--csv", name, "Get-Mailbox").fits(t, cli.ExitDone, "", "rows are not in the history", filepath.Join(small, "postroom", "history"))
	if b, err := os.ReadFile(name); err != nil || len(readCSV(t, string(b))) != 501 {
		t.Errorf("the file is not whole: %v", err)
	}

	full := disk(t, "16k")
	if err := os.WriteFile(filepath.Join(full, "fill"), make([]byte, 16<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	created := s.Stats().ShellsCreated
	runOn(t, s, full, "Get-Mailbox").fits(t, cli.ExitConnect, "", "so no session is opened", filepath.Join(full, "postroom"))
	if now := s.Stats().ShellsCreated; now != created {
		t.Errorf("%d sessions were opened all the same", now-created)
	}
}

// TestNoRoomForRowsThatWait is told once, and as what it is; the old file stays.
func TestNoRoomForRowsThatWait(t *testing.T) {
	fixture.Long(t)
	if !withDisk(t) {
		return
	}
	s := start(t, simulator.Options{Rows: 2000})
	name := filepath.Join(t.TempDir(), "rows.csv")
	state := disk(t, "3m")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	runOn(t, s, state, "--csv", name, "--json", filepath.Join(filepath.Dir(name), "rows.json"), "Get-Mailbox", "-ResultSize", "Unlimited").
		fits(t, cli.ExitConnect, "", "Rows wait in "+filepath.Join(state, "postroom", "spool"))
	if b, err := os.ReadFile(name); err != nil || string(b) != "old" {
		t.Errorf("the old file is %.40q, %v", b, err)
	}
	if left, err := os.ReadDir(filepath.Dir(name)); err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
}
