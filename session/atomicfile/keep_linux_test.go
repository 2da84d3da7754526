package atomicfile_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"postroom/session/atomicfile"
)

func stat(t *testing.T, name string) *syscall.Stat_t {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t) //nolint:forcetypeassert // of Linux
}

// somebody runs do with the rights of an account that owns nothing here.
func somebody(t *testing.T, do func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { // ends with do; the thread ends with it, for its account stays
		runtime.LockOSThread()
		if err := syscall.Setfsuid(nobody); err != nil {
			done <- err
			return
		}
		if err := syscall.Setfsgid(nobody); err != nil {
			done <- err
			return
		}
		done <- do()
	}()
	return <-done
}

const nobody = 65534

// TestAHardLinkIsKept: both names have the new content, whether it is shorter or longer.
func TestAHardLinkIsKept(t *testing.T) {
	dir := t.TempDir()
	name, other := filepath.Join(dir, "report.csv"), filepath.Join(dir, "other.csv")
	write(t, name, "the old one", 0o640)
	if err := os.Link(name, other); err != nil {
		t.Skip(err)
	}
	for _, s := range []string{"new", "a longer one than the old one", ""} {
		if err := atomicfile.Replace(name, atomicfile.Shared, text(s)); err != nil {
			t.Fatal(err)
		}
		if read(t, name) != s || read(t, other) != s || stat(t, name).Nlink != 2 || mode(t, name) != 0o640 {
			t.Errorf("%q and %q, %d names, %v; want %q under both", read(t, name), read(t, other), stat(t, name).Nlink, mode(t, name), s)
		}
	}
	f, err := atomicfile.Create(name, atomicfile.Shared)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "half"); err != nil {
		t.Fatal(err)
	}
	partial, err := f.CommitAs(".partial")
	if err != nil || partial != name+".partial" || read(t, partial) != "half" || read(t, name) != "" || stat(t, partial).Nlink != 1 {
		t.Errorf("%s, %v", partial, err)
	}
	if err := atomicfile.Replace(name, atomicfile.Private, text("for me")); err != nil || read(t, other) != "" {
		t.Errorf("what is private is under the other name, too: %q, %v", read(t, other), err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"other.csv", "report.csv", "report.csv.partial"}) {
		t.Errorf("files %q", got)
	}
}

// TestAnotherOwnerIsKept: by who may give files away, and by who may not.
func TestAnotherOwnerIsKept(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only a superuser can make a file of somebody else")
	}
	dir := t.TempDir()
	name, private := filepath.Join(dir, "report.csv"), filepath.Join(dir, "settings.json")
	for _, file := range []string{name, private} {
		write(t, file, "old", 0o600)
		if err := os.Chown(file, nobody, nobody); err != nil {
			t.Skip(err)
		}
	}
	if err := atomicfile.Replace(name, atomicfile.Shared, text("by root")); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(private, atomicfile.Private, text("by root")); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{name, private} {
		if s := stat(t, file); s.Uid != nobody || s.Gid != nobody || read(t, file) != "by root" {
			t.Errorf("%s: owner %d, group %d, %q", file, s.Uid, s.Gid, read(t, file))
		}
	}

	for _, d := range []string{dir, filepath.Dir(dir)} { // TempDir's are closed to others
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(name, 0, 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, 0o666); err != nil {
		t.Fatal(err)
	}
	before := stat(t, name)
	err := somebody(t, func() error { return atomicfile.Replace(name, atomicfile.Shared, text("by nobody")) })
	if err != nil {
		t.Skip("this thread cannot have another account:", err)
	}
	if s := stat(t, name); s.Uid != 0 || s.Ino != before.Ino || read(t, name) != "by nobody" {
		t.Errorf("owner %d, %q", s.Uid, read(t, name))
	}

	// A folder that takes no new file, and a file in it that may be written.
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	err = somebody(t, func() error { return atomicfile.Replace(name, atomicfile.Shared, text("in a closed folder")) })
	if s := stat(t, name); err != nil || s.Uid != 0 || read(t, name) != "in a closed folder" || mode(t, name) != 0o666 {
		t.Errorf("%v: owner %d, %q", err, s.Uid, read(t, name))
	}
	if got := names(t, dir); !slices.Equal(got, []string{"report.csv", "settings.json"}) {
		t.Errorf("files %q", got)
	}
}

// TestAccessListIsKept: rights for named users stay.
func TestAccessListIsKept(t *testing.T) {
	name := filepath.Join(t.TempDir(), "report.csv")
	write(t, name, "old", 0o640)
	// Version 2: owner rw-, user 65534 r--, group r--, mask r--, others ---.
	list := []byte{
		2, 0, 0, 0,
		1, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, 2, 0, 4, 0, 0xfe, 0xff, 0, 0,
		4, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, 0x10, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, 0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
	}
	if err := syscall.Setxattr(name, "system.posix_acl_access", list, 0); err != nil {
		t.Skip("no access lists on this file system:", err)
	}
	if err := atomicfile.Replace(name, atomicfile.Shared, text("new")); err != nil {
		t.Fatal(err)
	}
	if n, err := syscall.Getxattr(name, "system.posix_acl_access", nil); err != nil || n != len(list) || read(t, name) != "new" {
		t.Errorf("%d bytes of the list, %v; %q", n, err, read(t, name))
	}
}

// TestALinkInALinkedFolder leads from where the link is, not from where the folder's is.
func TestALinkInALinkedFolder(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{filepath.Join(deep, "report.csv"): "../real.csv", filepath.Join(dir, "short"): deep} {
		if err := os.Symlink(to, link); err != nil {
			t.Skip(err)
		}
	}
	name := filepath.Join(dir, "short", "report.csv")
	f, err := atomicfile.Create(name, atomicfile.Shared)
	if err != nil {
		t.Fatal(err)
	}
	if partial, err := f.CommitAs(".partial"); err != nil || mode(t, partial)&fs.ModeType != 0 {
		t.Errorf("%s: %v", partial, err) // mode fails where it is not there
	}
	if err := atomicfile.Replace(name, atomicfile.Shared, text("new")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, filepath.Join(dir, "a", "real.csv")); got != "new" {
		t.Errorf("%q", got)
	}
}
