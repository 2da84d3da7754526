package test

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

// elsewhere is what whoever clones the project cannot look up: files and folders that lay
// beside it where it was written, the names of commits, and the numbers of issues and
// orders of work. An issue of another project is named with the project, as in glfw/glfw#2346.
var elsewhere = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"a path beside the project", regexp.MustCompile(`\.\./shared\b`)},
	{"a folder beside the project", regexp.MustCompile(`(?:^|[^\w/])(?:fixtures|facts|research|findings|mock)/[\w.-]`)},
	{"a page beside the project", regexp.MustCompile(`\bDESIGN\b|\b[Ff]indings\b|\bresearch pages?\b|\bbrief\.md\b|\bthe mocks?\b`)},
	{"an issue or an order of work", regexp.MustCompile(`(?i)\b(?:issue|clause|stop) (?:no\. ?|#)?\d+\b`)},
	{"a commit", regexp.MustCompile(`(?:^|[^\w-])((?:[0-9a-f]*[0-9][a-f][0-9a-f]*|[0-9a-f]*[a-f][0-9][0-9a-f]*))(?:[^\w-]|$)`)},
}

// mayName are the pages that say what lies beside the project and what it is for.
var mayName = map[string]string{"CONTRIBUTING.md": "a path beside the project"}

// cited is a page that a comment sends its reader to.
var cited = regexp.MustCompile(`[A-Za-z0-9/_-]+\.md\b`)

// TestNothingIsCitedThatACloneDoesNotHave reads each comment, whatever the file, and each
// page. What reads the recordings and the facts names them in its code, in test/fixture and
// in FACTS of the Makefile; a comment says what they are.
func TestNothingIsCitedThatACloneDoesNotHave(t *testing.T) {
	root := projectRoot(t)
	read := map[string]int{}
	eachFile(t, root, func(name string, text []byte) {
		if name == "CHANGELOG.md" || name == "test/cited_test.go" {
			return
		}
		for _, line := range remarks(name, text) {
			read[path.Ext(name)]++
			for _, e := range elsewhere {
				found := e.pattern.FindStringSubmatch(line)
				if found != nil && isCited(found) && mayName[name] != e.what {
					t.Errorf("%s cites %s, %s, which a clone does not have: %s", name, found[len(found)-1], e.what, line)
				}
			}
			if path.Ext(name) != ".go" {
				continue // TestLinksLeadSomewhere looks at pages
			}
			for _, page := range cited.FindAllString(line, -1) {
				if _, err := fs.Stat(root, strings.TrimPrefix(page, "/")); err != nil {
					t.Errorf("%s cites %s, which a clone does not have", name, page)
				}
			}
		}
	})
	for ext, least := range map[string]int{".go": 10_000, ".md": 500, ".sh": 20, ".py": 50, ".txt": 3} {
		if read[ext] < least {
			t.Errorf("%d remarks were read of files that end in %q", read[ext], ext)
		}
	}
}

// isCited says whether what was found is what its pattern is for: a commit's name, which
// has a group, is seven letters and digits long at least, and twelve at most or whole.
func isCited(found []string) bool {
	name := found[len(found)-1]
	return len(found) == 1 || len(name) >= 7 && (len(name) <= 12 || len(name) == 40)
}

// remarks are the lines that people wrote for people: a page's, or the comments of a program.
func remarks(name string, text []byte) []string {
	switch ext := path.Ext(name); {
	case ext == ".md":
		return strings.Split(string(text), "\n")
	case ext == ".go":
		return comments(text)
	case ext == ".tsv" || ext == ".txt": // '#' within a line is the table's
		return matching(regexp.MustCompile(`^#.*`), text)
	case ext == ".py":
		return matching(regexp.MustCompile(`#.*|.*""".*`), text)
	case ext == ".sh" || ext == "": // Makefile, .gitignore, .ci/run
		return matching(regexp.MustCompile(`#.*`), text)
	}
	return nil
}

// matching are the parts of lines that a pattern is for.
func matching(pattern *regexp.Regexp, text []byte) []string {
	var all []string
	for _, line := range strings.Split(string(text), "\n") {
		if part := pattern.FindString(line); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// comments are the lines of the comments of a Go file.
func comments(text []byte) []string {
	var all []string
	set := token.NewFileSet()
	var s scanner.Scanner
	s.Init(set.AddFile("", set.Base(), len(text)), text, nil, scanner.ScanComments)
	for {
		switch _, tok, literal := s.Scan(); tok {
		case token.EOF:
			return all
		case token.COMMENT:
			all = append(all, strings.Split(literal, "\n")...)
		}
	}
}
