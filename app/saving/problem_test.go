package saving

import (
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"postroom/app/desktest"
	"postroom/session/atomicfile"
)

// A file that could not be written is named at once, as the person named it.
func TestTheFileIsNamed(t *testing.T) {
	const name = "/srv/reports/mailboxes.csv"
	for _, cause := range []error{syscall.ENOSPC, syscall.EROFS, fs.ErrPermission, fs.ErrNotExist, fs.ErrExist} {
		d, _ := desktest.New(t)
		d.Problem(&fs.PathError{Op: "write", Path: name, Err: cause})
		if said := desktest.Notes(d); strings.Count(said, name) != 1 {
			t.Errorf("%v is told as %q", cause, said)
		}
	}
	d, _ := desktest.New(t)
	d.Problem(&atomicfile.TornError{Name: name, Kept: "/tmp/mailboxes.csv.new", Err: syscall.EIO})
	if said := desktest.Notes(d); !strings.Contains(said, name) || !strings.Contains(said, "/tmp/mailboxes.csv.new") {
		t.Errorf("a torn file is told as %q", said)
	}
}
