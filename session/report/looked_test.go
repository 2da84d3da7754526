package report_test

import (
	"slices"
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/report"
)

// What is looked at of the rows is all that has to come, and never less: what columns are
// computed of, rows are kept, sorted and grouped by, and what tells rows apart.
func TestWantedOfWhatIsLookedAt(t *testing.T) {
	known := []string{"DisplayName", "PrimarySmtpAddress", "Guid", "Identity", "Name", "ProhibitSendQuota", "WhenCreated", "RecipientTypeDetails", "RecipientAddress", "Received"}
	where := func(text string) cmdlet.Shape {
		line, err := cmdlet.Reader{}.Line("Get-Mailbox | " + text)
		if err != nil {
			t.Fatal(err)
		}
		return line.Shape
	}
	identities := []string{"ExchangeGuid", "Guid", "Identity"}
	for name, c := range map[string]struct {
		cmdlet string
		looked report.Looked
		want   []string
	}{
		"nothing said":          {looked: report.Looked{Identities: identities}},
		"columns":               {looked: report.Looked{Columns: []string{"displayname"}}, want: []string{"DisplayName"}},
		"with identities":       {looked: report.Looked{Columns: []string{"DisplayName"}, Identities: identities}, want: []string{"DisplayName", "Guid", "Identity"}},
		"ours beside them":      {looked: report.Looked{Columns: []string{"Tenant", "Name"}, Ours: []string{"Tenant"}}, want: []string{"Name"}},
		"not known":             {looked: report.Looked{Columns: []string{"Name", "Nonesuch"}}},
		"a pattern":             {looked: report.Looked{Columns: []string{"Display*"}}},
		"more":                  {looked: report.Looked{Columns: []string{"Name"}, More: []string{"WhenCreated"}}, want: []string{"Name", "WhenCreated"}},
		"a condition":           {looked: report.Looked{Columns: []string{"Name"}, Shape: where("Where-Object { $_.WhenCreated -gt '2026-01-01' -and -not ($_.DisplayName -like 'x*') }")}, want: []string{"DisplayName", "Name", "WhenCreated"}},
		"a condition alone":     {looked: report.Looked{Shape: where("Where-Object { $_.WhenCreated -gt '2026-01-01' }")}},
		"an order":              {looked: report.Looked{Shape: where("Sort-Object WhenCreated | Format-Table Name")}, want: []string{"Name", "WhenCreated"}},
		"groups":                {looked: report.Looked{Columns: []string{"Count"}, Shape: where("Where-Object { $_.Name } | Group-Object RecipientTypeDetails")}, want: []string{"Name", "RecipientTypeDetails"}},
		"computed":              {looked: report.Looked{Columns: []string{"Domain"}, Computed: []report.Column{{Name: "Domain", Value: "domain(PrimarySmtpAddress)"}}}, want: []string{"PrimarySmtpAddress"}},
		"computed of computed":  {looked: report.Looked{Columns: []string{"Big"}, Computed: []report.Column{{Name: "MB", Value: "bytes(ProhibitSendQuota) / 1MB"}, {Name: "Big", Value: "MB > 10"}}}, want: []string{"ProhibitSendQuota"}},
		"computed of its name":  {looked: report.Looked{Columns: []string{"Name"}, Computed: []report.Column{{Name: "Name", Value: "domain(Name)"}}}, want: []string{"Name"}},
		"what its pages go by":  {cmdlet: "Get-MessageTraceV2", looked: report.Looked{Columns: []string{"Name"}}, want: []string{"Name", "Received", "RecipientAddress"}},
		"computed of not known": {looked: report.Looked{Columns: []string{"X"}, Computed: []report.Column{{Name: "X", Value: "domain(Nonesuch)"}}}},
	} {
		if c.cmdlet == "" {
			c.cmdlet = "Get-Mailbox"
		}
		if got := report.Wanted(cmdlet.Pipeline{{Cmdlet: c.cmdlet}}, known, c.looked); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
