package test

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	// ours are the variables of the environment that are this project's own, wherever they
	// are read: in Go, in a script, in Python.
	ours = regexp.MustCompile(`\bPOSTROOM_[A-Z_]+\b`)
	// readsEnvironment is a file that reads the environment, by a name or by a variable that
	// has one; then each text that looks like a name counts.
	readsEnvironment = regexp.MustCompile(`\bos\.(?:Getenv|LookupEnv)\b`)
	environmentName  = regexp.MustCompile(`"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"`)
	// ofMake is a variable of the Makefile that the caller may set.
	ofMake = regexp.MustCompile(`(?m)^(?:export )?([A-Z_]+) *\?=`)
)

// betweenTests begins the names that a test sets for a process of its own. Nobody else
// sets them, so the page names them all by this.
const betweenTests = "POSTROOM_TEST_"

// TestEverySwitchIsNamed: what can be switched from outside is named by a page. The
// program's own switches stand in docs/command-line.md, the developers' in CONTRIBUTING.md.
func TestEverySwitchIsNamed(t *testing.T) {
	root := projectRoot(t)
	contributing, commandLine := read(t, root, "CONTRIBUTING.md"), read(t, root, "docs/command-line.md")
	named := func(page, name string) bool {
		if strings.HasPrefix(name, betweenTests) {
			name = betweenTests + "*"
		}
		return regexp.MustCompile(`(?:^|[^A-Z_])` + regexp.QuoteMeta(name) + `(?:[^A-Z_]|$)`).MatchString(page)
	}
	looked := map[string]bool{}
	eachSource(t, root, func(name string, text []byte) {
		for _, variable := range ours.FindAllString(string(text), -1) {
			if looked[variable] = true; !named(contributing, variable) {
				t.Errorf("%s has %s, of which CONTRIBUTING.md says nothing", name, variable)
			}
		}
		if strings.HasSuffix(name, "_test.go") || path.Ext(name) != ".go" || !readsEnvironment.Match(text) || strings.HasPrefix(name, "test/") {
			return
		}
		for _, m := range environmentName.FindAllSubmatch(text, -1) {
			if looked[string(m[1])] = true; !named(commandLine, string(m[1])) {
				t.Errorf("%s reads %s, of which docs/command-line.md says nothing", name, m[1])
			}
		}
	})
	for _, m := range ofMake.FindAllStringSubmatch(read(t, root, "Makefile"), -1) {
		if looked[m[1]] = true; !named(contributing, m[1]) {
			t.Errorf("the Makefile has %s, of which CONTRIBUTING.md says nothing", m[1])
		}
	}
	for _, variable := range []string{"POSTROOM_LONG_TESTS", "POSTROOM_WATCHED", "LANG", "XDG_STATE_HOME", "FACTS"} {
		if !looked[variable] {
			t.Errorf("%s was not found", variable)
		}
	}
}

// eachSource is eachFile, with the programs that tests keep in testdata, and without pages.
func eachSource(t *testing.T, root fs.FS, fn func(name string, text []byte)) {
	t.Helper()
	eachFile(t, root, func(name string, text []byte) {
		if path.Ext(name) != ".md" && name != "test/switches_test.go" {
			fn(name, text)
		}
	})
	programs, err := fs.Glob(root, "*/*/testdata/*.go")
	if err != nil {
		t.Fatal(err)
	}
	if len(programs) == 0 {
		t.Error("no program of a test was found in testdata")
	}
	for _, name := range programs {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		fn(name, bytes.Clone(text))
	}
}
