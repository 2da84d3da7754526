package cmdlet_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"postroom/session/cmdlet"
)

func compare(column, operator string, value any) cmdlet.Condition {
	return cmdlet.Condition{Comparison: cmdlet.Comparison{Column: column, Operator: operator, Value: value}}
}

func TestPipelines(t *testing.T) {
	where := func(c cmdlet.Condition) cmdlet.Shape { return cmdlet.Shape{Where: &c} }
	for line, want := range map[string]struct {
		server string
		shape  cmdlet.Shape
	}{
		"Get-Mailbox | Get-MailboxStatistics": {"Get-Mailbox | Get-MailboxStatistics", cmdlet.Shape{}},
		"Get-Mailbox -ResultSize Unlimited |\n Get-MailboxStatistics | Select DisplayName,TotalItemSize -First 5": {
			"Get-Mailbox -ResultSize Unlimited | Get-MailboxStatistics | Select-Object -Property 'DisplayName','TotalItemSize' -First 5", cmdlet.Shape{},
		},
		"Get-Mailbox | Select-Object -ExpandProperty EmailAddresses":       {"Get-Mailbox | Select-Object -ExpandProperty EmailAddresses", cmdlet.Shape{}},
		"Get-Mailbox | select Database -Unique":                            {"Get-Mailbox | Select-Object -Property Database -Unique", cmdlet.Shape{}},
		`Get-Mailbox | Microsoft.PowerShell.Utility\Measure-Object`:        {"Get-Mailbox | Measure-Object", cmdlet.Shape{}},
		"Get-Mailbox | Measure-Object":                                     {"Get-Mailbox | Measure-Object", cmdlet.Shape{}},
		"Get-Mailbox | measure -Property Size -Sum -Maximum":               {"Get-Mailbox | Measure-Object -Property Size -Sum -Maximum", cmdlet.Shape{}},
		"Get-Mailbox | ? { $_.Name -like 'A*' }":                           {"Get-Mailbox", where(compare("Name", "like", "A*"))},
		"Get-Mailbox | where Name -eq ada":                                 {"Get-Mailbox", where(compare("Name", "eq", "ada"))},
		"Get-Mailbox | Where-Object -FilterScript {$PSItem.Size -gt 10MB}": {"Get-Mailbox", where(compare("Size", "gt", int64(10<<20)))},
		"Get-Mailbox | where Hidden":                                       {"Get-Mailbox", where(compare("Hidden", "", nil))},
		"Get-Mailbox | where {'ada' -eq $_.Alias}":                         {"Get-Mailbox", where(compare("Alias", "eq", "ada"))},
		"Get-Mailbox | where {5 -lt $_.Count}":                             {"Get-Mailbox", where(compare("Count", "gt", int64(5)))},
		"Get-Mailbox | where {'a@b' -in $_.EmailAddresses}":                {"Get-Mailbox", where(compare("EmailAddresses", "contains", "a@b"))},
		"Get-Mailbox | where {$_.Type -in 'a','b'}":                        {"Get-Mailbox", where(compare("Type", "in", []string{"a", "b"}))},
		"Get-Mailbox | where {$_.'Odd name' -ne $null}":                    {"Get-Mailbox", where(compare("Odd name", "ne", nil))},
		"Get-Mailbox | where {$_.WhenCreated -gt (Get-Date).AddDays(-1)}":  {"Get-Mailbox", where(compare("WhenCreated", "gt", noon.AddDate(0, 0, -1)))},
		"Get-Mailbox | where {$_.Name -ceq 'Ada'}": {"Get-Mailbox", where(cmdlet.Condition{
			Comparison: cmdlet.Comparison{Column: "Name", Operator: "eq", Value: "Ada", CaseSensitive: true},
		})},
		"Get-Mailbox | where {$_.A -eq 1 -and $_.B -eq 2 -or -not $_.C}": {"Get-Mailbox", where(cmdlet.Condition{Logic: cmdlet.Or, Parts: []cmdlet.Condition{
			{Logic: cmdlet.And, Parts: []cmdlet.Condition{compare("A", "eq", int64(1)), compare("B", "eq", int64(2))}},
			{Logic: cmdlet.Not, Parts: []cmdlet.Condition{compare("C", "", nil)}},
		}})},
		"Get-Mailbox | where {!($_.A -eq 1)} | where B": {"Get-Mailbox", where(cmdlet.Condition{Logic: cmdlet.And, Parts: []cmdlet.Condition{
			{Logic: cmdlet.Not, Parts: []cmdlet.Condition{compare("A", "eq", int64(1))}}, compare("B", "", nil),
		}})},
		"Get-Mailbox | sort Name": {"Get-Mailbox", cmdlet.Shape{Sort: []cmdlet.SortKey{{Column: "Name"}}}},
		"Get-Mailbox | sort Name | sort Size,Items -Descending": {"Get-Mailbox", cmdlet.Shape{
			Sort: []cmdlet.SortKey{{Column: "Size", Descending: true}, {Column: "Items", Descending: true}, {Column: "Name"}},
		}},
		"Get-Mailbox | group Database -NoElement": {"Get-Mailbox", cmdlet.Shape{Group: []string{"Database"}}},
		"Get-Mailbox | where A | sort B | group C | where Count -gt 1 | sort Count -Descending | select Name -First 3": {"Get-Mailbox", cmdlet.Shape{
			Where: new(compare("A", "", nil)), Group: []string{"C"}, Having: new(compare("Count", "gt", int64(1))),
			Sort: []cmdlet.SortKey{{Column: "Count", Descending: true}}, First: 3, Columns: []string{"Name"},
		}},
		"Get-Mailbox | ft Name, Alias -AutoSize": {"Get-Mailbox", cmdlet.Shape{Columns: []string{"Name", "Alias"}, Table: true}},
		"Get-Mailbox | where A | select B,C | sort c | where { $_.B -and -not $_.C }": {"Get-Mailbox", cmdlet.Shape{
			Where: &cmdlet.Condition{Logic: cmdlet.And, Parts: []cmdlet.Condition{compare("A", "", nil), {Logic: cmdlet.And, Parts: []cmdlet.Condition{
				compare("B", "", nil), {Logic: cmdlet.Not, Parts: []cmdlet.Condition{compare("C", "", nil)}},
			}}}},
			Sort: []cmdlet.SortKey{{Column: "c"}}, Columns: []string{"B", "C"},
		}},
		"Get-Mailbox | sort A | select A,B | select -First 5 | select -First 2": {"Get-Mailbox", cmdlet.Shape{
			Sort: []cmdlet.SortKey{{Column: "A"}}, Columns: []string{"A", "B"}, First: 2,
		}},
		"Get-Mailbox | ft":   {"Get-Mailbox", cmdlet.Shape{}},
		"Get-Mailbox | fl *": {"Get-Mailbox", cmdlet.Shape{List: true}},
		"Get-Mailbox | where A | sort B | select C,D -First 3 | ft -AutoSize": {"Get-Mailbox", cmdlet.Shape{
			Where: new(compare("A", "", nil)), Sort: []cmdlet.SortKey{{Column: "B"}}, First: 3, Columns: []string{"C", "D"},
		}},
		"Get-Mailbox | where A | select B | Export-Csv 'C:\\my list.csv' -NoTypeInformation -Encoding UTF8 -Delimiter ';'": {"Get-Mailbox", cmdlet.Shape{
			Where: new(compare("A", "", nil)), Columns: []string{"B"}, Export: &cmdlet.Export{Path: `C:\my list.csv`, Delimiter: ';'},
		}},
	} {
		got, err := described.Line(line)
		if err != nil || got.Pipeline.PowerShell() != want.server || !sameShape(got.Shape, want.shape) {
			t.Errorf("%s\n%s, %+v, %v", line, got.Pipeline.PowerShell(), got.Shape, err)
		}
		again, err := described.Line(got.PowerShell())
		if err != nil || again.PowerShell() != got.PowerShell() || !sameShape(again.Shape, got.Shape) {
			t.Errorf("%s\nwritten as %s\nread as %+v, %v", line, got.PowerShell(), again, err)
		}
	}
}

// sameShape compares shapes whatever way their dates name the zone.
func sameShape(a, b cmdlet.Shape) bool {
	text := func(s cmdlet.Shape) string {
		where := ""
		for _, c := range []*cmdlet.Condition{s.Where, s.Having} {
			if c != nil {
				where += fmt.Sprintf("%#v", plain(*c))
			}
			where += ";"
		}
		s.Where, s.Having = nil, nil
		export := cmdlet.Export{}
		if s.Export != nil {
			export = *s.Export
		}
		s.Export = nil
		return where + fmt.Sprintf("%#v %#v", s, export)
	}
	return text(a) == text(b)
}

func plain(c cmdlet.Condition) cmdlet.Condition {
	c.Comparison.Value = zoneless(c.Comparison.Value)
	parts := make([]cmdlet.Condition, len(c.Parts))
	for i, p := range c.Parts {
		parts[i] = plain(p)
	}
	c.Parts = parts
	return c
}

// TestColumnsAreWrittenAsTheyWerePasted: what was chosen by Select-Object is not shown as
// Format-Table, nor the other way round.
func TestColumnsAreWrittenAsTheyWerePasted(t *testing.T) {
	for _, want := range []string{
		"Get-Mailbox | Where-Object {$_.A} | Select-Object -Property 'B','C'",
		"Get-Mailbox | Where-Object {$_.A} | Select-Object -Property B -First 3",
		"Get-Mailbox | Sort-Object -Property A | Select-Object -First 3 | Format-Table -Property 'B','C'",
		"Get-Mailbox | Format-Table -Property B",
		"Get-Mailbox | Sort-Object -Property A | Select-Object -Property 'B','C' | Export-Csv -Path x.csv -NoTypeInformation",
		"Get-Mailbox | Select-Object -Property 'B','C'",
	} {
		line, err := described.Line(want)
		if err != nil || line.PowerShell() != want {
			t.Errorf("%s\nis written\n%s, %v", want, line.PowerShell(), err)
		}
	}
}

// What is not understood is named, and nothing is sent.
func TestPipelinesAreRefusedByName(t *testing.T) {
	for line, want := range map[string]struct {
		want  cmdlet.Want
		names string
	}{
		"Get-Mailbox | ForEach-Object { $_.Name }":               {cmdlet.WantStage, "ForEach-Object { $_.Name }"},
		"Get-Mailbox | % Name":                                   {cmdlet.WantStage, "% Name"},
		"Get-Mailbox | Out-File x.txt":                           {cmdlet.WantStage, "Out-File x.txt"},
		"Get-Mailbox | more":                                     {cmdlet.WantStage, "more"},
		"Import-Csv x.csv | Set-Mailbox":                         {cmdlet.WantStage, "Import-Csv x.csv | Set-Mailbox"},
		"New-PSSession -ConnectionUri https://h/":                {cmdlet.WantStage, "New-PSSession"},
		"Get-Mailbox | where { $_.Name.Length -gt 3 }":           {cmdlet.WantStage, "{ $_.Name.Length -gt 3 }"},
		"Get-Mailbox | where { $_.Name -eq $x }":                 {cmdlet.WantStage, "{ $_.Name -eq $x }"},
		"Get-Mailbox | where { $_.Name -replace 'a','b' }":       {cmdlet.WantStage, "{ $_.Name -replace 'a','b' }"},
		"Get-Mailbox | where { $_.A -eq $_.B }":                  {cmdlet.WantStage, "{ $_.A -eq $_.B }"},
		"Get-Mailbox | where { -not $_.A -eq 1 }":                {cmdlet.WantStage, "{ -not $_.A -eq 1 }"},
		"Get-Mailbox | where { $_.A -like 5 }":                   {cmdlet.WantStage, "{ $_.A -like 5 }"},
		"Get-Mailbox | where { Get-User $_.A }":                  {cmdlet.WantStage, "{ Get-User $_.A }"},
		"Get-Mailbox | where { $_.A -eq 1; exit }":               {cmdlet.WantStage, "{ $_.A -eq 1; exit }"},
		"Get-Mailbox | where":                                    {cmdlet.WantStage, "Where-Object"},
		"Get-Mailbox | select Name,@{n='x';e={1}}":               {cmdlet.WantLiteral, "Name,@{n='x';e={1}}"},
		"Get-Mailbox | select -Skip 3":                           {cmdlet.WantStage, "Select-Object -Skip"},
		"Get-Mailbox | select a b":                               {cmdlet.WantStage, "Select-Object"},
		"Get-Mailbox | where A | Set-Mailbox -Hidden:$true":      {cmdlet.WantBefore, "Set-Mailbox"},
		"Get-Mailbox | where A | measure":                        {cmdlet.WantBefore, "Measure-Object"},
		"Get-Mailbox | sort A | select -First 3 | where B":       {cmdlet.WantBefore, "Where-Object"},
		"Get-Mailbox | sort A | select -Unique B":                {cmdlet.WantStage, "Select-Object -Unique"},
		"Get-Mailbox | ft A | sort A":                            {cmdlet.WantBefore, "Sort-Object"},
		"Get-Mailbox | where A | select B | sort A":              {cmdlet.WantBefore, "Sort-Object"},
		"Get-Mailbox | where A | select B | where { -not $_.A }": {cmdlet.WantBefore, "Where-Object"},
		"Get-Mailbox | group A | group B":                        {cmdlet.WantBefore, "Group-Object"},
		"Get-Mailbox | sort A | select -First 3 | group B":       {cmdlet.WantBefore, "Group-Object"},
		"Get-Mailbox | where { $_.A -match '(' }":                {cmdlet.WantStage, "{ $_.A -match '(' }"},
		"Get-Mailbox | fl A | Export-Csv x.csv":                  {cmdlet.WantBefore, "Export-Csv"},
		"Get-Mailbox | Export-Csv x.csv -Append":                 {cmdlet.WantStage, "Export-Csv -Append"},
		"Get-Mailbox | Export-Csv x.csv -Encoding Unicode":       {cmdlet.WantStage, "Export-Csv -Encoding Unicode"},
		"Get-Mailbox | Export-Csv x.csv | Get-User":              {cmdlet.WantBefore, "Get-User"},
		"Get-Mailbox |":                                          {cmdlet.WantCommand, ""},
		"Get-Mailbox || Get-User":                                {cmdlet.WantCommand, "|| Get-User"},
		"Get-Mailbox | where A; Get-User":                        {cmdlet.WantCommand, "Get-User"},
		"Get-Mailbox | Get-User | Set-X -A (Get-Mailbox x).Name": {cmdlet.WantLiteral, "(Get-Mailbox x).Name"},
	} {
		got, err := described.Line(line)
		var refused *cmdlet.BindError
		if !errors.As(err, &refused) || refused.Want != want.want || refused.Text != want.names {
			t.Errorf("%s\n%+v, %v (%+v), want %v %q", line, got, err, refused, want.want, want.names)
		}
	}
}

func randomCondition(r *rand.Rand, depth int) cmdlet.Condition {
	if n := r.IntN(5); depth < 3 && n > 1 {
		c := cmdlet.Condition{Logic: []cmdlet.Logic{cmdlet.And, cmdlet.Or, cmdlet.Not}[n-2]}
		parts := 2 + r.IntN(2)
		if c.Logic == cmdlet.Not {
			parts = 1
		}
		for len(c.Parts) < parts {
			p := randomCondition(r, depth+1)
			if p.Logic != c.Logic || c.Logic == cmdlet.Not {
				c.Parts = append(c.Parts, p)
			}
		}
		return c
	}
	column := randomText(r)
	if column == "" {
		column = "Name"
	}
	values := []any{nil, true, int64(r.IntN(1000) - 500), 2.5, randomText(r), randomDate(r)}
	operator := []string{"", "eq", "ne", "gt", "ge", "lt", "le", "contains", "notcontains"}[r.IntN(9)]
	c := cmdlet.Comparison{Column: column, Operator: operator, CaseSensitive: operator != "" && r.IntN(4) == 0}
	switch {
	case operator == "":
	case r.IntN(5) == 0:
		c.Operator, c.Value = []string{"like", "notlike", "match", "notmatch"}[r.IntN(4)], regexp.QuoteMeta(strings.ToValidUTF8(randomText(r), "")) // a pattern is UTF-8
	case r.IntN(5) == 0:
		c.Operator, c.Value = "notin", []string{"a", randomText(r)}
	default:
		c.Value = values[r.IntN(len(values))]
	}
	return cmdlet.Condition{Comparison: c}
}

func TestConditionsAreReadBackAsTheyWereWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 5000 {
		want := randomCondition(r, 0)
		l := cmdlet.Line{Pipeline: cmdlet.Pipeline{{Cmdlet: "Get-Mailbox"}}, Shape: cmdlet.Shape{Where: &want}}
		got, err := described.Line(l.PowerShell())
		if err != nil || !sameShape(got.Shape, l.Shape) {
			t.Fatalf("%s\n%#v\nread as %#v, %v", l.PowerShell(), want, got.Shape.Where, err)
		}
	}
}

// By description, a call of random values of every kind is read back from what is shown.
func TestDescribedCallsAreReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 5000 {
		inv := cmdlet.Invocation{Cmdlet: "Set-Sample", Args: []cmdlet.Arg{{Name: "Identity", Value: randomText(r)}}}
		for _, a := range []cmdlet.Arg{
			{Name: "Count", Value: int64(int32(r.Uint32()))},
			{Name: "Ratio", Value: r.NormFloat64()},
			{Name: "Hidden", Value: r.IntN(2) == 0},
			{Name: "Force", Value: cmdlet.Switch(r.IntN(2) == 0)},
			{Name: "Action", Value: randomText(r)},
			{Name: "EmailAddresses", Value: []string{randomText(r), randomText(r)}},
			{Name: "Members", Value: []string{randomText(r)}},
			{Name: "StartDate", Value: randomDate(r)},
			{Name: "Age", Value: time.Duration(r.Int64()/100) * 100},
			{Name: "MaxSize", Value: r.Int64()},
			{Name: "Quota", Value: "Unlimited"},
			{Name: "ResultSize", Value: int64(r.Uint32())},
			{Name: "Table", Value: map[string]any{"a": randomText(r), "b": randomValue(r, 3)}},
			{Name: "Picture", Value: []byte(randomText(r))},
			{Name: "Comments", Value: randomText(r)},
			{Name: "ContentFilter", Value: randomText(r)},
		} {
			if r.IntN(3) == 0 {
				inv.Args = append(inv.Args, a)
			}
		}
		got, err := oneCommand(described, inv.PowerShell())
		if err != nil || !same(got, inv) {
			t.Fatalf("%s\n%#v\nread as %#v, %v", inv.PowerShell(), inv, got, err)
		}
	}
}

func TestPipelineRisk(t *testing.T) {
	for line, want := range map[string]cmdlet.Risk{
		"Get-Mailbox | Get-MailboxStatistics | Select-Object Name": cmdlet.Reads,
		"Get-Mailbox | Set-Mailbox -Hidden:$true":                  cmdlet.Changes,
		"Get-Mailbox | Remove-Mailbox":                             cmdlet.Destroys,
	} {
		l, err := described.Line(line)
		if err != nil || l.Pipeline.Risk() != want {
			t.Errorf("%s: %v, %v", line, l.Pipeline.Risk(), err)
		}
	}
}
