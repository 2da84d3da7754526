package runs_test

import (
	"testing"

	"postroom/app/runs"
	"postroom/session/cmdlet"
	"postroom/session/reference"
	"postroom/widgets"
)

// TestTheRowsAreCopiedAsALine: what is selected, else what is shown, as PowerShell that
// reads back.
func TestTheRowsAreCopiedAsALine(t *testing.T) {
	b := newBench(t)
	b.usual = rows("Ada", "B*[b]", "O'Neill", "Ada")
	tab := b.tab("Get-Mailbox", "Anr")
	tab.CopyLine()
	b.reads("Run it first: then its rows can be copied.")
	tab.Form().SetValues(map[string]string{"Anr": "a b"})
	b.run(tab)
	copied := func() string {
		t.Helper()
		tab.CopyLine()
		text := b.desk.Pasted()
		line, err := cmdlet.Reader{Kinds: reference.New()}.Line(text)
		if err != nil || line.PowerShell() != text {
			t.Errorf("%s is read back as %s, %v", text, line.PowerShell(), err)
		}
		return text
	}
	for _, c := range []struct {
		selected []widgets.RowRange
		filter   string
		by       widgets.ColumnFilter
		want     string
	}{
		{want: "Select-Object -Property 'Name','Hidden'"},
		{selected: []widgets.RowRange{{First: 1, Last: 1}}, want: "Where-Object {$_.Name -eq 'B*[b]'} | Select-Object -Property 'Name','Hidden'"},
		{selected: []widgets.RowRange{{First: 1, Last: 2}}, want: "Where-Object {$_.Name -in @('B*[b]','O''Neill')} | Select-Object -Property 'Name','Hidden'"},
		{selected: []widgets.RowRange{{First: 0, Last: 3}}, want: "Where-Object {$_.Hidden -in @('smtp:0','smtp:1','smtp:2','smtp:3')} | Select-Object -Property 'Name','Hidden'"},
		{by: widgets.ColumnFilter{Op: widgets.FilterStarts, Not: true, Values: []string{"B*"}}, want: "Where-Object {-not ($_.Name -like 'B`**')} | Select-Object -Property 'Name','Hidden'"},
		{filter: "o'n", by: widgets.ColumnFilter{Op: widgets.FilterEmpty, Not: true}, want: "Where-Object {-not ($_.Name -eq $null -or $_.Name -eq '') -and ($_.Name -like '*o''n*' -or $_.Hidden -like '*o''n*')} | Select-Object -Property 'Name','Hidden'"},
	} {
		tab.Filter(c.filter)
		if c.by.Not {
			tab.FilterBy("Name", c.by)
		}
		b.settle()
		tab.Grid().SetSelected(c.selected)
		if got, want := copied(), "Get-Mailbox -Anr 'a b' | "+c.want; got != want {
			t.Errorf("%+v:\n%s\nwant\n%s", c, got, want)
		}
	}
}

// TestAPastedLineChoosesItsSet: -Shared is of another set than the one that the form of
// New-Mailbox begins with, and is not lost.
func TestAPastedLineChoosesItsSet(t *testing.T) {
	b := newBench(t)
	known := reference.New()
	fact, _ := known.Cmdlet("New-Mailbox")
	server := cmdlet.Cmdlet{Name: fact.Name}
	for _, p := range fact.Parameters {
		server.Parameters = append(server.Parameters, cmdlet.Parameter{Name: p.Name, Type: p.Type, Kind: p.Kind, Position: -1})
	}
	tab := b.tabOf(server)
	began := tab.Form().ParameterSet()
	for line, want := range map[string]string{
		"New-Mailbox -Name Zora -Shared": "Shared", "New-Mailbox -Name Saal -Room": "Room", "New-Mailbox -Name Ada -Alias ada": began,
	} {
		tab.Form().SetParameterSet(began)
		p, is, err := runs.Paste(known, []cmdlet.Cmdlet{server}, line)
		if err != nil || !is {
			t.Fatalf("%s: %v, %v", line, is, err)
		}
		tab.Take(p)
		if got := tab.Form().ParameterSet(); got != want {
			t.Errorf("%s: the set is %s, want %s", line, got, want)
		}
		if got := tab.Form().Values(); len(got) != 2 {
			t.Errorf("%s: the form sends %v", line, got)
		}
	}
}
