package clixml_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fixture gives the path of a file or folder of ../shared/fixtures beside the
// repository, and skips the test where that is absent.
func fixture(tb testing.TB, elem ...string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Fatal("no go.mod above the test")
		}
		dir = parent
	}
	path := filepath.Join(append([]string{dir, "..", "shared", "fixtures"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("recorded data is not here: %v", err)
	}
	return path
}

// readFixture reads a file, unpacked if its name ends in .gz.
func readFixture(tb testing.TB, path string) []byte {
	tb.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if !strings.HasSuffix(path, ".gz") {
		return b
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	if b, err = io.ReadAll(z); err != nil {
		tb.Fatal(err)
	}
	return b
}

// caseName is the case's name in the corpus: the file's without its endings.
func caseName(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".gz")
	return strings.TrimSuffix(strings.TrimSuffix(name, ".xml"), ".json")
}

// corpus gives the paths of the corpus' files with that ending, by name.
func corpus(tb testing.TB, ending string) map[string]string {
	tb.Helper()
	dir := fixture(tb, "powershell", "clixml")
	files := map[string]string{}
	for _, pattern := range []string{"*" + ending, "*" + ending + ".gz"} {
		list, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			tb.Fatal(err)
		}
		for _, path := range list {
			files[caseName(path)] = path
		}
	}
	return files
}

var indentation = regexp.MustCompile(`>\r?\n *<`)

// compact takes out the white space that PSSerializer indents with: PowerShell
// writes none on the wire. Line feeds within values are always escaped.
func compact(doc []byte) []byte { return indentation.ReplaceAll(doc, []byte("><")) }
