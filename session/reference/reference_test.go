package reference_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/reference"
)

func TestServerCmdletsAlone(t *testing.T) {
	r := reference.New()
	names := r.Names(0)
	if len(names) != 1402 {
		t.Errorf("%d cmdlets, want the 1,437 of the pages less the 35 of the client module", len(names))
	}
	for _, name := range []string{"Get-EXOMailbox", "Connect-ExchangeOnline"} {
		if _, found := r.Cmdlet(name); found {
			t.Errorf("%s runs in the client module, no server has it", name)
		}
	}
	for _, name := range names {
		c, found := r.Cmdlet(strings.ToUpper(name))
		if !found || c.Name != name {
			t.Errorf("%s: found %v as %q", name, found, c.Name)
		}
		if c.Services == 0 {
			t.Errorf("%s: no service", name)
		}
		checkCmdlet(t, c)
	}
}

// checkCmdlet looks for what a misread line would give.
func checkCmdlet(t *testing.T, c reference.Cmdlet) {
	t.Helper()
	seen := map[string]bool{}
	for _, p := range c.Parameters {
		if seen[p.Name] {
			t.Errorf("%s has -%s twice", c.Name, p.Name)
		}
		seen[p.Name] = true
		if p.Name == "" || p.Type == "" || strings.ContainsAny(p.Name+p.Type, " \t=@:") {
			t.Errorf("%s -%s of type %q", c.Name, p.Name, p.Type)
		}
		for _, s := range slices.Concat(p.Sets.In, p.Sets.Required) {
			if !slices.Contains(c.Sets, s) {
				t.Errorf("%s -%s: the set %q is none of %v", c.Name, p.Name, s, c.Sets)
			}
		}
		if p.Kind == cmdlet.Choice && len(p.Choices.Values) == 0 {
			t.Errorf("%s -%s: a choice of nothing", c.Name, p.Name)
		}
	}
	if c.DefaultSet != "" && !slices.Contains(c.Sets, c.DefaultSet) {
		t.Errorf("%s: default set %q", c.Name, c.DefaultSet)
	}
}

func TestFactsOfAParameter(t *testing.T) {
	r := reference.New()
	cases := []struct {
		cmdlet, parameter string
		ok                func(reference.Cmdlet, reference.Parameter) bool
	}{
		{"Get-Mailbox", "ResultSize", func(_ reference.Cmdlet, p reference.Parameter) bool {
			return p.Kind == cmdlet.UnlimitedNumber && p.Usual == "1000"
		}},
		{"Get-Mailbox", "Server", func(_ reference.Cmdlet, p reference.Parameter) bool {
			return slices.Equal(p.Sets.In, []string{"ServerSet"}) && !p.Services.Any(reference.ExchangeOnline)
		}},
		{"Get-Mailbox", "Identity", func(_ reference.Cmdlet, p reference.Parameter) bool {
			return p.Position == 0 && slices.Contains(p.Identity.Ways(), "email address") && p.Rank == 0 && p.Pipeline
		}},
		{"Get-Mailbox", "RecipientTypeDetails", func(_ reference.Cmdlet, p reference.Parameter) bool {
			return p.Kind == cmdlet.List && p.Several && slices.Contains(p.Choices.Values, "SharedMailbox")
		}},
		{"Set-Mailbox", "ProhibitSendQuota", func(_ reference.Cmdlet, p reference.Parameter) bool {
			return p.Kind == cmdlet.UnlimitedByteSize && !p.Sets.Always
		}},
		{"Set-Mailbox", "EmailAddresses", func(_ reference.Cmdlet, p reference.Parameter) bool {
			return p.Kind == cmdlet.List && p.AddRemove
		}},
		{"New-Mailbox", "Password", func(c reference.Cmdlet, p reference.Parameter) bool {
			return p.Kind == cmdlet.SecretKind && len(c.Sets) > 5 && p.Rank < 12
		}},
		{"New-TransportRule", "Name", func(c reference.Cmdlet, p reference.Parameter) bool {
			return p.Sets.Always && c.Confirm && c.WhatIf
		}},
		{"Get-QuarantineMessage", "PageSize", func(_ reference.Cmdlet, p reference.Parameter) bool {
			return p.Kind == cmdlet.Number && p.Limits.Greatest == "1000"
		}},
		{"Get-MessageTrace", "Status", func(c reference.Cmdlet, _ reference.Parameter) bool {
			return c.State == reference.Going && c.ReplacedBy == "Get-MessageTraceV2"
		}},
		{"Get-MoveRequest", "Status", func(_ reference.Cmdlet, p reference.Parameter) bool {
			return slices.Equal(p.Aliases, []string{"MoveStatus"})
		}},
		{"New-ExchangeCertificate", "Services", func(_ reference.Cmdlet, p reference.Parameter) bool {
			return p.Several && slices.Contains(p.Choices.Values, "IMAP") && p.Kind == cmdlet.Text
		}},
		{"Set-Mailbox", "WhatIf", func(_ reference.Cmdlet, p reference.Parameter) bool { return p.Kind == cmdlet.SwitchKind }},
	}
	for _, test := range cases {
		c, _ := r.Cmdlet(test.cmdlet)
		p, found := c.Parameter(test.parameter)
		if !found || !test.ok(c, p) {
			t.Errorf("%s -%s: %v %+v", test.cmdlet, test.parameter, found, p)
		}
	}
}

func TestTypedValuesAreReadByTheReference(t *testing.T) {
	reader := cmdlet.Reader{Kinds: reference.New()}
	cases := []struct {
		args []string
		want any
	}{
		{[]string{"Set-Mailbox", "-DisplayName", "Okafor,Ada"}, "Okafor,Ada"},
		{[]string{"Set-Mailbox", "-CustomAttribute1", "1.10"}, "1.10"},
		{[]string{"Get-Mailbox", "-ResultSize", "5"}, int64(5)},
		{[]string{"Get-Mailbox", "-ResultSize", "unlimited"}, "Unlimited"},
		{[]string{`Exchange\set-mailbox`, "-EmailAddresses", "SMTP:a@b.example,smtp:c@b.example"}, []string{"SMTP:a@b.example", "smtp:c@b.example"}},
		{[]string{"Get-Mailbox", "-RecipientTypeDetails", "SomethingNew"}, []string{"SomethingNew"}},
		{[]string{"New-TransportRule", "-Mode", "ANovelMode"}, "ANovelMode"},
		{[]string{"Set-Mailbox", "-NovelParameter", "1.10"}, "1.10"},
		{[]string{"Get-Novelty", "-Size", "0x1F"}, "0x1F"},
	}
	for _, test := range cases {
		inv, err := reader.Arguments(test.args)
		if err != nil || len(inv.Args) != 1 || !reflect.DeepEqual(inv.Args[0].Value, test.want) {
			t.Errorf("%v: %#v, %v", test.args, inv.Args, err)
		}
	}
	inv, err := reader.Arguments([]string{"New-Mailbox", "-Name", "Ada", "-Password", "hidden"})
	if err != nil || strings.Contains(inv.PowerShell(), "hidden") {
		t.Errorf("a password is shown: %v, %v", inv.PowerShell(), err)
	}
}

func TestServices(t *testing.T) {
	cases := map[string]reference.Services{
		"EXO": reference.ExchangeOnline, "Exchange Online": reference.ExchangeOnline, "eop": reference.ExchangeOnlineProtection,
		"Exchange Online Protection": reference.ExchangeOnlineProtection, "on-premises": reference.OnPremises,
		"Exchange Server 2019": reference.Exchange2019, "2016": reference.Exchange2016, "SE": reference.ExchangeSE,
		"Security & Compliance": reference.SecurityCompliance,
	}
	for text, want := range cases {
		if got, err := reference.ParseServices(text); err != nil || got != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	if _, err := reference.ParseServices("Lotus Notes"); err == nil || !strings.Contains(err.Error(), "EXO") {
		t.Errorf("an unknown service: %v", err)
	}
	r := reference.New()
	eop := r.Names(reference.ExchangeOnlineProtection)
	if slices.Contains(eop, "Get-MailboxDatabase") || !slices.Contains(eop, "Get-TransportRule") {
		t.Error("EOP has transport rules and no databases")
	}
	for _, name := range reference.OnPremises.Names() {
		if s, err := reference.ParseServices(name); err != nil || !s.Any(reference.OnPremises) {
			t.Errorf("%s does not read back: %v", name, err)
		}
	}
}

func TestFilterable(t *testing.T) {
	r := reference.New()
	all := r.Filterable("Get-Mailbox", "Filter")
	i := slices.IndexFunc(all, func(f reference.Filterable) bool { return f.Property == "ForwardingSmtpAddress" })
	if i < 0 || !all[i].Null {
		t.Errorf("mailboxes that forward cannot be asked for: %v", all)
	}
	if len(r.Filterable("New-DynamicDistributionGroup", "RecipientFilter")) < 100 {
		t.Error("a recipient filter asks for few properties")
	}
	for _, c := range []struct{ cmdlet, parameter, property, word string }{
		{"Get-Mailbox", "Filter", "CustomAttribute15", ""}, // one heading of the documentation stands for fifteen
		{"New-DynamicDistributionGroup", "RecipientFilter", "ExtensionCustomAttribute5", ""},
		{"Get-Mailbox", "Filter", "RecipientTypeDetails", "SharedMailbox"}, // of the parameter of that name
		{"Get-DistributionGroup", "Filter", "RecipientTypeDetails", "RoomList"},
		{"New-DynamicDistributionGroup", "RecipientFilter", "RecipientTypeDetails", "SharedMailbox"},
		{"Get-DistributionGroup", "Filter", "MemberJoinRestriction", "ApprovalRequired"}, // of the facts
		{"New-DynamicDistributionGroup", "RecipientFilter", "CertificateSubject", ""},    // an example is no choice
		{"New-DynamicDistributionGroup", "RecipientFilter", "JournalArchiveAddress", ""},
	} {
		properties := r.Filterable(c.cmdlet, c.parameter)
		at := slices.IndexFunc(properties, func(f reference.Filterable) bool { return f.Property == c.property })
		if at < 0 || (c.word == "") != (len(properties[at].Words) == 0) || c.word != "" && !slices.Contains(properties[at].Words, c.word) {
			t.Errorf("%s -%s of %s: %+v", c.cmdlet, c.parameter, c.property, properties[max(at, 0)])
		}
	}
	if got := r.Filterable("Get-Mailbox", "Identity"); got != nil {
		t.Errorf("-Identity is no filter: %v", got)
	}
	if got := r.Filterable("Get-Queue", "Filter"); len(got) != 0 {
		t.Errorf("nothing is known of a queue's filter, yet %d", len(got))
	}
}

func TestProperties(t *testing.T) {
	all := reference.New().Properties("get-mailboxstatistics")
	i := slices.IndexFunc(all, func(p reference.Property) bool { return p.Name == "TotalItemSize" })
	if i < 0 || all[i].Type != "bytesize" || !all[i].Cloud || !all[i].OnPremises {
		t.Errorf("TotalItemSize: %v", all)
	}
}

// TestSetsHaveNames, each its own: a form shows them.
func TestSetsHaveNames(t *testing.T) {
	r := reference.New()
	for _, name := range r.Names(0) {
		c, _ := r.Cmdlet(name)
		sets := slices.Sorted(slices.Values(c.Sets))
		if slices.Contains(sets, "") || len(slices.Compact(slices.Clone(sets))) != len(sets) {
			t.Errorf("%s has the sets %q", name, c.Sets)
		}
	}
}
