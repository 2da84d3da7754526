package report_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/report"
	"postroom/session/result"
)

// people are rows with a value of each sort.
var people = []map[string]any{
	{"Name": "Ada", "Size": "1.5 GB (1,610,612,736 bytes)", "Items": int64(10), "On": true, "Mails": []string{"ada@a.example", "al@a.example"}, "When": noon.AddDate(0, 0, -3), "Long name": "x"},
	{"Name": "bert", "Size": "20 MB (20,971,520 bytes)", "Items": int64(9), "On": false, "Mails": []string{"bert@b.example"}, "When": noon.AddDate(0, 0, -30), "Long name": "y"},
	{"Name": "Ada B*", "Size": "900 KB (921,600 bytes)", "Items": int64(100), "On": true, "Mails": []string{}, "When": noon.AddDate(0, 0, -300), "Long name": nil},
	{"Name": "zoe", "Size": "Unlimited", "Items": int64(0), "On": false, "Mails": []string{"zoe@a.example"}, "When": nil, "Long name": "O'Hara and 50%"},
}

// A filter that is saved keeps the rows that the window showed: the table's own
// filter says which those are.
func TestSavedFiltersKeepWhatTheTableDoes(t *testing.T) {
	table := result.NewTable(result.Provenance{})
	for _, row := range people {
		b := table.Builder()
		b.BeginRow()
		for _, name := range slices.Sorted(keys(row)) {
			add(b, name, row[name])
		}
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	where := func(c ...result.Criterion) result.Filter { return result.Filter{Where: c, Now: noon} }
	for name, f := range map[string]result.Filter{
		"all":           {Now: noon},
		"text":          {Text: "ada", Now: noon},
		"text, star":    {Text: "B*", Now: noon},
		"equals":        where(result.Criterion{Column: "Name", Value: "ada"}),
		"not":           where(result.Criterion{Column: "Name", Value: "ada", Not: true}),
		"number":        where(result.Criterion{Column: "Items", Op: result.Greater, Value: "9"}),
		"between":       where(result.Criterion{Column: "Items", Op: result.Between, Value: "9", To: "10"}),
		"size":          where(result.Criterion{Column: "Size", Op: result.Greater, Value: "10 MB"}, result.Criterion{Column: "Name", Op: result.Contains, Value: "a"}),
		"starts":        where(result.Criterion{Column: "Name", Op: result.StartsWith, Value: "AD"}),
		"ends":          where(result.Criterion{Column: "Mails", Op: result.EndsWith, Value: "a.example"}),
		"in list":       where(result.Criterion{Column: "Mails", Op: result.Equals, Value: "al@a.example"}),
		"one of":        where(result.Criterion{Column: "Name", Op: result.OneOf, Values: []string{"zoe", "bert"}}),
		"one of, empty": where(result.Criterion{Column: "Long name", Op: result.OneOf, Values: []string{"x", ""}}),
		"quote":         where(result.Criterion{Column: "Long name", Op: result.Contains, Value: "O'Hara"}),
		"empty":         where(result.Criterion{Column: "Mails", Op: result.Empty}),
		"not empty":     where(result.Criterion{Column: "When", Op: result.Empty, Not: true}),
		"last":          where(result.Criterion{Column: "When", Op: result.Last, Value: "10 days"}),
		"older":         where(result.Criterion{Column: "When", Op: result.Older, Value: "10 days"}),
		"before":        where(result.Criterion{Column: "When", Op: result.Less, Value: "2026-03-01"}),
		"truth":         where(result.Criterion{Column: "On", Value: "true"}),
	} {
		t.Run(name, func(t *testing.T) {
			want, err := table.Snapshot().Filter(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			made := report.Made{Line: line(t, "Get-Person"), Filter: f, Columns: []string{"Name", "Size", "Items", "On", "Mails", "When", "Long name"}}
			r, err := made.Report()
			if err != nil {
				t.Fatal(err)
			}
			r.Name = "people"
			got := run(t, r, report.Options{}, map[string][]map[string]any{"Get-Person": people})
			var names []string
			rows, _ := want.Size()
			col, _ := want.Column("Name")
			for row := range rows {
				names = append(names, want.Cell(row, col))
			}
			if !slices.Equal(column(got.table.Snapshot(), "Name"), names) {
				t.Errorf("%s keeps %q, the table %q", r.Keep, column(got.table.Snapshot(), "Name"), names)
			}
		})
	}
}

func column(v *result.View, name string) []string {
	col, ok := v.Column(name)
	rows, _ := v.Size()
	var cells []string
	for row := range rows {
		if ok {
			cells = append(cells, v.Cell(row, col))
		}
	}
	return cells
}

func line(t *testing.T, text string) cmdlet.Line {
	t.Helper()
	l, err := cmdlet.Reader{}.Line(text)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A pasted line becomes a report that gives what the line gave.
func TestALineBecomesAReport(t *testing.T) {
	for text, want := range map[string]string{
		"Get-Person | Where-Object Items -ge 10 | Sort-Object Items -Descending | Format-Table Name,Items": "Name,Items: Ada B*|100 Ada|10",
		"Get-Person | Where-Object { $_.Name -like '*e*' -and $_.On -eq $false } | Format-Table Name":      "Name: bert zoe",
		"Get-Person | Where-Object Mails -contains 'zoe@a.example' | Format-Table Name":                    "Name: zoe",
		"Get-Person | Where-Object Name -notlike 'ada*' | Sort-Object Name | Format-Table Name":            "Name: bert zoe",
		"Get-Person | Where-Object Size -gt 10MB | Format-Table Name":                                      "Name: Ada bert zoe", // Unlimited is more
		"Get-Person | Group-Object On": "Count,On: 2|True 2|False",
	} {
		r, err := report.Made{Line: line(t, text)}.Report()
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		r.Name = "people"
		got := run(t, r, report.Options{}, map[string][]map[string]any{"Get-Person": people})
		if all := got.header + ": " + strings.Join(got.lines, " "); all != want {
			t.Errorf("%s gives %s, want %s", text, all, want)
		}
	}
	for _, text := range []string{
		"Get-Person | Where-Object Name -cmatch 'A' | Format-Table Name", "Get-Person | Sort-Object Name | Select-Object Name -First 3", "Get-Person -Identity '{Name}' | Format-Table Name",
	} {
		var not *report.NotSavedError
		if _, err := (report.Made{Line: line(t, text)}).Report(); !errors.As(err, &not) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := (report.Made{Line: line(t, "Get-Person")}).Report(); !errors.Is(err, report.ErrNoColumns) {
		t.Errorf("without columns: %v", err)
	}
}

// A report that is refined keeps what it computes, marks and asks; only what is
// chosen is given, in the order that is chosen.
func TestARefinedReport(t *testing.T) {
	base := report.Report{
		Name: "sizes", Rank: 3, Steps: []report.Step{{Run: "Get-Person -Kind {?kind}"}}, Questions: []report.Question{{Name: "kind", Kind: report.AskText}},
		Shape: report.Shape{
			Columns: []report.Column{{Name: "Name"}, {Name: "Items"}, {Name: "Twice", Value: "Items * 2"}, {Name: "Four", Value: "Twice * 2"}},
			Marks:   []report.Mark{{Column: "Twice", When: "Twice > 100", Text: report.Text{En: "much"}}}, Sort: []string{"Items"},
		},
	}
	r, err := report.Made{Base: &base, Answers: map[string]string{"Kind": "user"}, Columns: []string{"Four", "Name", "On"}, Computed: []report.Column{{Name: "Unseen", Value: "Four + 1"}}, Sort: []cmdlet.SortKey{{Column: "Twice", Descending: true}}}.Report()
	if err != nil {
		t.Fatal(err)
	}
	r.Name = "mine"
	if r.Questions[0].Default != "user" || base.Questions[0].Default != "" || !r.Own || r.Rank != 0 {
		t.Errorf("%+v, base %+v", r, base)
	}
	run(t, r, report.Options{}, map[string][]map[string]any{"Get-Person -Kind user": people}).
		want(t, "Four,Name,On,Marks", "400|Ada B*|True|much", "40|Ada|True|", "36|bert|False|", "0|zoe|False|")
}

// Groups and keys of a name with blanks are kept: the rows of a group follow each other,
// and its keys go on behind.
func TestSavedGroupsAndKeysWithBlanks(t *testing.T) {
	made := report.Made{
		Line: cmdlet.Line{Pipeline: cmdlet.Pipeline{{Cmdlet: "Get-It"}}}, Columns: []string{"Name", "Long name", "On"}, Grouped: "On",
		Sort: []cmdlet.SortKey{{Column: "Long name", Descending: true}},
	}
	r, err := made.Report()
	if err != nil {
		t.Fatal(err)
	}
	if r.Grouped != "On" || !slices.Equal(r.Sort, []string{"On", "Long name desc"}) {
		t.Errorf("grouped by %q, sorted by %q", r.Grouped, r.Sort)
	}
	r.Name, r.Title.En = "mine", "Mine"
	run(t, r, report.Options{}, map[string][]map[string]any{"Get-It": people}).want(t, "Name,Long name,On",
		"bert|y|False", "zoe|O'Hara and 50%|False", "Ada|x|True", "Ada B*||True")
	made.Sort = []cmdlet.SortKey{{Column: "On", Descending: true}, {Column: "Name desc"}}
	if r, err = made.Report(); err != nil || !slices.Equal(r.Sort, []string{"On desc", "Name desc"}) {
		t.Errorf("sorted by %q, %v", r.Sort, err)
	}
	r.Name = "mine"
	if err := r.Check(); err != nil { // a column is called so
		t.Error(err)
	}
}
