package saving

import (
	"errors"
	"net/url"
	"os"
	"runtime"
	"strings"
)

// PathError is a path that leads nowhere on this computer.
type PathError struct {
	Text string // as it was typed or pasted
	Why  PathFault
}

// PathFault is why a path leads nowhere.
type PathFault uint8

const (
	// OtherComputer: file://server/share is a file of another computer.
	OtherComputer PathFault = iota
	// OtherSystem: C:\reports is a path of Windows, and this is none.
	OtherSystem
	// NotReadable: the address of the file has something in it that is none of a name's.
	NotReadable
)

// Error says what was pasted.
func (e *PathError) Error() string {
	return "saving: " + [...]string{"a file of another computer", "a path of another system", "no address of a file"}[e.Why] + ": " + e.Text
}

// LeadsNowhere gives Text, and what it is a path of.
func (e *PathError) LeadsNowhere() (text string, ofComputer, ofSystem bool) {
	return e.Text, e.Why == OtherComputer, e.Why == OtherSystem
}

// ReadPath reads a path as people paste it: in quotes, as file:// or with ~ for their own
// folder. A server in file://server/share is that of a share on Windows; elsewhere shares
// have no such names, and it is a *PathError, as a path with a drive is.
func ReadPath(text string) (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // ~ stays what it is
	}
	return readPath(text, runtime.GOOS == "windows", home)
}

// readPath is ReadPath on a Windows, or not, and for a person with that folder.
func readPath(text string, windows bool, home string) (string, error) {
	path := unquoted(strings.TrimSpace(text))
	if rest, is := cutScheme(path); is {
		var err error
		if path, err = addressed(rest, windows); err != nil {
			why := NotReadable
			if errors.Is(err, errOtherComputer) {
				why = OtherComputer
			}
			return "", &PathError{Text: text, Why: why}
		}
	}
	if !windows && ofWindows(path) {
		return "", &PathError{Text: text, Why: OtherSystem}
	}
	return atHome(path, windows, home), nil
}

// ofWindows says that a path begins with a drive, or with a server and its share.
func ofWindows(path string) bool {
	return strings.HasPrefix(path, `\\`) || len(path) > 2 && path[1] == ':' && path[2] == '\\'
}

// atHome is a path whose ~ stands for a person's own folder.
func atHome(path string, windows bool, home string) string {
	separators := "/"
	if windows {
		separators = `\/`
	}
	rest, is := strings.CutPrefix(path, "~")
	if !is || home == "" || rest != "" && !strings.ContainsRune(separators, rune(rest[0])) {
		return path
	}
	if rest = strings.TrimLeft(rest, separators); rest == "" {
		return home
	}
	return strings.TrimRight(home, separators) + separators[:1] + rest
}

// unquoted takes a pair of quotes off. A single one belongs to the name.
func unquoted(text string) string {
	for _, quote := range []string{`"`, `'`} {
		if len(text) > 1 && strings.HasPrefix(text, quote) && strings.HasSuffix(text, quote) {
			return text[1 : len(text)-1]
		}
	}
	return text
}

// cutScheme cuts file: off, with two slashes and a server behind it or with one.
func cutScheme(text string) (rest string, is bool) {
	const scheme = "file:"
	if len(text) <= len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) || text[len(scheme)] != '/' {
		return text, false
	}
	return text[len(scheme):], true
}

var errOtherComputer = errors.New("saving: a file of another computer")

// addressed is the path in the address of a file (RFC 8089), behind its scheme.
func addressed(rest string, windows bool) (string, error) {
	path, err := url.PathUnescape(rest)
	if err != nil {
		return "", err
	}
	server := ""
	if behind, is := strings.CutPrefix(path, "//"); is {
		var found bool
		if server, path, found = strings.Cut(behind, "/"); !found {
			return "", errOtherComputer
		}
		path = "/" + path
	}
	if strings.EqualFold(server, "localhost") {
		server = ""
	}
	switch {
	case !windows && server != "":
		return "", errOtherComputer
	case !windows:
		return path, nil
	case server != "": // a share
		path = "//" + server + path
	case len(path) > 2 && path[2] == ':': // /C:/…
		path = path[1:]
	}
	return strings.ReplaceAll(path, "/", `\`), nil
}
