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
