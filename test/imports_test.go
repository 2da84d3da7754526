// Package test holds the tests that look at the project as a whole: its import
// rules, its release metadata and its documents. Tests that run several rooms
// together are in its folders. Nothing here is imported by the program.
package test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "postroom"

// imports says which folders of ours each folder may import;
// ARCHITECTURE.md draws it. A folder that is not named here is an error, so that
// a new room must be thought about. "main" is the root.
var imports = map[string][]string{
	"main": {"app", "app/cli"},
	"app": {
		"session/atomicfile",
		"app/cli", "app/connect", "app/demo", "app/desk", "app/endpoints", "app/find", "app/folders", "app/gallery", "app/history", "app/ownreports", "app/runs", "app/saving", "app/settings", "app/system", "app/tenants", "app/tour", "app/tray", "app/words",
		"widgets", "assets", "session", "session/job", "session/harmless", "session/diagnose", "session/endpoint", "session/partner", "session/credential",
		"session/cmdlet", "session/reference", "session/search", "session/catalogue", "session/history", "session/report", "session/chart", "session/result", "session/simulator", "session/ledger", "session/jsonfile", "session/holder", "session/signin", "session/access", "session/discovery", "session/schedule",
	},
	"app/cli": {
		"session/atomicfile",
		"assets", "app/folders", "app/settings", "session", "session/job", "session/harmless", "session/diagnose", "session/endpoint", "session/partner", "session/credential",
		"session/catalogue", "session/cmdlet", "session/result", "session/simulator", "session/ledger", "session/holder", "session/signin", "session/access", "session/search", "session/reference", "session/report", "session/chart", "session/history", "session/pack", "session/schedule",
	},
	"app/connect": {
		"app/demo", "app/desk", "app/endpoints", "app/settings", "app/tenants", "app/tray", "app/words", "widgets",
		"session", "session/access", "session/catalogue", "session/cmdlet", "session/credential", "session/endpoint", "session/partner", "session/holder", "session/signin",
	},
	"app/demo":       {"app/folders", "session/endpoint", "session/simulator"},
	"app/desk":       {"app/words", "widgets"},
	"app/desktest":   {"app/desk", "app/tour", "assets", "widgets", "test/fixture"}, // for tests
	"app/history":    {"app/desk", "app/words", "session/history", "widgets"},
	"app/ownreports": {"app/desk", "app/saving", "app/words", "session/atomicfile", "session/report", "session/schedule", "widgets"},
	"app/saving":     {"app/desk", "app/settings", "app/words", "session/atomicfile", "session/result", "widgets"},
	"app/endpoints":  {"app/desk", "app/saving", "app/words", "session/atomicfile", "session/endpoint", "widgets"},
	"app/settings":   {"app/folders", "session/jsonfile"},
	"app/system":     {"app/words", "session"},
	"app/tenants":    {"app/desk", "app/saving", "app/words", "session/atomicfile", "session/discovery", "session/endpoint", "session/harmless", "session/partner", "widgets"},
	"app/tour":       {"app/desk", "session/atomicfile"},
	"app/tray": {
		"app/desk", "app/words", "widgets", "session", "session/credential", "session/endpoint", "session/holder", "session/ledger",
		"session/signin",
	},
	"app/gallery": {"app/desk", "app/runs", "app/words", "widgets", "session", "session/cmdlet", "session/endpoint", "session/history", "session/pack", "session/report"},
	"app/runs": {
		"app/desk", "app/saving", "app/settings", "app/words", "widgets", "session", "session/cmdlet", "session/credential", "session/endpoint",
		"session/chart", "session/clixml", "session/harmless", "session/history", "session/job", "session/pack", "session/reference", "session/report", "session/result",
	},
	"app/words":   {"session", "session/bytesize", "session/diagnose", "session/endpoint", "session/reference", "session/harmless", "session/result"},
	"app/find":    {"app/desk", "app/settings", "session/search"},
	"app/folders": {},
	"widgets":     {},
	"assets":      {},
	"session": {
		"session/result", "session/cmdlet", "session/endpoint", "session/credential", "session/ledger", "session/holder",
	},
	"session/remoting": {
		"session", "session/wsman", "session/psrp", "session/clixml", "session/result", "session/cmdlet",
		"session/credential", "session/holder", "session/proxy", "session/ledger",
	},
	"session/exorest": {
		"session", "session/bounded", "session/clixml", "session/cmdlet", "session/credential", "session/endpoint", "session/holder", "session/proxy", "session/result",
	},
	"session/job":       {"session/bytesize", "session", "session/cmdlet", "session/diagnose", "session/harmless", "session/history", "session/holder", "session/paging", "session/result"},
	"session/report":    {"session/bytesize", "session", "session/cmdlet", "session/endpoint", "session/history", "session/jsonfile", "session/paging", "session/result", "session/search"},
	"session/pack":      {"session", "session/atomicfile", "session/cmdlet", "session/report", "session/result"},
	"session/schedule":  {"session/atomicfile", "session/jsonfile"},
	"session/chart":     {"session/bytesize", "session/result"},
	"session/paging":    {"session/cmdlet", "session/result"},
	"session/history":   {"session/atomicfile", "session/cmdlet", "session/jsonfile", "session/result"},
	"session/harmless":  {},
	"session/psrp":      {"session/clixml", "session/cmdlet"},
	"session/proxy":     {"session/credential"},
	"session/wsman":     {"session/credential", "session/proxy"},
	"session/simulator": {"session/atomicfile", "session/psrp", "session/clixml", "session/cmdlet", "session/wsman", "session/simulator/exchange", "session/simulator/entra"},

	"session/simulator/exchange": {"session/bytesize", "session/psrp", "session/clixml", "session/cmdlet"},
	"session/simulator/entra":    {},

	"session/diagnose": {
		"session/wsman", "session/psrp", "session/credential", "session/endpoint", "session/ledger",
		"session/atomicfile", "session/cmdlet", "session/result", "session/jsonfile", "session/holder", "session/proxy",
	},
	"session/endpoint":   {"session/cmdlet", "session/harmless", "session/jsonfile", "session/proxy"},
	"session/ledger":     {"session/jsonfile", "session/holder"},
	"session/credential": {"session/jsonfile", "session/holder"},
	"session/holder":     {"session/harmless"},
	"session/signin":     {"session", "session/atomicfile", "session/bounded", "session/credential", "session/endpoint", "session/holder", "session/jsonfile", "session/proxy"},
	"session/access": {
		"session", "session/atomicfile", "session/credential", "session/discovery", "session/endpoint", "session/exorest", "session/holder", "session/partner", "session/proxy", "session/reference", "session/remoting", "session/signin",
	},
	"session/discovery":  {"session", "session/bounded", "session/endpoint", "session/proxy"},
	"session/partner":    {"session", "session/bounded", "session/endpoint", "session/proxy"},
	"session/jsonfile":   {"session/atomicfile"},
	"session/atomicfile": {},
	"session/bounded":    {},
	"session/bytesize":   {},
	"session/clixml":     {},
	"session/cmdlet":     {"session/bytesize", "session/harmless"},
	"session/reference":  {"assets", "session/cmdlet", "session/search"},
	"session/search":     {},
	"session/catalogue":  {"session/atomicfile", "session/cmdlet", "session/holder"},
	"session/result":     {"session/bytesize", "session/atomicfile"},
	"test":               {},
	"test/fixture":       {},
	"test/schedules":     {"session/simulator"},
	"test/given":         {"session/credential", "session/holder"},
	"test/manyrows":      {"session/result"},
	"test/interop":       everything,
	"test/e2e":           everything,
}

// testImports is what a folder's tests may import beyond its own row, itself
// and test/fixture.
var testImports = map[string][]string{
	"app":               {"app/desktest", "session/remoting"},
	"app/connect":       {"app/desktest", "assets", "session/ledger", "session/remoting", "session/simulator"},
	"app/endpoints":     {"app/desktest", "assets"},
	"app/demo":          {"session", "session/signin"},
	"app/runs":          {"app/desktest", "assets", "test/manyrows"},
	"app/history":       {"app/desktest", "session/result"},
	"app/saving":        {"app/desktest"},
	"app/tenants":       {"app/desktest", "app/settings"},
	"app/tray":          {"app/desktest"},
	"test":              {"assets"},
	"session/search":    {"session/reference"},
	"session/catalogue": {"session/reference", "session/search"},
	"session/report":    {"assets", "session/reference"},
	"session/job": {
		"test/given", "session/atomicfile", "session/endpoint", "session/credential", "session/ledger", "session/remoting", "session/simulator", "session/wsman",
	},
	"session":           {"session/diagnose"},
	"session/remoting":  {"test/given", "test/schedules", "session/simulator", "session/diagnose", "session/signin", "session/endpoint"},
	"session/result":    {"test/manyrows"},
	"session/signin":    {"session/diagnose", "session/simulator"},
	"session/exorest":   {"test/given", "test/schedules", "assets", "session/diagnose", "session/ledger", "session/reference", "session/remoting", "session/report", "session/simulator"},
	"session/access":    {"app/demo", "session/cmdlet", "session/job", "session/ledger", "session/result", "session/simulator"},
	"session/discovery": {"session/simulator"},
	"session/partner":   {"session/credential"},
	"session/simulator": {"session/credential", "session/proxy"},
	"main":              everything,
}

var everything = []string{"*"}

// external says who alone may import a module from outside, by its prefix. A
// folder that ends in /* stands for those in it that foldersWithout does not name.
var external = map[string][]string{
	"fyne.io/":                      {"main", "app", "app/*", "widgets"},
	"github.com/zalando/go-keyring": {"session/credential"},
	"github.com/masterzen/winrm":    {"session/wsman"},
	"github.com/mattn/go-ieproxy":   {"session/proxy"},
	"github.com/AzureAD/":           {"session/signin"},
}

// foldersWithout are folders of the desktop program that a folder with /* does
// not stand for: the command line has no window.
var foldersWithout = []string{"app/cli", "app/demo", "app/folders", "app/settings"}

// onlyStandard lists folders that import nothing but the standard library and
// the prefixes given.
var onlyStandard = map[string][]string{
	"widgets": {"fyne.io/fyne/v2"},
	"assets":  {},
}

func TestImportsGoOneWay(t *testing.T) {
	for _, v := range importViolations(projectRoot(t)) {
		t.Error(v)
	}
}

// importViolations reads the import lines of every Go file below root and
// describes each that breaks a rule.
func importViolations(root fs.FS) []string {
	var found []string
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipFolder(root, name)
		}
		if strings.HasSuffix(name, ".go") {
			v, err := fileViolations(root, name)
			found = append(found, v...)
			return err
		}
		return nil
	})
	if err != nil {
		found = append(found, err.Error())
	}
	return found
}

// skipFolder leaves out what is not part of this module's program.
func skipFolder(root fs.FS, name string) error {
	base := path.Base(name)
	if name == "." {
		return nil
	}
	if base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return fs.SkipDir
	}
	if _, err := fs.Stat(root, path.Join(name, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

func fileViolations(root fs.FS, name string) ([]string, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	folder := path.Dir(name)
	if folder == "." {
		folder = "main"
	}
	allowed, known := imports[folder]
	if !known {
		return []string{fmt.Sprintf("%s: folder %s is not in the import table: name it there, and in ARCHITECTURE.md", name, folder)}, nil
	}
	isTest := strings.HasSuffix(name, "_test.go")
	if isTest {
		allowed = append(slices.Concat(allowed, testImports[folder]), folder, "test/fixture")
	}
	var found []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if why := violation(folder, imported, allowed, isTest); why != "" {
			found = append(found, fmt.Sprintf("%s: %s may not import %s: %s", name, folder, imported, why))
		}
	}
	return found, nil
}

func violation(folder, imported string, allowed []string, isTest bool) string {
	if room, ours := strings.CutPrefix(imported, module+"/"); ours || imported == module {
		if slices.Contains(allowed, room) || slices.Contains(allowed, "*") {
			return ""
		}
		return "not in the import table"
	}
	for prefix, homes := range external {
		if hasPrefix(imported, prefix) && !atHome(folder, homes) {
			return "only in " + strings.Join(homes, ", ")
		}
	}
	if prefixes, strict := onlyStandard[folder]; strict && !isTest && !standard(imported) &&
		!slices.ContainsFunc(prefixes, func(p string) bool { return hasPrefix(imported, p) }) {
		return "this room knows the standard library" + strings.Join(append([]string{""}, prefixes...), " and ") + " only"
	}
	return ""
}

// atHome tells whether a folder is one of those that may import something.
func atHome(folder string, homes []string) bool {
	return slices.Contains(homes, folder) ||
		slices.Contains(homes, path.Dir(folder)+"/*") && !slices.Contains(foldersWithout, folder)
}

func hasPrefix(imported, prefix string) bool {
	prefix = strings.TrimSuffix(prefix, "/")
	return imported == prefix || strings.HasPrefix(imported, prefix+"/")
}

// standard says whether a path is the standard library's: its first element has
// no dot.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// TestImportRulesBite breaks each rule once, in a tree of its own.
func TestImportRulesBite(t *testing.T) {
	cases := map[string]struct {
		file, imported string
		want           string // part of the only violation; empty: none
	}{
		"allowed edge":                     {"session/psrp/pool.go", "postroom/session/clixml", ""},
		"edge that is not there":           {"session/psrp/pool.go", "postroom/session/wsman", "not in the import table"},
		"upwards":                          {"session/wsman/client.go", "postroom/session", "not in the import table"},
		"the whole module":                 {"session/wsman/client.go", "postroom", "not in the import table"},
		"folder without a row":             {"session/helpers/x.go", "fmt", "folder session/helpers is not in the import table"},
		"Fyne in session":                  {"session/manager.go", "fyne.io/fyne/v2", "only in main, app, app/*, widgets"},
		"Fyne in cli":                      {"app/cli/run.go", "fyne.io/fyne/v2/lang", "only in main, app, app/*, widgets"},
		"Fyne in a panel":                  {"app/desk/desk.go", "fyne.io/fyne/v2", ""},
		"Fyne in a test of session":        {"session/manager_test.go", "fyne.io/fyne/v2/test", "only in main, app, app/*, widgets"},
		"Fyne in widgets":                  {"widgets/grid.go", "fyne.io/fyne/v2/widget", ""},
		"keyring outside":                  {"session/ledger/ledger.go", "github.com/zalando/go-keyring", "only in session/credential"},
		"keyring at home":                  {"session/credential/keyring.go", "github.com/zalando/go-keyring", ""},
		"winrm outside":                    {"session/manager.go", "github.com/masterzen/winrm/soap", "only in session/wsman"},
		"winrm at home":                    {"session/wsman/soap.go", "github.com/masterzen/winrm/soap", ""},
		"name that only begins alike":      {"session/manager.go", "github.com/masterzen/winrmcp", ""},
		"widgets with a library":           {"widgets/grid.go", "golang.org/x/text/collate", "this room knows the standard library and fyne.io/fyne/v2 only"},
		"assets with a library":            {"assets/assets.go", "gopkg.in/yaml.v3", "this room knows the standard library only"},
		"a test imports its package":       {"session/psrp/pool_test.go", "postroom/session/psrp", ""},
		"a test leaves its row":            {"session/psrp/pool_test.go", "postroom/session/wsman", "not in the import table"},
		"a test reads recordings":          {"session/psrp/pool_test.go", "postroom/test/fixture", ""},
		"a program reads none":             {"session/psrp/pool.go", "postroom/test/fixture", "not in the import table"},
		"a program file is no test":        {"session/manager.go", "postroom/session/simulator", "not in the import table"},
		"remoting is tested by it":         {"session/remoting/door_test.go", "postroom/session/simulator", ""},
		"the transport above its door":     {"session/manager.go", "postroom/session/wsman", "not in the import table"},
		"the protocol in its test":         {"session/manager_test.go", "postroom/session/psrp", "not in the import table"},
		"the transport in the window":      {"app/app.go", "postroom/session/wsman", "not in the import table"},
		"the protocol on the command line": {"app/cli/run.go", "postroom/session/psrp", "not in the import table"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			tree := fstest.MapFS{
				c.file:              {Data: []byte("package x\n\nimport _ \"" + c.imported + "\"\n")},
				"tools/go.mod":      {Data: []byte("module other\n")},
				"tools/main.go":     {Data: []byte("package main\n\nimport _ \"postroom/session\"\n")},
				"app/testdata/x.go": {Data: []byte("not Go")},
			}
			got := importViolations(tree)
			if c.want == "" {
				if len(got) != 0 {
					t.Errorf("unexpected: %q", got)
				}
				return
			}
			if len(got) != 1 || !strings.Contains(got[0], c.want) || !strings.HasPrefix(got[0], c.file) {
				t.Errorf("got %q, want one violation in %s with %q", got, c.file, c.want)
			}
		})
	}
}

// TestImportTableHasNoCircle keeps the table itself honest.
func TestImportTableHasNoCircle(t *testing.T) {
	var visit func(folder string, path []string)
	visit = func(folder string, path []string) {
		if slices.Contains(path, folder) {
			t.Fatalf("the import table goes in a circle: %s", strings.Join(append(path, folder), " -> "))
		}
		for _, next := range imports[folder] {
			visit(next, append(slices.Clip(path), folder))
		}
	}
	for folder := range imports {
		visit(folder, nil)
	}
}
