package job_test

import (
	"slices"
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/result"
)

// What was read is put back as it was: no value clears, a list replaces. What was not read,
// and what the cmdlet does not take, is left and named.
func TestPutBackIsTheCallWithTheOldValues(t *testing.T) {
	set := cmdlet.Cmdlet{Name: "Set-Mailbox", Parameters: []cmdlet.Parameter{
		{Name: "Identity"},
		{Name: "ForwardingSmtpAddress"},
		{Name: "DeliverToMailboxAndForward", Kind: cmdlet.Bool},
		{Name: "EmailAddresses", Kind: cmdlet.List},
		{Name: "CustomAttribute1"},
		{Name: "AcceptMessagesOnlyFrom", Kind: cmdlet.List},
	}}
	was := map[string]result.Value{
		"ForwardingSmtpAddress":      {Kind: result.KindText, Text: "smtp:eva@postfach.example"},
		"DeliverToMailboxAndForward": {Kind: result.KindBool, Bool: true},
		"EmailAddresses":             {Kind: result.KindList, Items: []string{"SMTP:a@x.example", "smtp:b@x.example"}},
		"CustomAttribute1":           {Kind: result.KindNull},
		"AcceptMessagesOnlyFrom":     {Kind: result.KindList},
		"External":                   {Kind: result.KindBool, Bool: true},
	}
	before := func(name string) (result.Value, bool) { v, ok := was[name]; return v, ok }
	call, left := job.PutBack(set, "a@x.example", []string{
		"ForwardingSmtpAddress", "DeliverToMailboxAndForward", "EmailAddresses", "CustomAttribute1", "AcceptMessagesOnlyFrom", "External", "City",
	}, before)
	const want = "Set-Mailbox -Identity a@x.example -ForwardingSmtpAddress smtp:eva@postfach.example -DeliverToMailboxAndForward:$true " +
		"-EmailAddresses 'SMTP:a@x.example','smtp:b@x.example' -CustomAttribute1 $null -AcceptMessagesOnlyFrom $null"
	if got := call.PowerShell(); got != want {
		t.Errorf("the call is\n%s, want\n%s", got, want)
	}
	if !slices.Equal(left, []string{"External", "City"}) {
		t.Errorf("left are %q", left)
	}
	if call, left = job.PutBack(set, "a@x.example", []string{"City"}, before); len(call.Args) != 0 || len(left) != 1 {
		t.Errorf("nothing to put back gives %s", call.PowerShell())
	}
}
