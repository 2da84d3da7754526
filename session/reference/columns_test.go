package reference_test

import (
	"slices"
	"strings"
	"testing"

	"postroom/session/reference"
)

func TestFirstColumns(t *testing.T) {
	r := reference.New()
	cases := []struct{ cmdlet, came, shown string }{
		{
			"Get-Mailbox", "Database,SerializationData,PrimarySmtpAddress,RunspaceId,Alias,DisplayName,ObjectState,IsValid",
			"DisplayName,PrimarySmtpAddress,Database,Alias",
		},
		{"New-Mailbox", "Database,DisplayName", "DisplayName,Database"},
		{"Get-MessageTraceV2", "Index,RecipientAddress,Received,PSComputerName,SenderAddress,PSShowComputerName", "Received,SenderAddress,RecipientAddress,Index"},
		{"Get-Novelty", "Guid,Identity,Name,Zone", "Name,Identity,Guid,Zone"},
		{"Get-TransportRule", "name,Priority", "Priority,name"},
		{"Get-Mailbox", "RunspaceId", ""},
	}
	for _, test := range cases {
		shown, incidental := r.Arrange(test.cmdlet, strings.Split(test.came, ","))
		if got := strings.Join(shown, ","); got != test.shown {
			t.Errorf("%s: %s arranged as %s, want %s", test.cmdlet, test.came, got, test.shown)
		}
		all := slices.Concat(shown, incidental)
		slices.Sort(all)
		came := strings.Split(test.came, ",")
		slices.Sort(came)
		if !slices.Equal(all, came) {
			t.Errorf("%s: %v came, %v are there", test.cmdlet, came, all)
		}
	}
}

// TestNoIncidentalColumnLeads reads every list.
func TestNoIncidentalColumnLeads(t *testing.T) {
	r := reference.New()
	lists := 0
	for _, name := range r.Names(0) {
		columns := r.Columns(name)
		if len(columns) > 0 {
			lists++
		}
		for _, c := range columns {
			if reference.Incidental(c) {
				t.Errorf("%s begins with %s", name, c)
			}
		}
	}
	if lists < 300 {
		t.Errorf("%d cmdlets have first columns", lists)
	}
}
