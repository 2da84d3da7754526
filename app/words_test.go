package app

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"postroom/assets"
	"postroom/widgets"
)

// TestEveryTextIsTranslated holds the catalogues against the code: every text
// that is shown stands in each of them, and none is left over.
func TestEveryTextIsTranslated(t *testing.T) {
	used := map[string]bool{}
	for _, text := range widgets.Texts() {
		used[text] = true
	}
	for _, text := range shownTexts(t) {
		used[text] = true
	}
	for _, language := range []string{"en", "de"} {
		b, err := assets.Translations().ReadFile("translations/" + language + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var catalogue map[string]string
		if err := json.Unmarshal(b, &catalogue); err != nil {
			t.Fatal(err)
		}
		for text := range used {
			if catalogue[text] == "" {
				t.Errorf("%s.json lacks %q", language, text)
			}
			if got, want := placesToFill(catalogue[text]), placesToFill(text); !slices.Equal(got, want) {
				t.Errorf("%s.json: %q has the places %q to fill, its translation %q", language, text, want, got)
			}
		}
		for text := range catalogue {
			if !used[text] {
				t.Errorf("%s.json has %q, which nothing shows", language, text)
			}
		}
	}
}

var fillable = regexp.MustCompile(`%[sd]|\{\{[^}]*\}\}`)

// placesToFill are the places of a text: those of fmt in their order, which is that of
// the values, and the named ones behind them by their names.
func placesToFill(text string) []string {
	places := fillable.FindAllString(text, -1)
	slices.SortStableFunc(places, func(a, b string) int {
		if strings.HasPrefix(a, "%") && strings.HasPrefix(b, "%") {
			return 0
		}
		return strings.Compare(a, b)
	})
	return places
}

// shownTexts finds the texts given to lang.L in this folder and those below it.
func shownTexts(t *testing.T) []string {
	var files []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || f.Sel.Name != "L" {
				return true
			}
			literal, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: lang.L of something that is no literal cannot be checked", name)
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
			return true
		})
	}
	return texts
}
