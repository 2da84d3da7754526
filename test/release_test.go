package test

import (
	"io/fs"
	"os"
	"regexp"
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
