package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"postroom/session/atomicfile"
)

// TestOneFileByTwoNames: whether the file is there or not.
func TestOneFileByTwoNames(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, d := range []string{"sub", "other"} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(t, "there", "x", 0o600)
	write(t, "there too", "x", 0o600)
	write(t, filepath.Join("other", "there"), "x", 0o600)
	links := map[string]string{
		"link": "there", "dangling": "missing", "chain": "dangling", "folder": "sub",
		filepath.Join("sub", "up"): filepath.Join("..", "missing"),
	}
	for name, to := range links {
		if err := os.Symlink(to, name); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Link("there", "hard"); err != nil {
		t.Skip(err)
	}
	for _, pair := range [][2]string{
		{"there", filepath.Join(dir, "there")},
		{"there", "." + string(filepath.Separator) + "there"},
		{"there", "link"},
		{"link", "hard"},
		{"there", filepath.Join("sub", "..", "there")},
		{"missing", filepath.Join(dir, "missing")},
		{"missing", "dangling"},
		{"chain", filepath.Join(dir, "missing")},
		{filepath.Join("sub", "missing"), filepath.Join("folder", "missing")},
		{filepath.Join("folder", "up"), "missing"},
		{"a/./no folder", "a/no folder"},
	} {
		if !atomicfile.Same(pair[0], pair[1]) || !atomicfile.Same(pair[1], pair[0]) {
			t.Errorf("%q are two files", pair)
		}
	}
	for _, pair := range [][2]string{
		{"there", "there too"},
		{"there", "missing"},
		{"missing", "missing too"},
		{"there", filepath.Join("other", "there")},
		{filepath.Join("sub", "missing"), "missing"},
		{os.DevNull, os.DevNull},
	} {
		if atomicfile.Same(pair[0], pair[1]) || atomicfile.Same(pair[1], pair[0]) {
			t.Errorf("%q is one file", pair)
		}
	}
	if a, b := atomicfile.Twice("", "there", "missing", "", "hard"); a != "there" || b != "hard" {
		t.Errorf("%q and %q", a, b)
	}
	before := len(names(t, dir))
	write(t, "Ask.CSV", "x", 0o600) // the folder itself is the oracle
	_, err := os.Stat("ask.csv")
	if got := atomicfile.Same("New.CSV", "new.csv"); got != (err == nil) {
		t.Errorf("letters of another case are one file: %v", got)
	}
	if now := len(names(t, dir)); now != before+1 {
		t.Errorf("asking has left a file: %q", names(t, dir))
	}
	out, err := os.OpenFile("there", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if !atomicfile.SameOpen(out, "link") || atomicfile.SameOpen(out, "there too") || atomicfile.SameOpen(out, "missing") {
		t.Error("an open file is not found by its name")
	}
}
