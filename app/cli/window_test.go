package cli_test

import (
	"bytes"
	"net"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/assets"
)

// openWindow reads the words of a start without a command.
func openWindow(t *testing.T, args ...string) (cli.WindowFlags, outcome) {
	t.Helper()
	var out, errs bytes.Buffer
	given, err := cli.ParseWindow(t.Context(), args, cli.Streams{Out: &out, Err: &errs})
	code := cli.ExitDone
	if err != nil {
		code = cli.Finish(&errs, err)
	}
	return given, outcome{code: code, stdout: out.String(), stderr: errs.String()}
}

func TestAWindowNeedsADisplay(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("there is always a display on", runtime.GOOS)
	}
	dir := t.TempDir()
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XDG_RUNTIME_DIR", dir)
	_, got := openWindow(t)
	got.fits(t, cli.ExitUsage, "", "no display", "DISPLAY and WAYLAND_DISPLAY are not set", "postroom help")
	for name, value := range map[string]string{"DISPLAY": ":654321.0", "WAYLAND_DISPLAY": "nobody"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			_, got = openWindow(t, "--demo")
			got.fits(t, cli.ExitUsage, "", value, name, "does not answer")
		})
	}
	t.Run("another computer's", func(t *testing.T) { // what cannot be told is left to the window
		t.Setenv("DISPLAY", "elsewhere.invalid:10.0")
		_, got = openWindow(t)
		got.fits(t, cli.ExitDone, "")
	})
	socket, err := new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(dir, "wayland-0"))
	if err != nil {
		t.Skip("no sockets here:", err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	given, got := openWindow(t, "--demo", "--tour", "out")
	got.fits(t, cli.ExitDone, "")
	if !given.Demo || given.Tour != "out" {
		t.Errorf("%+v", given)
	}
}

func TestWrongWordsForTheWindow(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"an unknown flag":     {[]string{"--nonsense"}, "--nonsense"},
		"a word":              {[]string{"--demo", "now"}, `"now"`},
		"no folder":           {[]string{"--tour"}, "--tour"},
		"an unset variable":   {[]string{"--tour", ""}, "--tour is empty"},
		"neither yes nor no":  {[]string{"--demo=maybe"}, "for --demo"},
		"a flag of a command": {[]string{"--csv", "-"}, "--csv"},
	} {
		_, got := openWindow(t, c.args...)
		got.fits(t, cli.ExitUsage, "", c.says, "postroom help")
		if got.stdout != "" || strings.Count(got.stderr, "\n") > 2 {
			t.Errorf("%s: %q, %q", name, got.stdout, got.stderr)
		}
	}
	for _, args := range [][]string{{"--help"}, {"-h"}, {"--demo", "-h"}} {
		_, got := openWindow(t, args...)
		if got.code != cli.ExitDone || got.stderr != "" || !strings.Contains(got.stdout, "--tour DIR") {
			t.Errorf("%v: exit %d, %q, %q", args, got.code, got.stdout, got.stderr)
		}
	}
}

// The version is said without a display, by the names of the flags that people type.
func TestTheVersion(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	for _, args := range [][]string{{"--version"}, {"-version"}, {"--demo", "--version"}} {
		_, got := openWindow(t, args...)
		if got.code != cli.ExitDone || got.stderr != "" || !regexp.MustCompile(`^postroom \d+\.\d+\.\d+( \([0-9a-f]{12}\))?\n$`).MatchString(got.stdout) {
			t.Errorf("%v: exit %d, %q, %q", args, got.code, got.stdout, got.stderr)
		}
		if !strings.Contains(got.stdout, assets.Version) {
			t.Errorf("%q is not of %s", got.stdout, assets.Version)
		}
	}
}
