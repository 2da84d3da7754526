package exchange

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"postroom/session/clixml"
)

// What the tables write must be what the kinds of their columns are, in every
// row of every class.
func TestTablesMakeWhatTheyPromise(t *testing.T) {
	s := New(Options{Rows: 40, Seed: 3, Epoch: time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)})
	for _, tenant := range s.Listed()[:2] {
		for _, c := range load().classes {
			tb := tenant.table(c)
			ch := tb.state.Load()
			var r record
			for i := range min(tb.rows(ch), 60) {
				if !tb.load(ch, i, &r) {
					continue
				}
				for k, info := range c.columns {
					if v := r.cell(k); v != nil && reflect.TypeOf(v) != kindTypes[info.kind] {
						t.Errorf("%s row %d: %s holds a %T, %v", c.name, i, info.name, v, v)
					}
				}
			}
		}
	}
}

var kindTypes = map[kind]reflect.Type{
	kindText: reflect.TypeFor[string](), kindBool: reflect.TypeFor[bool](), kindInt32: reflect.TypeFor[int32](), kindInt64: reflect.TypeFor[int64](),
	kindFloat: reflect.TypeFor[float64](), kindTime: reflect.TypeFor[clixml.DateTime](), kindSpan: reflect.TypeFor[clixml.Duration](), kindGUID: reflect.TypeFor[clixml.GUID](),
	kindUint16: reflect.TypeFor[uint16](), kindUint32: reflect.TypeFor[uint32](), kindURI: reflect.TypeFor[clixml.URI](), kindVersion: reflect.TypeFor[clixml.Version](), kindList: reflect.TypeFor[[]string](), kindSize: reflect.TypeFor[quota](),
}

var verbNoun = regexp.MustCompile(`[A-Za-z]+-[A-Za-z0-9]+`)

// What a cmdlet does stands in the tables: no Go file of the engine names one,
// but for those that every session has.
func TestNoCmdletIsNamedInGo(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			for _, name := range verbNoun.FindAllString(literal.Value, -1) {
				if d := load().cmdlets[strings.ToLower(name)]; d != nil && d.services != "" {
					t.Errorf("%s names %s: %s", path, name, literal.Value)
				}
			}
			return true
		})
	}
}
