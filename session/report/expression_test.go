package report_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"postroom/session/report"
)

// one runs a report of one step, one column and one row, and gives its cell.
func one(t *testing.T, expression string, row map[string]any) string {
	t.Helper()
	r := report.Report{
		Name: "one", Steps: []report.Step{{Run: "Get-It"}},
		Shape: report.Shape{Columns: []report.Column{{Name: "V", Value: expression}}},
	}
	rows := run(t, r, report.Options{Now: noon}, map[string][]map[string]any{"Get-It": {row}})
	if len(rows.lines) != 1 {
		t.Fatalf("%s gives %d rows", expression, len(rows.lines))
	}
	return rows.lines[0]
}

// Every construct of the language, with what an independent reading of its
// description says.
func TestExpressions(t *testing.T) {
	row := map[string]any{
		"Size": "1.2 GB (1,288,490,189 bytes)", "Quota": "100 GB (107,374,182,400 bytes)", "None": "Unlimited", "Null": nil,
		"Yes": true, "No": false, "TextNo": "False", "N": int64(7), "Name": "Ada", "Empty": "",
		"List": []string{"SMTP:ada@contoso.com", "smtp:a@fabrikam.de"}, "Made": noon.AddDate(0, 0, -10), "TextDate": "2026-03-01T12:00:00Z",
		"Forward": "smtp:bob@Sub.Contoso.com", "Rule": `"Bob" [SMTP:bob@evil.example]`, "Audit": `{"A":{"B":"x"},"P":[{"Name":"n","Value":"v"},{"Name":"m","Value":2}]}`,
		"Tenant Name": "x",
	}
	for expression, want := range map[string]string{
		"bytes(Size)": "1288490189", "bytes(None)": "", "bytes(Size) / bytes(Quota) * 100": "1.2", "bytes(Size) / bytes(None)": "",
		"amount(Size)": "1.2 GB", "amount(2048)": "2 KB", "bytes(Size) > 1GB": "True", "Size > 50GB": "False", "Size < Quota": "True",
		"1 + 2 * 3": "7", "(1 + 2) * 3": "9", "-2 - -3": "1", "1 / 0": "", "'a' + 'b'": "ab", "Null + 1": "",
		"not Yes": "False", "not No": "True", "not TextNo": "True", "Yes and No or Yes": "True", "not (Yes and No)": "True",
		"N = 7": "True", "N != 7": "False", "Name = 'ada'": "True", "Empty = null": "True", "Null = ''": "True", "Null > 1": "", "Null != 3": "True",
		"List has 'smtp:a@fabrikam.de'": "True", "List has 'fabrikam'": "False", "Name has 'd'": "True", "Name in ['Bob', 'ADA']": "True", "Name in 'x'": "False",
		"List begins 'smtp:'": "True", "List ends '@contoso.com'": "True", "Name begins ''": "False",
		"count(List)": "2", "count(Null)": "0", "count(Name)": "1", "join(List, ', ')": "SMTP:ada@contoso.com, smtp:a@fabrikam.de",
		"domain(Forward)": "sub.contoso.com", "domain(Rule)": "evil.example", "domain(Name)": "", "domain(List)": "contoso.com; fabrikam.de",
		"outside(Forward, 'contoso.com')": "", "outside(List, 'contoso.com')": "smtp:a@fabrikam.de", "outside('a@notcontoso.com', 'contoso.com')": "a@notcontoso.com",
		"days(Made)": "10", "days(TextDate)": "30", "days(Null)": "", "0 - days(now() + 3d)": "3", "time(TextDate) < now()": "True", "now() - Made": "10.00:00:00",
		"if(Yes, 'a', 'b')": "a", "if(No, 'a')": "", "coalesce(Null, Empty, Name)": "Ada", "empty(Empty)": "True", "empty(N)": "False",
		"after('smtp:x', 'SMTP:')": "x", "after('x', ':')": "", "before('a@b', '@')": "a", "before('a', '@')": "a", "lower('ÄB')": "äb",
		"json(Audit, 'A.B')": "x", "json(Audit, 'P')": "n=v; m=2", "json(Audit, 'A.C')": "", "json(Name, 'A')": "",
		"1.Name": "Ada", "Missing": "", "2.Name": "", "name": "Ada", "'it''s'": "it's",
		"today() = now()": "False", "[1, 'x', List]": "1; x; SMTP:ada@contoso.com; smtp:a@fabrikam.de", "1.5GB / 1GB": "1.5", "90d > 6h": "True",
	} {
		if got := one(t, expression, row); got != want {
			t.Errorf("%s = %q, want %q", expression, got, want)
		}
	}
}

func TestExpressionsThatCannotBeRead(t *testing.T) {
	for _, bad := range []string{
		"", "1 +", "(1", "f(1)", "empty()", "empty(1, 2)", "'open", "1 2", "a = ", "5parsec", "$x", "{ 1 }", "[1, 2", "a b", "if(1)", "1..2",
		strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100), strings.Repeat("not ", 100) + "1", strings.Repeat("1+", 2000) + "1",
	} {
		_, err := report.Parse(bad)
		var wrong *report.SyntaxError
		if !errors.As(err, &wrong) {
			t.Errorf("%.30q: %v", bad, err)
		}
	}
}

// FuzzParse: reading ends, never panics, and what was read is computed without a
// panic on a row that has nothing.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"1.A has 'x' and not B", "if(a,b,c)", "bytes(1.2GB)/3", "[1,'a']", "- - -1", "''''", "a in b in c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		e, err := report.Parse(source)
		if err != nil {
			return
		}
		if e.String() != source {
			t.Errorf("%q became %q", source, e)
		}
		one(t, source, map[string]any{"A": "x"})
	})
}

// TestUsagesAreTheFunctions: each is offered as it is written, with as many arguments as it
// takes.
func TestUsagesAreTheFunctions(t *testing.T) {
	var names []string
	for _, usage := range report.Usages() {
		name, _, _ := strings.Cut(usage, "(")
		names = append(names, name)
		if _, err := report.Parse(usage); err != nil {
			t.Errorf("%s: %v", usage, err)
		}
	}
	if !slices.Equal(names, report.Functions()) {
		t.Errorf("%q, want %q", names, report.Functions())
	}
}
