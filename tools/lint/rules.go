package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/fzipp/gocyclo"
	"golang.org/x/tools/go/analysis"
	"honnef.co/go/tools/unused"
)

const mostPaths = 15

var complexity = &analysis.Analyzer{
	Name: "gocyclo",
	Doc:  "reports functions with more than 15 paths, tests excepted; a table written as a switch counts as one",
	Run: func(pass *analysis.Pass) (any, error) {
		for _, f := range pass.Files {
			if inTest(pass, f.Pos()) {
				continue
			}
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if n := gocyclo.Complexity(fn) - tableCases(fn); n > mostPaths {
					pass.Reportf(fn.Pos(), "%s has a cyclomatic complexity of %d, more than %d", fn.Name.Name, n, mostPaths)
				}
			}
		}
		return nil, nil
	},
}

// tableCases counts the cases of fn's switches that do one plain thing, but the
// first of each switch: a long list of them is a table, and no harder to read.
func tableCases(fn *ast.FuncDecl) int {
	total := 0
	ast.Inspect(fn, func(n ast.Node) bool {
		var body *ast.BlockStmt
		switch n := n.(type) {
		case *ast.SwitchStmt:
			body = n.Body
		case *ast.TypeSwitchStmt:
			body = n.Body
		default:
			return true
		}
		plain := 0
		for _, s := range body.List {
			if c, ok := s.(*ast.CaseClause); ok && c.List != nil && plainBody(c.Body) {
				plain++
			}
		}
		total += max(0, plain-1)
		return true
	})
	return total
}

func plainBody(body []ast.Stmt) bool {
	if len(body) > 1 {
		return false
	}
	for _, s := range body {
		switch s.(type) {
		case *ast.ReturnStmt, *ast.AssignStmt, *ast.ExprStmt, *ast.IncDecStmt:
		default:
			return false
		}
	}
	return true
}

// mostMethods is how many methods an interface may have, mostParameters how many
// parameters an exported function, its context aside.
const mostMethods, mostParameters = 5, 4

var width = &analysis.Analyzer{
	Name: "width",
	Doc:  "reports interfaces with more than 5 methods and exported functions with more than 4 parameters beside the context, tests excepted",
	Run: func(pass *analysis.Pass) (any, error) {
		for _, f := range pass.Files {
			if inTest(pass, f.Pos()) {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.TypeSpec:
					if i, ok := n.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > mostMethods {
						pass.Reportf(n.Pos(), "%s has %d methods, more than %d", n.Name.Name, i.Methods.NumFields(), mostMethods)
					}
				case *ast.FuncDecl:
					if count := parameters(pass, n.Type.Params); n.Name.IsExported() && count > mostParameters {
						pass.Reportf(n.Pos(), "%s has %d parameters, more than %d: make a struct of them", n.Name.Name, count, mostParameters)
					}
				}
				return true
			})
		}
		return nil, nil
	},
}

// mostFields is how many fields a struct may have, mostOwnMethods how many methods, before its
// comment has to say why it has so many. A part that is split off and holds the whole again is
// split in files alone: its methods count as the whole's.
const mostFields, mostOwnMethods = 15, 30

var size = &analysis.Analyzer{
	Name: "size",
	Doc:  "reports structs with more than 15 fields, or more than 30 methods with those of what they embed of ours and of their parts that hold them, whose comment has no sentence that says why they have so many fields or methods, tests excepted",
	Run: func(pass *analysis.Pass) (any, error) {
		for _, f := range pass.Files {
			if inTest(pass, f.Pos()) {
				continue
			}
			for _, d := range f.Decls {
				group, ok := d.(*ast.GenDecl)
				if !ok {
					continue
				}
				for _, s := range group.Specs {
					if spec, isType := s.(*ast.TypeSpec); isType {
						comment := spec.Doc.Text()
						if comment == "" {
							comment = group.Doc.Text()
						}
						tooLarge(pass, spec, comment)
					}
				}
			}
		}
		return nil, nil
	},
}

// tooLarge reports a struct that is larger than its comment says.
func tooLarge(pass *analysis.Pass, spec *ast.TypeSpec, comment string) {
	named, ok := pass.TypesInfo.Defs[spec.Name].Type().(*types.Named)
	if !ok {
		return
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return
	}
	if n := st.NumFields(); n > mostFields && !saysWhy(comment, "field") {
		pass.Reportf(spec.Pos(), "%s has %d fields, more than %d: split it, or say in a sentence of its comment why it has so many fields", spec.Name.Name, n, mostFields)
	}
	n, parts := ourMethods(pass.Pkg, named), holders(named, st)
	with := ""
	for _, part := range parts {
		n += part.NumMethods()
		with += ", " + part.Obj().Name()
	}
	if with != "" {
		with = " (with those of" + with[1:] + ", which hold it)"
	}
	if n > mostOwnMethods && !saysWhy(comment, "method") {
		pass.Reportf(spec.Pos(), "%s has %d methods%s, more than %d: split it, or say in a sentence of its comment why it has so many methods", spec.Name.Name, n, with, mostOwnMethods)
	}
}

// saysWhy tells whether a sentence of a comment gives a reason for so many of a thing: it
// names the thing, and says because of what there are so many, as what, or for each of what.
func saysWhy(comment, thing string) bool {
	const least = 7 // words
	text := strings.ToLower(strings.Join(strings.Fields(comment), " "))
	for sentence := range strings.SplitSeq(text, ". ") {
		if !strings.Contains(sentence, thing) || len(strings.Fields(sentence)) < least {
			continue
		}
		for _, why := range []string{" because ", " for each ", ", as ", ", which "} {
			if strings.Contains(sentence, why) {
				return true
			}
		}
	}
	return false
}

// holders are the parts of a struct that hold it: types of its package that nobody outside
// knows, in its fields and in those of what it embeds, which have a field of its type, and
// fewer fields than it. What it embeds has its methods counted already.
func holders(whole *types.Named, st *types.Struct) (out []*types.Named) {
	seen := map[*types.Named]bool{whole: true}
	var look func(in *types.Struct)
	look = func(in *types.Struct) {
		for f := range in.Fields() {
			part := namedOf(f.Type())
			if part == nil || seen[part] || part.Obj().Pkg() != whole.Obj().Pkg() || part.Obj().Exported() {
				continue
			}
			seen[part] = true
			inner, ok := part.Underlying().(*types.Struct)
			if !ok {
				continue
			}
			for held := range inner.Fields() {
				if namedOf(held.Type()) == whole && !f.Embedded() && inner.NumFields() < st.NumFields() {
					out = append(out, part)
					break
				}
			}
			if f.Embedded() {
				look(inner)
			}
		}
	}
	look(st)
	return out
}

// namedOf is the named type of a value or of what it points to; nil for others.
func namedOf(t types.Type) *types.Named {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := t.(*types.Named)
	return n
}

// ourMethods counts the methods of a type and of what it embeds, those of foreign modules
// aside: whoever extends Fyne's widgets has theirs.
func ourMethods(pkg *types.Package, t types.Type) int {
	module, _, _ := strings.Cut(pkg.Path(), "/")
	all, n := types.NewMethodSet(types.NewPointer(t)), 0
	for i := range all.Len() {
		if from := all.At(i).Obj().Pkg(); from == pkg || from != nil && strings.HasPrefix(from.Path(), module+"/") {
			n++
		}
	}
	return n
}

// parameters counts parameters, contexts aside.
func parameters(pass *analysis.Pass, list *ast.FieldList) int {
	count := list.NumFields()
	for _, p := range list.List {
		if types.TypeString(pass.TypesInfo.TypeOf(p.Type), nil) == "context.Context" {
			count--
		}
	}
	return count
}

var forbidden = &analysis.Analyzer{
	Name: "forbidden",
	Doc:  "reports what CONTRIBUTING.md forbids: fyne.DoAndWait, time.Sleep in tests, context.Background outside main, app and tests and wherever a context is at hand, package log's printers, printing past what makes texts harmless, init functions",
	Run: func(pass *analysis.Pass) (any, error) {
		for _, f := range pass.Files {
			w := where{prints: reachesTerminal(pass, f), root: pass.Pkg.Name() == "main" || ofTheWindow(pass.Pkg.Path()), test: inTest(pass, f.Pos()), fakeTime: importsSynctest(f), atHand: withContext(pass, f)}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if w.prints && printsRaw(pass, n) {
						pass.Reportf(n.Pos(), "this print lets a server's text act on the terminal: use say, which makes it harmless")
					}
				case *ast.SelectorExpr:
					if why := forbiddenName(pass, n, w); why != "" {
						pass.Reportf(n.Pos(), "%s", why)
					}
				case *ast.FuncDecl:
					if n.Recv == nil && n.Name.Name == "init" {
						pass.Reportf(n.Pos(), "no init functions: wiring belongs to main and to app")
					}
				}
				return true
			})
		}
		return nil, nil
	},
}

// ofTheWindow says that a package is part of the desktop program: its callbacks
// bring no context.
func ofTheWindow(path string) bool {
	switch path {
	case "postroom/app/cli", "postroom/app/folders":
		return false
	}
	return path == "postroom/app" || strings.HasPrefix(path, "postroom/app/")
}

// where is what decides whether a name is forbidden.
type where struct {
	root     bool // main, and the window, whose callbacks bring no context
	test     bool
	prints   bool // the command line, whose terminal others' texts reach
	fakeTime bool // the file uses testing/synctest, where Sleep takes no time
	atHand   []*ast.BlockStmt
}

// withContext gives the bodies of f's functions that a context is given to.
// What they pass on is that one, or made of it.
func withContext(pass *analysis.Pass, f *ast.File) []*ast.BlockStmt {
	var bodies []*ast.BlockStmt
	ast.Inspect(f, func(n ast.Node) bool {
		var kind *ast.FuncType
		var body *ast.BlockStmt
		switch n := n.(type) {
		case *ast.FuncDecl:
			kind, body = n.Type, n.Body
		case *ast.FuncLit:
			kind, body = n.Type, n.Body
		default:
			return true
		}
		for _, p := range kind.Params.List {
			if body != nil && types.TypeString(pass.TypesInfo.TypeOf(p.Type), nil) == "context.Context" {
				bodies = append(bodies, body)
			}
		}
		return true
	})
	return bodies
}

func importsSynctest(f *ast.File) bool {
	for _, i := range f.Imports {
		if i.Path.Value == `"testing/synctest"` {
			return true
		}
	}
	return false
}

// reachesTerminal says that the file writes to a terminal.
func reachesTerminal(pass *analysis.Pass, f *ast.File) bool {
	return !inTest(pass, f.Pos()) && (pass.Pkg.Path() == "postroom/app/cli" || pass.Pkg.Path() == "postroom")
}

// printsRaw says that the call writes texts to what may be a terminal. A text
// that is being put together in memory is none yet.
func printsRaw(pass *analysis.Pass, call *ast.CallExpr) bool {
	if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "say" && len(call.Args) > 1 {
		return !constant(pass, call.Args[1:2]) // its format is not made harmless
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	switch path, name := fn.Pkg().Path(), fn.Name(); {
	case path == "fmt" && strings.HasPrefix(name, "Print"):
		return !constant(pass, call.Args)
	case path == "fmt" && strings.HasPrefix(name, "Fprint"), path == "io" && name == "WriteString":
		switch types.TypeString(pass.TypesInfo.TypeOf(call.Args[0]), nil) {
		case "*strings.Builder", "*bytes.Buffer":
			return false
		}
		return !constant(pass, call.Args[1:])
	}
	return false
}

// constant says that the program's text has the values already.
func constant(pass *analysis.Pass, args []ast.Expr) bool {
	return !slices.ContainsFunc(args, func(a ast.Expr) bool { return pass.TypesInfo.Types[a].Value == nil })
}

func forbiddenName(pass *analysis.Pass, sel *ast.SelectorExpr, w where) string {
	fn, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return ""
	}
	atHand := func(b *ast.BlockStmt) bool { return within(b, sel.Pos()) }
	switch path, name := fn.Pkg().Path(), fn.Name(); {
	case path == "fyne.io/fyne/v2" && name == "DoAndWait":
		return "fyne.DoAndWait can wait for itself: use the post function (docs/decisions/0005)"
	case path == "time" && name == "Sleep" && w.test && !w.fakeTime:
		return "no time.Sleep in tests: wait for the event, or use testing/synctest"
	case path == "context" && (name == "Background" || name == "TODO") && !w.test && !w.root:
		return fmt.Sprintf("context.%s outside main, app and tests: take the caller's context, or context.WithoutCancel of it", name)
	case path == "context" && (name == "Background" || name == "TODO") && !w.test && slices.ContainsFunc(w.atHand, atHand):
		return fmt.Sprintf("context.%s where the function has a context: pass that on, or context.WithoutCancel of it", name)
	case path == "log" && !w.test && (strings.HasPrefix(name, "Print") || strings.HasPrefix(name, "Fatal") || strings.HasPrefix(name, "Panic")):
		return "log." + name + " writes to nobody: use the slog.Logger that the constructor got"
	}
	return ""
}

var reasons = &analysis.Analyzer{
	Name: "reasons",
	Doc:  "reports lint directives that give no reason, and those of single linters, which need none",
	Run: func(pass *analysis.Pass) (any, error) {
		for _, f := range pass.Files {
			for _, group := range f.Comments {
				for _, c := range group.List {
					if strings.Contains(c.Text, "#no"+"sec") {
						pass.Reportf(c.Pos(), "gosec is overruled as the others are: //lint:ignore gosec why")
					}
					if !strings.HasPrefix(c.Text, "//nolint") && !strings.HasPrefix(c.Text, "//lint:ignore") {
						continue
					}
					if m := directive.FindStringSubmatch(c.Text); m == nil || strings.TrimSpace(m[2]) == "" {
						pass.Reportf(c.Pos(), "a lint directive names the linter and gives a reason: //lint:ignore NAME why")
					}
				}
			}
		}
		return nil, nil
	},
}

// unusedCode turns staticcheck's result into diagnostics. The go command vets a
// package together with its tests, so code that only tests use counts as used.
var unusedCode = &analysis.Analyzer{
	Name:     "U1000",
	Doc:      "reports code that nothing uses",
	Requires: []*analysis.Analyzer{unused.Analyzer.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		files := make(map[string]*token.File)
		for _, f := range pass.Files {
			tf := pass.Fset.File(f.Pos())
			files[tf.Name()] = tf
		}
		for _, o := range pass.ResultOf[unused.Analyzer.Analyzer].(unused.Result).Unused {
			tf := files[o.Position.Filename]
			if tf == nil || o.Kind == "type param" {
				continue
			}
			pass.Reportf(tf.Pos(o.Position.Offset), "%s %s is unused", o.Kind, o.Name)
		}
		return nil, nil
	},
}

func inTest(pass *analysis.Pass, p token.Pos) bool {
	return strings.HasSuffix(pass.Fset.Position(p).Filename, "_test.go")
}

// unheeded says that nobody would do anything about the error at p: a deferred
// Close, or a message printed for people.
func unheeded(pass *analysis.Pass, p token.Pos) bool {
	return anyNode(pass, p, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			sel, ok := n.Call.Fun.(*ast.SelectorExpr)
			return ok && sel.Sel.Name == "Close" && within(n, p)
		case *ast.ExprStmt:
			return within(n, p) && prints(pass, n.X)
		}
		return false
	})
}

func within(n ast.Node, p token.Pos) bool { return n.Pos() <= p && p <= n.End() }

// prints says that e is a call of fmt's Fprint functions.
func prints(pass *analysis.Pass, e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == "fmt" && strings.HasPrefix(fn.Name(), "Fprint")
}
