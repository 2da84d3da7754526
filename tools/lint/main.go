// Command lint is Postroom's linter: one `go vet` tool that links the analyzers
// which CONTRIBUTING.md names, each pinned in tools/go.mod, and the house rules
// of rules.go. It is run as
//
//	go vet -vettool=.tools/bin/lint ./...
//
// so results are cached by the go command. One program links what eight would
// link eight times, and builds in a fraction of what a lint collection takes.
package main

import (
	"fmt"
	"os"

	"github.com/gordonklaus/ineffassign/pkg/ineffassign"
	"github.com/gostaticanalysis/nilerr"
	"github.com/kisielk/errcheck/errcheck"
	"github.com/polyfloyd/go-errorlint/errorlint"
	"github.com/sivchari/containedctx"
	"github.com/sonatard/noctx"
	"github.com/timakin/bodyclose/passes/bodyclose"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/shadow"
	"golang.org/x/tools/go/analysis/unitchecker"
	"honnef.co/go/tools/simple"
	"honnef.co/go/tools/staticcheck"
	"honnef.co/go/tools/stylecheck"
)

func main() {
	gosec, err := security()
	if err != nil {
		fmt.Fprintln(os.Stderr, "lint: gosec's settings:", err)
		os.Exit(2)
	}
	all := []*analysis.Analyzer{
		bodyclose.Analyzer,
		containedctx.Analyzer,
		errcheck.Analyzer,
		errorlint.NewAnalyzer(),
		gosec,
		ineffassign.Analyzer,
		nilerr.Analyzer,
		noctx.Analyzer,
		shadow.Analyzer,
		complexity,
		width,
		size,
		forbidden,
		reasons,
		unusedCode,
	}
	for _, a := range staticcheck.Analyzers {
		all = append(all, a.Analyzer)
	}
	for _, a := range simple.Analyzers {
		all = append(all, a.Analyzer)
	}
	for _, a := range stylecheck.Analyzers {
		if a.Analyzer.Name != "ST1023" { // redundant type in a declaration: a matter of taste
			all = append(all, a.Analyzer)
		}
	}
	for _, a := range all {
		obeyDirectives(a)
	}
	unitchecker.Main(all...)
}
