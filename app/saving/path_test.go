package saving

import (
	"errors"
	"testing"
)

// TestPathsAsPeoplePasteThem: quotes are taken off in pairs, and a server is kept where there
// are shares.
func TestPathsAsPeoplePasteThem(t *testing.T) {
	const none = "\x00"
	for _, path := range []struct{ text, here, windows string }{
		{`/home/ada/a.csv`, `/home/ada/a.csv`, `/home/ada/a.csv`},
		{` "/tmp/a b.csv" `, `/tmp/a b.csv`, `/tmp/a b.csv`},
		{`'/tmp/a.csv'`, `/tmp/a.csv`, `/tmp/a.csv`},
		{`the girls'`, `the girls'`, `the girls'`},
		{`'twas.csv`, `'twas.csv`, `'twas.csv`},
		{`5" disks`, `5" disks`, `5" disks`},
		{`"`, `"`, `"`},
		{`""`, ``, ``},
		{`file:///tmp/a%20b.csv`, `/tmp/a b.csv`, `\tmp\a b.csv`},
		{`FILE://localhost/tmp/a.csv`, `/tmp/a.csv`, `\tmp\a.csv`},
		{`file:/tmp/a.csv`, `/tmp/a.csv`, `\tmp\a.csv`},
		{`"file:///tmp/50%25%20%231.csv"`, `/tmp/50% #1.csv`, `\tmp\50% #1.csv`},
		{`file:///tmp/a#1.csv`, `/tmp/a#1.csv`, `\tmp\a#1.csv`},
		{`file:///C:/Reports/a.csv`, `/C:/Reports/a.csv`, `C:\Reports\a.csv`},
		{`file://server/share/a.csv`, none, `\\server\share\a.csv`},
		{`file://server`, none, none},
		{`file:///tmp/50%`, none, none},
		{`file: notes`, `file: notes`, `file: notes`},
		{`C:\Reports\a.csv`, none, `C:\Reports\a.csv`},
		{`"\\server\share\a.csv"`, none, `\\server\share\a.csv`},
		{`~`, `/home/ada`, `/home/ada`},
		{`~/a.csv`, `/home/ada/a.csv`, `/home/ada\a.csv`},
		{`~ada`, `~ada`, `~ada`},
	} {
		for windows, want := range map[bool]string{false: path.here, true: path.windows} {
			got, err := readPath(path.text, windows, "/home/ada")
			fault, is := errors.AsType[*PathError](err)
			if want == none && (!is || fault.Text != path.text) || want != none && (err != nil || got != want) {
				t.Errorf("%s, on Windows %v: %q, %v; want %q", path.text, windows, got, err, want)
			}
		}
	}
}
