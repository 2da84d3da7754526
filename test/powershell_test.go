package test

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

// PowerShell is read by one lexer and written by one writer, both of session/cmdlet. A file
// elsewhere that takes quotes apart or doubles them has another language, and says which.
func TestPowerShellIsReadAndWrittenInOnePlace(t *testing.T) {
	others := map[string]string{
		"session/clixml/expand.go":             "the quotes of XML's attributes",
		"session/clixml/lex.go":                "the quotes of XML's attributes",
		"session/clixml/text.go":               "the entities of XML",
		"session/diagnose/facts.go":            "typographic marks in what a server said",
		"session/endpoint/plain.go":            "typographic marks in what was pasted",
		"session/report/lex.go":                "expressions of reports",
		"session/report/made.go":               "expressions of reports",
		"session/report/placeholder.go":        "a value within a filter (OPATH)",
		"session/result/formulaguard.go":       "what a spreadsheet takes for a formula",
		"session/result/xlsxparts.go":          "the name of a sheet in a formula",
		"session/simulator/exchange/filter.go": "filters (OPATH), as the server reads them",
		"session/wsman/envelope.go":            "the characters of XML",
		"session/wsman/scan.go":                "the quotes of XML's attributes",
		"widgets/opath.go":                     "filters (OPATH)",
		"widgets/valuelayout.go":               "where long values are broken",
	}
	marks := regexp.MustCompile(`"''"|'\\''|0x2018|\\u2018`)
	eachFile(t, projectRoot(t), func(name string, text []byte) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || path.Dir(name) == "session/cmdlet" {
			return
		}
		if _, other := others[name]; marks.Match(text) && !other {
			t.Errorf("%s reads or writes quotes: PowerShell's are session/cmdlet's", name)
		}
		delete(others, name)
	})
	for name := range others {
		t.Errorf("%s is not there", name)
	}
}
