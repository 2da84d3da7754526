package simulator_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/psrp"
	"postroom/session/simulator"
)

func session(t *testing.T, tenant string) (*simulator.Server, *client) {
	t.Helper()
	return sessionOf(t, tenant, 0)
}

// sessionOf is a session for a tenant that has so many mailboxes; 0 is its own number.
func sessionOf(t *testing.T, tenant string, mailboxes int) (*simulator.Server, *client) {
	t.Helper()
	s := start(t, simulator.Options{Epoch: epoch, Rows: mailboxes})
	c := mustOpen(t, s, dial{tenant: tenant})
	t.Cleanup(c.close)
	return s, c
}

func TestResultSize(t *testing.T) {
	_, c := session(t, "nordsee-logistik.example")
	r := c.run(call("Get-Mailbox"))
	if len(r.rows) != 1000 || len(r.warnings) != 1 || !strings.HasPrefix(r.warnings[0], "By default, only the first 1000 items are returned.") {
		t.Errorf("default: %d rows, %q", len(r.rows), r.warnings)
	}
	r = c.run(call("Get-Mailbox", "ResultSize", int64(5)))
	if len(r.rows) != 5 || len(r.warnings) != 1 || !strings.HasPrefix(r.warnings[0], "There are more results available") {
		t.Errorf("five: %d rows, %q", len(r.rows), r.warnings)
	}
	r = c.run(call("Get-Mailbox", "ResultSize", int64(5), "WarningAction", "SilentlyContinue"))
	if len(r.rows) != 5 || len(r.warnings) != 0 {
		t.Errorf("silent: %d rows, %q", len(r.rows), r.warnings)
	}
	r = c.run(call("Get-MailUser", "ResultSize", "unlimited"))
	if len(r.rows) != 310 || len(r.warnings) != 0 {
		t.Errorf("unlimited: %d rows, %q", len(r.rows), r.warnings)
	}
}

func TestFilters(t *testing.T) {
	_, c := sessionOf(t, "alpenhof.example", 200)
	everyone := c.run(call("Get-Mailbox"))
	for filter, keeps := range map[string]func(i int) bool{
		"RecipientTypeDetails -eq 'SharedMailbox'": func(i int) bool { return everyone.get(t, i, "RecipientTypeDetails") == "SharedMailbox" },
		"RecipientTypeDetails -ne \"UserMailbox\" -and -not (Alias -like 'r*')": func(i int) bool {
			return everyone.get(t, i, "RecipientTypeDetails") != "UserMailbox" && !strings.HasPrefix(everyone.get(t, i, "Alias"), "r")
		},
		"DisplayName -like '*m?l*' -or Alias -eq 'ada.ahrens'": func(i int) bool {
			name := strings.ToLower(everyone.get(t, i, "DisplayName"))
			for at, r := range []rune(name) {
				if rest := []rune(name)[at:]; r == 'm' && len(rest) > 2 && rest[2] == 'l' {
					return true
				}
			}
			return everyone.get(t, i, "Alias") == "ada.ahrens"
		},
		"ForwardingSmtpAddress -ne $null": func(i int) bool { return everyone.get(t, i, "ForwardingSmtpAddress") != "" },
		// A directory holds no empty text: what is shown as none is not set.
		"CustomAttribute1 -ne $null":     func(i int) bool { return everyone.get(t, i, "CustomAttribute1") != "" },
		"CustomAttribute1 -eq $null":     func(i int) bool { return everyone.get(t, i, "CustomAttribute1") == "" },
		"CustomAttribute1 -like '*'":     func(i int) bool { return everyone.get(t, i, "CustomAttribute1") != "" },
		"CustomAttribute1 -notlike 'K*'": func(i int) bool { return !strings.HasPrefix(everyone.get(t, i, "CustomAttribute1"), "K") },
		"LitigationHoldEnabled -eq $true": func(i int) bool {
			return everyone.get(t, i, "LitigationHoldEnabled") == "true" || everyone.get(t, i, "LitigationHoldEnabled") == "True"
		},
		"WhenCreated -ge '2020-01-01'": func(i int) bool { return everyone.get(t, i, "WhenCreated") >= "2020" },
		"EmailAddresses -like '*@alpenhof.onmicrosoft.example'": func(i int) bool {
			return strings.Contains(everyone.get(t, i, "EmailAddresses"), "@alpenhof.onmicrosoft.example")
		},
	} {
		var want []string
		for i := range everyone.rows {
			if keeps(i) {
				want = append(want, everyone.get(t, i, "Guid"))
			}
		}
		r := c.run(call("Get-Mailbox", "Filter", filter))
		var got []string
		for i := range r.rows {
			got = append(got, r.get(t, i, "Guid"))
		}
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: %d rows, want %d; error %v", filter, len(got), len(want), r.err)
		}
	}
	for filter, text := range map[string]string{
		"Nonsense -eq 'x'": "is not a recognized filterable property", "MessageCopyForSentAsEnabled -eq $true": "is not a recognized filterable property", "Database -like '*'": "is not a recognized filterable property", "Name -eq": "Invalid filter syntax", "Name -foo 'x'": "Invalid filter syntax",
		"(Name -eq 'x'": "Invalid filter syntax", "Name -eq 'x": "Invalid filter syntax", "Name -eq 'x' extra": "Invalid filter syntax",
	} {
		r := c.run(call("Get-Mailbox", "Filter", filter))
		if r.state != psrp.PipelineFailed || r.err == nil || !strings.Contains(r.err.Message, text) || r.err.FullyQualifiedID != "ParameterBindingFailed,Get-Mailbox" {
			t.Errorf("%s: %v", filter, r.err)
		}
	}
}

// TestMembersAreFilteredByTheirNames: what Get-DistributionGroupMember says of groups
// is what a filter by a member finds, however it names the member.
func TestMembersAreFilteredByTheirNames(t *testing.T) {
	_, c := sessionOf(t, "alpenhof.example", 200)
	groups, members := []string{}, map[string][]string{}
	everyone := c.run(call("Get-DistributionGroup", "ResultSize", 15))
	for i := range everyone.rows {
		group := everyone.get(t, i, "PrimarySmtpAddress")
		groups = append(groups, group)
		r := c.run(call("Get-DistributionGroupMember", "Identity", group))
		for k := range r.rows {
			members[group] = append(members[group], r.get(t, k, "PrimarySmtpAddress"))
		}
	}
	if len(groups) != 15 || len(members[groups[0]]) < 3 {
		t.Fatalf("%d groups, %q", len(groups), members)
	}
	for _, member := range members[groups[0]][:3] {
		who := c.run(call("Get-Recipient", "Identity", member))
		for _, name := range []string{member, who.get(t, 0, "DistinguishedName"), who.get(t, 0, "Alias")} {
			r := c.run(call("Get-DistributionGroup", "Filter", "Members -eq '"+strings.ReplaceAll(name, "'", "''")+"'"))
			found := map[string]bool{}
			for i := range r.rows {
				found[r.get(t, i, "PrimarySmtpAddress")] = true
			}
			for _, group := range groups {
				if want := slices.Contains(members[group], member); found[group] != want {
					t.Errorf("%s is found in %s: %t, want %t; %v", name, group, found[group], want, r.err)
				}
			}
		}
	}
}

func TestParametersThatSelect(t *testing.T) {
	_, c := sessionOf(t, "nordsee-logistik.example", 600)
	for _, tc := range []struct {
		call   cmdlet.Invocation
		column string
		want   func(string) bool
	}{
		{call("Get-Mailbox", "RecipientTypeDetails", []string{"RoomMailbox", "EquipmentMailbox"}), "RecipientTypeDetails", func(s string) bool { return s == "RoomMailbox" || s == "EquipmentMailbox" }},
		{call("Get-Recipient", "RecipientTypeDetails", "MailContact"), "RecipientTypeDetails", func(s string) bool { return s == "MailContact" }},
		{call("Get-Mailbox", "Anr", "möl"), "DisplayName", func(s string) bool { return strings.Contains(strings.ToLower(s), "möl") }},
		{call("Get-Mailbox", "Archive", on), "ArchiveStatus", func(s string) bool { return s == "Active" }},
		{call("Get-Mailbox", "Identity", "svenja*"), "Alias", func(s string) bool { return strings.HasPrefix(s, "svenja") }},
		{call("Get-TransportRule", "State", "Disabled"), "State", func(s string) bool { return s == "Disabled" }},
		{call("Get-QuarantineMessage", "QuarantineTypes", "Phish", "PageSize", int64(1000)), "QuarantineTypes", func(s string) bool { return s == "Phish" }},
	} {
		r := c.run(tc.call)
		if len(r.rows) == 0 || r.err != nil || len(r.errors) > 0 {
			t.Errorf("%s: %d rows, %v %v", tc.call.PowerShell(), len(r.rows), r.err, r.errors)
		}
		for i := range r.rows {
			if got := r.get(t, i, tc.column); !tc.want(got) {
				t.Errorf("%s: row %d has %s %q", tc.call.PowerShell(), i, tc.column, got)
			}
		}
	}
	first := c.run(call("Get-QuarantineMessage", "PageSize", int64(10), "Page", int64(1)))
	second := c.run(call("Get-QuarantineMessage", "PageSize", int64(10), "Page", int64(2)))
	if len(first.rows) != 10 || len(second.rows) != 10 || first.get(t, 0, "Identity") == second.get(t, 0, "Identity") {
		t.Error("pages of the quarantine overlap")
	}
}

// The errors are those of real PowerShell, as a recording of it has them.
func TestErrorsOfTheShell(t *testing.T) {
	_, c := session(t, "")
	for _, tc := range []struct {
		call     cmdlet.Invocation
		id       string
		category int32
		message  string
	}{
		{call("Get-NoSuch"), "CommandNotFoundException", 13, "The term 'Get-NoSuch' is not recognized"},
		{call("Get-ChildItem"), "CommandNotFoundException", 13, "The term 'Get-ChildItem' is not recognized"},
		{call("Get-Mailbox", "Bogus", int64(1)), "NamedParameterNotFound,Get-Mailbox", 5, "A parameter cannot be found that matches parameter name 'Bogus'."},
		{call("Get-Mailbox", "Re", int64(1)), "AmbiguousParameter,Get-Mailbox", 5, "Possible matches include: -ReadFromDomainController -RecipientTypeDetails -RemoteArchive -ResultSize."},
		{call("Get-Mailbox", "RecipientTypeDetails", "Nope"), "ParameterArgumentTransformationError,Get-Mailbox", 6, "Unable to match the identifier name Nope to a valid enumerator name."},
		{call("Get-MessageTrace", "StartDate", "not a date"), "ParameterArgumentTransformationError,Get-MessageTrace", 6, "Cannot convert value \"not a date\" to type \"System.DateTime\""},
		{call("Get-MessageTrace", "PageSize", int64(99999)), "ParameterArgumentValidationError,Get-MessageTrace", 6, "greater than the maximum allowed range of 5000"},
		{call("Get-Mailbox", "Identity", "a", "Anr", "b"), "AmbiguousParameterSet,Get-Mailbox", 5, "Parameter set cannot be resolved"},
		{call("New-TransportRule", "Name", strings.Repeat("x", 70)), "ParameterArgumentValidationError,New-TransportRule", 6, "The character length of the 70 argument is too long"},
		{call("Get-Mailbox", "", "a", "", "b"), "PositionalParameterNotFound,Get-Mailbox", 5, "A positional parameter cannot be found that accepts argument 'b'."},
		{call("Get-Mailbox", "Identity", "a", "Id", "b"), "ParameterAlreadyBound,Get-Mailbox", 5, "specified more than once"},
	} {
		r := c.run(tc.call)
		if r.state != psrp.PipelineFailed || r.err == nil || len(r.errors) > 0 {
			t.Errorf("%s: state %v, %v", tc.call.PowerShell(), r.state, r.err)
			continue
		}
		if r.err.FullyQualifiedID != tc.id || r.err.Category != tc.category || !strings.Contains(r.err.Message, tc.message) {
			t.Errorf("%s: %s, category %d: %s", tc.call.PowerShell(), r.err.FullyQualifiedID, r.err.Category, r.err.Message)
		}
	}
	r := c.run(call("Get-Mailbox", "Identity", "nobody@nowhere.example"))
	if r.state != psrp.PipelineCompleted || len(r.errors) != 1 {
		t.Fatalf("not found: state %v, errors %v", r.state, r.errors)
	}
	e := r.errors[0]
	if !strings.Contains(e.Message, "couldn't be found on") || !strings.Contains(e.FullyQualifiedID, "[FailureCategory=Cmdlet-ManagementObjectNotFoundException]") || e.CategoryReason != "ManagementObjectNotFoundException" || e.CategoryActivity != "Get-Mailbox" {
		t.Errorf("not found: %+v", e)
	}
	r = c.run(call("Get-Mailbox", "Identity", "nobody@nowhere.example", "ErrorAction", "Stop"))
	if r.state != psrp.PipelineFailed || len(r.errors) != 0 || r.err == nil {
		t.Errorf("not found, ErrorAction Stop: state %v, %v", r.state, r.err)
	}
	r = c.run(call("Get-Mailbox", "Identity", "nobody@nowhere.example", "ErrorAction", "SilentlyContinue"))
	if r.state != psrp.PipelineCompleted || len(r.errors) != 0 {
		t.Errorf("not found, silent: state %v, %v", r.state, r.errors)
	}
}

func TestConfirmation(t *testing.T) {
	_, c := session(t, "alpenhof.example")
	answers := []int32{}
	c.answer = func(psrp.HostCall) clixml.Value {
		a := answers[0]
		answers = answers[1:]
		return a
	}
	rules := func() int { return len(c.run(call("Get-TransportRule")).rows) }
	before := rules()
	names := func(i int) string { return c.run(call("Get-TransportRule")).get(t, i, "Name") }

	answers = []int32{2} // No
	r := c.run(call("Remove-TransportRule", "Identity", names(0)))
	if len(r.prompts) != 1 || rules() != before {
		t.Fatalf("No: %d prompts, %d rules of %d", len(r.prompts), rules(), before)
	}
	ask, ok := r.prompts[0].AsChoice()
	if !ok || ask.Caption != "Confirm" || !strings.HasPrefix(ask.Message, "Are you sure you want to perform this action?\nRemoving the transport rule \"Extern kennzeichnen\".") || len(ask.Choices) != 4 || ask.Choices[1].Label != "Yes to &All" {
		t.Errorf("the question: %+v", ask)
	}
	answers = []int32{0} // Yes
	if r = c.run(call("Remove-TransportRule", "Identity", names(0))); len(r.prompts) != 1 || rules() != before-1 {
		t.Errorf("Yes: %d prompts, %d rules", len(r.prompts), rules())
	}
	if r = c.run(call("Remove-TransportRule", "Identity", names(0), "Confirm", false)); len(r.prompts) != 0 || rules() != before-2 {
		t.Errorf("-Confirm:$false: %d prompts, %d rules", len(r.prompts), rules())
	}
	if r = c.run(call("Remove-TransportRule", "Identity", names(0), "WhatIf", on)); len(r.prompts) != 0 || rules() != before-2 || len(r.lines) != 1 || !strings.HasPrefix(r.lines[0], "What if: ") {
		t.Errorf("-WhatIf: %d prompts, %d rules, %q", len(r.prompts), rules(), r.lines)
	}
	answers = []int32{1} // Yes to All
	if r = c.run(call("Get-TransportRule", "State", "Disabled"), call("Remove-TransportRule")); len(r.prompts) != 1 || len(c.run(call("Get-TransportRule", "State", "Disabled")).rows) != 0 {
		t.Errorf("Yes to All: %d prompts, error %v", len(r.prompts), r.err)
	}
	if r = c.run(call("Set-Mailbox", "Identity", c.run(call("Get-Mailbox")).get(t, 0, "Alias"), "CustomAttribute1", "x")); len(r.prompts) != 0 {
		t.Errorf("Set-Mailbox asked")
	}
}

func TestWithoutAHostNothingIsAsked(t *testing.T) {
	s := start(t, simulator.Options{Epoch: epoch})
	c := mustOpen(t, s, dial{nullHost: true})
	defer c.close()
	r := c.run(call("Remove-TransportRule", "Identity", "Extern kennzeichnen"))
	if len(r.errors) != 1 || r.errors[0].FullyQualifiedID != "HostFunctionNotImplemented" || len(r.prompts) != 0 {
		t.Errorf("errors %v", r.errors)
	}
	r = c.run(call("Remove-TransportRule", "Identity", "Extern kennzeichnen", "Confirm", false))
	if r.state != psrp.PipelineCompleted || len(r.errors) != 0 {
		t.Errorf("state %v, %v", r.state, r.errors)
	}
	r = c.run(call("Set-Mailbox", "DisplayName", "x"))
	if r.state != psrp.PipelineFailed || r.err.FullyQualifiedID != "MissingMandatoryParameter,Set-Mailbox" {
		t.Errorf("missing: %v %v", r.state, r.err)
	}
}

func TestMissingParameterIsAskedFor(t *testing.T) {
	_, c := session(t, "")
	alias := c.run(call("Get-Mailbox")).get(t, 3, "Alias")
	c.answer = func(h psrp.HostCall) clixml.Value {
		p, ok := h.AsPrompt()
		if !ok || p.Message != "Supply values for the following parameters:" || len(p.Fields) != 1 || p.Fields[0].Name != "Identity" {
			t.Errorf("prompt %+v", p)
		}
		return &clixml.Object{Types: []string{"System.Collections.Hashtable", "System.Object"}, Kind: clixml.Dictionary, Entries: []clixml.Entry{{Key: "Identity", Value: alias}}}
	}
	r := c.run(call("Set-Mailbox", "DisplayName", "Neuer \"Name\" <3>"))
	if len(r.prompts) != 1 || r.err != nil || len(r.errors) != 0 {
		t.Fatalf("%d prompts, %v, %v", len(r.prompts), r.err, r.errors)
	}
	if got := c.run(call("Get-Mailbox", "", alias)).get(t, 0, "DisplayName"); got != "Neuer \"Name\" <3>" {
		t.Errorf("DisplayName %q", got)
	}
}

func TestChangesStay(t *testing.T) {
	s, c := session(t, "alpenhof.example")
	r := c.run(call("New-TransportRule", "Name", "Prüfung \"X\"", "SubjectContainsWords", []string{"a", "b"}, "PrependSubject", "[X] "))
	if len(r.rows) != 1 || r.err != nil || len(r.errors) != 0 {
		t.Fatalf("New: %d rows, %v %v", len(r.rows), r.err, r.errors)
	}
	again := c.run(call("New-TransportRule", "Name", "Prüfung \"X\"", "PrependSubject", "y"))
	if len(again.errors) != 1 || !strings.Contains(again.errors[0].Message, "already exists") {
		t.Errorf("the same name again: %v", again.errors)
	}
	c.run(call("Disable-TransportRule", "Identity", "Prüfung \"X\"", "Confirm", false))
	c.run(call("Set-TransportRule", "Identity", "Prüfung \"X\"", "Comments", "l1\r\nl2", "SubjectContainsWords", map[string]any{"Add": []string{"c"}, "Remove": "a"}))
	// another session of the same tenant sees it; another tenant does not
	other := mustOpen(t, s, dial{tenant: "alpenhof.example"})
	seen := other.run(call("Get-TransportRule", "", "Prüfung \"X\""))
	if seen.get(t, 0, "State") != "Disabled" || seen.get(t, 0, "Comments") != "l1\r\nl2" || seen.get(t, 0, "SubjectContainsWords") != "b|c" {
		t.Errorf("the rule: %v", seen.rows)
	}
	other.close()
	stranger := mustOpen(t, s, dial{tenant: "soleil.example"})
	if r := stranger.run(call("Get-TransportRule", "", "Prüfung \"X\"")); len(r.rows) != 0 || len(r.errors) != 1 {
		t.Errorf("another tenant has the rule: %v", r.rows)
	}
	stranger.close()

	r = c.run(call("New-Mailbox", "Name", "Neue Person", "MicrosoftOnlineServicesID", "neu@alpenhof.example", "Password", credential.NewSecret("Geheim-1234"), "DisplayName", "Neü"))
	if len(r.rows) != 1 || r.err != nil || len(r.errors) != 0 {
		t.Fatalf("New-Mailbox: %v %v", r.err, r.errors)
	}
	for what, i := range map[string]cmdlet.Invocation{"Get-Mailbox": call("Get-Mailbox", "", "neu@alpenhof.example"), "Get-Recipient": call("Get-Recipient", "", "neu@alpenhof.example"), "Get-User": call("Get-User", "", "Neue Person")} {
		if r := c.run(i); len(r.rows) != 1 || r.get(t, 0, "DisplayName") != "Neü" {
			t.Errorf("%s: %v", what, r.rows)
		}
	}
	r = c.run(call("Set-Mailbox", "Identity", "neu@alpenhof.example", "ForwardingAddress", "nobody"))
	if len(r.errors) != 1 {
		t.Errorf("forwarding to nobody: %v", r.errors)
	}
	r = c.run(call("Set-Mailbox", "Identity", "neu@alpenhof.example"))
	if len(r.warnings) != 1 || !strings.Contains(r.warnings[0], "no settings of") {
		t.Errorf("nothing set: %q", r.warnings)
	}
	c.run(call("Set-Mailbox", "Identity", "neu@alpenhof.example", "ProhibitSendQuota", "10MB", "LitigationHoldEnabled", true))
	r = c.run(call("Get-Mailbox", "", "neu@alpenhof.example"))
	if got := r.get(t, 0, "ProhibitSendQuota"); got != "10 MB (10,485,760 bytes)" {
		t.Errorf("quota %q", got)
	}
	c.run(call("Remove-Mailbox", "Identity", "neu@alpenhof.example", "Confirm", false))
	if r := c.run(call("Get-Mailbox", "", "neu@alpenhof.example")); len(r.rows) != 0 {
		t.Error("a removed mailbox is still there")
	}
	if n := s.Stats().ChangesByCall["alpenhof.example: Set-Mailbox -Identity neu@alpenhof.example"]; n != 1 {
		t.Errorf("changes: %v", s.Stats().ChangesByCall)
	}
	for text := range s.Stats().ChangesByCall {
		if strings.Contains(text, "Geheim") {
			t.Errorf("the counters show a password: %s", text)
		}
	}
}

func TestRelease(t *testing.T) {
	_, c := session(t, "soleil.example")
	list := c.run(call("Get-QuarantineMessage", "ReleaseStatus", "NotReleased"))
	id := list.get(t, 0, "Identity")
	r := c.run(call("Release-QuarantineMessage", "Identity", id, "ReleaseToAll", on))
	if r.err != nil || len(r.errors) != 0 || len(r.progress) == 0 || !r.progress[len(r.progress)-1].Completed {
		t.Fatalf("%v %v, progress %v", r.err, r.errors, r.progress)
	}
	if got := c.run(call("Get-QuarantineMessage", "Identity", id)); got.get(t, 0, "ReleaseStatus") != "RELEASED" || got.get(t, 0, "ReleasedUser") == "" {
		t.Errorf("%v", got.rows)
	}
	r = c.run(call("Release-QuarantineMessage", "Identity", id, "ReleaseToAll", on))
	if len(r.errors) != 1 || !strings.Contains(r.errors[0].Message, "already been released") {
		t.Errorf("released again: %v", r.errors)
	}
	if r := c.run(call("Get-QuarantineMessageHeader", "Identity", id)); !strings.Contains(r.get(t, 0, "Header"), "\r\nX-Forefront-Antispam-Report:") {
		t.Errorf("%v", r.rows)
	}
}

func TestGroupMembership(t *testing.T) {
	_, c := session(t, "alpenhof.example")
	alias := c.run(call("Get-Mailbox")).get(t, 4, "Alias")
	if r := c.run(call("New-DistributionGroup", "Name", "Köche", "Members", []string{alias})); len(r.rows) != 1 {
		t.Fatalf("%v %v", r.err, r.errors)
	}
	if r := c.run(call("Get-DistributionGroupMember", "", "Köche")); len(r.rows) != 1 || r.get(t, 0, "Alias") != alias {
		t.Errorf("members %v", r.rows)
	}
	r := c.run(call("Add-DistributionGroupMember", "Identity", "Köche", "Member", alias))
	if len(r.errors) != 1 || !strings.Contains(r.errors[0].Message, "already a member") {
		t.Errorf("twice: %v", r.errors)
	}
	c.run(call("Remove-DistributionGroupMember", "Identity", "Köche", "Member", alias, "Confirm", false))
	if r := c.run(call("Get-DistributionGroupMember", "", "Köche")); len(r.rows) != 0 {
		t.Errorf("members %v", r.rows)
	}
}

func TestPipelinesOfCommands(t *testing.T) {
	_, c := session(t, "nordsee-logistik.example")
	r := c.run(call("Get-Mailbox", "ResultSize", int64(20)), call("Select-Object", "Property", []string{"Name", "NoSuch", "EmailAddresses"}, "First", int64(3)))
	if len(r.rows) != 3 || len(r.rows[0]) != 3 || r.rows[0][1].name != "NoSuch" || r.types[0] != "Selected.Microsoft.Exchange.Data.Directory.Management.Mailbox" {
		t.Errorf("Select-Object: %v of %v", r.rows, r.types)
	}
	r = c.run(call("Get-Mailbox", "ResultSize", "Unlimited"), call("Measure-Object"))
	if len(r.rows) != 1 || r.get(t, 0, "Count") != "6412" {
		t.Errorf("Measure-Object: %v", r.rows)
	}
	r = c.run(call("Get-Mailbox", "ResultSize", int64(50)), call("Select-Object", "Property", "Alias", "Last", int64(2)))
	if len(r.rows) != 2 {
		t.Errorf("Last: %v", r.rows)
	}
	r = c.run(call("Get-Mailbox", "ResultSize", int64(2)), call("Get-MailboxPermission"))
	if len(r.rows) < 2 || r.err != nil {
		t.Errorf("into Get-MailboxPermission: %v %v", r.rows, r.err)
	}
	r = c.run(call("Get-TransportRule"), call("Out-Default"))
	if len(r.rows) < 15 {
		t.Errorf("Out-Default: %d rows", len(r.rows))
	}
}

func TestMetadata(t *testing.T) {
	s, c := session(t, "")
	r := c.describe(t, "*")
	if len(r.metadata) < 400 {
		t.Errorf("%d cmdlets", len(r.metadata))
	}
	known := map[string]cmdlet.Cmdlet{}
	for _, m := range r.metadata {
		known[m.Name] = m
	}
	for _, name := range []string{"Get-TransportRule", "New-TransportRule", "Get-Mailbox", "Set-Mailbox", "Get-MessageTraceV2", "Release-QuarantineMessage", "Get-OrganizationConfig", "Set-User"} {
		if len(known[name].Parameters) < 10 {
			t.Errorf("%s has %d parameters", name, len(known[name].Parameters))
		}
	}
	if p, ok := known["New-Mailbox"].Parameter("Password"); !ok || p.Type != "System.Security.SecureString" {
		t.Errorf("Password: %+v", p)
	}
	if p, ok := known["Remove-Mailbox"].Parameter("Confirm"); !ok || p.Type != "System.Management.Automation.SwitchParameter" {
		t.Errorf("Confirm: %+v", p)
	}
	commands := c.run(call("Get-Command", "Name", []string{"*-TransportRule"}))
	if len(commands.rows) != 6 {
		t.Errorf("Get-Command: %d rows", len(commands.rows))
	}
	if r := c.run(call("Get-Command", "Name", "No-Such")); len(r.errors) != 1 {
		t.Errorf("Get-Command No-Such: %v", r.errors)
	}
	if n := s.Stats().Commands; n != 3 {
		t.Errorf("%d commands counted", n)
	}
}

// A password that is missing is asked for as a SecureString, and its answer is
// never shown.
func TestMissingPasswordIsAskedFor(t *testing.T) {
	s, c := session(t, "soleil.example")
	c.answer = func(h psrp.HostCall) clixml.Value {
		p, ok := h.AsPrompt()
		if !ok || len(p.Fields) != 1 || p.Fields[0].Name != "Password" || !p.Fields[0].Secret {
			t.Errorf("prompt %+v", p)
		}
		return &clixml.Object{Types: []string{"System.Collections.Hashtable", "System.Object"}, Kind: clixml.Dictionary, Entries: []clixml.Entry{{Key: "Password", Value: credential.NewSecret("très-secret")}}}
	}
	// the key first: an answer with a secret would wait for it on the pool's stream
	if err := errors.Join(c.pool.RequestKey(), c.send()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.fetch(psrp.GUID{}); err != nil {
		t.Fatal(err)
	}
	r := c.run(call("New-Mailbox", "Name", "Élodie", "MicrosoftOnlineServicesID", "elodie@soleil.example"))
	if len(r.prompts) != 1 || r.err != nil || len(r.errors) != 0 || len(r.rows) != 1 {
		t.Fatalf("%d prompts, %v, %v, %d rows", len(r.prompts), r.err, r.errors, len(r.rows))
	}
	for text := range s.Stats().ChangesByCall {
		if strings.Contains(text, "secret") {
			t.Errorf("the counters show a password: %s", text)
		}
	}
}

// What a cmdlet adds to a mailbox it gives as the cmdlet that lists it does, and
// that finds it.
func TestWhatIsAddedIsShownAsItIsListed(t *testing.T) {
	_, c := sessionOf(t, "alpenhof.example", 20)
	mailbox := c.run(call("Get-Mailbox", "ResultSize", int64(1))).get(t, 0, "Alias")
	for _, tc := range []struct{ add, list cmdlet.Invocation }{
		{call("New-SweepRule", "Mailbox", mailbox, "Name", "Alt", "Provider", "Exchange16"), call("Get-SweepRule", "Mailbox", mailbox)},
		{call("Add-MailboxPermission", "Identity", mailbox, "User", "Someone", "AccessRights", "FullAccess"), call("Get-MailboxPermission", "Identity", mailbox)},
		{call("Add-MailboxFolderPermission", "Identity", mailbox+`:\Calendar`, "User", "Someone", "AccessRights", "Reviewer"), call("Get-MailboxFolderPermission", "Identity", mailbox+`:\Calendar`)},
	} {
		before := len(c.run(tc.list).rows)
		added, listed := c.run(tc.add), c.run(tc.list)
		if added.err != nil || len(added.errors) > 0 || len(added.rows) != 1 || len(listed.rows) != before+1 {
			t.Errorf("%s: %v %v, %d rows; listed %d, before %d", tc.add.PowerShell(), added.err, added.errors, len(added.rows), len(listed.rows), before)
			continue
		}
		if last := len(listed.rows) - 1; added.types[0] != listed.types[last] || !slices.Equal(added.rows[0], listed.rows[last]) {
			t.Errorf("%s: a %s, %v; listed as a %s, %v", tc.add.PowerShell(), added.types[0], added.rows[0], listed.types[last], listed.rows[last])
		}
	}
}

// A rule without -Mailbox is the caller's own; who has no mailbox is told so.
func TestARuleWithoutAMailboxIsTheCallers(t *testing.T) {
	s := start(t, simulator.Options{Epoch: epoch, Rows: 20, Accounts: []simulator.Account{{User: "rita@postroom.example", Password: "x"}}})
	admin := mustOpen(t, s, dial{})
	defer admin.close()
	for _, i := range []cmdlet.Invocation{call("New-InboxRule", "Name", "Mine"), call("Get-InboxRule"), call("Remove-SweepRule", "Identity", "Mine"), call("New-SweepRule", "Name", "Mine", "Provider", "Exchange16")} {
		if r := admin.run(i); len(r.rows) > 0 || len(r.errors) != 1 || !strings.Contains(r.errors[0].Message, "'"+s.Account()+"' couldn't be found") {
			t.Errorf("without a mailbox: %s: %d rows, %v", i.Cmdlet, len(r.rows), r.errors)
		}
	}
	if r := admin.run(call("New-Mailbox", "Name", "Rita", "MicrosoftOnlineServicesID", "rita@postroom.example", "Password", credential.NewSecret("Geheim-1234"))); len(r.errors) > 0 || r.err != nil {
		t.Fatal(r.errors, r.err)
	}
	rita := mustOpen(t, s, dial{user: "rita@postroom.example", password: "x"})
	defer rita.close()
	rules := func(c *client, i cmdlet.Invocation) []string {
		r := c.run(i)
		if r.err != nil || len(r.errors) > 0 {
			t.Errorf("%v: %v %v", i, r.err, r.errors)
		}
		return r.values(t, "Name")
	}
	_, _ = rules(rita, call("New-InboxRule", "Name", "Mine", "MarkAsRead", true)), rules(admin, call("New-InboxRule", "Name", "Given", "Mailbox", "Rita"))
	if got := rules(rita, call("Get-InboxRule")); !slices.Equal(got, []string{"Mine", "Given"}) {
		t.Errorf("rules of her own: %q", got)
	}
	_ = rules(rita, call("Set-InboxRule", "Identity", "Mine", "MarkAsRead", false))
	if r := rita.run(call("Get-InboxRule", "Identity", "Mine")); !slices.Equal(r.values(t, "MarkAsRead"), []string{"false"}) {
		t.Errorf("changed: %q", r.values(t, "MarkAsRead"))
	}
	_ = rules(rita, call("Remove-InboxRule", "Identity", "Mine", "Confirm", false))
	if got := rules(admin, call("Get-InboxRule", "Mailbox", "Rita")); !slices.Equal(got, []string{"Given"}) {
		t.Errorf("after removing: %q", got)
	}
}
