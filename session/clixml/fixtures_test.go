package clixml_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"postroom/test/fixture"
)

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
	dir := fixture.Path(tb, "powershell", "clixml")
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

// some are all of the cases by the long tests, and one of four otherwise.
func some(files map[string]string) map[string]string {
	names, few := slices.Sorted(maps.Keys(files)), map[string]string{}
	for n := 0; n < len(names); n += fixture.OneOf(4) {
		few[names[n]] = files[names[n]]
	}
	return few
}

var indentation = regexp.MustCompile(`>\r?\n *<`)

// compact takes out the white space that PSSerializer indents with: PowerShell
// writes none on the wire. Line feeds within values are always escaped.
func compact(doc []byte) []byte { return indentation.ReplaceAll(doc, []byte("><")) }
