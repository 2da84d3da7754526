package report_test

import (
	"encoding/csv"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"postroom/assets"
	"postroom/session/cmdlet"
	"postroom/session/paging"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/test/fixture"
)

func catalogue(t testing.TB) []report.Report {
	t.Helper()
	list, err := report.Load(assets.Reports())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// someAnswer is one that a question can take.
func someAnswer(q report.Question) string {
	switch q.Kind {
	case report.AskChoice:
		return q.Choices[0]
	case report.AskReports:
		return strings.Join(q.Choices, ",")
	case report.AskDate:
		return "today"
	}
	return "1"
}

// inServices says that the reference lists a cmdlet or parameter for a service.
func inServices(service string, s reference.Services) bool {
	switch service {
	case "EXO":
		return s&reference.ExchangeOnline != 0
	case "EOP":
		return s&reference.ExchangeOnlineProtection != 0
	case "ONPREM":
		return s&reference.OnPremises != 0
	case "SCC":
		return s&reference.SecurityCompliance != 0
	}
	return false
}

// Every report of the catalogue holds for every service that it names: its
// cmdlets and parameters exist there, required ones are given, and it reads
// only.
func TestCatalogueAgainstTheReference(t *testing.T) {
	known, all := reference.New(), catalogue(t)
	for _, r := range all {
		answers := map[string]string{}
		for _, q := range r.Questions {
			answers[q.Name] = someAnswer(q)
		}
		for _, service := range r.Services {
			plan, err := r.Plan(report.Options{Service: service, Now: noon, Answers: answers, Kinds: known, Kept: &report.Kept{Reports: all}})
			if err != nil {
				t.Errorf("%s for %s: %v", r.Name, service, err)
				continue
			}
			for _, inv := range plan.Commands() {
				if cmdlet.RiskOf(inv.Cmdlet) != cmdlet.Reads {
					t.Errorf("%s changes something by %s", r.Name, inv.Cmdlet)
				}
				c, ok := known.Cmdlet(inv.Cmdlet)
				if !ok || !inServices(service, c.Services) {
					t.Errorf("%s: %s is not in %s", r.Name, inv.Cmdlet, service)
					continue
				}
				for _, a := range inv.Args {
					if p, ok := c.Parameter(a.Name); !ok || !inServices(service, p.Services) {
						t.Errorf("%s: %s has no -%s in %s", r.Name, inv.Cmdlet, a.Name, service)
					}
				}
			}
		}
	}
}

// The catalogue agrees with the facts that it was made from: the same reports
// with the same questions and columns, all ranked ones among them.
func TestCatalogueAgainstTheFacts(t *testing.T) {
	file, err := os.Open(fixture.Facts(t, "reports.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // it is read only
	lines := csv.NewReader(file)
	lines.Comma, lines.LazyQuotes = '\t', true
	rows, err := lines.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]report.Report{}
	for _, r := range catalogue(t) {
		byName[r.Name] = r
	}
	if len(byName) < 150 {
		t.Errorf("%d reports, want 150 at least", len(byName))
	}
	asks := regexp.MustCompile(`\{\?(\w+)\}`)
	american := strings.NewReplacer("rganisation", "rganization") // the program has one spelling, the facts two
	// And one German word for one thing: test/glossary_test.go.
	glossary := strings.NewReplacer(
		"E-Mail-Flussregeln", "Nachrichtenflussregeln", "Treffer von Flussregeln", "Treffer von Nachrichtenflussregeln", "Mailfluss", "Nachrichtenfluss",
		"mit Beweissicherung", "im Beweissicherungsverfahren", "ohne Beweissicherung", "ohne Beweissicherungsverfahren",
		"Administratorrollen und", "Rollengruppen der Administratoren und",
	)
	for _, row := range rows[1:] {
		r, ok := byName[row[0]]
		switch {
		case !ok && row[1] != "":
			t.Errorf("%s is ranked and missing", row[0])
		case !ok:
			continue
		case r.Title.En != american.Replace(row[2]) || r.Title.De != glossary.Replace(row[3]):
			t.Errorf("%s is called %v", r.Name, r.Title)
		}
		for _, m := range asks.FindAllStringSubmatch(row[6]+row[7], -1) {
			if _, ok := r.Question(m[1]); !ok {
				t.Errorf("%s does not ask for %s", r.Name, m[1])
			}
		}
		for i, name := range strings.Split(row[8], ",") {
			_, bare, _ := strings.Cut("."+name, ".")
			if step, rest, ok := strings.Cut(name, "."); ok && len(step) == 1 {
				bare = rest
			}
			if i >= len(r.Columns) || !strings.HasSuffix(r.Columns[i].Name, bare) {
				t.Errorf("%s: column %d is not %s", r.Name, i+1, bare)
				break
			}
		}
	}
}

// Everybody is told in both languages what a report answers.
func TestCatalogueWords(t *testing.T) {
	for _, r := range catalogue(t) {
		for what, text := range map[string]report.Text{"title": r.Title, "question": r.Asks, "caveat": r.Caveat} {
			if what == "caveat" && text.En == "" {
				continue
			}
			if text.En == "" || text.De == "" || what != "title" && text.En == text.De || strings.ContainsAny(text.En, "{}|") {
				t.Errorf("%s, %s: %+v", r.Name, what, text)
			}
		}
		if strings.Contains(r.Asks.En+r.Title.En, "Organization") && !strings.Contains(r.Title.En, "rganization") {
			t.Errorf("%s: %s", r.Name, r.Asks.En)
		}
	}
}

// Cmdlets that page are those of the reference that have Page and PageSize, and
// three more.
func TestPagingAgainstTheReference(t *testing.T) {
	known := reference.New()
	var others []string
	for _, name := range known.Names(0) {
		c, _ := known.Cmdlet(name)
		_, page := c.Parameter("Page")
		_, size := c.Parameter("PageSize")
		_, pages := paging.Of(cmdlet.Pipeline{{Cmdlet: name}})
		if page && size && !pages {
			t.Errorf("%s pages, and nobody knows how", name)
		}
		if pages && !(page && size) {
			others = append(others, name)
		}
	}
	if want := []string{"Get-MessageTraceV2", "Search-UnifiedAuditLog"}; !slices.Equal(others, want) {
		t.Errorf("%q page without Page and PageSize, want %q", others, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	ok := `{"name":"a","title":{"en":"A"},"steps":[{"run":"Get-It"}],"columns":[{"name":"Name"}]`
	for name, file := range map[string]string{
		"no JSON": `{`, "no list": ok + `}`, "an unknown field": `[` + ok + `,"script":"x"}]`, "twice": `[` + ok + `},` + ok + `}]`, "text behind": `[` + ok + `}] []`,
		"a bad name":      `[{"name":"../a","title":{"en":"A"},"steps":[{"run":"Get-It"}],"columns":[{"name":"N"}]}]`,
		"a script":        `[{"name":"a","title":{"en":"A"},"steps":[{"run":"Get-It | ForEach-Object { Remove-Item x }"}],"columns":[{"name":"N"}]}]`,
		"two statements":  `[{"name":"a","title":{"en":"A"},"steps":[{"run":"Get-It; Remove-It"}],"columns":[{"name":"N"}]}]`,
		"no question":     `[{"name":"a","title":{"en":"A"},"steps":[{"run":"Get-It -A {?a}"}],"columns":[{"name":"N"}]}]`,
		"a bad condition": `[` + ok + `,"keep":"1 +"}]`,
		"no column":       `[{"name":"a","title":{"en":"A"},"steps":[{"run":"Get-It"}],"columns":[]}]`,
		"once, not how":   `[{"name":"a","title":{"en":"A"},"steps":[{"run":"Get-It"},{"run":"Get-B","how":"once"}],"columns":[{"name":"N"}]}]`,
	} {
		_, err := report.Load([]byte(file))
		var wrong *report.FormatError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := report.Load([]byte("[" + ok + "}]")); err != nil {
		t.Error(err)
	}
}

func BenchmarkLoad(b *testing.B) {
	file := assets.Reports()
	for b.Loop() {
		if _, err := report.Load(file); err != nil {
			b.Fatal(err)
		}
	}
}
