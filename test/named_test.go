package test

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPromisesHaveTheirTests looks up every test that docs/promises.md names: where a group
// of them has its packages in brackets, each is in one of these.
func TestPromisesHaveTheirTests(t *testing.T) {
	root := projectRoot(t)
	tests := testsByFolder(t, root)
	named := 0
	for _, line := range strings.Split(read(t, root, "docs/promises.md"), "\n") {
		list, is := strings.CutPrefix(line, "- Tests: ")
		if !is {
			continue
		}
		for _, group := range strings.Split(list, ";") {
			folders := bracketed(group)
			for _, name := range testName.FindAllString(group, -1) {
				named++
				if !slices.ContainsFunc(tests[name], func(folder string) bool { return len(folders) == 0 || slices.Contains(folders, folder) }) {
					t.Errorf("docs/promises.md names %s of %q, which is not there: it is in %q", name, folders, tests[name])
				}
			}
		}
	}
	if named < 50 {
		t.Errorf("the page names %d tests", named)
	}
}

var (
	testName = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w*`)
	declared = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
)

// testsByFolder says in which folders a test of a name is.
func testsByFolder(t *testing.T, root fs.FS) map[string][]string {
	t.Helper()
	tests := map[string][]string{}
	eachFile(t, root, func(name string, text []byte) {
		if strings.HasSuffix(name, "_test.go") {
			for _, m := range declared.FindAllSubmatch(text, -1) {
				tests[string(m[1])] = append(tests[string(m[1])], path.Dir(name))
			}
		}
	})
	return tests
}

// bracketed are the folders that stand in the brackets behind a group of tests.
func bracketed(group string) []string {
	_, inside, _ := strings.Cut(group, "(")
	inside, _, _ = strings.Cut(inside, ")")
	inside, _, _ = strings.Cut(inside, ":")
	var folders []string
	for _, word := range strings.Split(inside, ",") {
		if word = strings.TrimSpace(word); named(word) {
			folders = append(folders, word)
		}
	}
	return folders
}

// rooms are the folders and files at the root that pages speak of.
var rooms = []string{"app", "assets", "docs", "main.go", "session", "test", "tools", "widgets"}

// named says that a word speaks of a file or folder of the project.
func named(word string) bool {
	first, _, _ := strings.Cut(word, "/")
	return slices.Contains(rooms, first)
}

// pages are those that say how the project is now; the changelog says how it was.
func pages(t *testing.T, root fs.FS) map[string]string {
	t.Helper()
	all := map[string]string{}
	eachFile(t, root, func(name string, text []byte) {
		if path.Ext(name) == ".md" && name != "CHANGELOG.md" {
			all[name] = string(text)
		}
	})
	return all
}

// quoted is what a page has in the letters of programs: between backticks in a line.
var quoted = regexp.MustCompile("`([^`\n]+)`")

var (
	// place is a folder, a file or a pattern of files, and perhaps what is exported there.
	place    = regexp.MustCompile(`^([a-z][\w/*-]*(?:\.(?:go|md|mod|sh|tsv|txt|py|json))?)(?:\.([A-Z]\w*))?$`)
	target   = regexp.MustCompile(`(?m)^([a-z][\w-]*):`)
	makes    = regexp.MustCompile(`^make ([a-z][\w-]*)`)
	commands = regexp.MustCompile(`^(?:bin/)?postroom (?:help )?([a-z][\w-]*)`)
	command  = regexp.MustCompile(`(?m)^\t+name: "([a-z][\w-]*)",`)
)

// TestPagesNameWhatIsThere: a page that names a folder, a file, what a package exports, a
// test, a target of make or a command of the program names one that there is.
func TestPagesNameWhatIsThere(t *testing.T) {
	root := projectRoot(t)
	tests := testsByFolder(t, root)
	targets, known := found(target, read(t, root, "Makefile")), found(command, read(t, root, "app/cli/cli.go"))
	if len(targets) < 10 || len(known) < 10 {
		t.Fatalf("%d targets and %d commands were found", len(targets), len(known))
	}
	looked := map[string]int{}
	for name, text := range pages(t, root) {
		wrong := func(kind, what string, there bool) {
			looked[kind]++
			if !there {
				t.Errorf("%s names the %s %s, which is not there", name, kind, what)
			}
		}
		for _, m := range testName.FindAllString(text, -1) { // in blocks of commands too
			wrong("test", m, len(tests[m]) > 0)
		}
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			switch m := m[1]; {
			case testName.FindString(m) == m: // below
			case makes.MatchString(m):
				wrong("target", m, targets[makes.FindStringSubmatch(m)[1]])
			case commands.MatchString(m):
				wrong("command", m, known[commands.FindStringSubmatch(m)[1]])
			case named(m) && place.MatchString(m):
				at := place.FindStringSubmatch(m)
				wrong("place", m, standing(t, root, at[1], at[2]))
			}
		}
	}
	for kind, least := range map[string]int{"test": 50, "target": 20, "command": 8, "place": 120} {
		if looked[kind] < least {
			t.Errorf("%d times a %s was looked up", looked[kind], kind)
		}
	}
}

// found are the first groups of all matches.
func found(pattern *regexp.Regexp, text string) map[string]bool {
	all := map[string]bool{}
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		all[m[1]] = true
	}
	return all
}

// standing says that a file or folder is there and, where a name is given, exported in it.
func standing(t *testing.T, root fs.FS, at, exported string) bool {
	t.Helper()
	files, err := fs.Glob(root, at)
	if err != nil {
		t.Fatal(err)
	}
	if exported == "" || len(files) == 0 {
		return len(files) > 0
	}
	sources, err := fs.Glob(root, at+"/*.go")
	if err != nil {
		t.Fatal(err)
	}
	declares := regexp.MustCompile(`(?m)^(?:func|type|var|const|\t)\s?` + exported + `\b`)
	return slices.ContainsFunc(sources, func(name string) bool { return declares.MatchString(read(t, root, name)) })
}
