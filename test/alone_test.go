package test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// alone is the Makefile's list of packages that are tested without the race detector.
var alone = regexp.MustCompile(`(?m)^(?:export )?ALONE *:= *(.*)$`)

// besides are the packages of the standard library that start goroutines, or run what is
// called by several.
var besides = []string{"net", "net/http", "net/http/httptest", "os/exec", "os/signal", "testing/synctest"}

// TestNothingRunsBesideThoseTestedAlone: where only one goroutine runs, the race detector
// has nothing to find, so these may do without it. What they import is looked at as well.
func TestNothingRunsBesideThoseTestedAlone(t *testing.T) {
	root := projectRoot(t)
	list := alone.FindStringSubmatch(read(t, root, "Makefile"))
	if list == nil {
		t.Fatal("the Makefile has no ALONE")
	}
	for _, folder := range strings.Fields(list[1]) {
		folder = strings.TrimPrefix(folder, "./")
		found, err := sharers(root, folder)
		if err != nil {
			t.Errorf("%s: %v", folder, err)
		}
		for _, f := range found {
			t.Errorf("%s is tested without the race detector: %s", folder, f)
		}
	}
}

// sharers describes what could make a second goroutine, or memory that Go does not watch, in
// a folder, its tests and our folders that they import.
func sharers(root fs.FS, folder string) ([]string, error) {
	var found []string
	seen := map[string]bool{}
	var look func(folder string, tests bool) error
	look = func(folder string, tests bool) error {
		if seen[folder] {
			return nil
		}
		seen[folder] = true
		names, err := fs.Glob(root, path.Join(folder, "*.go"))
		if err != nil {
			return err
		}
		if len(names) == 0 {
			return fmt.Errorf("%s has no Go files", folder)
		}
		imported := map[string]bool{}
		for _, name := range names {
			if !tests && strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			in := token.NewFileSet()
			file, err := parser.ParseFile(in, name, text, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, spec := range file.Imports {
				p, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					return err
				}
				if slices.Contains(besides, p) || p == "unsafe" && !strings.HasSuffix(name, "_test.go") {
					found = append(found, name+" imports "+p)
				}
				if inner, ours := strings.CutPrefix(p, module+"/"); ours {
					imported[inner] = true
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if what := starts(n); what != "" {
					found = append(found, fmt.Sprintf("%s has %s", in.Position(n.Pos()), what))
				}
				return true
			})
		}
		for _, inner := range slices.Sorted(maps.Keys(imported)) {
			if err := look(inner, false); err != nil {
				return err
			}
		}
		return nil
	}
	err := look(folder, true)
	return found, err
}

// starts names what a node starts a goroutine by, if it does.
func starts(n ast.Node) string {
	switch n := n.(type) {
	case *ast.GoStmt:
		return "a go statement"
	case *ast.CallExpr:
		if s, ok := n.Fun.(*ast.SelectorExpr); ok {
			switch s.Sel.Name {
			case "Go", "AfterFunc", "Parallel", "RunParallel", "AddCleanup", "SetFinalizer":
				return "a call of " + s.Sel.Name
			}
		}
	}
	return ""
}

// TestSharersAreFound plants each of them once.
func TestSharersAreFound(t *testing.T) {
	const plain = "package a\n\nimport \"sync\"\n\nvar once sync.Once\n"
	cases := map[string]struct {
		files map[string]string
		want  string // part of what is found; empty: nothing
	}{
		"none":                    {map[string]string{"a/a.go": plain}, ""},
		"a go statement":          {map[string]string{"a/a.go": "package a\n\nfunc f() { go f() }\n"}, "a/a.go:3:12 has a go statement"},
		"a group":                 {map[string]string{"a/a.go": "package a\n\nimport \"sync\"\n\nfunc f(w *sync.WaitGroup) { w.Go(nil) }\n"}, "a call of Go"},
		"a timer":                 {map[string]string{"a/a.go": "package a\n\nimport \"time\"\n\nfunc f() { time.AfterFunc(1, f) }\n"}, "a call of AfterFunc"},
		"tests beside each other": {map[string]string{"a/a.go": plain, "a/a_test.go": "package a\n\nfunc TestA(t *testing.T) { t.Parallel() }\n"}, "a call of Parallel"},
		"a server":                {map[string]string{"a/a.go": plain, "a/a_test.go": "package a\n\nimport _ \"net/http/httptest\"\n"}, "imports net/http/httptest"},
		"pointers":                {map[string]string{"a/a.go": "package a\n\nimport _ \"unsafe\"\n"}, "imports unsafe"},
		"what is imported":        {map[string]string{"a/a.go": "package a\n\nimport _ \"postroom/b\"\n", "b/b.go": "package b\n\nfunc f() { go f() }\n"}, "b/b.go"},
		"a test of what is":       {map[string]string{"a/a.go": "package a\n\nimport _ \"postroom/b\"\n", "b/b.go": plain, "b/b_test.go": "package b\n\nfunc f() { go f() }\n"}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			root := fstest.MapFS{}
			for file, text := range c.files {
				root[file] = &fstest.MapFile{Data: []byte(text)}
			}
			found, err := sharers(root, "a")
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(found, "\n"); (all == "") != (c.want == "") || !strings.Contains(all, c.want) || len(found) > 1 {
				t.Errorf("found %q, want %q", all, c.want)
			}
		})
	}
	if _, err := sharers(fstest.MapFS{}, "gone"); err == nil {
		t.Error("a folder that is not there has nothing beside it")
	}
}
