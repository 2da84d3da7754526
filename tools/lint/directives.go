package main

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// directive finds `//lint:ignore NAME[,NAME] reason` and
// `//nolint:NAME[,NAME] // reason`. Without a name it does not match: nothing
// switches all linters off.
var directive = regexp.MustCompile(`^//(?:lint:ignore\s+|nolint:\s*)([\w,]+)(?:\s+//)?(?:\s+(.*))?$`)

// obeyDirectives makes an analyzer silent on a line that carries a directive
// with its name, and on the line below a directive, in files that people wrote.
// It changes the analyzer itself, because others may require it by its pointer.
func obeyDirectives(a *analysis.Analyzer) {
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		ignored := ignoredLines(pass, a.Name)
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			p := pass.Fset.Position(d.Pos)
			if ignored[line{p.Filename, p.Line}] || quiet(pass, a.Name, d, p) {
				return
			}
			d.Message = a.Name + ": " + strings.TrimPrefix(d.Message, a.Name+": ")
			pass.Report(d)
		}
		return run(&inner)
	}
}

type line struct {
	file   string
	number int
}

func ignoredLines(pass *analysis.Pass, name string) map[line]bool {
	ignored := make(map[line]bool)
	for _, f := range pass.Files {
		for _, group := range f.Comments {
			for _, c := range group.List {
				m := directive.FindStringSubmatch(c.Text)
				if m == nil || !slices.Contains(strings.Split(m[1], ","), name) {
					continue
				}
				p := pass.Fset.Position(c.Pos())
				ignored[line{p.Filename, p.Line}] = true
				// The directive may stand at the end of a comment block.
				end := pass.Fset.Position(group.End()).Line
				ignored[line{p.Filename, end + 1}] = true
			}
		}
	}
	return ignored
}

// quiet holds the exceptions that every project of this kind makes: what a
// test may do, and what a generated file looks like.
func quiet(pass *analysis.Pass, name string, d analysis.Diagnostic, p token.Position) bool {
	if strings.HasSuffix(p.Filename, "_cgo_gotypes.go") || strings.Contains(p.Filename, string(filepath.Separator)+"go-build") {
		return true
	}
	if strings.HasSuffix(p.Filename, "_test.go") {
		switch name {
		case "containedctx", "gosec", "noctx", "ST1000", "ST1020", "ST1021", "ST1022":
			return true
		}
	}
	// A variable of an if's or a switch's own header ends with the statement:
	// 52 of 66 reports were of those, and no fault among them.
	if name == "shadow" {
		return inHeader(pass, d.Pos)
	}
	// A deferred Close of something that was only read has nothing to say; one
	// that was written is closed by hand, and errcheck sees that call. Files of
	// rows are written through writers that keep their error.
	if name == "errcheck" {
		return unheeded(pass, d.Pos)
	}
	return false
}

// inHeader says that p is in what an if or a switch does before its condition.
func inHeader(pass *analysis.Pass, p token.Pos) bool {
	return anyNode(pass, p, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			return n.Init != nil && within(n.Init, p)
		case *ast.SwitchStmt:
			return n.Init != nil && within(n.Init, p)
		}
		return false
	})
}

// anyNode says that holds is true of a node of the file that p is in.
func anyNode(pass *analysis.Pass, p token.Pos, holds func(ast.Node) bool) bool {
	f := fileOf(pass, p)
	if f == nil {
		return false
	}
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		found = found || holds(n)
		return !found
	})
	return found
}

// fileOf is the file that p is in, nil for none.
func fileOf(pass *analysis.Pass, p token.Pos) *ast.File {
	for _, f := range pass.Files {
		if f.FileStart <= p && p < f.FileEnd {
			return f
		}
	}
	return nil
}
