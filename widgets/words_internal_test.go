package widgets

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTexts_lists_what_is_shown reads the sources: every text that is translated must be
// in the list that the catalogues are held against, and nothing else.
func TestTexts_lists_what_is_shown(t *testing.T) {
	used := map[string]bool{}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "tr" && f.Name != "unit" {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				used[text] = true
			}
			return true
		})
	}
	for _, k := range append(GridKeys(), FormKeys()...) {
		used[k.Keys], used[k.Does] = true, true
	}
	listed := Texts()
	for text := range used {
		if !slices.Contains(listed, text) {
			t.Errorf("%q is shown and not in Texts", text)
		}
	}
	for _, text := range listed {
		if !used[text] {
			t.Errorf("%q is in Texts and not shown", text)
		}
	}
	if len(used) < 50 {
		t.Errorf("only %d texts were found", len(used))
	}
}
