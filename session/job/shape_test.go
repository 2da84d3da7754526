package job_test

import (
	"strings"
	"testing"
	"time"

	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/result"
)

// people is a table with a value of each sort that lines compare with.
func people() *result.View {
	table := result.NewTable(result.Provenance{})
	b := table.Builder()
	for i, p := range []struct {
		name, size string
		items      int64
		on         bool
		mails      []string
	}{
		{"Ada", "1.5 GB (1,610,612,736 bytes)", 10, true, []string{"ada@a.example", "SMTP:al@a.example"}},
		{"bert", "20 MB (20,971,520 bytes)", 9, false, []string{"bert@b.example"}},
		{"Ada B", "900 KB (921,600 bytes)", 100, true, nil},
		{"zoe", "3 GB (3,221,225,472 bytes)", 0, false, []string{"zoe@a.example"}},
	} {
		b.BeginRow()
		b.Text([]byte("Name"), []byte(p.name))
		b.Text([]byte("Size"), []byte(p.size))
		b.Int([]byte("Items"), p.items)
		b.Bool([]byte("On"), p.on)
		var mails [][]byte
		for _, m := range p.mails {
			mails = append(mails, []byte(m))
		}
		b.List([]byte("Mails"), mails, nil)
		day := time.Date(2024, 3, 1+i, 12, 0, 0, 0, time.UTC)
		b.Time([]byte("When"), result.Time{Ticks: day.Unix()*1e7 + 621355968000000000, Kind: result.TimeUTC})
		if p.items > 9 {
			b.Text([]byte("Note"), []byte("much"))
		} else {
			b.Null([]byte("Note"))
		}
		if err := b.EndRow(); err != nil {
			panic(err)
		}
	}
	return table.Snapshot()
}

// What this program does itself comes out as PowerShell has it.
func TestALineIsShaped(t *testing.T) {
	for line, want := range map[string]string{
		"":                                                                "Ada,bert,Ada B,zoe",
		"| Where-Object Name -eq 'ADA'":                                   "Ada",
		"| Where-Object Name -ceq 'ADA'":                                  "",
		"| Where-Object Name -ne 'ada'":                                   "bert,Ada B,zoe",
		"| Where-Object Name -like 'ada*'":                                "Ada,Ada B",
		"| Where-Object Name -notlike '?er*'":                             "Ada,Ada B,zoe",
		"| Where-Object Name -match '^[az]'":                              "Ada,Ada B,zoe",
		"| Where-Object Items -gt 9":                                      "Ada,Ada B",
		"| Where-Object Items -le 9":                                      "bert,zoe",
		"| Where-Object On":                                               "Ada,Ada B",
		"| Where-Object On -eq $false":                                    "bert,zoe",
		"| Where-Object Items":                                            "Ada,bert,Ada B",
		"| Where-Object Note -eq $null":                                   "bert,zoe",
		"| Where-Object Nothing -eq $null":                                "Ada,bert,Ada B,zoe",
		"| Where-Object Mails -contains 'zoe@a.example'":                  "zoe",
		"| Where-Object Mails -notcontains 'zoe@a.example'":               "Ada,bert,Ada B",
		"| Where-Object Mails -like '*@a.example'":                        "Ada,zoe",
		"| Where-Object Name -in 'zoe','bert'":                            "bert,zoe",
		"| Where-Object Size -gt 1GB":                                     "Ada,zoe",
		"| Where-Object When -ge '2024-03-03T00:00:00Z'":                  "Ada B,zoe",
		"| Where-Object { $_.On -and -not ($_.Name -eq 'Ada') }":          "Ada B",
		"| Where-Object { $_.Items -eq 0 -or $_.Items -eq 10 }":           "Ada,zoe",
		"| Sort-Object Items -Descending":                                 "Ada B,Ada,bert,zoe",
		"| Sort-Object On,Name":                                           "bert,zoe,Ada,Ada B",
		"| Where-Object On | Sort-Object Items | Format-Table Name,Items": "Ada,Ada B",
	} {
		read, err := cmdlet.Reader{}.Line(strings.TrimSpace("Get-Mailbox " + line))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		v, missing, err := job.Shaped(t.Context(), people(), read.Shape)
		if err != nil || len(missing) != 0 {
			t.Errorf("%s: missing %q, %v", line, missing, err)
			continue
		}
		col, _ := v.Column("Name")
		var names []string
		rows, _ := v.Size()
		for row := range rows {
			names = append(names, v.Cell(row, col))
		}
		if got := strings.Join(names, ","); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

// Groups are rows with Count and Name, for each tenant where there are several.
func TestALineMakesGroups(t *testing.T) {
	for line, want := range map[string]string{
		"group On":                     "2 False,2 True",
		"group On,Note":                "2 False, ,2 True, much",
		"where Items -gt 0 | group On": "1 False,2 True",
		"group On | where Count -gt 5": "",
		"group Items | sort Count,Name | select -First 2":    "1 0,1 9",
		"group Name | sort Name -Descending | ft Count,Name": "1 zoe,1 bert,1 Ada B,1 Ada",
	} {
		read, err := cmdlet.Reader{}.Line("Get-Mailbox | " + line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		v, missing, err := job.Shaped(t.Context(), people(), read.Shape)
		if err != nil || len(missing) != 0 {
			t.Errorf("%s: missing %q, %v", line, missing, err)
			continue
		}
		if got := groupsOf(v); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
	v, missing, err := job.Shaped(t.Context(), people(), cmdlet.Shape{Group: []string{"Nowhere"}})
	if got := groupsOf(v); err != nil || got != "4 " || len(missing) != 1 {
		t.Errorf("%s, missing %q, %v", got, missing, err)
	}
	table := result.NewTable(result.Provenance{}, result.TenantColumn)
	for _, tenant := range []string{"b.example", "a.example", "b.example"} {
		b := table.Builder()
		b.BeginRow()
		b.Own(result.TenantColumn, []byte(tenant))
		b.Text([]byte("State"), []byte("on"))
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	v, _, err = job.Shaped(t.Context(), table.Snapshot(), cmdlet.Shape{Group: []string{"State"}})
	if got := groupsOf(v); err != nil || got != "1 on,2 on" || v.Cell(1, 0) != "b.example" {
		t.Errorf("%s, %v", got, err)
	}
}

func groupsOf(v *result.View) string {
	count, _ := v.Column("Count")
	name, _ := v.Column("Name")
	var all []string
	rows, _ := v.Size()
	for row := range rows {
		all = append(all, v.Cell(row, count)+" "+v.Cell(row, name))
	}
	return strings.Join(all, ",")
}

func TestAShapeNamesWhatIsNotThere(t *testing.T) {
	v, missing, err := job.Shaped(t.Context(), people(), cmdlet.Shape{Sort: []cmdlet.SortKey{{Column: "Nowhere"}}, Columns: []string{"Name", "Nothing"}, First: 2})
	if err != nil {
		t.Fatal(err)
	}
	rows, cols := v.Size()
	if rows != 2 || cols != 1 || strings.Join(missing, ",") != "Nowhere,Nothing" {
		t.Errorf("%d rows, %d columns, missing %q", rows, cols, missing)
	}
	if _, _, err := job.Shaped(t.Context(), people(), cmdlet.Shape{Where: &cmdlet.Condition{
		Logic: cmdlet.Compare, Comparison: cmdlet.Comparison{Column: "Name", Operator: "match", Value: "("},
	}}); err == nil {
		t.Error("a pattern that is none was taken")
	}
}
