package test

import (
	"bufio"
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestArchitectureNamesEveryRoom keeps the page and the import table together.
func TestArchitectureNamesEveryRoom(t *testing.T) {
	page := read(t, projectRoot(t), "ARCHITECTURE.md")
	for folder := range imports {
		name := folder
		if folder == "main" {
			name = "main.go"
		}
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("ARCHITECTURE.md says nothing of `%s`", name)
		}
	}
}

// TestDependenciesHaveAReason looks for each direct requirement in the list.
func TestDependenciesHaveAReason(t *testing.T) {
	root := projectRoot(t)
	page := read(t, root, "docs/dependencies.md")
	for _, module := range required(read(t, root, "go.mod")) {
		if !strings.Contains(page, strings.TrimPrefix(module, "golang.org/")) {
			t.Errorf("docs/dependencies.md does not say why %s", module)
		}
	}
	_, tools, found := strings.Cut(page, "## Tools")
	if !found {
		t.Fatal("docs/dependencies.md has no part for the tools")
	}
	for _, module := range required(read(t, root, "tools/go.mod")) {
		name := path.Base(version.ReplaceAllString(module, ""))
		if !strings.Contains(tools, module) && !strings.Contains(tools, name) {
			t.Errorf("docs/dependencies.md does not say why the tools need %s", module)
		}
	}
}

// version is the last element of a module's path that is one.
var version = regexp.MustCompile(`/v\d+$`)

// required gives the modules that a go.mod asks for itself.
func required(text string) []string {
	var modules []string
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		fields := strings.Fields(strings.TrimPrefix(lines.Text(), "require "))
		if len(fields) == 2 && strings.Contains(fields[0], ".") && strings.HasPrefix(fields[1], "v") {
			modules = append(modules, fields[0])
		}
	}
	return modules
}

// link is a link or picture of a Markdown page, without its anchor.
var link = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)

// TestLinksLeadSomewhere follows the links within the project.
func TestLinksLeadSomewhere(t *testing.T) {
	root := projectRoot(t)
	eachFile(t, root, func(name string, text []byte) {
		if path.Ext(name) != ".md" {
			return
		}
		for _, m := range link.FindAllSubmatch(text, -1) {
			target := string(m[1])
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			if _, err := fs.Stat(root, path.Join(path.Dir(name), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", name, target)
			}
		}
	})
}

// TestNothingBelongsToOneMachine finds paths of the machine that something was
// written on; everything in the project is relative to its root.
func TestNothingBelongsToOneMachine(t *testing.T) {
	// Put together here, so that this file does not find itself.
	paths := []string{"/wor" + "k/main", "/wor" + "k/shared", "/roo" + "t/", "/tmp/" + "postroom"}
	eachFile(t, projectRoot(t), func(name string, text []byte) {
		for _, p := range paths {
			if bytes.Contains(text, []byte(p)) {
				t.Errorf("%s names %s", name, p)
			}
		}
	})
}

// eachFile calls fn with every file of the project that people wrote.
func eachFile(t *testing.T, root fs.FS, fn func(name string, text []byte)) {
	t.Helper()
	built := map[string]bool{"bin": true, "dist": true, "out": true, ".git": true, ".tools": true, ".venv": true}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (built[name] || d.Name() == "testdata" || d.Name() == "__pycache__"):
			return fs.SkipDir
		case !d.Type().IsRegular(), built[name]: // .git of a worktree is a file
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		if !bytes.ContainsRune(text, 0) { // pictures and programs are not written by people
			fn(name, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, root fs.FS, name string) string {
	t.Helper()
	text, err := fs.ReadFile(root, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
