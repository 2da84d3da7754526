package atomicfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/session/atomicfile"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func write(t *testing.T, name, s string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(s), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// names are those of a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func mode(t *testing.T, name string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

// TestTheOldFileStaysUntilTheNewOneIsWhole, and nothing is left of one that failed.
func TestTheOldFileStaysUntilTheNewOneIsWhole(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.csv")
	write(t, name, "old", 0o640)
	f, err := atomicfile.Create(name, atomicfile.Shared)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "new"); err != nil {
		t.Fatal(err)
	}
	if got := read(t, name); got != "old" {
		t.Errorf("before Commit there is %q", got)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, name); got != "new" || mode(t, name) != 0o640 {
		t.Errorf("%q with %v, want the new text with the old rights", got, mode(t, name))
	}
	broken := errors.New("broken off")
	err = atomicfile.Replace(name, atomicfile.Shared, func(w io.Writer) error {
		if err := text("half")(w); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), name) {
		t.Errorf("%v, want the writer's error with the name", err)
	}
	if got := names(t, dir); read(t, name) != "new" || !slices.Equal(got, []string{"report.csv"}) {
		t.Errorf("%q in the file, files %v", read(t, name), got)
	}
}

// TestALinkIsKept: what it leads to is replaced, where that is, also when there is
// nothing yet.
func TestALinkIsKept(t *testing.T) {
	dir := t.TempDir()
	far := filepath.Join(dir, "far")
	if err := os.Mkdir(far, 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.csv")
	if err := os.Symlink(filepath.Join("far", "real.csv"), link); err != nil {
		t.Skip(err)
	}
	for _, s := range []string{"first", "second"} {
		if err := atomicfile.Replace(link, atomicfile.Shared, text(s)); err != nil {
			t.Fatal(err)
		}
		to, err := os.Readlink(link)
		if err != nil || to != filepath.Join("far", "real.csv") || read(t, filepath.Join(far, "real.csv")) != s {
			t.Errorf("link leads to %q, %v", to, err)
		}
	}
}

// TestPrivate: settings and traces are for the user alone, whatever was there before.
func TestPrivate(t *testing.T) {
	dir := t.TempDir()
	name, trace := filepath.Join(dir, "settings.json"), filepath.Join(dir, "trace.jsonl")
	write(t, name, "old", 0o666)
	write(t, trace, "a longer one", 0o666)
	if err := atomicfile.Replace(name, atomicfile.Private, text("new")); err != nil {
		t.Fatal(err)
	}
	f, err := atomicfile.OpenPrivate(trace)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("new"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{name, trace} {
		if m := mode(t, file); m != 0o600 || read(t, file) != "new" {
			t.Errorf("%s: %v, %q", file, m, read(t, file))
		}
	}
}

// TestPartialName: what is not whole does not touch the file of the whole.
func TestPartialName(t *testing.T) {
	name := filepath.Join(t.TempDir(), "report.csv")
	write(t, name, "whole", 0o600)
	f, err := atomicfile.Create(name, atomicfile.Shared)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "half"); err != nil {
		t.Fatal(err)
	}
	got, err := f.CommitAs(".partial")
	if err != nil || got != name+".partial" || read(t, got) != "half" || read(t, name) != "whole" {
		t.Errorf("%s, %v", got, err)
	}
}

// TestPartialNameOfALongOne has room for what it says.
func TestPartialNameOfALongOne(t *testing.T) {
	dir := t.TempDir()
	f, err := atomicfile.Create(filepath.Join(dir, strings.Repeat("x", 248)+"ä.csv"), atomicfile.Shared)
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.CommitAs(".partial")
	if err != nil || got != filepath.Join(dir, strings.Repeat("x", 247)+".partial") {
		t.Errorf("%s, %v", got, err)
	}
	if there := names(t, dir); len(there) != 1 || filepath.Join(dir, there[0]) != got {
		t.Errorf("files %q", there)
	}
}

// TestSweep: what a killed program has left is swept by the next one, whatever the name
// of its report; what is being written, and what others named so or otherwise, stays.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	dead := filepath.Join(dir, ".other.csv.postroom-"+strings.Repeat("A", 26))
	write(t, dead, "dead", 0o600)
	strange := []string{".report.csv.swp", ".x.postroom-SHORT", "report.csv.postroom-" + strings.Repeat("A", 26)}
	for _, s := range strange {
		write(t, filepath.Join(dir, s), "not ours", 0o600)
	}
	living, err := atomicfile.Create(filepath.Join(dir, "long.csv"), atomicfile.Shared)
	if err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(filepath.Join(dir, "report.csv"), atomicfile.Shared, text("new")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dead); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", dead, err)
	}
	if err := living.Commit(); err != nil {
		t.Errorf("a file that was being written: %v", err)
	}
	want := append([]string{"report.csv", "long.csv"}, strange...)
	slices.Sort(want)
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
}

// TestErrorsNameTheFileThatThePersonGave, never the working name.
func TestErrorsNameTheFileThatThePersonGave(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "no", "folder.csv")
	locked := filepath.Join(dir, "locked.csv")
	write(t, locked, "old", 0o400)
	tests := map[string]error{missing: fs.ErrNotExist, dir: atomicfile.ErrFolder}
	if os.Getuid() != 0 {
		tests[locked] = fs.ErrPermission
	}
	if _, err := os.Stat(full); err == nil {
		tests[full] = errFull
	}
	for name, want := range tests {
		err := atomicfile.Replace(name, atomicfile.Shared, text("new"))
		var path *fs.PathError
		if !errors.Is(err, want) || !errors.As(err, &path) || path.Path != name {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"locked.csv"}) {
		t.Errorf("files %q", got)
	}
}

// TestLongNames: the working name of a name of 255 bytes is not too long itself.
func TestLongNames(t *testing.T) {
	name := filepath.Join(t.TempDir(), strings.Repeat("ä", 127))
	if err := atomicfile.Replace(name, atomicfile.Shared, text("x")); err != nil || read(t, name) != "x" {
		t.Error(err)
	}
}
