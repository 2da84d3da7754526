package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
)

// WindowFlags are what the program may be given where no command is.
type WindowFlags struct {
	Demo bool   // start the simulator and offer it
	Tour string // drive the demo and leave pictures in this folder; "" for no tour
}

// ParseWindow reads them and sees that there is a display. The error, also that
// of help or the version, which were asked for and given, is for Finish.
func ParseWindow(ctx context.Context, args []string, s Streams) (WindowFlags, error) {
	var w WindowFlags
	s = s.ready()
	f := flag.NewFlagSet("postroom", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&w.Demo, "demo", false, "")
	f.StringVar(&w.Tour, "tour", "", "")
	version := f.Bool("version", false, "")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		writeOverview(s.Out)
		return w, s.outcome(errHelp)
	case err != nil:
		return w, &usageError{what: twoDashes(err.Error())}
	case f.NArg() > 0:
		return w, &usageError{what: fmt.Sprintf("the window takes no argument %q; a command comes first", f.Arg(0))}
	}
	if err := nothingEmpty(f); err != nil {
		return w, err
	}
	if *version {
		say(s.Out, "%s %s\n", program, Version())
		return w, s.outcome(errHelp)
	}
	return w, display(ctx, runtime.GOOS, os.Getenv)
}

// display says why no window can be shown here, nil when it may be: Fyne would
// end the program in the middle of its start. Only what is certain counts.
func display(ctx context.Context, system string, getenv func(string) string) error {
	if system == "windows" || system == "darwin" {
		return nil
	}
	wayland, x := getenv("WAYLAND_DISPLAY"), getenv("DISPLAY")
	what := "there is no display for a window here (DISPLAY and WAYLAND_DISPLAY are not set)"
	switch {
	case answers(ctx, waylandSockets(cmp.Or(wayland, "wayland-0"), getenv("XDG_RUNTIME_DIR"))), x != "" && answers(ctx, xSockets(x)):
		return nil
	case wayland != "":
		what = fmt.Sprintf("the display %s, which WAYLAND_DISPLAY names, does not answer", wayland)
	case x != "":
		what = fmt.Sprintf("the display %s, which DISPLAY names, does not answer", x)
	}
	return &usageError{what: what + "; start the window from a desktop, or work without one by a command"}
}

func waylandSockets(name, runtimeDir string) []string {
	if filepath.IsAbs(name) {
		return []string{name}
	}
	return []string{filepath.Join(runtimeDir, name)}
}

// localX is the address of an X server on this computer: number, and screen.
var localX = regexp.MustCompile(`^(?:unix)?:(\d+)(?:\.\d+)?$`)

// xSockets are where a server of this computer listens, none for another's.
func xSockets(name string) []string {
	m := localX.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	path := "/tmp/.X11-unix/X" + m[1]
	return []string{path, "@" + path} // Linux has names without a file too
}

// answers says that somebody listens at one of the sockets, or that this cannot
// be told.
func answers(ctx context.Context, sockets []string) bool {
	for _, socket := range sockets {
		c, err := new(net.Dialer).DialContext(ctx, "unix", socket)
		if err == nil {
			_ = c.Close() // only asked whether it answers
			return true
		}
	}
	return len(sockets) == 0
}
