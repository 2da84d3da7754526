package test

import (
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"postroom/assets"
	"postroom/test/fixture"
)

// TestVersionIsTheChangelogs compares what the packages and the program will say
// with what the people are told.
func TestVersionIsTheChangelogs(t *testing.T) {
	root := projectRoot(t)
	packaged := find(t, root, "FyneApp.toml", `(?m)^Version = "(\d+\.\d+\.\d+)"$`)
	told := find(t, root, "CHANGELOG.md", `(?m)^## \[(\d+\.\d+\.\d+)\]`)
	if packaged != told || assets.Version != told {
		t.Errorf("FyneApp.toml has version %s, the program %s, the newest in CHANGELOG.md is %s", packaged, assets.Version, told)
	}
}

// TestNothingBuiltIsKept: a program that was built beside the sources was once taken in
// with a commit, and each clone had 60 MB of it.
func TestNothingBuiltIsKept(t *testing.T) {
	const most = 2 << 20 // bytes of a file that people keep: a picture of the window has 0.4 MB
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z")
	list.Dir = fixture.Root(t)
	names, err := list.Output()
	if err != nil {
		t.Skipf("this is not a clone: %v", err)
	}
	root, kept := projectRoot(t), strings.Split(strings.TrimSuffix(string(names), "\x00"), "\x00")
	if len(kept) < 500 {
		t.Errorf("git keeps %d files", len(kept))
	}
	for _, name := range kept {
		if info, err := fs.Stat(root, name); err == nil && info.Size() > most {
			t.Errorf("%s has %d bytes", name, info.Size())
		}
	}
}

func find(t *testing.T, root fs.FS, name, pattern string) string {
	t.Helper()
	text, err := fs.ReadFile(root, name)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(pattern).FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s has nothing like %s", name, pattern)
	}
	return string(m[1])
}

// projectRoot is the project's folder as a file system.
func projectRoot(t *testing.T) fs.FS {
	t.Helper()
	return os.DirFS(fixture.Root(t))
}
